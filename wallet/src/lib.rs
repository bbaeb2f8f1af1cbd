//! A wallet of the shielded pool: follows the chain for an account, and makes what the account pays.
//!
//! For programs that act for an owner: a command line, an app, a service. It has no terminal and no network. What
//! the chain says comes in through [`Source`] and [`Terms`]; what goes out is a [`Call`].
//!
//! # From the phrase to a payment
//!
//! | step | what |
//! |---|---|
//! | keys | [`plume_shielded::SpendingKey::from_phrase`]; a [`Wallet`] has the viewing key of it |
//! | following | [`Wallet::sync`] takes final blocks from a [`Source`], or [`Wallet::take`] from whoever has them |
//! | planning | [`Wallet::spender`], then [`Spender::deposit`], [`Spender::send`], [`Spender::withdraw`] or [`Spender::merge`]: a [`Draft`] |
//! | proving | [`Prover::prove`]: a [`Call`], whose [arguments](Call::arguments) are what the chain reads |
//! | sending | whoever has the network; [`Wallet::remember`] keeps the next from spending the same |
//! | showing | [`Wallet::receipt`], [`Wallet::statement`] and [`Wallet::standing`] |
//!
//! # Rules
//!
//! 1. Only final blocks are taken in, so the state never goes back. Blocks come whole: leaves that are missing, come
//!    twice, or make another root than the chain's are refused, and the wallet stays as it was.
//! 2. Nothing is lost with the file. Notes are found by scanning, change and payments by the outgoing viewing key,
//!    and the [counters](Counter) of the present period because their randomness is derived from the keys: a wallet
//!    that is restored from its phrase goes on paying at once. Only the ML-KEM keys of those who were paid are in the
//!    file alone; receipts for old payments need the receiver's contact then.
//! 3. The file is encrypted under a [passphrase](Passphrase): whoever has it and no passphrase sees nothing of the
//!    account. The spending key is in it only if it was [told to](Wallet::keep_spending_key), the phrase never. It is
//!    replaced as a whole or not at all.
//! 4. A transfer spends two notes at most, and of each asset one transfer is on its way at a time: the next one spends
//!    the counter that it leaves.
//! 5. Whatever cannot be proven is refused before, with a reason and [what to do](Problem::hint).
//! 6. Every output is sealed so that it can be found again: what stands for no payment is a note of nothing to
//!    oneself, and a deposit is a payment to oneself, for change is only found beside a note that was spent.
//!
//! # What a node learns
//!
//! Whoever answers a wallet sees when it asks and from where. Blocks are asked for one after the other, whoever's they
//! are; the path of a credential is asked for by its leaf. Use a node of your own, or one that you trust with that.
//!
//! # Example
//!
//! ```
//! use plume_shielded::{Network, SpendingKey};
//! use plume_wallet::{Birth, Cost, FileKey, Passphrase, Pool, Wallet};
//!
//! let phrase = plume_shielded::new_phrase()?;
//! let key = SpendingKey::from_phrase(&phrase, "", 0)?;
//! let pool = Pool {
//!     genesis: [7; 32],
//!     period_length: 2_592_000,
//!     max_proof_age: 60,
//! };
//! let wallet = Wallet::new(key.full_viewing_key(), Network::Dev, pool, Birth::genesis(&pool));
//!
//! let contact = wallet.contact(0, None).ok_or("no address")?;
//! assert!(contact.address().to_text(Network::Dev).starts_with("plumedev1"));
//! assert!(wallet.balances().is_empty());
//!
//! let file = std::env::temp_dir().join(format!("plume-wallet-{}", std::process::id()));
//! let passphrase = Passphrase::new("seven plums in the snow".to_owned())?;
//! wallet.save(&file, &FileKey::new(&passphrase, Cost::default())?)?;
//! let (again, _) = Wallet::load(&file, &passphrase)?;
//! assert_eq!(again.contact(0, None), Some(contact));
//! assert!(again.spending_key().is_none());
//! # std::fs::remove_file(&file)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)
)]

mod call;
mod chain;
mod content;
mod counter;
mod draft;
mod file;
mod parties;
mod passphrase;
mod plan;
mod problem;
mod prove;
mod sealed;
mod select;
mod show;
mod standing;
mod state;
mod sync;
#[cfg(test)]
mod tests;
mod wallet;

pub use call::{
    Amount, Asset, Body, Call, MAX_BUNDLE, PLUME, PLUME_UNIT, Purpose, Transfer, bind, pool_id,
};
pub use chain::{
    Birth, Block, BlockId, CredentialNodes, Page, Payout, Pool, PoolTransfer, Rule, Source, Terms,
};
pub use draft::Draft;
pub use file::{FileError, Lock};
pub use parties::{Holder, Receiver};
pub use passphrase::{Cost, FileKey, Passphrase};
pub use plan::Spender;
pub use problem::{Problem, amount, name};
pub use prove::Prover;
pub use sealed::{Sealed, SealedError};
pub use select::INPUTS;
pub use show::published;
pub use state::{Counter, Entry, Kind, Pending, StoredNote};
pub use sync::{Progress, SyncError, SyncFailure};
pub use wallet::Wallet;
