//! Reads IBM's AMLSim sample. Needs `PLUME_SHARED_DATA`, the folder that has `amlsim/20K_fanin200.tgz`, and `tar`;
//! without them it says so and passes.

use plume_aml::{
    read::{AmlSim, AmlSimOptions, Nodes},
    score::{Truth, alert_rate_at, distinct_senders, recall_curve, thinned},
};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

const ARCHIVE: &str = "amlsim/20K_fanin200.tgz";

/// The archive's file, unpacked to memory.
fn unpacked(archive: &Path, name: &str) -> Vec<u8> {
    let output = Command::new("tar")
        .arg("-xOzf")
        .arg(archive)
        .arg(format!("20K_fanin200/{name}"))
        .output()
        .expect("tar runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn archive() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("PLUME_SHARED_DATA") else {
        println!("skipped: PLUME_SHARED_DATA does not name the folder with {ARCHIVE}");
        return None;
    };
    let archive = Path::new(&folder).join(ARCHIVE);
    if !archive.is_file() {
        println!("skipped: {} is missing", archive.display());
        return None;
    }
    Some(archive)
}

#[test]
fn the_sample_is_read_whole_and_plain_sender_counts_need_many_alerts_on_it() {
    let Some(archive) = archive() else { return };
    let nodes: Vec<_> = Nodes::new(unpacked(&archive, "nodes.csv").as_slice())
        .collect::<Result<_, _>>()
        .unwrap();
    let fraud: std::collections::BTreeSet<_> = nodes
        .iter()
        .filter(|node| node.fraud)
        .map(|node| node.account.clone())
        .collect();
    assert_eq!((nodes.len(), fraud.len()), (20_000, 954));

    let file = unpacked(&archive, "transactions.csv");
    let transactions: Vec<_> = AmlSim::new(file.as_slice(), AmlSimOptions::default())
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(transactions.len(), 118_250);
    assert_eq!(
        transactions.iter().map(|t| t.time_s).max(),
        Some(149 * 86_400)
    );

    let truth = Truth::from_accounts(&transactions, fraud);
    let scores = distinct_senders(&transactions, 10 * 86_400);
    let points = recall_curve(&transactions, &scores, truth.accounts());
    println!("distinct senders in ten days, alerts on transfers against recall of accounts:");
    for point in thinned(&points, 12) {
        println!(
            "  from {:>3} senders: alerts on {:>6.2} %, recall {:>6.2} %, precision {:>6.2} %",
            point.threshold,
            point.alert_rate * 100.0,
            point.recall * 100.0,
            point.precision * 100.0
        );
    }
    let rate = alert_rate_at(&points, 0.9).expect("a low enough threshold finds nine of ten");
    assert!((0.2..0.4).contains(&rate), "{rate}");
}
