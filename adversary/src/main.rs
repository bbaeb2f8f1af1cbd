//! A Plume node that misbehaves, for tests of what the others do about it.
//!
//! `plume-adversary --misbehave WHAT` takes all the arguments of `plume-node` beside its own, and is that
//! node but for one thing:
//!
//! * `skip-predecessor`: when the best block is from the slot right before its own, it builds on that block's
//!   parent, as if the predecessor had missed its slot. Should its block win, the chain takes the predecessor
//!   out of the rotation of authors. If the best block is final already, it has lost.
//! * `withhold-bodies`: it announces its blocks, pushes none, and answers no requests for them.

use clap::{Parser, ValueEnum};
use plume_adversary::{fork_choice, silence};
use plume_consensus::{Block, Timing};
use plume_node::{
    behaviour::{Behaviour, Header},
    cli::Cli,
    command,
    service::FullClient,
};
use sc_cli::NetworkBackendType;
use sc_network::{Litep2pNetworkBackend, service::traits::NetworkService};
use sc_network_sync::{
    block_relay_protocol::BlockRelayParams, service::network::NetworkServiceProvider,
};
use sc_service::{Configuration, SpawnTaskHandle};
use sp_consensus::Error;
use std::sync::Arc;

/// A node that misbehaves.
#[derive(Debug, Parser)]
struct Arguments {
    /// In what it differs from a node that keeps to the protocol.
    #[arg(long, value_enum)]
    misbehave: Misbehaviour,

    #[command(flatten)]
    node: Cli,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Misbehaviour {
    /// Builds on the parent of its predecessor's block.
    SkipPredecessor,
    /// Announces its blocks and hands out none.
    WithholdBodies,
}

struct Adversary {
    misbehaviour: Misbehaviour,
    /// Carries what block sync asks of the network, until there is one.
    requests: Option<NetworkServiceProvider>,
}

impl Behaviour for Adversary {
    fn builds_on(
        &self,
        best: Header,
        client: &FullClient,
        timing: Timing,
    ) -> Result<Header, Error> {
        match self.misbehaviour {
            Misbehaviour::SkipPredecessor => {
                fork_choice::skip_predecessor(best, client, timing.slot)
            }
            Misbehaviour::WithholdBodies => Ok(best),
        }
    }

    fn block_relay(
        &mut self,
        config: &Configuration,
        client: Arc<FullClient>,
    ) -> Option<BlockRelayParams<Block, Litep2pNetworkBackend>> {
        (self.misbehaviour == Misbehaviour::WithholdBodies).then(|| {
            let requests = NetworkServiceProvider::new();
            let relay = silence::relay(requests.handle(), config, client);
            self.requests = Some(requests);
            relay
        })
    }

    fn pushes_blocks(&self) -> bool {
        self.misbehaviour != Misbehaviour::WithholdBodies
    }

    fn on_network(&mut self, network: Arc<dyn NetworkService>, spawner: SpawnTaskHandle) {
        if let Some(requests) = self.requests.take() {
            spawner.spawn(
                "block-requests",
                Some("networking"),
                requests.run(Arc::new(network)),
            );
        }
    }
}

fn main() -> sc_cli::Result<()> {
    let Arguments { misbehave, node } = Arguments::parse();
    let over = node.run.network_params.network_backend;
    if misbehave == Misbehaviour::WithholdBodies && over != NetworkBackendType::Litep2p {
        return Err(sc_cli::Error::Input(
            "--misbehave withhold-bodies works over litep2p only: leave --network-backend out"
                .into(),
        ));
    }
    let adversary = Adversary {
        misbehaviour: misbehave,
        requests: None,
    };
    command::run(node, Box::new(adversary))
}
