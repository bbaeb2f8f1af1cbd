//! Worst cases of the pallet's calls: as many jurisdictions, accounts and offers as there may be, leaves in groups
//! that are there and far from each other, and a ring that is full.

use super::*;
use crate::roots::Replaced;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get},
};
use frame_system::{RawOrigin, pallet_prelude::*};
use plume_circuits::FieldBytes;
use plume_primitives::{
    Seconds,
    compliance::{Jurisdiction, MAX_JURISDICTIONS, Risk, SubjectId, SubjectKind, Tier},
    credentials::{Claims, MAX_REACH, Reach},
};
use sp_core::H256;
use sp_runtime::traits::{BlockNumberProvider, Zero};

fn governing<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::AdmitOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

fn number<T: Config>() -> Seconds {
    T::Time::current_block_number()
}

/// `AA`, `AB` and so on.
fn countries(count: u32) -> Vec<Jurisdiction> {
    (b'A'..=b'Z')
        .flat_map(|first| (b'A'..=b'Z').map(move |second| Jurisdiction([first, second])))
        .take(usize::try_from(count).unwrap_or(0))
        .collect()
}

fn scope() -> Scope {
    Scope {
        max_tier: Tier::Three,
        persons: true,
        firms: true,
        banks: true,
        accredits: true,
        reach: Reach::In(BoundedVec::truncate_from(countries(MAX_REACH))),
    }
}

fn claims<T: Config>() -> Claims {
    let now = number::<T>();
    Claims {
        tier: Tier::Three,
        kind: SubjectKind::Bank,
        jurisdictions: BoundedVec::truncate_from(countries(MAX_JURISDICTIONS)),
        accredited: true,
        politically_exposed: true,
        risk: Risk::High,
        lei_hash: Some(H256::repeat_byte(1)),
        valid_from: now,
        valid_until: now.saturating_add(T::MaxValidity::get()),
    }
}

fn request<T: Config>(at: u32) -> Request {
    Request {
        reference: numbered(at),
        claims: claims::<T>(),
        commitment: FieldBytes::from(u64::from(at).saturating_add(1)).into(),
    }
}

fn issuer<T: Config>() -> Result<T::AccountId, BenchmarkError> {
    let who: T::AccountId = whitelisted_caller();
    let origin = governing::<T>()?;
    Pallet::<T>::admit_issuer(origin, who.clone(), H256::zero(), scope(), u32::MAX)?;
    Ok(who)
}

/// A leaf whose way to the root has nothing but the root in common with the others'.
fn far(at: u32) -> u32 {
    let spread = TREE_CAPACITY.checked_div(4).unwrap_or(1);
    at.wrapping_mul(spread)
        .wrapping_add(at.wrapping_mul(65_537))
        .checked_rem(TREE_CAPACITY)
        .unwrap_or(0)
}

/// The next leaf to be given out is far from all others, and its groups are there.
fn scatter<T: Config>(at: u32) {
    let leaf = far(at);
    let _ = Pallet::<T>::tree().update(&[(leaf ^ 1, FieldBytes::from(9u64))]);
    let place = VacantCount::<T>::get();
    VacantLeaves::<T>::insert(place, leaf);
    VacantCount::<T>::put(place.saturating_add(1));
    Root::<T>::put(Pallet::<T>::tree().root());
}

/// The next change drops the oldest root, and with it an epoch.
fn fill_ring<T: Config>() {
    let length = u64::from(T::MaxRoots::get());
    for number in 0..length {
        let root = FieldBytes::from(number.saturating_add(1_000_000));
        let replaced = Replaced {
            root,
            epoch: number.min(1),
            at: 0,
        };
        Ring::<T>::insert(number, replaced);
        Numbers::<T>::insert(root, number);
    }
    EpochEnds::<T>::insert(0, 0);
    RootsState::<T>::put(roots::State::<BlockNumberFor<T>> {
        first: 0,
        next: length,
        epoch: 1,
        replaced_in: None,
        ended_in: None,
    });
}

/// A credential of the issuer's, far from all others, and a full ring.
fn issued<T: Config>() -> Result<(T::AccountId, SubjectId), BenchmarkError> {
    let who = issuer::<T>()?;
    let subject = issued_by::<T>(&who, 0)?;
    fill_ring::<T>();
    Ok((who, subject))
}

fn issued_by<T: Config>(who: &T::AccountId, at: u32) -> Result<SubjectId, BenchmarkError> {
    scatter::<T>(at);
    let request = request::<T>(at);
    let subject = subject_id(who, &request.reference);
    Pallet::<T>::issue(RawOrigin::Signed(who.clone()).into(), request)?;
    Ok(subject)
}

/// The subject has offers to as many accounts as it may; the last of them accepts next.
fn offered<T: Config>(
    who: &T::AccountId,
    subject: SubjectId,
    open: u32,
) -> Result<T::AccountId, BenchmarkError> {
    let mut last = who.clone();
    for at in 0..open {
        last = account("offered", at, 0);
        Pallet::<T>::offer(
            RawOrigin::Signed(who.clone()).into(),
            subject,
            last.clone(),
            number::<T>().saturating_add(T::MaxOfferTime::get()),
        )?;
    }
    Ok(last)
}

/// The subject has this many accounts.
fn peopled<T: Config>(
    who: &T::AccountId,
    subject: SubjectId,
    accounts: u32,
) -> Result<T::AccountId, BenchmarkError> {
    let mut last = who.clone();
    for at in 0..accounts {
        last = account("member", at, 0);
        Pallet::<T>::offer(
            RawOrigin::Signed(who.clone()).into(),
            subject,
            last.clone(),
            number::<T>(),
        )?;
        Pallet::<T>::accept(RawOrigin::Signed(last.clone()).into(), subject)?;
    }
    Ok(last)
}

/// A hash that stands for a number.
fn numbered(number: u32) -> H256 {
    H256(sp_io::hashing::blake2_256(&number.to_le_bytes()))
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn admit_issuer() -> Result<(), BenchmarkError> {
        let origin = governing::<T>()?;
        let who: T::AccountId = whitelisted_caller();
        #[extrinsic_call]
        _(origin, who.clone(), H256::zero(), scope(), u32::MAX);
        assert!(Issuers::<T>::contains_key(who));
        Ok(())
    }

    #[benchmark]
    fn expel_issuer() -> Result<(), BenchmarkError> {
        let who = issuer::<T>()?;
        let origin = governing::<T>()?;
        #[extrinsic_call]
        _(origin, who.clone());
        assert!(Issuers::<T>::get(who).is_some_and(|issuer| !issuer.admitted));
        Ok(())
    }

    #[benchmark]
    fn issue() -> Result<(), BenchmarkError> {
        let who = issuer::<T>()?;
        scatter::<T>(0);
        fill_ring::<T>();
        let request = request::<T>(0);
        let subject = subject_id(&who, &request.reference);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), request);
        assert!(Credentials::<T>::contains_key(subject));
        Ok(())
    }

    #[benchmark]
    fn issue_batch(n: Linear<1, { T::MaxBatch::get() }>) -> Result<(), BenchmarkError> {
        let who = issuer::<T>()?;
        (0..n).for_each(scatter::<T>);
        fill_ring::<T>();
        let requests: Vec<Request> = (0..n).map(request::<T>).collect();
        #[extrinsic_call]
        _(
            RawOrigin::Signed(who.clone()),
            BoundedVec::truncate_from(requests),
        );
        assert!(Issuers::<T>::get(who).is_some_and(|issuer| issuer.kept == n));
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), subject);
        assert!(Credentials::<T>::get(subject).is_some_and(|known| !known.shown));
        Ok(())
    }

    #[benchmark]
    fn resume() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        Pallet::<T>::suspend(RawOrigin::Signed(who.clone()).into(), subject)?;
        fill_ring::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(who), subject);
        assert!(Credentials::<T>::get(subject).is_some_and(|known| known.shown));
        Ok(())
    }

    #[benchmark]
    fn revoke() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), subject, H256::zero());
        assert!(Credentials::<T>::get(subject).is_some_and(|known| known.leaf.is_none()));
        Ok(())
    }

    #[benchmark]
    fn renew() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        let commitment = FieldBytes::from(77_777u64);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(who),
            subject,
            claims::<T>(),
            commitment.into(),
        );
        assert!(Credentials::<T>::get(subject).is_some_and(|known| known.commitment == commitment));
        Ok(())
    }

    #[benchmark]
    fn forget() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        peopled::<T>(&who, subject, T::MaxAccounts::get())?;
        offered::<T>(&who, subject, T::MaxAccounts::get())?;
        Pallet::<T>::revoke(RawOrigin::Signed(who.clone()).into(), subject, H256::zero())?;
        let late = number::<T>()
            .saturating_add(T::Retention::get())
            .saturating_add(1);
        T::Time::set_block_number(late);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), subject);
        assert!(!Credentials::<T>::contains_key(subject));
        Ok(())
    }

    #[benchmark]
    fn refresh(n: Linear<1, { T::MaxBatch::get() }>) -> Result<(), BenchmarkError> {
        let who = issuer::<T>()?;
        let subjects = (0..n)
            .map(|at| issued_by::<T>(&who, at))
            .collect::<Result<Vec<_>, _>>()?;
        Pallet::<T>::expel_issuer(governing::<T>()?, who.clone())?;
        fill_ring::<T>();
        #[extrinsic_call]
        _(
            RawOrigin::Signed(who),
            BoundedVec::truncate_from(subjects.clone()),
        );
        for subject in subjects {
            assert!(Credentials::<T>::get(subject).is_some_and(|known| !known.shown));
        }
        Ok(())
    }

    #[benchmark]
    fn offer() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        offered::<T>(&who, subject, T::MaxAccounts::get().saturating_sub(1))?;
        let to: T::AccountId = account("another", 0, 0);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), subject, to, number::<T>());
        assert!(Offers::<T>::get(subject).len() >= 1);
        Ok(())
    }

    #[benchmark]
    fn withdraw_offer() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        let last = offered::<T>(&who, subject, T::MaxAccounts::get())?;
        let before = Offers::<T>::get(subject).len();
        #[extrinsic_call]
        _(RawOrigin::Signed(who), subject, last);
        assert!(Offers::<T>::get(subject).len() < before);
        Ok(())
    }

    #[benchmark]
    fn accept() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        peopled::<T>(&who, subject, T::MaxAccounts::get().saturating_sub(1))?;
        let last = offered::<T>(&who, subject, T::MaxAccounts::get())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(last.clone()), subject);
        assert_eq!(SubjectOf::<T>::get(last), Some(subject));
        Ok(())
    }

    #[benchmark]
    fn bind() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        peopled::<T>(&who, subject, T::MaxAccounts::get().saturating_sub(1))?;
        let signer = T::BenchmarkHelper::signer();
        let statement = Statement {
            genesis: frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()),
            subject,
            account: signer.clone(),
            nonce: 0,
            until: number::<T>(),
        };
        let signature = T::BenchmarkHelper::sign(&signed_bytes(&statement));
        #[extrinsic_call]
        _(RawOrigin::Signed(who), statement, signature);
        assert_eq!(SubjectOf::<T>::get(signer), Some(subject));
        Ok(())
    }

    #[benchmark]
    fn unbind() -> Result<(), BenchmarkError> {
        let (who, subject) = issued::<T>()?;
        let last = peopled::<T>(&who, subject, T::MaxAccounts::get())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), last.clone());
        assert!(!SubjectOf::<T>::contains_key(last));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::empty_chain(), crate::mock::Runtime);
}
