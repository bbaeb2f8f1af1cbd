//! The chain that the operations run on: the preset with four validators, and blocks as a node makes them.

use crate::dice::Dice;
use codec::Encode;
use frame_support::traits::{Get, OnFinalize, OnIdle};
use pallet_scheduler::{Agenda, IncompleteSince};
use plume_primitives::{consensus::DEFAULT_SLOT_DURATION_MS, units::PLUME};
use plume_runtime::*;
use sp_consensus_aura::digests::CompatibleDigestItem;
use sp_core::{H256, Pair, ed25519, proof_of_possession::statement_of_ownership, sr25519};
use sp_genesis_builder::PresetId;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    Digest, DigestItem,
    traits::{BlockNumberProvider, Header as _},
};

/// Blocks in a session: there are a hundred sessions in the test and more.
const SESSION_BLOCKS: u32 = 25;
/// The first block's slot; its time is in the year 2027.
const FIRST_SLOT: u64 = 7_200_000_000;
/// What an account that has nothing at the genesis is given, in PLUME.
const PURSE: Balance = 3_000_000 * PLUME;
/// Slots in a second.
const SECOND: u64 = 1_000 / DEFAULT_SLOT_DURATION_MS;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Whoever can become a validator, with what it registers its keys with.
#[derive(Clone)]
pub struct Candidate {
    pub account: AccountId,
    pub keys: SessionKeys,
    pub proof: Vec<u8>,
}

/// Everybody.
pub struct Cast {
    /// Those who own something all the time.
    pub people: Vec<AccountId>,
    /// Accounts that come and go.
    pub strangers: Vec<AccountId>,
    /// Accounts that nobody has a key to.
    pub pots: Vec<AccountId>,
    /// Those of the people who can become validators.
    pub candidates: Vec<Candidate>,
}

impl Cast {
    fn new() -> Self {
        use plume_primitives::pots;
        let rich = Sr25519Keyring::well_known()
            .take(6)
            .map(|key| key.to_account_id());
        let others = (0..24).map(|number| AccountId::new([100 + number; 32]));
        let people: Vec<_> = rich.chain(others).collect();
        // The first four have keys from the genesis on.
        let candidates = people.iter().skip(4).take(14).zip(1..);
        Self {
            candidates: candidates
                .map(|(account, number)| candidate(account, number))
                .collect(),
            people,
            strangers: (0..12)
                .map(|number| AccountId::new([200 + number; 32]))
                .collect(),
            pots: vec![
                pots::treasury(),
                pots::revenue_share(),
                pots::validator_rewards(),
                pots::release(),
                pots::grants(),
                pots::stake_rewards(),
            ],
        }
    }

    /// One of the people.
    pub fn person(&self, dice: &mut Dice) -> AccountId {
        self.people[dice.below(self.people.len() as u64) as usize].clone()
    }

    /// One who can sign: mostly one of the people, a stranger at times.
    pub fn signer(&self, dice: &mut Dice) -> AccountId {
        let list = if dice.chance(25) {
            &self.strangers
        } else {
            &self.people
        };
        list[dice.below(list.len() as u64) as usize].clone()
    }

    /// Anybody, a pot at times.
    pub fn anybody(&self, dice: &mut Dice) -> AccountId {
        if dice.chance(95) {
            return self.signer(dice);
        }
        self.pots[dice.below(self.pots.len() as u64) as usize].clone()
    }
}

fn candidate(account: &AccountId, number: u8) -> Candidate {
    let aura = sr25519::Pair::from_seed(&[number; 32]);
    let grandpa = ed25519::Pair::from_seed(&[number; 32]);
    let statement = statement_of_ownership(&account.encode());
    Candidate {
        account: account.clone(),
        keys: SessionKeys {
            aura: aura.public().into(),
            grandpa: grandpa.public().into(),
        },
        proof: (aura.sign(&statement), grandpa.sign(&statement)).encode(),
    }
}

fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
    match (into, patch) {
        (serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (into, patch) => *into = patch,
    }
}

/// Builds the genesis of the preset `local`, with short sessions.
fn build_genesis() {
    let mut config =
        serde_json::to_value(RuntimeGenesisConfig::default()).expect("defaults serialise");
    let preset = genesis::preset(&PresetId::from(genesis::LOCAL)).expect("the preset exists");
    merge(
        &mut config,
        serde_json::from_slice(&preset).expect("presets are JSON"),
    );
    merge(
        &mut config,
        serde_json::json!({ "validators": { "sessionBlocks": SESSION_BLOCKS } }),
    );
    frame_support::genesis_builder_helper::build_state::<RuntimeGenesisConfig>(
        config.to_string().into_bytes(),
    )
    .expect("the preset builds");
}

/// The chain, with a clock.
pub struct Chain {
    slot: u64,
}

impl Chain {
    /// Builds the genesis, and executes a block in which everybody is given something and the candidates
    /// register their keys.
    pub fn begin() -> (Self, Cast) {
        build_genesis();
        let cast = Cast::new();
        let mut chain = Self { slot: FIRST_SLOT };
        chain.begin_block(1);
        let (rich, poor) = cast.people.split_at(6);
        for (person, place) in poor.iter().zip(0..) {
            let from = rich[place % rich.len()].clone();
            Balances::transfer_keep_alive(
                RuntimeOrigin::signed(from),
                person.clone().into(),
                PURSE,
            )
            .expect("the rich have more");
        }
        for Candidate {
            account,
            keys,
            proof,
        } in &cast.candidates
        {
            Session::set_keys(
                RuntimeOrigin::signed(account.clone()),
                keys.clone(),
                proof.clone(),
            )
            .expect("the proof is right");
        }
        chain.end_block();
        (chain, cast)
    }

    /// Begins a block so many slots after the last one, up to and with the timestamp.
    pub fn begin_block(&mut self, slots: u64) {
        self.slot += slots;
        let number = System::block_number() + 1;
        let pre_digest =
            <DigestItem as CompatibleDigestItem<()>>::aura_pre_digest(self.slot.into());
        let header = Header::new(
            number,
            H256::zero(),
            H256::zero(),
            H256::from_low_u64_be(u64::from(number)),
            Digest {
                logs: vec![pre_digest],
            },
        );
        skip_empty_agendas();
        Executive::initialize_block(&header);
        let now = self.slot * DEFAULT_SLOT_DURATION_MS;
        let timestamp = UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into());
        Executive::apply_extrinsic(timestamp)
            .expect("the timestamp is valid")
            .expect("the timestamp applies");
    }

    /// Whether something that was due is not done yet: after a halt there is more than fits into a block.
    pub fn is_behind(&self) -> bool {
        let now = Clock::current_block_number();
        let since = IncompleteSince::<Runtime>::get().unwrap_or(now);
        next_agenda(since).is_some_and(|next| next <= now)
    }

    /// Ends the block, but for the roots in its header: nobody asks for them, and they take longer than all
    /// the rest.
    pub fn end_block(&mut self) {
        System::note_finished_extrinsics();
        let number = System::block_number();
        let rest = <Runtime as frame_system::Config>::BlockWeights::get()
            .max_block
            .saturating_sub(System::block_weight().total());
        AllPalletsWithSystem::on_idle(number, rest);
        AllPalletsWithSystem::on_finalize(number);
    }
}

/// The same state without the marks of what was removed from it. All state is in the memory of one block's
/// changes, which keeps them, and whoever iterates over a map steps over each.
pub fn tidied(mut state: sp_io::TestExternalities) -> sp_io::TestExternalities {
    let entries = state.execute_with(|| {
        let mut entries = Vec::new();
        let mut last = Vec::new();
        while let Some(key) = sp_io::storage::next_key(&last) {
            let value = sp_io::storage::get(&key).expect("the key was found");
            entries.push((key.clone(), value));
            last = key;
        }
        entries
    });
    let mut tidied = sp_io::TestExternalities::default();
    tidied.execute_with(|| {
        for (key, value) in &entries {
            sp_io::storage::set(key, value);
        }
    });
    tidied
}

/// The scheduler looks at the agenda of every second, and a halt of days takes it hours of blocks. This
/// saves it agendas that are empty, if there are more than five minutes of them.
fn skip_empty_agendas() {
    const FIVE_MINUTES: Seconds = 5 * 60;
    let now = Clock::current_block_number();
    let since = IncompleteSince::<Runtime>::get().unwrap_or(now);
    if now.saturating_sub(since) > FIVE_MINUTES {
        IncompleteSince::<Runtime>::put(next_agenda(since).unwrap_or(now).min(now));
    }
}

/// The next second from this one on for which something is scheduled. Agendas before it, emptied by a late
/// cancellation and kept by the SDK, are looked at no more.
fn next_agenda(since: Seconds) -> Option<Seconds> {
    Agenda::<Runtime>::iter_keys()
        .filter(|second| *second >= since)
        .min()
}

/// Slots until the next block: mostly one, at times some that were missed, seldom a halt of up to weeks.
pub fn stride(dice: &mut Dice) -> u64 {
    let mut between = |first: u64, last: u64| first + dice.below(last - first);
    match between(0, 1_000) {
        0..600 => 1,
        600..760 => between(2, 2 * SECOND),
        760..935 => between(SECOND, 15 * SECOND),
        935..950 => between(MINUTE, HOUR),
        950..978 => between(DAY, 3 * DAY),
        978..996 => between(5 * DAY, 20 * DAY),
        _ => between(40 * DAY, 60 * DAY),
    }
}
