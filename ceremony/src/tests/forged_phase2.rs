//! Bad contributions to phase 2 and bad beginnings of it, each caught and named.

use ark_bls12_381::{G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};

use super::*;
use crate::phase2::{Delta, Fixed, check_start};
use crate::points::PointFault;

fn before_mallory2() -> (Play, Phase2, Fr, Delta) {
    let play = Play::phase2(&["Alice"]);
    let phase = play.verify2();
    let factor = number(1);
    let state = phase.delta.multiplied(&[factor], &());
    (play, phase, factor, state)
}

fn verdict(play: &Play, phase: &Phase2, factor: Fr, state: &Delta) -> Fault {
    let place = step2(2);
    play.put(&place, &forged(&mallory2(phase.log()), &[factor], state));
    of_mallory(play.try_verify2(), &place)
}

fn shift(point: &mut G1Affine) {
    *point = (*point + G1Affine::generator()).into_affine();
}

fn shift_g2(point: &mut G2Affine) {
    *point = (*point + G2Affine::generator()).into_affine();
}

#[test]
fn a_hand_made_honest_step_is_accepted() {
    let (play, phase, factor, state) = before_mallory2();
    play.put(
        &step2(2),
        &forged(&mallory2(phase.log()), &[factor], &state),
    );
    assert_eq!(play.verify2().delta, state);
}

#[test]
fn a_factor_other_than_the_proven_one_is_caught() {
    let (play, phase, _, state) = before_mallory2();
    let fault = verdict(&play, &phase, number(9), &state);
    assert_eq!(fault, Fault::WrongRatio(Factor::Delta));
}

#[test]
fn a_delta_of_zero_is_caught() {
    let (play, phase, factor, honest) = before_mallory2();
    let mut state = honest.clone();
    state.delta_g1 = G1Affine::identity();
    let fault = verdict(&play, &phase, factor, &state);
    assert!(
        matches!(fault, Fault::Point(_, 0, PointFault::Identity)),
        "{fault}"
    );
    let mut state = honest;
    state.delta_g2 = G2Affine::identity();
    let fault = verdict(&play, &phase, factor, &state);
    assert!(
        matches!(fault, Fault::Point(_, 0, PointFault::Identity)),
        "{fault}"
    );
}

#[test]
fn a_delta_that_differs_between_the_groups_is_caught() {
    let (play, phase, factor, mut state) = before_mallory2();
    shift_g2(&mut state.delta_g2);
    let fault = verdict(&play, &phase, factor, &state);
    assert_eq!(fault, Fault::GroupsDiffer(Factor::Delta));
}

#[test]
fn any_point_of_a_query_replaced_is_caught() {
    let (play, phase, factor, honest) = before_mallory2();
    for i in 0..honest.h_g1.len() {
        let mut state = honest.clone();
        shift(&mut state.h_g1[i]);
        let fault = verdict(&play, &phase, factor, &state);
        assert!(matches!(fault, Fault::NotDivided(_)), "{fault}");
    }
    for i in 0..honest.l_g1.len() {
        let mut state = honest.clone();
        shift(&mut state.l_g1[i]);
        let fault = verdict(&play, &phase, factor, &state);
        assert!(matches!(fault, Fault::NotDivided(_)), "{fault}");
        state.l_g1[i] = G1Affine::identity();
        let fault = verdict(&play, &phase, factor, &state);
        assert!(matches!(fault, Fault::NotDivided(_)), "{fault}");
    }
}

#[test]
fn queries_that_were_left_as_they_were_are_caught() {
    let (play, phase, factor, honest) = before_mallory2();
    let mut state = honest.clone();
    state.l_g1 = phase.delta.l_g1.clone();
    assert!(matches!(
        verdict(&play, &phase, factor, &state),
        Fault::NotDivided(_)
    ));
    let mut state = honest;
    state.h_g1 = phase.delta.h_g1.clone();
    assert!(matches!(
        verdict(&play, &phase, factor, &state),
        Fault::NotDivided(_)
    ));
}

#[test]
fn points_outside_of_the_subgroup_are_caught() {
    let (play, phase, factor, honest) = before_mallory2();
    let stray: G1Affine = outside_of_the_subgroup();
    let mut state = honest.clone();
    state.l_g1[3] = (state.l_g1[3] + stray).into_affine();
    let fault = verdict(&play, &phase, factor, &state);
    assert!(
        matches!(fault, Fault::Point(_, 3, PointFault::OutsideSubgroup)),
        "{fault}"
    );
    let mut state = honest;
    state.delta_g2 = outside_of_the_subgroup();
    let fault = verdict(&play, &phase, factor, &state);
    assert!(
        matches!(fault, Fault::Point(_, 0, PointFault::OutsideSubgroup)),
        "{fault}"
    );
}

#[test]
fn any_point_of_a_beginning_replaced_is_caught() {
    let play = Play::phase2(&[]);
    let (phase1, phase2, circuit) = (play.verify1(), play.verify2(), tiny());
    let (fixed, delta) = (&phase2.fixed, &phase2.delta);
    let caught = |change: &dyn Fn(&mut Fixed, &mut Delta)| {
        let (mut fixed, mut delta) = (fixed.clone(), delta.clone());
        change(&mut fixed, &mut delta);
        let error = check_start(&circuit, &phase1.powers, &fixed, &delta).expect_err("caught");
        assert!(
            matches!(error.fault(), Some(Fault::NotTheCircuit(_))),
            "{error}"
        );
    };
    for i in 0..fixed.a_g1.len() {
        caught(&|fixed, _| shift(&mut fixed.a_g1[i]));
        caught(&|fixed, _| shift(&mut fixed.b_g1[i]));
        caught(&|fixed, _| shift_g2(&mut fixed.b_g2[i]));
    }
    for i in 0..fixed.gamma_abc_g1.len() {
        caught(&|fixed, _| shift(&mut fixed.gamma_abc_g1[i]));
    }
    for i in 0..delta.l_g1.len() {
        caught(&|_, delta| shift(&mut delta.l_g1[i]));
    }
    for i in 0..delta.h_g1.len() {
        caught(&|_, delta| shift(&mut delta.h_g1[i]));
    }
    caught(&|_, delta| shift(&mut delta.delta_g1));
    caught(&|_, delta| shift_g2(&mut delta.delta_g2));
    // What one query gains another loses.
    caught(&|fixed, delta| {
        shift(&mut fixed.gamma_abc_g1[0]);
        delta.l_g1[0] = (delta.l_g1[0] - G1Affine::generator()).into_affine();
    });
}

#[test]
fn a_coordinator_that_begins_with_another_circuit_is_named() {
    let play = Play::phase2(&[]);
    let (phase1, phase2) = (play.verify1(), play.verify2());
    let mut fixed = phase2.fixed.clone();
    shift(&mut fixed.a_g1[4]);
    let header = Header {
        index: 0,
        previous: phase1.log().hash(),
        kind: Kind::Start,
        ..mallory2(phase2.log())
    };
    let mut content = header.encode();
    fixed.encode(&mut content);
    phase2.delta.encode(&mut content);
    play.put(&step2(0), &seal(content).0);
    let fault = of(play.try_verify2(), &step2(0), "the coordinator");
    assert!(matches!(fault, Fault::NotTheCircuit(_)), "{fault}");
}

#[test]
fn a_tau_in_the_circuits_domain_is_caught() {
    // Nobody can bring this about but by knowing all factors; whoever does is not let through.
    let play = Play::phase2(&[]);
    let phase2 = play.verify2();
    let mut delta = phase2.delta.clone();
    delta.h_g1.fill(G1Affine::identity());
    let header = mallory2(phase2.log());
    play.put(&step2(1), &forged(&header, &[number(1)], &delta));
    assert_eq!(
        of_mallory(play.try_verify2(), &step2(1)),
        Fault::TauInDomain
    );
}

#[test]
fn phase_2_on_another_phase_1_is_caught() {
    let one = Play::phase2(&["Alice"]);
    let other = Play::phase2(&["Alice"]);
    one.put(&step2(0), &other.read(&step2(0)));
    let fault = of(one.try_verify2(), &step2(0), "the coordinator");
    assert_eq!(fault, Fault::OtherPhase1);
    assert_ne!(nothing(), one.verify1().log().hash());
}

#[test]
fn another_circuit_of_the_same_name_is_caught() {
    let play = Play::phase2(&["Alice"]);
    let other = Circuit::new("rehearsal-tiny", registry::Dense::of_size(3)).expect("a circuit");
    assert_ne!(other.hash(), tiny().hash());
    let error = Phase2::verify(&play.folder, &other, &play.verify1(), &());
    let fault = of(error, &step2(0), "the coordinator");
    assert_eq!(fault, Fault::OtherCeremony);
}
