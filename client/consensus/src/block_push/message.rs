//! A block as bytes.
//!
//! The header in SCALE, then the transactions as SCALE has a vector of byte strings: the encoding of a block,
//! with bounds.

use crate::Block;
use codec::{Compact, Decode, Encode};
use sp_runtime::{
    OpaqueExtrinsic, StateVersion,
    traits::{BlakeTwo256, Block as BlockT, Hash as HashT, Header as HeaderT},
};

/// A block's header, its seal included.
pub(crate) type Header = <Block as BlockT>::Header;

/// Bytes of a message at most. A block of 5 MiB, the most a chain of ours takes, fits in with its header.
pub(crate) const MAX_MESSAGE_BYTES: usize = 6 * 1024 * 1024;
/// Bytes of a header at most. The largest change of validators takes 40 bytes for each of them.
pub(crate) const MAX_HEADER_BYTES: usize = 64 * 1024;
/// Transactions of a block at most. A transaction can be a byte on the wire and takes forty in memory, so
/// that bytes alone are no bound.
pub(crate) const MAX_TRANSACTIONS: usize = 65_536;

/// The message that carries a block. None if the block is beyond a bound; peers then fetch it, as they would
/// without a push.
pub(crate) fn encode(header: &Header, body: &[OpaqueExtrinsic]) -> Option<Vec<u8>> {
    let mut message = header.encode();
    if message.len() > MAX_HEADER_BYTES || body.len() > MAX_TRANSACTIONS {
        return None;
    }
    body.encode_to(&mut message);
    (message.len() <= MAX_MESSAGE_BYTES).then_some(message)
}

/// The header in a message, and the bytes after it, which are not looked at. None if there is no header within
/// its bound.
pub(crate) fn header(message: &[u8]) -> Option<(Header, &[u8])> {
    if message.len() > MAX_MESSAGE_BYTES {
        return None;
    }
    let bounded = message.get(..MAX_HEADER_BYTES).unwrap_or(message);
    let mut after = bounded;
    let header = Header::decode(&mut after).ok()?;
    let length = bounded.len().checked_sub(after.len())?;
    Some((header, message.get(length..)?))
}

/// The transactions after a header. None if the bytes are no body, or more than one.
pub(crate) fn body(mut bytes: &[u8]) -> Option<Vec<OpaqueExtrinsic>> {
    let count = usize::try_from(Compact::<u32>::decode(&mut bytes).ok()?.0).ok()?;
    if count > MAX_TRANSACTIONS || count > bytes.len() {
        return None;
    }
    let mut body = Vec::with_capacity(count);
    for _ in 0..count {
        body.push(OpaqueExtrinsic::decode(&mut bytes).ok()?);
    }
    bytes.is_empty().then_some(body)
}

/// Whether this is the body that the header's author sealed.
pub(crate) fn belongs_to(body: &[OpaqueExtrinsic], header: &Header) -> bool {
    let is_root = |version| {
        let encoded = body.iter().map(Encode::encode).collect();
        BlakeTwo256::ordered_trie_root(encoded, version) == *header.extrinsics_root()
    };
    // The runtime says which of the two it uses. Asking it would cost more, and each binds the body.
    is_root(StateVersion::V0) || is_root(StateVersion::V1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_primitives::Hash;
    use proptest::prelude::*;
    use sp_runtime::{Digest, DigestItem};

    fn header_with(logs: Vec<DigestItem>, body: &[OpaqueExtrinsic]) -> Header {
        let encoded = body.iter().map(Encode::encode).collect();
        Header::new(
            7,
            BlakeTwo256::ordered_trie_root(encoded, StateVersion::V0),
            Hash::repeat_byte(2),
            Hash::repeat_byte(1),
            Digest { logs },
        )
    }

    fn transactions(bytes: &[Vec<u8>]) -> Vec<OpaqueExtrinsic> {
        bytes
            .iter()
            .cloned()
            .map(OpaqueExtrinsic::from_blob)
            .collect()
    }

    fn decode(message: &[u8]) -> Option<(Header, Vec<OpaqueExtrinsic>)> {
        let (header, rest) = header(message)?;
        Some((header, body(rest)?))
    }

    #[test]
    fn a_message_is_the_encoding_of_a_block() {
        let body = transactions(&[vec![1], vec![2; 300]]);
        let header = header_with(vec![DigestItem::Other(vec![9; 40])], &body);
        assert_eq!(
            encode(&header, &body),
            Some(Block::new(header, body).encode())
        );
    }

    #[test]
    fn a_block_beyond_a_bound_is_not_pushed_and_not_taken() {
        let header = header_with(Vec::new(), &[]);
        let heavy = transactions(&[vec![0; MAX_MESSAGE_BYTES]]);
        assert_eq!(encode(&header, &heavy), None);
        assert_eq!(decode(&Block::new(header.clone(), heavy).encode()), None);

        let many = transactions(&vec![Vec::new(); MAX_TRANSACTIONS + 1]);
        assert_eq!(encode(&header, &many), None);
        assert_eq!(decode(&Block::new(header.clone(), many).encode()), None);
        let most = transactions(&vec![Vec::new(); MAX_TRANSACTIONS]);
        assert!(decode(&encode(&header, &most).expect("within bounds")).is_some());

        let long = header_with(vec![DigestItem::Other(vec![0; MAX_HEADER_BYTES])], &[]);
        assert_eq!(encode(&long, &[]), None);
        assert_eq!(decode(&Block::new(long, Vec::new()).encode()), None);
    }

    #[test]
    fn a_claim_of_more_transactions_than_there_are_bytes_is_refused_before_it_takes_memory() {
        let mut message = header_with(Vec::new(), &[]).encode();
        Compact(u32::try_from(MAX_TRANSACTIONS).expect("it is small")).encode_to(&mut message);
        message.extend([0; 8]);
        assert_eq!(decode(&message), None);
    }

    #[test]
    fn another_blocks_body_does_not_belong_to_a_header() {
        let body = transactions(&[vec![1], vec![2]]);
        let header = header_with(Vec::new(), &body);
        assert!(belongs_to(&body, &header));
        assert!(!belongs_to(&transactions(&[vec![2], vec![1]]), &header));
        assert!(!belongs_to(&transactions(&[vec![1]]), &header));
        assert!(!belongs_to(&[], &header));
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(bytes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..40), log in prop::collection::vec(any::<u8>(), 0..200)) {
            let body = transactions(&bytes);
            let header = header_with(vec![DigestItem::Other(log)], &body);
            let message = encode(&header, &body).expect("within bounds");
            prop_assert_eq!(decode(&message), Some((header, body)));
        }

        #[test]
        fn garbage_is_refused_or_is_the_only_encoding_of_what_it_says(message in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Some((header, body)) = decode(&message) {
                prop_assert_eq!(encode(&header, &body), Some(message));
            }
        }

        #[test]
        fn a_message_that_is_cut_or_goes_on_is_refused(bytes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..10), cut in any::<prop::sample::Index>()) {
            let body = transactions(&bytes);
            let message = encode(&header_with(Vec::new(), &body), &body).expect("within bounds");
            prop_assert_eq!(decode(&message[..cut.index(message.len())]), None);
            let mut longer = message.clone();
            longer.push(0);
            prop_assert_eq!(decode(&longer), None);
        }
    }
}
