//! CSV in the style of AMLworld.

use super::{
    FieldProblem, ReadError,
    lines::{Fields, Lines, bank},
};
use crate::{Account, Transaction, clock, intern::Interner};
use std::io::BufRead;

/// The published column names, in their order. Both accounts are called `Account`.
pub(super) const HEADER: [&str; 11] = [
    "Timestamp",
    "From Bank",
    "Account",
    "To Bank",
    "Account",
    "Amount Received",
    "Receiving Currency",
    "Amount Paid",
    "Payment Currency",
    "Payment Format",
    "Is Laundering",
];

/// Reads AMLworld's transfers: timestamp, from bank, account, to bank, account, amount received, its currency,
/// amount paid, its currency, payment format, is laundering.
///
/// The header may be missing, and so may the last column, which leaves [`Transaction::laundering`] empty. Rows are
/// numbered as they come; the published files are nearly, but not quite, in the order of time.
#[derive(Debug)]
pub struct AmlWorld<R> {
    lines: Lines<R>,
    fields: Fields,
    names: Interner,
    row: u64,
    first: bool,
    ended: bool,
}

impl<R: BufRead> AmlWorld<R> {
    /// A reader of `input`.
    pub fn new(input: R) -> Self {
        Self {
            lines: Lines::new(input),
            fields: Fields::new(),
            names: Interner::default(),
            row: 0,
            first: true,
            ended: false,
        }
    }

    fn read(&mut self) -> Result<Option<Transaction>, ReadError> {
        loop {
            let Some((line, content)) = self.lines.next()? else {
                return Ok(None);
            };
            self.fields.split(line, content)?;
            if core::mem::take(&mut self.first) && is_header(&self.fields)? {
                continue;
            }
            let transaction = transaction(&self.fields, &mut self.names, line, self.row)?;
            self.row = self.row.saturating_add(1);
            return Ok(Some(transaction));
        }
    }
}

impl<R: BufRead> Iterator for AmlWorld<R> {
    type Item = Result<Transaction, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

fn is_header(fields: &Fields) -> Result<bool, ReadError> {
    Ok(fields
        .text(0, "timestamp")?
        .eq_ignore_ascii_case("timestamp"))
}

/// Reads one row; the pattern files have the same.
pub(super) fn transaction(
    fields: &Fields,
    names: &mut Interner,
    line: u64,
    row: u64,
) -> Result<Transaction, ReadError> {
    if !matches!(fields.len(), 10 | 11) {
        return Err(ReadError::ColumnCount {
            line,
            found: fields.len(),
            expected: "11 (timestamp, bank and account of both sides, amount and currency of both, format, label) or \
                       10 (without the label)"
                .into(),
        });
    }
    let time_s = clock::parse_time(fields.some_text(0, "timestamp")?)
        .ok_or_else(|| fields.error(0, "timestamp", FieldProblem::Time))?;
    let from = Account {
        bank: names.get(bank(fields.some_text(1, "from bank")?)),
        number: names.get(fields.some_text(2, "from account")?),
    };
    let to = Account {
        bank: names.get(bank(fields.some_text(3, "to bank")?)),
        number: names.get(fields.some_text(4, "to account")?),
    };
    Ok(Transaction {
        row,
        time_s,
        from,
        to,
        received: fields.amount(5, "amount received")?,
        received_currency: names.get(fields.text(6, "receiving currency")?),
        paid: fields.amount(7, "amount paid")?,
        paid_currency: names.get(fields.text(8, "payment currency")?),
        format: names.get(fields.text(9, "payment format")?),
        laundering: match fields.len() {
            11 => Some(fields.label(10, "is laundering")?),
            _ => None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Amount;

    const FILE: &str = "\
Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount Paid,Payment Currency,Payment Format,Is Laundering
2022/09/01 00:20,010,8000EBD30,010,8000EBD30,3697.34,US Dollar,3697.34,US Dollar,Reinvestment,0
2022/09/01 00:06,021174,800737690,012,80011F990,2848.96,Euro,3000.00,\"US Dollar\",ACH,1
";

    fn read(file: &str) -> Result<Vec<Transaction>, ReadError> {
        AmlWorld::new(file.as_bytes()).collect()
    }

    #[test]
    fn the_published_columns_are_read_in_their_order() {
        let rows = read(FILE).unwrap();
        assert_eq!(rows.len(), 2);
        let second = &rows[1];
        assert_eq!(second.row, 1);
        assert_eq!(second.from.to_string(), "21174/800737690");
        assert_eq!(second.to.to_string(), "12/80011F990");
        assert_eq!(
            (second.received, &*second.received_currency),
            (Amount::cents(284_896), "Euro")
        );
        assert_eq!(
            (second.paid, &*second.paid_currency),
            (Amount::whole(3_000), "US Dollar")
        );
        assert_eq!((&*second.format, second.laundering), ("ACH", Some(true)));
        assert_eq!(rows[0].time_s - second.time_s, 14 * 60);
    }

    #[test]
    fn neither_header_nor_label_is_needed() {
        let rows = read("2022/09/01 00:20,1,A,2,B,1,Euro,1,Euro,ACH\n").unwrap();
        assert_eq!(rows[0].laundering, None);
    }

    #[test]
    fn an_error_names_its_line_and_column_and_ends_the_reading() {
        let broken = FILE.replace("3000.00", "3000,00");
        assert!(matches!(
            read(&broken),
            Err(ReadError::ColumnCount {
                line: 3,
                found: 12,
                ..
            })
        ));
        let broken = FILE.replace("2848.96", "2 848.96");
        assert_eq!(
            read(&broken).unwrap_err().to_string(),
            "line 3, column 6 (amount received): not a decimal number; write it like 1234.56"
        );
        let broken = FILE.replace("2022/09/01 00:20", "yesterday");
        let mut reader = AmlWorld::new(broken.as_bytes());
        let error = reader.next().unwrap().unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2, column 1 (timestamp): not a time; write it like 2022/09/01 00:20"
        );
        assert!(reader.next().is_none());
    }
}
