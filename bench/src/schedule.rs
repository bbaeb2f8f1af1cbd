//! When to send, for loads that do not wait for answers.

use crate::Rng;

/// Send times in microseconds from the start, ascending: one at a random moment of each interval of
/// `1 / rate_per_s`.
///
/// The rate is exact over every interval, and over a run all phases of a slot are hit alike. Sending on
/// the beat of 5/s would meet a slot of 250 ms in the same five phases for ever.
pub fn jittered(rate_per_s: f64, seconds: f64, rng: &mut Rng) -> Vec<u64> {
    let count = (rate_per_s * seconds).round() as u64;
    let at = |index: u64| ((index as f64 + rng.unit()) * 1e6 / rate_per_s) as u64;
    (0..count).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_interval_has_exactly_one_send() {
        let times = jittered(50.0, 10.0, &mut Rng::new(3));
        assert_eq!(times.len(), 500);
        for (interval, at_us) in times.iter().enumerate() {
            assert_eq!(at_us / 20_000, interval as u64);
        }
    }

    #[test]
    fn sends_meet_all_phases_of_a_slot() {
        let mut tenths = [0u32; 10];
        for at_us in jittered(5.0, 200.0, &mut Rng::new(3)) {
            tenths[(at_us % 250_000 / 25_000) as usize] += 1;
        }
        assert!(
            tenths.iter().all(|count| (60..140).contains(count)),
            "{tenths:?}"
        );
    }

    #[test]
    fn no_time_or_no_rate_means_no_sends() {
        assert!(jittered(5.0, 0.0, &mut Rng::new(1)).is_empty());
        assert!(jittered(0.0, 5.0, &mut Rng::new(1)).is_empty());
    }
}
