//! Keeps what issuers state about subjects, which accounts are a subject's, and the tree that proofs are made
//! against. There is no personal data in it: who a subject is stays with its issuer.
//!
//! # The life of a credential
//!
//! ```text
//!          issue             suspend ⇄ resume                revoke             forget (after Retention)
//! (nobody) ─────▶ Active ◀───────────────────▶ Suspended ──────────▶ Revoked ────────▶ (nobody)
//!                  │ ▲ └──────────────────────────────────────────────▲
//!                  └─┘ renew
//! ```
//!
//! 1. `AdmitOrigin` [admits](Pallet::admit_issuer) an institution as issuer, with a scope: tiers, kinds of
//!    subjects, jurisdictions, and how many credentials are kept for it.
//! 2. The issuer [issues](Pallet::issue) a credential, or [many at once](Pallet::issue_batch). It refers to the
//!    subject by a salted hash of its own, from which [`subject_id`] makes the subject's number; a person that two
//!    institutions know is two subjects. The holder's credential is off the chain, and the chain has a salted
//!    commitment to it.
//! 3. The issuer, or an account that is the subject's already, [offers](Pallet::offer) to bind an account, which
//!    [accepts](Pallet::accept); or brings the account's signature and [binds](Pallet::bind) it at once. See
//!    [`binding`].
//! 4. The issuer [renews](Pallet::renew), [suspends](Pallet::suspend), [resumes](Pallet::resume) and
//!    [revokes](Pallet::revoke). A revoked credential's record stays for `Retention`.
//!
//! Each credential is a leaf of the [tree](tree), whose [roots](roots) a proof can show. What suspends, revokes,
//! renews or freezes a credential takes older roots out of use within `RootDelay` seconds. The chain does not
//! look at the clock for it: a proof has to show that `valid_until` is not over.
//!
//! When an issuer is [expelled](Pallet::expel_issuer), no account of its subjects is in good standing from that
//! moment on. Its leaves stay until somebody [refreshes](Pallet::refresh) them, as after a freeze that has lapsed.
//!
//! # Who may call what
//!
//! | who | may |
//! |---|---|
//! | `AdmitOrigin` | [`admit_issuer`](Pallet::admit_issuer), [`expel_issuer`](Pallet::expel_issuer), [`revoke`](Pallet::revoke) |
//! | an admitted issuer | [`issue`](Pallet::issue), [`issue_batch`](Pallet::issue_batch); for its own subjects [`suspend`](Pallet::suspend), [`resume`](Pallet::resume), [`renew`](Pallet::renew) |
//! | the issuer of a subject | [`revoke`](Pallet::revoke), [`offer`](Pallet::offer), [`withdraw_offer`](Pallet::withdraw_offer), [`bind`](Pallet::bind), [`unbind`](Pallet::unbind), [`forget`](Pallet::forget) |
//! | an account of a subject | [`offer`](Pallet::offer), [`withdraw_offer`](Pallet::withdraw_offer), [`bind`](Pallet::bind); [`unbind`](Pallet::unbind) itself |
//! | an account that was offered | [`accept`](Pallet::accept) |
//! | anybody | [`refresh`](Pallet::refresh) |
//!
//! # Invariants (checked by `try_state`)
//!
//! 1. An issuer has as many credentials as it is said to have, and there are no more issuers than may be.
//! 2. Accounts and subjects agree about who belongs to whom; accounts and offers belong to subjects that have a
//!    credential.
//! 3. Each commitment is that of one credential, and each credential's is known.
//! 4. Each leaf that was given out is one credential's or vacant. It holds what the credential says, or zero.
//!    A revoked credential has no leaf.
//! 5. Each node is the hash of its children, and the root is the tree's.
//! 6. The ring has the roots from `first` to `next`, at most `MaxRoots`, in epochs that do not fall; and the ends
//!    of just those epochs.
//!
//! # Example
//!
//! ```
//! # use frame_support::{assert_ok, derive_impl, sp_runtime::{AccountId32, BuildStorage, MultiSignature, traits::{BlakeTwo256, BlockNumberProvider, Hash, IdentityLookup}}};
//! # use frame_support::traits::ConstU32;
//! # use pallet_credentials::{Request, Scope, subject_id};
//! # use plume_primitives::{compliance::{Credentials as _, Jurisdiction, Risk, SubjectKind, Tier}, credentials::{Claims, Reach}};
//! # #[frame_support::runtime]
//! # mod rt {
//! #     #[runtime::runtime]
//! #     #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
//! #     pub struct Runtime;
//! #     #[runtime::pallet_index(0)] pub type System = frame_system;
//! #     #[runtime::pallet_index(1)] pub type Credentials = pallet_credentials;
//! # }
//! # #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
//! # impl frame_system::Config for Runtime {
//! #     type Block = frame_system::mocking::MockBlock<Runtime>;
//! #     type AccountId = AccountId32;
//! #     type Lookup = IdentityLookup<AccountId32>;
//! # }
//! # pub struct Noon;
//! # impl BlockNumberProvider for Noon {
//! #     type BlockNumber = u32;
//! #     fn current_block_number() -> u32 { 43_200 }
//! # }
//! # #[cfg(feature = "runtime-benchmarks")]
//! # pub struct Nobody;
//! # #[cfg(feature = "runtime-benchmarks")]
//! # impl pallet_credentials::BenchmarkHelper<AccountId32, MultiSignature> for Nobody {
//! #     fn signer() -> AccountId32 { unreachable!() }
//! #     fn sign(_: &[u8]) -> MultiSignature { unreachable!() }
//! # }
//! # impl pallet_credentials::Config for Runtime {
//! #     type AdmitOrigin = frame_system::EnsureRoot<AccountId32>;
//! #     type Time = Noon;
//! #     type Hasher = plume_circuits::Poseidon;
//! #     type Freezes = ();
//! #     type Lists = ();
//! #     type Signer = frame_support::sp_runtime::MultiSigner;
//! #     type Signature = MultiSignature;
//! #     type RootDelay = ConstU32<60>;
//! #     type MaxRoots = ConstU32<1024>;
//! #     type MaxIssuers = ConstU32<100>;
//! #     type MaxBatch = ConstU32<16>;
//! #     type MaxAccounts = ConstU32<8>;
//! #     type MaxValidity = ConstU32<94_608_000>;
//! #     type MaxOfferTime = ConstU32<604_800>;
//! #     type Retention = ConstU32<157_680_000>;
//! #     type WeightInfo = ();
//! #     #[cfg(feature = "runtime-benchmarks")]
//! #     type BenchmarkHelper = Nobody;
//! # }
//! # fn main() {
//! # let storage = frame_system::GenesisConfig::<Runtime>::default().build_storage().unwrap();
//! # sp_io::TestExternalities::from(storage).execute_with(|| {
//! let (bank, customer) = (AccountId32::new([1; 32]), AccountId32::new([2; 32]));
//! let scope = Scope { max_tier: Tier::Three, persons: true, firms: true, banks: false, accredits: false, reach: Reach::Everywhere };
//! assert_ok!(Credentials::admit_issuer(RuntimeOrigin::root(), bank.clone(), BlakeTwo256::hash(b"5493001KJTIIGC8Y1R12"), scope, 100_000));
//!
//! let request = Request {
//!     reference: BlakeTwo256::hash(b"customer 4711, and a salt"),
//!     claims: Claims {
//!         tier: Tier::Two,
//!         kind: SubjectKind::Person,
//!         jurisdictions: vec![Jurisdiction(*b"CH")].try_into().unwrap(),
//!         accredited: false,
//!         politically_exposed: false,
//!         risk: Risk::Low,
//!         lei_hash: None,
//!         valid_from: 0,
//!         valid_until: 31_536_000,
//!     },
//!     commitment: [7; 32],
//! };
//! let subject = subject_id(&bank, &request.reference);
//! assert_ok!(Credentials::issue(RuntimeOrigin::signed(bank.clone()), request));
//! assert_ok!(Credentials::offer(RuntimeOrigin::signed(bank), subject, customer.clone(), 50_000));
//! assert_ok!(Credentials::accept(RuntimeOrigin::signed(customer.clone()), subject));
//!
//! let standing = pallet_credentials::Pallet::<Runtime>::standing(&customer).unwrap();
//! assert!(standing.in_force(43_200));
//! let (leaf, path) = Credentials::membership(&subject).unwrap();
//! let root = pallet_credentials::Root::<Runtime>::get();
//! assert!(path.leads::<plume_circuits::Poseidon>(&leaf, &root));
//! # });
//! # }
//! ```
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
pub mod binding;
pub mod claims;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
mod issuing;
#[cfg(test)]
mod mock;
pub mod roots;
mod standing;
#[cfg(test)]
mod tests;
pub mod tree;
mod types;
pub mod weights;

pub use binding::{BINDING_DOMAIN, signed_bytes};
pub use claims::{Flaw, subject_id};
pub use pallet::*;
pub use tree::{TREE_CAPACITY, TREE_DEPTH};
pub use types::{Credential, Issuer, Offer, Request, Scope, Statement, Status};
pub use weights::WeightInfo;

/// What the runtime adds for measuring.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper<AccountId, Signature> {
    /// An account that can sign.
    fn signer() -> AccountId;
    /// Its signature, of the kind that is slowest to verify.
    fn sign(message: &[u8]) -> Signature;
}

#[frame_support::pallet]
#[allow(missing_docs)] // the macro generates undocumented items
pub mod pallet {
    use super::*;
    use crate::tree::Changes;
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use plume_circuits::{
        FieldBytes,
        tree::{Group, TreeHasher},
    };
    use plume_primitives::{
        Seconds,
        compliance::{Lists, SubjectId},
        credentials::Claims,
        regulation::Freezes,
    };
    use sp_core::H256;
    use sp_runtime::traits::{BlockNumberProvider, IdentifyAccount, Verify};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who admits and expels issuers, and may revoke any credential.
        type AdmitOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Seconds since the first block.
        type Time: BlockNumberProvider<BlockNumber = Seconds>;

        /// The hash of the tree. Circuits are built for one, so it never changes.
        type Hasher: TreeHasher;

        /// Which subjects are frozen.
        type Freezes: Freezes;

        /// Knows whom sanctions lists name: the leaf of such a subject is empty, so that it proves nothing.
        type Lists: Lists;

        /// The key behind an account.
        type Signer: IdentifyAccount<AccountId = Self::AccountId>;

        /// What an account signs with.
        type Signature: Verify<Signer = Self::Signer> + Parameter;

        /// How long a root stays good after a credential in it was taken back. Shorter than a proof is on its
        /// way, every revocation breaks the proofs of all others; longer, a revoked holder goes on.
        #[pallet::constant]
        type RootDelay: Get<Seconds>;

        /// The most replaced roots that are kept, at most one a block. Fewer than there are blocks while a proof
        /// is on its way, and proofs break when many credentials are issued.
        #[pallet::constant]
        type MaxRoots: Get<u32>;

        /// The most issuers, expelled ones included.
        #[pallet::constant]
        type MaxIssuers: Get<u32>;

        /// The most credentials that are issued or refreshed at once.
        #[pallet::constant]
        type MaxBatch: Get<u32>;

        /// The most accounts of a subject, and the most offers that are open for one.
        #[pallet::constant]
        type MaxAccounts: Get<u32>;

        /// The longest time between the two ends of a credential's validity.
        #[pallet::constant]
        type MaxValidity: Get<Seconds>;

        /// The longest time that an offer or a signed statement can lie about.
        #[pallet::constant]
        type MaxOfferTime: Get<Seconds>;

        /// How long the record of a revoked credential is kept. The law says for how long records are.
        #[pallet::constant]
        type Retention: Get<Seconds>;

        type WeightInfo: WeightInfo;

        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId, Self::Signature>;
    }

    /// Who states who subjects are, or did.
    #[pallet::storage]
    pub type Issuers<T: Config> = CountedStorageMap<_, Blake2_128Concat, T::AccountId, Issuer>;

    /// What is stated, by subject.
    #[pallet::storage]
    pub type Credentials<T: Config> = StorageMap<_, Identity, SubjectId, Credential<T::AccountId>>;

    /// Whose commitment it is. No commitment is used twice.
    #[pallet::storage]
    pub type Commitments<T> = StorageMap<_, Blake2_128Concat, FieldBytes, SubjectId>;

    /// The subject that an account belongs to.
    #[pallet::storage]
    pub type SubjectOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, SubjectId>;

    /// A subject's accounts.
    #[pallet::storage]
    pub type AccountsOf<T: Config> =
        StorageMap<_, Identity, SubjectId, BoundedVec<T::AccountId, T::MaxAccounts>, ValueQuery>;

    /// Accounts that may become a subject's.
    #[pallet::storage]
    pub type Offers<T: Config> = StorageMap<
        _,
        Identity,
        SubjectId,
        BoundedVec<Offer<T::AccountId>, T::MaxAccounts>,
        ValueQuery,
    >;

    /// How often an account was bound; the nonce of what it signs next. Stays when the account leaves, or its
    /// old statements would count again.
    #[pallet::storage]
    pub type Nonces<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

    /// The tree's groups of four siblings, by level and place. A group that is not there is empty.
    #[pallet::storage]
    pub type Nodes<T> = StorageMap<_, Twox64Concat, (u32, u32), Group>;

    /// The first leaf that was never given out.
    #[pallet::storage]
    pub type NextLeaf<T> = StorageValue<_, u32, ValueQuery>;

    /// Leaves that were given back, from 0 on. The last is given out first.
    #[pallet::storage]
    pub type VacantLeaves<T> = StorageMap<_, Twox64Concat, u32, u32>;

    /// How many leaves were given back.
    #[pallet::storage]
    pub type VacantCount<T> = StorageValue<_, u32, ValueQuery>;

    #[pallet::type_value]
    pub fn EmptyRoot<T: Config>() -> FieldBytes {
        T::Hasher::empty(u32::try_from(TREE_DEPTH).unwrap_or(u32::MAX))
    }

    /// The tree's root.
    #[pallet::storage]
    pub type Root<T: Config> = StorageValue<_, FieldBytes, ValueQuery, EmptyRoot<T>>;

    /// Roots that were replaced, by number.
    #[pallet::storage]
    pub type Ring<T> = StorageMap<_, Twox64Concat, u64, roots::Replaced>;

    /// The last number of a root in the ring.
    #[pallet::storage]
    pub type Numbers<T> = StorageMap<_, Blake2_128Concat, FieldBytes, u64>;

    /// When an epoch ended, in seconds since the first block.
    #[pallet::storage]
    pub type EpochEnds<T> = StorageMap<_, Twox64Concat, u64, Seconds>;

    /// Where the ring begins and ends.
    #[pallet::storage]
    pub type RootsState<T: Config> = StorageValue<_, roots::State<BlockNumberFor<T>>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An institution may state who subjects are, within a scope; or its scope is another now.
        IssuerAdmitted {
            issuer: T::AccountId,
            lei_hash: H256,
            scope: Scope,
            quota: u32,
        },
        /// What an institution has stated counts no longer.
        IssuerExpelled { issuer: T::AccountId },
        /// A credential was issued, and is this leaf of the tree.
        Issued {
            subject: SubjectId,
            issuer: T::AccountId,
            claims: Claims,
            commitment: FieldBytes,
            leaf: u32,
        },
        /// A credential states something else now.
        Renewed {
            subject: SubjectId,
            claims: Claims,
            commitment: FieldBytes,
        },
        /// A credential does not count until it is resumed.
        Suspended { subject: SubjectId },
        /// A credential counts again.
        Resumed { subject: SubjectId },
        /// A credential never counts again, for a reason whose hash this is.
        Revoked { subject: SubjectId, reason: H256 },
        /// The record of a revoked credential is gone.
        Forgotten { subject: SubjectId },
        /// A subject's leaf was filled or emptied, because its issuer's right or a freeze began or ended.
        Refreshed { subject: SubjectId, shown: bool },
        /// An account may become a subject's until a moment in seconds since the first block.
        Offered {
            subject: SubjectId,
            account: T::AccountId,
            by: T::AccountId,
            until: Seconds,
        },
        /// An offer was taken back.
        OfferWithdrawn {
            subject: SubjectId,
            account: T::AccountId,
        },
        /// An account is a subject's.
        Bound {
            subject: SubjectId,
            account: T::AccountId,
        },
        /// An account is no longer a subject's.
        Unbound {
            subject: SubjectId,
            account: T::AccountId,
            by: T::AccountId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The caller is no issuer. Ask for admission.
        NotIssuer,
        /// The issuer was expelled, and what it stated counts no longer. Ask another issuer.
        IssuerExpelled,
        /// There are as many issuers as there may be.
        TooManyIssuers,
        /// The scope names no kind of subject, no tier, or jurisdictions that are not codes in ascending order.
        BadScope,
        /// Tier zero says that nothing is known. State a higher one.
        NoTier,
        /// Name one to eight jurisdictions: two upper-case letters each, in ascending order.
        BadJurisdictions,
        /// The validity is empty or longer than `credentials.maxValidity`.
        BadValidity,
        /// The validity is over. Renew the credential.
        Expired,
        /// A legal person needs the hash of its LEI, a natural person has none.
        BadLei,
        /// The issuer may not state so high a tier.
        TierOutOfScope,
        /// The issuer may not state anything about this kind of subject.
        KindOutOfScope,
        /// The issuer may not state anything about subjects of one of these jurisdictions.
        JurisdictionOutOfScope,
        /// The issuer may not say who is accredited.
        AccreditationOutOfScope,
        /// As many credentials are kept for the issuer as may be. Forget revoked ones, or ask for a larger quota.
        QuotaUsedUp,
        /// All leaves of the tree are taken.
        TreeFull,
        /// The subject has a credential. Renew it.
        AlreadyIssued,
        /// The commitment is no field element other than zero: 32 bytes, little endian, below the modulus.
        BadCommitment,
        /// The commitment was used before. Take a fresh salt.
        CommitmentUsed,
        /// No subject has this number.
        UnknownSubject,
        /// Another issuer stated it.
        NotItsIssuer,
        /// The credential is suspended. Resume it first.
        Suspended,
        /// The credential is not suspended.
        NotSuspended,
        /// The credential is revoked, for ever. Issue another under another reference.
        Revoked,
        /// The credential is not revoked.
        NotRevoked,
        /// The record has to be kept for `credentials.retention` seconds after the revocation.
        TooEarly,
        /// A regulator has frozen the subject.
        Frozen,
        /// No leaf of these subjects is other than it should be.
        NothingToRefresh,
        /// Only the subject's issuer and the subject's accounts may do this.
        NotController,
        /// The account belongs to a subject. Unbind it first.
        AlreadyBound,
        /// The account belongs to no subject.
        NotBound,
        /// The subject has as many accounts as it may. Unbind one.
        TooManyAccounts,
        /// As many offers are open for the subject as may be. Withdraw one.
        TooManyOffers,
        /// The account has no offer from this subject.
        NotOffered,
        /// The offer has expired. Ask for another.
        OfferExpired,
        /// The moment is over, or further ahead than `credentials.maxOfferTime`.
        TooFarAhead,
        /// The statement was signed for another chain.
        OtherChain,
        /// The statement has expired. Sign another.
        StatementExpired,
        /// The statement was used before, or the account was bound since. Sign another with the present nonce.
        Replayed,
        /// The statement's nonce is ahead of the account's. Sign another with the present nonce.
        NonceAhead,
        /// The signature is not the account's, or not of this statement.
        Forged,
    }

    impl<T> From<Flaw> for Error<T> {
        fn from(flaw: Flaw) -> Self {
            match flaw {
                Flaw::NoTier => Self::NoTier,
                Flaw::BadJurisdictions => Self::BadJurisdictions,
                Flaw::BadValidity => Self::BadValidity,
                Flaw::Expired => Self::Expired,
                Flaw::BadLei => Self::BadLei,
                Flaw::Tier => Self::TierOutOfScope,
                Flaw::Kind => Self::KindOutOfScope,
                Flaw::Jurisdiction => Self::JurisdictionOutOfScope,
                Flaw::Accreditation => Self::AccreditationOutOfScope,
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Admits an institution as issuer, or changes what an issuer may state. Credentials that were stated
        /// within an earlier scope stay. `quota` is the most credentials that are kept for it.
        ///
        /// Errors with [`Error::BadScope`] or [`Error::TooManyIssuers`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit_issuer())]
        pub fn admit_issuer(
            origin: OriginFor<T>,
            issuer: T::AccountId,
            lei_hash: H256,
            scope: Scope,
            quota: u32,
        ) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            ensure!(scope.is_well_formed(), Error::<T>::BadScope);
            let known = Issuers::<T>::get(&issuer);
            ensure!(
                known.is_some() || Issuers::<T>::count() < T::MaxIssuers::get(),
                Error::<T>::TooManyIssuers
            );
            Issuers::<T>::insert(
                &issuer,
                Issuer {
                    lei_hash,
                    scope: scope.clone(),
                    quota,
                    kept: known.map_or(0, |known| known.kept),
                    admitted: true,
                },
            );
            Self::deposit_event(Event::IssuerAdmitted {
                issuer,
                lei_hash,
                scope,
                quota,
            });
            Ok(())
        }

        /// Expels an issuer: from now on nobody is in good standing by its word. [`Pallet::refresh`] takes its
        /// credentials out of the tree.
        ///
        /// Errors with [`Error::NotIssuer`] or [`Error::IssuerExpelled`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::expel_issuer())]
        pub fn expel_issuer(origin: OriginFor<T>, issuer: T::AccountId) -> DispatchResult {
            T::AdmitOrigin::ensure_origin(origin)?;
            Issuers::<T>::try_mutate(&issuer, |known| {
                let known = known.as_mut().ok_or(Error::<T>::NotIssuer)?;
                ensure!(known.admitted, Error::<T>::IssuerExpelled);
                known.admitted = false;
                Ok::<_, Error<T>>(())
            })?;
            Self::deposit_event(Event::IssuerExpelled { issuer });
            Ok(())
        }

        /// Issues a credential.
        ///
        /// Errors with [`Error::NotIssuer`], [`Error::IssuerExpelled`], those of [`Flaw`],
        /// [`Error::BadCommitment`], [`Error::CommitmentUsed`], [`Error::AlreadyIssued`],
        /// [`Error::QuotaUsedUp`] or [`Error::TreeFull`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::issue())]
        pub fn issue(origin: OriginFor<T>, request: Request) -> DispatchResult {
            let issuer = ensure_signed(origin)?;
            Self::issue_all(issuer, alloc::vec![request])
        }

        /// Issues credentials: all, or none when one is refused.
        ///
        /// Errors as [`Pallet::issue`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::issue_batch(many(requests)))]
        pub fn issue_batch(
            origin: OriginFor<T>,
            requests: BoundedVec<Request, T::MaxBatch>,
        ) -> DispatchResult {
            let issuer = ensure_signed(origin)?;
            Self::issue_all(issuer, requests.into_inner())
        }

        /// Suspends a credential, until it is resumed.
        ///
        /// Errors with [`Error::UnknownSubject`], [`Error::NotItsIssuer`], [`Error::IssuerExpelled`],
        /// [`Error::Suspended`] or [`Error::Revoked`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn suspend(origin: OriginFor<T>, subject: SubjectId) -> DispatchResult {
            let mut credential = Self::own_credential(origin, &subject)?;
            ensure!(credential.status == Status::Active, Error::<T>::Suspended);
            credential.status = Status::Suspended;
            Self::rewrite(&subject, credential)?;
            Self::deposit_event(Event::Suspended { subject });
            Ok(())
        }

        /// Ends a suspension.
        ///
        /// Errors with [`Error::UnknownSubject`], [`Error::NotItsIssuer`], [`Error::IssuerExpelled`],
        /// [`Error::NotSuspended`] or [`Error::Revoked`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::resume())]
        pub fn resume(origin: OriginFor<T>, subject: SubjectId) -> DispatchResult {
            let mut credential = Self::own_credential(origin, &subject)?;
            ensure!(
                credential.status == Status::Suspended,
                Error::<T>::NotSuspended
            );
            credential.status = Status::Active;
            Self::rewrite(&subject, credential)?;
            Self::deposit_event(Event::Resumed { subject });
            Ok(())
        }

        /// Revokes a credential for ever, for a reason whose hash is given. For its issuer, expelled or not, and
        /// for `AdmitOrigin`.
        ///
        /// Errors with [`Error::UnknownSubject`], [`Error::NotItsIssuer`] or [`Error::Revoked`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::revoke())]
        pub fn revoke(origin: OriginFor<T>, subject: SubjectId, reason: H256) -> DispatchResult {
            let by = match T::AdmitOrigin::try_origin(origin) {
                Ok(_) => None,
                Err(origin) => Some(ensure_signed(origin)?),
            };
            let mut credential =
                Credentials::<T>::get(subject).ok_or(Error::<T>::UnknownSubject)?;
            ensure!(
                by.is_none_or(|by| by == credential.issuer),
                Error::<T>::NotItsIssuer
            );
            Self::ensure_not_revoked(&credential)?;
            credential.status = Status::Revoked {
                at: T::Time::current_block_number(),
            };
            Self::rewrite(&subject, credential)?;
            Self::deposit_event(Event::Revoked { subject, reason });
            Ok(())
        }

        /// States something else about a subject, under a fresh commitment. A suspended credential stays so.
        ///
        /// Errors with [`Error::UnknownSubject`], [`Error::NotItsIssuer`], [`Error::IssuerExpelled`],
        /// [`Error::Revoked`], those of [`Flaw`], [`Error::BadCommitment`] or [`Error::CommitmentUsed`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::renew())]
        pub fn renew(
            origin: OriginFor<T>,
            subject: SubjectId,
            claims: Claims,
            commitment: [u8; 32],
        ) -> DispatchResult {
            let mut credential = Self::own_credential(origin, &subject)?;
            let issuer = Self::admitted(&credential.issuer)?;
            Self::check_claims(&claims, &issuer)?;
            let commitment = Self::fresh_commitment(commitment)?;
            Commitments::<T>::remove(credential.commitment);
            Commitments::<T>::insert(commitment, subject);
            credential.claims = claims.clone();
            credential.commitment = commitment;
            let mut changes = Changes::default();
            Self::settle(&mut changes, &subject, credential, true);
            Self::write(changes)?;
            Self::deposit_event(Event::Renewed {
                subject,
                claims,
                commitment,
            });
            Ok(())
        }

        /// Forgets a revoked credential, and unbinds the subject's accounts. The issuer's quota is free for another.
        ///
        /// Errors with [`Error::UnknownSubject`], [`Error::NotItsIssuer`], [`Error::NotRevoked`],
        /// [`Error::TooEarly`] or [`Error::Frozen`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::forget())]
        pub fn forget(origin: OriginFor<T>, subject: SubjectId) -> DispatchResult {
            let issuer = ensure_signed(origin)?;
            let credential = Credentials::<T>::get(subject).ok_or(Error::<T>::UnknownSubject)?;
            ensure!(credential.issuer == issuer, Error::<T>::NotItsIssuer);
            let Status::Revoked { at } = credential.status else {
                return Err(Error::<T>::NotRevoked.into());
            };
            let kept_until = at.saturating_add(T::Retention::get());
            ensure!(
                T::Time::current_block_number() > kept_until,
                Error::<T>::TooEarly
            );
            ensure!(!T::Freezes::is_frozen(&subject), Error::<T>::Frozen);
            for account in AccountsOf::<T>::take(subject) {
                SubjectOf::<T>::remove(&account);
                Self::deposit_event(Event::Unbound {
                    subject,
                    account,
                    by: issuer.clone(),
                });
            }
            Offers::<T>::remove(subject);
            Commitments::<T>::remove(credential.commitment);
            Credentials::<T>::remove(subject);
            Issuers::<T>::mutate(&issuer, |issuer| {
                if let Some(issuer) = issuer {
                    issuer.kept = issuer.kept.saturating_sub(1);
                }
            });
            Self::deposit_event(Event::Forgotten { subject });
            Ok(())
        }

        /// Fills or empties the leaves of subjects whose issuer was admitted or expelled, or whose freeze began or
        /// ended, since their leaves were written. Subjects whose leaf is as it should be are passed over.
        /// Anybody may ask for it.
        ///
        /// Errors with [`Error::UnknownSubject`] or [`Error::NothingToRefresh`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::refresh(many(subjects)))]
        pub fn refresh(
            origin: OriginFor<T>,
            subjects: BoundedVec<SubjectId, T::MaxBatch>,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            let mut changes = Changes::default();
            let mut refreshed = Vec::new();
            for subject in subjects {
                let credential =
                    Credentials::<T>::get(subject).ok_or(Error::<T>::UnknownSubject)?;
                let shown = !credential.shown;
                if Self::settle(&mut changes, &subject, credential, false) {
                    refreshed.push((subject, shown));
                }
            }
            ensure!(!refreshed.is_empty(), Error::<T>::NothingToRefresh);
            Self::write(changes)?;
            for (subject, shown) in refreshed {
                Self::deposit_event(Event::Refreshed { subject, shown });
            }
            Ok(())
        }

        /// Offers to bind an account to a subject, until a moment in seconds since the first block. Offers that
        /// have expired make room. A second offer for one account replaces the first.
        ///
        /// Errors with [`Error::UnknownSubject`], [`Error::NotController`], [`Error::Suspended`],
        /// [`Error::Revoked`], [`Error::Expired`], [`Error::IssuerExpelled`], [`Error::Frozen`],
        /// [`Error::AlreadyBound`], [`Error::TooFarAhead`] or [`Error::TooManyOffers`].
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::offer())]
        pub fn offer(
            origin: OriginFor<T>,
            subject: SubjectId,
            account: T::AccountId,
            until: Seconds,
        ) -> DispatchResult {
            let by = ensure_signed(origin)?;
            Self::may_offer(&by, &subject)?;
            ensure!(
                !SubjectOf::<T>::contains_key(&account),
                Error::<T>::AlreadyBound
            );
            let now = T::Time::current_block_number();
            ensure!(
                until >= now && until <= now.saturating_add(T::MaxOfferTime::get()),
                Error::<T>::TooFarAhead
            );
            Offers::<T>::try_mutate(subject, |offers| {
                offers.retain(|offer| offer.until >= now && offer.account != account);
                offers.try_push(Offer {
                    account: account.clone(),
                    until,
                })
            })
            .map_err(|_| Error::<T>::TooManyOffers)?;
            Self::deposit_event(Event::Offered {
                subject,
                account,
                by,
                until,
            });
            Ok(())
        }

        /// Takes an offer back. For the subject's issuer and its accounts, and for whom it was made.
        ///
        /// Errors with [`Error::UnknownSubject`], [`Error::NotController`] or [`Error::NotOffered`].
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::withdraw_offer())]
        pub fn withdraw_offer(
            origin: OriginFor<T>,
            subject: SubjectId,
            account: T::AccountId,
        ) -> DispatchResult {
            let by = ensure_signed(origin)?;
            let credential = Credentials::<T>::get(subject).ok_or(Error::<T>::UnknownSubject)?;
            ensure!(
                by == credential.issuer
                    || by == account
                    || SubjectOf::<T>::get(&by) == Some(subject),
                Error::<T>::NotController
            );
            Self::strike_offer(&subject, &account).ok_or(Error::<T>::NotOffered)?;
            Self::deposit_event(Event::OfferWithdrawn { subject, account });
            Ok(())
        }

        /// Accepts an offer: the caller becomes the subject's account.
        ///
        /// Errors with [`Error::NotOffered`], [`Error::OfferExpired`], [`Error::AlreadyBound`],
        /// [`Error::TooManyAccounts`], [`Error::Suspended`], [`Error::Revoked`], [`Error::Expired`],
        /// [`Error::IssuerExpelled`] or [`Error::Frozen`].
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::accept())]
        pub fn accept(origin: OriginFor<T>, subject: SubjectId) -> DispatchResult {
            let account = ensure_signed(origin)?;
            let until = Offers::<T>::get(subject)
                .into_iter()
                .find(|offer| offer.account == account)
                .map(|offer| offer.until)
                .ok_or(Error::<T>::NotOffered)?;
            ensure!(
                T::Time::current_block_number() <= until,
                Error::<T>::OfferExpired
            );
            Self::attach(&account, &subject)?;
            Self::deposit_event(Event::Bound { subject, account });
            Ok(())
        }

        /// Binds an account at once, with a statement that the account has signed; see
        /// [`signed_bytes`]. For the subject's issuer and its accounts.
        ///
        /// Errors with [`Error::OtherChain`], [`Error::StatementExpired`], [`Error::TooFarAhead`],
        /// [`Error::Replayed`], [`Error::NonceAhead`], [`Error::Forged`], [`Error::UnknownSubject`],
        /// [`Error::NotController`], [`Error::AlreadyBound`], [`Error::TooManyAccounts`],
        /// [`Error::Suspended`], [`Error::Revoked`], [`Error::Expired`], [`Error::IssuerExpelled`] or
        /// [`Error::Frozen`].
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::bind())]
        pub fn bind(
            origin: OriginFor<T>,
            statement: Statement<T::AccountId, T::Hash>,
            signature: T::Signature,
        ) -> DispatchResult {
            let by = ensure_signed(origin)?;
            Self::may_offer(&by, &statement.subject)?;
            Self::check_statement(&statement, &signature)?;
            let Statement {
                subject, account, ..
            } = statement;
            Self::attach(&account, &subject)?;
            Self::deposit_event(Event::Bound { subject, account });
            Ok(())
        }

        /// Ends that an account is a subject's. For the account and for the subject's issuer; not while the
        /// subject is frozen, or an account would leave the freeze behind.
        ///
        /// Errors with [`Error::NotBound`], [`Error::NotController`] or [`Error::Frozen`].
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::unbind())]
        pub fn unbind(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            let by = ensure_signed(origin)?;
            let subject = SubjectOf::<T>::get(&account).ok_or(Error::<T>::NotBound)?;
            let is_issuer =
                || Credentials::<T>::get(subject).is_some_and(|known| known.issuer == by);
            ensure!(by == account || is_issuer(), Error::<T>::NotController);
            ensure!(!T::Freezes::is_frozen(&subject), Error::<T>::Frozen);
            Self::detach(&account, &subject);
            Self::deposit_event(Event::Unbound {
                subject,
                account,
                by,
            });
            Ok(())
        }
    }

    fn many<Element, Bound>(list: &BoundedVec<Element, Bound>) -> u32 {
        u32::try_from(list.len()).unwrap_or(u32::MAX)
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxRoots::get() > 0, "a root outlives the next one");
            assert!(T::RootDelay::get() > 0, "a proof has time to arrive");
            assert!(
                T::MaxIssuers::get() > 0 && T::MaxBatch::get() > 0 && T::MaxAccounts::get() > 0,
                "somebody can state something about somebody"
            );
            assert!(
                T::MaxValidity::get() > 0 && T::MaxOfferTime::get() > 0,
                "credentials and offers last"
            );
            let child = T::Hasher::leaf(&[FieldBytes::ZERO; 4]);
            assert_ne!(
                child,
                T::Hasher::node(&[FieldBytes::ZERO; 4]),
                "leaves and nodes are hashed differently"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_n: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
