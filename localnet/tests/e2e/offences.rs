//! End to end: who runs a validator twice is caught by the chain itself. Needs the node binary, see
//! `plume_localnet::default_binary`.

use crate::common::{Failure, LIMIT, Outcome, assert_no_panic, assert_same_block, four};
use plume_localnet::{ExtraNode, Network};
use plume_sdk::{Client, Event, Signer, amount::PLANCK_PER_PLUME, raw::to_hex};
use serde_json::json;
use std::time::{Duration, Instant};

/// What each of the four has at stake in the `local` preset.
const BOND_PLANCK: u128 = 100_000 * PLANCK_PER_PLUME;

/// Reads final blocks from height 1 on until one has this event; answers all events so far.
async fn events_until(client: &Client, pallet: &str, name: &str) -> Result<Vec<Event>, Failure> {
    let deadline = Instant::now() + LIMIT;
    let (mut height, mut events) = (1, Vec::new());
    while Instant::now() < deadline {
        if height > client.chain_info().await?.finalised.number {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        }
        let hash = client.raw().block_hash(height).await?;
        let of_block = client.events(hash.expect("it is final")).await?;
        let found = of_block.iter().any(|event| event.is(pallet, name));
        events.extend(of_block);
        if found {
            return Ok(events);
        }
        height += 1;
    }
    let seen: Vec<_> = events
        .iter()
        .filter(|event| event.pallet != "System")
        .map(|event| format!("{}.{}", event.pallet, event.name))
        .collect();
    panic!("no {pallet}.{name} in {height} blocks; there were {seen:?}")
}

/// Which of Dave's keys are run a second time.
enum Keys {
    All,
    /// The one that seals: this twin does not vote.
    Sealing,
}

/// Runs Dave's keys a second time; answers the events until his removal.
async fn with_a_twin(name: &str, keys: Keys) -> Result<Vec<Event>, Failure> {
    let network = Network::start(four(name)).await?;
    network.wait_all_finalised(4, LIMIT).await?;
    let dave = "//Dave";
    let twin = network
        .add(ExtraNode {
            name: "twin".into(),
            validator: true,
            suri: matches!(keys, Keys::All).then(|| dave.into()),
            ..Default::default()
        })
        .await?;
    if let Keys::Sealing = keys {
        let public = to_hex(&Signer::from_uri(dave)?.account().0);
        let _: serde_json::Value = twin
            .rpc("author_insertKey", json!(["aura", dave, public]))
            .await?;
    }
    let client = Client::connect(&network.node(0).ws_url()).await?;
    let events = events_until(&client, "Validators", "Removed").await?;

    // He is out of the set two blocks later, and the other three, who then need all of their votes, go on.
    let honest = &network.nodes()[..3];
    let height = network.node(0).finalised().await?;
    for node in honest {
        node.wait_finalised(height + 24, LIMIT).await?;
    }
    let set: String = network
        .node(0)
        .rpc(
            "state_call",
            json!(["GrandpaApi_grandpa_authorities", "0x"]),
        )
        .await?;
    assert_eq!((set.len() - 2) / 2 / 40, 3, "three vote");
    assert_same_block(honest, height + 24).await?;
    if let Keys::Sealing = keys {
        for node in honest {
            let warnings = node.log_lines_matching(&["Double seal: "]);
            assert!(!warnings.is_empty(), "{} saw nothing", node.name());
        }
    }
    assert_no_panic(network.nodes().iter().chain([&twin]));
    network.stop().await?;
    Ok(events)
}

/// The planck that were slashed.
fn slashed(events: &[Event]) -> u128 {
    events
        .iter()
        .filter(|event| event.is("Validators", "Slashed"))
        .filter_map(|event| event.integer("amount"))
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_run_twice_loses_bond_and_seat_and_finality_goes_on() -> Outcome {
    let events = with_a_twin("offences-twin", Keys::All).await?;
    // (3/4)² of the bond, for the first offence; more than one may be proven in a block.
    assert!(slashed(&events) >= BOND_PLANCK * 9 / 16, "{events:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_blocks_in_one_slot_are_proven_without_any_double_vote() -> Outcome {
    let events = with_a_twin("offences-seal", Keys::Sealing).await?;
    assert!(
        events
            .iter()
            .any(|event| event.is("Leadership", "DoubleSealProven")),
        "{events:?}"
    );
    assert!(slashed(&events) >= BOND_PLANCK * 9 / 16);
    Ok(())
}
