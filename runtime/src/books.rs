//! Where every planck is, read from the accounts and from the pallets that keep some of them.
//!
//! It visits every account and every record of stake. That is for a question to a node, off the path of any
//! block: nothing that a block executes may call it.

use crate::*;
use alloc::{borrow::ToOwned, collections::BTreeMap};
use frame_support::traits::{Imbalance, SuppressedDrop};
use pallet_stake::{Holding, pool::Lot};
use plume_primitives::{
    books::{Books, Entry, Locked, Staked},
    pots,
    units::TOTAL_SUPPLY,
};
use sp_runtime::traits::BlockNumberProvider;

/// Amounts by what they are, in planck.
type Amounts = BTreeMap<&'static str, Balance>;

/// What PLUME is held for besides stake, by the names that the books use.
const REASONS: [&str; 7] = [
    "committee_proposal",
    "compliance_review",
    "grant_deposit",
    "preimage",
    "session_keys",
    "shielded",
    "validator_bond",
];
/// The pot of what the release pot has beyond what it owes.
const RELEASE: &str = "release";
/// The fees of the block that is executing: in no account until they are settled at its end.
const UNSETTLED_FEES: &str = "unsettled_fees";

/// The accounts that nobody holds a key to, by the names that the books use.
fn keyless() -> [(&'static str, AccountId); 7] {
    [
        ("grants", pots::grants()),
        (RELEASE, pots::release()),
        ("revenue_share", pots::revenue_share()),
        ("shielded_pool", pots::shielded_pool()),
        ("stake_rewards", pots::stake_rewards()),
        ("treasury", pots::treasury()),
        ("validator_rewards", pots::validator_rewards()),
    ]
}

/// The name of what something is held for; none for stake, which is told apart by its records. A pallet
/// that holds for another reason does not compile until the reason has a name here.
fn name(reason: &RuntimeHoldReason) -> Option<&'static str> {
    use RuntimeHoldReason as Reason;
    match reason {
        Reason::Stake(pallet_stake::HoldReason::Stake) => None,
        Reason::TechnicalCommittee(_) => Some("committee_proposal"),
        Reason::Compliance(pallet_compliance::HoldReason::ComplianceReview) => {
            Some("compliance_review")
        }
        Reason::Grants(pallet_grants::HoldReason::GrantDeposit) => Some("grant_deposit"),
        Reason::Preimage(pallet_preimage::HoldReason::Preimage) => Some("preimage"),
        Reason::Session(pallet_session::HoldReason::Keys) => Some("session_keys"),
        Reason::ShieldedPool(pallet_shielded_pool::HoldReason::Shielded) => Some("shielded"),
        Reason::Validators(pallet_validators::HoldReason::ValidatorBond) => Some("validator_bond"),
    }
}

/// All PLUME, by where it is now.
pub fn books() -> Books {
    let mut held: Amounts = REASONS.iter().map(|reason| (*reason, 0)).collect();
    let mut pots: Amounts = keyless().iter().map(|(pot, _)| (*pot, 0)).collect();
    let keyless: BTreeMap<AccountId, &str> =
        keyless().into_iter().map(|(pot, who)| (who, pot)).collect();
    let mut books = Books {
        block: System::block_number(),
        seconds: Clock::current_block_number(),
        supply: TOTAL_SUPPLY,
        issuance: Balances::total_issuance(),
        burned: pallet_fees::TotalBurned::<Runtime>::get(),
        staked: staked(),
        release_locked: release_locked(),
        ..Default::default()
    };
    for (who, account) in frame_system::Account::<Runtime>::iter() {
        let balance = account.data;
        match keyless.get(&who) {
            Some(pot) => add(&mut pots, pot, balance.free),
            None => books.free = books.free.saturating_add(balance.free),
        }
        if balance.reserved == 0 {
            continue;
        }
        let mut without_reason = balance.reserved;
        for hold in pallet_balances::Holds::<Runtime>::get(&who) {
            without_reason = without_reason.saturating_sub(hold.amount);
            if let Some(name) = name(&hold.id) {
                add(&mut held, name, hold.amount);
            }
        }
        books.reserved = books.reserved.saturating_add(without_reason);
    }
    // A pot that did not cover what it owes would leave the parts above the issuance.
    let locked = books
        .release_locked
        .unreleased
        .saturating_add(books.release_locked.unclaimed);
    pots.entry(RELEASE)
        .and_modify(|planck| *planck = planck.saturating_sub(locked));
    add(&mut pots, UNSETTLED_FEES, unsettled_fees());
    books.held = entries(held);
    books.pots = entries(pots);
    books
}

/// What is on hold for stake, by the records of it.
fn staked() -> Staked {
    let mut staked = Staked::default();
    for staker in pallet_stake::Stakers::<Runtime>::iter_values() {
        staked.active = staked.active.saturating_add(staker.idle);
        if let Some(exposure) = &staker.exposure {
            let (left, lost) = left_and_lost(&exposure.lot);
            staked.active = staked.active.saturating_add(left);
            staked.slashed = staked.slashed.saturating_add(lost);
        }
        for entry in &staker.unstaking {
            let (left, lost) = match &entry.holding {
                Holding::Idle(planck) => (*planck, 0),
                Holding::Exposed(lot) => left_and_lost(lot),
            };
            staked.unstaking = staked.unstaking.saturating_add(left);
            staked.slashed = staked.slashed.saturating_add(lost);
        }
    }
    staked
}

/// Parts what is on hold for a lot: what it is worth, and what slashes have taken and nobody has moved yet.
fn left_and_lost(lot: &Lot) -> (Balance, Balance) {
    let left = pallet_stake::Pools::<Runtime>::get(lot.pool)
        .map_or(0, |pool| pool.index.worth(lot.shares))
        .min(lot.planck);
    (left, lot.planck.saturating_sub(left))
}

fn release_locked() -> Locked {
    let unreleased = Release::unreleased();
    Locked {
        unreleased,
        unclaimed: Release::unpaid().saturating_sub(unreleased),
    }
}

/// Zero after a block.
fn unsettled_fees() -> Balance {
    pallet_fees::Pending::<Runtime>::get().map_or(0, |fees| {
        let (to_burn, to_divide) = (fees.to_burn.as_ref(), fees.to_divide.as_ref());
        to_burn.peek().saturating_add(to_divide.peek())
    })
}

fn add(amounts: &mut Amounts, name: &'static str, amount: Balance) {
    let planck = amounts.entry(name).or_default();
    *planck = planck.saturating_add(amount);
}

fn entries(amounts: Amounts) -> Vec<Entry> {
    let entry = |(name, amount): (&str, Balance)| Entry {
        name: name.to_owned(),
        amount,
    };
    amounts.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::{Decode, Encode};

    #[test]
    fn every_reason_to_hold_has_a_name_and_a_line_of_its_own() {
        let mut names: Vec<_> = (0..=u16::MAX)
            .filter_map(|code| RuntimeHoldReason::decode(&mut &code.encode()[..]).ok())
            .filter_map(|reason| name(&reason))
            .collect();
        names.sort_unstable();
        assert_eq!(names, REASONS);
    }

    #[test]
    fn the_pots_are_accounts_apart() {
        let accounts: BTreeMap<_, _> = keyless().into_iter().map(|(pot, who)| (who, pot)).collect();
        assert_eq!(accounts.len(), keyless().len());
        assert_eq!(Treasury::account_id(), pots::treasury());
    }
}
