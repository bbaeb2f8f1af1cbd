//! How far something is that takes long.

/// Told, often, how far a piece of work is. `()` does not listen.
pub trait Progress: Sync {
    /// Of `what`, `done` of `all` parts are done.
    fn at(&self, what: &str, done: u64, all: u64);
}

impl Progress for () {
    fn at(&self, _: &str, _: u64, _: u64) {}
}
