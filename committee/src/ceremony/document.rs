//! One form for all files.

use crate::{
    Card, Certificate, DecryptionShare, Error, FlowKey, KeySeed, Record, Roster, ShareFile,
    keygen::Keygen,
    messages::{Commitments, Complaint, Confirmation, Dealing, Message, Signed, SubShares},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned, de::IgnoredAny};
use zeroize::Zeroizing;

/// The longest file. A dealing to 100 members has some 25 KB.
pub const MAX_DOCUMENT_BYTES: usize = 4 * 1024 * 1024;

/// What is kept in a file.
pub trait Document: Serialize + DeserializeOwned {
    /// Its name and version. A version never changes its meaning.
    const FORMAT: &'static str;
}

macro_rules! documents {
    ($($type:ty = $format:literal),* $(,)?) => { $(
        impl Document for $type {
            const FORMAT: &'static str = $format;
        }
    )* };
}

documents! {
    Card = "plume/committee/card/1",
    Certificate = "plume/committee/certificate/1",
    DecryptionShare = "plume/committee/decryption-share/1",
    FlowKey = "plume/flow/key/1",
    Keygen = "plume/committee/keygen-state/1",
    KeySeed = "plume/committee/member-key/1",
    Record = "plume/committee/record/1",
    Roster = "plume/committee/roster/1",
    ShareFile = "plume/committee/share/1",
    Signed<Commitments> = "plume/committee/commitments/1",
    Signed<Complaint> = "plume/committee/complaint/1",
    Signed<Confirmation> = "plume/committee/confirmation/1",
    Signed<Dealing> = "plume/committee/dealing/1",
    Signed<SubShares> = "plume/committee/sub-shares/1",
    super::Auditor = "plume/flow/secret/1",
    super::FlowSeed = "plume/flow/seed/1",
    super::Request = "plume/committee/request/1",
}

const _: () = {
    /// Signed messages are named alike in their signature and in their file.
    const fn same(a: &str, b: &str) -> bool {
        let (a, b) = (a.as_bytes(), b.as_bytes());
        if a.len() != b.len() {
            return false;
        }
        let mut rest = (a, b);
        while let ([x, a @ ..], [y, b @ ..]) = rest {
            if *x != *y {
                return false;
            }
            rest = (a, b);
        }
        true
    }
    assert!(same(Commitments::NAME, Signed::<Commitments>::FORMAT));
    assert!(same(Complaint::NAME, Signed::<Complaint>::FORMAT));
    assert!(same(Confirmation::NAME, Signed::<Confirmation>::FORMAT));
    assert!(same(Dealing::NAME, Signed::<Dealing>::FORMAT));
    assert!(same(SubShares::NAME, Signed::<SubShares>::FORMAT));
};

#[derive(Serialize)]
struct Written<'a, T> {
    format: &'a str,
    content: &'a T,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<T> {
    format: String,
    content: T,
}

/// As a file has it; wiped when it is dropped, as some have secrets.
pub fn to_json<T: Document>(document: &T) -> Result<Zeroizing<String>, Error> {
    let written = Written {
        format: T::FORMAT,
        content: document,
    };
    let mut text = serde_json::to_string_pretty(&written)
        .map_err(|error| Error::Document(format!("cannot be written: {error}")))?;
    text.push('\n');
    Ok(Zeroizing::new(text))
}

/// From a file. Another format, another version, a field that is unknown, missing or there twice: refused.
pub fn from_json<T: Document>(bytes: &[u8]) -> Result<T, Error> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(Error::Document(format!(
            "more than {MAX_DOCUMENT_BYTES} bytes"
        )));
    }
    let unread = |error: serde_json::Error| Error::Document(format!("no {}: {error}", T::FORMAT));
    let head: Read<IgnoredAny> = serde_json::from_slice(bytes).map_err(unread)?;
    if head.format != T::FORMAT {
        return Err(Error::Document(format!(
            "a {} is needed, and this is a {:?}",
            T::FORMAT,
            head.format
        )));
    }
    let read: Read<T> = serde_json::from_slice(bytes).map_err(unread)?;
    Ok(read.content)
}
