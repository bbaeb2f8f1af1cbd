//! How full a block is: what moves the base fee, and the number of validators.

use frame_support::{dispatch::DispatchClass, traits::Get};
use sp_runtime::Perquintill;

/// How full the block that executes is so far: the larger of what ordinary transactions have executed of what
/// they may, in time, and what the block has of the bytes that they may fill.
pub fn of_block<T: frame_system::Config>() -> Perquintill {
    let limits = T::BlockWeights::get();
    let limit = limits
        .get(DispatchClass::Normal)
        .max_total
        .unwrap_or(limits.max_block)
        .ref_time();
    let used = frame_system::Pallet::<T>::block_weight()
        .get(DispatchClass::Normal)
        .ref_time();

    let max_length = *T::BlockLength::get().max.get(DispatchClass::Normal);
    let length = frame_system::Pallet::<T>::block_size();

    // Beyond its limits a block is full, and not fuller.
    Perquintill::from_rational(used, limit).max(Perquintill::from_rational(
        u64::from(length),
        u64::from(max_length),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame_support::{derive_impl, parameter_types, weights::Weight};
    use frame_system::limits::{BlockLength, BlockWeights};

    #[frame_support::runtime]
    mod mock {
        #[runtime::runtime]
        #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
        pub struct Runtime;

        #[runtime::pallet_index(0)]
        pub type System = frame_system;
    }

    const SECOND: Weight = Weight::from_parts(1_000_000_000_000, 1_000);

    parameter_types! {
        pub Weights: BlockWeights = BlockWeights::simple_max(SECOND);
        pub Length: BlockLength = BlockLength::builder()
            .max_length(1_000)
            .modify_max_length_for_class(DispatchClass::Normal, |max| *max = 800)
            .build();
    }

    #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
    impl frame_system::Config for Runtime {
        type Block = frame_system::mocking::MockBlock<Runtime>;
        type BlockWeights = Weights;
        type BlockLength = Length;
    }

    fn fullness(weight: Weight, length: usize) -> Perquintill {
        sp_io::TestExternalities::default().execute_with(|| {
            System::set_block_consumed_resources(weight, length);
            of_block::<Runtime>()
        })
    }

    #[test]
    fn the_larger_of_time_and_length_counts() {
        let half = Perquintill::from_percent(50);
        assert_eq!(fullness(Weight::zero(), 0), Perquintill::zero());
        assert_eq!(fullness(SECOND / 2, 200), half);
        assert_eq!(fullness(SECOND / 4, 400), half);
    }

    #[test]
    fn beyond_its_limits_a_block_is_full_and_not_fuller() {
        assert_eq!(fullness(SECOND * 3, 0), Perquintill::one());
        assert_eq!(fullness(Weight::zero(), 900), Perquintill::one());
    }
}
