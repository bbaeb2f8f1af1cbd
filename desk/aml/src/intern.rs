//! One copy of each name, because a file repeats its accounts millions of times.

use std::{collections::HashSet, sync::Arc};

/// Hands out shared copies of strings. Grows with the number of different ones, not with the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner(HashSet<Arc<str>>);

impl Interner {
    pub(crate) fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.0.insert(new.clone());
        new
    }
}
