//! What the node serves beyond the SDK's own methods (`chain_*`, `state_*`, `author_*`, `chainHead_v1`,
//! `transaction_v1`, `archive_v1`, which the service adds).

use crate::service::FullClient;
use codec::Encode;
use frame_system_rpc_runtime_api::AccountNonceApi;
use jsonrpsee::{
    RpcModule,
    core::{RpcResult, async_trait},
    proc_macros::rpc,
    types::{ErrorObjectOwned, error::INVALID_PARAMS_CODE},
};
use plume_consensus::{Block, FinalityRpc, SealError, Sealer};
use plume_pool::{LedgerPool, State};
use plume_primitives::{AccountId, Hash, Nonce, api::TransactionBatch};
use sc_client_api::HeaderBackend;
use sc_rpc::SubscriptionTaskExecutor;
use sp_api::ProvideRuntimeApi;
use sp_core::Bytes;
use sp_runtime::OpaqueExtrinsic;
use std::sync::Arc;

/// What the methods need.
pub struct Deps {
    /// The client.
    pub client: Arc<FullClient>,
    /// The transaction pool.
    pub ledger: Arc<LedgerPool<Block>>,
    /// Finality, where it has proofs.
    pub finality: Option<FinalityRpc>,
    /// Seals at moments that somebody names, on a development chain.
    pub sealer: Option<Sealer>,
}

/// Accounts and transactions as this node sees them.
#[rpc(server)]
pub trait PlumeApi {
    /// How a transaction stands or ended, by its hash; null when this node never accepted it, or has
    /// forgotten it (it remembers the last 100,000).
    #[method(name = "plume_transactionStatus")]
    fn transaction_status(&self, hash: Hash) -> RpcResult<Option<State>>;

    /// The nonce for the account's next transaction: after the chain's, and after those in the pool
    /// that follow it without a gap.
    #[method(name = "system_accountNextIndex", aliases = ["account_nextIndex"])]
    fn account_next_index(&self, account: AccountId) -> RpcResult<Nonce>;

    /// Applies a transaction to the state of a block (the best one by default) without keeping what it
    /// does. Returns the SCALE-encoded `ApplyExtrinsicResult`.
    #[method(name = "system_dryRun", aliases = ["system_dryRunAt"], with_extensions)]
    fn dry_run(&self, extrinsic: Bytes, at: Option<Hash>) -> RpcResult<Bytes>;
}

/// The clock of a development chain that seals on demand. Other nodes do not have the method.
#[rpc(server)]
pub trait SealingApi {
    /// Seals a block of what the pool has, at a moment in milliseconds since 1970 (or in the slot after the
    /// last block's, where that is later), and returns its hash. From the first call on the chain's clock
    /// stands still in between, and transactions wait for the next call.
    #[method(name = "plume_sealAt", with_extensions)]
    async fn seal_at(&self, unix_ms: u64) -> RpcResult<Hash>;
}

#[async_trait]
impl SealingApiServer for Sealer {
    async fn seal_at(&self, extensions: &jsonrpsee::Extensions, unix_ms: u64) -> RpcResult<Hash> {
        sc_rpc_api::check_if_safe(extensions)?;
        Sealer::seal_at(self, unix_ms).await.map_err(|error| {
            let code = match error {
                SealError::Moment(_) => INVALID_PARAMS_CODE,
                SealError::Failed(_) | SealError::Ended => SEALING_ERROR,
            };
            ErrorObjectOwned::owned(code, error.to_string(), None::<()>)
        })
    }
}

struct Plume {
    client: Arc<FullClient>,
    ledger: Arc<LedgerPool<Block>>,
}

/// JSON-RPC code of a call that the runtime could not answer.
const RUNTIME_ERROR: i32 = 1;
/// JSON-RPC code of bytes that are no transaction.
const DECODE_ERROR: i32 = 2;
/// JSON-RPC code of a block that could not be sealed.
const SEALING_ERROR: i32 = 3;

fn failed(error: impl std::fmt::Display) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(
        RUNTIME_ERROR,
        format!("the runtime did not answer: {error}"),
        None::<()>,
    )
}

#[async_trait]
impl PlumeApiServer for Plume {
    fn transaction_status(&self, hash: Hash) -> RpcResult<Option<State>> {
        Ok(self.ledger.state(&hash))
    }

    fn account_next_index(&self, account: AccountId) -> RpcResult<Nonce> {
        if let Some(nonce) = self.ledger.next_nonce(&account) {
            return Ok(nonce);
        }
        let best = self.client.info().best_hash;
        self.client
            .runtime_api()
            .account_nonce(best, account)
            .map_err(failed)
    }

    fn dry_run(
        &self,
        extensions: &jsonrpsee::Extensions,
        extrinsic: Bytes,
        at: Option<Hash>,
    ) -> RpcResult<Bytes> {
        sc_rpc_api::check_if_safe(extensions)?;
        let extrinsic: OpaqueExtrinsic =
            codec::Decode::decode(&mut &extrinsic[..]).map_err(|error| {
                ErrorObjectOwned::owned(
                    DECODE_ERROR,
                    format!("these bytes are no transaction: {error}"),
                    None::<()>,
                )
            })?;
        let at = at.unwrap_or_else(|| self.client.info().best_hash);
        let results = self
            .client
            .runtime_api()
            .apply_extrinsics(at, vec![extrinsic])
            .map_err(failed)?;
        let result = results.first().ok_or_else(|| failed("no result"))?;
        Ok(result.encode().into())
    }
}

/// Builds the module.
pub fn module(
    deps: Deps,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>> {
    use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
    use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};

    let Deps {
        client,
        ledger,
        finality,
        sealer,
    } = deps;
    let mut module = RpcModule::new(());
    module.merge(
        Plume {
            client: client.clone(),
            ledger,
        }
        .into_rpc(),
    )?;
    module.merge(TransactionPayment::new(client).into_rpc())?;
    if let Some(sealer) = sealer {
        module.merge(sealer.into_rpc())?;
    }
    if let Some(FinalityRpc {
        justifications,
        authority_set,
        voter_state,
        proofs,
    }) = finality
    {
        module.merge(
            Grandpa::new(executor, authority_set, voter_state, justifications, proofs).into_rpc(),
        )?;
    }
    Ok(module)
}
