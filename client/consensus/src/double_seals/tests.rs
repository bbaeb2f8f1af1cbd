use super::*;
use crate::{FinalChain, LateBlocks};
use futures::executor::block_on;
use plume_primitives::BlockNumber;
use sp_consensus::{BlockOrigin, Error};
use sp_core::{Pair, sr25519};
use sp_runtime::Digest;

const SLOT: SlotDuration = SlotDuration::from_millis(250);

fn pair(number: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[number; 32])
}

fn author(number: u8) -> AuraId {
    pair(number).public().into()
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

fn seal(header: &Header, number: u8) -> DigestItem {
    let signature = AuthoritySignature::from(pair(number).sign(header.hash().as_ref()));
    <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_seal(signature)
}

fn sealed(slot: u64, number: u8, salt: u8) -> Header {
    let mut header = header(slot, salt);
    let seal = seal(&header, number);
    header.digest_mut().push(seal);
    header
}

/// Shows a header of an author to a memory.
fn see(
    memory: &mut Memory,
    now: u64,
    slot: u64,
    author: &AuraId,
    header: &Header,
) -> Option<Proof> {
    memory.see(now.into(), slot.into(), header.clone(), || {
        Some(author.clone())
    })
}

#[test]
fn two_headers_of_one_author_and_slot_make_one_proof_and_a_third_makes_none() {
    let mut memory = Memory::default();
    let [first, second, third] = [1, 2, 3].map(|salt| sealed(100, 1, salt));
    assert!(see(&mut memory, 100, 100, &author(1), &first).is_none());
    let proof = see(&mut memory, 100, 100, &author(1), &second).expect("they differ");
    assert_eq!((*proof.slot, proof.offender), (100, author(1)));
    assert_ne!(proof.first_header.hash(), proof.second_header.hash());
    assert!(see(&mut memory, 100, 100, &author(1), &first).is_none());
    assert!(see(&mut memory, 100, 100, &author(1), &third).is_none());
}

#[test]
fn all_who_saw_a_pair_report_the_same_bytes() {
    use codec::Encode;
    let (one, other) = (sealed(100, 1, 1), sealed(100, 1, 2));
    let proof = |first, second| {
        let mut memory = Memory::default();
        assert!(see(&mut memory, 100, 100, &author(1), first).is_none());
        see(&mut memory, 100, 100, &author(1), second)
            .expect("they differ")
            .encode()
    };
    assert_eq!(proof(&one, &other), proof(&other, &one));
}

#[test]
fn a_header_that_comes_twice_proves_nothing() {
    let mut memory = Memory::default();
    let header = sealed(100, 1, 1);
    assert!(see(&mut memory, 100, 100, &author(1), &header).is_none());
    assert!(see(&mut memory, 101, 100, &author(1), &header).is_none());
    assert!(
        see(&mut memory, 101, 100, &author(1), &sealed(100, 1, 2)).is_some(),
        "and is not forgotten"
    );
}

#[test]
fn other_slots_and_other_authors_prove_nothing() {
    let mut memory = Memory::default();
    for (slot, number, salt) in [(100, 1, 1), (101, 1, 2), (100, 2, 3), (102, 2, 4)] {
        let header = sealed(slot, number, salt);
        assert!(see(&mut memory, 102, slot, &author(number), &header).is_none());
    }
    let second = sealed(100, 2, 5);
    let proof = see(&mut memory, 102, 100, &author(2), &second).expect("the second of author 2");
    assert_eq!(proof.offender, author(2));
}

#[test]
fn nobody_asks_who_the_author_of_a_slots_only_block_is() {
    let mut memory = Memory::default();
    let mut asked = 0;
    for (slot, salt) in [(100, 1), (101, 2), (101, 3)] {
        let found = memory.see(101.into(), slot.into(), header(slot, salt), || {
            asked += 1;
            None
        });
        assert!(found.is_none());
    }
    assert_eq!(asked, 1, "for the second block of slot 101");
}

#[test]
fn what_is_remembered_is_bounded_in_slots_and_in_number() {
    let one = author(1);
    let mut memory = Memory::default();
    for slot in 0..5_000 {
        assert!(see(&mut memory, slot, slot, &one, &header(slot, 1)).is_none());
    }
    assert_eq!(memory.len as u64, WINDOW_SLOTS + 1);
    let old = 4_999 - WINDOW_SLOTS - 1;
    for salt in [1, 2] {
        let header = sealed(old, 1, salt);
        assert!(
            see(&mut memory, 4_999, old, &one, &header).is_none(),
            "too old to be compared"
        );
    }

    let mut memory = Memory::default();
    let newest = sealed(299, 1, 200);
    assert!(see(&mut memory, 300, 299, &one, &newest).is_none());
    for slot in 0..299 {
        for salt in 0..20 {
            assert!(see(&mut memory, 300, slot, &one, &header(slot, salt)).is_none());
        }
    }
    let held: usize = memory.sealed.values().map(Vec::len).sum();
    assert_eq!(memory.len, held);
    assert!((MAX_HEADERS - 20..=MAX_HEADERS).contains(&held));
    assert!(
        see(&mut memory, 300, 299, &one, &sealed(299, 1, 201)).is_some(),
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

    fn parent(&self, _: Hash) -> Option<Hash> {
        None
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
    let header = header(*slot, salt);
    let seal = seal(&header, 1);
    let mut params = BlockImportParams::new(BlockOrigin::NetworkBroadcast, header);
    if sealed {
        params.post_digests.push(seal);
    }
    let import = watcher.watch(LateBlocks::new(Unreachable, Chain), First);
    let result = block_on(import.import_block(params)).expect("late blocks are let go");
    assert_eq!(result, ImportResult::AlreadyInChain);
}

#[test]
fn a_pair_is_seen_even_if_both_are_late_and_its_proof_carries_the_seals() {
    let (watcher, proofs) = Watcher::new(SLOT, None);
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
        let [first, second] = [1, 2].map(|salt| sealed(slot, number, salt));
        assert!(see(&mut memory, slot, slot, &author(number), &first).is_none());
        let proof = see(&mut memory, slot, slot, &author(number), &second).expect("they differ");
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
    let (watcher, proofs) = Watcher::new(SLOT, None);
    let slot = Slot::from_timestamp(Timestamp::current(), SLOT);
    import(&watcher, slot, 1, true);
    import(&watcher, slot, 2, false);
    assert!(proofs.try_recv().is_err());
}
