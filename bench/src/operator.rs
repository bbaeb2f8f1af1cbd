//! One account that sets a chain up: it counts its own nonces, and sends many calls without waiting for each.

use crate::{
    Calls,
    calls::{stored, value_key},
};
use anyhow::{Context, bail, ensure};
use futures::{StreamExt, stream};
use plume_sdk::{
    At, Client, Found, H256, Mortality, OfflineTransfers, SignedTransfer, Signer, TxOptions,
    raw::to_hex,
};
use std::time::{Duration, Instant};

/// Unanswered requests: as many as the node validates at once.
const IN_FLIGHT: usize = 64;
/// Calls that wait in the pool at once. It takes no more than twice as many of one account.
const AT_ONCE: usize = 4_096;
/// Final blocks through which the outcome of a call is looked for.
const LOOK_BACK: u32 = 256;
/// Between two looks at the account.
const PAUSE: Duration = Duration::from_millis(50);
/// How long nothing may move until something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends calls of one account.
pub struct Operator {
    /// The node that it talks to.
    pub client: Client,
    /// The runtime's calls.
    pub calls: Calls,
    signer: Signer,
    options: TxOptions,
    offline: OfflineTransfers,
    next_nonce: u32,
}

/// What is sent waits for many others of its kind.
const LIFETIME_BLOCKS: u32 = 4_096;

impl Operator {
    /// For the account of this secret URI, which is sudo's if it is to do what root does.
    pub async fn new(client: &Client, secret: &str) -> anyhow::Result<Self> {
        let signer = Signer::from_uri(secret).context("the operator's secret cannot be used")?;
        let options = TxOptions {
            mortality: Mortality::Blocks(LIFETIME_BLOCKS),
            ..TxOptions::default()
        };
        Ok(Self {
            client: client.clone(),
            calls: Calls::of(client).await?,
            offline: client.offline_transfers(&options).await?,
            options,
            next_nonce: client.raw().next_nonce(&signer.account()).await?,
            signer,
        })
    }

    /// Whose calls they are.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Signs for ever from now on, where nobody waits for what was signed to become final.
    pub async fn sign_for_ever(&mut self) -> anyhow::Result<()> {
        self.options.mortality = Mortality::Immortal;
        self.renew().await
    }

    /// Renews the signatures' lifetime.
    async fn renew(&mut self) -> anyhow::Result<()> {
        self.offline = self.client.offline_transfers(&self.options).await?;
        Ok(())
    }

    /// Signs the next call. It has to be sent, or later ones wait for it for ever.
    pub fn sign(&mut self, call: &[u8]) -> SignedTransfer {
        let signed = self.offline.sign_call(&self.signer, call, self.next_nonce);
        self.next_nonce = self.next_nonce.saturating_add(1);
        signed
    }

    /// Sends calls, and returns when they are final. `on_final` hears how many are. Says nothing about whether
    /// they succeeded.
    pub async fn send(
        &mut self,
        calls: impl IntoIterator<Item = Vec<u8>>,
        mut on_final: impl FnMut(usize),
    ) -> anyhow::Result<Vec<H256>> {
        let calls: Vec<_> = calls.into_iter().collect();
        let mut hashes = Vec::with_capacity(calls.len());
        for part in calls.chunks(AT_ONCE) {
            self.renew().await?;
            let done = hashes.len();
            let sent = self.send_part(part, |count| on_final(done + count)).await;
            hashes.extend(sent.with_context(|| {
                format!("{done} calls of {} are final, and no more", calls.len())
            })?);
        }
        Ok(hashes)
    }

    async fn send_part(
        &mut self,
        calls: &[Vec<u8>],
        mut on_final: impl FnMut(usize),
    ) -> anyhow::Result<Vec<H256>> {
        let began = self.next_nonce;
        let signed: Vec<_> = calls.iter().map(|call| self.sign(call)).collect();
        let rpc = self.client.raw().clone();
        let mut answers = stream::iter(&signed)
            .map(|one| rpc.submit_raw(&one.bytes))
            .buffered(IN_FLIGHT);
        while let Some(answer) = answers.next().await {
            answer.context("the node refused a call of the set-up")?;
        }
        drop(answers);
        let (mut seen, mut moved) = (began, Instant::now());
        while seen < self.next_nonce {
            let account = self.signer.account();
            let nonce = self.client.account(&account, At::Finalised).await?.nonce;
            if nonce > seen {
                (seen, moved) = (nonce, Instant::now());
                on_final(usize::try_from(nonce.saturating_sub(began)).unwrap_or(usize::MAX));
                continue;
            }
            ensure!(
                moved.elapsed() < PATIENCE,
                "for {} s no further call of the set-up has become final: see the node's log",
                PATIENCE.as_secs()
            );
            tokio::time::sleep(PAUSE).await;
        }
        Ok(signed.iter().map(|one| one.hash).collect())
    }

    /// Does as root does: waits until it is final, and errors if it failed.
    pub async fn sudo(&mut self, call: &[u8]) -> anyhow::Result<()> {
        let call = self.calls.sudo(call)?;
        self.call(call).await
    }

    /// Sends one call, waits until it is final, and errors if it failed.
    pub async fn call(&mut self, call: Vec<u8>) -> anyhow::Result<()> {
        let sent = self.send([call], |_| {}).await?;
        let hash = *sent.first().context("one call was sent")?;
        let found = self.client.find_transaction(hash, LOOK_BACK).await?;
        let Some(Found::Finalised(inclusion)) = found else {
            bail!("the call {} of the set-up is lost", to_hex(&hash.0));
        };
        let inclusion = inclusion.ok()?;
        let failed = |event: &&plume_sdk::Event| {
            event.is("Sudo", "Sudid") && event.fields.to_string().contains("Err")
        };
        if let Some(event) = inclusion.events.iter().find(failed) {
            bail!("root could not do it: {}", event.fields);
        }
        Ok(())
    }

    /// Seconds since the first block, as the best block has it.
    pub async fn chain_seconds(&self) -> anyhow::Result<u32> {
        let key = value_key("Clock", "ElapsedSeconds");
        let seconds: Option<u32> = stored(self.client.raw(), &key, None).await?;
        Ok(seconds.unwrap_or(0))
    }

    /// Milliseconds since 1970, as the best block has it.
    pub async fn chain_ms(&self) -> anyhow::Result<u64> {
        let key = value_key("Timestamp", "Now");
        let now: Option<u64> = stored(self.client.raw(), &key, None).await?;
        now.context("the chain has no time")
    }

    /// The account, as the chain encodes it.
    pub fn account(&self) -> [u8; 32] {
        self.signer.account().0
    }
}
