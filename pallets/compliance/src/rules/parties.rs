//! Rules about who takes part, and whether that one may move so much.

use crate::policy::{Corridor, Side};
use plume_primitives::{
    Seconds,
    compliance::{Reason, RefValue, Risk, Standing, Tier},
};

/// A reason that is about one of two sides.
const fn of(side: Side, from: Reason, to: Reason) -> Reason {
    match side {
        Side::From => from,
        Side::To => to,
    }
}

/// A sanctions list names one of the parties.
pub const fn sanctions(from: bool, to: bool) -> Option<Reason> {
    if from {
        Some(Reason::SenderSanctioned)
    } else if to {
        Some(Reason::RecipientSanctioned)
    } else {
        None
    }
}

/// From `at_least` on a party needs a credential of a tier that is in force.
pub fn credential(
    side: Side,
    standing: Option<&Standing>,
    tier: Tier,
    value: RefValue,
    at_least: RefValue,
    now: Seconds,
) -> Option<Reason> {
    if value < at_least {
        return None;
    }
    match standing {
        None => Some(of(side, Reason::SenderUnknown, Reason::RecipientUnknown)),
        Some(known) if known.suspended => Some(of(
            side,
            Reason::SenderSuspended,
            Reason::RecipientSuspended,
        )),
        Some(known) if !known.in_force(now) => {
            Some(of(side, Reason::SenderExpired, Reason::RecipientExpired))
        }
        Some(known) if known.tier < tier => Some(of(
            side,
            Reason::SenderTierTooLow,
            Reason::RecipientTierTooLow,
        )),
        Some(_) => None,
    }
}

/// From `at_least` on a party may not be rated `risk` or higher.
pub fn risk(
    side: Side,
    standing: Option<&Standing>,
    risk: Risk,
    value: RefValue,
    at_least: RefValue,
) -> Option<Reason> {
    let rated = standing.is_some_and(|known| known.risk >= risk);
    (rated && value >= at_least).then_some(of(side, Reason::SenderRisk, Reason::RecipientRisk))
}

/// From `at_least` on a politically exposed party is looked at.
pub fn politically_exposed(
    side: Side,
    standing: Option<&Standing>,
    value: RefValue,
    at_least: RefValue,
) -> Option<Reason> {
    let exposed = standing.is_some_and(|known| known.politically_exposed);
    (exposed && value >= at_least).then_some(of(
        side,
        Reason::SenderPoliticallyExposed,
        Reason::RecipientPoliticallyExposed,
    ))
}

/// Value may not take the corridor.
pub fn closed_corridor(
    corridor: &Corridor,
    from: Option<&Standing>,
    to: Option<&Standing>,
) -> Option<Reason> {
    corridor
        .is_taken(from, to)
        .then_some(Reason::CorridorClosed)
}

/// The limits of the tiers zero to three. Who is not known, or whose credential does not count now, has that
/// of zero.
pub fn tier_limit(
    standing: Option<&Standing>,
    limits: &[RefValue; 4],
    value: RefValue,
    now: Seconds,
) -> Option<Reason> {
    let [zero, one, two, three] = *limits;
    let tier = standing
        .filter(|known| known.in_force(now))
        .map_or(Tier::Zero, |known| known.tier);
    let limit = match tier {
        Tier::Zero => zero,
        Tier::One => one,
        Tier::Two => two,
        Tier::Three => three,
    };
    (value > limit).then_some(Reason::AboveTierLimit)
}

/// From `at_least` on travel-rule data has to be attached.
pub fn travel_rule(attached: bool, value: RefValue, at_least: RefValue) -> Option<Reason> {
    (!attached && value >= at_least).then_some(Reason::TravelDataMissing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_primitives::compliance::{Jurisdiction, Jurisdictions};

    fn known(change: impl FnOnce(&mut Standing)) -> Standing {
        let mut standing = Standing::permissive();
        change(&mut standing);
        standing
    }

    #[test]
    fn a_list_that_names_either_party_is_a_hit() {
        assert_eq!(sanctions(false, false), None);
        assert_eq!(sanctions(true, false), Some(Reason::SenderSanctioned));
        assert_eq!(sanctions(false, true), Some(Reason::RecipientSanctioned));
        assert_eq!(sanctions(true, true), Some(Reason::SenderSanctioned));
    }

    #[test]
    fn each_fault_of_a_credential_has_its_own_reason() {
        let fine = known(|known| {
            known.tier = Tier::Two;
            known.valid_until = 100;
        });
        let suspended = known(|known| {
            known.suspended = true;
            known.valid_until = 1; // suspended comes first: it can be lifted
        });
        for (standing, tier, value, now, from, to) in [
            (None, Tier::Zero, 9, 0, None, None),
            (
                None,
                Tier::Zero,
                10,
                0,
                Some(Reason::SenderUnknown),
                Some(Reason::RecipientUnknown),
            ),
            (Some(&fine), Tier::Two, 10, 99, None, None),
            (
                Some(&fine),
                Tier::Two,
                10,
                100,
                Some(Reason::SenderExpired),
                Some(Reason::RecipientExpired),
            ),
            (Some(&fine), Tier::Two, 9, 100, None, None),
            (
                Some(&fine),
                Tier::Three,
                10,
                99,
                Some(Reason::SenderTierTooLow),
                Some(Reason::RecipientTierTooLow),
            ),
            (
                Some(&suspended),
                Tier::Zero,
                10,
                50,
                Some(Reason::SenderSuspended),
                Some(Reason::RecipientSuspended),
            ),
        ] {
            assert_eq!(credential(Side::From, standing, tier, value, 10, now), from);
            assert_eq!(credential(Side::To, standing, tier, value, 10, now), to);
        }
    }

    #[test]
    fn risk_counts_from_its_rating_and_amount_on() {
        let medium = known(|known| known.risk = Risk::Medium);
        assert_eq!(
            risk(Side::From, Some(&medium), Risk::Medium, 10, 10),
            Some(Reason::SenderRisk)
        );
        assert_eq!(
            risk(Side::To, Some(&medium), Risk::Medium, 10, 10),
            Some(Reason::RecipientRisk)
        );
        assert_eq!(risk(Side::To, Some(&medium), Risk::Medium, 9, 10), None);
        assert_eq!(risk(Side::To, Some(&medium), Risk::High, 10, 10), None);
        assert_eq!(risk(Side::To, None, Risk::Low, 10, 10), None);
    }

    #[test]
    fn political_exposure_counts_from_its_amount_on() {
        let exposed = known(|known| known.politically_exposed = true);
        assert_eq!(
            politically_exposed(Side::From, Some(&exposed), 10, 10),
            Some(Reason::SenderPoliticallyExposed)
        );
        assert_eq!(
            politically_exposed(Side::To, Some(&exposed), 10, 10),
            Some(Reason::RecipientPoliticallyExposed)
        );
        assert_eq!(politically_exposed(Side::To, Some(&exposed), 9, 10), None);
        assert_eq!(politically_exposed(Side::To, None, 10, 10), None);
    }

    #[test]
    fn a_corridor_is_closed_in_its_direction_only() {
        let of = |codes: &[&[u8; 2]]| {
            known(|known| {
                let codes = codes.iter().map(|code| Jurisdiction(**code)).collect();
                known.jurisdictions = Jurisdictions::truncate_from(codes);
            })
        };
        let swiss_and_german = of(&[b"CH", b"DE"]);
        let iranian = of(&[b"IR"]);
        let corridor = |from: Option<&[u8; 2]>, to: Option<&[u8; 2]>| Corridor {
            from: from.copied().map(Jurisdiction),
            to: to.copied().map(Jurisdiction),
        };
        let closed = Some(Reason::CorridorClosed);
        let (one, other) = (Some(&swiss_and_german), Some(&iranian));
        let german_to_iran = corridor(Some(b"DE"), Some(b"IR"));
        assert_eq!(closed_corridor(&german_to_iran, one, other), closed);
        assert_eq!(closed_corridor(&german_to_iran, other, one), None);
        let to_iran = corridor(None, Some(b"IR"));
        assert_eq!(closed_corridor(&to_iran, None, other), closed);
        assert_eq!(closed_corridor(&to_iran, one, None), None);
    }

    #[test]
    fn each_tier_moves_up_to_its_limit() {
        let limits = [10, 20, 30, 40];
        let tiers = [Tier::Zero, Tier::One, Tier::Two, Tier::Three];
        for (tier, limit) in tiers.into_iter().zip(limits) {
            let standing = known(|known| {
                known.tier = tier;
                known.valid_until = 100;
            });
            assert_eq!(tier_limit(Some(&standing), &limits, limit, 99), None);
            assert_eq!(
                tier_limit(Some(&standing), &limits, limit + 1, 99),
                Some(Reason::AboveTierLimit)
            );
            assert_eq!(tier_limit(Some(&standing), &limits, 10, 100), None);
            assert_eq!(
                tier_limit(Some(&standing), &limits, 11, 100),
                Some(Reason::AboveTierLimit)
            );
        }
        assert_eq!(tier_limit(None, &limits, 10, 0), None);
        assert_eq!(
            tier_limit(None, &limits, 11, 0),
            Some(Reason::AboveTierLimit)
        );
    }

    #[test]
    fn travel_data_is_asked_for_from_the_threshold_on() {
        assert_eq!(travel_rule(false, 9, 10), None);
        assert_eq!(travel_rule(false, 10, 10), Some(Reason::TravelDataMissing));
        assert_eq!(travel_rule(true, 10, 10), None);
    }
}
