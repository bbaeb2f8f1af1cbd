use crate::{self as pallet_validators, set::SetParameters, *};
use frame_support::{
    assert_noop, assert_ok, derive_impl,
    traits::{
        ConstU32, ConstU64, ConstU128, Get, Hooks,
        fungible::{Inspect, InspectHold, Mutate},
        tokens::Preservation,
    },
    weights::Weight,
};
use pallet_session::{SessionHandler, ShouldEndSession, historical};
use plume_primitives::{
    api::NodeRole,
    staking::{OnReward, OnSlash},
    validators::OnAlive,
};
use proptest::prelude::*;
use sp_runtime::{
    BuildStorage, DispatchError, KeyTypeId, Perbill, RuntimeAppPublic, TokenError,
    testing::UintAuthorityId,
    traits::{BlockNumberProvider, ConvertInto, OpaqueKeys},
};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};
use std::cell::{Cell, RefCell};

#[frame_support::runtime]
mod mock {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeHoldReason,
        RuntimeFreezeReason,
        RuntimeTask
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Validators = pallet_validators;
    #[runtime::pallet_index(3)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(4)]
    pub type Historical = pallet_session::historical;
}

const WITHOUT_KEYS: u64 = 99;
const TREASURY: u64 = 1_000;
const POT: u64 = 1_001;
const MAX: u32 = 8;
const BOND: Balance = 1_000;
const UNBONDING: Seconds = 100;
/// Sessions whose roots are kept beside the one that was planned last.
const HISTORY: u32 = 4;

/// Where backers' rewards go.
const BACKERS_POT: u64 = 1_002;

thread_local! {
    static NOW: Cell<Seconds> = const { Cell::new(0) };
    /// Validators that somebody backs.
    static BACKED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    static SLASHED: RefCell<Vec<(u64, Perbill)>> = const { RefCell::new(Vec::new()) };
}

pub struct BackersShare;
impl Get<Perbill> for BackersShare {
    fn get() -> Perbill {
        Perbill::from_percent(40)
    }
}

/// Takes all that is offered to those who are backed.
pub struct Backers;
impl OnReward<u64> for Backers {
    fn reward(validator: &u64, payer: &u64, offered: Balance) -> Balance {
        if !BACKED.with_borrow(|backed| backed.contains(validator)) {
            return 0;
        }
        Balances::transfer(payer, &BACKERS_POT, offered, Preservation::Preserve).unwrap_or(0)
    }
}
impl OnSlash<u64> for Backers {
    fn slash(validator: &u64, fraction: Perbill) {
        SLASHED.with_borrow_mut(|slashed| slashed.push((*validator, fraction)));
    }
}

pub struct Time;
impl BlockNumberProvider for Time {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        NOW.get()
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
}

impl Config for Runtime {
    type AdmitOrigin = frame_system::EnsureRoot<u64>;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type SessionKeys = Session;
    type Time = Time;
    type UnbondingTime = ConstU32<UNBONDING>;
    type SlashedFunds = ConstU64<TREASURY>;
    type RewardPot = ConstU64<POT>;
    type Backers = Backers;
    type BackersShare = BackersShare;
    type MaxValidators = ConstU32<MAX>;
    type MaxRecords = ConstU32<12>;
    type MaxNodes = ConstU32<6>;
    type MaxNodesPerValidator = ConstU32<2>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Deaf;
}

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<u64> for Deaf {
    fn give_keys(_: &u64) {}
    fn give_backer(_: &u64) {}
}

/// Nothing depends on the keys of a session here.
pub struct Deaf;
impl SessionHandler<u64> for Deaf {
    const KEY_TYPE_IDS: &'static [KeyTypeId] = &[UintAuthorityId::ID];
    fn on_genesis_session<Keys: OpaqueKeys>(_: &[(u64, Keys)]) {}
    fn on_new_session<Keys: OpaqueKeys>(_: bool, _: &[(u64, Keys)], _: &[(u64, Keys)]) {}
    fn on_disabled(_: u32) {}
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = u64;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = EndsSession<Runtime>;
    type NextSessionRotation = ();
    type SessionManager =
        historical::NoteHistoricalRoot<Runtime, BoundedHistory<Runtime, ConstU32<HISTORY>>>;
    type SessionHandler = Deaf;
    type Keys = UintAuthorityId;
    type DisablingStrategy = ();
    type Currency = Balances;
    type KeyDeposit = ConstU128<0>;
    type WeightInfo = ();
}

impl historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = SelfIdentification;
}

/// A chain with these validators, each with a bond; accounts up to 20 have keys and, as the pots, PLUME.
fn chain(validators: Vec<u64>) -> sp_io::TestExternalities {
    NOW.set(0);
    BACKED.take();
    SLASHED.take();
    let mut balances: Vec<(u64, Balance)> = (0..20).map(|who| (who, 100 * BOND)).collect();
    balances.extend([
        (WITHOUT_KEYS, 100 * BOND),
        (TREASURY, 1),
        (POT, 1),
        (BACKERS_POT, 1),
    ]);
    let genesis = RuntimeGenesisConfig {
        system: Default::default(),
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        validators: GenesisConfig {
            validators,
            bond: BOND,
            minimum_bond: BOND,
            ..Default::default()
        },
        session: pallet_session::GenesisConfig {
            non_authority_keys: (0..20)
                .map(|who| (who, who, UintAuthorityId(who)))
                .collect(),
            ..Default::default()
        },
    };
    let mut ext = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn apply(who: u64) -> sp_runtime::DispatchResult {
    Validators::apply(signed(who), H256::repeat_byte(who as u8), BOND)
}

/// Applies, and is admitted.
fn join(who: u64) {
    assert_ok!(apply(who));
    assert_ok!(Validators::admit(RuntimeOrigin::root(), who));
}

/// Ends a session; answers who will sit in the one after the next.
fn next_session() -> Vec<u64> {
    Session::rotate_session();
    let queued = Session::queued_keys().into_iter();
    queued.map(|(validator, _)| validator).collect()
}

fn on_hold(who: u64) -> Balance {
    Balances::balance_on_hold(&HoldReason::ValidatorBond.into(), &who)
}

fn offend(who: u64, percent: u32) {
    offend_in(1, who, percent);
}

fn offend_in(session: u32, who: u64, percent: u32) {
    let details = OffenceDetails {
        offender: (who, ()),
        reporters: vec![],
    };
    Validators::on_offence(&[details], &[Perbill::from_percent(percent)], session);
}

fn peer(number: u8) -> PeerId {
    let mut peer = [number; 38];
    peer[..6].copy_from_slice(&[0x00, 0x24, 0x08, 0x01, 0x12, 0x20]);
    peer
}

fn events() -> Vec<Event<Runtime>> {
    System::read_events_for_pallet::<Event<Runtime>>()
}

#[test]
fn every_session_leaves_a_root_and_only_the_last_ones_are_kept() {
    chain(vec![1, 2]).execute_with(|| {
        for _ in 0..10 {
            assert_eq!(next_session(), [1, 2]);
        }
        assert_eq!(Session::current_index(), 10);
        let has_root = |index: &u32| Historical::historical_root(*index).is_some();
        let kept: Vec<u32> = (0..20).filter(has_root).collect();
        assert_eq!(kept, (11 - HISTORY..=11).collect::<Vec<_>>());
    });
}

#[test]
fn an_institution_applies_with_a_bond_is_admitted_and_sits() {
    chain(vec![1, 2, 3]).execute_with(|| {
        assert_ok!(apply(4));
        assert_eq!(on_hold(4), BOND);
        assert_eq!(Validators::new_session(2), Some(vec![1, 2, 3]));
        assert_ok!(Validators::admit(RuntimeOrigin::root(), 4));
        assert_eq!(Validators::new_session(3), Some(vec![1, 2, 3, 4]));
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn applying_needs_keys_a_sufficient_bond_and_the_money_for_it() {
    chain(vec![1]).execute_with(|| {
        let lei = H256::zero();
        assert_noop!(
            Validators::apply(signed(WITHOUT_KEYS), lei, BOND),
            Error::<Runtime>::NoSessionKeys
        );
        assert_noop!(
            Validators::apply(signed(2), lei, BOND - 1),
            Error::<Runtime>::BondTooSmall
        );
        assert_noop!(
            Validators::apply(signed(2), lei, 100 * BOND + 1),
            TokenError::FundsUnavailable
        );
        assert_noop!(apply(1), Error::<Runtime>::AlreadyAdmitted);
        assert_ok!(apply(2));
        assert_noop!(apply(2), Error::<Runtime>::AlreadyApplied);
    });
}

#[test]
fn nobody_is_admitted_who_has_not_applied() {
    chain(vec![1]).execute_with(|| {
        assert_noop!(
            Validators::admit(RuntimeOrigin::root(), 2),
            Error::<Runtime>::NotApplied
        );
        assert_noop!(
            Validators::admit(RuntimeOrigin::root(), 1),
            Error::<Runtime>::AlreadyAdmitted
        );
        assert_noop!(
            Validators::admit(RuntimeOrigin::root(), WITHOUT_KEYS),
            Error::<Runtime>::NoSessionKeys
        );
    });
}

#[test]
fn only_the_admit_origin_changes_the_list_and_the_parameters() {
    chain(vec![1]).execute_with(|| {
        let refused = DispatchError::BadOrigin;
        assert_noop!(Validators::admit(signed(1), 2), refused);
        assert_noop!(Validators::remove(signed(1), 1), refused);
        assert_noop!(Validators::set_minimum_bond(signed(1), 0), refused);
        assert_noop!(
            Validators::set_parameters(signed(1), SetParameters::default()),
            refused
        );
        assert_noop!(
            Validators::admit_node(signed(1), peer(1), NodeRole::Rpc),
            refused
        );
        assert_noop!(Validators::expel_node(signed(1), peer(1)), refused);
    });
}

#[test]
fn a_bond_is_free_only_when_the_unbonding_time_is_over() {
    chain(vec![1, 2]).execute_with(|| {
        NOW.set(50);
        assert_ok!(Validators::leave(signed(2)));
        assert_eq!(Admitted::<Runtime>::get(), vec![1]);
        NOW.set(50 + UNBONDING - 1);
        assert_noop!(
            Validators::withdraw_bond(signed(1), 2),
            Error::<Runtime>::TooEarly
        );
        assert_noop!(apply(2), Error::<Runtime>::Unbonding);
        NOW.set(50 + UNBONDING);
        assert_ok!(Validators::withdraw_bond(signed(1), 2));
        assert_eq!(on_hold(2), 0);
        assert_eq!(Balances::balance(&2), 100 * BOND);
        assert_ok!(apply(2));
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn a_validator_that_sits_cannot_withdraw_its_bond() {
    chain(vec![1, 2]).execute_with(|| {
        NOW.set(1_000_000);
        assert_noop!(
            Validators::withdraw_bond(signed(1), 1),
            Error::<Runtime>::TooEarly
        );
    });
}

#[test]
fn an_application_that_ends_frees_its_bond_at_once() {
    chain(vec![1]).execute_with(|| {
        assert_ok!(apply(2));
        assert_ok!(Validators::leave(signed(2)));
        assert_ok!(apply(3));
        assert_ok!(Validators::remove(RuntimeOrigin::root(), 3));
        assert_eq!((on_hold(2), on_hold(3)), (0, 0));
        assert_eq!(Records::<Runtime>::count(), 1);
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn the_last_validator_stays_whatever_it_has_done() {
    chain(vec![1]).execute_with(|| {
        assert_noop!(
            Validators::remove(RuntimeOrigin::root(), 1),
            Error::<Runtime>::LastValidator
        );
        assert_noop!(
            Validators::leave(signed(1)),
            Error::<Runtime>::LastValidator
        );
        offend(1, 50);
        assert_eq!(Admitted::<Runtime>::get(), vec![1]);
        assert_eq!(on_hold(1), BOND / 2);
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn a_culprit_is_slashed_removed_and_out_of_the_set_two_blocks_later() {
    chain(vec![1, 2, 3, 4, 5]).execute_with(|| {
        let issuance = Balances::total_issuance();
        offend(2, 56);
        assert_eq!(on_hold(2), BOND * 44 / 100);
        assert_eq!(Balances::balance(&TREASURY), 1 + BOND * 56 / 100);
        assert_eq!(Balances::total_issuance(), issuance);
        assert!(!Admitted::<Runtime>::get().contains(&2));
        // The next two blocks end a session each.
        for _ in 0..2 {
            assert!(EndsSession::<Runtime>::should_end_session(1_001));
            assert!(!next_session().contains(&2));
        }
        assert!(!EndsSession::<Runtime>::should_end_session(1_001));
        assert!(!Seated::<Runtime>::get().contains(&2));
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn what_is_reported_once_more_with_a_larger_part_costs_the_difference() {
    chain(vec![1, 2, 3, 4, 5]).execute_with(|| {
        SLASHED.take();
        for (percent, left) in [(20, 80), (20, 80), (10, 80), (60, 40), (100, 0), (100, 0)] {
            offend(2, percent);
            assert_eq!(on_hold(2), BOND * left / 100, "{percent} % in all");
        }
        let backers: Vec<_> = SLASHED.take().into_iter().map(|(_, part)| part).collect();
        let percent = Perbill::from_percent;
        assert_eq!(backers, [percent(20), percent(50), percent(100)]);
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn the_offences_of_another_session_cost_on_their_own() {
    chain(vec![1, 2, 3, 4, 5]).execute_with(|| {
        for (session, left) in [(1, 50), (2, 25), (1, 25), (2, 25)] {
            offend_in(session, 2, 50);
            assert_eq!(on_hold(2), BOND * left / 100, "session {session}");
        }
    });
}

#[test]
fn only_the_last_punished_sessions_are_remembered_and_none_after_the_bond_is_back() {
    chain(vec![1, 2]).execute_with(|| {
        assert_ok!(Validators::leave(signed(2)));
        for session in 0..2 * PUNISHED_SESSIONS {
            offend_in(session, 2, 1);
        }
        let sessions: Vec<_> = Punished::<Runtime>::get(2)
            .iter()
            .map(|(of, _)| *of)
            .collect();
        assert_eq!(
            sessions,
            (PUNISHED_SESSIONS..2 * PUNISHED_SESSIONS).collect::<Vec<_>>()
        );
        NOW.set(UNBONDING);
        assert_ok!(Validators::withdraw_bond(signed(1), 2));
        assert!(!Punished::<Runtime>::contains_key(2));
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn an_offence_is_slashed_even_while_its_culprit_is_unbonding() {
    chain(vec![1, 2]).execute_with(|| {
        assert_ok!(Validators::leave(signed(2)));
        offend(2, 100);
        assert_eq!(on_hold(2), 0);
        NOW.set(UNBONDING);
        assert_ok!(Validators::withdraw_bond(signed(1), 2));
        assert_eq!(Balances::balance(&2), 99 * BOND);
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn the_set_shrinks_under_load_and_grows_when_it_is_over_a_step_a_session() {
    chain(vec![1, 2, 3, 4, 5, 6, 7]).execute_with(|| {
        Fullness::<Runtime>::put(Perbill::from_percent(90));
        assert_eq!(next_session().len(), 4);
        assert_eq!(next_session().len(), 4);
        Fullness::<Runtime>::put(Perbill::from_percent(40));
        assert_eq!(next_session().len(), 4);
        Fullness::<Runtime>::put(Perbill::from_percent(1));
        assert_eq!(next_session().len(), 7);
        assert!(events().contains(&Event::SeatsChanged {
            seats: 7,
            fullness: Perbill::from_percent(1)
        }));
    });
}

#[test]
fn those_left_out_stay_candidates_and_more_at_stake_gets_a_seat() {
    chain(vec![1, 2, 3, 4]).execute_with(|| {
        join(5);
        assert_eq!(Validators::new_session(2), Some(vec![1, 2, 3, 4]));
        assert_ok!(Validators::bond_more(signed(5), BOND));
        assert_eq!(Validators::new_session(3), Some(vec![1, 2, 3, 5]));
        assert_eq!(Admitted::<Runtime>::get(), vec![1, 2, 3, 4, 5]);
    });
}

#[test]
fn a_validator_that_seals_nothing_loses_its_seat_to_a_candidate() {
    chain(vec![1, 2, 3, 4]).execute_with(|| {
        join(5);
        for author in [1, 1, 2, 2, 3, 3] {
            Validators::note_sealed(author);
        }
        assert_eq!(next_session(), [1, 2, 3, 5]);
    });
}

#[test]
fn contradictory_parameters_are_refused() {
    chain(vec![1]).execute_with(|| {
        let good = SetParameters::default();
        for bad in [
            SetParameters { min: 3, ..good },
            SetParameters { max: 3, ..good },
            SetParameters {
                low: good.high,
                ..good
            },
            SetParameters {
                smoothing_blocks: 0,
                ..good
            },
        ] {
            assert_noop!(
                Validators::set_parameters(RuntimeOrigin::root(), bad),
                Error::<Runtime>::BadParameters
            );
        }
        assert_ok!(Validators::set_parameters(RuntimeOrigin::root(), good));
    });
}

#[test]
fn the_smoothed_fullness_follows_the_blocks() {
    chain(vec![1]).execute_with(|| {
        Fullness::<Runtime>::put(Perbill::from_percent(50));
        // An empty block.
        Validators::on_finalize(1);
        assert!(Fullness::<Runtime>::get() < Perbill::from_percent(50));
    });
}

#[test]
fn a_block_full_of_bytes_is_full_though_it_executes_little() {
    chain(vec![1]).execute_with(|| {
        System::set_block_consumed_resources(Weight::zero(), u32::MAX as usize);
        Validators::on_finalize(1);
        let one = Parameters::<Runtime>::get().smoothed(Perbill::zero(), Perbill::one());
        assert_eq!(Fullness::<Runtime>::get(), one);
    });
}

#[test]
fn a_session_pays_its_authors_and_its_living_and_keeps_the_dust() {
    chain(vec![1, 2, 3, 4]).execute_with(|| {
        assert_ok!(Balances::mint_into(&POT, 1_000));
        Validators::note_sealed(1);
        Validators::note_sealed(1);
        Validators::note_sealed(2);
        Validators::on_alive(&3);
        Validators::end_session(0);
        // A tenth is 33 to each of the three that live; a third of the rest is 300 a block.
        assert_eq!(Credits::<Runtime>::get(1), 633);
        assert_eq!(Credits::<Runtime>::get(2), 333);
        assert_eq!(Credits::<Runtime>::get(3), 33);
        assert_eq!(Credits::<Runtime>::get(4), 0);
        assert_ok!(Validators::do_try_state());

        assert_ok!(Validators::claim(signed(9), 1));
        assert_eq!(Balances::balance(&1), 99 * BOND + 633);
        assert_noop!(
            Validators::claim(signed(9), 1),
            Error::<Runtime>::NothingEarned
        );
        // What is owed is not given away a second time: only the dust is left.
        Validators::note_sealed(4);
        Validators::end_session(1);
        assert_eq!(Credits::<Runtime>::get(4), 1);
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn a_validators_backers_get_their_share_of_what_it_earned_and_others_keep_all() {
    chain(vec![1, 2]).execute_with(|| {
        assert_ok!(Balances::mint_into(&POT, 1_000));
        BACKED.set(vec![1]);
        Validators::note_sealed(1);
        Validators::note_sealed(2);
        Validators::end_session(0);
        // 450 for the block and 50 for being alive; of 500 the backers of 1 get 40 %.
        assert_eq!(Credits::<Runtime>::get(1), 300);
        assert_eq!(Credits::<Runtime>::get(2), 500);
        assert_eq!(Owed::<Runtime>::get(), 800);
        assert_eq!(Balances::balance(&BACKERS_POT), 1 + 200);
        assert_eq!(Balances::balance(&POT), 1 + 800);
        assert!(events().contains(&Event::Rewarded {
            session: 0,
            validators: 2,
            amount: 800,
            backers: 200
        }));
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn a_culprits_backers_lose_the_same_part_once() {
    chain(vec![1, 2, 3]).execute_with(|| {
        offend(2, 56);
        assert_eq!(SLASHED.take(), [(2, Perbill::from_percent(56))]);
        offend(99, 10);
        assert!(
            SLASHED.take().is_empty(),
            "its bond is free, nothing is known of it"
        );
    });
}

#[test]
fn a_validators_nodes_are_listed_and_go_with_it() {
    chain(vec![1, 2]).execute_with(|| {
        assert_ok!(Validators::publish_node(signed(2), peer(1)));
        assert_noop!(
            Validators::publish_node(signed(1), peer(1)),
            Error::<Runtime>::NodeListed
        );
        assert_noop!(
            Validators::withdraw_node(signed(1), peer(1)),
            Error::<Runtime>::NodeNotListed
        );
        assert_noop!(
            Validators::publish_node(signed(3), peer(3)),
            Error::<Runtime>::NotAdmitted
        );
        assert_ok!(Validators::publish_node(signed(2), peer(2)));
        assert!(Validators::publish_node(signed(2), peer(3)).is_err());
        assert_ok!(Validators::admit_node(
            RuntimeOrigin::root(),
            peer(9),
            NodeRole::Regulator
        ));
        assert_ok!(Validators::remove(RuntimeOrigin::root(), 2));
        let listed: Vec<_> = Nodes::<Runtime>::iter().collect();
        assert_eq!(listed, vec![(peer(9), (NodeRole::Regulator, None))]);
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn who_leaves_keeps_its_nodes_until_its_seat_is_gone_and_a_culprit_does_not() {
    chain(vec![1, 2, 3]).execute_with(|| {
        for validator in [2, 3] {
            assert_ok!(Validators::publish_node(
                signed(validator),
                peer(validator as u8)
            ));
        }
        assert_ok!(Validators::leave(signed(2)));
        offend(3, 100);
        let sits = |validator| Seated::<Runtime>::get().contains(&validator);
        while sits(2) {
            assert!(Nodes::<Runtime>::contains_key(peer(2)));
            assert!(!Nodes::<Runtime>::contains_key(peer(3)));
            assert_ok!(Validators::do_try_state());
            next_session();
        }
        assert_eq!(Nodes::<Runtime>::iter_keys().count(), 0);
        assert!(!NodesOf::<Runtime>::contains_key(2));
        assert!(Departing::<Runtime>::get().is_empty());
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn who_misbehaves_after_it_has_left_loses_its_nodes_at_once() {
    chain(vec![1, 2, 3]).execute_with(|| {
        assert_ok!(Validators::publish_node(signed(2), peer(2)));
        assert_ok!(Validators::leave(signed(2)));
        assert!(Nodes::<Runtime>::contains_key(peer(2)));
        offend(2, 10);
        assert!(!Nodes::<Runtime>::contains_key(peer(2)));
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn who_leaves_without_a_seat_loses_its_nodes_at_once() {
    chain(vec![1, 2, 3, 4]).execute_with(|| {
        assert_ok!(Validators::publish_node(signed(2), peer(2)));
        Seated::<Runtime>::kill();
        let _ = Plans::<Runtime>::clear(u32::MAX, None);
        assert_ok!(Validators::leave(signed(2)));
        assert_eq!(Nodes::<Runtime>::iter_keys().count(), 0);
        assert_ok!(Validators::do_try_state());
    });
}

#[test]
fn bytes_that_are_no_peer_id_are_refused() {
    chain(vec![1]).execute_with(|| {
        assert_noop!(
            Validators::publish_node(signed(1), [7; 38]),
            Error::<Runtime>::BadPeerId
        );
    });
}

#[test]
fn sessions_end_at_the_networks_own_rhythm() {
    chain(vec![1]).execute_with(|| {
        assert!(EndsSession::<Runtime>::should_end_session(2_400));
        assert!(!EndsSession::<Runtime>::should_end_session(2_399));
        SessionBlocks::<Runtime>::put(30);
        assert!(EndsSession::<Runtime>::should_end_session(2_430));
    });
}

#[test]
#[should_panic(expected = "names an account twice")]
fn a_genesis_that_names_somebody_twice_is_refused() {
    chain(vec![1, 1]);
}

#[test]
#[should_panic(expected = "cannot be held")]
fn a_genesis_whose_validators_cannot_pay_their_bond_is_refused() {
    chain(vec![500]);
}

#[derive(Clone, Debug)]
enum Step {
    Apply(u64, Balance),
    Admit(u64),
    Remove(u64),
    Leave(u64),
    BondMore(u64, Balance),
    Withdraw(u64),
    Publish(u64, u8),
    WithdrawNode(u64, u8),
    AdmitNode(u8),
    ExpelNode(u8),
    Offend(u64, u32),
    Seal(u64),
    Fees(Balance),
    Claim(u64),
    Session,
    Wait(Seconds),
    Back(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0u64..12;
    let node = 0u8..8;
    prop_oneof![
        (who.clone(), 0..3 * BOND).prop_map(|(who, bond)| Step::Apply(who, bond)),
        who.clone().prop_map(Step::Admit),
        who.clone().prop_map(Step::Remove),
        who.clone().prop_map(Step::Leave),
        (who.clone(), 0..2 * BOND).prop_map(|(who, more)| Step::BondMore(who, more)),
        who.clone().prop_map(Step::Withdraw),
        (who.clone(), node.clone()).prop_map(|(who, node)| Step::Publish(who, node)),
        (who.clone(), node.clone()).prop_map(|(who, node)| Step::WithdrawNode(who, node)),
        node.clone().prop_map(Step::AdmitNode),
        node.prop_map(Step::ExpelNode),
        (who.clone(), 0u32..=100).prop_map(|(who, percent)| Step::Offend(who, percent)),
        who.clone().prop_map(Step::Seal),
        (0..10 * BOND).prop_map(Step::Fees),
        who.prop_map(Step::Claim),
        Just(Step::Session),
        (0..UNBONDING).prop_map(Step::Wait),
        (0u64..12).prop_map(Step::Back),
    ]
}

proptest! {
    #[test]
    fn no_sequence_of_events_breaks_an_invariant_or_loses_a_planck(
        steps in proptest::collection::vec(step(), 0..120),
    ) {
        chain(vec![1, 2, 3, 4]).execute_with(|| {
            let mut issuance = Balances::total_issuance();
            for step in steps {
                let root = RuntimeOrigin::root();
                // Refusals are part of the game.
                let _ = match step {
                    Step::Apply(who, bond) => Validators::apply(signed(who), H256::zero(), bond),
                    Step::Admit(who) => Validators::admit(root, who),
                    Step::Remove(who) => Validators::remove(root, who),
                    Step::Leave(who) => Validators::leave(signed(who)),
                    Step::BondMore(who, more) => Validators::bond_more(signed(who), more),
                    Step::Withdraw(who) => Validators::withdraw_bond(signed(0), who),
                    // A call that fails undoes what it did, as the executive sees to.
                    Step::Publish(who, node) => frame_support::storage::with_storage_layer(|| {
                        Validators::publish_node(signed(who), peer(node))
                    }),
                    Step::WithdrawNode(who, node) => Validators::withdraw_node(signed(who), peer(node)),
                    Step::AdmitNode(node) => Validators::admit_node(root, peer(node), NodeRole::Rpc),
                    Step::ExpelNode(node) => Validators::expel_node(root, peer(node)),
                    Step::Claim(who) => frame_support::storage::with_storage_layer(|| {
                        Validators::claim(signed(0), who)
                    }),
                    Step::Offend(who, percent) => { offend(who, percent); Ok(()) }
                    Step::Seal(who) => { Validators::note_sealed(who); Ok(()) }
                    Step::Fees(amount) => {
                        issuance += amount;
                        Balances::mint_into(&POT, amount).map(drop)
                    }
                    Step::Session => {
                        let plan = next_session();
                        assert!(!plan.is_empty() && (plan.len() < 4 || plan.len() % 3 == 1));
                        Ok(())
                    }
                    Step::Wait(seconds) => { NOW.set(NOW.get() + seconds); Ok(()) }
                    Step::Back(who) => { BACKED.with_borrow_mut(|backed| backed.push(who)); Ok(()) }
                };
                assert_ok!(Validators::do_try_state());
                assert_eq!(Balances::total_issuance(), issuance);
            }
        });
    }
}
