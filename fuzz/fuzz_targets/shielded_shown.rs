//! Receipts, statements and proofs of standing. Whoever changes one is not believed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plume_circuits::{
    FieldBytes, Poseidon,
    standing::{JurisdictionSet, Plan, ProvingKey, verify::VerifyingKey},
    transfer::{Credential, Keys},
    tree::MemoryTree,
};
use plume_fuzz::Input;
use plume_shielded::{
    Contact, Disclosure, FullViewingKey, Memo, Network, NoteSeed, Payment, SpendingKey,
    disclosure::{
        Audience, MAX_AGE_SECONDS, Moment, Published, Question, Receipt, Standing, Statement,
        StatementBuilder, UnprovenStanding, insecure_development_key,
    },
    open, open_outgoing, seal,
};
use std::sync::LazyLock;

const NETWORK: Network = Network::Dev;
const POSITION: u64 = 77;
const TIME: u32 = 5_000;

/// What there is to be shown.
struct Shown {
    /// What the chain has at the position.
    published: Published,
    /// The receiver's receipt, the sender's, a statement, a proof of standing.
    files: Vec<Vec<u8>>,
    key: VerifyingKey,
}

static SHOWN: LazyLock<Shown> = LazyLock::new(|| {
    let (sender, receiver) = (account(0), account(1));
    let contact = Contact::of(receiver.incoming(), 2, None).expect("the third address");
    let payment = Payment {
        value: 900,
        asset: 3,
        memo: Memo::from_text("rent, November").expect("it is short"),
    };
    let (kem, seed) = (contact.kem(), NoteSeed::from_bytes([4; 32]));
    let sealed = seal(contact.address(), kem, &payment, &seed, sender.outgoing());
    let sealed = sealed.expect("it can be sealed");
    let (cm, ciphertext) = (sealed.note.commitment(), sealed.ciphertext);
    let came = open(receiver.incoming(), &cm, &ciphertext).expect("it is the receiver's");
    let went = open_outgoing(sender.outgoing(), &cm, &ciphertext).expect("it is the sender's");
    let place = (pool(), POSITION);
    let of_receiver = Receipt::of_receiver(&receiver, &came, place, audience(), NETWORK);
    let from = sender.incoming().address(0);
    let of_sender = Receipt::of_sender(&sender, &went, place, kem, from, audience(), NETWORK);
    let mut builder = StatementBuilder::new(&receiver, NETWORK);
    builder
        .add(&came, POSITION, kem)
        .expect("it is the receiver's");
    let statement = builder.sign(pool(), (0, 100), audience());
    let texts = [
        of_receiver.expect("the receiver signs").to_json(),
        of_sender.expect("the sender signs").to_json(),
        statement.expect("the receiver signs").to_json(),
        standing().to_json(),
    ];
    Shown {
        published: Published { cm, ciphertext },
        files: texts.map(String::into_bytes).to_vec(),
        key: insecure_development_key().expect("it is a key"),
    }
});

fn spending(number: u32) -> SpendingKey {
    SpendingKey::from_seed(&[42; 64], number).expect("the seed gives a key")
}

fn account(number: u32) -> FullViewingKey {
    spending(number).full_viewing_key()
}

fn pool() -> FieldBytes {
    FieldBytes::from(8u64)
}

fn audience() -> Audience {
    Audience {
        nonce: [5; 32],
        verifier: "bank".into(),
    }
}

fn question() -> Question {
    Question {
        audience: audience(),
        tier: 2,
        jurisdictions: JurisdictionSet::new(&[*b"DE", *b"FR"]).expect("it is a set"),
    }
}

/// Of an account of tier 2, who belongs to Germany.
fn standing() -> Standing {
    let key = spending(0);
    let mut claims = [0; 31];
    claims[0] = 2;
    claims[8..12].copy_from_slice(&(TIME + 100).to_le_bytes());
    claims[12..14].copy_from_slice(b"DE");
    let disclosure = Disclosure {
        claims: FieldBytes::from_packed(claims),
        issuer: 1u64.into(),
        salt: 2u64.into(),
        subject: 3u64.into(),
    };
    let mut tree = MemoryTree::<Poseidon, 10>::default();
    let leaf = tree.append(disclosure.leaf(&key.full_viewing_key().pool_key()));
    let leaf = leaf.expect("there is room");
    let plan = Plan {
        keys: Keys {
            spend_secret: key.spend_secret(),
            nullifier_key: key.nullifier_key(),
        },
        credential: Credential {
            subject: disclosure.subject,
            issuer: disclosure.issuer,
            claims: disclosure.claims,
            salt: disclosure.salt,
            path: tree.path(leaf).expect("it is in the tree"),
        },
        credential_root: tree.root(),
        tier: 2,
        jurisdictions: question().jurisdictions,
        time: TIME,
        verifier: question().verifier(&pool()).expect("it has a name"),
    };
    let assigned = plan.assign().expect("the credential is good enough");
    let unproven = UnprovenStanding::new(&question(), &assigned.public, pool());
    let unproven = unproven.expect("it answers the question");
    let public = unproven.public().expect("it says what is proven");
    let proof = ProvingKey::insecure_development().prove(&public, &assigned.witness, &[9; 32]);
    unproven.proven(proof.expect("it is so").to_bytes())
}

fn published() -> Published {
    let Published { cm, ciphertext } = &SHOWN.published;
    Published {
        cm: *cm,
        ciphertext: ciphertext.clone(),
    }
}

fn is_believed(text: &str) -> bool {
    let mut believed = 0;
    if let Ok(receipt) = Receipt::from_json(text) {
        assert_eq!(receipt.to_json(), text.trim_end());
        let read = receipt.verify(&audience(), &pool(), &published(), NETWORK);
        believed += u32::from(read.is_ok());
    }
    if let Ok(statement) = Statement::from_json(text) {
        assert_eq!(statement.to_json(), text.trim_end());
        let at = |position| (position == POSITION).then(published);
        let read = statement.verify(&audience(), &pool(), at, NETWORK);
        believed += u32::from(read.is_ok());
    }
    if let Ok(standing) = Standing::from_json(text) {
        assert_eq!(standing.to_json(), text.trim_end());
        let moment = Moment {
            pool: pool(),
            now: TIME + 10,
            max_age: MAX_AGE_SECONDS,
            root_counts: true,
        };
        let read = standing.verify(&question(), &moment, &SHOWN.key);
        believed += u32::from(read.is_ok());
    }
    assert!(believed <= 1);
    believed == 1
}

fuzz_target!(
    init: {
        // A proof takes seconds to make.
        LazyLock::force(&SHOWN);
    },
    |data: &[u8]| {
        let files = &SHOWN.files;
        let input = Input::of(data, files);
        let Some(text) = input.text() else { return };
        let known = files.iter().any(|file| file == text.trim_end().as_bytes());
        assert_eq!(is_believed(text), known, "only what was signed or proven is believed");
    }
);
