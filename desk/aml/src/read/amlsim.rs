//! IBM's AMLSim files.

use super::{
    FieldProblem, ReadError,
    lines::{Fields, Lines},
};
use crate::{Account, Amount, Transaction, clock, intern::Interner};
use std::io::BufRead;

/// How AMLSim's steps become seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmlSimOptions {
    /// The length of a step in seconds. The simulator means days; too short, and windows of the rules hold more
    /// than they would.
    pub step_s: u64,
    /// The time of step zero in seconds since 1970.
    pub start_s: u64,
}

impl Default for AmlSimOptions {
    fn default() -> Self {
        Self {
            step_s: 86_400,
            start_s: 0,
        }
    }
}

/// The columns of a transfer, by every name that a version of the simulator gave them.
const FROM: &[&str] = &["sourceNodeId", "orig_acct", "ACCOUNT_ID", "src", "orig_id"];
const TO: &[&str] = &[
    "targetNodeId",
    "bene_acct",
    "COUNTER_PARTY_ACCOUNT_NUM",
    "dst",
    "bene_id",
];
const AMOUNT: &[&str] = &["value", "base_amt", "TXN_AMOUNT_ORIG", "amount"];
const TIME: &[&str] = &["time", "tran_timestamp", "start", "step", "timestamp"];
const KIND: &[&str] = &["tx_type", "TXN_SOURCE_TYPE_CODE", "ttype"];
const LABEL: &[&str] = &["is_sar", "isFraud", "is_laundering"];

/// The columns of an account.
const NODE: &[&str] = &["nodeid", "acct_id", "account_id"];
const FRAUD: &[&str] = &["isFraud", "is_sar", "suspicious"];
const BALANCE: &[&str] = &["init_balance", "initial_deposit"];
const FRAUD_STEP: &[&str] = &["fraudStep"];

/// Reads AMLSim's transfers.
///
/// The columns are found by the header, so the order does not matter: `sourceNodeId,targetNodeId,value,time` of the
/// samples, `tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,…` of the newer simulator, and
/// `TXN_ID,ACCOUNT_ID,COUNTER_PARTY_ACCOUNT_NUM,…` of the one between. The samples label accounts, see [`Nodes`].
#[derive(Debug)]
pub struct AmlSim<R> {
    lines: Lines<R>,
    fields: Fields,
    names: Interner,
    options: AmlSimOptions,
    columns: Option<Columns>,
    row: u64,
    ended: bool,
}

#[derive(Clone, Copy, Debug)]
struct Columns {
    count: usize,
    from: usize,
    to: usize,
    amount: usize,
    time: usize,
    kind: Option<usize>,
    label: Option<usize>,
}

impl<R: BufRead> AmlSim<R> {
    /// A reader of `input`.
    pub fn new(input: R, options: AmlSimOptions) -> Self {
        Self {
            lines: Lines::new(input),
            fields: Fields::new(),
            names: Interner::default(),
            options,
            columns: None,
            row: 0,
            ended: false,
        }
    }

    fn read(&mut self) -> Result<Option<Transaction>, ReadError> {
        loop {
            let Some((line, content)) = self.lines.next()? else {
                return Ok(None);
            };
            self.fields.split(line, content)?;
            let fields = &self.fields;
            let Some(columns) = self.columns else {
                self.columns = Some(Columns {
                    count: fields.len(),
                    from: needed(fields, line, FROM)?,
                    to: needed(fields, line, TO)?,
                    amount: needed(fields, line, AMOUNT)?,
                    time: needed(fields, line, TIME)?,
                    kind: find(fields, KIND)?,
                    label: find(fields, LABEL)?,
                });
                continue;
            };
            same_count(fields, line, columns.count)?;
            let bank = self.names.get("");
            let amount = fields.amount(columns.amount, "amount")?;
            let transaction = Transaction {
                row: self.row,
                time_s: time(fields, columns.time, self.options)?,
                from: Account {
                    bank: bank.clone(),
                    number: self.names.get(fields.some_text(columns.from, "sender")?),
                },
                to: Account {
                    bank: bank.clone(),
                    number: self.names.get(fields.some_text(columns.to, "recipient")?),
                },
                paid: amount,
                paid_currency: bank.clone(),
                received: amount,
                received_currency: bank,
                format: match columns.kind {
                    Some(kind) => self.names.get(fields.text(kind, "kind")?),
                    None => self.names.get(""),
                },
                laundering: match columns.label {
                    Some(label) => Some(fields.label(label, "label")?),
                    None => None,
                },
            };
            self.row = self.row.saturating_add(1);
            return Ok(Some(transaction));
        }
    }
}

impl<R: BufRead> Iterator for AmlSim<R> {
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

/// An account of AMLSim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The account.
    pub account: Account,
    /// Whether it takes part in a planted pattern.
    pub fraud: bool,
    /// What it starts with.
    pub balance: Option<Amount>,
    /// The step in which its pattern ends, where the file says so.
    pub fraud_step: Option<u64>,
}

/// Reads AMLSim's accounts: `nodeid,isFraud,init_balance,fraudStep` of the samples, or `acct_id,…,is_sar`.
#[derive(Debug)]
pub struct Nodes<R> {
    lines: Lines<R>,
    fields: Fields,
    names: Interner,
    columns: Option<NodeColumns>,
    ended: bool,
}

#[derive(Clone, Copy, Debug)]
struct NodeColumns {
    count: usize,
    node: usize,
    fraud: usize,
    balance: Option<usize>,
    step: Option<usize>,
}

impl<R: BufRead> Nodes<R> {
    /// A reader of `input`.
    pub fn new(input: R) -> Self {
        Self {
            lines: Lines::new(input),
            fields: Fields::new(),
            names: Interner::default(),
            columns: None,
            ended: false,
        }
    }

    fn read(&mut self) -> Result<Option<Node>, ReadError> {
        loop {
            let Some((line, content)) = self.lines.next()? else {
                return Ok(None);
            };
            self.fields.split(line, content)?;
            let fields = &self.fields;
            let Some(columns) = self.columns else {
                self.columns = Some(NodeColumns {
                    count: fields.len(),
                    node: needed(fields, line, NODE)?,
                    fraud: needed(fields, line, FRAUD)?,
                    balance: find(fields, BALANCE)?,
                    step: find(fields, FRAUD_STEP)?,
                });
                continue;
            };
            same_count(fields, line, columns.count)?;
            return Ok(Some(Node {
                account: Account {
                    bank: self.names.get(""),
                    number: self.names.get(fields.some_text(columns.node, "account")?),
                },
                fraud: fields.label(columns.fraud, "fraud")?,
                balance: match columns.balance {
                    Some(balance) => Some(fields.amount(balance, "balance")?),
                    None => None,
                },
                fraud_step: match columns.step {
                    Some(step) => fraud_step(fields, step)?,
                    None => None,
                },
            }));
        }
    }
}

impl<R: BufRead> Iterator for Nodes<R> {
    type Item = Result<Node, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

fn find(fields: &Fields, names: &[&str]) -> Result<Option<usize>, ReadError> {
    for index in 0..fields.len() {
        let found = fields.text(index, "header")?;
        if names.iter().any(|name| name.eq_ignore_ascii_case(found)) {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn needed(fields: &Fields, line: u64, names: &[&str]) -> Result<usize, ReadError> {
    find(fields, names)?.ok_or_else(|| ReadError::MissingColumn {
        line,
        names: names.join(" or "),
    })
}

fn same_count(fields: &Fields, line: u64, expected: usize) -> Result<(), ReadError> {
    if fields.len() == expected {
        return Ok(());
    }
    Err(ReadError::ColumnCount {
        line,
        found: fields.len(),
        expected: format!("{expected}, as in the header,"),
    })
}

fn time(fields: &Fields, column: usize, options: AmlSimOptions) -> Result<u64, ReadError> {
    let text = fields.some_text(column, "time")?;
    let seconds = match text.parse::<u64>() {
        Ok(step) => step
            .checked_mul(options.step_s)
            .and_then(|after| after.checked_add(options.start_s)),
        Err(_) => clock::parse_time(text),
    };
    seconds.ok_or_else(|| fields.error(column, "time", FieldProblem::Step))
}

/// `-1` stands for none.
fn fraud_step(fields: &Fields, column: usize) -> Result<Option<u64>, ReadError> {
    match fields.text(column, "fraud step")? {
        "" | "-1" => Ok(None),
        text => match text.parse() {
            Ok(step) => Ok(Some(step)),
            Err(_) => Err(fields.error(column, "fraud step", FieldProblem::Step)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str) -> Result<Vec<Transaction>, ReadError> {
        AmlSim::new(file.as_bytes(), AmlSimOptions::default()).collect()
    }

    #[test]
    fn the_columns_of_all_three_simulators_are_found_by_name() {
        let sample = read("sourceNodeId,targetNodeId,value,time\n360,18984,103.55,1\n").unwrap();
        let between = read(
            "TXN_ID,ACCOUNT_ID,COUNTER_PARTY_ACCOUNT_NUM,TXN_SOURCE_TYPE_CODE,tx_count,TXN_AMOUNT_ORIG,start,end\n\
             2,360,18984,WIRE,1,103.55,1,1\n",
        )
        .unwrap();
        let newer = read(
            "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id\n\
             1,360,18984,TRANSFER,103.55,1970-01-02T00:00:00Z,True,-1\n",
        )
        .unwrap();
        for rows in [&sample, &between, &newer] {
            assert_eq!(
                (&*rows[0].from.number, &*rows[0].to.number),
                ("360", "18984")
            );
            assert_eq!(
                (rows[0].paid, rows[0].time_s),
                (Amount::cents(10_355), 86_400)
            );
        }
        assert_eq!(
            (sample[0].laundering, newer[0].laundering),
            (None, Some(true))
        );
        assert_eq!(&*between[0].format, "WIRE");
    }

    #[test]
    fn steps_become_seconds_as_the_caller_says() {
        let options = AmlSimOptions {
            step_s: 60,
            start_s: 5,
        };
        let file = b"sourceNodeId,targetNodeId,value,time\n1,2,3,4\n1,2,3,18446744073709551615\n";
        let mut rows = AmlSim::new(file.as_slice(), options);
        assert_eq!(rows.next().unwrap().unwrap().time_s, 245);
        assert_eq!(
            rows.next().unwrap().unwrap_err().to_string(),
            "line 3, column 4 (time): not a step: a whole number, or a time"
        );
    }

    #[test]
    fn another_kind_of_file_is_refused_at_its_header() {
        let error = read("nodeid,isFraud,init_balance,fraudStep\n0,0,184.44,-1\n").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("line 1 is a header without the column sourceNodeId or")
        );
    }

    #[test]
    fn a_row_of_another_width_is_refused() {
        let error =
            read("sourceNodeId,targetNodeId,value,time\n360,18984,1,103.55,1\n").unwrap_err();
        assert!(matches!(
            error,
            ReadError::ColumnCount {
                line: 2,
                found: 5,
                ..
            }
        ));
    }

    #[test]
    fn accounts_come_with_their_label_and_step() {
        let file = b"nodeid,isFraud,init_balance,fraudStep\n0,0,184.44,-1\n7,1,175.8,94\n";
        let nodes: Vec<_> = Nodes::new(file.as_slice())
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!((nodes[0].fraud, nodes[0].fraud_step), (false, None));
        assert_eq!((nodes[1].fraud, nodes[1].fraud_step), (true, Some(94)));
        assert_eq!(nodes[1].balance, Some(Amount::cents(17_580)));
    }
}
