//! Who owns how much of a security while the flows of a call happen one after the other.

use crate::{Config, types::FlowOf};
use alloc::vec::Vec;
use frame_support::DefaultNoBound;
use plume_primitives::{
    AssetId, Balance,
    compliance::{Asset, Ownership, Securities},
};

/// What the flows so far have changed.
#[derive(DefaultNoBound)]
pub(crate) struct Owners<T: Config>(Vec<Changed<T>>);

struct Changed<T: Config> {
    asset: AssetId,
    holders: u32,
    /// What accounts have now, of those that sent or received.
    accounts: Vec<(T::AccountId, Balance)>,
}

impl<T: Config> Owners<T> {
    /// How a flow's asset is owned before it; none for PLUME, and where there is no such asset.
    pub(crate) fn before(&self, flow: &FlowOf<T>) -> Option<Ownership> {
        let Asset::Other(id) = flow.asset else {
            return None;
        };
        let mut ownership = T::Securities::ownership(id, &flow.from, &flow.to)?;
        if let Some(changed) = self.0.iter().find(|changed| changed.asset == id) {
            let now_has = |who: &T::AccountId| {
                let known = changed.accounts.iter().find(|(known, _)| known == who)?;
                Some(known.1)
            };
            ownership.holders = changed.holders;
            ownership.sender_has = now_has(&flow.from).unwrap_or(ownership.sender_has);
            ownership.recipient_has = now_has(&flow.to).unwrap_or(ownership.recipient_has);
        }
        Some(ownership)
    }

    /// Remembers what a flow changes.
    pub(crate) fn after(&mut self, flow: &FlowOf<T>) {
        let (Asset::Other(asset), Some(before)) = (flow.asset, self.before(flow)) else {
            return;
        };
        if flow.from == flow.to {
            return;
        }
        let left = before.sender_has.saturating_sub(flow.amount);
        let mut holders = before.holders;
        if before.recipient_has == 0 {
            holders = holders.saturating_add(1);
        }
        if before.sender_has > 0 && left == 0 {
            holders = holders.saturating_sub(1);
        }
        let place = match self.0.iter().position(|changed| changed.asset == asset) {
            Some(place) => place,
            None => {
                self.0.push(Changed {
                    asset,
                    holders,
                    accounts: Vec::new(),
                });
                self.0.len().saturating_sub(1)
            }
        };
        let Some(changed) = self.0.get_mut(place) else {
            return;
        };
        changed.holders = holders;
        for (who, has) in [
            (&flow.from, left),
            (&flow.to, before.recipient_has.saturating_add(flow.amount)),
        ] {
            match changed.accounts.iter_mut().find(|(known, _)| known == who) {
                Some(known) => known.1 = has,
                None => changed.accounts.push((who.clone(), has)),
            }
        }
    }
}
