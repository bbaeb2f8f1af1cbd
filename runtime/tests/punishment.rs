//! What happens to a validator that was caught: from the evidence to an empty chair.

use frame_support::{assert_ok, dispatch::DispatchResult, traits::fungible::InspectHold};
use plume_primitives::{Balance, BlockNumber, pots, units::PLUME};
use plume_runtime::{configs::offences, *};
use sp_consensus_aura::{
    Slot,
    digests::CompatibleDigestItem,
    sr25519::{AuthorityId, AuthoritySignature},
};
use sp_consensus_slots::EquivocationProof;
use sp_core::{H256, Pair};
use sp_keyring::{
    Ed25519Keyring,
    Sr25519Keyring::{self, Alice, Bob, Charlie, Dave},
};
use sp_runtime::{
    BuildStorage, Digest, DigestItem, RuntimeAppPublic,
    traits::{Dispatchable, Header as _},
};
use sp_staking::offence::{Offence, ReportOffence};

const SLOT: u64 = 1_000;
const PARENT: H256 = H256::repeat_byte(7);

const BOND: Balance = 100_000 * PLUME;

/// A chain on which Alice, Bob, Charlie and Dave validate, each with a bond.
fn chain() -> sp_io::TestExternalities {
    let validators = [Alice, Bob, Charlie, Dave];
    let voters = [
        Ed25519Keyring::Alice,
        Ed25519Keyring::Bob,
        Ed25519Keyring::Charlie,
        Ed25519Keyring::Dave,
    ];
    let accounts: Vec<_> = validators.iter().map(|it| it.to_account_id()).collect();
    let mut balances: Vec<_> = accounts.iter().map(|it| (it.clone(), 2 * BOND)).collect();
    for pot in [
        pots::treasury(),
        pots::revenue_share(),
        pots::validator_rewards(),
    ] {
        balances.push((pot, PLUME));
    }
    let keys = accounts.iter().zip(validators).zip(voters);
    let keys = keys.map(|((account, aura), grandpa)| {
        let keys = SessionKeys {
            aura: aura.public().into(),
            grandpa: grandpa.public().into(),
        };
        (account.clone(), account.clone(), keys)
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
            validators: accounts,
            bond: BOND,
            ..Default::default()
        },
        ..Default::default()
    };
    genesis.build_storage().expect("genesis builds").into()
}

fn header(author: Sr25519Keyring, state: u8) -> Header {
    let pre_digest = <DigestItem as CompatibleDigestItem<()>>::aura_pre_digest(SLOT.into());
    let digest = Digest {
        logs: vec![pre_digest],
    };
    let mut header = Header::new(3, H256::zero(), H256::repeat_byte(state), PARENT, digest);
    let seal: AuthoritySignature = author.pair().sign(header.hash().as_ref()).into();
    header
        .digest_mut()
        .push(<DigestItem as CompatibleDigestItem<_>>::aura_seal(seal));
    header
}

/// A chain that stands at block 5, in the slot after the double seal.
fn after_the_deed(check: impl FnOnce()) {
    chain().execute_with(|| {
        System::set_block_number(5);
        frame_system::BlockHash::<Runtime>::insert(2, PARENT);
        pallet_aura::CurrentSlot::<Runtime>::put(Slot::from(SLOT + 1));
        check();
    });
}

/// Says that `author` has sealed two blocks in a slot, with the proof of who `owner` is.
fn evidence(author: Sr25519Keyring, owner: Sr25519Keyring) -> pallet_leadership::Call<Runtime> {
    use frame_support::traits::KeyOwnerProofSystem;
    let key = |of: Sr25519Keyring| AuthorityId::from(of.public());
    let ownership =
        Historical::prove((AuthorityId::ID, key(owner))).expect("it belongs to a validator");
    let evidence = EquivocationProof {
        offender: key(author),
        slot: SLOT.into(),
        first_header: header(author, 1),
        second_header: header(author, 2),
    };
    pallet_leadership::Call::report_double_seal {
        evidence: Box::new(evidence),
        ownership,
    }
}

fn carry(evidence: pallet_leadership::Call<Runtime>) -> DispatchResult {
    let origin = frame_system::RawOrigin::Authorized.into();
    match RuntimeCall::from(evidence).dispatch(origin) {
        Ok(_) => Ok(()),
        Err(failure) => Err(failure.error),
    }
}

fn report(author: Sr25519Keyring, owner: Sr25519Keyring) -> DispatchResult {
    carry(evidence(author, owner))
}

/// As a block's end does.
fn take_new_voters() {
    let number = System::block_number();
    <Grandpa as frame_support::traits::OnFinalize<BlockNumber>>::on_finalize(number);
}

fn next_session() {
    System::set_block_number(System::block_number() + 1);
    Session::rotate_session();
    take_new_voters();
}

/// Reports an offence of Bob's that somebody has proven.
fn offend<O: Offence<(AccountId, ())>>(offence: O) {
    Offences::report_offence(Vec::new(), offence).expect("it is new");
}

fn double_seal(slot: u64) -> pallet_leadership::double_seal::DoubleSealOffence<(AccountId, ())> {
    pallet_leadership::double_seal::DoubleSealOffence {
        slot,
        session: 0,
        validators: 4,
        offender: (Bob.to_account_id(), ()),
    }
}

/// How many reports the chain remembers.
fn remembered() -> usize {
    let reports = pallet_offences::Reports::<Runtime>::iter().count();
    let times = pallet_offences::ConcurrentReportsIndex::<Runtime>::iter_keys().count();
    assert_eq!(reports, times, "only Bob offends");
    reports
}

fn bond(of: Sr25519Keyring) -> Balance {
    let reason = pallet_validators::HoldReason::ValidatorBond.into();
    Balances::balance_on_hold(&reason, &of.to_account_id())
}

#[test]
fn a_double_seal_costs_the_bond_and_the_seat_and_not_a_planck_of_issuance() {
    after_the_deed(|| {
        let (before, issuance) = (bond(Bob), Balances::total_issuance());
        let treasury = Balances::free_balance(pots::treasury());
        assert_eq!(before, BOND);
        assert_ok!(report(Bob, Bob));
        // One of four: (3/4)² of the bond.
        assert_eq!(bond(Bob), before - before / 16 * 9);
        assert_eq!(
            Balances::free_balance(pots::treasury()),
            treasury + before / 16 * 9
        );
        assert_eq!(Balances::total_issuance(), issuance);
        let admitted = pallet_validators::Admitted::<Runtime>::get();
        assert!(!admitted.contains(&Bob.to_account_id()));
        assert_eq!(bond(Alice), before);
    });
}

#[test]
fn two_blocks_later_nobody_takes_the_culprits_votes_or_blocks() {
    use frame_support::traits::OnInitialize;
    after_the_deed(|| {
        assert_ok!(report(Bob, Bob));
        let sits = || Session::validators().contains(&Bob.to_account_id());
        assert!(sits());
        let grandpa_set = pallet_grandpa::CurrentSetId::<Runtime>::get();
        for number in 6u32..8 {
            System::set_block_number(number);
            Session::on_initialize(number);
            take_new_voters();
        }
        assert!(!sits());
        assert_eq!(pallet_aura::Authorities::<Runtime>::get().len(), 3);
        assert_eq!(Grandpa::grandpa_authorities().len(), 3);
        assert!(pallet_grandpa::CurrentSetId::<Runtime>::get() > grandpa_set);
    });
}

#[test]
fn a_proof_of_anothers_key_does_not_convict() {
    after_the_deed(|| {
        assert_eq!(
            report(Bob, Alice),
            Err(pallet_leadership::Error::<Runtime>::NotAValidatorsKey.into())
        );
    });
}

#[test]
fn the_same_deed_is_punished_once() {
    after_the_deed(|| {
        assert_ok!(report(Bob, Bob));
        assert_eq!(
            report(Bob, Bob),
            Err(pallet_leadership::Error::<Runtime>::KnownDoubleSeal.into())
        );
    });
}

#[test]
fn a_double_vote_is_remembered_for_as_long_as_its_voters_can_be_proven() {
    chain().execute_with(|| {
        for _ in 0..5 {
            next_session();
        }
        let session = Session::current_index();
        let time_slot = pallet_grandpa::TimeSlot {
            set_id: pallet_grandpa::CurrentSetId::<Runtime>::get(),
            round: 7,
        };
        offend(pallet_grandpa::EquivocationOffence {
            time_slot,
            session_index: session,
            validator_set_count: 4,
            offender: (Bob.to_account_id(), ()),
        });
        let mut sessions = 0;
        while Historical::historical_root(session).is_some() {
            assert_eq!(remembered(), 1, "after {sessions} sessions");
            next_session();
            sessions += 1;
        }
        assert_eq!(remembered(), 0);
        assert!(sessions > 1_000, "a week of sessions, not {sessions}");
    });
}

#[test]
fn a_double_seal_is_remembered_for_longer_than_it_can_be_proven() {
    after_the_deed(|| {
        assert_ok!(report(Bob, Bob));
        let seen_at = |slot: u64| {
            pallet_aura::CurrentSlot::<Runtime>::put(Slot::from(slot));
            next_session();
            remembered()
        };
        assert_eq!(seen_at(SLOT + offences::REMEMBERED_SLOTS), 1);
        assert_eq!(seen_at(SLOT + offences::REMEMBERED_SLOTS + 1), 0);
    });
}

#[test]
fn a_double_seal_that_was_forgotten_in_a_long_halt_cannot_be_reported_again() {
    after_the_deed(|| {
        let evidence = evidence(Bob, Bob);
        assert_ok!(carry(evidence.clone()));
        pallet_aura::CurrentSlot::<Runtime>::put(Slot::from(SLOT + offences::REMEMBERED_SLOTS + 1));
        next_session();
        assert_eq!(remembered(), 0);
        assert_eq!(
            carry(evidence),
            Err(pallet_leadership::Error::<Runtime>::ForeignOrOldEvidence.into())
        );
    });
}

#[test]
fn a_sessions_end_forgets_a_bounded_number_of_reports_and_in_time_all_old_ones() {
    chain().execute_with(|| {
        pallet_aura::CurrentSlot::<Runtime>::put(Slot::from(offences::REMEMBERED_SLOTS + 50));
        let (old, young) = (50, 20);
        for slot in 0..old + young {
            offend(double_seal(slot));
        }
        let mut before = remembered();
        while before > young as usize {
            next_session();
            let now = remembered();
            assert!(now <= before && before - now <= offences::LOOKED_AT);
            before = now;
            assert!(Session::current_index() < 100, "{before} are left");
        }
        next_session();
        assert_eq!(remembered(), young as usize);
    });
}

#[test]
fn a_bond_stays_on_hold_for_longer_than_an_offence_can_be_proven() {
    chain().execute_with(|| {
        use frame_support::traits::Get;
        let sessions: u64 = <Runtime as pallet_grandpa::Config>::MaxSetIdSessionEntries::get();
        let blocks = u64::from(pallet_validators::DEFAULT_SESSION_BLOCKS);
        let seconds = sessions * blocks * pallet_clock::SlotDurationMs::<Runtime>::get() / 1_000;
        assert!(u64::from(<Runtime as pallet_validators::Config>::UnbondingTime::get()) > seconds);
    });
}
