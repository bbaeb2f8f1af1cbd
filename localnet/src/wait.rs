//! Waiting with a limit, by asking again.

use crate::Error;
use std::time::{Duration, Instant};

/// Time between two questions.
const INTERVAL: Duration = Duration::from_millis(100);

/// A moment until which something is asked again and again.
///
/// ```no_run
/// # use plume_localnet::{Deadline, Error, Node};
/// # use std::time::Duration;
/// # async fn example(node: &Node) -> Result<(), Error> {
/// let deadline = Deadline::after(Duration::from_secs(10));
/// while node.peers().await? < 3 {
///     deadline.pause("three peers").await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    started: Instant,
    limit: Duration,
}

impl Deadline {
    /// A deadline `limit` from now.
    pub fn after(limit: Duration) -> Self {
        Self {
            started: Instant::now(),
            limit,
        }
    }

    /// Sleeps a tenth of a second; errors with [`Error::Timeout`] once the limit has passed.
    ///
    /// `what` says what is waited for and, best, how far it got.
    pub async fn pause(&self, what: impl Into<String>) -> Result<(), Error> {
        let elapsed = self.started.elapsed();
        if elapsed >= self.limit {
            return Err(Error::Timeout {
                what: what.into(),
                after: elapsed,
            });
        }
        tokio::time::sleep(INTERVAL.min(self.limit - elapsed)).await;
        Ok(())
    }

    /// What is left until the limit, zero after it.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.started.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wait_in_vain_ends_and_says_for_what() {
        let deadline = Deadline::after(Duration::from_millis(150));
        let error = loop {
            if let Err(error) = deadline.pause("rain").await {
                break error;
            }
        };
        assert!(
            matches!(&error, Error::Timeout { what, after } if what == "rain" && after.as_millis() >= 150)
        );
        assert_eq!(deadline.left(), Duration::ZERO);
    }
}
