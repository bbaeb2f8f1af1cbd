//! A chain with PLUME, another asset and the pool, and wallets that prove in one of two ways: by a keyed hash of the
//! public inputs, or by Groth16 for a circuit that takes any inputs. Either way a proof for other inputs is none.

use crate::{self as pallet_shielded_pool, statement::*, *};
use ark_bls12_381::Bls12_381;
use ark_ec::AffineRepr;
use codec::Encode;
use frame_support::{
    assert_ok, derive_impl,
    dispatch::GetDispatchInfo,
    pallet_prelude::{TransactionSource, TransactionValidityError, ValidTransaction},
    parameter_types,
    traits::{
        AsEnsureOriginWithArg, Authorize, ConstU32, ConstU64, ConstU128, Contains, Hooks,
        Imbalance, UnfilteredDispatchable,
    },
};
use plume_circuits::{FieldBytes, transfer::PublicInputs};
use plume_primitives::{
    AssetId, Balance, Seconds, compliance::Asset, credentials::CredentialRoots,
};
use sp_io::hashing::blake2_256;
use sp_runtime::{BuildStorage, DispatchResult, traits::BlockNumberProvider};
use std::cell::{Cell, RefCell};

#[frame_support::runtime]
mod runtime {
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
    pub type Assets = pallet_assets;
    #[runtime::pallet_index(3)]
    pub type ShieldedPool = pallet_shielded_pool;
}

pub const POOL: u64 = 1_000;
pub const FEES_POT: u64 = 1_001;
pub const ANNA: u64 = 1;
pub const BERT: u64 = 2;
/// Has nothing.
pub const NEWCOMER: u64 = 3;
pub const RICH: Balance = 1_000_000_000_000 * PLUME_UNIT;
pub const GOLD: AssetId = 7;
pub const GOLD_UNIT: Balance = 100;
pub const GOLD_MINIMUM: Balance = 50;
pub const PERIOD: Seconds = 1_000;
pub const MAX_AGE: Seconds = 100;
pub const START: Seconds = 10_500;
pub const MAX_ROOTS: u32 = 8;
pub const CIRCUIT: CircuitVersion = 1;
/// Units that are more than any transaction here has to pay.
pub const FEE: u64 = 100_000;
pub const KEY: &[u8] = b"key of the first circuit";

thread_local! {
    static NOW: Cell<Seconds> = const { Cell::new(0) };
    static FACTOR: Cell<Balance> = const { Cell::new(1) };
    static FILTERED: Cell<bool> = const { Cell::new(false) };
    static GROTH16: Cell<bool> = const { Cell::new(false) };
    static VERIFIED: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
    static FEES: Cell<(Balance, Balance)> = const { Cell::new((0, 0)) };
    static CREDENTIAL_ROOTS: RefCell<Vec<FieldBytes>> = const { RefCell::new(Vec::new()) };
}

pub struct Clock;
impl BlockNumberProvider for Clock {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        NOW.get()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn set_block_number(now: Seconds) {
        NOW.set(now);
    }
}

pub struct Registry;
impl CredentialRoots for Registry {
    fn is_acceptable_root(root: &[u8; 32], _: Seconds) -> bool {
        CREDENTIAL_ROOTS.with_borrow(|roots| roots.iter().any(|known| known.as_bytes() == root))
    }
}

/// Planck for time and bytes, times a factor that the test chooses.
pub struct FeeRules;
impl FeeHandler<RuntimeCall, CreditOf<Runtime>> for FeeRules {
    fn demanded(call: &RuntimeCall) -> Balance {
        let weight = call.get_dispatch_info().call_weight + call.weight_of_authorize();
        let time = Balance::from(weight.ref_time()) * 100;
        (time + call.encoded_size() as Balance * PLUME_UNIT) * FACTOR.get()
    }
    fn priority(_: &RuntimeCall, _: Balance, tip: Balance) -> u64 {
        u64::try_from(tip / PLUME_UNIT).unwrap_or(u64::MAX)
    }
    fn collect(base_fee: CreditOf<Runtime>, tip: CreditOf<Runtime>) {
        use frame_support::traits::fungible::Balanced;
        let (base, extra) = FEES.get();
        FEES.set((base + base_fee.peek(), extra + tip.peek()));
        let half = base_fee.peek().div_ceil(2);
        let (burned, rest) = base_fee.split(half);
        drop(burned);
        Balances::resolve(&FEES_POT, rest.merge(tip)).expect("the pot exists");
    }
}

/// Verifies what [`prove`] makes, and counts calls and proofs.
pub struct Counting;
impl ProofVerifier for Counting {
    fn prepare(key: &[u8]) -> Option<Vec<u8>> {
        if GROTH16.get() {
            Groth16::<Bls12_381>::prepare(key)
        } else {
            key.starts_with(b"key").then(|| key.to_vec())
        }
    }

    fn are_good(key: &[u8], statements: &[(PublicInputs, &ProofBytes)]) -> bool {
        let (calls, proofs) = VERIFIED.get();
        VERIFIED.set((calls + 1, proofs + statements.len() as u32));
        if GROTH16.get() {
            return Groth16::<Bls12_381>::are_good(key, statements);
        }
        statements
            .iter()
            .all(|(inputs, proof)| proof.0[..32] == keyed(key, inputs))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn sample() -> (Vec<u8>, ProofBytes) {
        (KEY.to_vec(), ProofBytes([0; PROOF_LENGTH]))
    }
}

fn keyed(key: &[u8], inputs: &PublicInputs) -> [u8; 32] {
    blake2_256(&(key, inputs.to_elements().to_vec()).encode())
}

/// A proof of these inputs under a key. The bytes behind the first 32 are free, as the points of a Groth16 proof
/// are to whoever makes another of it.
pub fn prove(key: &[u8], inputs: &PublicInputs) -> ProofBytes {
    let mut proof = [0; PROOF_LENGTH];
    proof[..32].copy_from_slice(&keyed(key, inputs));
    ProofBytes(proof)
}

#[cfg(feature = "runtime-benchmarks")]
pub struct Helper;
#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<u64> for Helper {
    fn credential_root() -> FieldBytes {
        credential_root()
    }
    fn asset(who: &u64) -> AssetId {
        use frame_support::traits::fungibles::Mutate;
        for owner in [who, &POOL] {
            Assets::mint_into(GOLD, owner, 1_000_000_000_000_000_000).expect("gold exists");
        }
        GOLD
    }
    fn fund(who: &u64) {
        use frame_support::traits::fungible::Mutate;
        Balances::mint_into(who, 10_000_000_000_000 * PLUME_UNIT).expect("it is little");
    }
}

/// Lets everything through, or nothing of the pool.
pub struct Filter;
impl Contains<RuntimeCall> for Filter {
    fn contains(call: &RuntimeCall) -> bool {
        !FILTERED.get() || !matches!(call, RuntimeCall::ShieldedPool(_))
    }
}

pub fn set_filtered(filtered: bool) {
    FILTERED.set(filtered);
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type BaseCallFilter = Filter;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<PLUME_UNIT>;
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config for Runtime {
    type Balance = Balance;
    type AssetId = AssetId;
    type AssetIdParameter = codec::Compact<AssetId>;
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<frame_system::EnsureSigned<u64>>;
    type ForceOrigin = frame_system::EnsureRoot<u64>;
    type Holder = ();
    type Freezer = ();
}

parameter_types! {
    pub const PoolAccount: u64 = POOL;
}

impl Config for Runtime {
    type GovernanceOrigin = frame_system::EnsureRoot<u64>;
    type PauseOrigin = frame_system::EnsureRoot<u64>;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type OtherAssets = Assets;
    type PoolAccount = PoolAccount;
    type Fees = FeeRules;
    type CredentialRoots = Registry;
    type Time = Clock;
    type Verifier = Counting;
    type PeriodLength = ConstU32<PERIOD>;
    type MaxProofAge = ConstU32<MAX_AGE>;
    type Longevity = ConstU64<64>;
    type MaxRoots = ConstU32<MAX_ROOTS>;
    type MaxLeaves = ConstU32<200>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Helper;
}

pub fn credential_root() -> FieldBytes {
    FieldBytes::from(4_711u64)
}

/// A key that something can be encrypted to.
pub fn point(secret: u64) -> Point {
    use ark_ec::CurveGroup;
    use ark_ed_on_bls12_381_bandersnatch::EdwardsAffine;
    let point = EdwardsAffine::generator()
        .mul_bigint([secret])
        .into_affine();
    Point {
        x: point.x.into(),
        y: point.y.into(),
    }
}

fn raw(point: Point) -> Option<(sp_core::H256, sp_core::H256)> {
    Some((sp_core::H256(point.x.into()), sp_core::H256(point.y.into())))
}

/// Before anybody has set anything.
pub fn bare_chain() -> sp_io::TestExternalities {
    GROTH16.set(false);
    started(pallet_shielded_pool::GenesisConfig::default(), [69; 32])
}

fn started(
    shielded_pool: pallet_shielded_pool::GenesisConfig<Runtime>,
    genesis_hash: [u8; 32],
) -> sp_io::TestExternalities {
    NOW.set(0);
    FILTERED.set(false);
    FACTOR.set(1);
    VERIFIED.set((0, 0));
    FEES.set((0, 0));
    CREDENTIAL_ROOTS.with_borrow_mut(|roots| *roots = vec![credential_root()]);
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: vec![
                (ANNA, RICH),
                (BERT, RICH),
                (POOL, PLUME_UNIT),
                (FEES_POT, PLUME_UNIT),
            ],
            ..Default::default()
        },
        assets: pallet_assets::GenesisConfig {
            assets: vec![(GOLD, ANNA, true, GOLD_MINIMUM)],
            accounts: vec![
                (GOLD, ANNA, 1_000_000_000),
                (GOLD, BERT, 1_000_000_000),
                (GOLD, POOL, GOLD_MINIMUM),
            ],
            ..Default::default()
        },
        shielded_pool,
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::from(genesis.build_storage().expect("genesis builds"));
    ext.execute_with(|| {
        frame_system::BlockHash::<Runtime>::insert(0, sp_core::H256(genesis_hash));
        System::set_block_number(1);
        NOW.set(START);
    });
    ext
}

/// A chain whose genesis block has this hash, with a circuit of this key, keys, policies and registered gold.
pub fn chain_with(key: &[u8], genesis_hash: [u8; 32]) -> sp_io::TestExternalities {
    let policy = |asset, tier| Policy {
        asset,
        tier,
        limit: 1_000_000,
        receiver_known: false,
        jurisdictions: Default::default(),
    };
    let config = pallet_shielded_pool::GenesisConfig {
        circuits: vec![(CIRCUIT, key.to_vec().into())],
        flow_key: raw(point(11)),
        committee_key: raw(point(12)),
        policies: vec![policy(0, 1), policy(0, 2)],
        ..Default::default()
    };
    let mut ext = started(config, genesis_hash);
    ext.execute_with(|| {
        assert_ok!(ShieldedPool::register_asset(root(), GOLD, GOLD_UNIT));
    });
    ext
}

/// A chain whose proofs are keyed hashes.
pub fn chain() -> sp_io::TestExternalities {
    GROTH16.set(false);
    chain_with(KEY, [69; 32])
}

/// A chain whose proofs are Groth16 proofs under this key.
pub fn groth16_chain(key: &[u8]) -> sp_io::TestExternalities {
    GROTH16.set(true);
    chain_with(key, [69; 32])
}

pub fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub fn now() -> Seconds {
    NOW.get()
}

pub fn after(seconds: Seconds) {
    NOW.set(NOW.get() + seconds);
}

pub fn set_fee_factor(factor: Balance) {
    FACTOR.set(factor);
}

/// How often the verifier was asked, and for how many proofs, since it was last asked for.
pub fn verified() -> (u32, u32) {
    VERIFIED.replace((0, 0))
}

/// Base fees and tips that were collected, in planck.
pub fn fees() -> (Balance, Balance) {
    FEES.get()
}

pub fn set_credential_root(root: FieldBytes) {
    CREDENTIAL_ROOTS.with_borrow_mut(|roots| *roots = vec![root]);
}

pub fn forget_credential_roots() {
    CREDENTIAL_ROOTS.with_borrow_mut(Vec::clear);
}

/// Ends the block, checks the invariants, and begins the next.
pub fn next_block() {
    let number = System::block_number();
    ShieldedPool::on_finalize(number);
    assert_ok!(ShieldedPool::do_try_state());
    System::set_block_number(number + 1);
    System::reset_events();
    frame_system::BlockWeight::<Runtime>::kill();
}

pub fn plume(value: u64) -> Amount {
    Amount {
        asset: Asset::Native,
        value,
    }
}

pub fn gold(value: u64) -> Amount {
    Amount {
        asset: Asset::Other(GOLD),
        value,
    }
}

/// An element that belongs to a seed and a use.
pub fn element(seed: u64, use_: &str) -> FieldBytes {
    FieldBytes::from_hash(blake2_256(&(seed, use_).encode()))
}

/// What a wallet would make of two notes that belong to this seed, now, against the newest root.
pub fn body(seed: u64) -> Body {
    let of = |use_: &str| element(seed, use_);
    let ciphertext = |byte| vec![byte; 60].try_into().expect("it is short");
    Body {
        circuit: CIRCUIT,
        note_root: ShieldedPool::newest_root().expect("the ring has begun"),
        credential_root: credential_root(),
        nullifiers: [of("nullifier 1"), of("nullifier 2")],
        commitments: [of("commitment 1"), of("commitment 2")],
        counter_nullifier: of("counter nullifier"),
        counter_commitment: of("counter commitment"),
        public_in: None,
        public_out: None,
        time: now(),
        ephemeral: point(seed + 100),
        flow: ["f1", "f2", "f3", "f4"].map(of),
        identities: ["i1", "i2"].map(of),
        notes: [ciphertext(1), ciphertext(2)],
    }
}

pub fn body_in(seed: u64, amount: Amount) -> Body {
    Body {
        public_in: Some(amount),
        ..body(seed)
    }
}

pub fn body_out(seed: u64, amount: Amount) -> Body {
    Body {
        public_out: Some(amount),
        ..body(seed)
    }
}

/// The public inputs of bodies that belong together.
pub fn inputs_of(purpose: &Purpose<'_, u64>, bodies: &[Body]) -> Vec<PublicInputs> {
    let transfers: Vec<_> = bodies.iter().map(|body| unproven(body.clone())).collect();
    let binding = bind(purpose, transfers.iter());
    bodies
        .iter()
        .map(|body| {
            let context = ShieldedPool::context(body.time, binding).expect("all keys are set");
            inputs(body, &context)
        })
        .collect()
}

pub fn unproven(body: Body) -> Transfer {
    Transfer {
        body,
        proof: ProofBytes([0; PROOF_LENGTH]),
    }
}

/// Proves bodies that belong together, under the key of their circuit.
pub fn proven(purpose: &Purpose<'_, u64>, bodies: Vec<Body>) -> Vec<Transfer> {
    let all = inputs_of(purpose, &bodies);
    bodies
        .into_iter()
        .zip(all)
        .map(|(body, inputs)| {
            let circuit = Circuits::<Runtime>::get(body.circuit);
            let key = circuit.map_or(Vec::new(), |circuit| circuit.key.into_inner());
            Transfer {
                body,
                proof: prove(&key, &inputs),
            }
        })
        .collect()
}

fn only(transfers: Vec<Transfer>) -> Box<Transfer> {
    Box::new(transfers.into_iter().next().expect("there is one"))
}

/// A deposit of this body, proven.
pub fn deposit_of(who: u64, body: Body) -> Box<Transfer> {
    only(proven(&Purpose::Deposit(&who), vec![body]))
}

pub fn deposit(who: u64, seed: u64, amount: Amount) -> DispatchResult {
    let transfer = deposit_of(who, body_in(seed, amount));
    ShieldedPool::deposit(RuntimeOrigin::signed(who), transfer)
}

pub fn transfer_of(body: Body) -> Call<Runtime> {
    let transfer = only(proven(&Purpose::Transfer, vec![body]));
    Call::transfer { transfer }
}

/// A transfer that pays [`FEE`].
pub fn transfer(seed: u64) -> Call<Runtime> {
    transfer_of(body_out(seed, plume(FEE)))
}

pub fn withdrawal_of(bodies: Vec<Body>, to: u64, amount: u64) -> Call<Runtime> {
    let mut transfers = proven(&Purpose::Withdrawal { to: &to, amount }, bodies).into_iter();
    Call::withdraw {
        transfer: Box::new(transfers.next().expect("there is one")),
        fee: transfers.next().map(Box::new),
        to,
        amount,
    }
}

/// A withdrawal of PLUME that pays [`FEE`].
pub fn withdrawal(seed: u64, to: u64, amount: u64) -> Call<Runtime> {
    withdrawal_of(vec![body_out(seed, plume(amount + FEE))], to, amount)
}

pub fn bundle_of(bodies: Vec<Body>) -> Call<Runtime> {
    let transfers = proven(&Purpose::Bundle, bodies)
        .try_into()
        .expect("they are few");
    Call::bundle { transfers }
}

/// A bundle of so many transfers, each of which pays [`FEE`].
pub fn bundle(seeds: core::ops::Range<u64>) -> Call<Runtime> {
    bundle_of(seeds.map(|seed| body_out(seed, plume(FEE))).collect())
}

/// What a pool says.
pub fn validate(call: &Call<Runtime>) -> Result<ValidTransaction, TransactionValidityError> {
    call.authorize(TransactionSource::External)
        .expect("the call authorises itself")
        .map(|(validity, _)| validity)
}

/// What a block does: authorises the call, and then its dispatch must not fail.
pub fn include(call: Call<Runtime>) -> Result<(), TransactionValidityError> {
    validate(&call)?;
    assert!(call.get_dispatch_info().call_weight.ref_time() > 0);
    assert_ok!(dispatch(call));
    Ok(())
}

/// Does something so many times over, and prints what one time takes by the clock.
pub fn timed(what: &str, count: usize, act: impl FnOnce()) {
    let start = std::time::Instant::now();
    act();
    let micros = start.elapsed().as_micros() / count as u128;
    println!("{what}: {micros} µs");
}

/// Dispatches as if it were authorised.
pub fn dispatch(call: Call<Runtime>) -> frame_support::dispatch::DispatchResultWithPostInfo {
    call.dispatch_bypass_filter(frame_system::RawOrigin::Authorized.into())
}

/// Units inside, and what the pool's account has for them in the asset's smallest units.
pub fn inside(asset: Asset) -> (u128, Balance) {
    use frame_support::traits::fungible::InspectHold;
    let has = match asset {
        Asset::Native => Balances::balance_on_hold(&HoldReason::Shielded.into(), &POOL),
        Asset::Other(id) => Assets::balance(id, POOL),
    };
    (Turnstiles::<Runtime>::get(asset).inside(), has)
}

/// Ends the block, and stays in it.
pub fn end_block() {
    ShieldedPool::on_finalize(System::block_number());
}
