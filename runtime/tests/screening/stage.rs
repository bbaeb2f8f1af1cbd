//! A chain with policies, and transactions as the pool and a block see them.

use crate::common::*;
use frame_support::{assert_ok, dispatch::GetDispatchInfo, traits::fungible::InspectHold};
use pallet_compliance::{
    Entry, HoldReason, Marks, Party, Policy, Rule, Scope, Severity, Side, Span, Window,
};
use plume_primitives::{
    compliance::{Asset, Reason, RefValue, Tier, Verdict},
    units::PLUME,
};
use plume_runtime::{screening::ScreenFlows, *};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    DispatchError, Perbill,
    traits::DispatchTransaction,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// The screener that every chain here has.
pub const SCREENER: Sr25519Keyring = Sr25519Keyring::One;

/// Why a transaction has no effect.
#[derive(Debug, PartialEq)]
pub enum Refusal {
    /// No pool and no block takes it.
    Invalid(TransactionValidityError),
    /// It is in a block, and its call has failed.
    Failed(DispatchError),
}

/// A pool's refusal for a reason.
pub fn denied(reason: Reason) -> Result<(), Refusal> {
    Err(Refusal::Invalid(
        InvalidTransaction::Custom(reason.code()).into(),
    ))
}

/// A carried call's failure for a reason.
pub fn denied_inside(reason: Reason) -> DispatchError {
    pallet_compliance::Error::<Runtime>::Denied(reason).into()
}

/// Sends a transaction: it is validated, executed and settled.
pub fn send(signer: Sr25519Keyring, call: impl Into<RuntimeCall>) -> Result<(), Refusal> {
    send_as(account(signer), call.into())
}

pub fn send_as(signer: AccountId, call: RuntimeCall) -> Result<(), Refusal> {
    let info = call.get_dispatch_info();
    let origin = RuntimeOrigin::signed(signer);
    match ScreenFlows.dispatch_transaction(origin, call, &info, 0, 0) {
        Err(invalid) => Err(Refusal::Invalid(invalid)),
        Ok(Err(failed)) => Err(Refusal::Failed(failed.error)),
        Ok(Ok(_)) => Ok(()),
    }
}

pub fn policy(rules: impl IntoIterator<Item = (Rule, Verdict)>) -> Policy {
    let entries = rules
        .into_iter()
        .map(|(rule, verdict)| Entry::new(rule, Severity::Medium, verdict));
    Policy {
        rules: entries.collect::<Vec<_>>().try_into().expect("few enough"),
        reporting_threshold: 1_000_000,
        just_under: Perbill::from_percent(80),
        counterparty_from: 0,
        without_price: Verdict::Allow,
    }
}

pub fn enact(rules: impl IntoIterator<Item = (Rule, Verdict)> + Clone) {
    for scope in [Scope::Native, Scope::Assets] {
        let policy = policy(rules.clone());
        assert_ok!(Compliance::enact_policy(
            RuntimeOrigin::root(),
            scope,
            policy
        ));
    }
}

/// One PLUME is worth one unit, a hundred hundredths.
pub fn price_plume() {
    let source = account(Sr25519Keyring::Two);
    let price = pallet_prices::Price::of(100, PLUME).expect("it can be stated");
    assert_ok!(Prices::admit_source(RuntimeOrigin::root(), source.clone()));
    assert_ok!(Prices::post(
        RuntimeOrigin::signed(source),
        vec![(Asset::Native, price)]
            .try_into()
            .expect("one is not too many"),
    ));
}

/// Sanctioned parties are dealt with as is said.
pub fn sanctions(verdict: Verdict) -> [(Rule, Verdict); 1] {
    [(Rule::Sanctions, verdict)]
}

/// Speaks of every flow whose sender has no credential, and nobody has one but the chain's own pots.
pub fn everything() -> Rule {
    without_credential(Side::From)
}

/// Speaks of every flow with a party on this side that has no credential.
pub fn without_credential(side: Side) -> Rule {
    Rule::Credential {
        side,
        tier: Tier::One,
        at_least: 0,
    }
}

/// Speaks when a party has sent more than so much within a day.
pub fn a_day(at_most: RefValue) -> Rule {
    Rule::VelocitySum {
        side: Side::From,
        span: Span::whole(Window::Day),
        at_most,
    }
}

fn mark(who: AccountId, marks: Marks) {
    let screener = account(SCREENER);
    let _ = Compliance::admit_screener(RuntimeOrigin::root(), screener.clone());
    let marks = vec![(Party::Account(who), marks)];
    assert_ok!(Compliance::mark(
        RuntimeOrigin::signed(screener),
        marks.try_into().expect("one is not too many"),
    ));
}

pub fn put_on_a_list(who: AccountId) {
    mark(
        who,
        Marks {
            sanctioned: true,
            flagged: false,
        },
    );
}

pub fn flag(who: AccountId) {
    mark(
        who,
        Marks {
            sanctioned: false,
            flagged: true,
        },
    );
}

pub fn transfer(to: AccountId, value: Balance) -> RuntimeCall {
    pallet_balances::Call::transfer_allow_death {
        dest: to.into(),
        value,
    }
    .into()
}

pub fn batch_all(calls: impl IntoIterator<Item = RuntimeCall>) -> RuntimeCall {
    pallet_utility::Call::batch_all {
        calls: calls.into_iter().map(Into::into).collect(),
    }
    .into()
}

pub fn batch(calls: impl IntoIterator<Item = RuntimeCall>) -> RuntimeCall {
    pallet_utility::Call::batch {
        calls: calls.into_iter().map(Into::into).collect(),
    }
    .into()
}

pub fn as_derivative(index: u16, call: RuntimeCall) -> RuntimeCall {
    pallet_utility::Call::as_derivative {
        index,
        call: Box::new(call.into()),
    }
    .into()
}

/// What is on hold for a review.
pub fn under_review(who: &AccountId) -> Balance {
    Balances::balance_on_hold(&HoldReason::ComplianceReview.into(), who)
}

/// An account that has never been heard of.
pub fn fresh(number: u8) -> AccountId {
    AccountId::new([number; 32])
}
