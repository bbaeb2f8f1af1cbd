//! What the wasm runtime may call on the host: the SDK's functions, and those of BLS12-381 that the shielded pool verifies
//! proofs with; some of them with a memory, so that what a transaction has proven once is not computed again.

mod memory;
mod multiples;
#[cfg_attr(
    feature = "runtime-benchmarks",
    allow(dead_code, unused_imports, reason = "benchmarks pay for everything")
)]
mod pairings;
mod quick;
#[cfg_attr(
    feature = "runtime-benchmarks",
    allow(dead_code, unused_imports, reason = "benchmarks pay for everything")
)]
mod signatures;

/// Pairings and multiplications of BLS12-381.
pub type Bls12381 = sp_crypto_ec_utils::bls12_381::host_calls::HostFunctions;

/// What the executor is given.
#[cfg(not(feature = "runtime-benchmarks"))]
pub type HostFunctions = sp_runtime_interface::sp_wasm_interface::ExtendedHostFunctions<
    (sp_io::SubstrateHostFunctions, Bls12381),
    (signatures::HostFunctions, pairings::HostFunctions),
>;

/// What the executor is given, for measuring: benchmarks must pay for every signature and every proof.
#[cfg(feature = "runtime-benchmarks")]
pub type HostFunctions = sp_runtime_interface::sp_wasm_interface::ExtendedHostFunctions<
    (
        sp_io::SubstrateHostFunctions,
        Bls12381,
        frame_benchmarking::benchmarking::HostFunctions,
    ),
    pairings::HostFunctions,
>;
