//! Bad contributions to phase 1, each caught and named.

use ark_bls12_381::{G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::One;

use super::*;
use crate::points::PointFault;

/// What a verifier says of Mallory's state.
fn verdict(play: &Play, phase: &Phase1, factors: &[Fr], state: &Powers) -> Fault {
    let place = step1(2);
    play.put(&place, &forged(&mallory1(phase.log()), factors, state));
    of_mallory(play.try_verify1(), &place)
}

#[test]
fn a_hand_made_honest_step_is_accepted() {
    let (play, phase, factors, state) = before_mallory1();
    play.put(&step1(2), &forged(&mallory1(phase.log()), &factors, &state));
    assert_eq!(play.verify1().powers(), &state);
}

#[test]
fn a_factor_other_than_the_proven_one_is_caught() {
    let (play, phase, factors, state) = before_mallory1();
    for (place, factor) in Powers::FACTORS.iter().enumerate() {
        let mut others = factors;
        others[place] = number(9);
        let fault = verdict(&play, &phase, &others, &state);
        assert_eq!(fault, Fault::WrongRatio(*factor));
    }
}

#[test]
fn any_point_replaced_by_another_of_the_subgroup_is_caught() {
    let (play, phase, factors, honest) = before_mallory1();
    let shift = |point: &mut G1Affine| *point = (*point + G1Affine::generator()).into_affine();
    let shift_g2 = |point: &mut G2Affine| *point = (*point + G2Affine::generator()).into_affine();
    let try_it = |change: &dyn Fn(&mut Powers)| {
        let mut state = honest.clone();
        change(&mut state);
        verdict(&play, &phase, &factors, &state)
    };
    for i in 0..honest.tau_g1.len() {
        let fault = try_it(&|state| shift(&mut state.tau_g1[i]));
        match i {
            0 => assert!(matches!(fault, Fault::NoGenerator(_)), "{fault}"),
            1 => assert_eq!(fault, Fault::WrongRatio(Factor::Tau)),
            _ => assert!(matches!(fault, Fault::NotPowers(_)), "{fault}"),
        }
    }
    for i in 0..honest.size() {
        let fault = try_it(&|state| shift(&mut state.alpha_tau_g1[i]));
        match i {
            0 => assert_eq!(fault, Fault::WrongRatio(Factor::Alpha)),
            _ => assert!(matches!(fault, Fault::NotPowers(_)), "{fault}"),
        }
        let fault = try_it(&|state| shift(&mut state.beta_tau_g1[i]));
        match i {
            0 => assert_eq!(fault, Fault::WrongRatio(Factor::Beta)),
            _ => assert!(matches!(fault, Fault::NotPowers(_)), "{fault}"),
        }
        let fault = try_it(&|state| shift_g2(&mut state.tau_g2[i]));
        match i {
            0 => assert!(matches!(fault, Fault::NoGenerator(_)), "{fault}"),
            _ => assert!(matches!(fault, Fault::NotPowers(_)), "{fault}"),
        }
    }
    let fault = try_it(&|state| shift_g2(&mut state.beta_g2));
    assert_eq!(fault, Fault::GroupsDiffer(Factor::Beta));
}

#[test]
fn two_points_that_are_exchanged_are_caught() {
    let (play, phase, factors, mut state) = before_mallory1();
    state.tau_g1.swap(7, 8);
    let fault = verdict(&play, &phase, &factors, &state);
    assert!(matches!(fault, Fault::NotPowers(_)), "{fault}");
}

#[test]
fn powers_of_another_tau_in_one_list_are_caught() {
    let (play, phase, factors, honest) = before_mallory1();
    let [_, alpha, beta] = factors;
    let other = phase.powers.multiplied(&[number(9), alpha, beta], &());
    let mut state = honest.clone();
    state.alpha_tau_g1 = other.alpha_tau_g1.clone();
    assert!(matches!(
        verdict(&play, &phase, &factors, &state),
        Fault::NotPowers(_)
    ));
    let mut state = honest;
    state.tau_g2 = other.tau_g2;
    assert!(matches!(
        verdict(&play, &phase, &factors, &state),
        Fault::NotPowers(_)
    ));
}

#[test]
fn the_identity_is_caught_wherever_it_stands() {
    let (play, phase, factors, honest) = before_mallory1();
    for i in [0, 1, 9] {
        let mut state = honest.clone();
        state.tau_g1[i] = G1Affine::identity();
        let fault = verdict(&play, &phase, &factors, &state);
        assert!(
            matches!(fault, Fault::Point(_, at, PointFault::Identity) if at == i),
            "{fault}"
        );
        let mut state = honest.clone();
        state.tau_g2[i] = G2Affine::identity();
        let fault = verdict(&play, &phase, &factors, &state);
        assert!(
            matches!(fault, Fault::Point(_, at, PointFault::Identity) if at == i),
            "{fault}"
        );
    }
}

#[test]
fn a_factor_of_zero_is_caught() {
    // All equations of ratios hold for a tau that is zero.
    let (play, phase, [_, alpha, beta], _) = before_mallory1();
    let factors = [Fr::from(0u64), alpha, beta];
    let state = phase.powers.multiplied(&factors, &());
    let fault = verdict(&play, &phase, &factors, &state);
    assert_eq!(fault, Fault::Proof(Factor::Tau, PointFault::Identity));
    // And if only the state is zero.
    let proven = [number(1), alpha, beta];
    let fault = verdict(&play, &phase, &proven, &state);
    assert!(
        matches!(fault, Fault::Point(_, 1, PointFault::Identity)),
        "{fault}"
    );
}

#[test]
fn points_outside_of_the_subgroup_are_caught() {
    let (play, phase, factors, honest) = before_mallory1();
    let g1: G1Affine = outside_of_the_subgroup();
    let g2: G2Affine = outside_of_the_subgroup();
    // As they are, and hidden in a good point.
    for stray in [g1, (honest.tau_g1[5] + g1).into_affine()] {
        let mut state = honest.clone();
        state.tau_g1[5] = stray;
        let fault = verdict(&play, &phase, &factors, &state);
        assert!(
            matches!(fault, Fault::Point(_, 5, PointFault::OutsideSubgroup)),
            "{fault}"
        );
    }
    for stray in [g2, (honest.tau_g2[5] + g2).into_affine()] {
        let mut state = honest.clone();
        state.tau_g2[5] = stray;
        let fault = verdict(&play, &phase, &factors, &state);
        assert!(
            matches!(fault, Fault::Point(_, 5, PointFault::OutsideSubgroup)),
            "{fault}"
        );
    }
}

#[test]
fn a_point_of_small_order_that_pairings_do_not_see_is_caught() {
    // The part of a point outside of the subgroup, alone: pairings with it are one.
    let stray: G1Affine = outside_of_the_subgroup();
    let small = stray
        .mul_bigint(<Fr as ark_ff::PrimeField>::MODULUS)
        .into_affine();
    assert!(small.is_on_curve() && !small.is_zero());
    let (play, phase, factors, mut state) = before_mallory1();
    state.tau_g1[5] = (state.tau_g1[5] + small).into_affine();
    let fault = verdict(&play, &phase, &factors, &state);
    assert!(
        matches!(fault, Fault::Point(_, 5, PointFault::OutsideSubgroup)),
        "{fault}"
    );
}

#[test]
fn points_off_the_curve_and_none_at_all_are_caught() {
    let (play, phase, factors, mut state) = before_mallory1();
    let honest = state.tau_g1[5];
    state.tau_g1[5] = G1Affine::new_unchecked(honest.x, honest.y + ark_bls12_381::Fq::one());
    let fault = verdict(&play, &phase, &factors, &state);
    assert!(
        matches!(fault, Fault::Point(_, 5, PointFault::OffCurve)),
        "{fault}"
    );

    state.tau_g1[5] = honest;
    let header = mallory1(phase.log());
    let bytes = forged(&header, &factors, &state);
    let at = header.encode().len() + 3 * UpdateProof::BYTES + 5 * points::G1_BYTES;
    for garbage in [0x00, 0x1f, 0x20, 0x40, 0x80, 0xff] {
        let mut content = bytes[..bytes.len() - 32].to_vec();
        content[at..at + 96].fill(garbage);
        play.put(&step1(2), &seal(content).0);
        let fault = of_mallory(play.try_verify1(), &step1(2));
        assert!(matches!(fault, Fault::Point(_, 5, _)), "{garbage}: {fault}");
    }
}

#[test]
fn a_contribution_on_another_state_is_caught_even_if_it_names_the_right_one() {
    let (play, phase, factors, _) = before_mallory1();
    // On the start, so that Alice's factors would be gone.
    let state = Powers::start(LOG_SIZE)
        .expect("a size")
        .multiplied(&factors, &());
    let fault = verdict(&play, &phase, &factors, &state);
    assert_eq!(fault, Fault::WrongRatio(Factor::Tau));
}

#[test]
fn a_proof_with_either_point_altered_is_caught() {
    let (play, phase, factors, state) = before_mallory1();
    let header = mallory1(phase.log());
    for (altered, factor) in Powers::FACTORS.iter().enumerate() {
        for half in [0, 1] {
            let mut content = header.encode();
            for (place, (factor, secret)) in Powers::FACTORS.iter().zip(&factors).enumerate() {
                let mut proof = UpdateProof::new(*factor, secret, &header.context());
                if (place, half) == (altered, 0) {
                    proof.factor = (proof.factor + G1Affine::generator()).into_affine();
                }
                if (place, half) == (altered, 1) {
                    proof.answer = (proof.answer + G2Affine::generator()).into_affine();
                }
                proof.write(&mut content);
            }
            state.encode(&mut content);
            play.put(&step1(2), &seal(content).0);
            let fault = of_mallory(play.try_verify1(), &step1(2));
            assert_eq!(fault, Fault::NoKnowledge(*factor));
        }
    }
}
