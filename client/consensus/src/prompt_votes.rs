//! When to vote: as soon as there is a block to vote for.
//!
//! # The rule
//!
//! A GRANDPA round prevotes two gossip durations (T) after its start, for the best block that it knows, and
//! precommits at 4T. The voter starts a round as soon as the one before has ended, whether there is a new
//! block or not: rounds of 4T follow each other, and a block that is imported in the middle of one waits for
//! the next. From import to finality that takes 2T to 6T.
//!
//! Here a round whose best block is final already does not vote for it once more. It waits, and votes when
//! the next block is imported. Its timers have run out by then, so that each step follows the one before as
//! soon as the votes are there: from import to finality two crossings of the network, however long T is.
//!
//! ```text
//! final #100                import #101   final #101
//!     │ 2T      4T                │ prevotes  │
//!     ├──┬───────┬────────────────┼──▶──▶─────┤ next round
//!     └ round starts, waits       └ votes     └ precommits
//! ```
//!
//! # What does not change
//!
//! * Which block is voted for, and what makes one final. GRANDPA is safe however long a voter takes, and a
//!   node that waits differs from a slow one in nothing that another could see.
//! * A round that finds a block to vote for does so at its 2T and 4T.
//!
//! # Bounds
//!
//! * The wait is at most [`PATIENCE_SLOTS`] and a half: a halted chain keeps voting, slowly. The half keeps
//!   the end of the wait away from the beginning of a slot, when the next block is due.
//! * After a wait the vote goes no further than the next block. The voter asked beforehand whether a change
//!   of validators limits its vote, and the blocks that came since may bring one; a change takes effect at the
//!   block that brings it, at the earliest, and up to there the present validators vote.

use crate::Block;
use futures::{FutureExt, Stream, StreamExt, future, stream::BoxStream};
use futures_timer::Delay;
use plume_primitives::{BlockNumber, Hash};
use sc_client_api::BlockchainEvents;
use sp_blockchain::HeaderBackend;
use sp_consensus::{Error as ConsensusError, SelectChain};
use sp_consensus_slots::SlotDuration;
use sp_runtime::traits::{Block as BlockT, Header as _};
use std::{sync::Arc, time::Duration};

/// Slots for which a vote waits for a block: more than any number of dead authors in a row that a network
/// can have and still finalise, with the most seats that there are (20 of 61).
const PATIENCE_SLOTS: u32 = 32;

type Header = <Block as BlockT>::Header;

/// What a vote waits on.
pub trait Arrivals: Send + Sync {
    /// The last final block.
    fn finalized(&self) -> Hash;
    /// An item for each block that is imported from now on.
    fn imports(&self) -> BoxStream<'static, ()>;
}

impl<C: HeaderBackend<Block> + BlockchainEvents<Block> + Send + Sync> Arrivals for C {
    fn finalized(&self) -> Hash {
        self.info().finalized_hash
    }

    fn imports(&self) -> BoxStream<'static, ()> {
        self.import_notification_stream().map(|_| ()).boxed()
    }
}

/// The fork choice as the voter sees it: see the [module](self).
pub struct PromptVotes<S, A> {
    chain: S,
    arrivals: Arc<A>,
    patience: Duration,
}

impl<S: Clone, A> Clone for PromptVotes<S, A> {
    fn clone(&self) -> Self {
        Self {
            chain: self.chain.clone(),
            arrivals: self.arrivals.clone(),
            patience: self.patience,
        }
    }
}

impl<S: SelectChain<Block>, A: Arrivals> PromptVotes<S, A> {
    /// Votes for what `chain` chooses, in a network with slots of this length.
    pub fn new(chain: S, arrivals: Arc<A>, slot: SlotDuration) -> Self {
        let slot = slot.as_duration();
        Self {
            chain,
            arrivals,
            patience: slot * PATIENCE_SLOTS + slot / 2,
        }
    }

    /// The height of `base`, if it is the best block and final, so that a vote would say nothing new.
    async fn already_settled(&self, base: Hash) -> Option<BlockNumber> {
        if self.arrivals.finalized() != base {
            return None;
        }
        let best = self.chain.best_chain().await.ok()?;
        (best.hash() == base).then(|| *best.number())
    }

    /// Waits for a block beyond `base`, and not for ever.
    async fn arrival(&self, base: Hash, mut imports: impl Stream<Item = ()> + Unpin) {
        let mut patience = Delay::new(self.patience).fuse();
        loop {
            let import = imports.next();
            match future::select(&mut patience, import).await {
                future::Either::Right((Some(()), _)) => {
                    if self.already_settled(base).await.is_none() {
                        return;
                    }
                }
                future::Either::Left(_) | future::Either::Right((None, _)) => return,
            }
        }
    }
}

#[async_trait::async_trait]
impl<S: SelectChain<Block>, A: Arrivals + 'static> SelectChain<Block> for PromptVotes<S, A> {
    async fn leaves(&self) -> Result<Vec<Hash>, ConsensusError> {
        self.chain.leaves().await
    }

    async fn best_chain(&self) -> Result<Header, ConsensusError> {
        self.chain.best_chain().await
    }

    async fn finality_target(
        &self,
        base: Hash,
        limit: Option<BlockNumber>,
    ) -> Result<Hash, ConsensusError> {
        // Before the look at the chain, so that no import falls between the two.
        let imports = self.arrivals.imports();
        let Some(number) = self.already_settled(base).await else {
            return self.chain.finality_target(base, limit).await;
        };
        if limit.is_some_and(|limit| limit <= number) {
            return Ok(base);
        }
        self.arrival(base, imports).await;
        let next = number.saturating_add(1);
        self.chain.finality_target(base, Some(next)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::channel::mpsc;
    use parking_lot::Mutex;
    use sp_runtime::Digest;
    use std::time::Instant;

    /// A chain without forks, which a test makes longer.
    #[derive(Clone, Default)]
    struct Chain(Arc<Mutex<State>>);

    #[derive(Default)]
    struct State {
        headers: Vec<Header>,
        finalized: Hash,
        listeners: Vec<mpsc::UnboundedSender<()>>,
    }

    impl Chain {
        fn import(&self) -> Hash {
            let mut state = self.0.lock();
            let parent = state.headers.last().map(Header::hash).unwrap_or_default();
            let number = state.headers.len() as BlockNumber;
            let header = Header::new(
                number,
                Hash::zero(),
                Hash::zero(),
                parent,
                Digest::default(),
            );
            let hash = header.hash();
            state.headers.push(header);
            state
                .listeners
                .retain(|listener| listener.unbounded_send(()).is_ok());
            hash
        }

        fn finalize(&self, hash: Hash) {
            self.0.lock().finalized = hash;
        }

        fn waits(&self) -> bool {
            !self.0.lock().listeners.is_empty()
        }
    }

    impl Arrivals for Chain {
        fn finalized(&self) -> Hash {
            self.0.lock().finalized
        }

        fn imports(&self) -> BoxStream<'static, ()> {
            let (sender, receiver) = mpsc::unbounded();
            self.0.lock().listeners.push(sender);
            receiver.boxed()
        }
    }

    #[async_trait::async_trait]
    impl SelectChain<Block> for Chain {
        async fn leaves(&self) -> Result<Vec<Hash>, ConsensusError> {
            Ok(vec![self.best_chain().await?.hash()])
        }

        async fn best_chain(&self) -> Result<Header, ConsensusError> {
            Ok(self
                .0
                .lock()
                .headers
                .last()
                .expect("it has a genesis")
                .clone())
        }

        async fn finality_target(
            &self,
            _: Hash,
            limit: Option<BlockNumber>,
        ) -> Result<Hash, ConsensusError> {
            let state = self.0.lock();
            let limit = limit.map_or(usize::MAX, |limit| limit as usize);
            let index = limit.min(state.headers.len() - 1);
            Ok(state.headers[index].hash())
        }
    }

    /// A chain whose first block is final, and a voter that waits for `patience`.
    fn settled(patience: Duration) -> (Chain, PromptVotes<Chain, Chain>, Hash) {
        let chain = Chain::default();
        let genesis = chain.import();
        chain.finalize(genesis);
        let votes = PromptVotes {
            chain: chain.clone(),
            arrivals: Arc::new(chain.clone()),
            patience,
        };
        (chain, votes, genesis)
    }

    const LONG: Duration = Duration::from_secs(60);

    /// The vote on top of `base`, in a thread of its own.
    fn vote(
        votes: &PromptVotes<Chain, Chain>,
        base: Hash,
        limit: Option<BlockNumber>,
    ) -> std::thread::JoinHandle<Hash> {
        let votes = votes.clone();
        std::thread::spawn(move || {
            futures::executor::block_on(votes.finality_target(base, limit)).expect("it votes")
        })
    }

    fn until_it_waits(chain: &Chain) {
        let start = Instant::now();
        while !chain.waits() {
            assert!(start.elapsed() < Duration::from_secs(10), "nobody waits");
            std::thread::yield_now();
        }
        // It listens before it looks; the look takes no time to speak of.
        std::thread::sleep(Duration::from_millis(50));
    }

    #[test]
    fn a_vote_with_nothing_new_to_say_waits_for_the_next_block() {
        let (chain, votes, genesis) = settled(LONG);
        let vote = vote(&votes, genesis, None);
        until_it_waits(&chain);
        assert!(!vote.is_finished(), "it voted for what is final");
        let next = chain.import();
        assert_eq!(vote.join().expect("it ends"), next);
    }

    #[test]
    fn a_block_that_is_there_is_voted_for_at_once_however_high() {
        let (chain, votes, genesis) = settled(LONG);
        chain.import();
        let best = chain.import();
        assert_eq!(
            vote(&votes, genesis, None).join().expect("it ends"),
            best,
            "nothing to wait for"
        );
    }

    #[test]
    fn a_best_block_that_is_not_final_yet_is_voted_for_again_at_once() {
        let (chain, votes, _) = settled(LONG);
        let best = chain.import();
        assert_eq!(vote(&votes, best, None).join().expect("it ends"), best);
    }

    #[test]
    fn a_halted_chain_keeps_voting_when_patience_ends() {
        let (_, votes, genesis) = settled(Duration::from_millis(20));
        let start = Instant::now();
        assert_eq!(
            vote(&votes, genesis, None).join().expect("it ends"),
            genesis
        );
        assert!(start.elapsed() >= Duration::from_millis(20), "it waited");
    }

    #[test]
    fn after_a_wait_the_vote_goes_no_further_than_the_next_block() {
        let (chain, mut votes, genesis) = settled(LONG);
        votes.patience = Duration::from_millis(200);
        // Blocks arrive unannounced, as in a sync, and the wait ends by patience.
        let vote = vote(&votes, genesis, None);
        until_it_waits(&chain);
        let _unheard = std::mem::take(&mut chain.0.lock().listeners);
        let next = chain.import();
        chain.import();
        assert_eq!(vote.join().expect("it ends"), next);
    }

    #[test]
    fn a_vote_that_may_not_go_beyond_what_is_final_does_not_wait() {
        let (_, votes, genesis) = settled(LONG);
        assert_eq!(
            vote(&votes, genesis, Some(0)).join().expect("it ends"),
            genesis
        );
    }

    #[test]
    fn patience_ends_in_the_middle_of_a_slot() {
        let votes = PromptVotes::new(
            Chain::default(),
            Arc::new(Chain::default()),
            SlotDuration::from_millis(250),
        );
        assert_eq!(votes.patience, Duration::from_millis(32 * 250 + 125));
    }
}
