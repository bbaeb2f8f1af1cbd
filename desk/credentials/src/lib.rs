//! Makes, presents and checks what subjects hold: W3C Verifiable Credentials 2.0 as SD-JWT VC.
//!
//! The chain holds a commitment and a status; the subject holds the credential itself, which has the personal data,
//! each item of it under a salted hash. Three parties use this crate:
//!
//! 1. The issuer [`issue`]s: it gets the credential for the subject, and what the chain is told.
//! 2. The holder [`present`]s: the items that a verifier needs to see and no others, signed for that verifier and
//!    its nonce with the holder's key.
//! 3. The verifier [`verify`]s: signatures, disclosures, nonce, audience, chain and time; then
//!    [`check_record`] says whether the chain still stands behind it.
//!
//! All signatures are Ed25519. The issuer's key needs no registry: the commitment on the chain is to the hash of the
//! signed credential, so the issuer's account vouches for it.
//!
//! # The pool key
//!
//! A holder with notes in the shielded pool has its *pool key* bound: the commitment is H_Commitment(salt, pool key) with
//! the hash of the issuer-signed part as its salt, and rule 8 of the transfer circuit opens it. [`disclosure`] gives
//! what the holder's wallet proves with and its payers are told.
//!
//! The pool key stands in the issuer-signed part in the clear, not as an item of its own. To compare the commitment with
//! the chain's is to open it, so a verifier that asks the chain has to know the key; and one that only has the
//! issuer-signed part has the salt, with which any key it ever meets can be tried. Concealing would cost the check and hide
//! nothing. Whoever wants to be known by no verifier proves against the tree instead of presenting.
//!
//! ```
//! use plume_credentials::{Chain, Expected, Key, Statement, issue, present, verify};
//!
//! let (issuer, holder) = (Key::from_seed([1; 32]), Key::from_seed([2; 32]));
//! let statement = Statement::from_json(format!(
//!     r#"{{
//!         "reference": "customer 4711",
//!         "tier": "two", "kind": "person", "jurisdictions": ["CH"], "risk": "low",
//!         "valid_from": "2026-11-24T00:00:00Z", "valid_until": "2028-11-24T00:00:00Z",
//!         "holder_key": "{}",
//!         "personal": {{ "family_name": "Muster", "given_name": "Erika", "birth_date": "1980-10-25" }}
//!     }}"#,
//!     holder.public()
//! ).as_bytes())?;
//! let chain = Chain { genesis: [7; 32], first_block_s: 1_795_478_400 };
//! let issued = issue(&statement, &[9; 32], &chain, &issuer, 1_795_500_000)?;
//!
//! let shown = present(&issued.credential, &["family_name"], &holder, "bank.example", "n-1", 1_795_500_100)?;
//! let expected = Expected {
//!     genesis: [7; 32],
//!     issuer_key: Some(issuer.public()),
//!     binding: Some(("bank.example", "n-1")),
//! };
//! let verified = verify(&shown, &expected, 1_795_500_101)?;
//! assert_eq!(verified.personal["family_name"], "Muster");
//! assert!(!verified.personal.contains_key("birth_date"));
//! assert_eq!(verified.commitment, issued.commitment);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod commitment;
mod issue;
mod jws;
mod key;
mod pool;
mod present;
mod record;
mod statement;
mod vc;
mod verify;

pub use commitment::{commitment, reference_hash, salt, subject_id};
pub use issue::{IssueError, Issued, issue};
pub use key::{Key, KeyError, PublicKey};
pub use plume_hash32::Hash32;
pub use pool::{
    DisclosureError, PoolKeyError, check_leaf, disclosure, issuer_element, packed, pool_key,
};
pub use present::{PresentError, present};
pub use record::{Record, RecordError, RecordStatus, check_record};
pub use statement::{
    Chain, ChainClaims, Kind, MAX_STATEMENT_BYTES, Risk, Statement, StatementError, Tier,
};
pub use verify::{
    Expected, MAX_BINDING_AGE_S, MAX_DISCLOSURES, MAX_PRESENTATION_BYTES, Verified, VerifyError,
    verify,
};
