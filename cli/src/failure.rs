//! Why a command failed, and what to do next.

use std::io;

/// A reason and a hint, one sentence each.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub reason: String,
    /// What to do next.
    pub hint: String,
    is_closed_pipe: bool,
}

impl Failure {
    /// From a reason and a hint.
    pub fn new(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            hint: hint.into(),
            is_closed_pipe: false,
        }
    }

    /// Whether nobody reads our output any more, which is no failure at all.
    pub fn is_closed_pipe(&self) -> bool {
        self.is_closed_pipe
    }
}

impl<E: Into<plume_sdk::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        Self::new(error.reason(), error.hint())
    }
}

/// A failure to write the output.
pub fn of_writing(error: &io::Error) -> Failure {
    Failure {
        is_closed_pipe: error.kind() == io::ErrorKind::BrokenPipe,
        ..Failure::new(
            format!("cannot write the output: {error}"),
            "Check where the output goes to",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_error_becomes_reason_and_hint() {
        let failure = Failure::from(plume_sdk::amount::AmountError::Empty);
        assert_eq!(failure.reason, "the amount is empty");
        assert!(failure.hint.contains("12.5"));
    }

    #[test]
    fn a_closed_pipe_is_told_from_a_full_disk() {
        assert!(of_writing(&io::ErrorKind::BrokenPipe.into()).is_closed_pipe());
        assert!(!of_writing(&io::ErrorKind::StorageFull.into()).is_closed_pipe());
    }
}
