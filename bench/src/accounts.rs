//! Who pays whom: accounts of the measurement's own, signing ahead of time.

use crate::{Board, Parcel};
use anyhow::{Context, ensure};
use futures::future::try_join_all;
use plume_sdk::{
    At, Client, Mortality, OfflineTransfer, OfflineTransfers, Signer, TxOptions, amount,
};

/// What one measured transfer moves: 0.001 PLUME.
pub const TRANSFER_PLANCK: u128 = 1_000_000_000_000_000;
/// What each payer gets: enough for 10,000 transfers at thirty times the lowest fee.
const FUNDS_PLANCK: u128 = 1_000 * PLUME_PLANCK;
/// What each payee gets, so that no measured transfer makes an account.
const PAYEE_PLANCK: u128 = PLUME_PLANCK;
const PLUME_PLANCK: u128 = 1_000_000_000_000_000_000;
/// Blocks that signatures live: the longest that Plume allows, 17 minutes at 250 ms.
const LIFETIME_BLOCKS: u32 = 4_096;

/// As many payers as payees, derived from the funder's secret.
pub struct Accounts {
    funder: Signer,
    payers: Vec<Payer>,
    payees: Vec<Signer>,
    offline: OfflineTransfers,
}

struct Payer {
    signer: Signer,
    next_nonce: u32,
}

/// What the payees should have received and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Final transfers times the amount of one.
    pub expected_planck: u128,
    /// Growth of the payees' balances.
    pub found_planck: u128,
}

impl Paid {
    /// Whether every final transfer moved its amount.
    pub fn is_exact(&self) -> bool {
        self.expected_planck == self.found_planck
    }
}

impl Accounts {
    /// Derives `count` payers and payees from the funder (`<funder>//bench//payer//0` and so on).
    ///
    /// `funder` is a secret URI without password. Nothing is sent yet.
    pub async fn derive(client: &Client, funder: &str, count: usize) -> anyhow::Result<Self> {
        ensure!(count > 0, "a measurement needs at least one account");
        let signer = |uri: String| Signer::from_uri(&uri);
        let derive = |role: &str| -> Result<Vec<_>, _> {
            (0..count)
                .map(|index| signer(format!("{funder}//bench//{role}//{index}")))
                .collect()
        };
        let no_account = "cannot derive accounts: give --funder a secret URI such as //Alice";
        let payers: Vec<Signer> = derive("payer").context(no_account)?;
        let payees: Vec<Signer> = derive("payee").context(no_account)?;
        Ok(Self {
            funder: signer(funder.to_owned()).context(no_account)?,
            payers: payers
                .into_iter()
                .map(|signer| Payer {
                    signer,
                    next_nonce: 0,
                })
                .collect(),
            payees,
            offline: offline(client).await?,
        })
    }

    /// The funder's transfers to every payer and payee, to be sent to `client`'s node in this order.
    pub async fn funding(&self, client: &Client, board: &Board) -> anyhow::Result<Vec<Parcel>> {
        let first = client.raw().next_nonce(&self.funder.account()).await?;
        let to_payers = self
            .payers
            .iter()
            .map(|p| (p.signer.account(), FUNDS_PLANCK));
        let to_payees = self
            .payees
            .iter()
            .map(|payee| (payee.account(), PAYEE_PLANCK));
        let transfers: Vec<_> = (first..)
            .zip(to_payers.chain(to_payees))
            .map(|(nonce, (to, amount_planck))| OfflineTransfer {
                from: &self.funder,
                to,
                amount_planck,
                nonce,
            })
            .collect();
        Ok(self.parcels(board, &transfers, |_| 0))
    }

    /// Checks that the payers have money, reads their nonces, and renews the signatures' lifetime.
    pub async fn ready(&mut self, client: &Client) -> anyhow::Result<()> {
        for payer in &self.payers {
            let has = client
                .account(&payer.signer.account(), At::Finalised)
                .await?;
            ensure!(
                has.free_planck >= FUNDS_PLANCK,
                "funding failed: {} has {} PLUME, so the funder had too little; name another with --funder",
                payer.signer.address(),
                amount::format(has.free_planck)
            );
        }
        self.renew(client).await
    }

    /// Reads the payers' nonces again and renews the signatures' lifetime: what was signed and not sent is void.
    pub async fn renew(&mut self, client: &Client) -> anyhow::Result<()> {
        let accounts: Vec<_> = self.payers.iter().map(|p| p.signer.account()).collect();
        let nonces = try_join_all(
            accounts
                .iter()
                .map(|account| client.raw().next_nonce(account)),
        );
        for (payer, nonce) in self.payers.iter_mut().zip(nonces.await?) {
            payer.next_nonce = nonce;
        }
        self.offline = offline(client).await?;
        Ok(())
    }

    /// Signs the next `count` transfers, payer after payer in turn, each to its own payee.
    pub fn sign(&mut self, board: &Board, count: usize) -> Vec<Parcel> {
        let payers = self.payers.len();
        let round = |index: usize| u32::try_from(index / payers).unwrap_or(u32::MAX);
        let transfers: Vec<_> = self
            .payers
            .iter()
            .zip(&self.payees)
            .cycle()
            .take(count)
            .enumerate()
            .map(|(index, (payer, payee))| OfflineTransfer {
                from: &payer.signer,
                to: payee.account(),
                amount_planck: TRANSFER_PLANCK,
                nonce: payer.next_nonce.saturating_add(round(index)),
            })
            .collect();
        let parcels = self.parcels(board, &transfers, |index| index % payers);
        for (index, payer) in self.payers.iter_mut().enumerate() {
            let signed = count.saturating_sub(index).div_ceil(payers);
            payer.next_nonce = payer
                .next_nonce
                .saturating_add(u32::try_from(signed).unwrap_or(u32::MAX));
        }
        parcels
    }

    /// The keys of all payers and payees.
    pub fn signers(&self) -> impl Iterator<Item = &Signer> {
        let payers = self.payers.iter().map(|payer| &payer.signer);
        payers.chain(&self.payees)
    }

    /// What all payees have, at the newest final block of `client`'s node.
    pub async fn payees_planck(&self, client: &Client) -> anyhow::Result<u128> {
        let mut total = 0u128;
        for payee in &self.payees {
            let has = client.account(&payee.account(), At::Finalised).await?;
            total = total.saturating_add(has.free_planck);
        }
        Ok(total)
    }

    fn parcels(
        &self,
        board: &Board,
        transfers: &[OfflineTransfer<'_>],
        payer_of: impl Fn(usize) -> usize,
    ) -> Vec<Parcel> {
        let signed = self.offline.sign_many(transfers, 0);
        let mut tracker = board.tracker_mut();
        signed
            .iter()
            .zip(transfers)
            .enumerate()
            .map(|(index, (signed, transfer))| {
                let id = tracker.expect(signed.hash);
                Parcel::new(id, payer_of(index), transfer.nonce, signed)
            })
            .collect()
    }
}

async fn offline(client: &Client) -> anyhow::Result<OfflineTransfers> {
    let options = TxOptions {
        mortality: Mortality::Blocks(LIFETIME_BLOCKS),
        ..Default::default()
    };
    Ok(client.offline_transfers(&options).await?)
}
