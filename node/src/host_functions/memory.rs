//! What a node remembers of questions whose answers cannot change.

use std::collections::HashMap;

/// Answers by the digest of their question, in two generations: when the young one is full it becomes the old one,
/// and the old one is forgotten.
#[derive(Debug)]
pub struct Memory<Answer> {
    generation: usize,
    young: HashMap<[u8; 32], Answer>,
    old: HashMap<[u8; 32], Answer>,
}

impl<Answer> Memory<Answer> {
    /// Empty. `generation` answers are remembered before the older half is forgotten.
    pub fn new(generation: usize) -> Self {
        Self {
            generation,
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    /// The answer to a question that was asked before.
    pub fn get(&self, question: &[u8; 32]) -> Option<&Answer> {
        self.young.get(question).or_else(|| self.old.get(question))
    }

    /// Remembers an answer.
    pub fn insert(&mut self, question: [u8; 32], answer: Answer) {
        if self.young.len() >= self.generation {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(question, answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_and_the_newest_is_there() {
        let question = |i: u32| sp_crypto_hashing::blake2_256(&i.to_le_bytes());
        let mut memory = Memory::new(100);
        for i in 0..1_050 {
            memory.insert(question(i), i);
        }
        assert!(memory.young.len() + memory.old.len() <= 200);
        assert_eq!(memory.get(&question(1_049)), Some(&1_049));
        assert_eq!(memory.get(&question(900)), Some(&900));
        assert_eq!(memory.get(&question(0)), None);
    }
}
