//! End to end: what a node is given by mistake or malice, and that it neither stops nor panics.
//!
//! The tests share one network, so that all of it has to survive all of them.

use crate::common::{
    Failure, LIMIT, Outcome, assert_no_panic, assert_same_block, folder, four, wait_finalised_more,
};
use plume_localnet::{Error, ExtraNode, Network, default_binary};
use serde_json::json;
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::Command,
    sync::OnceCell,
    time::timeout,
};

/// The network, started by the first test that asks. Its nodes die with this process.
async fn network() -> Result<&'static Network, Failure> {
    static NETWORK: OnceCell<Network> = OnceCell::const_new();
    let network = NETWORK
        .get_or_try_init(|| Network::start(four("bad-input")))
        .await?;
    network.wait_connected(LIMIT).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    Ok(network)
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_extrinsics_are_refused_with_a_reason() -> Outcome {
    let network = network().await?;
    let node = network.node(0);
    for (what, extrinsic) in [
        ("text that is no hexadecimal", "nonsense".to_owned()),
        ("nothing", "0x".to_owned()),
        ("a length beyond the data", "0x93030000".to_owned()),
        ("a kilobyte of noise", format!("0x{}", "ab".repeat(1024))),
        ("a megabyte of noise", format!("0x{}", "5a".repeat(1 << 20))),
        (
            "a transaction of an unknown version",
            "0x10ffffffff".to_owned(),
        ),
        ("a call that nobody signed", "0x1004000000".to_owned()),
    ] {
        match node
            .rpc::<String>("author_submitExtrinsic", json!([extrinsic]))
            .await
        {
            Err(Error::Refused { message, .. }) => {
                assert!(!message.is_empty(), "{what}: no reason given")
            }
            Err(other) => panic!("{what}: {other}"),
            Ok(hash) => panic!("{what} was taken as transaction {hash}"),
        }
    }
    let pending: Vec<String> = node.rpc("author_pendingExtrinsics", json!([])).await?;
    assert!(pending.is_empty(), "the pool took {pending:?}");
    wait_finalised_more(network, 3).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oversized_rpc_body_is_refused_and_the_node_lives() -> Outcome {
    const BODY_BYTES: usize = 64 << 20;
    let network = network().await?;
    let node = network.node(1);
    let pid = node.pid();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-type: application/json\r\n",
        node.rpc_port()
    );

    // Announced: the answer comes before the body.
    let mut stream = TcpStream::connect(("127.0.0.1", node.rpc_port())).await?;
    stream
        .write_all(format!("{head}content-length: {BODY_BYTES}\r\n\r\n").as_bytes())
        .await?;
    let mut answer = vec![0; 4096];
    let length = timeout(LIMIT, stream.read(&mut answer)).await??;
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(
        answer.starts_with("HTTP/1.1 413"),
        "the node answered {answer:?}"
    );

    // Not announced: the node stops reading, or answers, before it has all.
    let mut stream = TcpStream::connect(("127.0.0.1", node.rpc_port())).await?;
    stream
        .write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes())
        .await?;
    let piece = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    let (mut reader, mut writer) = stream.into_split();
    let flood = async {
        for _ in 0..BODY_BYTES / 0x10000 {
            writer.write_all(&piece).await?;
        }
        std::io::Result::Ok(())
    };
    let mut answer = vec![0; 4096];
    let refused = timeout(LIMIT, async {
        tokio::select! {
            biased;
            _answered_or_closed = reader.read(&mut answer) => true,
            flooded = flood => flooded.is_err(),
        }
    });
    assert!(refused.await?, "the node took {BODY_BYTES} bytes");
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        !answer.contains("\"result\""),
        "the node answered {answer:?}"
    );

    wait_finalised_more(network, 3).await?;
    assert_eq!(node.pid(), pid);
    assert_no_panic([node]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_with_another_genesis_gets_no_peers() -> Outcome {
    let network = network().await?;
    let stranger = ExtraNode {
        name: "stranger".into(),
        chain: Some("development".into()),
        ..Default::default()
    };
    let stranger = network.add(stranger).await?;
    let (theirs, ours) = (
        stranger.block_hash(0).await?,
        network.node(0).block_hash(0).await?,
    );
    assert_ne!(theirs, ours, "the stranger shall be on another chain");

    let end = network.node(0).finalised().await? + 40;
    while network.node(0).finalised().await? < end {
        network.check()?;
        assert_eq!(
            stranger.peers().await?,
            0,
            "a validator exchanges blocks with the stranger"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(stranger.best().await?, 0);
    assert_no_panic([&stranger]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupted_chain_spec_is_refused_in_one_sentence() -> Outcome {
    let binary = default_binary();
    let export = Command::new(&binary)
        .args(["export-chain-spec", "--chain", "local"])
        .output()
        .await?;
    assert!(
        export.status.success(),
        "{}",
        String::from_utf8_lossy(&export.stderr)
    );
    let spec = String::from_utf8_lossy(&export.stdout);
    let folder = folder("corrupted-spec");
    std::fs::create_dir_all(&folder)?;
    for (what, content) in [
        ("cut", &spec[..spec.len() / 2]),
        ("text", "to whom it may concern"),
        ("empty", ""),
        ("headless", r#"{ "name": "x", "id": "x", "bootNodes": [] }"#),
    ] {
        let file = folder.join(format!("{what}.json"));
        std::fs::write(&file, content)?;
        let mut node = Command::new(&binary);
        node.arg("--chain")
            .arg(&file)
            .arg("--base-path")
            .arg(folder.join(what));
        node.args([
            "--listen-addr",
            "/ip4/127.0.0.1/tcp/0",
            "--rpc-port",
            "0",
            "--no-prometheus",
        ]);
        node.stdin(Stdio::null()).kill_on_drop(true);
        let output = timeout(LIMIT, node.output()).await??;
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code().is_some_and(|code| code != 0),
            "{what}: {}",
            output.status
        );
        assert!(!complaint.contains("panicked"), "{what}: {complaint}");
        let lines: Vec<_> = complaint
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        assert!(
            lines.len() == 1 && lines[0].contains(' '),
            "{what}: not one sentence: {complaint}"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_without_validators_is_refused_with_the_next_step() -> Outcome {
    let mut node = Command::new(default_binary());
    node.args(["--chain", "consortium", "--base-path"])
        .arg(folder("unfilled-template"));
    node.args([
        "--listen-addr",
        "/ip4/127.0.0.1/tcp/0",
        "--rpc-port",
        "0",
        "--no-prometheus",
    ]);
    node.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(LIMIT, node.output()).await??;
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{complaint}");
    assert!(!complaint.contains("panicked"), "{complaint}");
    assert!(
        complaint.contains("the genesis has no validators: fill in"),
        "{complaint}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_tell_what_the_process_uses() -> Outcome {
    let network = network().await?;
    let mut stream = TcpStream::connect(("127.0.0.1", network.node(0).prometheus_port())).await?;
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    let mut text = String::new();
    timeout(LIMIT, stream.read_to_string(&mut text)).await??;
    for metric in [
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "process_open_fds",
        "process_max_fds",
        "plume_txpool",
        "substrate_block_height",
    ] {
        assert!(text.contains(metric), "{metric} is missing");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_without_keys_follows_the_chain_and_does_not_panic() -> Outcome {
    let network = network().await?;
    let keyless = ExtraNode {
        name: "keyless".into(),
        validator: true,
        ..Default::default()
    };
    let keyless = network.add(keyless).await?;
    let head = network.node(0).finalised().await? + 10;
    keyless.wait_finalised(head, LIMIT).await?;
    assert_same_block(network.nodes().iter().chain([&keyless]), head).await?;
    assert!(keyless.is_running());
    assert_no_panic([&keyless]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_with_one_key_do_not_stop_finality() -> Outcome {
    let network = network().await?;
    let suri = network.node(0).suri().map(str::to_owned);
    let twin = ExtraNode {
        name: "twin".into(),
        validator: true,
        suri,
        ..Default::default()
    };
    let twin = network.add(twin).await?;
    let head = network.node(0).finalised().await?;
    twin.wait_finalised(head, LIMIT).await?;
    // Five turns of the author that is there twice.
    wait_finalised_more(network, 20).await?;
    let head = network.node(1).finalised().await?;
    network.wait_all_finalised(head, LIMIT).await?;
    assert_same_block(network.nodes(), head).await?;
    assert_no_panic(network.nodes().iter().chain([&twin]));
    Ok(())
}
