//! The six kinds of parties of an activity.

use super::{Business, Sequence, Settings};
use crate::{CaseRecord, Customer, CustomerKind, Hash32, Report, text::fitted, xml::Xml};
use std::{collections::BTreeMap, io};

/// Somebody whom a case is about.
pub(super) enum Subject<'a> {
    /// A customer.
    Known(&'a Customer),
    /// A subject that the customer file does not have.
    Unknown(Hash32),
}

/// The subjects of a case, each once.
pub(super) fn subjects<'a>(report: &'a Report, case: &CaseRecord) -> Vec<Subject<'a>> {
    let mut subjects = BTreeMap::new();
    for party in case.flows.iter().flat_map(|flow| [&flow.from, &flow.to]) {
        if let Some(hash) = party.subject {
            let subject = report
                .customer(party)
                .map_or(Subject::Unknown(hash), Subject::Known);
            subjects.insert(hash, subject);
        }
    }
    subjects.into_values().collect()
}

const TIN: &str = "4";
const EIN: &str = "2";
const CONTROL_CODE: &str = "28";
const OTHER: &str = "999";

/// Transmitter, its contact, filer, contact office and the place of the activity.
pub(super) fn institution(
    xml: &mut Xml,
    sequence: &mut Sequence,
    settings: &Settings,
) -> io::Result<()> {
    let transmitter = &settings.transmitter;
    open(xml, sequence, "35")?;
    legal_name(xml, sequence, &transmitter.name)?;
    address(xml, sequence, transmitter)?;
    phone(xml, sequence, &transmitter.phone)?;
    identification(xml, sequence, &transmitter.tin, TIN)?;
    identification(
        xml,
        sequence,
        &settings.transmitter_control_code,
        CONTROL_CODE,
    )?;
    xml.close("Party")?;

    open(xml, sequence, "37")?;
    legal_name(xml, sequence, &settings.transmitter_contact)?;
    xml.close("Party")?;

    open(xml, sequence, "30")?;
    xml.text("PrimaryRegulatorTypeCode", &settings.regulator_code)?;
    filer(xml, sequence, settings)?;
    xml.close("Party")?;

    open(xml, sequence, "8")?;
    legal_name(xml, sequence, &settings.contact_office)?;
    phone(xml, sequence, &settings.contact_phone)?;
    xml.close("Party")?;

    open(xml, sequence, "34")?;
    xml.text("NoBranchActivityInvolvedIndicator", "Y")?;
    xml.text("PrimaryRegulatorTypeCode", &settings.regulator_code)?;
    filer(xml, sequence, settings)?;
    xml.close("Party")
}

fn filer(xml: &mut Xml, sequence: &mut Sequence, settings: &Settings) -> io::Result<()> {
    legal_name(xml, sequence, &settings.filer.name)?;
    address(xml, sequence, &settings.filer)?;
    identification(xml, sequence, &settings.filer.tin, EIN)?;
    xml.open_with(
        "OrganizationClassificationTypeSubtype",
        &[("SeqNum", &sequence.next())],
    )?;
    xml.text("OrganizationTypeID", &settings.organisation_code)?;
    xml.close("OrganizationClassificationTypeSubtype")
}

pub(super) fn subject(
    xml: &mut Xml,
    sequence: &mut Sequence,
    settings: &Settings,
    subject: &Subject<'_>,
) -> io::Result<()> {
    open(xml, sequence, "33")?;
    match subject {
        Subject::Unknown(hash) => {
            xml.text("AllCriticalSubjectInformationUnavailableIndicator", "Y")?;
            xml.text("NoKnownAccountInvolvedIndicator", "Y")?;
            xml.open_with("PartyName", &[("SeqNum", &sequence.next())])?;
            xml.text("EntityLastNameUnknownIndicator", "Y")?;
            xml.text("FirstNameUnknownIndicator", "Y")?;
            xml.text("PartyNameTypeCode", "L")?;
            xml.close("PartyName")?;
            xml.open_with("PartyIdentification", &[("SeqNum", &sequence.next())])?;
            xml.text(
                "OtherPartyIdentificationTypeText",
                "Start of the subject's commitment",
            )?;
            xml.text(
                "PartyIdentificationNumberText",
                &fitted(&hash.to_string(), 25),
            )?;
            xml.text("PartyIdentificationTypeCode", OTHER)?;
            xml.close("PartyIdentification")?;
        }
        Subject::Known(customer) => known(xml, sequence, settings, customer)?,
    }
    xml.close("Party")
}

fn known(
    xml: &mut Xml,
    sequence: &mut Sequence,
    settings: &Settings,
    customer: &Customer,
) -> io::Result<()> {
    let person = customer.kind == CustomerKind::Person;
    let gender = |wanted| person && customer.gender == wanted;
    if person && customer.birth_date.is_empty() {
        xml.text("BirthDateUnknownIndicator", "Y")?;
    }
    if gender("F") {
        xml.text("FemaleGenderIndicator", "Y")?;
    }
    if person {
        xml.some_text(
            "IndividualBirthDateText",
            &in_this_century_or_last(&customer.birth_date),
        )?;
    }
    if gender("M") {
        xml.text("MaleGenderIndicator", "Y")?;
    }
    if customer.account_number.is_empty() {
        xml.text("NoKnownAccountInvolvedIndicator", "Y")?;
    }
    if !person {
        xml.text("PartyAsEntityOrganizationIndicator", "Y")?;
    }
    if person && !gender("F") && !gender("M") {
        xml.text("UnknownGenderIndicator", "Y")?;
    }
    xml.open_with("PartyName", &[("SeqNum", &sequence.next())])?;
    if person && customer.first_name.is_empty() {
        xml.text("FirstNameUnknownIndicator", "Y")?;
    }
    xml.text("PartyNameTypeCode", "L")?;
    let last = if person {
        &customer.last_name
    } else {
        &customer.legal_name
    };
    xml.text("RawEntityIndividualLastName", &fitted(last, 150))?;
    if person {
        xml.some_text("RawIndividualFirstName", &fitted(&customer.first_name, 35))?;
    }
    xml.close("PartyName")?;
    customer_address(xml, sequence, customer)?;
    phone(xml, sequence, &customer.phone)?;
    xml.open_with("PartyIdentification", &[("SeqNum", &sequence.next())])?;
    if customer.tax_number.is_empty() {
        xml.text("TINUnknownIndicator", "Y")?;
    } else {
        xml.text(
            "PartyIdentificationNumberText",
            &fitted(&customer.tax_number, 25),
        )?;
        xml.text(
            "PartyIdentificationTypeCode",
            if person { "1" } else { EIN },
        )?;
    }
    xml.close("PartyIdentification")?;
    let occupation = fitted(&customer.occupation, 50);
    if !occupation.is_empty() {
        xml.open_with("PartyOccupationBusiness", &[("SeqNum", &sequence.next())])?;
        xml.text("OccupationBusinessText", &occupation)?;
        xml.close("PartyOccupationBusiness")?;
    }
    if !customer.email.trim().is_empty() {
        xml.open_with("ElectronicAddress", &[("SeqNum", &sequence.next())])?;
        xml.text("ElectronicAddressText", &fitted(&customer.email, 517))?;
        xml.text("ElectronicAddressTypeCode", "E")?;
        xml.close("ElectronicAddress")?;
    }
    xml.open_with("PartyAssociation", &[("SeqNum", &sequence.next())])?;
    xml.text("CustomerIndicator", "Y")?;
    xml.text(
        "SubjectRelationshipFinancialInstitutionTINText",
        &fitted(&settings.filer.tin, 25),
    )?;
    xml.close("PartyAssociation")?;
    held_account(xml, sequence, settings, customer)
}

/// The account that the activity affected, at the institution that has it.
fn held_account(
    xml: &mut Xml,
    sequence: &mut Sequence,
    settings: &Settings,
    customer: &Customer,
) -> io::Result<()> {
    let number = fitted(&customer.account_number, 40);
    if number.is_empty() {
        return Ok(());
    }
    xml.open_with("PartyAccountAssociation", &[("SeqNum", &sequence.next())])?;
    xml.text("PartyAccountAssociationTypeCode", "7")?;
    open(xml, sequence, "41")?;
    identification(xml, sequence, &settings.filer.tin, TIN)?;
    xml.open_with("Account", &[("SeqNum", &sequence.next())])?;
    xml.text("AccountNumberText", &number)?;
    xml.open_with("PartyAccountAssociation", &[("SeqNum", &sequence.next())])?;
    xml.text("PartyAccountAssociationTypeCode", "5")?;
    xml.close("PartyAccountAssociation")?;
    xml.close("Account")?;
    xml.close("Party")?;
    xml.close("PartyAccountAssociation")
}

fn open(xml: &mut Xml, sequence: &mut Sequence, code: &str) -> io::Result<()> {
    xml.open_with("Party", &[("SeqNum", &sequence.next())])?;
    xml.text("ActivityPartyTypeCode", code)
}

fn legal_name(xml: &mut Xml, sequence: &mut Sequence, name: &str) -> io::Result<()> {
    xml.open_with("PartyName", &[("SeqNum", &sequence.next())])?;
    xml.text("PartyNameTypeCode", "L")?;
    xml.text("RawPartyFullName", &fitted(name, 150))?;
    xml.close("PartyName")
}

fn address(xml: &mut Xml, sequence: &mut Sequence, business: &Business) -> io::Result<()> {
    address_of(
        xml,
        sequence,
        [
            &business.city,
            &business.country,
            &business.state,
            &business.street,
            &business.postal_code,
        ],
    )
}

fn customer_address(xml: &mut Xml, sequence: &mut Sequence, customer: &Customer) -> io::Result<()> {
    address_of(
        xml,
        sequence,
        [
            &customer.city,
            &customer.country,
            &customer.state,
            &customer.street,
            &customer.postal_code,
        ],
    )
}

/// City, country, state, street and postal code; each is either written or marked as unknown.
fn address_of(xml: &mut Xml, sequence: &mut Sequence, parts: [&str; 5]) -> io::Result<()> {
    let [city, country, state, street, postal_code] = parts;
    let fields = [
        ("CityUnknownIndicator", "RawCityText", fitted(city, 50)),
        (
            "CountryCodeUnknownIndicator",
            "RawCountryCodeText",
            fitted(country, 2),
        ),
        (
            "StateCodeUnknownIndicator",
            "RawStateCodeText",
            fitted(state, 3),
        ),
        (
            "StreetAddressUnknownIndicator",
            "RawStreetAddress1Text",
            fitted(street, 100),
        ),
        (
            "ZIPCodeUnknownIndicator",
            "RawZIPCode",
            fitted(postal_code, 9),
        ),
    ];
    xml.open_with("Address", &[("SeqNum", &sequence.next())])?;
    // The schema wants the elements in the order of the alphabet.
    let mut elements: Vec<(&str, &str)> = fields
        .iter()
        .map(|(unknown, known, value)| {
            if value.is_empty() {
                (*unknown, "Y")
            } else {
                (*known, value.as_str())
            }
        })
        .collect();
    elements.sort_unstable();
    for (name, value) in elements {
        xml.text(name, value)?;
    }
    xml.close("Address")
}

fn phone(xml: &mut Xml, sequence: &mut Sequence, number: &str) -> io::Result<()> {
    let digits: String = number
        .chars()
        .filter(char::is_ascii_digit)
        .take(16)
        .collect();
    if digits.is_empty() {
        return Ok(());
    }
    xml.open_with("PhoneNumber", &[("SeqNum", &sequence.next())])?;
    xml.text("PhoneNumberText", &digits)?;
    xml.close("PhoneNumber")
}

fn identification(
    xml: &mut Xml,
    sequence: &mut Sequence,
    number: &str,
    kind: &str,
) -> io::Result<()> {
    xml.open_with("PartyIdentification", &[("SeqNum", &sequence.next())])?;
    xml.text("PartyIdentificationNumberText", &fitted(number, 25))?;
    xml.text("PartyIdentificationTypeCode", kind)?;
    xml.close("PartyIdentification")
}

/// `1980-10-25` as `19801025`; the schema takes no other centuries.
fn in_this_century_or_last(date: &str) -> String {
    match date.starts_with("19") || date.starts_with("20") {
        true => date.replace('-', ""),
        false => String::new(),
    }
}
