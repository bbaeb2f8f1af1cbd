//! Where a policy lets the parties to a transfer belong.

use crate::{
    FieldBytes,
    standing::{BadSet, check_codes},
};
use codec::{Decode, DecodeWithMemTracking, Encode, Input, MaxEncodedLen};
use scale_info::TypeInfo;

/// Codes of a policy at most.
pub const MAX_POLICY_CODES: usize = 8;
/// Where the jurisdictions stand in the bytes of claims.
const CODES: core::ops::Range<usize> = 12..28;

/// At most eight codes of two upper-case letters, in ascending order, none twice; or anywhere, which is none of them.
///
/// Encoded as 16 bytes: the codes, and zeros after them. Decoding refuses every other form.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, MaxEncodedLen, TypeInfo,
)]
pub struct Jurisdictions([[u8; 2]; MAX_POLICY_CODES]);

impl Jurisdictions {
    /// Everybody may belong anywhere, or nowhere.
    pub const ANYWHERE: Self = Self([[0; 2]; MAX_POLICY_CODES]);

    /// These and no others; no code at all is [`Self::ANYWHERE`].
    pub fn new(codes: &[[u8; 2]]) -> Result<Self, BadSet> {
        if !codes.is_empty() {
            check_codes(codes, MAX_POLICY_CODES)?;
        }
        let mut all = Self::ANYWHERE;
        for (to, from) in all.0.iter_mut().zip(codes) {
            *to = *from;
        }
        Ok(all)
    }

    /// The codes.
    pub fn codes(&self) -> impl Iterator<Item = [u8; 2]> {
        self.0.into_iter().take_while(|code| *code != [0; 2])
    }

    /// Whether everybody may belong anywhere.
    pub fn is_anywhere(&self) -> bool {
        *self == Self::ANYWHERE
    }

    /// Whether claims say that somebody belongs somewhere, and nowhere else than to these.
    ///
    /// Errors with the first code that is not among them, or with none where the claims have no code.
    pub fn cover(&self, claims: &FieldBytes) -> Result<(), Option<[u8; 2]>> {
        if self.is_anywhere() {
            return Ok(());
        }
        let codes = claims.as_bytes().get(CODES).unwrap_or_default();
        for (number, code) in codes.as_chunks::<2>().0.iter().enumerate() {
            let is_none = *code == [0; 2];
            if number == 0 && is_none {
                return Err(None);
            }
            if !is_none && !self.codes().any(|one| one == *code) {
                return Err(Some(*code));
            }
        }
        Ok(())
    }

    /// As bytes of a policy's leaf: the last code is repeated to the end, since a place with zero would let somebody
    /// pass who belongs nowhere.
    pub(crate) fn filled(&self) -> [u8; 2 * MAX_POLICY_CODES] {
        let last = self.codes().last().unwrap_or_default();
        let mut bytes = [0; 2 * MAX_POLICY_CODES];
        for (to, code) in bytes.chunks_exact_mut(2).zip(self.0) {
            to.copy_from_slice(if code == [0; 2] { &last } else { &code });
        }
        bytes
    }
}

impl core::fmt::Display for Jurisdictions {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.is_anywhere() {
            return f.write_str("anywhere");
        }
        for (at, [first, second]) in self.codes().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{}{}", char::from(first), char::from(second))?;
        }
        Ok(())
    }
}

impl Decode for Jurisdictions {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let read = Self(Decode::decode(input)?);
        let count = read.codes().count();
        let again = Self::new(read.0.get(..count).unwrap_or_default());
        if again == Ok(read) {
            Ok(read)
        } else {
            Err("jurisdictions are two upper-case letters each, in ascending order, and zeros after them".into())
        }
    }
}

impl DecodeWithMemTracking for Jurisdictions {}
