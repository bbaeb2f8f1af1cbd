//! Orchard, Zcash's pool since 2022.

use super::{SIGHASH, System, VALUES};
use crate::notes::paths;
use anyhow::{Context, anyhow, bail, ensure};
use orchard::{
    Bundle, Note,
    builder::{Builder, BundleType, InProgress, Unauthorized, Unproven},
    bundle::{Authorized, BatchValidator, BundleVersion},
    circuit::{ProvingKey, VerifyingKey},
    keys::{FullViewingKey, Scope, SpendAuthorizingKey, SpendingKey},
    note::{ExtractedNoteCommitment, RandomSeed, Rho},
    tree::{MerkleHashOrchard, MerklePath},
    value::NoteValue,
};
use rand::{Rng, rngs::StdRng};

/// The pool in which an action may pay another address than the one that it spends from.
const VERSION: BundleVersion = BundleVersion::orchard_v2();
/// Actions of a transfer.
const ACTIONS: usize = 2;

/// Orchard's keys.
pub struct Orchard {
    proving: ProvingKey,
    verifying: VerifyingKey,
}

impl System for Orchard {
    const NAME: &'static str = "orchard";
    const CRATE: &'static str = "orchard";
    const STATEMENT: &'static str = "two actions";
    type Transfer = Bundle<InProgress<Unproven, Unauthorized>, i64>;
    type Signed = Bundle<Authorized, i64>;

    fn set_up() -> anyhow::Result<Self> {
        let proving = ProvingKey::build(VERSION.circuit_version());
        Ok(Self {
            verifying: proving.verifying_key(),
            proving,
        })
    }

    fn transfer(&self, rng: &mut StdRng) -> anyhow::Result<Self::Transfer> {
        let viewing = FullViewingKey::from(&sender()?);
        let [mine, another] = [0u32, 1].map(|index| viewing.address_at(index, Scope::External));
        let mut note = |value: u64| {
            let rho = Rho::from_bytes(&small(rng)).into_option()?;
            let seed = RandomSeed::from_bytes(bytes(rng), &rho).into_option()?;
            let version = VERSION.note_version();
            Note::from_parts(mine, NoteValue::from_raw(value), rho, seed, version).into_option()
        };
        let [Some(first), Some(second)] = VALUES.map(&mut note) else {
            bail!("no note has these random bytes: another seed has others");
        };
        let commitment = |note: &Note| ExtractedNoteCommitment::from(note.commitment());
        let leaf = |note: &Note| MerkleHashOrchard::from_cmx(&commitment(note));
        let [one, other] = paths(&[leaf(&first), leaf(&second)])?.map(MerklePath::from);
        let anchor = one.root(commitment(&first));

        let flags = VERSION.default_flags();
        let mut builder = Builder::new(BundleType::DEFAULT, VERSION, flags, anchor)
            .map_err(|error| anyhow!("no bundle can be begun: {error:?}"))?;
        for (note, path) in [(first, one), (second, other)] {
            builder.add_spend(viewing.clone(), note, path)?;
        }
        for value in VALUES {
            builder.add_output(None, another, NoteValue::from_raw(value), [0; 512])?;
        }
        let (bundle, _) = builder
            .build(rng)?
            .context("a bundle of nothing was built")?;
        let actions = bundle.actions().len();
        ensure!(
            actions == ACTIONS,
            "a bundle has {actions} actions, and not {ACTIONS}"
        );
        Ok(bundle)
    }

    fn prove(&self, transfer: Self::Transfer, rng: &mut StdRng) -> anyhow::Result<Self::Signed> {
        let proven = transfer.create_proof(&self.proving, &mut *rng)?;
        let key = SpendAuthorizingKey::from(&sender()?);
        Ok(proven.apply_signatures(rng, SIGHASH, &[key])?)
    }

    fn verify(&self, signed: &Self::Signed, sighash: [u8; 32], rng: &mut StdRng) -> bool {
        let mut validator = BatchValidator::new(&self.verifying);
        validator.add_bundle(signed, sighash).is_ok() && validator.validate(rng)
    }

    fn proof_bytes(signed: &Self::Signed) -> usize {
        signed.authorization().proof().as_ref().len()
    }
}

fn sender() -> anyhow::Result<SpendingKey> {
    let key = SpendingKey::from_bytes([7; 32]).into_option();
    key.context("the sender's key is none")
}

fn bytes(rng: &mut StdRng) -> [u8; 32] {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// Bytes that are below the modulus as a number.
fn small(rng: &mut StdRng) -> [u8; 32] {
    let mut bytes = bytes(rng);
    bytes[31] = 0;
    bytes
}
