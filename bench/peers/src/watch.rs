//! What a step takes.

use std::{fs, time::Instant};

/// Linux shows all processes the same clock tick of 10 ms, see proc(5).
const TICKS_PER_SECOND: f64 = 100.0;

/// What a step took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// Seconds by the clock.
    pub wall_s: f64,
    /// Seconds of processor time, all threads together.
    pub cpu_s: f64,
}

/// Says on standard error which step begins, and returns its result with what it took.
pub fn timed<T>(what: &str, step: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, Took)> {
    eprintln!("{what} ...");
    let (began, cpu_s) = (Instant::now(), own_seconds());
    let result = step()?;
    let took = Took {
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: own_seconds() - cpu_s,
    };
    Ok((result, took))
}

/// User and system time of this process, all threads; zero where there is no `/proc`.
fn own_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in parentheses and may hold anything; count after it.
    let Some((_, fields)) = stat.rsplit_once(')') else {
        return 0.0;
    };
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_works_takes_time_of_the_clock_and_of_the_processors() {
        let work = || {
            let began = Instant::now();
            let cpu_s = own_seconds();
            while own_seconds() == cpu_s && began.elapsed().as_secs() < 10 {
                std::hint::black_box((0..100_000u64).sum::<u64>());
            }
            Ok(7)
        };
        let (result, took) = timed("working", work).expect("it does not fail");
        assert_eq!(result, 7);
        assert!(took.wall_s > 0.0 && took.cpu_s > 0.0, "{took:?}");
    }
}
