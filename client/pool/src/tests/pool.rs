//! Claims about whole pools on a mocked chain.

use super::mock::{Block, MockChain, authorised, transfer};
use crate::{
    ChainState, LedgerPool, NetView, Options, Outcome, Rejection, RpcView, State, Status,
    chain::identify,
};
use futures::{
    FutureExt, StreamExt,
    executor::block_on,
    future::{Either, join_all, select},
};
use plume_primitives::Hash;
use sc_transaction_pool_api::{
    ChainEvent, LocalTransactionPool, MaintainedTransactionPool, TransactionPool,
    TransactionSource,
    error::{Error, IntoPoolError},
};
use sp_core::H256;
use sp_runtime::{
    OpaqueExtrinsic,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};
use std::{sync::Arc, time::Duration};

const EXTERNAL: TransactionSource = TransactionSource::External;

struct Node {
    pool: Arc<LedgerPool<Block>>,
    rpc: RpcView<Block>,
    net: NetView<Block>,
}

impl Node {
    fn new(chain: &Arc<MockChain>, options: Options) -> Self {
        let pool = LedgerPool::on(chain.clone(), options, None);
        Self {
            rpc: RpcView::new(pool.clone()),
            net: NetView::new(pool.clone()),
            pool,
        }
    }

    /// Runs a future while the pool validates.
    fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let validator = async {
            loop {
                self.pool.validate_next().await;
            }
        };
        match block_on(select(Box::pin(future), Box::pin(validator))) {
            Either::Left((done, _)) => done,
            Either::Right((never, _)) => never,
        }
    }

    fn submit(&self, xt: OpaqueExtrinsic) -> Result<Hash, Rejection> {
        self.run(self.rpc.submit_one(H256::zero(), EXTERNAL, xt))
            .map_err(|e| e.0)
    }

    /// Lets the pool validate what waits for it.
    fn validate(&self) {
        self.run(futures_timer::Delay::new(Duration::from_millis(100)));
    }

    fn maintain(&self) {
        block_on(
            self.rpc
                .maintain(ChainEvent::NewBlock { hash: H256::zero() }),
        );
    }

    fn ready(&self, at: Hash, limit: usize) -> Vec<OpaqueExtrinsic> {
        block_on(self.rpc.ready_at(at))
            .take(limit)
            .map(|tx| (*tx.data).clone())
            .collect()
    }
}

fn id(xt: &OpaqueExtrinsic) -> Hash {
    identify::<Block>(xt).0
}

fn next<S: futures::Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    stream.next().now_or_never().flatten()
}

#[test]
fn a_burst_out_of_order_over_four_nodes_is_final_to_the_last_one() {
    let chain = MockChain::new();
    let nodes: Vec<_> = (0..4)
        .map(|_| Node::new(&chain, Options::default()))
        .collect();
    let mut streams: Vec<_> = nodes
        .iter()
        .map(|node| node.rpc.import_notification_stream())
        .collect();
    let burst: Vec<_> = (0..20u8)
        .flat_map(|who| (0..500).rev().map(move |n| transfer(who, n, 0)))
        .collect();
    assert_eq!(burst.len(), 10_000);

    for (i, node) in nodes.iter().enumerate() {
        let share = burst.iter().skip(i).step_by(4).cloned();
        let all = share.map(|xt| node.rpc.submit_one(H256::zero(), EXTERNAL, xt));
        assert!(node.run(join_all(all)).iter().all(|answer| answer.is_ok()));
    }
    let (calls, validated) = chain.validations();
    assert_eq!(validated, 10_000);
    assert!(calls < 400, "{calls} calls of the runtime");

    // Blocks come while the gossip still runs.
    let mut built = vec![chain.best().hash];
    for round in 0..200 {
        for from in 0..4 {
            let announcer = nodes[from].pool.announcer.run();
            let pause =
                futures_timer::Delay::new(Duration::from_millis(if round < 60 { 12 } else { 0 }));
            block_on(select(Box::pin(announcer), Box::pin(pause)));
            let hashes: Vec<_> = std::iter::from_fn(|| next(&mut streams[from])).collect();
            let xts: Vec<_> = hashes
                .iter()
                .filter_map(|hash| nodes[from].net.ready_transaction(hash))
                .collect();
            for to in (0..4).filter(|to| *to != from) {
                let all = xts.iter().map(|tx| {
                    nodes[to]
                        .net
                        .submit_one(H256::zero(), EXTERNAL, (*tx.data).clone())
                });
                for answer in nodes[to].run(join_all(all)) {
                    assert!(
                        answer.is_ok_and(|_| true),
                        "a peer's transaction was refused"
                    );
                }
            }
        }
        let parent = *built.last().expect("genesis");
        let body = nodes[round % 4].ready(parent, 180);
        built.push(chain.build(parent, body));
        chain.set_best(*built.last().expect("built"));
        if let Some(final_one) = built.len().checked_sub(4).and_then(|i| built.get(i)) {
            chain.set_finalized(*final_one);
        }
        nodes.iter().for_each(Node::maintain);
    }
    for (i, node) in nodes.iter().enumerate() {
        for xt in &burst {
            let outcome = node.pool.outcome(&id(xt));
            assert!(
                matches!(outcome, Some(Outcome::Finalized { .. })),
                "node {i}: {outcome:?} {:?}",
                node.pool.state(&id(xt))
            );
        }
        assert!(node.rpc.status().is_empty());
        assert!(node.pool.core.lock().ledger.entries.is_empty());
    }
}

#[test]
fn a_watcher_sees_every_turn_of_a_transaction() {
    let chain = MockChain::new();
    let node = Node::new(&chain, Options::default());
    let genesis = chain.best().hash;
    let watched = node.run(
        node.rpc
            .submit_and_watch(H256::zero(), EXTERNAL, transfer(1, 1, 0)),
    );
    let mut statuses = watched.expect("accepted");
    assert_eq!(next(&mut statuses), Some(Status::Future));
    assert_eq!(
        node.pool.state(&id(&transfer(1, 1, 0))),
        Some(State::Future { waits_for: Some(0) })
    );
    assert!(node.submit(transfer(1, 0, 0)).is_ok());
    assert_eq!(next(&mut statuses), Some(Status::Ready));

    let a = chain.build(genesis, vec![transfer(1, 0, 0), transfer(1, 1, 0)]);
    chain.set_best(a);
    node.maintain();
    assert_eq!(next(&mut statuses), Some(Status::InBlock((a, 1))));
    let b = chain.build(genesis, vec![]);
    let b = chain.build(b, vec![transfer(1, 0, 0)]);
    chain.set_best(b);
    node.maintain();
    assert_eq!(next(&mut statuses), Some(Status::Retracted(a)));
    assert_eq!(next(&mut statuses), Some(Status::Ready));
    let c = chain.build(b, vec![transfer(1, 1, 0)]);
    chain.set_best(c);
    chain.set_finalized(c);
    node.maintain();
    assert_eq!(next(&mut statuses), Some(Status::InBlock((c, 0))));
    assert_eq!(next(&mut statuses), Some(Status::Finalized((c, 0))));
    assert_eq!(
        statuses.next().now_or_never(),
        Some(None),
        "the stream ends"
    );
    assert_eq!(
        node.submit(transfer(1, 1, 0)),
        Err(Rejection::Finalized { block: c })
    );
}

#[test]
fn what_a_left_branch_had_comes_back_unless_the_new_branch_has_spent_the_same() {
    let chain = MockChain::new();
    let node = Node::new(&chain, Options::default());
    let genesis = chain.best().hash;
    let (good, spent) = (authorised(1, &[7]), authorised(2, &[8, 9]));
    assert!(node.submit(good.clone()).is_ok());
    let watched = node.run(
        node.rpc
            .submit_and_watch(H256::zero(), EXTERNAL, spent.clone()),
    );
    let mut statuses = watched.expect("accepted");
    assert_eq!(next(&mut statuses), Some(Status::Ready));
    let a = chain.build(genesis, vec![good.clone(), spent.clone()]);
    chain.set_best(a);
    node.maintain();
    assert_eq!(next(&mut statuses), Some(Status::InBlock((a, 1))));
    assert!(node.ready(a, 9).is_empty());

    // The other branch spends one of the same notes, in a transaction that was never here.
    let rival = authorised(3, &[9, 10]);
    let b = chain.build(genesis, vec![rival.clone()]);
    let b = chain.build(b, vec![]);
    chain.set_best(b);
    node.maintain();
    assert_eq!(next(&mut statuses), Some(Status::Retracted(a)));
    node.validate();
    assert_eq!(node.ready(b, 9), std::slice::from_ref(&good));
    assert_eq!(next(&mut statuses), Some(Status::Ready));
    assert_eq!(next(&mut statuses), Some(Status::Invalid));
    assert!(matches!(
        node.pool.outcome(&id(&spent)),
        Some(Outcome::Invalid { .. })
    ));
    let stale = Err(Rejection::Invalid(InvalidTransaction::Stale));
    assert_eq!(node.submit(spent.clone()), stale);
    assert_eq!(node.submit(rival), stale);

    // Back on the first branch both are in it, and final with it.
    chain.set_best(chain.build(a, vec![]));
    node.maintain();
    node.validate();
    assert!(node.ready(chain.best().hash, 9).is_empty());
    assert_eq!(node.submit(spent.clone()), stale);
    chain.set_finalized(chain.best().hash);
    node.maintain();
    for (xt, index) in [(good, 0), (spent, 1)] {
        assert_eq!(
            node.pool.outcome(&id(&xt)),
            Some(Outcome::Finalized { block: a, index })
        );
    }
}

#[test]
fn an_author_sees_a_parent_that_the_pool_has_not_reached() {
    let chain = MockChain::new();
    let node = Node::new(&chain, Options::default());
    for nonce in 0..6 {
        assert!(node.submit(transfer(1, nonce, 0)).is_ok());
    }
    let genesis = chain.best().hash;
    let a = chain.build(genesis, (0..2).map(|n| transfer(1, n, 0)).collect());
    let b = chain.build(a, (2..3).map(|n| transfer(1, n, 0)).collect());
    let expected = |from| (from..6).map(|n| transfer(1, n, 0)).collect::<Vec<_>>();
    assert_eq!(node.ready(b, 9), expected(3));
    assert_eq!(node.ready(a, 9), expected(2));
    chain.set_best(b);
    node.maintain();
    assert_eq!(node.ready(b, 9), expected(3));
    assert_eq!(node.ready(genesis, 9), expected(0));
    assert_eq!(node.ready(a, 9), expected(2));
}

#[test]
fn an_authors_report_removes_what_is_invalid_and_keeps_what_is_early_or_late() {
    let chain = MockChain::new();
    let node = Node::new(&chain, Options::default());
    for who in 1..4 {
        assert!(node.submit(transfer(who, 0, 0)).is_ok());
    }
    let best = chain.best().hash;
    let error = |e| Some(TransactionValidityError::Invalid(e));
    let report = [
        (id(&transfer(1, 0, 0)), error(InvalidTransaction::Payment)),
        (id(&transfer(2, 0, 0)), error(InvalidTransaction::Stale)),
        (id(&transfer(3, 0, 0)), error(InvalidTransaction::Future)),
    ];
    let removed = block_on(
        node.rpc
            .report_invalid(Some(best), report.into_iter().collect()),
    );
    assert_eq!(
        removed.iter().map(|tx| tx.hash).collect::<Vec<_>>(),
        [id(&transfer(1, 0, 0))]
    );
    assert!(matches!(
        node.pool.outcome(&id(&transfer(1, 0, 0))),
        Some(Outcome::Invalid { .. })
    ));
    assert_eq!(node.rpc.status().ready, 2);
    assert!(node.submit(transfer(1, 0, 0)).is_ok(), "nothing is banned");
    let report = [(id(&transfer(1, 0, 0)), None)].into_iter().collect();
    assert_eq!(block_on(node.rpc.report_invalid(None, report)).len(), 1);
    assert_eq!(
        node.pool.outcome(&id(&transfer(1, 0, 0))),
        Some(Outcome::Removed)
    );
}

#[test]
fn what_can_no_longer_pay_learns_it() {
    let chain = MockChain::new();
    let node = Node::new(
        &chain,
        Options {
            recheck_every_blocks: 2,
            ..Options::default()
        },
    );
    let watched = node.run(
        node.rpc
            .submit_and_watch(H256::zero(), EXTERNAL, transfer(1, 3, 0)),
    );
    let mut statuses = watched.expect("accepted");
    chain.set_broke(1);
    for _ in 0..3 {
        let block = chain.build(chain.best().hash, vec![]);
        chain.set_best(block);
        node.maintain();
    }
    assert_eq!(
        node.run(async { (statuses.next().await, statuses.next().await) }),
        (Some(Status::Future), Some(Status::Invalid))
    );
    assert!(matches!(
        node.pool.outcome(&id(&transfer(1, 3, 0))),
        Some(Outcome::Invalid { .. })
    ));
}

#[test]
fn duplicates_are_known_and_harm_nobody() {
    let chain = MockChain::new();
    let node = Node::new(&chain, Options::default());
    let xt = transfer(1, 0, 0);
    let twice = (0..2).map(|_| node.rpc.submit_one(H256::zero(), EXTERNAL, xt.clone()));
    let answers: Vec<_> = node
        .run(join_all(twice))
        .into_iter()
        .map(|answer| answer.map_err(|e| e.0))
        .collect();
    assert_eq!(answers, [Ok(id(&xt)), Err(Rejection::Known(id(&xt)))]);
    assert_eq!(chain.validations().1, 1);
    let from_peer = |xt: OpaqueExtrinsic| {
        let error = node
            .run(node.net.submit_one(H256::zero(), EXTERNAL, xt))
            .expect_err("refused");
        error.into_pool_error()
    };
    assert!(matches!(
        from_peer(xt.clone()),
        Ok(Error::AlreadyImported(_))
    ));
    let block = chain.build(chain.best().hash, vec![xt]);
    chain.set_best(block);
    node.maintain();
    assert!(
        from_peer(transfer(1, 0, 7)).is_err(),
        "stale, and no fault of the peer"
    );
}

#[test]
fn the_gossip_gets_what_arrived_here_first_and_futures_too() {
    let chain = MockChain::new();
    let node = Node::new(&chain, Options::default());
    let mut stream = node.rpc.import_notification_stream();
    assert!(node.submit(transfer(1, 5, 0)).is_ok());
    assert!(
        node.run(
            node.net
                .submit_one(H256::zero(), EXTERNAL, transfer(2, 0, 0))
        )
        .is_ok()
    );
    assert!(
        node.rpc
            .submit_local(H256::zero(), transfer(3, 0, 0))
            .is_ok()
    );
    let pause = futures_timer::Delay::new(Duration::from_millis(30));
    block_on(select(Box::pin(node.pool.announcer.run()), pause));
    let heard: Vec<_> = std::iter::from_fn(|| next(&mut stream)).collect();
    assert_eq!(heard, [id(&transfer(1, 5, 0)), id(&transfer(3, 0, 0))]);
    assert!(node.net.ready_transaction(&heard[0]).is_some());
    assert_eq!(node.net.ready().count(), 0, "too early to send again");
    std::thread::sleep(Duration::from_millis(3_100));
    assert_eq!(node.net.ready().count(), 2, "ours, not the peer's");
}

#[test]
fn a_full_pool_answers_with_the_sdks_error() {
    let chain = MockChain::new();
    let node = Node::new(
        &chain,
        Options {
            max_count: 1,
            ..Options::default()
        },
    );
    assert!(node.submit(transfer(1, 0, 0)).is_ok());
    let refused = node.run(
        node.rpc
            .submit_one(H256::zero(), EXTERNAL, transfer(2, 0, 0)),
    );
    assert!(matches!(
        refused.expect_err("full").into_pool_error(),
        Ok(Error::ImmediatelyDropped)
    ));
}

#[test]
fn a_hash_is_blake2_256_of_the_encoded_extrinsic() {
    let xt = transfer(1, 0, 0);
    let node = Node::new(&MockChain::new(), Options::default());
    let expected = <sp_runtime::traits::BlakeTwo256 as sp_runtime::traits::Hash>::hash_of(&xt);
    assert_eq!(node.rpc.hash_of(&xt), expected);
}
