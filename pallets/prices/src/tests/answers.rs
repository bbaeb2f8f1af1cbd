//! What is answered, and how old it is.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use plume_primitives::compliance::Asset::{self, Native};

#[test]
fn nothing_has_a_price_until_more_than_half_of_the_sources_have_spoken() {
    chain().execute_with(|| {
        assert_eq!(quote(Native, 1), None);
        assert_ok!(post(ONE, Native, 10));
        assert_eq!(quote(Native, 1), None);
        assert_ok!(post(ONE, Native, 11));
        assert_eq!(quote(Native, 1), None, "one source is one, however often");
        assert_ok!(post(TWO, Native, 12));
        assert_eq!(quote(Native, 3), Some((36, START)));
        assert_eq!(quote(GOLD, 1), None);
    });
}

#[test]
fn one_source_of_three_cannot_move_the_price_out_of_what_the_others_say() {
    chain().execute_with(|| {
        assert_ok!(post(ONE, Native, 10));
        assert_ok!(post(TWO, Native, 12));
        for wrong in [1, 9_999_999_999] {
            assert_ok!(post(THREE, Native, wrong));
            let (value, _) = quote(Native, 1).expect("it has a price");
            assert!((10..=12).contains(&value));
        }
    });
}

#[test]
fn an_answer_is_as_old_as_the_majority_behind_it() {
    chain().execute_with(|| {
        assert_ok!(post(ONE, Native, 10));
        after(50);
        assert_ok!(post(TWO, Native, 10));
        assert_eq!(quote(Native, 1), Some((10, START)));
        after(50);
        assert_ok!(post(TWO, Native, 10));
        assert_eq!(
            quote(Native, 1),
            Some((10, START)),
            "one source keeps nothing fresh"
        );
        assert_ok!(post(THREE, Native, 10));
        assert_eq!(
            quote(Native, 1),
            Some((10, START + 100)),
            "nor does one slow source make it old"
        );
    });
}

#[test]
fn an_answer_grows_old_when_too_few_go_on() {
    chain().execute_with(|| {
        for source in [ONE, TWO, THREE] {
            assert_ok!(post(source, Native, 10));
        }
        after(MAX_AGE);
        assert_ok!(post(ONE, Native, 20));
        assert_eq!(
            quote(Native, 1),
            Some((10, START)),
            "the others still count"
        );
        after(1);
        assert_ok!(post(ONE, Native, 30));
        assert_eq!(quote(Native, 1), Some((10, START)), "it alone does not");
        assert_ok!(post(TWO, Native, 40));
        assert_eq!(
            quote(Native, 1),
            Some((40, now())),
            "of two the higher counts"
        );
    });
}

#[test]
fn one_post_states_many_prices() {
    chain().execute_with(|| {
        for source in [ONE, TWO] {
            assert_ok!(post_all(source, &[(Native, price(2)), (GOLD, price(300))]));
        }
        assert_eq!(quote(Native, 5), Some((10, START)));
        assert_eq!(quote(GOLD, 5), Some((1_500, START)));
        System::assert_last_event(
            Event::<Runtime>::Posted {
                source: TWO,
                prices: vec![(Native, price(2)), (GOLD, price(300))],
            }
            .into(),
        );
        System::assert_has_event(
            Event::<Runtime>::Answered {
                asset: GOLD,
                price: price(300),
                at: START,
            }
            .into(),
        );
    });
}

#[test]
fn what_cannot_be_a_price_is_refused() {
    chain().execute_with(|| {
        let absurd = Error::<Runtime>::AbsurdPrice;
        assert_noop!(post_all(ONE, &[(Native, Price(0))]), absurd);
        let above = Price(Price::MAX.0 + 1);
        assert_noop!(post_all(ONE, &[(Native, Price(1)), (GOLD, above)]), {
            Error::<Runtime>::AbsurdPrice
        });
        assert_ok!(post_all(ONE, &[(Native, Price::MIN), (GOLD, Price::MAX)]));
    });
}

#[test]
fn a_list_is_in_order_and_names_nothing_twice() {
    chain().execute_with(|| {
        assert_noop!(post_all(ONE, &[]), Error::<Runtime>::NothingStated);
        for wrong in [[GOLD, Native], [GOLD, GOLD]] {
            let prices = wrong.map(|asset| (asset, price(1)));
            assert_noop!(post_all(ONE, &prices), Error::<Runtime>::NotAscending);
        }
    });
}

#[test]
fn sources_speak_of_so_many_assets_until_one_is_forgotten() {
    chain().execute_with(|| {
        let all: Vec<_> = (0..MAX_ASSETS)
            .map(|id| (Asset::Other(id), price(1)))
            .collect();
        assert_ok!(post_all(ONE, &all));
        assert_noop!(post(TWO, Native, 1), Error::<Runtime>::TooManyAssets);
        assert_ok!(post(TWO, Asset::Other(0), 1));
        assert_ok!(Prices::forget_asset(root(), Asset::Other(0)));
        assert_eq!(quote(Asset::Other(0), 1), None);
        assert_ok!(post(TWO, Native, 1));
        assert_noop!(
            Prices::forget_asset(root(), Asset::Other(0)),
            Error::<Runtime>::UnknownAsset
        );
        assert_ok!(Prices::do_try_state());
    });
}

#[test]
fn a_quote_reads_one_item() {
    use crate::weights::WeightInfo;
    use frame_support::weights::constants::ParityDbWeight;
    assert_eq!(<() as WeightInfo>::quote(), ParityDbWeight::get().reads(1));
    // And it is nothing else that it reads: all but the answer may be gone.
    chain().execute_with(|| {
        for source in [ONE, TWO] {
            assert_ok!(post(source, Native, 3));
        }
        Sources::<Runtime>::kill();
        Statements::<Runtime>::remove(Native);
        after(MAX_AGE * 2);
        assert_eq!(quote(Native, 2), Some((6, START)));
    });
}
