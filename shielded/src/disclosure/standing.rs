//! Standing, shown to one verifier: known well enough, and not who it is.

use super::{Audience, DisclosureError, message};
use crate::{
    blake,
    json::{self, Base64},
};
use plume_circuits::{
    FieldBytes,
    standing::{
        JurisdictionSet, PublicInputs,
        verify::{KEY_BYTES, VerifyingKey},
    },
    transfer::verify::{PROOF_BYTES, Proof},
};
use serde::{Deserialize, Serialize};

const VERSION: u8 = 1;
const KIND: &str = "standing";

/// Seconds for which a proof is taken for present when its verifier does not say otherwise.
pub const MAX_AGE_SECONDS: u32 = 600;

/// What a verifier asks of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who asks, this time.
    pub audience: Audience,
    /// The lowest tier that is good enough.
    pub tier: u8,
    /// Where it may belong: all of its jurisdictions have to be among them.
    pub jurisdictions: JurisdictionSet,
}

impl Question {
    /// The element that stands for the verifier in proofs about a pool's chain. The pseudonym is made with it, so it
    /// does not depend on the nonce.
    pub fn verifier(&self, pool: &FieldBytes) -> Result<FieldBytes, DisclosureError> {
        self.audience.check()?;
        Ok(verifier(&self.audience, pool))
    }
}

fn verifier(audience: &Audience, pool: &FieldBytes) -> FieldBytes {
    let parts: [&[u8]; 2] = [pool.as_bytes(), audience.verifier.as_bytes()];
    blake::element(blake::VERIFIER, &parts)
}

/// What the verifier knows of the chain at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The chain's pool.
    pub pool: FieldBytes,
    /// Seconds since the first block.
    pub now: u32,
    /// How long ago a proof may have been made, in seconds. Longer, and a credential that has ended since passes.
    pub max_age: u32,
    /// Whether the chain takes [`Standing::root`] in a transfer now. Where nobody looked, a credential that was taken
    /// back passes, and so does one that never was.
    pub root_counts: bool,
}

/// Everything that is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    audience: Audience,
    jurisdictions: Vec<String>,
    #[serde(with = "json::hexadecimal")]
    pool: FieldBytes,
    #[serde(with = "json::hexadecimal")]
    pseudonym: FieldBytes,
    #[serde(with = "json::hexadecimal")]
    root: FieldBytes,
    tier: u8,
    time: u32,
    version: u8,
}

impl Body {
    /// What is proven of it.
    fn public(&self) -> Result<PublicInputs, DisclosureError> {
        self.audience.check()?;
        let codes = self.jurisdictions.iter().map(|code| {
            let code = code.as_bytes().try_into();
            code.map_err(|_| DisclosureError::Code)
        });
        let codes: Vec<[u8; 2]> = codes.collect::<Result<_, _>>()?;
        Ok(PublicInputs {
            credential_root: self.root,
            tier: self.tier,
            time: self.time,
            verifier: verifier(&self.audience, &self.pool),
            pseudonym: self.pseudonym,
            binding: FieldBytes::from_hash(message(KIND, self)),
            jurisdictions: JurisdictionSet::new(&codes)?,
        })
    }
}

/// Standing without its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnprovenStanding {
    body: Body,
}

impl UnprovenStanding {
    /// From what [`Plan::assign`](plume_circuits::standing) made public for this question, and the pool of the chain.
    pub fn new(
        question: &Question,
        assigned: &PublicInputs,
        pool: FieldBytes,
    ) -> Result<Self, DisclosureError> {
        question.audience.check()?;
        let codes = assigned.jurisdictions.codes().iter();
        let body = Body {
            audience: question.audience.clone(),
            jurisdictions: codes
                .map(|[first, second]| String::from_iter([char::from(*first), char::from(*second)]))
                .collect(),
            pool,
            pseudonym: assigned.pseudonym,
            root: assigned.credential_root,
            tier: assigned.tier,
            time: assigned.time,
            version: VERSION,
        };
        Ok(Self { body })
    }

    /// What has to be proven: `assigned`, bound to all that is said.
    pub fn public(&self) -> Result<PublicInputs, DisclosureError> {
        self.body.public()
    }

    /// With its proof.
    pub fn proven(self, proof: [u8; PROOF_BYTES]) -> Standing {
        Standing {
            body: self.body,
            proof: Base64(proof.to_vec()),
        }
    }
}

/// That somebody is known well enough, shown to one verifier: see [the module](super). About 800 bytes of canonical
/// JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    body: Body,
    proof: Base64,
}

/// What was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stands {
    /// It is known at least so well.
    pub tier: u8,
    /// All of its jurisdictions are among these.
    pub jurisdictions: JurisdictionSet,
    /// When that was so, in seconds since the first block.
    pub time: u32,
    /// Its name for this verifier: the same whenever it shows something to it with the same key.
    pub pseudonym: FieldBytes,
}

impl Standing {
    /// The root of credentials that the verifier has to ask the chain about.
    pub fn root(&self) -> FieldBytes {
        self.body.root
    }

    /// Checks everything: that it answers this verifier's question, now, for this chain, and that it is proven. More
    /// than was asked is an answer as well: a higher tier, or fewer jurisdictions.
    pub fn verify(
        &self,
        question: &Question,
        moment: &Moment,
        key: &VerifyingKey,
    ) -> Result<Stands, DisclosureError> {
        let body = &self.body;
        if body.version != VERSION {
            return Err(DisclosureError::Version(body.version));
        }
        question.audience.check()?;
        if body.audience != question.audience {
            return Err(DisclosureError::Audience);
        }
        if body.pool != moment.pool {
            return Err(DisclosureError::Pool);
        }
        let public = body.public()?;
        if public.tier < question.tier {
            return Err(DisclosureError::Tier {
                shown: public.tier,
                asked: question.tier,
            });
        }
        if !question.jurisdictions.covers(&public.jurisdictions) {
            return Err(DisclosureError::Jurisdictions(
                public.jurisdictions.to_string(),
            ));
        }
        let age = moment.now.checked_sub(body.time);
        if age.is_none_or(|age| age > moment.max_age) {
            return Err(DisclosureError::Time {
                shown: body.time,
                now: moment.now,
            });
        }
        if !moment.root_counts {
            return Err(DisclosureError::Root);
        }
        let proof = Proof::from_bytes(&self.proof.0).map_err(|_| DisclosureError::Proof)?;
        if !key.verify(&public, &proof) {
            return Err(DisclosureError::Proof);
        }
        Ok(Stands {
            tier: public.tier,
            jurisdictions: public.jurisdictions,
            time: public.time,
            pseudonym: public.pseudonym,
        })
    }

    /// As canonical JSON.
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// From canonical JSON.
    pub fn from_json(text: &str) -> Result<Self, DisclosureError> {
        Ok(json::read(text)?)
    }
}

impl core::fmt::Debug for Standing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Standing(tier {})", self.body.tier)
    }
}

/// **INSECURE-DEV**: the key of development networks, for which everybody can forge proofs.
pub fn insecure_development_key() -> Result<VerifyingKey, DisclosureError> {
    let bytes: &[u8; KEY_BYTES] = &plume_circuits::standing::development::VERIFYING_KEY;
    VerifyingKey::from_bytes(bytes).map_err(|_| DisclosureError::Proof)
}
