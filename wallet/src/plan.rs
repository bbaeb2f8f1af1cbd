//! Transfers from what a wallet has, up to the proof.

use crate::{
    Amount, Body, Draft, Holder, PLUME, Pending, Problem, Purpose, Receiver, StoredNote, Terms,
    Wallet,
    counter::{Counting, Slot},
    draft::Part,
    select::{merge, select},
};
use plume_circuits::{
    FieldBytes, Poseidon,
    transfer::{Change, Ephemeral, Input, Keys, OldCounter, Payment, Plan},
};
use plume_shielded::{Contact, Memo, NoteSeed, Payment as Sealing, SealedNote, SpendingKey, seal};
use zeroize::Zeroizing;

/// A wallet that pays: with its spending key, its credential, and what counts on the chain now.
#[derive(Clone, Copy)]
pub struct Spender<'a> {
    wallet: &'a Wallet,
    key: &'a SpendingKey,
    terms: &'a Terms,
    holder: &'a Holder,
}

/// What a transfer is to do.
struct Order<'a> {
    asset: u32,
    inputs: Vec<&'a StoredNote>,
    /// None for one's own first address.
    payee: Option<&'a Receiver<'a>>,
    value: u64,
    memo: Memo,
    public_in: u64,
    public_out: u64,
}

impl Wallet {
    /// Makes ready to pay. The terms must be of a block that the wallet has seen, or of one shortly after.
    pub fn spender<'a>(
        &'a self,
        key: &'a SpendingKey,
        terms: &'a Terms,
        holder: &'a Holder,
    ) -> Result<Spender<'a>, Problem> {
        self.check_key(key)?;
        if terms.paused {
            return Err(Problem::Paused);
        }
        Ok(Spender {
            wallet: self,
            key,
            terms,
            holder,
        })
    }
}

impl<'a> Spender<'a> {
    /// Brings an amount from an account into the pool, to the wallet itself. The account signs the call, and pays for
    /// it.
    pub fn deposit(&self, from: [u8; 32], asset: u32, value: u64) -> Result<Draft, Problem> {
        let order = Order {
            public_in: value,
            value,
            ..self.order(asset)
        };
        if value == 0 {
            return Err(Problem::Amount);
        }
        self.draft(Purpose::Deposit(from), vec![order])
    }

    /// Pays somebody in the pool. The fee is PLUME; beside another asset it is paid by a transfer of its own.
    pub fn send(
        &self,
        receiver: &'a Receiver<'a>,
        (asset, value): (u32, u64),
        memo: Memo,
        fee: u64,
    ) -> Result<Draft, Problem> {
        let (out, rest) = self.fee(asset, fee)?;
        if value == 0 {
            return Err(Problem::Amount);
        }
        let order = Order {
            inputs: self.select(asset, value, out)?,
            payee: Some(receiver),
            value,
            memo,
            public_out: out,
            ..self.order(asset)
        };
        let orders: Vec<_> = core::iter::once(order).chain(rest).collect();
        let purpose = if orders.len() > 1 {
            Purpose::Bundle
        } else {
            Purpose::Transfer
        };
        self.draft(purpose, orders)
    }

    /// Lets an amount leave the pool for an account.
    pub fn withdraw(
        &self,
        to: [u8; 32],
        (asset, value): (u32, u64),
        fee: u64,
    ) -> Result<Draft, Problem> {
        let (out, rest) = self.fee(asset, fee)?;
        if value == 0 {
            return Err(Problem::Amount);
        }
        let order = Order {
            inputs: self.select(asset, value, out)?,
            public_out: value.saturating_add(out),
            ..self.order(asset)
        };
        let orders = core::iter::once(order).chain(rest).collect();
        self.draft(Purpose::Withdrawal { to, amount: value }, orders)
    }

    /// Makes one note of the two largest.
    pub fn merge(&self, asset: u32, fee: u64) -> Result<Draft, Problem> {
        let (out, rest) = self.fee(asset, fee)?;
        self.ensure_arrived(asset)?;
        let inputs = merge(asset, self.wallet.notes(), out)?;
        let sum = inputs
            .iter()
            .fold(0u64, |sum, note| sum.saturating_add(note.value));
        let order = Order {
            inputs,
            value: sum.saturating_sub(out),
            public_out: out,
            ..self.order(asset)
        };
        let orders: Vec<_> = core::iter::once(order).chain(rest).collect();
        let purpose = if orders.len() > 1 {
            Purpose::Bundle
        } else {
            Purpose::Transfer
        };
        self.draft(purpose, orders)
    }

    /// Nothing, of an asset.
    fn order(&self, asset: u32) -> Order<'a> {
        Order {
            asset,
            inputs: Vec::new(),
            payee: None,
            value: 0,
            memo: Memo::EMPTY,
            public_in: 0,
            public_out: 0,
        }
    }

    /// What of the fee leaves with a transfer of an asset, and the transfer that pays it where it cannot.
    fn fee(&self, asset: u32, fee: u64) -> Result<(u64, Option<Order<'a>>), Problem> {
        if asset == PLUME || fee == 0 {
            return Ok((if asset == PLUME { fee } else { 0 }, None));
        }
        let order = Order {
            inputs: self.select(PLUME, 0, fee)?,
            public_out: fee,
            ..self.order(PLUME)
        };
        Ok((0, Some(order)))
    }

    fn select(&self, asset: u32, value: u64, fee: u64) -> Result<Vec<&'a StoredNote>, Problem> {
        let need = value.checked_add(fee).filter(|need| *need > 0);
        let need = need.ok_or(Problem::Amount)?;
        self.ensure_arrived(asset)?;
        select(asset, self.wallet.notes(), need)
    }

    /// The next transfer of an asset spends the counter that the last one leaves.
    fn ensure_arrived(&self, asset: u32) -> Result<(), Problem> {
        let lasts = self.wallet.pool().max_proof_age;
        let until = |pending: &Pending| pending.time.saturating_add(lasts);
        let mut pending = self.wallet.pending().iter();
        match pending.find(|one| one.assets.contains(&asset) && until(one) >= self.terms.time) {
            Some(one) => Err(Problem::OnItsWay {
                asset,
                until: until(one),
            }),
            None => Ok(()),
        }
    }

    fn draft(&self, purpose: Purpose, orders: Vec<Order<'_>>) -> Result<Draft, Problem> {
        let parts: Vec<_> = orders
            .into_iter()
            .map(|order| self.part(order))
            .collect::<Result<_, _>>()?;
        Draft::bound(purpose, parts)
    }

    fn part(&self, order: Order<'_>) -> Result<Part, Problem> {
        self.ensure_arrived(order.asset)?;
        let Self { wallet, terms, .. } = *self;
        let own = wallet.contact(0, None).ok_or(Problem::NoAddress)?;
        let payee = order.payee.map_or(&own, |receiver| receiver.contact);
        let inputs_sum = order
            .inputs
            .iter()
            .try_fold(order.public_in, |sum, note| sum.checked_add(note.value));
        let goes = order.value.checked_add(order.public_out);
        let (inputs_sum, goes) = inputs_sum.zip(goes).ok_or(Problem::Amount)?;
        let change = inputs_sum.saturating_sub(goes);
        let payment = self.seal(payee, order.asset, order.value, order.memo)?;
        let rest = self.seal(&own, order.asset, change, Memo::EMPTY)?;

        let plan = self.plan(&order, payee, (&payment, &rest))?;
        let until = wallet.pool().end_of(plan.period);
        let assigned = plan
            .assign()
            .map_err(|refusal| Problem::refused(refusal, order.asset, until))?;
        let public = assigned.public;
        debug_assert_eq!(
            public.commitments,
            [payment.note.commitment(), rest.note.commitment()]
        );
        let body = Body {
            circuit: terms.circuit,
            note_root: public.note_root,
            credential_root: public.credential_root,
            nullifiers: public.nullifiers,
            commitments: public.commitments,
            counter_nullifier: public.counter_nullifier,
            counter_commitment: public.counter_commitment,
            public_in: Amount::of(order.asset, order.public_in),
            public_out: Amount::of(order.asset, order.public_out),
            time: public.time,
            ephemeral: public.ephemeral,
            flow: public.flow_ciphertext,
            identities: public.committee_ciphertext,
            notes: [payment, rest].map(|sealed| sealed.ciphertext.to_bytes()),
        };
        Ok(Part {
            body,
            public,
            witness: assigned.witness,
            asset: order.asset,
        })
    }

    fn plan(
        &self,
        order: &Order<'_>,
        payee: &Contact,
        (payment, rest): (&SealedNote, &SealedNote),
    ) -> Result<Plan, Problem> {
        let Self {
            wallet,
            key,
            terms,
            holder,
        } = *self;
        let credential = holder.credential();
        let policy = terms.policy(order.asset, credential.tier())?;
        let period = wallet.pool().period(terms.time);
        let (old_counter, counter_randomness) = self.counter((period, order.asset))?;
        let mut inputs = [None, None];
        for (to, note) in inputs.iter_mut().zip(&order.inputs) {
            *to = Some(self.input(note)?);
        }
        let own = wallet.contact(0, None).ok_or(Problem::NoAddress)?;
        Ok(Plan {
            keys: Keys {
                spend_secret: key.spend_secret(),
                nullifier_key: key.nullifier_key(),
            },
            pool_id: wallet.pool().id(),
            asset: order.asset,
            note_root: wallet.state.tree.root::<Poseidon>(),
            credential_root: terms.credential_root,
            policy_root: terms.policy_root,
            inputs,
            payment: Some(Payment {
                value: order.value,
                pool_key: payee.address().pool_key,
                diversifier: payee.address().diversifier.element(),
                randomness: payment.note.rcm,
                credential: order.payee.and_then(Receiver::credential),
            }),
            change: Change {
                diversifier: own.address().diversifier.element(),
                randomness: rest.note.rcm,
            },
            public_in: order.public_in,
            public_out: order.public_out,
            credential,
            policy,
            old_counter,
            counter_randomness,
            time: terms.time,
            period,
            flow_key: terms.flow_key,
            committee_key: terms.committee_key,
            ephemeral: Ephemeral::from_bytes(*random()?),
            padding: [element()?, element()?, element()?, element()?],
        })
    }

    fn input(&self, note: &StoredNote) -> Result<Input, Problem> {
        let missing = || Problem::NoPath(note.position);
        let placed = note.placed().ok_or_else(missing)?;
        let path = self.wallet.state.tree.path::<Poseidon>(note.position);
        Ok(Input {
            value: note.value,
            diversifier: placed.note.address.diversifier.element(),
            randomness: placed.note.note.rcm,
            path: path.map_err(|_| missing())?,
        })
    }

    /// The counter that is spent, and the randomness of the next.
    fn counter(&self, slot: Slot) -> Result<(OldCounter, FieldBytes), Problem> {
        let wallet = self.wallet;
        let counting = Counting::new(&wallet.key, wallet.pool());
        let (period, asset) = slot;
        let Some(counter) = wallet.counter(period, asset) else {
            return Ok((OldCounter::First, counting.randomness(slot, 0)));
        };
        let spent = counter.spent.ok_or(Problem::CounterLost {
            asset,
            until: wallet.pool().end_of(period),
        })?;
        let path = wallet.state.tree.path::<Poseidon>(counter.position);
        let old = OldCounter::Kept {
            spent,
            randomness: counting.randomness(slot, counter.number),
            path: path.map_err(|_| Problem::NoPath(counter.position))?,
        };
        let next = counter.number.saturating_add(1);
        Ok((old, counting.randomness(slot, next)))
    }

    fn seal(
        &self,
        to: &Contact,
        asset: u32,
        value: u64,
        memo: Memo,
    ) -> Result<SealedNote, Problem> {
        let seed = NoteSeed::random().map_err(|_| Problem::NoRandomness)?;
        let payment = Sealing { value, asset, memo };
        let outgoing = self.wallet.key.outgoing();
        Ok(seal(to.address(), to.kem(), &payment, &seed, outgoing)?)
    }
}

fn random() -> Result<Zeroizing<[u8; 32]>, Problem> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| Problem::NoRandomness)?;
    Ok(bytes)
}

fn element() -> Result<FieldBytes, Problem> {
    Ok(FieldBytes::from_hash(*random()?))
}
