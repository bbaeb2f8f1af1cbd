//! A small pool: its trees, a sender with two notes and a counter, a receiver, policies.

use super::circuits::{
    FieldBytes, Poseidon,
    notes_tree::NotesTree,
    transfer::{
        Change, Credential, Ephemeral, Input, Jurisdictions, Keys, OldCounter, Payment, Plan,
        Point, Policy,
        notes::{counter_commitment, note_commitment, owner, policy_leaf},
    },
    tree::{MemoryTree, Path},
};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ed_on_bls12_381_bandersnatch::{EdwardsAffine, Fr as Scalar};

pub const ASSET: u32 = 7;
pub const PERIOD: u32 = 12;
pub const TIME: u32 = 1_000_000;
pub const LIMIT: u64 = 1_000_000;
/// The limit of the policy that does not ask for the receiver's credential.
pub const LAX_LIMIT: u64 = LIMIT - 1;
pub const FLOW_SECRET: u64 = 987_654_321;
pub const COMMITTEE_SECRET: u64 = 123_456_789;
/// Worth of the sender's notes.
pub const NOTES: [u64; 2] = [600_000, 150_000];
/// What the sender spent in the period.
pub const SPENT: u64 = 250_000;
pub const SENDER_UNTIL: u32 = TIME + 500;
pub const RECEIVER_UNTIL: u32 = TIME + 1_000;
/// Where the receiver belongs, in the order of policies, and where the sender does.
pub const EVERYWHERE: [[u8; 2]; 8] = [
    *b"AT", *b"CH", *b"DE", *b"FR", *b"GB", *b"LI", *b"US", *b"ZZ",
];
pub const SENDERS: [[u8; 2]; 2] = [*b"AT", *b"CH"];

/// Sets that policies name.
const SETS: [&[[u8; 2]]; 4] = [&[], &EVERYWHERE, &SENDERS, &[*b"CH"]];

/// A random looking element.
pub fn element(label: &str) -> FieldBytes {
    use blake2::{Blake2b512, Digest};
    let digest = Blake2b512::digest(label.as_bytes());
    FieldBytes::from_hash(digest[..32].try_into().expect("32 bytes"))
}

/// Claims as `pallet-credentials` packs them.
pub fn claims(tier: u8, from: u32, until: u32, codes: &[[u8; 2]]) -> FieldBytes {
    let mut bytes = [0; 31];
    bytes[..4].copy_from_slice(&[tier, 1, 1, 2]);
    bytes[4..8].copy_from_slice(&from.to_le_bytes());
    bytes[8..12].copy_from_slice(&until.to_le_bytes());
    for (to, code) in bytes[12..28].chunks_mut(2).zip(codes) {
        to.copy_from_slice(code);
    }
    FieldBytes::from_packed(bytes)
}

/// The key of a secret.
pub fn key(secret: u64) -> Point {
    (EdwardsAffine::generator() * Scalar::from(secret))
        .into_affine()
        .into()
}

/// The policy of one of the sets.
fn policy(limit: u64, flags: u8, codes: &[[u8; 2]], paths: &[Path<4>]) -> Policy {
    let (_, path) = SETS
        .iter()
        .zip(paths)
        .find(|(set, _)| **set == codes)
        .expect("one of the sets");
    Policy {
        limit,
        flags,
        jurisdictions: Jurisdictions::new(codes).expect("a set"),
        path: path.clone(),
    }
}

pub struct World {
    pub sender: Keys,
    pub receiver_key: FieldBytes,
    inputs: [Input; 2],
    counter: OldCounter,
    note_root: FieldBytes,
    pub sender_credential: Credential,
    pub receiver_credential: Credential,
    credential_root: FieldBytes,
    policy_root: FieldBytes,
    strict: [Path<4>; SETS.len()],
    lax: [Path<4>; SETS.len()],
    another: Path<4>,
}

impl World {
    pub fn new() -> Self {
        Self::with(RECEIVER_UNTIL, &SENDERS)
    }

    /// A world in which the receiver's credential ends with this second.
    pub fn with_receiver_until(receiver_until: u32) -> Self {
        Self::with(receiver_until, &SENDERS)
    }

    /// A world in which the sender belongs to these jurisdictions.
    pub fn with_sender_of(codes: &[[u8; 2]]) -> Self {
        Self::with(RECEIVER_UNTIL, codes)
    }

    fn with(receiver_until: u32, sender_codes: &[[u8; 2]]) -> Self {
        let sender = Keys {
            spend_secret: element("s"),
            nullifier_key: element("nk"),
        };
        let pool_key = sender.pool_key();
        let receiver_key = Keys {
            spend_secret: element("another s"),
            nullifier_key: element("another nk"),
        }
        .pool_key();

        let mut notes = NotesTree::<16>::default();
        let strangers = |notes: &mut NotesTree<16>, count: u64| {
            for number in 0..count {
                let leaf = element(&format!("stranger {} {number}", notes.len()));
                notes
                    .append::<Poseidon>(leaf, false)
                    .expect("there is room");
            }
        };
        let mut places = Vec::new();
        for (value, label) in NOTES.into_iter().zip(["first", "second"]) {
            strangers(&mut notes, 37);
            let owner = owner(&pool_key, &element(label));
            let leaf = note_commitment(value, ASSET, &owner, &element(&format!("{label} rcm")));
            places.push(notes.append::<Poseidon>(leaf, true).expect("there is room"));
        }
        strangers(&mut notes, 5);
        let leaf = counter_commitment(SPENT, PERIOD, ASSET, &pool_key, &element("counter rcm"));
        let counter = notes.append::<Poseidon>(leaf, true).expect("there is room");
        strangers(&mut notes, 90);
        let path = |position| notes.path::<Poseidon>(position).expect("it is kept");
        let inputs = [(0, "first"), (1, "second")].map(|(number, label): (usize, &str)| Input {
            value: NOTES[number],
            diversifier: element(label),
            randomness: element(&format!("{label} rcm")),
            path: path(places[number]),
        });
        let counter = OldCounter::Kept {
            spent: SPENT,
            randomness: element("counter rcm"),
            path: path(counter),
        };

        let mut credentials = MemoryTree::<Poseidon, 10>::default();
        let nowhere = Path {
            leaf: 0,
            siblings: [[FieldBytes::ZERO; 3]; 10],
        };
        let mut sender_credential = Credential {
            subject: element("sender"),
            issuer: element("bank"),
            claims: claims(2, 10, SENDER_UNTIL, sender_codes),
            salt: element("sender's salt"),
            path: nowhere.clone(),
        };
        let mut receiver_credential = Credential {
            subject: element("receiver"),
            issuer: element("another bank"),
            claims: claims(1, 10, receiver_until, &EVERYWHERE),
            salt: element("receiver's salt"),
            path: nowhere,
        };
        for number in 0..6 {
            credentials
                .append(element(&format!("holder {number}")))
                .expect("there is room");
        }
        let sender_at = credentials
            .append(sender_credential.leaf(&pool_key))
            .expect("there is room");
        let receiver_at = credentials
            .append(receiver_credential.leaf(&receiver_key))
            .expect("there is room");
        sender_credential.path = credentials.path(sender_at).expect("it is there");
        receiver_credential.path = credentials.path(receiver_at).expect("it is there");

        let mut policies = MemoryTree::<Poseidon, 4>::default();
        let mut place = |asset, tier, limit, flags, codes: &[[u8; 2]]| {
            let jurisdictions = Jurisdictions::new(codes).expect("a set");
            policies
                .append(policy_leaf(asset, tier, limit, flags, &jurisdictions))
                .expect("there is room")
        };
        place(7, 1, LIMIT / 10, 0, &[]);
        place(7, 3, LIMIT * 10, 1, &[]);
        let another = place(6, 2, LIMIT, 1, &[]);
        // Of different limits, since any leaf beside the one that is shown is as good as it.
        let strict = SETS.map(|codes| place(7, 2, LIMIT, 1, codes));
        let lax = SETS.map(|codes| place(7, 2, LAX_LIMIT, 0, codes));
        let path = |at| policies.path(at).expect("it is there");
        Self {
            sender,
            receiver_key,
            inputs,
            counter,
            note_root: notes.root::<Poseidon>(),
            sender_credential,
            receiver_credential,
            credential_root: credentials.root(),
            policy_root: policies.root(),
            strict: strict.map(path),
            lax: lax.map(path),
            another: path(another),
        }
    }

    /// Two notes, a payment, change, and a fee; every condition of the statement holds.
    pub fn payment(&self) -> Plan {
        let [first, second] = self.inputs.clone();
        Plan {
            keys: self.sender,
            pool_id: element("pool"),
            asset: ASSET,
            note_root: self.note_root,
            credential_root: self.credential_root,
            policy_root: self.policy_root,
            inputs: [Some(first), Some(second)],
            payment: Some(Payment {
                value: 700_000,
                pool_key: self.receiver_key,
                diversifier: element("receiver's address"),
                randomness: element("payment rcm"),
                credential: Some(self.receiver_credential.clone()),
            }),
            change: Change {
                diversifier: element("change"),
                randomness: element("change rcm"),
            },
            public_in: 0,
            public_out: 30,
            credential: self.sender_credential.clone(),
            policy: self.policy_for(&EVERYWHERE),
            old_counter: self.counter.clone(),
            counter_randomness: element("new counter rcm"),
            time: TIME,
            period: PERIOD,
            flow_key: key(FLOW_SECRET),
            committee_key: key(COMMITTEE_SECRET),
            ephemeral: Ephemeral::from_bytes(*element("e").as_bytes()),
            padding: [0, 1, 2, 3].map(|number| element(&format!("padding {number}"))),
        }
    }

    /// The policy that asks for the receiver's credential and for one of these sets.
    pub fn policy_for(&self, codes: &[[u8; 2]]) -> Policy {
        policy(LIMIT, 1, codes, &self.strict)
    }

    /// The one that does not ask for the receiver's credential.
    pub fn lax_policy_for(&self, codes: &[[u8; 2]]) -> Policy {
        policy(LAX_LIMIT, 0, codes, &self.lax)
    }

    /// The policy of asset 6.
    pub fn policy_of_another_asset(&self) -> Policy {
        Policy {
            limit: LIMIT,
            flags: 1,
            jurisdictions: Jurisdictions::ANYWHERE,
            path: self.another.clone(),
        }
    }

    /// Nothing is spent; what enters is paid to oneself.
    pub fn deposit(&self) -> Plan {
        Plan {
            inputs: [None, None],
            payment: None,
            public_in: 5_000_000,
            public_out: 0,
            ..self.payment()
        }
    }

    /// One note, nobody is paid in the pool.
    pub fn withdrawal(&self) -> Plan {
        let [first, _] = self.inputs.clone();
        Plan {
            inputs: [None, Some(first)],
            payment: None,
            public_out: 400_000,
            ..self.payment()
        }
    }

    /// Joins two notes; nothing is counted.
    pub fn to_self(&self) -> Plan {
        let plan = self.payment();
        let own = Payment {
            value: 749_000,
            pool_key: self.sender.pool_key(),
            credential: None,
            ..plan.payment.clone().expect("it pays")
        };
        Plan {
            payment: Some(own),
            ..plan
        }
    }

    /// Without a counter.
    pub fn first(&self) -> Plan {
        Plan {
            old_counter: OldCounter::First,
            ..self.payment()
        }
    }

    /// Under a policy that does not ask for the receiver's credential.
    pub fn to_anybody(&self) -> Plan {
        let plan = self.payment();
        let unknown = Payment {
            credential: None,
            ..plan.payment.clone().expect("it pays")
        };
        Plan {
            payment: Some(unknown),
            policy: self.lax_policy_for(&[]),
            ..plan
        }
    }
}
