//! `plume-node benchmark …`: measures weights and the machine.

use crate::service::{self, FullClient, Resources};
use codec::Encode;
use frame_benchmarking_cli::{BenchmarkCmd, ExtrinsicBuilder, SUBSTRATE_REFERENCE_HARDWARE};
use plume_consensus::Block;
use plume_runtime::{RuntimeCall, SignedPayload, UncheckedExtrinsic, VERSION, extension};
use sc_client_api::HeaderBackend;
use sc_service::{Configuration, PartialComponents};
use sp_core::Pair;
use sp_inherents::InherentDataProvider;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{OpaqueExtrinsic, traits::HashingFor};
use std::sync::Arc;

/// Runs one of the measurements.
pub fn run(cmd: &BenchmarkCmd, config: Configuration, resources: &Resources) -> sc_cli::Result<()> {
    match cmd {
        BenchmarkCmd::Pallet(cmd) => cmd
            .run_with_spec::<HashingFor<Block>, crate::host_functions::HostFunctions>(Some(
                config.chain_spec,
            )),
        BenchmarkCmd::Block(cmd) => cmd.run(service::parts(&config, resources)?.client),
        BenchmarkCmd::Storage(cmd) => {
            let PartialComponents {
                client, backend, ..
            } = service::parts(&config, resources)?;
            let (db, storage, cache) = (
                backend.expose_db(),
                backend.expose_storage(),
                backend.expose_shared_trie_cache(),
            );
            cmd.run(config, client, db, storage, cache)
        }
        BenchmarkCmd::Overhead(cmd) => {
            let PartialComponents { client, .. } = service::parts(&config, resources)?;
            let inherents = futures::executor::block_on(inherents(&client))?;
            let remarks = Remarks {
                client: client.clone(),
            };
            cmd.run(
                config.chain_spec.name().into(),
                client,
                inherents,
                slot_digest(),
                &remarks,
                false,
            )
        }
        BenchmarkCmd::Extrinsic(_) => {
            Err("extrinsics are measured pallet by pallet: plume-node benchmark pallet".into())
        }
        BenchmarkCmd::Machine(cmd) => cmd.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone()),
    }
}

const SLOT_MS: u64 = plume_primitives::consensus::DEFAULT_SLOT_DURATION_MS;

/// Aura needs the slot of the block that is measured, and the timestamp has to agree with it.
fn slot_digest() -> Vec<sp_runtime::DigestItem> {
    use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature};
    vec![<sp_runtime::DigestItem as CompatibleDigestItem<
        AuthoritySignature,
    >>::aura_pre_digest(1.into())]
}

async fn inherents(_client: &FullClient) -> sc_cli::Result<sp_inherents::InherentData> {
    let mut data = sp_inherents::InherentData::new();
    sp_timestamp::InherentDataProvider::new(SLOT_MS.into())
        .provide_inherent_data(&mut data)
        .await
        .map_err(|error| format!("the timestamp inherent cannot be made: {error}"))?;
    Ok(data)
}

/// Signs `system.remark`: the cheapest transaction, which measures what every transaction costs.
struct Remarks {
    client: Arc<FullClient>,
}

impl ExtrinsicBuilder for Remarks {
    fn pallet(&self) -> &str {
        "system"
    }

    fn extrinsic(&self) -> &str {
        "remark"
    }

    fn build(&self, nonce: u32) -> Result<OpaqueExtrinsic, &'static str> {
        let call: RuntimeCall = frame_system::Call::remark { remark: Vec::new() }.into();
        let genesis = self.client.info().genesis_hash;
        let extension = extension(nonce);
        let implicit = (
            (),
            (),
            VERSION.spec_version,
            VERSION.transaction_version,
            genesis,
            genesis,
            (),
            (),
            (),
            (),
            None,
            (),
        );
        let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
        let sender = Sr25519Keyring::Bob.pair();
        let signature = payload.using_encoded(|bytes| sender.sign(bytes));
        let account = sp_runtime::AccountId32::from(sender.public());
        let extrinsic =
            UncheckedExtrinsic::new_signed(call, account.into(), signature.into(), extension);
        Ok(extrinsic.into())
    }
}
