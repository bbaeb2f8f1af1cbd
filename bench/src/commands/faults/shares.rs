//! What authors keep of their slots while somebody or something takes them away.

use super::campaign::SPARED;
use plume_bench::{
    Authors,
    history::{self, History},
};
use plume_localnet::Network;
use std::time::Duration;

/// What each author keeps of the slots that would be its own in an even rotation.
const KEPT: f64 = 0.5;
/// Evictions of authors that seal, in blocks of such authors: more than this share of all slots, and they
/// feed on each other.
const SPIRAL: f64 = 0.05;

/// Who sealed what for a while.
pub(super) struct Shares {
    history: History,
    /// Validators in all.
    count: usize,
}

impl Shares {
    /// Watches for so many seconds, and then reads what has become final of that time.
    pub async fn watch(network: &Network, authors: &Authors, seconds: f64) -> anyhow::Result<Self> {
        let node = &network.nodes()[SPARED];
        let from = node.finalised().await?;
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        let to = node.finalised().await?;
        Ok(Self {
            history: history::read(node, authors, from, to).await?,
            count: network.nodes().len(),
        })
    }

    /// What is known of each block.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// How many of its slots this author has kept; 1 is all of them in an even rotation.
    pub fn kept(&self, author: usize) -> f64 {
        let even = self.history.slots() as f64 / self.count as f64;
        match even > 0.0 {
            true => self.history.sealed_by(author) as f64 / even,
            false => 0.0,
        }
    }

    /// What was seen, for a row's note.
    pub fn note(&self) -> String {
        let everybody = 0..self.count;
        format!(
            "authors kept {} % of even shares, {} evictions in {} slots",
            self.percent(everybody),
            self.history.evictions().count(),
            self.history.slots()
        )
    }

    /// What is wrong, if these authors are the ones that seal as they should.
    pub fn complaints(&self, live: &[usize]) -> Vec<String> {
        let mut complaints = Vec::new();
        if live.iter().any(|author| self.kept(*author) < KEPT) {
            complaints.push(format!(
                "an author kept less than {:.0} % of its share: {} %",
                KEPT * 100.0,
                self.percent(live.iter().copied())
            ));
        }
        let is_live = |author: usize| live.contains(&author);
        let among_them = self
            .history
            .evictions()
            .filter(|eviction| is_live(eviction.of) && eviction.by.is_none_or(is_live))
            .count();
        if among_them as f64 > self.history.slots() as f64 * SPIRAL {
            complaints.push(format!(
                "authors that seal evicted each other {among_them} times in {} slots",
                self.history.slots()
            ));
        }
        complaints
    }

    fn percent(&self, authors: impl Iterator<Item = usize>) -> String {
        let percent: Vec<_> = authors
            .map(|author| format!("{:.0}", self.kept(author) * 100.0))
            .collect();
        percent.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of three authors in twelve slots, the last of which seals nothing.
    fn shares(authors: &[usize], rotations: Vec<Vec<usize>>) -> Shares {
        let authors = authors.iter().copied().map(Some).collect();
        Shares {
            history: History::new(12, authors, rotations),
            count: 3,
        }
    }

    #[test]
    fn half_of_an_even_share_is_enough_and_less_is_not() {
        let all = vec![vec![0, 1, 2]; 7];
        let fair = shares(&[0, 0, 0, 0, 1, 1], all.clone());
        assert_eq!((fair.kept(0), fair.kept(1), fair.kept(2)), (1.0, 0.5, 0.0));
        assert!(fair.complaints(&[0, 1]).is_empty());
        assert_eq!(
            fair.complaints(&[0, 1, 2]),
            ["an author kept less than 50 % of its share: 100, 50, 0 %"]
        );
        let unfair = shares(&[0, 0, 0, 0, 0, 1], all);
        assert_eq!(unfair.complaints(&[0, 1]).len(), 1);
    }

    #[test]
    fn only_authors_that_seal_as_they_should_can_make_a_spiral() {
        let rotations = vec![vec![0, 1, 2], vec![0, 2], vec![0, 2, 1], vec![0, 1]];
        // Author 1 goes out in the first block and 2 in the last.
        let by_the_third = shares(&[2, 0, 0], rotations.clone());
        assert_eq!(by_the_third.complaints(&[0]), Vec::<String>::new());
        assert!(by_the_third.note().ends_with("2 evictions in 12 slots"));
        let spiral = |shares: Shares, live: &[usize]| {
            let complaints = shares.complaints(live);
            complaints
                .iter()
                .any(|text| text.contains("evicted each other"))
        };
        assert!(!spiral(by_the_third, &[0, 1]));
        assert!(spiral(shares(&[0, 0, 0], rotations), &[0, 1]));
    }
}
