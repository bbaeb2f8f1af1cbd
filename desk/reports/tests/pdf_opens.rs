//! Another program opens the PDF and finds in it what is reported. Needs `pdftotext` (Debian: `poppler-utils`);
//! without it the test says so and passes.

mod common;

use common::report;
use plume_reports::pdf::pdf;
use std::process::Command;

#[test]
fn another_program_reads_the_names_and_amounts_in_the_pdf() {
    if Command::new("pdftotext").arg("-v").output().is_err() {
        println!("skipped: pdftotext is missing; on Debian it is in poppler-utils");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, pdf(&report()).expect("a report")).expect("a writable folder");
    let output = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8"])
        .arg(&path)
        .arg("-")
        .output()
        .expect("pdftotext runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("UTF-8 was asked for");
    for expected in ["Banque de l’Étoile & Cie", "Волков & Söhne", "12500", "9945.00"] {
        assert!(text.contains(expected), "no {expected:?} in\n{text}");
    }
}
