//! `plume credential`: what subjects hold, and what the chain knows of it.

pub mod chain;
mod pool;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use plume_credentials::{
    Chain, Expected, Hash32, Key, MAX_PRESENTATION_BYTES, MAX_STATEMENT_BYTES, PublicKey,
    Statement, check_record, issue, present, verify,
};
use plume_sdk::{AccountId32, At, Client, H256, Signer, address, raw, state};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::{connect, submit};
use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Output, Report, table};
use crate::{files, moment, party, patience};

/// Longest file that holds a key and nothing else.
const MAX_KEY_BYTES: usize = 1_024;

/// Issue, present and verify credentials.
///
/// A credential is a W3C Verifiable Credential 2.0 as SD-JWT VC. It has personal data and stays with its holder; the
/// chain has a salted commitment and a status.
#[derive(Debug, Subcommand)]
pub enum CredentialCommand {
    /// Make an Ed25519 key, which signs credentials (issuer) or presentations (holder). Asks no node.
    #[command(after_help = "\
Examples:
  plume credential key --out holder.key
  plume credential key --from @holder.key        Show the public half once more

Accounts of the chain have other keys: this one never signs a transaction.")]
    Key(KeyArgs),
    /// Issue a credential, and tell the chain of it with --submit.
    #[command(after_help = "\
Examples:
  plume credential issue claims.json --issuer @bank --key @issuer.key --out erika.sd-jwt
  plume credential issue claims.json --issuer @bank --key @issuer.key --out erika.sd-jwt --submit
  plume credential issue claims.json --issuer @bank --key @issuer.key --out new.sd-jwt --renew --submit

claims.json:
  { \"reference\": \"customer 4711\", \"tier\": \"two\", \"kind\": \"person\", \"jurisdictions\": [\"CH\"],
    \"valid_from\": \"2026-11-24T00:00:00Z\", \"valid_until\": \"2028-11-24T00:00:00Z\",
    \"holder_key\": \"0x...\", \"personal\": { \"family_name\": \"Muster\", \"given_name\": \"Erika\" } }

`pool_key` or --pool-key binds it to the holder's key in the shielded pool: 64 hexadecimal digits, the holder's address
(plume1...) or its contact. Without one the holder pays nobody there. `personal` never reaches the chain; the holder discloses each item of it on its own. Keep the reference's salt
that is printed: without it a renewal would be about another subject.")]
    Issue(IssueArgs),
    /// Present chosen items of a credential to a verifier that asked with a nonce. Asks no node.
    #[command(after_help = "\
Examples:
  plume credential present erika.sd-jwt --key @holder.key --audience bank.example --nonce 7f3a --disclose family_name
  plume credential present erika.sd-jwt --key @holder.key --audience bank.example --nonce 7f3a --out shown.sd-jwt

Without --disclose nothing but what the chain knows is shown.")]
    Present(PresentArgs),
    /// Write what a wallet proves with and payers are told: the parts of the credential's leaf in the chain's tree.
    #[command(after_help = "\
Examples:
  plume credential pool-disclosure erika.sd-jwt --out disclosure.json
  plume credential pool-disclosure erika.sd-jwt --genesis 0x... --first-block 2026-11-24     Ask no node

Refused where the chain's tree has no such leaf. No personal data is in it, but whoever has it and the holder's address
knows which subject of the chain that address is.")]
    PoolDisclosure(pool::PoolDisclosureArgs),
    /// Verify a presentation: signatures, disclosures, nonce, audience, time, chain, and what the chain says.
    #[command(after_help = "\
Examples:
  plume credential verify shown.sd-jwt --audience bank.example --nonce 7f3a
  plume credential verify shown.sd-jwt --audience bank.example --nonce 7f3a --issuer-key 0x...
  plume credential verify shown.sd-jwt --audience bank.example --nonce 7f3a \\
      --genesis 0x... --issuer-key 0x...              Ask no node: revocations are not seen
  plume credential verify erika.sd-jwt --unpresented  Look at a credential of one's own

Give each holder a fresh nonce, and take each presentation once.")]
    Verify(VerifyArgs),
}

/// Which key.
#[derive(Args, Debug)]
pub struct KeyArgs {
    /// Where to write the secret; only its owner may read the file. Without it, the secret is printed.
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    out: Option<PathBuf>,
    /// Show the public half of a key: a seed (0x...), or @FILE that holds one.
    #[arg(long, value_name = "SECRET")]
    from: Option<String>,
}

/// What is issued, by whom.
#[derive(Args, Debug)]
pub struct IssueArgs {
    /// The claims file, JSON.
    claims: PathBuf,
    /// The issuer's account; with --submit its secret (//Alice, a mnemonic, a seed, or @FILE).
    #[arg(long, value_name = "WHO")]
    issuer: String,
    /// The issuer's Ed25519 key: a seed (0x...), or @FILE that holds one.
    #[arg(long, value_name = "SECRET")]
    key: String,
    /// Where to write the credential for its holder. It has personal data; only its owner may read the file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The holder's pool key, address or contact, or @FILE that holds one; as `pool_key` in the claims file.
    #[arg(long, value_name = "KEY")]
    pool_key: Option<String>,
    /// The subject has a credential on the chain already: replace it.
    #[arg(long)]
    renew: bool,
    /// Send the call to the chain, signed by the issuer.
    #[arg(long)]
    submit: bool,
    /// Hash of the chain's genesis block; with --first-block no node is asked.
    #[arg(long, value_name = "HASH", value_parser = parse_hash, requires = "first_block", conflicts_with = "submit")]
    genesis: Option<H256>,
    /// Time of the chain's first block.
    #[arg(long, value_name = "MOMENT", value_parser = moment::parse, requires = "genesis")]
    first_block: Option<u64>,
}

/// What is shown, to whom.
#[derive(Args, Debug)]
pub struct PresentArgs {
    /// The credential.
    credential: PathBuf,
    /// The holder's Ed25519 key: a seed (0x...), or @FILE that holds one.
    #[arg(long, value_name = "SECRET")]
    key: String,
    /// An item of personal data to show; may be given several times.
    #[arg(long, value_name = "NAME")]
    disclose: Vec<String>,
    /// Who asked.
    #[arg(long)]
    audience: String,
    /// With which nonce.
    #[arg(long)]
    nonce: String,
    /// Where to write the presentation [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What is verified, and against what.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// The presentation.
    presentation: PathBuf,
    /// Whom it has to be for.
    #[arg(long, required_unless_present = "unpresented")]
    audience: Option<String>,
    /// The nonce that was asked with.
    #[arg(long, required_unless_present = "unpresented")]
    nonce: Option<String>,
    /// Look at a credential that nobody presents: the holder's signature is not asked for.
    #[arg(long, conflicts_with_all = ["audience", "nonce"])]
    unpresented: bool,
    /// The issuer's Ed25519 public key, where it is known.
    #[arg(long, value_name = "KEY")]
    issuer_key: Option<String>,
    /// Hash of the chain's genesis block: no node is asked, and --issuer-key says whom to believe.
    #[arg(long, value_name = "HASH", value_parser = parse_hash, requires = "issuer_key")]
    genesis: Option<H256>,
}

fn parse_hash(text: &str) -> Result<H256, String> {
    raw::parse_hash(text).ok_or_else(|| "a hash has 64 hex digits, with or without 0x".into())
}

/// A seed, or `@path` of a file that holds one.
fn key(text: &str) -> Result<Key, Failure> {
    let read;
    let seed = match text.strip_prefix('@') {
        None => text,
        Some(path) => {
            read = files::read(path.as_ref(), MAX_KEY_BYTES)?;
            core::str::from_utf8(&read).unwrap_or_default()
        }
    };
    Key::from_text(seed).map_err(|error| {
        Failure::new(
            error.to_string(),
            "Make a key with: plume credential key --out FILE, and name it as @FILE",
        )
    })
}

#[derive(Debug, Serialize)]
struct KeyReport {
    public_key: String,
    jwk: Json,
    /// Only where it was made and not written to a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl Report for KeyReport {
    fn text(&self) -> String {
        let mut rows = vec![
            ("public key", self.public_key.clone()),
            ("jwk", self.jwk.to_string()),
        ];
        if let Some(secret) = &self.secret {
            rows.insert(0, ("secret", secret.clone()));
        }
        table(&rows)
    }
}

fn make_key(args: &KeyArgs, output: &Output) -> Result<(), Failure> {
    let (key, secret) = match &args.from {
        Some(text) => (key(text)?, None),
        None => {
            let (key, seed) = Key::generate()
                .map_err(|error| Failure::new(error.to_string(), "Use another machine"))?;
            (key, Some(seed.to_string()))
        }
    };
    if let (Some(path), Some(secret)) = (&args.out, &secret) {
        files::write_private(path, format!("{secret}\n").as_bytes())?;
    }
    let public = key.public();
    output.report(&KeyReport {
        public_key: public.to_string(),
        jwk: public.to_jwk(),
        secret: secret.filter(|_| args.out.is_none()),
    })
}

/// What was issued.
#[derive(Debug, Serialize)]
struct IssueReport {
    subject: String,
    commitment: String,
    /// What it is bound to; none for a holder without.
    pool_key: Option<String>,
    reference: String,
    /// To keep: with it the subject can be renewed from the same claims file.
    reference_salt: Option<String>,
    genesis: String,
    credential_file: String,
    call: CallJson,
    /// Where the call was sent: the transaction.
    tx_hash: Option<String>,
}

#[derive(Debug, Serialize)]
struct CallJson {
    pallet: String,
    name: String,
    arguments: Json,
    /// As the runtime knows it; none where no node was asked.
    data: Option<String>,
}

impl Report for IssueReport {
    fn text(&self) -> String {
        let mut rows = vec![
            ("credential", self.credential_file.clone()),
            ("subject", self.subject.clone()),
            ("commitment", self.commitment.clone()),
        ];
        if let Some(key) = &self.pool_key {
            rows.push(("pool key", key.clone()));
        }
        if let Some(salt) = &self.reference_salt {
            rows.push(("reference salt", salt.clone()));
        }
        rows.push(("call", format!("{}.{}", self.call.pallet, self.call.name)));
        rows.push(("arguments", self.call.arguments.to_string()));
        if let Some(data) = &self.call.data {
            rows.push(("call data", data.clone()));
        }
        let sent = self.tx_hash.clone();
        rows.push((
            "sent",
            sent.unwrap_or_else(|| "no (--submit sends it)".into()),
        ));
        table(&rows)
    }
}

/// The chain that the command line names, or the node's.
async fn chain_of(
    genesis: Option<H256>,
    first_block: Option<u64>,
    global: &Global,
) -> Result<(Option<Client>, Chain), Failure> {
    if let (Some(genesis), Some(first_block_s)) = (genesis, first_block) {
        let genesis = genesis.0;
        return Ok((
            None,
            Chain {
                genesis,
                first_block_s,
            },
        ));
    }
    let client = connect(global).await?;
    let chain = patience::wait("reading the chain's time", chain::chain(&client)).await?;
    Ok((Some(client), chain))
}

async fn run_issue(args: &IssueArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let mut statement = Statement::from_json(&files::read(&args.claims, MAX_STATEMENT_BYTES)?)
        .map_err(|error| {
            Failure::new(
                error.to_string(),
                "See plume credential issue --help for what a claims file has",
            )
        })?;
    if let Some(text) = &args.pool_key {
        pool::bind(&mut statement, text)?;
    }
    let key = key(&args.key)?;
    let signer: Option<Signer> = args
        .submit
        .then(|| party::signer(&args.issuer))
        .transpose()?;
    let issuer: AccountId32 = match &signer {
        Some(signer) => signer.account(),
        None => party::account(&args.issuer)?,
    };
    if args.out.exists() {
        return Err(Failure::new(
            format!("{} exists", args.out.display()),
            "Choose another file: a credential is never written over",
        ));
    }
    let (client, chain) = chain_of(args.genesis, args.first_block, global).await?;
    let issued = issue(&statement, &issuer.0, &chain, &key, moment::now()?).map_err(|error| {
        Failure::new(error.to_string(), "Correct the claims file and issue again")
    })?;
    let call = if args.renew {
        chain::renew_call(&statement, &issued)
    } else {
        chain::issue_call(&statement, &issued)
    };
    let data = match &client {
        Some(client) => Some(raw::to_hex(&client.call_data(&call).await?)),
        None => None,
    };
    // The credential is written before the chain is told, so that the chain never has one that nobody holds.
    files::write_private(&args.out, issued.credential.as_bytes())?;
    let tx_hash = match (&client, &signer) {
        (Some(client), Some(signer)) => {
            let report = submit::send(client, signer, &call).await?;
            Some(report.tx_hash().to_owned())
        }
        _ => None,
    };
    output.report(&IssueReport {
        subject: issued.subject.to_string(),
        commitment: Hash32(issued.commitment).to_string(),
        pool_key: statement.pool_key.as_ref().and_then(pool::shown),
        reference: statement.reference_hash.to_string(),
        reference_salt: statement.reference_salt.map(|salt| salt.to_string()),
        genesis: raw::to_hex(&chain.genesis),
        credential_file: args.out.display().to_string(),
        call: CallJson {
            pallet: call.pallet_name().to_owned(),
            name: call.call_name().to_owned(),
            arguments: state::arguments(&call),
            data,
        },
        tx_hash,
    })
}

/// What is presented.
#[derive(Debug, Serialize)]
struct PresentReport {
    presentation: Option<String>,
    file: Option<String>,
    disclosed: Vec<String>,
}

impl Report for PresentReport {
    fn text(&self) -> String {
        match (&self.presentation, &self.file) {
            (Some(presentation), _) => presentation.clone(),
            (None, file) => format!("written to {}", file.as_deref().unwrap_or_default()),
        }
    }
}

fn run_present(args: &PresentArgs, output: &Output) -> Result<(), Failure> {
    let names: Vec<&str> = args.disclose.iter().map(String::as_str).collect();
    let presentation = present(
        &text_of(&args.credential)?,
        &names,
        &key(&args.key)?,
        &args.audience,
        &args.nonce,
        moment::now()?,
    )
    .map_err(|error| {
        Failure::new(
            error.to_string(),
            "Name the credential as it was issued, and the key that it is bound to",
        )
    })?;
    if let Some(path) = &args.out {
        files::write(path, presentation.as_bytes())?;
    }
    output.report(&PresentReport {
        presentation: args.out.is_none().then_some(presentation),
        file: args.out.as_ref().map(|path| path.display().to_string()),
        disclosed: args.disclose.clone(),
    })
}

fn text_of(path: &std::path::Path) -> Result<String, Failure> {
    String::from_utf8(files::read(path, MAX_PRESENTATION_BYTES)?).map_err(|_| {
        Failure::new(
            format!("{} is no text", path.display()),
            "Name a file that plume credential has written",
        )
    })
}

/// What was verified.
#[derive(Debug, Serialize)]
struct VerifyReport {
    valid: bool,
    /// Whether a node was asked about status and commitment.
    checked_on_chain: bool,
    issuer: String,
    issuer_key: String,
    subject: String,
    holder_key: String,
    valid_from: String,
    valid_until: String,
    commitment: String,
    /// What the credential is bound to; none for a holder without.
    pool_key: Option<String>,
    claims: Json,
    disclosed: Map<String, Json>,
}

impl Report for VerifyReport {
    fn text(&self) -> String {
        let chain = if self.checked_on_chain {
            "valid; the chain stands behind it"
        } else {
            "valid by its signatures; the chain was not asked, so a revocation is not seen"
        };
        let mut rows = vec![
            ("verdict", chain.to_owned()),
            ("issuer", self.issuer.clone()),
            ("issuer key", self.issuer_key.clone()),
            ("subject", self.subject.clone()),
            (
                "validity",
                format!("{} to {}", self.valid_from, self.valid_until),
            ),
            ("claims", self.claims.to_string()),
        ];
        if let Some(key) = &self.pool_key {
            rows.push(("pool key", key.clone()));
        }
        for (name, value) in &self.disclosed {
            rows.push((name.as_str(), value.to_string()));
        }
        table(&rows)
    }
}

async fn run_verify(args: &VerifyArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let text = text_of(&args.presentation)?;
    let issuer_key = match &args.issuer_key {
        None => None,
        Some(text) => Some(text.parse::<PublicKey>().map_err(|error| {
            Failure::new(error.to_string(), "Ask the issuer for its public key")
        })?),
    };
    let binding = match (&args.audience, &args.nonce) {
        (Some(audience), Some(nonce)) => Some((audience.as_str(), nonce.as_str())),
        _ => None,
    };
    let client = match args.genesis {
        Some(_) => None,
        None => Some(connect(global).await?),
    };
    let genesis = match (&client, args.genesis) {
        (Some(client), _) => client.online().genesis_hash(),
        (None, genesis) => genesis.unwrap_or_default(),
    };
    let expected = Expected {
        genesis: genesis.0,
        issuer_key,
        binding,
    };
    let verified = verify(&text, &expected, moment::now()?).map_err(|error| {
        Failure::new(
            error.to_string(),
            "Do not rely on it: ask the holder for a new presentation, with a fresh nonce",
        )
    })?;
    if let Some(client) = &client {
        let at = client.at(At::Finalised).await?;
        let reading = chain::record(&at, &verified.subject);
        let (record, elapsed) = patience::wait("reading what the chain knows", reading).await?;
        check_record(&verified, record.as_ref(), elapsed).map_err(|error| {
            Failure::new(
                error.to_string(),
                "Do not rely on it: ask the holder for a credential that the chain stands behind",
            )
        })?;
    }
    output.report(&VerifyReport {
        valid: true,
        checked_on_chain: client.is_some(),
        issuer: address::format(&AccountId32(verified.issuer.0)),
        issuer_key: verified.issuer_key.to_string(),
        subject: verified.subject.to_string(),
        holder_key: verified.holder_key.to_string(),
        valid_from: moment::format(verified.valid_from_s),
        valid_until: moment::format(verified.valid_until_s),
        commitment: Hash32(verified.commitment).to_string(),
        pool_key: pool::shown(&verified.pool_key),
        claims: serde_json::to_value(&verified.claims).unwrap_or_default(),
        disclosed: verified.personal,
    })
}

/// Runs `plume credential`.
pub async fn run(
    command: &CredentialCommand,
    global: &Global,
    output: &Output,
) -> Result<(), Failure> {
    match command {
        CredentialCommand::Key(args) => make_key(args, output),
        CredentialCommand::Issue(args) => run_issue(args, global, output).await,
        CredentialCommand::Present(args) => run_present(args, output),
        CredentialCommand::PoolDisclosure(args) => pool::run(args, global, output).await,
        CredentialCommand::Verify(args) => run_verify(args, global, output).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser;

    #[test]
    fn a_verifier_names_its_nonce_or_says_that_nobody_presents() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' ')).is_ok();
        assert!(parse("plume credential verify f --audience a --nonce n"));
        assert!(parse("plume credential verify f --unpresented"));
        assert!(!parse("plume credential verify f"));
        assert!(!parse("plume credential verify f --audience a"));
        assert!(!parse("plume credential verify f --unpresented --nonce n"));
    }

    #[test]
    fn who_asks_no_node_has_to_know_the_issuer() {
        let hash = "ab".repeat(32);
        let parse = |line: &str| Cli::try_parse_from(line.split(' ')).is_ok();
        let line = format!("plume credential verify f --unpresented --genesis {hash}");
        assert!(!parse(&line));
        assert!(parse(&format!("{line} --issuer-key 0x00")));
    }

    #[test]
    fn a_credential_is_issued_presented_and_verified_without_a_node() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let run_line = |line: &[&str]| {
            let words = ["plume", "--json", "credential"].iter().chain(line);
            let cli = Cli::try_parse_from(words).expect("a command line");
            let crate::args::Command::Credential(command) = &cli.command else {
                panic!("another command");
            };
            runtime.block_on(run(command, &cli.global, &Output::new(true)))
        };
        let (issuer, holder) = (Key::from_seed([1; 32]), Key::from_seed([2; 32]));
        let seed = |byte: &str| format!("0x{}", byte.repeat(32));
        let claims = format!(
            r#"{{"reference":"4711","tier":"two","kind":"person","jurisdictions":["CH"],
            "valid_from":"2020-01-01T00:00:00Z","valid_until":"2120-01-01T00:00:00Z",
            "holder_key":"{}","personal":{{"family_name":"Muster"}}}}"#,
            holder.public()
        );
        std::fs::write(path("claims.json"), claims).expect("a writable folder");
        let genesis = "07".repeat(32);
        let issue = [
            "issue",
            &path("claims.json"),
            "--issuer",
            "//Alice",
            "--key",
            &seed("01"),
            "--out",
            &path("c"),
            "--genesis",
            &genesis,
            "--first-block",
            "2019-01-01",
        ];
        run_line(&issue).expect("all is there");
        let again = run_line(&issue).expect_err("it exists");
        assert!(again.reason.contains("exists"), "{again:?}");
        run_line(&[
            "present",
            &path("c"),
            "--key",
            &seed("02"),
            "--audience",
            "a",
            "--nonce",
            "n",
            "--disclose",
            "family_name",
            "--out",
            &path("p"),
        ])
        .expect("the holder's key");
        let issuer_key = issuer.public().to_string();
        let verify = |nonce: &str, genesis: &str| {
            run_line(&[
                "verify",
                &path("p"),
                "--audience",
                "a",
                "--nonce",
                nonce,
                "--genesis",
                genesis,
                "--issuer-key",
                &issuer_key,
            ])
        };
        verify("n", &genesis).expect("all is right");
        let replayed = verify("m", &genesis).expect_err("another nonce");
        assert!(replayed.reason.contains("replayed"), "{replayed:?}");
        let other = verify("n", &"08".repeat(32)).expect_err("another chain");
        assert!(other.reason.contains("another chain"), "{other:?}");
    }
}
