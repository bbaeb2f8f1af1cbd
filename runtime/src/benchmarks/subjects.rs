//! Subjects, and amounts on hold between them, for the benchmarks of credentials and supervisors.

use crate::*;
use alloc::vec;
use codec::Encode;
use frame_support::{
    BoundedVec,
    traits::{fungible::Mutate, tokens::Preservation},
};
use pallet_compliance::{Entry, Policy, Rule, Scope, Severity, Side, Span, Window};
use pallet_credentials::Request;
use plume_primitives::{
    compliance::{
        Asset, Flow, FlowKind, Jurisdiction, Risk, Screen, SubjectId, SubjectKind, Tier, Verdict,
    },
    credentials::{Claims, Reach},
    regulation::CaseId,
    units::PLUME,
};
use sp_core::{H256, crypto::KeyTypeId};
use sp_runtime::{
    AccountId32, MultiSigner, Perbill,
    traits::{BlockNumberProvider, IdentifyAccount},
};

/// Makes what the benchmarks need.
pub struct Subjects;

const KEYS: KeyTypeId = KeyTypeId(*b"bnch");

/// Always the same key of the kind whose signatures take longest to verify.
fn signing_key() -> sp_core::ecdsa::Public {
    sp_io::crypto::ecdsa_generate(KEYS, Some(b"//Benchmark".to_vec()))
}

impl pallet_credentials::BenchmarkHelper<AccountId, Signature> for Subjects {
    fn signer() -> AccountId {
        MultiSigner::from(signing_key()).into_account()
    }

    fn sign(message: &[u8]) -> Signature {
        sp_io::crypto::ecdsa_sign(KEYS, &signing_key(), message)
            .expect("the key was made here")
            .into()
    }
}

/// An account of a subject.
fn account_of(subject: &SubjectId) -> AccountId {
    AccountId32::new(sp_io::hashing::blake2_256(&subject.encode()))
}

impl pallet_regulator::BenchmarkHelper<AccountId> for Subjects {
    fn subject(institution: &AccountId) -> SubjectId {
        let root = RuntimeOrigin::root;
        let signed = || RuntimeOrigin::signed(institution.clone());
        let lei_hash = H256(sp_io::hashing::blake2_256(&institution.encode()));
        let scope = pallet_credentials::Scope {
            max_tier: Tier::Three,
            persons: true,
            firms: true,
            banks: true,
            accredits: true,
            reach: Reach::Everywhere,
        };
        Credentials::admit_issuer(root(), institution.clone(), lei_hash, scope, u32::MAX)
            .expect("there are few issuers");
        let jurisdictions = (b'A'..=b'Z').map(|letter| Jurisdiction([b'A', letter]));
        let request = Request {
            reference: lei_hash,
            claims: Claims {
                tier: Tier::Two,
                kind: SubjectKind::Person,
                jurisdictions: BoundedVec::truncate_from(jurisdictions.collect()),
                accredited: false,
                politically_exposed: false,
                risk: Risk::Low,
                lei_hash: None,
                valid_from: 0,
                valid_until: Clock::current_block_number().saturating_add(1_000_000),
            },
            commitment: {
                // The first byte keeps it below the field's modulus, in either order of bytes.
                let mut commitment = lei_hash.0;
                commitment[0] = 0;
                commitment[31] = 0;
                commitment
            },
        };
        let subject = pallet_credentials::subject_id(institution, &request.reference);
        Credentials::issue(signed(), request).expect("it is in the issuer's scope");
        let account = account_of(&subject);
        let until = Clock::current_block_number().saturating_add(1_000);
        Credentials::offer(signed(), subject, account.clone(), until).expect("it may offer");
        Credentials::accept(RuntimeOrigin::signed(account), subject).expect("it was offered");
        subject
    }

    fn held_amount(from: &SubjectId, to: &SubjectId) -> CaseId {
        let always = Rule::VelocitySum {
            side: Side::From,
            span: Span::whole(Window::Hour),
            at_most: 0,
        };
        let policy = Policy {
            rules: BoundedVec::truncate_from(vec![Entry::new(
                always,
                Severity::High,
                Verdict::Hold,
            )]),
            reporting_threshold: 1_000_000,
            just_under: Perbill::from_percent(80),
            counterparty_from: 0,
            without_price: Verdict::Hold,
        };
        Compliance::enact_policy(RuntimeOrigin::root(), Scope::Native, policy)
            .expect("it is sound");
        let (from, to) = (account_of(from), account_of(to));
        let least = <Runtime as pallet_balances::Config>::ExistentialDeposit::get();
        Balances::set_balance(&from, least.saturating_add(PLUME));
        Balances::set_balance(&to, least);
        let flow = Flow {
            from: from.clone(),
            to: to.clone(),
            asset: Asset::Native,
            amount: PLUME,
            kind: FlowKind::Transfer,
        };
        let prepared = Compliance::prepare(Compliance::judge(vec![flow]));
        Balances::transfer(&from, &to, PLUME, Preservation::Preserve).expect("it has so much");
        Compliance::complete(prepared);
        pallet_compliance::NextCase::<Runtime>::get().saturating_sub(1)
    }
}
