//! End to end: nodes compare their clocks. Needs the node binary, see `plume_localnet::default_binary`.

mod common;

use common::{Failure, LIMIT, Outcome, four};
use plume_localnet::{Network, Node};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A metric's value; none before it is there.
async fn metric(node: &Node, name: &str) -> Result<Option<f64>, Failure> {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", node.prometheus_port())).await?;
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let value = answer.lines().find_map(|line| {
        let rest = line.strip_prefix(name)?;
        rest.starts_with(['{', ' '])
            .then(|| rest.rsplit(' ').next()?.trim().parse().ok())?
    });
    Ok(value)
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_of_one_machine_find_their_clocks_equal_and_warn_nobody() -> Outcome {
    let network = Network::start(four("clock")).await?;
    network.wait_all_finalised(8, LIMIT).await?;
    for node in network.nodes() {
        let deadline = Instant::now() + LIMIT;
        while metric(node, "plume_clock_peers").await? != Some(3.0) {
            assert!(
                Instant::now() < deadline,
                "{} has not heard three clocks",
                node.name()
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    // Until the quickest of several exchanges counts.
    tokio::time::sleep(Duration::from_secs(12)).await;
    for node in network.nodes() {
        let offset_ms = metric(node, "plume_clock_offset_milliseconds").await?;
        println!("{}: {offset_ms:?} ms", node.name());
        assert!(
            offset_ms.is_some_and(|ms| ms.abs() < 25.0),
            "{} thinks that its clock is {offset_ms:?} ms off",
            node.name()
        );
        assert_eq!(metric(node, "plume_clock_alarm").await?, Some(0.0));
        assert!(
            node.log_lines_matching(&["This machine's clock"])
                .is_empty()
        );
    }
    network.stop().await?;
    Ok(())
}
