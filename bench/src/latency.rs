//! Recording times and saying what share of them was how quick.

use hdrhistogram::Histogram;
use serde::Serialize;

/// Longer than any run: what takes longer is recorded as this.
const LONGEST_US: u64 = 3_600_000_000;

/// Times from 1 µs to an hour, kept to three significant digits.
#[derive(Clone, Debug)]
pub struct Latencies(Histogram<u64>);

/// What a set of times looks like; all zero if there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Percentiles {
    /// How many times were recorded.
    pub n: u64,
    /// Half were no longer than this.
    pub p50_ms: f64,
    /// Nine of ten were no longer than this.
    pub p90_ms: f64,
    /// 99 of 100 were no longer than this.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Default for Latencies {
    fn default() -> Self {
        Self(
            Histogram::new_with_bounds(1, LONGEST_US, 3)
                .expect("the bounds are constant and valid"),
        )
    }
}

impl Latencies {
    /// Adds a time in microseconds.
    pub fn record(&mut self, us: u64) {
        self.0.saturating_record(us.clamp(1, LONGEST_US));
    }

    /// What was recorded so far.
    pub fn percentiles(&self) -> Percentiles {
        if self.0.is_empty() {
            return Percentiles::default();
        }
        let ms = |us: u64| us as f64 / 1_000.0;
        let longest = self.0.max();
        let at = |quantile| ms(self.0.value_at_quantile(quantile).min(longest));
        Percentiles {
            n: self.0.len(),
            p50_ms: at(0.50),
            p90_ms: at(0.90),
            p99_ms: at(0.99),
            max_ms: ms(longest),
        }
    }
}

impl FromIterator<u64> for Latencies {
    /// From times in microseconds.
    fn from_iter<T: IntoIterator<Item = u64>>(times_us: T) -> Self {
        let mut latencies = Self::default();
        times_us.into_iter().for_each(|us| latencies.record(us));
        latencies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_known_times_are_right_to_three_digits() {
        let seen = (1..=1_000u64)
            .map(|ms| ms * 1_000)
            .collect::<Latencies>()
            .percentiles();
        assert_eq!(seen.n, 1_000);
        for (found, right) in [
            (seen.p50_ms, 500.0),
            (seen.p90_ms, 900.0),
            (seen.p99_ms, 990.0),
            (seen.max_ms, 1_000.0),
        ] {
            assert!(
                (found - right).abs() <= right * 0.001,
                "{found} for {right}"
            );
        }
    }

    #[test]
    fn without_times_there_are_zeros_and_not_a_panic() {
        assert_eq!(Latencies::default().percentiles(), Percentiles::default());
    }

    #[test]
    fn times_out_of_range_are_recorded_at_its_ends() {
        let seen = [0, u64::MAX]
            .into_iter()
            .collect::<Latencies>()
            .percentiles();
        assert_eq!(seen.n, 2);
        assert!(seen.p50_ms < 0.01 && seen.max_ms >= 3_600_000.0);
    }
}
