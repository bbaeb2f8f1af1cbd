//! A spinner for waits that take longer than they ordinarily do.

use std::future::Future;
use std::io::{IsTerminal, stderr};
use std::pin::pin;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

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
