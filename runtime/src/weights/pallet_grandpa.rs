//! Weights of GRANDPA's calls, written by hand: its benchmarks measure a part of a report.
//!
//! `benchmark pallet --pallet pallet_grandpa` measures `check_equivocation_proof` (the two signatures)
//! and `note_stalled`. The rest of a report, the membership proof and the offence, is taken from the SDK's
//! own estimate (`pallet-grandpa`, `default_weights.rs`), with ParityDB's accesses.

use crate::weights::pallet_validators as validators;
use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::WEIGHT_REF_TIME_PER_NANOS},
};

/// Measured on 2026-11-21, 20 steps of 10 repetitions: both signatures of a double vote, in picoseconds.
const CHECK_EQUIVOCATION_PROOF: u64 = 71_842_024;
/// Measured in the same run, in picoseconds.
const NOTE_STALLED: u64 = 2_083_000;
/// The SDK's estimate of checking a membership proof, in nanoseconds.
const MEMBERSHIP_PROOF_NS: u64 = 35_000;
/// The same, more for every validator.
const MEMBERSHIP_PROOF_PER_VALIDATOR_NS: u64 = 175;
/// The SDK's estimate of reporting the offence, in nanoseconds.
const OFFENCE_NS: u64 = 110_000;

/// Weight functions for `pallet_grandpa`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_grandpa::WeightInfo for WeightInfo<T> {
    fn report_equivocation(validators: u32, _max_nominators: u32) -> Weight {
        // The count comes from the reporter's proof: never less than a full set.
        let validators = u64::from(validators.max(100));
        let estimated = MEMBERSHIP_PROOF_PER_VALIDATOR_NS
            .saturating_mul(validators)
            .saturating_add(MEMBERSHIP_PROOF_NS)
            .saturating_add(OFFENCE_NS)
            .saturating_mul(WEIGHT_REF_TIME_PER_NANOS);
        Weight::from_parts(CHECK_EQUIVOCATION_PROOF.saturating_add(estimated), 0)
            .saturating_add(T::DbWeight::get().reads_writes(21, 10))
            // What the offence sets off: the slash and the removal.
            .saturating_add(
                <validators::WeightInfo<T> as pallet_validators::WeightInfo>::on_offence(),
            )
    }

    fn note_stalled() -> Weight {
        Weight::from_parts(NOTE_STALLED, 0).saturating_add(T::DbWeight::get().writes(1))
    }
}
