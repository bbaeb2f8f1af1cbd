//! A spinner for waits that take longer than they ordinarily do, and a bar for computations.

use std::future::Future;
use std::io::{IsTerminal, stderr};
use std::pin::pin;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use plume_ceremony::Progress;

/// Four blocks and their finality; whoever waits longer wants to know what for.
const ORDINARY_WAIT: Duration = Duration::from_millis(1_200);
const TICK: Duration = Duration::from_millis(100);

/// Waits, and says what for on a terminal if it takes longer than ordinary.
pub async fn wait<T>(what: &str, work: impl Future<Output = T>) -> T {
    if !stderr().is_terminal() {
        return work.await;
    }
    let mut work = pin!(work);
    if let Ok(result) = tokio::time::timeout(ORDINARY_WAIT, &mut work).await {
        return result;
    }
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
    let spinner = ProgressBar::new_spinner()
        .with_style(style)
        .with_message(what.to_owned());
    spinner.enable_steady_tick(TICK);
    let result = work.await;
    spinner.finish_and_clear();
    result
}

/// A bar for work that its owner moves. Hidden where nobody watches.
pub fn bar(what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg} {bar:24} {pos}/{len} {elapsed}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let target = if stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    ProgressBar::with_draw_target(None, target)
        .with_style(style)
        .with_message(what.to_owned())
}

/// A bar that a computation moves from its own thread.
#[derive(Clone)]
pub struct Watched(ProgressBar);

impl Progress for Watched {
    fn at(&self, what: &str, done: u64, all: u64) {
        self.0.set_message(what.to_owned());
        self.0.set_length(all);
        self.0.set_position(done);
    }
}

/// Computes on another thread, and says how far it is on a terminal if it takes longer than ordinary. `None` if the
/// computation ended by a panic.
pub async fn compute<T: Send + 'static>(
    what: &str,
    work: impl FnOnce(&Watched) -> T + Send + 'static,
) -> Option<T> {
    let style = ProgressStyle::with_template("{spinner} {msg} {bar:24} {pos}/{len} {elapsed}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden())
        .with_style(style)
        .with_message(what.to_owned());
    let watched = Watched(bar.clone());
    let mut result = tokio::task::spawn_blocking(move || work(&watched));
    if let Ok(result) = tokio::time::timeout(ORDINARY_WAIT, &mut result).await {
        return result.ok();
    }
    if stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.enable_steady_tick(TICK);
    }
    let result = result.await;
    bar.finish_and_clear();
    result.ok()
}
