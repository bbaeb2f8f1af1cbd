use super::{account, pay};
use crate::{
    AccountScanner, ChainOutput, ChainTransfer, Clue, Detector, Happened, NoteCiphertext, Scanner,
    SealedNote, encryption::view_tag,
};
use plume_circuits::FieldBytes;
use proptest::prelude::*;

fn outputs(notes: &[SealedNote]) -> Vec<ChainOutput<'_>> {
    notes
        .iter()
        .map(|note| ChainOutput {
            cm: note.note.commitment(),
            ciphertext: &note.ciphertext,
        })
        .collect()
}

#[test]
fn a_scanner_finds_its_own_among_others_whatever_the_address() {
    let accounts = [account(0), account(1), account(2)];
    let notes: Vec<_> = (0..60u8)
        .map(|number| {
            let to = &accounts[usize::from(number % 3)];
            pay(&accounts[0], to, u64::from(number), number.into(), number)
        })
        .collect();
    let outputs = outputs(&notes);
    for (number, account) in accounts.iter().enumerate() {
        let found = Scanner::new(account.incoming()).scan(&outputs);
        let places: Vec<_> = found.iter().map(|(place, _)| *place).collect();
        let expected: Vec<_> = (0..60).filter(|place| place % 3 == number).collect();
        assert_eq!(places, expected);
        for (place, opened) in found {
            assert_eq!(opened.note, notes[place].note);
        }
    }
}

#[test]
fn one_in_256_of_others_outputs_is_a_candidate() {
    let account = account(0);
    let mut point = crate::Point::generator();
    let mut clues = Vec::new();
    for number in 0..4096u32 {
        point = point.times(&crate::Scalar::from(3u8)).unwrap();
        clues.push(Clue {
            epk: point.to_uncompressed(),
            tag: number as u8,
        });
    }
    let candidates = Detector::new(&account.incoming().detection()).candidates(&clues);
    // 16 are expected, with a deviation of 4.
    assert!((1..=40).contains(&candidates.len()), "{}", candidates.len());
    for number in candidates {
        let point = crate::Point::from_uncompressed(&clues[number].epk).unwrap();
        let shared = point.times(account.incoming().ivk()).unwrap();
        let tag = view_tag(&shared.to_uncompressed(), &clues[number].epk);
        assert_eq!(tag, clues[number].tag);
    }
}

#[test]
fn outputs_that_are_no_points_hide_none_that_is() {
    let (sender, receiver) = (account(0), account(1));
    let notes: Vec<_> = (0..9)
        .map(|seed| pay(&sender, &receiver, 0, 1, seed))
        .collect();
    let mut junk = Vec::new();
    for (number, note) in notes.iter().enumerate() {
        let mut changed = note.ciphertext.clone();
        match number % 4 {
            0 => changed.epk = [0xff; 64],
            1 => changed.epk = [0; 64],
            2 => changed.epk[40] ^= 1,
            _ => {
                changed.epk = [0; 64];
                changed.epk[32] = 1; // the neutral element
            }
        }
        junk.push(changed);
    }
    let mut mixed = Vec::new();
    for (note, junk) in outputs(&notes).into_iter().zip(&junk) {
        let cm = FieldBytes::ZERO;
        mixed.extend([
            ChainOutput {
                cm,
                ciphertext: junk,
            },
            note,
        ]);
    }
    let found = Scanner::new(receiver.incoming()).scan(&mixed);
    let places: Vec<_> = found.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [1, 3, 5, 7, 9, 11, 13, 15, 17]);
}

#[test]
fn nothing_is_found_in_nothing() {
    assert!(Scanner::new(account(0).incoming()).scan(&[]).is_empty());
}

#[test]
fn a_detection_key_finds_what_the_incoming_key_finds_and_opens_nothing() {
    let (sender, receiver) = (account(0), account(1));
    let notes: Vec<_> = (0..20)
        .map(|seed| pay(&sender, &receiver, 0, 1, seed))
        .collect();
    let clues: Vec<_> = notes
        .iter()
        .map(|note| Clue::from(&note.ciphertext))
        .collect();
    let detector = Detector::new(&receiver.incoming().detection());
    assert_eq!(detector.candidates(&clues), (0..20).collect::<Vec<_>>());
}

/// Transfers of two outputs each, spending what is said.
fn transfers<'a>(
    notes: &'a [SealedNote],
    spends: &[(usize, FieldBytes)],
) -> Vec<ChainTransfer<'a>> {
    let outputs = outputs(notes);
    let (pairs, _) = outputs.as_chunks::<2>();
    let transfers = pairs.iter().enumerate();
    transfers
        .map(|(number, outputs)| {
            let mut spent = spends.iter().filter(|(spender, _)| *spender == number);
            let mut next = || {
                spent
                    .next()
                    .map_or(dummy(number), |(_, nullifier)| *nullifier)
            };
            ChainTransfer {
                nullifiers: [next(), next()],
                position: 2 * number as u64,
                outputs: *outputs,
            }
        })
        .collect()
}

fn dummy(number: usize) -> FieldBytes {
    FieldBytes::from_hash([number as u8 ^ 0x5a; 32])
}

/// 1 pays 0 a hundred; 0 pays 2 thirty of it, and keeps seventy; 0 pays itself seventy; others pay each other.
fn story() -> (Vec<SealedNote>, Vec<(usize, FieldBytes)>) {
    let [own, one, two] = [account(0), account(1), account(2)];
    let notes = vec![
        pay(&one, &own, 0, 100, 1),
        pay(&one, &one, 0, 900, 2),
        pay(&one, &two, 0, 5, 3),
        pay(&one, &one, 0, 5, 4),
        pay(&own, &two, 0, 30, 5),
        pay(&own, &own, 9, 70, 6),
        pay(&own, &own, 4, 70, 7),
        pay(&own, &own, 4, 0, 8),
    ];
    let nk = own.nullifier_key();
    let nullifier = |place: usize| notes[place].note.nullifier(&nk, place as u64, &POOL);
    let spends = vec![(2, nullifier(0)), (3, nullifier(5))];
    (notes, spends)
}

const POOL: FieldBytes = FieldBytes::from_hash([3; 32]);

#[test]
fn an_account_that_is_followed_finds_change_by_its_nullifiers() {
    let (notes, spends) = story();
    let own = account(0);
    let transfers = transfers(&notes, &spends);
    let mut scanner = AccountScanner::new(&own, POOL, Vec::new());
    let happened = scanner.scan(&transfers);
    let told: Vec<_> = happened
        .iter()
        .map(|happened| match happened {
            Happened::Received(note) => ("received", note.position, note.note.note.value),
            Happened::Spent(note) => ("spent", note.position, note.note.note.value),
            Happened::Sent(note) => ("sent", note.position, note.note.note.value),
            Happened::Change(note) => ("change", note.position, note.note.note.value),
        })
        .collect();
    assert_eq!(
        told,
        [
            ("received", 0, 100),
            ("spent", 0, 100),
            ("sent", 4, 30),
            ("change", 5, 70),
            ("spent", 5, 70),
            ("received", 6, 70),
        ]
    );
    assert_eq!(
        scanner.balances().into_iter().collect::<Vec<_>>(),
        [(3, 70)]
    );
    assert_eq!(scanner.unspent().count(), 1);
}

#[test]
fn a_scan_that_is_cut_anywhere_and_goes_on_finds_the_same() {
    let (notes, spends) = story();
    let own = account(0);
    let transfers = transfers(&notes, &spends);
    let whole = AccountScanner::new(&own, POOL, Vec::new()).scan(&transfers);
    for cut in 0..=transfers.len() {
        let (before, after) = transfers.split_at(cut);
        let mut first = AccountScanner::new(&own, POOL, Vec::new());
        let mut happened = first.scan(before);
        let kept = first.unspent().cloned().collect();
        happened.extend(AccountScanner::new(&own, POOL, kept).scan(after));
        assert_eq!(happened, whole, "{cut}");
    }
}

#[test]
fn an_account_without_part_in_anything_sees_nothing() {
    let (notes, spends) = story();
    let transfers = transfers(&notes, &spends);
    let stranger = account(7);
    let mut scanner = AccountScanner::new(&stranger, POOL, Vec::new());
    assert_eq!(scanner.scan(&transfers), []);
    assert!(scanner.balances().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_stop_a_scanner(random in proptest::collection::vec(any::<u8>(), 1529), cut in 0usize..1529) {
        let receiver = account(1);
        let scanner = Scanner::new(receiver.incoming());
        let ciphertext = NoteCiphertext::from_bytes(&random).unwrap();
        let output = ChainOutput { cm: FieldBytes::ZERO, ciphertext: &ciphertext };
        prop_assert!(scanner.scan(&[output]).is_empty());
        prop_assert!(NoteCiphertext::from_bytes(&random[..cut]).is_err());
    }
}
