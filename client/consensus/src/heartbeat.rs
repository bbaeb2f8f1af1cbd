//! Announces a validator that was taken out of the rotation, so that it is let back.

use crate::{AuraId, Block, PlumeClient};
use futures::StreamExt;
use plume_primitives::api::Leadership;
use sc_transaction_pool_api::{TransactionPool, TransactionSource};
use sp_api::ApiExt;
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_keystore::KeystorePtr;
use sp_runtime::RuntimeAppPublic;
use std::sync::Arc;

const LOG_TARGET: &str = "leadership";

/// With every new best block, asks whether one of this node's session keys is out of the rotation, and
/// if so signs a heartbeat and hands it to the pool, which passes it on to those who seal.
///
/// The chain says when: at once, and every sixteen slots during a probation. A node that is far behind
/// signs an old slot, which the pool refuses; so does every node of which the chain has heard.
pub(crate) async fn announce<C, Pool>(client: Arc<C>, pool: Arc<Pool>, keystore: KeystorePtr)
where
    C: PlumeClient,
    C::Api: Leadership<Block, AuraId, AuthoritySignature>,
    Pool: TransactionPool<Block = Block>,
{
    let mut blocks = client.import_notification_stream();
    while let Some(block) = blocks.next().await {
        if !block.is_new_best {
            continue;
        }
        for (key, transaction) in due(&*client, block.hash, &keystore) {
            match pool
                .submit_one(block.hash, TransactionSource::Local, transaction)
                .await
            {
                Ok(_) => {
                    log::info!(target: LOG_TARGET, "Out of the rotation of authors: announced {key} to be let back");
                }
                // Another one may be on its way, or just included.
                Err(error) => {
                    log::debug!(target: LOG_TARGET, "The heartbeat of {key} was not taken: {error}");
                }
            }
        }
    }
}

/// The heartbeats that are due after a block, signed.
fn due<C>(
    client: &C,
    at: <Block as sp_runtime::traits::Block>::Hash,
    keystore: &KeystorePtr,
) -> Vec<(AuraId, sp_runtime::OpaqueExtrinsic)>
where
    C: PlumeClient,
    C::Api: Leadership<Block, AuraId, AuthoritySignature>,
{
    let api = client.runtime_api();
    // Blocks from before an upgrade have no rotation.
    if !matches!(
        api.has_api::<dyn Leadership<Block, AuraId, AuthoritySignature>>(at),
        Ok(true)
    ) {
        return Vec::new();
    }
    let keys = keystore.sr25519_public_keys(sp_consensus_aura::sr25519::AuthorityId::ID);
    keys.into_iter()
        .filter_map(|public| {
            let key = AuraId::from(public);
            let due = api.heartbeat_due(at, key.clone()).ok().flatten()?;
            let signature = keystore
                .sr25519_sign(
                    sp_consensus_aura::sr25519::AuthorityId::ID,
                    &public,
                    &due.payload,
                )
                .ok()
                .flatten()?;
            let transaction = api.heartbeat(at, due, signature.into()).ok()?;
            Some((key, transaction))
        })
        .collect()
}
