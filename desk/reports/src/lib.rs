//! Turns compliance cases into what authorities take.
//!
//! The chain knows accounts, amounts and commitments; the institution knows its customers. A [`Report`] joins both:
//! a [`Period`] of [`CaseRecord`]s from the chain, and those customers of a [`Customers`] file whose subjects appear
//! in it. Only the report has both, and it never goes to the chain.
//!
//! | export | for whom |
//! |---|---|
//! | [`json::sign`] | whoever checks: canonical JSON (RFC 8785) with an Ed25519 or sr25519 signature |
//! | [`table::csv`] | spreadsheets: one flow a line (RFC 4180), safe against formulas |
//! | [`goaml::xml`] | financial intelligence units: UNODC goAML, schema 5.0.2 |
//! | [`fincen::xml`] | FinCEN: suspicious activity reports, batch schema 1.2 |
//! | [`pdf::pdf`] | people: the same bytes for the same report |
//!
//! ```
//! use plume_reports::{Customers, Institution, Period, Report, json};
//!
//! let period = Period { chain: "Plume".into(), genesis_hash: Default::default(), from_s: 0, to_s: 1, cases: vec![] };
//! let institution = Institution { name: "Example Bank".into(), identifier: "EXBK".into() };
//! let report = Report::join(institution, period, &Customers::default());
//!
//! let key = json::Key::ed25519([7; 32]);
//! let signed = json::sign(&report, &key)?;
//! assert_eq!(json::verify(&signed, Some(&key.public()))?, report);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod fincen;
pub mod goaml;
pub mod json;
pub mod pdf;
pub mod table;

mod customers;
mod record;
mod text;
mod time;
mod xml;

pub use customers::{Customer, CustomerKind, Customers, CustomersError, MAX_CUSTOMERS_BYTES};
pub use plume_hash32::{Hash32, NotHash32};
pub use record::{
    Asset, CaseRecord, CaseStatus, Decision, Flow, Institution, Party, Period, PolicyRef, Report,
    RuleReason, Step, Units, Verdict,
};
