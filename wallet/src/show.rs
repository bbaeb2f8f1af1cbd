//! Receipts and statements from the history.

use crate::{PoolTransfer, Problem, StoredNote, Wallet};
use plume_shielded::{
    Contact, KemPublicKey, NoteCiphertext,
    disclosure::{Audience, Published, Receipt, Statement, StatementBuilder},
};

impl Wallet {
    /// Shows one payment, by its position in the tree of notes, to one verifier: as its sender or its receiver,
    /// whichever the account was.
    ///
    /// `contact` is what was paid, needed only where the wallet was restored since. With `from` a sender shows an
    /// address of its own, too.
    pub fn receipt(
        &self,
        position: u64,
        audience: Audience,
        contact: Option<&Contact>,
        from: bool,
    ) -> Result<Receipt, Problem> {
        let note = self.payment(position)?;
        let placed = note.placed().ok_or(Problem::NoPayment(position))?;
        let pool = self.pool().id();
        let place = (pool, position);
        if placed.note.address.pool_key == self.key.pool_key() {
            let receipt =
                Receipt::of_receiver(&self.key, &placed.note, place, audience, self.network)?;
            return Ok(receipt);
        }
        let kem = self.kem_of(note, contact)?;
        let from = from
            .then(|| self.contact(0, None))
            .flatten()
            .map(|contact| *contact.address());
        let receipt = Receipt::of_sender(
            &self.key,
            &placed.note,
            place,
            &kem,
            from,
            audience,
            self.network,
        )?;
        Ok(receipt)
    }

    /// Shows all payments between two positions of the tree of notes (the second is the one after the last), change
    /// among them, to one auditor. `contacts` are what was paid before the wallet was restored.
    pub fn statement(
        &self,
        (first, end): (u64, u64),
        audience: Audience,
        contacts: &[Contact],
    ) -> Result<Statement, Problem> {
        let mut builder = StatementBuilder::new(&self.key, self.network);
        for note in self.history().iter().flat_map(|entry| entry.notes()) {
            if !(first..end).contains(&note.position) {
                continue;
            }
            let placed = note.placed().ok_or(Problem::NoPayment(note.position))?;
            let hash = placed.note.address.kem_hash;
            let contact = contacts
                .iter()
                .find(|contact| contact.address().kem_hash == hash);
            let kem = self.kem_of(note, contact)?;
            builder.add(&placed.note, note.position, &kem)?;
        }
        Ok(builder.sign(self.pool().id(), (first, end), audience)?)
    }

    fn payment(&self, position: u64) -> Result<&StoredNote, Problem> {
        let mut notes = self.history().iter().flat_map(|entry| entry.notes());
        notes
            .find(|note| note.position == position)
            .ok_or(Problem::NoPayment(position))
    }

    fn kem_of(
        &self,
        note: &StoredNote,
        contact: Option<&Contact>,
    ) -> Result<KemPublicKey, Problem> {
        let missing = Problem::NoContact(note.position);
        let address = note.address().ok_or(Problem::NoPayment(note.position))?;
        let given = contact
            .map(Contact::kem)
            .filter(|kem| kem.hash() == address.kem_hash);
        let known = given.cloned().or_else(|| self.receiver(&address.kem_hash));
        known.ok_or(missing)
    }
}

/// What the chain has at a position, for whoever verifies: from the transfer that made it. `None` when it made
/// another, or the counter.
pub fn published(transfer: &PoolTransfer, position: u64) -> Option<Published> {
    let place = usize::try_from(position.checked_sub(transfer.first)?).ok()?;
    let cm = *transfer.body.commitments.get(place)?;
    let ciphertext = NoteCiphertext::from_bytes(transfer.body.notes.get(place)?).ok()?;
    Some(Published { cm, ciphertext })
}
