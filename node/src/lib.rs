//! The Plume node: executes, agrees, stores and serves.
//!
//! From the command line inward: [`cli`] (what can be said) → [`command`] (what is done) →
//! `chain_spec` (which network) → [`service`] (the parts, joined) → `rpc` (what is served).

#[cfg(target_os = "linux")]
mod answers;
pub mod behaviour;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod chain_spec;
pub mod cli;
pub mod command;
mod host_functions;
mod keystore;
mod permissioned;
#[cfg(target_os = "linux")]
mod process_metrics;
mod rpc;
pub mod service;
mod syncing;
mod wasm_cache;

/// Blocks allocate and free many small pieces from many threads; the system's allocator contends.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
