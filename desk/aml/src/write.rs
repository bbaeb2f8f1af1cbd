//! Writers of what [`read`](crate::read) reads, and the labels as JSON.

use crate::{
    Account, AccountKind, Attempt, Labels, Transaction, clock::format_minute, generate::Generated,
    read::amlworld_header,
};
use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// Writes AMLworld's transfers with their header.
///
/// Its times have minutes only, and its banks no leading zeros.
pub fn amlworld(output: &mut impl Write, transactions: &[Transaction]) -> io::Result<()> {
    writeln!(output, "{}", amlworld_header().join(","))?;
    for transaction in transactions {
        amlworld_row(output, transaction)?;
    }
    Ok(())
}

fn amlworld_row(output: &mut impl Write, transaction: &Transaction) -> io::Result<()> {
    write!(output, "{}", format_minute(transaction.time_s))?;
    for field in [
        &transaction.from.bank,
        &transaction.from.number,
        &transaction.to.bank,
        &transaction.to.number,
    ] {
        write!(output, ",{}", quoted(field))?;
    }
    write!(
        output,
        ",{},{},{},{},{}",
        transaction.received,
        quoted(&transaction.received_currency),
        transaction.paid,
        quoted(&transaction.paid_currency),
        quoted(&transaction.format)
    )?;
    match transaction.laundering {
        Some(laundering) => writeln!(output, ",{}", u8::from(laundering)),
        None => writeln!(output),
    }
}

/// Writes a pattern file. Rows that `transactions` does not have are an error of the kind `InvalidInput`.
pub fn patterns(
    output: &mut impl Write,
    transactions: &[Transaction],
    attempts: &[Attempt],
) -> io::Result<()> {
    for attempt in attempts {
        let name = attempt.pattern.name();
        match attempt.detail.as_str() {
            "" => writeln!(output, "BEGIN LAUNDERING ATTEMPT - {name}")?,
            detail => writeln!(output, "BEGIN LAUNDERING ATTEMPT - {name}:  {detail}")?,
        }
        for row in &attempt.rows {
            let transaction = usize::try_from(*row)
                .ok()
                .and_then(|row| transactions.get(row))
                .filter(|transaction| transaction.row == *row)
                .ok_or_else(|| {
                    io::Error::new(
                        io::ErrorKind::InvalidInput,
                        format!("there is no transfer {row}"),
                    )
                })?;
            amlworld_row(output, transaction)?;
        }
        writeln!(output, "END LAUNDERING ATTEMPT - {name}\n")?;
    }
    Ok(())
}

/// Writes AMLSim's transfers. Times become steps of `step_s` seconds after `start_s`; zero counts as one.
pub fn amlsim(
    output: &mut impl Write,
    transactions: &[Transaction],
    options: crate::read::AmlSimOptions,
) -> io::Result<()> {
    writeln!(output, "sourceNodeId,targetNodeId,value,time")?;
    for transaction in transactions {
        let step = transaction.time_s.saturating_sub(options.start_s) / options.step_s.max(1);
        writeln!(
            output,
            "{},{},{},{step}",
            quoted(&transaction.from.to_string()),
            quoted(&transaction.to.to_string()),
            transaction.paid
        )?;
    }
    Ok(())
}

/// Writes AMLSim's accounts: those of `fraud` are labelled. It has no balances, and no steps of fraud.
pub fn nodes(
    output: &mut impl Write,
    accounts: &[(Account, AccountKind)],
    fraud: &BTreeSet<Account>,
) -> io::Result<()> {
    writeln!(output, "nodeid,isFraud,init_balance,fraudStep")?;
    for (account, _) in accounts {
        let label = u8::from(fraud.contains(account));
        writeln!(output, "{},{label},0.00,-1", quoted(&account.to_string()))?;
    }
    Ok(())
}

/// Writes the accounts and what they are: `bank,account,kind`.
pub fn accounts(output: &mut impl Write, accounts: &[(Account, AccountKind)]) -> io::Result<()> {
    writeln!(output, "bank,account,kind")?;
    for (account, kind) in accounts {
        let kind = match kind {
            AccountKind::Person => "person",
            AccountKind::Firm => "firm",
            AccountKind::Treasury => "treasury",
        };
        writeln!(
            output,
            "{},{},{kind}",
            quoted(&account.bank),
            quoted(&account.number)
        )?;
    }
    Ok(())
}

/// Writes the labels as JSON that [`Labels`] reads back.
pub fn labels(output: &mut impl Write, labels: &Labels) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *output, labels)?;
    writeln!(output)
}

/// Writes everything that was made into a folder: `transactions.csv` and `patterns.txt` as AMLworld has them,
/// `accounts.csv`, `labels.json`, and `amlsim/transactions.csv` with `amlsim/nodes.csv`.
pub fn folder(path: &Path, made: &Generated) -> io::Result<()> {
    let create = |name: &str| File::create(path.join(name)).map(BufWriter::new);
    std::fs::create_dir_all(path.join("amlsim"))?;

    let mut file = create("transactions.csv")?;
    amlworld(&mut file, &made.transactions)?;
    file.flush()?;
    let mut file = create("patterns.txt")?;
    patterns(&mut file, &made.transactions, &made.labels.attempts)?;
    file.flush()?;
    let mut file = create("accounts.csv")?;
    accounts(&mut file, &made.accounts)?;
    file.flush()?;
    let mut file = create("labels.json")?;
    labels(&mut file, &made.labels)?;
    file.flush()?;
    let mut file = create("amlsim/transactions.csv")?;
    amlsim(&mut file, &made.transactions, made.amlsim_options())?;
    file.flush()?;
    let mut file = create("amlsim/nodes.csv")?;
    nodes(&mut file, &made.accounts, &made.laundering_accounts())?;
    file.flush()
}

/// A CSV field, in quotes only where it needs them.
fn quoted(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['"', ',', '\r', '\n']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}
