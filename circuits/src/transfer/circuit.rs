//! The statement as constraints, rule by rule. The numbers are those of [the statement](super).
#![allow(clippy::arithmetic_side_effects, reason = "a field has no overflow")]

use super::{
    MAX_POLICY_CODES, PUBLIC_INPUTS,
    constraints::{Builder, Num, Rule, Rules, Shape, power_of_two},
    gadgets::{
        curve::{multiple, multiple_of_generator, steps},
        jurisdictions::{codes, covered, set},
        membership::{root_above, root_above_position},
        poseidon::{Cell, hash, squeezed},
        range::{below, bits, number},
    },
    public::PublicInputs,
    witness::Witness,
};
use crate::{Domain, FieldBytes, Fr};
use ark_ff::{AdditiveGroup, Field};

/// Bits of a value.
const VALUE_BITS: usize = 64;
/// Bits of a moment.
pub(crate) const TIME_BITS: usize = 32;
/// Bits of all claims: 28 bytes.
pub(crate) const CLAIMS_BITS: usize = 224;

/// All constraints.
pub fn shape() -> Shape {
    let mut builder = Builder::recording(Rule::Keys);
    synthesise(&mut builder, [Fr::ZERO; PUBLIC_INPUTS], &Witness::default());
    builder.into_shape()
}

/// One, the public inputs, and the witness with all that follows from it. Good only if the witness is.
pub fn assignment(public: &PublicInputs, witness: &Witness) -> Vec<Fr> {
    let mut builder = Builder::computing(Rule::Keys);
    let elements = public
        .to_elements()
        .map(|element| FieldBytes::to_element(&element));
    synthesise(&mut builder, elements, witness);
    builder.into_assignment()
}

/// What the rules need of a credential.
pub(crate) struct Credential {
    subject: Num,
    issuer: Num,
    pub(crate) claims: Num,
    /// The root above its leaf.
    pub(crate) root: Num,
}

/// A credential of the holder of a pool key, and the root above its leaf.
pub(crate) fn credential<R: Rules, const N: usize>(
    b: &mut Builder<R>,
    [subject, issuer, claims, salt]: [Fr; 4],
    groups: &[[Fr; 4]; N],
    pool_key: &Num,
) -> Credential {
    let [subject, issuer, claims, salt] =
        [subject, issuer, claims, salt].map(|value| b.witness(value));
    let groups = groups.map(|group| group.map(|child| b.witness(child)));
    let commitment = hash(b, Domain::Commitment, &[&salt, pool_key]);
    let leaf = hash(b, Domain::Leaf, &[&subject, &issuer, &claims, &commitment]);
    let root = root_above(b, &leaf, &groups);
    Credential {
        subject,
        issuer,
        claims,
        root,
    }
}

/// What the rules need of claims that are in force.
struct Claims {
    tier: Num,
    jurisdictions: Vec<Num>,
}

/// Demands that a moment is within a credential's validity, and opens its claims.
fn in_force(b: &mut Builder, claims: &Num, time: &Num) -> Claims {
    let bits = bits(b, claims, CLAIMS_BITS);
    let part = |b: &Builder, from: usize, count: usize| {
        number(
            b,
            bits.get(from..from.saturating_add(count))
                .unwrap_or_default(),
        )
    };
    let (tier, from, until) = (
        part(b, 0, 8),
        part(b, 32, TIME_BITS),
        part(b, 64, TIME_BITS),
    );
    below(b, &(time - &from), TIME_BITS);
    below(b, &(&until - time).shifted(-Fr::ONE), TIME_BITS);
    Claims {
        tier,
        jurisdictions: codes(b, &bits),
    }
}

/// A public amount of the asset: `public` is it and asset · 2⁶⁴ where the bit is 1, and zero where it is 0.
fn public_amount(b: &mut Builder, public: &Num, bit: Fr, asset: &Num) -> Num {
    let bit = b.bit(bit);
    let zero = b.constant(Fr::ZERO);
    b.enforce(&bit.shifted(-Fr::ONE), public, &zero);
    let label = b.product(&bit, &(asset * power_of_two(64)));
    let value = public - &label;
    below(b, &value, VALUE_BITS);
    value
}

/// Adds key stream to a plaintext and demands the ciphertext.
fn encrypt(b: &mut Builder, shared: &[Num; 2], layer: u32, plain: &[&Num], ciphertext: &[Num]) {
    let [x, y] = shared;
    let place = b.constant(Fr::from(u64::from(layer) << 32));
    let capacity = Cell::Constant(Fr::from(Domain::Stream.capacity(3)));
    let stream = squeezed(b, capacity, &[x, y, &place]);
    for ((key, plain), cipher) in stream.iter().zip(plain).zip(ciphertext) {
        b.equal(&(key + plain), cipher);
    }
}

fn synthesise(b: &mut Builder, public: [Fr; PUBLIC_INPUTS], w: &Witness) {
    let [
        note_root,
        credential_root,
        policy_root,
        pool_id,
        nullifier_1,
        nullifier_2,
        commitment_1,
        commitment_2,
        counter_nullifier,
        counter_commitment,
        public_in,
        public_out,
        time,
        period,
        flow_x,
        flow_y,
        committee_x,
        committee_y,
        ephemeral_x,
        ephemeral_y,
        flow_1,
        flow_2,
        flow_3,
        flow_4,
        committee_1,
        committee_2,
        _binding,
    ] = b.inputs(public);
    let asset = b.witness(w.asset);
    let label = &asset * power_of_two(64);

    // 1. Keys.
    b.rule(Rule::Keys);
    let spend_secret = b.witness(w.spend_secret);
    let nullifier_key = b.witness(w.nullifier_key);
    let authority = hash(b, Domain::SpendAuthority, &[&spend_secret]);
    let pool_key = hash(b, Domain::PoolKey, &[&authority, &nullifier_key]);

    let inputs = w
        .input_value
        .iter()
        .zip(&w.input_diversifier)
        .zip(&w.input_randomness);
    let places = w
        .input_position
        .iter()
        .zip(&w.input_groups)
        .zip([nullifier_1, nullifier_2]);
    let mut entering = b.constant(Fr::ZERO);
    for (((value, diversifier), randomness), ((position, groups), nullifier)) in inputs.zip(places)
    {
        // 2. Input notes.
        b.rule(Rule::InputNotes);
        let value = b.witness(*value);
        let diversifier = b.witness(*diversifier);
        let randomness = b.witness(*randomness);
        below(b, &value, VALUE_BITS);
        let owner = hash(b, Domain::Owner, &[&pool_key, &diversifier]);
        let commitment = hash(b, Domain::Note, &[&(&value + &label), &owner, &randomness]);
        entering = &entering + &value;

        // 3. Membership of the inputs.
        b.rule(Rule::InputMembership);
        let position = position.map(|bit| b.bit(bit));
        let groups = groups.map(|group| group.map(|child| b.witness(child)));
        let root = root_above_position(b, &commitment, &position, &groups);
        b.equal_if(&value, &root, &note_root);

        // 4. Nullifiers.
        b.rule(Rule::Nullifiers);
        let position = number(b, &position);
        let spent = hash(
            b,
            Domain::Nullifier,
            &[&nullifier_key, &commitment, &position, &pool_id],
        );
        b.equal(&spent, &nullifier);
    }

    // 5. Output notes.
    b.rule(Rule::OutputNotes);
    let payment = b.witness(w.payment_value);
    let receiver_key = b.witness(w.payment_pool_key);
    let change = b.witness(w.change_value);
    let outputs = [
        (
            &payment,
            &receiver_key,
            w.payment_diversifier,
            w.payment_randomness,
            commitment_1,
        ),
        (
            &change,
            &pool_key,
            w.change_diversifier,
            w.change_randomness,
            commitment_2,
        ),
    ];
    for (value, key, diversifier, randomness, commitment) in outputs {
        let diversifier = b.witness(diversifier);
        let randomness = b.witness(randomness);
        below(b, value, VALUE_BITS);
        let owner = hash(b, Domain::Owner, &[key, &diversifier]);
        let made = hash(b, Domain::Note, &[&(value + &label), &owner, &randomness]);
        b.equal(&made, &commitment);
    }

    // 6. Public amounts.
    b.rule(Rule::PublicAmounts);
    let coming = public_amount(b, &public_in, w.enters, &asset);
    let going = public_amount(b, &public_out, w.leaves, &asset);

    // 7. Balance.
    b.rule(Rule::Balance);
    b.equal(&(&entering + &coming), &(&(&payment + &change) + &going));

    // 8. Sender's credential.
    b.rule(Rule::SenderCredential);
    let sender = [
        w.sender_subject,
        w.sender_issuer,
        w.sender_claims,
        w.sender_salt,
    ];
    let sender = credential(b, sender, &w.sender_groups, &pool_key);
    b.equal(&sender.root, &credential_root);

    // 9. Sender's validity and tier.
    b.rule(Rule::SenderValidity);
    let claims = in_force(b, &sender.claims, &time);

    // 12. Policy. Before 10, which depends on its flag.
    b.rule(Rule::Policy);
    let limit = b.witness(w.policy_limit);
    let asks_receiver = b.bit(w.policy_flags);
    let restricts = b.bit(w.policy_restricts);
    let packed = b.witness(w.policy_jurisdictions);
    let allowed = bits(b, &packed, 16 * MAX_POLICY_CODES);
    let allowed = set(b, &allowed);
    let conditions = asks_receiver
        .plus(Fr::from(2u64), &restricts)
        .plus(power_of_two(16), &packed);
    let groups = w
        .policy_groups
        .map(|group| group.map(|child| b.witness(child)));
    let leaf = hash(
        b,
        Domain::Policy,
        &[&asset, &claims.tier, &limit, &conditions],
    );
    let root = root_above(b, &leaf, &groups);
    b.equal(&root, &policy_root);

    // 20. Jurisdictions, the sender's.
    b.rule(Rule::Jurisdictions);
    covered(b, &[&restricts], &claims.jurisdictions, &allowed);

    // 10. Receiver's credential.
    b.rule(Rule::ReceiverCredential);
    let receiver = [
        w.receiver_subject,
        w.receiver_issuer,
        w.receiver_claims,
        w.receiver_salt,
    ];
    let receiver = credential(b, receiver, &w.receiver_groups, &receiver_key);
    b.equal_if(&asks_receiver, &receiver.root, &credential_root);

    // 11. Receiver's validity.
    b.rule(Rule::ReceiverValidity);
    let claims = in_force(b, &receiver.claims, &time);

    // 20. The receiver's.
    b.rule(Rule::Jurisdictions);
    let conditions = [&restricts, &asks_receiver];
    covered(b, &conditions, &claims.jurisdictions, &allowed);

    // 13. Old counter.
    b.rule(Rule::OldCounter);
    let first = b.bit(w.counter_first);
    let spent = b.witness(w.counter_spent);
    let randomness = b.witness(w.counter_randomness);
    below(b, &spent, VALUE_BITS);
    let zero = b.constant(Fr::ZERO);
    b.equal_if(&first, &spent, &zero);
    let when = (&period * power_of_two(64)).plus(power_of_two(96), &asset);
    let counter = hash(
        b,
        Domain::Counter,
        &[&(&spent + &when), &pool_key, &randomness],
    );
    let position = w.counter_position.map(|bit| b.bit(bit));
    let groups = w
        .counter_groups
        .map(|group| group.map(|child| b.witness(child)));
    let root = root_above_position(b, &counter, &position, &groups);
    let later = &b.constant(Fr::ONE) - &first;
    b.equal_if(&later, &root, &note_root);

    // 14. Counter's nullifier: one permutation for either hash.
    b.rule(Rule::CounterNullifier);
    let position = number(b, &position);
    let [later_capacity, first_capacity] = [(Domain::Nullifier, 4), (Domain::FirstCounter, 3)]
        .map(|(domain, length)| Fr::from(domain.capacity(length)));
    let capacity = (&first * (first_capacity - later_capacity)).shifted(later_capacity);
    let second = b.select(&first, &when, &counter);
    let third = b.select(&first, &pool_id, &position);
    let fourth = b.product(&later, &pool_id);
    let elements = [&nullifier_key, &second, &third, &fourth];
    let [made, ..] = squeezed(b, Cell::Any(capacity), &elements);
    b.equal(&made, &counter_nullifier);

    // 15. Limit and new counter.
    b.rule(Rule::Limit);
    let to_self = b.bit(w.payment_to_self);
    b.equal_if(&to_self, &receiver_key, &pool_key);
    let paid = b.product(&(&b.constant(Fr::ONE) - &to_self), &payment);
    let spent = &(&spent + &paid) + &going;
    below(b, &(&limit - &spent), VALUE_BITS);
    let randomness = b.witness(w.counter_new_randomness);
    let made = hash(
        b,
        Domain::Counter,
        &[&(&spent + &when), &pool_key, &randomness],
    );
    b.equal(&made, &counter_commitment);

    // 16. Pseudonym.
    b.rule(Rule::Pseudonym);
    let pseudonym = hash(b, Domain::Pseudonym, &[&nullifier_key, &period]);

    // 17. Ephemeral and shared points.
    b.rule(Rule::Agreement);
    let secret = steps(b, &w.ephemeral);
    let [x, y] = multiple_of_generator(b, &secret);
    b.equal(&x, &ephemeral_x);
    b.equal(&y, &ephemeral_y);
    let with_flow = multiple(b, &secret, &[flow_x, flow_y]);
    let with_committee = multiple(b, &secret, &[committee_x, committee_y]);

    // 18. Flow layer.
    b.rule(Rule::FlowLayer);
    let kind = coming
        .plus(power_of_two(64), &going)
        .plus(power_of_two(128), &to_self);
    let plain = [&(&payment + &label), &sender.issuer, &pseudonym, &kind];
    encrypt(
        b,
        &with_flow,
        super::FLOW_LAYER,
        &plain,
        &[flow_1, flow_2, flow_3, flow_4],
    );

    // 19. Committee's layer.
    b.rule(Rule::CommitteeLayer);
    let plain = [&sender.subject, &receiver.subject];
    encrypt(
        b,
        &with_committee,
        super::COMMITTEE_LAYER,
        &plain,
        &[committee_1, committee_2],
    );
}
