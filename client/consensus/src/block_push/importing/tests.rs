use super::*;
use crate::block_push::{
    in_flight::{InFlight, Place},
    mock::{BEST, Chain as Mock, NOW, author, child, header, sealed},
};
use futures::executor::block_on;
use parking_lot::Mutex;
use plume_primitives::BlockNumber;
use sc_consensus::{BlockCheckParams, BlockImportParams, ImportResult, ImportedAux};
use sp_core::Pair as _;

type Outcome = fn() -> Result<ImportResult, Error>;

/// Counts executions, which all end alike.
#[derive(Clone)]
struct Execution(Arc<Mutex<usize>>, Outcome);

#[async_trait::async_trait]
impl BlockImport<Block> for Execution {
    type Error = Error;

    async fn check_block(&self, _: BlockCheckParams<Block>) -> Result<ImportResult, Error> {
        Ok(ImportResult::imported(true))
    }

    async fn import_block(&self, block: BlockImportParams<Block>) -> Result<ImportResult, Error> {
        assert_eq!(block.origin, BlockOrigin::NetworkBroadcast);
        *self.0.lock() += 1;
        (self.1)()
    }
}

/// Finds everything good, or nothing.
struct Verification(bool);

#[async_trait::async_trait]
impl Verifier<Block> for Verification {
    async fn verify(
        &self,
        block: BlockImportParams<Block>,
    ) -> Result<BlockImportParams<Block>, String> {
        self.0
            .then_some(block)
            .ok_or_else(|| "its timestamp is of another slot".into())
    }
}

type Requests = Arc<Mutex<Vec<(Hash, BlockNumber)>>>;

struct Justifications(Requests);

impl JustificationSyncLink<Block> for Justifications {
    fn request_justification(&self, hash: &Hash, number: BlockNumber) {
        self.0.lock().push((*hash, number));
    }

    fn clear_justification_requests(&self) {
        self.0.lock().clear();
    }
}

struct Setup {
    importer: Importer<Mock, Execution, Verification>,
    executions: Arc<Mutex<usize>>,
    requests: Requests,
    in_flight: Arc<InFlight>,
}

fn setup(verifies: bool, outcome: Outcome) -> Setup {
    let executions = Arc::default();
    let requests = Requests::default();
    let importer = Importer::new(
        Mock::default(),
        Execution(Arc::clone(&executions), outcome),
        Verification(verifies),
        Box::new(Justifications(requests.clone())),
        Arc::new(|| NOW.into()),
    );
    Setup {
        importer,
        executions,
        requests,
        in_flight: Arc::default(),
    }
}

fn good() -> Result<ImportResult, Error> {
    Ok(ImportResult::imported(true))
}

impl Setup {
    fn push(&mut self, header: Header) -> Result<(), Refusal> {
        let (peer, hash) = (PeerId::random(), header.hash());
        let place = Place {
            number: *header.number(),
            slot: NOW.into(),
        };
        let flight = self
            .in_flight
            .take_up(hash, place, peer)
            .expect("there is room");
        let job = Job {
            peer,
            hash,
            header,
            body: Vec::new(),
            flight,
        };
        let verdict = block_on(self.importer.land(job));
        assert_eq!((verdict.peer, verdict.hash), (peer, hash));
        assert_eq!(self.in_flight.place(&hash), None, "it has landed");
        verdict.result
    }

    fn executions(&self) -> usize {
        *self.executions.lock()
    }
}

#[test]
fn a_block_of_the_slots_author_is_imported() {
    let mut setup = setup(true, good);
    assert_eq!(setup.push(child(1, &[])), Ok(()));
    assert_eq!(setup.executions(), 1);
    assert!(setup.requests.lock().is_empty());
}

#[test]
fn nothing_is_executed_without_the_seal_of_the_slots_author() {
    let mut setup = setup(true, good);
    let naked = header(BEST + 1, NOW, Mock::hash(BEST));
    let turn = u8::try_from(NOW % 4).expect("less than four");
    for (forged, refusal) in [
        (naked.clone(), Refusal::BadSeal),
        (sealed(naked.clone(), turn + 1), Refusal::BadSeal),
        (sealed(naked.clone(), 77), Refusal::BadSeal),
        (
            {
                let mut changed = sealed(naked.clone(), turn);
                changed.set_state_root(Hash::repeat_byte(9));
                changed
            },
            Refusal::BadSeal,
        ),
        (
            sealed(header(BEST + 1, NOW + 2, Mock::hash(BEST)), turn + 2),
            Refusal::Early,
        ),
    ] {
        assert_eq!(setup.push(forged), Err(refusal));
    }
    assert_eq!(setup.executions(), 0);
    assert_eq!(setup.push(sealed(naked, turn)), Ok(()));
}

#[test]
fn two_blocks_of_an_author_and_slot_are_executed_and_a_third_is_not() {
    let mut setup = setup(true, good);
    let results: Vec<_> = (0..3).map(|salt| setup.push(child(salt, &[]))).collect();
    assert_eq!(results, [Ok(()), Ok(()), Err(Refusal::Enough)]);
    assert_eq!(setup.executions(), 2);
    let turn = u8::try_from((NOW + 1) % 4).expect("less than four");
    let other = sealed(header(BEST + 1, NOW + 1, Mock::hash(BEST)), turn);
    assert_eq!(setup.push(other), Ok(()), "other slots are not to blame");
}

#[test]
fn failures_are_told_from_what_is_not_the_peers_fault() {
    let cases: [(bool, Outcome, Refusal); 6] = [
        (false, good, Refusal::Invalid),
        (
            true,
            || Err(Error::ClientImport("wrong state root".into())),
            Refusal::Failed,
        ),
        (true, || Ok(ImportResult::KnownBad), Refusal::Invalid),
        (true, || Ok(ImportResult::AlreadyInChain), Refusal::Known),
        (true, || Ok(ImportResult::UnknownParent), Refusal::NoParent),
        (true, || Ok(ImportResult::MissingState), Refusal::NoParent),
    ];
    for (verifies, outcome, refusal) in cases {
        let mut setup = setup(verifies, outcome);
        assert_eq!(setup.push(child(1, &[])), Err(refusal));
    }
}

#[test]
fn a_failure_on_a_parent_that_is_gone_is_nobodys_fault() {
    let mut setup = setup(false, good);
    setup.importer.chain.best = BEST - 1;
    assert_eq!(setup.push(child(1, &[])), Err(Refusal::NoParent));
}

#[test]
fn a_block_that_needs_a_justification_has_it_asked_for() {
    let mut setup = setup(true, || {
        Ok(ImportResult::Imported(ImportedAux {
            needs_justification: true,
            ..Default::default()
        }))
    });
    let header = child(1, &[]);
    let hash = header.hash();
    assert_eq!(setup.push(header), Ok(()));
    assert_eq!(*setup.requests.lock(), [(hash, BEST + 1)]);
}

#[test]
fn what_is_counted_is_bounded_and_the_newest_slots_stay() {
    let mut sealings = Sealings::default();
    for slot in 0..1_000u64 {
        assert!(sealings.count(slot.into(), author(0).public()));
    }
    assert_eq!(sealings.0.len(), MAX_COUNTED);
    assert!(sealings.count(999.into(), author(0).public()));
    assert!(!sealings.count(999.into(), author(0).public()));
}

#[test]
fn it_ends_when_nobody_pushes_or_nobody_listens() {
    let Setup { importer, .. } = setup(true, good);
    let (jobs, no_jobs) = async_channel::bounded(1);
    let (verdicts, _listener) = async_channel::bounded(1);
    drop(jobs);
    block_on(importer.run(no_jobs, verdicts));
}
