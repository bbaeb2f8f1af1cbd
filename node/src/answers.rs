//! Answers leave at once.
//!
//! The SDK's RPC server of this release accepts connections without `TCP_NODELAY`, so Nagle's algorithm holds the last part
//! of an answer back until the client has acknowledged the part before, which clients do after 40 ms: every answer of
//! more than some 6 kB came 44 ms late, `chain_getBlock` and the events of a block among them. Later releases set the option
//! (paritytech/polkadot-sdk#12797). Until then it is set on the sockets that listen: on Linux what they accept inherits
//! it.

#![allow(
    unsafe_code,
    reason = "the server keeps its sockets to itself, so they are found by their numbers"
)]

use rustix::{
    io::Errno,
    net::sockopt::{set_tcp_nodelay, socket_acceptconn},
};
use std::{
    fs, io,
    os::fd::{BorrowedFd, RawFd},
};

/// Sets `TCP_NODELAY` on every TCP socket of this process that listens, and answers how many there are.
///
/// Errors if the process cannot list its files.
pub fn leave_at_once() -> io::Result<usize> {
    let mut listening = 0;
    for entry in fs::read_dir("/proc/self/fd")? {
        let number = entry?
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if number.is_some_and(sets_no_delay) {
            listening += 1;
        }
    }
    Ok(listening)
}

/// Whether this is a TCP socket that listens, and now has the option.
fn sets_no_delay(number: RawFd) -> bool {
    // SAFETY: it is asked whether it listens, and sockets that do are open for as long as the node runs. Whatever else
    // was open under this number and is closed meanwhile answers with an error.
    let file = unsafe { BorrowedFd::borrow_raw(number) };
    let listens = socket_acceptconn(file) == Ok(true);
    // A socket of another family does not know the option.
    listens && set_tcp_nodelay(file, true) != Err(Errno::OPNOTSUPP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        net::{TcpListener, TcpStream},
        os::unix::net::UnixListener,
    };

    #[test]
    fn what_a_listening_socket_accepts_answers_without_delay() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let folder = tempfile::tempdir().expect("there is room");
        let _other = UnixListener::bind(folder.path().join("socket")).expect("a free name");
        let accepted = || {
            let address = listener.local_addr().expect("it is bound");
            let client = TcpStream::connect(address).expect("it listens");
            let (server, _) = listener.accept().expect("it is asked");
            (client, server.nodelay().expect("it is a socket"))
        };
        let (_before, delays_not) = accepted();
        assert!(!delays_not);
        assert!(leave_at_once().expect("it has files") >= 1);
        let (client, delays_not) = accepted();
        assert!(delays_not);
        // Sockets that do not listen are left alone.
        assert!(!client.nodelay().expect("it is a socket"));
    }
}
