//! Agrees on the next block: who seals it, when, and when it is final.
//!
//! # Two engines behind one trait
//!
//! [`Engine`] is all that the node knows of consensus, so execution and consensus change apart:
//!
//! * [`AuraGrandpa`]: slots in turn, finality by GRANDPA. What every network runs.
//! * [`OnDemand`]: one node seals whenever a transaction arrives, and what it seals is final. What
//!   `--dev` runs. A [`Sealer`] has it seal at moments of one's own choice, on development chains only.
//!
//! # A slot
//!
//! ```text
//! 0 ms              83 ms        100 ms                              250 ms
//! ├── author builds ──┤            │                                    │
//! │                   └ pushes ────┼─ peers re-execute ───────────┐     │
//! │                    latest end ─┘ (after missed slots)         └─ prevote, precommit → final
//! ```
//!
//! An author may build for [`PROPOSAL_SLOT_PORTION`] of its slot. After missed slots it plans for no more than
//! [`MAX_FILL_SLOT_PORTION`], but is given the time to finish the one transaction that takes longer, as replacing
//! the runtime does: the time doubles with every two slots missed. The rest belongs to its peers, who execute the same again, and to the votes. A block
//! that took longer to build would find its successor's author still executing it, and fork.
//!
//! # When to vote
//!
//! A voter that has nothing new to say waits for the next block, and votes when it is imported
//! ([`PromptVotes`]): finality takes two crossings of the network from there, not the 2T to 6T (T = gossip
//! duration) of a round that began without it.
//!
//! # A block's way to the peers
//!
//! Its author pushes it: over a link of 150 ms a block that had to be announced, asked for and sent would be
//! too late for the next author. It is announced as well, for whoever the push does not reach, and a block
//! that comes on both ways is imported [`Once`].
//!
//! # When an author is silent
//!
//! The chain takes it out of the rotation (`pallet-leadership`, where the rules are), and its node announces
//! it when it is back.
//!
//! # A block that comes late
//!
//! Its successor's author has sealed on the same parent by then, and that sibling may be final already.
//! [`LateBlocks`] lets go of the loser.
//!
//! # Forks
//!
//! The highest chain that contains what is final wins. Of two of equal height the one that ends at the
//! lower slot does ([`EqualHeights`]); the SDK keeps the one that came first, so that nodes differ until
//! one is extended.
//!
//! # Two blocks of one author in one slot
//!
//! Every node watches for them and reports them to the chain with both headers.
//!
//! # A clock that is off
//!
//! Nodes compare their clocks, and one that is off says so before its peers drop it.
//!
//! # When finality stalls
//!
//! [`UnfinalizedCap`] slows authors down, so that a partitioned minority does not pile up blocks that
//! will be thrown away, and never stops them. Nodes ask their peers for blocks that are as high as their
//! own, so that halves which meet again agree before the next block.
//!
//! # When a request fails
//!
//! Block sync goes on with the peer ([`SteadySync`]), and forgives it the blocks that have lost.

mod aura_grandpa;
mod block_push;
mod clock_guard;
mod double_seals;
mod engine;
mod equal_heights;
mod heartbeat;
mod late_blocks;
mod on_demand;
mod once;
mod prompt_votes;
mod rivals;
mod sealer;
mod select_chain;
mod steady_sync;
mod timing;
mod unfinalized_cap;

pub use aura_grandpa::{AuraGrandpa, MAX_FILL_SLOT_PORTION, PROPOSAL_SLOT_PORTION};
pub use engine::{
    AuraId, Block, Engine, FinalityRpc, Foundation, FullBackend, PlumeClient, Running,
};
pub use equal_heights::{EqualHeightRule, EqualHeights, Forks, Tip};
pub use late_blocks::{FinalChain, LateBlocks};
pub use on_demand::OnDemand;
pub use once::{Once, Stored};
pub use prompt_votes::{Arrivals, PromptVotes};
pub use sealer::{SealError, Sealer};
pub use select_chain::SelectChain;
pub use steady_sync::{PersistentDownloads, SteadySync};
pub use timing::{Timing, TimingError};
pub use unfinalized_cap::UnfinalizedCap;
