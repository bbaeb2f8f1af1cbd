//! Who may take part.

/// Says whether an account may take part in what pays or decides: stake, earn a share, receive a grant.
///
/// The compliance engine answers once it is there; until then `()` does, and admits everybody.
pub trait Screening<AccountId> {
    /// Whether `who` may take part now.
    fn admits(who: &AccountId) -> bool;
}

impl<AccountId> Screening<AccountId> for () {
    fn admits(_: &AccountId) -> bool {
        true
    }
}
