//! Everything that can go wrong, each in a sentence that says what to do next.

use std::{path::PathBuf, process::ExitStatus, time::Duration};

/// Why a network could not be started, watched or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no node binary at the configured path.
    #[error(
        "there is no node binary at {}: build it with `cargo build --release`, or name another with \
         --binary or the variable PLUME_NODE",
        path.display()
    )]
    BinaryMissing {
        /// Where it was looked for.
        path: PathBuf,
    },

    /// More or fewer validators than a network on one machine can have.
    #[error("a local network has 1 to {max} validators, but {asked} were asked for", max = crate::MAX_VALIDATORS)]
    ValidatorCount {
        /// The number asked for.
        asked: usize,
    },

    /// Another program listens on a port that a node needs.
    #[error(
        "port {port}, wanted for {purpose}, is taken by {owner}: stop that program, or choose other ports \
         (--rpc-port, --p2p-port, --prometheus-port, --free-ports)"
    )]
    PortTaken {
        /// The port's number.
        port: u16,
        /// What the port was wanted for, as "JSON-RPC of alice".
        purpose: String,
        /// The program that listens there, as "plume-node (process 4711)", as far as it can be seen.
        owner: String,
    },

    /// No free port could be found, or free ports were taken by others three times in a row.
    #[error(
        "found no free ports on 127.0.0.1: stop programs that listen on many ports and try again"
    )]
    NoFreePorts,

    /// A node ended although nobody asked it to.
    #[error("{name} ended by itself ({status}); its log {} ends with:\n{tail}", log.display())]
    NodeDied {
        /// The node's name.
        name: String,
        /// How it ended.
        status: ExitStatus,
        /// Its whole log.
        log: PathBuf,
        /// The last five lines of that log.
        tail: String,
    },

    /// A node that has to run for this was killed or terminated before.
    #[error("{name} is not running: restart it first")]
    NotRunning {
        /// The node's name.
        name: String,
    },

    /// What was waited for did not come in time.
    #[error("waited {:.1} s in vain for {what}", after.as_secs_f64())]
    Timeout {
        /// What was waited for, and how far it got.
        what: String,
        /// How long it was waited for.
        after: Duration,
    },

    /// Two nodes have different blocks at a height that both have finalised.
    #[error(
        "{node} and {other} have different blocks at height {height}: finality is broken, keep both databases"
    )]
    OtherBlock {
        /// A node's name.
        node: String,
        /// The other's.
        other: String,
        /// The height.
        height: u64,
    },

    /// A node that was to skip history has not.
    #[error("{node} did not warp: read what it says of syncing in {}", log.display())]
    NoWarp {
        /// The node's name.
        node: String,
        /// Its log.
        log: PathBuf,
    },

    /// A node understood a request and refused it.
    #[error("{node} refused {method}: {message} (code {code})")]
    Refused {
        /// The node's name.
        node: String,
        /// The JSON-RPC method.
        method: String,
        /// The JSON-RPC error code.
        code: i32,
        /// The node's reason, with the details it gave.
        message: String,
    },

    /// A node did not answer a request, or not with what was expected.
    #[error("{node} gave no answer to {method}: {reason}")]
    Unreachable {
        /// The node's name.
        node: String,
        /// The JSON-RPC method.
        method: String,
        /// What happened instead.
        reason: String,
    },

    /// A subcommand of the node binary failed.
    #[error("`plume-node {command}` failed: {reason}")]
    Tool {
        /// The subcommand with its arguments.
        command: String,
        /// The last line it wrote, or why it could not run.
        reason: String,
    },

    /// The exported chain spec does not look as expected.
    #[error("the chain spec cannot be adapted: {0}")]
    ChainSpec(String),

    /// The folder holds a network of another kind.
    #[error(
        "{} holds a network with {have}, but {want} were asked for: add --clean to delete it and begin a \
         new chain, or choose another folder with --base-path",
        path.display()
    )]
    OtherNetwork {
        /// The folder.
        path: PathBuf,
        /// What the folder holds, as "4 validators".
        have: String,
        /// What was asked for, as "7 validators".
        want: String,
    },

    /// The folder holds something else than a network; nothing in it was touched.
    #[error(
        "{} is not empty and holds no Plume network: choose another folder; nothing in it was changed",
        path.display()
    )]
    ForeignFolder {
        /// The folder.
        path: PathBuf,
    },

    /// Another process runs the network of this folder.
    #[error("the network in {} is running already: stop it, or choose another folder", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },

    /// Network namespaces cannot be made here.
    #[error(
        "network namespaces cannot be made here ({reason}): run this as root on Linux with iproute2, or \
         leave the nodes on loopback"
    )]
    Namespaces {
        /// The command that failed, and why.
        reason: String,
    },

    /// There is no libfaketime.
    #[error(
        "libfaketime is not installed: install Debian's package libfaketime (scripts/setup --faults does)"
    )]
    NoFaketime,

    /// The operating system refused something.
    #[error("cannot {action}: {source}")]
    Io {
        /// What was tried, as "write /a/b".
        action: String,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl Error {
    /// Wraps a system error with what was tried.
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let action = action.into();
        move |source| Self::Io { action, source }
    }
}
