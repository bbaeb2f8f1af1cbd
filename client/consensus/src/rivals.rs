//! Asks for blocks of equal height when finality stands.

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

/// Once a slot, while finality stands, asks the peers whose best block is as high as ours for it.
///
/// Block sync fetches a fork that is higher than ours, and one that is lower, but not one of equal height
/// unless it parted at the last block: two halves of a partition that meet at equal height would know of
/// each other and not compare. GRANDPA asks for what it hears votes for, but only after some fifteen seconds.
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
            if is_rival(info.best_number, theirs, unknown) {
                log::debug!(
                    target: "consensus",
                    "Asking for block #{} ({:?}), as high as ours", theirs.number, theirs.hash,
                );
                sync.set_sync_fork_request(vec![peer], theirs.hash, theirs.number);
            }
        }
    }
}

fn is_rival(ours: BlockNumber, theirs: Best, unknown: impl Fn(Hash) -> bool) -> bool {
    theirs.number == ours && unknown(theirs.hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unknown_block_as_high_as_ours_is_asked_for() {
        let best = |number| Best {
            number,
            hash: Hash::repeat_byte(1),
        };
        assert!(is_rival(9, best(9), |_| true));
        assert!(!is_rival(9, best(9), |_| false));
        assert!(!is_rival(9, best(8), |_| true));
        assert!(!is_rival(9, best(10), |_| true));
    }
}
