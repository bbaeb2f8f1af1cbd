//! `labels.json`: what is read is written as the same, and scored whatever rows it names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_aml::{
    Labels,
    generate::{Config, Generated, generate},
    score::{Aims, Alert, Truth, Verdict, score},
    write,
};
use plume_fuzz::Input;
use std::sync::LazyLock;

static MADE: LazyLock<Generated> =
    LazyLock::new(|| generate(&Config::for_transfers(3, 2_400)).expect("the generator's example"));
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let labels = Labels {
        attempts: MADE.labels.attempts.iter().take(3).cloned().collect(),
        ..MADE.labels.clone()
    };
    vec![written(&labels)]
});

fn written(labels: &Labels) -> Vec<u8> {
    let mut bytes = Vec::new();
    write::labels(&mut bytes, labels).expect("memory takes all");
    bytes
}

fn read(bytes: &[u8]) -> Option<Labels> {
    serde_json::from_slice(bytes).ok()
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let Some(labels) = read(&input.bytes) else {
        assert!(!input.is_unchanged(&FILES));
        return;
    };
    assert_eq!(read(&written(&labels)).as_ref(), Some(&labels));
    let transactions = &MADE.transactions[..60];
    let alerts = [0, 7, 59, 60, u64::MAX].map(|row| Alert {
        row,
        rule: "fan-in".into(),
        verdict: Verdict::Hold,
    });
    let truth = Truth::new(transactions, &labels);
    let score = score(transactions, &truth, &alerts, &Aims::new());
    let counts = (score.transfers, score.alerted, score.unknown_alerts);
    assert_eq!(counts, (60, 3, 2));
    let _ = Truth::from_accounts(transactions, labels.sanctioned_accounts);
});
