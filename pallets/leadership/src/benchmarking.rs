//! Worst cases: a full session.

use super::*;
use alloc::{boxed::Box, vec};
use frame_benchmarking::v2::*;
use frame_support::traits::{ConstU32, Get};
use sp_consensus_aura::Slot as AuraSlot;
use sp_runtime::traits::Hash as _;

/// A block that is followed by missed slots was sealed in this one.
const LAST: Slot = 1_000_000;

/// `MaxAuthorities` members in the rotation, the last block in slot [`LAST`]. The last member's key is
/// in the keystore.
fn fill<T: Config>() -> (MemberIndex, <T as pallet_aura::Config>::AuthorityId) {
    let count = T::MaxAuthorities::get().min(MAX_MEMBERS);
    let key = <T as pallet_aura::Config>::AuthorityId::generate_pair(None);
    let members = (0..count).map(|index| Member {
        account: account("member", index, 0),
        key: key.clone(),
    });
    Members::<T>::put(BoundedVec::<_, ConstU32<MAX_MEMBERS>>::truncate_from(
        members.collect(),
    ));
    Leaders::<T>::put(Rotation::new(count as usize, 1, LAST));
    (count.saturating_sub(1) as MemberIndex, key)
}

/// The last member is out since this slot, and the chain is there too.
fn take_out<T: Config>(member: MemberIndex) {
    pallet_aura::CurrentSlot::<T>::put(AuraSlot::from(LAST));
    Leaders::<T>::mutate(|leaders| {
        leaders.order.pop();
        if let Some(standing) = leaders.members.get_mut(usize::from(member)) {
            standing.out = Some(rotation::Out {
                since: LAST,
                until: LAST,
                heard: None,
            });
        }
    });
}

/// Evidence as long as it may be, and the proof of who did it.
fn evidence<T: Config>() -> (EvidenceOf<T>, T::KeyOwnerProof) {
    use frame_system::pallet_prelude::HeaderFor;
    use sp_consensus_aura::digests::CompatibleDigestItem;
    use sp_runtime::{Digest, DigestItem, traits::Header as _};

    let key = <T as pallet_aura::Config>::AuthorityId::generate_pair(None);
    let ownership = T::BenchmarkHelper::full_session_with(key.clone());
    let parent = T::Hashing::hash(b"the parent");
    frame_system::Pallet::<T>::set_block_number(3u32.into());
    frame_system::BlockHash::<T>::insert(
        frame_system::pallet_prelude::BlockNumberFor::<T>::from(1u32),
        parent,
    );
    pallet_aura::CurrentSlot::<T>::put(AuraSlot::from(LAST));
    let sealed = |state: &[u8]| {
        let filler = double_seal::MAX_HEADER_BYTES - 512;
        let pre_digest =
            <DigestItem as CompatibleDigestItem<()>>::aura_pre_digest(AuraSlot::from(LAST));
        let digest = Digest {
            logs: vec![pre_digest, DigestItem::Other(vec![0; filler])],
        };
        let state = T::Hashing::hash(state);
        let mut header = HeaderFor::<T>::new(2u32.into(), state, state, parent, digest);
        let signature = key
            .sign(&header.hash())
            .expect("the key is in the keystore");
        let seal = <DigestItem as CompatibleDigestItem<SignatureOf<T>>>::aura_seal(signature);
        header.digest_mut().push(seal);
        header
    };
    let evidence = EvidenceOf::<T> {
        offender: key.clone(),
        slot: AuraSlot::from(LAST),
        first_header: sealed(b"one"),
        second_header: sealed(b"another"),
    };
    (evidence, ownership)
}

#[benchmarks]
mod benches {
    use super::*;
    use frame_support::traits::OnInitialize;

    /// Empty slots, at most as many as are not taken for a halt.
    #[benchmark]
    fn on_block(m: Linear<0, 14>) {
        fill::<T>();
        pallet_aura::CurrentSlot::<T>::put(AuraSlot::from(
            LAST.saturating_add(m.into()).saturating_add(1),
        ));
        #[block]
        {
            Pallet::<T>::on_initialize(1u32.into());
        }
        let full = T::MaxAuthorities::get().min(MAX_MEMBERS);
        assert_eq!(
            Leaders::<T>::get().order.len() as u32,
            full.saturating_sub(m)
        );
    }

    #[benchmark]
    fn heartbeat() {
        let (member, key) = fill::<T>();
        take_out::<T>(member);
        let signature = key.sign(&b"").expect("the key is in the keystore");
        #[extrinsic_call]
        _(frame_system::RawOrigin::Authorized, member, LAST, signature);
        assert!(Leaders::<T>::get().order.contains(&member));
    }

    #[benchmark]
    fn authorize_heartbeat() -> Result<(), BenchmarkError> {
        let (member, _) = fill::<T>();
        take_out::<T>(member);
        let key = Members::<T>::get()
            .get(usize::from(member))
            .map(|member| member.key.clone())
            .ok_or(BenchmarkError::Stop("the session is empty"))?;
        let leaders = Leaders::<T>::get();
        let payload = Pallet::<T>::heartbeat_payload(&leaders, member, LAST)
            .ok_or(BenchmarkError::Stop("the member is not out"))?;
        let signature = key
            .sign(&payload.encode())
            .ok_or(BenchmarkError::Stop("the key is not in the keystore"))?;
        let call = Call::<T>::heartbeat {
            member,
            heard: LAST,
            signature,
        };
        #[block]
        {
            use frame_support::traits::Authorize;
            call.authorize(frame_support::pallet_prelude::TransactionSource::External)
                .ok_or(BenchmarkError::Stop("the call needs no authorisation"))?
                .map_err(|_| BenchmarkError::Stop("the heartbeat is refused"))?;
        }
        Ok(())
    }

    #[benchmark]
    fn report_double_seal() {
        let (evidence, ownership) = evidence::<T>();
        #[extrinsic_call]
        _(
            frame_system::RawOrigin::Authorized,
            Box::new(evidence),
            ownership,
        );
    }

    #[benchmark]
    fn authorize_report_double_seal() -> Result<(), BenchmarkError> {
        let (evidence, ownership) = evidence::<T>();
        let call = Call::<T>::report_double_seal {
            evidence: Box::new(evidence),
            ownership,
        };
        #[block]
        {
            use frame_support::traits::Authorize;
            call.authorize(frame_support::pallet_prelude::TransactionSource::External)
                .ok_or(BenchmarkError::Stop("the call needs no authorisation"))?
                .map_err(|_| BenchmarkError::Stop("the evidence is refused"))?;
        }
        Ok(())
    }
}
