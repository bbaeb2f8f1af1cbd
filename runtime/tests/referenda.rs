//! Government by stake, from a proposal to its effect.

mod common;

use codec::{Decode, Encode};
use common::*;
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        Bounded, Get, Hooks, OnUnbalanced,
        fungible::{Balanced, Inspect},
        tokens::{Fortitude, Precision, Preservation},
    },
};
use pallet_conviction_voting::{Conviction, Error as VotingError};
use pallet_fees::Shares;
use plume_primitives::{pots, staking::BackersShare, units::PLUME};
use plume_runtime::{
    configs::{RuntimeParameters, dynamic_params::fee_model},
    governance::{LARGE_SPEND, SMALL_SPEND, origins::Origin},
    *,
};
use sp_core::traits::{ReadRuntimeVersion, ReadRuntimeVersionExt};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve, Ferdie};
use sp_runtime::{
    DispatchError, Perbill,
    traits::{BlakeTwo256, Hash as _},
};

fn set_shares(shares: Shares) -> pallet_parameters::Call<Runtime> {
    pallet_parameters::Call::set_parameter {
        key_value: RuntimeParameters::FeeModel(fee_model::Parameters::Shares(
            fee_model::Shares,
            Some(shares),
        )),
    }
}

fn burning(percent: u32) -> Shares {
    Shares {
        burn: Perbill::from_percent(percent),
        ..Default::default()
    }
}

/// What the chain burns of a base fee of a PLUME.
fn burned_of_one_plume() -> Balance {
    let before = pallet_fees::TotalBurned::<Runtime>::get();
    let fee = Balances::withdraw(
        &Ferdie.to_account_id(),
        PLUME,
        Precision::Exact,
        Preservation::Preserve,
        Fortitude::Polite,
    )
    .expect("Ferdie can pay");
    Fees::on_unbalanced(fee);
    Fees::on_finalize(System::block_number());
    pallet_fees::TotalBurned::<Runtime>::get() - before
}

#[test]
fn a_fee_change_takes_effect_by_a_vote_and_not_before() {
    chain().execute_with(|| {
        assert_eq!(burned_of_one_plume(), PLUME / 2);
        assert_ok!(stake(Eve, HOLDING / 2));
        pass(
            OriginCaller::Origins(Origin::FeeModel),
            set_shares(burning(75)),
        );
        assert_eq!(burned_of_one_plume(), PLUME / 2, "it is not enacted yet");
        assert_ok!(enactment());
        assert_eq!(fee_model::Shares::get(), burning(75));
        assert_eq!(burned_of_one_plume(), PLUME / 4 * 3);
    });
}

#[test]
fn what_backers_get_is_voted_for_too_and_never_exceeds_nine_tenths() {
    chain().execute_with(|| {
        let part = <Runtime as pallet_validators::Config>::BackersShare::get;
        assert_eq!(part(), Perbill::from_percent(30));
        assert_ok!(stake(Eve, HOLDING / 2));
        let most = BackersShare::at_most_max(Perbill::one());
        let change = pallet_parameters::Call::set_parameter {
            key_value: RuntimeParameters::FeeModel(fee_model::Parameters::BackersShare(
                fee_model::BackersShare,
                Some(most),
            )),
        };
        pass(OriginCaller::Origins(Origin::FeeModel), change);
        assert_ok!(enactment());
        assert_eq!(part(), Perbill::from_percent(90));
    });
}

#[test]
fn a_vote_against_with_more_stake_rejects() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, HOLDING / 4));
        assert_ok!(stake(Ferdie, HOLDING / 2));
        let index = propose(
            OriginCaller::Origins(Origin::FeeModel),
            set_shares(burning(75)),
        );
        assert_ok!(vote(Eve, index, true, HOLDING / 4));
        assert_ok!(vote(Ferdie, index, false, HOLDING / 2));
        wait_until(200, || {
            matches!(
                pallet_referenda::ReferendumInfoFor::<Runtime>::get(index),
                Some(pallet_referenda::ReferendumInfo::Rejected(..))
            )
        });
        assert_eq!(fee_model::Shares::get(), Shares::default());
    });
}

#[test]
fn little_stake_decides_nothing_on_a_chain_where_nobody_else_has_staked() {
    chain().execute_with(|| {
        let little = 100_000 * PLUME;
        assert_ok!(stake(Eve, little));
        let index = propose(
            OriginCaller::Origins(Origin::FeeModel),
            set_shares(burning(75)),
        );
        assert_ok!(vote(Eve, index, true, little));
        wait_until(200, || {
            matches!(
                pallet_referenda::ReferendumInfoFor::<Runtime>::get(index),
                Some(pallet_referenda::ReferendumInfo::Rejected(..))
            )
        });
    });
}

/// The next version of this runtime, as whoever reads it from a blob would find.
struct NextVersion;

impl ReadRuntimeVersion for NextVersion {
    fn read_runtime_version(
        &self,
        _: &[u8],
        _: &mut dyn sp_core::traits::Externalities,
    ) -> Result<Vec<u8>, String> {
        let next = sp_version::RuntimeVersion {
            spec_version: VERSION.spec_version + 1,
            ..VERSION
        };
        Ok(next.encode())
    }
}

#[test]
fn a_runtime_upgrade_is_authorised_by_a_vote_and_brought_by_anybody() {
    let mut chain = chain();
    chain.register_extension(ReadRuntimeVersionExt::new(NextVersion));
    chain.execute_with(|| {
        let code = vec![7; 100_000];
        let code_hash = BlakeTwo256::hash(&code);
        let bring = frame_system::Call::apply_authorized_upgrade { code: code.clone() };
        assert_ok!(stake(Eve, HOLDING / 2));
        assert_noop!(
            dispatch(bring.clone(), signed(Bob)),
            frame_system::Error::<Runtime>::NothingAuthorized
        );
        pass(root(), frame_system::Call::authorize_upgrade { code_hash });
        assert_ok!(enactment());
        let other = frame_system::Call::apply_authorized_upgrade { code: vec![8] };
        assert_noop!(
            dispatch(other, signed(Bob)),
            frame_system::Error::<Runtime>::Unauthorized
        );
        assert_ok!(dispatch(bring, signed(Bob)));
        let now = sp_io::storage::get(sp_core::storage::well_known_keys::CODE);
        assert_eq!(now.map(|code| code.to_vec()), Some(code));
    });
}

#[test]
fn what_is_not_at_stake_does_not_vote() {
    chain().execute_with(|| {
        let index = propose(
            OriginCaller::Origins(Origin::FeeModel),
            set_shares(burning(75)),
        );
        let too_much = VotingError::<Runtime>::InsufficientFunds;
        assert_noop!(vote(Eve, index, true, HOLDING / 2), too_much);
        assert_noop!(
            vote(Eve, index, true, 1),
            VotingError::<Runtime>::InsufficientFunds
        );
        assert_ok!(stake(Eve, HOLDING / 4));
        assert_noop!(
            vote(Eve, index, true, HOLDING / 4 + 1),
            VotingError::<Runtime>::InsufficientFunds
        );
        assert_ok!(vote(Eve, index, true, HOLDING / 4));
    });
}

#[test]
fn what_is_unstaking_does_not_vote_and_what_votes_is_not_unstaked() {
    chain().execute_with(|| {
        let index = propose(
            OriginCaller::Origins(Origin::FeeModel),
            set_shares(burning(75)),
        );
        assert_ok!(stake(Eve, HOLDING / 4));
        let unstake = |amount| dispatch(pallet_stake::Call::unstake { amount }, signed(Eve));
        assert_ok!(unstake(HOLDING / 8));
        assert_noop!(
            vote(Eve, index, true, HOLDING / 4),
            VotingError::<Runtime>::InsufficientFunds
        );
        assert_ok!(vote(Eve, index, true, HOLDING / 8));
        assert_noop!(unstake(1), pallet_stake::Error::<Runtime>::Locked);
    });
}

#[test]
fn nothing_votes_twice_by_delegation() {
    let class = governance::tracks::FEE_MODEL;
    let delegate = |from, to: sp_keyring::Sr25519Keyring, balance| {
        dispatch(
            pallet_conviction_voting::Call::delegate {
                class,
                to: to.to_account_id().into(),
                conviction: Conviction::Locked1x,
                balance,
            },
            signed(from),
        )
    };
    chain().execute_with(|| {
        let index = propose(
            OriginCaller::Origins(Origin::FeeModel),
            set_shares(burning(75)),
        );
        assert_noop!(
            delegate(Eve, Ferdie, PLUME),
            VotingError::<Runtime>::InsufficientFunds
        );
        assert_ok!(stake(Eve, HOLDING / 4));
        assert_ok!(stake(Ferdie, HOLDING / 8));
        assert_noop!(
            delegate(Eve, Ferdie, HOLDING / 4 + 1),
            VotingError::<Runtime>::InsufficientFunds
        );
        assert_ok!(delegate(Eve, Ferdie, HOLDING / 4));
        assert_noop!(
            delegate(Eve, Bob, HOLDING / 4),
            VotingError::<Runtime>::AlreadyDelegating
        );
        assert_noop!(
            vote(Eve, index, true, HOLDING / 4),
            VotingError::<Runtime>::AlreadyDelegating
        );
        // Ferdie's vote carries both, once; what was delegated to him he cannot delegate on.
        assert_noop!(
            vote(Ferdie, index, true, HOLDING / 4),
            VotingError::<Runtime>::InsufficientFunds
        );
        assert_ok!(vote(Ferdie, index, true, HOLDING / 8));
        let tally = Referenda::ensure_ongoing(index).expect("it goes on").tally;
        assert_eq!(tally.support, HOLDING / 4 + HOLDING / 8);
        assert_noop!(
            delegate(Ferdie, Bob, HOLDING / 8),
            VotingError::<Runtime>::AlreadyVoting
        );
        // What is delegated stays at stake.
        let unstake = pallet_stake::Call::unstake { amount: PLUME };
        assert_noop!(
            dispatch(unstake, signed(Eve)),
            pallet_stake::Error::<Runtime>::Locked
        );
    });
}

#[test]
fn a_burn_share_below_half_can_be_neither_sent_nor_enacted() {
    chain().execute_with(|| {
        let good = RuntimeCall::from(set_shares(burning(50))).encode();
        let bad = RuntimeCall::from(set_shares(burning(49))).encode();
        assert!(RuntimeCall::decode(&mut &good[..]).is_ok());
        assert!(RuntimeCall::decode(&mut &bad[..]).is_err());

        // Holders who agree on it unanimously do not get it either.
        assert_ok!(stake(Eve, HOLDING / 2));
        let (hash, len) = (BlakeTwo256::hash(&bad), bad.len() as u32);
        assert_ok!(dispatch(
            pallet_preimage::Call::note_preimage { bytes: bad },
            signed(Eve)
        ));
        let index = propose_bounded(
            OriginCaller::Origins(Origin::FeeModel),
            Bounded::Lookup { hash, len },
        );
        assert_ok!(vote(Eve, index, true, HOLDING / 2));
        wait_until(200, || {
            has_event(|event| {
                matches!(
                    event,
                    RuntimeEvent::Scheduler(pallet_scheduler::Event::CallUnavailable { .. })
                )
            })
        });
        assert_eq!(fee_model::Shares::get(), Shares::default());
    });
}

#[test]
fn a_track_decides_what_is_its_own_and_nothing_else() {
    let spend = |amount| {
        RuntimeCall::from(pallet_treasury::Call::spend {
            asset_kind: Box::new(()),
            amount,
            beneficiary: Box::new(Bob.to_account_id()),
            valid_from: None,
        })
    };
    let shares = RuntimeCall::from(set_shares(burning(60)));
    let bond = RuntimeCall::from(pallet_validators::Call::set_minimum_bond { amount: PLUME });
    let may = |origin: Origin, call: &RuntimeCall| {
        let result = dispatch(call.clone(), origin.into());
        let refusals = [
            DispatchError::BadOrigin,
            pallet_treasury::Error::<Runtime>::InsufficientPermission.into(),
        ];
        assert!(
            result.is_ok() || refusals.contains(&result.unwrap_err()),
            "{result:?}"
        );
        result.is_ok()
    };
    chain().execute_with(|| {
        for origin in [
            Origin::FeeModel,
            Origin::ValidatorAdmission,
            Origin::CompliancePolicy,
            Origin::TreasurySmall,
            Origin::TreasuryLarge,
            Origin::Emergency,
        ] {
            assert_eq!(may(origin, &shares), origin == Origin::FeeModel);
            assert_eq!(may(origin, &bond), origin == Origin::ValidatorAdmission);
            let (small, large) = (
                origin == Origin::TreasurySmall || origin == Origin::TreasuryLarge,
                origin == Origin::TreasuryLarge,
            );
            assert_eq!(may(origin, &spend(SMALL_SPEND)), small);
            assert_eq!(may(origin, &spend(SMALL_SPEND + 1)), large);
            assert_eq!(may(origin, &spend(LARGE_SPEND)), large);
            assert!(!may(origin, &spend(LARGE_SPEND + 1)));
            let upgrade = frame_system::Call::authorize_upgrade {
                code_hash: Default::default(),
            };
            assert!(!may(origin, &upgrade.into()));
        }
    });
}

#[test]
fn a_spend_is_paid_from_the_pot_that_fees_go_to_and_never_ends_it() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, HOLDING / 2));
        let spend = |amount| pallet_treasury::Call::spend {
            asset_kind: Box::new(()),
            amount,
            beneficiary: Box::new(Alice.to_account_id()),
            valid_from: None,
        };
        pass(
            OriginCaller::Origins(Origin::TreasurySmall),
            spend(SMALL_SPEND),
        );
        assert_ok!(enactment());
        let (before, pot) = (
            Balances::balance(&Alice.to_account_id()),
            Balances::balance(&pots::treasury()),
        );
        assert_ok!(Treasury::payout(signed(Bob), 0));
        assert_eq!(
            Balances::balance(&Alice.to_account_id()),
            before + SMALL_SPEND
        );
        assert_eq!(Balances::balance(&pots::treasury()), pot - SMALL_SPEND);

        assert_ok!(dispatch(spend(pot - SMALL_SPEND), RuntimeOrigin::root()));
        assert_noop!(
            Treasury::payout(signed(Bob), 1),
            pallet_treasury::Error::<Runtime>::PayoutError
        );
    });
}

#[test]
fn a_validator_is_admitted_by_its_track() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, HOLDING / 2));
        let keys = SessionKeys {
            aura: Ferdie.public().into(),
            grandpa: sp_keyring::Ed25519Keyring::Ferdie.public().into(),
        };
        pallet_session::NextKeys::<Runtime>::insert(Ferdie.to_account_id(), keys);
        let apply = pallet_validators::Call::apply {
            lei_hash: Default::default(),
            bond: 100_000 * PLUME,
        };
        assert_ok!(dispatch(apply, signed(Ferdie)));
        let validator = Ferdie.to_account_id();
        pass(
            OriginCaller::Origins(Origin::ValidatorAdmission),
            pallet_validators::Call::admit {
                validator: validator.clone(),
            },
        );
        assert_ok!(enactment());
        assert!(pallet_validators::Admitted::<Runtime>::get().contains(&validator));
    });
}
