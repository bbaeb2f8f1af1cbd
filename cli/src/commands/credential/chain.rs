//! What a credential is on the chain: calls to make it, and the record of it.

use plume_circuits::FieldBytes;
use plume_credentials::{Chain, Hash32, Issued, Record, RecordStatus, Statement};
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{At, AtBlock, Call, Client, call, raw, state};
use serde_json::Value as Json;

use crate::failure::Failure;

const PALLET: &str = "Credentials";

/// `Credentials.issue`.
pub fn issue_call(statement: &Statement, issued: &Issued) -> Call {
    let request = Value::named_composite([
        ("reference", Value::from_bytes(statement.reference_hash.0)),
        ("claims", claims(statement, issued)),
        ("commitment", Value::from_bytes(issued.commitment)),
    ]);
    call(PALLET, "issue", [("request", request)])
}

/// `Credentials.renew`.
pub fn renew_call(statement: &Statement, issued: &Issued) -> Call {
    call(
        PALLET,
        "renew",
        [
            ("subject", Value::from_bytes(issued.subject.0)),
            ("claims", claims(statement, issued)),
            ("commitment", Value::from_bytes(issued.commitment)),
        ],
    )
}

fn claims(statement: &Statement, issued: &Issued) -> Value {
    let claims = &statement.claims;
    let unit = |name: &str| Value::unnamed_variant(name, []);
    let jurisdictions = claims
        .jurisdictions
        .iter()
        .map(|code| Value::from_bytes(code.as_bytes()));
    let lei_hash = match claims.lei_hash {
        None => unit("None"),
        Some(hash) => Value::unnamed_variant("Some", [Value::from_bytes(hash.0)]),
    };
    Value::named_composite([
        ("tier", unit(claims.tier.chain_name())),
        ("kind", unit(claims.kind.chain_name())),
        ("jurisdictions", Value::unnamed_composite(jurisdictions)),
        ("accredited", Value::bool(claims.accredited)),
        (
            "politically_exposed",
            Value::bool(claims.politically_exposed),
        ),
        ("risk", unit(claims.risk.chain_name())),
        ("lei_hash", lei_hash),
        ("valid_from", Value::u128(issued.valid_from.into())),
        ("valid_until", Value::u128(issued.valid_until.into())),
    ])
}

/// The chain's genesis, and the time of its first block.
pub async fn chain(client: &Client) -> Result<Chain, Failure> {
    let at = client.at(At::Finalised).await?;
    Ok(Chain {
        genesis: client.online().genesis_hash().0,
        first_block_s: first_block_s(&at).await?,
    })
}

/// Time of the chain's first block, in seconds since 1970.
pub async fn first_block_s(at: &AtBlock) -> Result<u64, Failure> {
    let first = state::entry(at, "Clock", "FirstTimestampMs", vec![]).await?;
    first.as_ref().and_then(number).map_or_else(
        || {
            Err(Failure::new(
                "the chain has no block yet, so its time has not begun",
                "Wait for the first block",
            ))
        },
        |milliseconds: u64| Ok(milliseconds / 1_000),
    )
}

/// Seconds since the chain's first block.
pub async fn elapsed(at: &AtBlock) -> Result<u32, Failure> {
    let elapsed = state::entry(at, "Clock", "ElapsedSeconds", vec![]).await?;
    Ok(elapsed.as_ref().and_then(number).unwrap_or_default())
}

/// What the chain knows of a subject, and its time.
pub async fn record(at: &AtBlock, subject: &Hash32) -> Result<(Option<Record>, u32), Failure> {
    let now = elapsed(at).await?;
    let key = || vec![Value::from_bytes(subject.0)];
    let Some(credential) = state::entry(at, PALLET, "Credentials", key()).await? else {
        return Ok((None, now));
    };
    let mut record = parse(&credential).ok_or_else(unreadable)?;
    let issuer = vec![Value::from_bytes(record.issuer.0)];
    let issuer = state::entry(at, PALLET, "Issuers", issuer).await?;
    record.issuer_admitted = issuer.is_some_and(|issuer| issuer["admitted"] == true);
    let warrants = state::entry(at, "Regulator", "SubjectFreezes", key()).await?;
    for warrant in warrants.iter().flat_map(state::items) {
        let number = number(warrant).ok_or_else(unreadable)?;
        record.frozen |= is_live(at, number, now).await?;
    }
    Ok((Some(record), now))
}

/// What the leaf of a subject's credential holds in the chain's tree: none where it has no leaf, zero where the leaf is
/// empty because the credential does not count.
pub async fn leaf(at: &AtBlock, subject: &Hash32) -> Result<Option<FieldBytes>, Failure> {
    let key = vec![Value::from_bytes(subject.0)];
    let Some(credential) = state::entry(at, PALLET, "Credentials", key).await? else {
        return Ok(None);
    };
    let Some(place) = leaf_place(&credential["leaf"]).ok_or_else(unreadable)? else {
        return Ok(None);
    };
    let group = [Value::u128(0), Value::u128(u128::from(place >> 2))];
    let group = vec![Value::unnamed_composite(group)];
    let Some(group) = state::entry(at, PALLET, "Nodes", group).await? else {
        return Ok(Some(FieldBytes::ZERO));
    };
    let element = group_element(&group, place & 3).ok_or_else(unreadable)?;
    Ok(Some(element))
}

/// Which leaf is a credential's; none for one that has been revoked.
fn leaf_place(leaf: &Json) -> Option<Option<u32>> {
    match state::variant(leaf) {
        Some(("None", _)) => Some(None),
        Some(("Some", place)) => number(place).map(Some),
        _ => None,
    }
}

/// One of four siblings.
fn group_element(group: &Json, place: u32) -> Option<FieldBytes> {
    let element = group.get(usize::try_from(place).ok()?)?.as_str()?;
    let element = element.parse::<Hash32>().ok()?;
    FieldBytes::from_canonical(element.0).ok()
}

/// Whether a warrant counts: not taken back, not over, and its supervisor is admitted.
pub async fn is_live(at: &AtBlock, warrant: u32, now: u32) -> Result<bool, Failure> {
    let keys = vec![Value::u128(warrant.into())];
    let Some(warrant) = state::entry(at, "Regulator", "Warrants", keys).await? else {
        return Ok(false);
    };
    let until: u32 = number(&warrant["until"]).ok_or_else(unreadable)?;
    let supervisor = warrant["supervisor"].as_str().and_then(raw::from_hex);
    let supervisor = vec![Value::from_bytes(supervisor.ok_or_else(unreadable)?)];
    let supervisor = state::entry(at, "Regulator", "Supervisors", supervisor).await?;
    let admitted = supervisor.is_some_and(|supervisor| supervisor["admitted"] == true);
    Ok(warrant["withdrawn"] == false && now <= until && admitted)
}

/// The record without what other entries say.
fn parse(credential: &Json) -> Option<Record> {
    let hash = |field: &Json| field.as_str()?.parse::<Hash32>().ok();
    let (status, _) = state::variant(&credential["status"])?;
    Some(Record {
        issuer: hash(&credential["issuer"])?,
        issuer_admitted: false,
        commitment: hash(&credential["commitment"])?,
        status: match status {
            "Active" => RecordStatus::Active,
            "Suspended" => RecordStatus::Suspended,
            "Revoked" => RecordStatus::Revoked,
            _ => return None,
        },
        frozen: false,
        valid_from: number(&credential["claims"]["valid_from"])?,
        valid_until: number(&credential["claims"]["valid_until"])?,
    })
}

fn number<N: core::str::FromStr>(json: &Json) -> Option<N> {
    json.as_str()?.parse().ok()
}

fn unreadable() -> Failure {
    Failure::new(
        "what the chain has of the subject cannot be read",
        "Update plume to the version that came with this runtime",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn credential(status: Json) -> Json {
        let hash = |byte: &str| format!("0x{}", byte.repeat(32));
        json!({
            "issuer": hash("01"),
            "claims": { "tier": "Two", "valid_from": "0", "valid_until": "31536000" },
            "commitment": hash("02"),
            "status": status,
            "leaf": { "Some": "0" },
            "shown": true,
        })
    }

    #[test]
    fn a_leaf_is_found_among_its_siblings() {
        assert_eq!(
            leaf_place(&credential(json!("Active"))["leaf"]),
            Some(Some(0))
        );
        assert_eq!(leaf_place(&json!("None")), Some(None));
        assert_eq!(leaf_place(&json!({ "Some": "no number" })), None);
        let hash = |byte: &str| format!("0x{}", byte.repeat(32));
        let group = json!([hash("00"), hash("01"), hash("02"), hash("ff")]);
        let element = |byte| FieldBytes::from_canonical([byte; 32]).ok();
        assert_eq!(group_element(&group, 0), element(0));
        assert_eq!(group_element(&group, 2), element(2));
        assert_eq!(group_element(&group, 3), None);
        assert_eq!(group_element(&group, 4), None);
    }

    #[test]
    fn every_status_of_the_chain_is_known() {
        for (status, expected) in [
            (json!("Active"), RecordStatus::Active),
            (json!("Suspended"), RecordStatus::Suspended),
            (json!({ "Revoked": { "at": "7" } }), RecordStatus::Revoked),
        ] {
            let record = parse(&credential(status)).expect("a record");
            assert_eq!(record.status, expected);
            assert_eq!(record.valid_until, 31_536_000);
        }
        assert_eq!(parse(&credential(json!("Unheard of"))), None);
    }
}
