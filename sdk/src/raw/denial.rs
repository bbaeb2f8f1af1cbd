//! Why a policy of the chain denies a transaction: the reasons by their stable numbers, as
//! `docs/compliance.md` lists them.

/// Numbers of `InvalidTransaction::Custom`, and what they say.
const REASONS: [(u8, &str); 40] = [
    (1, "a sanctions list names the sender"),
    (2, "a sanctions list names the recipient"),
    (10, "the sender has no credential"),
    (11, "the recipient has no credential"),
    (12, "the sender's credential has expired"),
    (13, "the recipient's credential has expired"),
    (14, "the sender's credential is suspended"),
    (15, "the recipient's credential is suspended"),
    (16, "the sender is not known well enough for the amount"),
    (17, "the recipient is not known well enough for the amount"),
    (18, "a supervisor has frozen the sender"),
    (19, "a supervisor has frozen the recipient"),
    (
        20,
        "value may not go from the one's jurisdiction to the other's",
    ),
    (
        25,
        "more than one transaction may move at the sender's tier",
    ),
    (30, "the sender's risk is rated too high for the amount"),
    (31, "the recipient's risk is rated too high for the amount"),
    (
        32,
        "the sender is politically exposed, and the amount is large",
    ),
    (
        33,
        "the recipient is politically exposed, and the amount is large",
    ),
    (40, "the sender has sent too often of late"),
    (41, "the recipient has received too often of late"),
    (42, "the sender has sent too much of late"),
    (43, "the recipient has received too much of late"),
    (
        50,
        "the sender sends again and again just under the reporting threshold",
    ),
    (
        51,
        "the recipient receives again and again just under the reporting threshold",
    ),
    (60, "the recipient gathers from many"),
    (61, "the sender scatters to many"),
    (62, "the sender has gathered from many and scatters to many"),
    (63, "what came in goes out again at once"),
    (70, "the sender has long been silent and sends a large sum"),
    (
        71,
        "the sender is new and sends a large sum for the first time",
    ),
    (80, "the value comes from a flagged subject, over few hops"),
    (
        90,
        "no travel-rule data was attached. Attach it, then send again",
    ),
    (100, "the asset may not be transferred yet"),
    (101, "the asset has as many holders as it may have"),
    (102, "the recipient would own too much of the asset"),
    (110, "the asset has no price"),
    (111, "the asset's last price is too old"),
    (
        120,
        "what would be held is spent in the same transaction. Send it in one of its own",
    ),
    (121, "it would be held, but such an asset or flow cannot be"),
    (
        122,
        "the transaction moves value more often than can be screened. Split it",
    ),
];

/// What a reason says, without a full stop; none when no reason has this number.
pub fn reason(code: u8) -> Option<&'static str> {
    REASONS
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, says)| *says)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_primitives::compliance::Reason;

    #[test]
    fn the_reasons_are_those_of_the_chain() {
        for code in 0..=u8::MAX {
            assert_eq!(
                reason(code),
                Reason::from_code(code).map(Reason::says),
                "{code}"
            );
        }
    }
}
