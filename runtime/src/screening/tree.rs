//! What a call moves with all the calls that it carries, at whatever depth, in the order in which they are
//! executed. For the pool: it refuses a transaction of which some part is denied.
//!
//! What is read here is read before any part of the tree is executed. It may say less than what happens: a part
//! that spends what an earlier part brings moves more than can be seen yet, and what is carried by its hash is
//! not seen at all. That is why each part is screened again when it is executed, see
//! [`super::call::ScreenedCall`].

use crate::{
    screening::{
        Actor, Class, FLOWS_OF_A_CALL,
        class::{By, class},
    },
    *,
};
use plume_primitives::compliance::Flow;
use sp_runtime::traits::StaticLookup;

/// The flows of a call and of all that it carries.
pub fn flows(call: &RuntimeCall, actor: &Actor) -> Vec<Flow<AccountId>> {
    let mut flows = Vec::new();
    // Depth first, the next call on top: a transaction's depth is bounded by its decoder, its breadth only by
    // its length.
    let mut waiting = Vec::from([(call, actor.clone())]);
    while let Some((call, actor)) = waiting.pop() {
        match class(call) {
            Class::Moves(movement) => flows.extend(movement.flow(&actor)),
            Class::Carries(carried) => waiting.extend(
                carried
                    .into_iter()
                    .rev()
                    .filter_map(|carried| Some((carried.call, executed_as(&carried.by, &actor)?))),
            ),
            Class::Still | Class::Penalises | Class::Returns | Class::Rewrites => {}
        }
    }
    flows
}

/// The most flows that a call and all that it carries can have, whoever it is executed as.
pub fn most_flows(call: &RuntimeCall) -> u32 {
    let mut most: u32 = 0;
    let mut waiting = Vec::from([call]);
    while let Some(call) = waiting.pop() {
        match class(call) {
            Class::Moves(_) => most = most.saturating_add(FLOWS_OF_A_CALL),
            Class::Carries(carried) => waiting.extend(carried.iter().map(|carried| carried.call)),
            Class::Still | Class::Penalises | Class::Returns | Class::Rewrites => {}
        }
    }
    most
}

/// Whom a carried call is executed as; none when it is not executed at all.
fn executed_as(by: &By<'_>, carrier: &Actor) -> Option<Actor> {
    let signer = || match carrier {
        Actor::Account(who) => Some(who.clone()),
        Actor::Root | Actor::Other => None,
    };
    Some(match by {
        By::Same => carrier.clone(),
        By::Root => Actor::Root,
        By::Account(address) => {
            let found = <Runtime as frame_system::Config>::Lookup::lookup((*address).clone());
            Actor::Account(found.ok()?)
        }
        By::Derivative(index) => {
            Actor::Account(pallet_utility::derivative_account_id(signer()?, *index))
        }
        By::Multisig { threshold, others } => {
            let signer = signer()?;
            let mut signatories = others.to_vec();
            let place = signatories.partition_point(|other| *other < signer);
            signatories.insert(place, signer);
            Actor::Account(Multisig::multi_account_id(&signatories, *threshold))
        }
        By::Origin(origin) => Actor::of(origin),
        By::Committee => Actor::Other,
    })
}
