//! Where every planck is.

use subxt::dynamic;

use crate::client::{At, Client};
use crate::{Error, Result};

/// The runtime API that is asked.
const API: &str = "BooksApi";

/// All PLUME after a block, by where it is: the parts add up to what is issued. `docs/token.md` says what
/// each part means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// The block after which this was so.
    pub block: u64,
    /// Seconds between the first block and this one.
    pub elapsed_s: u32,
    /// What the genesis of the main network issues.
    pub supply_planck: u128,
    /// What is issued now.
    pub issuance_planck: u128,
    /// What fees have burned since genesis.
    pub burned_planck: u128,
    /// In accounts that are no pot, neither on hold nor reserved.
    pub free_planck: u128,
    /// On hold for stake.
    pub staked: Staked,
    /// On hold for every other reason.
    pub held: Vec<Entry>,
    /// Reserved without a reason that is recorded: deposits of proxies, multisig operations, referenda and
    /// assets.
    pub reserved_planck: u128,
    /// In the release pot, for the beneficiaries of allocations.
    pub release_locked: Locked,
    /// In accounts without a key, less what is locked there, and what is on hold or reserved.
    pub pots: Vec<Entry>,
}

/// What is on hold for stake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Staked {
    /// At stake: it has a voice.
    pub active_planck: u128,
    /// Waits to be withdrawn.
    pub unstaking_planck: u128,
    /// Lost to slashes, and not yet moved to the treasury.
    pub slashed_planck: u128,
}

/// What the release pot owes to beneficiaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Locked {
    /// Not released yet.
    pub unreleased_planck: u128,
    /// Released, and not claimed yet.
    pub unclaimed_planck: u128,
}

/// An amount with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is, such as `validator_bond`. It stays the same between versions of the runtime.
    pub name: String,
    /// How much.
    pub planck: u128,
}

impl Staked {
    /// All of it.
    pub fn sum_planck(&self) -> u128 {
        sum([
            self.active_planck,
            self.unstaking_planck,
            self.slashed_planck,
        ])
    }
}

impl Locked {
    /// All of it.
    pub fn sum_planck(&self) -> u128 {
        sum([self.unreleased_planck, self.unclaimed_planck])
    }
}

impl Books {
    /// What all parts add up to: what is issued, unless the runtime has lost or invented some.
    pub fn parts_sum_planck(&self) -> u128 {
        sum([
            self.free_planck,
            self.staked.sum_planck(),
            self.held_planck(),
            self.reserved_planck,
            self.release_locked.sum_planck(),
            self.pots_planck(),
        ])
    }

    /// On hold for other reasons than stake, all together.
    pub fn held_planck(&self) -> u128 {
        sum(self.held.iter().map(|entry| entry.planck))
    }

    /// In pots, all together.
    pub fn pots_planck(&self) -> u128 {
        sum(self.pots.iter().map(|entry| entry.planck))
    }

    /// Issued and burned together: the supply, unless something else minted or burned, or the genesis issued
    /// another amount.
    pub fn sum_planck(&self) -> u128 {
        self.issuance_planck.saturating_add(self.burned_planck)
    }
}

fn sum(amounts: impl IntoIterator<Item = u128>) -> u128 {
    amounts.into_iter().fold(0, u128::saturating_add)
}

impl Client {
    /// Where every planck is, after a block. The node visits every account to answer: ask now and then, not
    /// at every block.
    ///
    /// Errors with [`Error::NoRuntimeApi`] when the runtime is too old to say; [`Client::supply`] works with
    /// any.
    pub async fn books(&self, at: At) -> Result<Books> {
        let state = self.at(at).await?;
        if state
            .metadata_ref()
            .runtime_api_trait_by_name(API)
            .is_none()
        {
            return Err(Error::NoRuntimeApi { api: API });
        }
        let question = dynamic::runtime_api_call::<(), wire::Books>(API, "books", ());
        let books = state
            .runtime_apis()
            .call(question)
            .await
            .map_err(Error::runtime)?;
        Ok(books.into())
    }
}

/// The runtime's answer, read by the names of its fields.
mod wire {
    use subxt::ext::scale_decode::{self, DecodeAsType};

    #[derive(DecodeAsType)]
    #[decode_as_type(crate_path = "scale_decode")]
    pub struct Books {
        block: u32,
        seconds: u32,
        supply: u128,
        issuance: u128,
        burned: u128,
        free: u128,
        staked: Staked,
        held: Vec<Entry>,
        reserved: u128,
        release_locked: Locked,
        pots: Vec<Entry>,
    }

    #[derive(DecodeAsType)]
    #[decode_as_type(crate_path = "scale_decode")]
    struct Staked {
        active: u128,
        unstaking: u128,
        slashed: u128,
    }

    #[derive(DecodeAsType)]
    #[decode_as_type(crate_path = "scale_decode")]
    struct Locked {
        unreleased: u128,
        unclaimed: u128,
    }

    #[derive(DecodeAsType)]
    #[decode_as_type(crate_path = "scale_decode")]
    struct Entry {
        name: String,
        amount: u128,
    }

    fn entries(entries: Vec<Entry>) -> Vec<super::Entry> {
        let entry = |Entry { name, amount }| super::Entry {
            name,
            planck: amount,
        };
        entries.into_iter().map(entry).collect()
    }

    impl From<Books> for super::Books {
        fn from(books: Books) -> Self {
            Self {
                block: books.block.into(),
                elapsed_s: books.seconds,
                supply_planck: books.supply,
                issuance_planck: books.issuance,
                burned_planck: books.burned,
                free_planck: books.free,
                staked: super::Staked {
                    active_planck: books.staked.active,
                    unstaking_planck: books.staked.unstaking,
                    slashed_planck: books.staked.slashed,
                },
                held: entries(books.held),
                reserved_planck: books.reserved,
                release_locked: super::Locked {
                    unreleased_planck: books.release_locked.unreleased,
                    unclaimed_planck: books.release_locked.unclaimed,
                },
                pots: entries(books.pots),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use plume_primitives::books as runtime;
    use subxt::ext::scale_decode::DecodeAsType;

    fn of_runtime() -> runtime::Books {
        let entry = |name: &str, amount| runtime::Entry {
            name: name.into(),
            amount,
        };
        runtime::Books {
            block: 7,
            seconds: 2,
            supply: 1_024,
            issuance: 1_023,
            burned: 1,
            free: 1,
            staked: runtime::Staked {
                active: 2,
                unstaking: 4,
                slashed: 8,
            },
            held: vec![entry("session_keys", 16), entry("validator_bond", 32)],
            reserved: 64,
            release_locked: runtime::Locked {
                unreleased: 128,
                unclaimed: 256,
            },
            pots: vec![entry("treasury", 512)],
        }
    }

    /// Reads the runtime's bytes as its metadata describes them.
    fn read(books: &runtime::Books) -> Books {
        let mut registry = scale_info::Registry::new();
        let id = registry
            .register_type(&scale_info::meta_type::<runtime::Books>())
            .id;
        let types = scale_info::PortableRegistry::from(registry);
        wire::Books::decode_as_type(&mut &books.encode()[..], id, &types)
            .expect("the names of the fields are the runtime's")
            .into()
    }

    #[test]
    fn the_runtimes_books_are_read_to_the_planck() {
        let entry = |name: &str, planck| Entry {
            name: name.into(),
            planck,
        };
        let books = read(&of_runtime());
        let expected = Books {
            block: 7,
            elapsed_s: 2,
            supply_planck: 1_024,
            issuance_planck: 1_023,
            burned_planck: 1,
            free_planck: 1,
            staked: Staked {
                active_planck: 2,
                unstaking_planck: 4,
                slashed_planck: 8,
            },
            held: vec![entry("session_keys", 16), entry("validator_bond", 32)],
            reserved_planck: 64,
            release_locked: Locked {
                unreleased_planck: 128,
                unclaimed_planck: 256,
            },
            pots: vec![entry("treasury", 512)],
        };
        assert_eq!(books, expected);
    }

    #[test]
    fn both_sides_add_up_alike() {
        let of_runtime = of_runtime();
        let books = read(&of_runtime);
        assert_eq!(books.parts_sum_planck(), of_runtime.parts_sum());
        assert_eq!(books.parts_sum_planck(), books.issuance_planck);
        assert_eq!(books.sum_planck(), books.supply_planck);
    }
}
