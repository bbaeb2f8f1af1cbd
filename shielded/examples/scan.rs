//! How many outputs a core scans in a second, none of them one's own but those that are put there.
//!
//! ```bash
//! cargo run --release -p plume-shielded --example scan -- 65536
//! ```

use plume_shielded::{
    Clue, Contact, Detector, Memo, NoteSeed, Payment, Point, Scalar, SpendingKey, open, seal,
};
use std::{error::Error, time::Instant};

fn account(number: u32) -> Result<SpendingKey, Box<dyn Error>> {
    Ok(SpendingKey::from_seed(&[7; 64], number)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let count: usize = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 65_536,
    };
    let receiver = account(0)?.full_viewing_key();
    let other = account(1)?.full_viewing_key();

    // Multiples of the generator are as good as ephemeral points, and cheap to make.
    let generator = Point::generator();
    let mut clues = Vec::with_capacity(count);
    for number in 0..count {
        let scalar = Scalar::from(0x9e37_79b9_7f4a_7c15u64) * Scalar::from(number as u64 + 1);
        let point = generator.times(&scalar).ok_or("neutral")?;
        let tag = number.to_le_bytes()[0];
        clues.push(Clue {
            epk: point.to_uncompressed(),
            tag,
        });
    }
    let contact = Contact::of(receiver.incoming(), 0, None).ok_or("no address")?;
    let payment = Payment {
        value: 5,
        asset: 0,
        memo: Memo::EMPTY,
    };
    let mut own = Vec::new();
    for (number, clue) in clues.iter_mut().enumerate().step_by(1000) {
        let seed = NoteSeed::random()?;
        let sealed = seal(
            contact.address(),
            contact.kem(),
            &payment,
            &seed,
            other.outgoing(),
        )?;
        *clue = Clue::from(&sealed.ciphertext);
        own.push((number, sealed));
    }

    let detector = Detector::new(&receiver.incoming().detection());
    let mut best = f64::INFINITY;
    let mut candidates = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        candidates = detector.candidates(&clues);
        best = best.min(start.elapsed().as_secs_f64());
    }
    let found = own.iter().filter(|(number, _)| candidates.contains(number));
    if found.count() != own.len() {
        return Err("an output of one's own was missed".into());
    }

    let start = Instant::now();
    for (_, sealed) in &own {
        open(
            receiver.incoming(),
            &sealed.note.commitment(),
            &sealed.ciphertext,
        )?;
    }
    let opening = start.elapsed().as_secs_f64() / own.len() as f64;
    println!("outputs                  {count}");
    println!(
        "candidates               {} ({} own)",
        candidates.len(),
        own.len()
    );
    println!("one candidate opened     {:.0} us", opening * 1e6);
    println!(
        "scanned, one core        {:.2} us an output",
        best * 1e6 / count as f64
    );
    println!(
        "                         {:.0} outputs a second",
        count as f64 / best
    );
    Ok(())
}
