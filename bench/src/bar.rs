//! How far something long is: how many are done, how fast, and for how long still.

use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

/// Without a terminal, progress is worth a line this often.
const PLAIN_EVERY: Duration = Duration::from_secs(10);

/// A bar on standard error, or a line now and then where there is no terminal.
pub struct Bar {
    what: String,
    total: u64,
    began: Instant,
    last_plain: Instant,
    drawn: Option<ProgressBar>,
}

impl Bar {
    /// Begins: `total` of something.
    pub fn new(what: &str, total: usize) -> Self {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let drawn = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total);
            let style = ProgressStyle::with_template("{msg} [{bar:30}]");
            style.map_or(bar.clone(), |style| bar.with_style(style))
        });
        let now = Instant::now();
        let bar = Self {
            what: what.to_owned(),
            total,
            began: now,
            last_plain: now,
            drawn,
        };
        bar.show(0);
        bar
    }

    /// So many are done.
    pub fn at(&mut self, done: usize) {
        let done = u64::try_from(done).unwrap_or(u64::MAX);
        if self.drawn.is_some() {
            self.show(done);
        } else if self.last_plain.elapsed() >= PLAIN_EVERY {
            self.last_plain = Instant::now();
            self.show(done);
        }
    }

    /// Clears the bar.
    pub fn done(self) {
        if let Some(drawn) = &self.drawn {
            drawn.finish_and_clear();
        }
    }

    fn show(&self, done: u64) {
        let text = line(&self.what, done, self.total, self.began.elapsed());
        match &self.drawn {
            Some(drawn) => {
                drawn.set_message(text);
                drawn.set_position(done);
            }
            None => eprintln!("{text}"),
        }
    }
}

/// Such as `Replaying: 1200 of 118250, 950 a second, 2 min 4 s left`.
pub(crate) fn line(what: &str, done: u64, total: u64, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    if done == 0 || seconds <= 0.0 {
        return format!("{what}: {done} of {total}");
    }
    let rate = done as f64 / seconds;
    let left_s = (total.saturating_sub(done) as f64 / rate).ceil() as u64;
    let left = match (left_s / 60, left_s % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    };
    format!("{what}: {done} of {total}, {rate:.0} a second, {left} left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_fast_it_is_and_when_it_will_be_over() {
        let at = |done, seconds| line("Replaying", done, 1_000, Duration::from_secs(seconds));
        assert_eq!(at(0, 5), "Replaying: 0 of 1000");
        assert_eq!(
            at(500, 10),
            "Replaying: 500 of 1000, 50 a second, 10 s left"
        );
        assert_eq!(
            at(10, 10),
            "Replaying: 10 of 1000, 1 a second, 16 min 30 s left"
        );
        assert_eq!(
            at(1_000, 10),
            "Replaying: 1000 of 1000, 100 a second, 0 s left"
        );
    }
}
