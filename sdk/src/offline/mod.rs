//! Many signed transfers without asking the node: what load generators and payment batches need.
//!
//! All that differs from one transfer to the next is the sender, the receiver, the amount and the nonce.
//! [`OfflineTransfers`] encodes the rest once, from the metadata, and then only fills in: a transfer costs
//! one sr25519 signature, one BLAKE2b hash and two allocations. When it is built it encodes a sample through
//! subxt as well and refuses to go on if the two differ in any byte.

mod layout;
#[cfg(test)]
pub(crate) mod test_metadata;
#[cfg(test)]
mod tests;

use codec::{Compact, CompactLen, Encode};
use subxt::OfflineClient;
use subxt::config::DefaultExtrinsicParamsBuilder;
use subxt::metadata::ArcMetadata;
use subxt::utils::{AccountId32, H256, MultiSignature};

use crate::client::At;
use crate::options::{Mortality, TxOptions};
use crate::{BlockRef, ChainVersions, Client, Error, PlumeConfig, Result, Signer, Transfer, raw};
use layout::Layout;

/// Version 4, signed.
const SIGNED_V4: u8 = 0x84;
/// `MultiAddress::Id`.
const ADDRESS_ID: u8 = 0;
/// `MultiSignature::Sr25519`.
const SIGNATURE_SR25519: u8 = 1;
/// Payloads longer than this are hashed before they are signed.
const MAX_SIGNED_BYTES: usize = 256;

/// How long offline transfers may be included, and what that counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// For ever; see [`Mortality::Immortal`].
    Immortal,
    /// For `period` blocks (a power of two from 4 to `BlockHashCount`) after `from`.
    Mortal {
        /// In blocks.
        period: u32,
        /// A finalised block; its hash is part of what is signed.
        from: BlockRef,
    },
}

/// One transfer to sign.
#[derive(Clone, Copy, Debug)]
pub struct OfflineTransfer<'a> {
    /// Who pays.
    pub from: &'a Signer,
    /// Who receives.
    pub to: AccountId32,
    /// How much, in planck.
    pub amount_planck: u128,
    /// Number of the payer's transaction; the caller counts.
    pub nonce: u32,
}

/// A transfer, or another call, ready for `author_submitExtrinsic`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTransfer {
    /// The extrinsic with its length prefix.
    pub bytes: Vec<u8>,
    /// Its hash, by which blocks and the pool know it.
    pub hash: H256,
}

/// Signs `Balances.transfer_keep_alive` quickly. Valid for one runtime version and until its lifetime ends.
#[derive(Clone, Debug)]
pub struct OfflineTransfers {
    layout: Layout,
}

impl OfflineTransfers {
    /// Prepares for a chain whose metadata is at hand.
    pub fn new(
        metadata: ArcMetadata,
        chain: &ChainVersions,
        validity: Validity,
        tip_planck: u128,
    ) -> Result<Self> {
        let layout = Layout::new(&metadata, chain, validity, tip_planck)?;
        let transfers = Self { layout };
        transfers.compare_with_subxt(metadata, chain, validity, tip_planck)?;
        Ok(transfers)
    }

    /// Signs one transfer on this thread.
    pub fn sign(&self, transfer: &OfflineTransfer<'_>) -> SignedTransfer {
        self.payload(transfer).sign(transfer.from)
    }

    /// Signs any other call on this thread. It is given as the chain encodes it, pallet and call index first;
    /// nothing here checks it.
    pub fn sign_call(&self, from: &Signer, call: &[u8], nonce: u32) -> SignedTransfer {
        self.payload_of(call, nonce).sign(from)
    }

    /// Signs many transfers on `threads` threads (0: one for each core) and returns them in their order.
    pub fn sign_many(
        &self,
        transfers: &[OfflineTransfer<'_>],
        threads: usize,
    ) -> Vec<SignedTransfer> {
        let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let threads = if threads == 0 { cores() } else { threads };
        let share = transfers.len().div_ceil(threads).max(1);
        let sign_all = |part: &[OfflineTransfer<'_>]| -> Vec<_> {
            part.iter().map(|one| self.sign(one)).collect()
        };
        if transfers.len() <= share {
            return sign_all(transfers);
        }
        std::thread::scope(|scope| {
            let workers: Vec<_> = transfers
                .chunks(share)
                .map(|part| scope.spawn(move || sign_all(part)))
                .collect();
            let mut signed = Vec::with_capacity(transfers.len());
            for worker in workers {
                signed.extend(worker.join().expect("signing has no input that panics"));
            }
            signed
        })
    }

    /// What is signed: call, extension values, and what the extensions add without sending it.
    fn payload(&self, transfer: &OfflineTransfer<'_>) -> Payload {
        let Layout {
            call_index,
            before_nonce,
            after_nonce,
            implicit,
        } = &self.layout;
        let amount_bytes = Compact::<u128>::compact_len(&transfer.amount_planck);
        let nonce_bytes = Compact::<u32>::compact_len(&transfer.nonce);
        let call_len = call_index.len() + 1 + transfer.to.0.len() + amount_bytes;
        let extra_len = before_nonce.len() + nonce_bytes + after_nonce.len();

        let mut bytes = Vec::with_capacity(call_len + extra_len + implicit.len());
        bytes.extend_from_slice(call_index);
        bytes.push(ADDRESS_ID);
        bytes.extend_from_slice(&transfer.to.0);
        Compact(transfer.amount_planck).encode_to(&mut bytes);
        bytes.extend_from_slice(before_nonce);
        Compact(transfer.nonce).encode_to(&mut bytes);
        bytes.extend_from_slice(after_nonce);
        bytes.extend_from_slice(implicit);
        Payload {
            bytes,
            call_len,
            extra_len,
        }
    }

    fn payload_of(&self, call: &[u8], nonce: u32) -> Payload {
        let Layout {
            before_nonce,
            after_nonce,
            implicit,
            ..
        } = &self.layout;
        let mut bytes = call.to_vec();
        bytes.extend_from_slice(before_nonce);
        Compact(nonce).encode_to(&mut bytes);
        bytes.extend_from_slice(after_nonce);
        let extra_len = bytes.len() - call.len();
        bytes.extend_from_slice(implicit);
        Payload {
            bytes,
            call_len: call.len(),
            extra_len,
        }
    }

    /// One sample through subxt and by hand; every byte must agree.
    fn compare_with_subxt(
        &self,
        metadata: ArcMetadata,
        chain: &ChainVersions,
        validity: Validity,
        tip_planck: u128,
    ) -> Result<()> {
        let sample_signer = Signer::from_uri("//Alice")?;
        let (to, amount_planck, nonce) = (AccountId32([0xb0; 32]), (1 << 70) + 1, 70_000);
        let sample = OfflineTransfer {
            from: &sample_signer,
            to,
            amount_planck,
            nonce,
        };
        let signature = [0x5a; 64];

        let params = DefaultExtrinsicParamsBuilder::<PlumeConfig>::new()
            .nonce(nonce.into())
            .tip(tip_planck);
        let params = match validity {
            Validity::Immortal => params.immortal(),
            Validity::Mortal { period, from } => {
                params.mortal_from_unchecked(period.into(), from.number, from.hash)
            }
        };
        let call = Transfer::keep_alive(to, amount_planck).to_call();
        let offline = OfflineClient::new_with_config(PlumeConfig::offline(chain, metadata));
        let offline = offline.at_block(0u64).map_err(Error::runtime)?;
        let mut signable = offline
            .transactions()
            .create_v4_signable_offline(&call, params.build())
            .map_err(Error::runtime)?;
        let subxts_payload = signable.signer_payload().map_err(Error::runtime)?;
        let subxts_extrinsic = signable
            .sign_with_account_and_signature(
                &sample_signer.account(),
                &MultiSignature::Sr25519(signature),
            )
            .map_err(Error::runtime)?
            .into_encoded();

        let payload = self.payload(&sample);
        let differs = |what: &str| Error::Format {
            reason: format!("{what} differs from subxt's"),
        };
        if payload.bytes.len() <= MAX_SIGNED_BYTES && payload.bytes != subxts_payload {
            return Err(differs("what is signed"));
        }
        if payload.into_extrinsic(&sample_signer.account(), &signature) != subxts_extrinsic {
            return Err(differs("the extrinsic"));
        }
        Ok(())
    }
}

struct Payload {
    bytes: Vec<u8>,
    call_len: usize,
    extra_len: usize,
}

impl Payload {
    fn sign(self, from: &Signer) -> SignedTransfer {
        let signature = if self.bytes.len() > MAX_SIGNED_BYTES {
            from.sign_bytes(&raw::extrinsic_hash(&self.bytes).0)
        } else {
            from.sign_bytes(&self.bytes)
        };
        let bytes = self.into_extrinsic(&from.account(), &signature);
        SignedTransfer {
            hash: raw::extrinsic_hash(&bytes),
            bytes,
        }
    }

    fn into_extrinsic(self, from: &AccountId32, signature: &[u8; 64]) -> Vec<u8> {
        let (call, rest) = self.bytes.split_at(self.call_len);
        let (extra, _) = rest.split_at(self.extra_len);
        let len = 1 + 1 + from.0.len() + 1 + signature.len() + extra.len() + call.len();
        let prefix = Compact(u32::try_from(len).expect("a call is far below 4 GiB"));
        let mut bytes = Vec::with_capacity(Compact::<u32>::compact_len(&prefix.0) + len);
        prefix.encode_to(&mut bytes);
        bytes.extend_from_slice(&[SIGNED_V4, ADDRESS_ID]);
        bytes.extend_from_slice(&from.0);
        bytes.push(SIGNATURE_SR25519);
        bytes.extend_from_slice(signature);
        bytes.extend_from_slice(extra);
        bytes.extend_from_slice(call);
        bytes
    }
}

impl Client {
    /// Prepares offline signing on the newest finalised block; tip and lifetime are those of `options`, the
    /// nonce is each transfer's own. Call it again before the lifetime ends, or after a runtime upgrade.
    pub async fn offline_transfers(&self, options: &TxOptions) -> Result<OfflineTransfers> {
        let at = self.at(At::Finalised).await?;
        let chain = ChainVersions {
            genesis_hash: self.online().genesis_hash(),
            spec_version: at.spec_version(),
            transaction_version: at.transaction_version(),
        };
        let from = BlockRef {
            number: at.block_number(),
            hash: at.block_hash(),
        };
        let max = match options.mortality {
            Mortality::Blocks(_) => self.block_hash_count(&at)?,
            Mortality::Immortal => 0,
        };
        let validity = match options.mortality.period(max)? {
            Some(period) => Validity::Mortal { period, from },
            None => Validity::Immortal,
        };
        OfflineTransfers::new(at.metadata(), &chain, validity, options.tip_planck)
    }
}
