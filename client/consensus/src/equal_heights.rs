//! Chooses between blocks of equal height.

use crate::Block;
use futures::lock::Mutex;
use plume_primitives::{BlockNumber, Hash};
use sc_consensus::{
    BlockCheckParams, BlockImport, BlockImportParams, ForkChoiceStrategy, ImportResult,
};
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_consensus_slots::{Slot, SlotDuration};
use sp_runtime::traits::Header as _;
use std::{cmp::Ordering, sync::Arc};

/// The last block of a chain, and its rank: the greater of two is the better one.
///
/// The higher wins; at equal height the lower slot, at the same slot (a double seal) the lower hash.
/// A rank is the block's own and depends neither on when it came nor on which others are known, so the
/// best of any set of blocks is the same on every node.
///
/// Two chains of equal height have as many blocks each since they parted, and the one that ends at a
/// lower slot left fewer slots empty on the way: more of those whose turn it was took part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Height.
    pub number: BlockNumber,
    /// When it was sealed.
    pub slot: Slot,
    /// Its hash, seal included.
    pub hash: Hash,
}

impl Tip {
    /// The rank of a block; none if its header names no slot. The genesis has slot 0.
    pub fn of(header: &<Block as sp_runtime::traits::Block>::Header, hash: Hash) -> Option<Self> {
        let slot = sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(header).ok()?;
        Some(Self {
            number: *header.number(),
            slot,
            hash,
        })
    }
}

impl Ord for Tip {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number
            .cmp(&other.number)
            .then_with(|| other.slot.cmp(&self.slot))
            .then_with(|| other.hash.cmp(&self.hash))
    }
}

impl PartialOrd for Tip {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// When a block takes the place of the present best one.
///
/// While finality keeps up, a block that comes later than a third of a slot after its slot's end stays
/// behind one of equal height that was here before it. Otherwise an author could hold its block back
/// until its successor has sealed, and win all the same. Once finality stands, any time does: the
/// halves of a partition meet late, and have to agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EqualHeightRule {
    /// The network's slot.
    pub slot: SlotDuration,
    /// With more blocks than this above the last final one, finality is taken to stand. Too few, and
    /// blocks that were held back win; too many, and halves of a partition differ for longer.
    pub standing_blocks: BlockNumber,
}

impl EqualHeightRule {
    /// For slots of this length: finality stands above eight blocks. A healthy network has one to three.
    pub fn new(slot: SlotDuration) -> Self {
        Self {
            slot,
            standing_blocks: 8,
        }
    }

    /// Whether `newcomer`, here at `now_ms` since the Unix epoch, takes the place of `incumbent`.
    pub fn prefers(
        &self,
        newcomer: &Tip,
        incumbent: &Tip,
        finalized: BlockNumber,
        now_ms: u64,
    ) -> bool {
        if newcomer.number != incumbent.number {
            return newcomer.number > incumbent.number;
        }
        newcomer > incumbent
            && (self.finality_stands(newcomer.number, finalized) || self.in_time(newcomer, now_ms))
    }

    /// Whether so many blocks wait for finality that it is taken to stand.
    pub fn finality_stands(&self, best: BlockNumber, finalized: BlockNumber) -> bool {
        best.saturating_sub(finalized) > self.standing_blocks
    }

    fn in_time(&self, tip: &Tip, now_ms: u64) -> bool {
        let slot_ms = self.slot.as_millis();
        let end_ms = (*tip.slot).saturating_add(1).saturating_mul(slot_ms);
        now_ms <= end_ms.saturating_add(slot_ms / 3)
    }
}

/// What this node knows of forks.
pub trait Forks: Send + Sync {
    /// The block that this node builds on.
    fn best(&self) -> Option<Tip>;
    /// Height of the last final block.
    fn finalized_number(&self) -> BlockNumber;
    /// Whether `block`, at or above the last final height, is the last final block or comes after it;
    /// `best` does. None if it is unknown.
    fn contains_final(&self, block: Hash, best: &Tip) -> Option<bool>;
}

/// Puts the fork choice of [`EqualHeightRule`] in the place of the SDK's, which keeps of two blocks of
/// equal height the one that came first.
///
/// It decides for blocks that come after the last final one. All others (another fork's, old ones, and
/// those that come with a whole state) pass as they are, and the client does with them what it always does.
///
/// Imports go one after the other, over all clones: between the decision and the import no other block
/// may become the best.
#[derive(Clone)]
pub struct EqualHeights<I, F> {
    inner: I,
    forks: F,
    rule: EqualHeightRule,
    now_ms: fn() -> u64,
    importing: Arc<Mutex<()>>,
}

impl<I, F: Forks> EqualHeights<I, F> {
    /// Decides, then passes everything to `inner`.
    pub fn new(inner: I, forks: F, rule: EqualHeightRule) -> Self {
        Self {
            inner,
            forks,
            rule,
            now_ms: || sp_timestamp::Timestamp::current().as_millis(),
            importing: Arc::default(),
        }
    }

    /// Whether a block becomes the best, and whether in the place of one of equal height. None if this
    /// is not for the rule to say.
    fn choose(&self, block: &BlockImportParams<Block>, now_ms: u64) -> Option<(bool, bool)> {
        let stock = matches!(block.fork_choice, Some(ForkChoiceStrategy::LongestChain));
        if !stock || block.with_state() || block.import_existing {
            return None;
        }
        let newcomer = Tip::of(&block.header, block.post_hash())?;
        let finalized = self.forks.finalized_number();
        if newcomer.number <= finalized {
            return None;
        }
        let best = self.forks.best()?;
        if !self
            .forks
            .contains_final(*block.header.parent_hash(), &best)?
        {
            return None;
        }
        let preferred = self.rule.prefers(&newcomer, &best, finalized, now_ms);
        let displaces = preferred && newcomer.number == best.number;
        if displaces {
            log::info!(
                target: "consensus",
                "Block #{} of slot {} ({:?}) takes the place of slot {}'s ({:?})",
                newcomer.number, newcomer.slot, newcomer.hash, best.slot, best.hash,
            );
        }
        Some((preferred, displaces))
    }
}

#[async_trait::async_trait]
impl<I, F> BlockImport<Block> for EqualHeights<I, F>
where
    I: BlockImport<Block> + Send + Sync,
    F: Forks,
{
    type Error = I::Error;

    async fn check_block(
        &self,
        block: BlockCheckParams<Block>,
    ) -> Result<ImportResult, Self::Error> {
        self.inner.check_block(block).await
    }

    async fn import_block(
        &self,
        mut block: BlockImportParams<Block>,
    ) -> Result<ImportResult, Self::Error> {
        let arrived_ms = (self.now_ms)();
        let _one_at_a_time = self.importing.lock().await;
        let parent = *block.header.parent_hash();
        let choice = self.choose(&block, arrived_ms);
        if let Some((preferred, _)) = choice {
            block.fork_choice = Some(ForkChoiceStrategy::Custom(preferred));
        }
        let result = self.inner.import_block(block).await;
        match (result, choice) {
            // Finality may decide against the block while it is executed. It has lost; that is all.
            (Err(_), Some((_, true)))
                if self
                    .forks
                    .best()
                    .and_then(|best| self.forks.contains_final(parent, &best))
                    == Some(false) =>
            {
                Ok(ImportResult::AlreadyInChain)
            }
            (result, _) => result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use proptest::prelude::*;
    use sc_consensus_aura::CompatibleDigestItem;
    use sp_consensus::{BlockOrigin, Error};
    use sp_runtime::{Digest, DigestItem, generic, traits::BlakeTwo256};
    use std::sync::Mutex as Shared;

    const SLOT_MS: u64 = 250;

    fn rule() -> EqualHeightRule {
        EqualHeightRule::new(SlotDuration::from_millis(SLOT_MS))
    }

    fn tip(number: BlockNumber, slot: u64, hash: u64) -> Tip {
        Tip {
            number,
            slot: slot.into(),
            hash: Hash::from_low_u64_be(hash),
        }
    }

    /// As late as can be.
    const LATE: u64 = u64::MAX;

    #[test]
    fn the_higher_wins_then_the_lower_slot_then_the_lower_hash() {
        assert!(tip(6, 20, 9) > tip(5, 10, 1));
        assert!(tip(5, 10, 9) > tip(5, 11, 1));
        assert!(tip(5, 10, 1) > tip(5, 10, 2));
    }

    #[test]
    fn while_finality_keeps_up_a_late_block_stays_behind_one_of_its_height() {
        let (held_back, successor) = (tip(50, 100, 1), tip(50, 101, 2));
        let end_ms = 101 * SLOT_MS;
        assert!(rule().prefers(&held_back, &successor, 48, end_ms + SLOT_MS / 3));
        assert!(!rule().prefers(&held_back, &successor, 48, end_ms + SLOT_MS / 3 + 1));
        // A higher one wins whenever it comes.
        assert!(rule().prefers(&tip(51, 99, 1), &successor, 48, LATE));
    }

    #[test]
    fn when_finality_stands_a_block_may_be_as_late_as_it_likes() {
        assert!(rule().prefers(&tip(57, 100, 1), &tip(57, 101, 2), 48, LATE));
        assert!(!rule().prefers(&tip(56, 100, 1), &tip(56, 101, 2), 48, LATE));
    }

    /// Blocks as (index of the parent, slots after it, hash's seed), each but the first after its parent.
    fn trees() -> impl Strategy<Value = Vec<Tip>> {
        prop::collection::vec((any::<prop::sample::Index>(), 1u64..4, 0u64..8), 1..60).prop_map(
            |blocks| {
                let mut tree = vec![tip(0, 0, 0)];
                for (id, (parent, gap, seed)) in blocks.into_iter().enumerate() {
                    let parent = tree[parent.index(tree.len())];
                    // Unique, and in no order.
                    let hash = (seed << 32) + id as u64 + 1;
                    tree.push(tip(parent.number + 1, *parent.slot + gap, hash));
                }
                tree
            },
        )
    }

    /// The best block after these have come, one after the other.
    fn best_of(rule: EqualHeightRule, blocks: &[Tip], now_ms: u64) -> Tip {
        blocks[1..].iter().fold(blocks[0], |best, block| {
            if rule.prefers(block, &best, 0, now_ms) {
                *block
            } else {
                best
            }
        })
    }

    /// The same blocks in another order, the first one first. An order in which children come before
    /// their parents is more than the client allows, and no harm.
    fn shuffled(blocks: &[Tip], keys: &[u32]) -> Vec<Tip> {
        let mut order: Vec<_> = (1..blocks.len()).collect();
        order.sort_by_key(|index| keys[index % keys.len()].rotate_left(*index as u32));
        [0].into_iter()
            .chain(order)
            .map(|index| blocks[index])
            .collect()
    }

    proptest! {
        #[test]
        fn ranks_are_a_total_order(a in (0u32..3, 0u64..3, 0u64..3), b in (0u32..3, 0u64..3, 0u64..3), c in (0u32..3, 0u64..3, 0u64..3)) {
            let [a, b, c] = [a, b, c].map(|(number, slot, hash)| tip(number, slot, hash));
            let ways = [a < b, a == b, a > b];
            prop_assert_eq!(ways.into_iter().filter(|way| *way).count(), 1);
            prop_assert_eq!(a < b, b > a);
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
        }

        #[test]
        fn in_time_the_best_does_not_depend_on_the_order_of_arrival(tree in trees(), keys in prop::collection::vec(any::<u32>(), 8)) {
            let expected = *tree.iter().max().expect("it has a root");
            prop_assert_eq!(best_of(rule(), &tree, 0), expected);
            prop_assert_eq!(best_of(rule(), &shuffled(&tree, &keys), 0), expected);
        }

        #[test]
        fn when_finality_stands_neither_order_nor_lateness_matter(tree in trees(), keys in prop::collection::vec(any::<u32>(), 8), standing in 0u32..4) {
            let rule = EqualHeightRule { standing_blocks: standing, ..rule() };
            let expected = *tree.iter().max().expect("it has a root");
            prop_assume!(rule.finality_stands(expected.number, 0));
            prop_assert_eq!(best_of(rule, &tree, LATE), expected);
            prop_assert_eq!(best_of(rule, &shuffled(&tree, &keys), LATE), expected);
        }

        #[test]
        fn a_block_that_came_first_is_never_displaced_by_a_late_one_while_finality_keeps_up(a in 0u64..9, b in 0u64..9) {
            prop_assert!(!rule().prefers(&tip(5, a, 1), &tip(5, b, 2), 4, LATE));
        }
    }

    /// Block 20 of slot 100 is the best, 10 is final. Blocks whose hash begins with 0xdd are of a fork
    /// that has lost, once `lost` says so.
    struct Known {
        lost: bool,
    }

    impl Forks for Arc<Shared<Known>> {
        fn best(&self) -> Option<Tip> {
            Some(tip(20, 100, 7))
        }

        fn finalized_number(&self) -> BlockNumber {
            10
        }

        fn contains_final(&self, block: Hash, _: &Tip) -> Option<bool> {
            match block.as_bytes()[0] {
                0xdd => Some(!self.lock().expect("no test panics with it").lost),
                0xee => None,
                _ => Some(true),
            }
        }
    }

    /// Says which fork choice it was given, as a result; fails for parents of 0xdd, after that fork has lost.
    #[derive(Clone)]
    struct Import {
        known: Arc<Shared<Known>>,
        running: Arc<Mutex<()>>,
    }

    #[async_trait::async_trait]
    impl BlockImport<Block> for Import {
        type Error = Error;

        async fn check_block(&self, _: BlockCheckParams<Block>) -> Result<ImportResult, Error> {
            Ok(ImportResult::imported(true))
        }

        async fn import_block(
            &self,
            block: BlockImportParams<Block>,
        ) -> Result<ImportResult, Error> {
            let _alone = self.running.try_lock().expect("imports do not overlap");
            let_others_run().await;
            if block.header.parent_hash().as_bytes()[0] == 0xdd {
                self.known.lock().expect("no test panics with it").lost = true;
                return Err(Error::ClientImport("Potential safety failure".into()));
            }
            Ok(match block.fork_choice {
                Some(ForkChoiceStrategy::Custom(best)) => ImportResult::imported(best),
                _ => ImportResult::KnownBad,
            })
        }
    }

    /// Lets others run once.
    async fn let_others_run() {
        let mut yielded = false;
        futures::future::poll_fn(|context| {
            if std::mem::replace(&mut yielded, true) {
                std::task::Poll::Ready(())
            } else {
                context.waker().wake_by_ref();
                std::task::Poll::Pending
            }
        })
        .await
    }

    fn equal_heights(now_ms: fn() -> u64) -> EqualHeights<Import, Arc<Shared<Known>>> {
        let known = Arc::new(Shared::new(Known { lost: false }));
        let import = Import {
            known: known.clone(),
            running: Arc::default(),
        };
        EqualHeights {
            now_ms,
            ..EqualHeights::new(import, known, rule())
        }
    }

    fn block(number: BlockNumber, slot: u64, parent: u8) -> BlockImportParams<Block> {
        let slot =
            <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(slot.into());
        let header = generic::Header::<u32, BlakeTwo256>::new(
            number,
            Default::default(),
            Default::default(),
            Hash::repeat_byte(parent),
            Digest { logs: vec![slot] },
        );
        let mut params = BlockImportParams::new(BlockOrigin::NetworkBroadcast, header);
        params.fork_choice = Some(ForkChoiceStrategy::LongestChain);
        params
    }

    fn import(params: BlockImportParams<Block>) -> Result<ImportResult, Error> {
        block_on(equal_heights(|| 0).import_block(params))
    }

    #[test]
    fn the_earlier_of_two_of_a_height_becomes_the_best_and_the_later_does_not() {
        for (number, slot, best) in [
            (20, 99, true),
            (20, 101, false),
            (21, 300, true),
            (19, 50, false),
        ] {
            let result = import(block(number, slot, 1)).expect("the mock takes it");
            assert_eq!(
                result,
                ImportResult::imported(best),
                "#{number} of slot {slot}"
            );
        }
    }

    #[test]
    fn what_is_not_after_the_last_final_block_passes_untouched() {
        let untouched = ImportResult::KnownBad;
        // Old, or of an unknown parent.
        assert_eq!(import(block(10, 99, 1)).expect("taken"), untouched);
        assert_eq!(import(block(20, 99, 0xee)).expect("taken"), untouched);
        // On a fork that has lost.
        let wrapper = equal_heights(|| 0);
        wrapper.forks.lock().expect("no test panics with it").lost = true;
        assert_eq!(wrapper.choose(&block(20, 99, 0xdd), 0), None);
        // A choice that was made already stands.
        let mut chosen = block(20, 99, 1);
        chosen.fork_choice = Some(ForkChoiceStrategy::Custom(false));
        assert_eq!(
            import(chosen).expect("taken"),
            ImportResult::imported(false)
        );
    }

    #[test]
    fn a_block_that_loses_while_it_is_executed_is_let_go_and_other_failures_are_not_hidden() {
        assert!(matches!(
            import(block(20, 99, 0xdd)),
            Ok(ImportResult::AlreadyInChain)
        ));
        // It would not have displaced one of equal height: the failure is not this rule's.
        assert!(import(block(21, 101, 0xdd)).is_err());
    }

    #[test]
    fn clones_import_one_block_at_a_time() {
        let (queue, author) = {
            let wrapper = equal_heights(|| 0);
            (wrapper.clone(), wrapper)
        };
        let both = futures::future::join(
            queue.import_block(block(20, 99, 1)),
            author.import_block(block(21, 101, 1)),
        );
        let (first, second) = block_on(both);
        assert!(first.is_ok() && second.is_ok());
    }
}
