//! Every flow of value of every call meets the policies before it takes effect.
//!
//! | file | says |
//! |---|---|
//! | [`class`] | of each call, what it does with value: a call without a class does not compile |
//! | [`movement`] | from whom to whom, and how much |
//! | [`tree`] | what a call moves with all the calls that it carries |
//! | [`extension`] | how a signed transaction is screened: refused by the pool when denied, held when it is final |
//! | [`call`] | how a call that another one carries is screened at the moment at which it is executed |
//!
//! ```text
//! transaction ── ScreenFlows (extension) ──┬─ moves value ──── judge → prepare → dispatch → complete
//!                                          └─ carries calls ── judge the whole tree: refuse it, or let it go on
//!                                                                  │
//! batch, proxy, multisig, scheduler, referendum, sudo … ──────────┴─ ScreenedCall::dispatch, one for each:
//!                                                                     judge → prepare → dispatch → complete
//! ```
//!
//! The pallets that execute other calls know them as [`call::ScreenedCall`], so that nothing reaches its
//! dispatch another way: what is scheduled, or passed by a referendum, is screened when it is executed. What a
//! carried call leaves at its recipient's is on hold before the next call of the same tree is executed.
//!
//! What no call moves is not screened: the fees of a transaction, penalties, and what a block itself divides
//! among the chain's own pots. A base fee and a penalty are not the payer's to choose. A tip is: whoever signs, or
//! pays out of the shielded pool, makes it as high as it likes, no policy sees it, and it reaches the pots of the
//! validators, the treasury and the institutions. What these pots pay is screened for who gets it; what a tip has
//! brought into them is not.

pub mod call;
pub mod class;
pub mod extension;
pub mod movement;
pub mod tree;

pub use call::ScreenedCall;
pub use class::{Class, class};
pub use extension::ScreenFlows;
pub use movement::{Actor, Movement};

use crate::{AccountId, Compliance, Regulator, Runtime, RuntimeCall};
use frame_support::weights::Weight;
use plume_primitives::{
    compliance::{Flow, Screen},
    regulation::Freezes,
};

/// The most flows of one call that carries no others.
pub const FLOWS_OF_A_CALL: u32 = 1;

/// What a call that carries no others moves, executed by this actor now.
pub fn flows(call: &RuntimeCall, actor: &Actor) -> alloc::vec::Vec<Flow<AccountId>> {
    match class(call) {
        Class::Moves(movement) => movement.flow(actor).into_iter().collect(),
        Class::Carries(_) | Class::Still | Class::Penalises | Class::Returns | Class::Rewrites => {
            alloc::vec::Vec::new()
        }
    }
}

/// The most that screening a call weighs by the policies and freezes of now. Where nothing is frozen and no policy
/// is there for what moves, that is finding this out: a network without policies does not charge for them.
fn screening_weight(movement: &Movement<'_>) -> Weight {
    if Compliance::has_policy(movement.asset()) || Regulator::any_subject() {
        <Compliance as Screen<AccountId>>::weight(FLOWS_OF_A_CALL)
    } else {
        looking_up()
    }
}

/// Two scopes of policies are looked at, and whether any subject is frozen.
fn looking_up() -> Weight {
    <Runtime as frame_system::Config>::DbWeight::get().reads(3)
}
