//! What transactions and chain specifications carry: claims, reaches, requests, issuers, policies.
#![no_main]

use codec::Encode;
use libfuzzer_sys::fuzz_target;
use pallet_compliance::Policy;
use pallet_credentials::{Credential, Issuer, Offer, Request, Scope};
use plume_fuzz::{Input, json_round_trip, round_trip};
use plume_primitives::{
    AccountId,
    compliance::{Asset, FlowKind, Jurisdictions, Reason},
    credentials::{Claims, Reach},
};
use std::sync::LazyLock;

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let policy = Policy::standard();
    let json = serde_json::to_vec(&policy).expect("it is written");
    vec![policy.encode(), json]
});

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let bytes = &input.bytes;
    let _ = round_trip::<Claims>(bytes);
    let _ = round_trip::<Request>(bytes);
    let _ = round_trip::<Issuer>(bytes);
    let _ = round_trip::<Credential<AccountId>>(bytes);
    let _ = round_trip::<Offer<AccountId>>(bytes);
    let _ = round_trip::<(Asset, FlowKind)>(bytes);
    let _ = round_trip::<Reason>(bytes);
    let _ = round_trip::<Jurisdictions>(bytes);
    if let Some(scope) = round_trip::<Scope>(bytes) {
        let _ = scope.is_well_formed();
    }
    if let Some(reach) = round_trip::<Reach>(bytes) {
        let _ = reach.is_well_formed();
    }
    if let Some(policy) = round_trip::<Policy>(bytes) {
        let _ = policy.fault();
    }
    if let Some(policy) = json_round_trip::<Policy>(bytes) {
        let _ = policy.fault();
        assert_eq!(round_trip(&policy.encode()), Some(policy));
    }
});
