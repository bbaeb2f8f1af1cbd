//! A chain with four validators and two holders, whose government is in a hurry.
#![allow(dead_code, reason = "each test file uses a part of this")]

use frame_support::{
    assert_ok,
    dispatch::RawOrigin,
    traits::{Hooks, OnTimestampSet, StorePreimage, schedule::DispatchTime},
    weights::Weight,
};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use plume_primitives::{pots, units::PLUME};
use plume_runtime::{governance::origins, *};
use sp_keyring::{
    Ed25519Keyring,
    Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie},
};
use sp_runtime::{
    BuildStorage, DispatchError, DispatchErrorWithPostInfo,
    traits::{BlockNumberProvider, Dispatchable},
};

/// The validators, who are the technical committee.
pub const VALIDATORS: [Sr25519Keyring; 4] = [Alice, Bob, Charlie, Dave];
/// What each holder, Eve and Ferdie, owns at first.
pub const HOLDING: Balance = 400_000_000 * PLUME;
/// What each validator owns at first; half of it is its bond.
pub const PURSE: Balance = 200_000 * PLUME;
/// What the treasury owns at first.
pub const TREASURY: Balance = 1_000_000_000 * PLUME;
/// Governance's periods are divided by this.
pub const HASTE: u32 = 8_640;

const FIRST_BLOCK_MS: u64 = 1_800_000_000_000;

pub fn account(key: Sr25519Keyring) -> AccountId {
    key.to_account_id()
}

pub fn signed(key: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(key))
}

/// The chain at its first block.
pub fn chain() -> sp_io::TestExternalities {
    let voters = [
        Ed25519Keyring::Alice,
        Ed25519Keyring::Bob,
        Ed25519Keyring::Charlie,
        Ed25519Keyring::Dave,
    ];
    let validators: Vec<AccountId> = VALIDATORS.map(account).to_vec();
    let mut balances: Vec<_> = validators.iter().map(|it| (it.clone(), PURSE)).collect();
    balances.extend([Eve, Ferdie].map(|holder| (account(holder), HOLDING)));
    balances.push((pots::treasury(), TREASURY));
    let pots = [
        pots::revenue_share(),
        pots::validator_rewards(),
        pots::stake_rewards(),
        pots::grants(),
        pots::release(),
        pots::shielded_pool(),
    ];
    balances.extend(pots.map(|pot| (pot, plume_primitives::units::EXISTENTIAL_DEPOSIT)));
    let keys = VALIDATORS.iter().zip(voters).map(|(validator, voter)| {
        let keys = SessionKeys {
            aura: validator.public().into(),
            grandpa: voter.public().into(),
        };
        (account(*validator), account(*validator), keys)
    });
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        session: pallet_session::GenesisConfig {
            keys: keys.collect(),
            ..Default::default()
        },
        validators: pallet_validators::GenesisConfig {
            validators,
            bond: PURSE / 2,
            ..Default::default()
        },
        origins: origins::GenesisConfig {
            period_divisor: HASTE,
            ..Default::default()
        },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities =
        genesis.build_storage().expect("the genesis builds").into();
    ext.execute_with(|| {
        block(0);
    });
    ext
}

/// Executes a block without transactions so many seconds after the one before, as far as governance is
/// concerned. Returns what the scheduler has used.
pub fn block(seconds: Seconds) -> Weight {
    let number = System::block_number() + 1;
    System::reset_events();
    System::initialize(&number, &System::parent_hash(), &Default::default());
    let used = Scheduler::on_initialize(number);
    Brake::on_initialize(number);
    Treasury::on_initialize(number);
    let now = u64::from(Clock::current_block_number()) + u64::from(seconds);
    Clock::on_timestamp_set(FIRST_BLOCK_MS + 1_000 * now);
    used
}

/// Executes a block a second until `done`, for at most so many seconds. Returns the seconds it took.
pub fn wait_until(limit: Seconds, mut done: impl FnMut() -> bool) -> Seconds {
    for seconds in 0..limit {
        if done() {
            return seconds;
        }
        block(1);
    }
    panic!("not done after {limit} seconds");
}

/// Executes a block a second for so many seconds.
pub fn wait(seconds: Seconds) {
    for _ in 0..seconds {
        block(1);
    }
}

/// Whether the block has such an event.
pub fn has_event(is: impl Fn(&RuntimeEvent) -> bool) -> bool {
    System::events().iter().any(|record| is(&record.event))
}

pub fn dispatch(call: impl Into<RuntimeCall>, origin: RuntimeOrigin) -> Result<(), DispatchError> {
    match call.into().dispatch(origin) {
        Ok(_) => Ok(()),
        Err(DispatchErrorWithPostInfo { error, .. }) => Err(error),
    }
}

pub fn stake(who: Sr25519Keyring, amount: Balance) -> Result<(), DispatchError> {
    dispatch(pallet_stake::Call::stake { amount }, signed(who))
}

/// Eve proposes, and pays for a decision. Returns the referendum's number.
pub fn propose(origin: impl Into<OriginCaller>, call: impl Into<RuntimeCall>) -> u32 {
    let proposal = Preimage::bound(ScreenedCall::from(call.into())).expect("it is not too long");
    propose_bounded(origin, proposal)
}

/// Like [`propose`], for a call that is on the chain by its hash, or is none.
pub fn propose_bounded(
    origin: impl Into<OriginCaller>,
    proposal: pallet_referenda::BoundedCallOf<Runtime, ()>,
) -> u32 {
    let index = pallet_referenda::ReferendumCount::<Runtime>::get();
    assert_ok!(dispatch(
        pallet_referenda::Call::submit {
            proposal_origin: Box::new(origin.into()),
            proposal,
            enactment_moment: DispatchTime::After(0),
        },
        signed(Eve)
    ));
    assert_ok!(dispatch(
        pallet_referenda::Call::place_decision_deposit { index },
        signed(Eve)
    ));
    index
}

pub fn root() -> OriginCaller {
    OriginCaller::system(RawOrigin::Root)
}

pub fn vote(
    who: Sr25519Keyring,
    poll_index: u32,
    aye: bool,
    balance: Balance,
) -> Result<(), DispatchError> {
    let vote = Vote {
        aye,
        conviction: Conviction::Locked1x,
    };
    let vote = AccountVote::Standard { vote, balance };
    dispatch(
        pallet_conviction_voting::Call::vote { poll_index, vote },
        signed(who),
    )
}

/// Whether the referendum has passed.
pub fn is_approved(index: u32) -> bool {
    matches!(
        pallet_referenda::ReferendumInfoFor::<Runtime>::get(index),
        Some(pallet_referenda::ReferendumInfo::Approved(..))
    )
}

/// Proposes a call, has Eve's stake vote for it, and waits until it has passed.
pub fn pass(origin: impl Into<OriginCaller>, call: impl Into<RuntimeCall>) -> u32 {
    let index = propose(origin, call);
    assert_ok!(vote(Eve, index, true, HOLDING / 2));
    wait_until(200, || is_approved(index));
    index
}

/// Waits until the scheduler has dispatched something, and returns how that ended.
pub fn enactment() -> Result<(), DispatchError> {
    let mut result = None;
    wait_until(200, || {
        result = System::events()
            .into_iter()
            .find_map(|record| match record.event {
                // Nudges of referenda have no name.
                RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
                    id: Some(_),
                    result,
                    ..
                }) => Some(result),
                _ => None,
            });
        result.is_some()
    });
    result.expect("it was dispatched")
}
