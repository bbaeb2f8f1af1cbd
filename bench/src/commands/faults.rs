//! What faults cost: nodes that die, stand still, lose their links, run twice, misbehave, or have a wrong
//! clock.
//!
//! Each node runs in a network namespace of its own behind relays that delay, stall and cut; where
//! namespaces cannot be made, nodes share the loopback, and what needs links is skipped. A seed decides
//! whom the script hits. An oracle reads every node all the while, and the run fails when two of them
//! ever finalise different blocks at one height. Before a network is stopped, a fresh node has to get in
//! and a light client has to follow.

mod adversary;
mod aftermath;
mod campaign;
mod clock;
mod delays;
mod dynamic_set;
mod evidence;
mod heights;
mod partition;
mod row;
mod shares;
mod signals;
mod twin;

use crate::{
    cli::Common,
    output::{Problems, latency_heading, latency_row, publish, table},
};
use adversary::Misbehaviour;
use aftermath::Aftermath;
use campaign::{Campaign, Closed};
use clap::{Args, ValueEnum};
use delays::Point;
use plume_bench::{Environment, Paid};
use plume_localnet::{Isolation, check_namespaces};
use row::Row;
use serde::Serialize;
use twin::Keys;

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
    /// A validator runs twice with one key
    Twin,
    /// A validator seals two blocks a slot, and votes once; a network of its own
    TwinSeals,
    /// An author builds on the parent of its predecessor's block, again and again; a network of its own
    SkipsPredecessor,
    /// An author announces its blocks and hands out none; a network of its own
    WithholdsBodies,
    /// A validator's clock drifts to 100, 300 and 1,000 ms ahead, and one behind; networks of their own
    Clock,
    /// Every link takes 150 ms one way: who keeps its slots; a network of its own
    SlowLinks,
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
    /// What links that are slow or stall cost, for each gossip duration.
    curve: Vec<Point>,
    /// How each network was left.
    aftermaths: Vec<Aftermath>,
    /// Heights at which the nodes' final blocks were compared.
    compared_heights: usize,
}

impl Figures {
    /// Notes what a campaign's network is, if it is the first.
    fn opened(&mut self, campaign: &Campaign<'_>) {
        let environment = || campaign.rig.environment.clone();
        self.environment.get_or_insert_with(environment);
    }

    /// Ends a campaign and notes how it left its network.
    async fn close(&mut self, campaign: Campaign<'_>) -> anyhow::Result<Paid> {
        let Closed {
            compared_heights,
            paid,
            aftermath,
        } = campaign.close().await?;
        self.compared_heights += compared_heights;
        self.aftermaths.push(aftermath);
        Ok(paid)
    }
}

impl Fault {
    /// Whether it is made on the network that most faults share. The others leave nodes that do not find
    /// back, or need another network.
    fn shares_network(self) -> bool {
        matches!(
            self,
            Self::LeaderKilled
                | Self::FDead
                | Self::Paused
                | Self::TooManyDead
                | Self::Partition
                | Self::Twin
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
        curve: Vec::new(),
        aftermaths: Vec::new(),
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
        if let Err(error) = on_its_own(fault, &options, &method, &mut figures).await {
            problems.0.push(format!("{}: {error:#}", fault.name()));
        }
    }
    let failed = figures.rows.iter().filter_map(|row| row.failed.clone());
    problems.0.extend(failed);
    let left = figures.aftermaths.iter();
    problems
        .0
        .extend(left.flat_map(|aftermath| aftermath.failed.clone()));
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
    figures.opened(&campaign);
    let measured = one_after_another(&mut campaign, faults, &mut figures.rows).await;
    let paid = figures.close(campaign).await;
    measured?;
    problems.unpaid(&paid?);
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
            Fault::Twin => rows.push(campaign.twin(Keys::All).await?),
            // See `Fault::shares_network`.
            Fault::TwinSeals
            | Fault::SkipsPredecessor
            | Fault::WithholdsBodies
            | Fault::Clock
            | Fault::SlowLinks
            | Fault::Delays
            | Fault::DeadOfSeven
            | Fault::DynamicSet => {}
        }
        if index + 1 < faults.len() {
            campaign.wait_everybody_back().await?;
        }
    }
    Ok(())
}

/// One fault, on a network of its own or several.
async fn on_its_own(
    fault: Fault,
    options: &Options,
    method: &Method,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let (common, isolation) = (&options.common, method.isolation);
    let seven = options.common.with_validators(SEVEN);
    let mut campaign = match fault {
        Fault::Delays => return delays::curve(options, method, figures).await,
        Fault::Clock => return clock::both_ways(options, method, figures).await,
        Fault::SkipsPredecessor => {
            adversary::open(options, method, Misbehaviour::SkipPredecessor).await?
        }
        Fault::WithholdsBodies => {
            adversary::open(options, method, Misbehaviour::WithholdBodies).await?
        }
        Fault::DeadOfSeven => Campaign::open(options, "faults-seven", &seven, isolation).await?,
        Fault::DynamicSet => dynamic_set::open(options, &seven, isolation).await?,
        Fault::TwinSeals => Campaign::open(options, "faults-seals", common, isolation).await?,
        _ => Campaign::open(options, "faults-slow", common, isolation).await?,
    };
    figures.opened(&campaign);
    let rows = &mut figures.rows;
    let measured = async {
        let row = match fault {
            Fault::SkipsPredecessor => {
                rows.extend(campaign.skips_predecessor().await?);
                return anyhow::Ok(());
            }
            Fault::WithholdsBodies => campaign.withholds_bodies().await?,
            Fault::DeadOfSeven => {
                let healthy = campaign.healthy("seven, healthy").await?;
                let healthy_p99_ms = healthy.finalised.p99_ms;
                rows.push(healthy);
                campaign.f_dead(healthy_p99_ms).await?
            }
            Fault::DynamicSet => campaign.dynamic_set().await?,
            Fault::TwinSeals => campaign.twin(Keys::Sealing).await?,
            _ => campaign.slow_links().await?,
        };
        rows.push(row);
        Ok(())
    }
    .await;
    let closed = figures.close(campaign).await;
    // What went wrong first explains the rest.
    measured?;
    closed.map(drop)
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
    if !figures.curve.is_empty() {
        println!();
        table(&delays::grid(&figures.curve));
    }
    println!();
    for aftermath in &figures.aftermaths {
        println!("{}", aftermath.line());
    }
    println!(
        "Faults are made by {}. Seed {}.",
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
