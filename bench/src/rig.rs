//! Everything a measurement needs, made ready: network, connections, follower, funded accounts.

use crate::{
    Accounts, Board, Environment, Follower, Paid, Progress, TRANSFER_PLANCK, Target, TargetOptions,
    drive,
    lanes::{self, Lane, Pace},
};
use anyhow::{bail, ensure};
use futures::future::try_join_all;
use plume_localnet::faults;
use plume_sdk::{
    Client,
    raw::{Rpc, Transport},
};
use std::time::Duration;

/// How long the funder's transfers may take to be final.
const FUNDING_LIMIT: Duration = Duration::from_secs(60);
/// Unanswered requests while funding.
const FUNDING_IN_FLIGHT: usize = 16;

/// What to make ready.
#[derive(Clone, Debug)]
pub struct RigOptions {
    /// The network.
    pub target: TargetOptions,
    /// How many payers (and as many payees).
    pub accounts: usize,
    /// Secret URI of who pays for it all.
    pub funder: String,
}

/// A network with funded accounts, followed.
pub struct Rig {
    /// The network.
    pub target: Target,
    /// A client of the followed node.
    pub client: Client,
    /// A connection to each node.
    pub endpoints: Vec<Rpc>,
    /// Follows the first node.
    pub follower: Follower,
    /// Times and counts; the funding transfers are part of them.
    pub board: Board,
    /// Payers and payees, funded.
    pub accounts: Accounts,
    /// What is measured, and on what.
    pub environment: Environment,
    payees_before_planck: u128,
    finalised_before: usize,
}

impl Rig {
    /// Opens the target, funds the accounts and waits until that is final.
    pub async fn set_up(options: &RigOptions, progress: &Progress) -> anyhow::Result<Self> {
        if options.target.urls.is_empty() {
            progress.step("Starting the network");
        }
        let target = Target::open(&options.target).await?;
        let Some(url) = target.urls().first().cloned() else {
            bail!("there is no node to talk to: give --url or --validators");
        };
        progress.step("Connecting");
        let client = Client::connect_with(&url, Transport::PlainAllowed).await?;
        let connections = target.urls().iter();
        let connections = connections.map(|url| Rpc::connect(url, Transport::PlainAllowed));
        let endpoints = try_join_all(connections).await?;
        let mut follower = Follower::start(&url).await?;
        let board = Board::new(follower.base());
        let environment = Environment::read(&client, &options.target).await?;

        progress.step("Funding the accounts");
        let mut accounts = Accounts::derive(&client, &options.funder, options.accounts).await?;
        let lane = Lane {
            rpc: client.raw().clone(),
            parcels: accounts.funding(&client, &board).await?,
        };
        let limit_us = u64::try_from(FUNDING_LIMIT.as_micros()).unwrap_or(u64::MAX);
        let pace = Pace {
            in_flight: FUNDING_IN_FLIGHT,
            window: usize::MAX,
            until_us: board.clock().now_us() + limit_us,
            retry: true,
        };
        let fund = async {
            lanes::feed(&board, std::slice::from_ref(&lane), pace).await;
            let settled = board.wait_settled(FUNDING_LIMIT, |_| true).await;
            ensure!(
                settled && board.counts().refused == 0,
                "the accounts could not be funded ({:?}, refusals {:?}): see whether the network \
                 finalises, and whether --funder has PLUME",
                board.counts(),
                board.refusal_examples()
            );
            Ok(())
        };
        drive(&mut follower, &board, &target, progress, fund).await?;
        progress.rebase(board.counts());
        accounts.ready(&client).await?;
        Ok(Self {
            payees_before_planck: accounts.payees_planck(&client).await?,
            finalised_before: board.counts().finalised,
            target,
            client,
            endpoints,
            follower,
            board,
            accounts,
            environment,
        })
    }

    /// What the payees received since the set-up, against what was finalised since.
    pub async fn paid(&self) -> anyhow::Result<Paid> {
        let transfers = self.board.counts().finalised - self.finalised_before;
        let now_planck = self.accounts.payees_planck(&self.client).await?;
        Ok(Paid {
            expected_planck: TRANSFER_PLANCK.saturating_mul(transfers as u128),
            found_planck: now_planck.saturating_sub(self.payees_before_planck),
        })
    }

    /// Lines of our nodes' logs that report an error.
    pub fn log_faults(&self) -> Vec<String> {
        faults::in_logs(self.target.nodes())
    }
}
