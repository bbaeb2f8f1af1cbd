//! End to end: what was proven with a credential counts for a minute and no longer, whatever became of the credential. Needs
//! the node binary and `plume` beside it.

use crate::{
    common::{Failure, LIMIT, Outcome, assert_no_panic, four},
    holders::{Holder, UNITS},
    terminal::{Terminal, admit_all, elapsed, fails, send, wait_past},
};
use plume_localnet::Network;
use plume_sdk::{
    At, Client, Signer, Transfer, amount::PLANCK_PER_PLUME, call, subxt::dynamic::Value,
};

/// How long a proof counts, and as long a root of credentials that was replaced because one was taken back.
const COUNTS_S: u32 = 60;
/// Version of the circuit of development networks, as a transfer begins.
const CIRCUIT: [u8; 4] = 1u32.to_le_bytes();
/// Where a deposit says its moment, behind the numbers of pallet and call: after the circuit's version, eight elements,
/// PLUME that come in (a flag, the asset, 64 bits), and none that leave.
const MOMENT_AT: usize = 2 + 4 + 8 * 32 + 10 + 1;

/// A deposit whose proof is good, and which has not been made: the account had too little.
struct Proven {
    account: Signer,
    /// The call, encoded.
    call: Vec<u8>,
}

impl Proven {
    /// Has a wallet prove a deposit from an account that can pay the fee and no more, and then gives the account enough.
    async fn new(client: &Client, holder: &Holder<'_>, uri: &str) -> Result<Self, Failure> {
        let account = Signer::from_uri(uri)?;
        fund(client, &account, 10).await?;
        let before = client.raw().finalized_head().await?.number;
        let refused = holder.is_refused("shield", &format!("--from {uri} --amount 5000"));
        assert!(refused.contains("Token::FundsUnavailable"), "{refused}");
        fund(client, &account, 10_000).await?;
        let call = sent(client, before).await?;
        Ok(Self { account, call })
    }

    /// The moment that it was proven for.
    fn moment(&self) -> u32 {
        let bytes = self.call[MOMENT_AT..].first_chunk().expect("four bytes");
        u32::from_le_bytes(*bytes)
    }

    /// As if it had been proven for another moment.
    fn moved(&self, moment: u32) -> Self {
        let mut call = self.call.clone();
        call[MOMENT_AT..MOMENT_AT + 4].copy_from_slice(&moment.to_le_bytes());
        Self {
            account: self.account.clone(),
            call,
        }
    }

    /// Sends it, and answers why the chain refuses it.
    async fn is_refused(&self, client: &Client) -> Result<String, Failure> {
        let at = client.at(At::Finalised).await?;
        let call = client.call_of(&at, &self.call)?;
        fails(client, &self.account, &call).await
    }
}

async fn fund(client: &Client, to: &Signer, plume: u128) -> Outcome {
    let pay = Transfer::keep_alive(to.account(), plume * PLANCK_PER_PLUME);
    send(client, &Signer::from_uri("//Bob")?, &pay.to_call()).await
}

/// The last deposit that is in a block after this height.
async fn sent(client: &Client, after: u64) -> Result<Vec<u8>, Failure> {
    let at = client.at(At::Finalised).await?;
    let begins = client.encoded_call(&at, "ShieldedPool", "deposit", &CIRCUIT)?;
    let newest = client.raw().finalized_head().await?.number;
    for height in (after + 1..=newest).rev() {
        let hash = client.raw().block_hash(height).await?;
        let block = client.raw().block(hash.expect("it is final")).await?;
        for extrinsic in block.expect("it is final").extrinsics {
            // The call is the end of a transaction.
            let mut places = extrinsic.windows(begins.len());
            if let Some(place) = places.position(|bytes| bytes == begins) {
                return Ok(extrinsic[place..].to_vec());
            }
        }
    }
    panic!("no deposit between the blocks {after} and {newest}")
}

#[tokio::test]
async fn what_was_proven_before_a_credential_ended_is_refused_after_a_minute() -> Outcome {
    let network = Network::start(four("expiry")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let desk = Terminal::new("expiry-files", network.node(0).ws_url())?;
    let client = Client::connect(&desk.url).await?;
    admit_all(&client).await?;
    desk.line("credential key --out issuer.key");

    // Bert proves, and his credential is revoked; Anna proves, and hers ends.
    let bert = Holder::new(&desk, "bert")?;
    let of_bert = Proven::new(&client, &bert, "//Frida").await?;
    let revoke = [
        ("subject", Value::from_bytes(bert.subject)),
        ("reason", Value::from_bytes([9; 32])),
    ];
    let revoke = call("Credentials", "revoke", revoke);
    send(&client, &Signer::from_uri("//Bob")?, &revoke).await?;
    let revoked = elapsed(&client).await?;
    let mut anna = Holder::until(&desk, "anna", 40)?;
    let of_anna = Proven::new(&client, &anna, "//Erika").await?;
    assert!(of_anna.moment() <= anna.ends);
    wait_past(&client, anna.ends).await?;

    // Nothing more can be proven, and a proof says for which moment it is.
    let refused = bert.is_refused("shield", "--from //Frida --amount 1");
    assert!(
        refused.contains("the credential is not in force"),
        "{refused}"
    );
    let refused = anna.is_refused("shield", "--from //Erika --amount 1");
    assert!(refused.contains("the credential ended"), "{refused}");
    let now = elapsed(&client).await?;
    let failed = of_anna.moved(now).is_refused(&client).await?;
    assert_eq!(failed, "ShieldedPool::BadProof");

    // A minute after the proof it is too old; a minute after the revocation the root that it shows no longer counts.
    wait_past(&client, revoked.max(of_anna.moment()) + COUNTS_S).await?;
    let failed = of_anna.is_refused(&client).await?;
    assert_eq!(failed, "ShieldedPool::TooOld");
    let now = elapsed(&client).await?;
    let failed = of_bert.moved(now).is_refused(&client).await?;
    assert_eq!(failed, "ShieldedPool::UnknownCredentialRoot");
    assert_eq!((anna.has(), bert.has()), (0, 0));

    // It was the credential: the same account and wallet go on with a new one.
    anna.renew()?;
    anna.pays("shield", "--from //Erika --amount 10");
    assert_eq!(anna.has(), 10 * UNITS);

    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
