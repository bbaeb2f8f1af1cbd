//! Asks for the blocks of other forks when finality stands.

use crate::{Block, EqualHeightRule, PlumeClient};
use futures_timer::Delay;
use plume_primitives::{BlockNumber, Hash};
use sc_network::NetworkSyncForkRequest;
use sc_network_sync::SyncingService;
use sp_blockchain::BlockStatus;
use std::sync::Arc;

/// A peer sends at most so many blocks at once, and a fork is asked for from the last final block on. Longer
/// ones wait for the next block: then block sync looks for where they part.
const MAX_BLOCKS: BlockNumber = 128;

/// What a peer has: its best block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Best {
    number: BlockNumber,
    hash: Hash,
}

/// Once a slot, while finality stands, asks the peers whose best block we do not know for it, unless it is
/// higher than ours.
///
/// Block sync fetches a fork that is higher than ours. One of equal height it fetches only if it parted at the
/// last block, so that two halves of a partition that meet at equal height would know of each other and not
/// compare; a lower one after a search, by when its owner may have left it. Votes for it count all the same,
/// once the block is here: without them the round that the halves are in cannot end, and GRANDPA asks for
/// what it hears votes for only after some fifteen seconds.
pub(crate) async fn fetch<C: PlumeClient>(
    client: Arc<C>,
    sync: Arc<SyncingService<Block>>,
    rule: EqualHeightRule,
) {
    loop {
        Delay::new(rule.slot.as_duration()).await;
        let info = client.info();
        let waiting = info.best_number.saturating_sub(info.finalized_number);
        if !rule.finality_stands(info.best_number, info.finalized_number) || waiting > MAX_BLOCKS {
            continue;
        }
        let Ok(peers) = sync.peers_info().await else {
            return; // the network has ended
        };
        for (peer, theirs) in peers {
            let theirs = Best {
                number: theirs.best_number,
                hash: theirs.best_hash,
            };
            let unknown = |hash| matches!(client.status(hash), Ok(BlockStatus::Unknown));
            if is_rival(info.finalized_number, info.best_number, theirs, unknown) {
                log::debug!(
                    target: "consensus",
                    "Asking for block #{} ({:?}) of another fork", theirs.number, theirs.hash,
                );
                sync.set_sync_fork_request(vec![peer], theirs.hash, theirs.number);
            }
        }
    }
}

fn is_rival(
    finalized: BlockNumber,
    ours: BlockNumber,
    theirs: Best,
    unknown: impl Fn(Hash) -> bool,
) -> bool {
    theirs.number > finalized && theirs.number <= ours && unknown(theirs.hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unknown_block_above_the_final_one_and_not_above_ours_is_asked_for() {
        let best = |number| Best {
            number,
            hash: Hash::repeat_byte(1),
        };
        let (finalized, ours) = (6, 9);
        assert!(is_rival(finalized, ours, best(9), |_| true));
        assert!(is_rival(finalized, ours, best(7), |_| true));
        assert!(!is_rival(finalized, ours, best(9), |_| false));
        assert!(!is_rival(finalized, ours, best(6), |_| true));
        assert!(!is_rival(finalized, ours, best(10), |_| true));
    }
}
