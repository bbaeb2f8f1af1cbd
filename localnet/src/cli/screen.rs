//! What is printed: text for people, JSON lines for programs.

use super::{describe, follow::Status};
use plume_localnet::{DEVELOPMENT_ACCOUNTS, Error, Network, NetworkConfig, ss58_address};
use serde_json::{Value, json};
use std::{
    cell::{Cell, RefCell},
    io::{IsTerminal, Write},
    path::Path,
    time::{Duration, Instant},
};

/// Without a terminal a status is worth a line this often.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Standard output, as its reader wants it.
pub(crate) struct Screen {
    json: bool,
    terminal: bool,
    /// Whether the last line is a status to be overwritten.
    dirty: Cell<bool>,
    /// When the last status line was printed without a terminal.
    last_plain: RefCell<Option<Instant>>,
}

impl Screen {
    pub fn new(json: bool) -> Self {
        let terminal = std::io::stdout().is_terminal() && !json;
        Self {
            json,
            terminal,
            dirty: Cell::new(false),
            last_plain: RefCell::new(None),
        }
    }

    pub fn starting(&self, config: &NetworkConfig) {
        self.event(json!({ "event": "starting", "validators": config.validators }));
        self.line(&format!("Starting {} ...", describe(config)));
    }

    pub fn waiting(&self, state: &str) {
        self.changing(
            &format!("Waiting for the first finalised block: {state}"),
            PLAIN_EVERY,
        );
    }

    /// Where the nodes are, and which accounts have money.
    pub fn ready(&self, network: &Network, prefix: u16, on_demand: bool) {
        let accounts = DEVELOPMENT_ACCOUNTS
            .map(|account| (account, ss58_address(prefix, &account.public_key)));
        let nodes = network.nodes();
        let nodes_json: Vec<_> = nodes
            .iter()
            .map(|node| {
                json!({
                    "name": node.name(), "ws": node.ws_url(), "rpcPort": node.rpc_port(),
                    "prometheusPort": node.prometheus_port(), "p2p": node.multiaddr(),
                    "pid": node.pid(), "log": node.log_path(),
                })
            })
            .collect();
        let accounts_json: Vec<_> = accounts
            .iter()
            .map(|(account, address)| {
                json!({ "name": account.name, "suri": account.suri, "address": address })
            })
            .collect();
        self.event(json!({
            "event": "ready", "resumed": network.resumed(), "folder": network.folder(),
            "nodes": nodes_json, "accounts": accounts_json,
        }));

        self.line(if network.resumed() {
            "\nThe network is up again."
        } else {
            "\nThe network is up."
        });
        self.line("\nJSON-RPC (WebSocket and HTTP)");
        for node in nodes {
            self.line(&format!("  {:<14} {}", node.name(), node.ws_url()));
        }
        self.line("\nAccounts with PLUME to try things with (their secrets are public)");
        for (account, address) in accounts {
            self.line(&format!("  {:<10} {address}", account.suri));
        }
        self.line(&format!(
            "\nDatabases and logs: {}",
            network.folder().display()
        ));
        if on_demand {
            self.line("A block is sealed whenever a transaction arrives.");
        }
        self.line("Ctrl-C stops the network.\n");
    }

    pub fn status(&self, status: &Status) {
        let age_ms = status.finality_age.as_millis();
        self.event(json!({
            "event": "status", "best": status.best, "finalised": status.finalised,
            "lagBlocks": status.lag_blocks(), "finalityAgeMs": age_ms,
            "transactionsPerSecond": status.transactions_per_second, "peers": status.peers,
        }));
        let lag = status.lag_blocks();
        let blocks = if lag == 1 { "block" } else { "blocks" };
        let text = format!(
            "best {}  finalised {}  lag {lag} {blocks}, {age_ms} ms  {:.1} tx/s  {} peers",
            status.best, status.finalised, status.transactions_per_second, status.peers,
        );
        self.changing(&text, PLAIN_EVERY);
    }

    pub fn stopping(&self, nodes: usize, asked: bool) {
        if asked {
            let nodes = if nodes == 1 {
                "the node".into()
            } else {
                format!("{nodes} nodes")
            };
            self.line(&format!("Stopping {nodes} ..."));
        } else {
            self.line("Stopping the network, because a node failed ...");
        }
    }

    pub fn stopped(&self, folder: &Path, killed: &[&str]) {
        self.event(json!({ "event": "stopped", "killed": killed }));
        if !killed.is_empty() {
            self.line(&format!(
                "Killed after ten seconds, because not ended: {}.",
                killed.join(", ")
            ));
        }
        self.line(&format!(
            "Stopped. The chain is kept in {}; start again to continue it, or with --clean to begin a new one.",
            folder.display(),
        ));
    }

    pub fn stopped_early(&self) -> Result<(), Error> {
        self.event(json!({ "event": "stopped", "killed": [] }));
        self.line("Stopped while starting.");
        Ok(())
    }

    pub fn failed(&self, error: &Error) {
        self.event(json!({ "event": "failed", "reason": error.to_string() }));
        self.end_changing();
        eprintln!("plume-localnet: {error}");
    }

    /// One JSON line, if that is what is wanted.
    fn event(&self, event: Value) {
        if self.json {
            self.put(&format!("{event}\n"));
        }
    }

    /// One line of text that stays.
    fn line(&self, text: &str) {
        self.end_changing();
        if !self.json {
            self.put(&format!("{text}\n"));
        }
    }

    /// A line that the next one replaces on a terminal; elsewhere one of them now and then.
    fn changing(&self, text: &str, every: Duration) {
        if self.json {
            return;
        }
        if self.terminal {
            self.dirty.set(true);
            return self.put(&format!("\r\x1b[2K{text}"));
        }
        let mut last = self.last_plain.borrow_mut();
        if last.is_none_or(|last| last.elapsed() >= every) {
            *last = Some(Instant::now());
            self.put(&format!("{text}\n"));
        }
    }

    fn end_changing(&self) {
        if self.dirty.replace(false) {
            self.put("\n");
        }
    }

    fn put(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        // A reader that has gone away is no reason to stop a network.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}
