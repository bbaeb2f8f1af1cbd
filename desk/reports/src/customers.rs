//! The institution's customer file, which never leaves the institution but in reports.

use crate::{Hash32, time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The largest file that is read.
pub const MAX_CUSTOMERS_BYTES: usize = 512 * 1024 * 1024;

/// What a customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerKind {
    /// A natural person.
    Person,
    /// A legal person.
    Firm,
}

/// One customer. All text may be empty but `subject`, `kind`, `client_number` and the name; what an export needs
/// beyond that it asks for. Dates are written `1980-10-25`, countries as two letters (ISO 3166-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The commitment by which the chain knows the customer.
    pub subject: Hash32,
    /// Person or firm.
    pub kind: CustomerKind,
    /// The institution's own number of the customer.
    pub client_number: String,
    /// A person's first name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    /// A person's last name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    /// A firm's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub legal_name: String,
    /// `F`, `M` or `-`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gender: String,
    /// A person's date of birth, a firm's of incorporation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub birth_date: String,
    /// A person's nationality, a firm's country of incorporation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nationality: String,
    /// Country of residence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub residence: String,
    /// Number of a person's document, of a firm in its register.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id_number: String,
    /// Kind of document, in the authority's code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id_type: String,
    /// When the document was issued.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id_issued: String,
    /// When it expires.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id_expires: String,
    /// Which country issued it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id_country: String,
    /// Taxpayer number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tax_number: String,
    /// Street and house.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// City.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// State or canton.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// Postal code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// Country of the address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Telephone, with its country's prefix.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Electronic mail.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// A person's occupation, a firm's business.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub occupation: String,
    /// A firm's legal form, in the authority's code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub legal_form: String,
    /// First name of who acts for a firm.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub director_first_name: String,
    /// Last name of who acts for a firm.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub director_last_name: String,
    /// The customer's account number at the institution.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account_number: String,
    /// When the account was opened.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account_opened: String,
}

impl Customer {
    /// The whole name.
    pub fn name(&self) -> String {
        match self.kind {
            CustomerKind::Person => format!("{} {}", self.first_name, self.last_name)
                .trim()
                .to_owned(),
            CustomerKind::Firm => self.legal_name.clone(),
        }
    }

    fn check(&self, place: String) -> Result<(), CustomersError> {
        let invalid = |field, problem| {
            Err(CustomersError::Field {
                place: place.clone(),
                field,
                problem,
            })
        };
        if self.client_number.is_empty() {
            return invalid("client_number", "empty");
        }
        if self.name().is_empty() {
            return invalid("last_name or legal_name", "empty");
        }
        for (field, date) in [
            ("birth_date", &self.birth_date),
            ("id_issued", &self.id_issued),
            ("id_expires", &self.id_expires),
            ("account_opened", &self.account_opened),
        ] {
            if !date.is_empty() && !time::is_date(date) {
                return invalid(field, "not a date; write it like 1980-10-25");
            }
        }
        for (field, country) in [
            ("nationality", &self.nationality),
            ("residence", &self.residence),
            ("id_country", &self.id_country),
            ("country", &self.country),
        ] {
            if !country.is_empty() && !is_country(country) {
                return invalid(
                    field,
                    "not a country; write its two letters of ISO 3166, such as CH",
                );
            }
        }
        Ok(())
    }
}

/// Whether it has the form of a country's code.
fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Why a customer file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CustomersError {
    /// More than [`MAX_CUSTOMERS_BYTES`].
    #[error("the file is larger than {MAX_CUSTOMERS_BYTES} bytes")]
    TooLarge,
    /// No such CSV.
    #[error("the customer file is not the CSV that is expected: {0}")]
    Csv(#[from] csv::Error),
    /// No such JSON.
    #[error("the customer file is not the JSON that is expected: {0}")]
    Json(#[from] serde_json::Error),
    /// A field that cannot be used.
    #[error("{place}, {field}: {problem}")]
    Field {
        /// Which customer.
        place: String,
        /// Which field.
        field: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// Two customers with one subject.
    #[error("{place}: another customer has the subject {subject}; the chain knows them as one")]
    Twice {
        /// Which customer.
        place: String,
        /// The subject.
        subject: Hash32,
    },
}

/// The customers, by subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customers(BTreeMap<Hash32, Customer>);

impl Customers {
    /// Reads CSV whose header has the names of [`Customer`]'s fields, in any order.
    pub fn csv(bytes: &[u8]) -> Result<Self, CustomersError> {
        check_size(bytes)?;
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let headers = reader.headers()?.clone();
        let mut customers = Self::default();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record)? {
            let line = record.position().map_or(0, csv::Position::line);
            customers.add(record.deserialize(Some(&headers))?, format!("line {line}"))?;
        }
        Ok(customers)
    }

    /// Reads a JSON array of objects with [`Customer`]'s fields.
    pub fn json(bytes: &[u8]) -> Result<Self, CustomersError> {
        check_size(bytes)?;
        let list: Vec<Customer> = serde_json::from_slice(bytes)?;
        let mut customers = Self::default();
        for (index, customer) in list.into_iter().enumerate() {
            customers.add(customer, format!("customer {}", index.saturating_add(1)))?;
        }
        Ok(customers)
    }

    /// The customer of that subject.
    pub fn get(&self, subject: &Hash32) -> Option<&Customer> {
        self.0.get(subject)
    }

    /// All customers, in the order of their subjects.
    pub fn iter(&self) -> impl Iterator<Item = &Customer> {
        self.0.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, customer: Customer, place: String) -> Result<(), CustomersError> {
        customer.check(place.clone())?;
        let subject = customer.subject;
        match self.0.insert(subject, customer) {
            None => Ok(()),
            Some(_) => Err(CustomersError::Twice { place, subject }),
        }
    }
}

fn check_size(bytes: &[u8]) -> Result<(), CustomersError> {
    match bytes.len() > MAX_CUSTOMERS_BYTES {
        true => Err(CustomersError::TooLarge),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn subject(byte: &str) -> String {
        format!("0x{}", byte.repeat(32))
    }

    fn file() -> String {
        format!(
            "subject,kind,client_number,last_name,legal_name,birth_date,country\n{},person,C1,Müller,,1980-10-25,CH\n\
             {},firm,C2,,\"Acme, Ltd\",,\n",
            subject("01"),
            subject("02")
        )
    }

    #[test]
    fn csv_and_json_say_the_same() {
        let from_csv = Customers::csv(file().as_bytes()).unwrap();
        assert_eq!(from_csv.len(), 2);
        let list: Vec<_> = from_csv.0.values().collect();
        let from_json = Customers::json(&serde_json::to_vec(&list).unwrap()).unwrap();
        assert_eq!(from_csv, from_json);
        assert_eq!(from_csv.get(&Hash32([2; 32])).unwrap().name(), "Acme, Ltd");
    }

    #[test]
    fn a_customer_that_cannot_be_used_is_refused_at_its_place() {
        let error = |file: &str| Customers::csv(file.as_bytes()).unwrap_err().to_string();
        assert!(
            error(&file().replace("1980-10-25", "25.10.1980"))
                .starts_with("line 2, birth_date: not a date")
        );
        assert!(
            error(&file().replace(",CH", ",Swiss")).starts_with("line 2, country: not a country")
        );
        assert!(error(&file().replace("C2", "")).starts_with("line 3, client_number: empty"));
        assert!(
            error(&file().replace(&subject("02"), &subject("01")))
                .starts_with("line 3: another customer")
        );
        assert!(error(&file().replace(&subject("02"), "0x02")).contains("not 32 bytes"));
        assert!(error(&file().replace("last_name", "lastname")).contains("unknown field"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..300), place: prop::sample::Index, byte: u8) {
            let _ = Customers::csv(&bytes);
            let _ = Customers::json(&bytes);
            let mut damaged = file().into_bytes();
            let place = place.index(damaged.len());
            damaged[place] = byte;
            let _ = Customers::csv(&damaged);
        }
    }
}
