//! Who pays, and who is paid.

use plume_circuits::{
    FieldBytes, Poseidon,
    transfer::{CREDENTIAL_DEPTH, Credential},
    tree::Path,
};
use plume_shielded::{Contact, Disclosure};

/// The credential of whoever pays, and where it is in the tree of credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// What its leaf is made from.
    pub disclosure: Disclosure,
    /// Where the leaf is under the root of [`Terms`].
    pub path: Path<CREDENTIAL_DEPTH>,
}

impl Holder {
    /// Whether its leaf, for the holder of a pool key, is under a root.
    pub fn is_under(&self, root: &FieldBytes, pool_key: &FieldBytes) -> bool {
        let leaf = self.disclosure.leaf(pool_key);
        self.path.leads::<Poseidon>(&leaf, root)
    }

    pub(crate) fn credential(&self) -> Credential {
        let Disclosure {
            claims,
            issuer,
            salt,
            subject,
        } = self.disclosure;
        Credential {
            subject,
            issuer,
            claims,
            salt,
            path: self.path.clone(),
        }
    }
}

/// Who is paid.
#[derive(Clone, Debug)]
pub struct Receiver<'a> {
    /// What the receiver handed out.
    pub contact: &'a Contact,
    /// Where the leaf of the contact's credential is, if it is in the tree. A policy may ask for it; it is shown to
    /// the committee in any case.
    pub path: Option<Path<CREDENTIAL_DEPTH>>,
}

impl Receiver<'_> {
    pub(crate) fn credential(&self) -> Option<Credential> {
        let disclosure = *self.contact.disclosure()?;
        let path = self.path.clone()?;
        Some(Holder { disclosure, path }.credential())
    }
}
