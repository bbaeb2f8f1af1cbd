//! Makes a development chain ready: what the file takes for granted.

use super::{
    Book, Data, Known, Scale, Step,
    money::unknown_currencies,
    plan::{self, Bounds},
};
use crate::{Bar, Customer, Operator, Profile, enrol, enrol::party_of, policies, prices};
use anyhow::Context;
use codec::Compact;
use pallet_compliance::{MAX_LISTED, Marks, Policy};
use plume_primitives::units::PLUME;
use plume_sdk::Client;
use std::collections::BTreeMap;

/// Who has the money of a development chain, and is its root.
const OPERATOR: &str = "//Alice";
/// The most that all transfers of a file move together; the operator has more.
const BUDGET_PLANCK: u128 = 50_000_000 * PLUME;
/// What each account has beyond what it sends: it exists, and stays.
const RESERVE_PLANCK: u128 = PLUME;
/// What each transfer may cost in fees, travel-rule data included: full blocks make fees up to a thousand times
/// dearer than the lowest, which is 0.005 PLUME.
const FEES_PLANCK: u128 = 10 * PLUME;
/// The most that is set aside for all fees together.
const FEE_BUDGET_PLANCK: u128 = 40_000_000 * PLUME;
/// What is sent so that an account is known.
const GREETING_PLANCK: u128 = PLUME / 100;
/// The most transfers of a step.
const STEP_TRANSFERS: usize = 2_000;
const DAY_S: u32 = 86_400;
/// Credentials outlast the file by so much, because blocks take time of their own.
const MARGIN_S: u32 = 30 * DAY_S;

/// How to replay.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What is enacted.
    pub policy: Policy,
    /// Whether the rules of the curve are tried beside it.
    pub curve: bool,
    /// So many days before the file begins all accounts were opened. With none, all of them are new.
    pub known_days: u32,
    /// See [`Bounds::quantum_s`].
    pub quantum_s: u64,
}

/// A chain that is ready, and what is going to happen on it.
pub struct Prepared {
    /// Root, bank, price source and screener.
    pub operator: Operator,
    /// The accounts.
    pub book: Book,
    /// What money is.
    pub scale: Scale,
    /// What happens when.
    pub steps: Vec<Step>,
    /// When the file's first second is, in milliseconds since 1970.
    pub begins_ms: u64,
    /// Seconds after which a price no longer counts.
    pub quote_age_s: u32,
    /// Whether the rules of the curve are tried.
    pub curve: bool,
    /// Currencies that were taken for the reference currency.
    pub unknown_currencies: BTreeMap<String, usize>,
}

/// Prepares the chain of `client`'s node, which is a fresh development chain.
pub async fn prepare(client: &Client, data: &Data, setting: &Setting) -> anyhow::Result<Prepared> {
    let transactions = &data.transactions;
    let scale = Scale::fitting(transactions, BUDGET_PLANCK)?;
    let book = Book::of(transactions, &data.kinds, scale)?;
    let mut operator = Operator::new(client, OPERATOR).await?;
    let bounds = Bounds {
        quantum_s: setting.quantum_s,
        transfers: STEP_TRANSFERS,
        travel_from: policies::travel_from(&setting.policy),
        envelopes: usize::try_from(
            operator
                .calls
                .constant::<u32>("Compliance", "MaxEnvelopes")?,
        )?,
    };
    let steps = plan::steps(transactions, scale, bounds);

    prices::begin(&mut operator, scale.cents()).await?;
    let first_s = transactions.first().map_or(0, |one| one.time_s);
    let last_s = transactions.last().map_or(0, |one| one.time_s);
    let file_s = u32::try_from(last_s - first_s).context("no chain lasts as long as the file")?;
    let known_s = setting.known_days.saturating_mul(DAY_S);
    let valid_until = operator
        .chain_seconds()
        .await?
        .saturating_add(known_s)
        .saturating_add(file_s)
        .saturating_add(MARGIN_S);
    let bank = operator.signer().clone();
    let customers: Vec<_> = book
        .all
        .iter()
        .map(|known| Customer {
            signer: &known.signer,
            profile: known.profile,
        })
        .chain([Customer {
            signer: &bank,
            profile: Profile::FIRM,
        }])
        .collect();
    let mut bar = Bar::new("Credentials and bindings", customers.len() * 2);
    enrol(&mut operator, &customers, valid_until, |done| bar.at(done)).await?;
    bar.done();

    // No policy is in force yet: money that comes from nowhere is no part of the file.
    let fee_share = FEE_BUDGET_PLANCK / u128::try_from(transactions.len())?.max(1);
    let funds = |known: &Known| {
        let fees = FEES_PLANCK
            .min(fee_share)
            .saturating_mul(known.sends.into());
        RESERVE_PLANCK
            .saturating_add(known.sends_planck)
            .saturating_add(fees)
    };
    pay(&mut operator, &book, "Funding", funds).await?;

    policies::enact(&mut operator, Some(&setting.policy)).await?;
    if setting.known_days > 0 {
        // A price counts for so long only, and the set-up takes its time.
        let post = prices::post(&operator.calls, scale.cents())?;
        operator.call(post).await?;
        pay(&mut operator, &book, "Opening accounts", |_| {
            GREETING_PLANCK
        })
        .await?;
    }
    mark_sanctioned(&mut operator, data, &book).await?;

    operator.sign_for_ever().await?;
    Ok(Prepared {
        begins_ms: operator
            .chain_ms()
            .await?
            .saturating_add(u64::from(known_s.saturating_add(1)) * 1_000),
        quote_age_s: operator.calls.constant("Compliance", "MaxQuoteAge")?,
        unknown_currencies: unknown_currencies(transactions),
        operator,
        book,
        scale,
        steps,
        curve: setting.curve,
    })
}

/// The operator pays everybody.
async fn pay(
    operator: &mut Operator,
    book: &Book,
    what: &str,
    planck: impl Fn(&Known) -> u128,
) -> anyhow::Result<()> {
    let mut bar = Bar::new(what, book.all.len());
    let calls = book.all.iter().map(|known| {
        // Variant 0 of an address is an account.
        let arguments = (0u8, known.signer.account().0, Compact(planck(known)));
        operator
            .calls
            .call("Balances", "transfer_keep_alive", arguments)
    });
    let calls: Vec<_> = calls.collect::<anyhow::Result<_>>()?;
    operator.send(calls, |done| bar.at(done)).await?;
    bar.done();
    Ok(())
}

/// The operator posts, as a screener, whom the list names.
async fn mark_sanctioned(operator: &mut Operator, data: &Data, book: &Book) -> anyhow::Result<()> {
    let bank = operator.account();
    let marks = Marks {
        sanctioned: true,
        flagged: false,
    };
    let sanctioned = data.labels.sanctioned_accounts.iter();
    let parties: Vec<_> = sanctioned
        .filter_map(|account| book.all.get(book.place(account)?))
        .map(|known| (party_of(&bank, &known.signer.account().0), marks))
        .collect();
    if parties.is_empty() {
        return Ok(());
    }
    let admit = operator.calls.call("Compliance", "admit_screener", bank)?;
    operator.sudo(&admit).await?;
    for part in parties.chunks(usize::try_from(MAX_LISTED)?) {
        let call = operator.calls.call("Compliance", "mark", part.to_vec())?;
        operator.call(call).await?;
    }
    Ok(())
}
