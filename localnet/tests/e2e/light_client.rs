//! End to end: a light client follows a real network. Needs the node binary, see
//! `plume_localnet::default_binary`.

use crate::common::{Failure, LIMIT, Outcome, change_voters, four};
use codec::{Decode, Encode};
use plume_light_client::{Finality, Justification, LightClient, Refused, Trusted};
use plume_localnet::Network;
use serde::{Serialize, de::DeserializeOwned};

/// Changes of the voters to follow at least, and justifications to believe besides.
const CHANGES: u64 = 2;
const OTHERS: u64 = 20;

/// What a node has said, as the light client reads it.
fn read<T: DeserializeOwned>(said: &impl Serialize) -> Result<T, Failure> {
    Ok(serde_json::from_str(&serde_json::to_string(said)?)?)
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
    let mut feed = node.finality_feed().await?;
    network.wait_all_finalised(3, LIMIT).await?;

    let genesis = node.block_hash(0).await?.expect("every chain has one");
    let Trusted {
        header,
        voters,
        set_id,
    } = read(&feed.trusted(Some(&genesis)).await?)?;
    assert_eq!((voters.len(), set_id), (4, 0));
    let mut client = LightClient::new(header, voters.clone(), set_id)?;

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
            let said = feed.next().await?;
            let Finality {
                header,
                justification,
            } = read(&said)?;
            let (number, hash) = (header.number, header.hash());
            assert_eq!(hash, justification.commit.target_hash);
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
            assert_eq!(best, (number, hash));
            assert_eq!(said.changes_voters, believed.changed_voters, "#{number}");
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
