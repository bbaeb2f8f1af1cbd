//! The key that proofs are made with, and the fee that goes with them.

use plume_circuits::transfer::ProvingKey;
use plume_wallet::{PLUME_UNIT, Prover};

use crate::failure::Failure;

/// The prover of a ceremony's key, or of development networks.
pub fn prover(bytes: Option<&[u8]>) -> Result<Prover, Failure> {
    let Some(bytes) = bytes else {
        return Ok(Prover::insecure_development());
    };
    let bad = |reason: String| {
        Failure::new(
            format!("the proving key cannot be used: {reason}"),
            "Name the file that `plume ceremony` wrote for the transfer circuit",
        )
    };
    let keys =
        plume_ceremony::keys::read_proving_key(bytes).map_err(|error| bad(error.to_string()))?;
    let key = ProvingKey::new(keys.proving_key).map_err(|error| bad(error.to_string()))?;
    Ok(Prover::new(key))
}

/// What is demanded in planck and a tenth, in pool units with two digits: an unusual fee is a mark.
pub fn rounded(planck: u128) -> u64 {
    let units = planck.div_ceil(PLUME_UNIT);
    let units = u64::try_from(units.saturating_add(units.div_ceil(10))).unwrap_or(u64::MAX);
    let digits = units.checked_ilog10().unwrap_or(0);
    let step = 10u64.saturating_pow(digits.saturating_sub(1));
    units.div_ceil(step).saturating_mul(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_are_round_and_enough() {
        assert_eq!(rounded(0), 0);
        assert_eq!(rounded(1), 2);
        assert_eq!(rounded(1_000 * PLUME_UNIT), 1_100);
        assert_eq!(rounded(1_234_567 * PLUME_UNIT), 1_400_000);
        for planck in [1, 7, 99, 12_345_678_901_234_567u128, 999_999 * PLUME_UNIT] {
            assert!(u128::from(rounded(planck)) * PLUME_UNIT > planck);
        }
    }
}
