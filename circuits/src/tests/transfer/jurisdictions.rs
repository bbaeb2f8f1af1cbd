//! Where a policy lets the parties belong, as a set.

use crate::{
    FieldBytes,
    standing::BadSet,
    transfer::{Jurisdictions, MAX_POLICY_CODES, notes::policy_leaf},
};
use codec::{Decode, Encode, MaxEncodedLen};

fn set(codes: &[[u8; 2]]) -> Jurisdictions {
    Jurisdictions::new(codes).expect("a set")
}

/// Claims with these bytes where the jurisdictions stand.
fn claims(codes: &[u8]) -> FieldBytes {
    let mut bytes = [0; 31];
    bytes[12..12 + codes.len()].copy_from_slice(codes);
    FieldBytes::from_packed(bytes)
}

#[test]
fn a_set_has_one_form_and_no_other_is_decoded() {
    let bad = |codes: &[[u8; 2]]| Jurisdictions::new(codes).expect_err("it is no set");
    assert_eq!(bad(&[*b"DE", *b"CH"]), BadSet::Order);
    assert_eq!(bad(&[*b"DE", *b"DE"]), BadSet::Order);
    assert_eq!(bad(&[*b"de"]), BadSet::Code(*b"de"));
    assert_eq!(bad(&[[0; 2]]), BadSet::Code([0; 2]));
    let nine: Vec<[u8; 2]> = (b'A'..=b'I').map(|letter| [b'A', letter]).collect();
    assert_eq!(
        bad(&nine),
        BadSet::Count {
            most: MAX_POLICY_CODES
        }
    );
    for codes in [&[][..], &[*b"CH"], &nine[..8]] {
        let set = set(codes);
        assert_eq!(set.codes().collect::<Vec<_>>(), codes);
        let bytes = set.encode();
        assert_eq!(bytes.len(), Jurisdictions::max_encoded_len());
        assert_eq!(Jurisdictions::decode(&mut &bytes[..]), Ok(set));
    }
    for bytes in [
        *b"DECH\0\0\0\0\0\0\0\0\0\0\0\0",
        *b"CH\0\0DE\0\0\0\0\0\0\0\0\0\0",
        [1; 16],
    ] {
        assert!(Jurisdictions::decode(&mut &bytes[..]).is_err(), "{bytes:?}");
    }
    assert_eq!(set(&[]).to_string(), "anywhere");
    assert_eq!(set(&[*b"CH", *b"DE"]).to_string(), "CH,DE");
}

#[test]
fn claims_are_covered_where_all_their_jurisdictions_are_in_the_set() {
    let two = set(&[*b"CH", *b"DE"]);
    assert_eq!(two.cover(&claims(b"CH")), Ok(()));
    assert_eq!(two.cover(&claims(b"DECH")), Ok(()));
    assert_eq!(two.cover(&claims(b"CHFR")), Err(Some(*b"FR")));
    assert_eq!(two.cover(&claims(b"")), Err(None));
    // A place in between that is empty hides none behind it.
    assert_eq!(two.cover(&claims(b"CH\0\0FR")), Err(Some(*b"FR")));
    assert_eq!(two.cover(&claims(b"\0\0CH")), Err(None));
    for any in [&b""[..], b"FR", b"CHFR"] {
        assert_eq!(Jurisdictions::ANYWHERE.cover(&claims(any)), Ok(()));
    }
}

#[test]
fn policies_of_different_jurisdictions_have_different_leaves() {
    let leaf = |codes: &[[u8; 2]], flags| policy_leaf(1, 2, 3, flags, &set(codes));
    let leaves = [
        leaf(&[], 0),
        leaf(&[], 1),
        leaf(&[*b"CH"], 0),
        leaf(&[*b"CH"], 1),
        leaf(&[*b"DE"], 0),
        leaf(&[*b"CH", *b"DE"], 0),
    ];
    let distinct: std::collections::BTreeSet<_> = leaves.iter().collect();
    assert_eq!(distinct.len(), leaves.len());
    // Places behind the last are filled with it: none of them stands for nowhere.
    assert_eq!(set(&[*b"CH", *b"DE"]).filled(), *b"CHDEDEDEDEDEDEDE");
    assert_eq!(Jurisdictions::ANYWHERE.filled(), [0; 16]);
}
