//! Who sends: keys, wallets and credentials.

use super::chain::{Pooled, beginning, paths};
use crate::{Operator, Profile, enrol};
use anyhow::{Context, ensure};
use pallet_credentials::{
    Request,
    claims::{issuer_element, packed},
    subject_id,
};
use plume_circuits::{FieldBytes, commit};
use plume_sdk::{Client, H256, raw::extrinsic_hash};
use plume_shielded::{Contact, Disclosure, Memo, Network, SpendingKey};
use plume_wallet::{Draft, Holder, MAX_BUNDLE, PLUME, Receiver, Terms, Wallet};
use sp_crypto_hashing::{blake2_256, blake2_512};
use std::{num::NonZeroUsize, thread};

struct Sender {
    key: SpendingKey,
    wallet: Wallet,
    salt: FieldBytes,
}

/// What a sender is on the chain, once it is enrolled.
struct Enrolled {
    holder: Holder,
    contact: Contact,
}

/// All senders of a measurement.
pub struct Senders {
    senders: Vec<Sender>,
    enrolled: Vec<Enrolled>,
    /// Up to which block the wallets have seen everything.
    seen: u64,
    max_proof_age: u32,
}

impl Senders {
    /// Makes keys out of a seed, and wallets that begin now. On a chain where the seed was used before, the keys have
    /// credentials and counters already, and nothing works: take another.
    pub async fn derive(client: &Client, seed: u64, count: usize) -> anyhow::Result<Self> {
        let (pool, birth) = beginning(client).await?;
        let (seen, max_proof_age) = (birth.block.number, pool.max_proof_age);
        let sender = |index: usize| {
            let name = format!("plume-bench shielded {seed} {index}");
            let key = SpendingKey::from_seed(&blake2_512(name.as_bytes()), 0)?;
            Ok(Sender {
                wallet: Wallet::new(key.full_viewing_key(), Network::Dev, pool, birth.clone()),
                key,
                salt: FieldBytes::from_hash(blake2_256(format!("{name} salt").as_bytes())),
            })
        };
        Ok(Self {
            senders: (0..count).map(sender).collect::<anyhow::Result<_>>()?,
            enrolled: Vec::new(),
            seen,
            max_proof_age,
        })
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.senders.len()
    }

    /// For how many seconds a proof counts.
    pub fn max_proof_age(&self) -> u32 {
        self.max_proof_age
    }

    /// Admits the operator as issuer and issues a credential for each pool key, valid for `validity_s` from now on.
    pub async fn enrol(&mut self, operator: &mut Operator, validity_s: u32) -> anyhow::Result<()> {
        let issuer = operator.account();
        let until = operator.chain_seconds().await?.saturating_add(validity_s);
        let now = enrol::admit(operator, until).await?;
        let claims = Profile::FIRM.claims(now, until);
        let request = |sender: &Sender| {
            let pool_key = sender.wallet.viewing_key().pool_key();
            Request {
                reference: reference(&pool_key),
                claims: claims.clone(),
                commitment: *commit(&[pool_key], &sender.salt).as_bytes(),
            }
        };
        let requests: Vec<_> = self.senders.iter().map(request).collect();
        enrol::issue(operator, &requests, |_| {}).await?;

        let subjects = requests
            .iter()
            .map(|request| subject_id(&issuer, &request.reference));
        let paths = paths(&operator.client, subjects.clone()).await?;
        let enrolled = self.senders.iter().zip(subjects).zip(paths);
        let enrolled = enrolled.map(|((sender, subject), path)| {
            let disclosure = Disclosure {
                claims: packed(&claims),
                issuer: issuer_element(&issuer),
                salt: sender.salt,
                subject: FieldBytes::from_hash(subject.0),
            };
            let contact = sender.wallet.contact(0, Some(disclosure));
            Ok(Enrolled {
                holder: Holder { disclosure, path },
                contact: contact.context("a sender has no address: take another --seed")?,
            })
        });
        self.enrolled = enrolled.collect::<anyhow::Result<_>>()?;
        Ok(())
    }

    /// A deposit for each sender, of so many units of PLUME out of an account.
    pub fn deposits(
        &self,
        terms: &Terms,
        from: [u8; 32],
        units: u64,
    ) -> anyhow::Result<Vec<Draft>> {
        self.each(self.count(), |sender, enrolled, _| {
            let spender = sender
                .wallet
                .spender(&sender.key, terms, &enrolled.holder)?;
            Ok(spender.deposit(from, PLUME, units)?)
        })
    }

    /// A payment of so many units of PLUME by each of the first senders to the next sender.
    pub fn payments(
        &self,
        terms: &Terms,
        count: usize,
        (units, fee): (u64, u64),
    ) -> anyhow::Result<Vec<Draft>> {
        self.each(count, |sender, enrolled, next| {
            let receiver = Receiver {
                contact: &next.contact,
                path: Some(next.holder.path.clone()),
            };
            let spender = sender
                .wallet
                .spender(&sender.key, terms, &enrolled.holder)?;
            Ok(spender.send(&receiver, (PLUME, units), Memo::EMPTY, fee)?)
        })
    }

    fn each(
        &self,
        count: usize,
        draft: impl Fn(&Sender, &Enrolled, &Enrolled) -> anyhow::Result<Draft>,
    ) -> anyhow::Result<Vec<Draft>> {
        ensure!(
            self.enrolled.len() == self.count() && count <= self.count(),
            "{count} senders are asked for, and {} are enrolled",
            self.enrolled.len()
        );
        let next = self.enrolled.iter().cycle().skip(1);
        let senders = self.senders.iter().zip(&self.enrolled).zip(next);
        senders
            .take(count)
            .map(|((sender, enrolled), next)| draft(sender, enrolled, next))
            .collect()
    }

    /// Lets all wallets see what became final since they last looked.
    pub async fn take(&mut self, client: &Client) -> anyhow::Result<Pooled> {
        let pooled = Pooled::after(client, self.seen).await?;
        let mut senders = std::mem::take(&mut self.senders);
        let read = pooled.clone();
        let scanning = tokio::task::spawn_blocking(move || {
            let result = scan(&mut senders, &read);
            (senders, result)
        });
        let (senders, result) = scanning.await?;
        self.senders = senders;
        result?;
        self.seen = pooled.through.number;
        Ok(pooled)
    }

    /// Passes over final blocks in which nothing happened in the pool, so that the next [`Self::take`] does not read
    /// them. If something did, the wallets refuse to go on.
    pub async fn pass(&mut self, client: &Client) -> anyhow::Result<()> {
        self.seen = super::chain::newest(client).await?.number;
        Ok(())
    }

    /// Units of PLUME that all of them have together.
    pub fn units(&self) -> u128 {
        let balances = self.senders.iter().map(|sender| sender.wallet.balances());
        balances
            .map(|balances| balances.get(&PLUME).copied().unwrap_or(0))
            .sum()
    }
}

fn scan(senders: &mut [Sender], pooled: &Pooled) -> anyhow::Result<()> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let part = senders.len().div_ceil(threads).max(1);
    let results: Vec<anyhow::Result<()>> = thread::scope(|scope| {
        let scans: Vec<_> = senders
            .chunks_mut(part)
            .map(|part| {
                scope.spawn(move || -> anyhow::Result<()> {
                    for sender in part {
                        let taken = sender.wallet.take(&pooled.blocks, pooled.through);
                        taken.context("a wallet cannot follow: somebody else uses the pool")?;
                    }
                    Ok(())
                })
            })
            .collect();
        let ended = |_| Err(anyhow::anyhow!("a wallet's thread ended early"));
        scans
            .into_iter()
            .map(|scan| scan.join().unwrap_or_else(ended))
            .collect()
    });
    results.into_iter().collect()
}

/// Puts payments into bundles, as full as they may be.
pub fn bundles(payments: Vec<Draft>) -> anyhow::Result<Vec<Draft>> {
    let bundle = |some: &[Draft]| Ok(Draft::bundle(some.iter().cloned())?);
    payments.chunks(MAX_BUNDLE).map(bundle).collect()
}

fn reference(pool_key: &FieldBytes) -> H256 {
    extrinsic_hash(&[b"sender of a test: ", &pool_key.as_bytes()[..]].concat())
}
