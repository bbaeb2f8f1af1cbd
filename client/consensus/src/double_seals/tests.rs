use super::*;
use crate::{FinalChain, LateBlocks};
use futures::executor::block_on;
use plume_primitives::BlockNumber;
use sp_consensus::{BlockOrigin, Error};
use sp_core::{Pair, sr25519};
use sp_runtime::Digest;

const SLOT: SlotDuration = SlotDuration::from_millis(250);

fn author(number: u8) -> AuraId {
    AuraId::from(sr25519::Public::from_raw([number; 32]))
}

/// A header without its seal; `salt` makes it differ from its twins.
fn header(slot: u64, salt: u8) -> Header {
    let item =
        <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(slot.into());
    Header::new(
        7,
        Hash::repeat_byte(salt),
        Hash::zero(),
        Hash::repeat_byte(1),
        Digest { logs: vec![item] },
    )
}

fn see(memory: &mut Memory, now: u64, slot: u64, number: u8, salt: u8) -> Option<Proof> {
    memory.see(now.into(), slot.into(), author(number), header(slot, salt))
}

#[test]
fn two_headers_of_one_author_and_slot_make_one_proof_and_a_third_makes_none() {
    let mut memory = Memory::default();
    assert!(see(&mut memory, 100, 100, 1, 1).is_none());
    let proof = see(&mut memory, 100, 100, 1, 2).expect("they differ");
    assert_eq!((*proof.slot, proof.offender), (100, author(1)));
    assert_ne!(proof.first_header.hash(), proof.second_header.hash());
    assert!(see(&mut memory, 100, 100, 1, 1).is_none());
    assert!(see(&mut memory, 100, 100, 1, 3).is_none());
}

#[test]
fn all_who_saw_a_pair_report_the_same_bytes() {
    use codec::Encode;
    let proof = |first, second| {
        let mut memory = Memory::default();
        assert!(see(&mut memory, 100, 100, 1, first).is_none());
        see(&mut memory, 100, 100, 1, second)
            .expect("they differ")
            .encode()
    };
    assert_eq!(proof(1, 2), proof(2, 1));
}

#[test]
fn a_header_that_comes_twice_proves_nothing() {
    let mut memory = Memory::default();
    assert!(see(&mut memory, 100, 100, 1, 1).is_none());
    assert!(see(&mut memory, 101, 100, 1, 1).is_none());
    assert!(
        see(&mut memory, 101, 100, 1, 2).is_some(),
        "and is not forgotten"
    );
}

#[test]
fn other_slots_and_other_authors_prove_nothing() {
    let mut memory = Memory::default();
    for (slot, number, salt) in [(100, 1, 1), (101, 1, 2), (100, 2, 3), (102, 2, 4)] {
        assert!(see(&mut memory, 102, slot, number, salt).is_none());
    }
}

#[test]
fn what_is_remembered_is_bounded_in_slots_and_in_number() {
    let mut memory = Memory::default();
    for slot in 0..5_000 {
        assert!(see(&mut memory, slot, slot, 1, 1).is_none());
    }
    assert_eq!(memory.sealed.len() as u64, WINDOW_SLOTS + 1);
    assert!(
        see(&mut memory, 4_999, 4_999 - WINDOW_SLOTS - 1, 1, 2).is_none(),
        "too old to be compared"
    );

    let mut memory = Memory::default();
    for slot in 0..100 {
        for number in 0..100 {
            assert!(see(&mut memory, 100, slot, number, 1).is_none());
        }
    }
    assert_eq!(memory.sealed.len(), MAX_HEADERS);
    assert!(
        see(&mut memory, 100, 99, 99, 2).is_some(),
        "the newest stay"
    );
}

/// The author of every slot is the first one.
struct First;

impl SlotAuthors for First {
    fn author(&self, _: Hash, _: Slot) -> Option<AuraId> {
        Some(author(1))
    }
}

/// Everything up to height 10 is final, and another block than ours.
#[derive(Clone)]
struct Chain;

impl FinalChain for Chain {
    fn finalized_number(&self) -> BlockNumber {
        10
    }

    fn canonical(&self, _: BlockNumber) -> Option<Hash> {
        Some(Hash::repeat_byte(0xff))
    }
}

struct Unreachable;

#[async_trait::async_trait]
impl BlockImport<Block> for Unreachable {
    type Error = Error;

    async fn check_block(&self, _: BlockCheckParams<Block>) -> Result<ImportResult, Error> {
        Ok(ImportResult::imported(false))
    }

    async fn import_block(&self, _: BlockImportParams<Block>) -> Result<ImportResult, Error> {
        Err(Error::ClientImport(
            "a late block reached the client".into(),
        ))
    }
}

/// Imports a block as the verifier hands it on, sealed or not.
fn import(watcher: &Watcher, slot: Slot, salt: u8, sealed: bool) {
    let mut params = BlockImportParams::new(BlockOrigin::NetworkBroadcast, header(*slot, salt));
    if sealed {
        let pair = sr25519::Pair::from_seed(&[1; 32]);
        let signature = AuthoritySignature::from(pair.sign(b"whatever"));
        params
            .post_digests
            .push(<DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_seal(signature));
    }
    let import = watcher.watch(LateBlocks::new(Unreachable, Chain), First);
    let result = block_on(import.import_block(params)).expect("late blocks are let go");
    assert_eq!(result, ImportResult::AlreadyInChain);
}

#[test]
fn a_pair_is_seen_even_if_both_are_late_and_its_proof_carries_the_seals() {
    let (watcher, mut proofs) = Watcher::new(SLOT, None);
    let slot = Slot::from_timestamp(Timestamp::current(), SLOT);
    import(&watcher, slot, 1, true);
    assert!(proofs.try_recv().is_err(), "one block is no pair");
    import(&watcher.clone(), slot, 2, true);
    let proof = proofs.try_recv().expect("the second makes a pair");
    for header in [&proof.first_header, &proof.second_header] {
        let seal = header.digest().logs().last().expect("it has digests");
        assert!(
            <DigestItem as CompatibleDigestItem<AuthoritySignature>>::as_aura_seal(seal).is_some()
        );
    }
}

#[test]
fn twins_are_reported_once_a_minute_and_not_for_every_slot_and_others_meanwhile() {
    let mut memory = Memory::default();
    let mut news = |slot, number| {
        assert!(see(&mut memory, slot, slot, number, 1).is_none());
        let proof = see(&mut memory, slot, slot, number, 2).expect("they differ");
        memory.is_news(&proof)
    };
    assert!(news(100, 1));
    assert!(!news(104, 1));
    assert!(news(105, 2));
    assert!(!news(100 + QUIET_SLOTS, 1));
    assert!(news(101 + QUIET_SLOTS, 1));
}

#[test]
fn a_block_whose_seal_nobody_checked_is_not_held_against_anybody() {
    let (watcher, mut proofs) = Watcher::new(SLOT, None);
    let slot = Slot::from_timestamp(Timestamp::current(), SLOT);
    import(&watcher, slot, 1, true);
    import(&watcher, slot, 2, false);
    assert!(proofs.try_recv().is_err());
}
