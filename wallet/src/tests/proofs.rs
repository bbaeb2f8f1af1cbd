//! With proofs.

use super::chain::GOLD;
use super::{ALICE, BOB, Chain, Person};
use crate::{Call, Draft, Prover};
use ark_bls12_381::Bls12_381;
use plume_circuits::transfer::{
    PublicInputs,
    verify::{PreparedKey, Proof},
};

struct Verifier {
    key: PreparedKey<Bls12_381>,
}

impl Verifier {
    /// Whether all proofs of a call are good for what the chain makes of it.
    fn accepts(&self, chain: &Chain, call: &Call, signer: [u8; 32]) -> bool {
        let binding = Chain::binding(call, signer);
        let transfers: Option<Vec<(PublicInputs, Proof<Bls12_381>)>> = call
            .transfers()
            .into_iter()
            .map(|one| {
                let proof = Proof::from_uncompressed(&one.proof).ok()?;
                Some((chain.inputs(&one.body, binding), proof))
            })
            .collect();
        transfers.is_some_and(|transfers| self.key.verify_batch(&transfers))
    }
}

/// One test, because the key takes seconds to make.
#[test]
fn proofs_of_every_call_are_good_for_it_and_for_nothing_else() {
    let prover = Prover::insecure_development();
    let key = prover.key().verifying_key().expect("a good key").prepare();
    let verifier = Verifier { key };
    assert!(prover.digest().is_some());

    let mut chain = Chain::new();
    let mut alice = Person::new(&mut chain, ALICE);
    let bob = Person::new(&mut chain, BOB);
    let prove = |chain: &mut Chain, alice: &mut Person, draft: Draft, signer: [u8; 32]| {
        let call = prover.prove(&draft).expect("it can be proven");
        assert!(verifier.accepts(chain, &call, signer), "{}", call.name());
        assert!(!verifier.accepts(chain, &draft.unproven().expect("a call"), signer));
        chain.block(core::slice::from_ref(&call));
        alice.sync(chain);
        call
    };

    let deposit = alice.draft(&chain, |one| one.deposit([1; 32], 0, 1_000));
    let call = prove(&mut chain, &mut alice, deposit.expect("a deposit"), [1; 32]);
    assert!(call.is_signed());
    assert!(
        !verifier.accepts(&chain, &call, [2; 32]),
        "of another account"
    );
    let gold = alice.draft(&chain, |one| one.deposit([1; 32], GOLD, 90));
    prove(&mut chain, &mut alice, gold.expect("a deposit"), [1; 32]);

    let bundle = alice
        .drafts_to(&chain, &bob, (GOLD, 40), 10)
        .expect("it can pay");
    let call = prove(&mut chain, &mut alice, bundle, [0; 32]);
    let Call::Bundle(transfers) = &call else {
        panic!("two transfers")
    };
    let cut = Call::Bundle(vec![transfers[1].clone()]);
    assert!(!verifier.accepts(&chain, &cut, [0; 32]), "only its fee");
    let mut other = transfers.clone();
    other[0].body.notes[0][900] ^= 1;
    assert!(
        !verifier.accepts(&chain, &Call::Bundle(other), [0; 32]),
        "another note"
    );

    let withdrawal = alice.draft(&chain, |one| one.withdraw([9; 32], (0, 500), 10));
    let call = prove(
        &mut chain,
        &mut alice,
        withdrawal.expect("there is enough"),
        [0; 32],
    );
    let Call::Withdraw {
        transfer,
        fee,
        amount,
        ..
    } = call
    else {
        panic!("a withdrawal")
    };
    let to_another = Call::Withdraw {
        transfer,
        fee,
        amount,
        to: [8; 32],
    };
    assert!(
        !verifier.accepts(&chain, &to_another, [0; 32]),
        "to another account"
    );
    assert_eq!((alice.balance(0), alice.balance(GOLD)), (480, 50));
}
