//! What faults cost: nodes that die, stand still, lose their links, run twice, or have a wrong clock.
//!
//! Each node runs in a network namespace of its own behind relays that delay, stall and cut; where
//! namespaces cannot be made, nodes share the loopback, and what needs links is skipped. A seed decides
//! whom the script hits. An oracle reads every node all the while, and the run fails when two of them
//! ever finalise different blocks at one height.

mod campaign;
mod clock;
mod delays;
mod dynamic_set;
mod heights;
mod partition;
mod row;
mod signals;
mod twin;

use crate::{
    cli::Common,
    output::{Problems, latency_heading, latency_row, publish, table},
};
use campaign::Campaign;
use clap::{Args, ValueEnum};
use plume_bench::Environment;
use plume_localnet::{Isolation, check_namespaces};
use row::Row;
use serde::Serialize;

/// Validators of the larger network, of which two may be dead.
const SEVEN: usize = 7;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Fault {
    /// The next author is killed and started again, again and again
    LeaderKilled,
    /// f validators are dead throughout
    FDead,
    /// A validator stands still (SIGSTOP) for 0.5, 2 and 5 s
    Paused,
    /// f + 1 validators are dead for a while
    TooManyDead,
    /// The network in halves, and without one validator, then healed
    Partition,
    /// Every link takes 150 ms one way: who keeps its slots; a network of its own
    SlowLinks,
    /// A validator's clock is ahead or behind by 100, 300 and 1,000 ms
    Clock,
    /// A validator runs twice with one key
    Twin,
    /// Links of 20, 50 and 150 ms, and links that stall, with three gossip durations; networks of its own
    Delays,
    /// Two of seven validators are dead throughout; a network of its own
    DeadOfSeven,
    /// The set of seven shrinks, grows and shrinks under load with one dead; a network of its own
    DynamicSet,
}

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only these faults
    #[arg(long, value_delimiter = ',', value_name = "FAULT,..")]
    only: Vec<Fault>,

    /// Transactions a second, sent to the first validator, which no fault hits
    #[arg(long, default_value_t = 10.0, value_name = "RATE")]
    rate: f64,

    /// Measured time of the healthy network and of each fault; a quarter of it for each delay and clock
    #[arg(long, default_value_t = 60.0, value_name = "S")]
    seconds: f64,

    /// How long a partition lasts
    #[arg(long, default_value_t = 60.0, value_name = "S")]
    partition_seconds: f64,

    /// Decides whom faults hit, and when; the same seed makes the same script
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,

    #[command(flatten)]
    common: Common,
}

/// How faults are made here.
#[derive(Clone, Debug)]
struct Method {
    isolation: Isolation,
    text: String,
    /// Why there are no links, if there are none.
    no_links: Option<String>,
}

impl Method {
    fn choose() -> Self {
        match check_namespaces() {
            Ok(()) => Self {
                isolation: Isolation::Namespaces,
                text: "signals, and relays between network namespaces on a bridge".into(),
                no_links: None,
            },
            Err(error) => Self {
                isolation: Isolation::Loopback,
                text: format!("signals, on one machine's loopback: {error}"),
                no_links: Some(error.to_string()),
            },
        }
    }
}

#[derive(Debug, Serialize)]
struct Figures {
    /// Of the first network.
    environment: Option<Environment>,
    /// How faults are made here.
    method: String,
    seed: u64,
    rows: Vec<Row>,
    /// Heights at which the nodes' final blocks were compared.
    compared_heights: usize,
}

impl Fault {
    /// Whether it is made on the network that most faults share.
    fn shares_network(self) -> bool {
        !matches!(
            self,
            Self::SlowLinks | Self::Delays | Self::DeadOfSeven | Self::DynamicSet
        )
    }

    fn needs_links(self) -> bool {
        matches!(self, Self::Partition | Self::SlowLinks | Self::Delays)
    }

    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

pub(crate) async fn run(options: Options) -> anyhow::Result<Vec<String>> {
    let method = Method::choose();
    let mut problems = Problems::default();
    let mut figures = Figures {
        environment: None,
        method: method.text.clone(),
        seed: options.seed,
        rows: Vec::new(),
        compared_heights: 0,
    };
    let asked = Fault::value_variants().iter().copied();
    let asked = asked.filter(|fault| options.only.is_empty() || options.only.contains(fault));
    let (mut shared, mut own) = (Vec::new(), Vec::new());
    for fault in asked {
        match &method.no_links {
            Some(reason) if fault.needs_links() => {
                figures.rows.push(Row::skipped(fault.name(), reason));
            }
            _ if fault.shares_network() => shared.push(fault),
            _ => own.push(fault),
        }
    }
    // What was measured before something breaks is still shown.
    if !shared.is_empty()
        && let Err(error) =
            on_one_network(&options, &method, &shared, &mut figures, &mut problems).await
    {
        problems.0.push(format!("{error:#}"));
    }
    for fault in own {
        let done = match fault {
            Fault::Delays => {
                let Figures {
                    rows,
                    compared_heights,
                    ..
                } = &mut figures;
                delays::curve(&options, &method, rows, compared_heights).await
            }
            Fault::DynamicSet => dynamic_set(&options, &method, &mut figures).await,
            Fault::SlowLinks => slow_links(&options, &method, &mut figures).await,
            _ => dead_of_seven(&options, &method, &mut figures).await,
        };
        if let Err(error) = done {
            problems.0.push(format!("{}: {error:#}", fault.name()));
        }
    }
    let failed = figures.rows.iter().filter_map(|row| row.failed.clone());
    problems.0.extend(failed);
    publish("faults", &figures, options.common.json)?;
    print(&figures);
    Ok(problems.0)
}

/// The healthy network, and one fault after another on it.
async fn on_one_network(
    options: &Options,
    method: &Method,
    faults: &[Fault],
    figures: &mut Figures,
    problems: &mut Problems,
) -> anyhow::Result<()> {
    let mut campaign = Campaign::open(options, "faults", &options.common, method.isolation).await?;
    figures.environment = Some(campaign.rig.environment.clone());
    let measured = one_after_another(&mut campaign, faults, &mut figures.rows).await;
    let (compared, paid) = campaign.close().await?;
    figures.compared_heights += compared;
    measured?;
    problems.unpaid(&paid);
    Ok(())
}

async fn one_after_another(
    campaign: &mut Campaign<'_>,
    faults: &[Fault],
    rows: &mut Vec<Row>,
) -> anyhow::Result<()> {
    let healthy = campaign.healthy("healthy").await?;
    let healthy_p99_ms = healthy.finalised.p99_ms;
    rows.push(healthy);
    for (index, fault) in faults.iter().enumerate() {
        match fault {
            Fault::LeaderKilled => rows.push(campaign.leader_killed().await?),
            Fault::FDead => rows.push(campaign.f_dead(healthy_p99_ms).await?),
            Fault::Paused => rows.push(campaign.paused().await?),
            Fault::TooManyDead => rows.push(campaign.too_many_dead().await?),
            Fault::Partition => rows.extend(campaign.partitions().await?),
            Fault::Clock => rows.extend(campaign.clocks().await?),
            Fault::Twin => rows.push(campaign.twin().await?),
            Fault::SlowLinks | Fault::Delays | Fault::DeadOfSeven | Fault::DynamicSet => {}
        }
        if index + 1 < faults.len() {
            campaign.wait_everybody_back().await?;
        }
    }
    Ok(())
}

/// On a network of its own, because not every node may find back.
async fn slow_links(
    options: &Options,
    method: &Method,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let mut campaign =
        Campaign::open(options, "faults-slow", &options.common, method.isolation).await?;
    let environment = campaign.rig.environment.clone();
    figures.environment.get_or_insert(environment);
    let row = campaign.slow_links().await;
    figures.compared_heights += campaign.close().await?.0;
    figures.rows.push(row?);
    Ok(())
}

/// Two of seven dead, beside the seven all alive.
async fn dead_of_seven(
    options: &Options,
    method: &Method,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let common = options.common.with_validators(SEVEN);
    let mut campaign = Campaign::open(options, "faults-seven", &common, method.isolation).await?;
    let environment = campaign.rig.environment.clone();
    figures.environment.get_or_insert(environment);
    let measured = async {
        let healthy = campaign.healthy("seven, healthy").await?;
        let healthy_p99_ms = healthy.finalised.p99_ms;
        figures.rows.push(healthy);
        figures.rows.push(campaign.f_dead(healthy_p99_ms).await?);
        Ok(())
    }
    .await;
    figures.compared_heights += campaign.close().await?.0;
    measured
}

/// The set of seven follows the load.
async fn dynamic_set(
    options: &Options,
    method: &Method,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let common = options.common.with_validators(SEVEN);
    let mut campaign = dynamic_set::open(options, &common, method.isolation).await?;
    let environment = campaign.rig.environment.clone();
    figures.environment.get_or_insert(environment);
    let measured = campaign
        .dynamic_set()
        .await
        .map(|row| figures.rows.push(row));
    figures.compared_heights += campaign.close().await?.0;
    measured
}

fn print(figures: &Figures) {
    let mut heading = latency_heading("submission to finality");
    heading.extend(["hits", "lost slots", "stall ms", ""].map(str::to_owned));
    let mut rows = vec![heading];
    for row in &figures.rows {
        let mut cells = latency_row(&row.name, &row.finalised);
        cells.push(row.hits.to_string());
        cells.push(format!("{} of {}", row.lost_slots, row.slots));
        cells.push(format!("{:.0}", row.longest_stall_ms));
        if row.skipped.is_some() {
            cells.iter_mut().skip(1).for_each(|cell| *cell = "-".into());
        }
        cells.push(row.verdict());
        rows.push(cells);
    }
    table(&rows);
    println!(
        "\nFaults are made by {}. Seed {}.",
        figures.method, figures.seed
    );
    println!(
        "no conflicting finality at {} heights",
        figures.compared_heights
    );
    let count = |is: fn(&Row) -> bool| figures.rows.iter().filter(|row| is(row)).count();
    println!(
        "faults rows={} failed={} skipped={}",
        figures.rows.len(),
        count(|row| row.failed.is_some()),
        count(|row| row.skipped.is_some())
    );
}
