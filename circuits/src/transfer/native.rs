//! A transfer from what a wallet knows: computes all that is proven, outside of a proof, and refuses with a reason
//! what could not be proven.
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use super::{
    CREDENTIAL_DEPTH, HALF_BITS, Jurisdictions, NOTE_DEPTH, POLICY_DEPTH, PublicAmount,
    PublicInputs,
    bandersnatch::{Ephemeral, coordinates},
    disclosure::{CommitteePlain, FlowPlain},
    notes::{
        RECEIVER_NEEDS_CREDENTIAL, counter_commitment, first_counter_nullifier, note_commitment,
        nullifier, owner, policy_leaf, pool_key, pseudonym, spend_authority,
    },
    point::{BadPoint, Point},
    witness::Witness,
};
use crate::{
    FieldBytes, Fr, Poseidon, commit, leaf,
    notes_tree::NotePath,
    tree::{Group, Path},
};
use ark_ff::AdditiveGroup;

/// The secrets of an owner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    /// s: who has it can spend.
    pub spend_secret: FieldBytes,
    /// nk: who has it sees what is spent.
    pub nullifier_key: FieldBytes,
}

impl Keys {
    /// The key that owns notes and that a credential is bound to.
    pub fn pool_key(&self) -> FieldBytes {
        pool_key(&spend_authority(&self.spend_secret), &self.nullifier_key)
    }
}

/// A note to be spent. Its asset is the transfer's.
#[derive(Clone, PartialEq, Eq)]
pub struct Input {
    /// What it is worth.
    pub value: u64,
    /// Diversifier of the address that it came to.
    pub diversifier: FieldBytes,
    /// Its randomness.
    pub randomness: FieldBytes,
    /// Where it is.
    pub path: NotePath<NOTE_DEPTH>,
}

/// A credential and where its leaf is.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The subject, as a field element.
    pub subject: FieldBytes,
    /// The issuer, as a field element.
    pub issuer: FieldBytes,
    /// The packed claims, as the chain's credentials pack them: byte 0 is the tier, bytes 4 to 7 and 8 to 11 the
    /// first and the last second of validity.
    pub claims: FieldBytes,
    /// The salt of the commitment to the holder's pool key.
    pub salt: FieldBytes,
    /// Where the leaf is.
    pub path: Path<CREDENTIAL_DEPTH>,
}

impl Credential {
    /// The leaf, for a holder with this pool key.
    pub fn leaf(&self, pool_key: &FieldBytes) -> FieldBytes {
        let commitment = commit(&[*pool_key], &self.salt);
        leaf(&[self.subject, self.issuer, self.claims, commitment])
    }

    /// The tier.
    pub const fn tier(&self) -> u8 {
        let [tier, ..] = self.claims.as_bytes();
        *tier
    }

    /// The first and the last second in which it is valid.
    pub const fn validity(&self) -> (u32, u32) {
        let [_, _, _, _, a, b, c, d, e, f, g, h, ..] = self.claims.as_bytes();
        (
            u32::from_le_bytes([*a, *b, *c, *d]),
            u32::from_le_bytes([*e, *f, *g, *h]),
        )
    }
}

/// Who is paid what.
#[derive(Clone, PartialEq, Eq)]
pub struct Payment {
    /// What the note is worth.
    pub value: u64,
    /// The receiver's pool key. The sender's own: nothing is paid, and nothing counted.
    pub pool_key: FieldBytes,
    /// The diversifier of the receiver's address.
    pub diversifier: FieldBytes,
    /// The note's randomness.
    pub randomness: FieldBytes,
    /// The receiver's credential; the sender's own is used where the sender is the receiver.
    pub credential: Option<Credential>,
}

/// Where what is left comes back to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The diversifier of one of the sender's addresses.
    pub diversifier: FieldBytes,
    /// The note's randomness.
    pub randomness: FieldBytes,
}

/// What holds for the asset and the sender's tier, and where that is written.
#[derive(Clone, PartialEq, Eq)]
pub struct Policy {
    /// The most that may be spent in a period.
    pub limit: u64,
    /// [`RECEIVER_NEEDS_CREDENTIAL`], or nothing.
    pub flags: u8,
    /// Where who pays, and who is paid where its credential is asked for, may belong.
    pub jurisdictions: Jurisdictions,
    /// Where the leaf is.
    pub path: Path<POLICY_DEPTH>,
}

/// What was counted in the period before this transfer.
#[derive(Clone, PartialEq, Eq)]
pub enum OldCounter {
    /// No transfer of the asset yet.
    First,
    /// The counter that the last one left.
    Kept {
        /// What was spent.
        spent: u64,
        /// The counter's randomness.
        randomness: FieldBytes,
        /// Where it is.
        path: NotePath<NOTE_DEPTH>,
    },
}

/// Everything that a transfer is made from.
#[derive(Clone, PartialEq, Eq)]
pub struct Plan {
    /// The sender's secrets.
    pub keys: Keys,
    /// Which pool.
    pub pool_id: FieldBytes,
    /// Which asset.
    pub asset: u32,
    /// Root of the notes.
    pub note_root: FieldBytes,
    /// Root of the credentials.
    pub credential_root: FieldBytes,
    /// Root of the policies.
    pub policy_root: FieldBytes,
    /// What is spent.
    pub inputs: [Option<Input>; 2],
    /// What is paid. None for a deposit to oneself, and for a withdrawal.
    pub payment: Option<Payment>,
    /// Where the rest goes; how much that is follows.
    pub change: Change,
    /// What enters in public.
    pub public_in: u64,
    /// What leaves in public, with the fee if the asset is the fee's.
    pub public_out: u64,
    /// The sender's credential.
    pub credential: Credential,
    /// The policy.
    pub policy: Policy,
    /// What was counted before.
    pub old_counter: OldCounter,
    /// The new counter's randomness.
    pub counter_randomness: FieldBytes,
    /// A moment that is not later than now.
    pub time: u32,
    /// The running period.
    pub period: u32,
    /// The regulator's key.
    pub flow_key: Point,
    /// The committee's key.
    pub committee_key: Point,
    /// Used for this transfer only.
    pub ephemeral: Ephemeral,
    /// Four random elements, used for this transfer only: what stands for notes that are not there.
    pub padding: [FieldBytes; 4],
}

/// Why a transfer cannot be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An input is not at its position under the root of the notes: spent from another tree, or not the sender's.
    UnknownNote {
        /// 0 or 1.
        input: usize,
    },
    /// Both inputs are the same note.
    SameNote,
    /// An input's sum, or the outputs', does not fit into 64 bits.
    TooLarge,
    /// More goes out than comes in.
    Unbalanced {
        /// What comes in.
        entering: u128,
        /// What goes out before any change.
        leaving: u128,
    },
    /// The sender's credential is not under the root of the credentials for this key: frozen, suspended, revoked,
    /// renewed, or another owner's.
    UnknownCredential,
    /// The sender's credential is not valid yet.
    NotYetValid {
        /// When it begins.
        from: u32,
    },
    /// The sender's credential is no longer valid.
    Expired {
        /// When it ended.
        until: u32,
    },
    /// No such policy for this asset and the sender's tier.
    UnknownPolicy,
    /// The policy has flags that this circuit does not know.
    UnknownFlags,
    /// The policy does not let the sender belong to this jurisdiction, or to none.
    Jurisdiction(Option<[u8; 2]>),
    /// The same of the receiver.
    ReceiverJurisdiction(Option<[u8; 2]>),
    /// The policy asks for a credential of the receiver.
    ReceiverNeedsCredential,
    /// The receiver's credential is not under the root of the credentials for the receiver's key.
    UnknownReceiver,
    /// The receiver's credential is not valid at the moment.
    ReceiverNotValid,
    /// The old counter is not under the root of the notes for this asset, period and owner.
    UnknownCounter,
    /// More than may be spent in the period.
    LimitExceeded {
        /// What was spent in it before.
        spent: u64,
        /// What this transfer would add.
        adds: u128,
        /// What may be spent.
        limit: u64,
    },
    /// The regulator's key is none.
    FlowKey(BadPoint),
    /// The committee's key is none.
    CommitteeKey(BadPoint),
}

/// Says why a policy does not let somebody belong where a credential says.
fn refused_place(
    f: &mut core::fmt::Formatter<'_>,
    whose: &str,
    code: Option<[u8; 2]>,
) -> core::fmt::Result {
    match code {
        None => write!(
            f,
            "{whose} names no jurisdiction, and the policy of this asset asks for one"
        ),
        Some([first, second]) => write!(
            f,
            "{whose} is of {}{}, which is not one of the jurisdictions that the policy of this asset allows",
            first.escape_ascii(),
            second.escape_ascii()
        ),
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::UnknownNote { input } => write!(
                f,
                "note {} is not under this root; scan on and try again",
                input + 1
            ),
            Self::SameNote => write!(f, "both inputs are the same note"),
            Self::TooLarge => write!(f, "the amounts do not fit into 64 bits; split the transfer"),
            Self::Unbalanced { entering, leaving } => {
                write!(
                    f,
                    "{leaving} would leave, and the inputs are worth {entering}"
                )
            }
            Self::UnknownCredential => {
                write!(
                    f,
                    "the credential is not in force; ask its issuer whether it is suspended or was renewed"
                )
            }
            Self::NotYetValid { from } => write!(f, "the credential is valid from {from} on"),
            Self::Expired { until } => write!(
                f,
                "the credential ended at {until}; ask its issuer to renew it"
            ),
            Self::UnknownPolicy => write!(
                f,
                "there is no policy for this asset and tier; fetch the policies again"
            ),
            Self::UnknownFlags => write!(f, "the policy is newer than this program; update it"),
            Self::Jurisdiction(code) => refused_place(f, "the credential", *code),
            Self::ReceiverJurisdiction(code) => {
                refused_place(f, "the receiver's credential", *code)
            }
            Self::ReceiverNeedsCredential => {
                write!(
                    f,
                    "whoever is paid needs a credential; ask the receiver for its disclosure"
                )
            }
            Self::UnknownReceiver => write!(f, "the receiver's credential is not in force"),
            Self::ReceiverNotValid => write!(f, "the receiver's credential is not valid now"),
            Self::UnknownCounter => write!(
                f,
                "the counter is not under this root; scan on and try again"
            ),
            Self::LimitExceeded { spent, adds, limit } => {
                write!(
                    f,
                    "{spent} of {limit} are spent in this period, and {adds} more are too much"
                )
            }
            Self::FlowKey(bad) => write!(f, "the flow key is none: {bad}"),
            Self::CommitteeKey(bad) => write!(f, "the committee's key is none: {bad}"),
        }
    }
}

impl core::error::Error for Refusal {}

/// A transfer that can be proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// What everybody sees. `binding` is zero: whoever has made the rest of the call sets it, and proves then.
    pub public: PublicInputs,
    /// What nobody sees.
    pub witness: Witness,
    /// What the change is worth.
    pub change: u64,
    /// What is spent in the period, this transfer included: the new counter's content.
    pub spent: u64,
}

pub(crate) fn ensure<E>(holds: bool, refusal: E) -> Result<(), E> {
    if holds { Ok(()) } else { Err(refusal) }
}

fn bit(value: bool) -> Fr {
    Fr::from(u64::from(value))
}

/// The lowest bits of a number, the lowest first.
fn low_bits<const N: usize>(number: u128) -> [Fr; N] {
    let mut bits = [Fr::ZERO; N];
    for (at, to) in (0u32..).zip(bits.iter_mut()) {
        *to = bit(number.checked_shr(at).unwrap_or_default() & 1 == 1);
    }
    bits
}

fn elements<const N: usize>(groups: &[Group; N]) -> [[Fr; 4]; N] {
    groups.map(|group| group.map(|child| child.to_element()))
}

/// The children of a leaf's ancestors.
pub(crate) fn groups<const N: usize>(path: &Path<N>, leaf: &FieldBytes) -> [[Fr; 4]; N] {
    use crate::tree::TreeHasher;
    let mut index = path.leaf;
    let mut value = *leaf;
    path.siblings.map(|[a, b, c]| {
        let group = match index & 3 {
            0 => [value, a, b, c],
            1 => [a, value, b, c],
            2 => [a, b, value, c],
            _ => [a, b, c, value],
        };
        index >>= 2;
        value = Poseidon::node(&group);
        group.map(|child| child.to_element())
    })
}

impl Plan {
    /// All that is proven, or why it cannot be.
    pub fn assign(&self) -> Result<Assigned, Refusal> {
        let mut w = Witness::default();
        let pool_key = self.keys.pool_key();
        w.spend_secret = self.keys.spend_secret.to_element();
        w.nullifier_key = self.keys.nullifier_key.to_element();
        w.asset = Fr::from(self.asset);
        let flow_key = self.flow_key.check().map_err(Refusal::FlowKey)?;
        let committee_key = self.committee_key.check().map_err(Refusal::CommitteeKey)?;

        let nullifiers = self.spend(&pool_key, &mut w)?;
        let [.., spare_randomness, spare_diversifier] = self.padding;
        let nothing = Payment {
            value: 0,
            pool_key,
            diversifier: spare_diversifier,
            randomness: spare_randomness,
            credential: None,
        };
        let payment = self.payment.as_ref().unwrap_or(&nothing);
        let change = self.change_value(payment)?;
        let commitments = self.make(payment, change, &pool_key, &mut w);
        w.enters = bit(self.public_in != 0);
        w.leaves = bit(self.public_out != 0);

        self.show_sender(&pool_key, &mut w)?;
        self.show_policy(&mut w)?;
        let receiver = self.show_receiver(payment, &pool_key, &mut w)?;
        let (counter_nullifier, counter, spent) = self.count(payment, &pool_key, &mut w)?;

        let [first, second] = self.ephemeral.halves();
        w.ephemeral = [low_bits::<{ HALF_BITS as usize }>(first), low_bits(second)];
        let flow = FlowPlain {
            asset: self.asset,
            value: payment.value,
            issuer: self.credential.issuer,
            pseudonym: pseudonym(&self.keys.nullifier_key, self.period),
            public_in: self.public_in,
            public_out: self.public_out,
            to_self: payment.pool_key == pool_key,
        };
        let committee = CommitteePlain {
            sender: self.credential.subject,
            receiver: receiver.subject,
        };
        let public = PublicInputs {
            note_root: self.note_root,
            credential_root: self.credential_root,
            policy_root: self.policy_root,
            pool_id: self.pool_id,
            nullifiers,
            commitments,
            counter_nullifier,
            counter_commitment: counter,
            public_in: PublicAmount {
                asset: self.asset,
                value: self.public_in,
            },
            public_out: PublicAmount {
                asset: self.asset,
                value: self.public_out,
            },
            time: self.time,
            period: self.period,
            flow_key: self.flow_key,
            committee_key: self.committee_key,
            ephemeral: self.ephemeral.point().into(),
            flow_ciphertext: flow.encrypt(&coordinates(&self.ephemeral.shared(&flow_key))),
            committee_ciphertext: committee
                .encrypt(&coordinates(&self.ephemeral.shared(&committee_key))),
            binding: FieldBytes::ZERO,
        };
        Ok(Assigned {
            public,
            witness: w,
            change,
            spent,
        })
    }

    /// Rules 1 to 4.
    fn spend(&self, pool_key: &FieldBytes, w: &mut Witness) -> Result<[FieldBytes; 2], Refusal> {
        if let [Some(first), Some(second)] = &self.inputs {
            ensure(
                first.path.position != second.path.position,
                Refusal::SameNote,
            )?;
        }
        let mut nullifiers = [FieldBytes::ZERO; 2];
        let [first_padding, second_padding, ..] = self.padding;
        let places = nullifiers
            .iter_mut()
            .zip(&mut w.input_value)
            .zip(&mut w.input_diversifier)
            .zip(&mut w.input_randomness)
            .zip(&mut w.input_position)
            .zip(&mut w.input_groups);
        let inputs = self.inputs.iter().zip([first_padding, second_padding]);
        for (number, ((input, padding), place)) in inputs.zip(places).enumerate() {
            let (((((spent, value), diversifier), randomness), position), groups) = place;
            let absent;
            let input = if let Some(input) = input {
                input
            } else {
                let owner = owner(pool_key, &FieldBytes::ZERO);
                let commitment = note_commitment(0, self.asset, &owner, &padding);
                absent = Input {
                    value: 0,
                    diversifier: FieldBytes::ZERO,
                    randomness: padding,
                    path: NotePath::alone::<Poseidon>(0, commitment),
                };
                &absent
            };
            let owner = owner(pool_key, &input.diversifier);
            let commitment = note_commitment(input.value, self.asset, &owner, &input.randomness);
            let known =
                input.value == 0 || input.path.leads::<Poseidon>(&commitment, &self.note_root);
            ensure(known, Refusal::UnknownNote { input: number })?;
            *spent = nullifier(
                &self.keys.nullifier_key,
                &commitment,
                input.path.position,
                &self.pool_id,
            );
            *value = Fr::from(input.value);
            *diversifier = input.diversifier.to_element();
            *randomness = input.randomness.to_element();
            *position = low_bits(u128::from(input.path.position));
            *groups = elements(&input.path.groups);
        }
        Ok(nullifiers)
    }

    /// Rule 7: what is left.
    fn change_value(&self, payment: &Payment) -> Result<u64, Refusal> {
        let inputs = self
            .inputs
            .iter()
            .flatten()
            .map(|input| u128::from(input.value));
        let entering = inputs.fold(u128::from(self.public_in), u128::saturating_add);
        let leaving = u128::from(payment.value).saturating_add(u128::from(self.public_out));
        let left = entering
            .checked_sub(leaving)
            .ok_or(Refusal::Unbalanced { entering, leaving })?;
        u64::try_from(left).map_err(|_| Refusal::TooLarge)
    }

    /// Rule 5.
    fn make(
        &self,
        payment: &Payment,
        change: u64,
        pool_key: &FieldBytes,
        w: &mut Witness,
    ) -> [FieldBytes; 2] {
        w.payment_value = Fr::from(payment.value);
        w.payment_pool_key = payment.pool_key.to_element();
        w.payment_diversifier = payment.diversifier.to_element();
        w.payment_randomness = payment.randomness.to_element();
        w.payment_to_self = bit(payment.pool_key == *pool_key);
        w.change_value = Fr::from(change);
        w.change_diversifier = self.change.diversifier.to_element();
        w.change_randomness = self.change.randomness.to_element();
        let payee = owner(&payment.pool_key, &payment.diversifier);
        let own = owner(pool_key, &self.change.diversifier);
        [
            note_commitment(payment.value, self.asset, &payee, &payment.randomness),
            note_commitment(change, self.asset, &own, &self.change.randomness),
        ]
    }

    /// Rules 8 and 9.
    fn show_sender(&self, pool_key: &FieldBytes, w: &mut Witness) -> Result<(), Refusal> {
        let credential = &self.credential;
        let leaf = credential.leaf(pool_key);
        let known = credential
            .path
            .leads::<Poseidon>(&leaf, &self.credential_root);
        ensure(known, Refusal::UnknownCredential)?;
        let (from, until) = credential.validity();
        ensure(from <= self.time, Refusal::NotYetValid { from })?;
        ensure(self.time < until, Refusal::Expired { until })?;
        w.sender_subject = credential.subject.to_element();
        w.sender_issuer = credential.issuer.to_element();
        w.sender_claims = credential.claims.to_element();
        w.sender_salt = credential.salt.to_element();
        w.sender_groups = groups(&credential.path, &leaf);
        Ok(())
    }

    /// Rule 12, and 20 for the sender.
    fn show_policy(&self, w: &mut Witness) -> Result<(), Refusal> {
        let Policy {
            limit,
            flags,
            jurisdictions,
            path,
        } = &self.policy;
        ensure(*flags <= RECEIVER_NEEDS_CREDENTIAL, Refusal::UnknownFlags)?;
        let tier = self.credential.tier();
        let leaf = policy_leaf(self.asset, tier, *limit, *flags, jurisdictions);
        ensure(
            path.leads::<Poseidon>(&leaf, &self.policy_root),
            Refusal::UnknownPolicy,
        )?;
        jurisdictions
            .cover(&self.credential.claims)
            .map_err(Refusal::Jurisdiction)?;
        w.policy_limit = Fr::from(*limit);
        w.policy_flags = Fr::from(*flags);
        w.policy_restricts = bit(!jurisdictions.is_anywhere());
        w.policy_jurisdictions = Fr::from(u128::from_le_bytes(jurisdictions.filled()));
        w.policy_groups = groups(path, &leaf);
        Ok(())
    }

    /// Rules 10 and 11, and 20 for the receiver. The sender's own credential where the sender is paid; none, where none is needed.
    fn show_receiver(
        &self,
        payment: &Payment,
        pool_key: &FieldBytes,
        w: &mut Witness,
    ) -> Result<Credential, Refusal> {
        let needed = self.policy.flags & RECEIVER_NEEDS_CREDENTIAL != 0;
        let own = (payment.pool_key == *pool_key).then_some(&self.credential);
        let absent = Credential {
            subject: FieldBytes::ZERO,
            issuer: FieldBytes::ZERO,
            claims: (u128::from(self.time) << 32 | u128::from(self.time.saturating_add(1)) << 64)
                .into(),
            salt: FieldBytes::ZERO,
            path: Path {
                leaf: 0,
                siblings: [[FieldBytes::ZERO; 3]; CREDENTIAL_DEPTH],
            },
        };
        let shown = payment.credential.as_ref().or(own);
        ensure(shown.is_some() || !needed, Refusal::ReceiverNeedsCredential)?;
        let credential = shown.unwrap_or(&absent);
        let leaf = credential.leaf(&payment.pool_key);
        if shown.is_some() {
            let known = credential
                .path
                .leads::<Poseidon>(&leaf, &self.credential_root);
            ensure(known, Refusal::UnknownReceiver)?;
        }
        let (from, until) = credential.validity();
        ensure(
            from <= self.time && self.time < until,
            Refusal::ReceiverNotValid,
        )?;
        if needed {
            self.policy
                .jurisdictions
                .cover(&credential.claims)
                .map_err(Refusal::ReceiverJurisdiction)?;
        }
        w.receiver_subject = credential.subject.to_element();
        w.receiver_issuer = credential.issuer.to_element();
        w.receiver_claims = credential.claims.to_element();
        w.receiver_salt = credential.salt.to_element();
        w.receiver_groups = groups(&credential.path, &leaf);
        Ok(credential.clone())
    }

    /// Rules 13 to 15: nullifier and commitment, and what is spent.
    fn count(
        &self,
        payment: &Payment,
        pool_key: &FieldBytes,
        w: &mut Witness,
    ) -> Result<(FieldBytes, FieldBytes, u64), Refusal> {
        let commitment = |spent, randomness: &FieldBytes| {
            counter_commitment(spent, self.period, self.asset, pool_key, randomness)
        };
        let nullifier_key = &self.keys.nullifier_key;
        let (before, nullifier) = match &self.old_counter {
            OldCounter::First => {
                let alone =
                    NotePath::<NOTE_DEPTH>::alone::<Poseidon>(0, commitment(0, &FieldBytes::ZERO));
                w.counter_first = bit(true);
                w.counter_groups = elements(&alone.groups);
                let made =
                    first_counter_nullifier(nullifier_key, self.period, self.asset, &self.pool_id);
                (0, made)
            }
            OldCounter::Kept {
                spent,
                randomness,
                path,
            } => {
                let old = commitment(*spent, randomness);
                ensure(
                    path.leads::<Poseidon>(&old, &self.note_root),
                    Refusal::UnknownCounter,
                )?;
                w.counter_spent = Fr::from(*spent);
                w.counter_randomness = randomness.to_element();
                w.counter_position = low_bits(u128::from(path.position));
                w.counter_groups = elements(&path.groups);
                (
                    *spent,
                    nullifier(nullifier_key, &old, path.position, &self.pool_id),
                )
            }
        };
        let paid = if payment.pool_key == *pool_key {
            0
        } else {
            payment.value
        };
        let adds = u128::from(paid).saturating_add(u128::from(self.public_out));
        let limit = self.policy.limit;
        let spent = u64::try_from(adds.saturating_add(u128::from(before)))
            .ok()
            .filter(|spent| *spent <= limit)
            .ok_or(Refusal::LimitExceeded {
                spent: before,
                adds,
                limit,
            })?;
        w.counter_new_randomness = self.counter_randomness.to_element();
        Ok((
            nullifier,
            commitment(spent, &self.counter_randomness),
            spent,
        ))
    }
}
