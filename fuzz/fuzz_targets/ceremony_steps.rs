//! Steps of a ceremony, as contributors hand them around. A transcript in which a byte was changed is refused, with the
//! right hash or without.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_ceremony::{Kind, Phase1, Phase2, Subject, transcript};
use plume_fuzz::{
    Input,
    ceremony::{Play, STEPS, reseal},
};
use std::{fs, sync::LazyLock};

/// A phase 1 whose first step says more takes much memory, and a beacon that says more much time: a transcript may ask
/// for both, within its bounds.
const MAX_LOG: u8 = 10;

struct Stage {
    play: Play,
    files: Vec<Vec<u8>>,
    phase1: Phase1,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let play = Play::hold().expect("an honest ceremony");
    let phase1 = Phase1::verify(&play.folder, &()).expect("an honest phase 1");
    let files = play.steps.iter().map(|(_, bytes)| bytes.clone()).collect();
    Stage {
        play,
        files,
        phase1,
    }
});

fuzz_target!(|data: &[u8]| {
    let Stage {
        play,
        files,
        phase1,
    } = &*STAGE;
    let Some((flags, data)) = data.split_first() else {
        return;
    };
    let mut input = Input::of(data, files);
    if flags & 1 == 1 {
        reseal("plume-ceremony/step/1", &mut input.bytes);
    }
    let place = input.from.unwrap_or(usize::from(*flags) % files.len());
    let (path, good) = &play.steps[place];
    fs::write(path, &input.bytes).expect("the folder is ours");
    let subject = if place < STEPS {
        Subject::Powers
    } else {
        transcript::subject_of(&play.circuit)
    };
    let index = u32::try_from(place % STEPS).expect("it is small");
    let header = play.folder.header(&subject.step(index));
    let is_long = header.is_ok_and(|header| match header.kind {
        Kind::Start => header.log_size > MAX_LOG,
        Kind::Contribution(_) => false,
        Kind::Beacon(beacon) => beacon.log_iterations() > MAX_LOG,
    });
    if !is_long {
        let verified = if place < STEPS {
            let read = Phase1::verify(&play.folder, &());
            read.map(|read| assert_eq!(read, *phase1))
        } else {
            Phase2::verify(&play.folder, &play.circuit, phase1, &()).map(drop)
        };
        assert_eq!(verified.is_ok(), input.bytes == *good, "{verified:?}");
    }
    fs::write(path, good).expect("the folder is ours");
});
