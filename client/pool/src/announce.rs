//! Tells listeners about transactions that arrived here first, at a pace that the network bears.
//!
//! The SDK's gossip sends one notification per transaction and peer into a channel of 2,048; when
//! that is full it closes the whole connection, finality's messages included. So no more than
//! [`BURST`] hashes leave per [`PACE`]: 6,400 a second.

use futures::channel::mpsc;
use futures_timer::Delay;
use parking_lot::Mutex;
use plume_primitives::Hash;
use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Poll, Waker},
    time::Duration,
};

const BURST: usize = 64;
const BURST_BYTES: usize = 256 << 10;
const PACE: Duration = Duration::from_millis(10);
/// Slots of a listener's channel. Hashes that do not fit wait here, not there.
const CHANNEL: usize = 1_024;

struct Listener {
    channel: mpsc::Sender<Hash>,
    backlog: VecDeque<(Hash, usize)>,
}

#[derive(Default)]
struct State {
    listeners: Vec<Listener>,
    idle: Option<Waker>,
}

/// The listeners and what they have not heard yet.
pub(crate) struct Announcer {
    state: Mutex<State>,
    max_backlog: usize,
}

impl Announcer {
    /// `max_backlog`: hashes that a slow listener may lag behind before it misses the oldest. The
    /// pool's size, so that everything in it can wait.
    pub(crate) fn new(max_backlog: usize) -> Self {
        Self {
            state: Mutex::default(),
            max_backlog,
        }
    }

    pub(crate) fn listen(&self) -> mpsc::Receiver<Hash> {
        let (channel, receiver) = mpsc::channel(CHANNEL);
        self.state.lock().listeners.push(Listener {
            channel,
            backlog: VecDeque::new(),
        });
        receiver
    }

    pub(crate) fn announce(&self, hash: Hash, bytes: usize) {
        let mut state = self.state.lock();
        for listener in &mut state.listeners {
            listener.backlog.push_back((hash, bytes));
            if listener.backlog.len() > self.max_backlog {
                listener.backlog.pop_front();
            }
        }
        if let Some(idle) = state.idle.take() {
            drop(state);
            idle.wake();
        }
    }

    /// Runs for as long as the node.
    pub(crate) async fn run(&self) {
        loop {
            poll_fn(|cx| {
                let mut state = self.state.lock();
                if state
                    .listeners
                    .iter()
                    .any(|listener| !listener.backlog.is_empty())
                {
                    Poll::Ready(())
                } else {
                    state.idle = Some(cx.waker().clone());
                    Poll::Pending
                }
            })
            .await;
            self.state.lock().listeners.retain_mut(Listener::send_burst);
            Delay::new(PACE).await;
        }
    }
}

impl Listener {
    /// Says whether anybody listens still.
    fn send_burst(&mut self) -> bool {
        let mut bytes = 0usize;
        for _ in 0..BURST {
            let Some((hash, size)) = self.backlog.front() else {
                break;
            };
            bytes = bytes.saturating_add(*size);
            match self.channel.try_send(*hash) {
                Ok(()) => {
                    self.backlog.pop_front();
                }
                Err(e) if e.is_full() => break,
                Err(_) => return false,
            }
            if bytes >= BURST_BYTES {
                break;
            }
        }
        !self.channel.is_closed()
    }
}
