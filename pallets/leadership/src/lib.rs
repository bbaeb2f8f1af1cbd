//! Takes an author that misses its slot out of the rotation, and lets it back when it is alive.
//!
//! # What it is for
//!
//! Aura gives every author its slot in turn and has no way to skip a dead one: with one of four dead,
//! every fourth slot is lost for as long as it stays dead. This pallet is the failover: the block after
//! a missed slot takes the author out of Aura's list, so a death costs one slot, once.
//!
//! # Specification
//!
//! **Roles.** The *members* are the n validators of the session, of which f = ⌊(n − 1) / 3⌋ may be
//! faulty. The *rotation* is the list of members that seal: slot s belongs to entry s mod its length.
//! Who seals a slot is its *leader*; who seals the next block is the leader's *successor*. A *term* is
//! the time between two changes of the rotation, and is numbered.
//!
//! **Messages.** There are two, both on the chain. A *block* of slot s says that the leaders of the
//! empty slots before it have missed them. A *heartbeat* of an absent member, signed with its session
//! key over chain, eviction and slot, says that it is alive.
//!
//! **Rules.**
//!
//! 1. *Eviction.* A block that follows empty slots takes their leaders out. Its successor is noted as
//!    the witness.
//! 2. *No eviction* when as many slots are empty as the rotation is long, or fifteen (a halt, a restart of the
//!    network, the cap on unfinalised blocks): then nobody in particular is to blame.
//! 3. *Suspension.* When more than f different members have missed slots within the last 2n, not all
//!    of them can be faulty: links are slow or clocks apart. Nobody is taken out until that is over,
//!    and who has announced itself comes back.
//! 4. *Return.* The first heartbeat after its probation brings a member back, as late in the order as its
//!    successor there has not seen it miss.
//! 5. *Probation* is nothing while one successor has seen the member miss, and doubles with every
//!    *other* one that has. Sixty-four sealed slots in a row wipe the record.
//! 6. *Floor.* The rotation never has fewer than n − f members. There, a member is only taken out if
//!    another one that was heard lately takes its place: the one that has waited longest.
//! 7. *Session.* A changed set of validators begins with all of them and clean records.
//!
//! **What a faulty member may do.** *Be silent*: rule 1. *Flap*: every other witness doubles its
//! probation, and by rule 4 the next witness is another one. *Ignore its predecessor's block to evict it*: its own block then competes with one of
//! equal height that the others have first, so it usually loses its own slot and is itself taken out;
//! if it wins, the victim is back with the next heartbeat, however often it happens, because it stays
//! one witness, and by rule 4 the victim then has another successor. f such members together can make a
//! probation of at most [`rotation::probation_slots`]`(f)`. *Make everybody look late*: rule 3, which costs
//! the failover and nothing else. *Send heartbeats while dead*: it loses a slot, and is a flapper.
//!
//! **Why safety cannot depend on it.** Blocks are final when two thirds of the GRANDPA voters have
//! committed to them. That set is the session's, whoever is in the rotation. A wrong eviction or a
//! contested term costs slots; a crash-tolerant protocol is never on the path to commitment.
//!
//! # Who may call what
//!
//! [`Pallet::heartbeat`]: anybody may carry it; the member's signature is its right to enter.
//! [`Pallet::report_double_seal`]: anybody may carry it; the two seals are. See [`double_seal`].
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. The rotation names members, each once.
//! 2. It has at least n − f of them.
//! 3. A member is either in the rotation or out of it.
//! 4. Nobody is out for longer than its probation.
//! 5. Aura's list is the rotation.
//!
//! # Example
//!
//! ```
//! use pallet_leadership::rotation::{Change, Rotation};
//!
//! let mut rotation = Rotation::new(4, 0, 0);
//! rotation.on_block(100); // the first block
//! let changes = rotation.on_block(102); // slot 101 stayed empty: member 1 has missed it
//! assert_eq!(changes, [Change::Evicted { member: 1, until: 102 }]);
//! assert_eq!(rotation.order.to_vec(), [0, 2, 3]);
//!
//! let back = rotation.on_heartbeat(1, 102, 102); // it is alive
//! assert_eq!(back, Ok(Some(Change::Returned { member: 1 })));
//! assert_eq!(rotation.order.to_vec(), [0, 2, 3, 1]);
//! ```
//!
//! # Order of pallets
//!
//! Authorship before this pallet: it remembers a block's author by the rotation that the block was sealed
//! under. This pallet before the session: a block's misses are those of the session it belongs to.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
pub mod double_seal;
pub mod rotation;
mod session;
#[cfg(test)]
mod tests;
pub mod weights;

pub use pallet::*;
pub use session::Author;
pub use weights::WeightInfo;

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::BoundedVec;
use rotation::{Change, MAX_MEMBERS, MemberIndex, Rotation, Slot};
use scale_info::TypeInfo;
use sp_runtime::RuntimeAppPublic;

/// A signature by a session key.
pub type SignatureOf<T> = <<T as pallet_aura::Config>::AuthorityId as RuntimeAppPublic>::Signature;

/// What a member that is out signs. Unlike anything else that its session key signs, it begins with
/// these words.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HeartbeatPayload<Hash> {
    /// [`HEARTBEAT_PREFIX`].
    pub prefix: [u8; 15],
    /// The chain it is meant for.
    pub genesis: Hash,
    /// The slot of its eviction: an old heartbeat cannot be replayed after a later one.
    pub since: Slot,
    /// The member.
    pub member: MemberIndex,
    /// The slot in which it was alive.
    pub heard: Slot,
}

/// How what a member signs begins.
pub const HEARTBEAT_PREFIX: [u8; 15] = *b"plume/heartbeat";

/// Two headers of one author and slot, both with their seals.
pub type EvidenceOf<T> = sp_consensus_slots::EquivocationProof<
    frame_system::pallet_prelude::HeaderFor<T>,
    <T as pallet_aura::Config>::AuthorityId,
>;

/// What the runtime adds for measuring.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper<AuthorityId, KeyOwnerProof> {
    /// Makes a full session in which this key belongs to a validator that can be punished; proves it.
    fn full_session_with(key: AuthorityId) -> KeyOwnerProof;
}

/// A validator of this session.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Member<AccountId, Key> {
    /// Its account.
    pub account: AccountId,
    /// The key that it seals blocks with.
    pub key: Key,
}

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use alloc::boxed::Box;
    use double_seal::{DoubleSealOffence, KeyOf};
    use frame_support::{pallet_prelude::*, traits::KeyOwnerProofSystem};
    use frame_system::pallet_prelude::*;
    use plume_primitives::validators::OnAlive;
    use sp_session::{GetSessionNumber, GetValidatorCount};
    use sp_staking::{SessionIndex, offence::ReportOffence};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>> + pallet_aura::Config
    {
        /// Hears of a member whose heartbeat was accepted.
        type OnAlive: OnAlive<Self::AccountId>;

        /// Index of the session that the block belongs to.
        type CurrentSession: Get<SessionIndex>;

        /// Proof that a key belonged to a validator of a session.
        type KeyOwnerProof: Parameter + GetSessionNumber + GetValidatorCount;

        /// Checks such proofs.
        type KeyOwners: KeyOwnerProofSystem<
                KeyOf<Self>,
                Proof = Self::KeyOwnerProof,
                IdentificationTuple: Clone,
            >;

        /// Where double seals are reported to.
        type ReportOffence: ReportOffence<
                Self::AccountId,
                <Self::KeyOwners as KeyOwnerProofSystem<KeyOf<Self>>>::IdentificationTuple,
                DoubleSealOffence<
                    <Self::KeyOwners as KeyOwnerProofSystem<KeyOf<Self>>>::IdentificationTuple,
                >,
            >;

        type WeightInfo: WeightInfo;

        /// Makes the session that the reports of double seals are measured in.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<<Self as pallet_aura::Config>::AuthorityId, Self::KeyOwnerProof>;
    }

    /// The validators of this session, in its order.
    #[pallet::storage]
    pub type Members<T: Config> = StorageValue<
        _,
        BoundedVec<
            super::Member<T::AccountId, <T as pallet_aura::Config>::AuthorityId>,
            ConstU32<MAX_MEMBERS>,
        >,
        ValueQuery,
    >;

    /// Which of them seal, in which order, and what is known of the others.
    #[pallet::storage]
    pub type Leaders<T: Config> = StorageValue<_, Rotation, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A validator missed its slot and is out of the rotation. Its first heartbeat in slot `until`
        /// or later brings it back.
        Evicted {
            validator: T::AccountId,
            term: u64,
            until: Slot,
        },
        /// A validator is back in the rotation.
        Returned { validator: T::AccountId, term: u64 },
        /// The session's validators have changed, and all of them seal.
        Restored { validators: u32, term: u64 },
        /// It was proven that a key sealed two blocks in one slot; its owner is an offender.
        DoubleSealProven {
            key: <T as pallet_aura::Config>::AuthorityId,
            slot: Slot,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No validator of this session has this place.
        UnknownMember,
        /// This validator is in the rotation; it has nothing to announce.
        NotOut,
        /// The heartbeat is too old, or older than the last one. Sign the present slot.
        StaleHeartbeat,
        /// The heartbeat speaks of a slot that is yet to come. Compare the clock with the peers'.
        FutureHeartbeat,
        /// The validator is on probation and was heard a moment ago. Wait sixteen slots.
        TooSoon,
        /// The signature is not by this validator's session key.
        BadSignature,
        /// These headers are the same, are of another slot, or are not both sealed by this key.
        NoDoubleSeal,
        /// The headers are of another chain, or the evidence is too old. It has to arrive within the
        /// number of blocks that the chain remembers, within six sessions, and within 345,600 slots.
        ForeignOrOldEvidence,
        /// The proof does not show that this key belongs to a validator.
        NotAValidatorsKey,
        /// This double seal has been reported already.
        KnownDoubleSeal,
    }

    impl<T> From<rotation::Refusal> for Error<T> {
        fn from(refusal: rotation::Refusal) -> Self {
            match refusal {
                rotation::Refusal::Unknown => Self::UnknownMember,
                rotation::Refusal::NotOut => Self::NotOut,
                rotation::Refusal::Stale => Self::StaleHeartbeat,
                rotation::Refusal::Future => Self::FutureHeartbeat,
                rotation::Refusal::TooSoon => Self::TooSoon,
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Settles the slots between the last block and this one.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let slot = *pallet_aura::CurrentSlot::<T>::get();
            let changes = Leaders::<T>::mutate(|leaders| leaders.on_block(slot));
            Self::apply(&changes);
            <T as Config>::WeightInfo::on_block(changes.len() as u32)
        }

        fn integrity_test() {
            assert!(
                T::MaxAuthorities::get() <= MAX_MEMBERS,
                "the rotation keeps witnesses as the bits of a word: at most {MAX_MEMBERS} authorities"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// A validator that is out of the rotation says, signed with its session key, that it was alive
        /// in slot `heard`. It comes back at once, or when its probation is over with a later heartbeat.
        ///
        /// Anybody may carry this; it costs nothing. Errors as [`Error`] says.
        #[pallet::call_index(0)]
        #[pallet::weight((<T as Config>::WeightInfo::heartbeat(), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(<T as Config>::WeightInfo::authorize_heartbeat())]
        #[pallet::authorize(Self::authorize_heartbeat)]
        pub fn heartbeat(
            origin: OriginFor<T>,
            member: MemberIndex,
            heard: Slot,
            signature: SignatureOf<T>,
        ) -> DispatchResult {
            frame_system::ensure_authorized(origin)?;
            let _ = signature; // checked by the authorisation
            let now = *pallet_aura::CurrentSlot::<T>::get();
            let change = Leaders::<T>::try_mutate(|leaders| {
                leaders
                    .on_heartbeat(member, heard, now)
                    .map_err(Error::<T>::from)
            })?;
            Self::apply(change.as_slice());
            if let Some(member) = Members::<T>::get().get(usize::from(member)) {
                T::OnAlive::on_alive(&member.account);
            }
            Ok(())
        }

        /// Reports that a key has sealed two blocks in one slot.
        ///
        /// Anybody may carry this; it costs nothing. Errors with [`Error::NoDoubleSeal`],
        /// [`Error::ForeignOrOldEvidence`], [`Error::NotAValidatorsKey`] or [`Error::KnownDoubleSeal`].
        #[pallet::call_index(1)]
        #[pallet::weight((<T as Config>::WeightInfo::report_double_seal(), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(<T as Config>::WeightInfo::authorize_report_double_seal())]
        #[pallet::authorize(Self::authorize_report)]
        pub fn report_double_seal(
            origin: OriginFor<T>,
            evidence: Box<EvidenceOf<T>>,
            ownership: T::KeyOwnerProof,
        ) -> DispatchResult {
            frame_system::ensure_authorized(origin)?;
            let offence = double_seal::prove::<T>(&evidence, &ownership)?;
            let slot = offence.slot;
            T::ReportOffence::report_offence(Vec::new(), offence)
                .map_err(|_| Error::<T>::KnownDoubleSeal)?;
            Self::deposit_event(Event::DoubleSealProven {
                key: evidence.offender,
                slot,
            });
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        fn authorize_heartbeat(
            _: TransactionSource,
            member: &MemberIndex,
            heard: &Slot,
            signature: &SignatureOf<T>,
        ) -> Result<(ValidTransaction, Weight), TransactionValidityError> {
            let now = *pallet_aura::CurrentSlot::<T>::get();
            let leaders = Leaders::<T>::get();
            leaders
                .check_heartbeat(*member, *heard, now)
                .map_err(|refusal| match refusal {
                    rotation::Refusal::Future => InvalidTransaction::Future,
                    rotation::Refusal::TooSoon
                    | rotation::Refusal::NotOut
                    | rotation::Refusal::Stale => InvalidTransaction::Stale,
                    rotation::Refusal::Unknown => InvalidTransaction::Call,
                })?;
            let signer = Members::<T>::get().get(usize::from(*member)).cloned();
            let payload = Self::heartbeat_payload(&leaders, *member, *heard);
            let (Some(signer), Some(payload)) = (signer, payload) else {
                return Err(InvalidTransaction::Call.into());
            };
            if !signer.key.verify(&payload.encode(), signature) {
                return Err(InvalidTransaction::BadProof.into());
            }
            let validity = ValidTransaction::with_tag_prefix("Leadership")
                .priority(TransactionPriority::MAX)
                .and_provides((leaders.term, *member, *heard))
                .longevity(rotation::HEARTBEAT_SLOTS)
                .propagate(true)
                .build()?;
            Ok((validity, Weight::zero()))
        }

        #[allow(
            clippy::borrowed_box,
            reason = "the macro hands on the call's own arguments"
        )]
        fn authorize_report(
            _: TransactionSource,
            evidence: &Box<EvidenceOf<T>>,
            ownership: &T::KeyOwnerProof,
        ) -> Result<(ValidTransaction, Weight), TransactionValidityError> {
            double_seal::prove::<T>(evidence, ownership).map_err(|error| match error {
                Error::KnownDoubleSeal | Error::ForeignOrOldEvidence => InvalidTransaction::Stale,
                _ => InvalidTransaction::BadProof,
            })?;
            let validity = ValidTransaction::with_tag_prefix("DoubleSeal")
                .priority(TransactionPriority::MAX)
                .and_provides(double_seal::tag::<T>(evidence))
                .longevity(rotation::HEARTBEAT_SLOTS)
                .propagate(true)
                .build()?;
            Ok((validity, Weight::zero()))
        }
    }
}

impl<T: Config> Pallet<T> {
    /// What a member that is out signs in slot `heard`; none for one that is not out.
    fn heartbeat_payload(
        leaders: &Rotation,
        member: MemberIndex,
        heard: Slot,
    ) -> Option<HeartbeatPayload<T::Hash>> {
        let out = leaders.members.get(usize::from(member))?.out?;
        Some(HeartbeatPayload {
            prefix: HEARTBEAT_PREFIX,
            genesis: frame_system::Pallet::<T>::block_hash(
                frame_system::pallet_prelude::BlockNumberFor::<T>::default(),
            ),
            since: out.since,
            member,
            heard,
        })
    }

    /// The place of the validator with this key, the slot it should announce itself with, and what it
    /// should sign for that. None while it has nothing to announce: it is in the rotation, it was heard a moment ago, or it is
    /// no validator of this session.
    pub fn heartbeat_due(
        key: &<T as pallet_aura::Config>::AuthorityId,
    ) -> Option<(MemberIndex, Slot, Vec<u8>)> {
        let members = Members::<T>::get();
        let place = members.iter().position(|member| member.key == *key)?;
        let member = MemberIndex::try_from(place).ok()?;
        let leaders = Leaders::<T>::get();
        let now = leaders.last_slot;
        leaders.check_heartbeat(member, now, now).ok()?;
        let payload = Self::heartbeat_payload(&leaders, member, now)?;
        Some((member, now, payload.encode()))
    }

    /// Tells Aura and the indexers what has changed.
    fn apply(changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        let (members, leaders) = (Members::<T>::get(), Leaders::<T>::get());
        let member = |index: MemberIndex| members.get(usize::from(index));
        for change in changes {
            let event = match *change {
                Change::Evicted {
                    member: index,
                    until,
                } => member(index).map(|member| Event::Evicted {
                    validator: member.account.clone(),
                    term: leaders.term,
                    until,
                }),
                Change::Returned { member: index } => member(index).map(|member| Event::Returned {
                    validator: member.account.clone(),
                    term: leaders.term,
                }),
            };
            if let Some(event) = event {
                Self::deposit_event(event);
            }
        }
        let keys = leaders
            .order
            .iter()
            .filter_map(|index| member(*index).map(|member| member.key.clone()));
        pallet_aura::Pallet::<T>::change_authorities(BoundedVec::truncate_from(keys.collect()));
    }
}

#[cfg(any(feature = "try-runtime", feature = "std", test))]
impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's documentation, in its order.
    pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
        use frame_support::ensure;
        let (members, leaders) = (Members::<T>::get(), Leaders::<T>::get());
        leaders.check()?;
        ensure!(
            leaders.members.len() == members.len(),
            "1: the rotation and the session have different members"
        );
        let keys: Vec<_> = leaders
            .order
            .iter()
            .filter_map(|index| members.get(usize::from(*index)))
            .map(|member| member.key.clone())
            .collect();
        ensure!(
            pallet_aura::Authorities::<T>::get().into_inner() == keys,
            "5: Aura's list is not the rotation"
        );
        Ok(())
    }
}
