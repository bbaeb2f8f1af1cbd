//! Asks again for blocks when asking failed.

use crate::Block;
use futures::channel::oneshot;
use futures_timer::Delay;
use sc_network::{PeerId, request_responses::RequestFailure, types::ProtocolName};
use sc_network_common::sync::message::{BlockData, BlockRequest};
use sc_network_sync::block_relay_protocol::{BlockDownloader, BlockResponseError};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Between a failure and the next request.
const PAUSE: Duration = Duration::from_millis(500);
/// For so long a request is repeated. A peer that shut this node out takes it back sooner.
const PERSISTENCE: Duration = Duration::from_secs(30);

/// Repeats requests that fail.
///
/// Block sync never hears of a failure that passes. A peer that has disconnected is not asked again: the engine
/// lets go of its requests.
#[derive(Debug)]
pub struct PersistentDownloads {
    inner: Arc<dyn BlockDownloader<Block>>,
    pause: Duration,
    persistence: Duration,
}

impl PersistentDownloads {
    /// By this means.
    pub fn new(inner: Arc<dyn BlockDownloader<Block>>) -> Self {
        Self {
            inner,
            pause: PAUSE,
            persistence: PERSISTENCE,
        }
    }
}

#[async_trait::async_trait]
impl BlockDownloader<Block> for PersistentDownloads {
    fn protocol_name(&self) -> &ProtocolName {
        self.inner.protocol_name()
    }

    async fn download_blocks(
        &self,
        who: PeerId,
        request: BlockRequest<Block>,
    ) -> Result<Result<(Vec<u8>, ProtocolName), RequestFailure>, oneshot::Canceled> {
        let start = Instant::now();
        loop {
            let answer = self.inner.download_blocks(who, request.clone()).await;
            if matches!(answer, Ok(Ok(_))) || start.elapsed() >= self.persistence {
                return answer;
            }
            log::debug!(target: "sync", "Asks {who} once more for blocks, because {:?}", answer.err());
            Delay::new(self.pause).await;
        }
    }

    fn block_response_into_blocks(
        &self,
        request: &BlockRequest<Block>,
        response: Vec<u8>,
    ) -> Result<Vec<BlockData<Block>>, BlockResponseError> {
        self.inner.block_response_into_blocks(request, response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use parking_lot::Mutex;
    use plume_primitives::Hash;
    use sc_network_common::sync::message::{BlockAttributes, Direction, FromBlock};

    /// Fails so many times, then has an answer.
    #[derive(Debug)]
    struct Peer {
        failures: Mutex<u32>,
        name: ProtocolName,
    }

    #[async_trait::async_trait]
    impl BlockDownloader<Block> for Peer {
        fn protocol_name(&self) -> &ProtocolName {
            &self.name
        }

        async fn download_blocks(
            &self,
            _: PeerId,
            request: BlockRequest<Block>,
        ) -> Result<Result<(Vec<u8>, ProtocolName), RequestFailure>, oneshot::Canceled> {
            assert_eq!(request.max, Some(3), "it is the same request");
            let mut failures = self.failures.lock();
            match failures.checked_sub(1) {
                Some(left) => {
                    *failures = left;
                    Ok(Err(RequestFailure::Refused))
                }
                None => Ok(Ok((vec![1, 2], self.name.clone()))),
            }
        }

        fn block_response_into_blocks(
            &self,
            _: &BlockRequest<Block>,
            _: Vec<u8>,
        ) -> Result<Vec<BlockData<Block>>, BlockResponseError> {
            Ok(Vec::new())
        }
    }

    fn download(failures: u32, persistence: Duration) -> (bool, u32) {
        let peer = Arc::new(Peer {
            failures: Mutex::new(failures),
            name: "/sync".into(),
        });
        let downloads = PersistentDownloads {
            inner: peer.clone(),
            pause: Duration::ZERO,
            persistence,
        };
        let request = BlockRequest::<Block> {
            id: 0,
            fields: BlockAttributes::HEADER,
            from: FromBlock::Hash(Hash::zero()),
            direction: Direction::Descending,
            max: Some(3),
        };
        let answer = block_on(downloads.download_blocks(PeerId::random(), request));
        let left = *peer.failures.lock();
        (
            matches!(answer, Ok(Ok((bytes, _))) if bytes == [1, 2]),
            left,
        )
    }

    #[test]
    fn a_request_that_fails_is_repeated_until_it_is_answered() {
        for failures in [0, 1, 5] {
            assert_eq!(download(failures, PERSISTENCE), (true, 0));
        }
    }

    #[test]
    fn a_request_is_not_repeated_for_ever() {
        assert_eq!(download(5, Duration::ZERO), (false, 4));
    }
}
