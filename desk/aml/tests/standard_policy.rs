//! What the standard policy does to generated payments. The data is synthetic: the figures say that it recognises
//! shapes, and how seldom it takes ordinary payments for them; nothing about real crime.

mod native;

use native::{About, scored};
use pallet_compliance::Policy;
use plume_aml::{
    Pattern,
    generate::{Config, generate},
};

/// Patterns that rules of the standard policy are for.
const AIMED_AT: [Pattern; 4] = [
    Pattern::FanIn,
    Pattern::FanOut,
    Pattern::GatherScatter,
    Pattern::Structuring,
];

#[test]
fn the_standard_policy_finds_the_shapes_it_is_for_and_leaves_ordinary_payments_alone() {
    let (mut attempts, mut found) = ([0, 0, 0, 0], [0, 0, 0, 0]);
    for seed in SEEDS {
        let made = generate(&Config {
            // More laundering than usual, so that there is something to count in a small file.
            ordinary_per_laundering: 100,
            ..Config::for_transfers(seed, TRANSFERS)
        })
        .expect("the config is one that is allowed");
        let score = scored(&made.transactions, &About::of(&made), &Policy::standard());
        println!("seed {seed}\n{score}\n");
        for (place, pattern) in AIMED_AT.iter().enumerate() {
            attempts[place] += score.patterns[pattern].attempts;
            found[place] += score.patterns[pattern].found;
        }
        assert_eq!(score.sanctions.through(), 0);
        assert!(score.sanctions.transfers > 0);
        let touched = score
            .ordinary
            .share()
            .expect("there are ordinary transfers");
        assert!(touched < 0.01, "{touched}");
    }
    for ((pattern, attempts), found) in AIMED_AT.iter().zip(attempts).zip(found) {
        assert!(
            found * 10 >= attempts * 9,
            "{pattern}: {found} of {attempts}"
        );
    }
}

const SEEDS: [u64; 2] = [1, 2];
const TRANSFERS: u32 = 12_000;
