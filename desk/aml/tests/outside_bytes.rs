//! Whatever bytes come from outside, a reader answers with transfers or an error, and ends.

use plume_aml::{
    Labels, Pattern,
    generate::{Config, generate},
    read::{AmlSim, AmlSimOptions, AmlWorld, Nodes, Patterns},
    write,
};
use proptest::{collection::vec, prelude::*};
use std::sync::LazyLock;

/// Reads everything that the readers have; the number of items is bounded by the bytes.
fn drain(bytes: &[u8]) {
    let most = bytes.len() + 1;
    let options = AmlSimOptions {
        step_s: u64::MAX / 3,
        start_s: u64::MAX / 2,
    };
    assert!(AmlSim::new(bytes, options).take(most + 1).count() <= most);
    assert!(AmlWorld::new(bytes).take(most + 1).count() <= most);
    assert!(Nodes::new(bytes).take(most + 1).count() <= most);
    assert!(Patterns::new(bytes).take(most + 1).count() <= most);
    let _ = serde_json::from_slice::<Labels>(bytes);
}

static FILES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| files().expect("files are written to memory"));

fn files() -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let made = generate(&Config::for_transfers(3, 2_400))?;
    let transactions = &made.transactions[..40];
    let mut files = vec![Vec::new(); 5];
    write::amlworld(&mut files[0], transactions)?;
    write::amlsim(&mut files[1], transactions, made.amlsim_options())?;
    write::nodes(
        &mut files[2],
        &made.accounts[..20],
        &made.laundering_accounts(),
    )?;
    let attempts: Vec<_> = made.labels.attempts.iter().take(3).cloned().collect();
    write::patterns(&mut files[3], &made.transactions, &attempts)?;
    let labels = Labels {
        attempts,
        ..made.labels
    };
    write::labels(&mut files[4], &labels)?;
    Ok(files)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..600)) {
        drain(&bytes);
    }

    #[test]
    fn no_text_that_looks_like_a_file_makes_a_reader_panic(
        header in prop_oneof![
            Just(""),
            Just("sourceNodeId,targetNodeId,value,time\n"),
            Just("nodeid,isFraud,init_balance,fraudStep\n"),
            Just("Timestamp,From Bank,Account,To Bank,Account,Amount Received,x,Amount Paid,x,Format,Label\n"),
            Just("BEGIN LAUNDERING ATTEMPT - FAN-OUT\n"),
        ],
        lines in vec("[-0-9a-fE/:. ,\"\\r]{0,60}", 0..12),
    ) {
        drain(format!("{header}{}", lines.join("\n")).as_bytes());
    }

    /// A real file in which some bytes are changed, some left out, and that is cut off somewhere.
    #[test]
    fn no_damaged_file_makes_a_reader_panic(
        file in 0usize..5,
        damage in vec((any::<prop::sample::Index>(), any::<u8>(), 0usize..4), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = FILES[file].clone();
        for (place, byte, removed) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
            let end = (place + removed).min(bytes.len() - 1);
            bytes.drain(place.min(end)..end);
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        drain(&bytes);
    }

    #[test]
    fn any_pattern_name_survives_writing_and_reading(name in "[A-Z]{1,12}(-[A-Z]{1,12})?") {
        let pattern = Pattern::from_name(&name);
        prop_assert_eq!(pattern.name(), &name);
        let json = serde_json::to_string(&pattern).unwrap();
        prop_assert_eq!(serde_json::from_str::<Pattern>(&json).unwrap(), pattern);
    }
}
