//! Every planck is in one place, and whatever anybody does moves it from one part of the books to another.

mod common;

use codec::Encode;
use common::*;
use frame_support::{
    BoundedVec, assert_ok,
    traits::{
        Hooks, OnTimestampSet,
        fungible::Balanced,
        tokens::{Fortitude, Precision, Preservation},
    },
    weights::Weight,
};
use pallet_session::SessionManager;
use plume_primitives::{
    allocations::{self, YEAR},
    api::runtime_decl_for_books_api::BooksApiV1,
    books::{Books, Imbalance},
    pots,
    staking::OnReward,
    units::{EXISTENTIAL_DEPOSIT, PLUME, TOTAL_SUPPLY, storage_deposit},
};
use plume_runtime::{books::books, *};
use sp_core::{H256, Pair};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Eve, Ferdie};
use sp_keystore::{KeystoreExt, testing::MemoryKeystore};
use sp_staking::offence::ReportOffence;
use std::collections::BTreeMap;

/// The parts, and both counters.
fn lines() -> BTreeMap<String, i128> {
    let books = books();
    assert_eq!(books.check_parts(), Ok(()), "{books:?}");
    let planck = |amount: Balance| i128::try_from(amount).expect("a part of the supply");
    books
        .parts()
        .into_iter()
        .chain([
            ("issuance".into(), books.issuance),
            ("burned".into(), books.burned),
        ])
        .map(|(name, amount)| (name, planck(amount)))
        .collect()
}

/// What an act has added to each line, those that it left alone not listed. The parts add up before and
/// after.
fn moved_by(act: impl FnOnce()) -> BTreeMap<String, i128> {
    let before = lines();
    act();
    let mut after = lines();
    assert!(before.keys().eq(after.keys()), "lines come and go");
    for (name, amount) in &mut after {
        *amount -= before[name];
    }
    after.retain(|_, amount| *amount != 0);
    after
}

fn expect<const LINES: usize>(act: impl FnOnce(), lines: [(&str, i128); LINES]) {
    let expected: BTreeMap<String, i128> = lines
        .into_iter()
        .map(|(name, amount)| (name.to_owned(), amount))
        .collect();
    assert_eq!(moved_by(act), expected);
}

/// An act moves so much from one part to another, and nothing else.
fn expect_move(act: impl FnOnce(), from: &str, to: &str, amount: Balance) {
    let amount = i128::try_from(amount).expect("a part of the supply");
    expect(act, [(from, -amount), (to, amount)]);
}

fn act(call: impl Into<RuntimeCall>, origin: RuntimeOrigin) {
    assert_ok!(dispatch(call, origin));
}

fn call(call: impl Into<RuntimeCall>, who: Sr25519Keyring) {
    act(call, signed(who));
}

fn transfer(to: AccountId, value: Balance) -> pallet_balances::Call<Runtime> {
    pallet_balances::Call::transfer_allow_death {
        dest: to.into(),
        value,
    }
}

/// The chain that a preset begins.
fn preset(name: &str) -> sp_io::TestExternalities {
    fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
        match (into, patch) {
            (serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
                for (key, value) in patch {
                    merge(into.entry(key).or_insert(serde_json::Value::Null), value);
                }
            }
            (into, patch) => *into = patch,
        }
    }
    let mut config =
        serde_json::to_value(RuntimeGenesisConfig::default()).expect("defaults serialise");
    let patch = genesis::preset(&name.into()).expect("the preset exists");
    merge(
        &mut config,
        serde_json::from_slice(&patch).expect("presets are JSON"),
    );
    let mut ext = sp_io::TestExternalities::default();
    ext.execute_with(|| {
        frame_support::genesis_builder_helper::build_state::<RuntimeGenesisConfig>(
            config.to_string().into_bytes(),
        )
        .expect("the preset builds");
    });
    ext
}

fn entry(entries: &[plume_primitives::books::Entry], name: &str) -> Balance {
    entries
        .iter()
        .find(|entry| entry.name == name)
        .map_or_else(|| panic!("no line {name}"), |entry| entry.amount)
}

#[test]
fn the_books_of_every_preset_begin_with_the_whole_supply() {
    const BOND: Balance = 100_000 * PLUME;
    for (name, holders, validators) in [
        (genesis::DEVELOPMENT, 6, 1),
        (genesis::LOCAL, 6, 4),
        (genesis::CONSORTIUM, 0, 0),
    ] {
        preset(name).execute_with(|| {
            let books = books();
            assert_eq!(books.check(), Ok(()), "{name}");
            assert_eq!(books.issuance, TOTAL_SUPPLY);
            assert_eq!(books.burned, 0);
            let bonds = validators * BOND;
            assert_eq!(books.free, holders * 100_000_000 * PLUME - bonds, "{name}");
            assert_eq!(entry(&books.held, "validator_bond"), bonds);
            assert_eq!(books.staked, Default::default());
            assert_eq!(books.reserved, 0);
            let locked = books.release_locked;
            assert_eq!(locked.unreleased, allocations::released_over_time());
            assert_eq!(locked.unclaimed, 0);
            assert_eq!(entry(&books.pots, "release"), EXISTENTIAL_DEPOSIT);
            assert_eq!(entry(&books.pots, "stake_rewards"), PLUME);
            assert_eq!(entry(&books.pots, "unsettled_fees"), 0);
        });
    }
    assert_eq!(genesis::preset_names().len(), 3, "those are all presets");
}

#[test]
fn the_runtime_api_answers_with_the_books_of_its_block() {
    chain().execute_with(|| {
        block(3);
        let books = books();
        assert_eq!((books.block, books.seconds), (2, 3));
        assert_eq!(<Runtime as BooksApiV1<Block>>::books(), books);
    });
}

#[test]
fn a_payment_stays_within_what_is_free_unless_it_pays_a_pot() {
    chain().execute_with(|| {
        expect(|| call(transfer(account(Ferdie), PLUME), Eve), []);
        for (name, pot) in [
            ("pots.grants", pots::grants()),
            ("pots.release", pots::release()),
            ("pots.revenue_share", pots::revenue_share()),
            ("pots.shielded_pool", pots::shielded_pool()),
            ("pots.stake_rewards", pots::stake_rewards()),
            ("pots.treasury", pots::treasury()),
            ("pots.validator_rewards", pots::validator_rewards()),
        ] {
            expect_move(|| call(transfer(pot, PLUME), Eve), "free", name, PLUME);
        }
    });
}

#[test]
fn the_dust_of_an_account_that_ends_moves_to_the_treasury() {
    chain().execute_with(|| {
        let dust = EXISTENTIAL_DEPOSIT / 2;
        let endow = transfer(account(Sr25519Keyring::One), EXISTENTIAL_DEPOSIT + dust);
        expect(|| call(endow, Eve), []);
        let back = transfer(account(Eve), EXISTENTIAL_DEPOSIT);
        expect_move(
            || call(back, Sr25519Keyring::One),
            "free",
            "pots.treasury",
            dust,
        );
    });
}

#[test]
fn a_bond_is_held_for_its_reason_until_it_is_withdrawn() {
    chain().execute_with(|| {
        let more = pallet_validators::Call::bond_more { amount: PLUME };
        expect_move(|| call(more, Alice), "free", "held.validator_bond", PLUME);
        let bond = PURSE / 2 + PLUME;
        expect(|| call(pallet_validators::Call::leave {}, Alice), []);
        block(<Runtime as pallet_validators::Config>::UnbondingTime::get());
        let withdraw = pallet_validators::Call::withdraw_bond {
            validator: account(Alice),
        };
        expect_move(|| call(withdraw, Eve), "held.validator_bond", "free", bond);
    });
}

#[test]
fn stake_is_active_then_unstaking_then_free() {
    chain().execute_with(|| {
        let staked = 1_000 * PLUME;
        expect_move(
            || call(pallet_stake::Call::stake { amount: staked }, Eve),
            "free",
            "staked.active",
            staked,
        );
        let back = pallet_stake::Call::back {
            validator: account(Bob),
        };
        expect(|| call(back, Eve), []);
        let amount = 300 * PLUME;
        let unstake = pallet_stake::Call::unstake { amount };
        expect_move(
            || call(unstake, Eve),
            "staked.active",
            "staked.unstaking",
            amount,
        );
        expect(|| call(pallet_stake::Call::stop_backing {}, Eve), []);
        block(<Runtime as pallet_stake::Config>::UnbondingTime::get());
        let withdraw = pallet_stake::Call::withdraw { who: account(Eve) };
        expect_move(
            || call(withdraw, Ferdie),
            "staked.unstaking",
            "free",
            amount,
        );
    });
}

#[test]
fn a_backers_reward_waits_in_a_pot_until_it_is_claimed() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, 1_000 * PLUME));
        let back = pallet_stake::Call::back {
            validator: account(Bob),
        };
        call(back, Eve);
        let amount = 500 * PLUME;
        let reward = || {
            let taken = Stake::reward(&account(Bob), &pots::treasury(), amount);
            assert_eq!(taken, amount);
        };
        expect_move(reward, "pots.treasury", "pots.stake_rewards", amount);
        let earned = Stake::earned(&account(Eve));
        assert!(earned > amount - PLUME);
        let claim = pallet_stake::Call::claim { who: account(Eve) };
        expect_move(|| call(claim, Ferdie), "pots.stake_rewards", "free", earned);
    });
}

#[test]
fn a_sessions_end_moves_the_backers_part_and_keeps_the_validators_until_it_is_claimed() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, 1_000 * PLUME));
        let back = pallet_stake::Call::back {
            validator: account(Bob),
        };
        call(back, Eve);
        call(transfer(pots::validator_rewards(), 1_000 * PLUME), Eve);
        pallet_validators::Sealed::<Runtime>::insert(account(Bob), 1);
        let moved = moved_by(|| {
            <Runtime as pallet_session::Config>::SessionManager::end_session(7);
        });
        let of_backers = moved["pots.stake_rewards"];
        assert!(of_backers > 299 * PLUME as i128 && of_backers <= 300 * PLUME as i128);
        assert_eq!(moved["pots.validator_rewards"], -of_backers);
        assert_eq!(moved.len(), 2, "{moved:?}");
        let claim = pallet_validators::Call::claim {
            validator: account(Bob),
        };
        let credit = pallet_validators::Credits::<Runtime>::get(account(Bob));
        assert!(credit > 699 * PLUME);
        expect_move(
            || call(claim, Ferdie),
            "pots.validator_rewards",
            "free",
            credit,
        );
    });
}

#[test]
fn a_slash_takes_a_bond_at_once_and_its_backers_stake_when_that_is_settled() {
    chain().execute_with(|| {
        assert_ok!(stake(Eve, 1_000 * PLUME));
        let back = pallet_stake::Call::back {
            validator: account(Bob),
        };
        call(back, Eve);
        let amount = 300 * PLUME;
        call(pallet_stake::Call::unstake { amount }, Eve);
        // Idle stake is not at risk.
        assert_ok!(stake(Ferdie, 1_000 * PLUME));

        // One of four: (3/4)².
        let part = |of: Balance| i128::try_from(of / 16 * 9).expect("a part of the supply");
        let offence = pallet_leadership::double_seal::DoubleSealOffence {
            slot: 7,
            session: 0,
            validators: 4,
            offender: (account(Bob), ()),
        };
        expect(
            || Offences::report_offence(Vec::new(), offence).expect("it is new"),
            [
                ("held.validator_bond", -part(PURSE / 2)),
                ("pots.treasury", part(PURSE / 2)),
                ("staked.active", -part(700 * PLUME)),
                ("staked.unstaking", -part(300 * PLUME)),
                ("staked.slashed", part(1_000 * PLUME)),
            ],
        );
        let settle = pallet_stake::Call::settle { who: account(Eve) };
        let slashed = 1_000 * PLUME / 16 * 9;
        expect_move(
            || call(settle, Ferdie),
            "staked.slashed",
            "pots.treasury",
            slashed,
        );
    });
}

#[test]
fn what_is_released_waits_unclaimed_and_goes_to_its_beneficiary() {
    preset(genesis::DEVELOPMENT).execute_with(|| {
        System::set_block_number(1);
        let at = |seconds: Seconds| {
            Clock::on_timestamp_set(1_800_000_000_000 + u64::from(seconds) * 1_000)
        };
        at(0);
        // After a year: a quarter of the team's, a third of the investors', a fifth of the two others'.
        let (team, investors) = (375_000_000 * PLUME, 500_000_000 * PLUME);
        let (ecosystem, reserve) = (400_000_000 * PLUME, 400_000_000 * PLUME);
        let released = team + investors + ecosystem + reserve;
        let (unreleased, unclaimed) = ("release_locked.unreleased", "release_locked.unclaimed");
        expect_move(|| at(YEAR), unreleased, unclaimed, released);
        for (id, amount, to) in [
            (0, team, "free"),
            (1, investors, "free"),
            (2, ecosystem, "pots.treasury"),
            (3, reserve, "pots.validator_rewards"),
        ] {
            let claim = || call(pallet_release::Call::claim { id }, Alice);
            expect_move(claim, unclaimed, to, amount);
        }
        let donate = transfer(pots::release(), PLUME);
        expect_move(|| call(donate, Alice), "free", "pots.release", PLUME);
        at(5 * YEAR);
        for id in 0..4 {
            call(pallet_release::Call::claim { id }, Alice);
        }
        let books = books();
        assert_eq!(books.check(), Ok(()));
        assert_eq!(books.release_locked, Default::default());
        assert_eq!(
            entry(&books.pots, "release"),
            EXISTENTIAL_DEPOSIT + PLUME,
            "nobody can claim what was donated"
        );
    });
}

/// Eve's transfer to Ferdie, signed.
fn transaction() -> UncheckedExtrinsic {
    let call: RuntimeCall = transfer(account(Ferdie), PLUME).into();
    let payload = SignedPayload::new(call, extension(0)).expect("the genesis is known");
    let signature = payload.using_encoded(|bytes| Eve.pair().sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(call, account(Eve).into(), signature.into(), extension)
}

#[test]
fn a_fee_waits_for_the_blocks_end_and_is_burned_and_divided_there() {
    preset(genesis::DEVELOPMENT).execute_with(|| {
        frame_system::Pallet::<Runtime>::initialize(&1, &Default::default(), &Default::default());
        frame_system::Pallet::<Runtime>::note_finished_initialize();
        let mut moved = moved_by(|| {
            let result = Executive::apply_extrinsic(transaction());
            assert!(matches!(result, Ok(Ok(()))), "{result:?}");
        });
        let fee = moved.remove("pots.unsettled_fees").expect("it costs");
        assert_eq!(moved.remove("free"), Some(-fee));
        assert!(moved.is_empty(), "{moved:?}");
        assert_eq!(books().check(), Ok(()), "within a block, too");

        // Nobody sealed the block: the author's part is the treasury's.
        let burned = (fee + 1) / 2;
        let divided = fee - burned;
        let (author, treasury) = (divided * 6 / 10, divided / 5);
        expect(
            || Fees::on_finalize(1),
            [
                ("pots.unsettled_fees", -fee),
                ("pots.treasury", author + treasury),
                ("pots.revenue_share", divided - author - treasury),
                ("issuance", -burned),
                ("burned", burned),
            ],
        );
        assert_eq!(books().check(), Ok(()));
    });
}

#[test]
fn a_deposit_with_a_reason_is_held_for_it() {
    let mut ext = chain();
    ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    ext.execute_with(|| {
        let bytes = vec![0; 36];
        let note = pallet_preimage::Call::note_preimage { bytes };
        let deposit = storage_deposit(2, 64 + 36);
        expect_move(|| call(note, Eve), "free", "held.preimage", deposit);

        let generated = SessionKeys::generate(&account(Eve).encode(), None);
        let (keys, proof) = (generated.keys, generated.proof.encode());
        let set = pallet_session::Call::set_keys { keys, proof };
        let deposit = storage_deposit(2, 128);
        expect_move(|| call(set, Eve), "free", "held.session_keys", deposit);
        let purge = pallet_session::Call::purge_keys {};
        expect_move(|| call(purge, Eve), "held.session_keys", "free", deposit);

        let plan = pallet_grants::Plan {
            amount: 5_000 * PLUME,
            within: YEAR,
        };
        let apply = pallet_grants::Call::apply {
            proposal: H256::zero(),
            beneficiary: account(Eve),
            milestones: BoundedVec::truncate_from(vec![plan]),
        };
        let deposit = <Runtime as pallet_grants::Config>::Deposit::get();
        expect_move(|| call(apply, Eve), "free", "held.grant_deposit", deposit);
        let approve = pallet_grants::Call::approve { grant: 0 };
        expect_move(
            || act(approve, RuntimeOrigin::root()),
            "pots.treasury",
            "pots.grants",
            plan.amount,
        );
        let deliverable = H256::repeat_byte(1);
        let deliver = pallet_grants::Call::deliver {
            grant: 0,
            milestone: 0,
            deliverable,
        };
        expect(|| call(deliver, Eve), []);
        let accept = pallet_grants::Call::accept {
            grant: 0,
            milestone: 0,
            deliverable,
        };
        let (paid, deposit) = (5_000 * PLUME as i128, deposit as i128);
        expect(
            || act(accept, RuntimeOrigin::root()),
            [
                ("pots.grants", -paid),
                ("held.grant_deposit", -deposit),
                ("free", paid + deposit),
            ],
        );
    });
}

#[test]
fn a_deposit_without_a_reason_is_reserved() {
    chain().execute_with(|| {
        let delegate = account(Ferdie).into();
        let proxy = pallet_proxy::Call::add_proxy {
            delegate,
            proxy_type: Default::default(),
            delay: 0,
        };
        let deposit = storage_deposit(1, 8 + 37);
        expect_move(|| call(proxy, Eve), "free", "reserved", deposit);

        let create = pallet_assets::Call::create {
            id: 1.into(),
            admin: account(Eve).into(),
            min_balance: 1,
        };
        expect_move(|| call(create, Eve), "free", "reserved", 100 * PLUME);

        let remark = frame_system::Call::remark { remark: Vec::new() };
        let moved = moved_by(|| {
            propose(root(), remark);
        });
        let deposits = moved["reserved"];
        assert!(deposits > 10 * PLUME as i128);
        assert_eq!(moved["free"], -deposits);
        assert_eq!(moved.len(), 2, "{moved:?}");
    });
}

#[test]
fn what_a_pot_has_on_hold_counts_by_its_reason_and_not_as_the_pots() {
    chain().execute_with(|| {
        let as_treasury = || RuntimeOrigin::signed(pots::treasury());
        let amount = 1_000 * PLUME;
        let stake = pallet_stake::Call::stake { amount };
        expect_move(
            || act(stake, as_treasury()),
            "pots.treasury",
            "staked.active",
            amount,
        );
        let proxy = pallet_proxy::Call::add_proxy {
            delegate: account(Ferdie).into(),
            proxy_type: Default::default(),
            delay: 0,
        };
        let deposit = storage_deposit(1, 8 + 37);
        expect_move(
            || act(proxy, as_treasury()),
            "pots.treasury",
            "reserved",
            deposit,
        );
    });
}

#[test]
fn a_planck_that_somebody_forgot_is_found() {
    fn faulty(break_it: impl FnOnce()) -> Books {
        let mut faulty = Books::default();
        preset(genesis::LOCAL).execute_with(|| {
            assert_ok!(stake(Eve, 1_000 * PLUME));
            assert_eq!(books().check(), Ok(()));
            break_it();
            faulty = books();
        });
        faulty
    }
    let eve = account(Eve);
    let stake_out_of_nothing = faulty(|| {
        pallet_stake::Stakers::<Runtime>::mutate(&eve, |staker| {
            staker.as_mut().expect("she staked").idle += 1;
        });
    });
    let account_out_of_nothing = faulty(|| {
        frame_system::Account::<Runtime>::mutate(&eve, |account| account.data.free += 1);
    });
    for books in [stake_out_of_nothing, account_out_of_nothing] {
        let (sum, issuance) = (TOTAL_SUPPLY + 1, TOTAL_SUPPLY);
        assert_eq!(books.check(), Err(Imbalance::Parts { sum, issuance }));
    }
    let owed_twice = faulty(|| {
        pallet_release::Allocations::<Runtime>::mutate(0, |allocation| {
            allocation.as_mut().expect("it exists").total += PLUME;
        });
    });
    assert!(matches!(owed_twice.check(), Err(Imbalance::Parts { .. })));

    // Whoever burns without saying so leaves the parts alone and the supply short.
    let burned = faulty(|| {
        let credit = Balances::withdraw(
            &eve,
            1,
            Precision::Exact,
            Preservation::Preserve,
            Fortitude::Polite,
        );
        drop(credit.expect("she has more"));
    });
    assert_eq!(burned.check_parts(), Ok(()));
    let (sum, supply) = (TOTAL_SUPPLY - 1, TOTAL_SUPPLY);
    assert_eq!(burned.check(), Err(Imbalance::Supply { sum, supply }));
}

/// The calls that would change what is issued.
fn changes_of_issuance() -> [RuntimeCall; 5] {
    use pallet_balances::AdjustmentDirection::{Decrease, Increase};
    let set = |new_free| pallet_balances::Call::force_set_balance {
        who: account(Eve).into(),
        new_free,
    };
    let adjust = |direction| pallet_balances::Call::force_adjust_total_issuance {
        direction,
        delta: PLUME,
    };
    let burn = pallet_balances::Call::burn {
        value: PLUME,
        keep_alive: true,
    };
    [
        burn.into(),
        set(0).into(),
        set(2 * HOLDING).into(),
        adjust(Increase).into(),
        adjust(Decrease).into(),
    ]
}

#[test]
fn not_even_root_changes_what_is_issued() {
    use frame_system::RawOrigin::{Root, Signed};
    type Carried = <Runtime as pallet_utility::Config>::RuntimeCall;
    chain().execute_with(|| {
        pallet_sudo::Key::<Runtime>::put(account(Alice));
        for change in changes_of_issuance() {
            let inner = || Carried::from(change.clone());
            let call = || Box::new(inner());
            let calls = || vec![inner()];
            let weight = Weight::zero();
            let as_origin = |origin| Box::new(OriginCaller::system(origin));
            let as_eve = || as_origin(Signed(account(Eve)));
            let with_key: [RuntimeCall; 3] = [
                pallet_sudo::Call::sudo { call: call() }.into(),
                pallet_sudo::Call::sudo_unchecked_weight {
                    call: call(),
                    weight,
                }
                .into(),
                pallet_sudo::Call::sudo_as {
                    who: account(Eve).into(),
                    call: call(),
                }
                .into(),
            ];
            let as_root: [pallet_utility::Call<Runtime>; 9] = [
                pallet_utility::Call::dispatch_as {
                    as_origin: as_eve(),
                    call: call(),
                },
                pallet_utility::Call::dispatch_as {
                    as_origin: as_origin(Root),
                    call: call(),
                },
                pallet_utility::Call::dispatch_as_fallible {
                    as_origin: as_eve(),
                    call: call(),
                },
                pallet_utility::Call::with_weight {
                    call: call(),
                    weight,
                },
                pallet_utility::Call::if_else {
                    main: call(),
                    fallback: call(),
                },
                pallet_utility::Call::as_derivative {
                    index: 0,
                    call: call(),
                },
                pallet_utility::Call::batch { calls: calls() },
                pallet_utility::Call::batch_all { calls: calls() },
                pallet_utility::Call::force_batch { calls: calls() },
            ];
            let with_key = with_key.map(|way| (way, signed(Alice)));
            let as_root = as_root.map(|way| (way.into(), RuntimeOrigin::root()));
            for (way, origin) in with_key.into_iter().chain(as_root) {
                let name = format!("{way:?}");
                let moved = moved_by(|| {
                    let _ = dispatch(way, origin);
                });
                assert!(moved.is_empty(), "{name} moved {moved:?}");
            }
        }
        assert_eq!(Balances::free_balance(account(Eve)), HOLDING);
    });
}

#[test]
fn a_vote_to_change_what_is_issued_passes_and_is_not_executed() {
    for change in changes_of_issuance() {
        chain().execute_with(|| {
            assert_ok!(stake(Eve, HOLDING / 2));
            let before = Balances::total_issuance();
            pass(root(), change);
            let refused = frame_system::Error::<Runtime>::CallFiltered.into();
            assert_eq!(enactment(), Err(refused));
            assert_eq!(Balances::total_issuance(), before);
            lines();
        });
    }
}
