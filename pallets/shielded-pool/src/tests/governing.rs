//! Policies, keys, circuits and assets.

use crate::{
    governing::{POLICY_CAPACITY, policy_leaf},
    mock::{ShieldedPool, *},
    *,
};
use frame_support::{assert_noop, assert_ok, pallet_prelude::InvalidTransaction};
use plume_circuits::{FieldBytes, Poseidon, tree::MemoryTree};
use plume_primitives::compliance::Asset;
use sp_runtime::DispatchError;

fn funded(test: impl FnOnce()) {
    chain().execute_with(|| {
        assert_ok!(deposit(ANNA, 1, plume(100_000_000)));
        next_block();
        test();
        next_block();
    });
}

fn key_bytes(
    text: &[u8],
) -> frame_support::BoundedVec<u8, frame_support::traits::ConstU32<MAX_KEY>> {
    text.to_vec().try_into().expect("it is short")
}

#[test]
fn nobody_but_the_governing_origin_sets_anything() {
    funded(|| {
        let anna = || RuntimeOrigin::signed(ANNA);
        let bad = DispatchError::BadOrigin;
        assert_noop!(
            ShieldedPool::set_policy(anna(), Asset::Native, 1, None, false, Default::default()),
            bad
        );
        assert_noop!(ShieldedPool::set_flow_key(anna(), 99, point(1)), bad);
        assert_noop!(
            ShieldedPool::set_committee_key(anna(), 99_999, point(1)),
            bad
        );
        assert_noop!(
            ShieldedPool::register_circuit(anna(), 2, key_bytes(KEY), now()),
            bad
        );
        assert_noop!(ShieldedPool::retire_circuit(anna(), 1, now()), bad);
        assert_noop!(ShieldedPool::register_asset(anna(), GOLD, 1), bad);
    });
}

#[test]
fn a_policy_names_jurisdictions_in_its_leaf_and_its_event() {
    funded(|| {
        let jurisdictions = Jurisdictions::new(&[*b"CH", *b"LI"]).unwrap();
        let before = PolicyRoots::<Runtime>::get();
        assert_ok!(ShieldedPool::set_policy(
            root(),
            Asset::Native,
            1,
            Some(7),
            true,
            jurisdictions
        ));
        let roots = PolicyRoots::<Runtime>::get();
        assert_ne!(roots.last(), before.last());
        let policy = Policy {
            asset: 0,
            tier: 1,
            limit: 7,
            receiver_known: true,
            jurisdictions,
        };
        assert_eq!(Policies::<Runtime>::get(0), Some(policy));
        let anywhere = Policy {
            jurisdictions: Jurisdictions::ANYWHERE,
            ..policy
        };
        assert_ne!(policy_leaf(&policy), policy_leaf(&anywhere));
        let told = frame_system::Pallet::<Runtime>::read_events_for_pallet::<Event<Runtime>>();
        assert!(told.iter().any(|event| matches!(
            event,
            Event::PolicySet { jurisdictions: of, .. } if *of == jurisdictions
        )));
    });
}

#[test]
fn the_root_of_the_policies_is_that_of_their_leaves_in_the_order_in_which_they_came() {
    funded(|| {
        assert_ok!(ShieldedPool::set_policy(
            root(),
            Asset::Other(GOLD),
            3,
            Some(7),
            true,
            Default::default()
        ));
        let policy = |asset, tier, limit, receiver_known| Policy {
            asset,
            tier,
            limit,
            receiver_known,
            jurisdictions: Default::default(),
        };
        let mut tree = MemoryTree::<Poseidon, 4>::default();
        for known in [
            policy(0, 1, 1_000_000, false),
            policy(0, 2, 1_000_000, false),
            policy(GOLD + 1, 3, 7, true),
        ] {
            tree.append(policy_leaf(&known)).unwrap();
        }
        let roots = PolicyRoots::<Runtime>::get();
        assert_eq!(roots.last(), Some(&tree.root()));
        // And a policy that is taken back leaves its place empty.
        assert_ok!(ShieldedPool::set_policy(
            root(),
            Asset::Native,
            2,
            None,
            false,
            Default::default()
        ));
        tree.update(&[(1, FieldBytes::ZERO)]).unwrap();
        assert_eq!(PolicyRoots::<Runtime>::get().last(), Some(&tree.root()));
        // Set again, it takes the same place.
        assert_ok!(ShieldedPool::set_policy(
            root(),
            Asset::Native,
            2,
            Some(9),
            false,
            Default::default()
        ));
        tree.update(&[(1, policy_leaf(&policy(0, 2, 9, false)))])
            .unwrap();
        assert_eq!(PolicyRoots::<Runtime>::get().last(), Some(&tree.root()));
    });
}

#[test]
fn a_proof_keeps_to_the_policies_of_its_moment() {
    funded(|| {
        let before = transfer(2);
        let same_second = transfer(3);
        assert_ok!(ShieldedPool::set_policy(
            root(),
            Asset::Native,
            1,
            Some(5),
            false,
            Default::default()
        ));
        // What was proven before, or in the same second, is on its way and counts.
        assert_ok!(include(before));
        after(1);
        assert_ok!(include(same_second));
        // From the next second on the new root is in the statement.
        let body = body_out(4, plume(FEE));
        let old_root = ShieldedPool::context(now() - 1, FieldBytes::ZERO)
            .unwrap()
            .policy_root;
        let binding = statement::bind(
            &statement::Purpose::<u64>::Transfer,
            [&unproven(body.clone())].into_iter(),
        );
        let mut context = ShieldedPool::context(now(), binding).unwrap();
        assert_ne!(context.policy_root, old_root);
        context.policy_root = old_root;
        let proof = prove(KEY, &statement::inputs(&body, &context));
        let call = Call::transfer {
            transfer: Box::new(Transfer { body, proof }),
        };
        assert_eq!(include(call), Err(InvalidTransaction::BadProof.into()));
        assert_ok!(include(transfer(4)));
    });
}

#[test]
fn policies_that_are_none_are_refused() {
    funded(|| {
        for tier in [0, 4] {
            assert_noop!(
                ShieldedPool::set_policy(
                    root(),
                    Asset::Native,
                    tier,
                    Some(1),
                    false,
                    Default::default()
                ),
                Error::<Runtime>::BadTier
            );
        }
        assert_noop!(
            ShieldedPool::set_policy(
                root(),
                Asset::Other(99),
                1,
                Some(1),
                false,
                Default::default()
            ),
            Error::<Runtime>::UnknownAsset
        );
    });
}

#[test]
fn there_are_256_places_for_policies() {
    funded(|| {
        for asset in 100..100 + POLICY_CAPACITY {
            Units::<Runtime>::insert(asset, 1);
            let set = ShieldedPool::set_policy(
                root(),
                Asset::Other(asset),
                1,
                Some(1),
                false,
                Default::default(),
            );
            if PolicyCount::<Runtime>::get() < POLICY_CAPACITY {
                assert_ok!(set);
            } else if asset >= 100 + POLICY_CAPACITY - 2 {
                frame_support::assert_err!(set, Error::<Runtime>::TooManyPolicies);
            }
        }
        assert_eq!(PolicyCount::<Runtime>::get(), POLICY_CAPACITY);
    });
}

#[test]
fn a_flow_key_counts_from_its_period_on_and_the_old_one_until_then() {
    funded(|| {
        let next = now() / PERIOD + 1;
        assert_ok!(ShieldedPool::set_flow_key(root(), next, point(21)));
        let key_at = |moment| {
            ShieldedPool::context(moment, FieldBytes::ZERO)
                .unwrap()
                .flow_key
        };
        assert_eq!(key_at(next * PERIOD - 1), point(11));
        assert_eq!(key_at(next * PERIOD), point(21));
        // A transfer of the last second of the old period finds its key after the turn.
        after(next * PERIOD - 1 - now());
        let call = transfer(2);
        after(1);
        assert_ok!(include(call));
        assert_ok!(include(transfer(3)));
        // What has begun stays.
        for period in [0, next - 1, next] {
            assert_noop!(
                ShieldedPool::set_flow_key(root(), period, point(22)),
                Error::<Runtime>::FromTooEarly
            );
        }
        assert_noop!(
            ShieldedPool::set_flow_key(root(), u32::MAX, point(22)),
            Error::<Runtime>::FromTooEarly
        );
    });
}

#[test]
fn a_committee_key_counts_from_its_second_on() {
    funded(|| {
        assert_noop!(
            ShieldedPool::set_committee_key(root(), now(), point(21)),
            Error::<Runtime>::FromTooEarly
        );
        let before = transfer(2);
        assert_ok!(ShieldedPool::set_committee_key(
            root(),
            now() + 1,
            point(21)
        ));
        after(1);
        assert_ok!(include(before));
        let context = ShieldedPool::context(now(), FieldBytes::ZERO).unwrap();
        assert_eq!(context.committee_key, point(21));
        assert_ok!(include(transfer(3)));
    });
}

#[test]
fn points_off_the_curve_of_small_order_or_neutral_are_no_keys() {
    use ark_ed_on_bls12_381_bandersnatch::Fq;
    funded(|| {
        let next = now() / PERIOD + 1;
        let one = FieldBytes::from(1u64);
        let neutral = Point {
            x: FieldBytes::ZERO,
            y: one,
        };
        // (0, -1) is on the curve, and twice itself the neutral element.
        let order_two = Point {
            x: FieldBytes::ZERO,
            y: FieldBytes::from(-Fq::from(1u64)),
        };
        let mut off_curve = point(5);
        off_curve.x = one;
        // A good point and one of small order together: on the curve, and outside the subgroup.
        let mixed = {
            use ark_ec::CurveGroup;
            use ark_ed_on_bls12_381_bandersnatch::EdwardsAffine;
            let small =
                EdwardsAffine::new_unchecked(order_two.x.to_element(), order_two.y.to_element());
            let good =
                EdwardsAffine::new_unchecked(point(5).x.to_element(), point(5).y.to_element());
            let sum = (small + good).into_affine();
            assert!(sum.is_on_curve());
            Point::from(sum)
        };
        for bad in [neutral, order_two, off_curve, mixed, Point::default()] {
            assert_noop!(
                ShieldedPool::set_flow_key(root(), next, bad),
                Error::<Runtime>::BadKey
            );
            assert_noop!(
                ShieldedPool::set_committee_key(root(), now() + 1, bad),
                Error::<Runtime>::BadKey
            );
        }
    });
}

#[test]
fn changes_in_one_second_replace_each_other_and_too_many_are_refused() {
    funded(|| {
        let set = |limit| {
            ShieldedPool::set_policy(
                root(),
                Asset::Native,
                1,
                Some(limit),
                false,
                Default::default(),
            )
        };
        let before = PolicyRoots::<Runtime>::get().entries().len();
        for limit in 1..5 {
            assert_ok!(set(limit));
        }
        assert_eq!(PolicyRoots::<Runtime>::get().entries().len(), before + 1);
        // One in each second: as many as can be asked for by a proof on its way.
        let mut refused = None;
        for limit in 5..200 {
            after(1);
            if let Err(error) = set(limit) {
                refused = Some(error);
                break;
            }
        }
        assert_eq!(refused, Some(Error::<Runtime>::TooManyChanges.into()));
        after(MAX_AGE + 1);
        assert_ok!(set(1));
    });
}

#[test]
fn a_circuit_is_registered_once_and_retired_once() {
    funded(|| {
        assert_noop!(
            ShieldedPool::register_circuit(root(), CIRCUIT, key_bytes(KEY), now()),
            Error::<Runtime>::KnownCircuit
        );
        assert_noop!(
            ShieldedPool::register_circuit(root(), 2, key_bytes(b"no key"), now()),
            Error::<Runtime>::BadKey
        );
        assert_noop!(
            ShieldedPool::register_circuit(root(), 2, key_bytes(KEY), now() - 1),
            Error::<Runtime>::FromTooEarly
        );
        assert_noop!(
            ShieldedPool::retire_circuit(root(), 2, now()),
            Error::<Runtime>::UnknownCircuit
        );
        assert_noop!(
            ShieldedPool::retire_circuit(root(), CIRCUIT, now() - 1),
            Error::<Runtime>::FromTooEarly
        );
        assert_ok!(ShieldedPool::retire_circuit(root(), CIRCUIT, now() + 5));
        assert_ok!(ShieldedPool::retire_circuit(root(), CIRCUIT, now() + 9));
        after(9);
        assert_noop!(
            ShieldedPool::retire_circuit(root(), CIRCUIT, now() + 9),
            Error::<Runtime>::CircuitRetired
        );
        // A broken circuit is retired at once.
        assert_ok!(ShieldedPool::register_circuit(
            root(),
            2,
            key_bytes(KEY),
            now() + 100
        ));
        assert_ok!(ShieldedPool::retire_circuit(root(), 2, now()));
    });
}

#[test]
fn two_circuits_count_side_by_side_while_wallets_move_over() {
    funded(|| {
        assert_ok!(ShieldedPool::register_circuit(
            root(),
            2,
            key_bytes(b"key of two"),
            now()
        ));
        let mut new = body_out(3, plume(FEE));
        new.circuit = 2;
        assert_ok!(include(transfer(2)));
        assert_ok!(include(transfer_of(new)));
    });
}

#[test]
fn an_asset_is_registered_once_with_a_unit_and_an_endowment() {
    bare_chain().execute_with(|| {
        for (asset, unit) in [(GOLD, 0), (99, 1), (u32::MAX, 1)] {
            assert_noop!(
                ShieldedPool::register_asset(root(), asset, unit),
                Error::<Runtime>::BadAsset
            );
        }
        assert_ok!(ShieldedPool::register_asset(root(), GOLD, GOLD_UNIT));
        assert_noop!(
            ShieldedPool::register_asset(root(), GOLD, GOLD_UNIT),
            Error::<Runtime>::KnownAsset
        );
        let poor = 8;
        assert_ok!(Assets::force_create(root(), poor.into(), ANNA, true, 10));
        assert_noop!(
            ShieldedPool::register_asset(root(), poor, 1),
            Error::<Runtime>::NotEndowed
        );
        assert_ok!(Assets::mint(
            RuntimeOrigin::signed(ANNA),
            poor.into(),
            POOL,
            10
        ));
        assert_ok!(ShieldedPool::register_asset(root(), poor, 1));
        end_block();
        assert_ok!(ShieldedPool::do_try_state());
    });
}
