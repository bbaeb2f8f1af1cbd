//! A pool and a runtime that act by script.

use crate::{batch::CHUNK_MAX, fill::*};
use sp_runtime::transaction_validity::{TransactionLongevity, TransactionPriority, TransactionTag};
use std::{cell::RefCell, collections::HashSet, time::Duration};

/// A transaction is `(id, length in bytes without the prefix)`; its hash is its id.
pub type Xt = (u32, Vec<u8>);

pub struct Tx {
    data: Arc<Xt>,
    hash: u32,
}

impl InPoolTransaction for Tx {
    type Transaction = Arc<Xt>;
    type Hash = u32;

    fn data(&self) -> &Arc<Xt> {
        &self.data
    }
    fn hash(&self) -> &u32 {
        &self.hash
    }
    fn priority(&self) -> &TransactionPriority {
        &0
    }
    fn longevity(&self) -> &TransactionLongevity {
        &0
    }
    fn requires(&self) -> &[TransactionTag] {
        &[]
    }
    fn provides(&self) -> &[TransactionTag] {
        &[]
    }
    fn is_propagable(&self) -> bool {
        true
    }
}

/// The pool: hands out ids in order and notes those reported to it while a block is filled.
pub struct Pool {
    next: u32,
    pub count: u32,
    bytes: fn(u32) -> usize,
    reported: Arc<std::sync::Mutex<Vec<u32>>>,
}

impl Iterator for Pool {
    type Item = Arc<Tx>;

    fn next(&mut self) -> Option<Arc<Tx>> {
        let id = self.next;
        self.next += 1;
        (id < self.count).then(|| {
            Arc::new(Tx {
                data: Arc::new((id, vec![0; (self.bytes)(id)])),
                hash: id,
            })
        })
    }
}

impl ReadyTransactions for Pool {
    fn report_invalid(&mut self, tx: &Arc<Tx>) {
        self.reported.lock().expect("not poisoned").push(tx.hash);
    }
}

/// The runtime: refuses by id, panics on some ids, holds `capacity` transactions.
pub struct Runtime {
    pub refuses: fn(u32) -> Option<InvalidTransaction>,
    pub panics: HashSet<u32>,
    pub capacity: usize,
    pub applied: RefCell<Vec<u32>>,
    pub calls: RefCell<Vec<usize>>,
}

impl Runtime {
    pub fn new(refuses: fn(u32) -> Option<InvalidTransaction>) -> Self {
        Self {
            refuses,
            panics: HashSet::new(),
            capacity: usize::MAX,
            applied: RefCell::default(),
            calls: RefCell::default(),
        }
    }

    fn apply(&self, (id, _): Xt) -> Result<ApplyExtrinsicResult, ApiError> {
        if self.panics.contains(&id) {
            return Err(ApiError::Application("unreachable executed".into()));
        }
        if let Some(refusal) = (self.refuses)(id) {
            return Ok(Err(refusal.into()));
        }
        if self.applied.borrow().len() >= self.capacity {
            return Ok(Err(InvalidTransaction::ExhaustsResources.into()));
        }
        self.applied.borrow_mut().push(id);
        Ok(Ok(Ok(())))
    }
}

impl Apply<Xt> for Runtime {
    fn chunk(&self, extrinsics: Vec<Xt>) -> Result<Vec<ApplyExtrinsicResult>, ApiError> {
        self.calls.borrow_mut().push(extrinsics.len());
        let before = self.applied.borrow().clone();
        let answers: Result<Vec<_>, _> = extrinsics.into_iter().map(|xt| self.apply(xt)).collect();
        answers.inspect_err(|_| *self.applied.borrow_mut() = before)
    }

    fn one(&self, extrinsic: Xt) -> Result<ApplyExtrinsicResult, ApiError> {
        self.calls.borrow_mut().push(1);
        self.apply(extrinsic)
    }

    fn proof_bytes(&self) -> usize {
        0
    }
}

pub struct Case {
    pub count: u32,
    pub bytes: fn(u32) -> usize,
    pub limit_bytes: usize,
    pub deadline: Duration,
    pub soft: Duration,
    pub chunk_max: usize,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            count: 100,
            bytes: |_| 1,
            limit_bytes: usize::MAX,
            deadline: Duration::from_secs(600),
            soft: Duration::from_secs(300),
            chunk_max: CHUNK_MAX,
        }
    }
}

pub struct Outcome {
    pub filled: Filled<u32>,
    pub body: Vec<u32>,
    pub reported: Vec<u32>,
}

impl Case {
    /// Fills one block.
    pub fn run(self, runtime: &Runtime) -> Outcome {
        let reported = Arc::default();
        let now = Instant::now();
        let mut body: Vec<Xt> = Vec::new();
        let filled = Fill {
            runtime,
            ready: &mut Pool {
                next: 0,
                count: self.count,
                bytes: self.bytes,
                reported: Arc::clone(&reported),
            },
            body: &mut body,
            times: Times {
                soft_deadline: now + self.soft,
                deadline: now + self.deadline,
                end: now + self.deadline,
            },
            chunks: Chunks::new(Costs::default(), self.chunk_max),
            size: Size::new(0, self.limit_bytes),
            state: State::default(),
        }
        .run();
        let body: Vec<u32> = body.into_iter().map(|(id, _)| id).collect();
        assert_eq!(
            body,
            *runtime.applied.borrow(),
            "the block is what was applied, in order"
        );
        assert_eq!(filled.included, body.len());
        let reported = reported.lock().expect("not poisoned").clone();
        Outcome {
            filled,
            body,
            reported,
        }
    }
}
