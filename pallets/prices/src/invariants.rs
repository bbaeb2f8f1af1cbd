//! Checks the invariants of the pallet's documentation, in its order.

use crate::{Answers, Config, FOR_EVER, Pallet, Sources, Statements};
use alloc::collections::BTreeSet;
use frame_support::{ensure, traits::Get};
use sp_runtime::{TryRuntimeError, traits::BlockNumberProvider};

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's documentation, in its order.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = T::Time::current_block_number();
        let sources = Sources::<T>::get();
        let distinct: BTreeSet<_> = sources.iter().collect();
        ensure!(
            distinct.len() == sources.len(),
            "1: a source is admitted twice"
        );
        let mut assets: u32 = 0;
        for (_, statements) in Statements::<T>::iter() {
            assets = assets.saturating_add(1);
            ensure!(!statements.is_empty(), "2: an empty list is kept");
            let speakers: BTreeSet<_> = statements.iter().map(|one| &one.source).collect();
            ensure!(
                speakers.len() == statements.len(),
                "2: a source speaks twice of an asset"
            );
            ensure!(
                speakers.is_subset(&distinct),
                "2: somebody speaks who is no source"
            );
            for statement in &statements {
                ensure!(
                    statement.price.can_be_stated(),
                    "2: a price was stated that cannot be"
                );
                ensure!(statement.at <= now, "2: a statement is of the future");
            }
        }
        ensure!(
            assets <= T::MaxAssets::get(),
            "3: sources speak of more assets than may be"
        );
        ensure!(
            assets == Statements::<T>::count(),
            "3: the assets are counted wrongly"
        );
        for (_, answer) in Answers::<T>::iter() {
            ensure!(
                answer.price.can_be_stated(),
                "4: a price is answered that cannot be"
            );
            ensure!(
                answer.at <= now || answer.at == FOR_EVER,
                "4: an answer is of the future"
            );
        }
        Ok(())
    }
}
