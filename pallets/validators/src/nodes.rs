//! The nodes that a permissioned network lets in.

use crate::{Config, Departing, Error, Event, Nodes, NodesOf, Pallet, Records, Status};
use alloc::vec::Vec;
use frame_support::{BoundedVec, dispatch::DispatchResult, ensure, traits::Get};
use plume_primitives::api::NodeRole;

/// A libp2p peer id as bytes: the multihash that its base58 text stands for.
///
/// For an ed25519 key that is the identity hash (`00`) of 36 bytes (`24`): the key's type in protobuf
/// (`08 01`), and its 32 bytes (`12 20`). Source: libp2p specifications, "Peer Ids and Keys".
pub type PeerId = [u8; 38];

const ED25519_PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// Whether these bytes begin as the peer id of an ed25519 key does.
pub fn is_peer_id(peer_id: &PeerId) -> bool {
    peer_id.starts_with(&ED25519_PREFIX)
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_publish_node(owner: T::AccountId, peer_id: PeerId) -> DispatchResult {
        ensure!(
            Records::<T>::get(&owner).is_some_and(|record| record.status == Status::Admitted),
            Error::<T>::NotAdmitted
        );
        Self::list_node(peer_id, NodeRole::Validator, Some(owner.clone()))?;
        NodesOf::<T>::try_append(owner, peer_id).map_err(|()| Error::<T>::TooManyNodes)?;
        Ok(())
    }

    pub(crate) fn do_withdraw_node(caller: T::AccountId, peer_id: PeerId) -> DispatchResult {
        let owner = Nodes::<T>::get(peer_id).and_then(|(_, owner)| owner);
        ensure!(owner == Some(caller), Error::<T>::NodeNotListed);
        Self::unlist_node(peer_id)
    }

    pub(crate) fn list_node(
        peer_id: PeerId,
        role: NodeRole,
        owner: Option<T::AccountId>,
    ) -> DispatchResult {
        ensure!(is_peer_id(&peer_id), Error::<T>::BadPeerId);
        ensure!(!Nodes::<T>::contains_key(peer_id), Error::<T>::NodeListed);
        ensure!(
            Nodes::<T>::count() < T::MaxNodes::get(),
            Error::<T>::TooManyNodes
        );
        Nodes::<T>::insert(peer_id, (role, owner.clone()));
        Self::deposit_event(Event::NodeAdmitted {
            peer_id,
            role,
            owner,
        });
        Ok(())
    }

    pub(crate) fn unlist_node(peer_id: PeerId) -> DispatchResult {
        let (_, owner) = Nodes::<T>::take(peer_id).ok_or(Error::<T>::NodeNotListed)?;
        if let Some(owner) = owner {
            NodesOf::<T>::mutate_exists(owner, |nodes| {
                if let Some(nodes) = nodes {
                    nodes.retain(|other| *other != peer_id);
                }
                if nodes.as_ref().is_some_and(|nodes| nodes.is_empty()) {
                    *nodes = None;
                }
            });
        }
        Self::deposit_event(Event::NodeExpelled { peer_id });
        Ok(())
    }

    pub(crate) fn expel_nodes_of(validator: &T::AccountId) {
        for peer_id in NodesOf::<T>::take(validator) {
            Nodes::<T>::remove(peer_id);
            Self::deposit_event(Event::NodeExpelled { peer_id });
        }
    }

    /// Expels the nodes of those who have left and lost their seats meanwhile.
    pub(crate) fn expel_departed() {
        let departing = Departing::<T>::take();
        let (stay, go): (Vec<_>, Vec<_>) = departing.into_iter().partition(Self::has_a_seat);
        if !stay.is_empty() {
            Departing::<T>::put(BoundedVec::truncate_from(stay));
        }
        go.iter().for_each(Self::expel_nodes_of);
    }
}
