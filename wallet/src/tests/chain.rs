//! A chain in memory: it takes calls as the pallet does, all but their proofs, and gives its blocks to wallets.

use crate::{
    Birth, Block, BlockId, Body, Call, CredentialNodes, Draft, Entry, Holder, Page, Payout, Pool,
    PoolTransfer, Problem, Purpose, Receiver, Rule, Source, Spender, Terms, Wallet, bind,
};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ed_on_bls12_381_bandersnatch::{EdwardsAffine, Fr as Scalar};
use core::convert::Infallible;
use plume_circuits::{
    FieldBytes, Poseidon,
    frontier::Frontier,
    transfer::{PublicAmount, PublicInputs, notes::policy_leaf},
    tree::{Group, MemoryTree, Tree},
};
use plume_shielded::{Contact, Disclosure, Memo, Network, SpendingKey};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const PHRASE: &str =
    "legal winner thank year wave sausage worth useful legal winner thank yellow";
/// Numbers of accounts of the phrase.
pub(crate) const ALICE: u32 = 0;
pub(crate) const BOB: u32 = 1;
pub(crate) const CAROL: u32 = 2;
/// Alice's and Bob's limit of PLUME.
pub(crate) const LIMIT: u64 = 1_000_000;
pub(crate) const GOLD: u32 = 8;

/// The answer of a future that waits for nothing.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    futures::executor::block_on(future)
}

fn field(text: &str) -> FieldBytes {
    FieldBytes::from_hash(crate::call::blake2_256(text.as_bytes()))
}

pub(crate) struct Chain {
    pub pool: Pool,
    pub time: u32,
    pub blocks: Vec<Block>,
    pub head: BlockId,
    pub edges: Vec<Frontier<16>>,
    pub rules: Vec<(u32, Rule)>,
    pub credentials: MemoryTree<Poseidon, 10>,
    pub paused: bool,
    pub page: usize,
    roots: BTreeSet<FieldBytes>,
    nullifiers: BTreeSet<FieldBytes>,
}

impl Chain {
    pub fn new() -> Self {
        let pool = Pool {
            genesis: [7; 32],
            period_length: 1_000,
            max_proof_age: 60,
        };
        let rule = |asset, tier, limit, receiver_known| Rule {
            asset,
            tier,
            limit,
            receiver_known,
            jurisdictions: Default::default(),
        };
        let rules = [
            rule(0, 1, LIMIT, true),
            rule(0, 2, 10 * LIMIT, false),
            rule(GOLD, 1, 500, true),
        ];
        let edge = Frontier::default();
        let head = Birth::genesis(&pool).block;
        let mut credentials = MemoryTree::default();
        for number in 0..5 {
            let other = field(&format!("holder {number}"));
            credentials.append(other).expect("there is room");
        }
        Self {
            pool,
            time: 100,
            blocks: Vec::new(),
            head,
            roots: [edge.root::<Poseidon>()].into(),
            edges: vec![edge],
            rules: (3..).zip(rules).collect(),
            credentials,
            paused: false,
            page: 2,
            nullifiers: BTreeSet::new(),
        }
    }

    pub fn key(secret: u64) -> plume_circuits::transfer::Point {
        let point = EdwardsAffine::generator() * Scalar::from(secret);
        point.into_affine().into()
    }

    pub fn terms(&self) -> Terms {
        let leaves: Vec<_> = self
            .rules
            .iter()
            .map(|(place, rule)| {
                let flags = u8::from(rule.receiver_known);
                let set = &rule.jurisdictions;
                let leaf = policy_leaf(rule.asset, rule.tier, rule.limit, flags, set);
                (*place, leaf)
            })
            .collect();
        let mut policies = Tree::<Poseidon, BTreeMap<(u32, u32), Group>, 4>::default();
        Terms {
            time: self.time,
            circuit: 1,
            credential_root: self.credentials.root(),
            policy_root: policies.update(&leaves).expect("256 places"),
            rules: self.rules.clone(),
            flow_key: Self::key(77),
            committee_key: Self::key(78),
            paused: self.paused,
        }
    }

    /// What a proof of this chain has to be made for.
    pub fn inputs(&self, body: &Body, binding: FieldBytes) -> PublicInputs {
        let terms = self.terms();
        PublicInputs {
            note_root: body.note_root,
            credential_root: body.credential_root,
            policy_root: terms.policy_root,
            pool_id: self.pool.id(),
            nullifiers: body.nullifiers,
            commitments: body.commitments,
            counter_nullifier: body.counter_nullifier,
            counter_commitment: body.counter_commitment,
            public_in: body
                .public_in
                .map_or(PublicAmount::NONE, |one| one.public()),
            public_out: body
                .public_out
                .map_or(PublicAmount::NONE, |one| one.public()),
            time: body.time,
            period: self.pool.period(body.time),
            flow_key: terms.flow_key,
            committee_key: terms.committee_key,
            ephemeral: body.ephemeral,
            flow_ciphertext: body.flow,
            committee_ciphertext: body.identities,
            binding,
        }
    }

    /// What all proofs of a call are bound to.
    pub fn binding(call: &Call, signer: [u8; 32]) -> FieldBytes {
        let purpose = match call {
            Call::Deposit(_) => Purpose::Deposit(signer),
            Call::Transfer(_) => Purpose::Transfer,
            Call::Withdraw { to, amount, .. } => Purpose::Withdrawal {
                to: *to,
                amount: *amount,
            },
            Call::Bundle(_) => Purpose::Bundle,
        };
        bind(&purpose, call.transfers().into_iter().map(|one| &one.body))
    }

    /// A block with these calls, six seconds after the last.
    pub fn block(&mut self, calls: &[Call]) {
        let mut edge = self.edges.last().cloned().expect("there is the first");
        let mut transfers = Vec::new();
        for call in calls {
            for (number, transfer) in call.transfers().into_iter().enumerate() {
                let body = &transfer.body;
                assert!(self.roots.contains(&body.note_root), "unknown root");
                assert!(body.time <= self.time && body.time + self.pool.max_proof_age >= self.time);
                for nullifier in body.nullifiers.into_iter().chain([body.counter_nullifier]) {
                    assert!(self.nullifiers.insert(nullifier), "spent");
                }
                let payout = match call {
                    Call::Withdraw { to, amount, .. } if number == 0 => Some(Payout {
                        to: *to,
                        value: *amount,
                    }),
                    _ => None,
                };
                let first = edge.len();
                edge.append_all::<Poseidon>(&body.all_commitments())
                    .expect("there is room");
                transfers.push(PoolTransfer {
                    first,
                    body: body.clone(),
                    payout,
                });
            }
        }
        self.time += 6;
        let number = self.head.number + 1;
        let hash = crate::call::blake2_256(&number.to_le_bytes());
        self.head = BlockId { number, hash };
        if !transfers.is_empty() {
            let root = edge.root::<Poseidon>();
            self.roots.insert(root);
            self.blocks.push(Block {
                id: self.head,
                transfers,
                root,
            });
        }
        self.edges.push(edge);
    }

    /// The draft's call, in a block: what its proofs will say is what the chain would verify.
    pub fn take(&mut self, draft: &Draft, signer: [u8; 32]) {
        let call = draft.unproven().expect("it has transfers");
        let binding = Self::binding(&call, signer);
        let expected: Vec<_> = call
            .transfers()
            .into_iter()
            .map(|one| self.inputs(&one.body, binding).to_elements())
            .collect();
        let statements = draft.statements();
        let stated: Vec<_> = statements.iter().map(PublicInputs::to_elements).collect();
        assert_eq!(stated, expected);
        self.block(&[call]);
    }

    pub fn birth(&self) -> Birth {
        Birth {
            block: self.head,
            edge: self.edges.last().cloned().expect("there is the first"),
        }
    }
}

impl Source for &Chain {
    type Error = Infallible;

    async fn newest(&mut self) -> Result<BlockId, Infallible> {
        Ok(self.head)
    }

    async fn page(&mut self, after: BlockId, last: BlockId) -> Result<Page, Infallible> {
        let later =
            |block: &&Block| block.id.number > after.number && block.id.number <= last.number;
        let mut blocks = self.blocks.iter().filter(later);
        let page: Vec<_> = blocks.by_ref().take(self.page).cloned().collect();
        let through = match (blocks.next(), page.last()) {
            (Some(_), Some(block)) => block.id,
            _ => last,
        };
        Ok(Page {
            blocks: page,
            through,
        })
    }
}

/// Somebody with a wallet and a credential.
pub(crate) struct Person {
    pub key: SpendingKey,
    pub wallet: Wallet,
    pub disclosure: Disclosure,
    pub leaf: u32,
}

impl Person {
    /// An account of the phrase, with a wallet from the first block on and a credential of tier 1 until second 5,000.
    pub fn new(chain: &mut Chain, account: u32) -> Self {
        Self::of_tier(chain, account, 1)
    }

    pub fn of_tier(chain: &mut Chain, account: u32, tier: u8) -> Self {
        let key = SpendingKey::from_phrase(PHRASE, "", account).expect("a phrase");
        let viewing = key.full_viewing_key();
        let mut claims = [0; 31];
        claims[0] = tier;
        claims[4..8].copy_from_slice(&10u32.to_le_bytes());
        claims[8..12].copy_from_slice(&5_000u32.to_le_bytes());
        let disclosure = Disclosure {
            claims: FieldBytes::from_packed(claims),
            issuer: field("bank"),
            salt: field(&format!("salt {account}")),
            subject: field(&format!("subject {account}")),
        };
        let leaf = disclosure.leaf(&viewing.pool_key());
        let leaf = chain.credentials.append(leaf).expect("there is room");
        Self {
            wallet: Wallet::new(
                viewing,
                Network::Dev,
                chain.pool,
                Birth::genesis(&chain.pool),
            ),
            key,
            disclosure,
            leaf,
        }
    }

    /// The same account out of its phrase.
    pub fn restored(&self, chain: &Chain) -> Wallet {
        let viewing = self.key.full_viewing_key();
        Wallet::new(
            viewing,
            Network::Dev,
            chain.pool,
            Birth::genesis(&chain.pool),
        )
    }

    pub fn contact(&self) -> Contact {
        let contact = self.wallet.contact(0, Some(self.disclosure));
        contact.expect("an address")
    }

    pub fn holder(&self, chain: &Chain) -> Holder {
        let groups = (0u32..).take(10).zip(0u32..).map(|(level, _)| level);
        let path = chain.credentials.path(self.leaf).expect("it is there");
        // Through the groups that a node would give.
        let mut nodes = CredentialNodes::default();
        let mut value = chain.credentials.leaf(self.leaf).expect("it is there");
        let mut index = self.leaf;
        for (level, [a, b, c]) in groups.zip(path.siblings) {
            let mut group = vec![a, b, c];
            group.insert((index & 3) as usize, value);
            let group: Group = group.try_into().expect("four");
            nodes.0.insert((level, index >> 2), group);
            value = plume_circuits::node(&group);
            index >>= 2;
        }
        assert!(CredentialNodes::wanted(self.leaf).all(|place| nodes.0.contains_key(&place)));
        Holder {
            disclosure: self.disclosure,
            path: nodes.path(self.leaf).expect("it is there"),
        }
    }

    pub fn sync(&mut self, chain: &Chain) -> Vec<Entry> {
        let mut source = chain;
        ready(self.wallet.sync(&mut source, |_, _| ())).expect("a good chain")
    }

    /// Drafts with the terms of now.
    pub fn draft(
        &self,
        chain: &Chain,
        make: impl FnOnce(Spender<'_>) -> Result<Draft, Problem>,
    ) -> Result<Draft, Problem> {
        let terms = chain.terms();
        let holder = self.holder(chain);
        make(self.wallet.spender(&self.key, &terms, &holder)?)
    }

    pub fn deposit(&mut self, chain: &mut Chain, asset: u32, value: u64) {
        let draft = self.draft(chain, |spender| spender.deposit([1; 32], asset, value));
        chain.take(&draft.expect("a deposit"), [1; 32]);
        self.sync(chain);
    }

    pub fn drafts_to(
        &self,
        chain: &Chain,
        to: &Person,
        (asset, value): (u32, u64),
        fee: u64,
    ) -> Result<Draft, Problem> {
        let contact = to.contact();
        let receiver = Receiver {
            contact: &contact,
            path: Some(to.holder(chain).path),
        };
        let memo = Memo::from_text("thanks").expect("short");
        let terms = chain.terms();
        let holder = self.holder(chain);
        let spender = self.wallet.spender(&self.key, &terms, &holder)?;
        spender.send(&receiver, (asset, value), memo, fee)
    }

    pub fn pay(
        &mut self,
        chain: &mut Chain,
        to: &mut Person,
        (asset, value): (u32, u64),
        fee: u64,
    ) {
        let draft = self.drafts_to(chain, to, (asset, value), fee);
        self.wallet.remember_contact(&to.contact());
        chain.take(&draft.expect("a payment"), [0; 32]);
        self.sync(chain);
        to.sync(chain);
    }

    pub fn balance(&self, asset: u32) -> u128 {
        self.wallet.balances().get(&asset).copied().unwrap_or(0)
    }

    pub fn spent(&self, chain: &Chain, asset: u32) -> Option<u64> {
        let period = chain.pool.period(chain.time);
        self.wallet.counter(period, asset)?.spent
    }
}
