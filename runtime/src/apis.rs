//! What the node may ask the runtime.

use crate::*;
use alloc::{boxed::Box, vec::Vec};
use codec::{Decode, DecodeLimit, Encode};
use frame_support::{
    MAX_EXTRINSIC_DEPTH,
    genesis_builder_helper::{build_state, get_preset},
    storage::{TransactionOutcome, with_transaction},
    traits::KeyOwnerProofSystem,
    weights::Weight,
};
use pallet_grandpa::AuthorityId as GrandpaId;
use plume_primitives::{
    api::{AdmittedNode, HeartbeatDue},
    books::Books,
};
use sp_api::impl_runtime_apis;
use sp_consensus_aura::sr25519::{AuthorityId as AuraId, AuthoritySignature as AuraSignature};
use sp_consensus_slots::EquivocationProof;
use sp_core::{OpaqueMetadata, crypto::KeyTypeId};
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
    ApplyExtrinsicResult, DispatchError, ExtrinsicInclusionMode, OpaqueExtrinsic, RuntimeAppPublic,
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidity, UnknownTransaction,
    },
};
use sp_session::OpaqueGeneratedSessionKeys;

/// The transaction that these bytes are, calls nested no deeper than the executive allows.
fn decode_transaction(bytes: &OpaqueExtrinsic) -> Result<UncheckedExtrinsic, InvalidTransaction> {
    UncheckedExtrinsic::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &bytes.encode()[..])
        .map_err(|_| InvalidTransaction::Call)
}

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block)
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: frame_support::view_functions::ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(block: <Block as BlockT>::LazyBlock, data: InherentData) -> CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl plume_primitives::api::TransactionBatch<Block> for Runtime {
        fn validate_transactions(
            source: TransactionSource,
            transactions: Vec<OpaqueExtrinsic>,
            block_hash: <Block as BlockT>::Hash,
        ) -> Vec<TransactionValidity> {
            transactions
                .iter()
                .map(|bytes| {
                    let transaction = decode_transaction(bytes)?;
                    // What validation writes must not reach the next one's.
                    with_transaction(|| {
                        let validity = Executive::validate_transaction(source, transaction, block_hash);
                        TransactionOutcome::Rollback(Ok::<_, DispatchError>(validity))
                    })
                    .unwrap_or_else(|_| Err(UnknownTransaction::CannotLookup.into()))
                })
                .collect()
        }

        fn apply_extrinsics(extrinsics: Vec<OpaqueExtrinsic>) -> Vec<ApplyExtrinsicResult> {
            extrinsics
                .iter()
                .map(|bytes| {
                    let extrinsic = decode_transaction(bytes)?;
                    with_transaction(|| {
                        let result = Executive::apply_extrinsic(extrinsic);
                        if result.is_ok() {
                            TransactionOutcome::Commit(Ok::<_, DispatchError>(result))
                        } else {
                            TransactionOutcome::Rollback(Ok(result))
                        }
                    })
                    .unwrap_or_else(|_| Err(InvalidTransaction::ExhaustsResources.into()))
                })
                .collect()
        }

        fn account_nonces(accounts: Vec<AccountId>) -> Vec<Nonce> {
            accounts.iter().map(System::account_nonce).collect()
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
        fn slot_duration() -> sp_consensus_aura::SlotDuration {
            sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
        }

        fn authorities() -> Vec<AuraId> {
            pallet_aura::Authorities::<Runtime>::get().into_inner()
        }
    }

    impl plume_primitives::api::Leadership<Block, AuraId, AuraSignature> for Runtime {
        fn heartbeat_due(key: AuraId) -> Option<HeartbeatDue> {
            Leadership::heartbeat_due(&key)
                .map(|(member, slot, payload)| HeartbeatDue { member, slot, payload })
        }

        fn heartbeat(due: HeartbeatDue, signature: AuraSignature) -> OpaqueExtrinsic {
            let call = pallet_leadership::Call::heartbeat { member: due.member, heard: due.slot, signature };
            transaction::authorized(call.into()).into()
        }
    }

    impl plume_primitives::api::Membership<Block> for Runtime {
        fn admitted_nodes() -> Vec<AdmittedNode> {
            pallet_validators::Nodes::<Runtime>::iter()
                .map(|(peer_id, (role, _))| AdmittedNode { peer_id: peer_id.to_vec(), role })
                .collect()
        }
    }

    impl plume_primitives::api::BooksApi<Block> for Runtime {
        fn books() -> Books {
            books::books()
        }
    }

    impl plume_primitives::api::DoubleSeals<Block, AuraId> for Runtime {
        fn seal_key_ownership(key: AuraId) -> Option<Vec<u8>> {
            Historical::prove((sp_consensus_aura::sr25519::AuthorityId::ID, key))
                .map(|proof| proof.encode())
        }

        fn report_double_seal(
            proof: EquivocationProof<<Block as BlockT>::Header, AuraId>,
            key_ownership: Vec<u8>,
        ) -> Option<OpaqueExtrinsic> {
            let ownership = sp_session::MembershipProof::decode(&mut &key_ownership[..]).ok()?;
            let evidence = Box::new(proof);
            let call = pallet_leadership::Call::report_double_seal { evidence, ownership };
            Some(transaction::authorized(call.into()).into())
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_grandpa::EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            let key_owner_proof = key_owner_proof.decode()?;
            Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            authority_id: GrandpaId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
                .map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(uxt, len)
        }
        fn query_fee_details(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_fee_details(uxt, len)
        }
        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }
        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall>
        for Runtime
    {
        fn query_call_info(
            call: RuntimeCall,
            len: u32,
        ) -> pallet_transaction_payment::RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, len)
        }
        fn query_call_fee_details(
            call: RuntimeCall,
            len: u32,
        ) -> pallet_transaction_payment::FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, len)
        }
        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }
        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis::preset_names()
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(extra: bool) -> (
            Vec<frame_benchmarking::BenchmarkList>,
            Vec<frame_support::traits::StorageInfo>,
        ) {
            benchmarks::metadata(extra)
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            benchmarks::dispatch(config)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            use frame_support::traits::Get;
            // A failed check has to stop the rehearsal right here, with its reason.
            let weight = Executive::try_runtime_upgrade(checks).expect("the upgrade's checks pass");
            (weight, configs::system::BlockWeights::get().max_block)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            Executive::try_execute_block(block, state_root_check, signature_check, select)
                .expect("the block executes")
        }
    }
}
