//! Plays the steps: moves the clock, sends, has blocks sealed, and listens.

use super::{
    Book, Notice, Prepared, Scale, Step,
    notices::{self, Said, denial_code},
};
use crate::{
    Bar, Calls, Operator,
    calls::{stored_bytes, value_key},
    policies, prices,
};
use anyhow::{Context, bail, ensure};
use codec::Encode;
use futures::{StreamExt, stream};
use pallet_compliance::Scope;
use plume_aml::Transaction;
use plume_primitives::compliance::{Asset, Reason};
use plume_sdk::{
    At, AtBlock, Client, H256, Mortality, OfflineTransfer, OfflineTransfers, SignedTransfer,
    TxOptions,
    raw::{Rpc, SubmitError, extrinsic_hash, to_hex},
    subxt_rpcs::client::rpc_params,
};
use std::{
    collections::HashMap,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, task::JoinSet};

/// Unanswered requests: as many as the node validates at once.
const IN_FLIGHT: usize = 64;
/// Steps that are signed ahead.
const AHEAD: usize = 8;
/// Blocks whose events are being read.
const READING: usize = 32;
/// Blocks in a row that take nothing of what waits, until something is wrong.
const MOST_IDLE: usize = 20;
/// After a block that took nothing.
const PAUSE: Duration = Duration::from_millis(20);
/// The chain visits every second for what is scheduled then, and nothing is. A jump beyond this would fill
/// blocks with these visits, so it is told that all of it is done.
const JUMP_S: u64 = 3_600;

/// What became of the transfers; all by their place in the file's order.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// Denied, with the reason that the pool gave.
    pub denied: Vec<(usize, Reason)>,
    /// In a block, with what rules said.
    pub found: Vec<(usize, Vec<Said>)>,
    /// In a block, with how many rules of the curve would have spoken.
    pub tried: Vec<(usize, usize)>,
    /// In a block, and failed.
    pub failed: Vec<usize>,
    /// Refused or ended for another reason, in the node's words.
    pub lost: Vec<(usize, String)>,
    /// In a block.
    pub included: usize,
    /// Blocks that were sealed.
    pub blocks: usize,
    /// How long it took.
    pub elapsed: Duration,
}

/// Plays on one node.
pub struct Player {
    rpc: Rpc,
    operator: Operator,
    /// For decoding events; the runtime stays the same.
    at: AtBlock,
    transactions: Arc<Vec<Transaction>>,
    book: Arc<Book>,
    offline: OfflineTransfers,
    scale: Scale,
    steps: Vec<Step>,
    begins_ms: u64,
    quote_age_s: u32,
    /// Seconds for which the curve's rules can be tried before they have to be tried anew; none if they are not.
    trial_s: Option<u32>,
    reading: JoinSet<anyhow::Result<Vec<(usize, Notice)>>>,
    played: Played,
}

/// What a block is expected to take.
#[derive(Clone, Copy, Debug)]
enum Expected {
    /// The transfer of this place, its sender, and its nonce.
    Transfer(usize, usize, u32),
    /// What makes way for it.
    Other,
}

/// A step, signed.
struct SignedStep {
    travel: Vec<SignedTransfer>,
    transfers: Vec<SignedTransfer>,
    /// Sender and nonce of each transfer.
    nonces: Vec<(usize, u32)>,
}

impl Player {
    /// On the chain that was prepared.
    pub async fn new(
        client: &Client,
        prepared: Prepared,
        transactions: Arc<Vec<Transaction>>,
    ) -> anyhow::Result<Self> {
        let options = TxOptions {
            mortality: Mortality::Immortal,
            ..TxOptions::default()
        };
        let calls = &prepared.operator.calls;
        let trial_s = match prepared.curve {
            true => Some(calls.constant("Compliance", "MaxTrial")?),
            false => None,
        };
        Ok(Self {
            trial_s,
            rpc: client.raw().clone(),
            at: client.at(At::Finalised).await?,
            offline: client.offline_transfers(&options).await?,
            operator: prepared.operator,
            transactions,
            book: Arc::new(prepared.book),
            scale: prepared.scale,
            steps: prepared.steps,
            begins_ms: prepared.begins_ms,
            quote_age_s: prepared.quote_age_s,
            reading: JoinSet::new(),
            played: Played::default(),
        })
    }

    /// Plays everything.
    pub async fn play(mut self) -> anyhow::Result<Played> {
        let began = Instant::now();
        // From the first such block on the node seals no other.
        let now_ms = self.operator.chain_ms().await?;
        let _: H256 = self
            .rpc
            .request("plume_sealAt", rpc_params![now_ms])
            .await?;
        let mut bar = Bar::new("Replaying", self.transactions.len());
        let mut signed = self.sign_ahead();
        let steps = std::mem::take(&mut self.steps);
        let first_s = steps.first().map_or(0, |step| step.time_s);
        let mut priced_s = None;
        let mut tried_s = None;
        let mut before_s: Option<u64> = None;
        for step in &steps {
            let time_ms = self
                .begins_ms
                .saturating_add((step.time_s - first_s).saturating_mul(1_000));
            if before_s.is_none_or(|before| step.time_s - before > JUMP_S) {
                let now_ms = match before_s {
                    Some(before) => self.begins_ms + (before - first_s) * 1_000,
                    None => self.operator.chain_ms().await?,
                };
                self.skip_schedule(now_ms).await?;
            }
            before_s = Some(step.time_s);
            let ready = signed.recv().await;
            let ready = ready.context("the signing thread ended early")??;
            let is_old = |priced: u64| step.time_s - priced > u64::from(self.quote_age_s / 2);
            let mut first = ready.travel;
            if priced_s.is_none_or(is_old) {
                let post = prices::post(&self.operator.calls, self.scale.cents())?;
                first.insert(0, self.operator.sign(&post));
                priced_s = Some(step.time_s);
            }
            if let Some(trial_s) = self.trial_s {
                let is_over = |since: u64| step.time_s - since > u64::from(trial_s / 2);
                if tried_s.is_none_or(is_over) {
                    let call = self.trial(trial_s, tried_s.is_some())?;
                    first.push(self.operator.sign(&call));
                    tried_s = Some(step.time_s);
                }
            }
            self.send_first(first, time_ms).await?;
            self.send_transfers(step, &ready.transfers, &ready.nonces, time_ms)
                .await?;
            self.collect(READING).await?;
            bar.at(step.transfers.end);
        }
        self.collect(0).await?;
        bar.done();
        self.played.elapsed = began.elapsed();
        Ok(self.played)
    }

    /// Signs the steps on a thread of its own. Whatever becomes of a transfer, its nonce is used up.
    fn sign_ahead(&self) -> mpsc::Receiver<anyhow::Result<SignedStep>> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let transactions = self.transactions.clone();
        let book = self.book.clone();
        let steps = self.steps.clone();
        let (offline, calls, scale) = (
            self.offline.clone(),
            self.operator.calls.clone(),
            self.scale,
        );
        thread::spawn(move || {
            let mut signing = Signing {
                nonces: vec![0; book.all.len()],
                transactions: &transactions,
                book: &book,
                offline,
                calls,
                scale,
            };
            for step in &steps {
                let signed = signing.sign(step);
                // Nobody listens any more when the replay has failed.
                if sender.blocking_send(signed).is_err() {
                    return;
                }
            }
        });
        receiver
    }

    /// Has the curve's rules tried for so long, in place of an earlier trial of them.
    fn trial(&self, seconds: u32, again: bool) -> anyhow::Result<Vec<u8>> {
        let calls = &self.operator.calls;
        let mut both = Vec::new();
        if again {
            both.push(calls.call("Compliance", "end_trial", Scope::Native)?);
        }
        let arguments = (Scope::Native, policies::curve(), seconds);
        both.push(calls.call("Compliance", "start_trial", arguments)?);
        calls.sudo(&calls.batch(&both)?)
    }

    /// Tells the chain, before its clock jumps, that everything until then is done.
    async fn skip_schedule(&mut self, now_ms: u64) -> anyhow::Result<()> {
        let item = (value_key("Scheduler", "IncompleteSince"), u32::MAX.encode());
        let set = self
            .operator
            .calls
            .call("System", "set_storage", vec![item])?;
        let call = self.operator.calls.sudo(&set)?;
        let signed = self.operator.sign(&call);
        self.send_first(vec![signed], now_ms).await
    }

    /// Sends what has to be in a block before the transfers are.
    async fn send_first(
        &mut self,
        signed: Vec<SignedTransfer>,
        time_ms: u64,
    ) -> anyhow::Result<()> {
        if signed.is_empty() {
            return Ok(());
        }
        for (_, answer) in self.submit(&signed).await {
            answer.context("the node refused what has to come before the transfers")?;
        }
        let mut waiting = signed
            .iter()
            .map(|one| (one.hash, Expected::Other))
            .collect();
        self.seal(time_ms, &mut waiting).await
    }

    async fn send_transfers(
        &mut self,
        step: &Step,
        signed: &[SignedTransfer],
        nonces: &[(usize, u32)],
        time_ms: u64,
    ) -> anyhow::Result<()> {
        let mut waiting = HashMap::new();
        for (number, answer) in self.submit(signed).await {
            let place = step.transfers.start + number;
            let (Some(one), Some((sender, nonce))) = (signed.get(number), nonces.get(number))
            else {
                bail!("there is no transfer {place}");
            };
            match answer {
                Ok(()) => {
                    let expected = Expected::Transfer(place, *sender, *nonce);
                    waiting.insert(one.hash, expected);
                }
                Err(SubmitError::Denied { code, .. } | SubmitError::Custom(code)) => {
                    self.deny(place, code)?;
                    let filler = self.fill(*sender, *nonce).await?;
                    waiting.insert(filler, Expected::Other);
                }
                Err(error) => bail!("the node refused transfer {place}: {error}"),
            }
        }
        self.seal(time_ms, &mut waiting).await
    }

    /// Submits many at once; the answers with the places of what they answer.
    async fn submit(&self, signed: &[SignedTransfer]) -> Vec<(usize, Result<(), SubmitError>)> {
        stream::iter(signed.iter().enumerate())
            .map(async |(place, one)| (place, self.rpc.submit_raw(&one.bytes).await.map(drop)))
            .buffered(IN_FLIGHT)
            .collect()
            .await
    }

    fn deny(&mut self, place: usize, code: u8) -> anyhow::Result<()> {
        let reason = Reason::from_code(code).with_context(|| {
            format!("transfer {place} was refused with the unknown code {code}")
        })?;
        self.played.denied.push((place, reason));
        Ok(())
    }

    /// Uses up the nonce of what was denied, so that later ones of its sender do not wait for it.
    async fn fill(&self, sender: usize, nonce: u32) -> anyhow::Result<H256> {
        let known = self.book.all.get(sender).context("the sender is known")?;
        let remark = self
            .operator
            .calls
            .call("System", "remark", Vec::<u8>::new())?;
        let signed = self.offline.sign_call(&known.signer, &remark, nonce);
        let sent = self.rpc.submit_raw(&signed.bytes).await;
        sent.context("the node refused what takes the place of a denied transfer")?;
        Ok(signed.hash)
    }

    /// Has blocks sealed until they have taken everything that waits.
    async fn seal(
        &mut self,
        time_ms: u64,
        waiting: &mut HashMap<H256, Expected>,
    ) -> anyhow::Result<()> {
        let mut idle = 0;
        while !waiting.is_empty() {
            let hash: H256 = self
                .rpc
                .request("plume_sealAt", rpc_params![time_ms])
                .await?;
            self.played.blocks += 1;
            let block = self.rpc.block(hash).await?;
            let block = block.context("the node forgot the block that it sealed")?;
            let before = waiting.len();
            let mut taken = Vec::new();
            for (index, extrinsic) in (0u32..).zip(&block.extrinsics) {
                if let Some(Expected::Transfer(place, ..)) =
                    waiting.remove(&extrinsic_hash(extrinsic))
                {
                    taken.push((index, place));
                }
            }
            self.played.included += taken.len();
            if !taken.is_empty() {
                self.read(hash, taken);
            }
            if waiting.len() < before {
                idle = 0;
                continue;
            }
            idle += 1;
            ensure!(
                idle < MOST_IDLE,
                "{} transactions wait, and {MOST_IDLE} blocks have taken none of them, such as {}",
                waiting.len(),
                waiting
                    .keys()
                    .next()
                    .map_or(String::new(), |hash| to_hex(&hash.0))
            );
            self.ask_after(waiting).await?;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Asks what became of those that wait: one that was denied when it was to be put into a block is over.
    async fn ask_after(&mut self, waiting: &mut HashMap<H256, Expected>) -> anyhow::Result<()> {
        let hashes: Vec<H256> = waiting.keys().copied().collect();
        for hash in hashes {
            let state: serde_json::Value = self
                .rpc
                .request("plume_transactionStatus", rpc_params![hash])
                .await?;
            if state.get("state").and_then(|state| state.as_str()) != Some("ended") {
                continue;
            }
            let words = state.to_string();
            if state.get("outcome").and_then(|outcome| outcome.as_str()) == Some("finalized") {
                bail!("a block that was not asked for took a transaction: {words}");
            }
            match waiting.remove(&hash) {
                Some(Expected::Transfer(place, sender, nonce)) => {
                    match denial_code(&words) {
                        Some(code) => self.deny(place, code)?,
                        None => self.played.lost.push((place, words)),
                    }
                    let filler = self.fill(sender, nonce).await?;
                    waiting.insert(filler, Expected::Other);
                }
                Some(Expected::Other) => bail!("what has to come before transfers ended: {words}"),
                None => {}
            }
        }
        Ok(())
    }

    /// Begins to read what a block says about the transfers that it took.
    fn read(&mut self, hash: H256, taken: Vec<(u32, usize)>) {
        let (rpc, at) = (self.rpc.clone(), self.at.clone());
        self.reading.spawn(async move {
            let key = value_key("System", "Events");
            let bytes = stored_bytes(&rpc, &key, Some(hash)).await?;
            let bytes = bytes.context("a block has no events")?;
            let said = notices::of(&at.events().from_bytes(bytes))?;
            let places: HashMap<u32, usize> = taken.into_iter().collect();
            let of_ours = said
                .into_iter()
                .filter_map(|(index, notice)| Some((*places.get(&index)?, notice)));
            Ok(of_ours.collect())
        });
    }

    /// Takes what was read, and waits until no more than so many blocks are being read.
    async fn collect(&mut self, most: usize) -> anyhow::Result<()> {
        loop {
            let read = match self.reading.len() > most {
                true => self.reading.join_next().await,
                false => self.reading.try_join_next(),
            };
            let Some(read) = read else { return Ok(()) };
            for (place, notice) in read.context("a reader of events panicked")?? {
                match notice {
                    Notice::Found(said) => self.played.found.push((place, said)),
                    Notice::Tried(rules) => self.played.tried.push((place, rules)),
                    Notice::Failed => self.played.failed.push(place),
                }
            }
        }
    }
}

/// What the signing thread has.
struct Signing<'a> {
    transactions: &'a [Transaction],
    book: &'a Book,
    offline: OfflineTransfers,
    calls: Calls,
    scale: Scale,
    nonces: Vec<u32>,
}

impl Signing<'_> {
    fn sign(&mut self, step: &Step) -> anyhow::Result<SignedStep> {
        let mut signed = SignedStep {
            travel: Vec::with_capacity(step.travel.len()),
            transfers: Vec::with_capacity(step.transfers.len()),
            nonces: Vec::with_capacity(step.transfers.len()),
        };
        for place in &step.travel {
            let (amount, sender, to) = self.parties(*place)?;
            let envelope = extrinsic_hash(&place.to_le_bytes());
            let arguments = (to, Asset::Native, amount, envelope);
            let call = self
                .calls
                .call("Compliance", "attach_travel_data", arguments)?;
            let nonce = self.next_nonce(sender);
            let signer = &self
                .book
                .all
                .get(sender)
                .context("the sender is known")?
                .signer;
            signed
                .travel
                .push(self.offline.sign_call(signer, &call, nonce));
        }
        for place in step.transfers.clone() {
            let (amount_planck, sender, to) = self.parties(place)?;
            let nonce = self.next_nonce(sender);
            let from = &self
                .book
                .all
                .get(sender)
                .context("the sender is known")?
                .signer;
            signed.transfers.push(self.offline.sign(&OfflineTransfer {
                from,
                to: plume_sdk::AccountId32(to),
                amount_planck,
                nonce,
            }));
            signed.nonces.push((sender, nonce));
        }
        Ok(signed)
    }

    /// What a transfer moves, its sender's place, and its recipient.
    fn parties(&self, place: usize) -> anyhow::Result<(u128, usize, [u8; 32])> {
        let transaction = self
            .transactions
            .get(place)
            .context("the transfer is there")?;
        let sender = self
            .book
            .place(&transaction.from)
            .context("the sender is known")?;
        let to = self.book.place(&transaction.to);
        let to = to.and_then(|place| self.book.all.get(place));
        let to = to.context("the recipient is known")?.signer.account().0;
        Ok((self.scale.planck(transaction), sender, to))
    }

    fn next_nonce(&mut self, sender: usize) -> u32 {
        let Some(next) = self.nonces.get_mut(sender) else {
            return 0;
        };
        let nonce = *next;
        *next = next.saturating_add(1);
        nonce
    }
}
