//! How PLUME is counted.

use crate::Balance;

/// The smallest amount there is.
pub const PLANCK: Balance = 1;
/// Decimal places between one planck and one PLUME.
pub const DECIMALS: u8 = 18;
/// One PLUME, in planck.
pub const PLUME: Balance = 1_000_000_000_000_000_000;
/// A thousandth of a PLUME, in planck.
pub const MILLI_PLUME: Balance = PLUME / 1_000;
/// A millionth of a PLUME, in planck.
pub const MICRO_PLUME: Balance = PLUME / 1_000_000;
/// Ticker that wallets show.
pub const SYMBOL: &str = "PLUME";
/// Every planck that ever exists, all of it at genesis.
pub const TOTAL_SUPPLY: Balance = 10_000_000_000 * PLUME;
/// An account with less than this is removed and its rest goes to the treasury.
pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_PLUME;

/// What `items` storage entries of `bytes` in all cost as a refundable deposit, in planck.
///
/// State is kept by every node for ever, so it is priced by what it occupies.
pub const fn storage_deposit(items: u32, bytes: u32) -> Balance {
    items as Balance * 100 * MILLI_PLUME + bytes as Balance * MILLI_PLUME
}
