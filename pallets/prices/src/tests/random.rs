//! A naive model: a list of all that was ever said, from which every answer is found by counting.

use crate::{
    Call,
    mock::{Prices, *},
    *,
};
use frame_support::assert_ok;
use plume_primitives::{Seconds, compliance::Asset};
use proptest::prelude::*;
use sp_runtime::traits::Dispatchable;
use std::collections::BTreeMap;

#[derive(Default)]
struct Model {
    sources: Vec<u64>,
    /// Who, of what, how much, when; the last comes last.
    said: Vec<(u64, Asset, u128, Seconds)>,
    answers: BTreeMap<Asset, (u128, Seconds)>,
}

impl Model {
    fn answer(&self, asset: Asset) -> Option<(u128, Seconds)> {
        let mut counting = Vec::new();
        for source in &self.sources {
            let mut last = None;
            for (who, what, price, at) in &self.said {
                if who == source && *what == asset {
                    last = Some((*price, *at));
                }
            }
            counting.extend(last.filter(|(_, at)| now() - at <= MAX_AGE));
        }
        if counting.len() * 2 <= self.sources.len() {
            return None;
        }
        // The lowest price that more than half do not exceed.
        let price = counting.iter().map(|(price, _)| *price).filter(|price| {
            counting.iter().filter(|(other, _)| other <= price).count() * 2 > counting.len()
        });
        // The newest moment since which more than half of all have spoken.
        let at = counting.iter().map(|(_, at)| *at).filter(|at| {
            counting.iter().filter(|(_, other)| other >= at).count() * 2 > self.sources.len()
        });
        price.min().zip(at.max())
    }

    fn assets(&self) -> std::collections::BTreeSet<Asset> {
        self.said.iter().map(|(_, asset, _, _)| *asset).collect()
    }

    /// Does what the call should do, if it should do anything.
    fn apply(&mut self, call: &Call<Runtime>, who: Option<u64>) -> bool {
        match (call, who) {
            (Call::admit_source { source }, None) => {
                let can =
                    !self.sources.contains(source) && self.sources.len() < MAX_SOURCES as usize;
                if can {
                    self.sources.push(*source);
                }
                can
            }
            (Call::remove_source { source }, None) => {
                let Some(place) = self.sources.iter().position(|known| known == source) else {
                    return false;
                };
                self.sources.remove(place);
                for asset in self.assets() {
                    let spoke =
                        |(by, of, _, _): &(u64, Asset, u128, Seconds)| by == source && *of == asset;
                    if self.said.iter().any(spoke) {
                        self.said.retain(|one| !spoke(one));
                        match self.answer(asset) {
                            Some(answer) => self.answers.insert(asset, answer),
                            None => self.answers.remove(&asset),
                        };
                    }
                }
                true
            }
            (Call::post { prices }, Some(who)) => {
                let assets: Vec<_> = prices.iter().map(|(asset, _)| *asset).collect();
                let mut sorted = assets.clone();
                sorted.sort();
                sorted.dedup();
                let mut all = self.assets();
                all.extend(&assets);
                if !self.sources.contains(&who)
                    || prices.is_empty()
                    || sorted != assets
                    || prices.iter().any(|(_, price)| price.0 == 0)
                    || all.len() > MAX_ASSETS as usize
                {
                    return false;
                }
                for (asset, price) in prices {
                    self.said.push((who, *asset, price.0, now()));
                    if let Some(answer) = self.answer(*asset) {
                        self.answers.insert(*asset, answer);
                    }
                }
                true
            }
            (Call::forget_asset { asset }, None) => {
                let known = self.assets().contains(asset);
                self.said.retain(|(_, of, _, _)| of != asset);
                self.answers.remove(asset);
                known
            }
            _ => false,
        }
    }
}

fn asset() -> impl Strategy<Value = Asset> {
    prop_oneof![Just(Asset::Native), (0..5u32).prop_map(Asset::Other)]
}

fn call() -> impl Strategy<Value = Call<Runtime>> {
    let prices = proptest::collection::vec((asset(), (0..9u128).prop_map(Price)), 0..4);
    prop_oneof![
        2 => (0..7u64).prop_map(|source| Call::admit_source { source }),
        1 => (0..7u64).prop_map(|source| Call::remove_source { source }),
        12 => (prices, any::<bool>()).prop_map(|(mut prices, sort)| {
            if sort {
                prices.sort();
                prices.dedup_by_key(|(asset, _)| *asset);
            }
            Call::post { prices: prices.try_into().expect("they are few") }
        }),
        1 => asset().prop_map(|asset| Call::forget_asset { asset }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_answer_is_that_of_the_naive_model(
        steps in proptest::collection::vec((call(), 0..7u64, 0..20u32, 0..300 as Seconds), 1..60),
    ) {
        chain().execute_with(|| {
            let mut model = Model { sources: vec![ONE, TWO, THREE], ..Default::default() };
            for (call, who, misled, passed) in steps {
                // One call in twenty comes from whoever may not make it.
                let is_post = matches!(call, Call::post { .. });
                let who = (is_post != (misled == 0)).then_some(who);
                let should = model.apply(&call, who);
                let done = RuntimeCall::from(call).dispatch(who.map_or_else(root, signed));
                assert_eq!(done.is_ok(), should, "{done:?}");
                assert_ok!(Prices::do_try_state());
                let answers: BTreeMap<_, _> = Answers::<Runtime>::iter()
                    .map(|(asset, answer)| (asset, (answer.price.0, answer.at)))
                    .collect();
                assert_eq!(answers, model.answers);
                after(passed);
            }
        });
    }
}

#[test]
fn every_call_is_among_those_that_are_tried() {
    use frame_support::traits::GetCallName;
    assert_eq!(
        Call::<Runtime>::get_call_names(),
        ["admit_source", "remove_source", "post", "forget_asset"],
        "a new call has to be tried in `every_answer_is_that_of_the_naive_model`"
    );
}
