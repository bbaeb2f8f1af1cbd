//! Claims about every history of the ledger.

use super::*;
use proptest::prelude::*;
use std::collections::HashSet;

#[derive(Clone, Debug)]
enum Step {
    Submit {
        who: u8,
        nonce: Nonce,
        tip: u64,
        longevity: Option<u64>,
    },
    /// The next block takes some of the ready ones.
    Take(usize),
    /// Leave some blocks for as many and one more, each with some transactions and a strange one.
    Reorganise {
        depth: usize,
        take: usize,
        strange: Option<u8>,
    },
    Finalize(usize),
    Remove(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0u8..5, 0u32..12, 0u64..4, prop::option::weighted(0.2, 1u64..20))
            .prop_map(|(who, nonce, tip, longevity)| Step::Submit { who, nonce, tip, longevity }),
        3 => (0usize..6).prop_map(Step::Take),
        2 => (0usize..4, 0usize..6, prop::option::of(0u8..5))
            .prop_map(|(depth, take, strange)| Step::Reorganise { depth, take, strange }),
        2 => (0usize..3).prop_map(Step::Finalize),
        1 => any::<usize>().prop_map(Step::Remove),
        1 => (0u64..8_000_000).prop_map(Step::Wait),
    ]
}

fn run(toy: &mut Toy, step: Step, accepted: &mut HashSet<Hash>) {
    match step {
        Step::Submit {
            who,
            nonce,
            tip,
            longevity,
        } => {
            let mut tx = signed(who, nonce, tip);
            if let Some(longevity) = longevity {
                tx.validity.longevity = longevity;
            }
            let before = toy.ledger.entries.len();
            let hash = tx.hash;
            // The chain does not take a transaction twice.
            if toy
                .chain
                .iter()
                .any(|body| body.items.iter().any(|item| item.hash == hash))
            {
                return;
            }
            if toy.submit(tx).is_ok() {
                accepted.insert(hash);
            }
            assert!(
                toy.ledger.entries.len() >= before,
                "a newcomer shrank the pool"
            );
        }
        Step::Take(count) => drop(toy.take(count)),
        Step::Reorganise {
            depth,
            take,
            strange,
        } => {
            let depth = depth.min(toy.chain.len() - 1 - toy.finalized);
            // What the new branch can include: in nonce order from the fork on.
            let keep = toy.chain.len() - depth;
            let mut nonces: HashMap<AccountId, Nonce> = HashMap::new();
            for item in toy.chain[..keep].iter().flat_map(|body| body.items.iter()) {
                *nonces
                    .entry(item.signer.clone().expect("all are signed"))
                    .or_default() += 1;
            }
            let mut first = Vec::new();
            if let Some(who) = strange {
                let nonce = nonces.entry(account(who)).or_default();
                first.push(Toy::item(&signed(
                    who,
                    *nonce,
                    1_000 + toy.chain.len() as u64,
                )));
                *nonce += 1;
            }
            for (who, queue) in &toy.ledger.accounts {
                let nonce = nonces.entry(who.clone()).or_default();
                while let Some(tx) = queue.get(*nonce).filter(|_| first.len() < take) {
                    first.push(Toy::item(tx));
                    *nonce += 1;
                }
            }
            let mut bodies = vec![first];
            bodies.resize(depth + 1, Vec::new());
            toy.build(depth, bodies);
        }
        Step::Finalize(count) => toy.finalize(count),
        Step::Remove(which) => {
            let hashes: Vec<_> = toy.ledger.by_age.values().copied().collect();
            if let Some(hash) = hashes.get(which % hashes.len().max(1)) {
                toy.ledger.remove(hash, Outcome::Removed);
                toy.events();
            }
        }
        Step::Wait(ms) => {
            toy.now_ms += ms;
            toy.ledger.expire(toy.now_ms);
            toy.events();
        }
    }
}

/// What holds after every step.
fn check(toy: &Toy, accepted: &HashSet<Hash>) {
    let ledger = &toy.ledger;
    for hash in accepted {
        let (here, ended) = (
            ledger.entries.contains_key(hash),
            toy.ended.contains_key(hash),
        );
        assert!(here != ended, "{hash:?}: in the pool {here}, ended {ended}");
    }
    // The books agree with the queues.
    let mut counts = crate::ledger::Counts::default();
    for (hash, entry) in &ledger.entries {
        let Slot::Nonce { account, nonce } = &entry.tx.slot else {
            panic!("all are signed")
        };
        let queue = ledger.accounts.get(account).expect("an entry has a queue");
        assert_eq!(queue.get(*nonce).map(|tx| tx.hash), Some(*hash));
        assert_eq!(queue.class(*nonce), entry.class);
        let (count, bytes) = match entry.class {
            Class::Ready => (&mut counts.ready, &mut counts.ready_bytes),
            Class::Future => (&mut counts.future, &mut counts.future_bytes),
            Class::Included => (&mut counts.included, &mut counts.included_bytes),
        };
        *count += 1;
        *bytes += entry.tx.bytes;
    }
    assert_eq!(counts, ledger.counts);
    assert_eq!(
        ledger.entries.len(),
        ledger
            .accounts
            .values()
            .map(|queue| queue.len())
            .sum::<usize>()
    );
    assert_eq!(ledger.entries.len(), ledger.by_age.len());
    assert_eq!(ledger.entries.len(), ledger.by_due.len());
    for (account, queue) in &ledger.accounts {
        assert_eq!(
            queue.next(),
            toy.nonce(account),
            "the ledger's nonce is the chain's"
        );
    }
    // The order is by nonce from the chain's on, and complete but for what has run out of time.
    let mut next: HashMap<AccountId, Nonce> = HashMap::new();
    let ready = toy.ready();
    for tx in &ready {
        let Slot::Nonce { account, nonce } = &tx.slot else {
            panic!("all are signed")
        };
        let expected = next
            .entry(account.clone())
            .or_insert_with(|| toy.nonce(account));
        assert_eq!(nonce, expected, "out of nonce order");
        *expected += 1;
    }
    let timeless = ledger
        .entries
        .values()
        .all(|entry| entry.valid_till == u64::MAX);
    if timeless {
        assert_eq!(ready.len(), ledger.counts.ready);
    }
    // Leads come by priority.
    let mut heads = HashSet::new();
    let leads: Vec<_> = ready
        .iter()
        .filter(
            |tx| matches!(&tx.slot, Slot::Nonce { account, .. } if heads.insert(account.clone())),
        )
        .map(|tx| tx.validity.priority)
        .collect();
    assert!(leads.is_sorted_by(|a, b| a >= b));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_accepted_transaction_disappears_without_an_outcome(
        steps in prop::collection::vec(step(), 1..120),
        max_count in 4usize..40,
    ) {
        let options = Options { max_count, max_per_account: 12, max_included: 60, ..Options::default() };
        let mut toy = Toy::new(options);
        let mut accepted = HashSet::new();
        for step in steps {
            run(&mut toy, step, &mut accepted);
            check(&toy, &accepted);
        }
        // Drain: everything still ready is taken and final, and told so.
        let open: HashSet<_> = toy.ready().iter().map(|tx| tx.hash).collect();
        toy.take(usize::MAX);
        toy.finalize(usize::MAX);
        check(&toy, &accepted);
        for hash in open {
            prop_assert!(matches!(toy.ended.get(&hash), Some(Outcome::Finalized { .. })), "{hash:?}");
        }
    }

    #[test]
    fn a_burst_in_any_order_is_ready_in_nonce_order(order in Just((0..60u32).collect::<Vec<_>>()).prop_shuffle()) {
        let mut toy = Toy::new(Options::default());
        for nonce in &order {
            prop_assert!(toy.submit(signed(1, *nonce, u64::from(*nonce % 7))).is_ok());
        }
        let nonces: Vec<_> = toy.ready().iter().map(|tx| tx.hash).collect();
        let expected: Vec<_> = (0..60).map(|n| hash(1, n, u64::from(n % 7))).collect();
        prop_assert_eq!(nonces, expected);
    }
}
