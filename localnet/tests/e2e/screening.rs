//! End to end: a policy refuses, holds and lets pass on every node alike, and officers decide what was held.
//! Needs the node binary, see `plume_localnet::default_binary`.

use crate::common::{Outcome, assert_no_panic, four};
use plume_localnet::Network;
use plume_primitives::compliance::Reason;
use plume_sdk::{
    AccountId32, At, Call, Client, Inclusion, Signer, TxOptions, amount::PLANCK_PER_PLUME, call,
    raw::SubmitError, subxt::dynamic::Value,
};

/// Hundredths of the reference currency that may be sent in a day; PLUME costs a hundred of them.
const A_DAY: u128 = 100_000;

async fn send(
    client: &Client,
    signer: &Signer,
    call: &Call,
) -> Result<Inclusion, plume_sdk::Error> {
    let progress = client.submit(signer, call, &TxOptions::default()).await?;
    progress.wait_finalised().await?.ok()
}

async fn pay(
    client: &Client,
    signer: &Signer,
    to: AccountId32,
    plume: u128,
) -> Result<Inclusion, plume_sdk::Error> {
    client.transfer(signer, to, plume * PLANCK_PER_PLUME).await
}

/// What root asks of the compliance pallet.
async fn by_root<const N: usize>(
    client: &Client,
    name: &str,
    fields: [(&str, Value<()>); N],
) -> Outcome {
    let inner = Value::unnamed_variant("Compliance", [Value::named_variant(name, fields)]);
    let sudo = call("Sudo", "sudo", [("call", inner)]);
    let included = send(client, &Signer::from_uri("//Alice")?, &sudo).await?;
    let done = included
        .events
        .iter()
        .find(|event| event.is("Sudo", "Sudid"))
        .expect("root was asked");
    assert!(done.fields.to_string().contains("Ok"), "{}", done.fields);
    Ok(())
}

fn of(name: &str) -> Value<()> {
    Value::unnamed_variant(name, [])
}

fn account(signer: &Signer) -> Value<()> {
    Value::from_bytes(signer.account().0)
}

fn entry(rule: Value<()>, verdict: &str) -> Value<()> {
    let kinds = ["persons", "firms", "banks"].map(|kind| (kind, Value::bool(true)));
    let anywhere = [("from", of("None")), ("to", of("None"))];
    Value::named_composite([
        ("rule", rule),
        ("severity", of("High")),
        ("verdict", of(verdict)),
        ("corridor", Value::named_composite(anywhere)),
        ("kinds", Value::named_composite(kinds)),
        ("once", Value::bool(false)),
    ])
}

/// Nobody deals with whoever is on a list; what a party sends beyond a thousand PLUME a day is held.
fn policy() -> Value<()> {
    let span = Value::named_composite([("window", of("Day")), ("buckets", Value::u128(12))]);
    let a_day = Value::named_variant(
        "VelocitySum",
        [
            ("side", of("From")),
            ("span", span),
            ("at_most", Value::u128(A_DAY)),
        ],
    );
    let rules = [entry(of("Sanctions"), "Deny"), entry(a_day, "Hold")];
    Value::named_composite([
        (
            "rules",
            Value::unnamed_composite([Value::unnamed_composite(rules)]),
        ),
        ("reporting_threshold", Value::u128(1_000_000)),
        (
            "just_under",
            Value::unnamed_composite([Value::u128(800_000_000)]),
        ),
        ("counterparty_from", Value::u128(0)),
        ("without_price", of("Hold")),
    ])
}

fn assert_denied<T>(result: Result<T, plume_sdk::Error>, reason: Reason) {
    match result {
        Err(plume_sdk::Error::Submit(SubmitError::Denied { code, .. })) => {
            assert_eq!(code, reason.code());
        }
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("it went through, though {}", reason.says()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_refuses_and_holds_and_two_officers_decide() -> Outcome {
    let network = Network::start(four("screening")).await?;
    let client = Client::connect(&network.nodes()[0].ws_url()).await?;
    let [bob, charlie, dave, eve, ferdie] =
        ["//Bob", "//Charlie", "//Dave", "//Eve", "//Ferdie"].map(Signer::from_uri);
    let (bob, charlie, dave, eve, ferdie) = (bob?, charlie?, dave?, eve?, ferdie?);

    by_root(
        &client,
        "enact_policy",
        [("scope", of("Native")), ("policy", policy())],
    )
    .await?;
    for officer in [&bob, &charlie] {
        by_root(&client, "admit_officer", [("officer", account(officer))]).await?;
    }
    by_root(&client, "admit_screener", [("screener", account(&dave))]).await?;
    let listed = Value::unnamed_composite([
        Value::unnamed_variant("Account", [account(&ferdie)]),
        Value::named_composite([
            ("sanctioned", Value::bool(true)),
            ("flagged", Value::bool(false)),
        ]),
    ]);
    let marks = Value::unnamed_composite([Value::unnamed_composite([listed])]);
    send(
        &client,
        &dave,
        &call("Compliance", "mark", [("marks", marks)]),
    )
    .await?;

    // Each node's own pool refuses, with the reason, and nothing is paid for it.
    let before = client.account(&eve.account(), At::Finalised).await?;
    for node in network.nodes() {
        let client = Client::connect(&node.ws_url()).await?;
        let refused = pay(&client, &eve, ferdie.account(), 1).await;
        assert_denied(refused, Reason::RecipientSanctioned);
        let refused = pay(&client, &ferdie, eve.account(), 1).await;
        assert_denied(refused, Reason::SenderSanctioned);
    }
    let after = client.account(&eve.account(), At::Finalised).await?;
    assert_eq!(before.free_planck, after.free_planck);
    assert_eq!(before.nonce, after.nonce);

    // Little goes on; what exceeds a thousand a day arrives on hold.
    let dave_before = client.account(&dave.account(), At::Finalised).await?;
    let little = pay(&client, &eve, dave.account(), 900).await?;
    assert!(
        !little
            .events
            .iter()
            .any(|event| event.pallet == "Compliance")
    );
    let much = pay(&client, &eve, dave.account(), 200).await?;
    let held = much
        .events
        .iter()
        .find(|event| event.is("Compliance", "Held"))
        .expect("it is on hold");
    assert_eq!(held.integer("amount"), Some(200 * PLANCK_PER_PLUME));
    let case = held.integer("case").expect("a hold has a case");
    let dave_now = client.account(&dave.account(), At::Finalised).await?;
    let came = 900 * PLANCK_PER_PLUME;
    assert_eq!(dave_now.free_planck, dave_before.free_planck + came);

    // One officer proposes; it takes another to confirm, and then it is back with Eve.
    let on_case = |name: &str| call("Compliance", name, [("case", Value::u128(case))]);
    let closing = |name: &str| {
        call(
            "Compliance",
            name,
            [
                ("case", Value::u128(case)),
                ("closing", of("ReportAndReturn")),
                ("evidence", Value::from_bytes([7; 32])),
            ],
        )
    };
    send(&client, &bob, &on_case("take_case")).await?;
    send(&client, &bob, &closing("propose_closing")).await?;
    let alone = send(&client, &bob, &closing("confirm_closing")).await;
    let alone = alone.expect_err("nobody closes a case alone").to_string();
    assert!(alone.contains("SameOfficer"), "{alone}");
    let eve_before = client.account(&eve.account(), At::Finalised).await?;
    let closed = send(&client, &charlie, &closing("confirm_closing")).await?;
    assert!(
        closed
            .events
            .iter()
            .any(|event| event.is("Compliance", "CaseClosed"))
    );
    let eve_now = client.account(&eve.account(), At::Finalised).await?;
    assert_eq!(
        eve_now.free_planck,
        eve_before.free_planck + 200 * PLANCK_PER_PLUME
    );
    assert_no_panic(network.nodes());
    Ok(())
}
