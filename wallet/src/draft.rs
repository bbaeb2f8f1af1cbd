//! Transactions that are still to be proven.

use crate::{Body, Call, Pending, Problem, Purpose, Transfer, bind};
use plume_circuits::transfer::{PublicInputs, Witness, verify::PROOF_BYTES_UNCOMPRESSED};

/// One transfer that is still to be proven.
#[derive(Clone)]
pub(crate) struct Part {
    pub body: Body,
    pub public: PublicInputs,
    pub witness: Witness,
    pub asset: u32,
}

/// A transaction that is still to be proven: [`crate::Prover::prove`].
#[derive(Clone)]
pub struct Draft {
    pub(crate) purpose: Purpose,
    pub(crate) parts: Vec<Part>,
}

impl core::fmt::Debug for Draft {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Draft({} transfers)", self.parts.len())
    }
}

impl Draft {
    pub(crate) fn bound(purpose: Purpose, mut parts: Vec<Part>) -> Result<Self, Problem> {
        let binding = bind(&purpose, parts.iter().map(|part| &part.body));
        for part in &mut parts {
            part.public.binding = binding;
        }
        let draft = Self { purpose, parts };
        draft.unproven().ok_or(Problem::Size)?;
        Ok(draft)
    }

    /// Puts transfers of several wallets into one transaction; each stays bound to all. Those of PLUME pay for all.
    pub fn bundle(drafts: impl IntoIterator<Item = Self>) -> Result<Self, Problem> {
        let mut parts = Vec::new();
        for draft in drafts {
            if !matches!(draft.purpose, Purpose::Transfer | Purpose::Bundle) {
                return Err(Problem::Size);
            }
            parts.extend(draft.parts);
        }
        Self::bound(Purpose::Bundle, parts)
    }

    /// The call without its proofs: as long as the call with them, for asking what it costs.
    pub fn unproven(&self) -> Option<Call> {
        let transfers = self.parts.iter().map(|part| Transfer {
            body: part.body.clone(),
            proof: [0; PROOF_BYTES_UNCOMPRESSED],
        });
        Call::of(&self.purpose, transfers.collect())
    }

    /// What is to be [remembered](crate::Wallet::remember) when it is sent.
    pub fn pending(&self) -> Pending {
        let bodies = || self.parts.iter().map(|part| &part.body);
        Pending {
            time: bodies().map(|body| body.time).max().unwrap_or_default(),
            assets: self.parts.iter().map(|part| part.asset).collect(),
            counters: bodies().map(|body| body.counter_nullifier).collect(),
        }
    }

    /// What each of its proofs will say.
    pub fn statements(&self) -> Vec<PublicInputs> {
        self.parts.iter().map(|part| part.public).collect()
    }
}
