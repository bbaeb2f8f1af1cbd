//! How much storage a screened transfer touches, pinned.

use crate::{mock::*, *};
use plume_primitives::compliance::{Screen, Verdict};
use sp_core::hexdisplay::HexDisplay;
use std::{
    collections::BTreeSet,
    fmt::Debug,
    sync::{Arc, Mutex},
};
use tracing::{Event as Trace, Metadata, Subscriber, field::Field, span};

/// Distinct keys of the pallet that were read, and written.
#[derive(Default)]
struct Touched {
    read: BTreeSet<String>,
    written: BTreeSet<String>,
}

/// Listens to what the externalities trace of each access.
struct Listener(Arc<Mutex<Touched>>);

#[derive(Default)]
struct Access {
    method: String,
    key: String,
}

impl tracing::field::Visit for Access {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "method" {
            self.method = value.to_string();
        }
    }
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "method" => self.method = format!("{value:?}"),
            "key" => self.key = format!("{value:?}"),
            _ => {}
        }
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "state"
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
    fn event(&self, event: &Trace<'_>) {
        let mut access = Access::default();
        event.record(&mut access);
        let prefix = sp_io::hashing::twox_128(b"Compliance");
        let prefix = HexDisplay::from(&prefix).to_string();
        if !access.key.starts_with(&prefix) {
            return;
        }
        let mut touched = self.0.lock().expect("no test panics inside");
        match access.method.as_str() {
            "Put" => touched.written.insert(access.key),
            _ => touched.read.insert(access.key),
        };
    }
}

/// Distinct items of the pallet that an action reads and writes.
fn touched(action: impl FnOnce()) -> (usize, usize) {
    let touched = Arc::new(Mutex::new(Touched::default()));
    tracing::subscriber::with_default(Listener(touched.clone()), action);
    let touched = touched.lock().expect("no test panics inside");
    (touched.read.len(), touched.written.len())
}

/// A policy of the most rules, with each kind of rule, none of which speaks.
fn silent_policy() -> Policy {
    let day = Span::whole(Window::Day);
    let kinds = [
        Rule::Sanctions,
        Rule::VelocitySum {
            side: Side::From,
            span: day,
            at_most: u64::MAX - 1,
        },
        Rule::FanIn {
            span: day,
            distinct: PEERS,
            at_least: u64::MAX,
        },
        Rule::GatherScatter {
            span: day,
            gather: PEERS,
            scatter: PEERS,
            at_least: u64::MAX,
        },
        Rule::Exposure { at_least: u64::MAX },
        Rule::TravelRule { at_least: 1_000 },
    ];
    let rules = kinds.into_iter().cycle().take(MAX_RULES as usize);
    policy(rules.map(|rule| (rule, Verdict::Alert)))
}

#[test]
fn the_listener_hears_what_is_touched() {
    on_chain(|| {
        assert_eq!(touched(|| {}), (0, 0));
        let read_and_write = touched(|| {
            let _ = NextCase::<Runtime>::get();
            NextCase::<Runtime>::put(0);
        });
        assert_eq!(read_and_write, (1, 1));
    });
}

#[test]
fn a_transfer_reads_one_policy_and_two_activities_and_writes_two() {
    on_chain(|| {
        Compliance::enact_policy(RuntimeOrigin::root(), Scope::Native, silent_policy())
            .expect("it is sound");
        for _ in 0..2 {
            let screened = touched(|| {
                Compliance::complete(Compliance::prepare(Compliance::judge(vec![transfer(
                    1, 2, 100,
                )])));
            });
            assert_eq!(screened, (3, 2));
        }
        let above_the_travel_rule = touched(|| {
            let judgement = Compliance::judge(vec![transfer(1, 2, 1_000)]);
            assert_eq!(judgement.ruling().verdict, Verdict::Alert);
        });
        assert_eq!(above_the_travel_rule, (4, 0), "judging writes nothing");
        let from_the_same_sender = touched(|| {
            let flows = (2..6).map(|to| transfer(1, to, 100)).collect();
            Compliance::complete(Compliance::prepare(Compliance::judge(flows)));
        });
        assert_eq!(from_the_same_sender, (6, 5), "each party once");
    });
}

#[test]
fn without_a_policy_a_transfer_reads_that_there_is_none() {
    on_chain(|| {
        let screened = touched(|| {
            Compliance::complete(Compliance::prepare(Compliance::judge(vec![transfer(
                1, 2, 100,
            )])));
        });
        assert_eq!(screened, (1, 0));
    });
}

#[test]
fn the_weight_of_a_call_covers_what_it_turns_out_to_have_weighed() {
    on_chain(|| {
        let mut all = policy((0..MAX_RULES).map(|_| (always(), Verdict::Hold)));
        all.without_price = Verdict::Hold;
        Compliance::enact_policy(RuntimeOrigin::root(), Scope::Native, all).expect("it is sound");
        for number in 1..=MAX_FLOWS {
            let flows: Vec<_> = (0..number)
                .map(|place| transfer(10 + u64::from(place), 50 + u64::from(place), 100))
                .collect();
            let prepared = Compliance::prepare(Compliance::judge(flows));
            let weighed = Compliance::complete(prepared);
            let stated = <Compliance as Screen<u64>>::weight(number);
            assert!(
                weighed.all_lte(stated),
                "{number} flows: {weighed} > {stated}"
            );
            assert!(weighed.any_gt(Default::default()));
        }
    });
}

/// What a transfer's screening takes natively, printed: the figure that counts is the benchmark's.
#[test]
fn screening_ends_in_reasonable_time() {
    on_chain(|| {
        Compliance::enact_policy(RuntimeOrigin::root(), Scope::Native, silent_policy())
            .expect("it is sound");
        let begin = std::time::Instant::now();
        let times: u32 = 200;
        for _ in 0..times {
            Compliance::complete(Compliance::prepare(Compliance::judge(vec![transfer(
                1, 2, 100,
            )])));
        }
        let each = begin.elapsed() / times;
        println!("50 rules, unoptimised build: {each:?} a transfer");
        assert!(each < std::time::Duration::from_millis(50));
    });
}
