//! What the runtime reported, as names and JSON.

use serde::Serialize;
use serde_json::{Map, Value as Json};
use subxt::events::Event as RawEvent;
use subxt::ext::scale_value::{Composite, Primitive, Value, ValueDef};

use crate::{Error, PlumeConfig, Result};

/// An event that a transaction caused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The pallet that deposited it.
    pub pallet: String,
    /// Its name.
    pub name: String,
    /// Its fields. Integers are decimal strings (JSON numbers lose digits), hashes and accounts `0x` hex.
    pub fields: Json,
}

impl Event {
    pub(crate) fn decode(raw: &RawEvent<'_, PlumeConfig>) -> Result<Self> {
        let fields: Composite<()> = raw.decode_fields_unchecked_as().map_err(Error::runtime)?;
        Ok(Self {
            pallet: raw.pallet_name().to_owned(),
            name: raw.event_name().to_owned(),
            fields: composite(&fields),
        })
    }

    /// Whether it is this event of this pallet.
    pub fn is(&self, pallet: &str, name: &str) -> bool {
        self.pallet == pallet && self.name == name
    }

    /// A field that is an amount or another integer.
    pub fn integer(&self, field: &str) -> Option<u128> {
        self.fields.get(field)?.as_str()?.parse().ok()
    }
}

/// Arrays of at least so many numbers below 256 are shown as hex: accounts, hashes, keys, signatures.
const MIN_HEX_BYTES: usize = 20;

pub(crate) fn value(value: &Value<()>) -> Json {
    match &value.value {
        ValueDef::Composite(fields) => composite(fields),
        ValueDef::Variant(variant) if variant.values.is_empty() => {
            Json::String(variant.name.clone())
        }
        ValueDef::Variant(variant) => Json::Object(Map::from_iter([(
            variant.name.clone(),
            composite(&variant.values),
        )])),
        ValueDef::BitSequence(bits) => {
            Json::String(bits.iter().map(|bit| if bit { '1' } else { '0' }).collect())
        }
        ValueDef::Primitive(primitive) => match primitive {
            Primitive::Bool(bool) => Json::Bool(*bool),
            Primitive::Char(char) => Json::String(char.to_string()),
            Primitive::String(text) => Json::String(text.clone()),
            Primitive::U128(number) => Json::String(number.to_string()),
            Primitive::I128(number) => Json::String(number.to_string()),
            Primitive::U256(bytes) | Primitive::I256(bytes) => {
                Json::String(crate::raw::to_hex(bytes))
            }
        },
    }
}

pub(crate) fn composite(fields: &Composite<()>) -> Json {
    match fields {
        Composite::Named(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), value(field)))
            .collect::<Map<_, _>>()
            .into(),
        // A newtype is its content.
        Composite::Unnamed(fields) => match fields.as_slice() {
            [field] => value(field),
            fields => match as_bytes(fields) {
                Some(bytes) => Json::String(crate::raw::to_hex(&bytes)),
                None => fields.iter().map(value).collect(),
            },
        },
    }
}

fn as_bytes(values: &[Value<()>]) -> Option<Vec<u8>> {
    if values.len() < MIN_HEX_BYTES {
        return None;
    }
    values
        .iter()
        .map(|value| value.as_u128().and_then(|number| u8::try_from(number).ok()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn accounts_become_hex_and_amounts_decimal_strings() {
        let account = Value::unnamed_composite([Value::from_bytes([7u8; 32])]);
        let fields = Composite::named([("from", account), ("amount", Value::u128(u128::MAX))]);
        assert_eq!(
            composite(&fields),
            json!({ "from": format!("0x{}", "07".repeat(32)), "amount": u128::MAX.to_string() })
        );
    }

    #[test]
    fn variants_without_fields_are_their_name() {
        let fields = Composite::named([
            ("class", Value::variant("Normal", Composite::unnamed([]))),
            (
                "result",
                Value::unnamed_variant("Ok", [Value::unnamed_composite([])]),
            ),
            (
                "list",
                Value::unnamed_composite([Value::u128(1), Value::u128(2)]),
            ),
        ]);
        assert_eq!(
            composite(&fields),
            json!({ "class": "Normal", "result": { "Ok": [] }, "list": ["1", "2"] })
        );
    }

    #[test]
    fn an_integer_field_is_read_back() {
        let event = Event {
            pallet: "TransactionPayment".into(),
            name: "TransactionFeePaid".into(),
            fields: json!({ "actual_fee": "1250", "who": "0x00" }),
        };
        assert_eq!(event.integer("actual_fee"), Some(1250));
        assert_eq!(event.integer("who"), None);
        assert_eq!(event.integer("tip"), None);
        assert!(event.is("TransactionPayment", "TransactionFeePaid"));
    }
}
