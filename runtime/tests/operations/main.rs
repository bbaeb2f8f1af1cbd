//! Operations on the runtime, drawn by chance, with a check of all books at every block.
//!
//! Accounts transact with fees, referenda and committees act with their origins, validators are slashed,
//! sessions end, parameters move, and the chain stands still at times. After every block the supply is there
//! to the planck: what accounts own is what is issued, and with what was burned it is what the genesis
//! issued. And every pallet's invariants hold.
//!
//! Without the feature `try-runtime` the invariants are those of this project's pallets; with it those of
//! the SDK's as well.
//!
//! | variable | says | by default |
//! |---|---|---|
//! | `PLUME_SEED` | what to draw | 1 |
//! | `PLUME_OPERATIONS` | how many operations; from 100,000 on, each call has to succeed now and then | 100,000: a minute of a release build, ten of a debug build |
//!
//! A failure prints the seed and the operations of the block in which it happened.

mod chain;
mod check;
mod dice;
mod draw;
mod operation;

use chain::{Cast, Chain, stride, tidied};
use check::Witness;
use dice::Dice;
use operation::{NO_ROOM, Operation, Tally};
use plume_runtime::*;
use sp_runtime::FixedU128;

/// Of so many calls the state is compared before and after, in case it fails. That takes long.
const COMPARED_ONE_OF: u64 = 2_000;
/// After so many blocks the state is rid of the marks that removed entries leave in memory.
const BLOCKS_BETWEEN_TIDYING: u32 = 100;
/// After each block with operations so many follow without any, at most, while something is due.
const BLOCKS_TO_CATCH_UP: u32 = 50;
/// Pallets every call of which has to succeed at least once.
const EVERY_CALL_OF: [&str; 6] = [
    "Stake",
    "Release",
    "Grants",
    "RevenueShare",
    "Validators",
    "Brake",
];
/// Calls of other pallets that have to succeed at least once.
const AND_THESE: [operation::Kind; 36] = [
    ("Balances", "transfer_allow_death"),
    ("Balances", "transfer_keep_alive"),
    ("Balances", "transfer_all"),
    ("Balances", "force_transfer"),
    ("ConvictionVoting", "vote"),
    ("ConvictionVoting", "delegate"),
    ("ConvictionVoting", "undelegate"),
    ("ConvictionVoting", "unlock"),
    ("ConvictionVoting", "remove_vote"),
    ("ConvictionVoting", "remove_other_vote"),
    ("Multisig", "as_multi_threshold_1"),
    ("Offences", "(any part)"),
    ("Offences", "(double seal)"),
    ("Parameters", "set_parameter"),
    ("Proxy", "add_proxy"),
    ("Proxy", "proxy"),
    ("Proxy", "remove_proxies"),
    ("Proxy", "remove_proxy"),
    ("Referenda", "cancel"),
    ("Referenda", "kill"),
    ("Referenda", "nudge_referendum"),
    ("Referenda", "place_decision_deposit"),
    ("Referenda", "refund_decision_deposit"),
    ("Referenda", "refund_submission_deposit"),
    ("Referenda", "submit"),
    ("Session", "purge_keys"),
    ("Session", "set_keys"),
    ("System", "remark"),
    ("Treasury", "check_status"),
    ("Treasury", "payout"),
    ("Treasury", "spend"),
    ("Treasury", "void_spend"),
    ("Utility", "batch"),
    ("Utility", "batch_all"),
    ("Utility", "dispatch_as"),
    ("Utility", "force_batch"),
];

/// Calls that nobody can execute, root included.
const NEVER: [operation::Kind; 4] = [
    ("Balances", "burn"),
    ("Balances", "force_adjust_total_issuance"),
    ("Balances", "force_set_balance"),
    ("Treasury", "spend_local"),
];

/// What is going on, for whoever reads of a failure.
struct Trace {
    seed: u64,
    block: Vec<(u64, Operation)>,
}

impl Drop for Trace {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        eprintln!("PLUME_SEED={}, and the operations of the block:", self.seed);
        for (index, operation) in &self.block {
            let text: String = format!("{operation:?}").chars().take(600).collect();
            eprintln!("{index}: {text}");
        }
    }
}

/// What came out.
#[derive(Debug, PartialEq)]
struct Outcome {
    blocks: u32,
    tally: Tally,
    witness: Witness,
    issuance: Balance,
    /// The lowest and the highest that the base fee has been, as a multiple of the genesis'.
    base_fee: (FixedU128, FixedU128),
}

/// Executes so many operations, and checks the books at every block.
fn run(seed: u64, operations: u64) -> Outcome {
    let mut dice = Dice::new(seed);
    let mut trace = Trace {
        seed,
        block: Vec::new(),
    };
    let (mut tally, mut witness) = (Tally::default(), Witness::default());
    let mut base_fee = (FixedU128::from_u32(u32::MAX), FixedU128::from_u32(0));
    let mut state = sp_io::TestExternalities::default();
    let (mut chain, cast) = state.execute_with(Chain::begin);
    state.execute_with(check::books);
    let mut done = 0;
    while done < operations {
        state.execute_with(|| {
            for _ in 0..BLOCKS_BETWEEN_TIDYING {
                if done == operations {
                    break;
                }
                // No halt ends a busy time, or the blocks that catch up after it would undo what it did.
                let slots = stride(&mut dice);
                chain.begin_block(if is_busy() { 1 } else { slots });
                let range = (done, operations);
                done = fill_block(&mut dice, &cast, &mut trace, &mut tally, range);
                end_block(&mut chain, &mut witness);
                trace.block.clear();
                catch_up(&mut chain, &mut witness);
                let now = pallet_transaction_payment::NextFeeMultiplier::<Runtime>::get();
                base_fee = (base_fee.0.min(now), base_fee.1.max(now));
            }
        });
        state = tidied(state);
    }
    state.execute_with(|| Outcome {
        blocks: System::block_number(),
        tally,
        witness,
        issuance: Balances::total_issuance(),
        base_fee,
    })
}

fn end_block(chain: &mut Chain, witness: &mut Witness) {
    chain.end_block();
    check::books();
    witness.note();
}

/// Executes blocks without operations until what was due is done, as a chain does in the first minutes after a
/// halt. Referenda wait for their time to come, and would otherwise come to nothing.
fn catch_up(chain: &mut Chain, witness: &mut Witness) {
    for _ in 0..BLOCKS_TO_CATCH_UP {
        if !chain.is_behind() {
            return;
        }
        chain.begin_block(1);
        end_block(chain, witness);
    }
}

/// A third of the time blocks are full, one after the other, so that the base fee moves.
fn is_busy() -> bool {
    System::block_number() / 200 % 3 == 2
}

/// Executes a block's operations, from number `done` on and up to `end`. Returns how many are done then.
fn fill_block(
    dice: &mut Dice,
    cast: &Cast,
    trace: &mut Trace,
    tally: &mut Tally,
    (mut done, end): (u64, u64),
) -> u64 {
    let last = end.min(done + draw::operations_of_a_block(dice));
    let mut filler = is_busy().then(|| draw::filler(dice, cast));
    while done < last {
        let operation = filler.take().unwrap_or_else(|| draw::operation(dice, cast));
        let kind = operation.kind();
        trace.block.push((done, operation.clone()));
        let result = if dice.below(COMPARED_ONE_OF) == 0 {
            operation.execute_and_compare(dice)
        } else {
            operation.execute(dice)
        };
        if result == Err(NO_ROOM) {
            break;
        }
        tally.note(kind, result);
        done += 1;
    }
    done
}

fn variable(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is {text}, which is no number")),
        Err(_) => default,
    }
}

#[test]
fn a_hundred_thousand_operations_lose_no_planck_and_break_no_invariant() {
    let seed = variable("PLUME_SEED", 1);
    let operations = variable("PLUME_OPERATIONS", 100_000);
    let outcome = run(seed, operations);
    let (all, succeeded) = outcome.tally.sums();
    println!("{}", outcome.tally);
    println!("{}", outcome.witness);
    println!(
        "{all} operations, of which {succeeded} succeeded, in {} blocks; base fee {:?} to {:?}",
        outcome.blocks, outcome.base_fee.0, outcome.base_fee.1
    );
    assert!(succeeded > all / 2, "most operations are worth drawing");
    for kind in NEVER {
        assert_eq!(outcome.tally.succeeded(kind), 0, "{kind:?}");
    }
    if operations < 100_000 {
        return;
    }
    let never: Vec<_> = EVERY_CALL_OF
        .into_iter()
        .flat_map(|pallet| {
            <RuntimeCall as frame_support::traits::GetCallMetadata>::get_call_names(pallet)
                .iter()
                .map(move |call| (pallet, *call))
        })
        .chain(AND_THESE)
        .filter(|kind| outcome.tally.succeeded(*kind) == 0)
        .collect();
    assert!(never.is_empty(), "these never succeeded: {never:?}");
    assert_eq!(outcome.witness.missing(), Vec::<&str>::new());
    let (lowest, highest) = outcome.base_fee;
    assert!(highest > lowest * FixedU128::from_rational(11, 10));
}

#[test]
fn a_seed_draws_the_same_operations_every_time() {
    assert_eq!(run(7, 1_000), run(7, 1_000));
}
