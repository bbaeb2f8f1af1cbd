//! Blocks that peers push. What is taken is the only encoding of its block, and takes memory as its bytes do.
//!
//! The reader is the node's own file: the crate that it is in needs the whole network beside it.
#![no_main]

use codec::Encode;
use libfuzzer_sys::fuzz_target;
use plume_fuzz::Input;
use sp_runtime::{Digest, DigestItem, OpaqueExtrinsic, generic, traits::BlakeTwo256};
use std::sync::LazyLock;

#[path = "../../client/consensus/src/block_push/message.rs"]
#[allow(dead_code, reason = "peers use all of it")]
mod message;

type Header = generic::Header<plume_primitives::BlockNumber, BlakeTwo256>;
/// As the node has it.
type Block = generic::Block<Header, OpaqueExtrinsic>;

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let header = Header {
        parent_hash: plume_primitives::Hash::repeat_byte(1),
        number: 7,
        state_root: plume_primitives::Hash::repeat_byte(2),
        extrinsics_root: plume_primitives::Hash::repeat_byte(3),
        digest: Digest {
            logs: vec![
                DigestItem::PreRuntime(*b"aura", vec![1; 8]),
                DigestItem::Seal(*b"aura", vec![2; 64]),
            ],
        },
    };
    let body = [vec![1], vec![2; 70]].map(OpaqueExtrinsic::from_blob);
    vec![message::encode(&header, &body).expect("it is within bounds")]
});

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let bytes = &input.bytes[..];
    let read =
        message::header(bytes).and_then(|(header, rest)| Some((header, message::body(rest)?)));
    let Some((header, body)) = read else {
        assert!(!input.is_unchanged(&FILES));
        return;
    };
    assert!(body.len() <= bytes.len());
    assert_eq!(message::encode(&header, &body).as_deref(), Some(bytes));
    let _ = message::belongs_to(&body, &header);
    let block = Block {
        header,
        extrinsics: body,
    };
    assert_eq!(block.encode(), bytes);
});
