//! Payments: from a wallet's words to a final block.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use plume_circuits::{transfer::CREDENTIAL_DEPTH, tree::Path};
use plume_sdk::{At, AtBlock, General, Progress, TxOptions, raw};
use plume_shielded::{Contact, Disclosure, Memo, SpendingKey};
use plume_wallet::{Call, Draft, Holder, PLUME, Problem, Receiver, Spender, Terms, amount};
use serde::Serialize;

use super::node::Node;
use super::proving::{prover, rounded};
use super::stored::{Circuit, PALLET};
use super::{KeySource, Open, WalletFile, asset_number, keys, read_text, refused, units};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{files, party, patience};

/// Longer than finality takes on a healthy network by far.
const LIMIT: Duration = Duration::from_secs(120);

/// What every payment needs.
#[derive(Args, Debug)]
pub struct PayArgs {
    #[command(flatten)]
    file: WalletFile,
    #[command(flatten)]
    key: KeySource,
    /// The own credential: a file with claims, issuer, salt and subject.
    #[arg(long, value_name = "FILE")]
    credential: PathBuf,
    /// The proving key of the chain's circuit [default: the key of development networks]
    #[arg(long, value_name = "FILE")]
    proving_key: Option<PathBuf>,
}

/// What is brought into the pool.
#[derive(Args, Debug)]
pub struct ShieldArgs {
    #[command(flatten)]
    pay: PayArgs,
    /// The account that it comes from: //Alice, a seed (0x...), or @FILE that holds a secret. It pays the fee.
    #[arg(long, value_name = "SECRET")]
    from: String,
    /// How much: PLUME, or pool units of another asset.
    #[arg(long)]
    amount: String,
    /// Number of the asset [default: PLUME]
    #[arg(long, value_name = "NUMBER")]
    asset: Option<u32>,
}

/// What is paid.
#[derive(Args, Debug)]
pub struct SendArgs {
    #[command(flatten)]
    pay: PayArgs,
    /// The contact of whoever is paid.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// How much: PLUME, or pool units of another asset.
    #[arg(long)]
    amount: String,
    /// Number of the asset [default: PLUME]
    #[arg(long, value_name = "NUMBER")]
    asset: Option<u32>,
    /// For the receiver: up to 128 bytes that only it reads.
    #[arg(long, default_value = "")]
    memo: String,
    #[command(flatten)]
    fee: FeeArgs,
}

/// What leaves the pool.
#[derive(Args, Debug)]
pub struct UnshieldArgs {
    #[command(flatten)]
    pay: PayArgs,
    /// The account that gets it: an address, a public key (0x...), or a development account.
    #[arg(long, value_name = "WHO")]
    to: String,
    /// How much: PLUME, or pool units of another asset.
    #[arg(long)]
    amount: String,
    /// Number of the asset [default: PLUME]
    #[arg(long, value_name = "NUMBER")]
    asset: Option<u32>,
    #[command(flatten)]
    fee: FeeArgs,
}

/// Whose notes become one.
#[derive(Args, Debug)]
pub struct MergeArgs {
    #[command(flatten)]
    pay: PayArgs,
    /// Number of the asset [default: PLUME]
    #[arg(long, value_name = "NUMBER")]
    asset: Option<u32>,
    #[command(flatten)]
    fee: FeeArgs,
}

/// What the chain gets.
#[derive(Args, Debug)]
struct FeeArgs {
    /// The fee in PLUME, out of the pool [default: what is demanded and a tenth, rounded up]
    #[arg(long, value_name = "PLUME")]
    fee: Option<String>,
}

/// A payment that is in a final block.
#[derive(Debug, Serialize)]
struct PaidReport {
    tx_hash: String,
    block: u64,
    asset: u32,
    units: String,
    /// Units of PLUME out of the pool.
    fee_units: String,
    #[serde(skip)]
    text: String,
}

impl Report for PaidReport {
    fn text(&self) -> String {
        let mut rows = vec![
            ("transaction", self.tx_hash.clone()),
            ("final in block", format!("#{}", self.block)),
            ("amount", self.text.clone()),
        ];
        if self.fee_units != "0" {
            let fee = self.fee_units.parse().unwrap_or_default();
            rows.push(("fee", amount(PLUME, fee)));
        }
        table(&rows)
    }
}

/// Runs `plume wallet shield`.
pub async fn shield(args: &ShieldArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let asset = asset_number(args.asset);
    let value = units(&args.amount, asset)?;
    let signer = party::signer(&args.from)?;
    let mut paying = Paying::begin(&args.pay, global).await?;
    let from = signer.account().0;
    let draft = paying.draft(|spender| spender.deposit(from, asset, value))?;
    let call = paying.prove(&draft, &args.pay).await?;
    let client = paying.node.client().clone();
    let at = client.at(At::Finalised).await?;
    let encoded = client.encoded_call(&at, PALLET, call.name(), &call.arguments())?;
    let signed = client.call_of(&at, &encoded)?;
    let options = TxOptions::default();
    let sending = client.submit(&signer, &signed, &options);
    let report = paying.follow(&draft, sending).await?;
    output.report(&report.of(asset, value, 0))
}

/// Runs `plume wallet send`.
pub async fn send(args: &SendArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let asset = asset_number(args.asset);
    let value = units(&args.amount, asset)?;
    let memo = Memo::from_text(&args.memo).ok_or_else(|| {
        Failure::new(
            "the memo has more than 128 bytes, or a zero",
            "Shorten it; letters beyond English take two bytes and more",
        )
    })?;
    let mut paying = Paying::begin(&args.pay, global).await?;
    let contact = Contact::from_json(&read_text(&args.to)?, paying.open.wallet.network());
    let contact = contact.map_err(|error| {
        Failure::new(
            format!("{} is no contact: {error}", args.to.display()),
            "Ask the receiver for the file that `plume wallet contact` writes",
        )
    })?;
    let path = match contact.disclosure() {
        None => None,
        Some(shown) => paying.path(shown, &contact).await?,
    };
    let receiver = Receiver {
        contact: &contact,
        path,
    };
    let fee = paying
        .fee(&args.fee, |spender, fee| {
            spender.send(&receiver, (asset, value), memo, fee)
        })
        .await?;
    let draft = paying.draft(|spender| spender.send(&receiver, (asset, value), memo, fee))?;
    paying.open.wallet.remember_contact(&contact);
    let report = paying.pay(&draft, &args.pay).await?;
    output.report(&report.of(asset, value, fee))
}

/// Runs `plume wallet unshield`.
pub async fn unshield(
    args: &UnshieldArgs,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let asset = asset_number(args.asset);
    let value = units(&args.amount, asset)?;
    let to = party::account(&args.to)?.0;
    let mut paying = Paying::begin(&args.pay, global).await?;
    let fee = paying
        .fee(&args.fee, |spender, fee| {
            spender.withdraw(to, (asset, value), fee)
        })
        .await?;
    let draft = paying.draft(|spender| spender.withdraw(to, (asset, value), fee))?;
    let report = paying.pay(&draft, &args.pay).await?;
    output.report(&report.of(asset, value, fee))
}

/// Runs `plume wallet merge`.
pub async fn merge(args: &MergeArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let asset = asset_number(args.asset);
    let mut paying = Paying::begin(&args.pay, global).await?;
    let fee = paying
        .fee(&args.fee, |spender, fee| spender.merge(asset, fee))
        .await?;
    let draft = paying.draft(|spender| spender.merge(asset, fee))?;
    let report = paying.pay(&draft, &args.pay).await?;
    let entries = paying.open.wallet.history().iter().rev();
    let merged = entries
        .filter(|entry| entry.asset == asset)
        .map(|entry| entry.moved());
    output.report(&report.of(asset, merged.max().unwrap_or_default(), fee))
}

/// A wallet that has followed the chain and knows what counts.
struct Paying {
    open: Open,
    node: Node,
    key: SpendingKey,
    holder: Holder,
    /// Where `holder` and `terms` were read.
    at: AtBlock,
    terms: Terms,
    circuit: Circuit,
}

/// Where a transaction ended up.
struct Arrived {
    tx_hash: String,
    block: u64,
}

impl Arrived {
    fn of(self, asset: u32, units: u64, fee: u64) -> PaidReport {
        PaidReport {
            tx_hash: self.tx_hash,
            block: self.block,
            asset,
            units: units.to_string(),
            fee_units: fee.to_string(),
            text: amount(asset, units.into()),
        }
    }
}

impl Paying {
    async fn begin(args: &PayArgs, global: &Global) -> Result<Self, Failure> {
        let disclosure = keys::disclosure(&args.credential)?;
        let mut open = Open::new(&args.file)?;
        let key = args.key.of(&open.wallet)?;
        let mut node = open.node(global).await?;
        open.sync(&mut node).await?;
        let pool_key = open.wallet.viewing_key().pool_key();
        let at = node.now().await?;
        let holder = node.holder(&at, disclosure, &pool_key).await?;
        let (terms, circuit) = node.terms(&at).await?;
        Ok(Self {
            open,
            node,
            key,
            holder,
            at,
            terms,
            circuit,
        })
    }

    /// Where the leaf of a receiver's credential is.
    async fn path(
        &self,
        shown: &Disclosure,
        contact: &Contact,
    ) -> Result<Option<Path<CREDENTIAL_DEPTH>>, Failure> {
        let pool_key = contact.address().pool_key;
        self.node.path(&self.at, shown, &pool_key).await
    }

    fn draft(
        &self,
        make: impl FnOnce(Spender<'_>) -> Result<Draft, Problem>,
    ) -> Result<Draft, Failure> {
        let spender = self
            .open
            .wallet
            .spender(&self.key, &self.terms, &self.holder);
        spender.and_then(make).map_err(refused)
    }

    /// The fee that was given, or what the chain demands of such a transaction and some more: it may rise until the
    /// transaction is in a block.
    async fn fee(
        &self,
        args: &FeeArgs,
        make: impl FnOnce(Spender<'_>, u64) -> Result<Draft, Problem>,
    ) -> Result<u64, Failure> {
        if let Some(fee) = &args.fee {
            return units(fee, PLUME);
        }
        let draft = self.draft(|spender| make(spender, 1))?;
        let call = draft.unproven().ok_or(Problem::Size).map_err(refused)?;
        let demanded = self.general(&call).await?.fee().await?.base_planck;
        Ok(rounded(demanded))
    }

    async fn general(&self, call: &Call) -> Result<General, Failure> {
        let client = self.node.client();
        let at = client.at(At::Finalised).await?;
        let encoded = client.encoded_call(&at, PALLET, call.name(), &call.arguments())?;
        Ok(client.general(&at, &encoded)?)
    }

    async fn prove(&self, draft: &Draft, args: &PayArgs) -> Result<Call, Failure> {
        let bytes = args.proving_key.as_ref();
        let bytes = bytes.map(|path| files::read(path, plume_ceremony::keys::MAX_KEY_BYTES));
        let bytes = bytes.transpose()?;
        let (draft, digest) = (draft.clone(), self.circuit.digest);
        let proven = patience::compute("proving", move |_| {
            let prover = prover(bytes.as_deref())?;
            if prover.digest() != Some(digest) {
                return Err(Failure::new(
                    "the proving key is not that of this chain's circuit",
                    "Get the network's proving key, and name it with --proving-key",
                ));
            }
            prover.prove(&draft).map_err(refused)
        });
        proven.await.unwrap_or_else(|| {
            Err(Failure::new(
                "the computation ended early",
                "Free memory, and report this if it stays",
            ))
        })
    }

    async fn pay(&mut self, draft: &Draft, args: &PayArgs) -> Result<Arrived, Failure> {
        let call = self.prove(draft, args).await?;
        let general = self.general(&call).await?;
        self.follow(draft, general.submit()).await
    }

    /// Remembers what is on its way, sends it, waits until it is final, and reads what became of it.
    async fn follow(
        &mut self,
        draft: &Draft,
        sending: impl Future<Output = plume_sdk::Result<Progress>>,
    ) -> Result<Arrived, Failure> {
        let pending = draft.pending();
        self.open.wallet.remember(pending.clone());
        self.open.save()?;
        let progress = match sending.await {
            Ok(progress) => progress,
            Err(error) => {
                self.open.wallet.forget(&pending);
                self.open.save()?;
                return Err(error.into());
            }
        };
        let tx_hash = raw::to_hex(&progress.tx_hash().0);
        let waiting = tokio::time::timeout(LIMIT, progress.wait_finalised());
        let ended = match patience::wait("waiting for finality", waiting).await {
            Ok(inclusion) => inclusion?.ok(),
            Err(_) => {
                return Err(Failure::new(
                    format!(
                        "no word about transaction {tx_hash} within {} s",
                        LIMIT.as_secs()
                    ),
                    "See whether it came with: plume wallet scan",
                ));
            }
        };
        let inclusion = match ended {
            Ok(inclusion) => inclusion,
            Err(error) => {
                // It has spent nothing: what it was to spend is free again.
                self.open.wallet.forget(&pending);
                self.open.save()?;
                return Err(error.into());
            }
        };
        self.open.sync(&mut self.node).await?;
        Ok(Arrived {
            tx_hash,
            block: inclusion.block.number,
        })
    }
}
