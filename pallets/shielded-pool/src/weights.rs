//! What the calls cost. The figures here are estimates from above, until the runtime has measured ones: what is
//! known of the parts, and storage accesses counted.

use frame_support::weights::{
    Weight,
    constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_MICROS},
};

/// Weight of each benchmark. `n` is the number of transfers.
pub trait WeightInfo {
    /// A deposit, without its checks and its proof: they weigh what authorising a transfer does.
    fn deposit() -> Weight;
    /// Dispatching a transfer.
    fn transfer() -> Weight;
    /// Authorising one.
    fn authorize_transfer() -> Weight;
    /// Dispatching a withdrawal of another asset, with its fee.
    fn withdraw() -> Weight;
    /// Authorising one.
    fn authorize_withdraw() -> Weight;
    /// Dispatching a bundle.
    fn bundle(n: u32) -> Weight;
    /// Authorising one.
    fn authorize_bundle(n: u32) -> Weight;
    /// The root at the end of a block.
    fn settle_root() -> Weight;
    /// Setting a policy.
    fn set_policy() -> Weight;
    /// Setting a flow key.
    fn set_flow_key() -> Weight;
    /// Setting a committee key.
    fn set_committee_key() -> Weight;
    /// Registering a circuit.
    fn register_circuit() -> Weight;
    /// Retiring one.
    fn retire_circuit() -> Weight;
    /// Registering an asset.
    fn register_asset() -> Weight;
    /// Stopping the pool.
    fn set_paused() -> Weight;
}

const MILLIS: u64 = 1_000;

fn micros(micros: u64) -> Weight {
    Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros), 0)
}

fn database(reads: u64, writes: u64) -> Weight {
    ParityDbWeight::get().reads_writes(reads, writes)
}

/// A permutation of Poseidon in WebAssembly takes 200 µs: `pallet_credentials`' measured weights, where a leaf and
/// its ten nodes take 2.2 ms.
fn hashes(count: u64) -> Weight {
    micros(count.saturating_mul(220))
}

/// Verifying `n` proofs as one: published figures for one Groth16 proof in a runtime with host functions are
/// 2.9 ms, native batches of 64 take 0.4 ms a proof; points are checked in WebAssembly besides.
fn verify(n: u32) -> Weight {
    micros(
        u64::from(n)
            .saturating_mul(1_200)
            .saturating_add(5_u64.saturating_mul(MILLIS)),
    )
}

/// All checks of `n` transfers: what every call reads, three nullifiers and five reads for roots of each, and
/// hashing their 4 KB.
fn checks(n: u32) -> Weight {
    let n = u64::from(n);
    database(n.saturating_mul(8).saturating_add(16), 0)
        .saturating_add(micros(n.saturating_mul(40).saturating_add(100)))
}

/// Effect of `n` transfers: three nullifiers each, pending leaves, the event; and the hashes that appending their
/// leaves takes at the end of the block, which is one for three leaves, and one for each level that is completed.
fn effect(n: u32) -> Weight {
    let n = u64::from(n);
    database(
        n.saturating_mul(4).saturating_add(10),
        n.saturating_mul(3).saturating_add(8),
    )
    .saturating_add(micros(n.saturating_mul(60).saturating_add(100)))
    .saturating_add(hashes(n.saturating_add(2)))
}

impl WeightInfo for () {
    fn deposit() -> Weight {
        effect(1).saturating_add(database(6, 5))
    }
    fn transfer() -> Weight {
        effect(1)
    }
    fn authorize_transfer() -> Weight {
        checks(1).saturating_add(verify(1))
    }
    fn withdraw() -> Weight {
        effect(2).saturating_add(database(6, 5))
    }
    fn authorize_withdraw() -> Weight {
        checks(2)
            .saturating_add(verify(2))
            .saturating_add(database(6, 0))
    }
    fn bundle(n: u32) -> Weight {
        effect(n)
    }
    fn authorize_bundle(n: u32) -> Weight {
        checks(n).saturating_add(verify(n))
    }
    fn settle_root() -> Weight {
        // One hash a level, and those of levels that become complete besides what the calls are charged for. Four
        // of these are counted: a fifth comes once in a thousand leaves, a sixteenth once in four billion.
        database(5, 7).saturating_add(hashes(20))
    }
    fn set_policy() -> Weight {
        database(11, 9).saturating_add(hashes(5))
    }
    fn set_flow_key() -> Weight {
        database(2, 1).saturating_add(micros(10_u64.saturating_mul(MILLIS)))
    }
    fn set_committee_key() -> Weight {
        Self::set_flow_key()
    }
    fn register_circuit() -> Weight {
        // 32 points are checked with host functions, each for less than half a millisecond.
        database(2, 1).saturating_add(micros(20_u64.saturating_mul(MILLIS)))
    }
    fn retire_circuit() -> Weight {
        database(2, 1)
    }
    fn register_asset() -> Weight {
        database(5, 1)
    }
    fn set_paused() -> Weight {
        database(1, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MAX_BUNDLE;

    #[test]
    fn nothing_weighs_nothing_and_more_weighs_more() {
        for n in 1..=MAX_BUNDLE {
            let (more, less) = (
                <() as WeightInfo>::bundle(n),
                <() as WeightInfo>::bundle(n - 1),
            );
            assert!(more.ref_time() > less.ref_time());
            let more = <() as WeightInfo>::authorize_bundle(n);
            let less = <() as WeightInfo>::authorize_bundle(n - 1);
            assert!(more.ref_time() > less.ref_time());
        }
        let all = [
            <() as WeightInfo>::deposit(),
            <() as WeightInfo>::transfer(),
            <() as WeightInfo>::authorize_transfer(),
            <() as WeightInfo>::withdraw(),
            <() as WeightInfo>::authorize_withdraw(),
            <() as WeightInfo>::settle_root(),
            <() as WeightInfo>::set_policy(),
            <() as WeightInfo>::set_flow_key(),
            <() as WeightInfo>::set_committee_key(),
            <() as WeightInfo>::register_circuit(),
            <() as WeightInfo>::retire_circuit(),
            <() as WeightInfo>::register_asset(),
            <() as WeightInfo>::set_paused(),
        ];
        assert!(all.iter().all(|weight| weight.ref_time() > 0));
    }

    #[test]
    fn a_bundle_of_32_fits_the_normal_part_of_a_block() {
        // A third of a slot of 250 ms, 85 % of that, and less what beginning the block and any transaction take.
        let most = MAX_BUNDLE;
        let weight = <() as WeightInfo>::bundle(most) + <() as WeightInfo>::authorize_bundle(most);
        assert!(weight.ref_time() < 66_000_000_000, "{weight:?}");
    }
}
