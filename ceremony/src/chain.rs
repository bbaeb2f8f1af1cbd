//! One step after the other, alike in both phases: verifying them, and making the next one.

use std::path::PathBuf;

use ark_bls12_381::{Fr, G1Affine};
use ark_ec::{AffineRepr, CurveGroup};

use crate::beacon::Beacon;
use crate::error::{Error, Fault, Refusal};
use crate::folder::{Folder, MAX_STEPS};
use crate::hash::Digest;
use crate::log::{Entry, Log};
use crate::names::Contributor;
use crate::progress::Progress;
use crate::proof::UpdateProof;
use crate::secret::Entropy;
use crate::state::State;
use crate::step::{
    HASH_BYTES, Header, Kind, MAX_HEADER_BYTES, Reader, Step, Subject, open, read_header, seal,
};

/// A step that was added.
#[derive(Debug)]
pub struct Added {
    /// The step.
    pub entry: Entry,
    /// Where it is.
    pub path: PathBuf,
}

/// What is added to a phase.
pub(crate) enum Addition<'a> {
    Contribution(&'a Contributor, &'a Entropy),
    Beacon(&'a Beacon),
}

impl Step<'_> {
    pub(crate) fn entry(&self) -> Entry {
        Entry {
            index: self.header.index,
            kind: self.header.kind.clone(),
            hash: self.hash,
        }
    }
}

/// The first step, but for its body.
pub(crate) fn verify_start<'a>(
    subject: &Subject,
    previous: Digest,
    bytes: &'a [u8],
    body_bytes: usize,
) -> Result<Step<'a>, Error> {
    let id = subject.step(0);
    let named = |error: Error| error.at(&id, "the coordinator");
    let header = read_header(bytes).map_err(|fault| named(fault.into()))?;
    let fault = if header.subject != *subject {
        Some(Fault::OtherCeremony)
    } else if header.index != 0 {
        Some(Fault::WrongPlace(header.index))
    } else if header.kind != Kind::Start {
        Some(Fault::Start)
    } else if header.previous != previous {
        Some(match subject {
            Subject::Powers => Fault::OtherState,
            Subject::Circuit { .. } => Fault::OtherPhase1,
        })
    } else {
        None
    };
    match fault {
        Some(fault) => Err(named(fault.into())),
        None => open(bytes, body_bytes).map_err(named),
    }
}

/// All steps after the first one.
pub(crate) fn verify_rest<S: State>(
    folder: &Folder,
    subject: &Subject,
    count: u32,
    state: &mut S,
    log: &mut Log,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let what = format!("verifying phase {}", subject.phase());
    let log_size = folder.header(&subject.step(0))?.log_size;
    for index in 1..count {
        progress.at(&what, index.into(), count.into());
        let step = subject.step(index);
        // A byte more than the longest step has: a file that is longer shows.
        let most = MAX_HEADER_BYTES + body_bytes(state) + HASH_BYTES + 1;
        let (bytes, _) = folder.read(&step, most)?;
        let header =
            read_header(&bytes).map_err(|fault| Error::from(fault).at(&step, "an unknown hand"))?;
        let next = verify_step(
            subject, log_size, index, state, log, &header, &bytes, progress,
        );
        let (next, entry) = next.map_err(|error| error.at(&step, header.kind.by()))?;
        *state = next;
        log.0.push(entry);
    }
    Ok(())
}

fn body_bytes<S: State>(state: &S) -> usize {
    S::FACTORS.len() * UpdateProof::BYTES + state.bytes()
}

/// One step after the first one, on the state and the log before it.
#[expect(clippy::too_many_arguments, reason = "what a step is checked against")]
fn verify_step<S: State>(
    subject: &Subject,
    log_size: u8,
    index: u32,
    before: &S,
    log: &Log,
    header: &Header,
    bytes: &[u8],
    progress: &dyn Progress,
) -> Result<(S, Entry), Error> {
    if header.subject != *subject || header.log_size != log_size {
        return Err(Fault::OtherCeremony.into());
    }
    if header.index != index {
        return Err(Fault::WrongPlace(header.index).into());
    }
    if header.kind == Kind::Start {
        return Err(Fault::Start.into());
    }
    if log.beacon().is_some() {
        return Err(Fault::AfterBeacon.into());
    }
    let step = open(bytes, body_bytes(before))?;
    if header.previous != log.hash() {
        return Err(Fault::OtherState.into());
    }
    let context = header.context();
    let mut reader = Reader::new(step.body);
    let mut proofs = Vec::with_capacity(S::FACTORS.len());
    for factor in S::FACTORS {
        proofs.push(UpdateProof::read(
            *factor,
            reader.take(UpdateProof::BYTES)?,
        )?);
    }
    if let Kind::Beacon(beacon) = &header.kind {
        let entropy = beacon.entropy(progress);
        for (factor, proof) in S::FACTORS.iter().zip(&proofs) {
            let known = entropy.factor(*factor, &context.0);
            if (G1Affine::generator() * *known).into_affine() != proof.factor {
                return Err(Fault::NotTheBeacon.into());
            }
        }
    }
    let state = before.decode_next(reader.take(before.bytes())?)?;
    for (factor, proof) in S::FACTORS.iter().zip(&proofs) {
        let (then, now) = (before.carrier(*factor), state.carrier(*factor));
        proof.verify(*factor, &context, then, now)?;
    }
    state.check(before)?;
    Ok((state, step.entry()))
}

/// Makes the next step, verifies it as everybody else will, and writes it.
pub(crate) fn add<S: State>(
    folder: &Folder,
    subject: Subject,
    log_size: u8,
    before: &S,
    log: &Log,
    addition: &Addition<'_>,
    progress: &dyn Progress,
) -> Result<(S, Added), Error> {
    if log.beacon().is_some() {
        return Err(Refusal::Ended.into());
    }
    if log.len() >= MAX_STEPS {
        return Err(Refusal::TooManySteps.into());
    }
    let header = Header {
        subject,
        log_size,
        index: log.len(),
        previous: log.hash(),
        kind: match addition {
            Addition::Contribution(by, _) => Kind::Contribution((*by).clone()),
            Addition::Beacon(beacon) => Kind::Beacon((*beacon).clone()),
        },
    };
    let (after, content) = match addition {
        Addition::Contribution(_, entropy) => make(&header, before, entropy, progress),
        Addition::Beacon(beacon) => make(&header, before, &beacon.entropy(progress), progress),
    };
    progress.at("verifying what was computed", 0, 1);
    // A machine that computes wrongly is to notice before the others do.
    after.check(before)?;
    let added = write(folder, &header, content)?;
    Ok((after, added))
}

/// The state after, and header and body of the step.
pub(crate) fn make<S: State>(
    header: &Header,
    before: &S,
    entropy: &Entropy,
    progress: &dyn Progress,
) -> (S, Vec<u8>) {
    let context = header.context();
    let factors: zeroize::Zeroizing<Vec<Fr>> = S::FACTORS
        .iter()
        .map(|factor| *entropy.factor(*factor, &context.0))
        .collect::<Vec<_>>()
        .into();
    let after = before.multiplied(&factors, progress);
    let mut content = header.encode();
    content.reserve_exact(body_bytes(before) + HASH_BYTES);
    for (factor, secret) in S::FACTORS.iter().zip(factors.iter()) {
        UpdateProof::new(*factor, secret, &context).write(&mut content);
    }
    after.encode(&mut content);
    (after, content)
}

pub(crate) fn write(folder: &Folder, header: &Header, content: Vec<u8>) -> Result<Added, Error> {
    let (bytes, hash) = seal(content);
    let path = folder.write(&header.id(), &bytes)?;
    Ok(Added {
        entry: Entry {
            index: header.index,
            kind: header.kind.clone(),
            hash,
        },
        path,
    })
}
