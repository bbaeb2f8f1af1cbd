//! End to end: what an institution, its screener and a supervisor do with the `plume` command on a network of real
//! nodes. Needs the node binary and `plume` beside it.

use crate::{
    common::{Failure, Outcome, assert_no_panic, four},
    terminal::{Terminal, account, admit_all, by_root, bytes, send},
};
use plume_localnet::Network;
use plume_sdk::{
    Client, Signer, Transfer, TxOptions, address, amount::PLANCK_PER_PLUME, call, raw,
    subxt::dynamic::Value,
};
use serde_json::{Value as Json, json};
use std::{
    fs,
    process::{Child, Output, Stdio},
};

/// Everybody alerts from the first payment of the day on, and who is on a list pays nothing.
fn policy() -> Json {
    let everywhere = json!({ "from": null, "to": null });
    let all = json!({ "persons": true, "firms": true, "banks": true });
    let entry = |rule: Json, verdict: &str| json!({ "rule": rule, "severity": "High", "verdict": verdict, "corridor": everywhere, "kinds": all, "once": false });
    let often = json!({ "VelocityCount": { "side": "From", "span": { "window": "Day", "buckets": 12 }, "at_most": 0 } });
    json!({
        "rules": [entry(json!("Sanctions"), "Deny"), entry(often, "Alert")],
        "reporting_threshold": 1_000_000, "just_under": 800_000_000, "counterparty_from": 0, "without_price": "Alert",
    })
}

fn follow(desk: &Terminal, lines: u32) -> Following {
    let line = format!("regulator follow --only alerts --lines {lines}");
    desk.command(&line)
        .stdout(Stdio::piped())
        .spawn()
        .map(|child| Following(Some(child)))
        .expect("plume can be started")
}

/// A command that goes on until it has printed enough; it ends with the test.
struct Following(Option<Child>);

impl Following {
    fn output(mut self) -> std::io::Result<Output> {
        let child = self.0.take().expect("it is taken once");
        child.wait_with_output()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Erika has an account; Bob binds it to the subject that he has issued a credential for.
async fn bind(client: &Client, subject: &[u8; 32]) -> Outcome {
    let (bob, erika) = (Signer::from_uri("//Bob")?, Signer::from_uri("//Erika")?);
    let fund = Transfer::keep_alive(erika.account(), 1_000 * PLANCK_PER_PLUME).to_call();
    send(client, &bob, &fund).await?;
    let subject = || Value::from_bytes(subject);
    let offer = [
        ("subject", subject()),
        ("account", account(&erika)),
        ("until", Value::u128(86_400)),
    ];
    send(client, &bob, &call("Credentials", "offer", offer)).await?;
    let accept = call("Credentials", "accept", [("subject", subject())]);
    send(client, &erika, &accept).await
}

/// A credential is issued, presented, verified, and refused when it was revoked. Answers the subject's number.
async fn credentials(desk: &Terminal, client: &Client) -> Result<[u8; 32], Failure> {
    desk.line("credential key --out issuer.key");
    let holder = desk.line("credential key --out holder.key");
    // A credential lasts for five years at the most, counted from the chain's first block.
    let now = std::time::SystemTime::now();
    let years = now.duration_since(std::time::UNIX_EPOCH)?.as_secs() / 31_556_952;
    let mut first = json!({
        "reference": "4711", "tier": "two", "kind": "person", "jurisdictions": ["CH"],
        "valid_from": "2020-01-01T00:00:00Z", "valid_until": format!("{}-01-01T00:00:00Z", 1_973 + years),
        "holder_key": holder["public_key"], "pool_key": format!("{}00", "11".repeat(31)),
        "personal": { "family_name": "Muster", "given_name": "Erika" },
    });
    desk.write("claims.json", &first.to_string());
    let issue = "credential issue claims.json --issuer //Bob --key @issuer.key --submit --out";
    let issued = desk.line(&format!("{issue} erika.sd-jwt"));
    let subject = bytes(&issued["subject"]);
    desk.line("credential present erika.sd-jwt --key @holder.key --audience b --nonce n --disclose family_name --out shown");
    let verify = "credential verify shown --audience b --nonce n";
    let verified = desk.line(verify);
    assert_eq!(verified["disclosed"], json!({ "family_name": "Muster" }));
    assert_eq!(verified["checked_on_chain"], true);
    let replayed = desk.refused("credential verify shown --audience b --nonce m");
    assert!(replayed.contains("replayed"), "{replayed}");
    assert_eq!(verified["pool_key"], issued["pool_key"]);
    let disclosed = desk.line("credential pool-disclosure erika.sd-jwt");
    assert_eq!(disclosed["checked_on_chain"], true);
    assert_eq!(disclosed["pool_key"], issued["pool_key"]);
    assert!(disclosed["disclosure"]["salt"].is_string(), "{disclosed}");

    // Another subject, whose credential is revoked.
    let mut second = first.clone();
    second["reference"] = json!("4712");
    desk.write("claims.json", &second.to_string());
    let revoked = desk.line(&format!("{issue} other.sd-jwt"));
    desk.line(
        "credential present other.sd-jwt --key @holder.key --audience b --nonce n --out shown2",
    );
    let revoke = [
        ("subject", Value::from_bytes(bytes(&revoked["subject"]))),
        ("reason", Value::from_bytes([9; 32])),
    ];
    let bob = Signer::from_uri("//Bob")?;
    send(client, &bob, &call("Credentials", "revoke", revoke)).await?;
    let refused = desk.refused("credential verify shown2 --audience b --nonce n");
    assert!(refused.contains("revoked the credential"), "{refused}");
    let refused = desk.refused("credential pool-disclosure other.sd-jwt");
    assert!(refused.contains("revoked the credential"), "{refused}");

    // A renewal has a salt of its own: the old credential is no longer what the chain has.
    first["reference"] = issued["reference"].clone();
    desk.write("claims.json", &first.to_string());
    let renewed = desk.line(&format!("{issue} renewed.sd-jwt --renew"));
    assert_eq!(renewed["subject"], issued["subject"]);
    let refused = desk.refused(verify);
    assert!(refused.contains("was renewed"), "{refused}");
    let refused = desk.refused("credential pool-disclosure erika.sd-jwt");
    assert!(refused.contains("was renewed"), "{refused}");
    desk.line("credential pool-disclosure renewed.sd-jwt --out renewed.disclosure.json");
    Ok(subject)
}

/// Payments are alerted about live, become a case, and the case a report.
async fn cases(desk: &Terminal, client: &Client, subject: &[u8; 32]) -> Outcome {
    desk.write("policy.json", &policy().to_string());
    let enacted = desk.line("compliance policy enact policy.json --scope PLUME --sudo //Alice");
    assert_eq!(enacted["name"], "enact_policy");
    let shown = desk.line("compliance policy show");
    assert_eq!(
        shown["policies"].as_array().map(Vec::len),
        Some(1),
        "{shown}"
    );

    let following = follow(desk, 1);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let erika = Signer::from_uri("//Erika")?;
    let pay = Transfer::keep_alive(Signer::from_uri("//Bob")?.account(), PLANCK_PER_PLUME);
    send(client, &erika, &pay.to_call()).await?;
    let followed = following.output()?;
    let alert: Json = serde_json::from_slice(&followed.stdout)?;
    assert_eq!(alert["name"], "CaseOpened", "{alert}");

    let case = desk.line("compliance cases");
    assert_eq!(case["reasons"], json!(["sent-too-often"]), "{case}");
    assert_eq!(
        case["about"],
        raw::to_hex(subject),
        "a case is about the subject"
    );

    let charlie = Signer::from_uri("//Charlie")?;
    let number = case["case"].as_u64().expect("a number");
    let nobody = desk.refused(&format!("compliance take {number} --from //Dave"));
    assert!(nobody.contains("is no compliance officer"), "{nobody}");
    let taken = desk.line(&format!("compliance take {number} --from //Charlie"));
    assert_eq!(taken["case"], number, "{taken}");
    assert_eq!(taken["stage"], "finalised", "{taken}");

    let customers = format!(
        "subject,kind,client_number,first_name,last_name\n{},person,C1,Erika,Muster\n",
        raw::to_hex(subject)
    );
    desk.write("customers.csv", &customers);
    let report = format!(
        "compliance report {number} --customers customers.csv --institution Bank --institution-id X"
    );
    for (format, begins) in [("csv", ""), ("pdf", "%PDF")] {
        let made = desk.line(&format!("{report} --format {format} --out case.{format}"));
        assert_eq!(
            (&made["cases"], &made["customers"]),
            (&json!(1), &json!(1)),
            "{made}"
        );
        let written = fs::read(desk.folder.join(format!("case.{format}")))?;
        assert!(written.starts_with(begins.as_bytes()), "{format}");
    }
    let signed = desk.line(&format!(
        "{report} --format json --key @issuer.key --out case.json"
    ));
    let key = signed["signed_by"].as_str().expect("a key");
    let verified = desk.line(&format!("compliance verify case.json --by {key}"));
    assert_eq!(verified["by_expected_key"], true);
    let document: Json = serde_json::from_slice(&fs::read(desk.folder.join("case.json"))?)?;
    let record = &document["report"]["period"]["cases"][0];
    assert_eq!(record["status"], "investigating", "{record}");
    assert_eq!(record["decisions"][0]["step"], "investigate", "{record}");
    assert_eq!(record["decisions"][0]["officer"], charlie.address());
    let flow = &record["flows"][0];
    assert_eq!(flow["amount"], PLANCK_PER_PLUME.to_string(), "{record}");
    assert!(flow["extrinsic_hash"].is_string(), "{record}");
    assert_eq!(flow["from"]["account"], address::format(&erika.account()));
    closing(desk, client, number).await
}

/// It takes two officers to close a case, who name the same end.
async fn closing(desk: &Terminal, client: &Client, case: u64) -> Outcome {
    let eve = Signer::from_uri("//Eve")?;
    let officer = vec![("officer", account(&eve))];
    by_root(client, "Compliance", "admit_officer", officer).await?;
    desk.write("memo.txt", "a salary, seen on the payslip");
    let evidence = desk.line(&format!(
        "compliance evidence {case} --file memo.txt --from //Charlie"
    ));
    let hash = evidence["hash"].as_str().expect("a hash");

    let confirm = format!("compliance confirm {case} --evidence {hash} --from");
    let early = desk.refused(&format!("{confirm} //Eve --outcome dismissed"));
    assert!(early.contains("nobody has proposed"), "{early}");
    let propose =
        format!("compliance propose {case} --evidence memo.txt --from //Charlie --outcome");
    let proposed = desk.line(&format!("{propose} reported"));
    assert_eq!(proposed["hash"], evidence["hash"], "{proposed}");
    desk.line(&format!(
        "compliance reject {case} --evidence memo.txt --from //Eve"
    ));
    desk.line(&format!("{propose} dismissed"));
    let shown = desk.line("compliance cases");
    let charlie = Signer::from_uri("//Charlie")?;
    assert_eq!(
        (&shown["stage"], &shown["outcome"]),
        (&json!("proposed"), &json!("dismissed"))
    );
    assert_eq!(shown["officer"], charlie.address(), "{shown}");

    let alone = desk.refused(&format!("{confirm} //Charlie --outcome dismissed"));
    assert!(alone.contains("it takes two"), "{alone}");
    let other = desk.refused(&format!("{confirm} //Eve --outcome reported"));
    assert!(other.contains("as dismissed, not as"), "{other}");
    desk.line(&format!("{confirm} //Eve --outcome dismissed"));
    let late = desk.refused(&format!("compliance take {case} --from //Eve"));
    assert!(late.contains("is closed already"), "{late}");
    let kept = desk.refused(&format!("compliance prune {case} --from //Erika"));
    assert!(kept.contains("has to be kept until"), "{kept}");
    travel(desk)
}

/// Travel-rule data waits for a payment, until its sender takes it back.
fn travel(desk: &Terminal) -> Outcome {
    desk.write(
        "envelope.bin",
        "what only the recipient's institution reads",
    );
    let attached = desk
        .line("compliance attach-travel-data envelope.bin --to //Bob --up-to 12.5 --from //Erika");
    let detach = "compliance detach-travel-data envelope.bin --from";
    desk.refused(&format!("{detach} //Bob"));
    let detached = desk.line(&format!("{detach} //Erika"));
    assert_eq!(detached["hash"], attached["hash"], "{detached}");
    desk.refused(&format!("{detach} //Erika"));
    Ok(())
}

/// Who is found on a list pays nothing any more, until the list lets go.
async fn sanctions(desk: &Terminal, client: &Client) -> Outcome {
    let list = "id,name,kind,programmes,aliases\n1,\"MUSTER, Erika\",individual,DEMO,\n2,OTHER,entity,DEMO,\n";
    desk.write("list.csv", list);
    desk.line("sanctions salt --out salt");
    let import = "sanctions import list.csv --format plain --salt-file salt --customers customers.csv --submit --from //Bob";
    let imported = desk.line(&format!("{import} --state one.json"));
    assert_eq!(
        imported["listed"].as_array().map(Vec::len),
        Some(1),
        "{imported}"
    );
    let erika = Signer::from_uri("//Erika")?;
    let pay = Transfer::keep_alive(Signer::from_uri("//Bob")?.account(), PLANCK_PER_PLUME);
    let denied = client
        .submit(&erika, &pay.to_call(), &TxOptions::default())
        .await;
    let denied = denied
        .map(|_| ())
        .expect_err("it is denied in the pool")
        .to_string();
    assert!(
        denied.contains("(reason 1)"),
        "the reason of the list: {denied}"
    );

    desk.write("list.csv", &list.replace("MUSTER, Erika", "SOMEBODY, Else"));
    let cleared = desk.line(&format!("{import} --previous one.json --state two.json"));
    assert_eq!(
        cleared["cleared"].as_array().map(Vec::len),
        Some(1),
        "{cleared}"
    );
    send(client, &erika, &pay.to_call()).await
}

/// A supervisor's warrant and freeze can be read by everybody, and stop a credential until they end.
fn supervision(desk: &Terminal, subject: &[u8; 32]) -> Outcome {
    let subject = raw::to_hex(subject);
    let now = std::time::SystemTime::now();
    let tomorrow = now.duration_since(std::time::UNIX_EPOCH)?.as_secs() + 86_400;
    desk.write("order.txt", "order of the court, and a salt");
    let open = format!(
        "regulator open-warrant --subject {subject} --for freeze-subjects --order order.txt --until {tomorrow} --from"
    );
    let nobody = desk.refused(&format!("{open} //Charlie"));
    assert!(nobody.contains("is no supervisor"), "{nobody}");
    let opened = desk.line(&format!("{open} //Dave"));
    assert_eq!(
        (&opened["warrant"], &opened["log_line"]),
        (&json!(0), &json!(0)),
        "{opened}"
    );
    let warrant = desk.line("regulator warrants");
    assert_eq!(warrant["state"], "live", "{warrant}");
    assert_eq!(warrant["legal_basis"], opened["hash"], "{warrant}");
    let by = "--warrant 0 --evidence order.txt --from //Dave";
    let frozen = desk.line(&format!("regulator freeze subject {subject} {by}"));
    assert_eq!(frozen["log_line"], 1, "{frozen}");
    let twice = desk.refused(&format!("regulator freeze subject {subject} {by}"));
    assert!(twice.contains("freezes it already"), "{twice}");
    let weak = desk.refused(&format!("regulator record-access {subject} {by}"));
    assert!(weak.contains("is not good for"), "{weak}");
    let log = desk.lines("regulator log");
    let acts: Vec<_> = log
        .iter()
        .map(|line| line["act"].as_str().expect("a name"))
        .collect();
    assert_eq!(acts, ["subject-frozen", "opened"]);
    assert_eq!(desk.lines("regulator log --institution //Bob").len(), 2);
    desk.line(
        "credential present renewed.sd-jwt --key @holder.key --audience b --nonce n --out shown3",
    );
    let refused = desk.refused("credential verify shown3 --audience b --nonce n");
    assert!(refused.contains("frozen"), "{refused}");

    desk.line(&format!("regulator release subject {subject} {by}"));
    desk.line("credential verify shown3 --audience b --nonce n");
    // What its powers let a supervisor see it records without a warrant.
    desk.line(&format!(
        "regulator record-access {subject} --evidence order.txt --sealed order.txt --from //Dave"
    ));
    desk.line("regulator withdraw-warrant 0 --evidence order.txt --from //Dave");
    let ended = desk.refused(&format!("regulator freeze subject {subject} {by}"));
    assert!(ended.contains("was taken back"), "{ended}");
    let log = desk.lines("regulator log --limit 3");
    let acts: Vec<_> = log.iter().map(|line| line["act"].clone()).collect();
    assert_eq!(acts, ["withdrawn", "accessed", "subject-released"]);
    assert_eq!(log[1]["sealed"], true);
    Ok(())
}

#[tokio::test]
async fn an_institution_and_a_supervisor_do_their_work_with_the_command() -> Outcome {
    let network = Network::start(four("desk")).await?;
    let desk = Terminal::new("desk-files", network.node(0).ws_url())?;
    let client = Client::connect(&desk.url).await?;
    admit_all(&client).await?;
    let subject = credentials(&desk, &client).await?;
    bind(&client, &subject).await?;
    cases(&desk, &client, &subject).await?;
    sanctions(&desk, &client).await?;
    supervision(&desk, &subject)?;
    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
