//! What the prover knows: every value that a transfer's proof hides.

use super::{CREDENTIAL_DEPTH, HALF_BITS, NOTE_DEPTH, POLICY_DEPTH};
use crate::Fr;

/// Bits of a position in the tree of notes.
pub const POSITION_BITS: usize = 2 * NOTE_DEPTH;

/// A value, or values, as the list of their elements.
pub(crate) trait Cells {
    fn cells(&mut self) -> Vec<&mut Fr>;
}

impl Cells for Fr {
    fn cells(&mut self) -> Vec<&mut Fr> {
        vec![self]
    }
}

impl<T: Cells, const N: usize> Cells for [T; N] {
    fn cells(&mut self) -> Vec<&mut Fr> {
        self.iter_mut().flat_map(Cells::cells).collect()
    }
}

/// Makes the struct, and the list of its fields from the same lines, so that none can be missing from the list.
macro_rules! witness {
    ($($(#[$doc:meta])* $field:ident: $kind:ty = $zero:expr,)*) => {
        /// Every value that a proof hides, as field elements. Any elements make a witness; a good one comes from
        /// [`Plan::assign`](super::Plan::assign).
        #[derive(Clone, PartialEq, Eq)]
        pub struct Witness {
            $($(#[$doc])* pub $field: $kind,)*
        }

        impl core::fmt::Debug for Witness {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("Witness(..)")
            }
        }

        impl Witness {
            /// The names of all fields.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];

            /// The elements of a field, to be changed. Empty when there is no field of the name.
            pub fn field_mut(&mut self, name: &str) -> Vec<&mut $crate::Fr> {
                $(if name == stringify!($field) {
                    return $crate::transfer::witness::Cells::cells(&mut self.$field);
                })*
                Vec::new()
            }
        }

        impl Default for Witness {
            fn default() -> Self {
                Self { $($field: $zero,)* }
            }
        }
    };
}

pub(crate) use witness;

const ZERO: Fr = <Fr as ark_ff::AdditiveGroup>::ZERO;

witness! {
    /// s.
    spend_secret: Fr = ZERO,
    /// nk.
    nullifier_key: Fr = ZERO,
    /// The asset of all notes.
    asset: Fr = ZERO,
    /// What the inputs are worth.
    input_value: [Fr; 2] = [ZERO; 2],
    /// Diversifiers of the addresses that they came to.
    input_diversifier: [Fr; 2] = [ZERO; 2],
    /// Their randomness.
    input_randomness: [Fr; 2] = [ZERO; 2],
    /// Their positions: bits, the lowest first.
    input_position: [[Fr; POSITION_BITS]; 2] = [[ZERO; POSITION_BITS]; 2],
    /// The children of their ancestors.
    input_groups: [[[Fr; 4]; NOTE_DEPTH]; 2] = [[[ZERO; 4]; NOTE_DEPTH]; 2],
    /// What the payment is worth.
    payment_value: Fr = ZERO,
    /// The receiver's pool key.
    payment_pool_key: Fr = ZERO,
    /// The diversifier of the receiver's address.
    payment_diversifier: Fr = ZERO,
    /// The payment's randomness.
    payment_randomness: Fr = ZERO,
    /// 1 when the receiver is the sender, so that nothing is paid.
    payment_to_self: Fr = ZERO,
    /// What comes back.
    change_value: Fr = ZERO,
    /// The diversifier of the address to which.
    change_diversifier: Fr = ZERO,
    /// The change's randomness.
    change_randomness: Fr = ZERO,
    /// 1 when something enters in public.
    enters: Fr = ZERO,
    /// 1 when something leaves in public.
    leaves: Fr = ZERO,
    /// The sender, as the issuer numbers it.
    sender_subject: Fr = ZERO,
    /// The sender's issuer.
    sender_issuer: Fr = ZERO,
    /// What the issuer claims of the sender.
    sender_claims: Fr = ZERO,
    /// The salt of the sender's commitment.
    sender_salt: Fr = ZERO,
    /// The children of the ancestors of the sender's leaf.
    sender_groups: [[Fr; 4]; CREDENTIAL_DEPTH] = [[ZERO; 4]; CREDENTIAL_DEPTH],
    /// The receiver, as the issuer numbers it.
    receiver_subject: Fr = ZERO,
    /// The receiver's issuer.
    receiver_issuer: Fr = ZERO,
    /// What the issuer claims of the receiver.
    receiver_claims: Fr = ZERO,
    /// The salt of the receiver's commitment.
    receiver_salt: Fr = ZERO,
    /// The children of the ancestors of the receiver's leaf.
    receiver_groups: [[Fr; 4]; CREDENTIAL_DEPTH] = [[ZERO; 4]; CREDENTIAL_DEPTH],
    /// What the policy lets a sender spend in a period.
    policy_limit: Fr = ZERO,
    /// 1 when the policy asks for a credential of the receiver.
    policy_flags: Fr = ZERO,
    /// 1 when it names jurisdictions.
    policy_restricts: Fr = ZERO,
    /// Those: 16 bits each, the first in the lowest.
    policy_jurisdictions: Fr = ZERO,
    /// The children of the ancestors of the policy's leaf.
    policy_groups: [[Fr; 4]; POLICY_DEPTH] = [[ZERO; 4]; POLICY_DEPTH],
    /// 1 when no transfer of the asset was counted in the period before.
    counter_first: Fr = ZERO,
    /// What was spent before.
    counter_spent: Fr = ZERO,
    /// The old counter's randomness.
    counter_randomness: Fr = ZERO,
    /// Its position: bits, the lowest first.
    counter_position: [Fr; POSITION_BITS] = [ZERO; POSITION_BITS],
    /// The children of its ancestors.
    counter_groups: [[Fr; 4]; NOTE_DEPTH] = [[ZERO; 4]; NOTE_DEPTH],
    /// The new counter's randomness.
    counter_new_randomness: Fr = ZERO,
    /// The ephemeral secret's halves: bits, the lowest first.
    ephemeral: [[Fr; HALF_BITS as usize]; 2] = [[ZERO; HALF_BITS as usize]; 2],
}
