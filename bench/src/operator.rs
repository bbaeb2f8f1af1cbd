//! One account that sets a chain up: it counts its own nonces, and sends many calls without waiting for each.

use crate::{
    Calls,
    calls::{stored, value_key},
};
use anyhow::{Context, bail, ensure};
use futures::{StreamExt, stream};
use plume_sdk::{
    At, Client, Found, H256, OfflineTransfers, SignedTransfer, Signer, TxOptions, raw::to_hex,
};
use std::time::{Duration, Instant};

/// Unanswered requests.
const IN_FLIGHT: usize = 32;
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
    offline: OfflineTransfers,
    next_nonce: u32,
}

impl Operator {
    /// For the account of this secret URI, which is sudo's if it is to do what root does.
    pub async fn new(client: &Client, secret: &str) -> anyhow::Result<Self> {
        let signer = Signer::from_uri(secret).context("the operator's secret cannot be used")?;
        Ok(Self {
            client: client.clone(),
            calls: Calls::of(client).await?,
            offline: client.offline_transfers(&TxOptions::default()).await?,
            next_nonce: client.raw().next_nonce(&signer.account()).await?,
            signer,
        })
    }

    /// Whose calls they are.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Renews the signatures' lifetime, which is that of [`TxOptions`], and asks for the nonce again.
    pub async fn renew(&mut self, options: &TxOptions) -> anyhow::Result<()> {
        self.offline = self.client.offline_transfers(options).await?;
        self.next_nonce = self.client.raw().next_nonce(&self.signer.account()).await?;
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
        let began = self.next_nonce;
        let signed: Vec<_> = calls.into_iter().map(|call| self.sign(&call)).collect();
        let rpc = self.client.raw().clone();
        let mut answers = stream::iter(&signed)
            .map(|one| rpc.submit_raw(&one.bytes))
            .buffered(IN_FLIGHT);
        let mut sent = 0;
        while let Some(answer) = answers.next().await {
            answer.with_context(|| {
                format!("the node refused call {} of {}", sent + 1, signed.len())
            })?;
            sent += 1;
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
                "{} of {} calls of the set-up are final, and for {} s nothing moves: see the node's log",
                seen.saturating_sub(began),
                signed.len(),
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
