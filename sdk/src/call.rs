//! Calls, by name: what a transaction asks the runtime to do.

use subxt::ext::scale_value::{Composite, Value};
use subxt::transactions::DynamicPayload;
use subxt::utils::AccountId32;

/// A call of any pallet. It is checked against the metadata when a transaction is made of it.
pub type Call = DynamicPayload<Composite<()>>;

/// Builds a call by the names in the metadata.
///
/// ```
/// use plume_sdk::subxt::dynamic::Value;
/// let remark = plume_sdk::call("System", "remark", [("remark", Value::from_bytes("hello"))]);
/// assert_eq!(remark.call_name(), "remark");
/// ```
pub fn call(
    pallet: &str,
    name: &str,
    fields: impl IntoIterator<Item = (impl Into<String>, Value<()>)>,
) -> Call {
    subxt::dynamic::transaction(pallet, name, Composite::named(fields))
}

/// A payment in PLUME.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// An amount, or an error if the sender would fall below the existential deposit.
    KeepAlive {
        /// Who receives.
        to: AccountId32,
        /// How much, in planck.
        amount_planck: u128,
    },
    /// An amount; a sender that falls below the existential deposit is removed and the rest of it is lost.
    AllowDeath {
        /// Who receives.
        to: AccountId32,
        /// How much, in planck.
        amount_planck: u128,
    },
    /// All that is free after the fee.
    All {
        /// Who receives.
        to: AccountId32,
        /// Whether to leave the existential deposit behind.
        keep_alive: bool,
    },
}

impl Transfer {
    /// The payment to choose unless the sender is to be closed.
    pub fn keep_alive(to: AccountId32, amount_planck: u128) -> Self {
        Self::KeepAlive { to, amount_planck }
    }

    /// Who receives.
    pub fn to(&self) -> AccountId32 {
        match self {
            Self::KeepAlive { to, .. } | Self::AllowDeath { to, .. } | Self::All { to, .. } => *to,
        }
    }

    /// How much, in planck; `None` for everything.
    pub fn amount_planck(&self) -> Option<u128> {
        match self {
            Self::KeepAlive { amount_planck, .. } | Self::AllowDeath { amount_planck, .. } => {
                Some(*amount_planck)
            }
            Self::All { .. } => None,
        }
    }

    /// The call of the Balances pallet that makes the payment.
    pub fn to_call(&self) -> Call {
        let dest = Value::unnamed_variant("Id", [Value::from_bytes(self.to().0)]);
        let (name, field) = match *self {
            Self::KeepAlive { amount_planck, .. } => {
                ("transfer_keep_alive", ("value", Value::u128(amount_planck)))
            }
            Self::AllowDeath { amount_planck, .. } => (
                "transfer_allow_death",
                ("value", Value::u128(amount_planck)),
            ),
            Self::All { keep_alive, .. } => {
                ("transfer_all", ("keep_alive", Value::bool(keep_alive)))
            }
        };
        call("Balances", name, [("dest", dest), field])
    }
}
