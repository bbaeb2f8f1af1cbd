//! How many outputs a core scans in a second: every output multiplied, and as an account that is followed does it.
//!
//! ```bash
//! cargo run --release -p plume-shielded --example scan -- 65536
//! ```
//!
//! One payment in a thousand is the account's own. Time is that of the thread on its processor (Linux), the best of
//! five.

use plume_circuits::FieldBytes;
use plume_shielded::{
    AccountScanner, ChainOutput, ChainTransfer, Clue, Contact, Detector, FullViewingKey, Memo,
    NoteCiphertext, NoteSeed, Payment, Point, Scalar, SpendingKey, open, seal,
};
use std::{error::Error, io};

/// Seconds that this thread has been on a processor: what others do at the same time does not count.
fn on_processor_s() -> io::Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text
        .split_whitespace()
        .next()
        .and_then(|text| text.parse().ok());
    let nanoseconds: u64 = nanoseconds.ok_or_else(|| io::Error::other("no number"))?;
    Ok(nanoseconds as f64 / 1e9)
}

/// The best of five, in seconds.
fn best_s<T>(mut run: impl FnMut() -> T) -> io::Result<(f64, T)> {
    let mut best = f64::INFINITY;
    loop {
        let mut last = None;
        for _ in 0..5 {
            let start = on_processor_s()?;
            last = Some(run());
            best = best.min(on_processor_s()? - start);
        }
        if let Some(last) = last {
            return Ok((best, last));
        }
    }
}

fn account(number: u32) -> Result<FullViewingKey, Box<dyn Error>> {
    Ok(SpendingKey::from_seed(&[7; 64], number)?.full_viewing_key())
}

/// Outputs of other people, two a transfer, with one payment in a thousand to the account. Multiples of the
/// generator are as good as ephemeral points, and cheap to make.
fn outputs(
    count: usize,
    to: &FullViewingKey,
    from: &FullViewingKey,
) -> Result<Vec<(FieldBytes, NoteCiphertext)>, Box<dyn Error>> {
    let contact = Contact::of(to.incoming(), 0, None).ok_or("no address")?;
    let payment = Payment {
        value: 5,
        asset: 0,
        memo: Memo::EMPTY,
    };
    let seal_one = || -> Result<_, Box<dyn Error>> {
        let seed = NoteSeed::random()?;
        let (address, kem) = (contact.address(), contact.kem());
        Ok(seal(address, kem, &payment, &seed, from.outgoing())?)
    };
    let model = seal_one()?.ciphertext;
    let step = Scalar::from(0x9e37_79b9_7f4a_7c15u64);
    let mut outputs = Vec::with_capacity(count);
    for number in 0..count {
        if number % 1000 == 0 {
            let sealed = seal_one()?;
            outputs.push((sealed.note.commitment(), sealed.ciphertext));
            continue;
        }
        let point = Point::generator().times(&(step * Scalar::from(number as u64 + 1)));
        let [tag, ..] = number.to_le_bytes();
        let ciphertext = NoteCiphertext {
            epk: point.ok_or("neutral")?.to_uncompressed(),
            tag,
            ..model.clone()
        };
        outputs.push((FieldBytes::from(number as u64), ciphertext));
    }
    Ok(outputs)
}

fn main() -> Result<(), Box<dyn Error>> {
    let count: usize = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 65_536,
    };
    let (receiver, other) = (account(0)?, account(1)?);
    let outputs = outputs(count, &receiver, &other)?;
    let own: Vec<_> = outputs.iter().step_by(1000).collect();

    let clues: Vec<_> = outputs
        .iter()
        .map(|(_, ciphertext)| Clue::from(ciphertext))
        .collect();
    let detector = Detector::new(&receiver.incoming().detection());
    let (every_s, candidates) = best_s(|| detector.candidates(&clues))?;

    let chain: Vec<_> = outputs
        .iter()
        .map(|(cm, ciphertext)| ChainOutput {
            cm: *cm,
            ciphertext,
        })
        .collect();
    let (pairs, _) = chain.as_chunks::<2>();
    let transfers: Vec<_> = pairs
        .iter()
        .enumerate()
        .map(|(number, outputs)| ChainTransfer {
            nullifiers: [1u64, 2].map(|part| FieldBytes::from(part << 32 | number as u64)),
            position: 2 * number as u64,
            outputs: *outputs,
        })
        .collect();
    let (followed_s, happened) = best_s(|| {
        let mut scanner = AccountScanner::new(&receiver, FieldBytes::ZERO, Vec::new());
        scanner.scan(&transfers)
    })?;
    if happened.len() != own.len() {
        return Err("a payment of the account's own was missed".into());
    }

    let start = on_processor_s()?;
    for (cm, ciphertext) in &own {
        open(receiver.incoming(), cm, ciphertext)?;
    }
    let opening_s = (on_processor_s()? - start) / own.len() as f64;
    let scalar = Scalar::from(u128::MAX) * Scalar::from(u128::MAX);
    let start = on_processor_s()?;
    let mut product = Point::generator();
    for _ in 0..1_000 {
        product = product.times(&scalar).ok_or("neutral")?;
    }
    let single_s = (on_processor_s()? - start) / 1e3;

    let of = |what, seconds: f64| {
        let each = seconds / count as f64;
        println!(
            "{what} {:>6.2} us an output, {:>8.0} a second",
            each * 1e6,
            1.0 / each
        );
    };
    println!(
        "outputs                    {count}, {} own, {} candidates",
        own.len(),
        candidates.len()
    );
    println!("one multiplication alone   {:>6.2} us", single_s * 1e6);
    println!("one candidate opened       {:>6.0} us", opening_s * 1e6);
    of("every output multiplied   ", every_s);
    of("account that is followed  ", followed_s);
    Ok(())
}
