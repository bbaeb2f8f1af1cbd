//! One link: accepts, dials on, and carries bytes both ways under the link's conditions.

use super::Condition;
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until},
};

/// Most bytes that travel together.
const CHUNK_BYTES: usize = 16 * 1024;
/// Chunks on their way in one direction of a connection; then its sender has to wait.
const CHUNKS: usize = 4_096;
/// Between two attempts to listen again, or to accept after an error.
const AGAIN: Duration = Duration::from_millis(20);

/// A link's condition in one direction.
type Watch = watch::Receiver<Condition>;

/// Where a link begins and ends.
#[derive(Clone, Copy)]
pub(super) struct Link {
    /// Where the relay listens.
    pub address: SocketAddr,
    /// Whom it serves.
    pub dials_from: IpAddr,
    /// Where it dials on to.
    pub target: SocketAddr,
}

/// Relays from a listener to a target until the link's [`super::Links`] is dropped.
pub(super) async fn serve(listener: TcpListener, link: Link, mut there: Watch, back: Watch) {
    let mut listener = Some(listener);
    loop {
        if there.wait_for(|condition| !condition.cut).await.is_err() {
            return;
        }
        let open = match listener.take() {
            Some(open) => open,
            None => match TcpListener::bind(link.address).await {
                Ok(open) => open,
                Err(_) => {
                    sleep(AGAIN).await;
                    continue;
                }
            },
        };
        loop {
            tokio::select! {
                biased;
                lasts = lasts_until_cut(&mut there) => match lasts {
                    true => break,
                    false => return,
                },
                accepted = open.accept() => match accepted {
                    Ok((near, who)) if who.ip() == link.dials_from => {
                        tokio::spawn(carry(near, link.target, there.clone(), back.clone()));
                    }
                    // A stranger's connection is closed.
                    Ok(_) => {}
                    Err(_) => sleep(AGAIN).await,
                },
            }
        }
        // Without a listener the kernel refuses.
        drop(open);
    }
}

/// Waits until the link is cut; false if it has been dropped.
async fn lasts_until_cut(link: &mut Watch) -> bool {
    link.wait_for(|condition| condition.cut).await.is_ok()
}

/// Carries one connection until an end closes it, or the link is cut.
async fn carry(near: TcpStream, target: SocketAddr, there: Watch, back: Watch) {
    let mut link = there.clone();
    let both_ways = async {
        let Ok(far) = TcpStream::connect(target).await else {
            return;
        };
        // A relay that waits for more bytes would delay more than it was asked to.
        if near
            .set_nodelay(true)
            .and_then(|()| far.set_nodelay(true))
            .is_err()
        {
            return;
        }
        let (near_in, near_out) = near.into_split();
        let (far_in, far_out) = far.into_split();
        tokio::join!(pump(near_in, far_out, there), pump(far_in, near_out, back));
    };
    tokio::select! {
        biased;
        _ = lasts_until_cut(&mut link) => {}
        () = both_ways => {}
    }
}

/// Carries one direction. Each chunk gets its time of arrival when it is read, so that delays do not
/// add up and order is kept.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, condition: Watch) {
    let (sender, mut queue) = mpsc::channel::<(Instant, Vec<u8>)>(CHUNKS);
    let delays = condition.clone();
    let mut stalls = condition;
    let read = async move {
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            let count = tokio::select! {
                () = sender.closed() => return,
                count = from.read(&mut buffer) => count,
            };
            let Ok(count @ 1..) = count else { return };
            let due = Instant::now() + delays.borrow().delay;
            let chunk = buffer.iter().take(count).copied().collect();
            if sender.send((due, chunk)).await.is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((due, chunk)) = queue.recv().await {
            sleep_until(due).await;
            if stalls
                .wait_for(|condition| !condition.stalled)
                .await
                .is_err()
                || to.write_all(&chunk).await.is_err()
            {
                return;
            }
        }
        // The other end hears that no more will come; if it has gone, there is nobody to tell.
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}
