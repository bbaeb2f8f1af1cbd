//! The well-known development accounts, whose secrets everybody knows, and how addresses are written.

/// An account of the development and local chains. Its secret is public: never fund it elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct DevelopmentAccount {
    /// What people call it.
    pub name: &'static str,
    /// The secret URI that a wallet or `--suri` takes (sr25519).
    pub suri: &'static str,
    /// The sr25519 public key, which is also the account id.
    pub public_key: [u8; 32],
}

/// The accounts that both presets fund. Source: derived from the SDK's development phrase.
pub const DEVELOPMENT_ACCOUNTS: [DevelopmentAccount; 6] = [
    account(
        "Alice",
        "//Alice",
        "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
    ),
    account(
        "Bob",
        "//Bob",
        "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48",
    ),
    account(
        "Charlie",
        "//Charlie",
        "90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22",
    ),
    account(
        "Dave",
        "//Dave",
        "306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20",
    ),
    account(
        "Eve",
        "//Eve",
        "e659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e",
    ),
    account(
        "Ferdie",
        "//Ferdie",
        "1cbd2d43530a44705ad088af313e18f80b53ef16b36177cd4b77b846f2a5f07c",
    ),
];

const fn account(name: &'static str, suri: &'static str, hex: &str) -> DevelopmentAccount {
    const fn digit(c: u8) -> u8 {
        match c {
            b'0'..=b'9' => c - b'0',
            b'a'..=b'f' => c - b'a' + 10,
            _ => panic!("the table above is lower-case hexadecimal"),
        }
    }
    let mut public_key = [0; 32];
    let mut i = 0;
    while i < 32 {
        public_key[i] = digit(hex.as_bytes()[2 * i]) << 4 | digit(hex.as_bytes()[2 * i + 1]);
        i += 1;
    }
    DevelopmentAccount {
        name,
        suri,
        public_key,
    }
}

/// Writes an account as an SS58 address of the network with this prefix.
///
/// `prefix` is 0 to 16,383; of a larger one only the low 14 bits count, as in SS58.
pub fn ss58_address(prefix: u16, account: &[u8; 32]) -> String {
    let prefix = prefix & 0x3fff;
    let mut bytes = match u8::try_from(prefix) {
        Ok(simple @ 0..64) => vec![simple],
        // SS58's own order of the 14 bits over two bytes, the first of them marked with 0b01.
        _ => vec![
            ((prefix & 0xfc) >> 2) as u8 | 0x40,
            (prefix >> 8) as u8 | ((prefix & 3) as u8) << 6,
        ],
    };
    bytes.extend_from_slice(account);
    let checksum = sp_crypto_hashing::blake2_512(&[b"SS58PRE".as_slice(), &bytes].concat());
    bytes.extend_from_slice(&checksum[..2]);
    base58(&bytes)
}

/// Base 58 in Bitcoin's alphabet.
fn base58(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits: Vec<u8> = Vec::new(); // little-endian, base 58
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58) as u8;
            carry /= 58;
        }
        while carry > 0 {
            digits.push((carry % 58) as u8);
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    digits.extend(std::iter::repeat_n(0, zeros));
    digits
        .iter()
        .rev()
        .map(|digit| char::from(ALPHABET[usize::from(*digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses with prefix 42 as they stand in the SDK's keyring.
    #[test]
    fn the_development_accounts_have_their_published_addresses() {
        let addresses = DEVELOPMENT_ACCOUNTS.map(|account| ss58_address(42, &account.public_key));
        assert_eq!(
            addresses,
            [
                "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
                "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
                "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y",
                "5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy",
                "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw",
                "5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL",
            ]
        );
    }

    /// The all-zero account keeps the published form of a short prefix, and a long one takes two bytes.
    #[test]
    fn short_and_long_prefixes_follow_ss58() {
        assert_eq!(
            ss58_address(0, &[0; 32]),
            "111111111111111111111111111111111HC1"
        );
        assert_eq!(
            ss58_address(5335, &DEVELOPMENT_ACCOUNTS[0].public_key).len(),
            49
        );
    }
}
