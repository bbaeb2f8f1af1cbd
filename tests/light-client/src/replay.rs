//! Replaying what a network's nodes have said, a line of JSON each.
//!
//! The first line is where to start, a [`Trusted`] block:
//! `{"header": {..}, "voters": "0x..", "set_id": 0}`. Every further line is a block with the votes that
//! make it final, a [`Finality`]: `{"header": {..}, "justification": "0x.."}`. Headers are as JSON-RPC gives
//! them, the rest is SCALE in hexadecimal digits.

use crate::{Header, Justification, LightClient, Refused};
use codec::DecodeAll;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use sp_consensus_grandpa::{AuthorityList, SetId};
use std::io::{self, BufRead};

/// A block that somebody vouches for, and who votes on those after it.
#[derive(Debug, Deserialize)]
pub struct Trusted {
    /// Its header.
    pub header: Header,
    /// Who votes.
    #[serde(deserialize_with = "scale")]
    pub voters: AuthorityList,
    /// The number of this set of voters.
    pub set_id: SetId,
}

/// A block that became final, with the votes for it.
#[derive(Debug, Deserialize)]
pub struct Finality {
    /// Its header.
    pub header: Header,
    /// As a node hands them out: all votes that it has seen.
    #[serde(deserialize_with = "scale")]
    pub justification: Justification,
}

/// What the light client made of a network's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Headers that it believed: all that it was given.
    pub believed: u64,
    /// Those of them with which the voters changed.
    pub changed_voters: u64,
}

/// Why the light client could not follow.
#[derive(Debug, thiserror::Error)]
pub enum Unfollowed {
    /// The input cannot be read.
    #[error("the input cannot be read: {0}")]
    Input(#[from] io::Error),
    /// There is nothing to start from.
    #[error("the input is empty: its first line has to be a trusted block")]
    Empty,
    /// A line is not what it should be.
    #[error("line {line} is not what it should be: {reason}")]
    Line {
        /// Counted from one.
        line: usize,
        /// What is wrong with it.
        reason: serde_json::Error,
    },
    /// The trusted block cannot be one.
    #[error("the trusted block: {0}")]
    Start(Refused),
    /// A header was not believed.
    #[error("block {number}, after {believed} that were believed: {refused}")]
    Header {
        /// Its height.
        number: u32,
        /// Headers that were believed before.
        believed: u64,
        /// The pallet's error.
        refused: Refused,
    },
}

/// Follows from a trusted block on through every header of the input, in its order. Ends with the first
/// one that is not believed.
pub fn replay(input: impl BufRead) -> Result<Replayed, Unfollowed> {
    let mut lines = input.lines().enumerate().map(|(index, line)| {
        let line = line?;
        Ok::<_, Unfollowed>((index + 1, line))
    });
    let (line, text) = lines.next().ok_or(Unfollowed::Empty)??;
    let trusted: Trusted = parse(line, &text)?;
    let start = LightClient::new(trusted.header, trusted.voters, trusted.set_id);
    let mut client = start.map_err(Unfollowed::Start)?;
    let mut replayed = Replayed::default();
    for line in lines {
        let (line, text) = line?;
        let Finality {
            header,
            justification,
        } = parse(line, &text)?;
        let number = header.number;
        let believed =
            client
                .relay(header, justification)
                .map_err(|refused| Unfollowed::Header {
                    number,
                    believed: replayed.believed,
                    refused,
                })?;
        replayed.believed += 1;
        replayed.changed_voters += u64::from(believed.changed_voters);
    }
    Ok(replayed)
}

fn parse<'a, T: Deserialize<'a>>(line: usize, text: &'a str) -> Result<T, Unfollowed> {
    serde_json::from_str(text).map_err(|reason| Unfollowed::Line { line, reason })
}

/// Reads SCALE in hexadecimal digits.
fn scale<'de, D: Deserializer<'de>, T: DecodeAll>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = hex::decode(text.trim_start_matches("0x")).map_err(D::Error::custom)?;
    T::decode_all(&mut &bytes[..]).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{change, header, keys, list, votes};
    use codec::Encode;
    use serde_json::{Value, json};
    use sp_consensus_grandpa::ConsensusLog;

    fn hex_of(value: &impl Encode) -> String {
        format!("0x{}", hex::encode(value.encode()))
    }

    fn read(lines: &[Value]) -> Result<Replayed, Unfollowed> {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        replay(text.as_bytes())
    }

    /// A trusted block, one in which the voters change, and one by the new voters.
    fn three_lines() -> [Value; 3] {
        let (old, new) = (keys(4, 1), keys(4, 2));
        let changing = header(9, Some(ConsensusLog::ScheduledChange(change(&new, 0))));
        let next = header(12, None);
        [
            json!({"header": header(3, None), "voters": hex_of(&list(&old)), "set_id": 5}),
            json!({"header": changing, "justification": hex_of(&votes(&changing, 5, &old))}),
            json!({"header": next, "justification": hex_of(&votes(&next, 6, &new))}),
        ]
    }

    #[test]
    fn a_networks_words_are_followed_through_a_change_of_its_voters() {
        let replayed = read(&three_lines()).expect("the votes are genuine");
        assert_eq!(
            replayed,
            Replayed {
                believed: 2,
                changed_voters: 1
            }
        );
    }

    #[test]
    fn who_was_not_told_of_a_change_does_not_believe_what_follows() {
        let [trusted, _, next] = three_lines();
        let error = read(&[trusted, next]).expect_err("the old voters did not vote");
        assert!(
            matches!(
                error,
                Unfollowed::Header {
                    number: 12,
                    believed: 0,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn an_input_that_is_cut_off_says_where() {
        assert!(matches!(replay(&b""[..]), Err(Unfollowed::Empty)));
        let [trusted, mut changing, _] = three_lines();
        let votes = changing["justification"].as_str().expect("it is a text");
        changing["justification"] = json!(votes[..votes.len() - 2]);
        let error = read(&[trusted, changing]).expect_err("a byte is missing");
        assert!(error.to_string().starts_with("line 2 "), "{error}");
    }
}
