//! The whole way with proofs of the transfer circuit: shield, send, unshield, and what the chain refuses of it.

use crate::{
    governing::policy_leaf,
    mock::{ShieldedPool, *},
    statement::{Purpose, bind, inputs},
    *,
};
use ark_bls12_381::Bls12_381;
use frame_support::{assert_noop, assert_ok, pallet_prelude::InvalidTransaction};
use plume_circuits::{
    FieldBytes, Poseidon, commit, leaf,
    notes_tree::NotesTree,
    transfer::{
        Change, Credential, Ephemeral, Input, Keys, NOTE_DEPTH, OldCounter, Payment, Plan,
        ProvingKey, verify::VerifyingKey,
    },
    tree::MemoryTree,
};
use plume_primitives::compliance::Asset;
use std::sync::LazyLock;

static PROVING: LazyLock<ProvingKey> = LazyLock::new(ProvingKey::insecure_development);

fn verifying() -> VerifyingKey<Bls12_381> {
    PROVING.verifying_key().expect("every point is one")
}

/// Somebody with a credential of tier 1, and what it knows of the pool.
struct Wallet {
    keys: Keys,
    credential: Credential,
    credential_root: FieldBytes,
    policies: MemoryTree<Poseidon, 4>,
    notes: NotesTree<NOTE_DEPTH>,
}

impl Wallet {
    fn new() -> Self {
        let keys = Keys {
            spend_secret: element(1, "spend"),
            nullifier_key: element(1, "nullify"),
        };
        let mut claims = [0; 31];
        claims[0] = 1;
        claims[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        let claims = FieldBytes::from_packed(claims);
        let (subject, issuer, salt) = (element(1, "who"), element(1, "bank"), element(1, "salt"));
        let commitment = commit(&[keys.pool_key()], &salt);
        let mut credentials = MemoryTree::<Poseidon, 10>::default();
        credentials.append(element(2, "somebody else")).unwrap();
        let place = credentials
            .append(leaf(&[subject, issuer, claims, commitment]))
            .unwrap();
        let mut policies = MemoryTree::default();
        for tier in [1, 2] {
            let policy = Policy {
                asset: 0,
                tier,
                limit: 1_000_000,
                receiver_known: false,
            };
            policies.append(policy_leaf(&policy)).unwrap();
        }
        Self {
            keys,
            credential: Credential {
                subject,
                issuer,
                claims,
                salt,
                path: credentials.path(place).unwrap(),
            },
            credential_root: credentials.root(),
            policies,
            notes: NotesTree::default(),
        }
    }

    /// A transfer that spends nothing and pays nobody, of this number.
    fn plan(&self, number: u64) -> Plan {
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
                limit: 1_000_000,
                flags: 0,
                path: self.policies.path(0).unwrap(),
            },
            old_counter: OldCounter::First,
            counter_randomness: of("counter"),
            time: now(),
            period: context.period,
            flow_key: context.flow_key,
            committee_key: context.committee_key,
            ephemeral: Ephemeral::from_bytes(*of("ephemeral").as_bytes()),
            padding: ["p1", "p2", "p3", "p4"].map(of),
        }
    }

    /// Spends the change of the transfer before, whose notes are the last three in the tree.
    fn plan_after(&self, number: u64, change: u64, spent: u64) -> Plan {
        let of = |use_: &str| element(number - 1, use_);
        let counter_at = self.notes.len() - 1;
        let path = |position| self.notes.path::<Poseidon>(position).expect("it is kept");
        let mut plan = self.plan(number);
        plan.inputs[0] = Some(Input {
            value: change,
            diversifier: of("change to"),
            randomness: of("change"),
            path: path(counter_at - 1),
        });
        plan.old_counter = OldCounter::Kept {
            spent,
            randomness: of("counter"),
            path: path(counter_at),
        };
        plan
    }

    /// What a block had.
    fn see(&mut self, body: &Body) {
        let [payment, change, counter] = body.all_commitments();
        for (commitment, is_mine) in [(payment, false), (change, true), (counter, true)] {
            self.notes.append::<Poseidon>(commitment, is_mine).unwrap();
        }
        assert_eq!(
            Some(self.notes.root::<Poseidon>()),
            ShieldedPool::newest_root()
        );
    }
}

/// The transfer of a plan, proven for the only call that it is for.
fn proven_for(purpose: &Purpose<'_, u64>, plan: &Plan, number: u8) -> Box<Transfer> {
    let assigned = plan.assign().expect("it can be proven");
    let public = assigned.public;
    let amount = |public: plume_circuits::transfer::PublicAmount| {
        (public.value > 0).then(|| plume(public.value))
    };
    let ciphertext = |byte| vec![byte; 60].try_into().expect("it is short");
    let body = Body {
        circuit: CIRCUIT,
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
        notes: [ciphertext(1), ciphertext(2)],
    };
    let binding = bind(purpose, [&unproven(body.clone())].into_iter());
    let context = ShieldedPool::context(body.time, binding).expect("all keys are set");
    let bound = inputs(&body, &context);
    let elements = |public: &plume_circuits::transfer::PublicInputs| {
        let mut elements = public.to_elements();
        elements[26] = FieldBytes::ZERO;
        elements
    };
    assert_eq!(
        elements(&bound),
        elements(&public),
        "wallet and chain mean the same"
    );
    let proof = PROVING
        .prove(&bound, &assigned.witness, &[number; 32])
        .expect("it is proven");
    Box::new(Transfer {
        body,
        proof: ProofBytes(proof.to_uncompressed()),
    })
}

#[test]
fn shield_send_and_unshield_with_proofs_of_the_transfer_circuit() {
    groth16_chain(&verifying().to_bytes()).execute_with(|| {
        let mut wallet = Wallet::new();
        set_credential_root(wallet.credential_root);

        // Shield 10,000,000 units.
        let mut plan = wallet.plan(1);
        plan.public_in = 10_000_000;
        let transfer = proven_for(&Purpose::Deposit(&ANNA), &plan, 1);
        assert_noop!(
            ShieldedPool::deposit(RuntimeOrigin::signed(BERT), transfer.clone()),
            Error::<Runtime>::BadProof
        );
        assert_ok!(ShieldedPool::deposit(
            RuntimeOrigin::signed(ANNA),
            transfer.clone()
        ));
        next_block();
        wallet.see(&transfer.body);

        // Send 1,000 to somebody, and pay the fee.
        let mut plan = wallet.plan_after(2, 10_000_000, 0);
        plan.payment = Some(Payment {
            value: 1_000,
            pool_key: element(9, "somebody's pool key"),
            diversifier: element(9, "to"),
            randomness: element(9, "paid"),
            credential: None,
        });
        plan.public_out = FEE;
        let transfer = proven_for(&Purpose::Transfer, &plan, 2);
        let call = Call::transfer {
            transfer: transfer.clone(),
        };
        // Not as a bundle, and not with a word changed.
        let as_bundle = Call::bundle {
            transfers: vec![*transfer.clone()].try_into().unwrap(),
        };
        assert_eq!(include(as_bundle), Err(InvalidTransaction::BadProof.into()));
        let mut changed = transfer.clone();
        changed.body.flow[0] = element(9, "another amount");
        assert_eq!(
            include(Call::transfer { transfer: changed }),
            Err(InvalidTransaction::BadProof.into())
        );
        // Rerandomised, it is the same transaction.
        let points = plume_circuits::transfer::verify::Proof::from_uncompressed(&transfer.proof.0)
            .expect("it is a proof");
        let other = points
            .rerandomised(&verifying(), 5u64.into(), 7u64.into())
            .expect("five has an inverse");
        let mut rerandomised = transfer.clone();
        rerandomised.proof = ProofBytes(other.to_uncompressed());
        let rerandomised = Call::transfer {
            transfer: rerandomised,
        };
        assert_ne!(call, rerandomised);
        assert_eq!(
            validate(&call).unwrap().provides,
            validate(&rerandomised).unwrap().provides
        );
        assert_ok!(include(rerandomised));
        assert_eq!(include(call), Err(InvalidTransaction::Stale.into()));
        next_block();
        wallet.see(&transfer.body);

        // Unshield 500,000 to an account that has nothing.
        let (left, spent) = (10_000_000 - 1_000 - FEE, 1_000 + FEE);
        let mut plan = wallet.plan_after(3, left, spent);
        plan.public_out = 500_000 + FEE;
        let purpose = Purpose::Withdrawal {
            to: &NEWCOMER,
            amount: 500_000,
        };
        let transfer = proven_for(&purpose, &plan, 3);
        let call = |to| Call::withdraw {
            transfer: transfer.clone(),
            fee: None,
            to,
            amount: 500_000,
        };
        assert_eq!(
            include(call(BERT)),
            Err(InvalidTransaction::BadProof.into())
        );
        assert_ok!(include(call(NEWCOMER)));
        assert_eq!(Balances::free_balance(NEWCOMER), 500_000 * PLUME_UNIT);
        assert_eq!(
            inside(Asset::Native).0,
            10_000_000 - 500_000 - 2 * u128::from(FEE)
        );
        next_block();
        wallet.see(&transfer.body);

        // The limit of the tier is 1,000,000 in a period: what is beyond it cannot be proven.
        let (left, spent) = (left - 500_000 - FEE, spent + 500_000 + FEE);
        let mut plan = wallet.plan_after(4, left, spent);
        plan.public_out = 1_000_000 - spent + 1;
        assert!(plan.assign().is_err());
        plan.public_out -= 1;
        assert!(plan.assign().is_ok());
    });
}
