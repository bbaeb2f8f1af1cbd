//! End to end: nodes compare their clocks. Needs the node binary, see `plume_localnet::default_binary`; a
//! wrong clock needs libfaketime, else that part says that it does nothing.

use crate::common::{Failure, LIMIT, Outcome, assert_no_panic, assert_same_block, four};
use plume_localnet::{Network, Node, skewed_clock};
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
async fn equal_clocks_warn_nobody_and_one_that_is_ahead_says_so_and_stops_nobody() -> Outcome {
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

    // One clock goes 300 ms ahead, more than a slot.
    let skewed = match skewed_clock(300) {
        Ok(skewed) => skewed,
        Err(error) => {
            eprintln!("not skewed: {error}");
            network.stop().await?;
            return Ok(());
        }
    };
    let (others, victim) = (&network.nodes()[..3], network.node(3));
    victim.kill()?;
    victim.set_environment(skewed);
    victim.start()?;
    victim.wait_ready().await?;
    let began = network.node(0).finalised().await?;
    for node in others {
        node.wait_finalised(began + 40, LIMIT).await?;
        let alarm = metric(node, "plume_clock_alarm").await?;
        assert_eq!(alarm, Some(0.0), "{} is right", node.name());
    }
    assert_same_block(others, began + 40).await?;
    let deadline = Instant::now() + LIMIT;
    while victim
        .log_lines_matching(&["This machine's clock"])
        .is_empty()
    {
        assert!(Instant::now() < deadline, "the wrong clock is not noticed");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
