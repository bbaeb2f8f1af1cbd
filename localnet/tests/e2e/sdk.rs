//! End to end: what the SDK promises, against real nodes. Needs the node binary, see
//! `plume_localnet::default_binary`.
//!
//! The checks share Alice's nonce and therefore run one after the other, in one test.

use crate::common::{LIMIT, Outcome, assert_no_panic, four};
use plume_localnet::Network;
use plume_sdk::raw::{SubmitError, to_hex};
use plume_sdk::{
    At, Client, Error, Found, Mortality, OfflineTransfer, Signer, Transfer, TxOptions, amount,
};

const AMOUNT_PLANCK: u128 = amount::PLANCK_PER_PLUME;

fn signer(uri: &str) -> Signer {
    Signer::from_uri(uri).expect("a development account")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_and_everything_around_it() -> Outcome {
    let network = Network::start(four("sdk")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let client = Client::connect(&network.node(0).ws_url()).await?;
    it_describes_the_chain(&client).await;
    it_pays_and_reports_what_it_cost(&client).await;
    it_names_the_error_of_a_call_that_fails(&client).await;
    it_names_the_reason_for_a_refusal(&client).await;
    it_signs_offline_what_the_chain_accepts(&client).await;
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}

async fn it_describes_the_chain(client: &Client) {
    let info = client.chain_info().await.expect("chain info");
    assert!(info.best.number >= info.finalised.number);
    assert!(
        !info.validators.is_empty() && info.spec_version > 0,
        "{info:?}"
    );
    let supply = client.supply(At::Finalised).await.expect("supply");
    assert_eq!(
        supply.sum_planck(),
        amount::GENESIS_SUPPLY_PLANCK,
        "issued and burned make the genesis supply"
    );
}

async fn it_pays_and_reports_what_it_cost(client: &Client) {
    let (alice, to) = (signer("//Alice"), signer("//Live//receiver").account());
    let before = client.account(&to, At::Finalised).await.expect("a balance");
    let call = Transfer::keep_alive(to, AMOUNT_PLANCK).to_call();
    let options = TxOptions {
        tip_planck: 7,
        ..TxOptions::default()
    };

    let expected = client
        .estimate_fee(&alice.account(), &call, &options)
        .await
        .expect("an estimate");
    let prepared = client
        .prepare(&alice, &call, &options)
        .await
        .expect("a signature");
    assert_eq!(prepared.check().await.expect("a verdict"), Ok(()));
    assert_eq!(prepared.fee().await.expect("a fee"), expected);

    let progress = prepared.submit().await.expect("accepted");
    let inclusion = progress
        .wait_finalised()
        .await
        .expect("final")
        .ok()
        .expect("success");
    assert_eq!(inclusion.tip_planck, 7);
    assert!(
        inclusion.fee_planck > 7 && inclusion.fee_planck <= expected.total_planck(),
        "{inclusion:?}"
    );
    let transfer = inclusion
        .events
        .iter()
        .find(|event| event.is("Balances", "Transfer"));
    assert_eq!(
        transfer.and_then(|event| event.integer("amount")),
        Some(AMOUNT_PLANCK)
    );

    let after = client.account(&to, At::Finalised).await.expect("a balance");
    assert_eq!(after.free_planck, before.free_planck + AMOUNT_PLANCK);
    let found = client
        .find_transaction(inclusion.tx_hash, 64)
        .await
        .expect("a search");
    assert_eq!(found, Some(Found::Finalised(Box::new(inclusion))));
}

async fn it_names_the_error_of_a_call_that_fails(client: &Client) {
    let alice = signer("//Alice");
    let everything = client
        .account(&alice.account(), At::Best)
        .await
        .expect("a balance")
        .free_planck;
    let call = Transfer::keep_alive(signer("//Bob").account(), everything).to_call();
    let progress = client
        .submit(&alice, &call, &TxOptions::default())
        .await
        .expect("the pool takes it");
    let inclusion = progress.wait_in_block().await.expect("a block");
    assert!(inclusion.fee_planck > 0);
    let failure = inclusion
        .ok()
        .expect_err("she cannot send what pays her fee");
    assert!(
        matches!(&failure, Error::Dispatch(failure) if failure.name.contains("::")),
        "{failure}"
    );
}

async fn it_names_the_reason_for_a_refusal(client: &Client) {
    let alice = signer("//Alice");
    let call = Transfer::keep_alive(signer("//Bob").account(), 1).to_call();
    let stale = TxOptions {
        nonce: Some(0),
        ..TxOptions::default()
    };
    let error = client
        .submit(&alice, &call, &stale)
        .await
        .map(drop)
        .expect_err("nonce 0 was used");
    assert!(
        matches!(error, Error::Submit(SubmitError::Stale)),
        "{error}"
    );
    let poor = client
        .submit(&signer("//Nobody//here"), &call, &TxOptions::default())
        .await
        .map(drop);
    assert!(
        matches!(poor, Err(Error::Submit(SubmitError::Payment))),
        "{poor:?}"
    );
    let long = TxOptions {
        mortality: Mortality::Blocks(1 << 20),
        ..TxOptions::default()
    };
    let error = client
        .submit(&alice, &call, &long)
        .await
        .map(drop)
        .expect_err("beyond BlockHashCount");
    assert!(matches!(error, Error::Mortality { .. }), "{error}");
}

async fn it_signs_offline_what_the_chain_accepts(client: &Client) {
    let alice = signer("//Alice");
    let transfers = client
        .offline_transfers(&TxOptions::default())
        .await
        .expect("a known format");
    let first = client
        .raw()
        .next_nonce(&alice.account())
        .await
        .expect("a nonce");
    let to = signer("//Live//receiver").account();
    let batch: Vec<_> = (first..first + 20)
        .map(|nonce| OfflineTransfer {
            from: &alice,
            to,
            amount_planck: AMOUNT_PLANCK,
            nonce,
        })
        .collect();
    let signed = transfers.sign_many(&batch, 0);
    for transfer in &signed {
        let hash = client
            .raw()
            .submit_raw(&transfer.bytes)
            .await
            .expect("accepted");
        assert_eq!(hash, transfer.hash);
    }
    let last = signed.last().expect("twenty").hash;
    let mut heads = client
        .raw()
        .subscribe_finalized()
        .await
        .expect("a subscription");
    for _ in 0..120 {
        heads.next().await.expect("open").expect("a head");
        if let Some(Found::Finalised(inclusion)) =
            client.find_transaction(last, 32).await.expect("a search")
        {
            inclusion.ok().expect("success");
            return;
        }
    }
    panic!(
        "{} was not finalised within 120 rounds of finality",
        to_hex(&last.0)
    );
}
