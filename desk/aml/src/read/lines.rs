//! Lines with a bound, and their fields.

use super::{FieldProblem, ReadError};
use crate::Amount;
use csv_core::ReadRecordResult;
use std::io::BufRead;

/// The longest line that is read. Real ones have about 120 bytes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// Reads one line after the other into the same buffer.
#[derive(Debug)]
pub(super) struct Lines<R> {
    input: R,
    line: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            line: 0,
            buffer: Vec::new(),
        }
    }

    /// The next line that is not blank, with its number and without its end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &[u8])>, ReadError> {
        loop {
            self.line = self.line.saturating_add(1);
            if !self.fill()? {
                return Ok(None);
            }
            let first = self.line == 1;
            let skip = if first && self.buffer.starts_with(b"\xEF\xBB\xBF") {
                3
            } else {
                0
            };
            self.buffer.drain(..skip);
            while matches!(self.buffer.last(), Some(b'\n' | b'\r')) {
                self.buffer.pop();
            }
            if !self.buffer.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        Ok(Some((self.line, &self.buffer)))
    }

    /// Fills the buffer up to and with the next line feed. False at the end.
    fn fill(&mut self) -> Result<bool, ReadError> {
        self.buffer.clear();
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(source) => {
                    return Err(ReadError::Io {
                        line: self.line,
                        source,
                    });
                }
            };
            if chunk.is_empty() {
                return Ok(!self.buffer.is_empty());
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(chunk.len(), |end| end.saturating_add(1));
            if self.buffer.len().saturating_add(taken) > MAX_LINE_BYTES {
                return Err(ReadError::LineTooLong { line: self.line });
            }
            self.buffer.extend(chunk.iter().take(taken));
            self.input.consume(taken);
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

/// The fields of one line.
#[derive(Debug)]
pub(super) struct Fields {
    parser: csv_core::Reader,
    input: Vec<u8>,
    text: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    line: u64,
}

impl Fields {
    pub(super) fn new() -> Self {
        Self {
            parser: csv_core::Reader::new(),
            input: Vec::new(),
            text: Vec::new(),
            ends: Vec::new(),
            count: 0,
            line: 0,
        }
    }

    /// Splits a line that is not blank.
    pub(super) fn split(&mut self, line: u64, content: &[u8]) -> Result<(), ReadError> {
        self.line = line;
        // With its line feed a record ends, unless a quote is open.
        self.input.clear();
        self.input.extend_from_slice(content);
        self.input.push(b'\n');
        self.text.resize(self.input.len(), 0);
        self.ends.resize(self.input.len(), 0);
        self.parser.reset();
        let (result, read, _, count) =
            self.parser
                .read_record(&self.input, &mut self.text, &mut self.ends);
        if result != ReadRecordResult::Record || read < self.input.len() {
            return Err(ReadError::NoRecord { line });
        }
        self.count = count;
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The field of that index without the blanks around it, or nothing when there is none.
    fn bytes(&self, index: usize) -> &[u8] {
        if index >= self.count {
            return &[];
        }
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or(&[]).trim_ascii()
    }

    pub(super) fn error(
        &self,
        index: usize,
        name: &'static str,
        problem: FieldProblem,
    ) -> ReadError {
        ReadError::Field {
            line: self.line,
            column: index.saturating_add(1),
            name,
            problem,
        }
    }

    /// A field that may be empty.
    pub(super) fn text(&self, index: usize, name: &'static str) -> Result<&str, ReadError> {
        core::str::from_utf8(self.bytes(index))
            .map_err(|_| self.error(index, name, FieldProblem::NotUtf8))
    }

    /// A field that may not.
    pub(super) fn some_text(&self, index: usize, name: &'static str) -> Result<&str, ReadError> {
        match self.text(index, name)? {
            "" => Err(self.error(index, name, FieldProblem::Empty)),
            text => Ok(text),
        }
    }

    pub(super) fn amount(&self, index: usize, name: &'static str) -> Result<Amount, ReadError> {
        Amount::parse(self.some_text(index, name)?)
            .map_err(|error| self.error(index, name, error.into()))
    }

    /// `0` or `1`, or `false` or `true` as Python and Java write them.
    pub(super) fn label(&self, index: usize, name: &'static str) -> Result<bool, ReadError> {
        match self.some_text(index, name)? {
            "0" | "false" | "False" | "FALSE" => Ok(false),
            "1" | "true" | "True" | "TRUE" => Ok(true),
            _ => Err(self.error(index, name, FieldProblem::Label)),
        }
    }
}

/// A bank's number as all files agree about it: `021174` in one is `21174` in another.
pub(super) fn bank(text: &str) -> &str {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text;
    }
    match text.trim_start_matches('0') {
        "" if !text.is_empty() => "0",
        trimmed => trimmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_beyond_the_bound_is_refused_without_being_held() {
        let long = vec![b'x'; MAX_LINE_BYTES * 4];
        let mut lines = Lines::new(long.as_slice());
        assert!(matches!(
            lines.next(),
            Err(ReadError::LineTooLong { line: 1 })
        ));
        assert!(lines.buffer.len() <= MAX_LINE_BYTES);
    }

    #[test]
    fn marks_blank_lines_and_both_line_ends_are_taken() {
        let mut lines = Lines::new(b"\xEF\xBB\xBFa\r\n\r\n  \nb".as_slice());
        assert_eq!(lines.next().unwrap(), Some((1, b"a".as_slice())));
        assert_eq!(lines.next().unwrap(), Some((4, b"b".as_slice())));
        assert_eq!(lines.next().unwrap(), None);
    }

    #[test]
    fn quotes_may_hold_commas_and_quotes_but_no_line_end() {
        let mut fields = Fields::new();
        fields.split(1, br#"a,"b,c", c ,"say ""x""",,d"#).unwrap();
        let found: Vec<_> = (0..fields.len())
            .map(|i| fields.text(i, "x").unwrap())
            .collect();
        assert_eq!(found, ["a", "b,c", "c", "say \"x\"", "", "d"]);
        assert!(matches!(
            fields.split(7, b"a,\"b"),
            Err(ReadError::NoRecord { line: 7 })
        ));
        assert!(matches!(
            fields.split(8, b"a\rb"),
            Err(ReadError::NoRecord { line: 8 })
        ));
    }

    #[test]
    fn leading_zeros_of_a_bank_do_not_count() {
        assert_eq!(
            [bank("021174"), bank("000"), bank("0A1"), bank("")],
            ["21174", "0", "0A1", ""]
        );
    }
}
