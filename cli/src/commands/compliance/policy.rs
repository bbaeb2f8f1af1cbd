//! `plume compliance policy`: what is in force and on trial, and the calls that change it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{At, Call, call, call_from_json, raw, state};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::super::{connect, submit};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{files, party, patience};

/// A policy has at most some dozens of rules.
const MAX_POLICY_BYTES: usize = 1024 * 1024;
const DAY_SECONDS: u32 = 86_400;

/// Show policies, and make the calls that change them.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Show the policies in force and on trial.
    #[command(after_help = "\
Examples:
  plume compliance policy show
  plume compliance policy show --json | jq .policies[].active")]
    Show,
    /// Make the call that puts a policy in force at once.
    #[command(after_help = "\
Examples:
  plume compliance policy enact policy.json --scope PLUME           For a referendum: call, hash, length
  plume compliance policy enact policy.json --scope assets --sudo //Alice    On a development network

policy.json:
  { \"rules\": [ { \"rule\": \"Sanctions\", \"severity\": \"High\", \"verdict\": \"Deny\",
      \"corridor\": { \"from\": null, \"to\": null },
      \"kinds\": { \"persons\": true, \"firms\": true, \"banks\": true }, \"once\": false } ],
    \"reporting_threshold\": 1000000, \"just_under\": 800000000, \"counterparty_from\": 100000,
    \"without_price\": \"Hold\" }

Amounts are hundredths of the reference currency, shares billionths. What is not of the runtime's types is refused with
its place. Try a policy before you enact it.")]
    Enact(EnactArgs),
    /// Make the call that tries a policy: it only counts what it would have done.
    #[command(
        after_help = "Examples:\n  plume compliance policy trial policy.json --scope PLUME --days 14"
    )]
    Trial(TrialArgs),
}

/// Which policy, for what.
#[derive(Args, Debug)]
pub struct EnactArgs {
    /// The policy, JSON.
    file: PathBuf,
    /// What it is for: `PLUME`, `assets` (all others), or the number of one asset.
    #[arg(long, value_parser = parse_scope)]
    scope: Json,
    /// Send it with a network's sudo key, where it has one: //Alice, a mnemonic, a seed, or @FILE.
    #[arg(long, value_name = "SECRET")]
    sudo: Option<String>,
}

/// And for how long.
#[derive(Args, Debug)]
pub struct TrialArgs {
    #[command(flatten)]
    policy: EnactArgs,
    /// Days of the trial.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=90))]
    days: u32,
}

fn parse_scope(text: &str) -> Result<Json, String> {
    match (text, text.parse::<u32>()) {
        ("PLUME", _) => Ok(json!("Native")),
        ("assets", _) => Ok(json!("Assets")),
        (_, Ok(number)) => Ok(json!({ "Asset": number })),
        _ => Err("write PLUME, assets, or the number of an asset".into()),
    }
}

/// A call for governance.
#[derive(Debug, Serialize)]
struct CallReport {
    pallet: String,
    name: String,
    /// As the runtime knows it: what `preimage.notePreimage` takes.
    data: String,
    /// By which a referendum names it.
    hash: String,
    length: usize,
    /// Where it was sent.
    tx_hash: Option<String>,
}

impl Report for CallReport {
    fn text(&self) -> String {
        let mut rows = vec![
            ("call", format!("{}.{}", self.pallet, self.name)),
            ("hash", self.hash.clone()),
            ("length", self.length.to_string()),
            ("data", self.data.clone()),
        ];
        if let Some(hash) = &self.tx_hash {
            rows.push(("sent", hash.clone()));
        }
        table(&rows)
    }
}

async fn make_call(
    args: &EnactArgs,
    name: &str,
    more: &[(&str, Json)],
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let signer = args.sudo.as_deref().map(party::signer).transpose()?;
    let bytes = files::read(&args.file, MAX_POLICY_BYTES)?;
    let wrong = |reason: String| {
        Failure::new(
            format!("{}: {reason}", args.file.display()),
            "See plume compliance policy enact --help for what a policy has",
        )
    };
    let policy: Json = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let mut arguments = vec![("scope", args.scope.clone()), ("policy", policy)];
    arguments.extend(more.iter().cloned());
    let made = call_from_json(&at, "Compliance", name, &arguments)
        .map_err(|error| wrong(error.to_string()))?;
    let data = client.call_data(&made).await?;
    let tx_hash = match &signer {
        None => None,
        Some(signer) => {
            let report = submit::send(&client, signer, &sudo(&made)).await?;
            Some(report.tx_hash().to_owned())
        }
    };
    output.report(&CallReport {
        pallet: made.pallet_name().to_owned(),
        name: made.call_name().to_owned(),
        hash: raw::to_hex(&raw::extrinsic_hash(&data).0),
        length: data.len(),
        data: raw::to_hex(&data),
        tx_hash,
    })
}

/// A call as root's, where a network has a sudo key.
fn sudo(of: &Call) -> Call {
    let inner = Value::variant(of.call_name(), of.call_data().clone());
    let inner = Value::unnamed_variant(of.pallet_name(), [inner]);
    call("Sudo", "sudo", [("call", inner)])
}

#[derive(Debug, Serialize)]
struct PolicyReport {
    policies: Vec<Json>,
}

impl Report for PolicyReport {
    fn text(&self) -> String {
        if self.policies.is_empty() {
            return "no policy is in force or on trial: everything is allowed".into();
        }
        let lines: Vec<String> = self.policies.iter().flat_map(policy_lines).collect();
        lines.join("\n")
    }
}

/// A scope's policies, a rule a line.
fn policy_lines(of: &Json) -> Vec<String> {
    let scope = of["scope"].to_string().replace(['"', '{', '}'], "");
    let mut lines = Vec::new();
    let tried = state::variant(&of["trial"]).map(|(_, trial)| &trial["tried"]);
    let active = state::variant(&of["active"]).map(|(_, active)| active);
    for (state_of_it, versioned) in [("in force", active), ("on trial", tried)] {
        let Some(versioned) = versioned.filter(|one| one.is_object()) else {
            continue;
        };
        let version = versioned["version"].as_str().unwrap_or("?");
        lines.push(format!("{scope}, version {version}, {state_of_it}"));
        for entry in state::items(&versioned["policy"]["rules"]) {
            let verdict = entry["verdict"].as_str().unwrap_or("?");
            lines.push(format!("  {verdict}: {}", entry["rule"]));
        }
    }
    lines
}

async fn show(global: &Global, output: &Output) -> Result<(), Failure> {
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let reading = state::entries(&at, "Compliance", "Policies");
    let entries = patience::wait("reading the policies", reading).await?;
    let policies = entries
        .into_iter()
        .filter_map(|(mut keys, mut policy)| {
            let scope = keys.pop()?;
            policy.as_object_mut()?.insert("scope".into(), scope);
            Some(policy)
        })
        .collect();
    output.report(&PolicyReport { policies })
}

/// Runs `plume compliance policy`.
pub async fn run(command: &PolicyCommand, global: &Global, output: &Output) -> Result<(), Failure> {
    match command {
        PolicyCommand::Show => show(global, output).await,
        PolicyCommand::Enact(args) => make_call(args, "enact_policy", &[], global, output).await,
        PolicyCommand::Trial(args) => {
            let seconds = json!(args.days.saturating_mul(DAY_SECONDS));
            let more = [("seconds", seconds)];
            make_call(&args.policy, "start_trial", &more, global, output).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_plume_the_other_assets_or_one() {
        assert_eq!(parse_scope("PLUME"), Ok(json!("Native")));
        assert_eq!(parse_scope("assets"), Ok(json!("Assets")));
        assert_eq!(parse_scope("7"), Ok(json!({ "Asset": 7 })));
        assert!(parse_scope("plume").is_err() && parse_scope("-1").is_err());
    }

    #[test]
    fn a_policy_is_told_rule_by_rule() {
        let policy = json!({
            "scope": "Native", "last_version": "2", "trial": "None",
            "active": { "Some": { "version": "2", "since": "0", "policy": { "rules": [
                { "rule": { "Sanctions": [] }, "severity": "High", "verdict": "Deny" },
                { "rule": { "FanIn": { "at_least": "7" } }, "severity": "Low", "verdict": "Alert" },
            ] } } },
        });
        let report = PolicyReport {
            policies: vec![policy],
        };
        let text = report.text();
        assert!(
            text.starts_with("Native, version 2, in force\n  Deny: "),
            "{text}"
        );
        assert_eq!(text.lines().count(), 3);
    }
}
