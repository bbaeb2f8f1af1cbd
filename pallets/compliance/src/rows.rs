//! Rows of numbers that are kept as they are stored: reading and writing what is remembered of a party copies bytes,
//! and no row is decoded until a rule looks at it.
//!
//! A transfer reads two parties of some two hundred rows and changes five of each. Decoding all of them field by field
//! took longer than most rules.

use codec::{
    Decode, DecodeWithMemTracking, Encode, EncodeLike, Error, Input, MaxEncodedLen, Output,
};
use core::{fmt, marker::PhantomData};
use scale_info::{Type, TypeInfo};

/// What a row says, in so many bytes. They are those of its SCALE encoding; all zeros are the empty row.
pub trait Row<const BYTES: usize>: Copy {
    /// Its encoding.
    fn to_bytes(self) -> [u8; BYTES];
    /// What an encoding says. Every one says something.
    fn from_bytes(bytes: [u8; BYTES]) -> Self;
}

/// So many rows, encoded like an array of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rows<R, const BYTES: usize, const LENGTH: usize>([[u8; BYTES]; LENGTH], PhantomData<R>);

impl<R: Row<BYTES>, const BYTES: usize, const LENGTH: usize> Rows<R, BYTES, LENGTH> {
    /// All rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = R> + Clone {
        self.0.iter().map(|bytes| R::from_bytes(*bytes))
    }

    /// One row, if there is one at this place.
    pub fn get(&self, place: usize) -> Option<R> {
        self.0.get(place).map(|bytes| R::from_bytes(*bytes))
    }

    /// Replaces a row, if there is one at this place.
    pub fn set(&mut self, place: usize, row: R) {
        if let Some(bytes) = self.0.get_mut(place) {
            *bytes = row.to_bytes();
        }
    }
}

impl<R, const BYTES: usize, const LENGTH: usize> Default for Rows<R, BYTES, LENGTH> {
    fn default() -> Self {
        Self([[0; BYTES]; LENGTH], PhantomData)
    }
}

impl<R: Row<BYTES> + fmt::Debug, const BYTES: usize, const LENGTH: usize> fmt::Debug
    for Rows<R, BYTES, LENGTH>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<R, const BYTES: usize, const LENGTH: usize> Encode for Rows<R, BYTES, LENGTH> {
    fn size_hint(&self) -> usize {
        self.0.as_flattened().len()
    }

    fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
        dest.write(self.0.as_flattened());
    }
}

impl<R, const BYTES: usize, const LENGTH: usize> EncodeLike for Rows<R, BYTES, LENGTH> {}

impl<R, const BYTES: usize, const LENGTH: usize> Decode for Rows<R, BYTES, LENGTH> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let mut rows = Self::default();
        input.read(rows.0.as_flattened_mut())?;
        Ok(rows)
    }
}

impl<R, const BYTES: usize, const LENGTH: usize> DecodeWithMemTracking for Rows<R, BYTES, LENGTH> {}

impl<R, const BYTES: usize, const LENGTH: usize> MaxEncodedLen for Rows<R, BYTES, LENGTH> {
    fn max_encoded_len() -> usize {
        BYTES.saturating_mul(LENGTH)
    }
}

/// To clients it is the array that it is encoded as.
impl<R: TypeInfo + 'static, const BYTES: usize, const LENGTH: usize> TypeInfo
    for Rows<R, BYTES, LENGTH>
{
    type Identity = [R; LENGTH];

    fn type_info() -> Type {
        Self::Identity::type_info()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
    struct Pair {
        small: u16,
        large: u32,
    }

    impl Row<6> for Pair {
        fn to_bytes(self) -> [u8; 6] {
            let ([a, b], [c, d, e, f]) = (self.small.to_le_bytes(), self.large.to_le_bytes());
            [a, b, c, d, e, f]
        }

        fn from_bytes([a, b, c, d, e, f]: [u8; 6]) -> Self {
            Self {
                small: u16::from_le_bytes([a, b]),
                large: u32::from_le_bytes([c, d, e, f]),
            }
        }
    }

    #[test]
    fn rows_are_encoded_like_an_array_of_them() {
        let pairs = [1u16, 2, 3].map(|n| Pair {
            small: n,
            large: u32::MAX - u32::from(n),
        });
        let mut rows = Rows::<Pair, 6, 3>::default();
        assert_eq!(rows.encode(), [Pair::default(); 3].encode());
        for (place, pair) in pairs.into_iter().enumerate() {
            rows.set(place, pair);
            assert_eq!(rows.get(place), Some(pair));
        }
        rows.set(3, pairs[0]);
        assert_eq!(rows.get(3), None);
        assert_eq!(rows.encode(), pairs.encode());
        assert_eq!(rows.encoded_size(), Rows::<Pair, 6, 3>::max_encoded_len());
        assert_eq!(Rows::decode(&mut &pairs.encode()[..]), Ok(rows));
        assert_eq!(format!("{rows:?}"), format!("{pairs:?}"));
        assert!(Rows::<Pair, 6, 3>::decode(&mut &pairs.encode()[1..]).is_err());
    }
}
