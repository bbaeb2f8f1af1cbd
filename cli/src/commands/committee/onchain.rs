//! What the chain says of an opening, and whether a member may give its share.

use plume_circuits::transfer::Point;
use plume_committee::ceremony::{Place, Request};
use plume_committee::{Bytes32, FieldBytes};
use plume_sdk::subxt::dynamic::Value;
use plume_sdk::{At, AtBlock, Client, H256, raw, state};
use serde_json::Value as Json;

use crate::commands::compliance::record::{bytes, integer};
use crate::commands::credential::chain::{elapsed, first_block_s};
use crate::commands::regulator::describe_warrant;
use crate::commands::wallet::stored;
use crate::failure::Failure;
use crate::patience;

const PALLET: &str = "Regulator";
/// Bytes that begin the preimage of a warrant's hash, as the pallet has them; a test compares the hashes.
const WARRANT_DOMAIN: &[u8] = b"plume/regulator/warrant/1";
/// Bytes at the end of a warrant in storage that its uses and its end change, as the pallet has them.
const CHANGING_BYTES: usize = 5;

/// A shielded transfer as a block has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Hash of its transaction.
    pub transaction: Bytes32,
    /// x and y of its ephemeral point.
    pub ephemeral: [Bytes32; 2],
    /// The committee's layer.
    pub ciphertext: [Bytes32; 2],
    /// x and y of the committee's key that it is encrypted to.
    pub key: [Bytes32; 2],
}

/// A warrant as the chain has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warrant {
    /// What a request knows it by.
    pub hash: Bytes32,
    /// What it says.
    pub entry: Json,
    /// Its supervisor's powers and standing.
    pub supervisor: Json,
}

/// A line of the log, as far as it is about an opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub number: u64,
    /// By which warrant.
    pub warrant: Option<u32>,
    /// What is opened.
    pub opened: Bytes32,
    /// How many members' shares it takes.
    pub shares: u16,
}

/// All that the chain has about a request, in its last final block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Hash of the genesis block.
    pub genesis: Bytes32,
    /// Seconds since the first block.
    pub now: u32,
    /// Time of the first block.
    pub first_block_s: u64,
    /// The warrant of that number, if there is one.
    pub warrant: Option<Warrant>,
    /// The transfer at that place, if there is one in a final block.
    pub transfer: Option<Transfer>,
    /// The line that records the opening, if there is one.
    pub line: Option<Line>,
}

fn refused(reason: impl Into<String>, hint: &'static str) -> Failure {
    Failure::new(reason, hint)
}

fn unreadable() -> Failure {
    refused(
        "what the chain has about the opening cannot be read",
        "Update plume to the version that came with this runtime",
    )
}

const NO_SHARE: &str =
    "Give no share. Ask whoever has written the request for one that the chain bears out";

/// A request's place on the chain.
pub fn place(request: &Request) -> Result<Place, Failure> {
    request.place.ok_or_else(|| {
        refused(
            "the request says nowhere where the chain has its warrant and its transfer: it is a rehearsal's",
            "Make it with: plume committee open request --block ... --first ...; in a rehearsal give --offline",
        )
    })
}

impl Seen {
    /// The warrant, if it is in force and good for opening something.
    pub fn warrant_in_force(&self, number: u32) -> Result<&Warrant, Failure> {
        let Some(warrant) = &self.warrant else {
            return Err(refused(
                format!("the chain has no warrant {number}"),
                NO_SHARE,
            ));
        };
        let until: u32 = integer(&warrant.entry["until"]).ok_or_else(unreadable)?;
        let is = |json: &Json, field: &str| json[field] == true;
        let ended = if is(&warrant.entry, "withdrawn") {
            "was taken back"
        } else if self.now > until {
            "has expired"
        } else if !is(&warrant.supervisor, "admitted") {
            "is of a supervisor that was dismissed"
        } else if !is(&warrant.entry["powers"], "access")
            || !is(&warrant.supervisor["powers"], "access")
        {
            "is not good for having anything opened"
        } else {
            return Ok(warrant);
        };
        Err(refused(format!("warrant {number} {ended}"), NO_SHARE))
    }

    /// The transfer, if it is in a final block.
    pub fn transfer_there(&self) -> Result<&Transfer, Failure> {
        self.transfer.as_ref().ok_or_else(|| {
            refused(
                "the chain has no such transfer in that block, or the block is not final",
                "Wait for finality, or ask an archive node: others forget a block's events after 256 blocks",
            )
        })
    }

    /// Whether the transfer is encrypted to a key, by x and y. What is encrypted to another opens all the same, to numbers
    /// that are nobody's.
    pub fn is_encrypted_to(&self, key: [Bytes32; 2]) -> Result<(), Failure> {
        if self.transfer_there()?.key == key {
            return Ok(());
        }
        Err(refused(
            "the transfer is encrypted to another committee's key",
            "Ask the committee whose key counted when it was made: ShieldedPool.CommitteeKeys in that block",
        ))
    }

    /// Whether the chain bears out a request, but for its line in the log.
    pub fn bears_out(&self, request: &Request) -> Result<(), Failure> {
        let Place {
            warrant: number, ..
        } = place(request)?;
        if self.genesis != request.purpose.chain {
            return Err(refused(
                "the request is for another chain than this node's",
                NO_SHARE,
            ));
        }
        let warrant = self.warrant_in_force(number)?;
        if warrant.hash != request.purpose.warrant {
            return Err(refused(
                format!("the chain's warrant {number} is another than the request's"),
                NO_SHARE,
            ));
        }
        let transfer = self.transfer_there()?;
        if transfer.transaction != request.purpose.transaction {
            return Err(refused(
                "the transfer is another transaction's than the request says",
                NO_SHARE,
            ));
        }
        if transfer.ephemeral != request.ephemeral || transfer.ciphertext != request.ciphertext {
            return Err(refused(
                "ephemeral point or ciphertext are not the chain's: somebody wants something else opened",
                NO_SHARE,
            ));
        }
        Ok(())
    }

    /// Whether a member may give its share: the chain bears the request out, and everybody sees in the log that it is
    /// asked for. `threshold` is how many members open.
    pub fn allows(&self, request: &Request, threshold: u16) -> Result<&Line, Failure> {
        self.bears_out(request)?;
        let Some(line) = &self.line else {
            return Err(refused(
                "the chain's log has no line for this opening",
                "Ask the supervisor to record it first: plume committee open record",
            ));
        };
        let number = place(request)?.warrant;
        if line.opened != request.id() || line.warrant != Some(number) {
            return Err(refused(
                format!(
                    "line {} of the log is by another warrant or for something else",
                    line.number
                ),
                NO_SHARE,
            ));
        }
        if line.shares != threshold {
            return Err(refused(
                format!(
                    "line {} of the log says that it takes {} shares, and the committee needs {threshold}",
                    line.number, line.shares
                ),
                NO_SHARE,
            ));
        }
        Ok(line)
    }

    /// The warrant in a line, for the member to judge whether it covers this.
    pub fn describe(&self, number: u32) -> Option<String> {
        let Warrant {
            entry, supervisor, ..
        } = self.warrant.as_ref()?;
        let admitted = supervisor["admitted"] == true;
        describe_warrant(
            number.into(),
            entry,
            admitted,
            self.first_block_s,
            self.now.into(),
        )
    }
}

/// What a request knows a warrant by, from its number and its entry in storage. As `Warrant::hash` of the pallet.
fn warrant_hash(number: u32, stored: &[u8]) -> Option<Bytes32> {
    let lasting = stored.get(..stored.len().checked_sub(CHANGING_BYTES)?)?;
    let preimage = [WARRANT_DOMAIN, &number.to_le_bytes(), lasting].concat();
    Some(Bytes32(raw::extrinsic_hash(&preimage).0))
}

fn pair(json: &Json) -> Option<[Bytes32; 2]> {
    let element = |place: usize| Some(Bytes32(bytes(json.get(place)?)?));
    Some([element(0)?, element(1)?])
}

/// A line of the log, if it is about an opening.
fn line(number: u64, entry: &Json) -> Option<Line> {
    let ("TransferOpened", act) = state::variant(&entry["act"])? else {
        return None;
    };
    let warrant = match state::variant(&entry["warrant"])? {
        ("Some", warrant) => Some(integer(warrant)?),
        _ => None,
    };
    Some(Line {
        number,
        warrant,
        opened: Bytes32(bytes(&act["opened"])?),
        shares: integer(&act["shares"])?,
    })
}

/// Ephemeral point, committee's layer, and moment of a transfer, if an event is about the one with that first note.
fn transfer(fields: &Json, first: u64) -> Option<([Bytes32; 2], [Bytes32; 2], u32)> {
    if integer::<u64>(&fields["first"])? != first {
        return None;
    }
    let transfer = &fields["transfer"];
    let point = &transfer["ephemeral"];
    let ephemeral = [Bytes32(bytes(&point["x"])?), Bytes32(bytes(&point["y"])?)];
    let moment = integer(&transfer["time"])?;
    Some((ephemeral, pair(&transfer["identities"])?, moment))
}

async fn warrant(at: &AtBlock, number: u32) -> Result<Option<Warrant>, Failure> {
    let key = || vec![Value::u128(number.into())];
    let Some(stored) = state::encoded(at, PALLET, "Warrants", key()).await? else {
        return Ok(None);
    };
    let entry = state::entry(at, PALLET, "Warrants", key()).await?;
    let entry = entry.ok_or_else(unreadable)?;
    let supervisor = bytes(&entry["supervisor"]).ok_or_else(unreadable)?;
    let supervisor = vec![Value::from_bytes(supervisor)];
    let supervisor = state::entry(at, PALLET, "Supervisors", supervisor).await?;
    Ok(Some(Warrant {
        hash: warrant_hash(number, &stored).ok_or_else(unreadable)?,
        entry,
        supervisor: supervisor.unwrap_or_default(),
    }))
}

async fn recorded(at: &AtBlock, opened: &Bytes32) -> Result<Option<Line>, Failure> {
    let key = vec![Value::from_bytes(opened.0)];
    let Some(number) = state::entry(at, PALLET, "Openings", key).await? else {
        return Ok(None);
    };
    let number: u64 = integer(&number).ok_or_else(unreadable)?;
    let key = vec![Value::u128(number.into())];
    let entry = state::entry(at, PALLET, "Log", key).await?;
    let entry = entry.ok_or_else(unreadable)?;
    line(number, &entry).map(Some).ok_or_else(unreadable)
}

/// The transfer with that first note in a block, if the block is final.
async fn found(client: &Client, block: H256, first: u64) -> Result<Option<Transfer>, Failure> {
    let rpc = client.raw();
    let Some(head) = rpc.header(Some(block)).await? else {
        return Ok(None);
    };
    let final_number = rpc.finalized_head().await?.number;
    if head.number > final_number || rpc.block_hash(head.number).await? != Some(block) {
        return Ok(None);
    }
    let events = client.placed_events(block).await?;
    let pooled = |event: &plume_sdk::Event| event.is("ShieldedPool", "Transferred");
    let place = events.iter().find_map(|(extrinsic, event)| {
        let found = pooled(event).then(|| transfer(&event.fields, first))?;
        Some(((*extrinsic)?, found?))
    });
    let Some((extrinsic, (ephemeral, ciphertext, moment))) = place else {
        return Ok(None);
    };
    let at = client.at_block(block).await?;
    let Point { x, y } = stored::scheduled(&at, "CommitteeKeys", moment).await?;
    let body = rpc.block(block).await?.ok_or_else(unreadable)?;
    let extrinsic = usize::try_from(extrinsic).ok();
    let bytes = extrinsic.and_then(|place| body.extrinsics.get(place));
    Ok(Some(Transfer {
        transaction: Bytes32(raw::extrinsic_hash(bytes.ok_or_else(unreadable)?).0),
        ephemeral,
        ciphertext,
        key: [x, y].map(|element| Bytes32(element.into())),
    }))
}

/// Reads what the chain has at a place, and about an opening with that hash.
pub async fn see(client: &Client, place: Place, opened: Option<&Bytes32>) -> Result<Seen, Failure> {
    let reading = async {
        let at = client.at(At::Finalised).await?;
        let line = match opened {
            Some(opened) => recorded(&at, opened).await?,
            None => None,
        };
        Ok::<_, Failure>(Seen {
            genesis: Bytes32(client.online().genesis_hash().0),
            now: elapsed(&at).await?,
            first_block_s: first_block_s(&at).await?,
            warrant: warrant(&at, place.warrant).await?,
            transfer: found(client, H256(place.block.0), place.first).await?,
            line,
        })
    };
    patience::wait("reading warrant, transfer and log", reading).await
}

/// Whether a warrant's target is a subject, by its number and its institution, where it has one. None for a case, which
/// says nothing about transfers of the pool.
fn is_about(target: &Json, subject: &[u8; 32], institution: Option<[u8; 32]>) -> Option<bool> {
    match state::variant(target)? {
        ("Subject", whom) => Some(bytes(whom)? == *subject),
        ("Institution", whom) => Some(Some(bytes(whom)?) == institution),
        _ => None,
    }
}

/// The numbers that a subject can have whose element is in a transfer: an element has the lower 254 bits of it.
fn numbers(element: &FieldBytes) -> [[u8; 32]; 4] {
    [0u8, 1, 2, 3].map(|top| {
        let mut number = *element.as_bytes();
        if let Some(last) = number.last_mut() {
            *last |= top << 6;
        }
        number
    })
}

/// Whether a warrant is about one of those who were found in a transfer; none where its target cannot tell.
pub async fn covers(
    client: &Client,
    warrant: u32,
    parties: [FieldBytes; 2],
) -> Result<Option<bool>, Failure> {
    let at = client.at(At::Finalised).await?;
    let key = vec![Value::u128(warrant.into())];
    let entry = state::entry(&at, PALLET, "Warrants", key).await?;
    let target = entry.map(|entry| entry["target"].clone());
    let target = target.ok_or_else(unreadable)?;
    let mut answer = None;
    for number in parties.iter().flat_map(numbers) {
        let key = vec![Value::from_bytes(number)];
        let credential = state::entry(&at, "Credentials", "Credentials", key).await?;
        let institution = credential.and_then(|credential| bytes(&credential["issuer"]));
        match is_about(&target, &number, institution) {
            Some(true) => return Ok(Some(true)),
            other => answer = other,
        }
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use pallet_regulator::{Powers, Target};
    use plume_committee::Purpose;
    use serde_json::json;

    const WARRANT: u32 = 3;

    fn hex(byte: u8) -> String {
        Bytes32([byte; 32]).to_string()
    }

    fn request() -> Request {
        Request {
            purpose: Purpose {
                chain: Bytes32([7; 32]),
                committee: Bytes32([6; 32]),
                warrant: Bytes32([8; 32]),
                transaction: Bytes32([9; 32]),
            },
            ephemeral: [Bytes32([1; 32]), Bytes32([2; 32])],
            ciphertext: [Bytes32([3; 32]), Bytes32([4; 32])],
            place: Some(Place {
                warrant: WARRANT,
                block: Bytes32([5; 32]),
                first: 12,
            }),
        }
    }

    fn powers(access: bool) -> Json {
        json!({ "freeze_subjects": true, "freeze_amounts": true, "access": access })
    }

    /// A chain that bears the request out.
    fn seen() -> Seen {
        let request = request();
        Seen {
            genesis: request.purpose.chain,
            now: 100,
            first_block_s: 1_795_478_400,
            warrant: Some(Warrant {
                hash: request.purpose.warrant,
                entry: json!({
                    "supervisor": hex(1), "target": { "Subject": hex(2) }, "legal_basis": hex(3), "case": "None",
                    "powers": powers(true), "until": "100", "uses": "1", "withdrawn": false,
                }),
                supervisor: json!({ "powers": powers(true), "admitted": true }),
            }),
            transfer: Some(Transfer {
                transaction: request.purpose.transaction,
                ephemeral: request.ephemeral,
                ciphertext: request.ciphertext,
                key: [Bytes32([10; 32]), Bytes32([11; 32])],
            }),
            line: Some(Line {
                number: 41,
                warrant: Some(WARRANT),
                opened: request.id(),
                shares: 3,
            }),
        }
    }

    fn reason(change: impl FnOnce(&mut Seen)) -> String {
        let mut seen = seen();
        change(&mut seen);
        seen.allows(&request(), 3)
            .expect_err("it is refused")
            .reason
    }

    fn entry(seen: &mut Seen) -> &mut Warrant {
        seen.warrant.as_mut().expect("there is one")
    }

    #[test]
    fn a_share_is_given_when_warrant_transfer_and_log_are_the_requests() {
        let seen = seen();
        let line = seen.allows(&request(), 3).expect("all is right");
        assert_eq!(line.number, 41);
        let told = seen.describe(WARRANT).expect("readable");
        assert!(
            told.starts_with("#3 live") && told.contains(&hex(2)),
            "{told}"
        );
    }

    #[test]
    fn no_share_is_given_for_a_warrant_that_is_not_in_force() {
        assert_eq!(
            reason(|seen| seen.warrant = None),
            "the chain has no warrant 3"
        );
        assert_eq!(reason(|seen| seen.now = 101), "warrant 3 has expired");
        let back = reason(|seen| entry(seen).entry["withdrawn"] = json!(true));
        assert_eq!(back, "warrant 3 was taken back");
        let dismissed = reason(|seen| entry(seen).supervisor["admitted"] = json!(false));
        assert_eq!(dismissed, "warrant 3 is of a supervisor that was dismissed");
        for weak in [
            reason(|seen| entry(seen).entry["powers"] = powers(false)),
            reason(|seen| entry(seen).supervisor["powers"] = powers(false)),
            reason(|seen| entry(seen).supervisor["powers"] = Json::Null),
        ] {
            assert_eq!(weak, "warrant 3 is not good for having anything opened");
        }
        let other = reason(|seen| entry(seen).hash = Bytes32([0; 32]));
        assert!(other.ends_with("is another than the request's"), "{other}");
    }

    #[test]
    fn no_share_is_given_for_a_point_that_is_not_the_transfers() {
        let other = reason(|seen| seen.genesis = Bytes32([0; 32]));
        assert!(other.contains("another chain"), "{other}");
        assert!(reason(|seen| seen.transfer = None).contains("no such transfer"));
        let changed = |change: fn(&mut Transfer)| {
            reason(|seen| change(seen.transfer.as_mut().expect("there is one")))
        };
        let zero = changed(|it| it.transaction = Bytes32([0; 32]));
        assert!(zero.contains("another transaction's"), "{zero}");
        for other in [
            changed(|it| it.ephemeral[1] = Bytes32([0; 32])),
            changed(|it| it.ciphertext.swap(0, 1)),
        ] {
            assert!(other.contains("not the chain's"), "{other}");
        }
    }

    #[test]
    fn a_transfer_that_is_encrypted_to_another_key_is_not_opened_to_nonsense() {
        let key = [Bytes32([10; 32]), Bytes32([11; 32])];
        assert_eq!(seen().is_encrypted_to(key), Ok(()));
        let [x, _] = key;
        let other = seen().is_encrypted_to([x, x]).expect_err("another key");
        assert!(other.reason.contains("another committee"), "{other:?}");
        let missing = Seen {
            transfer: None,
            ..seen()
        };
        assert!(missing.is_encrypted_to(key).is_err());
    }

    #[test]
    fn no_share_is_given_before_the_log_says_that_it_is_asked_for() {
        let missing = reason(|seen| seen.line = None);
        assert_eq!(missing, "the chain's log has no line for this opening");
        let changed = |change: fn(&mut Line)| {
            reason(|seen| change(seen.line.as_mut().expect("there is one")))
        };
        for other in [
            changed(|line| line.warrant = Some(4)),
            changed(|line| line.warrant = None),
            changed(|line| line.opened = Bytes32([0; 32])),
        ] {
            assert!(other.contains("by another warrant"), "{other}");
        }
        let few = changed(|line| line.shares = 2);
        assert!(
            few.ends_with("takes 2 shares, and the committee needs 3"),
            "{few}"
        );
        // Before it is recorded, the supervisor sees whether the rest is right.
        let unrecorded = Seen {
            line: None,
            ..seen()
        };
        assert!(unrecorded.bears_out(&request()).is_ok());
    }

    #[test]
    fn a_rehearsals_request_is_not_taken_for_a_real_one() {
        let rehearsal = Request {
            place: None,
            ..request()
        };
        let refused = seen().allows(&rehearsal, 3).expect_err("it is refused");
        assert!(refused.reason.contains("rehearsal"), "{refused:?}");
    }

    #[test]
    fn a_warrants_hash_is_the_pallets() {
        let warrant = pallet_regulator::Warrant {
            supervisor: [1u8; 32],
            target: Target::Subject([2; 32].into()),
            powers: Powers::ALL,
            legal_basis: [3; 32].into(),
            case: Some(17),
            until: 100,
            uses: 5,
            withdrawn: true,
        };
        assert_eq!(CHANGING_BYTES, pallet_regulator::CHANGING_BYTES);
        let hash = warrant_hash(WARRANT, &warrant.encode()).expect("long enough");
        assert_eq!(hash.0, warrant.hash(WARRANT).0);
        assert_eq!(warrant_hash(WARRANT, &[1, 2, 3]), None);
    }

    #[test]
    fn a_transfer_is_found_by_its_first_note_and_read_as_the_sdk_writes_it() {
        let fields = json!({
            "first": "12",
            "transfer": { "ephemeral": { "x": hex(1), "y": hex(2) }, "identities": [hex(3), hex(4)], "time": "7" },
        });
        let request = request();
        assert_eq!(
            transfer(&fields, 12),
            Some((request.ephemeral, request.ciphertext, 7))
        );
        assert_eq!(transfer(&fields, 13), None);
        assert_eq!(transfer(&json!({ "first": "12" }), 12), None);
    }

    #[test]
    fn a_warrant_is_about_its_subject_or_its_institutions_subjects() {
        let (subject, bank) = ([9; 32], Some([2; 32]));
        let about = |target: Json| is_about(&target, &subject, bank);
        assert_eq!(about(json!({ "Subject": hex(9) })), Some(true));
        assert_eq!(about(json!({ "Subject": hex(8) })), Some(false));
        assert_eq!(about(json!({ "Institution": hex(2) })), Some(true));
        assert_eq!(about(json!({ "Institution": hex(3) })), Some(false));
        assert_eq!(about(json!({ "Case": "17" })), None);
        let nobodys = is_about(&json!({ "Institution": hex(2) }), &subject, None);
        assert_eq!(nobodys, Some(false));
    }

    #[test]
    fn a_subjects_number_is_among_those_of_its_element() {
        for byte in [0x00, 0x3f, 0x40, 0x9c, 0xff] {
            let element = FieldBytes::from_hash([byte; 32]);
            assert!(numbers(&element).contains(&[byte; 32]), "{byte}");
        }
    }

    #[test]
    fn a_line_of_the_log_is_one_about_an_opening_or_none() {
        let act = json!({ "TransferOpened": { "opened": hex(1), "shares": "3" } });
        let entry = json!({ "act": act, "warrant": { "Some": "3" } });
        let expected = Line {
            number: 41,
            warrant: Some(3),
            opened: Bytes32([1; 32]),
            shares: 3,
        };
        assert_eq!(line(41, &entry), Some(expected));
        let other = json!({ "act": { "Accessed": hex(1) }, "warrant": { "Some": "3" } });
        assert_eq!(line(41, &other), None);
    }
}
