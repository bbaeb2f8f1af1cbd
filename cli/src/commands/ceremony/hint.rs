//! What to do next when a ceremony's step was not made or is bad.

use plume_ceremony::{Error, Fault, Refusal};

use crate::failure::Failure;

/// A reason and a hint.
pub(super) fn failed(error: Error) -> Failure {
    let hint = match &error {
        Error::Step { step, .. } => format!(
            "Build nothing on {step}: take it and all after it out of the folder, tell everybody whose it was, and go on \
             from the step before it"
        ),
        Error::Fault(Fault::Checksum | Fault::Truncated) => "Copy the file again".to_owned(),
        Error::Fault(_) => "Take the file from somebody who has verified it".to_owned(),
        Error::File { .. } => {
            "Check the folder's name and rights; a file that is there is never written over"
                .to_owned()
        }
        Error::Refused(refusal) => hint_of(refusal).to_owned(),
        Error::NoRandomness => "Use a machine whose operating system gives random bytes".to_owned(),
    };
    Failure::new(error.to_string(), hint)
}

fn hint_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Size(_) => "15 is enough for 32,768 constraints and public inputs",
        Refusal::ContributorName | Refusal::CircuitName => "Give a name of that form",
        Refusal::Beacon(_) => "Give --source, --value and --log-iterations within these bounds",
        Refusal::Circuit(_) => "Report this as a bug",
        Refusal::CircuitTooLarge { .. } => "Hold a larger phase 1 in another folder",
        Refusal::Begun => "Go on with it, or choose another folder",
        Refusal::NotBegun => "Begin it with plume ceremony new, or check the folder's name",
        Refusal::Gap(_) => "Copy the missing file into the folder",
        Refusal::TooManySteps => "End the phase with a beacon",
        Refusal::Ended => "Phase 1 goes on with phase 2: plume ceremony new --circuit",
        Refusal::NoBeacon(_) => "End it with plume ceremony beacon",
        Refusal::TooFewContributors { .. } => {
            "Ask more people to contribute; for a rehearsal, say --contributors"
        }
    }
}
