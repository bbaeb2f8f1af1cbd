//! From whom to whom value moves, and how much: read from the state right before the call is executed.

use crate::{screening::class::Owed, *};
use frame_support::traits::{
    Get, fungible, fungibles,
    tokens::{Fortitude, Preservation},
};
use plume_primitives::{
    compliance::{Asset, Flow, FlowKind},
    pots,
};
use sp_runtime::traits::{BlockNumberProvider, StaticLookup};

/// Who a call is executed as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An account.
    Account(AccountId),
    /// The chain itself: the protocol track, or sudo.
    Root,
    /// Whatever else: another track, the committee, or nobody.
    Other,
}

impl Actor {
    /// Who an origin stands for.
    pub fn of(origin: &OriginCaller) -> Self {
        match origin {
            OriginCaller::system(frame_system::RawOrigin::Signed(who)) => {
                Self::Account(who.clone())
            }
            OriginCaller::system(frame_system::RawOrigin::Root) => Self::Root,
            _ => Self::Other,
        }
    }

    fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Account(who) => Some(who),
            Self::Root | Self::Other => None,
        }
    }
}

/// How a call moves value. What the call lacks the right to move is stated all the same: then it fails, and
/// nothing of it is remembered.
#[derive(Clone, Debug)]
pub enum Movement<'a> {
    /// The actor gives an amount.
    Gives {
        asset: Asset,
        to: &'a Address,
        amount: Balance,
        kind: FlowKind,
    },
    /// The actor creates an amount of its own asset, for somebody.
    Issues {
        asset: AssetId,
        to: &'a Address,
        amount: Balance,
    },
    /// The actor gives whatever it can.
    GivesAll {
        asset: Asset,
        to: &'a Address,
        keep_alive: bool,
    },
    /// Whoever has the right moves an amount between two others.
    Transfers {
        asset: Asset,
        from: &'a Address,
        to: &'a Address,
        amount: Balance,
        kind: FlowKind,
    },
    /// The actor takes an amount of its own asset back from an owner, and it ends.
    TakesBack {
        asset: AssetId,
        from: &'a Address,
        amount: Balance,
    },
    /// The actor gives up all that it has of an asset.
    GivesUp { asset: AssetId },
    /// Root makes an account's balance what it says: the treasury stands for the other side.
    Sets { who: &'a Address, free: Balance },
    /// The actor gives an asset, and what is deposited for it, into other hands.
    HandsOver { to: &'a Address },
    /// The actor brings an amount into the shielded pool.
    Shields(pallet_shielded_pool::Amount),
    /// An amount leaves the shielded pool, by a proof and not by the actor's right.
    Unshields {
        amount: pallet_shielded_pool::Amount,
        to: &'a AccountId,
    },
    /// A pot pays what is owed.
    Pays(Owed<'a>),
}

impl Movement<'_> {
    /// What moves.
    pub fn asset(&self) -> Asset {
        match self {
            Self::Gives { asset, .. }
            | Self::GivesAll { asset, .. }
            | Self::Transfers { asset, .. } => *asset,
            Self::Shields(amount) | Self::Unshields { amount, .. } => amount.asset,
            Self::Issues { asset, .. }
            | Self::TakesBack { asset, .. }
            | Self::GivesUp { asset } => Asset::Other(*asset),
            Self::Sets { .. } | Self::HandsOver { .. } | Self::Pays(_) => Asset::Native,
        }
    }

    /// The flow that this is, executed by `actor` now; none when the call cannot succeed.
    pub fn flow(&self, actor: &Actor) -> Option<Flow<AccountId>> {
        let flow = |asset, from: AccountId, to: AccountId, amount, kind| Flow {
            from,
            to,
            asset,
            amount,
            kind,
        };
        match self {
            Self::Gives {
                asset,
                to,
                amount,
                kind,
            } => {
                let from = actor.account()?.clone();
                let amount = with_dust(*asset, &from, *amount);
                Some(flow(*asset, from, account(to)?, amount, *kind))
            }
            Self::Issues { asset, to, amount } => Some(flow(
                Asset::Other(*asset),
                actor.account()?.clone(),
                account(to)?,
                *amount,
                FlowKind::Issue,
            )),
            Self::GivesAll {
                asset,
                to,
                keep_alive,
            } => {
                let from = actor.account()?.clone();
                let amount = all_of(*asset, &from, *keep_alive);
                Some(flow(*asset, from, account(to)?, amount, FlowKind::Transfer))
            }
            Self::Transfers {
                asset,
                from,
                to,
                amount,
                kind,
            } => {
                let from = account(from)?;
                let amount = with_dust(*asset, &from, *amount);
                Some(flow(*asset, from, account(to)?, amount, *kind))
            }
            Self::TakesBack {
                asset,
                from,
                amount,
            } => {
                let from = account(from)?;
                let asset = Asset::Other(*asset);
                let amount = with_dust(asset, &from, *amount);
                let to = actor.account()?.clone();
                Some(flow(asset, from, to, amount, FlowKind::Redeem))
            }
            Self::GivesUp { asset } => {
                let from = actor.account()?.clone();
                let amount =
                    <Assets as fungibles::Inspect<AccountId>>::total_balance(*asset, &from);
                let to = from.clone();
                Some(flow(
                    Asset::Other(*asset),
                    from,
                    to,
                    amount,
                    FlowKind::Redeem,
                ))
            }
            Self::Sets { who, free } => {
                let who = account(who)?;
                let has = Balances::free_balance(&who);
                let treasury = pots::treasury();
                Some(if *free > has {
                    let more = free.saturating_sub(has);
                    flow(Asset::Native, treasury, who, more, FlowKind::Governance)
                } else {
                    let less = has.saturating_sub(*free);
                    flow(Asset::Native, who, treasury, less, FlowKind::Governance)
                })
            }
            Self::HandsOver { to } => {
                let from = actor.account()?.clone();
                let amount = deposits_for_an_asset();
                Some(flow(
                    Asset::Native,
                    from,
                    account(to)?,
                    amount,
                    FlowKind::Trade,
                ))
            }
            Self::Shields(amount) => {
                let from = actor.account()?.clone();
                let smallest = ShieldedPool::in_smallest(*amount)?;
                let to = pots::shielded_pool();
                Some(flow(amount.asset, from, to, smallest, FlowKind::Shield))
            }
            Self::Unshields { amount, to } => {
                let smallest = ShieldedPool::in_smallest(*amount)?;
                let from = pots::shielded_pool();
                let to = (*to).clone();
                Some(flow(amount.asset, from, to, smallest, FlowKind::Unshield))
            }
            Self::Pays(owed) => owed.flow(),
        }
    }
}

impl Owed<'_> {
    /// The flow that paying it is; none when nothing of the kind is owed.
    fn flow(&self) -> Option<Flow<AccountId>> {
        let (from, to, amount, kind) = match self {
            Self::StakeRewards(who) => (
                pots::stake_rewards(),
                (*who).clone(),
                Stake::earned(who),
                FlowKind::Payout,
            ),
            Self::ValidatorRewards(validator) => (
                pots::validator_rewards(),
                (*validator).clone(),
                pallet_validators::Credits::<Runtime>::get(validator),
                FlowKind::Payout,
            ),
            Self::Release(id) => {
                let allocation = pallet_release::Allocations::<Runtime>::get(id)?;
                let due = allocation.due(Clock::current_block_number());
                (
                    pots::release(),
                    allocation.beneficiary,
                    due,
                    FlowKind::Payout,
                )
            }
            Self::RevenueShare(institution) => {
                let known = pallet_revenue_share::Institutions::<Runtime>::get(institution)?;
                let amount = pallet_revenue_share::Rights::<Runtime>::get(institution)
                    .iter()
                    .fold(0, |sum: Balance, right| sum.saturating_add(right.amount));
                (
                    pots::revenue_share(),
                    known.payout,
                    amount,
                    FlowKind::Payout,
                )
            }
            Self::Milestone(grant, milestone) => {
                let known = pallet_grants::Grants::<Runtime>::get(grant)?;
                let place = usize::try_from(*milestone).ok()?;
                let amount = known.milestones.get(place)?.in_pot();
                (
                    pots::grants(),
                    known.beneficiary,
                    amount,
                    FlowKind::Governance,
                )
            }
            Self::Grant(grant) => {
                let known = pallet_grants::Grants::<Runtime>::get(grant)?;
                (
                    pots::treasury(),
                    pots::grants(),
                    known.total(),
                    FlowKind::Governance,
                )
            }
            Self::GrantsRest(grant) => {
                let known = pallet_grants::Grants::<Runtime>::get(grant)?;
                (
                    pots::grants(),
                    pots::treasury(),
                    known.in_pot(),
                    FlowKind::Governance,
                )
            }
            Self::Spend(index) => {
                let spend = pallet_treasury::Spends::<Runtime>::get(index)?;
                (
                    pots::treasury(),
                    spend.beneficiary,
                    spend.amount,
                    FlowKind::Governance,
                )
            }
        };
        Some(Flow {
            from,
            to,
            asset: Asset::Native,
            amount,
            kind,
        })
    }
}

/// The account of an address; none when nobody has it.
fn account(address: &Address) -> Option<AccountId> {
    <Runtime as frame_system::Config>::Lookup::lookup(address.clone()).ok()
}

/// What a sender can give away at the most.
fn all_of(asset: Asset, from: &AccountId, keep_alive: bool) -> Balance {
    let preservation = if keep_alive {
        Preservation::Preserve
    } else {
        Preservation::Expendable
    };
    let force = Fortitude::Polite;
    match asset {
        Asset::Native => {
            <Balances as fungible::Inspect<AccountId>>::reducible_balance(from, preservation, force)
        }
        Asset::Other(id) => <Assets as fungibles::Inspect<AccountId>>::reducible_balance(
            id,
            from,
            preservation,
            force,
        ),
    }
}

/// An amount, and the rest that goes with it where too little of the asset would be left to its owner. Of
/// PLUME such a rest goes to the treasury.
fn with_dust(asset: Asset, from: &AccountId, amount: Balance) -> Balance {
    let Asset::Other(id) = asset else {
        return amount;
    };
    let has = <Assets as fungibles::Inspect<AccountId>>::balance(id, from);
    let rest = has.saturating_sub(amount);
    if rest < <Assets as fungibles::Inspect<AccountId>>::minimum_balance(id) {
        amount.max(has)
    } else {
        amount
    }
}

/// What is deposited for an asset at the most: for itself, and for the longest name and symbol.
fn deposits_for_an_asset() -> Balance {
    let longest: u32 = <<Runtime as pallet_assets::Config>::StringLimit as Get<u32>>::get();
    let letters = Balance::from(longest).saturating_mul(2);
    let metadata = <Runtime as pallet_assets::Config>::MetadataDepositPerByte::get()
        .saturating_mul(letters)
        .saturating_add(<Runtime as pallet_assets::Config>::MetadataDepositBase::get());
    <Runtime as pallet_assets::Config>::AssetDeposit::get().saturating_add(metadata)
}
