//! Both ends of a transaction.

use super::{GoAmlError, Settings, named};
use crate::{Customer, CustomerKind, Party, Report, text, xml::Xml};
use std::io;

/// The most characters of a comment.
const MOST_COMMENT: usize = 8_000;

/// Which end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Who pays.
    From,
    /// Who receives.
    To,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Side::From => "from",
            Side::To => "to",
        }
    }
}

pub(super) fn end(
    xml: &mut Xml,
    report: &Report,
    settings: &Settings,
    side: Side,
    party: &Party,
) -> Result<(), GoAmlError> {
    let side = side.name();
    let customer = report.customer(party);
    let element = match customer {
        Some(_) => format!("t_{side}_my_client"),
        None => format!("t_{side}"),
    };
    xml.open(&element)?;
    xml.text(&format!("{side}_funds_code"), &settings.funds_code)?;
    match customer {
        None => {
            stranger(xml, &format!("{side}_account"), party)?;
            xml.text(&format!("{side}_country"), "-")?;
        }
        Some(customer) => {
            complete(customer)?;
            match customer.kind {
                CustomerKind::Person => {
                    account(
                        xml,
                        &format!("{side}_account"),
                        report,
                        settings,
                        party,
                        customer,
                    )?;
                }
                CustomerKind::Firm => firm(xml, &format!("{side}_entity"), party, customer)?,
            }
            let country = if customer.country.is_empty() {
                &settings.country
            } else {
                &customer.country
            };
            xml.text(&format!("{side}_country"), country)?;
        }
    }
    xml.close(&element)?;
    Ok(())
}

/// Whether the customer file has what the schema wants of an own client.
fn complete(customer: &Customer) -> Result<(), GoAmlError> {
    let needed: &[(&str, &str)] = match customer.kind {
        CustomerKind::Person => &[
            ("birth_date", &customer.birth_date),
            ("nationality", &customer.nationality),
            ("residence", &customer.residence),
            ("id_number", &customer.id_number),
            ("id_type", &customer.id_type),
            ("id_issued", &customer.id_issued),
            ("id_expires", &customer.id_expires),
            ("id_country", &customer.id_country),
            ("account_opened", &customer.account_opened),
        ],
        CustomerKind::Firm => &[
            ("birth_date", &customer.birth_date),
            ("nationality", &customer.nationality),
            ("id_number", &customer.id_number),
            ("director_first_name", &customer.director_first_name),
            ("director_last_name", &customer.director_last_name),
        ],
    };
    let missing: Vec<_> = needed
        .iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(name, _)| *name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(GoAmlError::Customer {
        client_number: customer.client_number.clone(),
        fields: missing.join(", "),
    })
}

fn subject_comment(party: &Party) -> String {
    let account = &party.account;
    let comment = match party.subject {
        Some(subject) => format!("Subject {subject}, account {account}"),
        None => format!("No known subject, account {account}"),
    };
    text::fitted(&comment, MOST_COMMENT)
}

fn stranger(xml: &mut Xml, element: &str, party: &Party) -> io::Result<()> {
    xml.within(element, |xml| {
        xml.text("institution_code", "-")?;
        xml.text("account", &text::fitted(&party.account, 255))?;
        xml.text("account_name", "Unknown")?;
        xml.text("comments", &subject_comment(party))
    })
}

fn account(
    xml: &mut Xml,
    element: &str,
    report: &Report,
    settings: &Settings,
    party: &Party,
    customer: &Customer,
) -> io::Result<()> {
    xml.within(element, |xml| {
        xml.text(
            "institution_name",
            &text::fitted(&report.institution.name, 255),
        )?;
        xml.text(
            "institution_code",
            &text::fitted(&settings.institution_code, 50),
        )?;
        xml.text("non_bank_institution", "false")?;
        xml.text("branch", &text::fitted(&settings.branch, 255))?;
        xml.text("account", &text::fitted(&party.account, 255))?;
        xml.text("currency_code", &settings.currency)?;
        xml.text("account_name", &named(&customer.name()))?;
        xml.text("client_number", &text::fitted(&customer.client_number, 30))?;
        xml.text("personal_account_type", &settings.account_type)?;
        xml.within("signatory", |xml| {
            xml.text("is_primary", "1")?;
            xml.within("t_person", |xml| person(xml, customer))?;
            xml.text("role", &settings.owner_role)
        })?;
        xml.text("opened", &midnight(&customer.account_opened))?;
        xml.text("status_code", &settings.account_status)?;
        xml.text("beneficiary", &text::fitted(&customer.name(), 50))?;
        xml.text("comments", &subject_comment(party))
    })
}

fn person(xml: &mut Xml, customer: &Customer) -> io::Result<()> {
    let gender = if customer.gender.is_empty() {
        "-"
    } else {
        &customer.gender
    };
    xml.text("gender", gender)?;
    xml.text("first_name", &named(&customer.first_name))?;
    xml.text("last_name", &named(&customer.last_name))?;
    xml.text("birthdate", &midnight(&customer.birth_date))?;
    xml.text("id_number", &text::fitted(&customer.id_number, 255))?;
    xml.text("nationality1", &customer.nationality)?;
    xml.text("residence", &customer.residence)?;
    xml.within("phones", |xml| phone(xml, customer))?;
    if has_address(customer) {
        xml.within("addresses", |xml| address(xml, customer))?;
    }
    email(xml, &customer.email)?;
    xml.some_text("occupation", &text::fitted(&customer.occupation, 255))?;
    xml.within("identification", |xml| {
        xml.text("type", &customer.id_type)?;
        xml.text("number", &text::fitted(&customer.id_number, 255))?;
        xml.text("issue_date", &midnight(&customer.id_issued))?;
        xml.text("expiry_date", &midnight(&customer.id_expires))?;
        xml.text("issue_country", &customer.id_country)
    })?;
    xml.some_text("tax_number", &text::fitted(&customer.tax_number, 100))?;
    xml.text("tax_reg_number", "-")?;
    xml.text(
        "comments",
        &text::fitted(
            &format!("Name as the institution has it: {}", customer.name()),
            MOST_COMMENT,
        ),
    )
}

fn firm(xml: &mut Xml, element: &str, party: &Party, customer: &Customer) -> io::Result<()> {
    let legal_form = if customer.legal_form.is_empty() {
        "-"
    } else {
        &customer.legal_form
    };
    xml.within(element, |xml| {
        xml.text("name", &named(&customer.legal_name))?;
        xml.text("incorporation_legal_form", legal_form)?;
        xml.text(
            "incorporation_number",
            &text::fitted(&customer.id_number, 50),
        )?;
        xml.text("business", &text::fitted(&customer.occupation, 255))?;
        xml.within("addresses", |xml| {
            if has_address(customer) {
                address(xml, customer)
            } else {
                Ok(())
            }
        })?;
        email(xml, &customer.email)?;
        xml.text("incorporation_state", &text::fitted(&customer.state, 255))?;
        xml.text("incorporation_country_code", &customer.nationality)?;
        xml.within("director_id", |xml| {
            xml.text("first_name", &named(&customer.director_first_name))?;
            xml.text("last_name", &named(&customer.director_last_name))
        })?;
        xml.text("incorporation_date", &midnight(&customer.birth_date))?;
        xml.some_text("tax_number", &text::fitted(&customer.tax_number, 100))?;
        xml.text("tax_reg_number", "-")?;
        let name = format!(
            "Name as the institution has it: {}. ",
            text::cut(&customer.legal_name, 4_000)
        );
        xml.text(
            "comments",
            &text::fitted(&(name + &subject_comment(party)), MOST_COMMENT),
        )
    })
}

fn has_address(customer: &Customer) -> bool {
    ![&customer.street, &customer.city, &customer.country]
        .iter()
        .any(|part| part.trim().is_empty())
}

fn address(xml: &mut Xml, customer: &Customer) -> io::Result<()> {
    let state = match text::fitted(&customer.state, 255) {
        state if state.is_empty() => "-".into(),
        state => state,
    };
    xml.within("address", |xml| {
        xml.text("address_type", "-")?;
        xml.text("address", &text::fitted(&customer.street, 100))?;
        xml.text("city", &text::fitted(&customer.city, 255))?;
        xml.some_text("zip", &text::fitted(&customer.postal_code, 10))?;
        xml.text("country_code", &customer.country)?;
        xml.text("state", &state)
    })
}

fn phone(xml: &mut Xml, customer: &Customer) -> io::Result<()> {
    let number = text::fitted(&customer.phone, 50);
    if number.is_empty() {
        return Ok(());
    }
    xml.within("phone", |xml| {
        xml.text("tph_contact_type", "-")?;
        xml.text("tph_communication_type", "-")?;
        xml.text("tph_number", &number)
    })
}

/// Nothing unless it is one that the schema's pattern takes.
pub(super) fn email(xml: &mut Xml, mail: &str) -> io::Result<()> {
    match is_email(mail) {
        true => xml.text("email", mail),
        false => Ok(()),
    }
}

fn is_email(mail: &str) -> bool {
    let Some((local, domain)) = mail.split_once('@') else {
        return false;
    };
    let words = |text: &str, more: &[u8]| {
        text.split('.').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
        })
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    mail.len() <= 255
        && words(local, b"_+-")
        && words(domain, b"-")
        && domain.contains('.')
        && (2..=15).contains(&top.len())
        && top.bytes().all(|b| b.is_ascii_alphabetic())
}

fn midnight(date: &str) -> String {
    format!("{date}T00:00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_what_the_schema_takes() {
        for mail in ["a@b.ch", "first.last+tag@mail-host.example.com"] {
            assert!(is_email(mail), "{mail}");
        }
        for mail in [
            "",
            "a@b",
            "a@b.c",
            "a b@c.de",
            "@b.ch",
            "a@.ch",
            "a..b@c.de",
            "a@b.c1",
            "ä@b.ch",
        ] {
            assert!(!is_email(mail), "{mail}");
        }
    }
}
