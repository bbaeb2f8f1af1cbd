//! Pairings and multiplications of BLS12-381: [quickly](super::quick), and those that were computed before not again.
//!
//! A node meets the proofs of a shielded transaction in its pool, when it builds the block, and when it imports one. What
//! verifying them takes is a pure function of its arguments, so the host computes it once and answers from memory
//! afterwards; the runtime asks the same each time, and charges the same. Bad proofs are remembered as well, because the
//! host cannot tell: whoever wants good ones forgotten has to have as many verified as are remembered, between a
//! transaction's entry into the pool and its block.

use super::{memory::Memory, quick};
use parking_lot::Mutex;
use sp_crypto_ec_utils::bls12_381::host_calls as computing;
use std::sync::LazyLock;

/// Results that are remembered before the older half is forgotten. By the calls that verifying
/// makes, a proof takes about ten and a bundle of 32 some 170; a
/// result has 576 bytes at most, so with their table all are some 25 MiB.
const GENERATION: usize = 16_384;

static COMPUTED: LazyLock<Mutex<Memory<Box<[u8]>>>> =
    LazyLock::new(|| Mutex::new(Memory::new(GENERATION)));

/// Success, as it crosses from the host to the runtime.
const DONE: u32 = 0;

/// Fills `out` with what `compute` says of the arguments, or said before. Failures are not remembered.
///
/// `function` is a number of its own for each function, so that none is taken for another of the same arguments.
fn remembered(
    function: u8,
    arguments: [&[u8]; 2],
    out: &mut [u8],
    compute: impl FnOnce(&mut [u8]) -> u32,
) -> u32 {
    if cfg!(feature = "runtime-benchmarks") {
        return compute(out);
    }
    let [first, second] = arguments;
    let mut question = Vec::with_capacity(first.len() + second.len() + 17);
    question.push(function);
    question.extend_from_slice(&(first.len() as u64).to_le_bytes());
    question.extend_from_slice(&(out.len() as u64).to_le_bytes());
    question.extend_from_slice(first);
    question.extend_from_slice(second);
    let digest = sp_crypto_hashing::blake2_256(&question);

    if let Some(result) = COMPUTED.lock().get(&digest) {
        out.copy_from_slice(result);
        return DONE;
    }
    let status = compute(out);
    if status == DONE {
        COMPUTED.lock().insert(digest, (&*out).into());
    }
    status
}

/// What the SDK's functions answer, as a number.
macro_rules! status {
    ($result:expr) => {
        match $result {
            Ok(()) => DONE,
            Err(error) => error as u32,
        }
    };
}

fn multi_miller_loop(a: &[u8], b: &[u8], out: &mut [u8]) -> u32 {
    match quick::multi_miller_loop(a, b, out) {
        Some(()) => DONE,
        None => status!(computing::bls12_381_multi_miller_loop(a, b, out)),
    }
}

fn final_exponentiation(in_out: &mut [u8]) -> u32 {
    match quick::final_exponentiation(in_out) {
        Some(()) => DONE,
        None => status!(computing::bls12_381_final_exponentiation(in_out)),
    }
}

fn msm_g1(bases: &[u8], scalars: &[u8], out: &mut [u8]) -> u32 {
    match quick::msm_g1(bases, scalars, out) {
        Some(()) => DONE,
        None => status!(computing::bls12_381_msm_g1(bases, scalars, out)),
    }
}

fn mul_g1(base: &[u8], scalar: &[u8], out: &mut [u8]) -> u32 {
    match quick::mul_g1(base, scalar, out) {
        Some(()) => DONE,
        None => status!(computing::bls12_381_mul_g1(base, scalar, out)),
    }
}

fn mul_g2(base: &[u8], scalar: &[u8], out: &mut [u8]) -> u32 {
    match quick::mul_g2(base, scalar, out) {
        Some(()) => DONE,
        None => status!(computing::bls12_381_mul_g2(base, scalar, out)),
    }
}

#[allow(
    unsafe_code,
    missing_docs,
    dead_code,
    reason = "the macro passes buffers between wasm and host, and its stubs for wasm are not used"
)]
mod remembering {
    use super::{final_exponentiation, msm_g1, mul_g1, mul_g2, multi_miller_loop, remembered};
    use sp_runtime_interface::{
        pass_by::{PassFatPointerAndRead, PassFatPointerAndReadWrite, PassFatPointerAndWrite},
        runtime_interface,
    };

    /// Replaces the functions of the SDK's interface of the same name.
    #[runtime_interface]
    pub trait HostCalls {
        fn bls12_381_multi_miller_loop(
            a: PassFatPointerAndRead<&[u8]>,
            b: PassFatPointerAndRead<&[u8]>,
            out: PassFatPointerAndWrite<&mut [u8]>,
        ) -> u32 {
            remembered(1, [a, b], out, |out| multi_miller_loop(a, b, out))
        }

        fn bls12_381_final_exponentiation(in_out: PassFatPointerAndReadWrite<&mut [u8]>) -> u32 {
            let before = in_out.to_vec();
            remembered(2, [&before, &[]], in_out, final_exponentiation)
        }

        fn bls12_381_msm_g1(
            bases: PassFatPointerAndRead<&[u8]>,
            scalars: PassFatPointerAndRead<&[u8]>,
            out: PassFatPointerAndWrite<&mut [u8]>,
        ) -> u32 {
            remembered(3, [bases, scalars], out, |out| msm_g1(bases, scalars, out))
        }

        fn bls12_381_mul_g1(
            base: PassFatPointerAndRead<&[u8]>,
            scalar: PassFatPointerAndRead<&[u8]>,
            out: PassFatPointerAndWrite<&mut [u8]>,
        ) -> u32 {
            remembered(4, [base, scalar], out, |out| mul_g1(base, scalar, out))
        }

        fn bls12_381_mul_g2(
            base: PassFatPointerAndRead<&[u8]>,
            scalar: PassFatPointerAndRead<&[u8]>,
            out: PassFatPointerAndWrite<&mut [u8]>,
        ) -> u32 {
            remembered(5, [base, scalar], out, |out| mul_g2(base, scalar, out))
        }
    }
}

pub use remembering::host_calls::HostFunctions;

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_result_is_computed_once_and_answers_no_other_question() {
        let computed = Cell::new(0);
        let ask = |function, arguments: [&[u8]; 2]| {
            let mut out = [0; 4];
            let status = remembered(function, arguments, &mut out, |out| {
                computed.set(computed.get() + 1);
                out.fill(computed.get());
                DONE
            });
            assert_eq!(status, DONE);
            out
        };
        let first = ask(200, [b"ab", b"c"]);
        assert_eq!(ask(200, [b"ab", b"c"]), first);
        assert_eq!(computed.get(), 1);
        // Another cut of the same bytes, another function, another length of the result.
        assert_ne!(ask(200, [b"a", b"bc"]), first);
        assert_ne!(ask(201, [b"ab", b"c"]), first);
        let mut longer = [0; 5];
        remembered(200, [b"ab", b"c"], &mut longer, |out| {
            out.fill(99);
            DONE
        });
        assert_eq!(longer, [99; 5]);
    }

    #[test]
    fn a_failure_is_said_again_and_not_remembered() {
        let mut out = [0; 4];
        for status in [3, 4] {
            assert_eq!(remembered(202, [b"x", b""], &mut out, |_| status), status);
        }
        // The arguments are no encoding of anything: the SDK's own refusal.
        let refused = status!(computing::bls12_381_mul_g1(&[1], &[2], &mut [0; 8]));
        assert_ne!(refused, DONE);
    }
}
