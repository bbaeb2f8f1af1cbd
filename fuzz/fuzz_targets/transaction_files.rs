//! Transaction files of anti-money-laundering research. A reader ends, and gives no more than there are bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_aml::{
    generate::{Config, Generated, generate},
    read::{AmlSim, AmlSimOptions, AmlWorld, Nodes, Patterns, match_attempts},
    write,
};
use plume_fuzz::Input;
use std::{io, sync::LazyLock};

static MADE: LazyLock<Generated> =
    LazyLock::new(|| generate(&Config::for_transfers(3, 2_400)).expect("the generator's example"));
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| files().expect("memory takes all"));

fn files() -> io::Result<Vec<Vec<u8>>> {
    let made = &*MADE;
    let transactions = &made.transactions[..12];
    let mut files = vec![Vec::new(); 4];
    write::amlworld(&mut files[0], transactions)?;
    write::amlsim(&mut files[1], transactions, made.amlsim_options())?;
    write::nodes(
        &mut files[2],
        &made.accounts[..12],
        &made.laundering_accounts(),
    )?;
    let attempts: Vec<_> = made.labels.attempts.iter().take(2).cloned().collect();
    write::patterns(&mut files[3], &made.transactions, &attempts)?;
    Ok(files)
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let bytes = &input.bytes[..];
    let most = bytes.len() + 1;
    for step_s in [86_400, u64::MAX / 3] {
        let options = AmlSimOptions { step_s, start_s: 0 };
        assert!(AmlSim::new(bytes, options).take(most + 1).count() <= most);
    }
    assert!(Nodes::new(bytes).take(most + 1).count() <= most);
    assert!(Patterns::new(bytes).take(most + 1).count() <= most);
    assert!(AmlWorld::new(bytes).take(most + 1).count() <= most);
    if let Ok(blocks) = Patterns::new(bytes).collect::<Result<Vec<_>, _>>()
        && !blocks.is_empty()
    {
        let _ = match_attempts(&MADE.transactions, &blocks);
    }
    if let Ok(transactions) = AmlWorld::new(bytes).collect::<Result<Vec<_>, _>>() {
        let mut written = Vec::new();
        write::amlworld(&mut written, &transactions).expect("memory takes all");
        let _ = AmlWorld::new(&written[..]).count();
    }
});
