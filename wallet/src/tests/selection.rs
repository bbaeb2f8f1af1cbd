//! Which notes are spent.

use crate::{
    Problem, StoredNote, amount,
    select::{merge, select},
};

fn notes(values: &[u64]) -> Vec<StoredNote> {
    (0u64..)
        .zip(values)
        .map(|(position, value)| StoredNote {
            position,
            value: *value,
            asset: 0,
            address: [0; 107],
            seed: [0; 32],
            sender_key: [0; 32],
            memo: [0; 128],
        })
        .collect()
}

fn chosen(values: &[u64], need: u64) -> Result<Vec<u64>, Problem> {
    let notes = notes(values);
    Ok(select(0, &notes, need)?
        .iter()
        .map(|note| note.value)
        .collect())
}

#[test]
fn the_smallest_that_is_enough_goes_with_the_smallest_other() {
    assert_eq!(chosen(&[50, 7, 20, 90], 15), Ok(vec![20, 7]));
    assert_eq!(chosen(&[50, 7, 20, 90], 90), Ok(vec![90, 7]));
    assert_eq!(chosen(&[50], 15), Ok(vec![50]));
}

#[test]
fn two_that_are_enough_together_are_the_largest_and_as_little_as_can_be() {
    assert_eq!(chosen(&[50, 7, 20, 90], 100), Ok(vec![90, 20]));
    assert_eq!(chosen(&[50, 7, 20, 90], 140), Ok(vec![90, 50]));
}

#[test]
fn too_little_and_too_many_are_told_apart() {
    let (asset, need) = (0, 150);
    assert_eq!(
        chosen(&[50, 7, 20, 90], need),
        Err(Problem::ManyNotes {
            asset,
            notes: 4,
            most: 140,
            need: 150
        })
    );
    assert_eq!(
        chosen(&[50, 7, 20], need),
        Err(Problem::NotEnough {
            asset,
            have: 77,
            need: 150
        })
    );
    assert_eq!(
        chosen(&[], 1),
        Err(Problem::NotEnough {
            asset,
            have: 0,
            need: 1
        })
    );
}

#[test]
fn what_is_chosen_fits_into_64_bits() {
    assert_eq!(chosen(&[u64::MAX, 5], 7), Ok(vec![u64::MAX]));
    let notes = notes(&[u64::MAX, u64::MAX]);
    assert_eq!(
        merge(0, &notes, 1),
        Err(Problem::NothingToMerge { asset: 0 })
    );
}

#[test]
fn the_two_largest_are_merged_if_they_are_worth_it() {
    let notes = notes(&[5, 90, 2, 50]);
    let values = |fee| merge(0, &notes, fee).map(|notes| [notes[0].value, notes[1].value]);
    assert_eq!(values(1), Ok([90, 50]));
    assert_eq!(
        values(140),
        Err(Problem::NotEnough {
            asset: 0,
            have: 140,
            need: 141
        })
    );
    assert_eq!(
        merge(1, &notes, 1),
        Err(Problem::NothingToMerge { asset: 1 })
    );
}

#[test]
fn amounts_are_written_as_people_read_them() {
    assert_eq!(amount(0, 0), "0 PLUME");
    assert_eq!(amount(0, 1_500_000_000), "1.5 PLUME");
    assert_eq!(amount(0, 10), "0.00000001 PLUME");
    assert_eq!(amount(8, 10), "10 units of asset 7");
}
