//! A chain on which every flow leaves an alert, and there is something of each kind to move.

use crate::{
    common::*,
    freezes::{known, with_supervisor},
    proofs::{CIRCUIT, Pool, verifying_key},
    stage::*,
};
use frame_support::{
    assert_ok,
    traits::fungible::{Inspect, Mutate},
};
use pallet_compliance::{Rule, Side};
use pallet_grants::Plan;
use pallet_shielded_pool::{Amount, PLUME_UNIT};
use plume_circuits::transfer::development::{Role, key};
use plume_primitives::{
    allocations::Bucket,
    compliance::{Asset, Risk, Tier, Verdict},
    pots,
    staking::OnReward,
    units::PLUME,
};
use plume_runtime::*;
use sp_core::{H256, storage::StateVersion};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Eve, Ferdie};
use sp_runtime::traits::BlockNumberProvider;
use std::sync::OnceLock;

/// Who acts. Alice has root's key, and all are known but Ferdie.
pub const PEOPLE: [Sr25519Keyring; 5] = [Alice, Bob, Charlie, Eve, Ferdie];
/// Assets that they own.
pub const ASSETS: [AssetId; 2] = [1, 2];
/// What grantees deliver.
pub const DELIVERABLE: H256 = H256::repeat_byte(9);
/// How many grants there are.
pub const GRANTS: u32 = 10;
/// How many allocations there are.
pub const ALLOCATIONS: u32 = 12;

/// What two sign together, one or both of them.
pub fn together(one: Sr25519Keyring, other: Sr25519Keyring, threshold: u16) -> AccountId {
    let mut signatories = [account(one), account(other)];
    signatories.sort();
    Multisig::multi_account_id(&signatories, threshold)
}

/// What one of them derives.
pub fn derived(who: Sr25519Keyring, index: u16) -> AccountId {
    pallet_utility::derivative_account_id(account(who), index)
}

/// Who comes after somebody.
pub fn next(who: Sr25519Keyring) -> Sr25519Keyring {
    let place = PEOPLE.iter().position(|one| *one == who).unwrap_or(0);
    PEOPLE[(place + 1) % PEOPLE.len()]
}

/// Speaks of whoever is no pot.
fn below_three(side: Side) -> Rule {
    Rule::Credential {
        side,
        tier: Tier::Three,
        at_least: 0,
    }
}

/// Speaks of whoever is known, and of pots.
fn known_risk(side: Side) -> Rule {
    Rule::RiskRating {
        side,
        risk: Risk::Low,
        at_least: 0,
    }
}

struct World {
    raw: Vec<(Vec<u8>, (Vec<u8>, i32))>,
    root: H256,
    pool: Pool,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut ext = with_supervisor();
        let pool = ext.execute_with(|| {
            assets();
            acting_together();
            payouts();
            grants();
            let pool = shielded();
            let sides = [Side::From, Side::To];
            let rules = sides
                .map(below_three)
                .into_iter()
                .chain(sides.map(known_risk));
            enact(rules.map(|rule| (rule, Verdict::Alert)).collect::<Vec<_>>());
            System::reset_events();
            pool
        });
        ext.commit_all().expect("no transaction is open");
        let (raw, root) = ext.into_raw_snapshot();
        World { raw, root, pool }
    })
}

/// The chain.
pub fn stage() -> sp_io::TestExternalities {
    let world = world();
    sp_io::TestExternalities::from_raw_snapshot(world.raw.clone(), world.root, StateVersion::V1)
}

/// What is proven for it.
pub fn pool() -> &'static Pool {
    &world().pool
}

fn assets() {
    for id in ASSETS {
        let owner = signed(Eve);
        let compact = codec::Compact(id);
        assert_ok!(Assets::create(
            owner.clone(),
            compact,
            account(Eve).into(),
            10
        ));
        for who in PEOPLE {
            assert_ok!(Assets::mint(
                owner.clone(),
                compact,
                account(who).into(),
                1_000
            ));
        }
    }
    for who in PEOPLE {
        assert_ok!(Assets::approve_transfer(
            signed(who),
            codec::Compact(1),
            account(Bob).into(),
            500
        ));
    }
}

/// Everybody is everybody's proxy, and what they share is funded.
fn acting_together() {
    pallet_sudo::Key::<Runtime>::put(account(Alice));
    for who in PEOPLE {
        if who != Ferdie {
            known(who);
        }
        Balances::set_balance(&derived(who, 0), 100 * PLUME);
        for other in PEOPLE {
            if who == other {
                continue;
            }
            assert_ok!(Proxy::add_proxy(
                signed(who),
                account(other).into(),
                configs::ProxyType::Any,
                0
            ));
            for threshold in [1, 2] {
                Balances::set_balance(&together(who, other, threshold), 100 * PLUME);
            }
        }
    }
}

/// What pots owe to everybody.
fn payouts() {
    for pot in [
        pots::validator_rewards(),
        pots::release(),
        pots::revenue_share(),
    ] {
        Balances::set_balance(&pot, 100_000 * PLUME);
    }
    for (id, who) in (0..).zip(PEOPLE) {
        pallet_validators::Credits::<Runtime>::insert(account(who), PLUME);
        assert_ok!(Stake::stake(signed(who), 100 * PLUME));
        assert_ok!(Stake::back(signed(who), account(Alice)));
        assert_ok!(Treasury::spend(
            RuntimeOrigin::root(),
            Box::new(()),
            PLUME,
            Box::new(account(who)),
            None
        ));
        assert_ok!(RevenueShare::register(
            RuntimeOrigin::root(),
            account(who),
            H256::repeat_byte(1)
        ));
        assert_ok!(RevenueShare::set_payout(
            signed(who),
            id,
            account(next(who))
        ));
        let right = pallet_revenue_share::Right {
            period: 0,
            amount: PLUME,
        };
        pallet_revenue_share::Rights::<Runtime>::insert(
            id,
            frame_support::BoundedVec::truncate_from(vec![right; 2]),
        );
    }
    pallet_validators::Owed::<Runtime>::put(5 * PLUME);
    pallet_revenue_share::Owed::<Runtime>::put(10 * PLUME);
    let rewarded = Stake::reward(&account(Alice), &pots::treasury(), 50 * PLUME);
    assert_eq!(rewarded, 50 * PLUME);

    // At once, or second by second; one of them to a pot, and one to an account that does not exist.
    let mut beneficiaries: Vec<AccountId> = PEOPLE.map(account).to_vec();
    beneficiaries.push(fresh(1));
    beneficiaries.extend(PEOPLE.map(account));
    beneficiaries.push(pots::validator_rewards());
    assert_eq!(beneficiaries.len(), ALLOCATIONS as usize);
    for (id, beneficiary) in (0..).zip(beneficiaries) {
        let duration_seconds = if id < ALLOCATIONS / 2 { 0 } else { 1_000 };
        pallet_release::Allocations::<Runtime>::insert(
            id,
            pallet_release::Allocation {
                bucket: Bucket::Community,
                beneficiary,
                total: 10 * PLUME,
                claimed: 0,
                cliff_seconds: 0,
                duration_seconds,
            },
        );
    }
}

/// One half is applied for. Of each of the other one milestone is delivered, one is too late, and one is not.
fn grants() {
    for number in 0..GRANTS {
        let who = PEOPLE[number as usize % PEOPLE.len()];
        let plans = [1, 2, 3].map(|part| Plan {
            amount: part * PLUME,
            within: if part == 2 { 1 } else { 1_000 },
        });
        assert_ok!(Grants::apply(
            signed(who),
            H256::repeat_byte(1),
            account(next(who)),
            plans.to_vec().try_into().expect("few enough"),
        ));
        if number < GRANTS / 2 {
            assert_ok!(Grants::approve(RuntimeOrigin::root(), number));
            assert_ok!(Grants::deliver(signed(who), number, 0, DELIVERABLE));
        }
    }
    block(5);
}

/// The pool takes PLUME and an asset, and has some of both.
fn shielded() -> Pool {
    let root = RuntimeOrigin::root;
    let now = Clock::current_block_number();
    let pot = pots::shielded_pool();
    assert_ok!(Assets::mint(
        signed(Eve),
        codec::Compact(1),
        pot.clone().into(),
        10
    ));
    assert_ok!(ShieldedPool::register_asset(root(), 1, 1));
    let key_bytes = verifying_key().try_into().expect("as long as a key is");
    assert_ok!(ShieldedPool::register_circuit(
        root(),
        CIRCUIT,
        key_bytes,
        now
    ));
    assert_ok!(ShieldedPool::set_flow_key(root(), 0, key(Role::Regulator)));
    assert_ok!(ShieldedPool::set_committee_key(
        root(),
        now,
        key(Role::Committee)
    ));
    for asset in [Asset::Native, Asset::Other(1)] {
        assert_ok!(ShieldedPool::set_policy(
            root(),
            asset,
            1,
            Some(u64::MAX),
            false,
            Default::default()
        ));
    }
    // Policies count from the next second on.
    block(1);
    let pool = Pool::now();
    let funds = [
        (0, Asset::Native, (1_000 * PLUME / PLUME_UNIT) as u64),
        (1, Asset::Other(1), 500),
    ];
    for (seed, asset, value) in funds {
        let amount = Amount { asset, value };
        let deposit = pool.deposit(seed, &account(Eve), amount);
        assert_ok!(dispatch(deposit, signed(Eve)));
    }
    assert!(Balances::total_balance(&pot) >= 1_000 * PLUME);
    pool
}
