//! Plume addresses: SS58 with prefix 5335.
//!
//! An account is the same 32 bytes on every Substrate chain; the prefix says which chain the writer
//! had in mind. Plume writes 5335 and reads 5335 and 42 (generic Substrate, what tools print by default).
//! An address of another chain is refused, and the error shows the same account as Plume writes it.

use subxt::utils::AccountId32;

/// SS58 prefix of Plume accounts.
pub const SS58_PREFIX: u16 = 5335;
/// Prefix of addresses that belong to no chain in particular.
pub const GENERIC_SS58_PREFIX: u16 = 42;
/// Prefixes are 14 bits wide.
const MAX_PREFIX: u16 = (1 << 14) - 1;
const CHECKSUM_BYTES: usize = 2;
const ACCOUNT_BYTES: usize = 32;
/// 2 bytes of prefix, 32 of account and 2 of checksum need at most this many base58 digits.
const MAX_TEXT_BYTES: usize = 64;

/// An address as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whose address it is.
    pub account: AccountId32,
    /// The chain that it was written for; `None` when it was given as 32 bytes of hex.
    pub prefix: Option<u16>,
}

/// Why a text is not an address that Plume accepts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not base58 of the right length, nor 32 bytes of hex.
    #[error("`{0}` is neither an SS58 address nor 32 bytes of hex")]
    Unreadable(String),
    /// The checksum does not match: a typo or a cut-off copy.
    #[error("`{0}` has a wrong checksum, so a character is missing or mistyped")]
    Checksum(String),
    /// A valid address, but of another chain.
    #[error(
        "`{text}` is written for another chain (prefix {prefix}); the same account on Plume is {on_plume}"
    )]
    OtherChain {
        /// The address as given.
        text: String,
        /// Its prefix, neither 5335 nor 42.
        prefix: u16,
        /// The same account with Plume's prefix.
        on_plume: String,
    },
}

/// Writes an account as a Plume address.
pub fn format(account: &AccountId32) -> String {
    format_with_prefix(account, SS58_PREFIX)
}

/// Writes an account for the chain with this prefix; only the lower 14 bits of the prefix count.
pub fn format_with_prefix(account: &AccountId32, prefix: u16) -> String {
    let prefix = prefix & MAX_PREFIX;
    let mut bytes = Vec::with_capacity(2 + ACCOUNT_BYTES + CHECKSUM_BYTES);
    let [low, high] = prefix.to_le_bytes();
    if prefix < 64 {
        bytes.push(low);
    } else {
        bytes.push((low >> 2) | 0b0100_0000);
        bytes.push(high | (low << 6));
    }
    bytes.extend_from_slice(&account.0);
    let checksum = checksum(&bytes);
    bytes.extend_from_slice(&checksum);
    bs58::encode(bytes).into_string()
}

/// Reads an address of any chain, or `0x` and 64 hex digits.
pub fn parse_any(text: &str) -> Result<Address, AddressError> {
    let text = text.trim();
    let unreadable = || AddressError::Unreadable(text.chars().take(MAX_TEXT_BYTES + 4).collect());
    if let Some(digits) = text.strip_prefix("0x") {
        let mut account = [0u8; ACCOUNT_BYTES];
        hex::decode_to_slice(digits, &mut account).map_err(|_| unreadable())?;
        return Ok(Address {
            account: AccountId32(account),
            prefix: None,
        });
    }
    if text.len() > MAX_TEXT_BYTES {
        return Err(unreadable());
    }
    let bytes = bs58::decode(text).into_vec().map_err(|_| unreadable())?;
    let (prefix, prefix_bytes) = match bytes.as_slice() {
        [first @ 0..=63, ..] => (u16::from(*first), 1),
        [first @ 64..=127, second, ..] => {
            let low = (first << 2) | (second >> 6);
            let high = second & 0b0011_1111;
            (u16::from_le_bytes([low, high]), 2)
        }
        _ => return Err(unreadable()),
    };
    let account_end = prefix_bytes + ACCOUNT_BYTES;
    if bytes.len() != account_end + CHECKSUM_BYTES {
        return Err(unreadable());
    }
    let (body, sum) = bytes.split_at(account_end);
    if checksum(body) != *sum {
        return Err(AddressError::Checksum(text.to_owned()));
    }
    let account = body[prefix_bytes..].try_into().map_err(|_| unreadable())?;
    Ok(Address {
        account: AccountId32(account),
        prefix: Some(prefix),
    })
}

/// Reads a Plume or generic address (prefix 5335 or 42), or 32 bytes of hex; refuses other chains'.
///
/// ```
/// use plume_sdk::address;
/// let alice = address::parse("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY")?;
/// assert_eq!(address::format(&alice), "ttqxHzRJmmjFBcE7Lb5Xs4GNMq2gFSt28JyvTEqjhqzE9EGP4");
/// # Ok::<(), address::AddressError>(())
/// ```
pub fn parse(text: &str) -> Result<AccountId32, AddressError> {
    let Address { account, prefix } = parse_any(text)?;
    match prefix {
        None | Some(SS58_PREFIX | GENERIC_SS58_PREFIX) => Ok(account),
        Some(prefix) => Err(AddressError::OtherChain {
            text: text.trim().to_owned(),
            prefix,
            on_plume: format(&account),
        }),
    }
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut input = b"SS58PRE".to_vec();
    input.extend_from_slice(body);
    let hash = sp_crypto_hashing::blake2_512(&input);
    [hash[0], hash[1]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALICE: [u8; 32] = [
        0xd4, 0x35, 0x93, 0xc7, 0x15, 0xfd, 0xd3, 0x1c, 0x61, 0x14, 0x1a, 0xbd, 0x04, 0xa9, 0x9f,
        0xd6, 0x82, 0x2c, 0x85, 0x58, 0x85, 0x4c, 0xcd, 0xe3, 0x9a, 0x56, 0x84, 0xe7, 0xa5, 0x6d,
        0xa2, 0x7d,
    ];
    const ALICE_ON_PLUME: &str = "ttqxHzRJmmjFBcE7Lb5Xs4GNMq2gFSt28JyvTEqjhqzE9EGP4";
    const ALICE_GENERIC: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    const ALICE_ON_POLKADOT: &str = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";

    #[test]
    fn alice_is_written_as_other_tools_write_her() {
        let alice = AccountId32(ALICE);
        assert_eq!(format(&alice), ALICE_ON_PLUME);
        assert_eq!(format_with_prefix(&alice, 42), ALICE_GENERIC);
        assert_eq!(format_with_prefix(&alice, 0), ALICE_ON_POLKADOT);
        assert_eq!(
            ALICE_GENERIC.parse::<AccountId32>(),
            Ok(alice),
            "subxt agrees"
        );
        assert_eq!(
            ALICE_ON_PLUME.parse::<AccountId32>(),
            Ok(alice),
            "subxt agrees"
        );
    }

    #[test]
    fn plume_generic_and_hex_addresses_are_accepted() {
        let hex = format!("0x{}", hex::encode(ALICE));
        for text in [
            ALICE_ON_PLUME,
            ALICE_GENERIC,
            &hex,
            " 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY\n",
        ] {
            assert_eq!(parse(text), Ok(AccountId32(ALICE)), "{text}");
        }
    }

    #[test]
    fn an_address_of_another_chain_is_refused_and_translated() {
        assert_eq!(
            parse(ALICE_ON_POLKADOT),
            Err(AddressError::OtherChain {
                text: ALICE_ON_POLKADOT.into(),
                prefix: 0,
                on_plume: ALICE_ON_PLUME.into()
            })
        );
    }

    #[test]
    fn a_typo_is_told_apart_from_nonsense() {
        let typo = ALICE_GENERIC.replace("QpDW", "QpDX");
        assert_eq!(parse(&typo), Err(AddressError::Checksum(typo)));
        for text in ["", "0x", "0x1234", "hello", "//Alice", &"5".repeat(500)] {
            assert!(
                matches!(parse(text), Err(AddressError::Unreadable(_))),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_account_and_prefix_survive_being_written_and_read(account: [u8; 32], prefix in 0u16..=MAX_PREFIX) {
            let account = AccountId32(account);
            let text = format_with_prefix(&account, prefix);
            prop_assert_eq!(parse_any(&text), Ok(Address { account, prefix: Some(prefix) }));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,80}") {
            let _ = parse(&text);
        }
    }
}
