//! Which notes to spend.

use crate::{Problem, StoredNote};

/// A transfer spends so many notes.
pub const INPUTS: usize = 2;

/// Chooses at most two notes that are worth `need` together.
///
/// 1. The smallest note that is enough, with the smallest other one: a second note costs nothing, and so they become
///    fewer.
/// 2. Or else the largest, with the smallest that is enough with it.
///
/// Whatever is chosen fits into 64 bits together.
pub fn select<'a>(
    asset: u32,
    notes: impl IntoIterator<Item = &'a StoredNote>,
    need: u64,
) -> Result<Vec<&'a StoredNote>, Problem> {
    let mut notes: Vec<_> = notes
        .into_iter()
        .filter(|note| note.asset == asset)
        .collect();
    notes.sort_by_key(|note| (note.value, note.position));
    let have: u128 = notes.iter().map(|note| u128::from(note.value)).sum();
    if have < u128::from(need) {
        return Err(Problem::NotEnough {
            asset,
            have,
            need: need.into(),
        });
    }
    if let Some(enough) = notes.iter().position(|note| note.value >= need) {
        let mut chosen = vec![notes.remove(enough)];
        let other = notes.first().filter(|other| fits(&chosen, other));
        chosen.extend(other);
        return Ok(chosen);
    }
    let Some(largest) = notes.pop() else {
        return Ok(Vec::new());
    };
    let missing = need.saturating_sub(largest.value);
    match notes.iter().find(|note| note.value >= missing) {
        Some(&other) if fits(&[largest], other) => Ok(vec![largest, other]),
        _ => {
            let second = notes.last().map_or(0, |note| note.value);
            Err(Problem::ManyNotes {
                asset,
                notes: notes.len().saturating_add(1),
                most: u128::from(largest.value).saturating_add(second.into()),
                need: need.into(),
            })
        }
    }
}

/// Chooses the two largest notes, which become one: after k merges a payment can be as large as the k + 2 largest
/// notes. They must be worth more than the fee that comes out of them.
pub fn merge<'a>(
    asset: u32,
    notes: impl IntoIterator<Item = &'a StoredNote>,
    fee: u64,
) -> Result<Vec<&'a StoredNote>, Problem> {
    let mut notes: Vec<_> = notes
        .into_iter()
        .filter(|note| note.asset == asset)
        .collect();
    notes.sort_by_key(|note| (core::cmp::Reverse(note.value), note.position));
    if notes.len() < INPUTS {
        return Err(Problem::NothingToMerge { asset });
    }
    let chosen: Vec<_> = notes.into_iter().take(INPUTS).collect();
    let have: u128 = chosen.iter().map(|note| u128::from(note.value)).sum();
    if have <= u128::from(fee) {
        return Err(Problem::NotEnough {
            asset,
            have,
            need: u128::from(fee).saturating_add(1),
        });
    }
    if u64::try_from(have).is_ok() {
        Ok(chosen)
    } else {
        Err(Problem::NothingToMerge { asset })
    }
}

fn fits(chosen: &[&StoredNote], other: &StoredNote) -> bool {
    let sum = chosen
        .iter()
        .try_fold(other.value, |sum, note| sum.checked_add(note.value));
    sum.is_some()
}
