//! End to end: one of four validators misbehaves. Needs the node binary, see
//! `plume_localnet::default_binary`, and `plume-adversary` beside it or in `PLUME_ADVERSARY`.

use crate::{
    common::{Failure, LIMIT, Outcome, assert_no_panic, assert_same_block, four},
    shares::{Share, share},
};
use plume_localnet::{
    Isolation, Network, NetworkConfig, Replacement, check_namespaces, default_program,
};
use plume_sdk::{Client, raw::Transport};
use std::time::Duration;

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

/// Watches a network with the adversary for so many final blocks, and stops it. Returns who sealed them, and how many
/// blocks that were not the best an honest node imported meanwhile.
async fn run(network: Network, blocks: u64) -> Result<(Share, usize), Failure> {
    network.wait_finalised(8, LIMIT).await?;
    let honest = &network.nodes()[..ADVERSARY];
    let from = network.node(0).finalised().await?;
    for node in honest {
        node.wait_finalised(from + blocks, LIMIT).await?;
    }
    assert_same_block(honest, from + blocks).await?;
    assert_no_panic(honest);
    let client = Client::connect_with(&network.node(0).ws_url(), Transport::PlainAllowed).await?;
    let share = share(network.node(0), &client, from, from + blocks).await?;
    let siblings = network.node(0).log_lines_matching(&["🆕 Imported"]).len();
    println!(
        "{share:?}, {} slots lost, {siblings} blocks beside the best",
        share.lost()
    );
    network.stop().await?;
    Ok((share, siblings))
}

/// Fails unless every honest validator keeps half of an even share, and a place in the rotation.
fn assert_honest_seal(share: &Share) {
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
}

#[tokio::test(flavor = "multi_thread")]
async fn who_skips_its_predecessor_finds_its_block_final_where_links_are_quick() -> Outcome {
    let network = Network::start(with_adversary("adversary-skips", "skip-predecessor")).await?;
    let (share, siblings) = run(network, 120).await?;
    // Now and then a machine with other work is late with a vote.
    assert!(
        siblings as u64 <= share.slots / 20,
        "{siblings} blocks were passed over: {share:?}"
    );
    assert_honest_seal(&share);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_skips_its_predecessor_on_slow_links_takes_no_more_than_half_of_its_slots() -> Outcome {
    if let Err(error) = check_namespaces() {
        eprintln!("skipped: {error}");
        return Ok(());
    }
    // Votes take two crossings: a block is not final yet when the next slot begins, so that the
    // adversary's has a chance.
    let network = skipping_on_slow_links("adversary-skips-slowly").await?;
    let (share, siblings) = run(network, 180).await?;
    assert!(siblings > 0, "it skipped nobody: {share:?}");
    assert_honest_seal(&share);
    Ok(())
}

/// Blocks reach one of two honest validators without a link to each other a crossing later: finality decides
/// against forks that it still builds on. That is nobody's fault.
#[tokio::test(flavor = "multi_thread")]
async fn who_builds_on_a_fork_that_has_lost_elsewhere_is_not_taken_for_an_adversary() -> Outcome {
    if let Err(error) = check_namespaces() {
        eprintln!("skipped: {error}");
        return Ok(());
    }
    let network = skipping_on_slow_links("adversary-skips-a-missing-link").await?;
    let links = network.links().expect("it was started with links");
    for (from, to) in [(0, 1), (1, 0)] {
        links.change(from, to, |condition| condition.cut = true);
    }
    let logs: Vec<_> = network.nodes()[..ADVERSARY]
        .iter()
        .map(|node| node.log_path())
        .collect();
    let (_, siblings) = run(network, 180).await?;
    assert!(siblings > 0, "there were no forks");
    for log in logs {
        let log = std::fs::read_to_string(&log)?;
        let banned: Vec<_> = log.lines().filter(|line| line.contains("Banned")).collect();
        assert!(banned.is_empty(), "{banned:#?}");
    }
    Ok(())
}

/// A network in which every link takes 110 ms and the adversary skips its predecessor.
async fn skipping_on_slow_links(name: &str) -> Result<Network, Failure> {
    let network = Network::start(NetworkConfig {
        isolation: Isolation::Namespaces,
        ..with_adversary(name, "skip-predecessor")
    })
    .await?;
    network.wait_connected(LIMIT).await?;
    network.wait_finalised(3, LIMIT).await?;
    let links = network.links().expect("it was started with links");
    links.change_all(|condition| condition.delay = Duration::from_millis(110));
    Ok(network)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withheld_block_is_a_missed_slot_and_the_others_go_on() -> Outcome {
    let network = Network::start(with_adversary("adversary-withholds", "withhold-bodies")).await?;
    let (share, _) = run(network, 120).await?;
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
