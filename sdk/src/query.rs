//! Balances and supply.

use subxt::dynamic;
use subxt::ext::scale_decode::{self, DecodeAsType};
use subxt::utils::AccountId32;

use crate::client::{At, AtBlock, Client};
use crate::{Error, Result};

/// An account's PLUME, in planck. An account that does not exist is all zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountState {
    /// Not reserved or held; part of it may be frozen.
    pub free_planck: u128,
    /// Reserved or held: deposits and stakes.
    pub reserved_planck: u128,
    /// Locked against leaving the account; overlaps what is free and reserved.
    pub frozen_planck: u128,
    /// How many transactions the account has sent in finalised or best state, without those that wait in a pool.
    pub nonce: u32,
}

impl AccountState {
    /// Free and reserved together.
    pub fn total_planck(&self) -> u128 {
        self.free_planck.saturating_add(self.reserved_planck)
    }

    /// What a transfer could take if it may remove the account: reserved funds count towards what is frozen.
    pub fn transferable_planck(&self) -> u128 {
        let untouchable = self.frozen_planck.saturating_sub(self.reserved_planck);
        self.free_planck.saturating_sub(untouchable)
    }
}

/// How much PLUME there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// All accounts together, in planck.
    pub issuance_planck: u128,
    /// Base fees burned since genesis, in planck.
    pub burned_planck: u128,
}

impl Supply {
    /// Issued and burned together; the genesis supply, unless something else minted or burned.
    pub fn sum_planck(&self) -> u128 {
        self.issuance_planck.saturating_add(self.burned_planck)
    }
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
struct AccountInfo {
    nonce: u32,
    data: AccountData,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
struct AccountData {
    free: u128,
    reserved: u128,
    frozen: u128,
}

impl Client {
    /// An account's balances and nonce.
    pub async fn account(&self, account: &AccountId32, at: At) -> Result<AccountState> {
        let address = dynamic::storage::<([u8; 32],), AccountInfo>("System", "Account");
        let state = self.at(at).await?;
        let value = state
            .storage()
            .try_fetch(address, (account.0,))
            .await
            .map_err(Error::runtime)?;
        let Some(value) = value else {
            return Ok(AccountState::default());
        };
        let AccountInfo { nonce, data } = value.decode().map_err(Error::runtime)?;
        Ok(AccountState {
            free_planck: data.free,
            reserved_planck: data.reserved,
            frozen_planck: data.frozen,
            nonce,
        })
    }

    /// Issued and burned PLUME at one and the same block.
    pub async fn supply(&self, at: At) -> Result<Supply> {
        let state = self.at(at).await?;
        Ok(Supply {
            issuance_planck: amount(&state, "Balances", "TotalIssuance").await?,
            burned_planck: amount(&state, "Fees", "TotalBurned").await?,
        })
    }

    /// Number of blocks whose hashes the chain remembers: the longest lifetime of a mortal transaction.
    pub(crate) fn block_hash_count(&self, at: &AtBlock) -> Result<u32> {
        let address = dynamic::constant::<u32>("System", "BlockHashCount");
        at.constants().entry(address).map_err(Error::runtime)
    }
}

async fn amount(state: &AtBlock, pallet: &str, entry: &str) -> Result<u128> {
    let address = dynamic::storage::<(), u128>(pallet, entry);
    let value = state
        .storage()
        .fetch(address, ())
        .await
        .map_err(Error::runtime)?;
    value.decode().map_err(Error::runtime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_funds_count_towards_what_is_frozen() {
        let account = |free_planck, reserved_planck, frozen_planck| AccountState {
            free_planck,
            reserved_planck,
            frozen_planck,
            nonce: 0,
        };
        assert_eq!(account(100, 0, 0).transferable_planck(), 100);
        assert_eq!(account(100, 0, 30).transferable_planck(), 70);
        assert_eq!(account(100, 20, 30).transferable_planck(), 90);
        assert_eq!(account(100, 50, 30).transferable_planck(), 100);
        assert_eq!(account(100, 0, 200).transferable_planck(), 0);
        assert_eq!(account(u128::MAX, 1, 0).total_planck(), u128::MAX);
    }
}
