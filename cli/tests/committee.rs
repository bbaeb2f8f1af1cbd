//! Five parties make a key, three of them open a transfer, and two of them hand the key over, all through files and the
//! binary, as operators do.

use std::fs;
use std::path::Path;
use std::process::Command;

use plume_committee::ceremony::from_json;
use plume_committee::stream::{Layer, mask};
use plume_committee::{Bytes32, Certificate, FieldBytes, Point, scalar};
use serde_json::Value as Json;
use tempfile::TempDir;

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs `plume committee` with words, and gives what it says.
    fn run(&self, line: &str) -> Result<Json, Json> {
        self.plume(&format!("committee {line}"))
    }

    fn plume(&self, line: &str) -> Result<Json, Json> {
        let output = Command::new(env!("CARGO_BIN_EXE_plume"))
            .arg("--json")
            .args(line.split_whitespace())
            .current_dir(self.path())
            .output()
            .expect("the binary was built for this test");
        let parse = |bytes: &[u8]| serde_json::from_slice(bytes).expect("one JSON object a line");
        if output.status.success() {
            Ok(parse(&output.stdout))
        } else {
            Err(parse(&output.stderr))
        }
    }

    fn must(&self, line: &str) -> Json {
        self.run(line)
            .unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    fn reason(&self, line: &str) -> String {
        let error = self.run(line).expect_err(line);
        let reason = error["error"]["reason"].as_str();
        reason.expect("a failure has a reason").to_owned()
    }

    fn certificate(&self, name: &str) -> Certificate {
        let bytes = fs::read(self.path().join(name)).expect(name);
        from_json(&bytes).expect(name)
    }

    /// A transfer's public inputs, as words of a command line, and who is in it.
    fn transfer(&self, committee: &str) -> (String, [String; 2]) {
        let keys = self.certificate(committee).check().expect("a committee");
        let secret = scalar(&Bytes32([5; 32])).expect("it is below the order");
        let ephemeral: Point = Point::of_secret(&secret).expect("it is not zero");
        let parties = [11u64, 12].map(FieldBytes::from);
        let shared = keys.key().multiplied(&secret).expect("it is not zero");
        let hex = |element: &FieldBytes| Bytes32((*element).into()).to_string();
        let (x, y) = ephemeral.coordinates();
        let ciphertext: Vec<_> = mask(Layer::Committee, &shared, &parties)
            .iter()
            .map(hex)
            .collect();
        let words = format!(
            "--ephemeral {} {} --ciphertext {}",
            hex(&x),
            hex(&y),
            ciphertext.join(" ")
        );
        (words, parties.map(|party| hex(&party)))
    }

    fn mode_is_private(&self, name: &str) -> bool {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(self.path().join(name))
            .expect(name)
            .permissions()
            .mode();
        mode & 0o077 == 0
    }
}

fn hash(byte: u8) -> String {
    Bytes32([byte; 32]).to_string()
}

/// Key generation of 3 of 5; every file is where the pages for operators say.
fn keygen(folder: &Folder) {
    let members = 1..=5;
    for at in members.clone() {
        folder.must(&format!("member --key {at}.key --card {at}.card"));
    }
    let cards: Vec<_> = members.clone().map(|at| format!("{at}.card")).collect();
    folder.must(&format!(
        "roster {} --threshold 3 --genesis {} --label first --out roster.json",
        cards.join(" "),
        hash(7)
    ));
    let all = |name: &str| {
        let names: Vec<_> = members
            .clone()
            .map(|at| format!("{name}-{at}.json"))
            .collect();
        names.join(" ")
    };
    for at in members.clone() {
        let begin = format!(
            "keygen begin --roster roster.json --key {at}.key --state {at}.state --out commitments-{at}.json"
        );
        folder.must(&begin);
        // Taken again it gives the same file.
        let first =
            fs::read(folder.path().join(format!("commitments-{at}.json"))).expect("written");
        folder.must(&begin);
        let again =
            fs::read(folder.path().join(format!("commitments-{at}.json"))).expect("written");
        assert_eq!(first, again);
    }
    for at in members.clone() {
        let exchange = format!(
            "keygen exchange {} --key {at}.key --state {at}.state --out sub-shares-{at}.json",
            all("commitments")
        );
        folder.must(&exchange);
        let first = fs::read(folder.path().join(format!("sub-shares-{at}.json"))).expect("written");
        folder.must(&exchange);
        let again = fs::read(folder.path().join(format!("sub-shares-{at}.json"))).expect("written");
        assert_eq!(first, again);
    }
    for at in members.clone() {
        folder.must(&format!(
            "keygen finish {} --key {at}.key --state {at}.state --share {at}.share --record record-{at}.json --out confirmation-{at}.json",
            all("sub-shares")
        ));
        for secret in ["key", "state", "share"] {
            assert!(
                folder.mode_is_private(&format!("{at}.{secret}")),
                "{at}.{secret}"
            );
        }
    }
    let missing =
        folder.reason("certify confirmation-1.json --record record-1.json --out committee.json");
    assert_eq!(missing, "no message of members 2, 3, 4, 5");
    let certified = folder.must(&format!(
        "certify {} --record record-1.json --out committee.json",
        all("confirmation")
    ));
    // What goes to the chain is the same point as in the file.
    let keys = folder.certificate("committee.json").check();
    let (x, y) = keys.expect("a committee").key().coordinates();
    let coordinates = [x, y].map(|element| Bytes32(element.into()).to_string());
    assert_eq!(certified["coordinates"], serde_json::json!(coordinates));
}

#[test]
fn three_of_five_open_a_false_part_is_named_and_the_key_is_handed_over() {
    let folder = Folder::new();
    keygen(&folder);

    let (transfer, [sender, receiver]) = folder.transfer("committee.json");
    folder.must(&format!(
        "open request --committee committee.json --warrant {} --transaction {} {transfer} --out request.json",
        hash(8),
        hash(9)
    ));
    // What is on no chain gets a share only from who says that it asks no node.
    for line in [
        "open share request.json --committee committee.json --share 1.share --out 1.json",
        "open check request.json --committee committee.json",
        "open record request.json --committee committee.json --supervisor //Dave",
    ] {
        let reason = folder.reason(line);
        assert!(reason.ends_with("it is a rehearsal's"), "{reason}");
    }
    assert!(!folder.path().join("1.json").exists());
    for at in 1..=4 {
        folder.must(&format!(
            "open share request.json --committee committee.json --share {at}.share --out opening-{at}.json --offline"
        ));
    }
    let opened =
        folder.must("open combine request.json opening-1.json opening-3.json opening-4.json --committee committee.json");
    assert_eq!(opened["sender"], sender);
    assert_eq!(opened["receiver"], receiver);
    assert_eq!(opened["refused"].as_array().expect("a list").len(), 0);

    // Member 2 posts member 1's point with its own proof.
    let read = |name: &str| -> Json {
        let bytes = fs::read(folder.path().join(name)).expect(name);
        serde_json::from_slice(&bytes).expect(name)
    };
    let mut part = read("opening-2.json");
    part["content"]["point"] = read("opening-1.json")["content"]["point"].clone();
    fs::write(folder.path().join("false-2.json"), part.to_string()).expect("a temporary folder");
    let opened = folder.must(
        "open combine request.json opening-1.json false-2.json opening-3.json opening-4.json --committee committee.json",
    );
    assert_eq!(opened["sender"], sender);
    assert_eq!(opened["refused"][0]["member"], 2);
    let reason =
        folder.reason("open combine request.json opening-1.json false-2.json opening-3.json --committee committee.json");
    assert!(
        reason.starts_with("2 good shares, and it takes 3; member 2: the share is false"),
        "{reason}"
    );

    // The same parts for another warrant.
    folder.must(&format!(
        "open request --committee committee.json --warrant {} --transaction {} {transfer} --out other.json",
        hash(1),
        hash(9)
    ));
    let reason = folder.reason(
        "open combine other.json opening-1.json opening-3.json opening-4.json --committee committee.json",
    );
    assert!(reason.starts_with("0 good shares"), "{reason}");

    hand_over(&folder);
}

/// Members 2, 3 and 5 hand over to 3, 6 and 7, of whom two open.
fn hand_over(folder: &Folder) {
    for at in [6, 7] {
        folder.must(&format!("member --key {at}.key --card {at}.card"));
    }
    let made = folder.must(
        "roster 3.card 6.card 7.card --threshold 2 --previous committee.json --label second --out next.json",
    );
    assert_eq!(made["next"], "old members: plume committee reshare deal");
    for at in [2, 3, 5] {
        let deal = format!(
            "reshare deal --committee committee.json --roster next.json --key {at}.key --share {at}.share --out dealing-{at}.json"
        );
        folder.must(&deal);
        assert!(
            folder.reason(&deal).ends_with("exists"),
            "a second dealing is a fault"
        );
    }
    let receive = |at: u16, dealings: &str| {
        format!(
            "reshare receive {dealings} --committee committee.json --roster next.json --key {at}.key --share new-{at}.share --record next-record.json --out next-confirmation-{at}.json"
        )
    };
    let reason = folder.reason(&receive(6, "dealing-2.json dealing-3.json"));
    assert_eq!(reason, "2 good dealings, and it takes 3");
    for at in [3, 6, 7] {
        folder.must(&receive(at, "dealing-2.json dealing-3.json dealing-5.json"));
    }
    folder.must(
        "certify next-confirmation-3.json next-confirmation-6.json next-confirmation-7.json --record next-record.json --out next-committee.json",
    );
    let [old, new] = ["committee.json", "next-committee.json"]
        .map(|name| folder.certificate(name).record.committee);
    assert_eq!(old.key, new.key);
    assert_eq!(new.epoch, 1);

    let (transfer, [sender, _]) = folder.transfer("next-committee.json");
    folder.must(&format!(
        "open request --committee next-committee.json --warrant {} --transaction {} {transfer} --out next-request.json",
        hash(8),
        hash(9)
    ));
    for at in [6, 7] {
        folder.must(&format!(
            "open share next-request.json --committee next-committee.json --share new-{at}.share --out next-opening-{at}.json --offline"
        ));
    }
    let opened = folder
        .must("open combine next-request.json next-opening-6.json next-opening-7.json --committee next-committee.json");
    assert_eq!(opened["sender"], sender);

    // An old share is none of the new committee's.
    let reason = folder
        .reason("open share next-request.json --committee next-committee.json --share 2.share --out old.json --offline");
    assert_eq!(
        reason,
        "this share is not the member's share in this committee"
    );
}

#[test]
fn a_file_of_another_kind_is_refused_with_a_reason_and_a_hint() {
    let folder = Folder::new();
    folder.must("member --key 1.key --card 1.card");
    let reason = folder.reason(&format!(
        "roster 1.key --threshold 2 --genesis {} --label x --out roster.json",
        hash(7)
    ));
    assert_eq!(
        reason,
        "1.key: a plume/committee/card/1 is needed, and this is a \"plume/committee/member-key/1\""
    );
    let reason = folder.reason(&format!(
        "roster 1.card --threshold 2 --genesis {} --label x --out roster.json",
        hash(7)
    ));
    assert!(reason.starts_with("the roster: the threshold"), "{reason}");
    assert!(
        folder
            .reason("member --key 1.key --card 1.card")
            .starts_with("cannot write 1.key")
    );
}

#[test]
fn a_flow_key_is_published_and_verified_and_its_seed_stays_private() {
    let folder = Folder::new();
    let must = |line: &str| {
        folder
            .plume(&format!("regulator flow-key {line}"))
            .expect(line)
    };
    must(&format!("seed --genesis {} --out flow.seed", hash(7)));
    assert!(folder.mode_is_private("flow.seed"));
    let published = must("publish flow.seed --period 12 --out key.json");
    let verified = must("verify key.json");
    assert_eq!(published["key"], verified["key"]);
    assert_eq!(verified["period"], 12);
    must("secret flow.seed --period 12 --out period.secret");
    assert!(folder.mode_is_private("period.secret"));

    let name = folder.path().join("key.json");
    let text = fs::read_to_string(&name).expect("written");
    fs::write(&name, text.replace("\"period\": 12", "\"period\": 13")).expect("a temporary folder");
    let error = folder
        .plume("regulator flow-key verify key.json")
        .expect_err("another period");
    let reason = error["error"]["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("the proof of possession"), "{reason}");
}
