//! From JSON to a call, along the types of the runtime's metadata.

use scale_info::{Field, PortableRegistry, TypeDef, TypeDefPrimitive, form::PortableForm};
use serde_json::Value as Json;
use subxt::dynamic::Value;
use subxt::ext::scale_value::Composite;

use crate::client::AtBlock;
use crate::{Call, raw};

/// JSON that is not of the type that the runtime wants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct JsonMismatch {
    /// Where, such as `policy.rules[3].rule`.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

/// Deeper than any type of a runtime that somebody writes by hand.
const MAX_DEPTH: usize = 64;

/// A call by the names in the metadata, with arguments in JSON as serde writes the runtime's types: enums as
/// `"Variant"` or `{"Variant": …}`, newtypes as their content, options as a value or `null`, bytes as `0x` hex or as
/// numbers, large numbers as decimal strings.
pub fn call_from_json(
    at: &AtBlock,
    pallet: &str,
    name: &str,
    arguments: &[(&str, Json)],
) -> Result<Call, JsonMismatch> {
    let metadata = at.metadata();
    let unknown = || JsonMismatch {
        place: format!("{pallet}.{name}"),
        problem: "this runtime has no such call".into(),
    };
    let found = metadata
        .pallet_by_name(pallet)
        .and_then(|pallet| pallet.call_variant_by_name(name))
        .ok_or_else(unknown)?;
    let mut fields = Vec::new();
    for field in &found.fields {
        let field_name = field.name.clone().unwrap_or_default();
        let argument = arguments.iter().find(|(known, _)| *known == field_name);
        let (_, argument) = argument.ok_or_else(|| JsonMismatch {
            place: field_name.clone(),
            problem: "missing".into(),
        })?;
        let value = value_from_json(argument, field.ty.id, metadata.types(), &field_name)?;
        fields.push((field_name, value));
    }
    Ok(subxt::dynamic::transaction(
        pallet,
        name,
        Composite::named(fields),
    ))
}

/// A value of a type of the registry. `place` says in errors where it belongs.
pub fn value_from_json(
    json: &Json,
    type_id: u32,
    types: &PortableRegistry,
    place: &str,
) -> Result<Value, JsonMismatch> {
    convert(json, type_id, types, place, 0)
}

fn convert(
    json: &Json,
    type_id: u32,
    types: &PortableRegistry,
    place: &str,
    depth: usize,
) -> Result<Value, JsonMismatch> {
    let wrong = |problem: &str| {
        Err(JsonMismatch {
            place: place.into(),
            problem: problem.into(),
        })
    };
    let Some(found) = types.resolve(type_id) else {
        return wrong("of a type that the metadata lacks");
    };
    if depth > MAX_DEPTH {
        return wrong("too deep");
    }
    let inner = |json: &Json, id: u32, place: &str| convert(json, id, types, place, depth + 1);
    match &found.type_def {
        TypeDef::Compact(compact) => inner(json, compact.type_param.id, place),
        TypeDef::Primitive(primitive) => scalar(json, primitive, place),
        TypeDef::Sequence(sequence) => {
            list(json, sequence.type_param.id, types, place, depth, None)
        }
        TypeDef::Array(array) => {
            let length = usize::try_from(array.len).ok();
            list(json, array.type_param.id, types, place, depth, length)
        }
        TypeDef::Tuple(tuple) => match json {
            Json::Array(items) if items.len() == tuple.fields.len() => {
                let mut values = Vec::new();
                for (index, (item, field)) in items.iter().zip(&tuple.fields).enumerate() {
                    values.push(inner(item, field.id, &format!("{place}[{index}]"))?);
                }
                Ok(Value::unnamed_composite(values))
            }
            _ => wrong(&format!("a list of {} is expected", tuple.fields.len())),
        },
        TypeDef::Composite(composite) => {
            fields(json, &composite.fields, types, place, depth).map(|fields| match fields {
                Composite::Named(fields) => Value::named_composite(fields),
                Composite::Unnamed(fields) => Value::unnamed_composite(fields),
            })
        }
        TypeDef::Variant(variants) => {
            if found.path.segments == ["Option"] {
                let some = variants.variants.iter().find(|one| one.name == "Some");
                let content = some.and_then(|some| some.fields.first());
                return match (json, content) {
                    (Json::Null, _) => Ok(Value::unnamed_variant("None", [])),
                    (json, Some(content)) => {
                        let content = inner(json, content.ty.id, place)?;
                        Ok(Value::unnamed_variant("Some", [content]))
                    }
                    _ => wrong("no option"),
                };
            }
            let names = || {
                let names: Vec<_> = variants
                    .variants
                    .iter()
                    .map(|one| one.name.as_str())
                    .collect();
                names.join(", ")
            };
            let Some((name, content)) = crate::state::variant(json) else {
                return wrong(&format!("one of {} is expected", names()));
            };
            let Some(variant) = variants.variants.iter().find(|one| one.name == name) else {
                return wrong(&format!("{name} is none of {}", names()));
            };
            let place = format!("{place}.{name}");
            let content = match (variant.fields.as_slice(), content) {
                ([], _) => Composite::unnamed([]),
                (known, content) => fields(content, known, types, &place, depth)?,
            };
            Ok(Value::variant(name, content))
        }
        TypeDef::BitSequence(_) => wrong("bit sequences cannot be written in JSON"),
    }
}

/// What a struct or a variant has.
fn fields(
    json: &Json,
    fields: &[Field<PortableForm>],
    types: &PortableRegistry,
    place: &str,
    depth: usize,
) -> Result<Composite<()>, JsonMismatch> {
    let wrong = |problem: String| {
        Err(JsonMismatch {
            place: place.into(),
            problem,
        })
    };
    match (fields, json) {
        // A newtype is its content.
        ([field], json) if field.name.is_none() => {
            let value = convert(json, field.ty.id, types, place, depth + 1)?;
            Ok(Composite::unnamed([value]))
        }
        (known, Json::Array(items)) if known.iter().all(|field| field.name.is_none()) => {
            if items.len() != known.len() {
                return wrong(format!("a list of {} is expected", known.len()));
            }
            let mut values = Vec::new();
            for (index, (item, field)) in items.iter().zip(known).enumerate() {
                let place = format!("{place}[{index}]");
                values.push(convert(item, field.ty.id, types, &place, depth + 1)?);
            }
            Ok(Composite::unnamed(values))
        }
        (known, Json::Object(object)) => {
            let name_of = |field: &Field<PortableForm>| field.name.clone().unwrap_or_default();
            if let Some(extra) = object
                .keys()
                .find(|key| !known.iter().any(|field| name_of(field) == **key))
            {
                return wrong(format!("there is no {extra}"));
            }
            let mut values = Vec::new();
            for field in known {
                let name = name_of(field);
                let Some(value) = object.get(&name) else {
                    return wrong(format!("{name} is missing"));
                };
                let place = format!("{place}.{name}");
                values.push((name, convert(value, field.ty.id, types, &place, depth + 1)?));
            }
            Ok(Composite::named(values))
        }
        _ => wrong("an object with the fields of this type is expected".into()),
    }
}

fn list(
    json: &Json,
    item_type: u32,
    types: &PortableRegistry,
    place: &str,
    depth: usize,
    length: Option<usize>,
) -> Result<Value, JsonMismatch> {
    let wrong = |problem: String| {
        Err(JsonMismatch {
            place: place.into(),
            problem,
        })
    };
    let values = match json {
        Json::Array(items) => {
            let mut values = Vec::new();
            for (index, item) in items.iter().enumerate() {
                let place = format!("{place}[{index}]");
                values.push(convert(item, item_type, types, &place, depth + 1)?);
            }
            values
        }
        Json::String(text) => match raw::from_hex(text) {
            Some(bytes) => bytes
                .into_iter()
                .map(|byte| Value::u128(byte.into()))
                .collect(),
            None => return wrong("a list or 0x hex is expected".into()),
        },
        _ => return wrong("a list is expected".into()),
    };
    if length.is_some_and(|length| length != values.len()) {
        return wrong(format!("{} items are expected", length.unwrap_or_default()));
    }
    Ok(Value::unnamed_composite(values))
}

fn scalar(json: &Json, primitive: &TypeDefPrimitive, place: &str) -> Result<Value, JsonMismatch> {
    let number = || {
        json.as_u64()
            .map(u128::from)
            .or_else(|| json.as_str()?.parse().ok())
    };
    let value = match primitive {
        TypeDefPrimitive::Bool => json.as_bool().map(Value::bool),
        TypeDefPrimitive::Str => json.as_str().map(Value::string),
        TypeDefPrimitive::U8
        | TypeDefPrimitive::U16
        | TypeDefPrimitive::U32
        | TypeDefPrimitive::U64
        | TypeDefPrimitive::U128 => number().map(Value::u128),
        _ => None,
    };
    value.ok_or_else(|| JsonMismatch {
        place: place.into(),
        problem: match primitive {
            TypeDefPrimitive::Bool => "true or false is expected",
            TypeDefPrimitive::Str => "text is expected",
            _ => "a whole number is expected",
        }
        .into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use plume_primitives::compliance::{Jurisdiction, Jurisdictions, Risk, SubjectKind, Tier};
    use plume_primitives::credentials::{Claims, Reach};
    use proptest::prelude::*;
    use scale_info::{MetaType, Registry, TypeInfo};
    use serde_json::json;
    use subxt::ext::scale_value::scale::encode_as_type;

    fn encoded<T: TypeInfo + 'static>(json: &Json) -> Result<Vec<u8>, JsonMismatch> {
        let mut registry = Registry::new();
        let id = registry.register_type(&MetaType::new::<T>()).id;
        let types = PortableRegistry::from(registry);
        let value = value_from_json(json, id, &types, "it")?;
        let mut bytes = Vec::new();
        encode_as_type(&value, id, &types, &mut bytes).map_err(|error| JsonMismatch {
            place: "it".into(),
            problem: error.to_string(),
        })?;
        Ok(bytes)
    }

    fn claims() -> Json {
        json!({
            "tier": "Two", "kind": "Person", "jurisdictions": [[67, 72], [68, 69]],
            "accredited": false, "politically_exposed": true, "risk": "Low", "lei_hash": null,
            "valid_from": 0, "valid_until": "31536000",
        })
    }

    #[test]
    fn json_becomes_what_the_runtime_encodes() {
        let jurisdictions = vec![Jurisdiction(*b"CH"), Jurisdiction(*b"DE")];
        let expected = Claims {
            tier: Tier::Two,
            kind: SubjectKind::Person,
            jurisdictions: Jurisdictions::truncate_from(jurisdictions),
            accredited: false,
            politically_exposed: true,
            risk: Risk::Low,
            lei_hash: None,
            valid_from: 0,
            valid_until: 31_536_000,
        };
        assert_eq!(encoded::<Claims>(&claims()), Ok(expected.encode()));
        let mut firm = claims();
        firm["lei_hash"] = json!(format!("0x{}", "07".repeat(32)));
        let with_lei = Claims {
            lei_hash: Some(sp_hash(7)),
            ..expected
        };
        assert_eq!(encoded::<Claims>(&firm), Ok(with_lei.encode()));
        assert_eq!(
            encoded::<Reach>(&json!("Everywhere")),
            Ok(Reach::Everywhere.encode())
        );
        assert_eq!(
            encoded::<Reach>(&json!({ "In": [[67, 72]] })),
            Ok(vec![1, 4, 67, 72])
        );
    }

    fn sp_hash<T: From<[u8; 32]>>(byte: u8) -> T {
        [byte; 32].into()
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_place() {
        let error = |name: &str, value: Json| {
            let mut claims = claims();
            claims[name] = value;
            let error = encoded::<Claims>(&claims).expect_err("it does not fit");
            error.to_string()
        };
        assert_eq!(
            error("tier", json!("Four")),
            "it.tier: Four is none of Zero, One, Two, Three"
        );
        assert_eq!(
            error("accredited", json!(1)),
            "it.accredited: true or false is expected"
        );
        assert_eq!(
            error("jurisdictions", json!([[67]])),
            "it.jurisdictions[0]: 2 items are expected"
        );
        assert_eq!(error("shoe_size", json!(42)), "it: there is no shoe_size");
        assert!(encoded::<Claims>(&json!({})).is_err());
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<u64>().prop_map(Json::from),
            "[0-9x]{0,6}|In|Everywhere|Two".prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                proptest::collection::btree_map("In|tier|a", inner, 0..3)
                    .prop_map(|map| Json::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_json_makes_the_conversion_panic(json in any_json()) {
            let _ = encoded::<Claims>(&json);
            let _ = encoded::<Reach>(&json);
        }
    }
}
