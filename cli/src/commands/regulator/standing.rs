//! What a supervisor and its warrant are good for now.
//!
//! The chain decides, and knows more: whether a subject is of the supervisor's jurisdictions, for one. But a call that it
//! refuses costs its fee all the same, so what can be seen beforehand is said beforehand, and nothing is sent.

use clap::ValueEnum;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{AccountId32, AtBlock, address, state};
use serde_json::Value as Json;

use super::unreadable;
use crate::commands::compliance::record::{bytes, integer};
use crate::commands::credential::chain;
use crate::failure::Failure;
use crate::moment;

/// The pallet that has supervisors, warrants and the log.
pub const PALLET: &str = "Regulator";

/// What a supervisor, or a warrant, is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Power {
    /// Stopping all that a subject has.
    FreezeSubjects,
    /// Keeping an amount that is on hold for a case where it is.
    FreezeAmounts,
    /// Having something about a subject opened.
    Access,
}

impl Power {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::FreezeSubjects, Self::FreezeAmounts, Self::Access];

    /// As the chain names it.
    pub fn field(self) -> &'static str {
        match self {
            Self::FreezeSubjects => "freeze_subjects",
            Self::FreezeAmounts => "freeze_amounts",
            Self::Access => "access",
        }
    }

    /// What it lets do.
    pub fn says(self) -> &'static str {
        match self {
            Self::FreezeSubjects => "freezing subjects",
            Self::FreezeAmounts => "freezing amounts on hold",
            Self::Access => "having something opened",
        }
    }

    /// Whether a supervisor's or a warrant's entry has it.
    pub fn is_of(self, entry: &Json) -> bool {
        entry["powers"][self.field()] == true
    }
}

/// Who wants to act, and when.
#[derive(Clone, Debug)]
pub struct Supervisor {
    /// Whose key signs.
    pub account: AccountId32,
    /// What the chain has of it; none for who is no supervisor.
    pub entry: Option<Json>,
    /// Seconds since the first block.
    pub now: u32,
    /// Time of the first block, in seconds since 1970.
    pub first_block_s: u64,
}

impl Supervisor {
    /// Reads what the chain has of an account.
    pub async fn read(at: &AtBlock, account: AccountId32) -> Result<Self, Failure> {
        let key = vec![Value::from_bytes(account.0)];
        Ok(Self {
            account,
            entry: state::entry(at, PALLET, "Supervisors", key).await?,
            now: chain::elapsed(at).await?,
            first_block_s: chain::first_block_s(at).await?,
        })
    }

    /// Refuses who is no supervisor, was dismissed, or is not good for this.
    pub fn ensure(&self, power: Power) -> Result<(), Failure> {
        let who = address::format(&self.account);
        let reason = match &self.entry {
            None => format!("{who} is no supervisor"),
            Some(entry) if entry["admitted"] != true => format!("{who} was dismissed"),
            Some(entry) if !power.is_of(entry) => {
                format!("{who} was not admitted for {}", power.says())
            }
            Some(_) => return Ok(()),
        };
        Err(Failure::new(
            reason,
            "Sign with a supervisor's key (--from); a vote admits supervisors and says what for, see docs/regulators.md",
        ))
    }

    /// A second since the first block as people write it.
    pub fn date(&self, second: u64) -> String {
        moment::format(self.first_block_s.saturating_add(second))
    }
}

/// A warrant by which somebody wants to act.
#[derive(Clone, Debug)]
pub struct Warrant {
    /// Its number.
    pub number: u32,
    /// What the chain has of it; none where there is no such warrant.
    pub entry: Option<Json>,
}

impl Warrant {
    /// Reads what the chain has of a warrant.
    pub async fn read(at: &AtBlock, number: u32) -> Result<Self, Failure> {
        let key = vec![Value::u128(number.into())];
        let entry = state::entry(at, PALLET, "Warrants", key).await?;
        Ok(Self { number, entry })
    }

    /// What the chain has of it, if it is this supervisor's.
    pub fn own(&self, supervisor: &Supervisor) -> Result<&Json, Failure> {
        let number = self.number;
        let list = "See yours with: plume regulator warrants --supervisor WHO";
        let Some(entry) = &self.entry else {
            let reason = format!("the chain has no warrant {number}");
            return Err(Failure::new(reason, list));
        };
        let owner = bytes(&entry["supervisor"]).map(AccountId32);
        let owner = owner.ok_or_else(unreadable)?;
        if owner != supervisor.account {
            let reason = format!(
                "warrant {number} is another supervisor's: {}",
                address::format(&owner)
            );
            return Err(Failure::new(reason, list));
        }
        Ok(entry)
    }

    /// The last second in which it counts, if it is this supervisor's, in force, and good for this.
    pub fn good_for(&self, supervisor: &Supervisor, power: Power) -> Result<u64, Failure> {
        let number = self.number;
        let entry = self.own(supervisor)?;
        supervisor.ensure(power)?;
        let until: u64 = integer(&entry["until"]).ok_or_else(unreadable)?;
        let reason = if entry["withdrawn"] == true {
            format!("warrant {number} was taken back")
        } else if u64::from(supervisor.now) > until {
            format!("warrant {number} has ended on {}", supervisor.date(until))
        } else if !power.is_of(entry) {
            format!("warrant {number} is not good for {}", power.says())
        } else {
            return Ok(until);
        };
        Err(Failure::new(
            reason,
            "Open another that is good for it: plume regulator open-warrant",
        ))
    }

    /// Refuses what it is plainly not about: another subject, or another case. Whom else it is about the chain finds out.
    pub fn ensure_about(&self, kind: &str, what: &str) -> Result<(), Failure> {
        let target = self.entry.as_ref().map(|entry| &entry["target"]);
        match target.and_then(state::variant) {
            Some((known, target)) if known == kind && target.as_str() != Some(what) => {
                Err(Failure::new(
                    format!(
                        "warrant {} is about another {}: {}",
                        self.number,
                        kind.to_ascii_lowercase(),
                        target.as_str().unwrap_or("unreadable")
                    ),
                    "Open one that is about this: plume regulator open-warrant",
                ))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hex(byte: u8) -> String {
        plume_sdk::raw::to_hex(&[byte; 32])
    }

    fn powers(access: bool) -> Json {
        json!({ "freeze_subjects": true, "freeze_amounts": false, "access": access })
    }

    fn supervisor() -> Supervisor {
        Supervisor {
            account: AccountId32([1; 32]),
            entry: Some(json!({ "powers": powers(true), "admitted": true })),
            now: 100,
            first_block_s: 1_795_478_400,
        }
    }

    fn warrant() -> Warrant {
        Warrant {
            number: 3,
            entry: Some(json!({
                "supervisor": hex(1), "target": { "Subject": hex(2) }, "powers": powers(false),
                "until": "100", "withdrawn": false,
            })),
        }
    }

    fn changed(field: &str, content: Json) -> Warrant {
        let mut warrant = warrant();
        if let Some(entry) = &mut warrant.entry {
            entry[field] = content;
        }
        warrant
    }

    fn reason<T: core::fmt::Debug>(result: Result<T, Failure>) -> String {
        result.expect_err("it is refused").reason
    }

    #[test]
    fn only_who_is_admitted_for_it_acts() {
        let supervisor = supervisor();
        assert_eq!(supervisor.ensure(Power::FreezeSubjects), Ok(()));
        let amounts = reason(supervisor.ensure(Power::FreezeAmounts));
        assert!(
            amounts.ends_with("was not admitted for freezing amounts on hold"),
            "{amounts}"
        );
        let dismissed = Supervisor {
            entry: Some(json!({ "powers": powers(true), "admitted": false })),
            ..supervisor.clone()
        };
        assert!(reason(dismissed.ensure(Power::Access)).ends_with("was dismissed"));
        let nobody = Supervisor {
            entry: None,
            ..supervisor
        };
        assert!(reason(nobody.ensure(Power::Access)).ends_with("is no supervisor"));
    }

    #[test]
    fn a_warrant_is_used_by_its_supervisor_while_it_counts_and_for_what_it_is_good_for() {
        let of = |warrant: Warrant, power| warrant.good_for(&supervisor(), power);
        let freeze = Power::FreezeSubjects;
        assert_eq!(of(warrant(), freeze), Ok(100));
        let missing = Warrant {
            number: 3,
            entry: None,
        };
        assert_eq!(reason(of(missing, freeze)), "the chain has no warrant 3");
        let other = reason(of(changed("supervisor", json!(hex(9))), freeze));
        assert!(other.contains("another supervisor's"), "{other}");
        let back = reason(of(changed("withdrawn", json!(true)), freeze));
        assert_eq!(back, "warrant 3 was taken back");
        let ended = reason(of(changed("until", json!("99")), freeze));
        assert_eq!(ended, "warrant 3 has ended on 2026-11-24T00:01:39Z");
        let weak = reason(of(warrant(), Power::Access));
        assert_eq!(weak, "warrant 3 is not good for having something opened");
    }

    #[test]
    fn a_warrant_about_one_subject_is_about_no_other() {
        assert_eq!(warrant().ensure_about("Subject", &hex(2)), Ok(()));
        let other = reason(warrant().ensure_about("Subject", &hex(3)));
        assert!(other.starts_with("warrant 3 is about another subject: 0x0202"));
        // Whether the subject has to do with the case the chain finds out.
        let case = changed("target", json!({ "Case": "17" }));
        assert_eq!(case.ensure_about("Subject", &hex(3)), Ok(()));
        assert_eq!(case.ensure_about("Case", "17"), Ok(()));
        assert!(case.ensure_about("Case", "18").is_err());
    }
}
