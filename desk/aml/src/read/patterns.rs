//! Pattern files: which transfers belong to which attempt.

use super::{
    ReadError, amlworld,
    lines::{Fields, Lines},
};
use crate::{Account, Amount, Attempt, Pattern, Transaction, intern::Interner};
use std::{
    collections::{HashMap, VecDeque},
    io::BufRead,
};

/// The largest attempt that is read; the published ones have fewer than a hundred transfers.
pub const MAX_ATTEMPT_TRANSFERS: usize = 100_000;

const BEGIN: &str = "BEGIN LAUNDERING ATTEMPT";
const END: &str = "END LAUNDERING ATTEMPT";

/// One block of a pattern file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptBlock {
    /// The shape.
    pub pattern: Pattern,
    /// What stands behind the shape's name, such as `Max 16-degree Fan-Out`; may be empty.
    pub detail: String,
    /// The transfers, numbered from zero within the block.
    pub transactions: Vec<Transaction>,
}

/// Reads the blocks of a pattern file:
///
/// ```text
/// BEGIN LAUNDERING ATTEMPT - FAN-OUT:  Max 16-degree Fan-Out
/// 2022/09/01 00:06,021174,800737690,012,80011F990,2848.96,Euro,2848.96,Euro,ACH,1
/// END LAUNDERING ATTEMPT - FAN-OUT
/// ```
///
/// The shape may be missing behind END; if it is there it has to be the one that began.
#[derive(Debug)]
pub struct Patterns<R> {
    lines: Lines<R>,
    fields: Fields,
    names: Interner,
    ended: bool,
}

impl<R: BufRead> Patterns<R> {
    /// A reader of `input`.
    pub fn new(input: R) -> Self {
        Self {
            lines: Lines::new(input),
            fields: Fields::new(),
            names: Interner::default(),
            ended: false,
        }
    }

    fn read(&mut self) -> Result<Option<AttemptBlock>, ReadError> {
        let Some((begun, content)) = self.lines.next()? else {
            return Ok(None);
        };
        let Some((pattern, detail)) = marker(content, BEGIN) else {
            return Err(ReadError::Block {
                line: begun,
                problem: "outside of a block; a line `BEGIN LAUNDERING ATTEMPT - FAN-OUT` is expected",
            });
        };
        let Some(pattern) = pattern else {
            return Err(ReadError::Block {
                line: begun,
                problem: "the name of the pattern is missing behind BEGIN LAUNDERING ATTEMPT",
            });
        };
        let mut transactions = Vec::new();
        loop {
            let Some((line, content)) = self.lines.next()? else {
                return Err(ReadError::Block {
                    line: begun,
                    problem: "the block that begins here does not end; is the file cut off?",
                });
            };
            if let Some((end, _)) = marker(content, END) {
                if end.is_some_and(|end| end != pattern) {
                    return Err(ReadError::Block {
                        line,
                        problem: "ends another pattern than the one that began",
                    });
                }
                return Ok(Some(AttemptBlock {
                    pattern,
                    detail,
                    transactions,
                }));
            }
            if marker(content, BEGIN).is_some() {
                return Err(ReadError::Block {
                    line,
                    problem: "begins a block within a block",
                });
            }
            if transactions.len() >= MAX_ATTEMPT_TRANSFERS {
                return Err(ReadError::Block {
                    line,
                    problem: "the block has more than 100000 transfers; is its end missing?",
                });
            }
            self.fields.split(line, content)?;
            let row = u64::try_from(transactions.len()).unwrap_or(u64::MAX);
            transactions.push(amlworld::transaction(
                &self.fields,
                &mut self.names,
                line,
                row,
            )?);
        }
    }
}

impl<R: BufRead> Iterator for Patterns<R> {
    type Item = Result<AttemptBlock, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

/// The pattern and its detail behind `word`, if the line starts with it.
fn marker(line: &[u8], word: &str) -> Option<(Option<Pattern>, String)> {
    let line = core::str::from_utf8(line).ok()?.trim();
    let rest = line
        .strip_prefix(word)?
        .trim_start()
        .trim_start_matches('-');
    let (name, detail) = rest.split_once(':').unwrap_or((rest, ""));
    let pattern = (!name.trim().is_empty()).then(|| Pattern::from_name(name));
    Some((pattern, detail.trim().to_owned()))
}

/// A pattern file that does not belong to the transfers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "attempt {attempt} ({pattern}) has a transfer from {from} of {paid} that the transfers do not have; do both files \
     belong together?"
)]
pub struct MatchError {
    /// The attempt's place in its file, from one.
    pub attempt: usize,
    /// Its shape.
    pub pattern: Pattern,
    /// Who pays in the transfer that was not found.
    pub from: Account,
    /// How much.
    pub paid: Amount,
}

/// Finds the rows of a pattern file among the transfers, each at most once.
pub fn match_attempts(
    transactions: &[Transaction],
    blocks: &[AttemptBlock],
) -> Result<Vec<Attempt>, MatchError> {
    fn key(transaction: &Transaction) -> (u64, &Account, &Account, Amount, Amount, &str) {
        (
            transaction.time_s,
            &transaction.from,
            &transaction.to,
            transaction.paid,
            transaction.received,
            &transaction.format,
        )
    }
    let mut wanted: HashMap<_, VecDeque<u64>> = HashMap::new();
    for transaction in blocks.iter().flat_map(|block| &block.transactions) {
        wanted.entry(key(transaction)).or_default();
    }
    for transaction in transactions {
        if let Some(rows) = wanted.get_mut(&key(transaction)) {
            rows.push_back(transaction.row);
        }
    }
    let mut attempts = Vec::with_capacity(blocks.len());
    for (index, block) in blocks.iter().enumerate() {
        let mut rows = Vec::with_capacity(block.transactions.len());
        for transaction in &block.transactions {
            let row = wanted
                .get_mut(&key(transaction))
                .and_then(VecDeque::pop_front);
            rows.push(row.ok_or_else(|| MatchError {
                attempt: index.saturating_add(1),
                pattern: block.pattern.clone(),
                from: transaction.from.clone(),
                paid: transaction.paid,
            })?);
        }
        attempts.push(Attempt {
            pattern: block.pattern.clone(),
            detail: block.detail.clone(),
            rows,
        });
    }
    Ok(attempts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
BEGIN LAUNDERING ATTEMPT - FAN-OUT:  Max 16-degree Fan-Out
2022/09/01 00:06,021174,800737690,012,80011F990,2848.96,Euro,2848.96,Euro,ACH,1
2022/09/01 04:33,021174,800737690,020,80020C5B0,8630.40,Euro,8630.40,Euro,ACH,1
END LAUNDERING ATTEMPT - FAN-OUT

BEGIN LAUNDERING ATTEMPT - SPIRAL
2022/09/01 00:04,001,A,002,B,1.00,Euro,1.00,Euro,ACH,1
END LAUNDERING ATTEMPT
";

    fn read(file: &str) -> Result<Vec<AttemptBlock>, ReadError> {
        Patterns::new(file.as_bytes()).collect()
    }

    #[test]
    fn blocks_are_read_with_their_shape_and_detail() {
        let blocks = read(FILE).unwrap();
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[0].pattern, Pattern::FanOut);
        assert_eq!(blocks[0].detail, "Max 16-degree Fan-Out");
        assert_eq!(blocks[0].transactions.len(), 2);
        assert_eq!(blocks[1].pattern, Pattern::Other("SPIRAL".into()));
    }

    #[test]
    fn a_block_that_is_not_closed_in_turn_is_refused_at_its_line() {
        let error = |file: &str| read(file).unwrap_err().to_string();
        assert!(
            error(&FILE.replace("END LAUNDERING ATTEMPT - FAN-OUT\n", ""))
                .starts_with("line 5: begins a block")
        );
        assert!(
            error(&FILE.replace("ATTEMPT - FAN-OUT\n", "ATTEMPT - CYCLE\n"))
                .starts_with("line 4: ends another")
        );
        assert!(error(&FILE[..FILE.len() - 24]).starts_with("line 6: the block that begins here"));
        assert!(
            error("2022/09/01 00:06,1,A,2,B,1,Euro,1,Euro,ACH,1").starts_with("line 1: outside")
        );
        assert!(
            error(&FILE.replace("8630.40,Euro,8630.40", "8630.40,Euro,-1"))
                .starts_with("line 3, column 8")
        );
    }

    #[test]
    fn equal_transfers_are_matched_once_each() {
        let blocks = read(FILE).unwrap();
        let mut rows: Vec<_> = blocks
            .iter()
            .flat_map(|block| block.transactions.clone())
            .collect();
        rows.push(rows[0].clone());
        for (row, transaction) in (0u64..).zip(&mut rows) {
            transaction.row = row;
        }
        let twice = [blocks[0].clone(), blocks[0].clone()];
        let error = match_attempts(&rows, &twice).unwrap_err();
        assert_eq!((error.attempt, error.pattern), (2, Pattern::FanOut));
        let attempts = match_attempts(&rows, &blocks).unwrap();
        assert_eq!(attempts[0].rows, [0, 1]);
        assert_eq!(attempts[1].rows, [2]);
    }
}
