//! What the chain knows a credential and a subject by.

use plume_circuits::{FieldBytes, commit};
use sp_crypto_hashing::blake2_256;

const SALT_DOMAIN: &[u8] = b"plume/credentials/salt/1";
const REFERENCE_DOMAIN: &[u8] = b"plume/credentials/reference/1";
/// As `pallet-credentials` has it; a test compares them.
const SUBJECT_DOMAIN: &[u8] = b"plume/credentials/subject/1";

/// The salt of a credential's commitment: the lower 254 bits of BLAKE2b-256 of a domain and of the issuer-signed part,
/// which has 32 random bytes in it. Whoever has seen the credential, or one presentation of it, can compute it.
pub fn salt(issuer_signed: &str) -> FieldBytes {
    let mut bytes = SALT_DOMAIN.to_vec();
    bytes.extend_from_slice(issuer_signed.as_bytes());
    FieldBytes::from_hash(blake2_256(&bytes))
}

/// The commitment to a credential, H_Commitment(salt, pool key), which the chain has in the credential's leaf and the
/// transfer circuit opens. A pool key of zero is for who has none: nobody has a spend secret for it.
pub fn commitment(salt: &FieldBytes, pool_key: &FieldBytes) -> FieldBytes {
    commit(&[*pool_key], salt)
}

/// The issuer's own reference for a subject, as the chain sees it: BLAKE2b-256 of a domain, the salt and the text.
pub fn reference_hash(salt: &[u8; 32], reference: &str) -> [u8; 32] {
    let mut bytes = REFERENCE_DOMAIN.to_vec();
    bytes.extend_from_slice(salt);
    bytes.extend_from_slice(reference.as_bytes());
    blake2_256(&bytes)
}

/// The number by which the chain knows the subject that an issuer means by a hashed reference.
pub fn subject_id(issuer: &[u8; 32], reference_hash: &[u8; 32]) -> [u8; 32] {
    // SCALE writes a slice with its length before it; this one is shorter than 64 bytes.
    let length = u8::try_from(SUBJECT_DOMAIN.len() << 2).unwrap_or(u8::MAX);
    let mut bytes = vec![length];
    bytes.extend_from_slice(SUBJECT_DOMAIN);
    bytes.extend_from_slice(issuer);
    bytes.extend_from_slice(reference_hash);
    blake2_256(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sp_core::{H256, crypto::AccountId32};

    proptest! {
        #[test]
        fn a_subject_has_the_number_that_the_chain_gives_it(issuer: [u8; 32], reference: [u8; 32]) {
            let on_chain =
                pallet_credentials::subject_id(&AccountId32::new(issuer), &H256(reference));
            prop_assert_eq!(subject_id(&issuer, &reference), on_chain.0);
        }

        #[test]
        fn a_commitment_is_to_one_credential_and_one_pool_key(text in "\\PC{0,200}", key: [u8; 32]) {
            let (salt, key) = (salt(&text), FieldBytes::from_hash(key));
            let with = |key: &FieldBytes| commitment(&salt, key);
            prop_assert!(!with(&key).is_zero());
            prop_assert!(key.is_zero() || with(&key) != with(&FieldBytes::ZERO));
            prop_assert_ne!(with(&key), commitment(&super::salt(&format!("{text} ")), &key));
        }
    }

    #[test]
    fn references_are_useless_without_their_salt() {
        assert_ne!(
            reference_hash(&[1; 32], "4711"),
            reference_hash(&[2; 32], "4711")
        );
        assert_ne!(
            reference_hash(&[1; 32], "4711"),
            reference_hash(&[1; 32], "4712")
        );
    }
}
