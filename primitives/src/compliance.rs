//! What the compliance engine, those who tell it about accounts and prices, and the runtime that asks it say
//! to one another.
//!
//! The runtime maps each call to its [`Flow`]s. [`Screen`] judges them, with what [`Credentials`], [`Prices`] and
//! [`Securities`] know, and answers with a [`Verdict`] and the [`Reason`]s behind it.

use crate::{AssetId, Balance, Seconds};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, PalletError, traits::ConstU32, weights::Weight};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::DispatchResult;

/// Hundredths of the reference currency, in which all thresholds are counted. Sums saturate.
pub type RefValue = u64;

/// Who is behind one or several accounts. It is a salted commitment, never a name.
pub type SubjectId = H256;

/// What moves.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Asset {
    /// PLUME.
    Native,
    /// Any other asset.
    Other(AssetId),
}

/// Why it moves.
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
pub enum FlowKind {
    /// An owner gives it to somebody.
    Transfer,
    /// A pot pays what somebody has earned or was promised: rewards, releases, shares, grants.
    Payout,
    /// One side of an exchange.
    Trade,
    /// An issuer creates it.
    Issue,
    /// It is given back to its issuer and ends.
    Redeem,
    /// Governance decided that it moves.
    Governance,
    /// It is staked, pledged or deposited, and stays its owner's.
    Deposit,
    /// It pays for a transaction.
    Fee,
    /// It is taken as a penalty.
    Slash,
    /// An owner brings it into the shielded pool.
    Shield,
    /// An owner, who is not seen, takes it out of the shielded pool.
    Unshield,
}

/// How much of a policy a kind of flow meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scrutiny {
    /// All rules, and it is remembered.
    Full,
    /// The rules about who takes part, not those about behaviour: nobody chose the moment or the amount to
    /// evade a rule.
    Parties,
    /// None: it stays its owner's or goes to the chain's own pots, and a penalty must never be stopped. Of a fee the
    /// tip is the payer's choice all the same.
    Exempt,
}

impl FlowKind {
    /// How much of a policy it meets.
    pub const fn scrutiny(self) -> Scrutiny {
        match self {
            Self::Transfer
            | Self::Trade
            | Self::Issue
            | Self::Redeem
            | Self::Shield
            | Self::Unshield => Scrutiny::Full,
            Self::Payout | Self::Governance => Scrutiny::Parties,
            Self::Deposit | Self::Fee | Self::Slash => Scrutiny::Exempt,
        }
    }

    /// Whether it can be put on hold at the recipient's, and given back. One side of an exchange cannot: the
    /// other side would not come back with it. Nor can what goes into the shielded pool or comes out of it: the note
    /// that was made for it, or spent, would not.
    pub const fn can_be_held(self) -> bool {
        match self {
            Self::Transfer | Self::Payout | Self::Issue | Self::Governance => true,
            Self::Trade
            | Self::Redeem
            | Self::Deposit
            | Self::Fee
            | Self::Slash
            | Self::Shield
            | Self::Unshield => false,
        }
    }
}

/// Value that a call moves from one account to another.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Flow<AccountId> {
    /// Who has less afterwards.
    pub from: AccountId,
    /// Who has more afterwards.
    pub to: AccountId,
    /// What moves.
    pub asset: Asset,
    /// How much, in the asset's smallest unit. What is not known beforehand is stated at its most.
    pub amount: Balance,
    /// Why.
    pub kind: FlowKind,
}

/// How well an issuer knows a subject.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum Tier {
    /// Not at all.
    #[default]
    Zero,
    /// A name was given.
    One,
    /// Documents were checked.
    Two,
    /// Checked in depth, with the origin of the funds.
    Three,
}

/// What a subject is.
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
pub enum SubjectKind {
    /// A natural person.
    Person,
    /// A legal person.
    Firm,
    /// A legal person that keeps others' money.
    Bank,
}

/// How an issuer rates a subject's risk.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum Risk {
    /// Nothing speaks against the subject.
    #[default]
    Low,
    /// Something does.
    Medium,
    /// Enhanced diligence is due.
    High,
}

/// A country, as its two letters in ISO 3166-1.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Jurisdiction(pub [u8; 2]);

impl Jurisdiction {
    /// Whether it has the form of a code: two upper-case letters.
    pub const fn is_well_formed(self) -> bool {
        let [first, second] = self.0;
        first.is_ascii_uppercase() && second.is_ascii_uppercase()
    }
}

/// The most jurisdictions of a subject.
pub const MAX_JURISDICTIONS: u32 = 8;

/// The jurisdictions that a subject belongs to.
pub type Jurisdictions = BoundedVec<Jurisdiction, ConstU32<MAX_JURISDICTIONS>>;

/// What is known of the subject behind an account.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Standing {
    /// The subject; none when the statement is about this account alone. Accounts of one subject are screened
    /// as one.
    pub subject: Option<SubjectId>,
    /// How well it is known.
    pub tier: Tier,
    /// What it is.
    pub kind: SubjectKind,
    /// Where it belongs.
    pub jurisdictions: Jurisdictions,
    /// How its issuer rates it.
    pub risk: Risk,
    /// Whether it holds a public office, or is close to somebody who does.
    pub politically_exposed: bool,
    /// From this second on the statement no longer counts.
    pub valid_until: Seconds,
    /// Whether the issuer has suspended the statement.
    pub suspended: bool,
    /// Whether a supervisor has frozen the subject. It is suspended then as well.
    pub frozen: bool,
    /// Whether a sanctions list names the subject.
    pub sanctioned: bool,
    /// Whether what the subject pays is to be followed.
    pub flagged: bool,
}

impl Standing {
    /// Whether it counts at this moment.
    pub const fn in_force(&self, now: Seconds) -> bool {
        !self.suspended && now < self.valid_until
    }

    /// What is said of everybody where nobody states anything.
    pub fn permissive() -> Self {
        Self {
            subject: None,
            tier: Tier::Three,
            kind: SubjectKind::Firm,
            jurisdictions: Jurisdictions::new(),
            risk: Risk::Low,
            politically_exposed: false,
            valid_until: Seconds::MAX,
            suspended: false,
            frozen: false,
            sanctioned: false,
            flagged: false,
        }
    }
}

/// Knows the subjects behind accounts.
pub trait Credentials<AccountId> {
    /// What is known of the subject behind an account; none where nothing was ever stated. A statement that
    /// has expired or is suspended is answered as such, so that the reason can be told.
    fn standing(who: &AccountId) -> Option<Standing>;

    /// The most that one answer weighs.
    fn weight() -> Weight;

    /// The answer, and what it has weighed.
    fn standing_weighed(who: &AccountId) -> (Option<Standing>, Weight) {
        (Self::standing(who), Self::weight())
    }
}

/// Everybody is in good standing.
impl<AccountId> Credentials<AccountId> for () {
    fn standing(_: &AccountId) -> Option<Standing> {
        Some(Standing::permissive())
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

/// What an amount was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// In the reference currency.
    pub value: RefValue,
    /// When the price was stated.
    pub at: Seconds,
}

/// Knows what assets are worth.
pub trait Prices {
    /// What an amount is worth by the last price; none when no price was ever stated.
    fn quote(asset: Asset, amount: Balance) -> Option<Quote>;

    /// The most that one answer weighs.
    fn weight() -> Weight;
}

/// Nothing has a price.
impl Prices for () {
    fn quote(_: Asset, _: Balance) -> Option<Quote> {
        None
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

/// Who owns how much of an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ownership {
    /// All of the asset that there is, in its smallest unit.
    pub supply: Balance,
    /// Accounts that have some.
    pub holders: u32,
    /// What the sender has.
    pub sender_has: Balance,
    /// What the recipient has.
    pub recipient_has: Balance,
}

/// Knows who owns securities.
pub trait Securities<AccountId> {
    /// How an asset is owned now; none where there is no such asset.
    fn ownership(asset: AssetId, from: &AccountId, to: &AccountId) -> Option<Ownership>;

    /// The most that one answer weighs.
    fn weight() -> Weight;
}

/// There are none.
impl<AccountId> Securities<AccountId> for () {
    fn ownership(_: AssetId, _: &AccountId, _: &AccountId) -> Option<Ownership> {
        None
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

/// Keeps assets other than PLUME on hold while a case is open.
pub trait Custody<AccountId> {
    /// Whether the asset can be put on hold. Where it cannot, a flow that would be held is denied.
    fn can_hold(asset: AssetId) -> bool;

    /// All that an account has of an asset, on hold or not.
    fn balance(asset: AssetId, who: &AccountId) -> Balance;

    /// Puts as much of `amount` on hold as there is, and says how much.
    fn hold(asset: AssetId, who: &AccountId, amount: Balance) -> Balance;

    /// Ends a hold: the account has it at its disposal.
    fn release(asset: AssetId, who: &AccountId, amount: Balance) -> DispatchResult;

    /// Ends a hold: somebody else gets it.
    fn send(asset: AssetId, who: &AccountId, to: &AccountId, amount: Balance) -> DispatchResult;

    /// What is on hold for a review.
    fn held(asset: AssetId, who: &AccountId) -> Balance;
}

/// Nothing but PLUME can be held.
impl<AccountId> Custody<AccountId> for () {
    fn can_hold(_: AssetId) -> bool {
        false
    }
    fn balance(_: AssetId, _: &AccountId) -> Balance {
        0
    }
    fn hold(_: AssetId, _: &AccountId, _: Balance) -> Balance {
        0
    }
    fn release(_: AssetId, _: &AccountId, _: Balance) -> DispatchResult {
        Ok(())
    }
    fn send(_: AssetId, _: &AccountId, _: &AccountId, _: Balance) -> DispatchResult {
        Ok(())
    }
    fn held(_: AssetId, _: &AccountId) -> Balance {
        0
    }
}

/// What becomes of flows. The later one outweighs the earlier one.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum Verdict {
    /// They go on.
    #[default]
    Allow,
    /// They go on, and a case opens.
    Alert,
    /// They go on, but what the recipient receives is on hold until the case is decided.
    Hold,
    /// They do not happen.
    Deny,
}

/// Why a rule spoke. The number is stable: wallets show it, and refused transactions carry it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    PalletError,
)]
#[repr(u8)]
pub enum Reason {
    /// A sanctions list names the sender.
    #[codec(index = 1)]
    SenderSanctioned = 1,
    /// A sanctions list names the recipient.
    #[codec(index = 2)]
    RecipientSanctioned = 2,
    /// The sender has no credential.
    #[codec(index = 10)]
    SenderUnknown = 10,
    /// The recipient has no credential.
    #[codec(index = 11)]
    RecipientUnknown = 11,
    /// The sender's credential has expired.
    #[codec(index = 12)]
    SenderExpired = 12,
    /// The recipient's credential has expired.
    #[codec(index = 13)]
    RecipientExpired = 13,
    /// The sender's credential is suspended.
    #[codec(index = 14)]
    SenderSuspended = 14,
    /// The recipient's credential is suspended.
    #[codec(index = 15)]
    RecipientSuspended = 15,
    /// The sender is not known well enough for the amount.
    #[codec(index = 16)]
    SenderTierTooLow = 16,
    /// The recipient is not known well enough for the amount.
    #[codec(index = 17)]
    RecipientTierTooLow = 17,
    /// A supervisor has frozen the sender.
    #[codec(index = 18)]
    SenderFrozen = 18,
    /// A supervisor has frozen the recipient.
    #[codec(index = 19)]
    RecipientFrozen = 19,
    /// Value may not go from the one's jurisdiction to the other's.
    #[codec(index = 20)]
    CorridorClosed = 20,
    /// More than one transaction may move at the sender's tier.
    #[codec(index = 25)]
    AboveTierLimit = 25,
    /// The sender's risk is rated too high for the amount.
    #[codec(index = 30)]
    SenderRisk = 30,
    /// The recipient's risk is rated too high for the amount.
    #[codec(index = 31)]
    RecipientRisk = 31,
    /// The sender is politically exposed, and the amount is large.
    #[codec(index = 32)]
    SenderPoliticallyExposed = 32,
    /// The recipient is politically exposed, and the amount is large.
    #[codec(index = 33)]
    RecipientPoliticallyExposed = 33,
    /// The sender has sent too often of late.
    #[codec(index = 40)]
    SentTooOften = 40,
    /// The recipient has received too often of late.
    #[codec(index = 41)]
    ReceivedTooOften = 41,
    /// The sender has sent too much of late.
    #[codec(index = 42)]
    SentTooMuch = 42,
    /// The recipient has received too much of late.
    #[codec(index = 43)]
    ReceivedTooMuch = 43,
    /// The sender sends again and again just under the reporting threshold.
    #[codec(index = 50)]
    SentJustUnder = 50,
    /// The recipient receives again and again just under the reporting threshold.
    #[codec(index = 51)]
    ReceivedJustUnder = 51,
    /// The recipient gathers from many.
    #[codec(index = 60)]
    FanIn = 60,
    /// The sender scatters to many.
    #[codec(index = 61)]
    FanOut = 61,
    /// The sender has gathered from many and scatters to many.
    #[codec(index = 62)]
    GatherScatter = 62,
    /// What came in goes out again at once.
    #[codec(index = 63)]
    PassThrough = 63,
    /// The sender has long been silent and sends a large sum.
    #[codec(index = 70)]
    DormantAwoke = 70,
    /// The sender is new and sends a large sum for the first time.
    #[codec(index = 71)]
    YoungAndLarge = 71,
    /// The value comes from a flagged subject, over few hops.
    #[codec(index = 80)]
    Exposed = 80,
    /// No travel-rule data was attached. Attach it, then send again.
    #[codec(index = 90)]
    TravelDataMissing = 90,
    /// The asset may not be transferred yet.
    #[codec(index = 100)]
    LockedUp = 100,
    /// The asset has as many holders as it may have.
    #[codec(index = 101)]
    TooManyHolders = 101,
    /// The recipient would own too much of the asset.
    #[codec(index = 102)]
    ShareTooLarge = 102,
    /// The asset has no price.
    #[codec(index = 110)]
    NoPrice = 110,
    /// The asset's last price is too old.
    #[codec(index = 111)]
    StalePrice = 111,
    /// What would be held is spent in the same transaction. Send it in one of its own.
    #[codec(index = 120)]
    SpendsWhatIsHeld = 120,
    /// It would be held, but such an asset or flow cannot be.
    #[codec(index = 121)]
    CannotBeHeld = 121,
    /// The transaction moves value more often than can be screened. Split it.
    #[codec(index = 122)]
    TooManyFlows = 122,
}

impl Reason {
    /// Its stable number.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The reason of a number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::decode(&mut &[code][..]).ok()
    }

    /// What it says, for whoever is refused or reads a case; without a full stop.
    pub const fn says(self) -> &'static str {
        match self {
            Self::SenderSanctioned => "a sanctions list names the sender",
            Self::RecipientSanctioned => "a sanctions list names the recipient",
            Self::SenderUnknown => "the sender has no credential",
            Self::RecipientUnknown => "the recipient has no credential",
            Self::SenderExpired => "the sender's credential has expired",
            Self::RecipientExpired => "the recipient's credential has expired",
            Self::SenderSuspended => "the sender's credential is suspended",
            Self::RecipientSuspended => "the recipient's credential is suspended",
            Self::SenderTierTooLow => "the sender is not known well enough for the amount",
            Self::RecipientTierTooLow => "the recipient is not known well enough for the amount",
            Self::SenderFrozen => "a supervisor has frozen the sender",
            Self::RecipientFrozen => "a supervisor has frozen the recipient",
            Self::CorridorClosed => "value may not go from the one's jurisdiction to the other's",
            Self::AboveTierLimit => "more than one transaction may move at the sender's tier",
            Self::SenderRisk => "the sender's risk is rated too high for the amount",
            Self::RecipientRisk => "the recipient's risk is rated too high for the amount",
            Self::SenderPoliticallyExposed => {
                "the sender is politically exposed, and the amount is large"
            }
            Self::RecipientPoliticallyExposed => {
                "the recipient is politically exposed, and the amount is large"
            }
            Self::SentTooOften => "the sender has sent too often of late",
            Self::ReceivedTooOften => "the recipient has received too often of late",
            Self::SentTooMuch => "the sender has sent too much of late",
            Self::ReceivedTooMuch => "the recipient has received too much of late",
            Self::SentJustUnder => {
                "the sender sends again and again just under the reporting threshold"
            }
            Self::ReceivedJustUnder => {
                "the recipient receives again and again just under the reporting threshold"
            }
            Self::FanIn => "the recipient gathers from many",
            Self::FanOut => "the sender scatters to many",
            Self::GatherScatter => "the sender has gathered from many and scatters to many",
            Self::PassThrough => "what came in goes out again at once",
            Self::DormantAwoke => "the sender has long been silent and sends a large sum",
            Self::YoungAndLarge => "the sender is new and sends a large sum for the first time",
            Self::Exposed => "the value comes from a flagged subject, over few hops",
            Self::TravelDataMissing => {
                "no travel-rule data was attached. Attach it, then send again"
            }
            Self::LockedUp => "the asset may not be transferred yet",
            Self::TooManyHolders => "the asset has as many holders as it may have",
            Self::ShareTooLarge => "the recipient would own too much of the asset",
            Self::NoPrice => "the asset has no price",
            Self::StalePrice => "the asset's last price is too old",
            Self::SpendsWhatIsHeld => {
                "what would be held is spent in the same transaction. Send it in one of its own"
            }
            Self::CannotBeHeld => "it would be held, but such an asset or flow cannot be",
            Self::TooManyFlows => {
                "the transaction moves value more often than can be screened. Split it"
            }
        }
    }
}

/// What was decided about a list of flows, and the weightiest reason.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Ruling {
    /// What becomes of them.
    pub verdict: Verdict,
    /// Why; none when they are allowed.
    pub reason: Option<Reason>,
}

/// Screens the flows of a call, in three steps that fit those of a transaction extension.
///
/// 1. [`Self::judge`] when the call is validated: reads only. A denied call is refused with the reason's code.
/// 2. [`Self::prepare`] right before the call takes effect: notes what recipients have. Nothing may have
///    changed since the judgement.
/// 3. [`Self::complete`] right after it, when it succeeded: remembers the flows, opens cases, and puts on hold
///    what recipients got. Of a call that failed nothing is remembered: or else who cannot pay could smear
///    others with payments that never come.
///
/// Whoever skips the third step after a verdict other than Deny lets flows past the engine.
pub trait Screen<AccountId> {
    /// What the first step has found out.
    type Judgement;
    /// What the third step needs.
    type Prepared;

    /// Judges flows in the order in which they will happen.
    fn judge(flows: Vec<Flow<AccountId>>) -> Self::Judgement;

    /// What was decided.
    fn ruling(judgement: &Self::Judgement) -> Ruling;

    /// What judging has weighed.
    fn judged(judgement: &Self::Judgement) -> Weight;

    /// Notes what recipients have before the call.
    fn prepare(judgement: Self::Judgement) -> Self::Prepared;

    /// Remembers what has happened, opens a case where one is due, puts on hold what recipients received, and
    /// answers what all three steps weighed together.
    fn complete(prepared: Self::Prepared) -> Weight;

    /// The most that all three steps weigh for so many flows.
    fn weight(flows: u32) -> Weight;

    /// The most that judging alone weighs for so many flows.
    fn judge_weight(flows: u32) -> Weight;
}

/// Everything is allowed.
impl<AccountId> Screen<AccountId> for () {
    type Judgement = ();
    type Prepared = ();
    fn judge(_: Vec<Flow<AccountId>>) {}
    fn ruling(_: &()) -> Ruling {
        Ruling::default()
    }
    fn judged(_: &()) -> Weight {
        Weight::zero()
    }
    fn prepare(_: ()) {}
    fn complete(_: ()) -> Weight {
        Weight::zero()
    }
    fn weight(_: u32) -> Weight {
        Weight::zero()
    }
    fn judge_weight(_: u32) -> Weight {
        Weight::zero()
    }
}

/// Knows which subjects a sanctions list names.
pub trait Lists {
    /// Whether one does. One read.
    fn names(subject: &SubjectId) -> bool;
}

/// No list names anybody.
impl Lists for () {
    fn names(_: &SubjectId) -> bool {
        false
    }
}

/// Hears that [`Lists::names`] answers something else from now on.
pub trait OnListed {
    /// Lists name these subjects, or no longer do.
    fn on_listed(subjects: &[SubjectId]);

    /// The most that hearing of so many weighs.
    fn weight(subjects: u32) -> Weight;
}

impl OnListed for () {
    fn on_listed(_: &[SubjectId]) {}

    fn weight(_: u32) -> Weight {
        Weight::zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_verdict_outweighs_an_earlier_one() {
        assert!(Verdict::Allow < Verdict::Alert);
        assert!(Verdict::Alert < Verdict::Hold);
        assert!(Verdict::Hold < Verdict::Deny);
    }

    #[test]
    fn a_reason_is_encoded_as_its_code() {
        let reasons: Vec<Reason> = (0..=u8::MAX).filter_map(Reason::from_code).collect();
        assert_eq!(reasons.len(), 40);
        for reason in reasons {
            assert_eq!(reason.encode(), [reason.code()]);
        }
    }

    #[test]
    fn a_standing_ends_at_its_last_second() {
        let mut standing = Standing::permissive();
        standing.valid_until = 10;
        assert!(standing.in_force(9));
        assert!(!standing.in_force(10));
        standing.suspended = true;
        assert!(!standing.in_force(9));
    }

    #[test]
    fn a_jurisdiction_is_two_upper_case_letters() {
        assert!(Jurisdiction(*b"CH").is_well_formed());
        assert!(!Jurisdiction(*b"ch").is_well_formed());
        assert!(!Jurisdiction(*b"C1").is_well_formed());
    }
}
