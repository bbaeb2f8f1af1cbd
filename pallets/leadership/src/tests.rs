use crate::double_seal::{
    DoubleSealOffence, KeyOf, MAX_AGE_SLOTS, MAX_HEADER_BYTES, SESSIONS_BACK,
};
use crate::{self as pallet_leadership, rotation::*, *};
use codec::Encode;
use frame_support::{
    assert_noop, assert_ok, derive_impl,
    dispatch::Pays,
    traits::{Authorize, FindAuthor, Get, Hooks, KeyOwnerProofSystem, OneSessionHandler},
};
use frame_system::RawOrigin;
use plume_primitives::validators::OnAlive;
use sp_consensus_aura::digests::CompatibleDigestItem;
use sp_consensus_aura::{AURA_ENGINE_ID, sr25519::AuthorityId};
use sp_core::{H256, Pair, sr25519};
use sp_runtime::{
    BuildStorage, Digest, DigestItem, Perbill,
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
};

use sp_session::MembershipProof;
use sp_staking::{
    SessionIndex,
    offence::{Offence, OffenceError, ReportOffence},
};
use std::cell::{Cell, RefCell};

#[frame_support::runtime]
mod mock {
    #[runtime::runtime]
    #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(3)]
    pub type Leadership = pallet_leadership;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Runtime {}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuthorityId;
    type MaxAuthorities = frame_support::traits::ConstU32<MAX_MEMBERS>;
    type DisabledValidators = ();
    type AllowMultipleBlocksPerSlot = frame_support::traits::ConstBool<false>;
    type SlotDuration = frame_support::traits::ConstU64<250>;
}

thread_local! {
    static SESSION: Cell<SessionIndex> = const { Cell::new(20) };
    static REPORTED: RefCell<Vec<DoubleSealOffence<u64>>> = const { RefCell::new(Vec::new()) };
    static ALIVE: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

pub struct Alive;
impl OnAlive<u64> for Alive {
    fn on_alive(who: &u64) {
        ALIVE.with_borrow_mut(|alive| alive.push(*who));
    }
}

pub struct CurrentSession;
impl Get<SessionIndex> for CurrentSession {
    fn get() -> SessionIndex {
        SESSION.get()
    }
}

/// Whoever is a member now was one in every session.
pub struct Owners;
impl KeyOwnerProofSystem<KeyOf<Runtime>> for Owners {
    type Proof = MembershipProof;
    type IdentificationTuple = u64;

    fn prove((_, key): KeyOf<Runtime>) -> Option<MembershipProof> {
        Self::check_proof((AuthorityId::ID, key), ownership(0))?;
        Some(ownership(SESSION.get()))
    }
    fn check_proof((id, key): KeyOf<Runtime>, _: MembershipProof) -> Option<u64> {
        let members = Members::<Runtime>::get();
        let owner = members.iter().find(|member| member.key == key)?;
        (id == AuthorityId::ID).then_some(owner.account)
    }
}

/// Keeps what is reported.
pub struct Reports;
impl ReportOffence<u64, u64, DoubleSealOffence<u64>> for Reports {
    fn report_offence(_: Vec<u64>, offence: DoubleSealOffence<u64>) -> Result<(), OffenceError> {
        REPORTED.with_borrow_mut(|reported| reported.push(offence));
        Ok(())
    }
    fn is_known_offence(offenders: &[u64], slot: &Slot) -> bool {
        REPORTED.with_borrow(|reported| {
            reported
                .iter()
                .any(|known| offenders == [known.offender] && known.slot == *slot)
        })
    }
}

impl Config for Runtime {
    type OnAlive = Alive;
    type CurrentSession = CurrentSession;
    type KeyOwnerProof = MembershipProof;
    type KeyOwners = Owners;
    type ReportOffence = Reports;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Owners;
}

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AuthorityId, MembershipProof> for Owners {
    fn full_session_with(_: AuthorityId) -> MembershipProof {
        ownership(SESSION.get())
    }
}

fn ownership(session: SessionIndex) -> MembershipProof {
    MembershipProof {
        session,
        trie_nodes: Vec::new(),
        validator_count: 4,
    }
}

fn pair(account: u64) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[account as u8; 32])
}

fn key(account: u64) -> AuthorityId {
    pair(account).public().into()
}

fn session(accounts: &[u64]) -> Vec<(u64, AuthorityId)> {
    accounts.iter().map(|it| (*it, key(*it))).collect()
}

fn new_session(accounts: &[u64]) {
    let list = session(accounts);
    let list = || list.iter().map(|(account, key)| (account, key.clone()));
    <Leadership as OneSessionHandler<u64>>::on_new_session(true, list(), list());
}

/// A chain on which 1, 2, 3 and 4 are the validators.
fn chain() -> sp_io::TestExternalities {
    let storage = frame_system::GenesisConfig::<Runtime>::default()
        .build_storage()
        .expect("genesis builds");
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| {
        frame_system::BlockHash::<Runtime>::insert(0, H256::repeat_byte(7));
        let list = session(&[1, 2, 3, 4]);
        let list = list.iter().map(|(account, key)| (account, key.clone()));
        <Leadership as OneSessionHandler<u64>>::on_genesis_session(list);
    });
    ext
}

/// Begins the block of a slot; answers who sealed it.
fn seal(slot: Slot) -> u64 {
    let digest = Digest {
        logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())],
    };
    let number = System::block_number() + 1;
    System::reset_events();
    System::initialize(&number, &H256::repeat_byte(7), &digest);
    let author = pallet_leadership::Author::<Runtime>::find_author(
        digest.logs.iter().filter_map(DigestItem::as_pre_runtime),
    );
    Aura::on_initialize(number);
    Leadership::on_initialize(number);
    assert_ok!(Leadership::do_try_state());
    author.expect("every slot has an author")
}

fn authors() -> Vec<u64> {
    let members = Members::<Runtime>::get();
    pallet_aura::Authorities::<Runtime>::get()
        .iter()
        .filter_map(|key| members.iter().find(|member| member.key == *key))
        .map(|member| member.account)
        .collect()
}

fn events() -> Vec<Event<Runtime>> {
    System::read_events_for_pallet::<Event<Runtime>>()
}

/// The heartbeat of a validator, signed with the key of `signer`.
fn heartbeat(account: u64, signer: u64) -> Call<Runtime> {
    let (member, heard, payload) = Leadership::heartbeat_due(&key(account)).expect("it is out");
    Call::heartbeat {
        member,
        heard,
        signature: pair(signer).sign(&payload).into(),
    }
}

fn authorized(call: &Call<Runtime>) -> Result<(), TransactionValidityError> {
    call.authorize(TransactionSource::External)
        .expect("the call is authorised by what it carries")
        .map(drop)
}

fn carry(call: Call<Runtime>) -> sp_runtime::DispatchResult {
    match call {
        Call::heartbeat {
            member,
            heard,
            signature,
        } => Leadership::heartbeat(RawOrigin::Authorized.into(), member, heard, signature),
        Call::report_double_seal {
            evidence,
            ownership,
        } => Leadership::report_double_seal(RawOrigin::Authorized.into(), evidence, ownership),
    }
}

#[test]
fn the_block_after_a_missed_slot_takes_its_author_out_of_auras_list() {
    chain().execute_with(|| {
        assert_eq!(seal(100), 1);
        assert_eq!(seal(102), 3);
        assert_eq!(authors(), [1, 3, 4]);
        assert_eq!(
            events(),
            [Event::Evicted {
                validator: 2,
                term: 2,
                until: 102
            }]
        );
        // One slot was lost; from now on none is.
        let sealed: Vec<_> = (103..109).map(seal).collect();
        assert_eq!(sealed, [3, 4, 1, 3, 4, 1].map(|it: u64| it).to_vec());
    });
}

#[test]
fn a_block_belongs_to_the_author_by_the_rotation_it_was_sealed_under() {
    chain().execute_with(|| {
        seal(100);
        // Of four, slot 103 is the fourth's; of the two that are left in between it would be another's.
        assert_eq!(seal(103), 4);
    });
}

#[test]
fn a_signed_heartbeat_brings_a_validator_back() {
    chain().execute_with(|| {
        seal(100);
        seal(102);
        let call = heartbeat(2, 2);
        assert_ok!(authorized(&call));
        System::reset_events();
        assert_ok!(carry(call.clone()));
        assert_eq!(authors(), [1, 3, 4, 2]);
        assert_eq!(
            events(),
            [Event::Returned {
                validator: 2,
                term: 3
            }]
        );
        assert_ok!(Leadership::do_try_state());
        assert_eq!(ALIVE.with_borrow(Vec::clone), [2]);
        // Once is enough.
        assert_noop!(carry(call), Error::<Runtime>::NotOut);
        assert_eq!(Leadership::heartbeat_due(&key(2)), None);
    });
}

#[test]
fn a_heartbeat_needs_the_signature_of_the_validator_it_speaks_for() {
    chain().execute_with(|| {
        seal(100);
        seal(102);
        let forged = heartbeat(2, 3);
        assert_eq!(
            authorized(&forged),
            Err(InvalidTransaction::BadProof.into())
        );
        assert_noop!(
            Leadership::heartbeat(
                RawOrigin::Signed(2).into(),
                1,
                102,
                pair(2).sign(b"anything").into()
            ),
            sp_runtime::DispatchError::BadOrigin
        );
    });
}

#[test]
fn a_heartbeat_is_good_for_one_eviction_on_one_chain() {
    chain().execute_with(|| {
        seal(100);
        seal(102);
        let old = heartbeat(2, 2);
        assert_ok!(carry(old.clone()));
        // It is evicted again: the old words do not bring it back.
        seal(103);
        seal(104);
        let slot = (105..120)
            .find(|slot| Leaders::<Runtime>::get().author(*slot) == Some(1))
            .expect("its turn comes");
        for slot in 105..slot {
            seal(slot);
        }
        seal(slot + 1);
        if !authors().contains(&2) {
            assert_eq!(authorized(&old), Err(InvalidTransaction::Stale.into()));
        }
        // Nor does a signature that was made for another chain.
        frame_system::BlockHash::<Runtime>::insert(0, H256::repeat_byte(8));
        let call = heartbeat(2, 2);
        frame_system::BlockHash::<Runtime>::insert(0, H256::repeat_byte(7));
        assert_eq!(authorized(&call), Err(InvalidTransaction::BadProof.into()));
    });
}

#[test]
fn a_heartbeat_costs_its_carrier_nothing_and_is_weighed() {
    use frame_support::dispatch::GetDispatchInfo;
    chain().execute_with(|| {
        seal(100);
        seal(102);
        let info = heartbeat(2, 2).get_dispatch_info();
        assert_eq!(info.pays_fee, Pays::No);
        assert!(info.call_weight.ref_time() > 0);
    });
}

#[test]
fn a_changed_session_begins_with_everybody_and_an_unchanged_one_changes_nothing() {
    chain().execute_with(|| {
        seal(100);
        seal(102);
        System::reset_events();
        new_session(&[1, 2, 3, 4]);
        assert_eq!(authors(), [1, 3, 4]);
        assert!(events().is_empty());
        new_session(&[1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(authors(), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(
            events(),
            [Event::Restored {
                validators: 7,
                term: 3
            }]
        );
        assert_ok!(Leadership::do_try_state());
    });
}

#[test]
fn a_rotated_key_is_a_changed_session() {
    chain().execute_with(|| {
        let list = [(1, key(1)), (2, key(9)), (3, key(3)), (4, key(4))];
        let list = || list.iter().map(|(account, key)| (account, key.clone()));
        <Leadership as OneSessionHandler<u64>>::on_new_session(false, list(), list());
        assert!(pallet_aura::Authorities::<Runtime>::get().contains(&key(9)));
        assert_ok!(Leadership::do_try_state());
    });
}

#[test]
fn an_empty_session_leaves_the_rotation_alone() {
    chain().execute_with(|| {
        new_session(&[]);
        assert_eq!(authors(), [1, 2, 3, 4]);
    });
}

type Header = frame_system::pallet_prelude::HeaderFor<Runtime>;

/// The header of a block in a slot, sealed with this account's key.
fn sealed_header(account: u64, slot: Slot, number: u64, parent: H256, state: u8) -> Header {
    use sp_runtime::traits::Header as _;
    let pre_digest = <DigestItem as CompatibleDigestItem<()>>::aura_pre_digest(slot.into());
    let mut header = Header::new(
        number,
        H256::zero(),
        H256::repeat_byte(state),
        parent,
        Digest {
            logs: vec![pre_digest],
        },
    );
    let signature: SignatureOf<Runtime> = pair(account).sign(header.hash().as_ref()).into();
    header
        .digest_mut()
        .push(<DigestItem as CompatibleDigestItem<_>>::aura_seal(
            signature,
        ));
    header
}

/// What the chain on which slots 100 and 101 were sealed remembers of block 1.
const BLOCK_1: H256 = H256::repeat_byte(11);

/// 2 has sealed slot 101 twice, on block 1.
fn double_seal() -> EvidenceOf<Runtime> {
    EvidenceOf::<Runtime> {
        offender: key(2),
        slot: 101.into(),
        first_header: sealed_header(2, 101, 2, BLOCK_1, 1),
        second_header: sealed_header(2, 101, 2, BLOCK_1, 2),
    }
}

fn report(evidence: EvidenceOf<Runtime>) -> Call<Runtime> {
    Call::report_double_seal {
        evidence: Box::new(evidence),
        ownership: ownership(SESSION.get()),
    }
}

/// A chain at block 3, in slot 102.
fn chain_that_remembers() -> sp_io::TestExternalities {
    REPORTED.with_borrow_mut(Vec::clear);
    let mut ext = chain();
    ext.execute_with(|| {
        for slot in 100..103 {
            seal(slot);
        }
        frame_system::BlockHash::<Runtime>::insert(1, BLOCK_1);
        System::reset_events();
    });
    ext
}

#[test]
fn two_seals_in_one_slot_are_an_offence_and_it_counts_once() {
    chain_that_remembers().execute_with(|| {
        let call = report(double_seal());
        assert_ok!(authorized(&call));
        assert_ok!(carry(call.clone()));
        let offence = DoubleSealOffence {
            slot: 101,
            session: 20,
            validators: 4,
            offender: 2,
        };
        assert!(REPORTED.with_borrow(|reported| reported.iter().eq([&offence])));
        assert_eq!(offence.slash_fraction(1), Perbill::from_rational(9u32, 16));
        assert_eq!(
            events(),
            [Event::DoubleSealProven {
                key: key(2),
                slot: 101
            }]
        );
        assert_eq!(authorized(&call), Err(InvalidTransaction::Stale.into()));
        assert_noop!(carry(call), Error::<Runtime>::KnownDoubleSeal);
        // Nor does another pair of the same slot.
        let mut other = double_seal();
        other.second_header = sealed_header(2, 101, 2, BLOCK_1, 3);
        assert_noop!(carry(report(other)), Error::<Runtime>::KnownDoubleSeal);
    });
}

#[test]
fn evidence_that_proves_nothing_is_refused() {
    chain_that_remembers().execute_with(|| {
        let refused = |change: fn(&mut EvidenceOf<Runtime>), error: Error<Runtime>| {
            let mut evidence = double_seal();
            change(&mut evidence);
            let call = report(evidence);
            assert!(authorized(&call).is_err());
            assert_noop!(carry(call), error);
        };
        // One block is no offence, however often it is shown.
        refused(
            |it| it.second_header = it.first_header.clone(),
            Error::NoDoubleSeal,
        );
        // Two slots of the same author.
        refused(
            |it| it.second_header = sealed_header(2, 105, 2, BLOCK_1, 2),
            Error::NoDoubleSeal,
        );
        // The other block is somebody else's.
        refused(
            |it| it.second_header = sealed_header(3, 101, 2, BLOCK_1, 2),
            Error::NoDoubleSeal,
        );
        // A seal that was cut off, and one that is of another header.
        refused(
            |it| drop(it.second_header.digest.pop()),
            Error::NoDoubleSeal,
        );
        refused(
            |it| it.second_header.state_root = H256::repeat_byte(9),
            Error::NoDoubleSeal,
        );
        // A slot that is yet to come.
        refused(
            |it| {
                it.slot = 200.into();
                it.first_header = sealed_header(2, 200, 2, BLOCK_1, 1);
                it.second_header = sealed_header(2, 200, 2, BLOCK_1, 2);
            },
            Error::NoDoubleSeal,
        );
        // A key that is nobody's.
        refused(
            |it| {
                it.offender = key(9);
                it.first_header = sealed_header(9, 101, 2, BLOCK_1, 1);
                it.second_header = sealed_header(9, 101, 2, BLOCK_1, 2);
            },
            Error::NotAValidatorsKey,
        );
        // Longer than any honest header.
        refused(
            |it| {
                let filler = DigestItem::Other(vec![0; MAX_HEADER_BYTES]);
                it.second_header.digest.logs.insert(0, filler);
            },
            Error::NoDoubleSeal,
        );
        assert!(REPORTED.with_borrow(Vec::is_empty));
    });
}

#[test]
fn a_double_seal_on_another_chain_convicts_nobody_here() {
    chain_that_remembers().execute_with(|| {
        let parent = H256::repeat_byte(99);
        let mut foreign = double_seal();
        foreign.first_header = sealed_header(2, 101, 2, parent, 1);
        foreign.second_header = sealed_header(2, 101, 2, parent, 2);
        assert_noop!(
            carry(report(foreign.clone())),
            Error::<Runtime>::ForeignOrOldEvidence
        );
        // One that was built on our block is enough: the other may be on a fork that we never saw.
        foreign.first_header = sealed_header(2, 101, 2, BLOCK_1, 1);
        assert_ok!(carry(report(foreign)));
    });
}

#[test]
fn evidence_is_too_old_when_the_chain_has_forgotten_its_parent_or_its_session() {
    chain_that_remembers().execute_with(|| {
        let of_session = |session| Call::<Runtime>::report_double_seal {
            evidence: Box::new(double_seal()),
            ownership: ownership(session),
        };
        for session in [20 - SESSIONS_BACK - 1, 21] {
            assert_noop!(
                carry(of_session(session)),
                Error::<Runtime>::ForeignOrOldEvidence
            );
        }
        frame_system::BlockHash::<Runtime>::remove(1);
        assert_noop!(
            carry(of_session(20)),
            Error::<Runtime>::ForeignOrOldEvidence
        );
        frame_system::BlockHash::<Runtime>::insert(1, BLOCK_1);
        assert_ok!(carry(of_session(20 - SESSIONS_BACK)));
    });
}

#[test]
fn evidence_of_a_slot_of_long_ago_is_refused_whatever_block_it_is_on() {
    chain_that_remembers().execute_with(|| {
        let now_is = |slot: u64| {
            pallet_aura::CurrentSlot::<Runtime>::put(sp_consensus_aura::Slot::from(slot));
        };
        let call = report(double_seal());
        now_is(101 + MAX_AGE_SLOTS + 1);
        assert_eq!(authorized(&call), Err(InvalidTransaction::Stale.into()));
        assert_noop!(carry(call.clone()), Error::<Runtime>::ForeignOrOldEvidence);
        // Not even its seals are looked at.
        let mut unsealed = double_seal();
        unsealed.second_header.digest.pop();
        assert_noop!(
            carry(report(unsealed)),
            Error::<Runtime>::ForeignOrOldEvidence
        );
        now_is(101 + MAX_AGE_SLOTS);
        assert_ok!(authorized(&call));
        assert_ok!(carry(call));
    });
}

#[test]
fn a_third_of_the_validators_in_one_slot_lose_everything() {
    let offence = DoubleSealOffence {
        slot: 1,
        session: 1,
        validators: 6,
        offender: 1,
    };
    assert_eq!(offence.slash_fraction(1), Perbill::from_percent(25));
    assert_eq!(offence.slash_fraction(2), Perbill::one());
}
