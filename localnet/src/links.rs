//! What happens to the bytes between nodes: delay, stalls and cuts, changed while the network runs.
//!
//! Every link is a TCP relay of its own: node `i` knows node `j` only by the address of the relay
//! `i → j`, which passes on to `j`. A link has two directions, each with a [`Condition`]; a connection
//! uses both, whoever dialled. A relay serves its own node only: nodes tell each other where they find
//! a third one, and else would reach it by a link that is not theirs. Relays run on a thread of their own, so that a busy caller delays
//! nothing that it did not ask to be delayed.

mod relay;

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, runtime::Runtime, sync::watch};

/// How bytes fare on the way from one node to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// How long each byte takes. Order is kept, and so is throughput.
    pub delay: Duration,
    /// Bytes are held, and go on together when it ends.
    pub stalled: bool,
    /// Connections are closed, and new ones refused. Cut both directions or neither.
    pub cut: bool,
}

type Directions = HashMap<(usize, usize), watch::Sender<Condition>>;

/// The links of a network, by the numbers of its nodes: validators first, then what was added.
///
/// Without faults every link passes on at once.
pub struct Links {
    at: Ipv4Addr,
    directions: Mutex<Directions>,
    // None only while it is dropped.
    runtime: Option<Runtime>,
}

impl Links {
    /// Links whose relays listen at this address.
    pub(crate) fn new(at: Ipv4Addr) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("links")
            .enable_all()
            .build()?;
        Ok(Self {
            at,
            directions: Mutex::default(),
            runtime: Some(runtime),
        })
    }

    /// Begins to relay from a port (0: any) to where `to` listens, and returns where `from`, which dials
    /// from this address, finds it.
    pub(crate) fn connect(
        &self,
        (from, dials_from): (usize, Ipv4Addr),
        to: usize,
        port: u16,
        target: SocketAddr,
    ) -> io::Result<SocketAddr> {
        let (there, back) = {
            let mut directions = self.directions();
            let mut watch = |direction| directions.entry(direction).or_default().subscribe();
            (watch((from, to)), watch((to, from)))
        };
        let runtime = self
            .runtime
            .as_ref()
            .ok_or_else(|| io::Error::other("the relays have ended"))?;
        let listener = std::net::TcpListener::bind((self.at, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        // A listener belongs to the runtime that it is made in.
        let _inside = runtime.enter();
        let listener = TcpListener::from_std(listener)?;
        let link = relay::Link {
            address,
            dials_from: dials_from.into(),
            target,
        };
        runtime.spawn(relay::serve(listener, link, there, back));
        Ok(address)
    }

    /// Changes what happens on the way from one node to another. Nothing if there is no such link.
    pub fn change(&self, from: usize, to: usize, change: impl FnOnce(&mut Condition)) {
        if let Some(direction) = self.directions().get(&(from, to)) {
            direction.send_modify(change);
        }
    }

    /// Changes every direction of every link.
    pub fn change_all(&self, mut change: impl FnMut(&mut Condition)) {
        for direction in self.directions().values() {
            direction.send_modify(&mut change);
        }
    }

    /// Holds, or lets go, what two nodes send each other.
    pub fn stall(&self, one: usize, other: usize, stalled: bool) {
        for (from, to) in [(one, other), (other, one)] {
            self.change(from, to, |condition| condition.stalled = stalled);
        }
    }

    /// Cuts the links between the two sides: the nodes named here, and all others. Links within a
    /// side are as they were.
    pub fn part(&self, side: &[usize]) {
        for ((from, to), direction) in self.directions().iter() {
            if side.contains(from) != side.contains(to) {
                direction.send_modify(|condition| condition.cut = true);
            }
        }
    }

    /// Ends every delay, stall and cut.
    pub fn heal(&self) {
        self.change_all(|condition| *condition = Condition::default());
    }

    fn directions(&self) -> MutexGuard<'_, Directions> {
        // Every change is whole, so that of a panicked thread is, too.
        self.directions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for its threads would be refused inside another runtime.
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Links({} directions at {})",
            self.directions().len(),
            self.at
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
        time::timeout,
    };

    const SOON: Duration = Duration::from_secs(5);
    const DELAY: Duration = Duration::from_millis(80);

    /// A link from node 0 to node 1, which listens here.
    async fn link() -> (Links, SocketAddr, TcpListener) {
        let target = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("loopback has a free port");
        let links = Links::new(Ipv4Addr::LOCALHOST).expect("a thread can be started");
        let end = target.local_addr().expect("it listens");
        let relay = links
            .connect((0, Ipv4Addr::LOCALHOST), 1, 0, end)
            .expect("there is a free port");
        (links, relay, target)
    }

    /// Both ends of a connection through the relay.
    async fn dial(relay: SocketAddr, target: &TcpListener) -> (TcpStream, TcpStream) {
        let near = TcpStream::connect(relay).await.expect("the relay listens");
        let (far, _) = timeout(SOON, target.accept())
            .await
            .expect("the relay dials soon")
            .expect("loopback accepts");
        (near, far)
    }

    async fn read(stream: &mut TcpStream, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        timeout(SOON, stream.read_exact(&mut bytes))
            .await
            .expect("bytes come soon")
            .expect("the connection is open");
        bytes
    }

    #[tokio::test]
    async fn a_delay_holds_each_byte_for_its_time_keeps_their_order_and_does_not_add_up() {
        let (links, relay, target) = link().await;
        let (mut near, mut far) = dial(relay, &target).await;
        links.change(0, 1, |condition| condition.delay = DELAY);
        let began = Instant::now();
        let sent: Vec<u8> = (0..100).collect();
        for byte in &sent {
            near.write_all(&[*byte]).await.expect("the relay reads");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let sending = began.elapsed();
        assert_eq!(read(&mut far, sent.len()).await, sent);
        let took = began.elapsed();
        assert!(took >= DELAY + Duration::from_millis(99), "{took:?}");
        assert!(took < sending + 5 * DELAY, "{took:?} for {sending:?}");

        // The way back has its own condition.
        let began = Instant::now();
        far.write_all(b"back").await.expect("the relay reads");
        assert_eq!(read(&mut near, 4).await, b"back");
        assert!(began.elapsed() < DELAY, "{:?}", began.elapsed());
    }

    #[tokio::test]
    async fn a_stalled_link_holds_everything_and_delivers_all_of_it_afterwards() {
        let (links, relay, target) = link().await;
        let (mut near, mut far) = dial(relay, &target).await;
        links.stall(0, 1, true);
        let sent: Vec<u8> = (0..50_000u32).map(|i| i as u8).collect();
        near.write_all(&sent).await.expect("the relay reads");
        let mut byte = [0; 1];
        let early = timeout(Duration::from_millis(300), far.read(&mut byte)).await;
        assert!(early.is_err(), "a stalled link delivered {early:?}");
        links.stall(0, 1, false);
        assert_eq!(read(&mut far, sent.len()).await, sent);
    }

    #[tokio::test]
    async fn a_cut_link_closes_refuses_and_carries_again_when_healed() {
        let (links, relay, target) = link().await;
        let (mut near, mut far) = dial(relay, &target).await;
        links.part(&[0]);
        let mut byte = [0; 1];
        for end in [&mut near, &mut far] {
            let closed = timeout(SOON, end.read(&mut byte)).await;
            assert!(
                matches!(closed, Ok(Ok(0) | Err(_))),
                "still open: {closed:?}"
            );
        }
        // The listener goes a moment after the connections do.
        let deadline = Instant::now() + SOON;
        while timeout(SOON, TcpStream::connect(relay))
            .await
            .expect("an answer of either kind")
            .is_ok()
        {
            assert!(Instant::now() < deadline, "a cut link accepts");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }

        links.heal();
        let deadline = Instant::now() + SOON;
        while TcpStream::connect(relay).await.is_err() {
            assert!(Instant::now() < deadline, "a healed link refuses");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Every attempt that was accepted is passed on; the last one is used.
        let mut near = TcpStream::connect(relay).await.expect("it is healed");
        near.write_all(b"again").await.expect("the relay reads");
        let heard = loop {
            let (mut far, _) = timeout(SOON, target.accept())
                .await
                .expect("the relay dials soon")
                .expect("loopback accepts");
            let mut bytes = [0; 5];
            if let Ok(Ok(_)) = timeout(SOON, far.read_exact(&mut bytes)).await {
                break bytes;
            }
        };
        assert_eq!(&heard, b"again");
    }

    #[tokio::test]
    async fn a_relay_serves_its_own_node_only() {
        let (links, _, target) = link().await;
        let end = target.local_addr().expect("it listens");
        let elsewhere = Ipv4Addr::new(127, 0, 0, 9);
        let relay = links
            .connect((2, elsewhere), 1, 0, end)
            .expect("there is a free port");
        let mut stranger = TcpStream::connect(relay).await.expect("the relay listens");
        let mut byte = [0; 1];
        let closed = timeout(SOON, stranger.read(&mut byte)).await;
        assert!(
            matches!(closed, Ok(Ok(0) | Err(_))),
            "still open: {closed:?}"
        );
        let dialled = timeout(Duration::from_millis(200), target.accept()).await;
        assert!(dialled.is_err(), "a stranger was passed on");
    }

    #[tokio::test]
    async fn a_partition_cuts_between_its_sides_only() {
        let (links, relay, target) = link().await;
        links.part(&[0, 1]);
        let (mut near, mut far) = dial(relay, &target).await;
        near.write_all(b"same side").await.expect("the relay reads");
        assert_eq!(read(&mut far, 9).await, b"same side");
    }
}
