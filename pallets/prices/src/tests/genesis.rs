//! What a genesis states.

use crate::{mock::*, *};
use frame_support::assert_ok;
use plume_primitives::compliance::Asset::Native;

fn priced(for_ever: bool) -> GenesisConfig<Runtime> {
    GenesisConfig {
        sources: vec![ONE],
        native: Some(price(3)),
        assets: vec![(7, price(5))],
        for_ever,
    }
}

#[test]
fn a_genesis_states_prices_as_of_the_first_second() {
    chain_of(priced(false)).execute_with(|| {
        assert_eq!(quote(Native, 2), Some((6, 0)));
        assert_eq!(quote(GOLD, 2), Some((10, 0)));
        assert_ok!(Prices::do_try_state());
    });
}

#[test]
fn prices_that_count_for_ever_do_so_until_sources_answer() {
    chain_of(priced(true)).execute_with(|| {
        assert_eq!(quote(Native, 2), Some((6, FOR_EVER)));
        assert_ok!(Prices::do_try_state());
        assert_ok!(Prices::admit_source(root(), TWO));
        assert_ok!(post(TWO, Native, 9));
        assert_ok!(Prices::remove_source(root(), TWO));
        assert_eq!(quote(Native, 2), Some((6, FOR_EVER)), "it answered nothing");
        assert_ok!(post(ONE, Native, 4));
        assert_eq!(quote(Native, 2), Some((8, START)));
        assert_eq!(quote(GOLD, 2), Some((10, FOR_EVER)));
    });
}

#[test]
#[should_panic(expected = "Native costs nothing, or absurdly much")]
fn a_genesis_with_an_absurd_price_is_refused() {
    chain_of(GenesisConfig {
        native: Some(Price(0)),
        ..Default::default()
    });
}

#[test]
#[should_panic(expected = "Other(7) is listed twice")]
fn a_genesis_that_lists_an_asset_twice_is_refused() {
    chain_of(GenesisConfig {
        assets: vec![(7, price(1)), (7, price(1))],
        ..Default::default()
    });
}

#[test]
#[should_panic(expected = "1 cannot be admitted: AlreadySource")]
fn a_genesis_that_lists_a_source_twice_is_refused() {
    chain_of(GenesisConfig {
        sources: vec![ONE, ONE],
        ..Default::default()
    });
}
