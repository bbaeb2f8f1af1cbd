//! `plume compliance return-expired` and `prune`: what anybody may sign when a time is over.

use clap::Args;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{AccountId32, At, AtBlock, Client, Event, Signer, address, amount, call, state};
use serde_json::Value as Json;

use super::record::{asset_number, bytes, integer};
use super::standing::{PALLET, Stage, case, is_amount_frozen, no_case};
use super::unreadable;
use crate::args::Global;
use crate::commands::act::{ActReport, Signing, limit, send};
use crate::commands::connect;
use crate::commands::credential::chain;
use crate::failure::Failure;
use crate::output::Output;
use crate::{moment, patience};

/// Which amount on hold.
#[derive(Args, Debug)]
pub struct ReturnArgs {
    /// Number of the hold [default: all whose time is over and that nobody has frozen]
    hold: Option<u64>,
    #[command(flatten)]
    signing: Signing,
}

/// Which case.
#[derive(Args, Debug)]
pub struct PruneArgs {
    /// Number of the case.
    case: u64,
    #[command(flatten)]
    signing: Signing,
}

/// An amount of an asset, for people: `12.5 PLUME`.
pub fn sum(of: &Json) -> Option<String> {
    let units: u128 = integer(&of["amount"])?;
    Some(match asset_number(&of["asset"])? {
        None => format!("{} PLUME", amount::format(units)),
        Some(number) => format!("{units} smallest units of asset {number}"),
    })
}

/// What was on hold and is not any more, a sentence each.
pub fn moved(events: &[Event]) -> Vec<String> {
    let sentence = |event: &Event| {
        let became = match event.name.as_str() {
            "Released" if event.pallet == PALLET => "is free for",
            "Returned" if event.pallet == PALLET => "went back to",
            _ => return None,
        };
        let to = AccountId32(bytes(&event.fields["to"])?);
        let sum = sum(&event.fields)?;
        Some(format!("{sum} {became} {}.", address::format(&to)))
    };
    events.iter().filter_map(sentence).collect()
}

/// An amount on hold.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hold {
    number: u64,
    case: u64,
    from: AccountId32,
    to: AccountId32,
    sum: String,
    /// From this second since the first block on it returns.
    until: u64,
}

impl Hold {
    fn read(number: u64, held: &Json) -> Option<Self> {
        Some(Self {
            number,
            case: integer(&held["case"])?,
            from: AccountId32(bytes(&held["from"])?),
            to: AccountId32(bytes(&held["to"])?),
            sum: sum(held)?,
            until: integer(&held["until"])?,
        })
    }

    /// Refuses one whose time is not over, or that a supervisor has frozen.
    fn ensure_due(&self, now: u64, first_block_s: u64, is_frozen: bool) -> Result<(), Failure> {
        let number = self.number;
        if now < self.until {
            let until = moment::format(first_block_s.saturating_add(self.until));
            return Err(Failure::new(
                format!("hold {number} is under review until {until}"),
                "Wait for the officers, or until then: it returns by itself",
            ));
        }
        if is_frozen {
            return Err(Failure::new(
                format!(
                    "a supervisor has frozen hold {number}, which belongs to case {}",
                    self.case
                ),
                "Wait until the warrant ends, or ask for its release: plume regulator warrants",
            ));
        }
        Ok(())
    }

    fn will(&self) -> String {
        format!(
            "The time of hold {} is over: {} go back from {} to {}, who has sent them. Its case stays open.",
            self.number,
            self.sum,
            address::format(&self.to),
            address::format(&self.from)
        )
    }
}

fn unreadable_hold(number: u64) -> Failure {
    Failure::new(
        format!("the chain's record of hold {number} cannot be read"),
        "Update plume to the version that came with this runtime",
    )
}

async fn one(at: &AtBlock, number: u64) -> Result<Hold, Failure> {
    let key = vec![Value::u128(number.into())];
    let held = state::entry(at, PALLET, "Holds", key).await?;
    let held = held.ok_or_else(|| {
        Failure::new(
            format!("nothing is on hold with the number {number}: it was decided or has returned"),
            "Leave the number out to return all whose time is over",
        )
    })?;
    Hold::read(number, &held).ok_or_else(|| unreadable_hold(number))
}

/// All holds, in the order of their numbers.
async fn all(at: &AtBlock) -> Result<Vec<Hold>, Failure> {
    let reading = state::entries(at, PALLET, "Holds");
    let entries = patience::wait("reading what is on hold", reading).await?;
    let mut holds = Vec::new();
    for (keys, held) in &entries {
        let number = keys.first().and_then(integer).unwrap_or_default();
        holds.push(Hold::read(number, held).ok_or_else(|| unreadable_hold(number))?);
    }
    holds.sort_by_key(|hold| hold.number);
    Ok(holds)
}

async fn give_back(
    client: &Client,
    signer: &Signer,
    hold: &Hold,
    output: &Output,
) -> Result<(), Failure> {
    let fields = [("hold", Value::u128(hold.number.into()))];
    let call = call(PALLET, "return_expired", fields);
    let transaction = send(client, signer, &call, &hold.will(), output).await?;
    let done = moved(transaction.events()).join(" ");
    let next = format!(
        "the case is still to be closed; an officer begins with: plume compliance take {} --from @officer.secret",
        hold.case
    );
    output.report(&ActReport {
        case: Some(hold.case),
        hold: Some(hold.number),
        ..ActReport::new(transaction, done, next)
    })
}

/// `plume compliance return-expired`.
pub async fn return_expired(
    args: &ReturnArgs,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let signer = args.signing.signer()?;
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let first_block_s = chain::first_block_s(&at).await?;
    let now: u64 = chain::elapsed(&at).await?.into();
    if let Some(number) = args.hold {
        let hold = one(&at, number).await?;
        let is_frozen = is_amount_frozen(&at, hold.case).await?;
        hold.ensure_due(now, first_block_s, is_frozen)?;
        return give_back(&client, &signer, &hold, output).await;
    }
    let mut returned = 0;
    for hold in all(&at).await? {
        // Most are under review: who has frozen them need not be asked.
        if hold.ensure_due(now, first_block_s, false).is_err() {
            continue;
        }
        if is_amount_frozen(&at, hold.case).await? {
            output.note(&format!("hold {} is frozen, and stays", hold.number));
            continue;
        }
        give_back(&client, &signer, &hold, output).await?;
        returned += 1;
    }
    if returned == 0 {
        output.note("nothing is on hold whose time is over");
    }
    Ok(())
}

/// How a case was closed and until when the chain keeps it, if that time is over. Times are seconds since the first block.
fn prunable(
    number: u64,
    case: &Json,
    retention: u64,
    now: u64,
    first_block_s: u64,
) -> Result<&'static str, Failure> {
    let stage = Stage::of(case).ok_or_else(|| unreadable(number, "stage"))?;
    let Stage::Closed { outcome, at } = stage else {
        return Err(Failure::new(
            format!("case {number} is not closed"),
            "Two officers close it: plume compliance propose, then plume compliance confirm",
        ));
    };
    let until = at.saturating_add(retention);
    if now < until {
        let until = moment::format(first_block_s.saturating_add(until));
        return Err(Failure::new(
            format!("case {number} has to be kept until {until}"),
            "Come back then; nothing is lost by waiting",
        ));
    }
    Ok(outcome.word())
}

/// `plume compliance prune`.
pub async fn prune(args: &PruneArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let (number, signer) = (args.case, args.signing.signer()?);
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let record = case(&at, number).await?;
    let record = record.ok_or_else(|| no_case(number))?;
    let retention = limit(&at, PALLET, "Retention")?.into();
    let now = chain::elapsed(&at).await?.into();
    let first_block_s = chain::first_block_s(&at).await?;
    let outcome = prunable(number, &record, retention, now, first_block_s)?;
    let will = format!(
        "The chain forgets case {number}, which was closed as {outcome} long ago. What happened stays in the blocks, which \
         archive nodes keep."
    );
    let call = call(PALLET, "prune_case", [("case", Value::u128(number.into()))]);
    let transaction = send(&client, &signer, &call, &will, output).await?;
    let done = format!("The chain has no case {number} any more.");
    output.report(&ActReport {
        case: Some(number),
        ..ActReport::new(transaction, done, "nothing more")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use crate::commands::compliance::ComplianceCommand;
    use clap::Parser;
    use plume_sdk::raw;
    use serde_json::json;

    const FIRST_BLOCK_S: u64 = 1_795_478_400;

    fn hex(byte: u8) -> String {
        raw::to_hex(&[byte; 32])
    }

    fn held() -> Json {
        json!({
            "case": "7", "from": hex(1), "to": hex(2), "asset": "Native",
            "amount": "200000000000000000000", "until": "60",
        })
    }

    #[test]
    fn a_hold_may_be_named_or_left_out() {
        let hold = |line: &str| match Cli::try_parse_from(line.split(' ')).expect(line).command {
            Command::Compliance(ComplianceCommand::ReturnExpired(args)) => args.hold,
            other => panic!("parsed as {other:?}"),
        };
        let line = "plume compliance return-expired --from //Alice";
        assert_eq!(hold(line), None);
        assert_eq!(hold(&format!("{line} 5")), Some(5));
        let prune = "plume compliance prune --from //Alice";
        assert!(Cli::try_parse_from(prune.split(' ')).is_err());
    }

    #[test]
    fn what_is_due_is_neither_under_review_nor_frozen() {
        let hold = Hold::read(5, &held()).expect("readable");
        assert!(hold.ensure_due(60, FIRST_BLOCK_S, false).is_ok());
        let early = hold.ensure_due(59, FIRST_BLOCK_S, false);
        let early = early.expect_err("a second is missing").reason;
        assert!(early.ends_with("until 2026-11-24T00:01:00Z"), "{early}");
        let frozen = hold.ensure_due(60, FIRST_BLOCK_S, true);
        let frozen = frozen.expect_err("it is frozen").reason;
        assert!(frozen.contains("frozen hold 5"), "{frozen}");
        assert!(hold.will().contains("200 PLUME go back from"));
        assert_eq!(Hold::read(5, &json!({})), None);
    }

    #[test]
    fn a_sum_is_told_in_its_asset() {
        let mut other = held();
        other["asset"] = json!({ "Other": "9" });
        assert_eq!(sum(&held()), Some("200 PLUME".into()));
        assert_eq!(
            sum(&other),
            Some("200000000000000000000 smallest units of asset 9".into())
        );
    }

    #[test]
    fn only_what_the_compliance_engine_moves_is_told() {
        let event = |pallet: &str, name: &str| Event {
            pallet: pallet.into(),
            name: name.into(),
            fields: held(),
        };
        let events = [
            event("Balances", "Released"),
            event("Compliance", "Released"),
            event("Compliance", "CaseClosed"),
        ];
        let address = address::format(&AccountId32([2; 32]));
        assert_eq!(
            moved(&events),
            [format!("200 PLUME is free for {address}.")]
        );
    }

    #[test]
    fn a_case_is_forgotten_when_it_was_closed_for_long() {
        let closed = json!({ "stage": { "Closed": { "closing": "Dismiss", "at": "40", "confirmed_by": hex(4) } } });
        let prunable = |case: &Json, now| prunable(7, case, 20, now, FIRST_BLOCK_S);
        assert_eq!(prunable(&closed, 60), Ok("dismissed"));
        let early = prunable(&closed, 59).expect_err("too early").reason;
        assert!(early.ends_with("until 2026-11-24T00:01:00Z"), "{early}");
        let open = prunable(&json!({ "stage": "Open" }), 60);
        assert!(open.expect_err("it is open").reason.contains("not closed"));
    }
}
