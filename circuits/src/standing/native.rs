//! The statement from what a holder knows, outside of a proof: refuses with a reason what could not be proven.

use super::{
    jurisdictions::JurisdictionSet,
    public::{PublicInputs, pseudonym},
    witness::Witness,
};
use crate::{
    FieldBytes, Poseidon,
    transfer::{
        Credential, Keys,
        native::{ensure, groups},
    },
};

/// Where the jurisdictions begin in the claims' bytes.
const CODES_BYTE: usize = 12;
/// Where they end.
const CLAIMS_BYTES: usize = 28;

/// Everything that a proof is made from.
#[derive(Clone, PartialEq, Eq)]
pub struct Plan {
    /// The holder's secrets.
    pub keys: Keys,
    /// The holder's credential.
    pub credential: Credential,
    /// Root of the credentials.
    pub credential_root: FieldBytes,
    /// The lowest tier that is good enough.
    pub tier: u8,
    /// Where the holder may belong.
    pub jurisdictions: JurisdictionSet,
    /// When the credential is to count: about now.
    pub time: u32,
    /// Whom it is for.
    pub verifier: FieldBytes,
}

/// Why nothing can be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The credential is not under the root for this key: frozen, suspended, revoked, renewed, or another's.
    UnknownCredential,
    /// The claims are not of the form that the circuit reads.
    UnknownClaims,
    /// Known less well than it takes.
    Tier {
        /// What the credential says.
        has: u8,
        /// What it takes.
        needs: u8,
    },
    /// Not valid yet.
    NotYetValid {
        /// When it begins.
        from: u32,
    },
    /// No longer valid.
    Expired {
        /// The first second in which it no longer counts.
        until: u32,
    },
    /// It says of no jurisdiction that the holder belongs to it.
    NoJurisdiction,
    /// The holder belongs to one that is not in the set.
    Jurisdiction([u8; 2]),
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::UnknownCredential => f.write_str(
                "the credential is not in force; ask its issuer whether it is suspended or was renewed",
            ),
            Self::UnknownClaims => {
                f.write_str("the claims are newer than this program; update it")
            }
            Self::Tier { has, needs } => write!(f, "tier {has} is below {needs}"),
            Self::NotYetValid { from } => write!(f, "the credential is valid from {from} on"),
            Self::Expired { until } => write!(
                f,
                "the credential ended at {until}; ask its issuer to renew it"
            ),
            Self::NoJurisdiction => f.write_str("the credential names no jurisdiction"),
            Self::Jurisdiction([first, second]) => write!(
                f,
                "{}{} is not one of the jurisdictions that are asked for",
                first.escape_ascii(),
                second.escape_ascii()
            ),
        }
    }
}

impl core::error::Error for Refusal {}

/// What can be proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// What the verifier sees. `binding` is zero: whoever has put together what is said sets it, and proves then.
    pub public: PublicInputs,
    /// What nobody sees.
    pub witness: Witness,
}

impl Plan {
    /// All that is proven, or why it cannot be.
    pub fn assign(&self) -> Result<Assigned, Refusal> {
        let credential = &self.credential;
        let leaf = credential.leaf(&self.keys.pool_key());
        let known = credential
            .path
            .leads::<Poseidon>(&leaf, &self.credential_root);
        ensure(known, Refusal::UnknownCredential)?;
        let (claims, rest) = credential.claims.as_bytes().split_at(CLAIMS_BYTES);
        ensure(rest.iter().all(|byte| *byte == 0), Refusal::UnknownClaims)?;
        let (has, needs) = (credential.tier(), self.tier);
        ensure(has >= needs, Refusal::Tier { has, needs })?;
        let (from, until) = credential.validity();
        ensure(from <= self.time, Refusal::NotYetValid { from })?;
        ensure(self.time < until, Refusal::Expired { until })?;
        let codes = claims.get(CODES_BYTE..).unwrap_or_default();
        for (number, code) in codes.as_chunks::<2>().0.iter().enumerate() {
            let none = *code == [0, 0];
            ensure(number > 0 || !none, Refusal::NoJurisdiction)?;
            let good = none || self.jurisdictions.contains(*code);
            ensure(good, Refusal::Jurisdiction(*code))?;
        }
        let public = PublicInputs {
            credential_root: self.credential_root,
            tier: self.tier,
            time: self.time,
            verifier: self.verifier,
            pseudonym: pseudonym(&self.keys.spend_secret, &self.verifier),
            binding: FieldBytes::ZERO,
            jurisdictions: self.jurisdictions,
        };
        let witness = Witness {
            spend_secret: self.keys.spend_secret.to_element(),
            nullifier_key: self.keys.nullifier_key.to_element(),
            subject: credential.subject.to_element(),
            issuer: credential.issuer.to_element(),
            claims: credential.claims.to_element(),
            salt: credential.salt.to_element(),
            groups: groups(&credential.path, &leaf),
        };
        Ok(Assigned { public, witness })
    }
}
