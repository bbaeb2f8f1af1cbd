//! Schnorr signatures on Bandersnatch, over any base point.
//!
//! With key P = \[x\]B: R = \[k\]B, c = H(B, P, R, message), s = k + cx; it holds when \[s\]B = R + \[c\]P. Base and key are in
//! the challenge, so a signature is bound to both. k is a hash of x, the message and 32 random bytes (as in
//! RFC 8032, hedged): neither a bad source of randomness nor a fault alone gives x away. c and k are 512 bits of
//! BLAKE2b modulo the order.

use crate::{
    KeyError, Point, Scalar, blake,
    curve::{scalar_from_bytes, scalar_to_bytes},
};
use ark_ec::CurveGroup;
use zeroize::Zeroizing;

/// Bytes of a signature: R (compressed), then s.
pub const SIGNATURE_BYTES: usize = 64;

/// A signature.
pub type Signature = [u8; SIGNATURE_BYTES];

fn challenge(base: &Point, key: &Point, nonce: &Point, message: &[u8; 32]) -> Scalar {
    let parts = [base, key, nonce].map(Point::to_compressed);
    let [base, key, nonce] = &parts;
    blake::scalar(blake::CHALLENGE, &[base, key, nonce, message])
}

/// Signs 32 bytes with the secret of a key over a base point.
pub(crate) fn sign(
    base: &Point,
    secret: &Scalar,
    message: &[u8; 32],
) -> Result<Signature, KeyError> {
    let mut random = Zeroizing::new([0; 32]);
    getrandom::fill(random.as_mut_slice()).map_err(|_| KeyError::NoRandomness)?;
    let encoded = Zeroizing::new(scalar_to_bytes(secret));
    let base_bytes = base.to_compressed();
    let parts: [&[u8]; 4] = [&*encoded, &base_bytes, message, &*random];
    let k = Zeroizing::new(blake::scalar(blake::NONCE, &parts));
    let key = base.times(secret).ok_or(KeyError::Degenerate)?;
    let nonce = base.times(&k).ok_or(KeyError::Degenerate)?;
    let s = *k + challenge(base, &key, &nonce, message) * secret;
    let mut signature = [0; SIGNATURE_BYTES];
    let (first, second) = signature.split_at_mut(32);
    first.copy_from_slice(&nonce.to_compressed());
    second.copy_from_slice(&scalar_to_bytes(&s));
    Ok(signature)
}

/// Whether whoever knows the secret of `key` over `base` signed these 32 bytes.
pub(crate) fn verify(base: &Point, key: &Point, message: &[u8; 32], signature: &Signature) -> bool {
    let parts = || {
        let (nonce, rest) = signature.split_first_chunk()?;
        let nonce = Point::from_compressed(nonce).ok()?;
        let s = scalar_from_bytes(rest.first_chunk()?)?;
        let c = challenge(base, key, &nonce, message);
        let left = base.to_affine() * s;
        let right = key.to_affine() * c + nonce.to_affine();
        Some(left.into_affine() == right.into_affine())
    };
    parts().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::scalar;

    #[test]
    fn a_signature_is_for_one_message_one_key_and_one_base() {
        let generator = Point::generator();
        let secret = scalar(1);
        let key = generator.times(&secret).unwrap();
        let signature = sign(&generator, &secret, &[1; 32]).unwrap();
        assert!(verify(&generator, &key, &[1; 32], &signature));
        assert!(!verify(&generator, &key, &[2; 32], &signature));
        let double = generator.times(&Scalar::from(2u8)).unwrap();
        assert!(!verify(&generator, &double, &[1; 32], &signature));
        assert!(!verify(&double, &key, &[1; 32], &signature));
        let half = double.times(&(secret / Scalar::from(2u8))).unwrap();
        assert!(half == key && !verify(&double, &half, &[1; 32], &signature));
    }

    #[test]
    fn a_signature_with_a_changed_bit_is_refused() {
        let generator = Point::generator();
        let secret = Scalar::from(77u8);
        let key = generator.times(&secret).unwrap();
        let signature = sign(&generator, &secret, &[9; 32]).unwrap();
        for at in 0..SIGNATURE_BYTES {
            for bit in 0..8 {
                let mut changed = signature;
                changed[at] ^= 1 << bit;
                assert!(!verify(&generator, &key, &[9; 32], &changed), "{at} {bit}");
            }
        }
    }
}
