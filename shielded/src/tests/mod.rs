//! What this crate promises, each as a test.

mod decoders;
mod disclosure;
mod encryption;
mod keys;
mod points;
mod scan;
mod standing;

use crate::{
    Contact, FullViewingKey, Memo, NoteSeed, Payment, Scalar, SealedNote, SpendingKey, blake, seal,
};

/// A scalar that looks random.
pub(crate) fn scalar(number: u64) -> Scalar {
    blake::scalar(blake::NONCE, &[&number.to_le_bytes()])
}

/// An account of the test's own.
pub(super) fn account(number: u32) -> FullViewingKey {
    SpendingKey::from_seed(&[42; 64], number)
        .unwrap()
        .full_viewing_key()
}

pub(super) fn contact(account: &FullViewingKey, index: u64) -> Contact {
    Contact::of(account.incoming(), index, None).unwrap()
}

pub(super) fn payment(value: u64) -> Payment {
    Payment {
        value,
        asset: 3,
        memo: Memo::from_text("rent, November").unwrap(),
    }
}

/// A payment from one account to another's address.
pub(super) fn pay(
    from: &FullViewingKey,
    to: &FullViewingKey,
    index: u64,
    value: u64,
    seed: u8,
) -> SealedNote {
    let contact = contact(to, index);
    let seed = NoteSeed::from_bytes([seed; 32]);
    let (address, kem) = (contact.address(), contact.kem());
    seal(address, kem, &payment(value), &seed, from.outgoing()).unwrap()
}
