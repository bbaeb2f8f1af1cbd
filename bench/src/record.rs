//! What a light client is told of a network under test, kept in bounded memory.

use plume_localnet::{Error, Finality, Node, Trusted};
use tokio::{sync::oneshot, task::JoinHandle};

/// Changes of the voters that are kept, of some kilobytes each. No measurement has as many.
const MOST_CHANGES: usize = 1_024;
/// Other blocks that are kept, spread evenly over all.
const MOST_OTHERS: usize = 256;

/// Where a light client starts, and what it has to be told to follow.
#[derive(Debug)]
pub struct Record {
    trusted: Trusted,
    /// Blocks with which the voters change: none may be missing.
    changes: Vec<Finality>,
    others: Thinned<Finality>,
    /// Height of the last block that was noted.
    highest: u64,
    seen: u64,
    /// Why it is not whole, if it is not.
    broken: Option<String>,
}

impl Record {
    /// A record that starts from this block.
    fn new(trusted: Trusted) -> Self {
        Self {
            highest: trusted.height,
            trusted,
            changes: Vec::new(),
            others: Thinned::new(MOST_OTHERS),
            seen: 0,
            broken: None,
        }
    }

    /// Notes a block that became final. What is not above the last one is old.
    fn note(&mut self, finality: Finality) {
        if finality.height <= self.highest {
            return;
        }
        self.highest = finality.height;
        self.seen += 1;
        if !finality.changes_voters {
            self.others.offer(finality);
        } else if self.changes.len() < MOST_CHANGES {
            self.changes.push(finality);
        } else {
            let reason = || format!("the voters changed more than {MOST_CHANGES} times");
            self.broken.get_or_insert_with(reason);
        }
    }

    /// Final blocks that were seen with their justifications; not all are kept.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Why something is missing, if anything is.
    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// What is kept, as `plume-light-client` reads it: a line each, in the order of the heights.
    pub fn lines(&self) -> serde_json::Result<String> {
        let mut kept: Vec<_> = self.changes.iter().chain(&self.others.kept).collect();
        kept.sort_by_key(|finality| finality.height);
        let mut lines = serde_json::to_string(&self.trusted)? + "\n";
        for finality in kept {
            lines += &serde_json::to_string(finality)?;
            lines.push('\n');
        }
        Ok(lines)
    }
}

/// Records in the background what a node says. It ends with the node, or when it is dropped.
#[derive(Debug)]
pub struct Recorder {
    // The task ends when this is gone.
    stop: oneshot::Sender<()>,
    record: JoinHandle<Record>,
}

impl Recorder {
    /// Begins with the node's last final block.
    pub async fn start(node: &Node) -> Result<Self, Error> {
        let mut feed = node.finality_feed().await?;
        // Read when justifications come already, so that no change of the voters is in between.
        let mut record = Record::new(feed.trusted(None).await?);
        let (stop, mut stopped) = oneshot::channel();
        let task = async move {
            loop {
                tokio::select! {
                    biased;
                    _ = &mut stopped => return record,
                    next = feed.next() => match next {
                        Ok(finality) => record.note(finality),
                        Err(error) => {
                            record.broken = Some(error.to_string());
                            return record;
                        }
                    }
                }
            }
        };
        Ok(Self {
            stop,
            record: tokio::spawn(task),
        })
    }

    /// Ends it and hands out what it has.
    pub async fn stop(self) -> anyhow::Result<Record> {
        let Self { stop, record } = self;
        drop(stop);
        Ok(record.await?)
    }
}

/// Evenly spread items of a sequence of any length.
#[derive(Debug)]
struct Thinned<T> {
    kept: Vec<T>,
    most: usize,
    /// One in so many is kept.
    stride: usize,
    offered: usize,
}

impl<T> Thinned<T> {
    /// Keeps so many at most.
    fn new(most: usize) -> Self {
        Self {
            kept: Vec::new(),
            most,
            stride: 1,
            offered: 0,
        }
    }

    fn offer(&mut self, item: T) {
        let index = self.offered;
        self.offered += 1;
        if !index.is_multiple_of(self.stride) {
            return;
        }
        if self.kept.len() == self.most {
            let mut even = false;
            self.kept.retain(|_| {
                even = !even;
                even
            });
            self.stride *= 2;
        }
        if index.is_multiple_of(self.stride) {
            self.kept.push(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn record(height: u64) -> Record {
        Record::new(Trusted {
            height,
            header: json!({"number": height}),
            voters: "0x00".into(),
            set_id: 3,
        })
    }

    fn finality(height: u64, changes_voters: bool) -> Finality {
        Finality {
            height,
            changes_voters,
            header: json!({"number": height}),
            justification: "0x".into(),
        }
    }

    fn heights(record: &Record) -> Vec<u64> {
        let lines = record.lines().expect("it is plain");
        let number = |line: &str| {
            let line: Value = serde_json::from_str(line).expect("each line is JSON");
            line["header"]["number"].as_u64().expect("it has a number")
        };
        lines.lines().map(number).collect()
    }

    #[test]
    fn a_record_starts_with_the_trusted_block_and_goes_up() {
        let mut record = record(10);
        for (height, changes) in [(9, false), (10, true), (12, false), (13, true), (13, true)] {
            record.note(finality(height, changes));
        }
        record.note(finality(20, false));
        assert_eq!(heights(&record), [10, 12, 13, 20]);
        assert_eq!((record.seen(), record.broken()), (3, None));
    }

    #[test]
    fn a_long_record_keeps_every_change_of_the_voters_and_some_of_the_rest() {
        let mut record = record(0);
        for height in 1..=20_000 {
            record.note(finality(height, height % 1_000 == 0));
        }
        let kept = heights(&record);
        assert!(kept.len() <= 1 + 20 + MOST_OTHERS, "{}", kept.len());
        assert!((1..=20).all(|change| kept.contains(&(change * 1_000))));
        assert!(kept.is_sorted());
        assert_eq!(record.seen(), 20_000);
    }

    #[test]
    fn too_many_changes_leave_a_record_that_says_so() {
        let mut record = record(0);
        for height in 1..=MOST_CHANGES as u64 {
            record.note(finality(height, true));
        }
        assert_eq!(record.broken(), None);
        record.note(finality(MOST_CHANGES as u64 + 1, true));
        assert!(record.broken().is_some());
        assert_eq!(heights(&record).len(), MOST_CHANGES + 1);
    }

    #[test]
    fn what_is_thinned_out_stays_evenly_spread() {
        for most in [4, 5, 256] {
            let mut thinned = Thinned::new(most);
            for item in 0..10_000 {
                thinned.offer(item);
            }
            let kept = thinned.kept;
            assert!(
                kept.len() <= most && kept.len() > most / 3,
                "{}",
                kept.len()
            );
            assert!(
                kept.windows(2)
                    .all(|pair| pair[1] - pair[0] == thinned.stride)
            );
        }
    }
}
