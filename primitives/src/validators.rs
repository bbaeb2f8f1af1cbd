//! What the pallets around the validators tell one another.

/// Hears of a validator that gave a sign of life without sealing a block.
pub trait OnAlive<AccountId> {
    /// `who` is alive.
    fn on_alive(who: &AccountId);
}

impl<AccountId> OnAlive<AccountId> for () {
    fn on_alive(_: &AccountId) {}
}
