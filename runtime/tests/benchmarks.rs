//! Every benchmark runs on this runtime, before somebody spends an hour on measuring.
//!
//! Needs the feature `runtime-benchmarks`. Nothing is measured here, and there is no database: each benchmark
//! runs on a chain of its own, with its components at their least and at their most, and checks its result.
#![cfg(feature = "runtime-benchmarks")]

mod common;

use common::chain;
use frame_benchmarking::{BenchmarkConfig, runtime_decl_for_benchmark::BenchmarkV2};
use plume_runtime::Runtime;
use sp_core::storage::{ChildInfo, StateVersion, TrackedStorageKey};
use sp_externalities::{Error, Extension, ExtensionStore, Externalities, MultiRemovalResults};
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use std::{
    any::{Any, TypeId},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// What a native test has not: a blob of code for the first; and the second votes on more referenda within a
/// second than an agenda has places, which their pallet asserts never to happen, in debug builds only.
const NOT_HERE: [&str; 2] = ["frame_system", "pallet_conviction_voting"];

/// A chain's state without the database that a benchmark wants to commit to and wipe.
struct NoDatabase<'a>(&'a mut dyn Externalities);

impl Externalities for NoDatabase<'_> {
    fn wipe(&mut self) {}
    fn commit(&mut self) {}
    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        (0, 0, 0, 0)
    }
    fn reset_read_write_count(&mut self) {}
    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        Vec::new()
    }
    fn set_whitelist(&mut self, _: Vec<TrackedStorageKey>) {}
    fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
        Vec::new()
    }

    fn set_offchain_storage(&mut self, key: &[u8], value: Option<&[u8]>) {
        self.0.set_offchain_storage(key, value);
    }
    fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.storage(key)
    }
    fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.storage_hash(key)
    }
    fn child_storage_hash(&mut self, child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.0.child_storage_hash(child, key)
    }
    fn child_storage(&mut self, child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.0.child_storage(child, key)
    }
    fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.next_storage_key(key)
    }
    fn next_child_storage_key(&mut self, child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
        self.0.next_child_storage_key(child, key)
    }
    fn kill_child_storage(
        &mut self,
        child: &ChildInfo,
        limit: Option<u32>,
        cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.0.kill_child_storage(child, limit, cursor)
    }
    fn clear_prefix(
        &mut self,
        prefix: &[u8],
        limit: Option<u32>,
        cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.0.clear_prefix(prefix, limit, cursor)
    }
    fn clear_child_prefix(
        &mut self,
        child: &ChildInfo,
        prefix: &[u8],
        limit: Option<u32>,
        cursor: Option<&[u8]>,
    ) -> MultiRemovalResults {
        self.0.clear_child_prefix(child, prefix, limit, cursor)
    }
    fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.0.place_storage(key, value);
    }
    fn place_child_storage(&mut self, child: &ChildInfo, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.0.place_child_storage(child, key, value);
    }
    fn storage_root(&mut self, version: StateVersion) -> Vec<u8> {
        self.0.storage_root(version)
    }
    fn child_storage_root(&mut self, child: &ChildInfo, version: StateVersion) -> Vec<u8> {
        self.0.child_storage_root(child, version)
    }
    fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.0.storage_append(key, value);
    }
    fn storage_start_transaction(&mut self) {
        self.0.storage_start_transaction();
    }
    fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
        self.0.storage_rollback_transaction()
    }
    fn storage_commit_transaction(&mut self) -> Result<(), ()> {
        self.0.storage_commit_transaction()
    }
}

impl ExtensionStore for NoDatabase<'_> {
    fn extension_by_type_id(&mut self, type_id: TypeId) -> Option<&mut dyn Any> {
        self.0.extension_by_type_id(type_id)
    }
    fn register_extension_with_type_id(
        &mut self,
        type_id: TypeId,
        extension: Box<dyn Extension>,
    ) -> Result<(), Error> {
        self.0.register_extension_with_type_id(type_id, extension)
    }
    fn deregister_extension_by_type_id(&mut self, type_id: TypeId) -> Result<(), Error> {
        self.0.deregister_extension_by_type_id(type_id)
    }
}

/// Runs one benchmark once on a chain of its own. Says what went wrong.
fn run(config: BenchmarkConfig) -> Result<(), String> {
    let mut chain = chain();
    chain.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    let mut state = chain.ext();
    let mut state = NoDatabase(&mut state);
    let run = || {
        sp_externalities::set_and_run_with_externalities(&mut state, || {
            Runtime::dispatch_benchmark(config)
        })
    };
    let batches = catch_unwind(AssertUnwindSafe(run)).map_err(|_| "it panicked".to_owned())??;
    let mut times = batches.iter().flat_map(|batch| &batch.results);
    if times.any(|result| result.extrinsic_time == 0) {
        return Err("nobody may call this: it would weigh nothing".to_owned());
    }
    Ok(())
}

#[test]
fn every_benchmark_runs_on_this_runtime() {
    let lists = chain().execute_with(|| Runtime::benchmark_metadata(false).0);
    let (mut ran, mut wrong) = (0, Vec::new());
    for list in lists {
        let pallet = String::from_utf8_lossy(&list.pallet).into_owned();
        if NOT_HERE.contains(&pallet.as_str()) {
            continue;
        }
        for benchmark in list.benchmarks {
            let name = String::from_utf8_lossy(&benchmark.name).into_owned();
            let least = benchmark.components.iter().map(|it| (it.0, it.1));
            let most = benchmark.components.iter().map(|it| (it.0, it.2));
            let (least, most): (Vec<_>, Vec<_>) = (least.collect(), most.collect());
            let mut choices = vec![least];
            if !choices.contains(&most) {
                choices.push(most);
            }
            for selected_components in choices {
                let config = BenchmarkConfig {
                    pallet: list.pallet.clone(),
                    instance: list.instance.clone(),
                    benchmark: benchmark.name.clone(),
                    selected_components: selected_components.clone(),
                    verify: true,
                    internal_repeats: 1,
                };
                ran += 1;
                if let Err(error) = run(config) {
                    wrong.push(format!("{pallet}.{name} {selected_components:?}: {error}"));
                }
            }
        }
    }
    assert!(ran > 100, "{ran} benchmarks ran");
    assert!(wrong.is_empty(), "of {ran}:\n{}", wrong.join("\n"));
}
