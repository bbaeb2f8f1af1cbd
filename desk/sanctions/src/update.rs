//! What changed between two lists, and what goes on the chain.

use crate::{Entry, Hash32, List, Normal, Salt, commitment};
use serde::{Deserialize, Serialize};
use sp_crypto_hashing::blake2_256;
use std::collections::{BTreeMap, BTreeSet};

/// A difference between two lists, for people to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// It is new.
    Added(&'a Entry),
    /// It is gone.
    Removed(&'a Entry),
    /// It says something else.
    Changed {
        /// What it said.
        old: &'a Entry,
        /// What it says.
        new: &'a Entry,
    },
}

/// The differences, in the order of the entries' ids.
pub fn changes<'a>(old: &'a List, new: &'a List) -> Vec<Change<'a>> {
    let by_id = |list: &'a List| {
        list.entries
            .iter()
            .map(|entry| (entry.id.as_str(), entry))
            .collect::<BTreeMap<_, _>>()
    };
    let (old, new) = (by_id(old), by_id(new));
    let ids: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    ids.into_iter()
        .filter_map(|id| match (old.get(id), new.get(id)) {
            (None, Some(new)) => Some(Change::Added(new)),
            (Some(old), None) => Some(Change::Removed(old)),
            (Some(old), Some(new)) if old != new => Some(Change::Changed { old, new }),
            _ => None,
        })
        .collect()
}

/// The commitments that a new list adds and removes. JSON; has no names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// Always `plume-sanctions-update-1`.
    pub format: String,
    /// The list's name.
    pub list: String,
    /// Digest of the list before, if there was one.
    pub previous: Option<Hash32>,
    /// Digest of the list: BLAKE2b-256 of its commitments one after the other, in their order.
    pub digest: Hash32,
    /// Commitments that are new, in their order.
    pub added: Vec<Hash32>,
    /// Commitments that are gone, in their order.
    pub removed: Vec<Hash32>,
}

const UPDATE_FORMAT: &str = "plume-sanctions-update-1";
const POSTING_FORMAT: &str = "plume-sanctions-posting-1";

/// The commitments to all names of a list.
fn commitments(list: &List, salt: &Salt) -> BTreeSet<Hash32> {
    list.entries
        .iter()
        .flat_map(|entry| entry.names().map(move |name| (entry, Normal::of(name))))
        .filter(|(_, name)| !name.is_empty())
        .map(|(entry, name)| commitment(salt, &list.name, entry, &name))
        .collect()
}

fn digest(commitments: &BTreeSet<Hash32>) -> Hash32 {
    let bytes: Vec<u8> = commitments
        .iter()
        .flat_map(|commitment| commitment.0)
        .collect();
    Hash32(blake2_256(&bytes))
}

impl Update {
    /// From the old list, if there is one, to the new one, both under the same salt.
    pub fn between(old: Option<&List>, new: &List, salt: &Salt) -> Self {
        let before = old.map(|old| commitments(old, salt));
        let after = commitments(new, salt);
        let none = BTreeSet::new();
        let known = before.as_ref().unwrap_or(&none);
        Self {
            format: UPDATE_FORMAT.into(),
            list: new.name.clone(),
            previous: before.as_ref().map(digest),
            digest: digest(&after),
            added: after.difference(known).copied().collect(),
            removed: known.difference(&after).copied().collect(),
        }
    }

    /// Reads it from JSON.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let update: Self = serde_json::from_slice(bytes)?;
        expect_format(&update.format, UPDATE_FORMAT)?;
        Ok(update)
    }
}

/// The subjects that a screener found on a list. JSON; has no names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posting {
    /// Always `plume-sanctions-posting-1`.
    pub format: String,
    /// The list's name.
    pub list: String,
    /// [`Update::digest`] of the list that was used.
    pub digest: Hash32,
    /// Subjects to mark, by the identifiers that the chain knows them by, in their order.
    pub listed: BTreeSet<Hash32>,
    /// Subjects that were marked and no longer are on the list.
    pub cleared: BTreeSet<Hash32>,
}

impl Posting {
    /// From the subjects that are marked to those that should be.
    pub fn new(update: &Update, marked: &BTreeSet<Hash32>, found: &BTreeSet<Hash32>) -> Self {
        Self {
            format: POSTING_FORMAT.into(),
            list: update.list.clone(),
            digest: update.digest,
            listed: found.difference(marked).copied().collect(),
            cleared: marked.difference(found).copied().collect(),
        }
    }

    /// Reads it from JSON.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let posting: Self = serde_json::from_slice(bytes)?;
        expect_format(&posting.format, POSTING_FORMAT)?;
        Ok(posting)
    }
}

pub(crate) fn expect_format(found: &str, expected: &str) -> Result<(), serde_json::Error> {
    if found == expected {
        return Ok(());
    }
    Err(serde::de::Error::custom(format!(
        "the format is {found:?} where {expected:?} is expected"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn list(lines: &str) -> List {
        List::plain(
            "own",
            format!("id,name,kind,programmes,aliases\n{lines}").as_bytes(),
        )
        .unwrap()
    }

    const SALT: Salt = Salt([7; 32]);

    #[test]
    fn a_difference_is_what_was_added_removed_and_changed() {
        let old = list("1,A,entity,,\n2,B,entity,,\n3,C,entity,,\n");
        let new = list("3,C,entity,,Cee\n4,D,entity,,\n1,A,entity,,\n");
        let changes = changes(&old, &new);
        assert_eq!(changes.len(), 3);
        assert!(matches!(&changes[0], Change::Removed(entry) if entry.id == "2"));
        assert!(matches!(&changes[1], Change::Changed { new, .. } if new.id == "3"));
        assert!(matches!(&changes[2], Change::Added(entry) if entry.id == "4"));

        let update = Update::between(Some(&old), &new, &SALT);
        assert_eq!((update.added.len(), update.removed.len()), (2, 1));
        assert_eq!(
            update.previous,
            Some(Update::between(None, &old, &SALT).digest)
        );
    }

    #[test]
    fn the_same_list_in_another_order_and_spelling_changes_nothing() {
        let old = list("1,\"Volkov, Pyotr\",individual,,\n2,B,entity,,\n");
        let new = list("2,b,entity,,\n1,PYOTR VOLKOV,individual,,\n");
        let update = Update::between(Some(&old), &new, &SALT);
        assert!(update.added.is_empty() && update.removed.is_empty());
        assert_eq!(update.previous, Some(update.digest));
    }

    #[test]
    fn commitments_depend_on_salt_list_entry_and_name() {
        let one = list("1,A,entity,,\n");
        let mut other_list = one.clone();
        other_list.name = "another".into();
        let digests = BTreeSet::from([
            Update::between(None, &one, &SALT).digest,
            Update::between(None, &one, &Salt([8; 32])).digest,
            Update::between(None, &other_list, &SALT).digest,
            Update::between(None, &list("2,A,entity,,\n"), &SALT).digest,
            Update::between(None, &list("1,B,entity,,\n"), &SALT).digest,
        ]);
        assert_eq!(digests.len(), 5);
    }

    #[test]
    fn what_is_posted_is_the_difference_to_what_is_marked() {
        let update = Update::between(None, &list("1,A,entity,,\n"), &SALT);
        let subjects = |numbers: &[u8]| {
            numbers
                .iter()
                .map(|n| Hash32([*n; 32]))
                .collect::<BTreeSet<_>>()
        };
        let posting = Posting::new(&update, &subjects(&[1, 2]), &subjects(&[2, 3]));
        assert_eq!(
            (posting.listed.clone(), posting.cleared.clone()),
            (subjects(&[3]), subjects(&[1]))
        );
        let json = serde_json::to_vec(&posting).unwrap();
        assert_eq!(Posting::from_json(&json).unwrap(), posting);
        assert!(Update::from_json(&json).is_err());
    }

    #[test]
    fn no_name_is_in_what_is_posted() {
        let update = Update::between(None, &list("77,Volkov Pyotr,individual,,Wolkow\n"), &SALT);
        let json = serde_json::to_string(&update).unwrap().to_lowercase();
        assert!(!json.contains("vol") && !json.contains("wolkow"), "{json}");
        assert_eq!(Update::from_json(json.as_bytes()).unwrap(), update);
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..200), text in "\\PC{0,200}") {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                let _ = Update::from_json(bytes);
                let _ = Posting::from_json(bytes);
                let _ = core::str::from_utf8(bytes).map(str::parse::<Hash32>);
            }
        }
    }
}
