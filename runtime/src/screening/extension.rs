//! Screens signed transactions.

use crate::{
    screening::{Actor, Class, class, flows, looking_up, screening_weight, tree},
    *,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
    pallet_prelude::{InvalidTransaction, TransactionSource, TransactionValidityError, Weight},
    traits::OriginTrait,
};
use plume_primitives::compliance::{Screen, Verdict};
use scale_info::TypeInfo;
use sp_runtime::{
    DispatchResult,
    traits::{DispatchInfoOf, PostDispatchInfoOf, TransactionExtension, ValidateResult},
};

type Judgement = <Compliance as Screen<AccountId>>::Judgement;
type Prepared = <Compliance as Screen<AccountId>>::Prepared;

/// Refuses a transaction of which any part is denied, with the reason's code as
/// [`InvalidTransaction::Custom`]: no fee is taken. What is allowed is remembered, and what is to be held is
/// put on hold, when the call has succeeded.
///
/// It adds nothing to what a sender signs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ScreenFlows;

/// What validation has found out.
pub enum Judged {
    /// Nothing moves, or it is judged part by part when it is executed. What judging has weighed.
    Nothing(Weight),
    /// The flow of the call itself.
    Flow(Judgement),
}

/// What has to be done after the call.
pub struct Pending {
    /// What validation could weigh at the most.
    most: Weight,
    /// What judging has weighed.
    judged: Weight,
    /// Whether policies and freezes were looked up.
    looked: bool,
    prepared: Option<Prepared>,
}

fn most(call: &RuntimeCall) -> Weight {
    match class(call) {
        Class::Moves(movement) => screening_weight(&movement),
        Class::Carries(_) => Compliance::judge_weight(tree::most_flows(call)),
        Class::Still | Class::Penalises | Class::Returns | Class::Rewrites => Weight::zero(),
    }
}

fn refuse_denied(judgement: &Judgement) -> Result<(), TransactionValidityError> {
    let ruling = Compliance::ruling(judgement);
    match (ruling.verdict, ruling.reason) {
        (Verdict::Deny, Some(reason)) => Err(InvalidTransaction::Custom(reason.code()).into()),
        _ => Ok(()),
    }
}

impl TransactionExtension<RuntimeCall> for ScreenFlows {
    const IDENTIFIER: &'static str = "ScreenFlows";
    type Implicit = ();
    type Val = Judged;
    type Pre = Pending;

    /// What the base weight of a transaction does not contain: that one is measured with a call that moves
    /// nothing.
    fn weight(&self, call: &RuntimeCall) -> Weight {
        most(call)
    }

    fn validate(
        &self,
        origin: RuntimeOrigin,
        call: &RuntimeCall,
        _info: &DispatchInfoOf<RuntimeCall>,
        _len: usize,
        _implicit: (),
        _inherited_implication: &impl Encode,
        _source: TransactionSource,
    ) -> ValidateResult<Judged, RuntimeCall> {
        let actor = Actor::of(origin.caller());
        let judged = match class(call) {
            Class::Moves(_) => {
                let flows = flows(call, &actor);
                if flows.is_empty() {
                    Judged::Nothing(Weight::zero())
                } else {
                    let judgement = Compliance::judge(flows);
                    refuse_denied(&judgement)?;
                    Judged::Flow(judgement)
                }
            }
            Class::Carries(_) => {
                let judgement = Compliance::judge(tree::flows(call, &actor));
                refuse_denied(&judgement)?;
                Judged::Nothing(Compliance::judged(&judgement))
            }
            Class::Still | Class::Penalises | Class::Returns | Class::Rewrites => {
                Judged::Nothing(Weight::zero())
            }
        };
        Ok((Default::default(), judged, origin))
    }

    fn prepare(
        self,
        judged: Judged,
        _origin: &RuntimeOrigin,
        call: &RuntimeCall,
        _info: &DispatchInfoOf<RuntimeCall>,
        _len: usize,
    ) -> Result<Pending, TransactionValidityError> {
        let most = most(call);
        Ok(match judged {
            Judged::Nothing(judged) => Pending {
                most,
                judged,
                looked: false,
                prepared: None,
            },
            Judged::Flow(judgement) => Pending {
                most,
                judged: Compliance::judged(&judgement),
                looked: true,
                prepared: Some(Compliance::prepare(judgement)),
            },
        })
    }

    /// Answers what of the most it did not weigh.
    fn post_dispatch_details(
        pending: Pending,
        _info: &DispatchInfoOf<RuntimeCall>,
        _post_info: &PostDispatchInfoOf<RuntimeCall>,
        _len: usize,
        result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        let weighed = match pending.prepared {
            Some(prepared) if result.is_ok() => Compliance::complete(prepared),
            _ => pending.judged,
        };
        // What was looked up to know the most is not given back.
        let weighed = if pending.looked {
            weighed.max(looking_up())
        } else {
            weighed
        };
        Ok(pending.most.saturating_sub(weighed))
    }
}
