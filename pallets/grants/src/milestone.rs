//! The life of a milestone: a state machine, storage nowhere near.
//!
//! ```text
//!            approve          deliver              accept
//!  Planned ──────────▶ Open ──────────▶ Delivered ────────▶ Paid
//!                       ┊                ▲     │
//!                       ┊        deliver │     │ reject
//!                       ┊                │     ▼
//!                       └┄┄▶ Returned ◀┄┄ Rejected
//!                            (┄ not delivered in time)
//! ```
//!
//! Its money is in the pot while it is open, delivered or rejected. Until a moment means up to and including
//! it: what is still in time to be delivered cannot expire, and the other way round.
//!
//! A delivered milestone has no deadline. Whoever delivered has done its part, and the silence of those that
//! have to judge costs it nothing.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use plume_primitives::{Balance, Seconds};
use scale_info::TypeInfo;
use sp_core::H256;

/// A milestone as it is applied for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Plan {
    /// Planck that are paid for it.
    pub amount: Balance,
    /// Seconds after the approval within which it is delivered.
    pub within: Seconds,
}

/// Where a milestone stands. Moments are seconds since the first block.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum State {
    /// The grant is not approved yet.
    Planned,
    /// Waits for its deliverable.
    Open {
        /// The last moment to deliver.
        until: Seconds,
    },
    /// Waits for a judgement.
    Delivered {
        /// Hash of what was delivered.
        deliverable: H256,
        /// The last moment to deliver, were it not delivered.
        until: Seconds,
    },
    /// Waits for a better deliverable.
    Rejected {
        /// The last moment to deliver again.
        until: Seconds,
    },
    /// Accepted, and paid to the beneficiary.
    Paid,
    /// Not delivered in time; its money is the treasury's again.
    Returned,
}

/// A milestone of a grant.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Milestone {
    /// What was applied for.
    pub plan: Plan,
    /// Where it stands.
    pub state: State,
}

/// Why a step is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not wait for a deliverable.
    NotWaiting,
    /// The last moment to deliver is over.
    TooLate,
    /// It does not wait for a judgement.
    NothingDelivered,
    /// What was delivered has another hash.
    OtherDeliverable,
}

impl Milestone {
    /// A milestone of an application.
    pub fn planned(plan: Plan) -> Self {
        Self {
            plan,
            state: State::Planned,
        }
    }

    /// Planck of it that are in the pot: all or nothing.
    pub fn in_pot(&self) -> Balance {
        match self.state {
            State::Open { .. } | State::Delivered { .. } | State::Rejected { .. } => {
                self.plan.amount
            }
            State::Planned | State::Paid | State::Returned => 0,
        }
    }

    /// Opens it, because its grant is approved. Returns the last moment to deliver.
    pub fn open(&mut self, now: Seconds) -> Seconds {
        let until = now.saturating_add(self.plan.within);
        self.state = State::Open { until };
        until
    }

    /// Takes a deliverable in.
    pub fn deliver(&mut self, deliverable: H256, now: Seconds) -> Result<(), Refusal> {
        let (State::Open { until } | State::Rejected { until }) = self.state else {
            return Err(Refusal::NotWaiting);
        };
        if now > until {
            return Err(Refusal::TooLate);
        }
        self.state = State::Delivered { deliverable, until };
        Ok(())
    }

    /// Accepts this very deliverable. Returns the planck to pay.
    pub fn accept(&mut self, deliverable: H256) -> Result<Balance, Refusal> {
        self.delivered(deliverable)?;
        self.state = State::Paid;
        Ok(self.plan.amount)
    }

    /// Rejects this very deliverable. Returns the last moment to deliver again, which is `again_until` and
    /// never earlier than the first deadline was.
    pub fn reject(&mut self, deliverable: H256, again_until: Seconds) -> Result<Seconds, Refusal> {
        let until = self.delivered(deliverable)?.max(again_until);
        self.state = State::Rejected { until };
        Ok(until)
    }

    /// Gives it up, if it was not delivered in time. Returns the planck to return.
    pub fn expire(&mut self, now: Seconds) -> Option<Balance> {
        match self.state {
            State::Open { until } | State::Rejected { until } if now > until => {
                self.state = State::Returned;
                Some(self.plan.amount)
            }
            _ => None,
        }
    }

    fn delivered(&self, expected: H256) -> Result<Seconds, Refusal> {
        let State::Delivered { deliverable, until } = self.state else {
            return Err(Refusal::NothingDelivered);
        };
        if deliverable != expected {
            return Err(Refusal::OtherDeliverable);
        }
        Ok(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAN: Plan = Plan {
        amount: 100,
        within: 50,
    };

    fn hash(byte: u8) -> H256 {
        H256::repeat_byte(byte)
    }

    fn open_at(now: Seconds) -> Milestone {
        let mut milestone = Milestone::planned(PLAN);
        milestone.open(now);
        milestone
    }

    #[test]
    fn a_milestone_is_delivered_accepted_and_paid_once() {
        let mut milestone = open_at(1_000);
        assert_eq!(milestone.deliver(hash(1), 1_050), Ok(()));
        assert_eq!(milestone.accept(hash(1)), Ok(100));
        assert_eq!(milestone.accept(hash(1)), Err(Refusal::NothingDelivered));
        assert_eq!(milestone.deliver(hash(1), 1_050), Err(Refusal::NotWaiting));
        assert_eq!(milestone.expire(Seconds::MAX), None);
    }

    #[test]
    fn a_judgement_is_of_one_deliverable_and_no_other() {
        let mut milestone = open_at(0);
        assert_eq!(milestone.deliver(hash(1), 10), Ok(()));
        assert_eq!(milestone.deliver(hash(2), 10), Err(Refusal::NotWaiting));
        assert_eq!(milestone.accept(hash(2)), Err(Refusal::OtherDeliverable));
        assert_eq!(
            milestone.reject(hash(2), 90),
            Err(Refusal::OtherDeliverable)
        );
        assert_eq!(milestone.reject(hash(1), 90), Ok(90));
        assert_eq!(milestone.deliver(hash(2), 90), Ok(()));
        assert_eq!(milestone.accept(hash(1)), Err(Refusal::OtherDeliverable));
        assert_eq!(milestone.accept(hash(2)), Ok(100));
    }

    #[test]
    fn a_rejection_never_shortens_the_time_to_deliver() {
        let mut milestone = open_at(0);
        assert_eq!(milestone.deliver(hash(1), 1), Ok(()));
        assert_eq!(milestone.reject(hash(1), 20), Ok(50));
    }

    #[test]
    fn what_is_delivered_does_not_expire_while_nobody_judges() {
        let mut milestone = open_at(0);
        assert_eq!(milestone.deliver(hash(1), 50), Ok(()));
        assert_eq!(milestone.expire(Seconds::MAX), None);
        assert_eq!(milestone.in_pot(), 100);
    }

    #[test]
    fn before_the_approval_nothing_can_be_done() {
        let mut milestone = Milestone::planned(PLAN);
        assert_eq!(milestone.deliver(hash(1), 0), Err(Refusal::NotWaiting));
        assert_eq!(milestone.accept(hash(1)), Err(Refusal::NothingDelivered));
        assert_eq!(milestone.expire(Seconds::MAX), None);
        assert_eq!(milestone.in_pot(), 0);
    }

    proptest! {
        #[test]
        fn at_every_moment_a_waiting_milestone_can_either_be_delivered_or_expire(
            approved in any::<Seconds>(), within in any::<Seconds>(), away in 0..3u32, anywhere in any::<Seconds>(),
            near in any::<bool>(),
        ) {
            let deadline = approved.saturating_add(within);
            let now = if near { deadline.saturating_add(away).saturating_sub(1) } else { anywhere };
            let mut milestone = Milestone::planned(Plan { amount: 1, within });
            milestone.open(approved);
            let delivered = { milestone }.deliver(hash(1), now).is_ok();
            let expired = { milestone }.expire(now).is_some();
            prop_assert!(delivered != expired);
        }
    }
}
