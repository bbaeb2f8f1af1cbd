//! The node's keys, derived once.
//!
//! The SDK's keystore remembers no pair: at each signature it reads the key's file and derives the pair from what stands
//! there. Where that is a phrase, as `author_rotateKeys` writes it and as development keys have one, it takes PBKDF2 with
//! 2,048 rounds of HMAC-SHA-512 (BIP 39) for each vote and each block, on the way to finality. Here a pair is kept from its
//! first signature on, for as long as the keystore has the key: one whose file is taken away signs no more.

use parking_lot::RwLock;
use sc_keystore::LocalKeystore;
use sp_application_crypto::{AppCrypto, AppPair};
use sp_consensus_aura::sr25519::AuthorityPair as SealPair;
use sp_consensus_grandpa::AuthorityPair as VotePair;
use sp_core::{ByteArray, crypto::KeyTypeId, ecdsa, ed25519, sr25519};
use sp_keystore::{Error, Keystore};
use std::{collections::HashMap, sync::Arc};

/// A keystore that derives the pairs for blocks and votes once, and is the SDK's for everything else.
pub struct RememberedPairs {
    local: Arc<LocalKeystore>,
    seals: Known<SealPair>,
    votes: Known<VotePair>,
}

/// Pairs by the bytes of their public keys.
type Known<P> = RwLock<HashMap<Vec<u8>, P>>;

impl RememberedPairs {
    /// Over the SDK's keystore.
    pub fn over(local: Arc<LocalKeystore>) -> Self {
        Self {
            local,
            seals: Default::default(),
            votes: Default::default(),
        }
    }

    /// The signature of a key, if the keystore has it.
    fn sign<P: AppPair>(
        &self,
        known: &Known<P>,
        public: <P as AppCrypto>::Public,
        message: &[u8],
    ) -> Result<Option<<P as AppCrypto>::Signature>, Error> {
        let name = public.to_raw_vec();
        if !self.local.has_keys(&[(name.clone(), P::ID)]) {
            known.write().remove(&name);
            return Ok(None);
        }
        if let Some(pair) = known.read().get(&name) {
            return Ok(Some(pair.sign(message)));
        }
        let Some(pair) = self.local.key_pair::<P>(&public)? else {
            return Ok(None);
        };
        let signature = pair.sign(message);
        known.write().insert(name, pair);
        Ok(Some(signature))
    }
}

impl Keystore for RememberedPairs {
    fn sr25519_sign(
        &self,
        key_type: KeyTypeId,
        public: &sr25519::Public,
        msg: &[u8],
    ) -> Result<Option<sr25519::Signature>, Error> {
        if key_type != SealPair::ID {
            return self.local.sr25519_sign(key_type, public, msg);
        }
        let signature = self.sign(&self.seals, (*public).into(), msg)?;
        Ok(signature.map(Into::into))
    }

    fn ed25519_sign(
        &self,
        key_type: KeyTypeId,
        public: &ed25519::Public,
        msg: &[u8],
    ) -> Result<Option<ed25519::Signature>, Error> {
        if key_type != VotePair::ID {
            return self.local.ed25519_sign(key_type, public, msg);
        }
        let signature = self.sign(&self.votes, (*public).into(), msg)?;
        Ok(signature.map(Into::into))
    }

    fn sr25519_public_keys(&self, key_type: KeyTypeId) -> Vec<sr25519::Public> {
        self.local.sr25519_public_keys(key_type)
    }

    fn sr25519_generate_new(
        &self,
        key_type: KeyTypeId,
        seed: Option<&str>,
    ) -> Result<sr25519::Public, Error> {
        self.local.sr25519_generate_new(key_type, seed)
    }

    fn sr25519_vrf_sign(
        &self,
        key_type: KeyTypeId,
        public: &sr25519::Public,
        data: &sr25519::vrf::VrfSignData,
    ) -> Result<Option<sr25519::vrf::VrfSignature>, Error> {
        self.local.sr25519_vrf_sign(key_type, public, data)
    }

    fn sr25519_vrf_pre_output(
        &self,
        key_type: KeyTypeId,
        public: &sr25519::Public,
        input: &sr25519::vrf::VrfInput,
    ) -> Result<Option<sr25519::vrf::VrfPreOutput>, Error> {
        self.local.sr25519_vrf_pre_output(key_type, public, input)
    }

    fn ed25519_public_keys(&self, key_type: KeyTypeId) -> Vec<ed25519::Public> {
        self.local.ed25519_public_keys(key_type)
    }

    fn ed25519_generate_new(
        &self,
        key_type: KeyTypeId,
        seed: Option<&str>,
    ) -> Result<ed25519::Public, Error> {
        self.local.ed25519_generate_new(key_type, seed)
    }

    fn ecdsa_public_keys(&self, key_type: KeyTypeId) -> Vec<ecdsa::Public> {
        self.local.ecdsa_public_keys(key_type)
    }

    fn ecdsa_generate_new(
        &self,
        key_type: KeyTypeId,
        seed: Option<&str>,
    ) -> Result<ecdsa::Public, Error> {
        self.local.ecdsa_generate_new(key_type, seed)
    }

    fn ecdsa_sign(
        &self,
        key_type: KeyTypeId,
        public: &ecdsa::Public,
        msg: &[u8],
    ) -> Result<Option<ecdsa::Signature>, Error> {
        self.local.ecdsa_sign(key_type, public, msg)
    }

    fn ecdsa_sign_prehashed(
        &self,
        key_type: KeyTypeId,
        public: &ecdsa::Public,
        msg: &[u8; 32],
    ) -> Result<Option<ecdsa::Signature>, Error> {
        self.local.ecdsa_sign_prehashed(key_type, public, msg)
    }

    fn insert(&self, key_type: KeyTypeId, suri: &str, public: &[u8]) -> Result<(), ()> {
        self.local.insert(key_type, suri, public)
    }

    fn keys(&self, key_type: KeyTypeId) -> Result<Vec<Vec<u8>>, Error> {
        self.local.keys(key_type)
    }

    fn has_keys(&self, public_keys: &[(Vec<u8>, KeyTypeId)]) -> bool {
        self.local.has_keys(public_keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::{Pair as _, crypto::key_types::ACCOUNT};
    use std::{fs, time::Instant};

    /// A keystore in a folder of its own, with the key of a phrase for blocks, and one for votes.
    fn keystore(folder: &std::path::Path) -> (RememberedPairs, sr25519::Public, ed25519::Public) {
        let local = LocalKeystore::open(folder, None).expect("a folder");
        let keystore = RememberedPairs::over(Arc::new(local));
        let seal = keystore.sr25519_generate_new(SealPair::ID, None);
        let vote = keystore.ed25519_generate_new(VotePair::ID, None);
        (keystore, seal.expect("a key"), vote.expect("a key"))
    }

    #[test]
    fn signatures_are_those_of_the_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let (keystore, seal, vote) = keystore(folder.path());
        for message in [b"one".as_slice(), b"two", b""] {
            let signature = keystore.sr25519_sign(SealPair::ID, &seal, message);
            let signature = signature.expect("it can be read").expect("it is there");
            assert!(sr25519::Pair::verify(&signature, message, &seal));
            let signature = keystore.ed25519_sign(VotePair::ID, &vote, message);
            let signature = signature.expect("it can be read").expect("it is there");
            assert!(ed25519::Pair::verify(&signature, message, &vote));
        }
        // A key for one purpose is none for another.
        let other = keystore.sr25519_sign(ACCOUNT, &seal, b"one");
        assert!(other.expect("it can be read").is_none());
    }

    #[test]
    fn a_key_whose_file_is_taken_away_signs_no_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let (keystore, seal, vote) = keystore(folder.path());
        let sign = || {
            let seal = keystore.sr25519_sign(SealPair::ID, &seal, b"block");
            let vote = keystore.ed25519_sign(VotePair::ID, &vote, b"vote");
            [
                seal.expect("it can be read").is_some(),
                vote.expect("it can be read").is_some(),
            ]
        };
        assert_eq!(sign(), [true, true]);
        for file in fs::read_dir(folder.path()).expect("the folder") {
            fs::remove_file(file.expect("a file").path()).expect("it is there");
        }
        assert_eq!(sign(), [false, false]);
        assert!(keystore.seals.read().is_empty() && keystore.votes.read().is_empty());
    }

    #[test]
    fn a_phrase_is_stretched_once_and_not_at_each_signature() {
        let folder = tempfile::tempdir().expect("a folder");
        let (keystore, _, vote) = keystore(folder.path());
        let time = |sign: &dyn Fn()| {
            sign();
            let start = Instant::now();
            (0..20).for_each(|_| sign());
            start.elapsed()
        };
        let remembered = time(&|| {
            let signature = keystore.ed25519_sign(VotePair::ID, &vote, b"vote");
            assert!(signature.is_ok_and(|signature| signature.is_some()));
        });
        let derived = time(&|| {
            let signature = keystore.local.ed25519_sign(VotePair::ID, &vote, b"vote");
            assert!(signature.is_ok_and(|signature| signature.is_some()));
        });
        assert!(
            remembered * 3 < derived,
            "20 signatures: {remembered:?} with remembered pairs, {derived:?} without"
        );
    }
}
