//! What else has to be known to tell of cases: subjects behind accounts, assets, reasons, prices.

use std::collections::{BTreeMap, BTreeSet};

use plume_reports::{Asset, Hash32};
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{AtBlock, Client, state};
use serde_json::Value as Json;

use super::record::{Context, bytes, integer};
use super::{history, record};
use crate::failure::Failure;

/// Reads it for these cases and what happened to them. `prices` are those that the institution states.
pub async fn read(
    client: &Client,
    at: &AtBlock,
    cases: &[(u64, Json)],
    happened: &BTreeMap<u64, Vec<history::Happening>>,
    first_block_s: u64,
    prices: &[(String, u64)],
) -> Result<Context, Failure> {
    let mut named: Vec<record::Named> = Vec::new();
    for (number, case) in cases {
        named.push(record::named(&case["flows"]));
        for happening in happened.get(number).into_iter().flatten() {
            let flows = &happening.event.fields["flows"];
            if !flows.is_null() {
                named.push(record::named(flows));
            }
        }
    }
    let accounts: BTreeSet<[u8; 32]> = named.iter().flat_map(|one| one.accounts.clone()).collect();
    let numbers: BTreeSet<u64> = named.iter().flat_map(|one| one.assets.clone()).collect();
    let mut subjects = BTreeMap::new();
    for account in accounts {
        let keys = vec![Value::from_bytes(account)];
        let subject = state::entry(at, "Credentials", "SubjectOf", keys).await?;
        if let Some(subject) = subject.as_ref().and_then(bytes) {
            subjects.insert(account, Hash32(subject));
        }
    }
    let mut assets = BTreeMap::new();
    for number in numbers {
        let keys = vec![Value::u128(number.into())];
        let metadata = state::entry(at, "Assets", "Metadata", keys).await?;
        if let Some(asset) = metadata
            .as_ref()
            .and_then(|metadata| asset(number, metadata))
        {
            assets.insert(number, asset);
        }
    }
    let chain_prices = chain_prices(client, cases, happened).await?;
    let reasons = state::variants(at, &["compliance", "Reason"]).ok_or_else(|| {
        Failure::new(
            "this runtime has no compliance engine",
            "Ask again when the network has upgraded its runtime",
        )
    })?;
    Ok(Context {
        first_block_s,
        subjects,
        assets,
        reasons,
        prices_cents: prices.iter().cloned().collect(),
        chain_prices,
    })
}

/// What the chain said that assets cost, after the blocks in which cases were opened or went on.
async fn chain_prices(
    client: &Client,
    cases: &[(u64, Json)],
    happened: &BTreeMap<u64, Vec<history::Happening>>,
) -> Result<BTreeMap<(u64, Option<u64>), u128>, Failure> {
    let mut wanted: BTreeMap<u64, BTreeSet<Option<u64>>> = BTreeMap::new();
    for (number, _) in cases {
        for happening in happened.get(number).into_iter().flatten() {
            let flows = &happening.event.fields["flows"];
            if !flows.is_null() {
                let assets = state::items(flows).into_iter();
                let assets = assets.filter_map(|flow| record::asset_number(&flow["asset"]));
                wanted.entry(happening.block).or_default().extend(assets);
            }
        }
    }
    let mut prices = BTreeMap::new();
    for (block, assets) in wanted {
        let at = history::at(client, block).await?;
        for asset in assets {
            let key = match asset {
                None => Value::unnamed_variant("Native", []),
                Some(number) => Value::unnamed_variant("Other", [Value::u128(number.into())]),
            };
            let answer = state::entry(&at, "Prices", "Answers", vec![key]).await?;
            let price = answer.as_ref().and_then(|answer| integer(&answer["price"]));
            prices.extend(price.map(|price| ((block, asset), price)));
        }
    }
    Ok(prices)
}

/// An asset by what its owner says of it.
fn asset(number: u64, metadata: &Json) -> Option<Asset> {
    let letters: Vec<u8> = match &metadata["symbol"] {
        // A long one is told in hexadecimal.
        Json::String(text) if text.starts_with("0x") => plume_sdk::raw::from_hex(text)?,
        list => state::items(list).into_iter().filter_map(integer).collect(),
    };
    let symbol = String::from_utf8(letters).ok()?;
    Some(Asset {
        symbol: if symbol.is_empty() {
            format!("asset {number}")
        } else {
            symbol
        },
        decimals: integer(&metadata["decimals"])?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_asset_has_the_symbol_that_its_owner_gave_it() {
        let metadata = json!({ "symbol": ["69", "85", "82"], "decimals": "2" });
        let euro = Asset {
            symbol: "EUR".into(),
            decimals: 2,
        };
        assert_eq!(asset(5, &metadata), Some(euro));
        let nameless = json!({ "symbol": [], "decimals": "0" });
        assert_eq!(
            asset(5, &nameless).map(|one| one.symbol),
            Some("asset 5".into())
        );
    }
}
