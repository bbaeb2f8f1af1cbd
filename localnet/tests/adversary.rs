//! End to end: one of four validators misbehaves. Needs the node binary, see
//! `plume_localnet::default_binary`, and `plume-adversary` beside it or in `PLUME_ADVERSARY`.

mod common;

use common::{Failure, LIMIT, Outcome, assert_no_panic, assert_same_block, four};
use plume_localnet::{Network, NetworkConfig, Node, Replacement, default_program};
use plume_sdk::Client;
use serde_json::json;

/// Which validator misbehaves; the genesis has its key at this place of the rotation.
const ADVERSARY: usize = 3;
/// Its predecessor in the rotation, until somebody is taken out.
const VICTIM: usize = 2;

fn with_adversary(name: &str, misbehaviour: &str) -> NetworkConfig {
    let mut config = four(name);
    let replacement = Replacement {
        binary: default_program("plume-adversary", "PLUME_ADVERSARY"),
        extra_args: vec!["--misbehave".into(), misbehaviour.into()],
    };
    config.replaced.insert(ADVERSARY, replacement);
    config
}

/// What the final chain says about a range of heights.
#[derive(Debug, Default)]
struct Share {
    /// From the slot after the first block's to the last block's.
    slots: u64,
    /// By validator.
    blocks: [u64; 4],
    /// Blocks on whose parent the validator was not in the rotation.
    out: [u64; 4],
}

impl Share {
    fn lost(&self) -> u64 {
        self.slots - self.blocks.iter().sum::<u64>()
    }
}

/// The keys of the rotation after a block.
async fn rotation(node: &Node, at: &str) -> Result<Vec<String>, Failure> {
    let list: String = node
        .rpc("state_call", json!(["AuraApi_authorities", "0x", at]))
        .await?;
    // SCALE: the list's length, compact, then 32 bytes each.
    let keys = list.trim_start_matches("0x");
    let (_, keys) = keys.split_at(keys.len() % 64);
    let keys: Vec<char> = keys.chars().collect();
    Ok(keys.chunks(64).map(|key| key.iter().collect()).collect())
}

/// Who sealed the blocks after one height up to another.
async fn share(node: &Node, client: &Client, from: u64, to: u64) -> Result<Share, Failure> {
    let hash = async |height| -> Result<String, Failure> {
        Ok(node.block_hash(height).await?.expect("it is final"))
    };
    let slot = async |height| -> Result<u64, Failure> {
        let hash = client.raw().block_hash(height).await?;
        let header = client.raw().header(hash).await?.expect("it is final");
        Ok(header.slot().expect("every block has a slot"))
    };
    let validators = rotation(node, &hash(0).await?).await?;
    let mut share = Share {
        slots: slot(to).await? - slot(from).await?,
        ..Share::default()
    };
    for height in from + 1..=to {
        let rotation = rotation(node, &hash(height - 1).await?).await?;
        let author = &rotation[slot(height).await? as usize % rotation.len()];
        for (index, key) in validators.iter().enumerate() {
            share.blocks[index] += u64::from(key == author);
            share.out[index] += u64::from(!rotation.contains(key));
        }
    }
    Ok(share)
}

/// Runs a network with the adversary for so many final blocks. Returns who sealed them, and how many
/// blocks that were not the best an honest node imported meanwhile.
async fn run(config: NetworkConfig, blocks: u64) -> Result<(Share, usize), Failure> {
    let network = Network::start(config).await?;
    network.wait_finalised(8, LIMIT).await?;
    let honest = &network.nodes()[..ADVERSARY];
    let from = network.node(0).finalised().await?;
    for node in honest {
        node.wait_finalised(from + blocks, LIMIT).await?;
    }
    assert_same_block(honest, from + blocks).await?;
    assert_no_panic(honest);
    let client = Client::connect(&network.node(0).ws_url()).await?;
    let share = share(network.node(0), &client, from, from + blocks).await?;
    let siblings = network.node(0).log_lines_matching(&["🆕 Imported"]).len();
    println!(
        "{share:?}, {} slots lost, {siblings} blocks beside the best",
        share.lost()
    );
    network.stop().await?;
    Ok((share, siblings))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_skips_its_predecessor_takes_no_more_than_half_of_its_slots() -> Outcome {
    // The slowest votes that the slot allows: a predecessor's block is seldom final when the next slot
    // begins, so the adversary's block has a chance.
    let config = NetworkConfig {
        gossip_duration_ms: Some(60),
        ..with_adversary("adversary-skips", "skip-predecessor")
    };
    let (share, siblings) = run(config, 180).await?;
    assert!(siblings > 0, "it skipped nobody: {share:?}");
    for honest in 0..ADVERSARY {
        assert!(
            share.blocks[honest] >= share.slots / 8,
            "validator {honest} (the victim is {VICTIM}) keeps less than half of its quarter: {share:?}"
        );
        assert!(
            share.out[honest] <= share.slots / 4,
            "validator {honest} is out of the rotation for long: {share:?}"
        );
    }
    assert!(
        share.lost() <= share.slots / 3,
        "more than a third is lost: {share:?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withheld_block_is_a_missed_slot_and_the_others_go_on() -> Outcome {
    let config = with_adversary("adversary-withholds", "withhold-bodies");
    let (share, _) = run(config, 120).await?;
    assert_eq!(
        share.blocks[ADVERSARY], 0,
        "nobody had its blocks: {share:?}"
    );
    assert!(
        share.out[ADVERSARY] >= share.slots / 8,
        "it stays in the rotation as if it sealed: {share:?}"
    );
    for honest in 0..ADVERSARY {
        assert!(share.blocks[honest] >= share.slots / 8, "{share:?}");
    }
    assert!(share.lost() <= share.slots / 3, "{share:?}");
    Ok(())
}
