//! How far nodes are, and when they are one chain again.

use super::campaign::RETURN_LIMIT;
use futures::future::try_join_all;
use plume_localnet::Node;
use std::time::{Duration, Instant};

/// Between two looks while it is timed.
const LOOK: Duration = Duration::from_millis(50);

/// How far a node is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heights {
    pub best: u64,
    pub finalised: u64,
}

/// How far each node is.
pub(super) async fn all(nodes: &[Node]) -> anyhow::Result<Vec<Heights>> {
    try_join_all(nodes.iter().map(async |node| {
        anyhow::Ok(Heights {
            best: node.best().await?,
            finalised: node.finalised().await?,
        })
    }))
    .await
}

/// How nodes came together.
pub(super) struct Reunion {
    /// How far each was before.
    apart: Vec<Heights>,
    /// How far each was in the end.
    last: Vec<Heights>,
    /// Until one of them finalised more.
    first: Option<Duration>,
    /// Until all of them had finalised a block above everybody's best one of before: it was sealed by
    /// authors that hear each other.
    pub one_chain: Option<Duration>,
}

/// Waits until the nodes are one chain, beginning now, for [`RETURN_LIMIT`] at most.
pub(super) async fn reunion(nodes: &[Node]) -> anyhow::Result<Reunion> {
    let began = Instant::now();
    let apart = all(nodes).await?;
    let highest = |height: fn(&Heights) -> u64| apart.iter().map(height).max().unwrap_or(0);
    let (best, finalised) = (highest(|now| now.best), highest(|now| now.finalised));
    let mut reunion = Reunion {
        last: apart.clone(),
        apart,
        first: None,
        one_chain: None,
    };
    while reunion.one_chain.is_none() && began.elapsed() < RETURN_LIMIT {
        tokio::time::sleep(LOOK).await;
        reunion.last = all(nodes).await?;
        if reunion.last.iter().any(|now| now.finalised > finalised) {
            reunion.first.get_or_insert_with(|| began.elapsed());
        }
        if reunion.last.iter().all(|now| now.finalised > best) {
            reunion.one_chain = Some(began.elapsed());
        }
    }
    Ok(reunion)
}

impl Reunion {
    /// What was seen, for a row's note.
    pub fn note(&self) -> String {
        let say = |time: Option<Duration>| {
            time.map_or("never".into(), |time| {
                format!("{:.1} s", time.as_secs_f64())
            })
        };
        format!(
            "apart: {}; healed: finality after {}, one chain after {}",
            text(&self.apart),
            say(self.first),
            say(self.one_chain)
        )
    }

    /// What is wrong, if it took longer than this.
    pub fn complaint(&self, limit: Duration) -> Option<String> {
        match self.one_chain {
            Some(took) if took <= limit => None,
            Some(took) => Some(format!(
                "one chain {:.1} s after healing, which is more than {}",
                took.as_secs_f64(),
                limit.as_secs()
            )),
            None => Some(format!(
                "not one chain {} s after healing: {}",
                RETURN_LIMIT.as_secs(),
                text(&self.last)
            )),
        }
    }
}

fn text(heights: &[Heights]) -> String {
    let best: Vec<_> = heights.iter().map(|now| now.best).collect();
    let finalised: Vec<_> = heights.iter().map(|now| now.finalised).collect();
    format!("best {best:?}, final {finalised:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reunion_that_is_late_or_never_comes_is_complained_of() {
        let heights = vec![Heights {
            best: 9,
            finalised: 7,
        }];
        let mut reunion = Reunion {
            apart: heights.clone(),
            last: heights,
            first: None,
            one_chain: None,
        };
        let limit = Duration::from_secs(8);
        assert_eq!(
            reunion.complaint(limit).as_deref(),
            Some("not one chain 60 s after healing: best [9], final [7]")
        );
        reunion.one_chain = Some(Duration::from_secs(9));
        assert!(reunion.complaint(limit).is_some());
        reunion.one_chain = Some(Duration::from_secs(8));
        assert!(reunion.complaint(limit).is_none());
    }
}
