//! What is measured before there is a network, so that nothing runs beside it: what a proof of ours costs, and what
//! transfers of other shielded pools do.

use super::{
    peers::{self, Peer, Ratios},
    proving::{self, Proving},
};
use crate::output::{row, table};
use clap::Args;
use plume_bench::Progress;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Proofs to time while nothing else runs, of Plume and of each other system
    #[arg(long, default_value_t = 5, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100))]
    proofs: u32,

    /// Compare with other shielded pools by this program, plume-peers; scripts/bench builds and names it
    #[arg(long, value_name = "PATH")]
    peers: Option<PathBuf>,

    /// Compare with nothing, whatever --peers says
    #[arg(long)]
    no_peers: bool,
}

/// What was measured while nothing else ran.
#[derive(Debug, Serialize)]
pub(super) struct Quiet {
    plume: Proving,
    /// None if nothing was compared.
    peers: Option<Vec<Peer>>,
}

impl Quiet {
    /// Proves and verifies transfers of ours, and lets the other systems do the same. Holds the thread meanwhile.
    pub async fn measure(options: &Options, progress: &Progress) -> anyhow::Result<Self> {
        let program = options.peers.as_deref().filter(|_| !options.no_peers);
        // Whoever named a wrong path learns it before anything takes long.
        if let Some(program) = program {
            peers::ensure_program(program)?;
        }
        let plume = proving::measure(options.proofs, progress)?;
        let peers = match program {
            Some(program) => Some(peers::measure(program, options.proofs, &plume, progress).await?),
            None => None,
        };
        Ok(Self { plume, peers })
    }

    /// Prints all of it.
    pub fn print(&self) {
        let plume = &self.plume;
        let mut rows = vec![row([
            "a transfer, nothing beside it",
            "prove s",
            "best s",
            "CPU s",
            "verify ms",
            "proof bytes",
            "Plume to it: prove",
            "CPU",
            "verify",
            "bytes",
        ])];
        let cells = |name: String, times: [f64; 4], bytes: u64, ratios: Option<Ratios>| {
            let [prove_s, best_s, cpu_s, verify_ms] = times;
            let ratio = |of: fn(&Ratios) -> f64| {
                ratios
                    .as_ref()
                    .map_or("-".into(), |ratios| format!("{:.2}", of(ratios)))
            };
            vec![
                name,
                format!("{prove_s:.2}"),
                format!("{best_s:.2}"),
                format!("{cpu_s:.2}"),
                format!("{verify_ms:.1}"),
                bytes.to_string(),
                ratio(|ratios| ratios.prove),
                ratio(|ratios| ratios.prove_cpu),
                ratio(|ratios| ratios.verify),
                ratio(|ratios| ratios.proof_bytes),
            ]
        };
        rows.push(cells(
            "plume: two notes in, two out".into(),
            [
                plume.prove_s,
                plume.prove_best_s,
                plume.prove_cpu_s,
                plume.verify_ms,
            ],
            plume.proof_bytes,
            None,
        ));
        for Peer { said, ratios } in self.peers.iter().flatten() {
            rows.push(cells(
                format!("{} {}: {}", said.system, said.version, said.statement),
                [
                    said.prove_s,
                    said.prove_best_s,
                    said.prove_cpu_s,
                    said.verify_ms,
                ],
                said.proof_bytes,
                Some(*ratios),
            ));
        }
        table(&rows);
        println!("{}", plume.line());
        if self.peers.is_none() {
            println!("other systems: not compared, since there is no --peers");
        }
    }

    /// The same for the last line.
    pub fn fields(&self) -> String {
        let plume = &self.plume;
        let mut fields = format!(
            "prove_s={:.3} prove_best_s={:.3} prove_cpu_s={:.2} verify_ms={:.2} batch_verify_ms={:.2} peak_mib={}",
            plume.prove_s,
            plume.prove_best_s,
            plume.prove_cpu_s,
            plume.verify_ms,
            plume.batch_verify_ms,
            super::shown(plume.peak_mib, 0)
        );
        for bound in &plume.bounds {
            fields.push_str(&format!(" {}_bound={}", bound.of, bound.verdict.name()));
        }
        for Peer { said, ratios } in self.peers.iter().flatten() {
            let name = &said.system;
            fields.push_str(&format!(
                " {name}_prove_ratio={:.3} {name}_cpu_ratio={:.3} {name}_verify_ratio={:.3} {name}_bytes_ratio={:.3}",
                ratios.prove, ratios.prove_cpu, ratios.verify, ratios.proof_bytes
            ));
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(peers: Option<Vec<Peer>>) -> Quiet {
        Quiet {
            plume: proving::example(),
            peers,
        }
    }

    #[test]
    fn the_last_line_has_bounds_and_ratios() {
        let alone = "prove_s=1.000 prove_best_s=0.900 prove_cpu_s=1.80 verify_ms=4.00 batch_verify_ms=1.50 peak_mib=200 \
                     proving_bound=pass memory_bound=pass";
        assert_eq!(quiet(None).fields(), alone);
        let plume = proving::example();
        let peer = Peer::beside(&plume, peers::example()).expect("all figures are above zero");
        assert_eq!(
            quiet(Some(vec![peer])).fields(),
            format!(
                "{alone} orchard_prove_ratio=0.250 orchard_cpu_ratio=0.250 orchard_verify_ratio=0.100 orchard_bytes_ratio=0.053"
            )
        );
    }
}
