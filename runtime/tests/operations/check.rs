//! What has to be true after every block, and what has to have happened in the end.

use plume_primitives::units::TOTAL_SUPPLY;
use plume_runtime::*;
use sp_runtime::TryRuntimeError;
use std::collections::BTreeMap;

/// Checks that the supply is there to the planck, and that every pallet's invariants hold.
///
/// # Panics
///
/// When not.
pub fn books() {
    let issuance = Balances::total_issuance();
    let burned = pallet_fees::TotalBurned::<Runtime>::get();
    assert_eq!(
        issuance.checked_add(burned),
        Some(TOTAL_SUPPLY),
        "issued and burned is what the genesis issued"
    );
    let owned =
        frame_system::Account::<Runtime>::iter_values().try_fold(0, |sum: Balance, account| {
            sum.checked_add(account.data.free)?
                .checked_add(account.data.reserved)
        });
    assert_eq!(owned, Some(issuance), "what is owned is what is issued");
    if let Err(broken) = invariants() {
        panic!("an invariant is broken: {broken:?}");
    }
}

#[cfg(feature = "try-runtime")]
fn invariants() -> Result<(), TryRuntimeError> {
    use frame_support::traits::{TryState, TryStateSelect};
    <AllPalletsWithSystem as TryState<BlockNumber>>::try_state(
        System::block_number(),
        TryStateSelect::All,
    )
}

#[cfg(not(feature = "try-runtime"))]
fn invariants() -> Result<(), TryRuntimeError> {
    Clock::do_try_state()?;
    Fees::do_try_state()?;
    Leadership::do_try_state()?;
    Validators::do_try_state()?;
    Stake::do_try_state()?;
    Release::do_try_state()?;
    Grants::do_try_state()?;
    RevenueShare::do_try_state()?;
    Brake::do_try_state()
}

/// What the test is not worth much without.
const EXPECTED: [&str; 27] = [
    "a session ended",
    "the set of validators changed",
    "fees were burned",
    "an account was reaped",
    "dust was left",
    "a validator was slashed",
    "backers were slashed",
    "a slash was settled",
    "validators were rewarded",
    "backers were rewarded",
    "a referendum passed",
    "a referendum was rejected",
    "a referendum's call succeeded",
    "a referendum's deposit was slashed",
    "an institution had a right",
    "a right expired",
    "an application expired",
    "a milestone expired",
    "a milestone was paid",
    "a pause ended",
    "a proxy's call succeeded",
    "a proxy's call failed",
    "a batch was completed",
    "a batch was interrupted",
    "a batch went on after a failure",
    "a spend was paid",
    "an allocation was paid",
];

/// What has happened, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witness(BTreeMap<&'static str, u32>);

impl Witness {
    /// Takes notice of what the block's events say.
    pub fn note(&mut self) {
        for record in System::read_events_no_consensus() {
            if let Some(what) = happened(&record.event) {
                *self.0.entry(what).or_default() += 1;
            }
        }
    }

    /// What should have happened and has not.
    pub fn missing(&self) -> Vec<&'static str> {
        EXPECTED
            .into_iter()
            .filter(|what| !self.0.contains_key(what))
            .collect()
    }
}

impl std::fmt::Display for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (what, times) in &self.0 {
            writeln!(f, "{what:58} {times:7}")?;
        }
        Ok(())
    }
}

fn happened(event: &RuntimeEvent) -> Option<&'static str> {
    use RuntimeEvent as Of;
    Some(match event {
        Of::Session(pallet_session::Event::NewSession { .. }) => "a session ended",
        Of::Leadership(pallet_leadership::Event::Restored { .. }) => {
            "the set of validators changed"
        }
        Of::Fees(pallet_fees::Event::FeesSettled { burned, .. }) if *burned > 0 => {
            "fees were burned"
        }
        Of::System(frame_system::Event::KilledAccount { .. }) => "an account was reaped",
        Of::Balances(pallet_balances::Event::DustLost { .. }) => "dust was left",
        Of::Validators(pallet_validators::Event::Slashed { amount, .. }) if *amount > 0 => {
            "a validator was slashed"
        }
        Of::Validators(pallet_validators::Event::Rewarded { .. }) => "validators were rewarded",
        Of::Stake(pallet_stake::Event::Slashed { amount, .. }) if *amount > 0 => {
            "backers were slashed"
        }
        Of::Stake(pallet_stake::Event::SlashSettled { .. }) => "a slash was settled",
        Of::Stake(pallet_stake::Event::Rewarded { .. }) => "backers were rewarded",
        Of::Referenda(pallet_referenda::Event::Confirmed { .. }) => "a referendum passed",
        Of::Referenda(pallet_referenda::Event::Rejected { .. }) => "a referendum was rejected",
        Of::Referenda(pallet_referenda::Event::DepositSlashed { .. }) => {
            "a referendum's deposit was slashed"
        }
        Of::Scheduler(pallet_scheduler::Event::Dispatched {
            id: Some(_),
            result: Ok(()),
            ..
        }) => "a referendum's call succeeded",
        Of::RevenueShare(pallet_revenue_share::Event::ShareCredited { .. }) => {
            "an institution had a right"
        }
        Of::RevenueShare(pallet_revenue_share::Event::RightsExpired { .. }) => "a right expired",
        Of::Grants(pallet_grants::Event::ApplicationExpired { .. }) => "an application expired",
        Of::Grants(pallet_grants::Event::MilestoneExpired { .. }) => "a milestone expired",
        Of::Grants(pallet_grants::Event::Accepted { .. }) => "a milestone was paid",
        Of::Brake(pallet_brake::Event::Ended { .. }) => "a pause ended",
        Of::Proxy(pallet_proxy::Event::ProxyExecuted { result: Ok(()) }) => {
            "a proxy's call succeeded"
        }
        Of::Proxy(pallet_proxy::Event::ProxyExecuted { .. }) => "a proxy's call failed",
        Of::Utility(pallet_utility::Event::BatchCompleted) => "a batch was completed",
        Of::Utility(pallet_utility::Event::BatchInterrupted { .. }) => "a batch was interrupted",
        Of::Utility(pallet_utility::Event::BatchCompletedWithErrors) => {
            "a batch went on after a failure"
        }
        Of::Treasury(pallet_treasury::Event::Paid { .. }) => "a spend was paid",
        Of::Release(pallet_release::Event::Claimed { .. }) => "an allocation was paid",
        _ => return None,
    })
}
