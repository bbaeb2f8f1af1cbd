//! End to end: five authorities make a key that nobody has, and three of them open a shielded payment on a warrant, with the
//! `plume` command on a network of real nodes. Needs the node binary and `plume` beside it.

use crate::{
    common::{Failure, LIMIT, Outcome, assert_no_panic, four},
    holders::Holder,
    terminal::{
        Power, Terminal, admit_all, by_root, bytes, elapsed, fails, open_warrant, send, wait_past,
    },
};
use plume_localnet::Network;
use plume_sdk::{Call, Client, Signer, call, raw, subxt::dynamic::Value};
use serde_json::{Value as Json, json};

/// All members' numbers. Three of them open.
const MEMBERS: [u16; 5] = [1, 2, 3, 4, 5];
const DAY_S: u32 = 86_400;

/// Names of files of a kind, one of each of these members.
fn of(members: &[u16], begin: &str, end: &str) -> String {
    let names = members.iter().map(|at| format!("{begin}{at}{end}"));
    names.collect::<Vec<_>>().join(" ")
}

/// Five members make a committee, each with files of its own number. Answers what the certificate says.
fn found(desk: &Terminal) -> Json {
    let each = |line: &dyn Fn(u16) -> String| {
        for at in MEMBERS {
            desk.line(&format!("committee {}", line(at)));
        }
    };
    each(&|at| format!("member --key {at}.key --card {at}.card"));
    let chain = desk.line("chain");
    let genesis = chain["genesis_hash"].as_str().expect("text");
    desk.line(&format!(
        "committee roster {} --threshold 3 --genesis {genesis} --label e2e --out roster.json",
        of(&MEMBERS, "", ".card")
    ));
    each(&|at| {
        format!(
            "keygen begin --roster roster.json --key {at}.key --state {at}.state --out commitments-{at}.json"
        )
    });
    let commitments = of(&MEMBERS, "commitments-", ".json");
    each(&|at| {
        format!(
            "keygen exchange {commitments} --key {at}.key --state {at}.state --out sub-shares-{at}.json"
        )
    });
    let sub_shares = of(&MEMBERS, "sub-shares-", ".json");
    each(&|at| {
        format!(
            "keygen finish {sub_shares} --key {at}.key --state {at}.state --share {at}.share --record record-{at}.json --out confirmation-{at}.json"
        )
    });
    desk.line(&format!(
        "committee certify {} --record record-1.json --out committee.json",
        of(&MEMBERS, "confirmation-", ".json")
    ))
}

/// Lets identities be encrypted to the committee's key, and waits until they are.
async fn enact(client: &Client, certified: &Json) -> Outcome {
    /// Longer than it takes until the call is in a block: a key counts from a moment to come.
    const AHEAD_S: u32 = 8;
    let from = elapsed(client).await? + AHEAD_S;
    let coordinate = |place: usize| Value::from_bytes(bytes(&certified["coordinates"][place]));
    let key = Value::named_composite([("x", coordinate(0)), ("y", coordinate(1))]);
    let fields = vec![("from", Value::u128(from.into())), ("key", key)];
    by_root(client, "ShieldedPool", "set_committee_key", fields).await?;
    wait_past(client, from).await
}

/// The words that say where a payment is: its block, and the place of its first note.
async fn place(client: &Client, paid: &Json) -> Result<String, Failure> {
    let block = paid["block"].as_u64().expect("a number");
    let block = client.raw().block_hash(block).await?.expect("it is final");
    let events = client.events(block).await?;
    let mut transfers = events
        .iter()
        .filter(|event| event.is("ShieldedPool", "Transferred"));
    let first = transfers.next().and_then(|event| event.integer("first"));
    let first = first.expect("the payment is in its block");
    Ok(format!("--block {} --first {first}", raw::to_hex(&block.0)))
}

fn request(warrant: u32, place: &str, out: &str) -> String {
    format!(
        "committee open request --committee committee.json --warrant {warrant} {place} --out {out}"
    )
}

/// What the supervisor's command sends.
fn recording(warrant: u32, opened: [u8; 32]) -> Call {
    let fields = [
        ("warrant", Value::u128(warrant.into())),
        ("opened", Value::from_bytes(opened)),
        ("shares", Value::u128(3)),
    ];
    call("Regulator", "record_opening", fields)
}

/// That a subject was found.
fn access(warrant: u32, subject: &[u8; 32]) -> Call {
    let fields = [
        (
            "warrant",
            Value::unnamed_variant("Some", [Value::u128(warrant.into())]),
        ),
        ("subject", Value::from_bytes(subject)),
        ("evidence", Value::from_bytes([4; 32])),
        ("sealed", Value::from_bytes([6; 4])),
    ];
    call("Regulator", "record_access", fields)
}

/// Without a warrant that is good for it nobody can ask, and the chain records nothing.
async fn refusals(desk: &Terminal, client: &Client, expired: u32, other: u32, at: &str) -> Outcome {
    let dave = Signer::from_uri("//Dave")?;
    for (warrant, says, error) in [
        (expired, "has expired", "WarrantExpired"),
        (other, "is not good for having", "NoSuchPower"),
        (99, "the chain has no warrant 99", "UnknownWarrant"),
    ] {
        let refused = desk.refused(&request(warrant, at, "refused.json"));
        assert!(refused.contains(says), "{refused}");
        let failed = fails(client, &dave, &recording(warrant, [7; 32])).await?;
        assert_eq!(failed, format!("Regulator::{error}"));
    }
    assert!(!desk.folder.join("refused.json").exists());
    Ok(())
}

#[tokio::test]
async fn a_warrant_opens_a_payment_by_three_of_five_and_a_false_share_is_named() -> Outcome {
    let network = Network::start(four("opening")).await?;
    network.wait_all_finalised(3, LIMIT).await?;
    let desk = Terminal::new("opening-files", network.node(0).ws_url())?;
    let client = Client::connect(&desk.url).await?;
    admit_all(&client).await?;
    let certified = found(&desk);
    desk.line("credential key --out issuer.key");
    let (anna, bert) = (Holder::new(&desk, "anna")?, Holder::new(&desk, "bert")?);

    // By the time that the first of these is used it has ended.
    let until = elapsed(&client).await? + 20;
    let short = open_warrant(&client, &anna.subject, Power::Access, until).await?;
    let other = open_warrant(&client, &anna.subject, Power::Freeze, DAY_S).await?;

    // One payment from before the committee's key counts, and one from after.
    let before = anna.pays("shield", "--from //Eve --amount 5000");
    enact(&client, &certified).await?;
    let paid = anna.pays("send", "--to bert.contact --amount 300");
    let (before, after) = (place(&client, &before).await?, place(&client, &paid).await?);

    wait_past(&client, until).await?;
    refusals(&desk, &client, short, other, &after).await?;
    let warrant = open_warrant(&client, &anna.subject, Power::Access, DAY_S).await?;
    let refused = desk.refused(&request(warrant, &before, "before.json"));
    assert!(refused.contains("another committee's key"), "{refused}");

    // No member gives a part before everybody can read that it is asked for, by whoever has the warrant.
    desk.line(&request(warrant, &after, "request.json"));
    let check = "committee open check request.json --committee committee.json";
    let share = |at: u16| {
        format!(
            "committee open share request.json --committee committee.json --share {at}.share --out opening-{at}.json"
        )
    };
    let first = share(1);
    for line in [check, first.as_str()] {
        let refused = desk.refused(line);
        assert!(refused.contains("no line for this opening"), "{refused}");
    }
    let record = "committee open record request.json --committee committee.json --supervisor";
    let refused = desk.refused(&format!("{record} //Bob"));
    assert!(refused.contains("Regulator::NotItsSupervisor"), "{refused}");
    let lines = || desk.lines("regulator log --institution //Bob");
    let counted = lines().len();
    desk.line(&format!("{record} //Dave"));
    let log = lines();
    assert_eq!(log.len(), counted + 1);
    assert_eq!(log[0]["act"], "transfer-opened", "{log:?}");
    assert_eq!(log[0]["warrant"], warrant, "{log:?}");
    let refused = desk.refused(&format!("{record} //Dave"));
    assert!(refused.contains("Regulator::OpeningRecorded"), "{refused}");
    desk.line(check);

    // Members 1, 3 and 5 give their parts; what goes by the name of member 2 is another's.
    for at in [1, 3, 4, 5] {
        assert_eq!(desk.line(&share(at))["member"], at);
    }
    let mut posed = desk.read("opening-4.json");
    posed["content"]["member"] = json!(2);
    desk.write("opening-2.json", &posed.to_string());
    let combine = |members: &[u16]| {
        format!(
            "committee open combine request.json {} --committee committee.json --covered",
            of(members, "opening-", ".json")
        )
    };
    let refused = desk.refused(&combine(&[1, 3]));
    assert!(
        refused.contains("2 good shares, and it takes 3"),
        "{refused}"
    );
    let refused = desk.refused(&combine(&[1, 2, 3]));
    assert!(
        refused.contains("2 good shares, and it takes 3; member 2: the share is false"),
        "{refused}"
    );
    let opened = desk.line(&combine(&[1, 2, 3, 5]));
    assert_eq!(opened["sender"], anna.element());
    assert_eq!(opened["receiver"], bert.element());
    assert_eq!(opened["good"], json!([1, 3, 5]));
    assert_eq!(opened["refused"][0]["member"], 2, "{opened}");
    assert_eq!(opened["covered"], true);

    // What was found goes on the log, if the warrant is about it.
    let dave = Signer::from_uri("//Dave")?;
    send(&client, &dave, &access(warrant, &anna.subject)).await?;
    assert_eq!(lines()[0]["act"], "accessed");
    let failed = fails(&client, &dave, &access(warrant, &bert.subject)).await?;
    assert_eq!(failed, "Regulator::OutsideWarrant");

    // A warrant that was taken back opens nothing more.
    let back = [
        ("warrant", Value::u128(warrant.into())),
        ("evidence", Value::from_bytes([5; 32])),
    ];
    send(&client, &dave, &call("Regulator", "withdraw_warrant", back)).await?;
    let late = "committee open share request.json --committee committee.json --share 2.share --out late.json";
    for line in [check, late] {
        let refused = desk.refused(line);
        assert!(refused.contains("was taken back"), "{refused}");
    }
    assert!(!desk.folder.join("late.json").exists());

    assert_no_panic(network.nodes());
    network.stop().await?;
    Ok(())
}
