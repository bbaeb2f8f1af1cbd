//! People with a wallet of the shielded pool and a credential, each in files of the name.

use crate::{
    common::Failure,
    terminal::{Terminal, bytes},
};
use serde_json::{Value as Json, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// Units of a PLUME in the pool.
pub const UNITS: u64 = 1_000_000_000;
/// A credential lasts for five years at the most, counted from the chain's first block.
const YEARS_S: u64 = 3 * 31_556_952;

/// Somebody who is in the pool.
pub struct Holder<'a> {
    desk: &'a Terminal,
    name: &'static str,
    /// The wallet's.
    address: String,
    /// What Bob issues.
    claims: Json,
    /// The file that proofs are made with.
    shown: String,
    /// Its number on the chain.
    pub subject: [u8; 32],
    /// When the credential ends, in seconds since the chain's first block.
    pub ends: u32,
}

impl<'a> Holder<'a> {
    /// Makes a wallet, has Bob issue a credential for its pool key, and writes disclosure and contact. The issuer's key is
    /// in the file `issuer.key`.
    pub fn new(desk: &'a Terminal, name: &'static str) -> Result<Self, Failure> {
        Self::until(desk, name, YEARS_S)
    }

    /// The same, with a credential that ends so many seconds from now.
    pub fn until(desk: &'a Terminal, name: &'static str, seconds: u64) -> Result<Self, Failure> {
        let made = desk.line(&format!("wallet new --wallet {name}.wallet"));
        let phrase = made["phrase"].as_str().expect("it is shown once");
        desk.write(&format!("{name}.phrase"), phrase);
        let address = made["address"].as_str().expect("text").to_owned();
        assert!(address.starts_with("plumedev1"), "{address}");
        let key = desk.line(&format!("credential key --out {name}.key"));
        let claims = json!({
            "reference": name, "tier": "one", "kind": "person", "jurisdictions": ["CH"],
            "valid_from": "2020-01-01T00:00:00Z", "holder_key": key["public_key"],
            "personal": { "family_name": name },
        });
        let mut holder = Self {
            desk,
            name,
            address,
            claims,
            shown: String::new(),
            subject: [0; 32],
            ends: 0,
        };
        let issued = holder.issue(seconds, name, "")?;
        holder.subject = bytes(&issued["subject"]);
        // A renewal is about the same subject.
        holder.claims["reference"] = issued["reference"].clone();
        Ok(holder)
    }

    /// Has Bob renew the credential.
    pub fn renew(&mut self) -> Result<(), Failure> {
        let file = format!("{}-renewed", self.name);
        self.issue(YEARS_S, &file, "--renew")?;
        Ok(())
    }

    /// Has a credential issued, and writes what the wallet proves with and what payers are told.
    fn issue(&mut self, seconds: u64, file: &str, rest: &str) -> Result<Json, Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let until = jiff::Timestamp::from_second(i64::try_from(now + seconds)?)?;
        self.claims["valid_until"] = json!(until.to_string());
        self.desk.write("claims.json", &self.claims.to_string());
        let issued = self.desk.line(&format!(
            "credential issue claims.json --issuer //Bob --key @issuer.key --submit --pool-key {} --out {file}.sd-jwt {rest}",
            self.address
        ));
        let arguments = &issued["call"]["arguments"];
        let claims = match &arguments["request"]["claims"] {
            Json::Null => &arguments["claims"],
            issued => issued,
        };
        let ends = claims["valid_until"].as_str().expect("a number as text");
        self.ends = ends.parse()?;
        self.shown = format!("{file}.json");
        let (name, shown) = (self.name, &self.shown);
        self.desk.line(&format!(
            "credential pool-disclosure {file}.sd-jwt --out {shown}"
        ));
        self.desk.line(&format!(
            "wallet contact --wallet {name}.wallet --credential {shown} --out {name}.contact"
        ));
        Ok(issued)
    }

    /// The subject as proofs know it.
    pub fn element(&self) -> Json {
        self.desk.read(&self.shown)["subject"].clone()
    }

    /// The words of a command that spends.
    fn spending(&self, verb: &str, rest: &str) -> String {
        let (name, shown) = (self.name, &self.shown);
        format!(
            "wallet {verb} --wallet {name}.wallet --phrase @{name}.phrase --credential {shown} {rest}"
        )
    }

    /// Runs a command that spends.
    pub fn pays(&self, verb: &str, rest: &str) -> Json {
        self.desk.line(&self.spending(verb, rest))
    }

    /// Runs one that fails, and answers why.
    pub fn is_refused(&self, verb: &str, rest: &str) -> String {
        self.desk.refused(&self.spending(verb, rest))
    }

    /// Units of PLUME, after reading the chain.
    pub fn has(&self) -> u64 {
        balance(self.desk, self.name)
    }
}

/// Units of PLUME in the wallet of a name, after reading the chain.
pub fn balance(desk: &Terminal, name: &str) -> u64 {
    let synced = desk.line(&format!("wallet scan --wallet {name}.wallet"));
    let balances = synced["balances"].as_array().expect("a list");
    let plume = balances.iter().find(|balance| balance["asset"] == "PLUME");
    plume.map_or(0, |balance| {
        let units = balance["units"].as_str().expect("text");
        units.parse().expect("a number")
    })
}
