//! The XML exports against the authorities' schemas. Needs `PLUME_SHARED_DATA`, the folder that has
//! `goaml/goAMLSchema-5.0.2.xsd` and `fincen/EFL_SARXBatchSchema.xsd`, and `xmllint` (Debian: `libxml2-utils`);
//! without them the tests that validate say so and pass.

mod common;

use common::{case, flow, nobody, report, report_of, stranger, volkov, zoe};
use plume_reports::{
    Report,
    fincen::{self, FinCenError},
    goaml::{self, GoAmlError},
};
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

const GOAML: &str = "goaml/goAMLSchema-5.0.2.xsd";
const FINCEN: &str = "fincen/EFL_SARXBatchSchema.xsd";

fn goaml_settings() -> goaml::Settings {
    goaml::Settings {
        rentity_id: 4_711,
        report_code: "STR".into(),
        entity_reference: "PLUME-2026-17".into(),
        submitted_at_s: 1_795_523_696,
        currency: "USD".into(),
        institution_code: "EXBKCHZZ".into(),
        branch: "Zürich".into(),
        country: "CH".into(),
        reporter_first_name: "Anaïs".into(),
        reporter_last_name: "O’Brien".into(),
        reporter_email: "mlro@example.com".into(),
        reason: "Funds & <gathering>".into(),
        action: "The amount is on hold.".into(),
        indicators: vec!["ACTRC".into()],
        funds_code: "CRPTC".into(),
        transmode_code: "DAWLT".into(),
        account_type: "CRYWT".into(),
        account_status: "A".into(),
        owner_role: "PAH".into(),
    }
}

fn fincen_settings() -> fincen::Settings {
    let business = fincen::Business {
        name: "Banque de l’Étoile & Cie".into(),
        street: "1 Main Street".into(),
        city: "Rockville".into(),
        state: "MD".into(),
        postal_code: "20905".into(),
        country: "US".into(),
        phone: "+1 (301) 555-0100".into(),
        tin: "458985215".into(),
    };
    fincen::Settings {
        transmitter: business.clone(),
        transmitter_control_code: "TBSATEST".into(),
        transmitter_contact: "Anaïs O’Brien".into(),
        filer: business,
        regulator_code: "99".into(),
        organisation_code: "4".into(),
        contact_office: "Compliance office".into(),
        contact_phone: "301-555-0101".into(),
        filed_at_s: 1_795_523_696,
    }
}

/// The schema and a validator, or a sentence.
fn schema(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("PLUME_SHARED_DATA") else {
        println!("skipped: PLUME_SHARED_DATA does not name the folder with {name}");
        return None;
    };
    let schema = Path::new(&folder).join(name);
    if !schema.is_file() {
        println!("skipped: {} is missing", schema.display());
        return None;
    }
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: xmllint is missing; on Debian it is in libxml2-utils");
        return None;
    }
    Some(schema)
}

fn validate(schema: &Path, xml: &[u8]) -> Result<(), String> {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(xml)
        .expect("a temporary file can be written");
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema)
        .arg(file.path())
        .output()
        .expect("xmllint runs");
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "{}\n{}",
            String::from_utf8_lossy(&output.stderr),
            String::from_utf8_lossy(xml)
        )),
    }
}

/// A report whose texts are as long and as strange as they may be.
fn extreme() -> Report {
    let long = "Ünïcode & <long> \u{1}\u{FFFF} ]]> text, ".repeat(300);
    let flows = (0..300).map(|number| {
        flow(
            zoe(),
            if number % 2 == 0 { volkov() } else { nobody() },
            1,
            1,
            number,
        )
    });
    let mut record = case(u64::MAX, flows.collect());
    record.policy.scope.clone_from(&long);
    record.reasons[0].name.clone_from(&long);
    record.reasons[1].detail.clone_from(&long);
    record.decisions[0].officer.clone_from(&long);
    record.flows[0].kind.clone_from(&long);
    record.flows[0].from.account.clone_from(&long);
    let mut report = report_of(vec![record]);
    report.institution.name.clone_from(&long);
    report.period.chain.clone_from(&long);
    for customer in &mut report.customers {
        for text in [
            &mut customer.client_number,
            &mut customer.first_name,
            &mut customer.last_name,
            &mut customer.legal_name,
            &mut customer.id_number,
            &mut customer.tax_number,
            &mut customer.street,
            &mut customer.city,
            &mut customer.state,
            &mut customer.postal_code,
            &mut customer.phone,
            &mut customer.email,
            &mut customer.occupation,
            &mut customer.account_number,
        ] {
            text.clone_from(&long);
        }
    }
    report
}

#[test]
fn goaml_is_valid_by_its_schema() {
    let Some(schema) = schema(GOAML) else { return };
    for report in [report(), extreme()] {
        validate(&schema, &goaml::xml(&report, &goaml_settings()).unwrap()).unwrap();
    }
}

#[test]
fn fincen_is_valid_by_its_schema() {
    let Some(schema) = schema(FINCEN) else { return };
    for report in [report(), extreme()] {
        validate(&schema, &fincen::xml(&report, &fincen_settings()).unwrap()).unwrap();
    }
}

/// Otherwise a validator that takes everything would let the tests above pass.
#[test]
fn the_validator_refuses_what_is_wrong() {
    for (name, xml, right, wrong) in [
        (
            GOAML,
            goaml::xml(&report(), &goaml_settings()).unwrap(),
            "<report_code>STR",
            "<report_code>XYZ",
        ),
        (
            FINCEN,
            fincen::xml(&report(), &fincen_settings()).unwrap(),
            ">SARX<",
            ">SARY<",
        ),
    ] {
        let Some(schema) = schema(name) else { return };
        let xml = String::from_utf8(xml).unwrap();
        assert!(xml.contains(right));
        assert!(validate(&schema, xml.replace(right, wrong).as_bytes()).is_err());
    }
}

#[test]
fn goaml_says_what_is_missing() {
    let settings = goaml_settings();
    let mut unpriced = report();
    unpriced.period.cases[0].flows[1].value_cents = None;
    assert!(matches!(
        goaml::xml(&unpriced, &settings),
        Err(GoAmlError::NoValue {
            case: 17,
            flow: 1,
            ..
        })
    ));

    let mut unknown = report();
    unknown.customers[0].birth_date.clear();
    unknown.customers[0].id_type.clear();
    let error = goaml::xml(&unknown, &settings).unwrap_err().to_string();
    assert!(
        error.starts_with("customer C-1001 lacks birth_date, id_type,"),
        "{error}"
    );

    assert!(matches!(
        goaml::xml(&report_of(vec![]), &settings),
        Err(GoAmlError::NoFlow)
    ));
    let none = goaml::Settings {
        indicators: vec![],
        ..settings
    };
    assert!(matches!(
        goaml::xml(&report(), &none),
        Err(GoAmlError::Setting("indicators"))
    ));
}

#[test]
fn fincen_says_what_is_missing() {
    let settings = fincen_settings();
    assert!(matches!(
        fincen::xml(&report_of(vec![]), &settings),
        Err(FinCenError::NoCase)
    ));
    let unnamed = report_of(vec![case(5, vec![flow(nobody(), nobody(), 1, 1, 1)])]);
    assert!(matches!(
        fincen::xml(&unnamed, &settings),
        Err(FinCenError::NoSubject(5))
    ));
    let none = fincen::Settings {
        contact_office: String::new(),
        ..settings
    };
    assert!(matches!(
        fincen::xml(&report(), &none),
        Err(FinCenError::Setting("contact_office"))
    ));
}

#[test]
fn fincen_counts_subjects_and_whole_dollars() {
    let xml = String::from_utf8(fincen::xml(&report(), &fincen_settings()).unwrap()).unwrap();
    // 9,945.00 + 0.01 + 7,160.00 is rounded up to 17,106; 4.00 in the second case.
    assert!(
        xml.contains(r#"TotalAmount="17110" PartyCount="4" ActivityCount="2""#),
        "{}",
        &xml[..300]
    );
    assert!(xml.contains("<TotalSuspiciousAmountText>17106<"));
    let unknown = report_of(vec![case(5, vec![flow(stranger(), nobody(), 1, 1, 1)])]);
    let xml = String::from_utf8(fincen::xml(&unknown, &fincen_settings()).unwrap()).unwrap();
    assert!(xml.contains("<AllCriticalSubjectInformationUnavailableIndicator>Y<"));
}
