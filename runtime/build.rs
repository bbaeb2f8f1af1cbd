//! Compiles the runtime to the wasm blob that the chain stores and every node executes.

fn main() {
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::init_with_defaults()
        .enable_metadata_hash("PLUME", 18)
        .build();
}
