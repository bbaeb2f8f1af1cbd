use super::world::{FROM, TIER, UNTIL, claims, element, plan, plan_with, set};
use crate::standing::{Plan, Refusal};

fn refused(plan: &Plan) -> Refusal {
    plan.assign().expect_err("it has to be refused")
}

#[test]
fn a_tier_that_is_too_low_is_named() {
    let plan = plan_with(claims(1, &[b"DE"]));
    let refusal = refused(&plan);
    assert_eq!(
        refusal,
        Refusal::Tier {
            has: 1,
            needs: TIER
        }
    );
    assert_eq!(refusal.to_string(), "tier 1 is below 2");
}

#[test]
fn a_credential_counts_from_its_first_second_to_the_one_before_its_end() {
    for (time, result) in [
        (FROM - 1, Err(Refusal::NotYetValid { from: FROM })),
        (FROM, Ok(())),
        (UNTIL - 1, Ok(())),
        (UNTIL, Err(Refusal::Expired { until: UNTIL })),
    ] {
        let plan = Plan { time, ..plan() };
        assert_eq!(plan.assign().map(|_| ()), result, "{time}");
    }
}

#[test]
fn all_jurisdictions_have_to_be_in_the_set() {
    let of = |codes: &[&[u8; 2]]| Plan {
        jurisdictions: set(codes),
        ..plan()
    };
    assert_eq!(refused(&of(&[b"CH", b"FR"])), Refusal::Jurisdiction(*b"DE"));
    assert_eq!(
        refused(&of(&[b"DE", b"FR"])).to_string(),
        "CH is not one of the jurisdictions that are asked for"
    );
    assert!(of(&[b"CH", b"DE"]).assign().is_ok());
    assert_eq!(
        refused(&plan_with(claims(TIER, &[]))),
        Refusal::NoJurisdiction
    );
}

#[test]
fn credentials_of_others_and_of_another_root_are_refused() {
    let mut thief = plan();
    thief.keys.spend_secret = element("thief");
    assert_eq!(refused(&thief), Refusal::UnknownCredential);
    let mut before = plan();
    before.credential_root = element("before");
    assert_eq!(refused(&before), Refusal::UnknownCredential);
    let mut longer = [0; 31];
    longer[..28].copy_from_slice(&claims(TIER, &[b"DE"]).as_bytes()[..28]);
    longer[28] = 1;
    let longer = crate::FieldBytes::from_packed(longer);
    assert_eq!(refused(&plan_with(longer)), Refusal::UnknownClaims);
}
