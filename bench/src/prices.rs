//! What PLUME is worth on a chain that is measured: a source of ours says so.

use crate::{
    Calls, Operator,
    calls::{stored, value_key},
};
use plume_primitives::compliance::Asset;

/// The chain counts a price for 10²⁷ smallest units; a PLUME has 10¹⁸.
const PLUMES_PRICED: u128 = 1_000_000_000;

/// The call that states what a PLUME costs, in hundredths of the reference currency.
pub fn post(calls: &Calls, cents: u64) -> anyhow::Result<Vec<u8>> {
    let price = u128::from(cents).saturating_mul(PLUMES_PRICED);
    calls.call("Prices", "post", [(Asset::Native, price)].to_vec())
}

/// Makes the operator the only source, and has it state what a PLUME costs.
pub async fn begin(operator: &mut Operator, cents: u64) -> anyhow::Result<()> {
    let own = operator.account();
    let key = value_key("Prices", "Sources");
    let sources: Option<Vec<[u8; 32]>> = stored(operator.client.raw(), &key, None).await?;
    let sources = sources.unwrap_or_default();
    if !sources.contains(&own) {
        let admit = operator.calls.call("Prices", "admit_source", own)?;
        operator.sudo(&admit).await?;
    }
    for other in sources.into_iter().filter(|source| *source != own) {
        let remove = operator.calls.call("Prices", "remove_source", other)?;
        operator.sudo(&remove).await?;
    }
    let post = post(&operator.calls, cents)?;
    operator.call(post).await
}
