//! A chain with a bank that issues, and subjects that a test may freeze.

use crate::{self as pallet_credentials, *};
use frame_support::{derive_impl, traits::ConstU32, weights::Weight};
use plume_circuits::{
    FieldBytes,
    tree::{Group, TreeHasher},
};
use plume_primitives::{
    Seconds,
    compliance::{Jurisdiction, Lists, Risk, SubjectId, SubjectKind, Tier},
    credentials::{Claims, Reach},
    regulation::{CaseId, Freezes},
};
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::{
    AccountId32, BuildStorage, MultiSignature, MultiSigner,
    traits::{BlockNumberProvider, IdentityLookup},
};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Credentials = pallet_credentials;
}

pub const START: Seconds = 100;
pub const ROOT_DELAY: Seconds = 60;
pub const MAX_ROOTS: u32 = 8;
pub const MAX_ISSUERS: u32 = 3;
pub const MAX_BATCH: u32 = 4;
pub const MAX_ACCOUNTS: u32 = 3;
pub const MAX_VALIDITY: Seconds = 20_000;
pub const MAX_OFFER_TIME: Seconds = 500;
pub const RETENTION: Seconds = 1_000;
pub const QUOTA: u32 = 20;

thread_local! {
    static NOW: Cell<Seconds> = const { Cell::new(0) };
    static FROZEN: RefCell<BTreeSet<SubjectId>> = const { RefCell::new(BTreeSet::new()) };
    static LISTED: RefCell<BTreeSet<SubjectId>> = const { RefCell::new(BTreeSet::new()) };
}

pub struct Time;
impl BlockNumberProvider for Time {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        NOW.get()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn set_block_number(now: Seconds) {
        NOW.set(now);
    }
}

/// A list that names whom a test puts on it.
pub struct Listed;
impl Lists for Listed {
    fn names(subject: &SubjectId) -> bool {
        LISTED.with_borrow(|listed| listed.contains(subject))
    }
}

/// Freezes whom a test freezes.
pub struct Frozen;
impl Freezes for Frozen {
    fn is_frozen(subject: &SubjectId) -> bool {
        FROZEN.with_borrow(|frozen| frozen.contains(subject))
    }
    fn any_subject() -> bool {
        FROZEN.with_borrow(|frozen| !frozen.is_empty())
    }
    fn is_amount_frozen(_: CaseId) -> bool {
        false
    }
    fn weight() -> Weight {
        Weight::from_parts(1, 0)
    }
}

/// Quicker than Poseidon without optimisation; the tree is the same.
pub struct Quick;
impl TreeHasher for Quick {
    fn leaf(parts: &[FieldBytes; 4]) -> FieldBytes {
        FieldBytes::from_hash(blake2_256(&codec::Encode::encode(&(1u8, parts))))
    }
    fn node(children: &Group) -> FieldBytes {
        FieldBytes::from_hash(blake2_256(&codec::Encode::encode(&(2u8, children))))
    }
}

#[cfg(feature = "runtime-benchmarks")]
pub struct Keys;
#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId32, MultiSignature> for Keys {
    fn signer() -> AccountId32 {
        sp_keyring::Sr25519Keyring::Ferdie.to_account_id()
    }
    fn sign(message: &[u8]) -> MultiSignature {
        sp_keyring::Sr25519Keyring::Ferdie.sign(message).into()
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

impl Config for Runtime {
    type AdmitOrigin = frame_system::EnsureRoot<AccountId32>;
    type Time = Time;
    type Hasher = Quick;
    type Freezes = Frozen;
    type Lists = Listed;
    type Signer = MultiSigner;
    type Signature = MultiSignature;
    type RootDelay = ConstU32<ROOT_DELAY>;
    type MaxRoots = ConstU32<MAX_ROOTS>;
    type MaxIssuers = ConstU32<MAX_ISSUERS>;
    type MaxBatch = ConstU32<MAX_BATCH>;
    type MaxAccounts = ConstU32<MAX_ACCOUNTS>;
    type MaxValidity = ConstU32<MAX_VALIDITY>;
    type MaxOfferTime = ConstU32<MAX_OFFER_TIME>;
    type Retention = ConstU32<RETENTION>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Keys;
}

/// A chain without issuers.
pub fn empty_chain() -> sp_io::TestExternalities {
    NOW.set(START);
    FROZEN.with_borrow_mut(BTreeSet::clear);
    LISTED.with_borrow_mut(BTreeSet::clear);
    let storage = frame_system::GenesisConfig::<Runtime>::default()
        .build_storage()
        .expect("genesis builds");
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// A chain on which the bank is an issuer.
pub fn chain() -> sp_io::TestExternalities {
    let mut ext = empty_chain();
    ext.execute_with(admit);
    ext
}

pub fn now() -> Seconds {
    NOW.get()
}

/// Sets the clock.
pub fn at(second: Seconds) {
    NOW.set(second);
}

/// Seconds pass, and another block is built.
pub fn after(seconds: Seconds) {
    NOW.set(NOW.get() + seconds);
    System::set_block_number(System::block_number() + 1);
}

pub fn freeze(subject: SubjectId) {
    FROZEN.with_borrow_mut(|frozen| frozen.insert(subject));
}

pub fn put_on_a_list(subject: SubjectId) {
    LISTED.with_borrow_mut(|listed| listed.insert(subject));
}

pub fn take_off_all_lists(subject: SubjectId) {
    LISTED.with_borrow_mut(|listed| listed.remove(&subject));
}

pub fn thaw(subject: SubjectId) {
    FROZEN.with_borrow_mut(|frozen| frozen.remove(&subject));
}

pub fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub fn signed(who: &AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.clone())
}

pub fn account(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

pub fn bank() -> AccountId32 {
    account(200)
}

/// Another issuer, where a test admits it.
pub fn other_bank() -> AccountId32 {
    account(201)
}

pub fn by_bank() -> RuntimeOrigin {
    signed(&bank())
}

pub fn hash(byte: u8) -> H256 {
    H256::repeat_byte(byte)
}

pub fn countries(codes: &[&[u8; 2]]) -> Vec<Jurisdiction> {
    codes.iter().map(|code| Jurisdiction(**code)).collect()
}

/// Persons and firms up to tier two in three countries.
pub fn scope() -> Scope {
    Scope {
        max_tier: Tier::Two,
        persons: true,
        firms: true,
        banks: false,
        accredits: false,
        reach: Reach::In(
            countries(&[b"CH", b"DE", b"FR"])
                .try_into()
                .expect("three are not too many"),
        ),
    }
}

pub fn admit() {
    Credentials::admit_issuer(root(), bank(), hash(200), scope(), QUOTA).expect("root admits");
}

/// A person of tier one in two countries, from second 10 to second 10,000.
pub fn claims() -> Claims {
    Claims {
        tier: Tier::One,
        kind: SubjectKind::Person,
        jurisdictions: countries(&[b"CH", b"DE"])
            .try_into()
            .expect("two are not too many"),
        accredited: false,
        politically_exposed: false,
        risk: Risk::Low,
        lei_hash: None,
        valid_from: 10,
        valid_until: 10_000,
    }
}

/// A commitment that no other number gives.
pub fn commitment(number: u8) -> [u8; 32] {
    FieldBytes::from(u64::from(number) + 1).into()
}

pub fn request(number: u8) -> Request {
    Request {
        reference: hash(number),
        claims: claims(),
        commitment: commitment(number),
    }
}

/// The bank's subject of this number.
pub fn subject(number: u8) -> SubjectId {
    subject_id(&bank(), &hash(number))
}

/// The bank issues the credential of this number.
pub fn issued(number: u8) -> SubjectId {
    Credentials::issue(by_bank(), request(number)).expect("the bank may issue");
    subject(number)
}

/// The account of this number becomes the subject's.
pub fn bound(subject: SubjectId, number: u8) {
    Credentials::offer(by_bank(), subject, account(number), now()).expect("the bank offers");
    Credentials::accept(signed(&account(number)), subject).expect("it accepts");
}

pub fn credential(subject: SubjectId) -> Credential<AccountId32> {
    pallet_credentials::Credentials::<Runtime>::get(subject).expect("there is a credential")
}

pub fn tree_root() -> [u8; 32] {
    Root::<Runtime>::get().into()
}

/// Whether a proof against this root counts now.
pub fn accepts(root: [u8; 32]) -> bool {
    Credentials::is_acceptable_root(&root, now())
}

pub fn events() -> Vec<Event<Runtime>> {
    System::read_events_for_pallet::<Event<Runtime>>()
}
