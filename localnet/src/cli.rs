//! From the command line to a running network and back.

mod follow;
mod options;
mod screen;

pub(crate) use options::Options;
pub(crate) use screen::Screen;

use follow::Follower;
use futures::FutureExt;
use plume_localnet::{Chain, Deadline, Error, Network, NetworkConfig, Stopped};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// A network that has finalised nothing after this long is broken.
const FIRST_BLOCK_LIMIT: Duration = Duration::from_secs(120);
/// Time between two looks at the network.
const REFRESH: Duration = Duration::from_secs(1);

/// Starts the network, shows it until a signal comes or a node dies, and stops it.
pub(crate) async fn run(options: Options, screen: &Screen) -> Result<(), Error> {
    let config = options.into_config();
    let on_demand = config.chain == Chain::Dev;
    let mut signals = Signals::listen()?;
    screen.starting(&config);
    let network = tokio::select! {
        network = Network::start(config) => network?,
        () = signals.next() => return screen.stopped_early(),
    };
    // Before the wait: the node refuses nothing while its chain stands still.
    let prefix = address_prefix(&network).await;
    let outcome = tokio::select! {
        outcome = watch(&network, on_demand, prefix, screen) => outcome,
        () = signals.next() => Ok(()),
    };
    screen.stopping(network.nodes().len(), outcome.is_ok());
    let stopped = tokio::select! {
        stopped = network.stop() => stopped?,
        () = signals.again() => return outcome, // dropping the network kills what is left
    };
    outcome?;
    let killed = network
        .nodes()
        .iter()
        .zip(stopped)
        .filter(|(_, how)| *how == Stopped::Killed);
    screen.stopped(
        network.folder(),
        &killed.map(|(node, _)| node.name()).collect::<Vec<_>>(),
    );
    Ok(())
}

/// Waits for the first block, then shows the network until a node dies.
async fn watch(
    network: &Network,
    on_demand: bool,
    prefix: u16,
    screen: &Screen,
) -> Result<(), Error> {
    if !on_demand {
        first_block(network, screen).await?;
    }
    screen.ready(network, prefix, on_demand);
    let mut follower = Follower::new(network.node(0)).await;
    let mut ticks = tokio::time::interval(REFRESH);
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                network.check()?;
                if let Some(status) = follower.status(network).await {
                    screen.status(&status);
                }
            }
            () = follower.follow(network.node(0)) => {}
        }
    }
}

/// Waits until a block is finalised that was not before.
async fn first_block(network: &Network, screen: &Screen) -> Result<(), Error> {
    let node = network.node(0);
    let before = node.finalised().await.unwrap_or(0);
    let deadline = Deadline::after(FIRST_BLOCK_LIMIT);
    loop {
        network.check()?;
        let (finalised, best, peers) = tokio::join!(node.finalised(), node.best(), node.peers());
        if finalised
            .as_ref()
            .is_ok_and(|finalised| *finalised > before)
        {
            return Ok(());
        }
        let (best, peers) = (best.unwrap_or(0), peers.unwrap_or(0));
        let state = format!(
            "best block {best}, finalised {}, {peers} peers",
            finalised.unwrap_or(before)
        );
        screen.waiting(&state);
        deadline
            .pause(format!(
                "the first finalised block: {state}; see {}",
                node.log_path().display()
            ))
            .await?;
    }
}

/// The chain's SS58 prefix; SS58's own default if the chain names none.
async fn address_prefix(network: &Network) -> u16 {
    const GENERIC: u16 = 42;
    let properties = network
        .node(0)
        .rpc("system_properties", serde_json::json!([]))
        .await;
    let properties: serde_json::Value = properties.unwrap_or_default();
    properties["ss58Format"]
        .as_u64()
        .and_then(|prefix| prefix.try_into().ok())
        .unwrap_or(GENERIC)
}

/// Ctrl-C, and the system asking the process to end. From the first moment on, so that none is lost.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Error> {
        let io = |source| Error::Io {
            action: "listen for signals".into(),
            source,
        };
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(io)?,
            terminate: signal(SignalKind::terminate()).map_err(io)?,
        })
    }

    /// The next signal after a second. One Ctrl-C can arrive as several: from the terminal, and from
    /// the script that waits for us.
    async fn again(&mut self) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        while self.next().now_or_never().is_some() {}
        self.next().await;
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// What the screen says about a network that is to be started.
fn describe(config: &NetworkConfig) -> String {
    match (config.chain, config.validators) {
        (Chain::Dev, _) => "a development node".into(),
        (Chain::Local, 1) => "one validator".into(),
        (Chain::Local, count) => format!("{count} validators"),
    }
}
