//! Worst cases: full windows, as many rules, flows, findings and holds as there can be.

use super::*;
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{
        EnsureOrigin, Get,
        fungible::{Inspect, Mutate},
        tokens::Preservation,
    },
    weights::Weight,
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use plume_primitives::compliance::{
    Asset, Credentials as _, Flow, FlowKind, Prices as _, Reason, Verdict,
};
use sp_core::H256;
use sp_runtime::{Perbill, traits::BlockNumberProvider};

/// As many rules as a policy and a trial can have.
const ALL_RULES: u32 = MAX_RULES * 2;
const HASH: H256 = H256::repeat_byte(7);

/// A rule that adds up a whole window, and speaks when `speaks`.
fn rule(place: u32, speaks: bool) -> Rule {
    let span = Span::whole(match place % 3 {
        0 => Window::Hour,
        1 => Window::Day,
        _ => Window::Month,
    });
    // The two kinds that look at most, in turn.
    if speaks {
        Rule::VelocityCount {
            side: Side::From,
            span,
            at_most: 0,
        }
    } else if place.is_multiple_of(2) {
        Rule::GatherScatter {
            span,
            gather: PEERS,
            scatter: PEERS,
            at_least: u64::MAX,
        }
    } else {
        Rule::PassThrough {
            span: Span::whole(Window::Hour),
            share: Perbill::one(),
            at_least: u64::MAX,
        }
    }
}

fn policy(rules: u32, speaking: bool, verdict: Verdict) -> Policy {
    let rules = (0..rules).map(|place| Entry::new(rule(place, speaking), Severity::High, verdict));
    Policy {
        rules: BoundedVec::truncate_from(rules.collect::<Vec<_>>()),
        reporting_threshold: 1,
        just_under: Perbill::from_percent(80),
        counterparty_from: 0,
        without_price: Verdict::Allow,
    }
}

/// Stores `rules` rules, those beyond the most of a policy as a trial.
fn in_force<T: Config>(rules: u32, speaking: bool, verdict: Verdict) {
    let version = |rules| Versioned {
        version: 1,
        since: 0,
        policy: policy(rules, speaking, verdict),
    };
    let tried = rules.saturating_sub(MAX_RULES);
    let trial = (tried > 0).then(|| Trial {
        tried: version(tried),
        until: Seconds::MAX,
    });
    Policies::<T>::insert(
        Scope::Native,
        PolicyState {
            last_version: 1,
            active: Some(version(rules.min(MAX_RULES))),
            trial,
        },
    );
}

/// Windows without an empty place.
fn busy(now: Seconds) -> Activity {
    let mut activity = Activity::default();
    let flow = Bucket {
        count: 1,
        just_under: 1,
        sum: 1,
    };
    for tag in 1..=100u64 {
        activity.send(tag, flow, 0, 0, now);
        activity.receive(tag, flow, 1, 0, now);
    }
    activity
}

fn unit<T: Config>() -> Balance {
    T::Currency::minimum_balance().saturating_mul(10)
}

fn flows<T: Config>(number: u32) -> Vec<FlowOf<T>> {
    (0..number)
        .map(|place| Flow {
            from: account("sender", place, 0),
            to: account("recipient", place, 0),
            asset: Asset::Native,
            amount: unit::<T>(),
            kind: FlowKind::Transfer,
        })
        .collect()
}

fn funded<T: Config>(flows: &[FlowOf<T>]) {
    for flow in flows {
        let amount = unit::<T>().saturating_mul(100);
        T::Currency::set_balance(&flow.from, amount);
        T::Currency::set_balance(&flow.to, amount);
    }
}

fn happen<T: Config>(flows: &[FlowOf<T>]) -> Result<(), BenchmarkError> {
    for flow in flows {
        T::Currency::transfer(&flow.from, &flow.to, flow.amount, Preservation::Preserve)?;
    }
    Ok(())
}

fn findings(number: u32) -> Vec<Finding> {
    (0..MAX_FINDINGS)
        .map(|place| Finding {
            flow: place.checked_rem(number).unwrap_or(0),
            policy: Some((Scope::Native, 1)),
            rule: Some(place),
            reason: Reason::SentTooOften,
            about: Side::From,
            severity: Severity::High,
            verdict: Verdict::Hold,
        })
        .collect()
}

/// A judgement of which nothing but a case is left to make.
fn judged<T: Config>(number: u32) -> Judgement<T> {
    let flows = flows::<T>(number);
    Judgement {
        now: T::Time::current_block_number(),
        verdicts: flows.iter().map(|_| Verdict::Alert).collect(),
        sides: flows.iter().map(|_| Some((0, 0))).collect(),
        ruling: plume_primitives::compliance::Ruling {
            verdict: Verdict::Hold,
            reason: Some(Reason::SentTooOften),
        },
        findings: findings(number),
        parties: flows
            .first()
            .map(|flow| types::PartyRecord {
                party: Party::Account(flow.from.clone()),
                tag: 1,
                activity: Activity::default(),
                has_changed: false,
            })
            .into_iter()
            .collect(),
        trials: Vec::new(),
        would_have: Vec::new(),
        envelopes: Vec::new(),
        evaluated: (0, 0),
        asked: Weight::zero(),
        flows,
    }
}

/// A case with `holds` holds and as many findings as are kept, all of whose senders are gone.
fn held<T: Config>(holds: u32) -> Result<CaseId, BenchmarkError> {
    let mut judgement = judged::<T>(holds.max(1));
    let flows = judgement.flows.clone();
    funded::<T>(&flows);
    judgement.verdicts = flows.iter().map(|_| Verdict::Hold).collect();
    let receipt = Pallet::<T>::remember(Pallet::<T>::prepare_judgement(judgement));
    let case = receipt
        .case
        .ok_or(BenchmarkError::Stop("a case was opened"))?;
    if holds > 0 {
        happen::<T>(&flows)?;
        Pallet::<T>::hold_received(receipt);
        for flow in &flows {
            T::Currency::set_balance(&flow.from, 0);
        }
    }
    Ok(case)
}

fn two_officers<T: Config>() -> (T::AccountId, T::AccountId) {
    let officers: Vec<T::AccountId> = (0..T::MaxOfficers::get())
        .map(|number| account("officer", number, 0))
        .collect();
    Officers::<T>::put(BoundedVec::truncate_from(officers));
    (account("officer", 0, 0), account("officer", 1, 0))
}

/// A case of the most flows, under investigation by the first officer.
fn investigated<T: Config>(
    holds: u32,
) -> Result<(CaseId, T::AccountId, T::AccountId), BenchmarkError> {
    let (one, other) = two_officers::<T>();
    let case = held::<T>(holds)?;
    Pallet::<T>::take_case(RawOrigin::Signed(one.clone()).into(), case)?;
    Ok((case, one, other))
}

fn decides<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::PolicyOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

fn admits<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::OfficerOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// Fills the sender's list but for `free` places.
fn waiting<T: Config>(sender: &T::AccountId, free: u32) {
    let envelopes = (0..T::MaxEnvelopes::get().saturating_sub(free)).map(|number| Envelope {
        to: account("recipient", number, 0),
        asset: Asset::Native,
        up_to: 1,
        hash: numbered(number),
    });
    Envelopes::<T>::insert(sender, BoundedVec::truncate_from(envelopes.collect()));
}

/// A hash that stands for a number.
fn numbered(number: u32) -> H256 {
    H256(sp_io::hashing::blake2_256(&number.to_le_bytes()))
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn screen(r: Linear<0, { ALL_RULES }>) -> Result<(), BenchmarkError> {
        in_force::<T>(r, false, Verdict::Alert);
        let now = T::Time::current_block_number();
        let flows = flows::<T>(1);
        for flow in &flows {
            Activities::<T>::insert(Party::Account(flow.from.clone()), busy(now));
            Activities::<T>::insert(Party::Account(flow.to.clone()), busy(now));
        }
        let ruling;
        #[block]
        {
            let judgement = Pallet::<T>::judge_flows(flows, now);
            ruling = judgement.ruling;
            let _ = Pallet::<T>::complete_flows(Pallet::<T>::prepare_judgement(judgement));
        }
        assert_eq!(ruling.verdict, Verdict::Allow);
        Ok(())
    }

    #[benchmark]
    fn touch() -> Result<(), BenchmarkError> {
        in_force::<T>(1, false, Verdict::Alert);
        let now = T::Time::current_block_number();
        let flows = flows::<T>(1);
        let parties: Vec<_> = flows
            .iter()
            .flat_map(|flow| [&flow.from, &flow.to])
            .collect();
        for who in &parties {
            Activities::<T>::insert(Party::Account((*who).clone()), busy(now));
        }
        let mut touched = 0u32;
        #[block]
        {
            let _ = sp_io::storage::get(&Policies::<T>::hashed_key_for(Scope::Native));
            let _ = T::Prices::quote(Asset::Native, unit::<T>());
            for who in &parties {
                let _ = T::Credentials::standing(who);
                let key = Activities::<T>::hashed_key_for(Party::Account((*who).clone()));
                if let Some(bytes) = sp_io::storage::get(&key) {
                    sp_io::storage::set(&key, &bytes);
                    touched = touched.saturating_add(1);
                }
            }
        }
        assert_eq!(touched, 2);
        Ok(())
    }

    #[benchmark]
    fn open_case(f: Linear<1, { T::MaxFlows::get() }>) {
        let judgement = judged::<T>(f);
        let before = NextCase::<T>::get();
        #[block]
        {
            let _ = Pallet::<T>::remember(Pallet::<T>::prepare_judgement(judgement));
        }
        assert_eq!(NextCase::<T>::get(), before.saturating_add(1));
    }

    #[benchmark]
    fn hold() -> Result<(), BenchmarkError> {
        let mut judgement = judged::<T>(1);
        let flows = judgement.flows.clone();
        funded::<T>(&flows);
        judgement.verdicts = vec![Verdict::Hold];
        let receipt = Pallet::<T>::remember(Pallet::<T>::prepare_judgement(judgement));
        happen::<T>(&flows)?;
        let before = Queue::<T>::get().next;
        #[block]
        {
            let _ = Pallet::<T>::hold_received(receipt);
        }
        assert_eq!(Queue::<T>::get().next, before.saturating_add(1));
        Ok(())
    }

    #[benchmark]
    fn return_due(n: Linear<0, { T::MaxReturnsPerBlock::get() }>) -> Result<(), BenchmarkError> {
        for _ in 0..n {
            held::<T>(1)?;
        }
        let late = T::Time::current_block_number().saturating_add(T::ReviewPeriod::get());
        T::Time::set_block_number(late);
        let passed;
        #[block]
        {
            passed = Pallet::<T>::return_due();
        }
        assert_eq!(passed, n);
        Ok(())
    }

    #[benchmark]
    fn enact_policy() -> Result<(), BenchmarkError> {
        let origin = decides::<T>()?;
        let policy = policy(MAX_RULES, false, Verdict::Alert);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Scope::Native, policy);
        assert!(Policies::<T>::get(Scope::Native).is_some_and(|state| state.active.is_some()));
        Ok(())
    }

    #[benchmark]
    fn withdraw_policy() -> Result<(), BenchmarkError> {
        let origin = decides::<T>()?;
        in_force::<T>(ALL_RULES, false, Verdict::Alert);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Scope::Native);
        assert!(Policies::<T>::get(Scope::Native).is_some_and(|state| state.active.is_none()));
        Ok(())
    }

    #[benchmark]
    fn start_trial() -> Result<(), BenchmarkError> {
        let origin = decides::<T>()?;
        in_force::<T>(MAX_RULES, false, Verdict::Alert);
        let policy = policy(MAX_RULES, false, Verdict::Alert);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Scope::Native, policy, 1);
        assert!(Policies::<T>::get(Scope::Native).is_some_and(|state| state.trial.is_some()));
        Ok(())
    }

    #[benchmark]
    fn enact_trial() -> Result<(), BenchmarkError> {
        let origin = decides::<T>()?;
        in_force::<T>(ALL_RULES, false, Verdict::Alert);
        T::Time::set_block_number(Seconds::MAX);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Scope::Native);
        assert!(Policies::<T>::get(Scope::Native).is_some_and(|state| state.trial.is_none()));
        Ok(())
    }

    #[benchmark]
    fn end_trial() -> Result<(), BenchmarkError> {
        let origin = decides::<T>()?;
        in_force::<T>(ALL_RULES, false, Verdict::Alert);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Scope::Native);
        assert!(Policies::<T>::get(Scope::Native).is_some_and(|state| state.trial.is_none()));
        Ok(())
    }

    #[benchmark]
    fn admit_officer() -> Result<(), BenchmarkError> {
        let origin = admits::<T>()?;
        two_officers::<T>();
        Officers::<T>::mutate(|officers| officers.pop());
        let officer: T::AccountId = account("officer", u32::MAX, 0);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, officer.clone());
        assert!(Officers::<T>::get().contains(&officer));
        Ok(())
    }

    #[benchmark]
    fn remove_officer() -> Result<(), BenchmarkError> {
        let origin = admits::<T>()?;
        two_officers::<T>();
        let last = T::MaxOfficers::get().saturating_sub(1);
        let officer: T::AccountId = account("officer", last, 0);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, officer.clone());
        assert!(!Officers::<T>::get().contains(&officer));
        Ok(())
    }

    #[benchmark]
    fn take_case() -> Result<(), BenchmarkError> {
        let (officer, _) = two_officers::<T>();
        let case = held::<T>(T::MaxFlows::get())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(officer), case);
        assert!(Cases::<T>::get(case).is_some_and(|case| case.stage != Stage::Open));
        Ok(())
    }

    #[benchmark]
    fn add_evidence() -> Result<(), BenchmarkError> {
        let (case, officer, _) = investigated::<T>(T::MaxFlows::get())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(officer), case, HASH);
        assert!(Cases::<T>::get(case).is_some_and(|case| case.evidence == 1));
        Ok(())
    }

    #[benchmark]
    fn propose_closing() -> Result<(), BenchmarkError> {
        let (case, officer, _) = investigated::<T>(T::MaxFlows::get())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(officer), case, Closing::Dismiss, HASH);
        assert!(
            Cases::<T>::get(case).is_some_and(|case| matches!(case.stage, Stage::Proposed { .. }))
        );
        Ok(())
    }

    #[benchmark]
    fn confirm_closing(h: Linear<0, { T::MaxFlows::get() }>) -> Result<(), BenchmarkError> {
        let (case, one, other) = investigated::<T>(h)?;
        let closing = Closing::ReportAndReturn;
        Pallet::<T>::propose_closing(RawOrigin::Signed(one).into(), case, closing, HASH)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(other), case, closing, HASH);
        assert!(
            Cases::<T>::get(case).is_some_and(|case| matches!(case.stage, Stage::Closed { .. }))
        );
        Ok(())
    }

    #[benchmark]
    fn reject_closing() -> Result<(), BenchmarkError> {
        let (case, one, other) = investigated::<T>(T::MaxFlows::get())?;
        let closing = Closing::Dismiss;
        Pallet::<T>::propose_closing(RawOrigin::Signed(one).into(), case, closing, HASH)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(other), case, HASH);
        assert!(
            Cases::<T>::get(case)
                .is_some_and(|case| matches!(case.stage, Stage::Investigating { .. }))
        );
        Ok(())
    }

    #[benchmark]
    fn return_expired() -> Result<(), BenchmarkError> {
        let number = Queue::<T>::get().next;
        held::<T>(T::MaxFlows::get())?;
        let late = T::Time::current_block_number().saturating_add(T::ReviewPeriod::get());
        T::Time::set_block_number(late);
        let caller: T::AccountId = whitelisted_caller();
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), number);
        assert!(!Holds::<T>::contains_key(number));
        Ok(())
    }

    #[benchmark]
    fn prune_case() -> Result<(), BenchmarkError> {
        let (case, one, other) = investigated::<T>(0)?;
        let closing = Closing::Dismiss;
        Pallet::<T>::propose_closing(RawOrigin::Signed(one).into(), case, closing, HASH)?;
        Pallet::<T>::confirm_closing(RawOrigin::Signed(other).into(), case, closing, HASH)?;
        let late = T::Time::current_block_number().saturating_add(T::Retention::get());
        T::Time::set_block_number(late);
        let caller: T::AccountId = whitelisted_caller();
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), case);
        assert!(!Cases::<T>::contains_key(case));
        Ok(())
    }

    #[benchmark]
    fn attach_travel_data() {
        let sender: T::AccountId = whitelisted_caller();
        waiting::<T>(&sender, 1);
        let to: T::AccountId = account("recipient", u32::MAX, 0);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(sender.clone()),
            to,
            Asset::Native,
            1,
            HASH,
        );
        assert!(Envelopes::<T>::get(&sender).is_full());
    }

    #[benchmark]
    fn detach_travel_data() {
        let sender: T::AccountId = whitelisted_caller();
        waiting::<T>(&sender, 0);
        let last = T::MaxEnvelopes::get().saturating_sub(1);
        #[extrinsic_call]
        _(RawOrigin::Signed(sender.clone()), numbered(last));
        assert!(!Envelopes::<T>::get(&sender).is_full());
    }

    #[benchmark]
    fn mark(n: Linear<0, MAX_MARKS>) {
        let screener: T::AccountId = whitelisted_caller();
        Screeners::<T>::put(BoundedVec::truncate_from(vec![screener.clone()]));
        let marks = Marks {
            sanctioned: true,
            flagged: true,
        };
        let parties: Vec<PartyOf<T>> = (0..n)
            .map(|number| Party::Account(account("party", number, 0)))
            .collect();
        for party in &parties {
            Activities::<T>::insert(party, busy(1));
        }
        let posted = parties.into_iter().map(|party| (party, marks));
        let posted = BoundedVec::truncate_from(posted.collect());
        #[extrinsic_call]
        _(RawOrigin::Signed(screener), posted);
        assert!(Activities::<T>::iter_values().all(|kept| kept.marks == marks));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::chain(), crate::mock::Runtime);
}
