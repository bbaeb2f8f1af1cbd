//! Sealing at a moment that somebody names: how what happened elsewhere is replayed faster than it happened.

use futures::{
    SinkExt,
    channel::{mpsc, oneshot},
    lock::Mutex,
};
use sc_consensus_manual_seal::EngineCommand;
use sp_core::H256;
use sp_timestamp::Timestamp;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Moments further ahead of this machine's clock are refused: the chain counts 136 years from its first block.
const MAX_AHEAD_MS: u64 = 100 * 365 * 86_400_000;

/// The clock of a chain that seals on demand: this machine's, until somebody names a moment.
#[derive(Debug, Default)]
pub(crate) struct NamedClock {
    /// Milliseconds since 1970; zero while nobody has named a moment.
    named_ms: AtomicU64,
}

impl NamedClock {
    /// Whether somebody has named a moment.
    pub(crate) fn is_named(&self) -> bool {
        self.named_ms.load(Ordering::Acquire) > 0
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        match self.named_ms.load(Ordering::Acquire) {
            0 => Timestamp::current(),
            named_ms => Timestamp::new(named_ms),
        }
    }

    fn name(&self, unix_ms: u64) {
        self.named_ms.store(unix_ms, Ordering::Release);
    }
}

/// Why no block was sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// No moment of this chain.
    #[error("{0} ms is no moment between 1970 and a hundred years ahead")]
    Moment(u64),
    /// The block could not be built or imported.
    #[error("no block could be sealed: {0}")]
    Failed(String),
    /// The node is stopping.
    #[error("the node seals no more")]
    Ended,
}

/// Seals blocks when asked, each at the moment that is asked for. From the first time on the chain's clock
/// stands still in between, and transactions wait for the next time.
///
/// Only chains of the type Development have one: whoever moves a chain's clock decides what has expired.
#[derive(Clone)]
pub struct Sealer {
    clock: Arc<NamedClock>,
    /// Held until the block is there, so that no other moment is named meanwhile.
    commands: Arc<Mutex<mpsc::Sender<EngineCommand<H256>>>>,
}

impl Sealer {
    /// A sealer, the clock it sets, and what it asks for.
    pub(crate) fn new() -> (Self, Arc<NamedClock>, mpsc::Receiver<EngineCommand<H256>>) {
        let clock = Arc::new(NamedClock::default());
        let (commands, asked) = mpsc::channel(0);
        let sealer = Self {
            clock: clock.clone(),
            commands: Arc::new(Mutex::new(commands)),
        };
        (sealer, clock, asked)
    }

    /// Seals a block of what the pool has, at this moment (milliseconds since 1970), or in the slot after the
    /// last block's where that is later. Returns its hash; it is final.
    pub async fn seal_at(&self, unix_ms: u64) -> Result<H256, SealError> {
        let latest_ms = Timestamp::current().as_millis() + MAX_AHEAD_MS;
        if unix_ms == 0 || unix_ms > latest_ms {
            return Err(SealError::Moment(unix_ms));
        }
        let mut commands = self.commands.lock().await;
        self.clock.name(unix_ms);
        let (sender, sealed) = oneshot::channel();
        let command = EngineCommand::SealNewBlock {
            create_empty: true,
            finalize: true,
            parent_hash: None,
            sender: Some(sender),
        };
        commands.send(command).await.map_err(|_| SealError::Ended)?;
        match sealed.await {
            Ok(Ok(block)) => Ok(block.hash),
            Ok(Err(error)) => Err(SealError::Failed(error.to_string())),
            Err(_) => Err(SealError::Ended),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{StreamExt, executor::block_on, future::join};

    #[test]
    fn the_clock_is_the_machines_until_a_moment_is_named() {
        let clock = NamedClock::default();
        assert!(!clock.is_named());
        assert!(clock.now() >= Timestamp::new(1_600_000_000_000));
        clock.name(7);
        assert!(clock.is_named());
        assert_eq!(clock.now(), Timestamp::new(7));
    }

    #[test]
    fn a_block_is_asked_for_at_the_moment_that_is_named() {
        let (sealer, clock, mut asked) = Sealer::new();
        let node = async {
            let command = asked.next().await.expect("a command comes");
            let EngineCommand::SealNewBlock {
                create_empty,
                finalize,
                sender: Some(answer),
                ..
            } = command
            else {
                panic!("it is no command to seal that is answered");
            };
            assert!(create_empty && finalize);
            let moment = clock.now();
            drop(answer);
            moment
        };
        let (sealed, moment) = block_on(join(sealer.seal_at(1_000_000), node));
        assert_eq!(moment, Timestamp::new(1_000_000));
        assert!(matches!(sealed, Err(SealError::Ended)));
    }

    #[test]
    fn moments_that_no_chain_has_are_refused_without_moving_the_clock() {
        let (sealer, clock, _asked) = Sealer::new();
        for moment in [0, u64::MAX] {
            let refused = block_on(sealer.seal_at(moment));
            assert!(matches!(refused, Err(SealError::Moment(_))));
        }
        assert!(!clock.is_named());
    }
}
