//! Worst cases of the pallet's calls: all levels of the tree that a block completes, ciphertexts as long as they may
//! be, an asset besides PLUME, and 32 transfers in a bundle.
//!
//! Authorising is measured with proofs whose points are points, and which are not good: verifying them takes as long,
//! and no prover is needed for measuring.

use super::*;
use alloc::{boxed::Box, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    pallet_prelude::{InvalidTransaction, TransactionSource},
    traits::{Authorize, EnsureOrigin, Get, Hooks},
};
use frame_system::{RawOrigin, pallet_prelude::OriginFor};
use plume_circuits::{FieldBytes, Poseidon, transfer::Jurisdictions};
use plume_primitives::{Seconds, compliance::Asset};
use sp_io::hashing::blake2_256;
use sp_runtime::traits::BlockNumberProvider;

/// Units that are more than what is demanded.
const FEE: u64 = 10_000_000_000;
/// Units that are deposited.
const FUNDS: u64 = 10 * FEE;

fn governing<T: Config>() -> Result<OriginFor<T>, BenchmarkError> {
    T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// The generator of Bandersnatch's subgroup.
fn key() -> Point {
    use ark_ec::AffineRepr;
    ark_ed_on_bls12_381_bandersnatch::EdwardsAffine::generator().into()
}

fn element(seed: u32, place: u8) -> FieldBytes {
    FieldBytes::from_hash(blake2_256(&[&seed.to_le_bytes()[..], &[place]].concat()))
}

/// A pool with all that a transfer needs, later than the first period.
fn prepare<T: Config>() -> Result<Seconds, BenchmarkError> {
    let now = T::PeriodLength::get().saturating_mul(2);
    T::Time::set_block_number(now);
    Paused::<T>::kill();
    Pallet::<T>::begin_ring();
    let (verifying_key, _) = T::Verifier::sample();
    if !Circuits::<T>::contains_key(u32::MAX) {
        Pallet::<T>::put_circuit(u32::MAX, &verifying_key, 0)?;
    }
    let policy = Policy {
        asset: 0,
        tier: 1,
        limit: 1,
        receiver_known: true,
        jurisdictions: Jurisdictions::ANYWHERE,
    };
    Pallet::<T>::put_policy(policy, now)
        .map_err(|_| BenchmarkError::Stop("there is room for a policy"))?;
    FlowKeys::<T>::kill();
    CommitteeKeys::<T>::kill();
    Pallet::<T>::put_flow_key(Pallet::<T>::period_of(now), key())?;
    Pallet::<T>::put_committee_key(now, key())?;
    Ok(now)
}

fn body<T: Config>(seed: u32) -> Body {
    let of = |place| element(seed, place);
    let length = usize::try_from(MAX_NOTE).unwrap_or(0);
    let ciphertext = || BoundedVec::truncate_from(alloc::vec![7; length]);
    Body {
        circuit: u32::MAX,
        note_root: Pallet::<T>::newest_root().unwrap_or_default(),
        credential_root: T::BenchmarkHelper::credential_root(),
        nullifiers: [of(0), of(1)],
        commitments: [of(2), of(3)],
        counter_nullifier: of(4),
        counter_commitment: of(5),
        public_in: None,
        public_out: None,
        time: T::Time::current_block_number(),
        ephemeral: key(),
        flow: [of(6), of(7), of(8), of(9)],
        identities: [of(10), of(11)],
        notes: [ciphertext(), ciphertext()],
    }
}

fn plume(value: u64) -> Option<Amount> {
    Some(Amount {
        asset: Asset::Native,
        value,
    })
}

fn unproven<T: Config>(body: Body) -> Transfer {
    let (_, proof) = T::Verifier::sample();
    Transfer { body, proof }
}

fn paying<T: Config>(seed: u32) -> Transfer {
    unproven::<T>(Body {
        public_out: plume(FEE),
        ..body::<T>(seed)
    })
}

/// Value in the pool, by a deposit whose proof nobody looked at.
fn fill<T: Config>(seed: u32, amount: Amount) -> Result<T::AccountId, BenchmarkError> {
    let who: T::AccountId = whitelisted_caller();
    T::BenchmarkHelper::fund(&who);
    let body = Body {
        public_in: Some(amount),
        ..body::<T>(seed)
    };
    Pallet::<T>::enter(who.clone(), unproven::<T>(body))?;
    Pallet::<T>::append_pending();
    Ok(who)
}

fn filled<T: Config>() -> Result<T::AccountId, BenchmarkError> {
    prepare::<T>()?;
    fill::<T>(
        u32::MAX,
        Amount {
            asset: Asset::Native,
            value: FUNDS.saturating_mul(10),
        },
    )
}

/// A withdrawal of another asset, with its fee, and its receiver.
fn withdrawal<T: Config>() -> Result<Call<T>, BenchmarkError> {
    let who = filled::<T>()?;
    let asset = T::BenchmarkHelper::asset(&who);
    Units::<T>::insert(asset, 1_000);
    let amount = Amount {
        asset: Asset::Other(asset),
        value: 1_000_000,
    };
    fill::<T>(u32::MAX - 1, amount)?;
    let out = Body {
        public_out: Some(amount),
        ..body::<T>(1)
    };
    Ok(Call::withdraw {
        transfer: Box::new(unproven::<T>(out)),
        fee: Some(Box::new(paying::<T>(2))),
        to: who,
        amount: amount.value,
    })
}

fn bundle_of<T: Config>(n: u32) -> Bundle {
    BoundedVec::truncate_from((0..n).map(paying::<T>).collect())
}

/// Does all that authorising does. The proof turns out bad at the very end.
fn authorized<T: Config>(call: &Call<T>) -> Result<(), BenchmarkError> {
    match call.authorize(TransactionSource::External) {
        Some(Err(error)) if error == InvalidTransaction::BadProof.into() => Ok(()),
        Some(Ok(_)) => Err(BenchmarkError::Stop("the sample is a good proof")),
        Some(Err(_)) => Err(BenchmarkError::Stop("refused before its proof")),
        None => Err(BenchmarkError::Stop("the call needs no authorisation")),
    }
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn deposit() -> Result<(), BenchmarkError> {
        let who = filled::<T>()?;
        let asset = T::BenchmarkHelper::asset(&who);
        Units::<T>::insert(asset, 1_000);
        let amount = Amount {
            asset: Asset::Other(asset),
            value: 1_000_000,
        };
        let body = Body {
            public_in: Some(amount),
            ..body::<T>(1)
        };
        let proven = unproven::<T>(body);
        #[block]
        {
            Pallet::<T>::enter(who, proven)?;
            Pallet::<T>::append_for_measuring();
        }
        assert_eq!(
            Turnstiles::<T>::get(amount.asset).entered,
            u128::from(amount.value)
        );
        Ok(())
    }

    #[benchmark]
    fn transfer() -> Result<(), BenchmarkError> {
        filled::<T>()?;
        let call = Box::new(paying::<T>(1));
        #[block]
        {
            Pallet::<T>::transfer(RawOrigin::Authorized.into(), call)?;
            Pallet::<T>::append_for_measuring();
        }
        assert!(Nullifiers::<T>::contains_key(element(1, 0)));
        Ok(())
    }

    #[benchmark]
    fn authorize_transfer() -> Result<(), BenchmarkError> {
        filled::<T>()?;
        let call = Call::<T>::transfer {
            transfer: Box::new(paying::<T>(1)),
        };
        #[block]
        {
            authorized::<T>(&call)?;
        }
        Ok(())
    }

    #[benchmark]
    fn withdraw() -> Result<(), BenchmarkError> {
        let call = withdrawal::<T>()?;
        #[block]
        {
            use frame_support::traits::UnfilteredDispatchable;
            call.dispatch_bypass_filter(RawOrigin::Authorized.into())
                .map_err(|failed| failed.error)?;
            Pallet::<T>::append_for_measuring();
        }
        assert!(Nullifiers::<T>::contains_key(element(2, 0)));
        Ok(())
    }

    #[benchmark]
    fn authorize_withdraw() -> Result<(), BenchmarkError> {
        let call = withdrawal::<T>()?;
        #[block]
        {
            authorized::<T>(&call)?;
        }
        Ok(())
    }

    #[benchmark]
    fn bundle(n: Linear<1, MAX_BUNDLE>) -> Result<(), BenchmarkError> {
        filled::<T>()?;
        let transfers = bundle_of::<T>(n);
        #[block]
        {
            Pallet::<T>::bundle(RawOrigin::Authorized.into(), transfers)?;
            Pallet::<T>::append_for_measuring();
        }
        assert!(Nullifiers::<T>::contains_key(element(0, 0)));
        Ok(())
    }

    #[benchmark]
    fn authorize_bundle(n: Linear<1, MAX_BUNDLE>) -> Result<(), BenchmarkError> {
        filled::<T>()?;
        let transfers = bundle_of::<T>(n);
        let call = Call::<T>::bundle { transfers };
        #[block]
        {
            authorized::<T>(&call)?;
        }
        Ok(())
    }

    #[benchmark]
    fn settle_root() -> Result<(), BenchmarkError> {
        filled::<T>()?;
        // 4⁴ leaves before it: appending the next one completes four levels.
        let mut edge = Edge::<T>::get();
        let mut leaf = 0u64;
        while edge.len() < 256 {
            leaf = leaf.saturating_add(1);
            let appended = edge.append::<Poseidon>(leaf.into());
            assert!(appended.is_ok());
        }
        let mut positions = edge.len();
        Edge::<T>::put(edge);
        // As many roots as may count, so that one is dropped.
        for number in 0..T::MaxRoots::get() {
            Pallet::<T>::add_root(u64::from(number).saturating_add(1).into());
        }
        positions = positions.saturating_add(1);
        NextPosition::<T>::put(positions);
        Pending::<T>::put(BoundedVec::truncate_from(Vec::from([FieldBytes::from(
            5u64,
        )])));
        #[block]
        {
            Pallet::<T>::on_finalize(frame_system::Pallet::<T>::block_number());
        }
        assert_eq!(Edge::<T>::get().len(), positions);
        Ok(())
    }

    #[benchmark]
    fn set_policy() -> Result<(), BenchmarkError> {
        prepare::<T>()?;
        let origin = governing::<T>()?;
        let codes = [
            *b"AT", *b"BE", *b"CH", *b"DE", *b"ES", *b"FR", *b"GB", *b"IT",
        ];
        let jurisdictions = Jurisdictions::new(&codes)
            .map_err(|_| BenchmarkError::Stop("eight codes are a set"))?;
        #[extrinsic_call]
        _(origin, Asset::Native, 3, Some(5), true, jurisdictions);
        assert!(PolicyPlaces::<T>::contains_key((0, 3)));
        Ok(())
    }

    #[benchmark]
    fn set_flow_key() -> Result<(), BenchmarkError> {
        let now = prepare::<T>()?;
        let origin = governing::<T>()?;
        let period = Pallet::<T>::period_of(now).saturating_add(1);
        #[extrinsic_call]
        _(origin, period, key());
        assert_eq!(FlowKeys::<T>::get().entries().len(), 2);
        Ok(())
    }

    #[benchmark]
    fn set_committee_key() -> Result<(), BenchmarkError> {
        let now = prepare::<T>()?;
        let origin = governing::<T>()?;
        #[extrinsic_call]
        _(origin, now.saturating_add(1), key());
        assert_eq!(CommitteeKeys::<T>::get().entries().len(), 2);
        Ok(())
    }

    #[benchmark]
    fn register_circuit() -> Result<(), BenchmarkError> {
        let now = prepare::<T>()?;
        let origin = governing::<T>()?;
        let (verifying_key, _) = T::Verifier::sample();
        #[extrinsic_call]
        _(origin, 77, BoundedVec::truncate_from(verifying_key), now);
        assert!(Circuits::<T>::contains_key(77));
        Ok(())
    }

    #[benchmark]
    fn retire_circuit() -> Result<(), BenchmarkError> {
        let now = prepare::<T>()?;
        let origin = governing::<T>()?;
        #[extrinsic_call]
        _(origin, u32::MAX, now);
        assert!(Circuits::<T>::get(u32::MAX).is_some_and(|circuit| !circuit.is_active(now)));
        Ok(())
    }

    #[benchmark]
    fn register_asset() -> Result<(), BenchmarkError> {
        let who: T::AccountId = whitelisted_caller();
        T::BenchmarkHelper::fund(&who);
        let asset = T::BenchmarkHelper::asset(&who);
        Units::<T>::remove(asset);
        let origin = governing::<T>()?;
        #[extrinsic_call]
        _(origin, asset, 1_000);
        assert!(Units::<T>::contains_key(asset));
        Ok(())
    }

    #[benchmark]
    fn set_paused() -> Result<(), BenchmarkError> {
        let origin =
            T::PauseOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin, true);
        assert!(Paused::<T>::get());
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::chain(), crate::mock::Runtime);
}
