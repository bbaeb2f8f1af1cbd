//! Lets in whom the chain admits, and nobody else: what `--permissioned` does.
//!
//! # Rules
//!
//! * The chain's list ([`Membership::admitted_nodes`]) is read at every newly final block, at most once a
//!   second. What is not final lets nobody in or out.
//! * Whoever is on the list becomes a reserved peer: it needs no slot, and is dialled again when lost. Nobody else gets a
//!   block-announcement stream; GRANDPA's votes and transactions go only where that one is open.
//! * Nodes named with `--reserved-nodes` stay reserved, listed or not.
//! * An empty list means an open network: a chain that admits nobody yet must not lock everybody out.
//! * The first admission closes a network that was open. All streams are closed once, to be sure of who is
//!   behind them, and the admitted are back after the SDK's pause of five seconds.
//!
//! A node that was not admitted can still open a connection and ask what answers requests (blocks, light
//! client proofs, peers' addresses): the SDK has no door before those. Keep outsiders off the port with a
//! firewall where blocks are confidential.

use crate::service::FullClient;
use plume_consensus::Block;
use plume_primitives::{
    Hash,
    api::{AdmittedNode, Membership, NodeRole},
};
use sc_client_api::HeaderBackend;
use sc_network::{PeerId, config::NetworkConfiguration, service::traits::NetworkService};
use sc_network_sync::SyncingService;
use sp_api::{ApiExt, ProvideRuntimeApi};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};
use substrate_prometheus_endpoint::{Gauge, PrometheusError, Registry, U64, register};

const LOG_TARGET: &str = "membership";
/// How often the finalised block is looked at.
const BETWEEN_READS: Duration = Duration::from_secs(1);

/// Who may connect.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Admission {
    /// Everybody.
    Open,
    /// These, each in its role.
    Only(BTreeMap<PeerId, NodeRole>),
}

impl Admission {
    /// What the chain's list means. An entry that is no peer id admits nobody; it still closes the
    /// network, because somebody meant to.
    fn of(nodes: &[AdmittedNode]) -> Self {
        if nodes.is_empty() {
            return Self::Open;
        }
        let readable =
            |node: &AdmittedNode| Some((PeerId::from_bytes(&node.peer_id).ok()?, node.role));
        Self::Only(nodes.iter().filter_map(readable).collect())
    }

    fn count(&self) -> usize {
        match self {
            Self::Open => 0,
            Self::Only(nodes) => nodes.len(),
        }
    }
}

/// What there is to do and to say between two admissions.
#[derive(Debug, Default, PartialEq, Eq)]
struct Change {
    opened: bool,
    closed: bool,
    admitted: Vec<(PeerId, NodeRole)>,
    expelled: Vec<PeerId>,
}

fn change(old: &Admission, new: &Admission) -> Change {
    match (old, new) {
        (Admission::Open, Admission::Open) => Change::default(),
        (Admission::Only(_), Admission::Open) => Change {
            opened: true,
            ..Change::default()
        },
        (Admission::Open, Admission::Only(new)) => Change {
            closed: true,
            admitted: new.iter().map(|(peer, role)| (*peer, *role)).collect(),
            ..Change::default()
        },
        (Admission::Only(old), Admission::Only(new)) => Change {
            admitted: new
                .iter()
                .filter(|(peer, role)| old.get(peer) != Some(role))
                .map(|(peer, role)| (*peer, *role))
                .collect(),
            expelled: old
                .keys()
                .filter(|peer| !new.contains_key(peer))
                .copied()
                .collect(),
            ..Change::default()
        },
    }
}

/// The list as it stood before there was a network.
pub struct Door {
    admission: Admission,
    read_at: Hash,
    /// Nodes of the command line, which stay whatever the chain says.
    fixed: HashSet<PeerId>,
    /// Whether the operator wants reserved peers only, whatever the chain says.
    always_closed: bool,
}

impl Door {
    /// Reads the list of the last final block, and closes the network before it is built, so that no
    /// outsider slips in while it starts.
    pub fn new(client: &FullClient, network: &mut NetworkConfiguration) -> Self {
        use sc_network::config::NonReservedPeerMode::Deny;
        let read_at = client.info().finalized_hash;
        let admission = read(client, read_at).unwrap_or(Admission::Open);
        let set = &mut network.default_peers_set;
        let always_closed = set.non_reserved_mode == Deny;
        let fixed = set.reserved_nodes.iter().map(|node| node.peer_id).collect();
        if admission != Admission::Open {
            set.non_reserved_mode = Deny;
        }
        Self {
            admission,
            read_at,
            fixed,
            always_closed,
        }
    }

    /// Keeps the network as the chain wants it, for as long as the node runs.
    pub async fn keep(
        self,
        client: Arc<FullClient>,
        network: Arc<dyn NetworkService>,
        sync: Arc<SyncingService<Block>>,
        registry: Option<Registry>,
    ) {
        let gauge = registry.as_ref().and_then(|registry| {
            gauge(registry)
                .inspect_err(|error| log::warn!(target: LOG_TARGET, "Admitted nodes will not be counted: {error}"))
                .ok()
        });
        let own = network.local_peer_id();
        let Self {
            mut admission,
            mut read_at,
            fixed,
            always_closed,
        } = self;
        let reserve = |admission: &Admission| {
            let mut peers = fixed.clone();
            if let Admission::Only(nodes) = admission {
                peers.extend(nodes.keys());
            }
            peers.remove(&own);
            network.set_authorized_peers(peers.clone());
            sync.set_no_slot_peers(peers);
        };

        match &admission {
            Admission::Open => log::info!(
                target: LOG_TARGET,
                "The chain has admitted no node: the network is open, and closes with the first admission",
            ),
            Admission::Only(nodes) => {
                for (peer, role) in nodes {
                    log::info!(target: LOG_TARGET, "Admitted: {peer} ({role:?})");
                }
                reserve(&admission);
            }
        }
        mind_oneself(&admission, own);
        loop {
            if let Some(gauge) = &gauge {
                gauge.set(admission.count() as u64);
            }
            futures_timer::Delay::new(BETWEEN_READS).await;
            let finalized = client.info().finalized_hash;
            if finalized == read_at {
                continue;
            }
            let Some(new) = read(&client, finalized) else {
                continue;
            };
            read_at = finalized;
            let change = change(&admission, &new);
            if change == Change::default() {
                continue;
            }
            if change.opened {
                log::warn!(
                    target: LOG_TARGET,
                    "The chain admits no node any more: the network is open to everybody",
                );
                if !always_closed {
                    network.accept_unreserved_peers();
                }
            }
            if change.closed {
                log::info!(
                    target: LOG_TARGET,
                    "The chain has admitted its first nodes: the network closes. Peers come back within seconds.",
                );
                // litep2p's peer set forgets to close reserved peers' streams here, and takes them for
                // closed from then on: an expelled one would stay. So nobody is reserved meanwhile.
                if !always_closed {
                    network.set_authorized_peers(HashSet::new());
                    network.deny_unreserved_peers();
                }
            }
            for (peer, role) in &change.admitted {
                log::info!(target: LOG_TARGET, "Admitted: {peer} ({role:?})");
            }
            for peer in &change.expelled {
                log::info!(
                    target: LOG_TARGET,
                    "Expelled: {peer}{}",
                    if fixed.contains(peer) { "; it stays connected, because --reserved-nodes names it" } else { "" },
                );
            }
            reserve(&new);
            mind_oneself(&new, own);
            admission = new;
        }
    }
}

/// Tells the operator of a node that the others will not let in.
fn mind_oneself(admission: &Admission, own: PeerId) {
    match admission {
        Admission::Only(nodes) if !nodes.contains_key(&own) => log::warn!(
            target: LOG_TARGET,
            "This node is not among the {} admitted: permissioned peers will not talk to it. Have {own} admitted.",
            nodes.len(),
        ),
        _ => {}
    }
}

/// The list at a block; none if its state cannot be read. Blocks from before an upgrade have no list.
fn read(client: &FullClient, at: Hash) -> Option<Admission> {
    let api = client.runtime_api();
    let nodes = match api.has_api::<dyn Membership<Block>>(at) {
        Ok(true) => api.admitted_nodes(at),
        Ok(false) => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    nodes
        .inspect_err(
            |error| log::warn!(target: LOG_TARGET, "Cannot read whom the chain admits at {at:?}, and so change nothing: {error}"),
        )
        .ok()
        .map(|nodes| Admission::of(&nodes))
}

fn gauge(registry: &Registry) -> Result<Gauge<U64>, PrometheusError> {
    let gauge = Gauge::new(
        "plume_admitted_nodes",
        "Nodes that the chain admits; 0 while the network is open",
    )?;
    register(gauge, registry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use NodeRole::{Regulator, Rpc, Validator};

    fn only(nodes: &[(PeerId, NodeRole)]) -> Admission {
        Admission::Only(nodes.iter().copied().collect())
    }

    fn three() -> [PeerId; 3] {
        let mut peers = [PeerId::random(), PeerId::random(), PeerId::random()];
        peers.sort_unstable();
        peers
    }

    #[test]
    fn an_empty_list_is_an_open_network_and_nothing_changes_in_it() {
        assert_eq!(Admission::of(&[]), Admission::Open);
        assert_eq!(
            change(&Admission::Open, &Admission::Open),
            Change::default()
        );
    }

    #[test]
    fn every_role_is_let_in_and_an_unreadable_entry_lets_nobody_in_but_closes() {
        let [one, two, three] = three();
        let node = |peer: PeerId, role| AdmittedNode {
            peer_id: peer.to_bytes(),
            role,
        };
        let unreadable = AdmittedNode {
            peer_id: vec![1, 2, 3],
            role: Validator,
        };
        let list = [node(one, Validator), node(two, Rpc), node(three, Regulator)];
        assert_eq!(
            Admission::of(&list),
            only(&[(one, Validator), (two, Rpc), (three, Regulator)])
        );
        assert_eq!(Admission::of(&[unreadable]), only(&[]));
    }

    #[test]
    fn the_first_admission_closes_and_the_last_expulsion_opens() {
        let [one, two, _] = three();
        let list = only(&[(one, Validator), (two, Rpc)]);
        assert_eq!(
            change(&Admission::Open, &list),
            Change {
                closed: true,
                admitted: vec![(one, Validator), (two, Rpc)],
                ..Change::default()
            }
        );
        assert_eq!(
            change(&list, &Admission::Open),
            Change {
                opened: true,
                ..Change::default()
            }
        );
    }

    #[test]
    fn who_stays_is_not_mentioned_and_who_changes_is_mentioned_once() {
        let [one, two, three] = three();
        let old = only(&[(one, Validator), (two, Rpc)]);
        let new = only(&[(one, Validator), (three, Regulator)]);
        assert_eq!(
            change(&old, &new),
            Change {
                admitted: vec![(three, Regulator)],
                expelled: vec![two],
                ..Change::default()
            }
        );
        assert_eq!(change(&new, &new), Change::default());
    }

    #[test]
    fn a_new_role_is_an_admission_and_expels_nobody() {
        let [one, ..] = three();
        let change = change(&only(&[(one, Rpc)]), &only(&[(one, Validator)]));
        assert_eq!(change.admitted, [(one, Validator)]);
        assert!(change.expelled.is_empty());
    }
}
