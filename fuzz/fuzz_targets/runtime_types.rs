//! What transactions and chain specifications carry: claims, reaches, requests, policies.
#![no_main]

use codec::{Decode, Encode};
use libfuzzer_sys::fuzz_target;
use pallet_compliance::Policy;
use pallet_credentials::Request;
use plume_primitives::credentials::{Claims, Reach};

/// What is decoded is encoded as it was.
fn round_trip<T: Decode + Encode>(bytes: &[u8]) -> Option<T> {
    let mut rest = bytes;
    let value = T::decode(&mut rest).ok()?;
    let read = bytes.len() - rest.len();
    assert_eq!(value.encode(), bytes[..read], "one value has one encoding");
    Some(value)
}

fuzz_target!(|bytes: &[u8]| {
    let _ = round_trip::<Claims>(bytes);
    let _ = round_trip::<Request>(bytes);
    if let Some(reach) = round_trip::<Reach>(bytes) {
        let _ = reach.is_well_formed();
    }
    if let Some(policy) = round_trip::<Policy>(bytes) {
        let _ = policy.fault();
    }
    if let Ok(policy) = serde_json::from_slice::<Policy>(bytes) {
        let _ = policy.fault();
    }
});
