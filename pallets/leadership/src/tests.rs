use crate::{self as pallet_leadership, rotation::*, *};
use codec::Encode;
use frame_support::{
    assert_noop, assert_ok, derive_impl,
    dispatch::Pays,
    traits::{Authorize, FindAuthor, Hooks, OneSessionHandler},
};
use frame_system::RawOrigin;
use sp_consensus_aura::{AURA_ENGINE_ID, sr25519::AuthorityId};
use sp_core::{H256, Pair, sr25519};
use sp_runtime::{
    BuildStorage, Digest, DigestItem,
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
};

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

impl Config for Runtime {
    type WeightInfo = ();
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
