//! An operation, how it is executed, and how that ended.

use crate::dice::Dice;
use codec::Encode;
use frame_support::{
    dispatch::GetDispatchInfo,
    storage::{TransactionOutcome, with_transaction_unchecked},
    traits::{CallMetadata, GetCallMetadata},
};
use plume_primitives::units::MILLI_PLUME;
use plume_runtime::{governance::origins::Origin, *};
use sp_runtime::{
    Perbill, StateVersion,
    traits::{DispatchTransaction, Dispatchable, TransactionExtension},
};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler, ReportOffence};
use std::collections::BTreeMap;

/// Bytes of a transaction beside its call: signature, sender, and what the checks carry.
const ENVELOPE_BYTES: usize = 110;

/// Why an operation failed.
pub type Failure = &'static str;

/// What a transaction says that does not fit into its block. It is sent again in another.
pub const NO_ROOM: Failure = "Transaction would exhaust the block limits";

/// Who calls.
#[derive(Clone, Debug)]
pub enum Caller {
    /// An account, by a transaction that pays fees.
    Account(AccountId),
    /// Root, as a referendum on the protocol's track.
    Root,
    /// What a referendum on another track acts as.
    Track(Origin),
    /// So many of so many members of the technical committee.
    Committee(u32, u32),
}

impl Caller {
    /// As a pallet sees it.
    pub fn origin(&self) -> RuntimeOrigin {
        match self {
            Self::Account(who) => RuntimeOrigin::signed(who.clone()),
            Self::Root => RuntimeOrigin::root(),
            Self::Track(origin) => (*origin).into(),
            Self::Committee(ayes, members) => {
                pallet_collective::RawOrigin::<AccountId, ()>::Members(*ayes, *members).into()
            }
        }
    }

    /// What a referendum has to be about for its call to come from here.
    pub fn proposal_origin(&self) -> Option<OriginCaller> {
        match self {
            Self::Root => Some(OriginCaller::system(frame_system::RawOrigin::Root)),
            Self::Track(origin) => Some(OriginCaller::Origins(*origin)),
            _ => None,
        }
    }
}

/// What happens to the chain.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Somebody calls something.
    Call(Caller, RuntimeCall),
    /// Somebody has proven a double seal to the offences pallet, of a validator among so many.
    DoubleSeal { culprit: AccountId, validators: u32 },
    /// An offence costs a validator this part.
    Offence { culprit: AccountId, part: Perbill },
}

/// The name of an operation's kind: pallet and call.
pub type Kind = (&'static str, &'static str);

impl Operation {
    /// A transaction.
    pub fn signed(who: &AccountId, call: impl Into<RuntimeCall>) -> Self {
        Self::Call(Caller::Account(who.clone()), call.into())
    }

    pub fn kind(&self) -> Kind {
        match self {
            Self::Call(_, call) => {
                let CallMetadata {
                    pallet_name,
                    function_name,
                } = call.get_call_metadata();
                (pallet_name, function_name)
            }
            Self::DoubleSeal { .. } => ("Offences", "(double seal)"),
            Self::Offence { .. } => ("Offences", "(any part)"),
        }
    }

    /// Executes it: a transaction with all its checks and fees, a governed call with its origin.
    pub fn execute(self, dice: &mut Dice) -> Result<(), Failure> {
        match self {
            Self::Call(Caller::Account(who), call) => transact(&who, call, tip(dice)),
            Self::Call(caller, call) => dispatch(call, &caller),
            Self::DoubleSeal {
                culprit,
                validators,
            } => {
                let offence = pallet_leadership::double_seal::DoubleSealOffence {
                    slot: *pallet_aura::CurrentSlot::<Runtime>::get(),
                    session: Session::current_index(),
                    validators,
                    offender: (culprit, ()),
                };
                Offences::report_offence(Vec::new(), offence).map_err(|_| "it is known")
            }
            Self::Offence { culprit, part } => {
                let details = OffenceDetails {
                    offender: (culprit, ()),
                    reporters: Vec::new(),
                };
                <Validators as OnOffenceHandler<_, _, _>>::on_offence(
                    &[details],
                    &[part],
                    Session::current_index(),
                );
                Ok(())
            }
        }
    }

    /// Executes a call without checks and fees, and sees to it that a failure leaves nothing behind.
    ///
    /// # Panics
    ///
    /// When it does leave something.
    pub fn execute_and_compare(self, dice: &mut Dice) -> Result<(), Failure> {
        let Self::Call(caller, call) = self else {
            return self.execute(dice);
        };
        let root = || sp_io::storage::root(StateVersion::V1);
        let before = root();
        let result = dispatch(call, &caller);
        assert!(
            result.is_ok() || root() == before,
            "a call that failed has changed the state: {result:?}"
        );
        result
    }
}

/// Executes a call as those do that carry calls: the scheduler for a referendum, the committee for its members.
fn dispatch(call: RuntimeCall, caller: &Caller) -> Result<(), Failure> {
    match ScreenedCall::from(call).dispatch(caller.origin()) {
        Ok(_) => Ok(()),
        Err(failure) => Err(failure.error.into()),
    }
}

fn tip(dice: &mut Dice) -> Balance {
    if dice.chance(5) {
        dice.amount(MILLI_PLUME)
    } else {
        0
    }
}

/// What a transaction with this call pays at most, without a tip, in planck.
pub fn fee_of(who: &AccountId, call: &RuntimeCall) -> Balance {
    let extension = extension(System::account_nonce(who));
    let mut info = call.get_dispatch_info();
    info.extension_weight = extension.weight(call);
    let bytes = call.encoded_size() + ENVELOPE_BYTES;
    TransactionPayment::compute_fee(bytes as u32, &info, 0)
}

/// Executes a transaction as a block does, but for the signature. One that is not valid leaves nothing, as
/// a node's block builder sees to.
fn transact(who: &AccountId, call: RuntimeCall, tip: Balance) -> Result<(), Failure> {
    let mut extension = extension(System::account_nonce(who));
    extension.9 = pallet_transaction_payment::ChargeTransactionPayment::from(tip);
    let mut info = call.get_dispatch_info();
    info.extension_weight = extension.weight(&call);
    let bytes = call.encoded_size() + ENVELOPE_BYTES;
    let origin = RuntimeOrigin::signed(who.clone());
    let applied = with_transaction_unchecked(|| {
        match extension.dispatch_transaction(origin, call, &info, bytes, 0) {
            Ok(result) => TransactionOutcome::Commit(Ok(result)),
            Err(invalid) => TransactionOutcome::Rollback(Err(invalid)),
        }
    });
    match applied {
        Ok(result) => {
            System::note_applied_extrinsic(&result, info);
            match result {
                Ok(_) => Ok(()),
                Err(failure) => Err(failure.error.into()),
            }
        }
        Err(invalid) => Err(invalid.into()),
    }
}

/// How often operations of a kind succeeded and failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub succeeded: u32,
    pub failed: BTreeMap<Failure, u32>,
}

/// How the operations ended, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<Kind, Row>);

impl Tally {
    pub fn note(&mut self, kind: Kind, result: Result<(), Failure>) {
        let row = self.0.entry(kind).or_default();
        match result {
            Ok(()) => row.succeeded += 1,
            Err(why) => *row.failed.entry(why).or_default() += 1,
        }
    }

    pub fn succeeded(&self, kind: Kind) -> u32 {
        self.0.get(&kind).map_or(0, |row| row.succeeded)
    }

    /// All operations, and those of them that succeeded.
    pub fn sums(&self) -> (u32, u32) {
        self.0.values().fold((0, 0), |(all, succeeded), row| {
            let failed: u32 = row.failed.values().sum();
            (all + row.succeeded + failed, succeeded + row.succeeded)
        })
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for ((pallet, call), row) in &self.0 {
            let failed: u32 = row.failed.values().sum();
            let kind = format!("{pallet}.{call}");
            write!(f, "{kind:42} {:7} {failed:7}", row.succeeded)?;
            if let Some((why, times)) = row.failed.iter().max_by_key(|(_, times)| **times) {
                write!(f, "  {why}: {times}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
