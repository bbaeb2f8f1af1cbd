//! Whatever is tried, the invariants hold and no value is made.

use crate::{
    Call,
    mock::{ShieldedPool, *},
    *,
};
use frame_support::{assert_ok, traits::UnfilteredDispatchable};
use plume_primitives::{Balance, Seconds, compliance::Asset};
use proptest::prelude::*;

/// What somebody tries. Seeds are few, so that notes are spent twice.
#[derive(Clone, Debug)]
enum Attempt {
    Deposit(u64, Amount),
    Transfer(u64, u64),
    Withdraw(u64, Amount, u64),
    Bundle(Vec<(u64, u64)>),
    Spoil(u64),
    Govern(Call<Runtime>),
    Block,
    Wait(Seconds),
}

fn seed() -> impl Strategy<Value = u64> {
    0..12u64
}

fn amount() -> impl Strategy<Value = Amount> {
    let value = prop_oneof![0..10u64, 0..1_000_000u64, Just(u64::MAX)];
    (any::<bool>(), value).prop_map(
        |(is_gold, value)| {
            if is_gold { gold(value) } else { plume(value) }
        },
    )
}

fn jurisdictions() -> impl Strategy<Value = Jurisdictions> {
    proptest::sample::subsequence(vec![*b"AT", *b"CH", *b"DE", *b"FR"], 0..=4)
        .prop_map(|codes| Jurisdictions::new(&codes).expect("in order"))
}

fn govern() -> impl Strategy<Value = Call<Runtime>> {
    prop_oneof![
        (
            0..5u8,
            proptest::option::of(0..9u64),
            any::<bool>(),
            jurisdictions()
        )
            .prop_map(
                |(tier, limit, receiver_known, jurisdictions)| Call::set_policy {
                    asset: Asset::Native,
                    tier,
                    limit,
                    receiver_known,
                    jurisdictions
                }
            ),
        (8..14u32, 1..5u64).prop_map(|(period, secret)| Call::set_flow_key {
            period,
            key: point(secret)
        }),
        (10_000..11_500u32, 1..5u64).prop_map(|(from, secret)| Call::set_committee_key {
            from,
            key: point(secret)
        }),
        (1..4u32, 10_000..11_500u32).prop_map(|(circuit, from)| Call::register_circuit {
            circuit,
            key: KEY.to_vec().try_into().expect("it is short"),
            from
        }),
        (2..4u32, 10_000..11_500u32)
            .prop_map(|(circuit, until)| Call::retire_circuit { circuit, until }),
        (6..8u32, 0..3u128).prop_map(|(asset, unit)| Call::register_asset { asset, unit }),
        any::<bool>().prop_map(|paused| Call::set_paused { paused }),
    ]
}

fn attempt() -> impl Strategy<Value = Attempt> {
    prop_oneof![
        4 => (seed(), amount()).prop_map(|(seed, amount)| Attempt::Deposit(seed, amount)),
        4 => (seed(), 0..200_000u64).prop_map(|(seed, fee)| Attempt::Transfer(seed, fee)),
        4 => (seed(), amount(), 0..200_000u64)
            .prop_map(|(seed, amount, fee)| Attempt::Withdraw(seed, amount, fee)),
        3 => proptest::collection::vec((seed(), 0..200_000u64), 0..6).prop_map(Attempt::Bundle),
        1 => seed().prop_map(Attempt::Spoil),
        2 => govern().prop_map(Attempt::Govern),
        3 => Just(Attempt::Block),
        2 => (0..60u32).prop_map(Attempt::Wait),
    ]
}

fn paying(seed: u64, fee: u64) -> Body {
    if fee == 0 {
        body(seed)
    } else {
        body_out(seed, plume(fee))
    }
}

/// Whether it succeeded.
fn tried(attempt: Attempt) -> bool {
    match attempt {
        Attempt::Deposit(seed, amount) => {
            let transfer = deposit_of(ANNA, body_in(seed, amount));
            let call = Call::<Runtime>::deposit { transfer };
            frame_support::storage::with_storage_layer(|| {
                call.dispatch_bypass_filter(RuntimeOrigin::signed(ANNA))
                    .map_err(|failed| failed.error)
            })
            .is_ok()
        }
        Attempt::Transfer(seed, fee) => include(transfer_of(paying(seed, fee))).is_ok(),
        Attempt::Withdraw(seed, amount, fee) => {
            let bodies = match amount.asset {
                Asset::Native => {
                    vec![body_out(seed, plume(amount.value.saturating_add(fee)))]
                }
                Asset::Other(_) => vec![body_out(seed, amount), paying(seed + 20, fee)],
            };
            include(withdrawal_of(bodies, BERT, amount.value)).is_ok()
        }
        Attempt::Bundle(all) => {
            let bodies = all
                .into_iter()
                .map(|(seed, fee)| paying(seed, fee))
                .collect();
            include(bundle_of(bodies)).is_ok()
        }
        Attempt::Spoil(seed) => {
            let Call::transfer { mut transfer } = transfer(seed) else {
                unreachable!("a transfer is one")
            };
            transfer.proof.0[0] ^= 1;
            assert!(include(Call::transfer { transfer }).is_err());
            false
        }
        Attempt::Govern(call) => frame_support::storage::with_storage_layer(|| {
            call.dispatch_bypass_filter(root())
                .map_err(|failed| failed.error)
        })
        .is_ok(),
        Attempt::Block => {
            next_block();
            true
        }
        Attempt::Wait(seconds) => {
            after(seconds);
            true
        }
    }
}

/// All PLUME that anybody has, in whatever way.
fn plume_of_all() -> Balance {
    frame_system::Account::<Runtime>::iter_values()
        .map(|account| account.data.free + account.data.reserved)
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_sequence_of_calls_breaks_an_invariant_or_makes_value(
        attempts in proptest::collection::vec(attempt(), 1..60),
    ) {
        chain().execute_with(|| {
            assert_ok!(deposit(ANNA, 1_000, plume(5_000_000)));
            assert_ok!(deposit(ANNA, 1_001, gold(1_000_000)));
            next_block();
            let gold_of_all = || Assets::total_supply(GOLD);
            let gold_before = gold_of_all();
            for attempt in attempts {
                let spent = Nullifiers::<Runtime>::iter_keys().count();
                let issuance = Balances::total_issuance();
                let burned_before = fees().0;
                let is_governing = matches!(
                    attempt,
                    Attempt::Govern(_) | Attempt::Block | Attempt::Wait(_)
                );
                let done = tried(attempt);
                let now_spent = Nullifiers::<Runtime>::iter_keys().count();
                assert_eq!(now_spent > spent, done && !is_governing);
                // PLUME leaves issuance by burned fees alone.
                let burned = issuance - Balances::total_issuance();
                assert!(burned <= (fees().0 - burned_before).div_ceil(2));
                assert_eq!(plume_of_all(), Balances::total_issuance());
                assert_eq!(gold_of_all(), gold_before);
                for asset in [Asset::Native, Asset::Other(GOLD)] {
                    let turnstile = Turnstiles::<Runtime>::get(asset);
                    assert!(turnstile.left <= turnstile.entered);
                }
            }
            next_block();
            assert_ok!(ShieldedPool::do_try_state());
        });
    }
}

#[test]
fn every_call_is_among_those_that_are_tried() {
    use frame_support::traits::GetCallName;
    assert_eq!(
        Call::<Runtime>::get_call_names(),
        [
            "deposit",
            "transfer",
            "withdraw",
            "bundle",
            "set_policy",
            "set_flow_key",
            "set_committee_key",
            "register_circuit",
            "retire_circuit",
            "register_asset",
            "set_paused",
        ]
    );
}
