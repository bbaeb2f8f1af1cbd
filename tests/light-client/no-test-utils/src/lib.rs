//! Nothing.
//!
//! The feature `std` of `pallet-bridge-grandpa` also turns on its optional dependency `bp-test-utils`, which
//! only its benchmarks use. That crate needs `bp-messages`, which turns on a feature of the codec for which
//! every crate of the SDK would compile again. So the workspace patches it with this.
