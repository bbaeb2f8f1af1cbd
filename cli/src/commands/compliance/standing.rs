//! Where a case stands, and what an officer may do with it now.
//!
//! The chain decides. But a call that it refuses costs its fee all the same, and the chain gives no more than the name of an
//! error: so what can be seen beforehand is said beforehand, and nothing is sent.

use clap::ValueEnum;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{AccountId32, At, AtBlock, Client, address, state};
use serde_json::Value as Json;

use super::about;
use super::record::{bytes, integer};
use super::unreadable;
use crate::commands::credential::chain;
use crate::failure::Failure;
use crate::patience;

/// The pallet that has the cases.
pub const PALLET: &str = "Compliance";

/// How a case ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Outcome {
    /// Nothing was wrong; what is on hold goes to its recipients.
    Dismissed,
    /// It is reported, and what is on hold goes back to its senders; `reported` for short.
    #[value(alias = "reported")]
    ReportedAndReturned,
    /// It is reported, and what is on hold goes to its recipients, as an authority may ask for.
    ReportedAndReleased,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::Dismissed,
        Self::ReportedAndReturned,
        Self::ReportedAndReleased,
    ];

    /// As the command line writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dismissed => "dismissed",
            Self::ReportedAndReturned => "reported-and-returned",
            Self::ReportedAndReleased => "reported-and-released",
        }
    }

    /// As the chain names it.
    pub fn chain_name(self) -> &'static str {
        match self {
            Self::Dismissed => "Dismiss",
            Self::ReportedAndReturned => "ReportAndReturn",
            Self::ReportedAndReleased => "ReportAndRelease",
        }
    }

    /// What it means.
    pub fn says(self) -> &'static str {
        match self {
            Self::Dismissed => "nothing was wrong, and what is on hold goes to its recipients",
            Self::ReportedAndReturned => {
                "it is reported, and what is on hold goes back to its senders"
            }
            Self::ReportedAndReleased => {
                "it is reported, and what is on hold goes to its recipients all the same"
            }
        }
    }

    fn of_chain(closing: &Json) -> Option<Self> {
        let (name, _) = state::variant(closing)?;
        Self::ALL.into_iter().find(|one| one.chain_name() == name)
    }
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody looks at it.
    Open,
    /// An officer does.
    Investigating {
        /// Who.
        officer: AccountId32,
    },
    /// An officer has proposed how it is to end; another one has to agree.
    Proposed {
        /// Who.
        officer: AccountId32,
        /// How.
        outcome: Outcome,
    },
    /// It is over.
    Closed {
        /// How it ended.
        outcome: Outcome,
        /// When, in seconds since the first block.
        at: u64,
    },
}

impl Stage {
    /// Reads it from a case; none for one that cannot be read.
    pub fn of(case: &Json) -> Option<Self> {
        let (name, details) = state::variant(&case["stage"])?;
        let officer = || bytes(&details["officer"]).map(AccountId32);
        let outcome = || Outcome::of_chain(&details["closing"]);
        Some(match name {
            "Open" => Self::Open,
            "Investigating" => Self::Investigating {
                officer: officer()?,
            },
            "Proposed" => Self::Proposed {
                officer: officer()?,
                outcome: outcome()?,
            },
            "Closed" => Self::Closed {
                outcome: outcome()?,
                at: integer(&details["at"])?,
            },
            _ => return None,
        })
    }
}

/// A case as the chain has it, and who may work on it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Number of the case.
    pub number: u64,
    /// None where the chain has no such case.
    pub case: Option<Json>,
    /// All officers.
    pub officers: Vec<[u8; 32]>,
    /// Whether a supervisor keeps what is on hold for it where it is.
    pub is_frozen: bool,
}

impl Seen {
    /// Whom the case is about.
    pub fn about(&self) -> String {
        let about = self.case.as_ref().and_then(|case| about(&case["about"]));
        about.unwrap_or_else(|| "somebody unknown".into())
    }

    /// Where the case stands, for an officer who may work on it.
    pub fn workable_by(&self, who: &AccountId32) -> Result<Stage, Failure> {
        let number = self.number;
        if !self.officers.contains(&who.0) {
            return Err(Failure::new(
                format!("{} is no compliance officer", address::format(who)),
                "Sign with an officer's key (--from); officers are admitted by a vote, see docs/compliance.md",
            ));
        }
        let case = self.case.as_ref().ok_or_else(|| no_case(number))?;
        let stage = Stage::of(case).ok_or_else(|| unreadable(number, "stage"))?;
        if let Stage::Closed { outcome, .. } = stage {
            return Err(Failure::new(
                format!("case {number} is closed already, as {}", outcome.word()),
                "See those that are not with: plume compliance cases",
            ));
        }
        let is_own = state::items(&case["flows"]).into_iter().any(|flow| {
            let sides = [&flow["from"], &flow["to"]];
            sides.into_iter().any(|side| bytes(side) == Some(who.0))
        });
        if is_own {
            return Err(Failure::new(
                format!("your own account has paid or was paid in case {number}"),
                "Leave it to another officer: nobody works on a case of one's own",
            ));
        }
        Ok(stage)
    }

    /// Where the case stands, if this officer may take it.
    pub fn to_take(&self, who: &AccountId32) -> Result<Stage, Failure> {
        match self.workable_by(who)? {
            Stage::Proposed { officer, outcome } => Err(Failure::new(
                format!(
                    "{} has proposed to close case {} as {}, so it is too late to take it",
                    address::format(&officer),
                    self.number,
                    outcome.word()
                ),
                format!(
                    "Confirm it, or reject it to go on: plume compliance reject {} --evidence FILE",
                    self.number
                ),
            )),
            stage => Ok(stage),
        }
    }

    /// Refuses a proposal that the chain would not take from this officer now.
    pub fn to_propose(&self, who: &AccountId32) -> Result<(), Failure> {
        let number = self.number;
        match self.workable_by(who)? {
            Stage::Investigating { .. } => Ok(()),
            Stage::Proposed { officer, outcome } => Err(Failure::new(
                format!(
                    "{} has proposed already to close case {number} as {}",
                    address::format(&officer),
                    outcome.word()
                ),
                format!(
                    "Confirm it, or reject it before you propose anew: plume compliance reject {number} --evidence FILE"
                ),
            )),
            Stage::Open | Stage::Closed { .. } => Err(Failure::new(
                format!("nobody has taken case {number} yet"),
                format!("Take it first: plume compliance take {number}"),
            )),
        }
    }

    /// Who has proposed how to close it, where there is such a proposal.
    fn proposal(&self, who: &AccountId32) -> Result<(AccountId32, Outcome), Failure> {
        let number = self.number;
        match self.workable_by(who)? {
            Stage::Proposed { officer, outcome } => Ok((officer, outcome)),
            Stage::Open | Stage::Investigating { .. } | Stage::Closed { .. } => Err(Failure::new(
                format!("nobody has proposed how to close case {number}"),
                format!(
                    "One officer proposes: plume compliance propose {number} --outcome dismissed --evidence FILE; another confirms"
                ),
            )),
        }
    }

    /// Who has proposed what this officer wants to confirm.
    pub fn to_confirm(&self, who: &AccountId32, wanted: Outcome) -> Result<AccountId32, Failure> {
        let number = self.number;
        let (officer, outcome) = self.proposal(who)?;
        if outcome != wanted {
            return Err(Failure::new(
                format!(
                    "{} has proposed to close case {number} as {}, not as {}",
                    address::format(&officer),
                    outcome.word(),
                    wanted.word()
                ),
                format!(
                    "Confirm what was proposed, or reject it: plume compliance reject {number} --evidence FILE"
                ),
            ));
        }
        if officer == *who {
            return Err(Failure::new(
                format!("you have proposed yourself to close case {number}, and it takes two"),
                "Ask another officer to confirm; your own key cannot",
            ));
        }
        if !self.officers.contains(&officer.0) {
            return Err(Failure::new(
                format!(
                    "{}, who has proposed to close case {number}, is no officer any more",
                    address::format(&officer)
                ),
                format!(
                    "Reject it and propose anew: plume compliance reject {number} --evidence FILE"
                ),
            ));
        }
        let holds = self.case.as_ref().map(|case| state::items(&case["holds"]));
        if self.is_frozen && holds.is_some_and(|holds| !holds.is_empty()) {
            return Err(Failure::new(
                format!("a supervisor has frozen what is on hold for case {number}"),
                "Wait until the warrant ends, or ask for its release: plume regulator warrants",
            ));
        }
        Ok(officer)
    }

    /// Who has proposed what this officer wants to reject.
    pub fn to_reject(&self, who: &AccountId32) -> Result<(AccountId32, Outcome), Failure> {
        self.proposal(who)
    }
}

/// What to say of a case that the chain does not have.
pub fn no_case(number: u64) -> Failure {
    Failure::new(
        format!("the chain has no case {number}"),
        "See which there are with: plume compliance cases --all",
    )
}

/// Whether a warrant in force keeps what is on hold for a case where it is.
pub async fn is_amount_frozen(at: &AtBlock, case: u64) -> Result<bool, Failure> {
    let now = chain::elapsed(at).await?;
    let key = vec![Value::u128(case.into())];
    let warrants = state::entry(at, "Regulator", "AmountFreezes", key).await?;
    for warrant in warrants.iter().flat_map(state::items) {
        let number: u32 = integer(warrant).ok_or_else(|| unreadable(case, "freezes"))?;
        if chain::is_live(at, number, now).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// One case; none where the chain does not have it.
pub async fn case(at: &AtBlock, number: u64) -> Result<Option<Json>, Failure> {
    let key = vec![Value::u128(number.into())];
    Ok(state::entry(at, PALLET, "Cases", key).await?)
}

/// Reads what the chain has of a case in its last final block.
pub async fn see(client: &Client, number: u64) -> Result<Seen, Failure> {
    let reading = async {
        let at = client.at(At::Finalised).await?;
        let officers = state::entry(&at, PALLET, "Officers", vec![]).await?;
        let listed = officers.iter().flat_map(state::items);
        Ok::<_, Failure>(Seen {
            number,
            case: case(&at, number).await?,
            officers: listed.filter_map(bytes).collect(),
            is_frozen: is_amount_frozen(&at, number).await?,
        })
    };
    patience::wait("reading the case", reading).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use plume_sdk::raw;
    use serde_json::json;

    const OFFICERS: [[u8; 32]; 2] = [[3; 32], [4; 32]];

    fn hex(byte: u8) -> String {
        raw::to_hex(&[byte; 32])
    }

    fn who(byte: u8) -> AccountId32 {
        AccountId32([byte; 32])
    }

    fn seen(stage: Json) -> Seen {
        let case = json!({
            "about": { "Account": hex(1) }, "holds": "5", "stage": stage,
            "flows": [{ "from": hex(1), "to": hex(2) }, { "from": hex(1), "to": hex(3) }],
        });
        Seen {
            number: 7,
            case: Some(case),
            officers: OFFICERS.into(),
            is_frozen: false,
        }
    }

    /// The same case without the officer's own payment.
    fn clean(stage: Json) -> Seen {
        let mut seen = seen(stage);
        if let Some(case) = &mut seen.case {
            case["flows"] = json!({ "from": hex(1), "to": hex(2) });
        }
        seen
    }

    fn proposed(by: u8) -> Json {
        json!({ "Proposed": { "officer": hex(by), "closing": "Dismiss" } })
    }

    fn reason<T: core::fmt::Debug>(result: Result<T, Failure>) -> String {
        result.expect_err("it is refused").reason
    }

    #[test]
    fn outcomes_are_written_as_the_command_line_and_the_chain_write_them() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_str(outcome.word(), false), Ok(outcome));
            assert_eq!(
                Outcome::of_chain(&json!(outcome.chain_name())),
                Some(outcome)
            );
        }
        assert_eq!(
            Outcome::from_str("reported", false),
            Ok(Outcome::ReportedAndReturned)
        );
        assert_eq!(Outcome::of_chain(&json!("Unheard")), None);
    }

    #[test]
    fn only_officers_work_on_cases_that_exist_are_open_and_are_not_their_own() {
        let open = || clean(json!("Open"));
        assert_eq!(open().workable_by(&who(3)), Ok(Stage::Open));
        assert!(reason(open().workable_by(&who(9))).contains("is no compliance officer"));
        let missing = Seen {
            case: None,
            ..open()
        };
        assert_eq!(
            reason(missing.workable_by(&who(3))),
            "the chain has no case 7"
        );
        let closed = json!({ "Closed": { "closing": "ReportAndReturn", "at": "160", "proposed_by": hex(3) } });
        let closed = reason(clean(closed).workable_by(&who(3)));
        assert_eq!(closed, "case 7 is closed already, as reported-and-returned");
        let own = reason(seen(json!("Open")).workable_by(&who(3)));
        assert!(own.contains("your own account"), "{own}");
        assert!(seen(json!("Open")).workable_by(&who(4)).is_ok());
        assert!(clean(json!("Lost")).workable_by(&who(3)).is_err());
    }

    #[test]
    fn a_case_is_taken_then_proposed_and_not_the_other_way_round() {
        let investigating = json!({ "Investigating": { "officer": hex(4) } });
        assert!(clean(json!("Open")).to_take(&who(3)).is_ok());
        assert_eq!(
            clean(investigating.clone()).to_take(&who(3)),
            Ok(Stage::Investigating { officer: who(4) })
        );
        let late = reason(clean(proposed(4)).to_take(&who(3)));
        assert!(late.contains("too late"), "{late}");

        let early = clean(json!("Open")).to_propose(&who(3));
        let early = early.expect_err("nobody has taken it");
        assert_eq!(early.hint, "Take it first: plume compliance take 7");
        assert_eq!(clean(investigating).to_propose(&who(3)), Ok(()));
        let twice = reason(clean(proposed(3)).to_propose(&who(4)));
        assert!(twice.contains("already"), "{twice}");
    }

    #[test]
    fn it_takes_a_second_officer_who_confirms_what_was_proposed() {
        let confirm = |seen: &Seen, by: u8, outcome| seen.to_confirm(&who(by), outcome);
        let case = clean(proposed(3));
        assert_eq!(confirm(&case, 4, Outcome::Dismissed), Ok(who(3)));
        let alone = reason(confirm(&case, 3, Outcome::Dismissed));
        assert!(alone.ends_with("it takes two"), "{alone}");
        let other = reason(confirm(&case, 4, Outcome::ReportedAndReturned));
        assert!(
            other.ends_with("as dismissed, not as reported-and-returned"),
            "{other}"
        );
        let nothing = reason(confirm(&clean(json!("Open")), 4, Outcome::Dismissed));
        assert!(nothing.contains("nobody has proposed"), "{nothing}");
        let removed = reason(confirm(&clean(proposed(9)), 4, Outcome::Dismissed));
        assert!(removed.contains("no officer any more"), "{removed}");
    }

    #[test]
    fn what_is_frozen_stays_on_hold_and_a_case_without_holds_can_be_closed() {
        let mut case = clean(proposed(3));
        case.is_frozen = true;
        let frozen = reason(case.to_confirm(&who(4), Outcome::Dismissed));
        assert!(frozen.contains("a supervisor has frozen"), "{frozen}");
        if let Some(case) = &mut case.case {
            case["holds"] = json!([]);
        }
        assert!(case.to_confirm(&who(4), Outcome::Dismissed).is_ok());
    }

    #[test]
    fn a_proposal_is_rejected_by_any_officer_even_its_own() {
        for officer in [3, 4] {
            let rejected = clean(proposed(3)).to_reject(&who(officer));
            assert_eq!(rejected, Ok((who(3), Outcome::Dismissed)));
        }
        assert!(clean(json!("Open")).to_reject(&who(3)).is_err());
    }
}
