//! Settings of authorities' formats. What is read makes a report, or there is a reason, and the report is XML whatever
//! the settings and the report say.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_fuzz::{Input, is_xml};
use plume_reports::{Report, fincen, goaml};
use std::sync::LazyLock;

#[path = "../../desk/reports/tests/common/mod.rs"]
mod common;

const GOAML: &str = r#"{
    "rentity_id": 4711, "report_code": "STR", "entity_reference": "EXBK-2026-7", "submitted_at_s": 1795520000,
    "currency": "USD", "institution_code": "EXBKCHZZ", "branch": "Main", "country": "CH",
    "reporter_first_name": "Ana", "reporter_last_name": "Officer", "reporter_email": "mlro@bank.example",
    "reason": "", "action": "Account restricted", "indicators": ["VA01", "VA02"], "funds_code": "CRPTC",
    "transmode_code": "DAWLT", "account_type": "CRYWT", "account_status": "A", "owner_role": "PAH"
}"#;
const FINCEN: &str = r#"{
    "transmitter": { "name": "Example Bank", "street": "1 Main St", "city": "New York", "state": "NY",
        "postal_code": "10001", "country": "US", "phone": "+1 212 555 0100", "tin": "123456789" },
    "transmitter_control_code": "PBSA8180", "transmitter_contact": "Ana Officer",
    "filer": { "name": "Example Bank", "street": "1 Main St", "city": "New York", "state": "NY",
        "postal_code": "10001", "country": "US", "phone": "2125550100", "tin": "123456789" },
    "regulator_code": "2", "organisation_code": "2", "contact_office": "Compliance", "contact_phone": "2125550101",
    "filed_at_s": 1795520000
}"#;

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let report = serde_json::to_vec(&common::report()).expect("it is written");
    vec![GOAML.into(), FINCEN.into(), report]
});
static REPORT: LazyLock<Report> = LazyLock::new(common::report);

fn write(report: &Report, goaml: Option<&goaml::Settings>, fincen: Option<&fincen::Settings>) {
    if let Some(Ok(xml)) = goaml.map(|settings| goaml::xml(report, settings)) {
        assert!(is_xml(&xml));
    }
    if let Some(Ok(xml)) = fincen.map(|settings| fincen::xml(report, settings)) {
        assert!(is_xml(&xml));
    }
}

fuzz_target!(|data: &[u8]| {
    let input = Input::of(data, &FILES);
    let goaml = serde_json::from_slice::<goaml::Settings>(&input.bytes).ok();
    let fincen = serde_json::from_slice::<fincen::Settings>(&input.bytes).ok();
    let report = serde_json::from_slice::<Report>(&input.bytes).ok();
    let is_read = goaml.is_some() || fincen.is_some() || report.is_some();
    assert!(is_read || !input.is_unchanged(&FILES));
    write(&REPORT, goaml.as_ref(), fincen.as_ref());
    if let Some(report) = report {
        let goaml = serde_json::from_str(GOAML).expect("they are settings");
        let fincen = serde_json::from_str(FINCEN).expect("they are settings");
        write(&report, Some(&goaml), Some(&fincen));
    }
});
