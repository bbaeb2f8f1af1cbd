//! End to end: a light client follows a real network. Needs the node binary, see
//! `plume_localnet::default_binary`.

mod common;

use codec::{Decode, Encode};
use common::{Failure, LIMIT, Outcome, change_voters, four};
use plume_light_client::{Header, Justification, LightClient, Refused};
use plume_localnet::{Network, Node};
use serde_json::json;
use sp_consensus_grandpa::AuthorityList;

/// Changes of the voters to follow at least, and justifications to believe besides.
const CHANGES: u64 = 2;
const OTHERS: u64 = 20;

async fn bytes(node: &Node, method: &str) -> Result<Vec<u8>, Failure> {
    unhex(
        &node
            .rpc::<String>("state_call", json!([method, "0x"]))
            .await?,
    )
}

fn unhex(text: &str) -> Result<Vec<u8>, Failure> {
    Ok(hex::decode(text.trim_start_matches("0x"))?)
}

async fn header(node: &Node, hash: &str) -> Result<Header, Failure> {
    Ok(node.rpc("chain_getHeader", json!([hash])).await?)
}

/// Votes that just suffice, changed: a signature with one bit turned, and one vote less.
fn forgeries(genuine: &Justification) -> [Justification; 2] {
    let mut turned = genuine.clone();
    let vote = &mut turned.commit.precommits[0];
    let mut signature = <[u8; 64]>::try_from(vote.signature.encode()).expect("it has 64 bytes");
    signature[20] ^= 1;
    vote.signature = Decode::decode(&mut &signature[..]).expect("64 bytes are a signature");
    let mut fewer = genuine.clone();
    fewer.commit.precommits.pop();
    [turned, fewer]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_light_client_follows_a_network_through_changes_of_its_voters_and_believes_no_forgery()
-> Outcome {
    let network = Network::start(four("light-client")).await?;
    let node = network.node(0);
    let mut justifications = node
        .subscribe::<String>(
            "grandpa_subscribeJustifications",
            json!([]),
            "grandpa_unsubscribeJustifications",
        )
        .await?;
    network.wait_all_finalised(3, LIMIT).await?;

    let genesis = node.block_hash(0).await?.expect("every chain has one");
    let voters = bytes(node, "GrandpaApi_grandpa_authorities").await?;
    let voters = AuthorityList::decode(&mut &voters[..])?;
    assert_eq!(voters.len(), 4);
    let mut client = LightClient::new(header(node, &genesis).await?, voters.clone(), 0)?;

    // First without the fourth, then all four again.
    let mut sets = vec![voters.clone(), voters[..3].to_vec()];
    let mut ask = async || match sets.pop() {
        Some(next) => change_voters(node, Some(next.encode())).await.map(drop),
        None => Ok(()),
    };
    let (mut changes, mut others) = (0, 0);
    let followed = async {
        ask().await?;
        while changes < CHANGES || others < OTHERS {
            let justification = unhex(&justifications.next().await?)?;
            let justification = Justification::decode(&mut &justification[..])?;
            let hash = format!("{:?}", justification.commit.target_hash);
            let header = header(node, &hash).await?;
            let number = header.number;
            let pruned = client
                .pruned(&header, justification.clone())
                .expect("the network's own votes are enough");
            for forgery in forgeries(&pruned) {
                let verdict = client.submit(header.clone(), forgery);
                assert_eq!(verdict, Err(Refused("InvalidJustification")), "#{number}");
            }
            let believed = client.relay(header, justification)?;
            assert_eq!(believed.free, believed.changed_voters, "#{number}");
            let best = client.best().expect("it was initialised");
            assert_eq!((best.0, format!("{:?}", best.1)), (number, hash));
            if believed.changed_voters {
                changes += 1;
                assert_eq!(client.set_id(), changes);
                ask().await?;
            } else {
                others += 1;
            }
        }
        Ok::<(), Failure>(())
    };
    tokio::time::timeout(LIMIT, followed).await??;
    println!("believed {changes} headers in which the voters change, and {others} others");
    network.stop().await?;
    Ok(())
}
