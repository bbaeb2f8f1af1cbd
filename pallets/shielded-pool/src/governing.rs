//! Policies, keys, circuits and assets.

use crate::{
    Circuit, CircuitVersion, Circuits, CommitteeKeys, Config, Error, Event, FlowKeys, Pallet,
    Period, Point, Policies, Policy, PolicyCount, PolicyNodes, PolicyPlaces, PolicyRoots,
    ProofVerifier, Units, asset_number, money,
    schedule::{Schedule, ScheduleError},
};
use core::marker::PhantomData;
use frame_support::{BoundedVec, dispatch::DispatchResult, ensure, traits::Get};
use plume_circuits::{
    FieldBytes, Poseidon,
    transfer::{
        Jurisdictions, POLICY_DEPTH,
        notes::{self, RECEIVER_NEEDS_CREDENTIAL},
    },
    tree::{Group, Groups, Tree, capacity},
};
use plume_primitives::{AssetId, Balance, Seconds, compliance::Asset};
use sp_io::hashing::blake2_256;
use sp_runtime::traits::BlockNumberProvider;

/// Leaves of the tree of policies.
pub const POLICY_CAPACITY: u32 = capacity(4);

impl<T> From<ScheduleError> for Error<T> {
    fn from(error: ScheduleError) -> Self {
        match error {
            ScheduleError::TooEarly => Self::FromTooEarly,
            ScheduleError::Full => Self::TooManyChanges,
        }
    }
}

/// The groups in storage.
pub(crate) struct Stored<T>(PhantomData<T>);

impl<T: Config> Groups for Stored<T> {
    fn group(&self, level: u32, index: u32) -> Option<Group> {
        PolicyNodes::<T>::get((level, index))
    }

    fn keep(&mut self, level: u32, index: u32, group: Group) {
        PolicyNodes::<T>::insert((level, index), group);
    }
}

/// The leaf of a policy.
pub fn policy_leaf(policy: &Policy) -> FieldBytes {
    let flags = if policy.receiver_known {
        RECEIVER_NEEDS_CREDENTIAL
    } else {
        0
    };
    notes::policy_leaf(
        policy.asset,
        policy.tier,
        policy.limit,
        flags,
        &policy.jurisdictions,
    )
}

impl<T: Config> Pallet<T> {
    pub(crate) fn policy_tree() -> Tree<Poseidon, Stored<T>, POLICY_DEPTH> {
        Tree::over(Stored(PhantomData))
    }

    /// The earliest moment that a proof can still say.
    fn oldest_moment(now: Seconds) -> Seconds {
        now.saturating_sub(T::MaxProofAge::get())
    }

    pub(crate) fn do_set_policy(
        asset: Asset,
        tier: u8,
        limit: Option<u64>,
        receiver_known: bool,
        jurisdictions: Jurisdictions,
    ) -> DispatchResult {
        ensure!(money::unit::<T>(asset).is_some(), Error::<T>::UnknownAsset);
        // What was proven up to now was proven against the policies of now.
        let from = T::Time::current_block_number().saturating_add(1);
        let policy = Policy {
            asset: asset_number(asset),
            tier,
            limit: limit.unwrap_or(0),
            receiver_known,
            jurisdictions,
        };
        let root = if limit.is_some() {
            Self::put_policy(policy, from)?
        } else {
            Self::replace_policy(policy.asset, tier, None, from)?
        };
        Self::deposit_event(Event::PolicySet {
            asset,
            tier,
            limit,
            receiver_known,
            jurisdictions,
            root,
            from,
        });
        Ok(())
    }

    /// Keeps a policy, and lets the new root count from a moment on.
    pub(crate) fn put_policy(policy: Policy, from: Seconds) -> Result<FieldBytes, Error<T>> {
        Self::replace_policy(policy.asset, policy.tier, Some(policy), from)
    }

    fn replace_policy(
        asset: u32,
        tier: u8,
        policy: Option<Policy>,
        from: Seconds,
    ) -> Result<FieldBytes, Error<T>> {
        ensure!((1..=3).contains(&tier), Error::<T>::BadTier);
        let place = match PolicyPlaces::<T>::get((asset, tier)) {
            Some(place) => place,
            None => {
                let place = PolicyCount::<T>::get();
                ensure!(place < POLICY_CAPACITY, Error::<T>::TooManyPolicies);
                PolicyCount::<T>::put(place.saturating_add(1));
                PolicyPlaces::<T>::insert((asset, tier), place);
                place
            }
        };
        Policies::<T>::set(place, policy);
        let leaf = policy.map_or(FieldBytes::ZERO, |policy| policy_leaf(&policy));
        let root = Self::policy_tree()
            .update(&[(place, leaf)])
            .map_err(|_| Error::<T>::TooManyPolicies)?;
        let now = T::Time::current_block_number();
        PolicyRoots::<T>::try_mutate(|roots| roots.set(from, root, now, Self::oldest_moment(now)))?;
        Ok(root)
    }

    /// Adds a key to a schedule. The first may count at once, others from a moment to come.
    fn put_key(schedule: &mut Schedule<Point>, from: Seconds, key: Point) -> Result<(), Error<T>> {
        ensure!(key.check().is_ok(), Error::<T>::BadKey);
        let now = T::Time::current_block_number();
        ensure!(
            from > now || schedule.at(now).is_none(),
            Error::<T>::FromTooEarly
        );
        schedule.set(from, key, now, Self::oldest_moment(now))?;
        Ok(())
    }

    pub(crate) fn put_flow_key(period: Period, key: Point) -> DispatchResult {
        let from = period
            .checked_mul(T::PeriodLength::get())
            .ok_or(Error::<T>::FromTooEarly)?;
        FlowKeys::<T>::try_mutate(|keys| Self::put_key(keys, from, key))?;
        Self::deposit_event(Event::FlowKeySet { period, key });
        Ok(())
    }

    pub(crate) fn put_committee_key(from: Seconds, key: Point) -> DispatchResult {
        CommitteeKeys::<T>::try_mutate(|keys| Self::put_key(keys, from, key))?;
        Self::deposit_event(Event::CommitteeKeySet { from, key });
        Ok(())
    }

    pub(crate) fn put_circuit(
        version: CircuitVersion,
        key: &[u8],
        from: Seconds,
    ) -> DispatchResult {
        ensure!(
            !Circuits::<T>::contains_key(version),
            Error::<T>::KnownCircuit
        );
        let prepared = T::Verifier::prepare(key).ok_or(Error::<T>::BadKey)?;
        let digest = blake2_256(key);
        let key = BoundedVec::try_from(prepared).map_err(|_| Error::<T>::BadKey)?;
        Circuits::<T>::insert(
            version,
            Circuit {
                key,
                digest,
                from,
                until: None,
            },
        );
        Self::deposit_event(Event::CircuitRegistered {
            circuit: version,
            key: digest,
            from,
        });
        Ok(())
    }

    pub(crate) fn do_retire_circuit(version: CircuitVersion, until: Seconds) -> DispatchResult {
        let now = T::Time::current_block_number();
        ensure!(until >= now, Error::<T>::FromTooEarly);
        Circuits::<T>::try_mutate(version, |circuit| {
            let circuit = circuit.as_mut().ok_or(Error::<T>::UnknownCircuit)?;
            ensure!(
                circuit.until.is_none_or(|until| now < until),
                Error::<T>::CircuitRetired
            );
            circuit.until = Some(until);
            // One that is retired before it has begun never counts.
            circuit.from = circuit.from.min(until);
            Ok::<_, Error<T>>(())
        })?;
        Self::deposit_event(Event::CircuitRetired {
            circuit: version,
            until,
        });
        Ok(())
    }

    pub(crate) fn do_register_asset(asset: AssetId, unit: Balance) -> DispatchResult {
        use frame_support::traits::fungibles::Inspect;
        ensure!(
            unit > 0 && asset < AssetId::MAX && T::OtherAssets::asset_exists(asset),
            Error::<T>::BadAsset
        );
        ensure!(!Units::<T>::contains_key(asset), Error::<T>::KnownAsset);
        ensure!(
            T::OtherAssets::balance(asset, &T::PoolAccount::get())
                >= T::OtherAssets::minimum_balance(asset),
            Error::<T>::NotEndowed
        );
        Units::<T>::insert(asset, unit);
        Self::deposit_event(Event::AssetRegistered { asset, unit });
        Ok(())
    }
}
