//! Judges the flows of a call, in the order in which they happen. Reads only.
//!
//! What an earlier flow of the same call does to windows and ownership counts for the later ones, so that a
//! batch is judged as its parts would be one after the other.

use crate::{
    Config, Envelopes, Pallet, Policies,
    activity::{Activity, Party},
    ownership::Owners,
    pallet::Activities,
    peers::Tag,
    policy::{Policy, Rule, Scope, Severity, Side},
    rules::{Facts, PartyFacts, evaluate},
    types::{
        Envelope, Finding, FlowOf, Judgement, PartyOf, PartyRecord, PolicyState, TrialRecord,
        Version,
    },
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{traits::Get, weights::Weight};
use plume_primitives::{
    Balance, Seconds,
    compliance::{
        Asset, Credentials, Custody, Prices, Reason, RefValue, Ruling, Scrutiny, Securities,
        Standing, Verdict,
    },
    regulation::Freezes,
};

/// An account in a judgement.
struct Account<T: Config> {
    who: T::AccountId,
    standing: Option<Standing>,
    /// Its place among the parties.
    party: usize,
}

/// The policies of an asset in a judgement.
struct Loaded {
    scope: Scope,
    state: PolicyState,
    /// From which value on some rule asks for travel-rule data.
    travel_from: Option<RefValue>,
    /// Whether some rule looks at ownership.
    asks_ownership: bool,
}

/// What is known while a judgement is made.
struct Desk<T: Config> {
    now: Seconds,
    accounts: Vec<Account<T>>,
    policies: Vec<(Asset, Option<Loaded>)>,
    owners: Owners<T>,
    judgement: Judgement<T>,
}

impl<T: Config> Pallet<T> {
    /// The party that an account belongs to.
    pub(crate) fn party(who: &T::AccountId, standing: Option<&Standing>) -> PartyOf<T> {
        match standing.and_then(|known| known.subject) {
            Some(subject) => Party::Subject(subject),
            None => Party::Account(who.clone()),
        }
    }

    /// Judges flows in the order in which they will happen.
    pub fn judge_flows(flows: Vec<FlowOf<T>>, now: Seconds) -> Judgement<T> {
        let most = T::MaxFlows::get();
        let mut desk = Desk::<T> {
            now,
            accounts: Vec::new(),
            policies: Vec::new(),
            owners: Owners::default(),
            judgement: Judgement {
                now,
                flows: Vec::new(),
                verdicts: Vec::new(),
                sides: Vec::new(),
                ruling: Ruling::default(),
                findings: Vec::new(),
                parties: Vec::new(),
                trials: Vec::new(),
                would_have: Vec::new(),
                envelopes: Vec::new(),
                evaluated: (0, 0),
                asked: Weight::zero(),
            },
        };
        for (place, flow) in (0..).zip(&flows) {
            // Only what meets a policy counts; looking for one costs something, too.
            if desk.judgement.evaluated.0 >= most || desk.policies.len() > most as usize {
                desk.deny(place, Reason::TooManyFlows, Severity::Low);
                break;
            }
            desk.judgement.sides.push(None);
            let verdict = desk.judge(place, flow);
            desk.judgement.verdicts.push(verdict);
        }
        desk.deny_what_cannot_be_held(&flows);
        let mut judgement = desk.judgement;
        judgement.flows = flows;
        // The weightiest first; of two alike, that of the earlier flow and rule.
        judgement
            .findings
            .sort_by_key(|finding| core::cmp::Reverse((finding.verdict, finding.severity)));
        if let Some(first) = judgement.findings.first() {
            judgement.ruling = Ruling {
                verdict: first.verdict,
                reason: Some(first.reason),
            };
        }
        judgement
    }
}

impl<T: Config> Desk<T> {
    /// The engine itself denies a flow.
    fn deny(&mut self, flow: u32, reason: Reason, severity: Severity) {
        self.judgement.findings.push(Finding {
            flow,
            policy: None,
            rule: None,
            reason,
            about: Side::From,
            severity,
            verdict: Verdict::Deny,
        });
    }

    /// Judges one flow, and remembers it for the next ones.
    fn judge(&mut self, place: u32, flow: &FlowOf<T>) -> Verdict {
        let scrutiny = flow.kind.scrutiny();
        if scrutiny == Scrutiny::Exempt || flow.amount == 0 {
            return Verdict::Allow;
        }
        let policy = self.policy(flow.asset);
        let Some((_, Some(loaded))) = self.policies.get(policy) else {
            return self.judge_without_policy(place, flow);
        };
        let (travel_from, asks_ownership) = (loaded.travel_from, loaded.asks_ownership);

        let (value, without_price) = value::<T>(flow.asset, flow.amount, self.now);
        self.weigh(T::Prices::weight());
        let pooled = Side::pooled(flow.kind);
        let from = self.account(&flow.from, pooled == Some(Side::From));
        let to = self.account(&flow.to, pooled == Some(Side::To));
        let frozen = {
            let standing = |side: usize| {
                self.accounts
                    .get(side)
                    .and_then(|known| known.standing.as_ref())
            };
            frozen_side(standing(from), standing(to))
        };
        let frozen = self.deny_frozen(place, frozen);
        let envelope = travel_from
            .filter(|at_least| scrutiny == Scrutiny::Full && value >= *at_least)
            .and_then(|_| self.envelope(flow));
        if asks_ownership {
            self.weigh(T::Securities::weight());
        }
        let ownership = asks_ownership.then(|| self.owners.before(flow)).flatten();

        // What was loaded above is looked up again: nothing of it may be missing.
        let (Some(sender), Some(recipient), Some((_, Some(loaded)))) = (
            self.accounts.get(from),
            self.accounts.get(to),
            self.policies.get(policy),
        ) else {
            return Verdict::Deny;
        };
        let parties = &self.judgement.parties;
        let (Some(sender_party), Some(recipient_party)) =
            (parties.get(sender.party), parties.get(recipient.party))
        else {
            return Verdict::Deny;
        };
        if let Some(sides) = self.judgement.sides.last_mut() {
            *sides = Some((sender.party, recipient.party));
        }
        let within_a_party = sender.party == recipient.party;
        let (sender_place, sender_tag) = (sender.party, sender_party.tag);
        let (recipient_place, recipient_tag) = (recipient.party, recipient_party.tag);
        let mut facts = Facts {
            now: self.now,
            kind: flow.kind,
            within_a_party,
            value,
            just_under: false,
            dust_below: 0,
            amount: flow.amount,
            from: PartyFacts {
                standing: sender.standing.as_ref(),
                activity: &sender_party.activity,
                tag: sender_tag,
            },
            to: PartyFacts {
                standing: recipient.standing.as_ref(),
                activity: &recipient_party.activity,
                tag: recipient_tag,
            },
            has_travel_data: envelope.is_some(),
            ownership,
        };
        let carried = facts.carried();

        // The trial first: what is remembered is counted by the policy in force.
        let mut evaluated: u32 = 0;
        let mut tried = None;
        if let Some(trial) = &loaded.state.trial {
            let policy = &trial.tried.policy;
            facts.just_under = policy.is_just_under(value);
            facts.dust_below = policy.counterparty_from;
            let mut verdict = Verdict::Allow;
            let mut reasons = Vec::new();
            if let Some(reason) = without_price {
                verdict = policy.without_price;
                if verdict > Verdict::Allow {
                    reasons.push(reason);
                }
            }
            for entry in &policy.rules {
                if let Some((asked, reason)) = evaluate(entry, &facts) {
                    verdict = verdict.max(asked);
                    reasons.push(reason);
                }
            }
            evaluated = evaluated.saturating_add(rules_of(policy));
            tried = Some((loaded.scope, trial.tried.version, verdict, reasons));
        }

        let mut verdict = frozen;
        let findings = &mut self.judgement.findings;
        if let Some(active) = &loaded.state.active {
            let policy = &active.policy;
            let by = Some((loaded.scope, active.version));
            facts.just_under = policy.is_just_under(value);
            facts.dust_below = policy.counterparty_from;
            if let Some(reason) = without_price
                && policy.without_price > Verdict::Allow
            {
                verdict = policy.without_price;
                findings.push(Finding {
                    flow: place,
                    policy: by,
                    rule: None,
                    reason,
                    about: match pooled {
                        Some(Side::From) => Side::To,
                        _ => Side::From,
                    },
                    severity: Severity::Low,
                    verdict,
                });
            }
            for (rule, entry) in (0..).zip(&policy.rules) {
                if let Some((asked, reason)) = evaluate(entry, &facts) {
                    verdict = verdict.max(asked);
                    findings.push(Finding {
                        flow: place,
                        policy: by,
                        rule: Some(rule),
                        about: about(&entry.rule, reason),
                        reason,
                        severity: entry.severity,
                        verdict: asked,
                    });
                }
            }
            evaluated = evaluated.saturating_add(rules_of(policy));
        }
        let (bucket, dust_below) = (facts.as_bucket(), facts.dust_below);

        if scrutiny == Scrutiny::Full && !within_a_party {
            let parties = &mut self.judgement.parties;
            if pooled != Some(Side::From)
                && let Some(sender) = parties.get_mut(sender_place)
            {
                sender
                    .activity
                    .send(recipient_tag, bucket, carried, dust_below, self.now);
                sender.has_changed = true;
            }
            if pooled != Some(Side::To)
                && let Some(recipient) = parties.get_mut(recipient_place)
            {
                recipient
                    .activity
                    .receive(sender_tag, bucket, carried, dust_below, self.now);
                recipient.has_changed = true;
            }
        }
        if let Some(envelope) = envelope {
            self.judgement.envelopes.push((flow.from.clone(), envelope));
        }
        if let Some((scope, version, verdict, reasons)) = tried {
            self.count_trial(place, scope, version, verdict, reasons);
        }
        self.judgement.evaluated.0 = self.judgement.evaluated.0.saturating_add(1);
        self.judgement.evaluated.1 = self.judgement.evaluated.1.saturating_add(evaluated);
        if ownership.is_some() {
            self.owners.after(flow);
        }
        verdict
    }

    /// Where there is no policy, a supervisor's freeze stops value all the same.
    fn judge_without_policy(&mut self, place: u32, flow: &FlowOf<T>) -> Verdict {
        self.weigh(T::DbWeight::get().reads(1));
        if !T::Freezes::any_subject() {
            return Verdict::Allow;
        }
        let [from, to] = [&flow.from, &flow.to].map(|who| {
            let (standing, weighed) = T::Credentials::standing_weighed(who);
            self.weigh(weighed);
            standing
        });
        self.judgement.evaluated.0 = self.judgement.evaluated.0.saturating_add(1);
        self.deny_frozen(place, frozen_side(from.as_ref(), to.as_ref()))
    }

    /// Denies a flow from or to somebody who is frozen, whatever the policy says.
    fn deny_frozen(&mut self, place: u32, reason: Option<Reason>) -> Verdict {
        match reason {
            Some(reason) => {
                self.deny(place, reason, Severity::High);
                Verdict::Deny
            }
            None => Verdict::Allow,
        }
    }

    fn count_trial(
        &mut self,
        place: u32,
        scope: Scope,
        version: Version,
        verdict: Verdict,
        reasons: Vec<Reason>,
    ) {
        let trials = &mut self.judgement.trials;
        match trials.iter_mut().find(|trial| trial.scope == scope) {
            Some(trial) => trial.tally.count(verdict),
            None => {
                let mut trial = TrialRecord {
                    scope,
                    version,
                    tally: Default::default(),
                };
                trial.tally.count(verdict);
                trials.push(trial);
            }
        }
        if verdict > Verdict::Allow {
            self.judgement
                .would_have
                .push((place, scope, version, verdict, reasons));
        }
    }

    /// What is held is what a recipient has more after the call than before. That says nothing of a flow whose
    /// recipient spends the same asset in the same call, or gets it from others too: such a call is denied,
    /// and so is one whose asset or kind of flow cannot be held.
    fn deny_what_cannot_be_held(&mut self, flows: &[FlowOf<T>]) {
        for (number, flow) in (0u32..).zip(flows) {
            let place = number as usize;
            if self.judgement.verdicts.get(place) != Some(&Verdict::Hold) {
                continue;
            }
            let others = || {
                let all = flows.iter().enumerate();
                all.filter(|(other, _)| *other != place)
                    .map(|(_, other)| other)
                    .filter(|other| other.asset == flow.asset && other.from != other.to)
            };
            let can_be_held = flow.kind.can_be_held()
                && match flow.asset {
                    Asset::Native => true,
                    Asset::Other(id) => T::OtherAssets::can_hold(id),
                };
            let reason = if others().any(|other| other.from == flow.to) {
                Reason::SpendsWhatIsHeld
            } else if !can_be_held
                || others().any(|other| other.to == flow.to && other.from != flow.from)
            {
                Reason::CannotBeHeld
            } else {
                continue;
            };
            if let Some(verdict) = self.judgement.verdicts.get_mut(place) {
                *verdict = Verdict::Deny;
            }
            self.deny(number, reason, Severity::Medium);
        }
    }

    /// Place of an asset's policies, which are read the first time.
    fn policy(&mut self, asset: Asset) -> usize {
        if let Some(place) = self.policies.iter().position(|known| known.0 == asset) {
            return place;
        }
        let now = self.now;
        let read = |scope| Loaded::new(scope, Policies::<T>::get(scope)?, now);
        let (own, class) = Scope::of(asset);
        let loaded = read(own).or_else(|| read(class?));
        if loaded.is_none() {
            self.weigh(T::DbWeight::get().reads(1u64.saturating_add(class.is_some().into())));
        }
        self.policies.push((asset, loaded));
        self.policies.len().saturating_sub(1)
    }

    /// Counts what an answer has weighed.
    fn weigh(&mut self, weight: Weight) {
        self.judgement.asked = self.judgement.asked.saturating_add(weight);
    }

    /// Place of an account, whose standing and activity are read the first time. Nothing is remembered of the pool.
    fn account(&mut self, who: &T::AccountId, is_pool: bool) -> usize {
        if let Some(place) = self.accounts.iter().position(|known| known.who == *who) {
            return place;
        }
        let (standing, weighed) = T::Credentials::standing_weighed(who);
        self.weigh(weighed);
        let party = Pallet::<T>::party(who, standing.as_ref());
        let parties = &mut self.judgement.parties;
        let place = match parties.iter().position(|known| known.party == party) {
            Some(place) => place,
            None => {
                parties.push(PartyRecord {
                    tag: tag::<T>(&party),
                    activity: if is_pool {
                        Activity::default()
                    } else {
                        Activities::<T>::get(&party).unwrap_or_default()
                    },
                    party,
                    has_changed: false,
                });
                parties.len().saturating_sub(1)
            }
        };
        self.accounts.push(Account {
            who: who.clone(),
            standing,
            party: place,
        });
        self.accounts.len().saturating_sub(1)
    }

    /// Travel-rule data for a flow that no earlier flow of the call has used.
    fn envelope(&self, flow: &FlowOf<T>) -> Option<Envelope<T::AccountId>> {
        let used = &self.judgement.envelopes;
        Envelopes::<T>::get(&flow.from).into_iter().find(|waiting| {
            waiting.to == flow.to
                && waiting.asset == flow.asset
                && waiting.up_to >= flow.amount
                && !used.iter().any(|(_, gone)| gone == waiting)
        })
    }
}

impl Loaded {
    /// None when there is nothing to evaluate.
    fn new(scope: Scope, mut state: PolicyState, now: Seconds) -> Option<Self> {
        state.trial = state.trial.filter(|trial| now < trial.until);
        let active = state.active.as_ref().map(|active| &active.policy);
        let tried = state.trial.as_ref().map(|trial| &trial.tried.policy);
        if active.is_none() && tried.is_none() {
            return None;
        }
        let mut travel_from: Option<RefValue> = None;
        let mut asks_ownership = false;
        for entry in active.into_iter().chain(tried).flat_map(|p| &p.rules) {
            match entry.rule {
                Rule::TravelRule { at_least } => {
                    travel_from = Some(travel_from.unwrap_or(at_least).min(at_least));
                }
                Rule::MaxHolders { .. } | Rule::OwnershipShare { .. } => asks_ownership = true,
                _ => {}
            }
        }
        Some(Self {
            scope,
            state,
            travel_from,
            asks_ownership,
        })
    }
}

/// Why a supervisor's freeze stops a flow, if one does.
fn frozen_side(from: Option<&Standing>, to: Option<&Standing>) -> Option<Reason> {
    let is_frozen = |side: Option<&Standing>| side.is_some_and(|known| known.frozen);
    if is_frozen(from) {
        Some(Reason::SenderFrozen)
    } else {
        is_frozen(to).then_some(Reason::RecipientFrozen)
    }
}

/// Whom a finding is about: a list names one of the two sides.
fn about(rule: &Rule, reason: Reason) -> Side {
    match reason {
        Reason::RecipientSanctioned => Side::To,
        _ => rule.about(),
    }
}

fn rules_of(policy: &Policy) -> u32 {
    policy.rules.len().try_into().unwrap_or(u32::MAX)
}

/// What an amount is worth, and what is wrong with its price.
fn value<T: Config>(asset: Asset, amount: Balance, now: Seconds) -> (RefValue, Option<Reason>) {
    match T::Prices::quote(asset, amount) {
        None => (0, Some(Reason::NoPrice)),
        Some(quote) if now.saturating_sub(quote.at) > T::MaxQuoteAge::get() => {
            (0, Some(Reason::StalePrice))
        }
        Some(quote) => (quote.value, None),
    }
}

/// What stands for a party among another's counterparties; never zero.
pub(crate) fn tag<T: Config>(party: &PartyOf<T>) -> Tag {
    let hash = sp_io::hashing::blake2_128(&party.encode());
    let head = hash.first_chunk::<8>();
    head.map_or(1, |bytes| Tag::from_le_bytes(*bytes)).max(1)
}
