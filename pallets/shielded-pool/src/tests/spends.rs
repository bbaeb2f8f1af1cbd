//! Notes that are spent twice, each time with a good proof of the transfer circuit: in one block, on two forks, and after
//! a reorganisation.

use super::wallet::{SHIELDED, Wallet, proven_for, real_chain, spent_otherwise};
use crate::{
    mock::{ShieldedPool, *},
    statement::Purpose,
    *,
};
use frame_support::{
    assert_ok, assert_storage_noop,
    pallet_prelude::{InvalidTransaction, TransactionValidityError},
};
use plume_primitives::compliance::Asset;

fn stale() -> Result<(), TransactionValidityError> {
    Err(InvalidTransaction::Stale.into())
}

/// Two transfers of the wallet's only note, both with good proofs.
fn rivals(wallet: &Wallet) -> [Call<Runtime>; 2] {
    let plan = wallet.payment(1_000);
    [plan.clone(), spent_otherwise(plan, 5)].map(|plan| Call::transfer {
        transfer: proven_for(&Purpose::Transfer, &plan),
    })
}

fn body_of(call: &Call<Runtime>) -> &Body {
    match call {
        Call::transfer { transfer } => &transfer.body,
        _ => unreachable!("a transfer is one"),
    }
}

/// A fork: a chain of its own, which has the block of the deposit and the wallet with others.
struct Fork {
    chain: sp_io::TestExternalities,
    wallet: Wallet,
}

impl Fork {
    fn new() -> Self {
        let mut chain = real_chain();
        let wallet = chain.execute_with(Wallet::shielded);
        Self { chain, wallet }
    }

    fn rivals(&mut self) -> [Call<Runtime>; 2] {
        self.chain.execute_with(|| rivals(&self.wallet))
    }

    /// What a block of this fork says to a transaction: it is put into the next block, if it is good.
    fn build(&mut self, call: &Call<Runtime>) -> Result<(), TransactionValidityError> {
        self.chain.execute_with(|| {
            include(call.clone())?;
            next_block();
            self.wallet.see(body_of(call));
            Ok(())
        })
    }

    /// A block with somebody else's transfer, whose proof does not matter.
    fn build_other(&mut self, seed: u64) {
        self.chain.execute_with(|| {
            let other = body(seed);
            assert_ok!(ShieldedPool::settle(vec![unproven(other.clone())]));
            next_block();
            self.wallet.pass(&other);
        });
    }

    fn validate(&mut self, call: &Call<Runtime>) -> Result<(), TransactionValidityError> {
        self.chain.execute_with(|| validate(call).map(|_| ()))
    }

    fn inside(&mut self) -> u128 {
        self.chain.execute_with(|| inside(Asset::Native).0)
    }
}

#[test]
fn of_two_good_proofs_that_spend_one_note_a_block_takes_the_first_alone() {
    for first in [0, 1] {
        real_chain().execute_with(|| {
            let both = rivals(&Wallet::shielded());
            let [one, two] = both.each_ref().map(|call| body_of(call).all_nullifiers());
            assert_eq!((one[0], one[2]), (two[0], two[2]), "a note and a counter");
            assert_ne!(one[1], two[1], "no note");
            // Each is good by itself, and a pool sees that they meet.
            let [one, two] = both.each_ref().map(|call| validate(call).unwrap().provides);
            assert_eq!(one.iter().filter(|tag| two.contains(tag)).count(), 2);
            let (taken, refused) = (&both[first], &both[1 - first]);
            assert_ok!(include(taken.clone()));
            assert_storage_noop!(assert_eq!(include(refused.clone()), stale()));
            assert_storage_noop!(assert_eq!(include(taken.clone()), stale()));
            next_block();
            assert_eq!(include(refused.clone()), stale());
            assert_eq!(inside(Asset::Native).0, u128::from(SHIELDED - FEE));
        });
    }
}

#[test]
fn one_bundle_cannot_spend_a_note_twice_and_its_proofs_are_not_looked_at() {
    real_chain().execute_with(|| {
        let transfers: Vec<_> = rivals(&Wallet::shielded())
            .into_iter()
            .map(|call| match call {
                Call::transfer { transfer } => *transfer,
                _ => unreachable!("a transfer is one"),
            })
            .collect();
        verified();
        let transfers = transfers.try_into().expect("they are two");
        let refusal = checks::refusal(Error::<Runtime>::SpentTwice);
        assert_eq!(include(Call::bundle { transfers }), Err(refusal));
        assert_eq!(verified(), (0, 0));
    });
}

#[test]
fn two_forks_spend_a_note_once_each_and_neither_takes_what_the_other_has_spent_it_for() {
    let (mut left, mut right) = (Fork::new(), Fork::new());
    let [one, two] = left.rivals();
    assert_ok!(left.build(&one));
    assert_ok!(right.build(&two));
    assert_eq!(left.build(&two), stale());
    assert_eq!(right.build(&one), stale());
    for fork in [&mut left, &mut right] {
        assert_eq!(fork.inside(), u128::from(SHIELDED - FEE));
    }
    // What the note became on the one fork is worth nothing on the other: that has no such root.
    let withdrawal = left.chain.execute_with(|| {
        let purpose = Purpose::Withdrawal {
            to: &NEWCOMER,
            amount: 500_000,
        };
        let (plan, ..) = left.wallet.withdrawal_after(1_000, 500_000);
        Call::withdraw {
            transfer: proven_for(&purpose, &plan),
            fee: None,
            to: NEWCOMER,
            amount: 500_000,
        }
    });
    assert_ok!(left.validate(&withdrawal));
    let unknown = checks::refusal(Error::<Runtime>::UnknownRoot);
    assert_eq!(right.validate(&withdrawal), Err(unknown));
}

#[test]
fn after_a_reorganisation_a_retracted_transfer_is_good_again_unless_the_new_branch_has_spent_its_note()
 {
    let [one, two] = Fork::new().rivals();
    let mut left = Fork::new();
    assert_ok!(left.build(&one));

    // A new branch without either takes the one that was retracted, and then the other no more.
    let mut free = Fork::new();
    free.build_other(500);
    assert_ok!(free.validate(&one));
    assert_ok!(free.build(&one));
    assert_eq!(free.build(&one), stale());
    assert_eq!(free.build(&two), stale());
    assert_eq!(free.inside(), u128::from(SHIELDED - FEE));

    // A new branch that has the other does not.
    let mut spent = Fork::new();
    spent.build_other(500);
    assert_ok!(spent.build(&two));
    assert_eq!(spent.validate(&one), stale());
    spent.build_other(501);
    assert_eq!(spent.build(&one), stale());
    assert_eq!(spent.inside(), u128::from(SHIELDED - FEE));

    // Nor does one that is so long that the root of before counts no longer. The note is as good as ever.
    let mut long = Fork::new();
    for seed in 0..u64::from(MAX_ROOTS) {
        long.build_other(500 + seed);
    }
    let unknown = checks::refusal(Error::<Runtime>::UnknownRoot);
    assert_eq!(long.build(&one), Err(unknown));
    let [anew, _] = long.rivals();
    assert_ok!(long.build(&anew));
    assert_eq!(long.build(&anew), stale());
}
