//! Which calls can be paused, and which cannot: the chain and its government go on whatever happens.

use crate::*;
use frame_support::traits::{Contains, GetCallMetadata};
use pallet_tx_pause::RuntimeCallNameOf;

/// Pallets none of whose calls can be paused: what agrees on blocks, what decides, what stops value, and what
/// carries other calls. Those are checked one by one when they are dispatched, so that a paused call does not get around
/// in a batch; and an institution that votes through a multisig or a proxy keeps its vote.
pub const VITAL: [&str; 24] = [
    "Timestamp",
    "Leadership",
    "Validators",
    "Session",
    "Grandpa",
    "Utility",
    "Multisig",
    "Proxy",
    "Preimage",
    "Scheduler",
    "Stake",
    "Referenda",
    "ConvictionVoting",
    "Whitelist",
    "TechnicalCommittee",
    "Parameters",
    "TxPause",
    "Brake",
    "Credentials",
    "Prices",
    "Compliance",
    "Regulator",
    "Sudo",
    "System",
];

/// The pallets whose calls can be paused: what moves value.
pub const PAUSABLE: [&str; 8] = [
    "Balances",
    "Assets",
    "AssetRate",
    "Release",
    "Grants",
    "RevenueShare",
    "Treasury",
    "ShieldedPool",
];

/// The calls that cannot be paused.
///
/// Of the system's, only `remark` and `remark_with_event` can. Nobody needs to pause them, but the cost of
/// any transaction is measured with a remark: so the measured cost contains the look-up in the list of
/// pauses, which every call that can be paused needs.
pub struct VitalCalls;

impl Contains<RuntimeCallNameOf<Runtime>> for VitalCalls {
    fn contains((pallet, call): &RuntimeCallNameOf<Runtime>) -> bool {
        let is_remark = pallet.as_slice() == b"System" && call.starts_with(b"remark");
        !is_remark
            && VITAL
                .iter()
                .any(|vital| vital.as_bytes() == pallet.as_slice())
    }
}

/// The calls that exist.
pub struct KnownCalls;

impl Contains<RuntimeCallNameOf<Runtime>> for KnownCalls {
    fn contains((pallet, call): &RuntimeCallNameOf<Runtime>) -> bool {
        let is = |name: &&&str, bytes: &[u8]| name.as_bytes() == bytes;
        RuntimeCall::get_module_names()
            .iter()
            .find(|name| is(name, pallet))
            .is_some_and(|name| {
                RuntimeCall::get_call_names(name)
                    .iter()
                    .any(|name| is(&name, call))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame_support::traits::Get;

    fn name(pallet: &str, call: &str) -> RuntimeCallNameOf<Runtime> {
        let bytes = |text: &str| text.as_bytes().to_vec().try_into().expect("it is short");
        (bytes(pallet), bytes(call))
    }

    #[test]
    fn of_every_pallet_it_is_said_whether_its_calls_can_be_paused() {
        let mut said: Vec<_> = VITAL.iter().chain(&PAUSABLE).copied().collect();
        said.sort_unstable();
        let mut there: Vec<_> = RuntimeCall::get_module_names().to_vec();
        there.sort_unstable();
        assert_eq!(said, there);
    }

    #[test]
    fn names_of_calls_are_short_enough_to_be_paused() {
        type Longest = <Runtime as pallet_tx_pause::Config>::MaxNameLen;
        let longest = <Longest as Get<u32>>::get() as usize;
        for pallet in RuntimeCall::get_module_names() {
            assert!(pallet.len() <= longest, "{pallet}");
            for call in RuntimeCall::get_call_names(pallet) {
                assert!(call.len() <= longest, "{pallet}.{call}");
                assert!(KnownCalls::contains(&name(pallet, call)));
            }
        }
        assert!(!KnownCalls::contains(&name(
            "Balances",
            "transfer_all_of_it"
        )));
        assert!(!KnownCalls::contains(&name("Purse", "transfer_all")));
    }

    #[test]
    fn votes_and_consensus_cannot_be_paused_and_transfers_can() {
        for (pallet, call) in [
            ("ConvictionVoting", "vote"),
            ("Referenda", "submit"),
            ("TxPause", "unpause"),
            ("Leadership", "heartbeat"),
            ("System", "apply_authorized_upgrade"),
        ] {
            assert!(VitalCalls::contains(&name(pallet, call)), "{pallet}.{call}");
        }
        assert!(!VitalCalls::contains(&name(
            "Balances",
            "transfer_keep_alive"
        )));
        assert!(!VitalCalls::contains(&name("System", "remark")));
    }
}
