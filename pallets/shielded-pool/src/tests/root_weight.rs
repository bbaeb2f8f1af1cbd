//! What a block reserves for computing its root.

use crate::{
    mock::{ShieldedPool, *},
    *,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchClass, pallet_prelude::Weight};
use plume_primitives::compliance::Asset;

/// What was reserved in this block, beyond the weights of its calls.
fn reserved() -> Weight {
    let weight = System::block_weight();
    for class in [DispatchClass::Normal, DispatchClass::Operational] {
        assert_eq!(*weight.get(class), Weight::zero(), "{class:?}");
    }
    *weight.get(DispatchClass::Mandatory)
}

/// Roots that were computed in this block.
fn roots() -> usize {
    let is_root = |event: &RuntimeEvent| {
        matches!(event, RuntimeEvent::ShieldedPool(Event::RootChanged { .. }))
    };
    let events = System::events();
    events
        .iter()
        .filter(|record| is_root(&record.event))
        .count()
}

fn of_a_root() -> Weight {
    let weight = <Runtime as Config>::WeightInfo::settle_root();
    assert!(weight.ref_time() > 0);
    weight
}

fn funded(test: impl FnOnce()) {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(100_000_000)));
        assert_ok!(deposit(ANNA, 2, gold(1_000)));
        next_block();
        test();
        next_block();
    });
}

#[test]
fn a_block_that_adds_leaves_computes_its_root_once_and_reserves_the_weight_of_it_once() {
    funded(|| {
        let firsts: [fn(u64); 4] = [
            |seed| {
                assert_ok!(deposit(ANNA, seed, plume(5)));
            },
            |seed| {
                assert_ok!(include(transfer(seed)));
            },
            |seed| {
                assert_ok!(include(withdrawal(seed, BERT, 5)));
            },
            |seed| {
                assert_ok!(include(bundle(seed..seed + 8)));
            },
        ];
        // Whatever call adds the first leaves, and whatever calls follow it.
        for (first, seed) in firsts.iter().zip((1_000..).step_by(1_000)) {
            assert_eq!(reserved(), Weight::zero());
            first(seed);
            assert_eq!(reserved(), of_a_root());
            for (next, seed) in firsts.iter().zip((seed + 100..).step_by(100)) {
                next(seed);
                assert_eq!(reserved(), of_a_root());
            }
            let before = RingState::<Runtime>::get().next;
            assert_eq!(roots(), 0, "not before the end");
            end_block();
            assert_eq!(roots(), 1);
            assert_eq!(RingState::<Runtime>::get().next, before + 1);
            assert_eq!(reserved(), of_a_root(), "the end reserves nothing more");
            next_block();
        }
    });
}

#[test]
fn a_block_that_adds_no_leaves_reserves_nothing_for_a_root() {
    funded(|| {
        let newest = ShieldedPool::newest_root();
        // What is refused adds none, whether by a check, by its proof or in its dispatch.
        let mut bad = transfer(3);
        if let Call::transfer { transfer } = &mut bad {
            transfer.proof.0[0] ^= 1;
        }
        assert!(include(bad).is_err());
        assert!(include(transfer_of(body(3))).is_err());
        assert_noop!(deposit(ANNA, 3, plume(0)), Error::<Runtime>::BadAmount);
        // This one fails after its leaves were added.
        let bodies = vec![body_out(3, gold(500)), body_out(4, plume(FEE))];
        let stopped = withdrawal_of(bodies, BERT, 500);
        assert_ok!(validate(&stopped));
        let anna = || RuntimeOrigin::signed(ANNA);
        assert_ok!(Assets::freeze(anna(), GOLD.into(), POOL));
        assert!(dispatch(stopped.clone()).is_err());
        assert_ok!(Assets::thaw(anna(), GOLD.into(), POOL));
        // Governance adds none either.
        assert_ok!(ShieldedPool::set_policy(
            root(),
            Asset::Native,
            3,
            Some(9),
            false,
            Default::default()
        ));
        assert_eq!(reserved(), Weight::zero());
        end_block();
        assert_eq!((reserved(), roots()), (Weight::zero(), 0));
        next_block();
        assert_eq!(reserved(), Weight::zero());
        next_block();
        assert_eq!(ShieldedPool::newest_root(), newest);

        // And what failed has not reserved in place of what does not.
        assert_ok!(Assets::freeze(anna(), GOLD.into(), POOL));
        assert!(dispatch(stopped.clone()).is_err());
        assert_ok!(Assets::thaw(anna(), GOLD.into(), POOL));
        assert_ok!(include(stopped));
        assert_eq!(reserved(), of_a_root());
    });
}
