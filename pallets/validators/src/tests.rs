use crate::{self as pallet_validators, *};
use frame_support::{assert_noop, assert_ok, derive_impl, traits::ValidatorRegistration};
use pallet_session::{SessionManager, historical};
use proptest::prelude::*;
use sp_runtime::{BuildStorage, DispatchError};

#[frame_support::runtime]
mod mock {
    #[runtime::runtime]
    #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Validators = pallet_validators;
}

const WITHOUT_KEYS: u64 = 99;
const MAX: u32 = 8;

pub struct Keys;
impl ValidatorRegistration<u64> for Keys {
    fn is_registered(who: &u64) -> bool {
        *who != WITHOUT_KEYS
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
}

impl Config for Runtime {
    type AdmitOrigin = frame_system::EnsureRoot<u64>;
    type SessionKeys = Keys;
    type MaxValidators = frame_support::traits::ConstU32<MAX>;
    type WeightInfo = ();
}

fn chain(validators: Vec<u64>) -> sp_io::TestExternalities {
    GenesisConfig::<Runtime> { validators }
        .build_storage()
        .expect("genesis builds")
        .into()
}

#[test]
fn every_session_reports_the_list_so_that_history_has_a_root() {
    chain(vec![1, 2]).execute_with(|| {
        assert_eq!(
            <Validators as SessionManager<u64>>::new_session(7),
            Some(vec![1, 2])
        );
        assert_eq!(
            <Validators as historical::SessionManager<u64, ()>>::new_session(7),
            Some(vec![(1, ()), (2, ())])
        );
    });
}

#[test]
fn a_validator_without_session_keys_is_not_admitted() {
    chain(vec![1]).execute_with(|| {
        assert_noop!(
            Validators::admit(RuntimeOrigin::root(), WITHOUT_KEYS),
            Error::<Runtime>::NoSessionKeys
        );
    });
}

#[test]
fn only_the_admit_origin_changes_the_list() {
    chain(vec![1]).execute_with(|| {
        assert_noop!(
            Validators::admit(RuntimeOrigin::signed(1), 2),
            DispatchError::BadOrigin
        );
        assert_noop!(
            Validators::remove(RuntimeOrigin::signed(1), 1),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn the_last_validator_stays() {
    chain(vec![1]).execute_with(|| {
        assert_noop!(
            Validators::remove(RuntimeOrigin::root(), 1),
            Error::<Runtime>::LastValidator
        );
        assert_noop!(
            Validators::remove(RuntimeOrigin::root(), 2),
            Error::<Runtime>::NotAdmitted
        );
    });
}

#[test]
#[should_panic(expected = "names an account twice")]
fn a_genesis_that_names_somebody_twice_is_refused() {
    chain(vec![1, 1]);
}

proptest! {
    #[test]
    fn no_sequence_of_calls_breaks_the_list(calls in proptest::collection::vec((any::<bool>(), 0u64..12), 0..100)) {
        chain(vec![1, 2, 3, 4]).execute_with(|| {
            for (admits, who) in calls {
                let before = Admitted::<Runtime>::get();
                let result = if admits {
                    Validators::admit(RuntimeOrigin::root(), who)
                } else {
                    Validators::remove(RuntimeOrigin::root(), who)
                };
                if result.is_err() {
                    assert_eq!(Admitted::<Runtime>::get(), before);
                }
                assert_ok!(Validators::do_try_state());
            }
        });
    }
}
