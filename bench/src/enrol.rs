//! Gives accounts a known subject: credentials in batches, and accounts bound by their own signatures.

use crate::{
    Operator,
    calls::{stored_bytes, value_key},
};
use anyhow::ensure;
use codec::Encode;
use pallet_credentials::{Request, Scope, Statement, signed_bytes, subject_id};
use plume_primitives::{
    compliance::{Jurisdiction, Risk, SubjectId, SubjectKind, Tier},
    credentials::{Claims, Reach},
};
use plume_sdk::{Signer, raw::extrinsic_hash};
use sp_core::H256;
use sp_crypto_hashing::blake2_128;

/// Accounts that are bound in one call.
const BINDINGS_A_CALL: usize = 32;
/// Bindings that are looked at afterwards.
const SAMPLES: usize = 50;

/// What an institution knows of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// How well it knows the customer.
    pub tier: Tier,
    /// What the customer is.
    pub kind: SubjectKind,
    /// Where it belongs.
    pub jurisdiction: Jurisdiction,
    /// Its risk.
    pub risk: Risk,
    /// Whether it is politically exposed.
    pub politically_exposed: bool,
}

impl Profile {
    /// A firm of the highest tier in Switzerland, of low risk.
    pub const FIRM: Self = Self {
        tier: Tier::Three,
        kind: SubjectKind::Firm,
        jurisdiction: Jurisdiction(*b"CH"),
        risk: Risk::Low,
        politically_exposed: false,
    };

    pub(crate) fn claims(&self, valid_from: u32, valid_until: u32) -> Claims {
        let legal = self.kind != SubjectKind::Person;
        Claims {
            tier: self.tier,
            kind: self.kind,
            jurisdictions: [self.jurisdiction].to_vec().try_into().unwrap_or_default(),
            accredited: false,
            politically_exposed: self.politically_exposed,
            risk: self.risk,
            lei_hash: legal.then(|| extrinsic_hash(b"an LEI of a test")),
            valid_from,
            valid_until,
        }
    }
}

/// A customer.
#[derive(Clone, Copy, Debug)]
pub struct Customer<'a> {
    /// The key of its one account.
    pub signer: &'a Signer,
    /// What is known of it.
    pub profile: Profile,
}

/// The number that the operator's customer with this account has as a subject.
pub fn subject_of(issuer: &[u8; 32], account: &[u8; 32]) -> SubjectId {
    subject_id(issuer, &reference(account))
}

fn reference(account: &[u8; 32]) -> H256 {
    extrinsic_hash(&[b"customer of a test: ", &account[..]].concat())
}

/// Admits the operator as issuer of any credential. `valid_until` is when those that it will issue end, in seconds
/// since the first block; errors if the chain has none that last so long. Gives the time now.
pub(crate) async fn admit(operator: &mut Operator, valid_until: u32) -> anyhow::Result<u32> {
    let issuer = operator.account();
    let scope = Scope {
        max_tier: Tier::Three,
        persons: true,
        firms: true,
        banks: true,
        accredits: false,
        reach: Reach::Everywhere,
    };
    let lei_hash = extrinsic_hash(b"the LEI of a test's bank");
    let quota = u32::MAX;
    let admit = (issuer, lei_hash, scope, quota);
    let admit = operator.calls.call("Credentials", "admit_issuer", admit)?;
    operator.sudo(&admit).await?;

    let now = operator.chain_seconds().await?;
    let max_validity: u32 = operator.calls.constant("Credentials", "MaxValidity")?;
    ensure!(
        valid_until.saturating_sub(now) <= max_validity,
        "no credential lasts {} s, the longest is {max_validity} s: replay fewer transfers with --limit",
        valid_until.saturating_sub(now)
    );
    Ok(now)
}

/// Issues credentials, in batches. `on_done` hears how many are issued.
pub(crate) async fn issue(
    operator: &mut Operator,
    requests: &[Request],
    mut on_done: impl FnMut(usize),
) -> anyhow::Result<()> {
    let max_batch: u32 = operator.calls.constant("Credentials", "MaxBatch")?;
    let max_batch = usize::try_from(max_batch)?.max(1);
    let issues = requests
        .chunks(max_batch)
        .map(|batch| operator.calls.call("Credentials", "issue_batch", batch));
    let issues: Vec<_> = issues.collect::<anyhow::Result<_>>()?;
    operator
        .send(issues, |done| {
            on_done((done * max_batch).min(requests.len()))
        })
        .await?;
    Ok(())
}

/// Admits the operator as issuer, issues a credential for each customer and binds its account. The credentials
/// are valid until `valid_until`, in seconds since the first block. `on_done` hears how many of the two steps
/// for each customer are done.
pub async fn enrol(
    operator: &mut Operator,
    customers: &[Customer<'_>],
    valid_until: u32,
    mut on_done: impl FnMut(usize),
) -> anyhow::Result<()> {
    let issuer = operator.account();
    let now = admit(operator, valid_until).await?;
    let request = |customer: &Customer<'_>| {
        let account = customer.signer.account().0;
        let mut commitment = extrinsic_hash(&[b"commitment of a test: ", &account[..]].concat()).0;
        // A field element is below the modulus, little endian.
        commitment[31] = 0;
        Request {
            reference: reference(&account),
            claims: customer.profile.claims(now, valid_until),
            commitment,
        }
    };
    let requests: Vec<_> = customers.iter().map(request).collect();
    issue(operator, &requests, &mut on_done).await?;

    let genesis = operator.client.online().genesis_hash();
    let offer_time: u32 = operator.calls.constant("Credentials", "MaxOfferTime")?;
    let until = operator
        .chain_seconds()
        .await?
        .saturating_add(offer_time / 2);
    let bind = |customer: &Customer<'_>| {
        let account = customer.signer.account().0;
        let statement = Statement {
            genesis,
            subject: subject_of(&issuer, &account),
            account,
            nonce: 0,
            until,
        };
        let signature = customer.signer.sign_bytes(&signed_bytes(&statement));
        // Variant 1 of a MultiSignature is sr25519.
        let arguments = (statement, 1u8, signature);
        operator.calls.call("Credentials", "bind", arguments)
    };
    let binds = customers.chunks(BINDINGS_A_CALL).map(|batch| {
        let calls: Vec<_> = batch.iter().map(bind).collect::<anyhow::Result<_>>()?;
        operator.calls.batch(&calls)
    });
    let binds: Vec<_> = binds.collect::<anyhow::Result<_>>()?;
    let issued = customers.len();
    operator
        .send(binds, |done| {
            on_done(issued + (done * BINDINGS_A_CALL).min(issued));
        })
        .await?;
    check(operator, customers).await
}

/// Looks at some of the bindings: each call binds all of its accounts or none.
async fn check(operator: &Operator, customers: &[Customer<'_>]) -> anyhow::Result<()> {
    let step = (customers.len() / SAMPLES).max(1);
    for customer in customers.iter().step_by(step).chain(customers.last()) {
        let account = customer.signer.account().0;
        let mut key = value_key("Credentials", "SubjectOf");
        key.extend(blake2_128(&account));
        key.extend(account);
        let found = stored_bytes(operator.client.raw(), &key, None).await?;
        ensure!(
            found == Some(subject_of(&operator.account(), &account).encode()),
            "the account {} was not bound to its subject: see the events of the last blocks",
            customer.signer.address()
        );
    }
    Ok(())
}

/// What the account's party is for screening, once it is enrolled.
pub fn party_of(issuer: &[u8; 32], account: &[u8; 32]) -> pallet_compliance::Party<[u8; 32]> {
    pallet_compliance::Party::Subject(subject_of(issuer, account))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pallet_credentials::Flaw;

    #[test]
    fn what_is_stated_is_what_an_issuer_may_state() {
        let scope = Scope {
            max_tier: Tier::Three,
            persons: true,
            firms: true,
            banks: true,
            accredits: false,
            reach: Reach::Everywhere,
        };
        let person = Profile {
            kind: SubjectKind::Person,
            tier: Tier::Two,
            ..Profile::FIRM
        };
        for profile in [Profile::FIRM, person] {
            let claims = profile.claims(10, 1_010);
            let check = |now| pallet_credentials::claims::check(&claims, &scope, now, 1_000);
            assert_eq!(check(10), Ok(()));
            assert_eq!(check(1_010), Err(Flaw::Expired));
        }
    }

    #[test]
    fn customers_are_told_apart() {
        let subject = |account: u8| subject_of(&[1; 32], &[account; 32]);
        assert_eq!(subject(2), subject(2));
        assert_ne!(subject(2), subject(3));
        assert_ne!(subject_of(&[9; 32], &[2; 32]), subject(2));
    }
}
