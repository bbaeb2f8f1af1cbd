//! Which jurisdictions a verifier takes.

use crate::FieldBytes;

/// Codes of a set at most: the thirty of the European Economic Area, and two.
pub const MAX_CODES: usize = 32;

/// Why codes are no set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSet {
    /// None, or more than there may be.
    Count {
        /// How many there may be.
        most: usize,
    },
    /// Not two upper-case letters.
    Code([u8; 2]),
    /// Not in ascending order, or one of them twice.
    Order,
}

impl core::fmt::Display for BadSet {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Count { most } => write!(f, "a set has 1 to {most} jurisdictions"),
            Self::Code([first, second]) => write!(
                f,
                "{}{} is no jurisdiction: a code has two upper-case letters",
                first.escape_ascii(),
                second.escape_ascii()
            ),
            Self::Order => f.write_str("the jurisdictions are not in order, or one stands twice"),
        }
    }
}

impl core::error::Error for BadSet {}

/// Whether there are 1 to `most` codes of two upper-case letters, in ascending order, none twice. Answers the last one.
pub(crate) fn check_codes(codes: &[[u8; 2]], most: usize) -> Result<&[u8; 2], BadSet> {
    let last = codes
        .last()
        .filter(|_| codes.len() <= most)
        .ok_or(BadSet::Count { most })?;
    let bad = codes
        .iter()
        .find(|code| !code.iter().all(u8::is_ascii_uppercase));
    if let Some(bad) = bad {
        return Err(BadSet::Code(*bad));
    }
    let mut pairs = codes.iter().zip(codes.iter().skip(1));
    if !pairs.all(|(one, next)| one < next) {
        return Err(BadSet::Order);
    }
    Ok(last)
}

/// 1 to 32 codes of two upper-case letters, in ascending order, none twice. A set has one form, so that it has one
/// proof's public inputs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct JurisdictionSet {
    count: usize,
    /// The last is repeated to the end: no place is zero, which stands for no jurisdiction in claims.
    codes: [[u8; 2]; MAX_CODES],
}

impl JurisdictionSet {
    /// A set of these codes.
    pub fn new(codes: &[[u8; 2]]) -> Result<Self, BadSet> {
        let last = check_codes(codes, MAX_CODES)?;
        let mut filled = [*last; MAX_CODES];
        for (to, from) in filled.iter_mut().zip(codes) {
            *to = *from;
        }
        Ok(Self {
            count: codes.len(),
            codes: filled,
        })
    }

    /// The codes.
    pub fn codes(&self) -> &[[u8; 2]] {
        self.codes.get(..self.count).unwrap_or_default()
    }

    /// Whether a code is in it.
    pub fn contains(&self, code: [u8; 2]) -> bool {
        self.codes.contains(&code)
    }

    /// Whether all codes of another set are in it.
    pub fn covers(&self, other: &Self) -> bool {
        other.codes().iter().all(|code| self.contains(*code))
    }

    /// As in public inputs: each code as a number, little endian, and the last one repeated.
    pub fn elements(&self) -> [FieldBytes; MAX_CODES] {
        self.codes
            .map(|code| u64::from(u16::from_le_bytes(code)).into())
    }
}

impl core::fmt::Display for JurisdictionSet {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (at, [first, second]) in self.codes().iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{}{}", char::from(*first), char::from(*second))?;
        }
        Ok(())
    }
}

impl core::fmt::Debug for JurisdictionSet {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "JurisdictionSet({self})")
    }
}
