//! Documents that stay where they are, and of which the chain gets the hash.

use std::path::PathBuf;
use std::str::FromStr;

use plume_reports::Hash32;
use plume_sdk::raw;

use crate::failure::Failure;
use crate::files;

/// A scanned file of a case has some megabytes; what is longer is a mistake.
const MAX_DOCUMENT_BYTES: usize = 256 * 1024 * 1024;

/// A document as the command line names it: by its file, or by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// The file, which is hashed here.
    File(PathBuf),
    /// Its hash.
    Hash(Hash32),
}

impl FromStr for Document {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.starts_with("0x") {
            return Ok(Self::File(text.into()));
        }
        text.parse::<Hash32>().map(Self::Hash).map_err(|_| {
            "a hash has 0x and 64 digits; a file whose name begins so is written as ./0x...".into()
        })
    }
}

impl Document {
    /// BLAKE2b-256 of all of it, as `b2sum --length 256` prints it. An empty file is refused: nobody means one.
    pub fn hash(&self) -> Result<Hash32, Failure> {
        let path = match self {
            Self::Hash(hash) => return Ok(*hash),
            Self::File(path) => path,
        };
        let bytes = files::read(path, MAX_DOCUMENT_BYTES)?;
        if bytes.is_empty() {
            return Err(Failure::new(
                format!("{} is empty", path.display()),
                "Name the document itself, or its hash (0x and 64 digits)",
            ));
        }
        Ok(Hash32(raw::extrinsic_hash(&bytes).0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_by_its_file_or_by_its_hash() {
        let hash = Hash32([0xab; 32]);
        let named = hash.to_string().parse::<Document>();
        assert_eq!(named, Ok(Document::Hash(hash)));
        assert_eq!(named.expect("a hash").hash(), Ok(hash));
        assert_eq!(
            "memo.pdf".parse::<Document>(),
            Ok(Document::File(PathBuf::from("memo.pdf")))
        );
        assert!("0xabc".parse::<Document>().is_err());
        assert!("./0xabc".parse::<Document>().is_ok());
    }

    #[test]
    fn the_hash_of_a_file_is_what_b2sum_prints_and_an_empty_one_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("memo");
        std::fs::write(&path, "abc").expect("a writable folder");
        let document = Document::File(path.clone());
        assert_eq!(
            document.hash().expect("three bytes").to_string(),
            "0xbddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
        );
        std::fs::write(&path, "").expect("the same");
        let refused = document.hash().expect_err("nothing is in it");
        assert!(refused.reason.ends_with("is empty"), "{refused:?}");
        let missing = Document::File(folder.path().join("none"));
        assert!(missing.hash().is_err());
    }
}
