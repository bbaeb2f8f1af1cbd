//! The rules by name.

use crate::transfer::Rules;
use core::fmt;

/// The numbered parts of the [statement](super): a constraint belongs to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// 1: the holder's keys.
    Keys,
    /// 2: a credential for them is in the tree.
    Credential,
    /// 3: its claims are 28 bytes.
    Claims,
    /// 4: the tier is high enough.
    Tier,
    /// 5: it is valid.
    Validity,
    /// 6: its jurisdictions are all in the set.
    Jurisdictions,
    /// 7: the holder's name for the verifier.
    Pseudonym,
}

impl Rules for Rule {
    const ALL: &'static [Self] = &[
        Self::Keys,
        Self::Credential,
        Self::Claims,
        Self::Tier,
        Self::Validity,
        Self::Jurisdictions,
        Self::Pseudonym,
    ];
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Keys => "keys",
            Self::Credential => "credential",
            Self::Claims => "claims",
            Self::Tier => "tier",
            Self::Validity => "validity",
            Self::Jurisdictions => "jurisdictions",
            Self::Pseudonym => "pseudonym",
        })
    }
}
