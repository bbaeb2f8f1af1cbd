//! Checks the invariants of the pallet's documentation, in its order.

use crate::{
    Act, AmountFreezes, Config, InstitutionCounts, InstitutionLog, Log, LogCount, NextWarrant,
    Openings, Pallet, Powers, SubjectFreezes, SupervisorCounts, Supervisors, WarrantId, Warrants,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the pallet's documentation, in its order.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut by_supervisor = BTreeMap::<T::AccountId, u64>::new();
        let mut of_institution = BTreeMap::<T::AccountId, Vec<u64>>::new();
        let mut openings = 0_usize;
        let mut uses = BTreeMap::<WarrantId, u32>::new();
        for number in 0..LogCount::<T>::get() {
            let entry = Log::<T>::get(number).ok_or("1: a line of the log is missing")?;
            if let Act::TransferOpened { opened, .. } = entry.act {
                openings = openings.saturating_add(1);
                ensure!(
                    Openings::<T>::get(opened) == Some(number),
                    "6: an opening's line is not its own"
                );
                let warrant = entry.warrant.and_then(Warrants::<T>::get);
                ensure!(
                    warrant.is_some_and(|warrant| warrant.powers.access),
                    "6: an opening has no warrant that is good for it"
                );
            }
            let count = by_supervisor.entry(entry.supervisor).or_default();
            *count = count.saturating_add(1);
            for institution in entry.institutions {
                of_institution.entry(institution).or_default().push(number);
            }
            if let Some(warrant) = entry.warrant
                && entry.act.is_use()
            {
                let count = uses.entry(warrant).or_default();
                *count = count.saturating_add(1);
            }
        }
        let lines = u64::try_from(Log::<T>::iter_keys().count()).unwrap_or(u64::MAX);
        ensure!(
            lines == LogCount::<T>::get(),
            "1: the log has lines that are not counted"
        );
        let counts: BTreeMap<_, _> = SupervisorCounts::<T>::iter().collect();
        ensure!(
            counts == by_supervisor,
            "2: a supervisor's count is not that of its lines"
        );
        ensure!(
            InstitutionCounts::<T>::iter().count() == of_institution.len()
                && InstitutionLog::<T>::iter_keys().count()
                    == of_institution.values().map(Vec::len).sum::<usize>(),
            "2: an institution has lines that are not its own"
        );
        for (institution, numbers) in of_institution {
            let known: Vec<u64> = (0..InstitutionCounts::<T>::get(&institution))
                .filter_map(|at| InstitutionLog::<T>::get(&institution, at))
                .collect();
            ensure!(
                known == numbers,
                "2: an institution's lines are not those that concern it"
            );
        }

        for (id, warrant) in Warrants::<T>::iter() {
            ensure!(
                id < NextWarrant::<T>::get(),
                "3: a warrant has a number that was not given"
            );
            ensure!(
                Supervisors::<T>::contains_key(&warrant.supervisor),
                "3: a warrant is nobody's"
            );
            ensure!(
                warrant.powers != Powers::NONE,
                "3: a warrant is good for nothing"
            );
            ensure!(
                warrant.uses == uses.remove(&id).unwrap_or(0),
                "3: a warrant was used at another number of times than the log says"
            );
        }
        ensure!(uses.is_empty(), "3: a warrant that was used is gone");

        for (_, freezes) in SubjectFreezes::<T>::iter() {
            Self::check_freezes(&freezes, |powers| powers.freeze_subjects)?;
        }
        for (_, freezes) in AmountFreezes::<T>::iter() {
            Self::check_freezes(&freezes, |powers| powers.freeze_amounts)?;
        }
        let supervisors = u32::try_from(Supervisors::<T>::iter().count()).unwrap_or(u32::MAX);
        ensure!(
            supervisors <= T::MaxSupervisors::get(),
            "5: there are more supervisors than may be"
        );
        ensure!(
            Openings::<T>::iter_keys().count() == openings,
            "6: an opening has no line"
        );
        Ok(())
    }

    fn check_freezes(
        freezes: &[WarrantId],
        has_power: impl Fn(Powers) -> bool,
    ) -> Result<(), TryRuntimeError> {
        ensure!(!freezes.is_empty(), "4: an empty list of freezes is kept");
        let distinct: BTreeSet<_> = freezes.iter().collect();
        ensure!(
            distinct.len() == freezes.len(),
            "4: a warrant freezes the same twice"
        );
        for warrant in freezes {
            ensure!(
                Warrants::<T>::get(warrant).is_some_and(|warrant| has_power(warrant.powers)),
                "4: a freeze has no warrant that is good for it"
            );
        }
        Ok(())
    }
}
