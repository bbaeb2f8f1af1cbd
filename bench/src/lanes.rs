//! Many sends at once: as fast as nodes answer, or at given times.

use crate::{Board, Latencies, Parcel};
use futures::{StreamExt, future::join_all, stream, stream::FuturesUnordered};
use plume_sdk::raw::Rpc;
use std::future::ready;

/// What goes to one node over one connection, in this order.
#[derive(Debug)]
pub struct Lane {
    /// The connection.
    pub rpc: Rpc,
    /// What to send.
    pub parcels: Vec<Parcel>,
}

/// How hard to push.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Unanswered requests on a connection. More than the node's buffer (64) only waits there.
    pub in_flight: usize,
    /// Transactions that may be sent and not final at once, over all lanes. `usize::MAX` for no limit.
    pub window: usize,
    /// When to stop sending, on the board's clock; also the end of retries.
    pub until_us: u64,
    /// Whether to send again what was refused for a reason that passes.
    pub retry: bool,
}

/// Splits parcels over endpoints by a rule, in their order.
pub fn split(
    endpoints: &[Rpc],
    parcels: impl IntoIterator<Item = Parcel>,
    endpoint_of: impl Fn(usize, &Parcel) -> usize,
) -> Vec<Lane> {
    let mut lanes: Vec<_> = endpoints
        .iter()
        .map(|rpc| Lane {
            rpc: rpc.clone(),
            parcels: Vec::new(),
        })
        .collect();
    let count = lanes.len().max(1);
    for (position, parcel) in parcels.into_iter().enumerate() {
        if let Some(lane) = lanes.get_mut(endpoint_of(position, &parcel) % count) {
            lane.parcels.push(parcel);
        }
    }
    lanes
}

/// Sends all lanes side by side; returns when everything sent is answered.
pub async fn feed(board: &Board, lanes: &[Lane], pace: Pace) {
    join_all(lanes.iter().map(|lane| feed_one(board, lane, pace))).await;
}

async fn feed_one(board: &Board, lane: &Lane, pace: Pace) {
    let retry_until_us = if pace.retry { pace.until_us } else { 0 };
    stream::iter(&lane.parcels)
        .then(async |parcel| {
            board.room(pace.window, pace.until_us).await;
            parcel
        })
        .take_while(|_| ready(board.clock().now_us() < pace.until_us))
        .map(|parcel| {
            board.stamp(parcel.id);
            board.send(&lane.rpc, parcel, retry_until_us)
        })
        .buffer_unordered(pace.in_flight.max(1))
        .collect::<()>()
        .await;
}

/// Sends each parcel at its time (microseconds from now), whether or not earlier ones are answered.
/// Returns, when all are answered, how late the sends were: the client's own share of any delay.
pub async fn on_time(
    board: &Board,
    endpoints: &[Rpc],
    parcels: &[Parcel],
    times_us: &[u64],
) -> Latencies {
    let began_us = board.clock().now_us();
    let mut lags = Latencies::default();
    let mut sends = FuturesUnordered::new();
    for (position, (parcel, at_us)) in parcels.iter().zip(times_us).enumerate() {
        let due_us = began_us + at_us;
        let due = tokio::time::sleep_until(board.clock().moment(due_us).into());
        let mut due = std::pin::pin!(due);
        loop {
            tokio::select! {
                biased;
                () = &mut due => break,
                Some(()) = sends.next() => {}
            }
        }
        let Some(rpc) = endpoints.get(position % endpoints.len().max(1)) else {
            break;
        };
        lags.record(board.clock().now_us().saturating_sub(due_us));
        sends.push(async move {
            board.stamp(parcel.id);
            board.send(rpc, parcel, 0).await;
        });
    }
    sends.collect::<()>().await;
    lags
}
