//! Replays transfers through the compliance engine itself, without a node: each is judged and remembered as on a
//! chain whose clock is the file's.
//!
//! One hundredth of the file's money is one smallest unit, and is worth a hundredth of the reference currency.
//! Senders attach travel-rule data as their wallets would. A transfer that is denied did not happen; one that is
//! held is counted as held, and no money moves here anyway.

use frame_support::{
    derive_impl,
    traits::{ConstU32, ConstU64, ConstU128},
    weights::Weight,
};
use pallet_compliance::{Policy, Rule, Scope};
use plume_aml::{
    Account, AccountKind, Amount, Labels, Pattern, Transaction,
    credentials::{Credential, Customer, credentials},
    score::{self, Aims, Alert, Score, Truth},
};
use plume_primitives::{
    Balance, Seconds,
    compliance::{
        Asset, Credentials, Flow, FlowKind, Jurisdiction, Prices, Quote, RefValue, Standing,
        SubjectKind, Tier, Verdict,
    },
};
use sp_runtime::{BuildStorage, traits::BlockNumberProvider};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet, HashMap},
};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeHoldReason,
        RuntimeFreezeReason,
        RuntimeTask
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Compliance = pallet_compliance;
}

thread_local! {
    static NOW: Cell<Seconds> = const { Cell::new(0) };
    static KNOWN: RefCell<Vec<Standing>> = const { RefCell::new(Vec::new()) };
}

pub struct Clock;
impl BlockNumberProvider for Clock {
    type BlockNumber = Seconds;
    fn current_block_number() -> Seconds {
        NOW.get()
    }
}

pub struct Known;
impl Credentials<u64> for Known {
    fn standing(who: &u64) -> Option<Standing> {
        KNOWN.with_borrow(|all| all.get(usize::try_from(*who).ok()?).cloned())
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

pub struct OneToOne;
impl Prices for OneToOne {
    fn quote(_: Asset, amount: Balance) -> Option<Quote> {
        Some(Quote {
            value: RefValue::try_from(amount).unwrap_or(RefValue::MAX),
            at: NOW.get(),
        })
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = frame_system::mocking::MockBlock<Runtime>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
}

impl pallet_compliance::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type OtherAssets = ();
    type Credentials = Known;
    type Prices = OneToOne;
    type Securities = ();
    type Freezes = ();
    type OnListed = ();
    type Time = Clock;
    type PolicyOrigin = frame_system::EnsureRoot<u64>;
    type OfficerOrigin = frame_system::EnsureRoot<u64>;
    type Unreturnable = ConstU64<{ u64::MAX }>;
    type ReviewPeriod = ConstU32<86_400>;
    type MaxQuoteAge = ConstU32<600>;
    type Retention = ConstU32<31_536_000>;
    type MaxTrial = ConstU32<86_400>;
    type MaxFlows = ConstU32<8>;
    type MaxOfficers = ConstU32<2>;
    type MaxEnvelopes = ConstU32<4>;
    type MaxReturnsPerBlock = ConstU32<1>;
    type WeightInfo = ();
}

fn hundredths(amount: Amount) -> RefValue {
    u64::try_from(amount.0 / 1_000_000).unwrap_or(RefValue::MAX)
}

/// As the chain keeps it.
fn standing(credential: Credential) -> Standing {
    Standing {
        tier: match credential.in_depth {
            true => Tier::Three,
            false => Tier::Two,
        },
        kind: match credential.customer {
            Customer::Person => SubjectKind::Person,
            Customer::Firm => SubjectKind::Firm,
        },
        jurisdictions: vec![Jurisdiction(*b"CH")]
            .try_into()
            .expect("one is not too many"),
        sanctioned: credential.sanctioned,
        ..Standing::permissive()
    }
}

/// What is known of a file beside its transfers.
#[derive(Default)]
pub struct About {
    pub kinds: BTreeMap<Account, AccountKind>,
    pub labels: Labels,
}

impl About {
    pub fn of(made: &plume_aml::generate::Generated) -> Self {
        Self {
            kinds: made.accounts.iter().cloned().collect(),
            labels: made.labels.clone(),
        }
    }
}

/// What the engine says of each transfer under a policy, by the names of its reasons.
pub fn replay(transactions: &[Transaction], about: &About, policy: &Policy) -> Vec<Alert> {
    let sanctioned = &about.labels.sanctioned_accounts;
    let known = credentials(transactions, &about.kinds, sanctioned, |transaction| {
        hundredths(transaction.paid)
    });
    let numbers: HashMap<&Account, u64> = known.keys().zip(0..).collect();
    KNOWN.with_borrow_mut(|all| *all = known.values().copied().map(standing).collect());
    let begin_s = transactions.first().map_or(0, |first| first.time_s);
    let travel_from = policy.rules.iter().find_map(|entry| match entry.rule {
        Rule::TravelRule { at_least } => Some(at_least),
        _ => None,
    });

    let storage = frame_system::GenesisConfig::<Runtime>::default()
        .build_storage()
        .expect("genesis builds");
    let mut chain = sp_io::TestExternalities::from(storage);
    chain.execute_with(|| {
        let root = RuntimeOrigin::root();
        Compliance::enact_policy(root, Scope::Native, policy.clone()).expect("it is sound");
        let mut alerts = Vec::new();
        for transaction in transactions {
            NOW.set(u32::try_from(transaction.time_s - begin_s).expect("a file is not so long"));
            let (from, to) = (numbers[&transaction.from], numbers[&transaction.to]);
            let value = hundredths(transaction.paid);
            let amount = Balance::from(value);
            if travel_from.is_some_and(|least| value >= least) {
                let origin = RuntimeOrigin::signed(from);
                let hash = sp_core::H256::zero();
                // One of a denied transfer is still there.
                let _ = Compliance::detach_travel_data(origin.clone(), hash);
                Compliance::attach_travel_data(origin, to, Asset::Native, amount, hash)
                    .expect("there is room for one");
            }
            let flow = Flow {
                from,
                to,
                asset: Asset::Native,
                amount,
                kind: FlowKind::Transfer,
            };
            let judgement = Compliance::judge_flows(vec![flow], NOW.get());
            let findings = judgement.findings().to_vec();
            Compliance::complete_flows(Compliance::prepare_judgement(judgement));
            for finding in findings {
                alerts.push(Alert {
                    row: transaction.row,
                    rule: format!("{:?}", finding.reason),
                    verdict: match finding.verdict {
                        Verdict::Deny => score::Verdict::Deny,
                        Verdict::Hold => score::Verdict::Hold,
                        Verdict::Alert | Verdict::Allow => score::Verdict::Alert,
                    },
                });
            }
        }
        alerts
    })
}

/// Which reasons are meant for which pattern.
pub fn aims() -> Aims {
    let of = |reasons: &[&str]| -> BTreeSet<String> {
        reasons.iter().map(|reason| (*reason).to_owned()).collect()
    };
    Aims::from([
        (Pattern::FanIn, of(&["FanIn"])),
        (Pattern::FanOut, of(&["FanOut"])),
        (
            Pattern::GatherScatter,
            of(&["FanIn", "FanOut", "GatherScatter"]),
        ),
        (Pattern::ScatterGather, of(&["FanIn", "FanOut"])),
        (
            Pattern::Structuring,
            of(&["SentJustUnder", "ReceivedJustUnder"]),
        ),
    ])
}

/// Replays and scores.
pub fn scored(transactions: &[Transaction], about: &About, policy: &Policy) -> Score {
    let alerts = replay(transactions, about, policy);
    let truth = Truth::new(transactions, &about.labels);
    score::score(transactions, &truth, &alerts, &aims())
}
