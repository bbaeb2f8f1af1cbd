//! A credential as the shielded pool sees it: four elements and a pool key.

use crate::{ChainClaims, Hash32, Kind, Risk, Tier, Verified};
use plume_circuits::FieldBytes;
use plume_shielded::{Address, Contact, Disclosure, Network};
use sp_crypto_hashing::blake2_256;

/// As `pallet-credentials` has it; a test compares them.
const ISSUER_DOMAIN: &[u8] = b"plume/credentials/issuer/1";

/// Why a text names no pool key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolKeyError {
    /// 32 bytes, but no element.
    #[error("the pool key is not below the field's modulus")]
    NotCanonical,
    /// Nothing that has one.
    #[error(
        "neither 64 hexadecimal digits nor an address (plume1...) or contact of the shielded pool"
    )]
    Unknown,
}

/// The pool key of 64 hexadecimal digits (with or without `0x`), of an address or of a contact, of whichever network.
/// Zeros stand for none.
pub fn pool_key(text: &str) -> Result<FieldBytes, PoolKeyError> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if let Ok(bytes) = format!("0x{digits}").parse::<Hash32>() {
        return FieldBytes::from_canonical(bytes.0).map_err(|_| PoolKeyError::NotCanonical);
    }
    let key = Network::ALL.into_iter().find_map(|network| {
        let address = Address::from_text(text, network).ok();
        let address =
            address.or_else(|| Some(*Contact::from_json(text, network).ok()?.address()))?;
        Some(address.pool_key)
    });
    key.ok_or(PoolKeyError::Unknown)
}

/// An issuer as a field element, from its account.
pub fn issuer_element(issuer: &[u8; 32]) -> FieldBytes {
    // SCALE writes a slice with its length before it; this one is shorter than 64 bytes.
    let length = u8::try_from(ISSUER_DOMAIN.len() << 2).unwrap_or(u8::MAX);
    let bytes = [&[length], ISSUER_DOMAIN, issuer].concat();
    FieldBytes::from_hash(blake2_256(&bytes))
}

/// The claims as one element, byte by byte as `pallet-credentials` packs them. Both times are seconds since the chain's
/// first block.
///
/// | bytes | what |
/// |---|---|
/// | 0 | tier: 1 to 3 |
/// | 1 | kind: 0 person, 1 firm, 2 bank |
/// | 2 | bit 0 accredited, bit 1 politically exposed |
/// | 3 | risk: 0 low, 1 medium, 2 high |
/// | 4 to 7 | valid from |
/// | 8 to 11 | valid until |
/// | 12 to 27 | jurisdictions, two letters each, zeros after the last |
/// | 28 to 31 | zero |
pub fn packed(claims: &ChainClaims, valid_from: u32, valid_until: u32) -> FieldBytes {
    let tier = match claims.tier {
        Tier::One => 1,
        Tier::Two => 2,
        Tier::Three => 3,
    };
    let kind = match claims.kind {
        Kind::Person => 0,
        Kind::Firm => 1,
        Kind::Bank => 2,
    };
    let risk = match claims.risk {
        Risk::Low => 0,
        Risk::Medium => 1,
        Risk::High => 2,
    };
    let flags = u8::from(claims.accredited) | (u8::from(claims.politically_exposed) << 1);
    let values = [tier, kind, flags, risk]
        .into_iter()
        .chain(valid_from.to_le_bytes())
        .chain(valid_until.to_le_bytes())
        .chain(claims.jurisdictions.iter().flat_map(|code| code.bytes()));
    let mut bytes = [0; 31];
    for (to, from) in bytes.iter_mut().zip(values) {
        *to = from;
    }
    FieldBytes::from_packed(bytes)
}

/// Why a credential cannot be disclosed to payers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// It is bound to no pool key.
    #[error("the credential is bound to no pool key; ask the issuer to renew it with yours")]
    NoPoolKey,
    /// Its times are none that the chain counts.
    #[error("the credential's validity is outside of the chain's time")]
    Validity,
    /// The chain has no such leaf.
    #[error(
        "the credential's leaf is not in the chain's tree: it was renewed, suspended, revoked or frozen, or is for another pool key"
    )]
    NotOnChain,
}

/// What the holder's wallet proves with, and what its payers are told: the parts of the leaf but for the pool key, which
/// stands in the address. `first_block_s` is the time of the chain's first block, in seconds since 1970.
pub fn disclosure(verified: &Verified, first_block_s: u64) -> Result<Disclosure, DisclosureError> {
    if verified.pool_key.is_zero() {
        return Err(DisclosureError::NoPoolKey);
    }
    let since = |moment: u64| {
        u32::try_from(moment.saturating_sub(first_block_s)).map_err(|_| DisclosureError::Validity)
    };
    let (valid_from, valid_until) = (
        since(verified.valid_from_s)?,
        since(verified.valid_until_s)?,
    );
    Ok(Disclosure {
        claims: packed(&verified.claims, valid_from, valid_until),
        issuer: issuer_element(&verified.issuer.0),
        salt: verified.salt,
        subject: FieldBytes::from_hash(verified.subject.0),
    })
}

/// Whether a disclosure is of what the chain's tree has, for the holder of a pool key. `on_chain` is what the credential's
/// leaf holds, none for no leaf; an empty leaf is zero.
pub fn check_leaf(
    disclosure: &Disclosure,
    pool_key: &FieldBytes,
    on_chain: Option<&FieldBytes>,
) -> Result<(), DisclosureError> {
    let on_chain = on_chain.filter(|leaf| !leaf.is_zero());
    if on_chain == Some(&disclosure.leaf(pool_key)) {
        Ok(())
    } else {
        Err(DisclosureError::NotOnChain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pallet_credentials::claims as chain;
    use plume_primitives::{compliance, credentials::Claims};
    use proptest::{collection::btree_set, prelude::*};
    use sp_core::crypto::AccountId32;

    /// The same claims as this crate and as the chain has them.
    fn claims() -> impl Strategy<Value = (ChainClaims, Claims)> {
        let tier = prop_oneof![
            Just((Tier::One, compliance::Tier::One)),
            Just((Tier::Two, compliance::Tier::Two)),
            Just((Tier::Three, compliance::Tier::Three)),
        ];
        let kind = prop_oneof![
            Just((Kind::Person, compliance::SubjectKind::Person)),
            Just((Kind::Firm, compliance::SubjectKind::Firm)),
            Just((Kind::Bank, compliance::SubjectKind::Bank)),
        ];
        let risk = prop_oneof![
            Just((Risk::Low, compliance::Risk::Low)),
            Just((Risk::Medium, compliance::Risk::Medium)),
            Just((Risk::High, compliance::Risk::High)),
        ];
        let codes = btree_set("[A-Z]{2}", 1..=8);
        let rest = (any::<bool>(), any::<bool>(), any::<u32>(), any::<u32>());
        (tier, kind, risk, codes, rest).prop_map(|(tier, kind, risk, codes, rest)| {
            let (accredited, politically_exposed, valid_from, valid_until) = rest;
            let jurisdictions: Vec<_> = codes
                .iter()
                .map(|code| compliance::Jurisdiction(code.as_bytes().try_into().unwrap()))
                .collect();
            let ours = ChainClaims {
                tier: tier.0,
                kind: kind.0,
                jurisdictions: codes.into_iter().collect(),
                accredited,
                politically_exposed,
                risk: risk.0,
                lei_hash: None,
            };
            let chains = Claims {
                tier: tier.1,
                kind: kind.1,
                jurisdictions: jurisdictions.try_into().unwrap(),
                accredited,
                politically_exposed,
                risk: risk.1,
                lei_hash: None,
                valid_from,
                valid_until,
            };
            (ours, chains)
        })
    }

    proptest! {
        #[test]
        fn claims_are_packed_as_the_chain_packs_them((ours, chains) in claims()) {
            let packed = packed(&ours, chains.valid_from, chains.valid_until);
            prop_assert_eq!(packed, chain::packed(&chains));
        }

        #[test]
        fn an_issuer_is_the_element_that_the_chain_has(issuer: [u8; 32]) {
            let on_chain = chain::issuer_element(&AccountId32::new(issuer));
            prop_assert_eq!(issuer_element(&issuer), on_chain);
        }

        #[test]
        fn no_text_makes_the_reader_of_pool_keys_panic(text in "\\PC{0,200}") {
            let _ = pool_key(&text);
        }
    }

    #[test]
    fn a_pool_key_is_read_from_digits() {
        let digits = format!("{}00", "ab".repeat(31));
        let key = pool_key(&digits).unwrap();
        assert_eq!(pool_key(&format!("0x{digits}\n")), Ok(key));
        assert_eq!(pool_key(&"ff".repeat(32)), Err(PoolKeyError::NotCanonical));
        assert_eq!(pool_key("plume1qqqq"), Err(PoolKeyError::Unknown));
        assert_eq!(pool_key(&"00".repeat(32)), Ok(FieldBytes::ZERO));
    }
}
