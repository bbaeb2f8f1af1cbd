//! The parts of a transfer that are the same for all of them, read off the metadata once.

use codec::{Compact, Encode};
use subxt::ext::scale_decode::DecodeAsType;
use subxt::ext::scale_value::Value;
use subxt::metadata::Metadata;
use subxt::utils::Era;

use super::Validity;
use crate::{ChainVersions, Error, Result};

/// Version 4 transactions use version 0 of the extensions.
const EXTENSION_VERSION: u8 = 0;

/// Encoded once, copied into every transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Pallet and call index of `Balances.transfer_keep_alive`.
    pub call_index: [u8; 2],
    /// Extension values that stand before the nonce.
    pub before_nonce: Vec<u8>,
    /// Extension values that stand after the nonce.
    pub after_nonce: Vec<u8>,
    /// What the extensions add to the signed payload without sending it.
    pub implicit: Vec<u8>,
}

impl Layout {
    pub(super) fn new(
        metadata: &Metadata,
        chain: &ChainVersions,
        validity: Validity,
        tip_planck: u128,
    ) -> Result<Self> {
        let missing = |what: &str| Error::Format {
            reason: format!("it has no {what}"),
        };
        let balances = metadata
            .pallet_by_name("Balances")
            .ok_or_else(|| missing("Balances pallet"))?;
        let call = balances
            .call_variant_by_name("transfer_keep_alive")
            .ok_or_else(|| missing("Balances.transfer_keep_alive"))?;
        let extensions = metadata
            .extrinsic()
            .transaction_extensions_by_version(EXTENSION_VERSION)
            .ok_or_else(|| missing("transaction extensions of version 0"))?;

        let (era, era_hash) = match validity {
            Validity::Immortal => (Era::Immortal, chain.genesis_hash),
            Validity::Mortal { period, from } => {
                (Era::mortal(period.into(), from.number), from.hash)
            }
        };
        let mut values = Vec::new();
        let mut nonce_at = None;
        let mut implicit = Vec::new();
        for extension in extensions {
            match extension.identifier() {
                "CheckMortality" => {
                    era.encode_to(&mut values);
                    era_hash.encode_to(&mut implicit);
                }
                "CheckNonce" => nonce_at = Some(values.len()),
                "ChargeTransactionPayment" => Compact(tip_planck).encode_to(&mut values),
                // Mode 0: no metadata hash was signed.
                "CheckMetadataHash" => {
                    0u8.encode_to(&mut values);
                    None::<[u8; 32]>.encode_to(&mut implicit);
                }
                "CheckSpecVersion" => chain.spec_version.encode_to(&mut implicit),
                "CheckTxVersion" => chain.transaction_version.encode_to(&mut implicit),
                "CheckGenesis" => chain.genesis_hash.encode_to(&mut implicit),
                name => {
                    let is_empty = |type_id| {
                        Value::decode_as_type(&mut &[][..], type_id, metadata.types()).is_ok()
                    };
                    if !is_empty(extension.extra_ty()) || !is_empty(extension.additional_ty()) {
                        return Err(Error::Format {
                            reason: format!("it has an extension {name}"),
                        });
                    }
                }
            }
        }
        let nonce_at = nonce_at.ok_or_else(|| missing("CheckNonce extension"))?;
        let after_nonce = values.split_off(nonce_at);
        Ok(Self {
            call_index: [balances.call_index(), call.index],
            before_nonce: values,
            after_nonce,
            implicit,
        })
    }
}
