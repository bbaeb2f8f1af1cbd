//! Of each call of each pallet: what it does with value. One exhaustive function, so that a call that nobody
//! has classified does not compile.

use crate::{
    screening::{ScreenedCall, movement::Movement},
    *,
};
use plume_primitives::compliance::{Asset, FlowKind};

/// What a call does with value.
#[derive(Clone, Debug)]
pub enum Class<'a> {
    /// Nothing comes to anybody who did not have it: what it holds, reserves or releases stays its owner's.
    Still,
    /// It moves value from one account to another.
    Moves(Movement<'a>),
    /// It has other calls executed now; each is screened when that happens.
    Carries(Vec<Carried<'a>>),
    /// It proves an offence. What that costs the offender goes to the treasury, whatever a policy says: a
    /// penalty must never be stopped.
    Penalises,
    /// It ends a hold of the compliance engine: that value was judged when it arrived, and goes on or back as
    /// officers, or its time, decide.
    Returns,
    /// Root writes into storage whatever it likes. Only a vote on the protocol's track does, and nothing can
    /// be said of it beforehand.
    Rewrites,
}

/// A call within a call.
#[derive(Clone, Debug)]
pub struct Carried<'a> {
    /// Who it is executed as.
    pub by: By<'a>,
    /// The call.
    pub call: &'a RuntimeCall,
}

/// Who a carried call is executed as.
#[derive(Clone, Debug)]
pub enum By<'a> {
    /// Whoever carries it.
    Same,
    /// The chain itself.
    Root,
    /// This account.
    Account(&'a Address),
    /// An account derived from whoever carries it.
    Derivative(u16),
    /// An account of whoever carries it together with these others, so many of whom have to agree.
    Multisig {
        threshold: u16,
        others: &'a [AccountId],
    },
    /// This origin.
    Origin(&'a OriginCaller),
    /// Members of the committee.
    Committee,
}

/// What a pot owes.
#[derive(Clone, Debug)]
pub enum Owed<'a> {
    /// To a staker, for backing a validator.
    StakeRewards(&'a AccountId),
    /// To a validator.
    ValidatorRewards(&'a AccountId),
    /// To the beneficiary of an allocation.
    Release(pallet_release::AllocationId),
    /// To an institution.
    RevenueShare(pallet_revenue_share::InstitutionId),
    /// To a grantee, for a milestone.
    Milestone(pallet_grants::GrantId, u32),
    /// To the pot of the grants, for a whole grant.
    Grant(pallet_grants::GrantId),
    /// To the treasury, what is left of a grant.
    GrantsRest(pallet_grants::GrantId),
    /// To the beneficiary of an approved spend.
    Spend(pallet_treasury::SpendIndex),
}

/// Classifies the calls of one pallet: those that are still by name, the others with their classes. It has to
/// name all.
macro_rules! calls_of {
    ($call:expr, $pallet:ident: still [$($still:ident),* $(,)?] $(; $($pattern:pat => $class:expr),+ $(,)?)?) => {{
        #[allow(unused_imports)]
        use $pallet::Call::*;
        match $call {
            $($still { .. } => Class::Still,)*
            $($($pattern => $class,)+)?
            __Ignore(_, never) => match *never {},
        }
    }};
}

/// What a call does with value.
pub fn class(call: &RuntimeCall) -> Class<'_> {
    match call {
        // The chain itself.
        RuntimeCall::System(call) => calls_of!(call, frame_system:
            still [
                remark, set_heap_pages, set_code, set_code_without_checks, remark_with_event,
                authorize_upgrade, authorize_upgrade_without_checks, apply_authorized_upgrade,
            ];
            set_storage { .. } | kill_storage { .. } | kill_prefix { .. } => Class::Rewrites,
        ),
        RuntimeCall::Timestamp(call) => calls_of!(call, pallet_timestamp: still [set]),

        // PLUME.
        RuntimeCall::Balances(call) => calls_of!(call, pallet_balances:
            // Nobody burns but the fees, see `configs::system`; issuance alone is nobody's.
            still [force_unreserve, upgrade_accounts, burn, force_adjust_total_issuance];
            transfer_allow_death { dest, value } | transfer_keep_alive { dest, value } => {
                gives(Asset::Native, dest, *value, FlowKind::Transfer)
            },
            transfer_all { dest, keep_alive } => gives_all(Asset::Native, dest, *keep_alive),
            force_transfer { source, dest, value } => Class::Moves(Movement::Transfers {
                asset: Asset::Native,
                from: source,
                to: dest,
                amount: *value,
                kind: FlowKind::Governance,
            }),
            force_set_balance { who, new_free } => Class::Moves(Movement::Sets { who, free: *new_free }),
        ),

        // Who agrees.
        RuntimeCall::Leadership(call) => calls_of!(call, pallet_leadership:
            still [heartbeat];
            report_double_seal { .. } => Class::Penalises,
        ),
        RuntimeCall::Validators(call) => calls_of!(call, pallet_validators:
            still [
                admit, remove, apply, bond_more, leave, withdraw_bond, set_minimum_bond, set_parameters,
                publish_node, withdraw_node, admit_node, expel_node,
            ];
            claim { validator } => Class::Moves(Movement::Pays(Owed::ValidatorRewards(validator))),
        ),
        RuntimeCall::Session(call) => {
            calls_of!(call, pallet_session: still [set_keys, purge_keys])
        }
        RuntimeCall::Grandpa(call) => calls_of!(call, pallet_grandpa:
            still [note_stalled];
            report_equivocation { .. } | report_equivocation_unsigned { .. } => Class::Penalises,
        ),

        // Other assets.
        RuntimeCall::Assets(call) => assets(call),
        RuntimeCall::AssetRate(call) => {
            calls_of!(call, pallet_asset_rate: still [create, update, remove])
        }
        RuntimeCall::Prices(call) => {
            calls_of!(call, pallet_prices: still [admit_source, remove_source, post, forget_asset])
        }

        // How accounts act together, and later.
        RuntimeCall::Utility(call) => calls_of!(call, pallet_utility:
            still [];
            batch { calls } | batch_all { calls } | force_batch { calls } => {
                Class::Carries(calls.iter().map(|call| carried(By::Same, call)).collect())
            },
            as_derivative { index, call } => carries(By::Derivative(*index), call),
            dispatch_as { as_origin, call } | dispatch_as_fallible { as_origin, call } => {
                carries(By::Origin(as_origin), call)
            },
            with_weight { call, .. } => carries(By::Same, call),
            if_else { main, fallback } => {
                Class::Carries(Vec::from([carried(By::Same, main), carried(By::Same, fallback)]))
            },
        ),
        RuntimeCall::Multisig(call) => calls_of!(call, pallet_multisig:
            still [approve_as_multi, cancel_as_multi, poke_deposit];
            as_multi_threshold_1 { other_signatories, call } => {
                carries(By::Multisig { threshold: 1, others: other_signatories }, call)
            },
            as_multi { threshold, other_signatories, call, .. } => {
                carries(By::Multisig { threshold: *threshold, others: other_signatories }, call)
            },
        ),
        RuntimeCall::Proxy(call) => calls_of!(call, pallet_proxy:
            still [
                add_proxy, remove_proxy, remove_proxies, create_pure, kill_pure, announce,
                remove_announcement, reject_announcement, poke_deposit,
            ];
            proxy { real, call, .. } | proxy_announced { real, call, .. } => {
                carries(By::Account(real), call)
            },
        ),
        RuntimeCall::Preimage(call) => calls_of!(call, pallet_preimage:
            still [note_preimage, unnote_preimage, request_preimage, unrequest_preimage, ensure_updated]),
        // What is scheduled is screened when it is executed.
        RuntimeCall::Scheduler(call) => calls_of!(call, pallet_scheduler:
        still [
            schedule, cancel, schedule_named, cancel_named, schedule_after, schedule_named_after,
            set_retry, set_retry_named, cancel_retry, cancel_retry_named,
        ]),

        // What PLUME does besides paying.
        RuntimeCall::Stake(call) => calls_of!(call, pallet_stake:
            still [stake, unstake, withdraw, back, stop_backing, settle];
            claim { who } => Class::Moves(Movement::Pays(Owed::StakeRewards(who))),
        ),
        RuntimeCall::Release(call) => calls_of!(call, pallet_release:
            // Root alone gives an allocation to somebody else; it is screened when it is claimed.
            still [reassign];
            claim { id } => Class::Moves(Movement::Pays(Owed::Release(*id))),
        ),
        RuntimeCall::Grants(call) => calls_of!(call, pallet_grants:
            still [apply, deliver, reject];
            approve { grant } => Class::Moves(Movement::Pays(Owed::Grant(*grant))),
            accept { grant, milestone, .. } => {
                Class::Moves(Movement::Pays(Owed::Milestone(*grant, *milestone)))
            },
            expire { grant } | cancel { grant } => {
                Class::Moves(Movement::Pays(Owed::GrantsRest(*grant)))
            },
        ),
        RuntimeCall::RevenueShare(call) => calls_of!(call, pallet_revenue_share:
            still [
                register, deregister, suspend, reinstate, invite, accept, leave, remove_account, set_payout,
            ];
            claim { institution } => Class::Moves(Movement::Pays(Owed::RevenueShare(*institution))),
        ),

        // Who decides.
        RuntimeCall::Treasury(call) => calls_of!(call, pallet_treasury:
            // What is approved is paid, and screened, when somebody asks; `spend_local`, which is not, is
            // closed: see `configs::system`.
            still [spend_local, remove_approval, spend, check_status, void_spend];
            payout { index } => Class::Moves(Movement::Pays(Owed::Spend(*index))),
        ),
        // What a referendum carries is screened when it is executed.
        RuntimeCall::Referenda(call) => calls_of!(call, pallet_referenda:
            still [
                submit, place_decision_deposit, refund_decision_deposit, cancel, nudge_referendum,
                one_fewer_deciding, refund_submission_deposit, set_metadata,
            ];
            kill { .. } => Class::Penalises,
        ),
        RuntimeCall::ConvictionVoting(call) => calls_of!(call, pallet_conviction_voting:
            still [vote, delegate, undelegate, unlock, remove_vote, remove_other_vote]),
        RuntimeCall::Whitelist(call) => calls_of!(call, pallet_whitelist:
            // The call behind a hash is screened when it is executed.
            still [
                whitelist_call, remove_whitelisted_call, dispatch_whitelisted_call,
                remove_deferred_dispatch,
            ];
            dispatch_whitelisted_call_with_preimage { call } => carries(By::Root, call),
        ),
        RuntimeCall::TechnicalCommittee(call) => calls_of!(call, pallet_collective:
            // A motion that is closed is screened when it is executed.
            still [set_members, vote, disapprove_proposal, close, kill, release_proposal_cost];
            execute { proposal, .. } | propose { proposal, .. } => carries(By::Committee, proposal),
        ),
        RuntimeCall::Parameters(call) => calls_of!(call, pallet_parameters: still [set_parameter]),
        RuntimeCall::TxPause(call) => calls_of!(call, pallet_tx_pause: still [pause, unpause]),
        RuntimeCall::Brake(call) => calls_of!(call, pallet_brake: still [pause, lift]),

        // Who is who, and what may move.
        RuntimeCall::Credentials(call) => calls_of!(call, pallet_credentials:
        still [
            admit_issuer, expel_issuer, issue, issue_batch, suspend, resume, revoke, renew, forget,
            refresh, offer, withdraw_offer, accept, bind, unbind,
        ]),
        RuntimeCall::Compliance(call) => calls_of!(call, pallet_compliance:
            still [
                enact_policy, withdraw_policy, start_trial, enact_trial, end_trial, admit_officer,
                remove_officer, take_case, add_evidence, propose_closing, reject_closing, prune_case,
                attach_travel_data, detach_travel_data, admit_screener, remove_screener, mark,
            ];
            confirm_closing { .. } | return_expired { .. } => Class::Returns,
        ),
        RuntimeCall::Regulator(call) => calls_of!(call, pallet_regulator:
        still [
            admit_supervisor, dismiss_supervisor, open_warrant, withdraw_warrant, freeze_subject,
            release_subject, freeze_amount, release_amount, record_access,
            record_opening,
        ]),

        // Notes that nobody sees. What comes in and goes out is seen; what moves inside is under the policies that
        // its proofs show.
        RuntimeCall::ShieldedPool(call) => calls_of!(call, pallet_shielded_pool:
            still [
                transfer, bundle, set_policy, set_flow_key, set_committee_key, register_circuit, retire_circuit,
                register_asset, set_paused,
            ];
            deposit { transfer } => match transfer.body.public_in {
                Some(amount) => Class::Moves(Movement::Shields(amount)),
                None => Class::Still,
            },
            withdraw { transfer, to, amount, .. } => match transfer.body.public_out {
                Some(out) => Class::Moves(Movement::Unshields {
                    amount: pallet_shielded_pool::Amount { value: *amount, ..out },
                    to,
                }),
                None => Class::Still,
            },
        ),

        RuntimeCall::Sudo(call) => calls_of!(call, pallet_sudo:
            still [set_key, remove_key];
            sudo { call } | sudo_unchecked_weight { call, .. } => carries(By::Root, call),
            sudo_as { who, call } => carries(By::Account(who), call),
        ),
    }
}

fn assets(call: &pallet_assets::Call<Runtime>) -> Class<'_> {
    let other = |id: &codec::Compact<AssetId>| Asset::Other(id.0);
    calls_of!(call, pallet_assets:
        // An asset that is destroyed ends with all who have it, and nobody gets anything.
        still [
            create, force_create, start_destroy, destroy_accounts, destroy_approvals, finish_destroy,
            freeze, thaw, freeze_asset, thaw_asset, set_team, set_metadata, clear_metadata,
            force_set_metadata, force_clear_metadata, force_asset_status, approve_transfer,
            cancel_approval, force_cancel_approval, touch, set_min_balance, touch_other, refund_other,
            block, set_reserves,
        ];
        mint { id, beneficiary, amount } => {
            Class::Moves(Movement::Issues { asset: id.0, to: beneficiary, amount: *amount })
        },
        burn { id, who, amount } => {
            Class::Moves(Movement::TakesBack { asset: id.0, from: who, amount: *amount })
        },
        transfer { id, target, amount } | transfer_keep_alive { id, target, amount } => {
            gives(other(id), target, *amount, FlowKind::Transfer)
        },
        // The asset's admin, or a delegate whom the owner has approved.
        force_transfer { id, source, dest, amount } => {
            transfers(other(id), source, dest, *amount)
        },
        transfer_approved { id, owner, destination, amount } => {
            transfers(other(id), owner, destination, *amount)
        },
        transfer_all { id, dest, keep_alive } => gives_all(other(id), dest, *keep_alive),
        refund { id, .. } => Class::Moves(Movement::GivesUp { asset: id.0 }),
        transfer_ownership { owner, .. } => Class::Moves(Movement::HandsOver { to: owner }),
    )
}

fn gives(asset: Asset, to: &Address, amount: Balance, kind: FlowKind) -> Class<'_> {
    Class::Moves(Movement::Gives {
        asset,
        to,
        amount,
        kind,
    })
}

fn gives_all(asset: Asset, to: &Address, keep_alive: bool) -> Class<'_> {
    Class::Moves(Movement::GivesAll {
        asset,
        to,
        keep_alive,
    })
}

fn transfers<'a>(asset: Asset, from: &'a Address, to: &'a Address, amount: Balance) -> Class<'a> {
    Class::Moves(Movement::Transfers {
        asset,
        from,
        to,
        amount,
        kind: FlowKind::Transfer,
    })
}

fn carried<'a>(by: By<'a>, call: &'a ScreenedCall) -> Carried<'a> {
    Carried {
        by,
        call: call.inner(),
    }
}

fn carries<'a>(by: By<'a>, call: &'a ScreenedCall) -> Class<'a> {
    Class::Carries(Vec::from([carried(by, call)]))
}
