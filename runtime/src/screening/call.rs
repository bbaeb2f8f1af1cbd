//! A call that another one carries, screened at the moment at which it is executed.

use crate::{
    screening::{Actor, Class, class, flows, screening_weight},
    *,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
    dispatch::{DispatchInfo, DispatchResultWithPostInfo, GetDispatchInfo, PostDispatchInfo},
    traits::{Contains, IsSubType, IsType, OriginTrait, UnfilteredDispatchable},
    weights::Weight,
};
use plume_primitives::compliance::{Screen, Verdict};
use ref_cast::RefCast;
use scale_info::TypeInfo;
use sp_runtime::traits::Dispatchable;

/// A call that is screened when it is executed. Encoded, and in the metadata, it is the call itself.
///
/// Every pallet that executes calls is configured with this type. A denied one fails with
/// [`pallet_compliance::Error::Denied`], which says why; what is to be held is on hold when the dispatch
/// returns, before anything after it in the same transaction can spend it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, RefCast)]
#[repr(transparent)]
pub struct ScreenedCall(RuntimeCall);

impl ScreenedCall {
    /// The call.
    pub fn inner(&self) -> &RuntimeCall {
        &self.0
    }
}

impl TypeInfo for ScreenedCall {
    type Identity = <RuntimeCall as TypeInfo>::Identity;

    fn type_info() -> scale_info::Type {
        RuntimeCall::type_info()
    }
}

impl From<RuntimeCall> for ScreenedCall {
    fn from(call: RuntimeCall) -> Self {
        Self(call)
    }
}

impl From<ScreenedCall> for RuntimeCall {
    fn from(call: ScreenedCall) -> Self {
        call.0
    }
}

impl IsType<RuntimeCall> for ScreenedCall {
    fn from_ref(call: &RuntimeCall) -> &Self {
        Self::ref_cast(call)
    }
    fn into_ref(&self) -> &RuntimeCall {
        &self.0
    }
    fn from_mut(call: &mut RuntimeCall) -> &mut Self {
        Self::ref_cast_mut(call)
    }
    fn into_mut(&mut self) -> &mut RuntimeCall {
        &mut self.0
    }
}

/// What the pallets that execute calls ask of them.
macro_rules! made_from {
    ($($pallet:ident),* $(,)?) => {
        $(
            impl From<$pallet::Call<Runtime>> for ScreenedCall {
                fn from(call: $pallet::Call<Runtime>) -> Self {
                    Self(call.into())
                }
            }
        )*
    };
}

made_from!(
    frame_system,
    pallet_assets,
    pallet_balances,
    pallet_brake,
    pallet_compliance,
    pallet_grants,
    pallet_multisig,
    pallet_parameters,
    pallet_proxy,
    pallet_referenda,
    pallet_stake,
    pallet_utility,
    pallet_validators,
    pallet_whitelist,
);

impl<PalletCall> IsSubType<PalletCall> for ScreenedCall
where
    RuntimeCall: IsSubType<PalletCall>,
{
    fn is_sub_type(&self) -> Option<&PalletCall> {
        self.0.is_sub_type()
    }
}

impl GetDispatchInfo for ScreenedCall {
    /// The call's, and what screening it weighs at the most.
    fn get_dispatch_info(&self) -> DispatchInfo {
        let mut info = self.0.get_dispatch_info();
        info.call_weight.saturating_accrue(most(&self.0));
        info
    }
}

impl Dispatchable for ScreenedCall {
    type RuntimeOrigin = RuntimeOrigin;
    type Config = RuntimeCall;
    type Info = DispatchInfo;
    type PostInfo = PostDispatchInfo;

    fn dispatch(self, origin: RuntimeOrigin) -> DispatchResultWithPostInfo {
        screened(self.0, origin, |call, origin| call.dispatch(origin))
    }
}

impl UnfilteredDispatchable for ScreenedCall {
    type RuntimeOrigin = RuntimeOrigin;

    fn dispatch_bypass_filter(self, origin: RuntimeOrigin) -> DispatchResultWithPostInfo {
        screened(self.0, origin, |call, origin| {
            call.dispatch_bypass_filter(origin)
        })
    }
}

/// The most that screening a call weighs when it is executed.
fn most(call: &RuntimeCall) -> Weight {
    match class(call) {
        Class::Moves(movement) => screening_weight(&movement),
        _ => Weight::zero(),
    }
}

/// Executes a call between the steps of its screening.
fn screened(
    call: RuntimeCall,
    origin: RuntimeOrigin,
    execute: impl FnOnce(RuntimeCall, RuntimeOrigin) -> DispatchResultWithPostInfo,
) -> DispatchResultWithPostInfo {
    if !configs::system::OpenCalls::contains(&call) {
        return Err(frame_system::Error::<Runtime>::CallFiltered.into());
    }
    let flows = flows(&call, &Actor::of(origin.caller()));
    if flows.is_empty() {
        return execute(call, origin);
    }
    let judgement = Compliance::judge(flows);
    let ruling = Compliance::ruling(&judgement);
    let judged = Compliance::judged(&judgement);
    if let (Verdict::Deny, Some(reason)) = (ruling.verdict, ruling.reason) {
        let weight = Compliance::deny(judgement);
        return Err(sp_runtime::DispatchErrorWithPostInfo {
            post_info: Some(weight).into(),
            error: pallet_compliance::Error::<Runtime>::Denied(reason).into(),
        });
    }
    let prepared = Compliance::prepare(judgement);
    let info = call.get_dispatch_info();
    let weigh = |post: &PostDispatchInfo, screening: Weight| {
        let own = post.actual_weight.unwrap_or(info.call_weight);
        PostDispatchInfo {
            actual_weight: Some(own.saturating_add(screening)),
            pays_fee: post.pays_fee,
        }
    };
    match execute(call, origin) {
        Ok(post) => {
            let screening = Compliance::complete(prepared);
            Ok(weigh(&post, screening))
        }
        Err(mut failed) => {
            failed.post_info = weigh(&failed.post_info, judged);
            Err(failed)
        }
    }
}
