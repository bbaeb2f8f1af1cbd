//! What the targets share.
//!
//! libFuzzer changes bytes without knowing what they mean. It finds its way through texts and lengths, and never through
//! a checksum, a signature or a point of a curve. So a target makes good files first, and an input is either read as it
//! is or says what to change in one of these: [`Input`].

pub mod ceremony;
pub mod committee;

use codec::{Decode, Encode};

/// Bytes for a reader.
#[derive(Clone, Debug)]
pub struct Input {
    /// The number of the good file that the bytes were made from; none where they are the input itself.
    pub from: Option<usize>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Input {
    /// From what libFuzzer gives. The first byte chooses one of the files, which the others change; or, where it is
    /// beyond them, the others are the bytes.
    ///
    /// | byte of a change | what |
    /// |---|---|
    /// | 0 | 0 writes a byte, 1 flips a bit, 2 takes bytes out, 3 puts one in, 4 says some bytes twice, 5 cuts; every other is written itself |
    /// | 1, 2 | where, little endian, modulo the length |
    /// | 3 | the byte; or the bit; or how many |
    pub fn of(data: &[u8], files: &[Vec<u8>]) -> Self {
        let Some((choice, rest)) = data.split_first() else {
            return Self {
                from: None,
                bytes: Vec::new(),
            };
        };
        match files.get(usize::from(*choice)) {
            Some(file) => Self {
                from: Some(usize::from(*choice)),
                bytes: changed(file, rest),
            },
            None => Self {
                from: None,
                bytes: rest.to_vec(),
            },
        }
    }

    /// The bytes as text, if they are one.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// Whether this is one of the files, as it was.
    pub fn is_unchanged(&self, files: &[Vec<u8>]) -> bool {
        self.from.is_some_and(|from| files[from] == self.bytes)
    }
}

fn changed(file: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for change in changes.as_chunks::<4>().0 {
        let [kind, low, high, value] = *change;
        if bytes.is_empty() {
            break;
        }
        let place = usize::from(u16::from_le_bytes([low, high])) % bytes.len();
        let end = (place + usize::from(value)).min(bytes.len());
        match kind {
            0 => bytes[place] = value,
            1 => bytes[place] ^= 1 << (value % 8),
            2 => drop(bytes.drain(place..end)),
            3 => bytes.insert(place, value),
            4 => {
                let again = bytes[place..end].to_vec();
                drop(bytes.splice(place..place, again));
            }
            5 => bytes.truncate(place),
            _ => bytes[place] = kind,
        }
    }
    bytes
}

/// What is decoded is encoded as it was, wherever it ends.
pub fn round_trip<T: Decode + Encode>(bytes: &[u8]) -> Option<T> {
    let mut rest = bytes;
    let value = T::decode(&mut rest).ok()?;
    let read = bytes.len() - rest.len();
    assert_eq!(value.encode(), bytes[..read], "one value has one encoding");
    Some(value)
}

/// What is read from JSON is written as something that reads as the same.
pub fn json_round_trip<T>(bytes: &[u8]) -> Option<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + core::fmt::Debug,
{
    let value: T = serde_json::from_slice(bytes).ok()?;
    let written = serde_json::to_vec(&value).expect("what was read is written");
    let again: T = serde_json::from_slice(&written).expect("what was written is read");
    assert_eq!(again, value);
    Some(value)
}

/// Whether XML is well formed.
pub fn is_xml(bytes: &[u8]) -> bool {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let mut open = 0u32;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => open += 1,
            Ok(Event::End(_)) if open > 0 => open -= 1,
            Ok(Event::Eof) => return open == 0 && std::str::from_utf8(bytes).is_ok(),
            Ok(Event::End(_)) | Err(_) => return false,
            Ok(_) => (),
        }
    }
}
