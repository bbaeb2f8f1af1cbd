//! Which benchmarks there are; `scripts/weights` runs them.

mod session;
mod shielded;
mod subjects;

pub use shielded::Shielded;
pub use subjects::Subjects;

use crate::*;
use alloc::{string::String, vec::Vec};
use codec::Encode;
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList, define_benchmarks};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};
use frame_system_benchmarking::{
    Pallet as SystemBench, extensions::Pallet as SystemExtensionsBench,
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::RuntimeAppPublic;

define_benchmarks!(
    [frame_system, SystemBench::<Runtime>]
    [frame_system_extensions, SystemExtensionsBench::<Runtime>]
    [pallet_asset_rate, AssetRate]
    [pallet_assets, Assets]
    [pallet_balances, Balances]
    [pallet_brake, Brake]
    [pallet_collective, TechnicalCommittee]
    [pallet_compliance, Compliance]
    [pallet_conviction_voting, ConvictionVoting]
    [pallet_credentials, Credentials]
    [pallet_fees, Fees]
    [pallet_grandpa, Grandpa]
    [pallet_grants, Grants]
    [pallet_leadership, Leadership]
    [pallet_multisig, Multisig]
    [pallet_parameters, Parameters]
    [pallet_preimage, Preimage]
    [pallet_prices, Prices]
    [pallet_proxy, Proxy]
    [pallet_referenda, Referenda]
    [pallet_regulator, Regulator]
    [pallet_release, Release]
    [pallet_revenue_share, RevenueShare]
    [pallet_scheduler, Scheduler]
    [pallet_session, session::Pallet::<Runtime>]
    [pallet_shielded_pool, ShieldedPool]
    [pallet_stake, Stake]
    [pallet_sudo, Sudo]
    [pallet_timestamp, Timestamp]
    [pallet_transaction_payment, TransactionPayment]
    [pallet_treasury, Treasury]
    [pallet_tx_pause, TxPause]
    [pallet_utility, Utility]
    [pallet_validators, Validators]
    [pallet_whitelist, Whitelist]
);

impl frame_system_benchmarking::Config for Runtime {}
impl pallet_transaction_payment::BenchmarkConfig for Runtime {}

impl session::Config for Runtime {
    fn session_keys_of(owner: &AccountId) -> (SessionKeys, Vec<u8>) {
        let generated = SessionKeys::generate(&owner.encode(), None);
        (generated.keys, generated.proof.encode())
    }
}

/// Gives an account a bond, and a record that says so.
fn admit_with_bond(validator: &AccountId) {
    use frame_support::traits::fungible::{Mutate, MutateHold};
    let bond = plume_primitives::units::PLUME;
    Balances::set_balance(validator, 10 * bond);
    let reason = pallet_validators::HoldReason::ValidatorBond.into();
    Balances::set_on_hold(&reason, validator, bond).expect("it can pay");
    pallet_validators::Records::<Runtime>::insert(
        validator,
        pallet_validators::Record {
            lei_hash: Default::default(),
            bond,
            status: pallet_validators::Status::Admitted,
            reliability: pallet_validators::FULL_RELIABILITY,
        },
    );
}

/// Makes full sessions.
pub struct FullSession;

impl pallet_leadership::BenchmarkHelper<AuraId, sp_session::MembershipProof> for FullSession {
    fn full_session_with(key: AuraId) -> sp_session::MembershipProof {
        use frame_support::traits::{Get, KeyOwnerProofSystem};
        let full = <Runtime as pallet_aura::Config>::MaxAuthorities::get();
        let mut validators = pallet_session::Validators::<Runtime>::get();
        let culprit = validators.first().expect("genesis has a validator").clone();
        for index in validators.len() as u32..full {
            validators.push(frame_benchmarking::account("validator", index, 0));
        }
        for validator in &validators {
            let aura = if *validator == culprit {
                key.clone()
            } else {
                AuraId::generate_pair(None)
            };
            let grandpa = pallet_grandpa::AuthorityId::generate_pair(None);
            let keys = SessionKeys { aura, grandpa };
            pallet_session::NextKeys::<Runtime>::insert(validator, keys);
        }
        for validator in &validators {
            admit_with_bond(validator);
        }
        pallet_validators::Admitted::<Runtime>::put(frame_support::BoundedVec::truncate_from(
            validators.clone(),
        ));
        pallet_session::Validators::<Runtime>::put(validators);
        Historical::prove((sp_consensus_aura::sr25519::AuthorityId::ID, key))
            .expect("the key is a validator's")
    }
}

impl pallet_validators::BenchmarkHelper<AccountId> for FullSession {
    fn give_backer(validator: &AccountId) {
        Stake::give_backer(validator);
    }

    fn give_keys(who: &AccountId) {
        let keys = SessionKeys {
            aura: AuraId::generate_pair(None),
            grandpa: pallet_grandpa::AuthorityId::generate_pair(None),
        };
        pallet_session::NextKeys::<Runtime>::insert(who, keys);
    }
}

impl pallet_stake::BenchmarkHelper<AccountId> for FullSession {
    fn backable() -> AccountId {
        let validator = frame_benchmarking::account("backable", 0, 0);
        admit_with_bond(&validator);
        validator
    }
}

/// Names calls for the brake's benchmarks.
pub struct CallNames;

impl pallet_brake::BenchmarkHelper<pallet_tx_pause::RuntimeCallNameOf<Runtime>> for CallNames {
    fn real_call() -> pallet_tx_pause::RuntimeCallNameOf<Runtime> {
        let name = |text: &str| frame_support::BoundedVec::truncate_from(text.as_bytes().to_vec());
        (name("Balances"), name("transfer_keep_alive"))
    }

    fn call(number: u32) -> pallet_tx_pause::RuntimeCallNameOf<Runtime> {
        use frame_support::traits::Get;
        type Longest = <Runtime as pallet_tx_pause::Config>::MaxNameLen;
        let longest: u32 = <Longest as Get<u32>>::get();
        let mut pallet = alloc::vec![b'p'; longest as usize];
        pallet[..4].copy_from_slice(&number.to_be_bytes());
        let call = alloc::vec![b'c'; longest as usize];
        let name = frame_support::BoundedVec::truncate_from;
        (name(pallet), name(call))
    }
}

/// Makes asset kinds for the asset-rate pallet's benchmarks.
pub struct AssetKinds;

impl pallet_asset_rate::AssetKindFactory<AssetId> for AssetKinds {
    fn create_asset_kind(seed: u32) -> AssetId {
        seed
    }
}

/// The list of benchmarks and of the storage they may touch.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs one benchmark.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}
