//! What supervisors may stop, and who has to ask.

use crate::compliance::SubjectId;
use alloc::vec::Vec;
use frame_support::weights::Weight;

/// Number of a case of the compliance engine.
pub type CaseId = u64;

/// Says what a supervisor has frozen. A freeze ends with its warrant, so this has to be asked anew each time.
pub trait Freezes {
    /// Whether nothing of a subject's may move.
    fn is_frozen(subject: &SubjectId) -> bool;

    /// Whether anything is frozen of any subject, or was and has not been let go: where not, nobody need be asked
    /// about. One read.
    fn any_subject() -> bool;

    /// Whether the amount on hold for a case stays there: neither a decision nor the end of its time moves it.
    fn is_amount_frozen(case: CaseId) -> bool;

    /// The most that one answer weighs.
    fn weight() -> Weight;

    /// Whether nothing of a subject's may move, and what the answer has weighed.
    fn is_frozen_weighed(subject: &SubjectId) -> (bool, Weight) {
        (Self::is_frozen(subject), Self::weight())
    }
}

/// Nothing is frozen.
impl Freezes for () {
    fn is_frozen(_: &SubjectId) -> bool {
        false
    }
    fn any_subject() -> bool {
        false
    }
    fn is_amount_frozen(_: CaseId) -> bool {
        false
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

/// Hears that [`Freezes::is_frozen`] may answer something else from now on.
pub trait OnFreeze {
    /// A subject was frozen or released.
    fn on_freeze(subject: &SubjectId);
}

impl OnFreeze for () {
    fn on_freeze(_: &SubjectId) {}
}

/// Knows the amounts that are on hold for a case.
pub trait HeldAmounts {
    /// Whose money is on hold for a case, and for whom it was meant, as far as they are known; empty when
    /// nothing is on hold for a case of this number.
    fn parties(case: CaseId) -> Vec<SubjectId>;
}

/// Nothing is on hold.
impl HeldAmounts for () {
    fn parties(_: CaseId) -> Vec<SubjectId> {
        Vec::new()
    }
}
