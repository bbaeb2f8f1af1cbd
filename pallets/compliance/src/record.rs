//! Makes a judgement come true: what is noted before the call, and what is done after it.

use crate::{
    Activities, Cases, Config, Envelopes, Event, Holds, NextCase, OpenCases, Pallet, Policies,
    Queue, Tallies, WeightInfo,
    activity::Party,
    custody,
    policy::{MAX_RULES, Scope},
    types::{
        Case, CaseId, Finding, FlowOf, Held, Judgement, PartyOf, Pending, Prepared, Receipt, Stage,
    },
};
use alloc::vec::Vec;
use frame_support::{BoundedVec, traits::Get, weights::Weight};
use plume_primitives::{
    Balance, Seconds,
    compliance::{
        Asset, Credentials, Flow, Lists, Prices, Ruling, Screen, Securities, SubjectId, Verdict,
    },
    screening::Screening,
};
use sp_runtime::traits::BlockNumberProvider;

/// Reads that a measured screening contains, and that are others': the subjects of both parties, and the price. Who
/// answers says what that has weighed.
const READS_OF_OTHERS: u64 = 3;

impl<T: Config> Pallet<T> {
    /// Notes what the recipients of flows that are to be held have before the call.
    pub fn prepare_judgement(judgement: Judgement<T>) -> Prepared<T> {
        let before = judgement
            .held()
            .map(|flow| custody::balance::<T>(flow.asset, &flow.to))
            .collect();
        Prepared { judgement, before }
    }

    /// Remembers the flows, opens a case where one is due, puts on hold what recipients have received, and
    /// answers what screening weighed in all. A denial is only said in an event.
    ///
    /// Never more is put on hold than a recipient has more than before. The existential deposit of a recipient
    /// without other funds stays with it, free, since an account cannot live from a hold; what is worth no more
    /// than that is not held.
    pub fn complete_flows(prepared: Prepared<T>) -> Weight {
        Self::hold_received(Self::remember(prepared))
    }

    /// Says in an event that flows were denied: those of what no pool refuses, like a scheduled call.
    pub fn deny(judgement: Judgement<T>) -> Weight {
        let weight = Self::weighed(&judgement);
        Self::deposit_event(Event::Denied {
            flows: judgement.flows,
            findings: judgement.findings,
        });
        weight
    }

    /// Remembers the flows of a judgement and opens a case where one is due.
    pub(crate) fn remember(prepared: Prepared<T>) -> Receipt<T> {
        let Prepared { judgement, before } = prepared;
        if judgement.ruling.verdict == Verdict::Deny {
            return Receipt {
                weight: Self::deny(judgement),
                ..Default::default()
            };
        }
        let mut weight = Self::weighed(&judgement);
        let about = judgement.about().cloned();
        let (now, ruling) = (judgement.now, judgement.ruling);
        for record in &judgement.parties {
            if record.has_changed {
                Activities::<T>::insert(&record.party, record.activity);
            }
        }
        for (sender, envelope) in &judgement.envelopes {
            Envelopes::<T>::mutate_exists(sender, |waiting| {
                if let Some(list) = waiting {
                    if let Some(place) = list.iter().position(|known| known == envelope) {
                        list.remove(place);
                    }
                    if list.is_empty() {
                        *waiting = None;
                    }
                }
            });
            Self::deposit_event(Event::TravelDataUsed {
                from: sender.clone(),
                envelope: envelope.clone(),
            });
        }
        for trial in &judgement.trials {
            Tallies::<T>::mutate(trial.scope, trial.version, |tally| {
                tally.add(&trial.tally);
            });
        }
        let pending = judgement
            .held()
            .zip(before)
            .map(|(flow, before)| Pending {
                before,
                flow: flow.clone(),
            })
            .collect();
        for (place, scope, version, verdict, reasons) in judgement.would_have {
            if let Some(flow) = judgement.flows.get(place as usize) {
                Self::deposit_event(Event::WouldHave {
                    scope,
                    version,
                    verdict,
                    reasons,
                    flow: flow.clone(),
                });
            }
        }
        let mut case = None;
        if !judgement.findings.is_empty() {
            let number = judgement.flows.len().try_into().unwrap_or(u32::MAX);
            weight = weight.saturating_add(T::WeightInfo::open_case(number));
            case = about.map(|about| {
                Self::open_case(now, about, judgement.flows, judgement.findings, ruling)
            });
        }
        Receipt {
            case,
            pending,
            weight,
        }
    }

    /// Opens a case, or adds to the one that is open about the same party when there is nothing to hold.
    fn open_case(
        now: Seconds,
        about: PartyOf<T>,
        flows: Vec<FlowOf<T>>,
        findings: Vec<Finding>,
        ruling: Ruling,
    ) -> CaseId {
        let open = OpenCases::<T>::get(&about);
        if ruling.verdict == Verdict::Alert
            && let Some(id) = open
        {
            Cases::<T>::mutate(id, |case| {
                if let Some(case) = case {
                    case.repeats = case.repeats.saturating_add(1);
                }
            });
            Self::deposit_event(Event::CaseRepeated {
                case: id,
                flows,
                findings,
            });
            return id;
        }
        let id = NextCase::<T>::get();
        NextCase::<T>::put(id.saturating_add(1));
        if open.is_none() {
            OpenCases::<T>::insert(&about, id);
        }
        Cases::<T>::insert(
            id,
            Case {
                opened: now,
                about: about.clone(),
                verdict: ruling.verdict,
                flows: BoundedVec::truncate_from(flows.clone()),
                findings: BoundedVec::truncate_from(findings.clone()),
                holds: BoundedVec::new(),
                repeats: 0,
                evidence: 0,
                stage: Stage::Open,
            },
        );
        Self::deposit_event(Event::CaseOpened {
            case: id,
            about,
            verdict: ruling.verdict,
            flows,
            findings,
        });
        id
    }

    /// Puts on hold what recipients have received.
    pub(crate) fn hold_received(receipt: Receipt<T>) -> Weight {
        let Receipt {
            case,
            pending,
            mut weight,
        } = receipt;
        let Some(id) = case else {
            return weight;
        };
        if pending.is_empty() {
            return weight;
        }
        let until = T::Time::current_block_number().saturating_add(T::ReviewPeriod::get());
        let mut held_now: Vec<(FlowOf<T>, Balance)> = Vec::new();
        let mut numbers = Vec::new();
        Queue::<T>::mutate(|queue| {
            for Pending { flow, before } in pending {
                weight = weight.saturating_add(T::WeightInfo::hold());
                let earlier = held_now
                    .iter()
                    .filter(|(known, _)| known.to == flow.to && known.asset == flow.asset)
                    .fold(0, |sum: Balance, (_, amount)| sum.saturating_add(*amount));
                let received = custody::balance::<T>(flow.asset, &flow.to)
                    .saturating_sub(before)
                    .saturating_sub(earlier);
                let amount = custody::hold::<T>(flow.asset, &flow.to, received.min(flow.amount));
                if amount == 0 {
                    Self::deposit_event(Event::NothingHeld { case: id, flow });
                    continue;
                }
                let number = queue.next;
                queue.next = number.saturating_add(1);
                Holds::<T>::insert(
                    number,
                    Held {
                        case: id,
                        from: flow.from.clone(),
                        to: flow.to.clone(),
                        asset: flow.asset,
                        amount,
                        until,
                    },
                );
                numbers.push(number);
                Self::deposit_event(Event::Held {
                    case: id,
                    hold: number,
                    from: flow.from.clone(),
                    to: flow.to.clone(),
                    asset: flow.asset,
                    amount,
                    until,
                });
                held_now.push((flow, amount));
            }
        });
        if !numbers.is_empty() {
            Cases::<T>::mutate(id, |case| {
                if let Some(case) = case {
                    case.holds = BoundedVec::truncate_from(numbers);
                }
            });
        }
        weight
    }

    /// Whether an asset has policies: one in force or tried, or one that was. Reads none of them.
    pub fn has_policy(asset: Asset) -> bool {
        let (own, class) = Scope::of(asset);
        Policies::<T>::contains_key(own) || class.is_some_and(Policies::<T>::contains_key)
    }

    /// What a judgement has weighed, and remembering it.
    fn weighed(judgement: &Judgement<T>) -> Weight {
        let (flows, rules) = judgement.evaluated;
        Self::evaluation_weight(flows, rules).saturating_add(judgement.asked)
    }

    /// What evaluating weighs besides what others answer: so many flows, so many rules for all of them together.
    fn evaluation_weight(flows: u32, rules: u32) -> Weight {
        let a_flow = rules.checked_div(flows).unwrap_or(0);
        T::WeightInfo::screen(a_flow.saturating_add(1))
            .saturating_sub(T::DbWeight::get().reads(READS_OF_OTHERS))
            .saturating_mul(flows.into())
    }

    /// The most that judging so many flows weighs, and remembering them: a policy and a trial of the most rules.
    fn most_weight(flows: u32) -> Weight {
        let flows = flows.min(T::MaxFlows::get());
        let rules = MAX_RULES.saturating_mul(2).saturating_mul(flows);
        let answers = T::Credentials::weight()
            .saturating_mul(2)
            .saturating_add(T::Prices::weight())
            .saturating_add(T::Securities::weight());
        Self::evaluation_weight(flows, rules).saturating_add(answers.saturating_mul(flows.into()))
    }
}

impl<T: Config> Screen<T::AccountId> for Pallet<T> {
    type Judgement = Judgement<T>;
    type Prepared = Prepared<T>;

    fn judge(flows: Vec<Flow<T::AccountId>>) -> Judgement<T> {
        Self::judge_flows(flows, T::Time::current_block_number())
    }

    fn ruling(judgement: &Judgement<T>) -> Ruling {
        judgement.ruling()
    }

    fn judged(judgement: &Judgement<T>) -> Weight {
        Self::weighed(judgement)
    }

    fn prepare(judgement: Judgement<T>) -> Prepared<T> {
        Self::prepare_judgement(judgement)
    }

    fn complete(prepared: Prepared<T>) -> Weight {
        Self::complete_flows(prepared)
    }

    /// With a policy and a trial of the most rules each, where all is held.
    fn weight(flows: u32) -> Weight {
        let flows = flows.min(T::MaxFlows::get());
        Self::most_weight(flows)
            .saturating_add(T::WeightInfo::open_case(flows))
            .saturating_add(T::WeightInfo::hold().saturating_mul(flows.into()))
    }

    fn judge_weight(flows: u32) -> Weight {
        Self::most_weight(flows)
    }
}

/// What screeners have posted about subjects.
impl<T: Config> Lists for Pallet<T> {
    fn names(subject: &SubjectId) -> bool {
        Activities::<T>::get(Party::Subject(*subject)).is_some_and(|known| known.marks.sanctioned)
    }
}

/// Whoever is known, in force and on no list may take part; everybody where no policy for PLUME is in force.
impl<T: Config> Screening<T::AccountId> for Pallet<T> {
    fn admits(who: &T::AccountId) -> bool {
        if Policies::<T>::get(Scope::Native).is_none_or(|state| state.active.is_none()) {
            return true;
        }
        let now = T::Time::current_block_number();
        T::Credentials::standing(who).is_some_and(|known| {
            let party = Self::party(who, Some(&known));
            let is_listed = Activities::<T>::get(party).is_some_and(|kept| kept.marks.sanctioned);
            known.in_force(now) && !known.sanctioned && !is_listed
        })
    }
}
