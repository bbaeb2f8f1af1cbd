//! Which pushed blocks are worth an import, and what becomes of the peers whose blocks are not.

use super::{
    in_flight::{InFlight, Place},
    limit::Pushes,
    message::Header,
};
use crate::{AuraId, Block, PlumeClient};
use plume_primitives::{BlockNumber, Hash};
use sc_network::{PeerId, ReputationChange};
use sp_consensus::BlockStatus;
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_consensus_slots::Slot;
use sp_runtime::traits::Header as HeaderT;
use std::sync::Arc;

/// A block so far below the best one is nobody's news.
const MAX_DEPTH: BlockNumber = 64;

/// What this node knows of the chain.
pub(crate) trait Chain: Send + Sync {
    /// Height of the best block.
    fn best_height(&self) -> BlockNumber;
    /// Height of the last final block.
    fn final_height(&self) -> BlockNumber;
    /// Whether a block is here.
    fn has(&self, hash: Hash) -> bool;
    /// The place of a block that can be built on: it is here, with its state.
    fn parent(&self, hash: Hash) -> Option<Place>;
    /// The rotation of authors for the children of a block.
    fn authors(&self, parent: Hash) -> Option<Vec<AuraId>>;
}

impl<C: PlumeClient> Chain for Arc<C> {
    fn best_height(&self) -> BlockNumber {
        self.info().best_number
    }

    fn final_height(&self) -> BlockNumber {
        self.info().finalized_number
    }

    fn has(&self, hash: Hash) -> bool {
        // If the database fails, it is better to leave the block to block sync.
        !matches!(self.status(hash), Ok(sp_blockchain::BlockStatus::Unknown))
    }

    fn parent(&self, hash: Hash) -> Option<Place> {
        if !matches!(self.block_status(hash), Ok(BlockStatus::InChainWithState)) {
            return None;
        }
        let header = self.header(hash).ok().flatten()?;
        Some(Place {
            number: *header.number(),
            slot: slot_of(&header)?,
        })
    }

    fn authors(&self, parent: Hash) -> Option<Vec<AuraId>> {
        use sp_consensus_aura::AuraApi;
        self.runtime_api().authorities(parent).ok()
    }
}

fn slot_of(header: &Header) -> Option<Slot> {
    sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(header).ok()
}

/// Why a pushed block is not imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its sender was expelled, or has left.
    Stranger,
    /// Its sender pushes too often.
    TooFast,
    /// Its sender pushes far too often.
    Flood,
    /// It is no block.
    Garbage,
    /// Its body is not the one that its header names.
    WrongBody,
    /// No author can seal it: it has no slot, or not the height and a later slot than its parent.
    Impossible,
    /// It was not sealed by the author of its slot.
    BadSeal,
    /// It was sealed for a slot that is yet to come.
    Early,
    /// Its height is final, or far below the best.
    Old,
    /// Its sender has pushed it before.
    Again,
    /// It is here, or on its way.
    Known,
    /// Its parent is not here; block sync will bring both.
    NoParent,
    /// Too many others wait.
    Busy,
    /// Its author has sealed enough blocks for this slot.
    Enough,
    /// Its content is against the rules.
    Invalid,
    /// Its execution failed, here or because of what it is.
    Failed,
}

/// What a refusal costs the peer that pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Penalty {
    /// Nothing: honest peers do this.
    None,
    /// Reputation. At [`sc_network::peer_store::BANNED_THRESHOLD`] the peer is banned; a two-hundredth is
    /// forgiven each second.
    Reputation(ReputationChange),
    /// All its reputation, and the stream: no honest peer does this.
    Expulsion(ReputationChange),
}

impl Refusal {
    /// The reason in a word, for metrics.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::TooFast => "too_fast",
            Self::Flood => "flood",
            Self::Garbage => "garbage",
            Self::WrongBody => "wrong_body",
            Self::Impossible => "impossible",
            Self::BadSeal => "bad_seal",
            Self::Early => "early",
            Self::Old => "old",
            Self::Again => "again",
            Self::Known => "known",
            Self::NoParent => "no_parent",
            Self::Busy => "busy",
            Self::Enough => "enough",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
        }
    }

    /// What it costs.
    pub fn penalty(self) -> Penalty {
        let costs = |value, reason| Penalty::Reputation(ReputationChange::new(value, reason));
        let expels = |reason| Penalty::Expulsion(ReputationChange::new_fatal(reason));
        match self {
            Self::Stranger | Self::TooFast | Self::Known | Self::NoParent | Self::Busy => {
                Penalty::None
            }
            // A link that stalled delivers some of these; a stream of them at full rate ends in a ban.
            Self::Old => costs(-(1 << 20), "Pushed an old block"),
            Self::Again => costs(-(1 << 20), "Pushed a block again"),
            // One of the two clocks is off. Block sync drops a peer over fewer of these.
            Self::Early => costs(-(1 << 26), "Pushed a block before its slot"),
            Self::Enough => costs(-(1 << 26), "Pushed a third block of one slot"),
            // It may be this node that failed.
            Self::Failed => costs(-(1 << 28), "Pushed a block that cannot be executed"),
            Self::Invalid => costs(-(1 << 29), "Pushed an invalid block"),
            Self::Flood => expels("Pushes without end"),
            Self::Garbage => expels("Pushed bytes that are no block"),
            Self::WrongBody => expels("Pushed a block with another's body"),
            Self::Impossible => expels("Pushed a block that nobody can seal"),
            Self::BadSeal => expels("Pushed a block without its author's seal"),
        }
    }
}

/// Looks at headers, before anything is done with the bodies.
pub(crate) struct Gate<K> {
    chain: K,
    in_flight: Arc<InFlight>,
    pushes: Pushes,
}

impl<K: Chain> Gate<K> {
    /// A gate before this chain.
    pub fn new(chain: K, in_flight: Arc<InFlight>) -> Self {
        Self {
            chain,
            in_flight,
            pushes: Pushes::default(),
        }
    }

    /// Where a pushed block belongs, or why it belongs nowhere. Its seal is not looked at.
    pub fn judge(
        &mut self,
        peer: PeerId,
        header: &Header,
        hash: Hash,
        now: Slot,
    ) -> Result<Place, Refusal> {
        if !self.pushes.is_first(peer, hash) {
            return Err(Refusal::Again);
        }
        let number = *header.number();
        let slot = slot_of(header)
            .filter(|_| number > 0)
            .ok_or(Refusal::Impossible)?;
        // Aura allows a slot of drift, too.
        if slot > now.saturating_add(1u64) {
            return Err(Refusal::Early);
        }
        if number <= self.chain.final_height()
            || number.saturating_add(MAX_DEPTH) < self.chain.best_height()
        {
            return Err(Refusal::Old);
        }
        if self.chain.has(hash) || self.in_flight.place(&hash).is_some() {
            return Err(Refusal::Known);
        }
        let parent = self
            .chain
            .parent(*header.parent_hash())
            .or_else(|| self.in_flight.place(header.parent_hash()))
            .ok_or(Refusal::NoParent)?;
        if parent.number.checked_add(1) != Some(number) || slot <= parent.slot {
            return Err(Refusal::Impossible);
        }
        Ok(Place { number, slot })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_push::mock::{BEST, Chain as Mock, FINAL, NOW, header};
    use sc_network::peer_store::BANNED_THRESHOLD;

    const BEST_SLOT: u64 = NOW - 1;

    fn gate() -> Gate<Mock> {
        Gate::new(Mock::default(), Arc::default())
    }

    fn judge(header: &Header) -> Result<Place, Refusal> {
        gate().judge(PeerId::random(), header, header.hash(), NOW.into())
    }

    #[test]
    fn a_block_on_any_block_that_is_not_final_yet_is_taken() {
        for parent in FINAL..=BEST {
            let child = header(parent + 1, NOW, Mock::hash(parent));
            let place = Place {
                number: parent + 1,
                slot: NOW.into(),
            };
            assert_eq!(judge(&child), Ok(place), "on #{parent}");
        }
    }

    #[test]
    fn a_block_may_be_one_slot_early_and_no_more() {
        let at = |slot| judge(&header(BEST + 1, slot, Mock::hash(BEST)));
        assert!(at(NOW + 1).is_ok());
        assert_eq!(at(NOW + 2), Err(Refusal::Early));
        assert_eq!(at(u64::MAX), Err(Refusal::Early));
    }

    #[test]
    fn what_is_final_or_far_below_the_best_is_old() {
        let child_of = |parent| judge(&header(parent + 1, NOW, Mock::hash(parent)));
        assert_eq!(child_of(FINAL - 1), Err(Refusal::Old));
        let mut far = gate();
        far.chain.best = FINAL + MAX_DEPTH + 10;
        let low = header(FINAL + 1, NOW, Mock::hash(FINAL));
        let refusal = far.judge(PeerId::random(), &low, low.hash(), NOW.into());
        assert_eq!(refusal, Err(Refusal::Old));
    }

    #[test]
    fn a_block_that_is_here_or_on_its_way_is_known_and_costs_its_sender_nothing() {
        let mut gate = gate();
        let block = header(BEST + 1, NOW, Mock::hash(BEST));
        let place = gate
            .judge(PeerId::random(), &block, block.hash(), NOW.into())
            .expect("nobody has it yet");
        let flight = gate
            .in_flight
            .take_up(block.hash(), place, PeerId::random());
        assert!(flight.is_some());
        let known = gate.judge(PeerId::random(), &block, block.hash(), NOW.into());
        assert_eq!(known, Err(Refusal::Known));
        assert_eq!(Refusal::Known.penalty(), Penalty::None);

        let here = gate.judge(
            PeerId::random(),
            &header(BEST, BEST_SLOT, Mock::hash(BEST - 1)),
            Mock::hash(BEST),
            NOW.into(),
        );
        assert_eq!(here, Err(Refusal::Known));
    }

    #[test]
    fn a_block_that_one_peer_pushes_twice_costs_it_something() {
        let (mut gate, peer) = (gate(), PeerId::random());
        let block = header(BEST + 1, NOW, Mock::hash(BEST));
        assert!(gate.judge(peer, &block, block.hash(), NOW.into()).is_ok());
        assert_eq!(
            gate.judge(peer, &block, block.hash(), NOW.into()),
            Err(Refusal::Again)
        );
    }

    #[test]
    fn a_block_on_a_parent_that_is_in_flight_is_taken_and_on_an_unknown_one_is_not() {
        let mut gate = gate();
        let parent = header(BEST + 1, NOW, Mock::hash(BEST));
        let child = header(BEST + 2, NOW + 1, parent.hash());
        let orphan = gate.judge(PeerId::random(), &child, child.hash(), NOW.into());
        assert_eq!(orphan, Err(Refusal::NoParent));

        let peer = PeerId::random();
        let place = gate
            .judge(peer, &parent, parent.hash(), NOW.into())
            .expect("its parent is the best block");
        let _flight = gate.in_flight.take_up(parent.hash(), place, peer);
        let child = gate.judge(peer, &child, child.hash(), NOW.into());
        assert_eq!(child.map(|place| place.number), Ok(BEST + 2));
    }

    #[test]
    fn what_no_author_can_seal_is_impossible() {
        let impossible = Err(Refusal::Impossible);
        // Not its parent's height and one.
        assert_eq!(judge(&header(BEST + 2, NOW, Mock::hash(BEST))), impossible);
        // Not later than its parent.
        assert_eq!(
            judge(&header(BEST + 1, BEST_SLOT, Mock::hash(BEST))),
            impossible
        );
        // No slot.
        let mut naked = header(BEST + 1, NOW, Mock::hash(BEST));
        naked.digest_mut().logs.clear();
        assert_eq!(judge(&naked), impossible);
        // Two slots.
        let mut double = header(BEST + 1, NOW, Mock::hash(BEST));
        let log = double.digest().logs[0].clone();
        double.digest_mut().push(log);
        assert_eq!(judge(&double), impossible);
        // Another genesis.
        assert_eq!(judge(&header(0, 0, Hash::zero())), impossible);
    }

    #[test]
    fn what_honest_peers_do_never_bans_them_and_a_stream_of_anything_else_does() {
        // What a peer's reputation comes to after ten minutes at so many of these a second.
        let after = |refusal: Refusal, per_second: i64| match refusal.penalty() {
            Penalty::None => 0,
            Penalty::Expulsion(change) => i64::from(change.value),
            Penalty::Reputation(change) => (0..600).fold(0i64, |reputation, _| {
                let less = reputation - reputation / 200;
                (less + per_second * i64::from(change.value)).max(i32::MIN.into())
            }),
        };
        let banned = |reputation: i64| reputation < i64::from(BANNED_THRESHOLD);
        for refusal in [
            Refusal::Old,
            Refusal::Again,
            Refusal::Early,
            Refusal::Enough,
            Refusal::Failed,
            Refusal::Invalid,
            Refusal::Flood,
            Refusal::Garbage,
            Refusal::WrongBody,
            Refusal::Impossible,
            Refusal::BadSeal,
        ] {
            assert!(banned(after(refusal, 8)), "{refusal:?} at the full rate");
        }
        // The author of every fourth slot over a link that is always too slow.
        assert!(!banned(after(Refusal::Old, 1)));
        for refusal in [
            Refusal::Stranger,
            Refusal::TooFast,
            Refusal::Known,
            Refusal::NoParent,
            Refusal::Busy,
        ] {
            assert_eq!(after(refusal, 8), 0, "{refusal:?}");
        }
    }
}
