//! Whether a call may take effect: everything but its proofs first, and those last.

use crate::{
    Amount, Body, Bundle, Call, CircuitVersion, Circuits, CommitteeKeys, Config, Error, FeeHandler,
    FlowKeys, MAX_BUNDLE, NOTES, NextPosition, Nullifiers, PLUME_UNIT, Pallet, Paused, Pending,
    Period, PolicyRoots, ProofBytes, ProofVerifier, Transfer, money,
    roots::NOTES_CAPACITY,
    statement::{Context, Purpose, bind, inputs, pool_id},
};
use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    vec::Vec,
};
use codec::Encode;
use frame_support::{
    ensure,
    pallet_prelude::{
        InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction, Weight,
    },
    traits::{Contains, Get},
};
use frame_system::pallet_prelude::BlockNumberFor;
use plume_circuits::{FieldBytes, transfer::PublicInputs};
use plume_primitives::{Balance, Seconds, compliance::Asset, credentials::CredentialRoots};
use sp_runtime::traits::{BlockNumberProvider, Zero};

/// What a call lets out of the pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leaving {
    /// What the account gets that the call names.
    pub payout: Option<Amount>,
    /// Units of PLUME that are the fee.
    pub fee: u128,
}

/// What is left to do for a call that has passed all other checks.
pub(crate) struct Examined<'a> {
    key: Vec<u8>,
    statements: Vec<(PublicInputs, &'a ProofBytes)>,
    /// Planck that the fee rules demand.
    pub demanded: Balance,
    /// What leaves.
    pub leaving: Leaving,
}

/// What leaves the pool, if the transfers have the form that the purpose asks for.
pub(crate) fn leaving<AccountId>(
    purpose: &Purpose<'_, AccountId>,
    transfers: &[&Transfer],
) -> Result<Leaving, Flaw> {
    let most = match purpose {
        Purpose::Deposit(_) | Purpose::Transfer => 1,
        Purpose::Withdrawal { .. } => 2,
        Purpose::Bundle => usize::try_from(MAX_BUNDLE).unwrap_or(usize::MAX),
    };
    let (Some(first), true) = (transfers.first(), transfers.len() <= most) else {
        return Err(Flaw::Form);
    };
    for transfer in transfers {
        let amounts = [&transfer.body.public_in, &transfer.body.public_out];
        if amounts
            .into_iter()
            .flatten()
            .any(|amount| amount.value == 0)
        {
            return Err(Flaw::Amount);
        }
        if transfer.body.circuit != first.body.circuit {
            return Err(Flaw::Form);
        }
        let comes_in = transfer.body.public_in.is_some();
        if comes_in != matches!(purpose, Purpose::Deposit(_)) {
            return Err(Flaw::Form);
        }
    }
    // All that a transfer shows is a fee, but for what a withdrawal pays out.
    let fee_of = |transfer: &Transfer| match transfer.body.public_out {
        None => Ok(0),
        Some(Amount {
            asset: Asset::Native,
            value,
        }) => Ok(u128::from(value)),
        Some(_) => Err(Flaw::Amount),
    };
    let fees_of = |transfers: &[&Transfer]| {
        transfers.iter().try_fold(0u128, |sum, transfer| {
            Ok(sum.saturating_add(fee_of(transfer)?))
        })
    };
    match purpose {
        Purpose::Deposit(_) if first.body.public_out.is_some() => Err(Flaw::Form),
        Purpose::Deposit(_) => Ok(Leaving::default()),
        Purpose::Transfer | Purpose::Bundle => Ok(Leaving {
            payout: None,
            fee: fees_of(transfers)?,
        }),
        Purpose::Withdrawal { amount, .. } => {
            let out = first.body.public_out.ok_or(Flaw::Form)?;
            let rest = out.value.checked_sub(*amount).ok_or(Flaw::Amount)?;
            if *amount == 0 || (rest > 0 && out.asset != Asset::Native) {
                return Err(Flaw::Amount);
            }
            let others = transfers.get(1..).unwrap_or_default();
            Ok(Leaving {
                payout: Some(Amount {
                    asset: out.asset,
                    value: *amount,
                }),
                fee: fees_of(others)?.saturating_add(rest.into()),
            })
        }
    }
}

/// Why transfers do not have the form of their call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Too many, too few, of different circuits, or with a side that does not belong there.
    Form,
    /// Zero, of the wrong asset, or less than what is withdrawn.
    Amount,
}

impl<T> From<Flaw> for Error<T> {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Form => Self::BadForm,
            Flaw::Amount => Self::BadAmount,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// An amount in the asset's smallest units; none for an asset that is not in the pool, or more than there can be.
    pub fn in_smallest(amount: Amount) -> Option<Balance> {
        money::in_smallest::<T>(amount).ok()
    }

    /// The number of this chain's pool.
    pub fn pool_id() -> FieldBytes {
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(genesis.as_ref()) {
            *to = *from;
        }
        pool_id(&bytes)
    }

    /// The period of a moment.
    pub fn period_of(moment: Seconds) -> Period {
        moment.checked_div(T::PeriodLength::get()).unwrap_or(0)
    }

    /// What the chain knows of a moment and a call: what a proof has to be made for.
    pub fn context(moment: Seconds, binding: FieldBytes) -> Result<Context, Error<T>> {
        let policies = PolicyRoots::<T>::get();
        let flow_keys = FlowKeys::<T>::get();
        let committee_keys = CommitteeKeys::<T>::get();
        Ok(Context {
            policy_root: *policies.at(moment).ok_or(Error::<T>::NoPolicies)?,
            pool: Self::pool_id(),
            period: Self::period_of(moment),
            flow_key: *flow_keys.at(moment).ok_or(Error::<T>::NoKeys)?,
            committee_key: *committee_keys.at(moment).ok_or(Error::<T>::NoKeys)?,
            binding,
        })
    }

    /// Checks a call in the order of the pallet's documentation, all but its proofs. A call of an account is
    /// not given: the account pays for it.
    pub(crate) fn examine<'a>(
        purpose: &Purpose<'_, T::AccountId>,
        transfers: &[&'a Transfer],
        call: Option<&T::RuntimeCall>,
    ) -> Result<Examined<'a>, Error<T>> {
        ensure!(!Paused::<T>::get(), Error::<T>::Paused);

        let leaving = leaving(purpose, transfers)?;
        let circuit = Self::ensure_well_formed(transfers)?;

        let now = T::Time::current_block_number();
        let oldest = now.saturating_sub(T::MaxProofAge::get());
        for transfer in transfers {
            ensure!(transfer.body.time <= now, Error::<T>::TooEarly);
            ensure!(transfer.body.time >= oldest, Error::<T>::TooOld);
        }

        let demanded = call.map_or(0, T::Fees::demanded);
        ensure!(
            money::fee_in_planck(leaving.fee) >= demanded,
            Error::<T>::FeeTooLow
        );

        let circuit = Circuits::<T>::get(circuit).ok_or(Error::<T>::UnknownCircuit)?;
        ensure!(circuit.from <= now, Error::<T>::CircuitNotYetActive);
        ensure!(circuit.is_active(now), Error::<T>::CircuitRetired);

        Self::ensure_room(transfers.len())?;
        Self::ensure_can_leave(purpose, &leaving)?;
        if let (Purpose::Deposit(_), Some(first)) = (purpose, transfers.first()) {
            money::in_smallest::<T>(first.body.public_in.ok_or(Error::<T>::BadForm)?)?;
        }
        Self::ensure_known_and_fresh(transfers, now)?;

        let binding = bind(purpose, transfers.iter().copied());
        // Few moments, many transfers: what the chain knows of each moment is read once.
        let mut contexts = BTreeMap::new();
        let statements = transfers
            .iter()
            .map(|transfer| {
                let context = match contexts.entry(transfer.body.time) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(place) => {
                        *place.insert(Self::context(transfer.body.time, binding)?)
                    }
                };
                Ok((inputs(&transfer.body, &context), &transfer.proof))
            })
            .collect::<Result<Vec<_>, Error<T>>>()?;
        Ok(Examined {
            key: circuit.key.into_inner(),
            statements,
            demanded,
            leaving,
        })
    }

    /// Verifies the proofs, all together.
    pub(crate) fn prove(examined: &Examined<'_>) -> Result<(), Error<T>> {
        ensure!(
            T::Verifier::are_good(&examined.key, &examined.statements),
            Error::<T>::BadProof
        );
        Ok(())
    }

    /// No leaf is empty and nothing is spent twice. Returns the circuit of all.
    fn ensure_well_formed(transfers: &[&Transfer]) -> Result<CircuitVersion, Error<T>> {
        let bodies = || transfers.iter().map(|transfer| &transfer.body);
        let mut commitments = bodies().flat_map(Body::all_commitments);
        ensure!(
            !commitments.any(|leaf| leaf.is_zero()),
            Error::<T>::EmptyNote
        );
        let nullifiers: Vec<_> = bodies().flat_map(Body::all_nullifiers).collect();
        let distinct: BTreeSet<_> = nullifiers.iter().collect();
        ensure!(distinct.len() == nullifiers.len(), Error::<T>::SpentTwice);
        let first = bodies().next().ok_or(Error::<T>::BadForm)?;
        Ok(first.circuit)
    }

    fn ensure_room(transfers: usize) -> Result<(), Error<T>> {
        let leaves = transfers.saturating_mul(NOTES);
        let more = u64::try_from(leaves).unwrap_or(u64::MAX);
        ensure!(
            NextPosition::<T>::get().saturating_add(more) <= NOTES_CAPACITY,
            Error::<T>::PoolFull
        );
        let pending = Pending::<T>::decode_len().unwrap_or(0);
        let most = usize::try_from(T::MaxLeaves::get()).unwrap_or(usize::MAX);
        ensure!(
            pending.saturating_add(leaves) <= most,
            Error::<T>::BlockFull
        );
        Ok(())
    }

    fn ensure_can_leave(
        purpose: &Purpose<'_, T::AccountId>,
        leaving: &Leaving,
    ) -> Result<(), Error<T>> {
        let mut plume = leaving.fee;
        if let (Purpose::Withdrawal { to, .. }, Some(amount)) = (purpose, leaving.payout) {
            match amount.asset {
                Asset::Native => plume = plume.saturating_add(amount.value.into()),
                asset => money::ensure_inside::<T>(asset, amount.value.into())?,
            }
            money::ensure_can_pay::<T>(to, amount)?;
        }
        money::ensure_inside::<T>(Asset::Native, plume)
    }

    fn ensure_known_and_fresh(transfers: &[&Transfer], now: Seconds) -> Result<(), Error<T>> {
        let mut known = BTreeSet::new();
        for transfer in transfers {
            let roots = (transfer.body.note_root, transfer.body.credential_root);
            if !known.insert(roots) {
                continue;
            }
            ensure!(Self::is_recent_root(&roots.0), Error::<T>::UnknownRoot);
            ensure!(
                T::CredentialRoots::is_acceptable_root(roots.1.as_bytes(), now),
                Error::<T>::UnknownCredentialRoot
            );
        }
        for transfer in transfers {
            for nullifier in transfer.body.all_nullifiers() {
                ensure!(!Nullifiers::<T>::contains_key(nullifier), Error::<T>::Spent);
            }
        }
        Ok(())
    }

    /// What the fee rules demand of a call now, in planck.
    pub(crate) fn demanded(call: Call<T>) -> Balance {
        T::Fees::demanded(&call.into())
    }

    /// The least fee of a call without a signed origin, in units of PLUME: what a wallet has to show. It depends
    /// on how many bytes the call has, and rises and falls with demand.
    pub fn least_fee(call: &Call<T>) -> Option<u64> {
        let planck = Self::demanded(call.clone());
        u64::try_from(planck.div_ceil(PLUME_UNIT)).ok()
    }

    #[allow(
        clippy::borrowed_box,
        reason = "the macro hands on the call's own arguments"
    )]
    pub(crate) fn authorize_transfer(
        _: TransactionSource,
        transfer: &Box<Transfer>,
    ) -> Result<(ValidTransaction, Weight), TransactionValidityError> {
        let call = Call::transfer {
            transfer: transfer.clone(),
        };
        Self::authorize_leaving(&Purpose::Transfer, &[transfer], call)
    }

    #[allow(
        clippy::borrowed_box,
        reason = "the macro hands on the call's own arguments"
    )]
    pub(crate) fn authorize_withdraw(
        _: TransactionSource,
        transfer: &Box<Transfer>,
        fee: &Option<Box<Transfer>>,
        to: &T::AccountId,
        amount: &u64,
    ) -> Result<(ValidTransaction, Weight), TransactionValidityError> {
        let amount = *amount;
        let call = Call::withdraw {
            transfer: transfer.clone(),
            fee: fee.clone(),
            to: to.clone(),
            amount,
        };
        let transfers: Vec<&Transfer> = core::iter::once(&**transfer)
            .chain(fee.as_deref())
            .collect();
        Self::authorize_leaving(&Purpose::Withdrawal { to, amount }, &transfers, call)
    }

    pub(crate) fn authorize_bundle(
        _: TransactionSource,
        transfers: &Bundle,
    ) -> Result<(ValidTransaction, Weight), TransactionValidityError> {
        let call = Call::bundle {
            transfers: transfers.clone(),
        };
        let transfers: Vec<&Transfer> = transfers.iter().collect();
        Self::authorize_leaving(&Purpose::Bundle, &transfers, call)
    }

    fn authorize_leaving(
        purpose: &Purpose<'_, T::AccountId>,
        transfers: &[&Transfer],
        call: Call<T>,
    ) -> Result<(ValidTransaction, Weight), TransactionValidityError> {
        let call: T::RuntimeCall = call.into();
        // What a filter stops would be in a block, pay nothing, and could come again.
        let is_open = T::BaseCallFilter::contains(&call);
        ensure!(is_open, refusal(Error::<T>::Paused));
        let examined = Self::examine(purpose, transfers, Some(&call)).map_err(refusal)?;
        Self::prove(&examined).map_err(refusal)?;
        let tip = money::fee_in_planck(examined.leaving.fee).saturating_sub(examined.demanded);
        let priority = T::Fees::priority(&call, examined.demanded, tip);
        let nullifiers = transfers
            .iter()
            .flat_map(|transfer| transfer.body.all_nullifiers());
        let validity = nullifiers
            .fold(
                ValidTransaction::with_tag_prefix("ShieldedPool"),
                |validity, nullifier| validity.and_provides(nullifier),
            )
            .priority(priority)
            .longevity(T::Longevity::get())
            .propagate(true)
            .build()?;
        Ok((validity, Weight::zero()))
    }
}

/// What a pool is told: what may become good later, what never will, and for the rest which check it was.
///
/// | | |
/// |---|---|
/// | `Stale` | [`Error::Spent`], [`Error::TooOld`], [`Error::CircuitRetired`] |
/// | `Future` | [`Error::TooEarly`], [`Error::CircuitNotYetActive`] |
/// | `Payment` | [`Error::FeeTooLow`] |
/// | `BadProof` | [`Error::BadProof`] |
/// | `ExhaustsResources` | [`Error::BlockFull`] |
/// | `Custom(n)` | 200 + the error's place in [`Error`], counted from 0 |
pub fn refusal<T>(error: Error<T>) -> TransactionValidityError {
    let invalid = match &error {
        Error::Spent | Error::TooOld | Error::CircuitRetired => InvalidTransaction::Stale,
        Error::TooEarly | Error::CircuitNotYetActive => InvalidTransaction::Future,
        Error::FeeTooLow => InvalidTransaction::Payment,
        Error::BadProof => InvalidTransaction::BadProof,
        Error::BlockFull => InvalidTransaction::ExhaustsResources,
        other => {
            let index = other.using_encoded(|bytes| bytes.first().copied().unwrap_or(0));
            InvalidTransaction::Custom(CUSTOM.saturating_add(index))
        }
    };
    invalid.into()
}

/// Where the pool's own reasons to refuse begin. Those of the compliance engine are smaller.
pub const CUSTOM: u8 = 200;
