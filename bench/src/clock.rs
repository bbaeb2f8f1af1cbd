//! One monotonic clock for everything that is compared.

use std::time::{Duration, Instant};

/// Counts microseconds since it was started. Copies show the same time.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    /// A clock that shows zero now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Microseconds since the start.
    pub fn now_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// The moment at which the clock shows this, for timers.
    pub fn moment(&self, at_us: u64) -> Instant {
        self.0 + Duration::from_micros(at_us)
    }
}
