//! Transactions that no account signs: what they carry authorises them.
//!
//! They travel as *general* transactions of extrinsic format 5:
//!
//! | bytes | what |
//! |---|---|
//! | compact | length of the rest |
//! | `0x45` | format 5, general |
//! | `0x00` | version of the extensions |
//! | … | the extensions' values: no tip, nonce 0, good for ever |
//! | … | the call |

use codec::{Compact, Decode, Encode};
use subxt::ext::scale_decode::DecodeAsType;
use subxt::ext::scale_value::Value;
use subxt::metadata::Metadata;
use subxt::utils::H256;

use crate::client::{At, AtBlock};
use crate::{Call, Client, Error, Fee, Progress, Result, raw};

/// Format 5, general.
const GENERAL_V5: u8 = 0x45;
/// Version of the extensions.
const EXTENSION_VERSION: u8 = 0;

/// A general transaction that has not been sent.
#[derive(Clone, Debug)]
pub struct General {
    client: Client,
    bytes: Vec<u8>,
}

impl Client {
    /// A call as the runtime knows it, from arguments that are encoded already; nothing here checks them.
    pub fn encoded_call(
        &self,
        at: &AtBlock,
        pallet: &str,
        name: &str,
        arguments: &[u8],
    ) -> Result<Vec<u8>> {
        let metadata = at.metadata();
        let found = metadata.pallet_by_name(pallet).and_then(|pallet| {
            let call = pallet.call_variant_by_name(name)?;
            Some([pallet.call_index(), call.index])
        });
        let index = found.ok_or_else(|| Error::Format {
            reason: format!("it has no call {pallet}.{name}"),
        })?;
        Ok([index.as_slice(), arguments].concat())
    }

    /// A call by names out of its encoding, for an account to sign.
    pub fn call_of(&self, at: &AtBlock, encoded: &[u8]) -> Result<Call> {
        at.transactions()
            .from_call_data_bytes(encoded)
            .map_err(Error::runtime)
    }

    /// Wraps an encoded call into a transaction that nobody signs.
    pub fn general(&self, at: &AtBlock, call: &[u8]) -> Result<General> {
        Ok(General {
            client: self.clone(),
            bytes: wrap(&at.metadata(), call)?,
        })
    }
}

impl General {
    /// Its bytes, as `author_submitExtrinsic` takes them.
    pub fn encoded(&self) -> &[u8] {
        &self.bytes
    }

    /// Its hash.
    pub fn hash(&self) -> H256 {
        raw::extrinsic_hash(&self.bytes)
    }

    /// What the chain would demand of it now.
    pub async fn fee(&self) -> Result<Fee> {
        const METHOD: &str = "TransactionPaymentApi_query_info";
        let at = self.client.at(At::Finalised).await?;
        let length = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let arguments = [self.bytes.as_slice(), &length.to_le_bytes()].concat();
        let answer = self
            .client
            .raw()
            .state_call(METHOD, &arguments, Some(at.block_hash()))
            .await?;
        // Weight in time and bytes, class, and the fee without a tip.
        type Info = (Compact<u64>, Compact<u64>, u8, u128);
        let (_, _, _, base_planck) =
            Info::decode(&mut &answer[..]).map_err(|_| Error::BadAnswer {
                method: METHOD.into(),
            })?;
        Ok(Fee {
            base_planck,
            tip_planck: 0,
        })
    }

    /// Hands it to the node's pool. Returns when the pool has accepted it.
    pub async fn submit(self) -> Result<Progress> {
        Progress::start(self.client, &self.bytes).await
    }
}

/// The transaction's bytes, with the extensions that the metadata names.
fn wrap(metadata: &Metadata, call: &[u8]) -> Result<Vec<u8>> {
    let extensions = metadata
        .extrinsic()
        .transaction_extensions_by_version(EXTENSION_VERSION)
        .ok_or_else(|| Error::Format {
            reason: "it has no transaction extensions of version 0".into(),
        })?;
    let mut rest = vec![GENERAL_V5, EXTENSION_VERSION];
    for extension in extensions {
        match extension.identifier() {
            // Good for ever; nonce 0; no tip; no metadata hash.
            "CheckMortality" | "CheckNonce" | "ChargeTransactionPayment" | "CheckMetadataHash" => {
                rest.push(0);
            }
            name => {
                let empty =
                    Value::decode_as_type(&mut &[][..], extension.extra_ty(), metadata.types());
                if empty.is_err() {
                    return Err(Error::Format {
                        reason: format!("it has an extension {name}"),
                    });
                }
            }
        }
    }
    rest.extend_from_slice(call);
    let length = u32::try_from(rest.len()).map_err(|_| Error::Format {
        reason: "the call is longer than 4 GiB".into(),
    })?;
    let mut bytes = Compact(length).encode();
    bytes.extend(rest);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offline::test_metadata::{metadata, plume_extensions};

    #[test]
    fn a_general_transaction_has_its_format_its_extensions_and_its_call() {
        let bytes = wrap(&metadata(&plume_extensions()), &[70, 1, 9]).expect("known extensions");
        let Compact(length) = Compact::<u32>::decode(&mut &bytes[..]).expect("a length");
        let rest = &bytes[bytes.len() - length as usize..];
        assert_eq!(rest[..2], [GENERAL_V5, EXTENSION_VERSION]);
        assert_eq!(rest[rest.len() - 3..], [70, 1, 9]);
        // Mortality, nonce, tip and metadata hash: a zero each.
        assert!(rest[2..rest.len() - 3].iter().all(|byte| *byte == 0));
        assert_eq!(rest.len() - 5, 4);
    }
}
