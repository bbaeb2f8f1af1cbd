//! What a node tells a wallet. A lie that the wallet notices changes nothing; whatever it takes in has the chain's root,
//! and gives the account no note that nobody sealed for it.
#![no_main]

use codec::{Decode, DecodeAll, Encode};
use libfuzzer_sys::fuzz_target;
use plume_circuits::{
    FieldBytes, Poseidon,
    frontier::Frontier,
    transfer::{Jurisdictions, NOTE_DEPTH, Point},
    tree::Group,
};
use plume_fuzz::Input;
use plume_shielded::{FullViewingKey, Memo, Network, NoteSeed, Payment, SpendingKey, seal};
use plume_wallet::{
    Amount, Birth, Block, BlockId, Body, CredentialNodes, Payout, Pool, PoolTransfer, Rule, Terms,
    Wallet, published,
};
use std::sync::LazyLock;

/// What was sealed for the account, each time.
const VALUE: u64 = 900;
const POOL: Pool = Pool {
    genesis: [7; 32],
    period_length: 1_000,
    max_proof_age: 60,
};

/// Blocks as the node tells of them: events, in SCALE.
#[derive(Encode, Decode)]
struct Told {
    edge: Option<Frontier<NOTE_DEPTH>>,
    blocks: Vec<ToldBlock>,
    through: BlockId,
}

#[derive(Encode, Decode)]
struct ToldBlock {
    id: BlockId,
    transfers: Vec<(u64, Body, Option<Payout>)>,
    root: FieldBytes,
}

/// Policies, and a part of the credentials' tree.
#[derive(Encode, Decode)]
struct ToldTerms {
    time: u32,
    roots: [FieldBytes; 2],
    rules: Vec<(u32, (u32, u8, u64, bool, Jurisdictions))>,
    keys: [Point; 2],
    nodes: Vec<((u32, u32), Group)>,
    leaf: u32,
}

static ACCOUNT: LazyLock<FullViewingKey> = LazyLock::new(|| {
    let key = SpendingKey::from_seed(&[7; 64], 0).expect("the seed gives a key");
    key.full_viewing_key()
});
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let nodes = CredentialNodes::wanted(5).map(|place| (place, Group::default()));
    let terms = ToldTerms {
        time: 100,
        roots: [1u64.into(), 2u64.into()],
        rules: vec![
            (3, (0, 1, 1_000, true, Jurisdictions::ANYWHERE)),
            (4, (8, 1, 500, false, Jurisdictions::ANYWHERE)),
        ],
        keys: [Point::default(); 2],
        nodes: nodes.collect(),
        leaf: 5,
    };
    vec![told().encode(), terms.encode()]
});

/// Two blocks: the account is paid out of notes, and out of a deposit.
fn told() -> Told {
    let mut edge = Frontier::<NOTE_DEPTH>::default();
    let bodies = [body(1, None), body(2, Amount::of(0, VALUE))];
    let blocks = bodies.into_iter().zip(1u64..).map(|(body, number)| {
        let first = edge.append_all::<Poseidon>(&body.all_commitments());
        let payout = Payout {
            to: [3; 32],
            value: 1,
        };
        let payout = (number == 2).then_some(payout);
        ToldBlock {
            id: id(number),
            transfers: vec![(first.expect("there is room"), body, payout)],
            root: edge.root::<Poseidon>(),
        }
    });
    Told {
        blocks: blocks.collect(),
        edge: None,
        through: id(5),
    }
}

fn id(number: u64) -> BlockId {
    BlockId {
        number,
        hash: [9; 32],
    }
}

fn body(seed: u8, public_in: Option<Amount>) -> Body {
    let incoming = ACCOUNT.incoming();
    let address = incoming.address(0).expect("the first address");
    let kem = incoming.kem_public();
    let payment = Payment {
        value: VALUE,
        asset: 0,
        memo: Memo::EMPTY,
    };
    let note = NoteSeed::from_bytes([seed; 32]);
    let sealed = seal(&address, kem, &payment, &note, ACCOUNT.outgoing());
    let sealed = sealed.expect("it can be sealed");
    let element = |number: u8| FieldBytes::from_hash([seed * 16 + number; 32]);
    Body {
        circuit: 1,
        note_root: element(1),
        credential_root: element(2),
        nullifiers: [element(3), element(4)],
        commitments: [sealed.note.commitment(), element(5)],
        counter_nullifier: element(6),
        counter_commitment: element(7),
        public_in,
        public_out: None,
        time: 50,
        ephemeral: Point::default(),
        flow: [element(8); 4],
        identities: [element(9); 2],
        notes: [sealed.ciphertext.to_bytes(), vec![1; 40]],
    }
}

/// What the wallet is told; by a liar that counts leaves and hashes roots as the chain does, if `consistent`.
fn blocks(told: Vec<ToldBlock>, mut edge: Frontier<NOTE_DEPTH>, consistent: bool) -> Vec<Block> {
    let mut blocks = Vec::new();
    for block in told {
        let mut transfers = Vec::new();
        for (first, body, payout) in block.transfers {
            let leaves = edge.append_all::<Poseidon>(&body.all_commitments());
            let transfer = PoolTransfer {
                first: leaves.ok().filter(|_| consistent).unwrap_or(first),
                body,
                payout,
            };
            for position in [0, first, first.saturating_add(1), u64::MAX] {
                let _ = published(&transfer, position);
            }
            transfers.push(transfer);
        }
        let root = if consistent {
            edge.root::<Poseidon>()
        } else {
            block.root
        };
        blocks.push(Block {
            id: block.id,
            transfers,
            root,
        });
    }
    blocks
}

fn follow(told: Told, consistent: bool) -> Wallet {
    let birth = match told.edge {
        None => Birth::genesis(&POOL),
        Some(edge) => Birth { block: id(0), edge },
    };
    let blocks = blocks(told.blocks, birth.edge.clone(), consistent);
    let mut wallet = Wallet::new(ACCOUNT.clone(), Network::Dev, POOL, birth);
    let before = (wallet.synced(), wallet.leaves());
    if wallet.take(&blocks, told.through).is_ok() {
        let transfers = blocks.iter().map(|block| block.transfers.len() as u64);
        assert_eq!(wallet.synced(), told.through);
        assert_eq!(wallet.leaves(), before.1 + 3 * transfers.sum::<u64>());
    } else {
        assert_eq!((wallet.synced(), wallet.leaves()), before);
        assert!(wallet.history().is_empty() && wallet.notes().next().is_none());
    }
    wallet
}

fn look_around(bytes: &[u8]) {
    let Ok(told) = ToldTerms::decode_all(&mut &*bytes) else {
        return;
    };
    let rule = |(asset, tier, limit, receiver_known, jurisdictions)| Rule {
        asset,
        tier,
        limit,
        receiver_known,
        jurisdictions,
    };
    let rules = told.rules.into_iter();
    let terms = Terms {
        time: told.time,
        circuit: 1,
        credential_root: told.roots[0],
        policy_root: told.roots[1],
        rules: rules
            .map(|(place, content)| (place, rule(content)))
            .collect(),
        flow_key: told.keys[0],
        committee_key: told.keys[1],
        paused: false,
    };
    let _ = terms.policy(0, 1);
    let nodes = CredentialNodes(told.nodes.into_iter().collect());
    if let Some(path) = nodes.path(told.leaf) {
        assert!(!path.leads::<Poseidon>(&1u64.into(), &terms.credential_root));
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((flags, data)) = data.split_first() else {
        return;
    };
    let input = Input::of(data, &FILES);
    look_around(&input.bytes);
    let Ok(told) = Told::decode_all(&mut &input.bytes[..]) else {
        return;
    };
    let wallet = follow(told, flags & 1 == 1);
    // A note that was sealed may have been told of several times.
    for note in wallet.notes() {
        assert_eq!((note.value, note.asset), (VALUE, 0));
    }
    let sum = u128::from(VALUE) * wallet.notes().count() as u128;
    assert_eq!(wallet.balances().values().sum::<u128>(), sum);
    if input.is_unchanged(&FILES) {
        assert_eq!(sum, 2 * u128::from(VALUE));
    }
    for entry in wallet.history() {
        let _ = (entry.kind(), entry.moved(), entry.fee());
    }
});
