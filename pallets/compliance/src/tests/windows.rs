//! What behaviour adds up to, transfer by transfer.

use crate::{mock::*, *};
use plume_primitives::compliance::{Reason, Verdict};
use sp_runtime::Perbill;

const DAY: Span = Span::whole(Window::Day);

/// The number of the first payment about which something is said.
fn first_noticed(payments: impl IntoIterator<Item = (u64, u64, u128)>) -> Option<(usize, Reason)> {
    payments
        .into_iter()
        .enumerate()
        .find_map(|(number, (from, to, amount))| {
            after(60);
            Some((number, pay(from, to, amount).reason?))
        })
}

#[test]
fn structuring_is_noticed_at_the_payment_that_completes_it() {
    on_chain(|| {
        for side in [Side::From, Side::To] {
            enact(
                Scope::Native,
                [(
                    Rule::Structuring {
                        side,
                        span: DAY,
                        count: 3,
                    },
                    Verdict::Alert,
                )],
            );
            let (from, to, reason) = match side {
                Side::From => ([1, 1, 1, 1, 1], [2, 3, 4, 5, 6], Reason::SentJustUnder),
                Side::To => ([11, 12, 13, 14, 15], [7; 5], Reason::ReceivedJustUnder),
            };
            // Just under is 8,000 to 9,999.
            let amounts = [9_999, 10_000, 8_000, 7_999, 9_000];
            let payments = (0..5).map(|n| (from[n], to[n], amounts[n]));
            assert_eq!(first_noticed(payments), Some((4, reason)));
        }
    });
}

#[test]
fn a_fan_in_is_noticed_at_its_last_sender_and_forgotten_after_its_span() {
    on_chain(|| {
        let rule = Rule::FanIn {
            span: DAY,
            distinct: 5,
            at_least: 500,
        };
        enact(Scope::Native, [(rule, Verdict::Alert)]);
        let fan =
            |first: u64, recipient| (first..first + 9).map(move |from| (from, recipient, 110));
        assert_eq!(first_noticed(fan(10, 2)), Some((4, Reason::FanIn)));
        // The same senders again and again are no fan, nor is dust.
        assert_eq!(first_noticed((0..30).map(|n| (10 + n % 4, 3, 500))), None);
        assert_eq!(first_noticed((10..34).map(|from| (from, 4, 20))), None);
        after(DAY.seconds() + 7_200);
        assert_eq!(first_noticed((30..34).map(|from| (from, 2, 110))), None);
    });
}

/// The numbers of the payments about which something is said.
fn noticed(payments: impl IntoIterator<Item = (u64, u64, u128)>) -> Vec<usize> {
    (0..)
        .zip(payments)
        .filter_map(|(number, (from, to, amount))| {
            after(60);
            pay(from, to, amount).reason.map(|_| number)
        })
        .collect()
}

#[test]
fn a_fan_is_told_once_or_always_as_the_rule_says() {
    on_chain(|| {
        let rule = Rule::FanOut {
            span: DAY,
            distinct: 4,
            at_least: 0,
        };
        for (once, first, later) in [(false, vec![3, 4, 5], vec![0, 1]), (true, vec![3], vec![])] {
            let mut entry = Entry::new(rule, Severity::Low, Verdict::Alert);
            entry.once = once;
            let mut policy = policy([(rule, Verdict::Alert)]);
            policy.rules = vec![entry].try_into().expect("one");
            let root = RuntimeOrigin::root();
            assert_eq!(
                Compliance::enact_policy(root, Scope::Native, policy),
                Ok(())
            );
            let from = u64::from(once) + 1;
            assert_eq!(noticed((50..56).map(|to| (from, to, 100))), first);
            assert_eq!(noticed([(from, 57, 100), (from, 50, 100)]), later);
            // When it has fallen apart, it is told again.
            after(DAY.seconds() + 7_200);
            assert_eq!(noticed((50..54).map(|to| (from, to, 100))), [3]);
        }
    });
}

#[test]
fn a_fan_counts_whoever_pays_enough_in_a_day_at_once_or_in_parts() {
    on_chain(|| {
        let rule = Rule::FanIn {
            span: DAY,
            distinct: 3,
            at_least: 0,
        };
        let mut policy = policy([(rule, Verdict::Alert)]);
        policy.counterparty_from = 100;
        let root = RuntimeOrigin::root();
        assert_eq!(
            Compliance::enact_policy(root, Scope::Native, policy),
            Ok(())
        );
        assert_eq!(noticed((10..60).map(|from| (from, 2, 99))), [0usize; 0]);
        let payments = [
            (10, 3, 100),
            (11, 3, 60),
            (12, 3, 250),
            (11, 3, 39),
            (11, 3, 20),
        ];
        assert_eq!(noticed(payments), [4]);
    });
}

#[test]
fn a_fan_out_and_what_was_gathered_before_are_noticed() {
    on_chain(|| {
        let out = Rule::FanOut {
            span: DAY,
            distinct: 4,
            at_least: 400,
        };
        enact(Scope::Native, [(out, Verdict::Alert)]);
        let fan = |from| (50..60).map(move |to| (from, to, 100));
        assert_eq!(first_noticed(fan(1)), Some((3, Reason::FanOut)));
        let both = Rule::GatherScatter {
            span: DAY,
            gather: 3,
            scatter: 2,
            at_least: 200,
        };
        enact(Scope::Native, [(both, Verdict::Alert)]);
        assert_eq!(first_noticed(fan(2)), None);
        assert_eq!(first_noticed((61..64).map(|from| (from, 3, 100))), None);
        assert_eq!(first_noticed(fan(3)), Some((1, Reason::GatherScatter)));
    });
}

#[test]
fn value_that_passes_through_within_minutes_is_noticed_and_later_is_not() {
    on_chain(|| {
        let rule = Rule::PassThrough {
            span: Span {
                window: Window::Hour,
                buckets: 3,
            },
            share: Perbill::from_percent(90),
            at_least: 1_000,
        };
        enact(Scope::Native, [(rule, Verdict::Alert)]);
        let mut hops = vec![(1, 2, 1_000), (2, 3, 899), (2, 4, 1)];
        assert_eq!(
            first_noticed(hops.clone()),
            Some((2, Reason::PassThrough)),
            "in parts"
        );
        hops = vec![(5, 6, 1_000)];
        assert_eq!(first_noticed(hops), None);
        after(1_200);
        assert_eq!(first_noticed([(6, 7, 1_000)]), None);
    });
}

#[test]
fn exposure_follows_the_value_and_halves_at_each_hop() {
    on_chain(|| {
        enact(
            Scope::Native,
            [(Rule::Exposure { at_least: 100 }, Verdict::Alert)],
        );
        known(1, |known| known.flagged = true);
        let chain = (1..9).map(|hop| (hop, hop + 1, 800));
        let noticed: Vec<_> = chain
            .map(|(from, to, amount)| pay(from, to, amount).reason)
            .collect();
        // Carried: 800, 400, 200, 100, 50.
        let mut expected = vec![Some(Reason::Exposed); 4];
        expected.resize(8, None);
        assert_eq!(noticed, expected);
        // Dust from a flagged subject taints as much as it is worth.
        pay(1, 20, 10);
        assert_eq!(pay(20, 21, 100_000).reason, None);
        // Time heals.
        pay(1, 30, 400);
        after(activity::HALF_LIFE_SECONDS);
        assert_eq!(pay(30, 31, 100_000).verdict, Verdict::Alert);
        after(activity::HALF_LIFE_SECONDS);
        assert_eq!(pay(30, 31, 100_000).verdict, Verdict::Allow);
    });
}

#[test]
fn a_sleeper_and_a_newcomer_are_noticed_once() {
    on_chain(|| {
        let month = activity::LEAST_SLEEP_SECONDS;
        enact(
            Scope::Native,
            [(
                Rule::Dormant {
                    slept: month,
                    at_least: 5_000,
                },
                Verdict::Alert,
            )],
        );
        assert_eq!(first_noticed([(1, 2, 5_000)]), None);
        after(month);
        let wakes = [(1, 3, 20), (1, 3, 4_000), (1, 3, 980)];
        assert_eq!(first_noticed(wakes), Some((2, Reason::DormantAwoke)));
        after(86_400);
        assert_eq!(first_noticed([(1, 3, 5_000)]), None);

        enact(
            Scope::Native,
            [(
                Rule::Young {
                    age: 86_400,
                    at_least: 5_000,
                },
                Verdict::Alert,
            )],
        );
        let young = [(50, 51, 4_999), (50, 51, 5_000)];
        assert_eq!(first_noticed(young), Some((1, Reason::YoungAndLarge)));
        assert_eq!(first_noticed([(50, 51, 5_000)]), None);
    });
}
