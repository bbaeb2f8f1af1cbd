//! What one wants to know about a chain before anything else.

use subxt::utils::{AccountId32, H256};
use subxt_rpcs::client::rpc_params;

use crate::raw::Health;
use crate::{BlockRef, Client, Error, Result};

/// A chain and the node that answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainInfo {
    /// Name of the network, from its chain spec.
    pub chain: String,
    /// Name and version of the node's software.
    pub node: String,
    /// Name of the runtime.
    pub spec_name: String,
    /// Version of the runtime.
    pub spec_version: u32,
    /// Version of the transaction format.
    pub transaction_version: u32,
    /// Hash of block 0.
    pub genesis_hash: H256,
    /// The block that this node builds upon.
    pub best: BlockRef,
    /// The newest block that can never be undone.
    pub finalised: BlockRef,
    /// Who may author blocks in this session.
    pub validators: Vec<AccountId32>,
    /// Length of a slot, where the runtime tells it through `AuraApi`.
    pub slot_duration_ms: Option<u64>,
    /// Peers of the node, and whether it is catching up.
    pub health: Health,
}

impl Client {
    /// Asks for all of [`ChainInfo`], in about ten requests.
    pub async fn chain_info(&self) -> Result<ChainInfo> {
        let rpc = self.raw();
        let (chain, name, version, health, best) = tokio::try_join!(
            rpc.request::<String>("system_chain", rpc_params![]),
            rpc.request::<String>("system_name", rpc_params![]),
            rpc.request::<String>("system_version", rpc_params![]),
            rpc.health(),
            rpc.best_head(),
        )?;
        let finalised = rpc.finalized_head().await?;
        let versions = rpc.runtime_version(Some(finalised.hash)).await?;
        let at = self
            .online()
            .at_block(finalised.hash)
            .await
            .map_err(Error::runtime)?;
        let validators = subxt::dynamic::storage::<(), Vec<AccountId32>>("Session", "Validators");
        let validators = at
            .storage()
            .fetch(validators, ())
            .await
            .map_err(Error::runtime)?;
        Ok(ChainInfo {
            chain,
            node: format!("{name} {version}"),
            spec_name: versions.spec_name,
            spec_version: versions.spec_version,
            transaction_version: versions.transaction_version,
            genesis_hash: self.online().genesis_hash(),
            best: best.block(),
            finalised: finalised.block(),
            validators: validators.decode().map_err(Error::runtime)?,
            slot_duration_ms: self.slot_duration_ms().await,
            health,
        })
    }

    /// Length of a slot in milliseconds, where the runtime tells it through `AuraApi`.
    pub async fn slot_duration_ms(&self) -> Option<u64> {
        let answer = self
            .raw()
            .state_call("AuraApi_slot_duration", &[], None)
            .await
            .ok()?;
        answer.as_slice().try_into().ok().map(u64::from_le_bytes)
    }
}
