//! Keys that sign transactions: sr25519, from a secret URI.

use core::fmt;
use std::str::FromStr;

use subxt::utils::{AccountId32, MultiSignature};
use subxt_signer::bip39::Mnemonic;
use subxt_signer::sr25519::Keypair;
use subxt_signer::{ExposeSecret, SecretUri};

use crate::PlumeConfig;
use crate::error::hint;

/// An sr25519 key and the account it signs for. `Debug` shows the account only.
#[derive(Clone)]
pub struct Signer {
    keypair: Keypair,
    account: AccountId32,
}

/// Why a secret cannot be used. The secret itself is never part of the message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Not of the form `phrase//hard/soft///password`.
    #[error("the secret is not a mnemonic, a seed or a path such as //Alice")]
    Format,
    /// A path or a single word without its leading slashes, a wrong word, or a wrong checksum.
    #[error("the mnemonic is wrong: {0}")]
    Mnemonic(String),
    /// `0x` and something other than 64 hex digits.
    #[error("the seed is not 0x and 64 hex digits")]
    Seed,
    /// A mnemonic has 12 to 24 words, in steps of 3.
    #[error("a mnemonic cannot have {0} words")]
    WordCount(usize),
    /// The operating system gave no random bytes.
    #[error("the operating system has no randomness to give: {0}")]
    NoRandomness(String),
}

impl SecretError {
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Format | Self::Mnemonic(_) | Self::Seed => hint::SECRET,
            Self::WordCount(_) => hint::WORDS,
            Self::NoRandomness(_) => hint::RANDOMNESS,
        }
    }
}

impl Signer {
    /// Reads `//Alice` (a development account), a BIP-39 mnemonic, or `0x` and 64 hex digits of seed; each
    /// may be followed by derivation junctions (`//hard`, `/soft`) and `///password`.
    pub fn from_uri(uri: &str) -> Result<Self, SecretError> {
        let uri = SecretUri::from_str(uri.trim()).map_err(|_| SecretError::Format)?;
        let is_seed = uri.phrase.expose_secret().starts_with("0x");
        let keypair = Keypair::from_uri(&uri).map_err(|error| match error {
            subxt_signer::sr25519::Error::Phrase(reason) => {
                SecretError::Mnemonic(reason.to_string())
            }
            _ if is_seed => SecretError::Seed,
            _ => SecretError::Format,
        })?;
        let account = AccountId32(keypair.public_key().0);
        Ok(Self { keypair, account })
    }

    /// The account that this key signs for.
    pub fn account(&self) -> AccountId32 {
        self.account
    }

    /// The account as a Plume address.
    pub fn address(&self) -> String {
        crate::address::format(&self.account)
    }

    /// Signs bytes as they are, in sr25519's `substrate` context.
    pub fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.keypair.sign(message).0
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("account", &self.address())
            .finish_non_exhaustive()
    }
}

impl subxt::transactions::Signer<PlumeConfig> for Signer {
    fn account_id(&self) -> AccountId32 {
        self.account
    }

    fn sign(&self, signer_payload: &[u8]) -> MultiSignature {
        MultiSignature::Sr25519(self.sign_bytes(signer_payload))
    }
}

/// A new mnemonic of 12, 15, 18, 21 or 24 English words from the operating system's randomness.
///
/// Whoever reads the words owns the account: show them once, store them nowhere by default.
pub fn generate_mnemonic(words: usize) -> Result<String, SecretError> {
    if !(12..=24).contains(&words) || !words.is_multiple_of(3) {
        return Err(SecretError::WordCount(words));
    }
    // BIP-39: three words carry 33 bits, one of which is checksum.
    let mut entropy = vec![0u8; words / 3 * 4];
    getrandom::fill(&mut entropy).map_err(|error| SecretError::NoRandomness(error.to_string()))?;
    let mnemonic = Mnemonic::from_entropy(&entropy)
        .map_err(|reason| SecretError::Mnemonic(reason.to_string()))?;
    Ok(mnemonic.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt_signer::sr25519::{PublicKey, Signature, verify};

    #[test]
    fn development_accounts_are_the_known_ones() {
        let alice = Signer::from_uri("//Alice").expect("a development path");
        assert_eq!(
            alice.address(),
            "ttqxHzRJmmjFBcE7Lb5Xs4GNMq2gFSt28JyvTEqjhqzE9EGP4"
        );
        let spelled_out = format!("{}//Alice", subxt_signer::DEV_PHRASE);
        assert_eq!(
            Signer::from_uri(&spelled_out)
                .expect("a mnemonic")
                .account(),
            alice.account()
        );
    }

    #[test]
    fn a_signature_verifies_under_the_account() {
        let bob = Signer::from_uri("//Bob").expect("a development path");
        let signature = Signature(bob.sign_bytes(b"message"));
        assert!(verify(&signature, b"message", &PublicKey(bob.account().0)));
        assert!(!verify(&signature, b"another", &PublicKey(bob.account().0)));
    }

    #[test]
    fn generated_mnemonics_are_usable_and_differ() {
        for words in [12, 15, 18, 21, 24] {
            let phrase = generate_mnemonic(words).expect("a permitted length");
            assert_eq!(phrase.split(' ').count(), words);
            Signer::from_uri(&phrase).expect("a generated mnemonic is valid");
            assert_ne!(
                phrase,
                generate_mnemonic(words).expect("a permitted length")
            );
        }
        assert_eq!(generate_mnemonic(13), Err(SecretError::WordCount(13)));
        assert_eq!(generate_mnemonic(0), Err(SecretError::WordCount(0)));
    }

    #[test]
    fn a_wrong_secret_is_refused_without_being_repeated() {
        assert_eq!(
            Signer::from_uri("0x1234").map(|_| ()),
            Err(SecretError::Seed)
        );
        let wrong = "correct horse battery staple correct horse battery staple correct horse battery staple";
        let error = Signer::from_uri(wrong)
            .map(|_| ())
            .expect_err("not BIP-39 words");
        assert!(matches!(error, SecretError::Mnemonic(_)));
        assert!(!error.to_string().contains("horse"));
        assert!(matches!(
            Signer::from_uri("Alice").map(|_| ()),
            Err(SecretError::Mnemonic(_))
        ));
    }

    #[test]
    fn debug_output_shows_no_key() {
        let alice = Signer::from_uri("//Alice").expect("a development path");
        let shown = format!("{alice:?}");
        assert!(
            shown.contains("ttqxHz") && !shown.contains("keypair"),
            "{shown}"
        );
    }
}
