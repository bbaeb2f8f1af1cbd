//! End to end: value goes into the shielded pool, changes hands unseen, and leaves it, with the `plume` command on a
//! network of real nodes. Needs the node binary and `plume` beside it.

use crate::{
    common::{LIMIT, Outcome, assert_no_panic, four},
    holders::{Holder, UNITS, balance},
    terminal::{Power, Terminal, admit_all, by_root, freeze, open_warrant},
};
use plume_localnet::Network;
use plume_sdk::{At, Client, Signer, amount::PLANCK_PER_PLUME, subxt::dynamic::Value};
use serde_json::Value as Json;
use std::time::Duration;

/// What a verifier chose.
const NONCE: &str = "0x0101010101010101010101010101010101010101010101010101010101010101";
const OTHER_NONCE: &str = "0x0202020202020202020202020202020202020202020202020202020202020202";

/// Later than a policy that is set now counts from.
const POLICY_COUNTS: Duration = Duration::from_secs(2);

/// What sets tier one's policy for PLUME, with these jurisdictions.
fn policy_for(codes: &[&[u8; 2]]) -> Vec<(&'static str, Value)> {
    let code = |at: usize| codes.get(at).map_or([0; 2], |code| **code);
    let codes =
        (0..8).map(|at| Value::unnamed_composite(code(at).map(|byte| Value::u128(byte.into()))));
    vec![
        ("asset", Value::unnamed_variant("Native", [])),
        ("tier", Value::u128(1)),
        (
            "limit",
            Value::unnamed_variant("Some", [Value::u128((1_000 * UNITS).into())]),
        ),
        ("receiver_known", Value::bool(true)),
        (
            "jurisdictions",
            Value::unnamed_composite([Value::unnamed_composite(codes)]),
        ),
    ]
}

fn fee(paid: &Json) -> u64 {
    let units = paid["fee_units"].as_str().expect("text");
    units.parse().expect("a number")
}

#[tokio::test]
async fn value_is_shielded_paid_unseen_shown_to_a_verifier_and_unshielded() -> Outcome {
    let network = Network::start(four("shielded")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let desk = Terminal::new("shielded-files", network.node(0).ws_url())?;
    let client = Client::connect(&desk.url).await?;
    admit_all(&client).await?;
    desk.line("credential key --out issuer.key");
    let (anna, bert) = (Holder::new(&desk, "anna")?, Holder::new(&desk, "bert")?);

    // In: seen. The fee is paid by the account, so all of it is Anna's.
    anna.pays("shield", "--from //Eve --amount 5000");
    assert_eq!(anna.has(), 5_000 * UNITS);

    // Inside: nobody sees it but Bert. The node of both dies in between; nothing is lost.
    let paid = anna.pays("send", "--to bert.contact --amount 300 --memo rent");
    network.node(0).kill()?;
    network.node(0).restart().await?;
    let after_payment = 4_700 * UNITS - fee(&paid);
    assert!(fee(&paid) > 0, "nothing is free: {paid}");
    assert_eq!(anna.has(), after_payment);
    assert_eq!(bert.has(), 300 * UNITS);

    // Limits are of a period: 300 and 701 are more than tier one may pay in it.
    let refused = anna.is_refused("send", "--to bert.contact --amount 701");
    assert!(refused.contains("limit"), "{refused}");
    let again = anna.pays("send", "--to bert.contact --amount 400");
    assert_eq!(bert.has(), 700 * UNITS);

    // Out: seen. The fee comes out of the pool.
    let unshielded = bert.pays("unshield", "--to //Ferdie --amount 50");
    let left = 650 * UNITS - fee(&unshielded);
    assert_eq!(bert.has(), left);
    let client = Client::connect(&desk.url).await?;
    let ferdie = Signer::from_uri("//Ferdie")?;
    let account = client.account(&ferdie.account(), At::Finalised).await?;
    assert_eq!(account.free_planck, 100_000_050 * PLANCK_PER_PLUME);

    // What is in notes is what is on hold, planck by planck.
    let inside = (anna.has() + left) as u128 * (PLANCK_PER_PLUME / u128::from(UNITS));
    let books = desk.line("token supply");
    let held = &books["held"]["shielded"]["planck"];
    assert_eq!(*held, inside.to_string(), "{books}");

    // From the phrase alone, everything is found again.
    desk.line("wallet restore --wallet again.wallet --phrase @anna.phrase");
    assert_eq!(
        balance(&desk, "again"),
        after_payment - 400 * UNITS - fee(&again)
    );

    // One payment is shown to one verifier, and to no other.
    let history = desk.line("wallet history --wallet bert.wallet");
    let entries = history["entries"].as_array().expect("a list");
    let rent = entries
        .iter()
        .find(|entry| entry["memo"] == "rent")
        .expect("it was received");
    let position = &rent["position"];
    desk.line(&format!(
        "wallet disclose receipt --wallet bert.wallet --position {position} --verifier Court --nonce {NONCE} --out rent.receipt"
    ));
    let shown = desk.line(&format!(
        "disclose verify rent.receipt --verifier Court --nonce {NONCE}"
    ));
    assert!(shown.to_string().contains("300"), "{shown}");
    desk.refused(&format!(
        "disclose verify rent.receipt --verifier Court --nonce {OTHER_NONCE}"
    ));

    // Many are shown by a statement, which the same command verifies.
    desk.line(&format!(
        "wallet disclose statement --wallet bert.wallet --verifier Court --nonce {NONCE} --out all.statement"
    ));
    let shown = desk.line(&format!(
        "disclose verify all.statement --verifier Court --nonce {NONCE}"
    ));
    let payments = shown["payments"].as_u64();
    assert!(payments.is_some_and(|count| count >= 2), "{shown}");

    // Bert is known well enough and Swiss, which is all that the exchange learns. Tier two he is not.
    let asked = |tier, nonce| {
        format!("--tier {tier} --jurisdictions CH,DE --verifier Exchange --nonce {nonce}")
    };
    let refused = bert.is_refused("standing", &format!("{} --out 2.proof", asked(2, NONCE)));
    assert!(refused.contains("tier 1 is below 2"), "{refused}");
    bert.pays("standing", &format!("{} --out 1.proof", asked(1, NONCE)));
    let verified = format!("wallet verify-standing 1.proof {}", asked(1, NONCE));
    let shown = desk.line(&verified);
    assert_eq!(shown["tier"], 1, "{shown}");
    desk.refused(&format!(
        "wallet verify-standing 1.proof {}",
        asked(1, OTHER_NONCE)
    ));

    // Who is frozen pays nothing and shows nothing: the leaf that it would prove is gone.
    let warrant = open_warrant(&client, &bert.subject, Power::Freeze, 86_400).await?;
    freeze(&client, warrant, &bert.subject).await?;
    bert.is_refused("standing", &format!("{} --out 0.proof", asked(1, NONCE)));
    let refused = bert.is_refused("send", "--to anna.contact --amount 1");
    assert!(refused.contains("credential"), "{refused}");

    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}

#[tokio::test]
async fn a_stopped_pool_lets_nothing_in_and_what_is_inside_stays() -> Outcome {
    let network = Network::start(four("shielded-stop")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let desk = Terminal::new("shielded-stop-files", network.node(0).ws_url())?;
    let client = Client::connect(&desk.url).await?;
    admit_all(&client).await?;
    desk.line("credential key --out issuer.key");
    let anna = Holder::new(&desk, "anna")?;
    anna.pays("shield", "--from //Eve --amount 10");
    let pause = |paused| vec![("paused", Value::bool(paused))];
    by_root(&client, "ShieldedPool", "set_paused", pause(true)).await?;
    anna.is_refused("unshield", "--to //Ferdie --amount 5");
    by_root(&client, "ShieldedPool", "set_paused", pause(false)).await?;
    anna.pays("unshield", "--to //Ferdie --amount 5");
    assert!(anna.has() < 5 * UNITS);

    // Anna is Swiss. Where the policy lets nobody pay but who belongs to Germany, her wallet finds no proof.
    by_root(&client, "ShieldedPool", "set_policy", policy_for(&[b"DE"])).await?;
    // A policy counts from the next second on.
    tokio::time::sleep(POLICY_COUNTS).await;
    let refused = anna.is_refused("unshield", "--to //Ferdie --amount 1");
    assert!(refused.contains("is of CH"), "{refused}");
    by_root(
        &client,
        "ShieldedPool",
        "set_policy",
        policy_for(&[b"CH", b"DE"]),
    )
    .await?;
    tokio::time::sleep(POLICY_COUNTS).await;
    anna.pays("unshield", "--to //Ferdie --amount 1");
    network.stop().await?;
    Ok(())
}
