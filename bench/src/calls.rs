//! Calls and storage as the chain encodes them, by the names in its metadata.
//!
//! Types come from the pallets themselves, so that nothing has to be written twice. Names and numbers come from
//! the running chain.

use anyhow::{Context, anyhow};
use codec::{Compact, Decode, Encode};
use plume_sdk::{
    At, Client, H256,
    raw::{Rpc, from_hex, to_hex},
    subxt::metadata::ArcMetadata,
    subxt_rpcs::client::rpc_params,
};
use sp_crypto_hashing::twox_128;

/// Encodes calls for one version of the runtime.
#[derive(Clone)]
pub struct Calls {
    metadata: ArcMetadata,
}

impl Calls {
    /// For the runtime that `client`'s node has now.
    pub async fn of(client: &Client) -> anyhow::Result<Self> {
        let metadata = client.at(At::Finalised).await?.metadata();
        Ok(Self { metadata })
    }

    /// A call of these arguments; several are a tuple. Errors if the chain has no such call.
    pub fn call(
        &self,
        pallet: &str,
        name: &str,
        arguments: impl Encode,
    ) -> anyhow::Result<Vec<u8>> {
        let missing = || {
            anyhow!("this chain has no call {pallet}.{name}: build node and bench from one source")
        };
        let known = self.metadata.pallet_by_name(pallet).with_context(missing)?;
        let variant = known.call_variant_by_name(name).with_context(missing)?;
        let mut bytes = vec![known.call_index(), variant.index];
        arguments.encode_to(&mut bytes);
        Ok(bytes)
    }

    /// A call of arguments that are encoded already.
    pub fn encoded(&self, pallet: &str, name: &str, arguments: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.call(pallet, name, Encoded(arguments))
    }

    /// What root does, by sudo.
    pub fn sudo(&self, call: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.call("Sudo", "sudo", Encoded(call))
    }

    /// All of them, or none.
    pub fn batch(&self, calls: &[Vec<u8>]) -> anyhow::Result<Vec<u8>> {
        let count = u32::try_from(calls.len()).context("a batch has fewer calls than 2^32")?;
        let all = [Compact(count).encode(), calls.concat()].concat();
        self.call("Utility", "batch_all", Encoded(&all))
    }

    /// A constant of a pallet.
    pub fn constant<T: Decode>(&self, pallet: &str, name: &str) -> anyhow::Result<T> {
        let missing = || anyhow!("this chain has no constant {pallet}.{name}");
        let known = self.metadata.pallet_by_name(pallet).with_context(missing)?;
        let constant = known.constant_by_name(name).with_context(missing)?;
        T::decode(&mut constant.value())
            .with_context(|| format!("the constant {pallet}.{name} is of another type"))
    }
}

/// What is encoded already.
struct Encoded<'a>(&'a [u8]);

impl Encode for Encoded<'_> {
    fn encode_to<O: codec::Output + ?Sized>(&self, output: &mut O) {
        output.write(self.0);
    }
}

/// The key of a storage value.
pub fn value_key(pallet: &str, entry: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(entry.as_bytes())].concat()
}

/// What is stored under a key, at a block or at the best one; none when there is nothing.
pub async fn stored<T: Decode>(
    rpc: &Rpc,
    key: &[u8],
    at: Option<H256>,
) -> anyhow::Result<Option<T>> {
    let Some(bytes) = stored_bytes(rpc, key, at).await? else {
        return Ok(None);
    };
    let value = T::decode(&mut &bytes[..]);
    Ok(Some(value.with_context(|| {
        format!("what is stored under {} is of another type", to_hex(key))
    })?))
}

/// The same without decoding.
pub async fn stored_bytes(
    rpc: &Rpc,
    key: &[u8],
    at: Option<H256>,
) -> anyhow::Result<Option<Vec<u8>>> {
    let text: Option<String> = rpc
        .request("state_getStorage", rpc_params![to_hex(key), at])
        .await?;
    let Some(text) = text else { return Ok(None) };
    let bytes =
        from_hex(&text).context("the node answered state_getStorage with something else")?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_not_encoded_again() {
        assert_eq!(Encoded(&[1, 2, 3]).encode(), [1, 2, 3]);
        assert_eq!((7u8, Encoded(&[9])).encode(), [7, 9]);
    }

    #[test]
    fn a_storage_key_is_two_hashes() {
        // As every Substrate chain has it.
        assert_eq!(
            to_hex(&value_key("System", "Events")),
            "0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7"
        );
    }
}
