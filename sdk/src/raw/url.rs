//! Which endpoints a client may talk to.

use subxt_rpcs::utils::url_is_secure;

use crate::Error;

/// Whether a connection may leave this machine in the clear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// `wss://` anywhere, `ws://` only to this machine. Whoever listens on a plain connection learns who asks
    /// about which accounts, and can answer in the node's place.
    #[default]
    Encrypted,
    /// `ws://` anywhere; for test networks and private links.
    PlainAllowed,
}

/// Refuses what is not a WebSocket URL, and what would be sent in the clear against the caller's wish.
pub(super) fn check(url: &str, transport: Transport) -> Result<(), Error> {
    let bad = |reason: &str| Error::BadUrl {
        url: url.to_owned(),
        reason: reason.to_owned(),
    };
    if !url.starts_with("ws://") && !url.starts_with("wss://") {
        return Err(bad("it does not begin with ws:// or wss://"));
    }
    let is_secure = url_is_secure(url).map_err(|_| bad("it is not a URL"))?;
    if !is_secure && transport == Transport::Encrypted {
        return Err(Error::InsecureUrl {
            url: url.to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_connections_stay_on_this_machine() {
        for url in [
            "ws://127.0.0.1:9944",
            "ws://localhost:9944",
            "ws://[::1]:9944",
            "wss://rpc.example.com",
        ] {
            assert!(check(url, Transport::Encrypted).is_ok(), "{url}");
        }
        for url in [
            "ws://192.168.1.5:9944",
            "ws://rpc.example.com",
            "ws://127.0.0.1.example.com",
        ] {
            assert!(
                matches!(
                    check(url, Transport::Encrypted),
                    Err(Error::InsecureUrl { .. })
                ),
                "{url}"
            );
            assert!(check(url, Transport::PlainAllowed).is_ok(), "{url}");
        }
    }

    #[test]
    fn only_websocket_urls_are_taken() {
        for url in [
            "http://127.0.0.1:9944",
            "127.0.0.1:9944",
            "",
            "ws://",
            "wss://:x",
        ] {
            for transport in [Transport::Encrypted, Transport::PlainAllowed] {
                assert!(
                    matches!(check(url, transport), Err(Error::BadUrl { .. })),
                    "{url}"
                );
            }
        }
    }
}
