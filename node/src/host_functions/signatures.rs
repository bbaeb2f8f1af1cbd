//! Signatures that were good.
//!
//! A transfer's signature is verified when the transaction enters the pool, again when its block is
//! built, and again when a peer's block is imported. The answer cannot change: it depends on the
//! signature, the message and the key alone. So a node remembers the signatures it found good, and
//! answers the second and third question from memory.

use super::memory::Memory;
use parking_lot::Mutex;
use sp_core::{Pair, sr25519};
use std::sync::LazyLock;

/// Good signatures that are remembered before the older half is forgotten. 2 × 65,536 entries of 32
/// bytes with their table are some 8 MiB.
const GENERATION: usize = 65_536;

static GOOD: LazyLock<Mutex<Memory<()>>> = LazyLock::new(|| Mutex::new(Memory::new(GENERATION)));

/// Verifies an sr25519 signature, or remembers that it was good. Bad ones are not remembered: that
/// would let anybody fill the memory for nothing.
fn sr25519_is_good(signature: &sr25519::Signature, message: &[u8], key: &sr25519::Public) -> bool {
    let mut question = Vec::with_capacity(64 + 32 + message.len());
    question.extend_from_slice(&signature.0);
    question.extend_from_slice(&key.0);
    question.extend_from_slice(message);
    let digest = sp_crypto_hashing::blake2_256(&question);

    if GOOD.lock().get(&digest).is_some() {
        return true;
    }
    let good = sr25519::Pair::verify(signature, message, key);
    if good {
        GOOD.lock().insert(digest, ());
    }
    good
}

#[allow(
    unsafe_code,
    missing_docs,
    dead_code,
    reason = "the macro passes buffers between wasm and host, and its stubs for wasm are not used"
)]
mod remembering {
    use super::sr25519_is_good;
    use sp_core::sr25519;
    use sp_runtime_interface::{
        pass_by::{PassFatPointerAndRead, PassPointerAndRead},
        runtime_interface,
    };

    /// Replaces two functions of the SDK's interface of the same name.
    #[runtime_interface]
    pub trait Crypto {
        fn sr25519_verify(
            sig: PassPointerAndRead<&sr25519::Signature, 64>,
            msg: PassFatPointerAndRead<&[u8]>,
            pubkey: PassPointerAndRead<&sr25519::Public, 32>,
        ) -> bool {
            sr25519::Pair::verify_deprecated(sig, msg, pubkey)
        }

        #[version(2)]
        fn sr25519_verify(
            sig: PassPointerAndRead<&sr25519::Signature, 64>,
            msg: PassFatPointerAndRead<&[u8]>,
            pub_key: PassPointerAndRead<&sr25519::Public, 32>,
        ) -> bool {
            sr25519_is_good(sig, msg, pub_key)
        }
    }
}

pub use remembering::crypto::HostFunctions;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remembered_signature_vouches_for_nothing_else() {
        let (alice, _) = sr25519::Pair::generate();
        let (bob, _) = sr25519::Pair::generate();
        let signature = alice.sign(b"pay bob");
        for _ in 0..2 {
            assert!(sr25519_is_good(&signature, b"pay bob", &alice.public()));
            assert!(!sr25519_is_good(&signature, b"pay eve", &alice.public()));
            assert!(!sr25519_is_good(&signature, b"pay bob", &bob.public()));
            assert!(!sr25519_is_good(
                &bob.sign(b"pay bob"),
                b"pay bob",
                &alice.public()
            ));
        }
    }
}
