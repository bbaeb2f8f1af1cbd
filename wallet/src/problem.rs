//! Why a wallet does not do what it was asked, and what to do next.

use crate::PLUME;
use plume_circuits::{standing, transfer::Refusal};
use plume_shielded::{SealError, disclosure::DisclosureError};

/// Why there is no transfer. [`Problem::hint`] says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The spending key is another account's than the wallet's.
    #[error("the spending key is not this wallet's")]
    OtherKey,
    /// Nothing, or more than the pool can count.
    #[error("the amount is zero, or with the fee does not fit into 64 bits")]
    Amount,
    /// The pool is stopped.
    #[error("the pool is stopped")]
    Paused,
    /// Less than is to be paid.
    #[error("there are {}, and {} are needed", amount(*.asset, *.have), amount(*.asset, *.need))]
    NotEnough {
        /// The asset's number.
        asset: u32,
        /// What is there and free, in units.
        have: u128,
        /// What is to be paid, with the fee.
        need: u128,
    },
    /// Enough, but in more than two notes.
    #[error(
        "{} are needed, and the two largest of {notes} notes have {}: a transfer spends two",
        amount(*.asset, *.need), amount(*.asset, *.most)
    )]
    ManyNotes {
        /// The asset's number.
        asset: u32,
        /// How many notes there are.
        notes: usize,
        /// What two of them can have at most.
        most: u128,
        /// What is to be paid, with the fee.
        need: u128,
    },
    /// Fewer than two notes.
    #[error("there is nothing to merge: the wallet has fewer than two notes of {}", name(*.asset))]
    NothingToMerge {
        /// The asset's number.
        asset: u32,
    },
    /// The last transfer of the asset is not in a final block yet, and the next spends what it leaves.
    #[error("the last transfer of {} is still on its way", name(*.asset))]
    OnItsWay {
        /// The asset's number.
        asset: u32,
        /// If it is in no block by this second of the chain, it never will be.
        until: u32,
    },
    /// Another program paid with this account in the period, and counted in a way that this one cannot follow.
    #[error(
        "another program paid {} with this account in this period, and this wallet cannot follow its count",
        name(*.asset)
    )]
    CounterLost {
        /// The asset's number.
        asset: u32,
        /// The first second after the period.
        until: u32,
    },
    /// No policy for the asset and the sender's tier.
    #[error("holders of tier {tier} may not move {}", name(*.asset))]
    NoPolicy {
        /// The asset's number.
        asset: u32,
        /// The tier.
        tier: u8,
    },
    /// The policies are being replaced at this moment.
    #[error("the policies that were read are not those that count at this second")]
    PoliciesChange,
    /// More than may be paid in the period.
    #[error(
        "the limit for this period is {}: {} are used, and this would add {}",
        amount(*.asset, u128::from(*.limit)), amount(*.asset, u128::from(*.spent)), amount(*.asset, *.adds)
    )]
    Limit {
        /// The asset's number.
        asset: u32,
        /// What was paid in the period, in units.
        spent: u64,
        /// What this transfer adds.
        adds: u128,
        /// What may be paid.
        limit: u64,
        /// The first second of the next period.
        until: u32,
    },
    /// The wallet's tree misses a note that it should have.
    #[error("the wallet's tree does not have the note at position {0}")]
    NoPath(u64),
    /// The account has no first address, which none has been seen without.
    #[error("the account has no first address")]
    NoAddress,
    /// The prover's refusal.
    #[error("{0}")]
    Refused(Refusal),
    /// A note could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The operating system gave no random bytes.
    #[error("the operating system has no randomness to give")]
    NoRandomness,
    /// Too many transfers, or too few.
    #[error("a transaction has 1 to {} transfers", crate::MAX_BUNDLE)]
    Size,
    /// No proof was made.
    #[error("the proof was not made: {0}")]
    Proof(String),
    /// The history has no such payment.
    #[error("the wallet knows of no payment at position {0}")]
    NoPayment(u64),
    /// The ML-KEM key of a receiver is not known: the wallet was restored since.
    #[error("the wallet does not have the ML-KEM key of the receiver at position {0}")]
    NoContact(u64),
    /// The holder is not what a verifier asks for.
    #[error("{0}")]
    Standing(standing::Refusal),
    /// Nothing is shown.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
}

impl Problem {
    /// What to do next, as one sentence.
    pub fn hint(&self) -> String {
        match self {
            Self::OtherKey => {
                "Give the phrase, passphrase and account number that the wallet was made with"
                    .into()
            }
            Self::Amount => "Choose an amount above zero; split one that is too large".into(),
            Self::Paused => "Wait until governance lets the pool go on; notes stay good".into(),
            Self::NotEnough { .. } => {
                "Pay less, deposit more, or synchronise to see what came in".into()
            }
            Self::ManyNotes { asset, most, .. } => format!(
                "Merge notes first, or pay at most {} with the fee at once",
                amount(*asset, *most)
            ),
            Self::NothingToMerge { .. } => "Pay: whatever there is can be spent at once".into(),
            Self::OnItsWay { until, .. } => format!(
                "Synchronise when its block is final, and pay then; after second {until} of the chain it is forgotten"
            ),
            Self::CounterLost { until, .. } => {
                format!("Pay with that program, or from second {until} of the chain on")
            }
            Self::NoPolicy { .. } => {
                "Ask your issuer for another tier, or governance for a policy".into()
            }
            Self::PoliciesChange => "Try again in a second".into(),
            Self::Limit {
                asset,
                spent,
                limit,
                until,
                ..
            } => format!(
                "Pay at most {} with the fee now, or wait for the next period, which begins at second {until} of the chain",
                amount(*asset, u128::from(limit.saturating_sub(*spent)))
            ),
            Self::NoPath(_) => {
                "Restore the wallet from its phrase: its file is not of one piece".into()
            }
            Self::NoAddress => "Make a wallet with another phrase".into(),
            Self::Refused(refusal) => refused(refusal).into(),
            Self::Seal(_) => "Ask the receiver for a new contact".into(),
            Self::NoRandomness => "Repair the system's random generator; nothing was sent".into(),
            Self::Size => "Send fewer transfers at once".into(),
            Self::Proof(_) => "Use the proving key of the circuit that counts on this chain".into(),
            Self::NoPayment(_) => {
                "Take a position from the wallet's history, and synchronise first".into()
            }
            Self::NoContact(_) => "Give the contact that was paid".into(),
            Self::Standing(refusal) => not_standing(refusal).into(),
            Self::Disclosure(_) => "Check whom it is for, and which payment it shows".into(),
        }
    }

    pub(crate) fn refused(refusal: Refusal, asset: u32, until: u32) -> Self {
        match refusal {
            Refusal::LimitExceeded { spent, adds, limit } => Self::Limit {
                asset,
                spent,
                adds,
                limit,
                until,
            },
            Refusal::TooLarge => Self::Amount,
            other => Self::Refused(other),
        }
    }
}

/// What to do about a refusal.
const fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownNote { .. } | Refusal::UnknownCounter | Refusal::SameNote => {
            "Synchronise and try again; if it stays, restore the wallet from its phrase"
        }
        Refusal::TooLarge | Refusal::Unbalanced { .. } => "Pay less, or in parts",
        Refusal::UnknownCredential => {
            "Fetch the credential's path again; if it stays, ask its issuer whether it is suspended, revoked, or bound to another key"
        }
        Refusal::NotYetValid { .. } => "Wait until the credential begins",
        Refusal::Expired { .. } => "Ask the issuer to renew the credential, and use the new file",
        Refusal::UnknownPolicy => "Read the policies again",
        Refusal::UnknownFlags => "Update the wallet",
        Refusal::Jurisdiction(_) => {
            "Nothing of this asset can be paid with this credential: ask its issuer whether it names the right jurisdictions"
        }
        Refusal::ReceiverJurisdiction(_) => {
            "This receiver cannot be paid with this asset: pay with another one, or somebody else"
        }
        Refusal::ReceiverNeedsCredential => "Ask the receiver for a contact with a credential",
        Refusal::UnknownReceiver | Refusal::ReceiverNotValid => {
            "Ask the receiver for a new contact: its credential was renewed, suspended or has expired"
        }
        Refusal::LimitExceeded { .. } => "Pay less, or wait for the next period",
        Refusal::FlowKey(_) | Refusal::CommitteeKey(_) => {
            "Do not pay: the node gave a key that the chain cannot have. Use another node"
        }
    }
}

/// What to do where the holder is not what was asked for.
const fn not_standing(refusal: &standing::Refusal) -> &'static str {
    use standing::Refusal;
    match refusal {
        Refusal::UnknownCredential => {
            "Fetch the credential's path again; if it stays, ask its issuer whether it is suspended, revoked, or bound to another key"
        }
        Refusal::UnknownClaims => "Update the wallet",
        Refusal::Tier { .. } => "Ask the issuer for another tier, or the verifier for less",
        Refusal::NotYetValid { .. } => "Wait until the credential begins",
        Refusal::Expired { .. } => "Ask the issuer to renew the credential, and use the new file",
        Refusal::NoJurisdiction => "Ask the issuer to write down where the holder belongs",
        Refusal::Jurisdiction(_) => {
            "All jurisdictions of the credential have to be among those that are asked for: ask the verifier whether it takes more"
        }
    }
}

/// An asset, for people.
pub fn name(asset: u32) -> String {
    match asset.checked_sub(1) {
        None => "PLUME".into(),
        Some(id) => format!("asset {id}"),
    }
}

/// An amount in pool units, for people: PLUME with up to nine decimals, units of whatever else.
pub fn amount(asset: u32, units: u128) -> String {
    if asset != PLUME {
        return format!("{units} units of {}", name(asset));
    }
    let (whole, part) = (units / crate::PLUME_UNIT, units % crate::PLUME_UNIT);
    let decimals = format!("{part:09}");
    match decimals.trim_end_matches('0') {
        "" => format!("{whole} PLUME"),
        decimals => format!("{whole}.{decimals} PLUME"),
    }
}
