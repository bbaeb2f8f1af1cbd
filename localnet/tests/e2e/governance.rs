//! End to end: holders change how fees are divided, and replace the runtime, by vote alone; and what is not
//! at stake does not vote. Needs the node binary and, in `PLUME_NEXT_RUNTIME`, the path that
//! `scripts/rehearsal` prints.
//!
//! The `local` preset divides governance's periods by 8,640: ten days are 100 seconds.

use crate::common::{Failure, LIMIT, Outcome, assert_no_panic, four, next_runtime};
use plume_localnet::Network;
use plume_sdk::{
    At, Call, Client, Inclusion, Signer, TxOptions, amount::PLANCK_PER_PLUME, call,
    subxt::dynamic::Value,
};
use sp_crypto_hashing::blake2_256;
use std::time::{Duration, Instant};

/// Alice's stake, in planck: more than half of what counts as everybody's.
const STAKE: u128 = 60_000_000 * PLANCK_PER_PLUME;
/// The fee model's track.
const FEE_MODEL: u128 = 10;
/// Aye, with a conviction of one.
const AYE: u128 = 0x81;

async fn send(
    client: &Client,
    signer: &Signer,
    call: &Call,
) -> Result<Inclusion, plume_sdk::Error> {
    let progress = client.submit(signer, call, &TxOptions::default()).await?;
    let finalised = tokio::time::timeout(LIMIT, progress.wait_finalised()).await;
    finalised.expect("a transaction is final in time")?.ok()
}

/// Fails unless the chain has refused this call with this error of a pallet.
fn assert_refused(result: Result<Inclusion, plume_sdk::Error>, with: &str) {
    match result {
        Ok(_) => panic!("it went through, instead of failing with {with}"),
        Err(error) => assert!(error.to_string().contains(with), "{error}"),
    }
}

fn stake(amount: u128) -> Call {
    call("Stake", "stake", [("amount", Value::u128(amount))])
}

fn vote(index: u128, balance: u128) -> Call {
    let fields = [
        ("vote", Value::u128(AYE)),
        ("balance", Value::u128(balance)),
    ];
    let vote = Value::named_variant("Standard", fields);
    call(
        "ConvictionVoting",
        "vote",
        [("poll_index", Value::u128(index)), ("vote", vote)],
    )
}

/// What the track of this origin acts as.
fn origin(name: &str) -> Value<()> {
    match name {
        "Root" => Value::unnamed_variant("system", [Value::unnamed_variant("Root", [])]),
        track => Value::unnamed_variant("Origins", [Value::unnamed_variant(track, [])]),
    }
}

/// Proposes a call and pays for its decision. Returns the referendum's number.
async fn propose(
    client: &Client,
    signer: &Signer,
    track: &str,
    proposed: &Call,
) -> Result<u128, Failure> {
    let bytes = client
        .at(At::Finalised)
        .await?
        .transactions()
        .call_data(proposed)?;
    let now = Value::unnamed_variant("After", [Value::u128(0)]);
    let submit = call(
        "Referenda",
        "submit",
        [
            ("proposal_origin", origin(track)),
            (
                "proposal",
                Value::unnamed_variant("Inline", [Value::from_bytes(bytes)]),
            ),
            ("enactment_moment", now),
        ],
    );
    let included = send(client, signer, &submit).await?;
    let index = included
        .events
        .iter()
        .find(|event| event.is("Referenda", "Submitted"))
        .and_then(|event| event.integer("index"))
        .expect("a proposal has a number");
    let deposit = call(
        "Referenda",
        "place_decision_deposit",
        [("index", Value::u128(index))],
    );
    send(client, signer, &deposit).await?;
    Ok(index)
}

/// Reads final blocks from this height on until one has the event. Returns its height.
async fn wait_event(
    client: &Client,
    mut height: u64,
    pallet: &str,
    name: &str,
) -> Result<u64, Failure> {
    let deadline = Instant::now() + LIMIT;
    while Instant::now() < deadline {
        if height > client.chain_info().await?.finalised.number {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        }
        let hash = client.raw().block_hash(height).await?;
        let events = client.events(hash.expect("it is final")).await?;
        if events.iter().any(|event| event.is(pallet, name)) {
            return Ok(height);
        }
        height += 1;
    }
    panic!("no {pallet}.{name} up to block {height}")
}

/// Pays somebody, and returns the hundredths of the fee that were burned.
async fn burned_percent(client: &Client) -> Result<u128, Failure> {
    let (ferdie, bob) = (Signer::from_uri("//Ferdie")?, Signer::from_uri("//Bob")?);
    let paid = client
        .transfer(&ferdie, bob.account(), PLANCK_PER_PLUME)
        .await?
        .ok()?;
    let events = client.events(paid.block.hash).await?;
    let burned = events
        .iter()
        .find(|event| event.is("Fees", "FeesSettled"))
        .and_then(|event| event.integer("burned"))
        .expect("a fee is settled in its block");
    Ok(burned * 100 / paid.fee_planck)
}

#[tokio::test(flavor = "multi_thread")]
async fn holders_change_how_fees_are_divided() -> Outcome {
    let network = Network::start(four("governance-fees")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let client = Client::connect(&network.node(0).ws_url()).await?;
    let alice = Signer::from_uri("//Alice")?;
    assert_eq!(burned_percent(&client).await?, 50);

    send(&client, &alice, &stake(STAKE)).await?;
    let shares = Value::named_composite([
        ("burn", Value::u128(750_000_000)),
        ("author", Value::u128(600_000_000)),
        ("treasury", Value::u128(200_000_000)),
    ]);
    let key = Value::unnamed_composite([]);
    let shares = Value::unnamed_variant("Some", [shares]);
    let parameter = Value::unnamed_variant("Shares", [key, shares]);
    let change = call(
        "Parameters",
        "set_parameter",
        [("key_value", Value::unnamed_variant("FeeModel", [parameter]))],
    );
    // Nobody but the vote can.
    assert_refused(send(&client, &alice, &change).await, "BadOrigin");
    let index = propose(&client, &alice, "FeeModel", &change).await?;
    let voted = send(&client, &alice, &vote(index, STAKE)).await?;
    let height = wait_event(&client, voted.block.number, "Referenda", "Confirmed").await?;
    assert_eq!(burned_percent(&client).await?, 50, "it is not enacted yet");
    wait_event(&client, height, "Parameters", "Updated").await?;
    assert_eq!(burned_percent(&client).await?, 75);

    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn holders_replace_the_runtime() -> Outcome {
    let code = next_runtime()?;
    let network = Network::start(four("governance-upgrade")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let client = Client::connect(&network.node(0).ws_url()).await?;
    let before = client.raw().runtime_version(None).await?.spec_version;
    let (alice, bob) = (Signer::from_uri("//Alice")?, Signer::from_uri("//Bob")?);

    send(&client, &alice, &stake(STAKE)).await?;
    let code_hash = Value::from_bytes(blake2_256(&code));
    let authorize = call("System", "authorize_upgrade", [("code_hash", code_hash)]);
    let bring = call(
        "System",
        "apply_authorized_upgrade",
        [("code", Value::from_bytes(code))],
    );
    assert_refused(send(&client, &bob, &bring).await, "NothingAuthorized");
    let index = propose(&client, &alice, "Root", &authorize).await?;
    let voted = send(&client, &alice, &vote(index, STAKE)).await?;
    wait_event(&client, voted.block.number, "System", "UpgradeAuthorized").await?;
    send(&client, &bob, &bring).await?;

    network
        .wait_all_finalised(network.node(0).best().await? + 5, LIMIT)
        .await?;
    for node in network.nodes() {
        let client = Client::connect(&node.ws_url()).await?;
        let now = client.raw().runtime_version(None).await?.spec_version;
        assert_eq!(now, before + 1, "{}", node.name());
    }
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_at_stake_does_not_vote() -> Outcome {
    let network = Network::start(four("governance-votes")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let client = Client::connect(&network.node(0).ws_url()).await?;
    let signer = |name: &str| Signer::from_uri(&format!("//{name}"));
    let (alice, bob, eve, ferdie) = (
        signer("Alice")?,
        signer("Bob")?,
        signer("Eve")?,
        signer("Ferdie")?,
    );
    let amount = 1_000 * PLANCK_PER_PLUME;
    let remark = call("System", "remark", [("remark", Value::from_bytes("hear"))]);
    let index = propose(&client, &alice, "FeeModel", &remark).await?;

    // Unstaked, though Bob owns much more.
    assert_refused(
        send(&client, &bob, &vote(index, amount)).await,
        "InsufficientFunds",
    );

    // Unstaking.
    send(&client, &eve, &stake(amount)).await?;
    let unstake = call("Stake", "unstake", [("amount", Value::u128(amount))]);
    send(&client, &eve, &unstake).await?;
    assert_refused(
        send(&client, &eve, &vote(index, amount)).await,
        "InsufficientFunds",
    );

    // Delegated: neither again, nor voted with besides, nor unstaked.
    let delegate_to = |to: &Signer| {
        let to = Value::unnamed_variant("Id", [Value::from_bytes(to.account().0)]);
        call(
            "ConvictionVoting",
            "delegate",
            [
                ("class", Value::u128(FEE_MODEL)),
                ("to", to),
                ("conviction", Value::unnamed_variant("Locked1x", [])),
                ("balance", Value::u128(amount)),
            ],
        )
    };
    assert_refused(
        send(&client, &ferdie, &delegate_to(&alice)).await,
        "InsufficientFunds",
    );
    send(&client, &ferdie, &stake(amount)).await?;
    send(&client, &ferdie, &delegate_to(&alice)).await?;
    assert_refused(
        send(&client, &ferdie, &delegate_to(&bob)).await,
        "AlreadyDelegating",
    );
    assert_refused(
        send(&client, &ferdie, &vote(index, amount)).await,
        "AlreadyDelegating",
    );
    assert_refused(send(&client, &ferdie, &unstake).await, "Locked");

    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
