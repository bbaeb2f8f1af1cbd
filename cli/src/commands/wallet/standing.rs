//! Standing: that a holder is known well enough, shown without saying who it is.

use std::path::PathBuf;

use clap::Args;
use plume_circuits::standing::{JurisdictionSet, ProvingKey, verify::VerifyingKey};
use plume_sdk::raw;
use plume_shielded::Network;
use plume_shielded::disclosure::{
    MAX_AGE_SECONDS, Moment, Question, Standing, insecure_development_key,
};
use serde::Serialize;

use super::node::Node;
use super::show::written;
use super::{KeySource, Open, WalletFile, connect, keys, refused};
use crate::args::Global;
use crate::commands::credential::chain::elapsed;
use crate::commands::disclose::{AudienceArgs, disbelieved, handed_over};
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{files, patience};

/// What the verifier asks.
#[derive(Args, Debug)]
struct QuestionArgs {
    /// The lowest tier that is good enough: 1 to 3.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3))]
    tier: u8,
    /// Where the holder may belong, such as DE,FR: all of its jurisdictions have to be among them. 32 at most.
    #[arg(long, value_name = "CODES", value_delimiter = ',', required = true, value_parser = parse_code)]
    jurisdictions: Vec<Code>,
    #[command(flatten)]
    audience: AudienceArgs,
}

/// A jurisdiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Code([u8; 2]);

fn parse_code(text: &str) -> Result<Code, String> {
    let code = text.trim().as_bytes().try_into().ok();
    let code = code.filter(|code: &[u8; 2]| code.iter().all(u8::is_ascii_uppercase));
    code.map(Code)
        .ok_or_else(|| "a jurisdiction has two upper-case letters".into())
}

impl QuestionArgs {
    fn question(&self) -> Result<Question, Failure> {
        let mut codes: Vec<[u8; 2]> = self.jurisdictions.iter().map(|code| code.0).collect();
        codes.sort_unstable();
        codes.dedup();
        let jurisdictions = JurisdictionSet::new(&codes).map_err(|error| {
            Failure::new(
                error.to_string(),
                "Name the jurisdictions that are asked for",
            )
        })?;
        Ok(Question {
            audience: self.audience.audience(),
            tier: self.tier,
            jurisdictions,
        })
    }
}

/// What is shown, to whom.
#[derive(Args, Debug)]
pub struct StandingArgs {
    #[command(flatten)]
    file: WalletFile,
    #[command(flatten)]
    key: KeySource,
    /// The own credential: a file with claims, issuer, salt and subject.
    #[arg(long, value_name = "FILE")]
    credential: PathBuf,
    #[command(flatten)]
    question: QuestionArgs,
    /// The proving key of the circuit `standing` [default: the key of development networks]
    #[arg(long, value_name = "FILE")]
    proving_key: Option<PathBuf>,
    /// Where to write it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What is verified, by whom.
#[derive(Args, Debug)]
pub struct VerifyStandingArgs {
    /// The file that was handed over.
    file: PathBuf,
    #[command(flatten)]
    question: QuestionArgs,
    /// How long ago it may have been made, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = MAX_AGE_SECONDS)]
    max_age: u32,
    /// The verifying key of the circuit `standing` [default: the key of development networks]
    #[arg(long, value_name = "FILE")]
    verifying_key: Option<PathBuf>,
}

/// What was shown.
#[derive(Debug, Serialize)]
struct StandsReport {
    /// It is known at least so well.
    tier: u8,
    /// All of its jurisdictions are among these.
    jurisdictions: Vec<String>,
    /// When that was so, in seconds since the first block.
    time: u32,
    /// Its name for this verifier.
    pseudonym: String,
}

impl Report for StandsReport {
    fn text(&self) -> String {
        table(&[
            ("good", format!("known at tier {} or better", self.tier)),
            (
                "belongs to",
                format!("none but {}", self.jurisdictions.join(", ")),
            ),
            ("at second", self.time.to_string()),
            ("pseudonym", self.pseudonym.clone()),
        ])
    }
}

/// Runs `plume wallet standing`.
pub async fn show(args: &StandingArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let question = args.question.question()?;
    let disclosure = keys::disclosure(&args.credential)?;
    let open = Open::new(&args.file)?;
    let key = args.key.of(&open.wallet)?;
    let node = open.node(global).await?;
    let at = node.now().await?;
    let pool_key = open.wallet.viewing_key().pool_key();
    let holder = node.holder(&at, disclosure, &pool_key).await?;
    let now = (node.credential_root(&at).await?, elapsed(&at).await?);
    let bytes = key_bytes(args.proving_key.as_ref(), open.wallet.network())?;
    let wallet = open.wallet.clone();
    let proven = patience::compute("proving", move |_| {
        let prover = proving_key(bytes.as_deref())?;
        let standing = wallet.standing(&key, &holder, &question, now, &prover);
        standing.map_err(refused)
    });
    let standing = proven.await.unwrap_or_else(|| {
        Err(Failure::new(
            "the computation ended early",
            "Free memory, and report this if it stays",
        ))
    })?;
    written(&args.out, standing.to_json(), output)
}

/// Runs `plume wallet verify-standing`.
pub async fn verify(
    args: &VerifyStandingArgs,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    let question = args.question.question()?;
    let standing = Standing::from_json(&handed_over(&args.file)?).map_err(disbelieved)?;
    let node = Node::new(connect(global).await?).await?;
    let (pool, network) = (node.pool().await?, node.network().await?);
    let key = match key_bytes(args.verifying_key.as_ref(), network)? {
        Some(bytes) => verifying_key(&bytes)?,
        None => insecure_development_key().map_err(disbelieved)?,
    };
    let at = node.now().await?;
    let now = elapsed(&at).await?;
    let moment = Moment {
        pool: pool.id(),
        now,
        max_age: args.max_age,
        root_counts: node.root_counts(&at, &standing.root(), now).await?,
    };
    let shown = standing.verify(&question, &moment, &key);
    let shown = shown.map_err(disbelieved)?;
    let codes = shown.jurisdictions.codes().iter();
    output.report(&StandsReport {
        tier: shown.tier,
        jurisdictions: codes
            .map(|code| String::from_utf8_lossy(code).into_owned())
            .collect(),
        time: shown.time,
        pseudonym: raw::to_hex(shown.pseudonym.as_bytes()),
    })
}

/// What a key's file holds. None where the key of development networks is meant, which proves nothing elsewhere.
fn key_bytes(path: Option<&PathBuf>, network: Network) -> Result<Option<Vec<u8>>, Failure> {
    match path {
        Some(path) => files::read(path, plume_ceremony::keys::MAX_KEY_BYTES).map(Some),
        None if network == Network::Dev => Ok(None),
        None => Err(Failure::new(
            "everybody can forge proofs for the key of development networks, and this is none",
            "Name the network's key of the circuit `standing`, with --proving-key to show and --verifying-key to verify",
        )),
    }
}

fn bad_key(reason: String) -> Failure {
    Failure::new(
        format!("the key cannot be used: {reason}"),
        "Name the file that `plume ceremony` wrote for the circuit `standing`",
    )
}

fn proving_key(bytes: Option<&[u8]>) -> Result<ProvingKey, Failure> {
    let Some(bytes) = bytes else {
        return Ok(ProvingKey::insecure_development());
    };
    let keys = plume_ceremony::keys::read_proving_key(bytes);
    let keys = keys.map_err(|error| bad_key(error.to_string()))?;
    ProvingKey::new(keys.proving_key).map_err(|error| bad_key(error.to_string()))
}

fn verifying_key(bytes: &[u8]) -> Result<VerifyingKey, Failure> {
    let read = plume_ceremony::keys::read_verifying_key(bytes);
    let (_, key) = read.map_err(|error| bad_key(error.to_string()))?;
    VerifyingKey::new(
        key.alpha_g1,
        key.beta_g2,
        key.gamma_g2,
        key.delta_g2,
        &key.gamma_abc_g1,
    )
    .map_err(|error| bad_key(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jurisdictions_are_two_upper_case_letters() {
        assert_eq!(parse_code("DE"), Ok(Code(*b"DE")));
        for text in ["", "D", "de", "DEU", "D1"] {
            assert!(parse_code(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_key_of_development_networks_is_for_them_alone() {
        assert!(matches!(key_bytes(None, Network::Dev), Ok(None)));
        for network in [Network::Test, Network::Live] {
            assert!(key_bytes(None, network).is_err());
        }
    }
}
