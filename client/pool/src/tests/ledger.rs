//! Claims about the ledger, one at a time.

use super::*;
use crate::error::Limit;
use sp_runtime::transaction_validity::InvalidTransaction;

fn hashes(txs: &[Arc<Tx<()>>]) -> Vec<Hash> {
    txs.iter().map(|tx| tx.hash).collect()
}

#[test]
fn out_of_order_arrival_becomes_ready_when_the_gap_closes() {
    let mut toy = Toy::new(Options::default());
    for nonce in (1..100).rev() {
        assert_eq!(toy.submit(signed(1, nonce, 0)), Ok(Class::Future));
    }
    assert_eq!(toy.ledger.counts.future, 99);
    assert!(toy.ready().is_empty());
    assert_eq!(toy.submit(signed(1, 0, 0)), Ok(Class::Ready));
    assert_eq!(
        hashes(&toy.ready()),
        (0..100).map(|nonce| hash(1, nonce, 0)).collect::<Vec<_>>()
    );
    assert_eq!(
        (toy.ledger.counts.ready, toy.ledger.counts.future),
        (100, 0)
    );
}

#[test]
fn the_highest_priority_comes_first_across_accounts() {
    let mut toy = Toy::new(Options::default());
    for (who, nonce, tip) in [(1, 0, 5), (1, 1, 9), (2, 0, 7), (3, 0, 6), (3, 1, 1)] {
        assert!(toy.submit(signed(who, nonce, tip)).is_ok());
    }
    let expected = [
        hash(2, 0, 7),
        hash(3, 0, 6),
        hash(1, 0, 5),
        hash(1, 1, 9),
        hash(3, 1, 1),
    ];
    assert_eq!(hashes(&toy.ready()), expected);
}

#[test]
fn a_refused_transaction_hides_those_after_it_and_no_others() {
    let mut toy = Toy::new(Options::default());
    for (who, nonce, tip) in [(1, 0, 5), (1, 1, 9), (2, 0, 1)] {
        assert!(toy.submit(signed(who, nonce, tip)).is_ok());
    }
    let mut cursor = Cursor::new(toy.ledger.view_at(&toy.ledger.best.hash).expect("best"));
    let first = cursor.next(&toy.ledger).expect("three are ready");
    cursor.refuse(&first);
    assert_eq!(
        cursor.next(&toy.ledger).map(|tx| tx.hash),
        Some(hash(2, 0, 1))
    );
    assert!(cursor.next(&toy.ledger).is_none());
}

#[test]
fn a_replacement_needs_a_higher_tip() {
    let mut toy = Toy::new(Options::default());
    assert!(toy.submit(signed(1, 0, 5)).is_ok());
    assert!(toy.submit(signed(1, 1, 5)).is_ok());
    assert_eq!(
        toy.submit(signed(1, 0, 4)),
        Err(Rejection::TooLowPriority { old: 5, new: 4 })
    );
    assert_eq!(
        toy.submit(signed(1, 0, 5)),
        Err(Rejection::Known(hash(1, 0, 5)))
    );
    assert_eq!(toy.submit(signed(1, 0, 6)), Ok(Class::Ready));
    assert_eq!(
        toy.ended.get(&hash(1, 0, 5)),
        Some(&Outcome::Replaced {
            by: Some(hash(1, 0, 6))
        })
    );
    assert_eq!(hashes(&toy.ready()), [hash(1, 0, 6), hash(1, 1, 5)]);
}

#[test]
fn a_full_pool_refuses_and_never_evicts() {
    let mut toy = Toy::new(Options {
        max_count: 8,
        ..Options::default()
    });
    for who in 0..8 {
        assert_eq!(toy.submit(signed(who, 0, 1)), Ok(Class::Ready));
    }
    assert_eq!(
        toy.submit(signed(9, 0, 1_000)),
        Err(Rejection::Full(Limit::Pool))
    );
    assert_eq!(
        toy.submit(signed(3, 0, 2)),
        Ok(Class::Ready),
        "a replacement needs no place"
    );
    assert_eq!(toy.ledger.entries.len(), 8);
    toy.take(3);
    assert_eq!(toy.submit(signed(9, 0, 1)), Ok(Class::Ready));
}

#[test]
fn a_pool_full_of_futures_still_takes_the_one_they_wait_for() {
    let mut toy = Toy::new(Options {
        max_count: 8,
        max_per_account: 8,
        ..Options::default()
    });
    let answers: Vec<_> = (1..9)
        .map(|nonce| toy.submit(signed(1, nonce, 0)))
        .collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 6);
    assert_eq!(answers.last(), Some(&Err(Rejection::Full(Limit::Account))));
    assert_eq!(
        toy.submit(signed(2, 5, 0)),
        Err(Rejection::Full(Limit::Future))
    );
    assert_eq!(toy.submit(signed(1, 0, 0)), Ok(Class::Ready));
    assert_eq!(toy.ready().len(), 7);
}

#[test]
fn one_account_cannot_fill_the_pool() {
    let mut toy = Toy::new(Options {
        max_per_account: 4,
        ..Options::default()
    });
    for nonce in 0..4 {
        assert!(toy.submit(signed(1, nonce, 0)).is_ok());
    }
    assert_eq!(
        toy.submit(signed(1, 4, 0)),
        Err(Rejection::Full(Limit::Account))
    );
    assert!(toy.submit(signed(2, 0, 0)).is_ok());
}

#[test]
fn a_nonce_has_bounds_on_both_sides() {
    let mut toy = Toy::new(Options {
        max_nonce_ahead: 10,
        ..Options::default()
    });
    assert!(toy.submit(signed(1, 0, 0)).is_ok());
    toy.take(1);
    let stale = Err(Rejection::Invalid(InvalidTransaction::Stale));
    assert_eq!(toy.submit(signed(1, 0, 1)), stale);
    assert!(toy.submit(signed(1, 11, 0)).is_ok());
    assert_eq!(
        toy.submit(signed(1, 12, 0)),
        Err(Rejection::TooFarAhead {
            nonce: 12,
            chain: 1,
            limit: 10
        })
    );
}

#[test]
fn a_reorganisation_makes_included_transactions_ready_again() {
    let mut toy = Toy::new(Options::default());
    for nonce in 0..4 {
        assert!(toy.submit(signed(1, nonce, 0)).is_ok());
    }
    let events = toy.take(3);
    let in_block = |n: u32| Event::InBlock {
        hash: hash(1, n, 0),
        block: toy.ledger.best.hash,
        index: n,
    };
    assert_eq!(events, [in_block(0), in_block(1), in_block(2)]);
    assert_eq!(hashes(&toy.ready()), [hash(1, 3, 0)]);
    let left = toy.ledger.best.hash;

    let events = toy.build(1, vec![vec![Toy::item(&signed(1, 0, 0))], vec![]]);
    assert!(events.contains(&Event::Retracted {
        hash: hash(1, 2, 0),
        block: left
    }));
    assert!(events.contains(&Event::Ready(hash(1, 2, 0))));
    assert_eq!(
        hashes(&toy.ready()),
        [hash(1, 1, 0), hash(1, 2, 0), hash(1, 3, 0)]
    );
    toy.take(9);
    toy.finalize(9);
    assert!((0..4).all(|n| matches!(
        toy.ended.get(&hash(1, n, 0)),
        Some(Outcome::Finalized { .. })
    )));
    assert_eq!(toy.ledger.counts, Default::default());
    assert!(
        toy.ledger.accounts.is_empty()
            && toy.ledger.by_due.is_empty()
            && toy.ledger.by_age.is_empty()
    );
}

#[test]
fn a_reorganisation_makes_included_loose_transactions_ready_again_and_due() {
    let mut toy = Toy::new(Options::default());
    let txs = [(1, 7), (2, 8), (3, 9)].map(|(id, tag)| loose(id, u64::from(9 - id), &[], &[tag]));
    let ids: Vec<_> = txs.iter().map(|tx| tx.hash).collect();
    for tx in txs.iter().cloned() {
        assert_eq!(toy.submit(tx), Ok(Class::Ready));
    }
    toy.take(2);
    assert_eq!(hashes(&toy.ready()), ids[2..]);
    // While it is in a block, nothing that provides the same comes in.
    assert_eq!(
        toy.submit(loose(4, 100, &[], &[7])),
        Err(Rejection::Invalid(InvalidTransaction::Stale))
    );
    assert!(toy.ledger.take_due().is_empty());

    // The other branch has the second one, too.
    let left = toy.ledger.best.hash;
    let events = toy.build(1, vec![vec![Toy::item(&txs[1])], vec![]]);
    assert!(events.contains(&Event::Retracted {
        hash: ids[0],
        block: left
    }));
    assert!(events.contains(&Event::Ready(ids[0])));
    assert_eq!(hashes(&toy.ready()), [ids[0], ids[2]]);
    assert_eq!(
        hashes(&toy.ledger.take_due()),
        ids[..1],
        "what came back, and neither what is included nor what never was"
    );
    assert!(toy.ledger.take_due().is_empty(), "once");
    toy.take(9);
    toy.finalize(9);
    for id in ids {
        assert!(matches!(
            toy.ended.get(&id),
            Some(Outcome::Finalized { .. })
        ));
    }
    assert_eq!(toy.ledger.counts, Default::default());
    assert!(toy.ledger.by_due.is_empty() && toy.ledger.by_age.is_empty());
}

#[test]
fn what_another_transaction_took_the_nonce_of_ends_as_replaced_at_finality() {
    let mut toy = Toy::new(Options::default());
    assert!(toy.submit(signed(1, 0, 0)).is_ok());
    toy.build(0, vec![vec![Toy::item(&signed(1, 0, 77))]]);
    assert!(toy.ready().is_empty());
    assert!(
        toy.ended.is_empty(),
        "a reorganisation may still bring it back"
    );
    toy.finalize(1);
    assert_eq!(
        toy.ended.get(&hash(1, 0, 0)),
        Some(&Outcome::Replaced {
            by: Some(hash(1, 0, 77))
        })
    );
}

#[test]
fn a_mortal_transaction_expires_when_finality_has_passed_its_era() {
    let mut toy = Toy::new(Options::default());
    let mut tx = signed(1, 0, 0);
    tx.validity.longevity = 3;
    assert!(toy.submit(tx).is_ok());
    assert!(toy.submit(signed(1, 1, 0)).is_ok());
    toy.build(0, vec![vec![], vec![]]);
    assert!(toy.ready().is_empty(), "block 3 cannot take it");
    assert!(toy.ended.is_empty());
    toy.finalize(2);
    assert!(matches!(
        toy.ended.get(&hash(1, 0, 0)),
        Some(Outcome::Expired { .. })
    ));
    assert_eq!(
        toy.ledger.counts.future, 1,
        "the one after it waits for another of nonce 0"
    );
}

#[test]
fn what_waits_in_vain_expires() {
    let mut toy = Toy::new(Options::default());
    assert!(toy.submit(signed(1, 5, 0)).is_ok());
    assert!(toy.submit(signed(2, 0, 0)).is_ok());
    toy.now_ms = 4 * 3600 * 1000;
    toy.ledger.expire(toy.now_ms);
    toy.events();
    assert!(matches!(
        toy.ended.get(&hash(1, 5, 0)),
        Some(Outcome::Expired { .. })
    ));
    assert_eq!(toy.ready().len(), 1);
}

#[test]
fn an_author_who_began_before_a_new_best_block_sees_the_nonces_of_its_parent() {
    let mut toy = Toy::new(Options::default());
    for who in 1..4 {
        for nonce in 0..3 {
            assert!(toy.submit(signed(who, nonce, 10 - u64::from(who))).is_ok());
        }
    }
    let view = toy.ledger.view_at(&toy.ledger.best.hash).expect("best");
    let mut cursor = Cursor::new(view.clone());
    let mut seen = vec![cursor.next(&toy.ledger).expect("nine are ready").hash];
    toy.take(5);
    seen.extend(std::iter::from_fn(|| cursor.next(&toy.ledger)).map(|tx| tx.hash));
    let all: Vec<_> = (1..4)
        .flat_map(|who| (0..3).map(move |n| hash(who, n, 10 - u64::from(who))))
        .collect();
    assert_eq!(seen, all);
    assert_eq!(toy.ready().len(), 4);
    let mut late = Cursor::new(view);
    assert_eq!(
        std::iter::from_fn(|| late.next(&toy.ledger)).count(),
        9,
        "a fork on the old block"
    );
}

#[test]
fn the_preamble_of_an_extrinsic_tells_its_signer() {
    use crate::tx::Preamble;
    use codec::Encode;
    use plume_primitives::Signature;
    use sp_runtime::{MultiAddress, generic::UncheckedExtrinsic};
    type Xt = UncheckedExtrinsic<MultiAddress<AccountId, ()>, u8, Signature, ()>;
    let signature = Signature::Sr25519(Default::default());
    let signed = Xt::new_signed(7, MultiAddress::Id(account(3)), signature.clone(), ());
    assert_eq!(
        Preamble::of(&signed.encode()),
        Preamble::Signed(Some(account(3)))
    );
    let by_index = Xt::new_signed(7, MultiAddress::Index(()), signature, ());
    assert_eq!(Preamble::of(&by_index.encode()), Preamble::Signed(None));
    assert_eq!(Preamble::of(&Xt::new_bare(7).encode()), Preamble::Other);
    assert_eq!(
        Preamble::of(&Xt::new_transaction(7, ()).encode()),
        Preamble::Other
    );
    assert_eq!(Preamble::of(&[]), Preamble::Other);
}

#[test]
fn loose_transactions_follow_what_they_require() {
    let mut toy = Toy::new(Options::default());
    assert_eq!(toy.submit(loose(1, 100, &[7], &[8])), Ok(Class::Future));
    assert_eq!(toy.submit(loose(2, 1, &[8], &[9])), Ok(Class::Future));
    assert_eq!(toy.submit(loose(3, 5, &[], &[7])), Ok(Class::Ready));
    let order = [
        Hash::repeat_byte(3),
        Hash::repeat_byte(1),
        Hash::repeat_byte(2),
    ];
    assert_eq!(hashes(&toy.ready()), order);
    toy.take(1);
    assert_eq!(hashes(&toy.ready()), order[1..]);
    toy.build(1, vec![vec![], vec![]]);
    assert_eq!(hashes(&toy.ready()), order);
    toy.take(1);
    toy.finalize(9);
    assert_eq!(
        hashes(&toy.ready()),
        order[1..],
        "what the chain provided stays provided"
    );
    toy.ledger.remove(&order[1], Outcome::Removed);
    toy.events();
    assert_eq!((toy.ready().len(), toy.ledger.counts.future), (0, 1));
}

#[test]
fn a_loose_transaction_gives_way_to_a_higher_priority() {
    let mut toy = Toy::new(Options::default());
    assert!(toy.submit(loose(1, 5, &[], &[7, 8])).is_ok());
    assert_eq!(
        toy.submit(loose(2, 5, &[], &[8])),
        Err(Rejection::TooLowPriority { old: 5, new: 5 })
    );
    assert!(toy.submit(loose(3, 6, &[], &[8])).is_ok());
    assert_eq!(
        toy.ended.get(&Hash::repeat_byte(1)),
        Some(&Outcome::Replaced {
            by: Some(Hash::repeat_byte(3))
        })
    );
}

#[test]
fn what_is_due_is_handed_out_once_and_in_small_batches() {
    let mut toy = Toy::new(Options {
        recheck_every_blocks: 2,
        recheck_per_block: 3,
        ..Options::default()
    });
    for who in 0..8 {
        assert!(toy.submit(signed(who, 0, 0)).is_ok());
    }
    assert!(toy.ledger.take_due().is_empty());
    toy.build(0, vec![vec![], vec![]]);
    let counts: Vec<_> = (0..4).map(|_| toy.ledger.take_due().len()).collect();
    assert_eq!(counts, [3, 3, 2, 0]);
}
