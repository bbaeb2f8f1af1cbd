//! Wallets that prove with the transfer circuit, and the keys of two ceremonies of it.

use crate::{
    governing::policy_leaf,
    mock::{ShieldedPool, *},
    statement::{Purpose, bind, inputs},
    *,
};
use ark_bls12_381::Bls12_381;
use ark_groth16::{Groth16, r1cs_to_qap::LibsnarkReduction};
use ark_std::rand::{SeedableRng, rngs::StdRng};
use codec::Encode;
use frame_support::assert_ok;
use plume_circuits::{
    FieldBytes, Poseidon,
    notes_tree::NotesTree,
    transfer::{
        Change, Credential, Ephemeral, Input, Keys, NOTE_DEPTH, OldCounter, Payment, Plan,
        ProvingKey, PublicInputs, Witness, shape, synthesizer, verify::VerifyingKey,
    },
    tree::{MemoryTree, Path},
};
use sp_io::hashing::blake2_256;
use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

/// Units that [`Wallet::shielded`] starts with.
pub const SHIELDED: u64 = 10_000_000;
/// What a policy lets tier 1 move in a period.
pub const LIMIT: u64 = 1_000_000;
const PADDING: [&str; 4] = ["p1", "p2", "p3", "p4"];
/// Wallets with a credential.
const WALLETS: u64 = 4;

static FIRST: LazyLock<ProvingKey> = LazyLock::new(ProvingKey::insecure_development);
static SECOND: LazyLock<ProvingKey> = LazyLock::new(|| {
    let mut random = StdRng::seed_from_u64(2);
    let shape = shape();
    let parameters =
        Groth16::<Bls12_381, LibsnarkReduction>::generate_random_parameters_with_reduction(
            synthesizer(&shape),
            &mut random,
        )
        .expect("nothing is asked of values");
    ProvingKey::new(parameters).expect("it is of this circuit")
});

/// Where the keys of the circuit come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ceremony {
    First,
    Second,
}

impl Ceremony {
    fn key(self) -> &'static ProvingKey {
        match self {
            Self::First => &FIRST,
            Self::Second => &SECOND,
        }
    }

    pub fn verifying(self) -> VerifyingKey<Bls12_381> {
        self.key().verifying_key().expect("every point is one")
    }

    /// As a circuit is registered.
    pub fn registered(self) -> Vec<u8> {
        self.verifying().to_bytes()
    }

    /// Each statement is proven once, whatever tests ask for it: proofs take seconds.
    fn prove(self, public: &PublicInputs, witness: &Witness) -> ProofBytes {
        static PROOFS: Mutex<BTreeMap<(Ceremony, [u8; 32]), ProofBytes>> =
            Mutex::new(BTreeMap::new());
        let digest = blake2_256(&public.encode());
        let mut proofs = PROOFS.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || {
            let proof = self.key().prove(public, witness, &digest);
            ProofBytes(proof.expect("it is proven").to_uncompressed())
        };
        proofs.entry((self, digest)).or_insert_with(made).clone()
    }
}

/// A chain whose circuit 1 is that of the first ceremony, and whose credentials' root is the wallets'.
pub fn real_chain() -> sp_io::TestExternalities {
    let mut ext = groth16_chain(&Ceremony::First.registered());
    ext.execute_with(|| set_credential_root(CREDENTIALS.root()));
    ext
}

fn credential(number: u64) -> (Keys, Credential) {
    let of = |use_: &str| element(1 + number, use_);
    let keys = Keys {
        spend_secret: of("spend"),
        nullifier_key: of("nullify"),
    };
    let mut claims = [0; 31];
    claims[0] = 1;
    claims[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
    let credential = Credential {
        subject: of("who"),
        issuer: of("bank"),
        claims: FieldBytes::from_packed(claims),
        salt: of("salt"),
        path: Path {
            leaf: 0,
            siblings: [[FieldBytes::ZERO; 3]; 10],
        },
    };
    (keys, credential)
}

/// The tree in which the wallet of a number has the leaf behind that of somebody else.
static CREDENTIALS: LazyLock<MemoryTree<Poseidon, 10>> = LazyLock::new(|| {
    let mut tree = MemoryTree::default();
    tree.append(element(99, "somebody else")).unwrap();
    for number in 0..WALLETS {
        let (keys, credential) = credential(number);
        tree.append(credential.leaf(&keys.pool_key())).unwrap();
    }
    tree
});

/// Somebody with a credential of tier 1, and what it knows of the pool.
pub struct Wallet {
    pub keys: Keys,
    credential: Credential,
    credential_root: FieldBytes,
    policies: MemoryTree<Poseidon, 4>,
    notes: NotesTree<NOTE_DEPTH>,
    /// Where the notes of its last transfer begin.
    last: u64,
}

impl Wallet {
    /// One of those with a credential.
    pub fn of(number: u64) -> Self {
        assert!(number < WALLETS);
        let (keys, mut credential) = credential(number);
        let place = u32::try_from(1 + number).expect("it is small");
        credential.path = CREDENTIALS.path(place).unwrap();
        let mut policies = MemoryTree::default();
        for tier in [1, 2] {
            let policy = Policy {
                asset: 0,
                tier,
                limit: LIMIT,
                receiver_known: false,
                jurisdictions: Default::default(),
            };
            policies.append(policy_leaf(&policy)).unwrap();
        }
        Self {
            keys,
            credential,
            credential_root: CREDENTIALS.root(),
            policies,
            notes: NotesTree::default(),
            last: 0,
        }
    }

    /// The first wallet, after Anna has brought [`SHIELDED`] units into it.
    pub fn shielded() -> Self {
        let mut wallet = Self::of(0);
        let transfer = proven_for(&Purpose::Deposit(&ANNA), &wallet.deposit());
        assert_ok!(ShieldedPool::deposit(
            RuntimeOrigin::signed(ANNA),
            transfer.clone()
        ));
        next_block();
        wallet.see(&transfer.body);
        wallet
    }

    /// Brings [`SHIELDED`] units, as transfer number 1.
    pub fn deposit(&self) -> Plan {
        Plan {
            public_in: SHIELDED,
            ..self.plan(1)
        }
    }

    /// A transfer that spends nothing and pays nobody, of this number.
    pub fn plan(&self, number: u64) -> Plan {
        let of = |use_: &str| element(number, use_);
        let context = ShieldedPool::context(now(), FieldBytes::ZERO).expect("all keys are set");
        Plan {
            keys: self.keys,
            pool_id: context.pool,
            asset: 0,
            note_root: ShieldedPool::newest_root().expect("the ring has begun"),
            credential_root: self.credential_root,
            policy_root: context.policy_root,
            inputs: [None, None],
            payment: None,
            change: Change {
                diversifier: of("change to"),
                randomness: of("change"),
            },
            public_in: 0,
            public_out: 0,
            credential: self.credential.clone(),
            policy: plume_circuits::transfer::Policy {
                limit: LIMIT,
                flags: 0,
                jurisdictions: Default::default(),
                path: self.policies.path(0).unwrap(),
            },
            old_counter: OldCounter::First,
            counter_randomness: of("counter"),
            time: now(),
            period: context.period,
            flow_key: context.flow_key,
            committee_key: context.committee_key,
            ephemeral: Ephemeral::from_bytes(*of("ephemeral").as_bytes()),
            padding: PADDING.map(of),
        }
    }

    /// Spends the change of the transfer before, which was the wallet's last.
    pub fn plan_after(&self, number: u64, change: u64, spent: u64) -> Plan {
        let of = |use_: &str| element(number - 1, use_);
        let mut plan = self.plan(number);
        plan.inputs[0] = Some(Input {
            value: change,
            diversifier: of("change to"),
            randomness: of("change"),
            path: self.path(1),
        });
        plan.old_counter = OldCounter::Kept {
            spent,
            randomness: of("counter"),
            path: self.path(2),
        };
        plan
    }

    /// Pays somebody out of the deposit, with a fee, as transfer number 2.
    pub fn payment(&self, value: u64) -> Plan {
        let mut plan = self.plan_after(2, SHIELDED, 0);
        plan.payment = Some(Payment {
            value,
            pool_key: element(9, "somebody's pool key"),
            diversifier: element(9, "to"),
            randomness: element(9, "paid"),
            credential: None,
        });
        plan.public_out = FEE;
        plan
    }

    /// Withdraws so much after that payment and its fee, as transfer number 3. Also what is left and what was spent before.
    pub fn withdrawal_after(&self, payment: u64, amount: u64) -> (Plan, u64, u64) {
        let (left, spent) = (SHIELDED - payment - FEE, payment + FEE);
        let mut plan = self.plan_after(3, left, spent);
        plan.public_out = amount + FEE;
        (plan, left, spent)
    }

    /// Where a note of its last transfer is: the payment, the change or the counter.
    pub fn path(&self, note: u64) -> plume_circuits::notes_tree::NotePath<NOTE_DEPTH> {
        let position = self.last + note;
        self.notes.path::<Poseidon>(position).expect("it is kept")
    }

    /// What a block had of the wallet.
    pub fn see(&mut self, body: &Body) {
        self.last = self.notes.len();
        self.append(body, true);
    }

    /// What a block had of others.
    pub fn pass(&mut self, body: &Body) {
        self.append(body, false);
    }

    fn append(&mut self, body: &Body, is_mine: bool) {
        for commitment in body.all_commitments() {
            self.notes.append::<Poseidon>(commitment, is_mine).unwrap();
        }
        assert_eq!(
            Some(self.notes.root::<Poseidon>()),
            ShieldedPool::newest_root()
        );
    }
}

/// The same notes and counter, spent by another transfer: what it makes are other notes.
pub fn spent_otherwise(plan: Plan, number: u64) -> Plan {
    let of = |use_: &str| element(number, use_);
    Plan {
        change: Change {
            diversifier: of("change to"),
            randomness: of("change"),
        },
        counter_randomness: of("counter"),
        ephemeral: Ephemeral::from_bytes(*of("ephemeral").as_bytes()),
        padding: PADDING.map(of),
        payment: plan.payment.map(|payment| Payment {
            randomness: of("paid"),
            ..payment
        }),
        ..plan
    }
}

/// The first wallet's payment and a transfer of each of the others, proven for one bundle. One pays for all. The others
/// have nothing, and move nothing: nobody sees that.
pub fn bundle_of_all() -> Bundle {
    let mut plans = vec![Wallet::shielded().payment(1_000)];
    plans.extend((1..WALLETS).map(|number| Wallet::of(number).plan(10 + number)));
    all_proven_for(&Purpose::Bundle, &plans, CIRCUIT, Ceremony::First)
        .try_into()
        .expect("a bundle has room for them")
}

/// What a plan shows. What stands for the ciphertexts of notes differs from note to note, as they do.
fn body_of(public: &PublicInputs, circuit: CircuitVersion) -> Body {
    let amount = |public: plume_circuits::transfer::PublicAmount| {
        (public.value > 0).then(|| plume(public.value))
    };
    let ciphertext = |note: FieldBytes| note.as_bytes().to_vec().try_into().expect("it is short");
    Body {
        circuit,
        note_root: public.note_root,
        credential_root: public.credential_root,
        nullifiers: public.nullifiers,
        commitments: public.commitments,
        counter_nullifier: public.counter_nullifier,
        counter_commitment: public.counter_commitment,
        public_in: amount(public.public_in),
        public_out: amount(public.public_out),
        time: public.time,
        ephemeral: public.ephemeral,
        flow: public.flow_ciphertext,
        identities: public.committee_ciphertext,
        notes: public.commitments.map(ciphertext),
    }
}

/// The transfers of plans that belong together, proven by a ceremony's key for the only call that they are for.
fn all_proven_for(
    purpose: &Purpose<'_, u64>,
    plans: &[Plan],
    circuit: CircuitVersion,
    ceremony: Ceremony,
) -> Vec<Transfer> {
    let assigned: Vec<_> = plans
        .iter()
        .map(|plan| plan.assign().expect("it can be proven"))
        .collect();
    let transfers: Vec<_> = assigned
        .iter()
        .map(|assigned| unproven(body_of(&assigned.public, circuit)))
        .collect();
    let binding = bind(purpose, transfers.iter());
    let elements = |public: &PublicInputs| {
        let mut elements = public.to_elements();
        elements[26] = FieldBytes::ZERO;
        elements
    };
    let both = transfers.iter().zip(&assigned);
    both.map(|(transfer, assigned)| {
        let body = transfer.body.clone();
        let context = ShieldedPool::context(body.time, binding).expect("all keys are set");
        let bound = inputs(&body, &context);
        assert_eq!(
            elements(&bound),
            elements(&assigned.public),
            "wallet and chain mean the same"
        );
        let proof = ceremony.prove(&bound, &assigned.witness);
        Transfer { body, proof }
    })
    .collect()
}

/// The transfer of a plan, under the circuit that the chain begins with.
pub fn proven_for(purpose: &Purpose<'_, u64>, plan: &Plan) -> Box<Transfer> {
    proven_under(CIRCUIT, Ceremony::First, purpose, plan)
}

/// The same under any circuit, by any key.
pub fn proven_under(
    circuit: CircuitVersion,
    ceremony: Ceremony,
    purpose: &Purpose<'_, u64>,
    plan: &Plan,
) -> Box<Transfer> {
    let plans = std::slice::from_ref(plan);
    Box::new(all_proven_for(purpose, plans, circuit, ceremony).remove(0))
}
