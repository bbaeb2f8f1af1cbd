//! What goes on, on standard error: one changing line in a terminal, else a line every few seconds.

use crate::{Counts, bar};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    cell::{Cell, RefCell},
    io::IsTerminal,
    time::{Duration, Instant},
};

/// Without a terminal, counts are worth a line this often.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Tells a person how far the measurement is.
pub struct Progress {
    bar: Option<ProgressBar>,
    step: RefCell<String>,
    last_plain: Cell<Instant>,
    /// What the set-up sent, which is no part of the measurement.
    base: Cell<Counts>,
    /// When the step began, and whether it says itself how far it is.
    began: Cell<Instant>,
    counts_itself: Cell<bool>,
}

impl Default for Progress {
    fn default() -> Self {
        let style = ProgressStyle::with_template("{spinner} {elapsed:>4} {msg}");
        let bar = std::io::stderr().is_terminal().then(|| {
            // Its own ticks only: a thread that redraws would take time from the nodes.
            let bar = ProgressBar::new_spinner();
            match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self {
            bar,
            step: RefCell::default(),
            last_plain: Cell::new(Instant::now()),
            base: Cell::default(),
            began: Cell::new(Instant::now()),
            counts_itself: Cell::default(),
        }
    }
}

impl Progress {
    /// A new step begins.
    pub fn step(&self, what: &str) {
        what.clone_into(&mut self.step.borrow_mut());
        match &self.bar {
            Some(bar) => {
                bar.set_message(format!("{what} ..."));
                bar.tick();
            }
            None => eprintln!("{what} ..."),
        }
        self.last_plain.set(Instant::now());
        self.began.set(Instant::now());
        self.counts_itself.set(false);
    }

    /// So many are done of a step that sends nothing. What is sent is not shown until the next step.
    pub fn at(&self, done: usize, total: usize) {
        self.counts_itself.set(true);
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let text = || {
            let elapsed = self.began.get().elapsed();
            bar::line(&self.step.borrow(), number(done), number(total), elapsed)
        };
        self.show(text);
    }

    /// Counts from here on begin at zero.
    pub fn rebase(&self, counts: Counts) {
        self.base.set(counts);
    }

    /// How far the step is.
    pub fn counts(&self, counts: &Counts) {
        if self.counts_itself.get() {
            return;
        }
        let base = self.base.get();
        let sent = counts.sent - base.sent;
        let finalised = counts.finalised - base.finalised;
        let (refused, pending) = (counts.refused - base.refused, counts.pending);
        self.show(|| {
            let step = self.step.borrow();
            let refused = match refused {
                0 => String::new(),
                some => format!(", {some} refused"),
            };
            format!("{step}: {sent} sent, {finalised} finalised, {pending} on their way{refused}")
        });
    }

    fn show(&self, text: impl Fn() -> String) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(text());
                bar.tick();
            }
            None if self.last_plain.get().elapsed() >= PLAIN_EVERY => {
                eprintln!("{}", text());
                self.last_plain.set(Instant::now());
            }
            None => {}
        }
    }

    /// Clears the changing line.
    pub fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
