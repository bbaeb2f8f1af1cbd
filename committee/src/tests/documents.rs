use super::parties::{TestRng, form, members, purpose, roster, transfer};
use crate::{
    Bytes32, Certificate, Committee, DecryptionShare, FlowKey, MemberKey, Record, Roster,
    ShareFile,
    ceremony::{self, Auditor, Document, FlowSeed, Request, from_json, to_json},
    keygen::Keygen,
    messages::{Commitments, Complaint, Confirmation, Dealing, Signed, SubShares},
    reshare,
};
use ark_ed_on_bls12_381_bandersnatch::EdwardsConfig;
use codec::{Decode, Encode};
use core::fmt::Debug;
use proptest::prelude::*;
use std::sync::OnceLock;

/// One file of each format.
struct Files(Vec<(&'static str, String)>);

fn files() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| {
        let rng = &mut TestRng::new(1);
        let formed = form(2, 3, rng);
        let keys = formed.keys();
        let new = members(2, rng);
        let next = roster(2, &new, Some(&formed.certificate), rng);
        let first = roster(2, &formed.members, None, rng);
        let (begun, commitments): (Vec<_>, Vec<_>) = formed
            .members
            .iter()
            .map(|key| Keygen::begin(&first, key, rng).unwrap())
            .unzip();
        let mut exchanged = begun[0].clone();
        let sub_shares = exchanged
            .exchange(&formed.members[0], &commitments, rng)
            .unwrap();
        let dealing = reshare::deal(
            &formed.certificate,
            &next,
            &formed.members[0],
            &formed.shares[0],
            rng,
        )
        .unwrap();
        let place = crate::seal::Place {
            ceremony: dealing.body.ceremony,
            binding: crate::dealing::binding(&dealing.body.points),
            from: 1,
            to: 1,
        };
        let complaint =
            crate::dealing::complain(&dealing.body.sealed, &place, &new[0], dealing.hash(), rng)
                .unwrap();
        let transfer = transfer(keys.key(), rng);
        let (x, y) = transfer.ephemeral.coordinates();
        let request = Request {
            purpose: purpose(&keys),
            ephemeral: [x, y].map(|it| Bytes32(it.into())),
            ciphertext: transfer.ciphertext.map(|it| Bytes32(it.into())),
            place: None,
        };
        let placed = Request {
            place: Some(ceremony::Place {
                warrant: 3,
                block: Bytes32([4; 32]),
                first: u64::from(u32::MAX) + 1,
            }),
            ..request.clone()
        };
        assert_eq!(placed.id(), request.id());
        let posted = formed.shares[0]
            .open(&keys, &transfer.ephemeral, &request.purpose, rng)
            .unwrap();
        let seed = ceremony::flow_seed(Bytes32([7; 32]));
        Files(vec![
            file(&formed.members[0].card(rng)),
            file(&formed.members[0].to_file()),
            file(&first),
            file(&next),
            file(&begun[1]),
            file(&exchanged),
            file(&commitments[0]),
            file(&sub_shares),
            file(&formed.certificate.record),
            file(&formed.certificate.confirmations[0]),
            file(&formed.certificate),
            file(&formed.shares[0].to_file()),
            file(&dealing),
            file(&complaint),
            file(&request),
            file(&placed),
            file(&posted),
            file(&seed),
            file(&ceremony::flow_key(&seed, 3).unwrap()),
            file(&ceremony::flow_secret(&seed, 3).unwrap()),
        ])
    })
}

fn file<T: Document + PartialEq + Debug>(document: &T) -> (&'static str, String) {
    let text = to_json(document).unwrap();
    assert_eq!(
        &from_json::<T>(text.as_bytes()).unwrap(),
        document,
        "it comes back"
    );
    (T::FORMAT, text.to_string())
}

/// Reads as every format, uses what was read as a member would, and says how many formats took it.
fn read_as_all(bytes: &[u8]) -> usize {
    let key = MemberKey::from_seed([1; 32]).unwrap();
    let rng = &mut TestRng::new(2);
    let mut took = 0;
    let mut count = |is_read: bool| took += usize::from(is_read);
    count(
        from_json::<crate::Card>(bytes)
            .map(|card| card.verify())
            .is_ok(),
    );
    count(
        from_json::<crate::KeySeed>(bytes)
            .map(|seed| MemberKey::from_file(&seed).is_some())
            .is_ok(),
    );
    count(
        from_json::<Roster>(bytes)
            .map(|roster| Keygen::begin(&roster, &key, rng).is_ok())
            .is_ok(),
    );
    count(
        from_json::<Keygen>(bytes)
            .map(|mut state| {
                let _ = state.exchange(&key, &[], rng);
                state.finish(&key, &[], rng).is_ok()
            })
            .is_ok(),
    );
    count(
        from_json::<Certificate>(bytes)
            .map(|it| it.check().is_ok())
            .is_ok(),
    );
    count(
        from_json::<Record>(bytes)
            .map(|it| it.check().is_ok())
            .is_ok(),
    );
    count(
        from_json::<ShareFile>(bytes)
            .map(|it| crate::MemberShare::from_file(&it).is_ok())
            .is_ok(),
    );
    count(from_json::<DecryptionShare>(bytes).is_ok());
    count(
        from_json::<FlowKey>(bytes)
            .map(|it| it.verify::<EdwardsConfig>().is_ok())
            .is_ok(),
    );
    count(from_json::<Request>(bytes).is_ok());
    count(from_json::<Signed<Commitments>>(bytes).is_ok());
    count(from_json::<Signed<SubShares>>(bytes).is_ok());
    count(from_json::<Signed<Dealing>>(bytes).is_ok());
    count(from_json::<Signed<Complaint>>(bytes).is_ok());
    count(from_json::<Signed<Confirmation>>(bytes).is_ok());
    count(
        from_json::<FlowSeed>(bytes)
            .map(|it| ceremony::flow_key(&it, 1).is_ok())
            .is_ok(),
    );
    count(from_json::<Auditor>(bytes).is_ok());
    took
}

#[test]
fn each_file_is_read_as_its_own_format_only() {
    let formats: std::collections::BTreeSet<_> =
        files().0.iter().map(|(format, _)| format).collect();
    assert_eq!(formats.len(), 17, "one of each");
    for (format, text) in &files().0 {
        assert_eq!(read_as_all(text.as_bytes()), 1, "{format}");
    }
}

#[test]
fn another_version_is_refused() {
    for (format, text) in &files().0 {
        let (name, version) = format.rsplit_once('/').unwrap();
        assert_eq!(version, "1");
        let other = text.replace(format, &format!("{name}/2"));
        assert_ne!(*text, other);
        assert_eq!(read_as_all(other.as_bytes()), 0, "{format}");
    }
}

/// In every object of every file: one more field, one less, one twice.
#[test]
fn fields_that_are_unknown_missing_or_twice_are_refused() {
    for (format, text) in &files().0 {
        let lines: Vec<&str> = text.lines().collect();
        let mut objects = 0;
        for (at, line) in lines.iter().enumerate() {
            if line.ends_with('{') {
                objects += 1;
                let mut more = lines.clone();
                more.insert(at + 1, "\"unknown\": 1,");
                assert_eq!(
                    read_as_all(more.join("\n").as_bytes()),
                    0,
                    "{format} {line}"
                );
            }
            let is_field = line.contains("\": ") && !line.ends_with('{') && !line.ends_with('[');
            if is_field {
                let mut twice = lines.clone();
                let first = format!("{},", line.trim_end_matches(','));
                twice.insert(at, &first);
                assert_eq!(
                    read_as_all(twice.join("\n").as_bytes()),
                    0,
                    "{format} {line}"
                );
            }
            // `previous` is the one field that may be absent.
            if is_field && line.ends_with(',') && !line.contains("\"previous\"") {
                let mut less = lines.clone();
                less.remove(at);
                assert_eq!(
                    read_as_all(less.join("\n").as_bytes()),
                    0,
                    "{format} {line}"
                );
            }
        }
        assert!(objects >= 2, "{format}");
    }
}

#[test]
fn secrets_are_not_shown_by_debug() {
    let rng = &mut TestRng::new(3);
    let key = MemberKey::generate(rng);
    let seed = to_json(&key.to_file()).unwrap();
    let secret = seed.split("\"seed\": \"0x").nth(1).unwrap();
    let digits = &secret[..64];
    for shown in [format!("{key:?}"), format!("{:?}", key.to_file())] {
        assert!(!shown.contains(digits));
    }
    let formed = form(2, 2, rng);
    let (state, _) =
        Keygen::begin(&formed.certificate.record.roster, &formed.members[0], rng).unwrap();
    assert!(format!("{state:?}").contains("SecretBytes(..)"));
}

#[test]
fn a_file_that_is_too_long_is_refused() {
    let (_, text) = &files().0[0];
    let padded = format!("{text}{}", " ".repeat(ceremony::MAX_DOCUMENT_BYTES));
    assert_eq!(read_as_all(padded.as_bytes()), 0);
}

proptest! {
    #[test]
    fn no_bytes_are_a_file_by_chance(bytes: Vec<u8>) {
        prop_assert_eq!(read_as_all(&bytes), 0);
    }

    /// A good file with some bytes changed is refused, or read without harm.
    #[test]
    fn changed_files_do_no_harm(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let (_, text) = which.get(&files().0);
        let mut bytes = text.clone().into_bytes();
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        prop_assert!(read_as_all(&bytes) <= 1);
    }

    /// Digits changed for digits: the file is read, and what is in it is judged.
    #[test]
    fn changed_digits_do_no_harm(
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        digit in "[0-9a-f]",
    ) {
        let (_, text) = which.get(&files().0);
        let digits: Vec<usize> = text
            .match_indices("0x")
            .map(|(at, _)| at + 2)
            .flat_map(|at| at..at + 64)
            .filter(|at| text.as_bytes().get(*at).is_some_and(u8::is_ascii_hexdigit))
            .collect();
        let at = *place.get(&digits);
        let mut changed = text.clone();
        changed.replace_range(at..=at, &digit);
        prop_assert!(read_as_all(changed.as_bytes()) <= 1);
    }

    /// The chain's decoders: whatever decodes encodes to the same bytes, and verifying it does not panic.
    #[test]
    fn scale_decoders_take_anything(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        fn back<T: Decode + Encode>(bytes: &[u8]) -> Option<T> {
            let mut rest = bytes;
            let value = T::decode(&mut rest).ok()?;
            assert_eq!(value.encode(), &bytes[..bytes.len() - rest.len()]);
            Some(value)
        }
        if let Some(committee) = back::<Committee>(&bytes) {
            let _ = committee.keys::<EdwardsConfig>();
        }
        if let Some(key) = back::<FlowKey>(&bytes) {
            prop_assert!(key.verify::<EdwardsConfig>().is_err());
        }
        if let Some(share) = back::<DecryptionShare>(&bytes) {
            let generator = crate::Point::<EdwardsConfig>::generator();
            let purpose = crate::Purpose {
                chain: Bytes32([0; 32]),
                committee: Bytes32([0; 32]),
                warrant: Bytes32([0; 32]),
                transaction: Bytes32([0; 32]),
            };
            prop_assert!(crate::verify_share(&share, &generator, &generator, &purpose).is_err());
        }
        back::<crate::Purpose>(&bytes);
        back::<Roster>(&bytes);
        back::<Signed<Commitments>>(&bytes);
        back::<Signed<SubShares>>(&bytes);
        back::<Signed<Dealing>>(&bytes);
        back::<Signed<Complaint>>(&bytes);
        back::<Signed<Confirmation>>(&bytes);
    }
}
