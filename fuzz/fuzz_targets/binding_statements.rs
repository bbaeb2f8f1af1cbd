//! What accounts sign to become a subject's: one statement, one text to sign, and no signature for another.
#![no_main]

use codec::{Decode, Encode};
use libfuzzer_sys::fuzz_target;
use pallet_credentials::{BINDING_DOMAIN, Statement, signed_bytes};
use plume_fuzz::{Input, round_trip};
use plume_primitives::{AccountId, Hash, Signature, compliance::SubjectId};
use sp_core::{Pair, ed25519, sr25519};
use sp_runtime::{MultiSignature, traits::Verify};
use std::sync::LazyLock;

type Bound = Statement<AccountId, Hash>;

/// What travels: the statement, and the signature beside it.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let (first, second) = (
        ed25519::Pair::from_seed(&[1; 32]),
        sr25519::Pair::from_seed(&[2; 32]),
    );
    let one = statement(first.public().into());
    let other = statement(second.public().into());
    let signatures = [
        MultiSignature::from(first.sign(&signed_bytes(&one))),
        MultiSignature::from(second.sign(&signed_bytes(&other))),
    ];
    vec![
        (one, &signatures[0]).encode(),
        (other, &signatures[1]).encode(),
    ]
});

static ACCOUNTS: LazyLock<Vec<AccountId>> = LazyLock::new(|| {
    let account = |file: &Vec<u8>| Bound::decode(&mut &file[..]).map(|it| it.account);
    FILES
        .iter()
        .map(|file| account(file).expect("a statement comes first"))
        .collect()
});

fn statement(account: AccountId) -> Bound {
    Statement {
        genesis: Hash::repeat_byte(7),
        subject: SubjectId::repeat_byte(3),
        account,
        nonce: 1,
        until: 100_000,
    }
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let Some((statement, signature)) = round_trip::<(Bound, Signature)>(&input.bytes) else {
        assert!(!input.is_unchanged(&FILES));
        return;
    };
    let signed = signed_bytes(&statement);
    let mut after = signed
        .strip_prefix(BINDING_DOMAIN)
        .expect("the domain comes first");
    assert_eq!(Bound::decode(&mut after), Ok(statement.clone()));
    assert!(after.is_empty());
    if signature.verify(&signed[..], &statement.account) {
        // There are keys of small order, under which anybody signs anything; an account of one is everybody's.
        let is_ours = ACCOUNTS.contains(&statement.account);
        let same = FILES.iter().any(|file| input.bytes.starts_with(file));
        assert!(
            same || !is_ours,
            "nobody signed this statement, or not with this signature"
        );
    } else {
        assert!(!input.is_unchanged(&FILES));
    }
});
