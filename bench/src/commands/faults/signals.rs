//! Nodes that die, and nodes that stand still: made with signals.

use super::{
    campaign::{Campaign, RETURN_LIMIT, SPARED, wait_all_vote, wait_rotation},
    row::{Row, Seen},
};
use anyhow::{Context, ensure};
use futures::future::try_join_all;
use plume_localnet::Node;
use std::time::{Duration, Instant};

/// How long a killed author stays dead.
const DEAD: Duration = Duration::from_secs(2);
/// Between the return of one and the death of the next.
const BETWEEN_DEATHS: Duration = Duration::from_secs(3);
/// How long more than f stay dead.
const HALTED: Duration = Duration::from_secs(8);
/// Votes that were on their way arrive within this.
const SETTLED: Duration = Duration::from_secs(3);
/// Finality has to go on so soon after enough nodes are back: they redial each other after five.
const RESUME_LIMIT: Duration = Duration::from_secs(8);
/// Submission to finality, with a failover in it.
const FAILOVER_P99_MS: f64 = 600.0;
/// p99 with f dead, after the rotation has changed, against the healthy p99 of the same run.
const DEAD_RATIO: f64 = 1.1;
/// While one stands still the others go on without such a break.
const PAUSE_STALL_MS: f64 = 1_000.0;

impl Campaign<'_> {
    pub(super) async fn leader_killed(&mut self) -> anyhow::Result<Row> {
        let (authors, seconds) = (self.authors.clone(), self.options.seconds);
        let name = "next author killed, again and again";
        let mut row = self
            .measure(name, seconds, &[], async |network| {
                let nodes = network.nodes();
                let began = Instant::now();
                let (mut deaths, mut votes) = (0, Vec::new());
                while began.elapsed().as_secs_f64() < seconds {
                    let witness = &nodes[SPARED];
                    let victim = &nodes[authors.next(witness, SPARED).await?];
                    victim.kill()?;
                    deaths += 1;
                    tokio::time::sleep(DEAD).await;
                    victim.start()?;
                    victim.wait_ready().await?;
                    let answers = Instant::now();
                    wait_rotation(&authors, witness, nodes.len()).await?;
                    // Another death before its votes count again would be one more than f.
                    wait_all_vote(witness).await?;
                    votes.push(format!("{:.1}", answers.elapsed().as_secs_f64()));
                    tokio::time::sleep(BETWEEN_DEATHS).await;
                }
                let note = format!("voted again after {} s", votes.join(", "));
                Ok(Seen::new(deaths, note))
            })
            .await?;
        let p99_ms = row.finalised.p99_ms;
        if p99_ms >= FAILOVER_P99_MS {
            row.complain(format!(
                "p99 {p99_ms:.0} ms is not below {FAILOVER_P99_MS:.0}"
            ));
        }
        Ok(row)
    }

    pub(super) async fn f_dead(&mut self, healthy_p99_ms: f64) -> anyhow::Result<Row> {
        let (authors, f, seconds) = (self.authors.clone(), self.f(), self.options.seconds);
        let nodes = self.nodes();
        let living = nodes.len() - f;
        for node in &nodes[living..] {
            node.kill()?;
        }
        wait_rotation(&authors, &nodes[SPARED], living).await?;
        let name = format!("{f} of {} dead", living + f);
        let script = async |_: &_| Ok(Seen::new(f, ""));
        let mut row = self.measure(&name, seconds, &[], script).await?;
        for node in &self.nodes()[living..] {
            node.start()?;
            node.wait_ready().await?;
        }
        let p99_ms = row.finalised.p99_ms;
        if p99_ms > healthy_p99_ms * DEAD_RATIO {
            row.complain(format!(
                "p99 {p99_ms:.0} ms is more than {DEAD_RATIO} times the healthy {healthy_p99_ms:.0}"
            ));
        }
        Ok(row)
    }

    pub(super) async fn paused(&mut self) -> anyhow::Result<Row> {
        let (number, seconds) = (self.victim(), self.options.seconds);
        let name = "one stands still for 0.5, 2, 5 s";
        let mut row = self
            .measure(name, seconds, &[], async |network| {
                let nodes = network.nodes();
                let victim = &nodes[number];
                let mut back = Vec::new();
                for seconds in [0.5, 2.0, 5.0] {
                    victim.pause()?;
                    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
                    let head = nodes[SPARED].finalised().await?;
                    victim.resume()?;
                    let resumed = Instant::now();
                    victim.wait_finalised(head, RETURN_LIMIT).await?;
                    back.push(format!("{:.0}", resumed.elapsed().as_secs_f64() * 1_000.0));
                    tokio::time::sleep(BETWEEN_DEATHS).await;
                }
                let note = format!("caught up after {} ms", back.join(", "));
                Ok(Seen::new(back.len(), note))
            })
            .await?;
        row.require_stall_below(PAUSE_STALL_MS);
        Ok(row)
    }

    pub(super) async fn too_many_dead(&mut self) -> anyhow::Result<Row> {
        let (dead, seconds) = (self.f() + 1, self.options.seconds);
        let name = format!(
            "{dead} of {} dead for {} s",
            self.nodes().len(),
            HALTED.as_secs()
        );
        self.measure(&name, seconds, &[], async |network| {
            let nodes = network.nodes();
            let (living, dying) = nodes.split_at(nodes.len() - dead);
            let witness = living.get(SPARED).context("somebody lives")?;
            for node in dying {
                node.kill()?;
            }
            tokio::time::sleep(SETTLED).await;
            let stood = witness.finalised().await?;
            tokio::time::sleep(HALTED - SETTLED).await;
            ensure!(
                witness.finalised().await? == stood,
                "finality went on without two thirds"
            );
            for node in dying {
                node.start()?;
            }
            // How long processes take to start is not the protocol's time.
            try_join_all(dying.iter().map(Node::wait_ready)).await?;
            let answer = Instant::now();
            witness.wait_finalised(stood + 1, RETURN_LIMIT).await?;
            let took = answer.elapsed();
            let note = format!(
                "stood still, resumed {:.1} s after all answered",
                took.as_secs_f64()
            );
            let mut seen = Seen::new(dead, note);
            if took > RESUME_LIMIT {
                seen.complaints.push(format!(
                    "finality resumed {:.1} s after all answered, which is more than {}",
                    took.as_secs_f64(),
                    RESUME_LIMIT.as_secs()
                ));
            }
            Ok(seen)
        })
        .await
    }
}
