//! Says loudly when this machine's clock is off its peers', before Aura drops them for it.
//!
//! Aura refuses a header from beyond the slot after this node's own, and with it the peer that sent it.
//! A node whose clock is a slot (250 ms) behind so loses its peers one by one, and one that is ahead
//! loses itself to them. Long before, at [`Running::clock_tolerance`](crate::Running), this guard
//! warns, in the log and in metrics.
//!
//! # Protocol
//!
//! `/<genesis>/plume/clock/1`: one byte asks, eight bytes answer: microseconds since the Unix epoch on
//! the asked machine, little endian. A node asks each peer every five seconds, and answers each peer
//! at most once a second. Both messages are bounded to 16 bytes and two seconds; what is not answered
//! costs nobody reputation.
//!
//! # Estimate
//!
//! As NTP has it, the answer is taken to have been given half a round trip after the question. If the
//! way there and the way back differ, the estimate is off by half of the difference, and never by more
//! than half the round trip; so of a peer's last exchanges the one with the least round trip counts.
//! Among the peers the median counts: fewer than half of them lying, in whatever concert, move it no
//! further than some honest one says. Peers need not be validators, so who surrounds a node with
//! liars can raise a false alarm; it changes nothing but the log and the metrics.
//!
//! A peer's clock is compared with this machine's monotonic clock, and that with the machine's time of
//! day when the judgement is made: a step of the own clock shows at once, not when old exchanges fade.

mod estimate;

use crate::Block;
use estimate::{Alarm, Exchange, Exchanges, Offset, Word};
use futures::future::join_all;
use futures_timer::Delay;
use plume_primitives::Hash;
use sc_network::{
    IfDisconnected, NetworkBackend, PeerId, ProtocolName,
    request_responses::{IncomingRequest, OutgoingResponse},
    service::traits::NetworkService,
};
use sc_network_sync::SyncingService;
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use substrate_prometheus_endpoint::{
    Counter, F64, Gauge, PrometheusError, Registry, U64, register,
};

const LOG_TARGET: &str = "clock";
/// What a question consists of; its content means nothing.
const QUESTION: [u8; 1] = [1];
/// Bytes of a question or an answer at most.
const MAX_MESSAGE_BYTES: u64 = 16;
/// An exchange that takes longer says nothing about 50 ms.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Questions that may wait to be answered; more are refused.
const MAX_WAITING: usize = 128;
/// A peer that asks more often is refused.
const MIN_BETWEEN_ANSWERS: Duration = Duration::from_secs(1);
/// Peers whose last question is remembered.
const MAX_REMEMBERED: usize = 1_024;
/// From the start to the first round; connections take a moment.
const FIRST_ROUND: Duration = Duration::from_secs(2);
/// Between two rounds of questions.
const BETWEEN_ROUNDS: Duration = Duration::from_secs(5);
/// Peers that one round asks at most.
const MAX_ASKED: usize = 64;

/// The protocol, on the network but not yet running.
pub(crate) struct Protocol {
    name: ProtocolName,
    questions: async_channel::Receiver<IncomingRequest>,
}

impl Protocol {
    /// The protocol of this chain, and what the network has to know of it.
    pub fn new<N: NetworkBackend<Block, Hash>>(
        genesis: &Hash,
        fork_id: Option<&str>,
    ) -> (Self, N::RequestResponseProtocolConfig) {
        let (sender, questions) = async_channel::bounded(MAX_WAITING);
        let fork = fork_id.map_or_else(String::new, |fork| format!("/{fork}"));
        let name: ProtocolName = format!("/{genesis:x}{fork}/plume/clock/1").into();
        let config = N::request_response_config(
            name.clone(),
            Vec::new(),
            MAX_MESSAGE_BYTES,
            MAX_MESSAGE_BYTES,
            TIMEOUT,
            Some(sender),
        );
        (Self { name, questions }, config)
    }

    /// Answers peers for as long as the network runs.
    pub fn answer(&self) -> impl Future<Output = ()> + Send + use<> {
        let questions = self.questions.clone();
        async move {
            let mut limit = Limit::default();
            while let Ok(question) = questions.recv().await {
                // A question that is dropped is refused, without harm to the peer's reputation.
                if !limit.allows(question.peer, Instant::now()) {
                    continue;
                }
                let _ = question.pending_response.send(OutgoingResponse {
                    result: Ok(encode(wall_us())),
                    reputation_changes: Vec::new(),
                    sent_feedback: None,
                });
            }
        }
    }

    /// Asks peers and warns, for as long as the network runs.
    pub fn guard(
        self,
        network: Arc<dyn NetworkService>,
        sync: Arc<SyncingService<Block>>,
        tolerance: Duration,
        registry: Option<&Registry>,
    ) -> impl Future<Output = ()> + Send + use<> {
        let metrics = registry.and_then(|registry| {
            Metrics::register(registry)
                .inspect_err(
                    |error| log::warn!(target: LOG_TARGET, "The clock's metrics are off: {error}"),
                )
                .ok()
        });
        async move {
            let start = Instant::now();
            let mut exchanges = Exchanges::default();
            let mut alarm = Alarm::new(tolerance);
            Delay::new(FIRST_ROUND).await;
            // No peers' list any more: the node is ending.
            while let Ok(peers) = sync.peers_info().await {
                let peers: Vec<_> = peers.into_iter().map(|(peer, _)| peer).collect();
                let asked = peers.iter().take(MAX_ASKED);
                let round = join_all(
                    asked.map(|peer| async { (*peer, self.ask(&*network, *peer, start).await) }),
                )
                .await;
                let count = round.len();
                for (peer, exchange) in round {
                    if let Some(exchange) = exchange {
                        exchanges.add(peer, exchange);
                    }
                }
                let mono_us = micros(start.elapsed());
                let offset = exchanges.offset(wall_us().saturating_sub(mono_us), mono_us);
                let word = alarm.judge(offset, peers.len(), start.elapsed());
                if let Some(metrics) = &metrics {
                    metrics.show(offset, alarm.is_raised(), count);
                }
                if let Some(word) = word {
                    say(word, tolerance);
                }
                Delay::new(BETWEEN_ROUNDS).await;
            }
        }
    }

    async fn ask(
        &self,
        network: &dyn NetworkService,
        peer: PeerId,
        start: Instant,
    ) -> Option<Exchange> {
        let asked_us = micros(start.elapsed());
        let (answer, _) = network
            .request(
                peer,
                self.name.clone(),
                QUESTION.to_vec(),
                None,
                IfDisconnected::ImmediateError,
            )
            .await
            .inspect_err(
                |error| log::trace!(target: LOG_TARGET, "{peer} does not say its time: {error}"),
            )
            .ok()?;
        Exchange::new(asked_us, micros(start.elapsed()), decode(&answer)?)
    }
}

fn say(word: Word, tolerance: Duration) {
    let ms = |us: i64| us as f64 / 1_000.0;
    let direction = |us: i64| if us > 0 { "ahead of" } else { "behind" };
    match word {
        Word::Off(Offset { us, peers }) => log::warn!(
            target: LOG_TARGET,
            "⏰ This machine's clock is {:.0} ms {} the median of {peers} peers; more than {} ms is too much. \
             At a slot's length peers drop each other. Check that chrony or another NTP client runs and is \
             synchronised (`chronyc tracking`), here and, if others say the same, there.",
            ms(us.saturating_abs()), direction(us), tolerance.as_millis(),
        ),
        Word::Back(Offset { us, peers }) => log::info!(
            target: LOG_TARGET,
            "This machine's clock agrees again with its peers: {:.0} ms {} the median of {peers}",
            ms(us.saturating_abs()), direction(us),
        ),
    }
}

/// How often each peer may ask.
#[derive(Default)]
struct Limit(HashMap<PeerId, Instant>);

impl Limit {
    fn allows(&mut self, peer: PeerId, now: Instant) -> bool {
        let recent = |last: &Instant| now.saturating_duration_since(*last) < MIN_BETWEEN_ANSWERS;
        if self.0.get(&peer).is_some_and(recent) {
            return false;
        }
        if self.0.len() >= MAX_REMEMBERED {
            self.0.retain(|_, last| recent(last));
        }
        if self.0.len() >= MAX_REMEMBERED {
            return false;
        }
        self.0.insert(peer, now);
        true
    }
}

/// This machine's time of day, in microseconds since the Unix epoch.
fn wall_us() -> i64 {
    micros(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default(),
    )
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn encode(us: i64) -> Vec<u8> {
    us.to_le_bytes().to_vec()
}

fn decode(answer: &[u8]) -> Option<i64> {
    answer.try_into().ok().map(i64::from_le_bytes)
}

struct Metrics {
    offset_ms: Gauge<F64>,
    alarm: Gauge<U64>,
    peers: Gauge<U64>,
    asked: Counter<U64>,
}

impl Metrics {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        Ok(Self {
            offset_ms: register(
                Gauge::new(
                    "plume_clock_offset_milliseconds",
                    "How far this machine's clock is ahead of its peers' median; negative when behind, NaN when no \
                     peer says its time",
                )?,
                registry,
            )?,
            alarm: register(
                Gauge::new(
                    "plume_clock_alarm",
                    "1 while this machine's clock is further off than --clock-tolerance-ms",
                )?,
                registry,
            )?,
            peers: register(
                Gauge::new(
                    "plume_clock_peers",
                    "Peers whose clocks the median is taken of",
                )?,
                registry,
            )?,
            asked: register(
                Counter::new(
                    "plume_clock_peers_asked_total",
                    "Times a peer was asked for its time",
                )?,
                registry,
            )?,
        })
    }

    fn show(&self, offset: Option<Offset>, alarm: bool, asked: usize) {
        self.offset_ms
            .set(offset.map_or(f64::NAN, |offset| offset.us as f64 / 1_000.0));
        self.alarm.set(alarm.into());
        self.peers
            .set(offset.map_or(0, |offset| offset.peers as u64));
        self.asked.inc_by(asked as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_answered_once_a_second_and_others_meanwhile() {
        let (mut limit, now) = (Limit::default(), Instant::now());
        let (one, other) = (PeerId::random(), PeerId::random());
        assert!(limit.allows(one, now));
        assert!(!limit.allows(one, now + Duration::from_millis(999)));
        assert!(limit.allows(other, now + Duration::from_millis(999)));
        assert!(limit.allows(one, now + Duration::from_secs(1)));
    }

    #[test]
    fn a_crowd_of_askers_takes_no_more_than_its_share_of_memory() {
        let (mut limit, now) = (Limit::default(), Instant::now());
        for _ in 0..MAX_REMEMBERED {
            assert!(limit.allows(PeerId::random(), now));
        }
        assert!(!limit.allows(PeerId::random(), now));
        assert_eq!(limit.0.len(), MAX_REMEMBERED);
        assert!(limit.allows(PeerId::random(), now + MIN_BETWEEN_ANSWERS));
        assert_eq!(limit.0.len(), 1);
    }

    #[test]
    fn an_answer_of_another_length_is_no_time() {
        assert_eq!(
            decode(&encode(1_700_000_000_123_456)),
            Some(1_700_000_000_123_456)
        );
        assert_eq!(decode(&[0; 7]), None);
        assert_eq!(decode(&[0; 9]), None);
    }
}
