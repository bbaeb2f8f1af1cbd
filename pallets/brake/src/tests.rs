use crate::{self as pallet_brake, *};
use frame_support::{
    assert_noop, assert_ok, derive_impl, parameter_types,
    traits::{ConstU32, Contains, Hooks},
};
use plume_primitives::Seconds;
use proptest::prelude::*;
use sp_runtime::{BuildStorage, DispatchError, traits::BlockNumberProvider};

#[frame_support::runtime]
mod mock {
    #[runtime::runtime]
    #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type TxPause = pallet_tx_pause;
    #[runtime::pallet_index(2)]
    pub type Brake = pallet_brake;
}

const COMMITTEE: u64 = 1;
const MAX_PAUSE: Seconds = 100;
const REST: Seconds = 300;

type Name = pallet_tx_pause::RuntimeCallNameOf<Runtime>;

parameter_types! {
    pub static Now: Seconds = 0;
}

pub struct Time;

impl BlockNumberProvider for Time {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        Now::get()
    }
    #[cfg(any(feature = "std", feature = "runtime-benchmarks"))]
    fn set_block_number(seconds: Seconds) {
        Now::set(seconds);
    }
}

/// `System` has to go on.
pub struct Vital;

impl Contains<Name> for Vital {
    fn contains((pallet, _): &Name) -> bool {
        pallet.as_slice() == b"System"
    }
}

/// Every call exists but `Nowhere.to_be_found`.
pub struct Known;

impl Contains<Name> for Known {
    fn contains((pallet, _): &Name) -> bool {
        pallet.as_slice() != b"Nowhere"
    }
}

frame_support::ord_parameter_types! {
    pub const Committee: u64 = COMMITTEE;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
    type BaseCallFilter = TxPause;
}

impl pallet_tx_pause::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PauseOrigin = frame_system::EnsureRoot<u64>;
    type UnpauseOrigin = frame_system::EnsureRoot<u64>;
    type WhitelistedCalls = Vital;
    type MaxNameLen = ConstU32<32>;
    type WeightInfo = ();
}

impl Config for Runtime {
    type PauseOrigin = frame_system::EnsureSignedBy<Committee, u64>;
    type LiftOrigin = frame_system::EnsureRoot<u64>;
    type CallName = Name;
    type Calls = TxPause;
    type KnownCalls = Known;
    type Time = Time;
    type MaxPause = ConstU32<MAX_PAUSE>;
    type Rest = ConstU32<REST>;
    type MaxPauses = ConstU32<3>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Names;
}

#[cfg(feature = "runtime-benchmarks")]
pub struct Names;

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<Name> for Names {
    fn real_call() -> Name {
        name("Coins", "send")
    }
    fn call(number: u32) -> Name {
        name("Coins", &number.to_string())
    }
}

pub(crate) fn chain() -> sp_io::TestExternalities {
    let mut ext: sp_io::TestExternalities = frame_system::GenesisConfig::<Runtime>::default()
        .build_storage()
        .expect("genesis builds")
        .into();
    ext.execute_with(|| {
        System::set_block_number(1);
        Now::set(1_000);
    });
    ext
}

fn name(pallet: &str, call: &str) -> Name {
    let bytes = |text: &str| text.as_bytes().to_vec().try_into().expect("it is short");
    (bytes(pallet), bytes(call))
}

fn send() -> Name {
    name("Coins", "send")
}

fn pause(call: Name, duration: Seconds) -> Result<(), DispatchError> {
    Brake::pause(RuntimeOrigin::signed(COMMITTEE), call, duration)
}

/// Begins a block so many seconds later.
fn later(seconds: Seconds) {
    Now::mutate(|now| *now += seconds);
    let number = System::block_number() + 1;
    System::set_block_number(number);
    Brake::on_initialize(number);
}

fn is_paused(call: &Name) -> bool {
    <TxPause as TransactionPause>::is_paused(call.clone())
}

#[test]
fn a_pause_ends_by_itself_and_says_so() {
    chain().execute_with(|| {
        assert_ok!(pause(send(), 60));
        assert!(is_paused(&send()));
        later(59);
        assert!(is_paused(&send()));
        later(1);
        assert!(!is_paused(&send()));
        assert_eq!(
            System::read_events_for_pallet::<Event<Runtime>>(),
            vec![
                Event::Paused {
                    call: send(),
                    ends: 1_060,
                    rested: 1_360
                },
                Event::Ended {
                    call: send(),
                    rested: 1_360
                },
            ]
        );
        assert_ok!(Brake::do_try_state());
    });
}

#[test]
fn a_halted_chain_ends_a_pause_in_its_first_block() {
    chain().execute_with(|| {
        assert_ok!(pause(send(), 60));
        later(3_600);
        assert!(!is_paused(&send()));
    });
}

#[test]
fn a_pause_cannot_be_renewed_until_the_call_has_rested() {
    chain().execute_with(|| {
        assert_ok!(pause(send(), 60));
        assert_noop!(pause(send(), 60), Error::<Runtime>::AlreadyPaused);
        later(60);
        assert_noop!(pause(send(), 60), Error::<Runtime>::AtRest);
        later(REST - 1);
        assert_noop!(pause(send(), 60), Error::<Runtime>::AtRest);
        later(1);
        assert_ok!(pause(send(), 60));
        assert!(is_paused(&send()));
    });
}

#[test]
fn lifting_a_pause_does_not_shorten_the_rest() {
    chain().execute_with(|| {
        assert_ok!(pause(send(), 60));
        later(10);
        assert_ok!(Brake::lift(RuntimeOrigin::root(), send()));
        assert!(!is_paused(&send()));
        assert_noop!(
            Brake::lift(RuntimeOrigin::root(), send()),
            Error::<Runtime>::NotPaused
        );
        later(REST - 1);
        assert_noop!(pause(send(), 60), Error::<Runtime>::AtRest);
        later(1);
        assert_ok!(pause(send(), 60));
    });
}

#[test]
fn only_the_committee_pauses_and_it_does_not_lift() {
    chain().execute_with(|| {
        for other in [RuntimeOrigin::signed(2), RuntimeOrigin::root()] {
            assert_noop!(Brake::pause(other, send(), 60), DispatchError::BadOrigin);
        }
        assert_ok!(pause(send(), 60));
        assert_noop!(
            Brake::lift(RuntimeOrigin::signed(COMMITTEE), send()),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn what_is_unknown_vital_or_too_long_is_refused() {
    chain().execute_with(|| {
        assert_noop!(
            pause(name("Nowhere", "to_be_found"), 60),
            Error::<Runtime>::UnknownCall
        );
        assert_noop!(
            pause(name("System", "remark"), 60),
            Error::<Runtime>::CannotBePaused
        );
        assert_noop!(
            pause(name("Brake", "lift"), 0),
            Error::<Runtime>::BadDuration
        );
        assert_noop!(pause(send(), MAX_PAUSE + 1), Error::<Runtime>::BadDuration);
        assert_ok!(pause(send(), MAX_PAUSE));
    });
}

#[test]
fn pauses_are_bounded_and_rested_ones_make_room() {
    chain().execute_with(|| {
        for call in ["a", "b", "c"] {
            assert_ok!(pause(name("Coins", call), 60));
        }
        assert_noop!(pause(send(), 60), Error::<Runtime>::TooManyPauses);
        later(60);
        assert_noop!(pause(send(), 60), Error::<Runtime>::TooManyPauses);
        later(REST);
        assert_ok!(pause(send(), 60));
        assert_eq!(Pauses::<Runtime>::get().len(), 1);
    });
}

#[test]
fn what_root_has_unpaused_itself_ends_without_an_error() {
    chain().execute_with(|| {
        assert_ok!(pause(send(), 60));
        assert_ok!(TxPause::unpause(RuntimeOrigin::root(), send()));
        later(60);
        assert!(Pauses::<Runtime>::get().iter().all(|pause| !pause.on));
        assert_ok!(Brake::do_try_state());
    });
}

#[test]
fn what_root_has_paused_the_committee_neither_takes_over_nor_ends() {
    chain().execute_with(|| {
        assert_ok!(TxPause::pause(RuntimeOrigin::root(), send()));
        assert_noop!(pause(send(), 60), Error::<Runtime>::AlreadyPaused);
        later(MAX_PAUSE);
        assert!(is_paused(&send()));
    });
}

#[derive(Clone, Debug)]
enum Deed {
    Pause(u8, Seconds),
    Lift(u8),
    Wait(Seconds),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (0u8..5, 0..MAX_PAUSE + 20).prop_map(|(call, duration)| Deed::Pause(call, duration)),
        (0u8..5).prop_map(Deed::Lift),
        (0..120u32).prop_map(Deed::Wait),
    ]
}

/// What somebody sees who looks at the calls every second.
struct Watch {
    calls: Vec<Name>,
    paused_since: Vec<Option<Seconds>>,
    open_since: Vec<Option<Seconds>>,
}

impl Watch {
    fn over(calls: Vec<Name>) -> Self {
        let none = vec![None; calls.len()];
        Self {
            calls,
            paused_since: none.clone(),
            open_since: none,
        }
    }

    fn look(&mut self) {
        let now = Now::get();
        for (place, call) in self.calls.iter().enumerate() {
            match (is_paused(call), self.paused_since[place]) {
                (true, None) => {
                    if let Some(open) = self.open_since[place] {
                        assert!(now >= open + REST, "it had not rested");
                    }
                    self.paused_since[place] = Some(now);
                }
                (true, Some(since)) => {
                    assert!(now < since + MAX_PAUSE, "it is paused for too long")
                }
                (false, Some(_)) => {
                    self.open_since[place] = Some(now);
                    self.paused_since[place] = None;
                }
                (false, None) => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..Default::default() })]

    /// Nobody is shut out for good.
    #[test]
    fn whatever_is_done_no_pause_outlasts_its_bound_and_none_follows_before_the_rest(
        deeds in proptest::collection::vec(deed(), 1..40),
    ) {
        chain().execute_with(|| {
            let calls: Vec<Name> = (0..5).map(|it| name("Coins", &it.to_string())).collect();
            let mut watch = Watch::over(calls.clone());
            for deed in deeds {
                match deed {
                    Deed::Pause(call, duration) => {
                        let _ = pause(calls[usize::from(call)].clone(), duration);
                    }
                    Deed::Lift(call) => {
                        let _ = Brake::lift(RuntimeOrigin::root(), calls[usize::from(call)].clone());
                    }
                    Deed::Wait(seconds) => {
                        for _ in 0..seconds {
                            later(1);
                            watch.look();
                        }
                    }
                }
                watch.look();
                assert_ok!(Brake::do_try_state());
            }
        });
    }
}
