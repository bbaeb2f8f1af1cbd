//! From a call to a signed transaction, its fee, and its submission.

use subxt::client::OnlineClientAtBlockImpl;
use subxt::config::DefaultExtrinsicParamsBuilder;
use subxt::transactions::{Payload, SignableTransaction, SubmittableTransaction, ValidationResult};
use subxt::utils::{AccountId32, H256, MultiSignature};

use crate::client::{At, AtBlock};
use crate::{Client, Error, Inclusion, PlumeConfig, Progress, Result, Signer, Transfer, TxOptions};

type Submittable = SubmittableTransaction<PlumeConfig, OnlineClientAtBlockImpl<PlumeConfig>>;
type Signable<'call, Call> =
    SignableTransaction<'call, PlumeConfig, OnlineClientAtBlockImpl<PlumeConfig>, Call>;

/// What a transaction is expected to cost, in planck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    /// For inclusion, length and weight, at the present price.
    pub base_planck: u128,
    /// What the sender adds.
    pub tip_planck: u128,
}

impl Fee {
    /// All of it. What is charged in the end can be lower (refunded weight) or differ with the price.
    pub fn total_planck(&self) -> u128 {
        self.base_planck.saturating_add(self.tip_planck)
    }
}

/// A signed transaction that has not been sent.
#[derive(Clone, Debug)]
pub struct Prepared {
    client: Client,
    transaction: Submittable,
    nonce: u32,
    tip_planck: u128,
}

impl Client {
    /// Signs a call on the newest finalised block, so that no fork can invalidate the signature.
    pub async fn prepare<C: Payload>(
        &self,
        signer: &Signer,
        call: &C,
        options: &TxOptions,
    ) -> Result<Prepared> {
        let at = self.at(At::Finalised).await?;
        let nonce = self.nonce(&signer.account(), options).await?;
        let transaction = self
            .signable(&at, call, nonce, options)?
            .sign(signer)
            .map_err(Error::runtime)?;
        Ok(Prepared {
            client: self.clone(),
            transaction,
            nonce,
            tip_planck: options.tip_planck,
        })
    }

    /// Signs a call and hands it to the node's pool. Returns when the pool has accepted it.
    pub async fn submit<C: Payload>(
        &self,
        signer: &Signer,
        call: &C,
        options: &TxOptions,
    ) -> Result<Progress> {
        self.prepare(signer, call, options).await?.submit().await
    }

    /// Pays and waits for finality: the shortest way to send PLUME. The sender is kept alive.
    pub async fn transfer(
        &self,
        from: &Signer,
        to: AccountId32,
        amount_planck: u128,
    ) -> Result<Inclusion> {
        let call = Transfer::keep_alive(to, amount_planck).to_call();
        self.submit(from, &call, &TxOptions::default())
            .await?
            .wait_finalised()
            .await?
            .ok()
    }

    /// What a call would cost this account. Needs no key: the runtime prices length and weight only.
    pub async fn estimate_fee<C: Payload>(
        &self,
        from: &AccountId32,
        call: &C,
        options: &TxOptions,
    ) -> Result<Fee> {
        let at = self.at(At::Finalised).await?;
        let nonce = self.nonce(from, options).await?;
        let placeholder = MultiSignature::Sr25519([1; 64]);
        let transaction = self
            .signable(&at, call, nonce, options)?
            .sign_with_account_and_signature(from, &placeholder)
            .map_err(Error::runtime)?;
        fee(&transaction, options.tip_planck).await
    }

    /// A call as the runtime knows it: what a proposal or a multisig is made of.
    pub async fn call_data<C: Payload>(&self, call: &C) -> Result<Vec<u8>> {
        let at = self.at(At::Finalised).await?;
        at.transactions().call_data(call).map_err(Error::runtime)
    }

    async fn nonce(&self, account: &AccountId32, options: &TxOptions) -> Result<u32> {
        match options.nonce {
            Some(nonce) => Ok(nonce),
            None => self.raw().next_nonce(account).await,
        }
    }

    fn signable<'call, C: Payload>(
        &self,
        at: &AtBlock,
        call: &'call C,
        nonce: u32,
        options: &TxOptions,
    ) -> Result<Signable<'call, C>> {
        let params = DefaultExtrinsicParamsBuilder::new()
            .nonce(nonce.into())
            .tip(options.tip_planck);
        let params = match options.mortality.period(self.block_hash_count(at)?)? {
            Some(period) => {
                params.mortal_from_unchecked(period.into(), at.block_number(), at.block_hash())
            }
            None => params.immortal(),
        };
        at.transactions()
            .create_v4_signable_offline(call, params.build())
            .map_err(Error::runtime)
    }
}

impl Prepared {
    /// Its hash, by which explorers and `plume tx status` know it.
    pub fn hash(&self) -> H256 {
        self.transaction.hash()
    }

    /// Its bytes, as `author_submitExtrinsic` takes them.
    pub fn encoded(&self) -> &[u8] {
        self.transaction.encoded()
    }

    /// Its number among the sender's transactions.
    pub fn nonce(&self) -> u32 {
        self.nonce
    }

    /// What it is expected to cost.
    pub async fn fee(&self) -> Result<Fee> {
        fee(&self.transaction, self.tip_planck).await
    }

    /// Whether the pool would take it, without sending it; the reason if not. Says nothing about whether the
    /// call succeeds once it is in a block.
    pub async fn check(&self) -> Result<core::result::Result<(), String>> {
        let verdict = self.transaction.validate().await.map_err(Error::runtime)?;
        Ok(match verdict {
            ValidationResult::Valid(_) => Ok(()),
            ValidationResult::Invalid(reason) => Err(format!("{reason:?}")),
            ValidationResult::Unknown(reason) => Err(format!("unknown: {reason:?}")),
        })
    }

    /// Hands it to the node's pool. Returns when the pool has accepted it.
    pub async fn submit(self) -> Result<Progress> {
        Progress::start(self.client, self.transaction.encoded()).await
    }
}

/// `TransactionPaymentApi::query_info` answers `{ weight: { compact, compact }, class: u8, partial_fee: u128 }`;
/// the partial fee has no tip in it.
async fn fee(transaction: &Submittable, tip_planck: u128) -> Result<Fee> {
    let base_planck = transaction
        .partial_fee_estimate()
        .await
        .map_err(Error::runtime)?;
    Ok(Fee {
        base_planck,
        tip_planck,
    })
}
