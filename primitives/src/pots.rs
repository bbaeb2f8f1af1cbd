//! Accounts that nobody holds a key to.

use frame_support::PalletId;
use sp_runtime::{AccountId32, traits::AccountIdConversion};

/// Receives the treasury's share of fees, dust, and what is left when an author cannot be paid.
pub const TREASURY: PalletId = PalletId(*b"plm/trsy");
/// Collects the share of fees that institutions divide among themselves.
pub const REVENUE_SHARE: PalletId = PalletId(*b"plm/revs");
/// Collects the authors' share of fees until a session's end says who has earned it.
pub const VALIDATOR_REWARDS: PalletId = PalletId(*b"plm/vrwd");
/// Keeps what the genesis allocated until it is released and claimed.
pub const RELEASE: PalletId = PalletId(*b"plm/rels");
/// Keeps what approved grants have not been paid yet.
pub const GRANTS: PalletId = PalletId(*b"plm/grnt");
/// Keeps what the backers of validators have earned until it is claimed.
pub const STAKE_REWARDS: PalletId = PalletId(*b"plm/srwd");

/// Has what is in notes of the shielded pool.
pub const SHIELDED_POOL: PalletId = PalletId(*b"plm/shld");

/// Every pot.
const ALL: [PalletId; 7] = [
    TREASURY,
    REVENUE_SHARE,
    VALIDATOR_REWARDS,
    RELEASE,
    GRANTS,
    STAKE_REWARDS,
    SHIELDED_POOL,
];

/// Whether an account is a pot.
pub fn is_pot(who: &AccountId32) -> bool {
    ALL.iter()
        .any(|pot| AccountIdConversion::<AccountId32>::into_account_truncating(pot) == *who)
}

/// The account behind [`TREASURY`].
pub fn treasury() -> AccountId32 {
    TREASURY.into_account_truncating()
}

/// The account behind [`REVENUE_SHARE`].
pub fn revenue_share() -> AccountId32 {
    REVENUE_SHARE.into_account_truncating()
}

/// The account behind [`VALIDATOR_REWARDS`].
pub fn validator_rewards() -> AccountId32 {
    VALIDATOR_REWARDS.into_account_truncating()
}

/// The account behind [`RELEASE`].
pub fn release() -> AccountId32 {
    RELEASE.into_account_truncating()
}

/// The account behind [`GRANTS`].
pub fn grants() -> AccountId32 {
    GRANTS.into_account_truncating()
}

/// The account behind [`STAKE_REWARDS`].
pub fn stake_rewards() -> AccountId32 {
    STAKE_REWARDS.into_account_truncating()
}

/// The account behind [`SHIELDED_POOL`].
pub fn shielded_pool() -> AccountId32 {
    SHIELDED_POOL.into_account_truncating()
}
