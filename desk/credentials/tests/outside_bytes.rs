//! Whatever bytes come from outside, what the chain and its tools read of credentials and policies never panics, and has
//! one encoding.

use codec::{Decode, Encode};
use pallet_compliance::Policy;
use pallet_credentials::Request;
use plume_primitives::credentials::{Claims, Reach};
use proptest::{collection::vec, prelude::*};

fn round_trip<T: Decode + Encode>(bytes: &[u8]) -> Option<T> {
    let mut rest = bytes;
    let value = T::decode(&mut rest).ok()?;
    assert_eq!(value.encode(), bytes[..bytes.len() - rest.len()]);
    Some(value)
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = round_trip::<Claims>(&bytes);
        let _ = round_trip::<Request>(&bytes);
        if let Some(reach) = round_trip::<Reach>(&bytes) {
            let _ = reach.is_well_formed();
        }
        if let Some(policy) = round_trip::<Policy>(&bytes) {
            let _ = policy.fault();
        }
        let _ = serde_json::from_slice::<Policy>(&bytes);
    }

    #[test]
    fn no_damage_to_a_policy_makes_its_reader_panic(place: prop::sample::Index, byte: u8) {
        let mut json = serde_json::to_vec(&Policy::standard()).unwrap();
        let mut scale = Policy::standard().encode();
        let at = place.index(json.len());
        json[at] = byte;
        let at = place.index(scale.len());
        scale[at] = byte;
        if let Ok(policy) = serde_json::from_slice::<Policy>(&json) {
            let _ = policy.fault();
        }
        if let Some(policy) = round_trip::<Policy>(&scale) {
            let _ = policy.fault();
        }
    }
}
