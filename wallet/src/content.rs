//! What is encrypted in a wallet's file, in SCALE: network, viewing key, spending key if it is kept, state.

use crate::{Wallet, state::State};
use codec::{DecodeAll, Encode};
use plume_shielded::{FullViewingKey, Network, SpendingKey};
use zeroize::{Zeroize, Zeroizing};

/// Longest file: more than a wallet with a million notes has.
pub(crate) const MAX_BYTES: u64 = 1 << 30;

pub(crate) fn encode(wallet: &Wallet) -> Zeroizing<Vec<u8>> {
    let network = Network::ALL.iter().position(|one| *one == wallet.network);
    let network = u8::try_from(network.unwrap_or_default()).unwrap_or_default();
    let viewing_key = wallet.key.to_text(wallet.network);
    let spending_key = wallet.spending.as_ref();
    let spending_key = spending_key.map(|key| key.to_text(wallet.network));
    let spending_key = spending_key.as_ref().map(|text| text.as_str());
    // A vector that grows leaves copies of the keys behind.
    let keys = (network, viewing_key.as_str(), spending_key);
    let length = keys.encoded_size() + wallet.state.encoded_size();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    keys.encode_to(&mut *bytes);
    wallet.state.encode_to(&mut *bytes);
    bytes
}

/// `None` unless it was written by [`encode`].
pub(crate) fn decode(bytes: &[u8]) -> Option<Wallet> {
    type Content = (u8, String, Option<String>, State);
    let (network, mut viewing_key, mut spending_key, state) =
        Content::decode_all(&mut &*bytes).ok()?;
    let network = *Network::ALL.get(usize::from(network))?;
    let key = FullViewingKey::from_text(&viewing_key, network);
    let spending = spending_key
        .as_ref()
        .map(|text| SpendingKey::from_text(text, network));
    viewing_key.zeroize();
    spending_key.zeroize();
    Some(Wallet {
        network,
        key: key.ok()?,
        spending: spending.transpose().ok()?,
        state,
    })
}
