//! What everything costs.
//!
//! `scripts/weights` measures this runtime and replaces these modules with files. Until it has run, the
//! SDK's pallets have its figures for the reference machine, and ours count their storage accesses at
//! ParityDB's cost.

#![allow(missing_docs)] // generated files
pub mod pallet_asset_rate {
    pub type WeightInfo<T> = ::pallet_asset_rate::weights::SubstrateWeight<T>;
}
pub mod pallet_assets {
    pub type WeightInfo<T> = ::pallet_assets::weights::SubstrateWeight<T>;
}
pub mod pallet_balances {
    pub type WeightInfo<T> = ::pallet_balances::weights::SubstrateWeight<T>;
}
pub mod pallet_grandpa {
    pub struct WeightInfo<T>(core::marker::PhantomData<T>);
    impl<T> ::pallet_grandpa::WeightInfo for WeightInfo<T> {
        fn report_equivocation(v: u32, n: u32) -> frame_support::weights::Weight {
            <() as ::pallet_grandpa::WeightInfo>::report_equivocation(v, n)
        }
        fn note_stalled() -> frame_support::weights::Weight {
            <() as ::pallet_grandpa::WeightInfo>::note_stalled()
        }
    }
}
pub mod pallet_multisig {
    pub type WeightInfo<T> = ::pallet_multisig::weights::SubstrateWeight<T>;
}
pub mod pallet_preimage {
    pub type WeightInfo<T> = ::pallet_preimage::weights::SubstrateWeight<T>;
}
pub mod pallet_proxy {
    pub type WeightInfo<T> = ::pallet_proxy::weights::SubstrateWeight<T>;
}
pub mod pallet_scheduler {
    pub type WeightInfo<T> = ::pallet_scheduler::weights::SubstrateWeight<T>;
}
pub mod pallet_session {
    pub type WeightInfo<T> = ::pallet_session::weights::SubstrateWeight<T>;
}
pub mod pallet_sudo {
    pub type WeightInfo<T> = ::pallet_sudo::weights::SubstrateWeight<T>;
}
pub mod pallet_timestamp {
    pub type WeightInfo<T> = ::pallet_timestamp::weights::SubstrateWeight<T>;
}
pub mod pallet_transaction_payment {
    pub type WeightInfo<T> = ::pallet_transaction_payment::weights::SubstrateWeight<T>;
}
pub mod pallet_utility {
    pub type WeightInfo<T> = ::pallet_utility::weights::SubstrateWeight<T>;
}
pub mod frame_system {
    pub type WeightInfo<T> = ::frame_system::weights::SubstrateWeight<T>;
}
pub mod frame_system_extensions {
    pub type WeightInfo<T> = ::frame_system::SubstrateExtensionsWeight<T>;
}
pub mod pallet_fees {
    pub struct WeightInfo<T>(core::marker::PhantomData<T>);
    impl<T> ::pallet_fees::WeightInfo for WeightInfo<T> {
        fn set_shares() -> frame_support::weights::Weight {
            <() as ::pallet_fees::WeightInfo>::set_shares()
        }
        fn settle() -> frame_support::weights::Weight {
            <() as ::pallet_fees::WeightInfo>::settle()
        }
    }
}
pub mod pallet_validators {
    pub struct WeightInfo<T>(core::marker::PhantomData<T>);
    impl<T> ::pallet_validators::WeightInfo for WeightInfo<T> {
        fn admit() -> frame_support::weights::Weight {
            <() as ::pallet_validators::WeightInfo>::admit()
        }
        fn remove() -> frame_support::weights::Weight {
            <() as ::pallet_validators::WeightInfo>::remove()
        }
    }
}
pub mod block_weights {
    pub use frame_support::weights::constants::BlockExecutionWeight;
}
pub mod extrinsic_weights {
    pub use frame_support::weights::constants::ExtrinsicBaseWeight;
}
pub mod paritydb_weights {
    pub mod constants {
        pub use frame_support::weights::constants::ParityDbWeight;
    }
}
