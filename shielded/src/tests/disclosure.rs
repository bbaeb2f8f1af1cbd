use super::{account, contact, pay};
use crate::{
    FullViewingKey, Network, OpenedNote, SealedNote,
    disclosure::{
        Audience, DisclosureError, Movement, Published, Receipt, Role, Statement, StatementBuilder,
    },
    open, open_outgoing,
};
use plume_circuits::FieldBytes;

const NETWORK: Network = Network::Dev;

fn pool() -> FieldBytes {
    FieldBytes::from_hash([8; 32])
}

fn audience(name: &str) -> Audience {
    Audience {
        nonce: [5; 32],
        verifier: name.into(),
    }
}

fn published(note: &SealedNote) -> Published {
    Published {
        cm: note.note.commitment(),
        ciphertext: note.ciphertext.clone(),
    }
}

struct Paid {
    sender: FullViewingKey,
    receiver: FullViewingKey,
    sealed: SealedNote,
    went: OpenedNote,
    came: OpenedNote,
}

fn paid() -> Paid {
    let (sender, receiver) = (account(0), account(1));
    let sealed = pay(&sender, &receiver, 2, 900, 4);
    let cm = sealed.note.commitment();
    Paid {
        went: open_outgoing(sender.outgoing(), &cm, &sealed.ciphertext).unwrap(),
        came: open(receiver.incoming(), &cm, &sealed.ciphertext).unwrap(),
        sender,
        receiver,
        sealed,
    }
}

impl Paid {
    fn by_sender(&self, audience: Audience) -> Receipt {
        let from = self.sender.incoming().address(0);
        let kem = contact(&self.receiver, 2);
        Receipt::of_sender(
            &self.sender,
            &self.went,
            (pool(), 77),
            kem.kem(),
            from,
            audience,
            NETWORK,
        )
        .unwrap()
    }

    fn by_receiver(&self, audience: Audience) -> Receipt {
        Receipt::of_receiver(&self.receiver, &self.came, (pool(), 77), audience, NETWORK).unwrap()
    }

    fn verify(
        &self,
        receipt: &Receipt,
        name: &str,
    ) -> Result<crate::disclosure::Shown, DisclosureError> {
        receipt.verify(&audience(name), &pool(), &published(&self.sealed), NETWORK)
    }
}

#[test]
fn a_receipt_shows_asset_amount_and_parties_to_its_verifier() {
    let paid = paid();
    let to = paid.receiver.incoming().address(2).unwrap();
    for (receipt, role) in [
        (paid.by_sender(audience("Bank A")), Role::Sender),
        (paid.by_receiver(audience("Bank A")), Role::Receiver),
    ] {
        let read = Receipt::from_json(&receipt.to_json()).unwrap();
        assert_eq!(read, receipt);
        let shown = paid.verify(&read, "Bank A").unwrap();
        assert_eq!((shown.role, shown.value, shown.asset), (role, 900, 3));
        assert_eq!((shown.to, shown.memo), (to, paid.came.memo));
        let from = paid.sender.incoming().address(0);
        assert_eq!(shown.from, from.filter(|_| role == Role::Sender));
    }
}

#[test]
fn a_receipt_for_one_verifier_does_not_convince_another() {
    let paid = paid();
    for receipt in [
        paid.by_sender(audience("Bank A")),
        paid.by_receiver(audience("Bank A")),
    ] {
        assert_eq!(
            paid.verify(&receipt, "Bank B"),
            Err(DisclosureError::Audience)
        );
        let other_nonce = Audience {
            nonce: [6; 32],
            verifier: "Bank A".into(),
        };
        assert_eq!(
            receipt.verify(&other_nonce, &pool(), &published(&paid.sealed), NETWORK),
            Err(DisclosureError::Audience)
        );
        // Made out to the other by somebody who only has the text.
        let text = receipt.to_json().replace("Bank A", "Bank B");
        let forged = Receipt::from_json(&text).unwrap();
        assert!(matches!(
            paid.verify(&forged, "Bank B"),
            Err(DisclosureError::Signature(_))
        ));
    }
}

#[test]
fn nobody_but_sender_and_receiver_makes_a_receipt() {
    let paid = paid();
    let third = account(2);
    let kem = contact(&paid.receiver, 2);
    let by = |key: &FullViewingKey, note| {
        Receipt::of_sender(
            key,
            note,
            (pool(), 77),
            kem.kem(),
            None,
            audience("X"),
            NETWORK,
        )
    };
    // The receiver knows the seed, and is not the sender.
    assert_eq!(
        by(&paid.receiver, &paid.came),
        Err(DisclosureError::NotAParty)
    );
    assert_eq!(by(&third, &paid.came), Err(DisclosureError::NotAParty));
    // The sender knows it too, and is not the receiver.
    let receipt = Receipt::of_receiver(
        &paid.sender,
        &paid.went,
        (pool(), 77),
        audience("X"),
        NETWORK,
    );
    assert!(receipt.is_err());
    let another = paid.receiver.incoming().address(0);
    let foreign = Receipt::of_sender(
        &paid.sender,
        &paid.went,
        (pool(), 77),
        kem.kem(),
        another,
        audience("X"),
        NETWORK,
    );
    assert_eq!(foreign, Err(DisclosureError::NotAParty));
}

#[test]
fn a_receipt_that_was_edited_is_refused() {
    let paid = paid();
    for receipt in [
        paid.by_sender(audience("A")),
        paid.by_receiver(audience("A")),
    ] {
        let text = receipt.to_json();
        for (from, to) in [
            ("\"value\":\"900\"", "\"value\":\"901\""),
            ("\"asset\":3", "\"asset\":4"),
            ("\"position\":\"77\"", "\"position\":\"78\""),
            ("\"version\":1", "\"version\":2"),
            ("\"memo\":\"0x72", "\"memo\":\"0x73"),
        ] {
            let edited = text.replace(from, to);
            assert_ne!(edited, text, "{from}");
            let edited = Receipt::from_json(&edited).unwrap();
            assert!(paid.verify(&edited, "A").is_err(), "{from}");
        }
        let swapped = if text.contains("\"role\":\"sender\"") {
            text.replace("\"role\":\"sender\"", "\"role\":\"receiver\"")
        } else {
            text.replace("\"role\":\"receiver\"", "\"role\":\"sender\"")
        };
        let swapped = Receipt::from_json(&swapped).unwrap();
        assert!(matches!(
            paid.verify(&swapped, "A"),
            Err(DisclosureError::Signature(_))
        ));
    }
}

#[test]
fn a_receipt_for_what_the_chain_does_not_have_is_refused() {
    let paid = paid();
    let receipt = paid.by_sender(audience("A"));
    let other = pay(&paid.sender, &paid.receiver, 2, 900, 5);
    let asked = audience("A");
    assert_eq!(
        receipt.verify(&asked, &pool(), &published(&other), NETWORK),
        Err(DisclosureError::NotOnChain(77))
    );
    let mixed = Published {
        cm: paid.sealed.note.commitment(),
        ciphertext: other.ciphertext,
    };
    assert!(matches!(
        receipt.verify(&asked, &pool(), &mixed, NETWORK),
        Err(DisclosureError::Opening(77, _))
    ));
    let other_pool = FieldBytes::from_hash([9; 32]);
    assert_eq!(
        receipt.verify(&asked, &other_pool, &published(&paid.sealed), NETWORK),
        Err(DisclosureError::Pool)
    );
    assert!(
        receipt
            .verify(&asked, &pool(), &published(&paid.sealed), Network::Live)
            .is_err()
    );
}

#[test]
fn a_receipt_with_an_unknown_field_is_refused() {
    let text = paid().by_receiver(audience("A")).to_json();
    for (from, to) in [
        ("{\"body\":{", "{\"body\":{\"a\":1,"),
        ("{\"body\":", "{\"a\":1,\"body\":"),
        ("\"audience\":{", "\"audience\":{\"a\":1,"),
    ] {
        assert!(text.contains(from));
        assert!(Receipt::from_json(&text.replacen(from, to, 1)).is_err());
    }
}

#[test]
fn a_receipt_says_nothing_of_any_other_note() {
    // The same parties, address and memo: what a receipt for one shows opens no other.
    let paid = paid();
    let other = pay(&paid.sender, &paid.receiver, 2, 900, 5);
    let contact = contact(&paid.receiver, 2);
    let opened = crate::encryption::reopen(
        contact.address(),
        contact.kem(),
        &paid.came.seed,
        &other.note.commitment(),
        &other.ciphertext,
    );
    assert!(opened.is_err());
    let cm = other.note.commitment();
    let came = open(paid.receiver.incoming(), &cm, &other.ciphertext).unwrap();
    assert_ne!(came.sender_key, paid.came.sender_key);
}

#[test]
fn a_verifiers_name_has_limits() {
    let paid = paid();
    for name in [String::new(), "x".repeat(201)] {
        let receipt = Receipt::of_receiver(
            &paid.receiver,
            &paid.came,
            (pool(), 1),
            audience(&name),
            NETWORK,
        );
        assert_eq!(receipt, Err(DisclosureError::Name));
    }
}

/// A chain of five: received, sent, change, of another asset, of others.
fn history() -> (FullViewingKey, Vec<SealedNote>, Statement) {
    let (own, other, third) = (account(0), account(1), account(2));
    let notes = vec![
        pay(&other, &own, 0, 100, 1),
        pay(&own, &other, 3, 30, 2),
        pay(&own, &own, 1, 70, 3),
        pay(&other, &own, 0, u64::MAX, 4),
        pay(&other, &own, 0, u64::MAX, 5),
        pay(&third, &other, 0, 1, 6),
    ];
    let mut builder = StatementBuilder::new(&own, NETWORK);
    for (position, note) in notes.iter().enumerate().rev() {
        let cm = note.note.commitment();
        let opened = open(own.incoming(), &cm, &note.ciphertext)
            .or_else(|_| open_outgoing(own.outgoing(), &cm, &note.ciphertext));
        if let Ok(opened) = opened {
            let kem = if opened.address.pool_key == own.pool_key() {
                contact(&own, 0)
            } else {
                contact(&other, 0)
            };
            builder.add(&opened, position as u64, kem.kem()).unwrap();
        }
    }
    let statement = builder.sign(pool(), (0, 6), audience("Auditor")).unwrap();
    (own, notes, statement)
}

fn check(statement: &Statement, notes: &[SealedNote], name: &str) -> Result<(), DisclosureError> {
    let chain = |position: u64| notes.get(usize::try_from(position).ok()?).map(published);
    statement.verify(&audience(name), &pool(), chain, NETWORK)
}

#[test]
fn a_statement_lists_what_came_and_went_with_totals() {
    let (_, notes, statement) = history();
    let read = Statement::from_json(&statement.to_json()).unwrap();
    assert_eq!(read, statement);
    assert_eq!(check(&read, &notes, "Auditor"), Ok(()));
    let movements: Vec<_> = read
        .entries()
        .iter()
        .map(|entry| (entry.position(), entry.movement(), entry.value()))
        .collect();
    assert_eq!(
        movements,
        [
            (0, Movement::Received, 100),
            (1, Movement::Sent, 30),
            (2, Movement::Own, 70),
            (3, Movement::Received, u64::MAX),
            (4, Movement::Received, u64::MAX),
        ]
    );
    let [total] = read.totals() else {
        panic!("one asset")
    };
    let received = 100 + 2 * u128::from(u64::MAX);
    assert_eq!(total.received(), received.to_string());
    assert_eq!((total.asset(), total.sent()), (3, "30"));
    assert_eq!(read.period(), (0, 6));
}

#[test]
fn a_statement_for_one_auditor_does_not_convince_another() {
    let (_, notes, statement) = history();
    assert_eq!(
        check(&statement, &notes, "Other"),
        Err(DisclosureError::Audience)
    );
    let text = statement.to_json().replace("Auditor", "Other");
    let forged = Statement::from_json(&text).unwrap();
    assert!(matches!(
        check(&forged, &notes, "Other"),
        Err(DisclosureError::Signature(_))
    ));
}

#[test]
fn a_statement_that_was_edited_is_refused() {
    let (_, notes, statement) = history();
    let text = statement.to_json();
    for (from, to) in [
        ("\"value\":\"30\"", "\"value\":\"31\""),
        ("\"sent\":\"30\"", "\"sent\":\"31\""),
        ("\"movement\":\"own\"", "\"movement\":\"received\""),
        ("\"movement\":\"sent\"", "\"movement\":\"received\""),
        ("\"position\":\"1\"", "\"position\":\"2\""),
        ("\"end\":\"6\"", "\"end\":\"7\""),
        ("\"end\":\"6\"", "\"end\":\"3\""),
        ("\"party\":0", "\"party\":9"),
        ("\"version\":1", "\"version\":2"),
    ] {
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "{from}");
        let edited = Statement::from_json(&edited).unwrap();
        assert!(check(&edited, &notes, "Auditor").is_err(), "{from} {to}");
    }
    let without = text.replace(
        "\"sender_signatures\":[\"",
        "\"sender_signatures\":[],\"x\":[\"",
    );
    assert!(Statement::from_json(&without).is_err());
}

#[test]
fn a_statement_over_another_chain_is_refused() {
    let (_, notes, statement) = history();
    for missing in 0..5 {
        let chain = |position: u64| {
            let place = usize::try_from(position).ok()?;
            notes.get(place).filter(|_| place != missing).map(published)
        };
        assert_eq!(
            statement.verify(&audience("Auditor"), &pool(), chain, NETWORK),
            Err(DisclosureError::NotOnChain(missing as u64))
        );
    }
}

#[test]
fn a_statement_of_what_is_not_ones_own_cannot_be_made() {
    let (own, other, third) = (account(0), account(1), account(2));
    let note = pay(&other, &third, 0, 5, 1);
    let cm = note.note.commitment();
    let opened = open(third.incoming(), &cm, &note.ciphertext).unwrap();
    let mut builder = StatementBuilder::new(&own, NETWORK);
    assert_eq!(
        builder.add(&opened, 0, contact(&third, 0).kem()),
        Err(DisclosureError::NotAParty)
    );
    // Two entries at one position, or one outside of the period.
    let note = pay(&other, &own, 0, 5, 1);
    let opened = open(own.incoming(), &note.note.commitment(), &note.ciphertext).unwrap();
    for (positions, period) in [([4, 4], (0, 9)), ([4, 5], (5, 9)), ([4, 5], (0, 5))] {
        let mut builder = StatementBuilder::new(&own, NETWORK);
        for position in positions {
            builder
                .add(&opened, position, contact(&own, 0).kem())
                .unwrap();
        }
        let signed = builder.sign(pool(), period, audience("A"));
        assert_eq!(signed, Err(DisclosureError::Entries));
    }
}
