//! `plume compliance attach-travel-data` and `detach-travel-data`: what senders sign before a payment.

use clap::Args;
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{AccountId32, At, AtBlock, address, amount, call, state};
use serde_json::Value as Json;

use super::record::bytes;
use super::standing::PALLET;
use crate::args::Global;
use crate::commands::act::{ActReport, Signing, limit, send};
use crate::commands::connect;
use crate::commands::document::Document;
use crate::failure::Failure;
use crate::output::Output;
use crate::party;

/// For which payment.
#[derive(Args, Debug)]
pub struct AttachArgs {
    /// The encrypted envelope (IVMS101): its file, which is hashed here and stays here, or its hash (0x and 64 digits).
    #[arg(value_name = "FILE|HASH")]
    envelope: Document,
    /// Who will be paid: an address, a public key (0x...), or a development account (//Bob).
    #[arg(long, value_name = "WHO")]
    to: String,
    /// The most that will be paid: PLUME, or smallest units of another asset.
    #[arg(long, value_name = "AMOUNT")]
    up_to: String,
    /// Number of the asset [default: PLUME]
    #[arg(long, value_name = "NUMBER")]
    asset: Option<u32>,
    #[command(flatten)]
    signing: Signing,
}

/// Which data.
#[derive(Args, Debug)]
pub struct DetachArgs {
    /// The encrypted envelope that was attached: its file, or its hash (0x and 64 digits).
    #[arg(value_name = "FILE|HASH")]
    envelope: Document,
    #[command(flatten)]
    signing: Signing,
}

/// An amount as it was written, in the smallest unit.
fn units(text: &str, asset: Option<u32>) -> Result<u128, Failure> {
    if asset.is_none() {
        return Ok(amount::parse(text)?);
    }
    text.parse().map_err(|_| {
        Failure::new(
            format!("`{text}` is no whole number"),
            "Write the amount of another asset than PLUME in its smallest unit, without a point",
        )
    })
}

/// An amount for people.
fn sum(units: u128, asset: Option<u32>) -> String {
    match asset {
        None => format!("{} PLUME", amount::format(units)),
        Some(number) => format!("{units} smallest units of asset {number}"),
    }
}

/// What waits for payments of this sender.
async fn waiting(at: &AtBlock, sender: &AccountId32) -> Result<Json, Failure> {
    let key = vec![Value::from_bytes(sender.0)];
    let waiting = state::entry(at, PALLET, "Envelopes", key).await?;
    Ok(waiting.unwrap_or_default())
}

/// The hashes of what waits.
fn hashes(waiting: &Json) -> Vec<[u8; 32]> {
    let hash = |envelope: &Json| bytes(&envelope["hash"]);
    state::items(waiting).into_iter().filter_map(hash).collect()
}

/// `plume compliance attach-travel-data`.
pub async fn attach(args: &AttachArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let signer = args.signing.signer()?;
    let (hash, to) = (args.envelope.hash()?, party::account(&args.to)?);
    let up_to = units(&args.up_to, args.asset)?;
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    let most = limit(&at, PALLET, "MaxEnvelopes")?;
    let known = hashes(&waiting(&at, &signer.account()).await?);
    if u32::try_from(known.len()).is_ok_and(|known| known >= most) {
        return Err(Failure::new(
            format!(
                "travel-rule data of yours waits for {most} payments already, which is the most"
            ),
            "Send one of them, or take one back: plume compliance detach-travel-data FILE|HASH",
        ));
    }
    let asset = match args.asset {
        None => Value::unnamed_variant("Native", []),
        Some(number) => Value::unnamed_variant("Other", [Value::u128(number.into())]),
    };
    let fields = [
        ("to", Value::from_bytes(to.0)),
        ("asset", asset),
        ("up_to", Value::u128(up_to)),
        ("hash", Value::from_bytes(hash.0)),
    ];
    let (sum, receiver) = (sum(up_to, args.asset), address::format(&to));
    let will = format!(
        "The chain gets the hash {hash} of the travel-rule data for your next payment of up to {sum} to {receiver}. The \
         envelope itself goes to the recipient's institution, and never to the chain."
    );
    let call = call(PALLET, "attach_travel_data", fields);
    let transaction = send(&client, &signer, &call, &will, output).await?;
    let done = format!("The travel-rule data {hash} waits for your payment to {receiver}.");
    let pay = match args.asset {
        None => format!(
            "pay with: plume transfer --transparent --from @sender.secret --to {receiver} --amount {}",
            args.up_to
        ),
        Some(_) => "pay, in a transaction of its own".to_owned(),
    };
    let next = format!(
        "{pay}; if the payment will not come, take the data back with: plume compliance detach-travel-data {hash} \
         --from @sender.secret"
    );
    output.report(&ActReport {
        hash: Some(hash.to_string()),
        ..ActReport::new(transaction, done, next)
    })
}

/// `plume compliance detach-travel-data`.
pub async fn detach(args: &DetachArgs, global: &Global, output: &Output) -> Result<(), Failure> {
    let (signer, hash) = (args.signing.signer()?, args.envelope.hash()?);
    let client = connect(global).await?;
    let at = client.at(At::Finalised).await?;
    if !hashes(&waiting(&at, &signer.account()).await?).contains(&hash.0) {
        return Err(Failure::new(
            format!("no travel-rule data {hash} of yours waits for a payment"),
            "Check the hash and who signs; a payment that was made has used it up",
        ));
    }
    let will = format!(
        "The travel-rule data {hash} waits for no payment any more. A payment that needs it is denied with code 90."
    );
    let fields = [("hash", Value::from_bytes(hash.0))];
    let call = call(PALLET, "detach_travel_data", fields);
    let transaction = send(&client, &signer, &call, &will, output).await?;
    let done = format!("The travel-rule data {hash} is taken back.");
    let next =
        "attach other data, if there is to be a payment: plume compliance attach-travel-data";
    output.report(&ActReport {
        hash: Some(hash.to_string()),
        ..ActReport::new(transaction, done, next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use crate::commands::compliance::ComplianceCommand;
    use clap::Parser;
    use plume_sdk::amount::PLANCK_PER_PLUME;
    use plume_sdk::raw;
    use serde_json::json;

    fn parse(line: &str) -> Result<AttachArgs, clap::Error> {
        let line = format!("plume compliance attach-travel-data {line} --from //Alice");
        match Cli::try_parse_from(line.split(' '))?.command {
            Command::Compliance(ComplianceCommand::AttachTravelData(args)) => Ok(args),
            other => panic!("parsed as {other:?}"),
        }
    }

    #[test]
    fn travel_data_names_the_payment_that_it_is_for() {
        let args = parse("envelope.bin --to //Bob --up-to 12.5").expect("complete");
        assert_eq!(args.envelope, Document::File("envelope.bin".into()));
        assert_eq!(
            units(&args.up_to, args.asset),
            Ok(12 * PLANCK_PER_PLUME + PLANCK_PER_PLUME / 2)
        );
        let args = parse("envelope.bin --to //Bob --up-to 250 --asset 9").expect("complete");
        assert_eq!(units(&args.up_to, args.asset), Ok(250));
        assert_eq!(sum(250, args.asset), "250 smallest units of asset 9");
        for line in [
            "--to //Bob --up-to 1",
            "envelope.bin --up-to 1",
            "envelope.bin --to //Bob",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        assert!(units("12.5", Some(9)).is_err() && units("-1", None).is_err());
    }

    #[test]
    fn what_waits_is_found_by_its_hash_be_it_one_or_several() {
        let envelope = |byte: u8| json!({ "up_to": "1", "hash": raw::to_hex(&[byte; 32]) });
        assert_eq!(hashes(&json!([])), Vec::<[u8; 32]>::new());
        assert_eq!(hashes(&envelope(1)), [[1; 32]]);
        assert_eq!(
            hashes(&json!([envelope(1), envelope(2)])),
            [[1; 32], [2; 32]]
        );
    }
}
