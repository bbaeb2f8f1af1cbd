//! Follows Plume from another chain, by justifications alone.
//!
//! A bridge stands on a chain that executes nothing of Plume. It knows who votes, starting from a header
//! that somebody vouched for, and believes a header when more than two thirds of the voters have signed
//! for it. [`LightClient`] is that: `pallet-bridge-grandpa` of the polkadot-sdk, unchanged, in a runtime
//! of its own, configured for Plume by [`Plume`]. [`replay()`], and the program `plume-light-client` around
//! it, replay the justifications of a real network through it.
//!
//! # Rules
//!
//! 1. Headers may be left out, except those in which the voters change. Each of these must be submitted,
//!    in order, and is free of charge.
//! 2. A change takes effect at once. Changes with a delay, and forced ones, end the bridge; Plume makes
//!    neither.
//! 3. No vote more than needed: a node's justification carries all votes that it has seen, and is pruned
//!    before it is submitted ([`LightClient::relay`]).

mod replay;

pub use replay::{Finality, Replayed, Trusted, Unfollowed, replay};

use bp_header_chain::{
    AuthoritySet, ChainWithGrandpa, InitializationData,
    justification::{JustificationVerificationContext, verify_and_optimize_justification},
};
use bp_runtime::{BasicOperatingMode, Chain, ChainId};
use frame_support::{
    sp_runtime::{
        StateVersion, generic,
        traits::{BlakeTwo256, Dispatchable, Header as _},
    },
    traits::Hooks,
    weights::Weight,
};
use plume_primitives::{AccountId, Balance, BlockNumber, Hash, Nonce, Signature};
use runtime::{PlumeGrandpa, Runtime, RuntimeCall, RuntimeOrigin};
use sp_consensus_grandpa::{AuthorityList, SetId};

/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Votes that make a block final.
pub type Justification = bp_header_chain::justification::GrandpaJustification<Header>;

/// Plume, as a bridge sees it.
#[derive(Debug)]
pub struct Plume;

impl Chain for Plume {
    const ID: ChainId = *b"plum";
    const STATE_VERSION: StateVersion = StateVersion::V1;

    type BlockNumber = BlockNumber;
    type Hash = Hash;
    type Hasher = BlakeTwo256;
    type Header = Header;
    type AccountId = AccountId;
    type Balance = Balance;
    type Nonce = Nonce;
    type Signature = Signature;

    // For messages in the other direction, which no light client sends.
    fn max_extrinsic_size() -> u32 {
        5 * 1024 * 1024
    }

    fn max_extrinsic_weight() -> Weight {
        Weight::MAX
    }
}

impl ChainWithGrandpa for Plume {
    const WITH_CHAIN_GRANDPA_PALLET_NAME: &'static str = "PlumeGrandpa";
    /// The runtime's `MaxAuthorities`.
    const MAX_AUTHORITIES_COUNT: u32 = 64;
    /// Votes are for the newest block, a few blocks above the one that they make final.
    const REASONABLE_HEADERS_IN_JUSTIFICATION_ANCESTRY: u32 = 8;
    /// Forty bytes for each of 64 voters, and the header.
    const MAX_MANDATORY_HEADER_SIZE: u32 = 4_096;
    /// Two digest items, a slot and a seal.
    const AVERAGE_HEADER_SIZE: u32 = 256;
}

/// The other chain.
mod runtime {
    use frame_support::{derive_impl, traits::ConstU32};

    frame_support::construct_runtime! {
        pub enum Runtime {
            System: frame_system,
            PlumeGrandpa: pallet_bridge_grandpa,
        }
    }

    type Block = frame_system::mocking::MockBlock<Runtime>;

    #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
    impl frame_system::Config for Runtime {
        type Block = Block;
    }

    impl pallet_bridge_grandpa::Config for Runtime {
        type RuntimeEvent = RuntimeEvent;
        type BridgedChain = super::Plume;
        type MaxFreeHeadersPerBlock = ConstU32<4>;
        type FreeHeadersInterval = NoFreeHeaders;
        type HeadersToKeep = ConstU32<64>;
        type WeightInfo = ();
    }

    /// Only headers in which the voters change are free.
    pub struct NoFreeHeaders;

    impl frame_support::traits::Get<Option<u32>> for NoFreeHeaders {
        fn get() -> Option<u32> {
            None
        }
    }
}

/// Why a header was not believed: the name of the pallet's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused(pub &'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the light client refused the header: {}", self.0)
    }
}

impl std::error::Error for Refused {}

/// A header that was believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Believed {
    /// Whether the submitter was spared the fee, which a header in which the voters change deserves.
    pub free: bool,
    /// Whether the voters changed with it.
    pub changed_voters: bool,
}

/// A chain that follows Plume. Each submission is a block of its own.
pub struct LightClient {
    state: sp_io::TestExternalities,
    block: u64,
}

impl LightClient {
    /// Starts from a header that somebody vouches for, and the voters after it.
    pub fn new(header: Header, voters: AuthorityList, set_id: SetId) -> Result<Self, Refused> {
        let mut client = Self {
            state: sp_io::TestExternalities::default(),
            block: 0,
        };
        let initialise = pallet_bridge_grandpa::Call::<Runtime>::initialize {
            init_data: InitializationData {
                header: Box::new(header),
                authority_list: voters,
                set_id,
                operating_mode: BasicOperatingMode::Normal,
            },
        };
        client.dispatch(RuntimeOrigin::root(), initialise.into())?;
        Ok(client)
    }

    /// Prunes a justification as a relayer does, and submits it with its header.
    pub fn relay(
        &mut self,
        header: Header,
        justification: Justification,
    ) -> Result<Believed, Refused> {
        let pruned = self
            .pruned(&header, justification.clone())
            .unwrap_or(justification);
        self.submit(header, pruned)
    }

    /// A justification without the votes that are not needed. None if those that are do not suffice.
    pub fn pruned(
        &mut self,
        header: &Header,
        mut justification: Justification,
    ) -> Option<Justification> {
        let context: JustificationVerificationContext = self.voters().try_into().ok()?;
        let target = (header.hash(), *header.number());
        verify_and_optimize_justification(target, &context, &mut justification).ok()?;
        Some(justification)
    }

    /// Submits a header with exactly these votes.
    pub fn submit(
        &mut self,
        header: Header,
        justification: Justification,
    ) -> Result<Believed, Refused> {
        let before = self.set_id();
        let call = pallet_bridge_grandpa::Call::<Runtime>::submit_finality_proof_ex {
            finality_target: Box::new(header),
            justification,
            current_set_id: before,
            is_free_execution_expected: false,
        };
        let free = self.dispatch(RuntimeOrigin::signed(1), call.into())?;
        Ok(Believed {
            free,
            changed_voters: self.set_id() != before,
        })
    }

    /// The highest block that it believes to be final.
    pub fn best(&mut self) -> Option<(BlockNumber, Hash)> {
        self.state
            .execute_with(pallet_bridge_grandpa::BestFinalized::<Runtime>::get)
            .map(|best| (best.number(), best.hash()))
    }

    /// The number of the present set of voters.
    pub fn set_id(&mut self) -> SetId {
        self.voters().set_id
    }

    fn voters(&mut self) -> AuthoritySet {
        self.state
            .execute_with(pallet_bridge_grandpa::CurrentAuthoritySet::<Runtime>::get)
            .into()
    }

    /// Says whether it was free.
    fn dispatch(&mut self, origin: RuntimeOrigin, call: RuntimeCall) -> Result<bool, Refused> {
        self.block += 1;
        let block = self.block;
        self.state.execute_with(|| {
            frame_system::Pallet::<Runtime>::set_block_number(block);
            PlumeGrandpa::on_initialize(block);
            let result = call.dispatch(origin);
            PlumeGrandpa::on_finalize(block);
            match result {
                Ok(info) => Ok(info.pays_fee == frame_support::dispatch::Pays::No),
                Err(failure) => Err(Refused(failure.error.into())),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::{Decode, Encode};
    use frame_support::sp_runtime::{Digest, DigestItem};
    use sp_consensus_grandpa::{
        ConsensusLog, GRANDPA_ENGINE_ID, Message, Precommit, ScheduledChange, localized_payload,
    };
    use sp_core::{Pair, ed25519};

    const ROUND: u64 = 7;

    pub(crate) fn keys(count: u8, salt: u8) -> Vec<ed25519::Pair> {
        (0..count)
            .map(|index| {
                let mut seed = [salt; 32];
                seed[0] = index;
                ed25519::Pair::from_seed(&seed)
            })
            .collect()
    }

    pub(crate) fn list(keys: &[ed25519::Pair]) -> AuthorityList {
        keys.iter().map(|pair| (pair.public().into(), 1)).collect()
    }

    pub(crate) fn header(number: BlockNumber, log: Option<ConsensusLog<BlockNumber>>) -> Header {
        let logs = log
            .map(|log| DigestItem::Consensus(GRANDPA_ENGINE_ID, log.encode()))
            .into_iter()
            .collect();
        Header::new(
            number,
            Hash::repeat_byte(1),
            Hash::repeat_byte(2),
            Hash::repeat_byte(3),
            Digest { logs },
        )
    }

    pub(crate) fn change(
        next: &[ed25519::Pair],
        delay: BlockNumber,
    ) -> ScheduledChange<BlockNumber> {
        ScheduledChange {
            next_authorities: list(next),
            delay,
        }
    }

    /// Votes of these for a header, in the form in which they travel.
    pub(crate) fn votes(header: &Header, set_id: SetId, voters: &[ed25519::Pair]) -> Justification {
        let target = (header.hash(), *header.number());
        let vote = Message::<Header>::Precommit(Precommit::<Header> {
            target_hash: target.0,
            target_number: target.1,
        });
        let payload = localized_payload(ROUND, set_id, &vote);
        let signed: Vec<_> = voters
            .iter()
            .map(|pair| (target, pair.sign(&payload), pair.public()))
            .collect();
        let bytes = (ROUND, (target, signed), Vec::<Header>::new()).encode();
        Justification::decode(&mut &bytes[..]).expect("this is the form in which they travel")
    }

    fn following(voters: &[ed25519::Pair]) -> LightClient {
        LightClient::new(header(0, None), list(voters), 0).expect("it is new")
    }

    #[test]
    fn the_largest_set_replaces_the_largest_set_and_that_is_free() {
        let (old, new) = (keys(64, 1), keys(64, 2));
        let mut client = following(&old);
        let mandatory = header(9, Some(ConsensusLog::ScheduledChange(change(&new, 0))));
        assert_eq!(
            client.relay(mandatory.clone(), votes(&mandatory, 0, &old)),
            Ok(Believed {
                free: true,
                changed_voters: true
            })
        );
        let next = header(12, None);
        assert!(client.relay(next.clone(), votes(&next, 0, &old)).is_err());
        assert_eq!(
            client.relay(next.clone(), votes(&next, 1, &new)),
            Ok(Believed {
                free: false,
                changed_voters: false
            })
        );
        assert_eq!(client.best(), Some((12, next.hash())));
    }

    #[test]
    fn two_thirds_of_the_votes_are_too_few_and_one_more_is_enough() {
        let voters = keys(6, 1);
        let head = header(5, None);
        let mut client = following(&voters);
        assert_eq!(
            client.relay(head.clone(), votes(&head, 0, &voters[..4])),
            Err(Refused("InvalidJustification"))
        );
        assert!(
            client
                .relay(head.clone(), votes(&head, 0, &voters[..5]))
                .is_ok()
        );
    }

    #[test]
    fn votes_of_strangers_votes_twice_and_votes_beyond_the_threshold_do_not_count() {
        let voters = keys(4, 1);
        let head = header(5, None);
        let mut client = following(&voters);
        let stranger = [&voters[..2], &keys(1, 9)[..]].concat();
        let twice = [&voters[..2], &voters[..1]].concat();
        for bad in [stranger, twice] {
            let votes = votes(&head, 0, &bad);
            assert!(client.relay(head.clone(), votes).is_err());
        }
        let all = votes(&head, 0, &voters);
        assert!(client.submit(head.clone(), all.clone()).is_err());
        assert!(client.relay(head, all).is_ok());
    }

    #[test]
    fn delayed_and_forced_changes_end_the_bridge() {
        let voters = keys(4, 1);
        for log in [
            ConsensusLog::ScheduledChange(change(&voters, 1)),
            ConsensusLog::ForcedChange(3, change(&voters, 0)),
        ] {
            let head = header(5, Some(log));
            assert_eq!(
                following(&voters).relay(head.clone(), votes(&head, 0, &voters)),
                Err(Refused("UnsupportedScheduledChange"))
            );
        }
    }

    #[test]
    fn an_old_header_is_refused() {
        let voters = keys(4, 1);
        let mut client = following(&voters);
        let (five, four) = (header(5, None), header(4, None));
        assert!(client.relay(five.clone(), votes(&five, 0, &voters)).is_ok());
        assert_eq!(
            client.relay(four.clone(), votes(&four, 0, &voters)),
            Err(Refused("OldHeader"))
        );
    }
}
