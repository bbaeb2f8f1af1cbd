//! What a screener keeps between two imports of a list.

use crate::{Hash32, update::expect_format};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an import leaves for the next one. JSON; has no names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Always [`State::FORMAT`].
    pub format: String,
    /// The list's name.
    pub list: String,
    /// [`Update::digest`](crate::Update::digest) of the list.
    pub digest: Hash32,
    /// The commitments to all of its names.
    pub commitments: BTreeSet<Hash32>,
    /// Subjects that are marked on the chain because of this list.
    pub marked: BTreeSet<Hash32>,
    /// Subjects that a person has found to be somebody else.
    pub dismissed: BTreeSet<Hash32>,
}

impl State {
    /// Name and version of the format.
    pub const FORMAT: &'static str = "plume-sanctions-state-1";

    /// Reads it from JSON.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let state: Self = serde_json::from_slice(bytes)?;
        expect_format(&state.format, Self::FORMAT)?;
        Ok(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    #[test]
    fn a_state_is_read_back_and_another_format_is_refused() {
        let mut state = State {
            format: State::FORMAT.into(),
            list: "own".into(),
            digest: Hash32([1; 32]),
            commitments: BTreeSet::from([Hash32([2; 32])]),
            marked: BTreeSet::new(),
            dismissed: BTreeSet::from([Hash32([3; 32])]),
        };
        let json = |state: &State| serde_json::to_vec(state).unwrap();
        assert_eq!(State::from_json(&json(&state)).unwrap(), state);
        state.format = "plume-sanctions-state-2".into();
        assert!(State::from_json(&json(&state)).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in vec(any::<u8>(), 0..300), text in "\\PC{0,200}") {
            let _ = State::from_json(&bytes);
            let _ = State::from_json(text.as_bytes());
        }
    }
}
