//! One account acts for another, within what it was given.

use crate::*;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    parameter_types,
    traits::{ConstU32, InstanceFilter},
};
use plume_primitives::units::storage_deposit;
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

/// What a proxy may do for its principal.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    Any,
    /// Everything that moves no value: no balances, no assets, and no call that could carry one.
    NonTransfer,
    /// Manages and moves assets other than PLUME.
    Assets,
    /// Only rejects announced calls of other proxies.
    CancelProxy,
    /// Proposes, votes, and sits in the technical committee. It stakes and unstakes nothing; what it
    /// deposits comes back to the principal.
    Governance,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            Self::NonTransfer => matches!(
                call,
                RuntimeCall::System(..)
                    | RuntimeCall::Session(..)
                    | RuntimeCall::Grandpa(..)
                    | RuntimeCall::Validators(..)
                    | RuntimeCall::Preimage(..)
                    | RuntimeCall::Utility(..)
                    | RuntimeCall::Multisig(..)
            ),
            Self::Assets => matches!(call, RuntimeCall::Assets(..) | RuntimeCall::Utility(..)),
            Self::Governance => matches!(
                call,
                RuntimeCall::Referenda(..)
                    | RuntimeCall::ConvictionVoting(..)
                    | RuntimeCall::Whitelist(..)
                    | RuntimeCall::TechnicalCommittee(..)
                    | RuntimeCall::Preimage(..)
                    | RuntimeCall::Utility(..)
            ),
            Self::CancelProxy => {
                matches!(
                    call,
                    RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. })
                )
            }
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        self == other || *self == Self::Any
    }
}

impl InstanceFilter<ScreenedCall> for ProxyType {
    fn filter(&self, call: &ScreenedCall) -> bool {
        InstanceFilter::<RuntimeCall>::filter(self, call.inner())
    }

    fn is_superset(&self, other: &Self) -> bool {
        InstanceFilter::<RuntimeCall>::is_superset(self, other)
    }
}

parameter_types! {
    pub const ProxyDepositBase: Balance = storage_deposit(1, 8);
    pub const ProxyDepositFactor: Balance = storage_deposit(0, 37);
    pub const AnnouncementDepositBase: Balance = storage_deposit(1, 8);
    pub const AnnouncementDepositFactor: Balance = storage_deposit(0, 68);
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = ScreenedCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ProxyDepositBase;
    type ProxyDepositFactor = ProxyDepositFactor;
    type MaxProxies = ConstU32<32>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = AnnouncementDepositBase;
    type AnnouncementDepositFactor = AnnouncementDepositFactor;
    /// A proxy's delay protects its principal, so it is a time: seconds.
    type BlockNumberProvider = Clock;
    type WeightInfo = weights::pallet_proxy::WeightInfo<Runtime>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_non_transfer_proxy_moves_no_value_even_through_wrappers_that_filter_again() {
        let transfer = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
            dest: AccountId::new([1; 32]).into(),
            value: 1,
        });
        assert!(!ProxyType::NonTransfer.filter(&transfer));
        assert!(
            !ProxyType::NonTransfer.filter(&RuntimeCall::Sudo(pallet_sudo::Call::sudo {
                call: Box::new(transfer.into())
            }))
        );
    }

    #[test]
    fn a_governance_proxy_votes_and_neither_stakes_nor_transfers() {
        let allows = |call: RuntimeCall| ProxyType::Governance.filter(&call);
        assert!(allows(
            pallet_conviction_voting::Call::undelegate { class: 0 }.into()
        ));
        assert!(!allows(pallet_stake::Call::unstake { amount: 1 }.into()));
        assert!(!allows(
            pallet_balances::Call::transfer_all {
                dest: AccountId::new([1; 32]).into(),
                keep_alive: true,
            }
            .into()
        ));
    }
}
