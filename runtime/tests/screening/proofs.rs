//! Deposits and withdrawals whose proofs are good, under a key whose secret everybody knows: no prover is needed.

use codec::Encode;
use pallet_shielded_pool::{
    Amount, Body, PROOF_LENGTH, ProofBytes, Transfer,
    statement::{Context, Purpose, bind, inputs},
};
use plume_circuits::{
    FieldBytes, Fr,
    transfer::{
        PUBLIC_INPUTS, PublicInputs,
        development::{Role, key},
        verify::{Bls12381, CurvePoint, VerifyingKey},
    },
};
use plume_primitives::compliance::Asset;
use plume_runtime::*;
use sp_crypto_ec_utils::bls12_381::Bls12_381;
use sp_io::hashing::blake2_256;
use sp_runtime::traits::BlockNumberProvider;

/// The number of the circuit that these proofs are of.
pub const CIRCUIT: u32 = 7;

fn generator<G: CurvePoint>() -> G {
    G::generator()
}

fn times<G: CurvePoint>(point: G, factor: G::ScalarField) -> G {
    (point * factor).into()
}

fn write<G: CurvePoint>(point: &G, bytes: &mut Vec<u8>) {
    point
        .serialize_uncompressed(bytes)
        .expect("writing into a vector does not fail");
}

fn key_of<E: Bls12381>() -> Vec<u8> {
    let (one, two) = (generator::<E::G1Affine>(), generator::<E::G2Affine>());
    let inputs = vec![one; PUBLIC_INPUTS + 1];
    VerifyingKey::<E>::new(one, two, two, two, &inputs)
        .expect("generators are points")
        .to_bytes()
}

/// All points of the key are generators: A and B may be so too, and C is what is missing then.
fn prove<E: Bls12381>(inputs: &PublicInputs) -> ProofBytes {
    let sum = inputs
        .to_elements()
        .iter()
        .fold(Fr::from(1u64), |sum, element| sum + element.to_element());
    let one = generator::<E::G1Affine>();
    let mut bytes = Vec::with_capacity(PROOF_LENGTH);
    write(&one, &mut bytes);
    write(&generator::<E::G2Affine>(), &mut bytes);
    write(&times(one, -sum), &mut bytes);
    ProofBytes(bytes.try_into().expect("it is three points"))
}

/// The verifying key, as it is registered.
pub fn verifying_key() -> Vec<u8> {
    key_of::<Bls12_381>()
}

/// What a proof is made for: read once, so that proofs can be made anywhere.
#[derive(Clone)]
pub struct Pool {
    note_root: FieldBytes,
    credential_root: FieldBytes,
    context: Context,
    time: Seconds,
}

impl Pool {
    /// That of the chain as it is now.
    pub fn now() -> Self {
        let time = Clock::current_block_number();
        Self {
            note_root: ShieldedPool::newest_root().expect("the pool has begun"),
            credential_root: pallet_credentials::Root::<Runtime>::get(),
            context: ShieldedPool::context(time, FieldBytes::ZERO).expect("all keys are set"),
            time,
        }
    }

    /// What a wallet would make of notes that belong to this seed.
    fn body(&self, seed: u64, public_in: Option<Amount>, public_out: Option<Amount>) -> Body {
        let of = |place: u8| FieldBytes::from_hash(blake2_256(&(seed, place).encode()));
        Body {
            circuit: CIRCUIT,
            note_root: self.note_root,
            credential_root: self.credential_root,
            nullifiers: [0, 1].map(of),
            commitments: [2, 3].map(of),
            counter_nullifier: of(4),
            counter_commitment: of(5),
            public_in,
            public_out,
            time: self.time,
            ephemeral: key(Role::Regulator),
            flow: [6, 7, 8, 9].map(of),
            identities: [10, 11].map(of),
            notes: Default::default(),
        }
    }

    /// Bodies that belong together, each with its proof.
    fn proven(&self, purpose: &Purpose<'_, AccountId>, bodies: Vec<Body>) -> Vec<Transfer> {
        let mut transfers: Vec<_> = bodies
            .into_iter()
            .map(|body| Transfer {
                body,
                proof: ProofBytes([0; PROOF_LENGTH]),
            })
            .collect();
        let context = Context {
            binding: bind(purpose, transfers.iter()),
            ..self.context
        };
        for transfer in &mut transfers {
            transfer.proof = prove::<Bls12_381>(&inputs(&transfer.body, &context));
        }
        transfers
    }

    /// A deposit by an account.
    pub fn deposit(
        &self,
        seed: u64,
        who: &AccountId,
        amount: Amount,
    ) -> pallet_shielded_pool::Call<Runtime> {
        let body = self.body(seed, Some(amount), None);
        let mut proven = self.proven(&Purpose::Deposit(who), vec![body]);
        pallet_shielded_pool::Call::deposit {
            transfer: Box::new(proven.remove(0)),
        }
    }

    /// A withdrawal to an account, for so many units of PLUME: of the same transfer, or of a second one.
    pub fn withdrawal(
        &self,
        seed: u64,
        to: AccountId,
        amount: Amount,
        fee: u64,
    ) -> pallet_shielded_pool::Call<Runtime> {
        let plume = |value| Amount {
            asset: Asset::Native,
            value,
        };
        let bodies = match amount.asset {
            Asset::Native => {
                let leaving = plume(amount.value.saturating_add(fee));
                vec![self.body(seed, None, Some(leaving))]
            }
            Asset::Other(_) => {
                let paying = (fee > 0).then(|| self.body(!seed, None, Some(plume(fee))));
                let leaving = self.body(seed, None, Some(amount));
                [leaving].into_iter().chain(paying).collect()
            }
        };
        let purpose = Purpose::Withdrawal {
            to: &to,
            amount: amount.value,
        };
        let mut proven = self.proven(&purpose, bodies);
        let transfer = Box::new(proven.remove(0));
        pallet_shielded_pool::Call::withdraw {
            transfer,
            fee: proven.pop().map(Box::new),
            to,
            amount: amount.value,
        }
    }
}
