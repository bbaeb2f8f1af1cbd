//! Sapling, Zcash's pool since 2018. MASP, the pool of Namada, is made after it.

use super::{SIGHASH, System, VALUES};
use crate::notes::paths;
use anyhow::{Context, ensure};
use rand::{Rng, rngs::StdRng};
use sapling_crypto::{
    BatchValidator, Bundle, Node, Note, Rseed,
    builder::{Builder, BundleType, InProgress, Unproven, Unsigned},
    bundle::Authorized,
    circuit::{OutputParameters, OutputVerifyingKey, SpendParameters, SpendVerifyingKey},
    note_encryption::Zip212Enforcement,
    value::NoteValue,
    zip32::ExtendedSpendingKey,
};

/// Spends of a transfer, and outputs.
const EACH: usize = 2;

/// What the sender's key comes from.
const SENDER: [u8; 32] = [7; 32];
/// The receiver's.
const RECEIVER: [u8; 32] = [8; 32];

/// Sapling's parameters, which came out of a ceremony.
pub struct Sapling {
    spend: SpendParameters,
    output: OutputParameters,
    verifying: (SpendVerifyingKey, OutputVerifyingKey),
}

impl System for Sapling {
    const NAME: &'static str = "sapling";
    const CRATE: &'static str = "sapling-crypto";
    const STATEMENT: &'static str = "two spends, two outputs";
    type Transfer = Bundle<InProgress<Unproven, Unsigned>, i64>;
    type Signed = Bundle<Authorized, i64>;

    fn set_up() -> anyhow::Result<Self> {
        let (spend, output) = wagyu_zcash_parameters::load_sapling_parameters();
        // Cargo has compared the crates with the lock file's hashes.
        let unreadable = "the parameters of the crate wagyu-zcash-parameters cannot be read";
        let spend = SpendParameters::read(spend.as_slice(), false).context(unreadable)?;
        let output = OutputParameters::read(output.as_slice(), false).context(unreadable)?;
        Ok(Self {
            verifying: (spend.verifying_key(), output.verifying_key()),
            spend,
            output,
        })
    }

    fn transfer(&self, rng: &mut StdRng) -> anyhow::Result<Self::Transfer> {
        let (sender, another) = (key(SENDER)?, key(RECEIVER)?);
        let viewing = sender.to_diversifiable_full_viewing_key();
        let (_, mine) = viewing.default_address();
        let (_, another) = another
            .to_diversifiable_full_viewing_key()
            .default_address();
        let [first, second]: [Note; EACH] = VALUES.map(|value| {
            let mut seed = [0; 32];
            rng.fill_bytes(&mut seed);
            mine.create_note(NoteValue::from_raw(value), Rseed::AfterZip212(seed))
        });
        let leaf = |note: &Note| Node::from_cmu(&note.cmu());
        let [one, other] = paths(&[leaf(&first), leaf(&second)])?;
        let anchor = one.root(leaf(&first)).into();

        let mut builder = Builder::new(Zip212Enforcement::On, BundleType::DEFAULT, anchor);
        for (note, path) in [(first, one), (second, other)] {
            builder.add_spend(viewing.fvk().clone(), note, path)?;
        }
        for value in VALUES {
            builder.add_output(None, another, NoteValue::from_raw(value), [0; 512])?;
        }
        let (bundle, _) = builder
            .build::<SpendParameters, OutputParameters, _, _>(&[sender], rng)?
            .context("a bundle of nothing was built")?;
        let count = (
            bundle.shielded_spends().len(),
            bundle.shielded_outputs().len(),
        );
        ensure!(
            count == (EACH, EACH),
            "a bundle has not {EACH} spends and outputs: {count:?}"
        );
        Ok(bundle)
    }

    fn prove(&self, transfer: Self::Transfer, rng: &mut StdRng) -> anyhow::Result<Self::Signed> {
        let proven = transfer.create_proofs(&self.spend, &self.output, &mut *rng, ());
        let key = key(SENDER)?.expsk().ask().clone();
        Ok(proven.apply_signatures(rng, SIGHASH, &[key])?)
    }

    fn verify(&self, signed: &Self::Signed, sighash: [u8; 32], rng: &mut StdRng) -> bool {
        let (spend, output) = &self.verifying;
        let mut validator = BatchValidator::new();
        validator.check_bundle(signed.clone(), sighash) && validator.validate(spend, output, rng)
    }

    fn proof_bytes(signed: &Self::Signed) -> usize {
        let spends = signed
            .shielded_spends()
            .iter()
            .map(|spend| spend.zkproof().len());
        let outputs = signed
            .shielded_outputs()
            .iter()
            .map(|output| output.zkproof().len());
        spends.chain(outputs).sum()
    }
}

fn key(seed: [u8; 32]) -> anyhow::Result<ExtendedSpendingKey> {
    ExtendedSpendingKey::master(&seed).context("a seed makes no key: take another")
}
