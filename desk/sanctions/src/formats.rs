//! The two formats that are read: OFAC's, and a plain one.

use crate::{Entry, FieldProblem, Kind, List, ListError, MAX_LIST_BYTES};
use std::collections::BTreeSet;

/// The header of the plain format.
const PLAIN_HEADER: &str = "id,name,kind,programmes,aliases";

impl List {
    /// Reads OFAC's `sdn.csv`: twelve columns without a header, `-0-` where there is nothing.
    ///
    /// Aliases that the remarks give as `a.k.a. 'X'` are taken; those of the separate file `alt.csv` are not in it.
    /// Bytes that are no UTF-8 are read as Latin-1, which older files are written in.
    pub fn ofac(name: &str, bytes: &[u8]) -> Result<Self, ListError> {
        let mut list = Reading::new(name);
        for_each_record(bytes, |record| {
            let programmes = record.some(3, "programme")?;
            let remarks = record.text(11);
            list.add(
                record,
                Entry {
                    id: record.some(0, "id")?,
                    name: record.some(1, "name")?,
                    kind: match record.text(2).as_str() {
                        "" => Kind::Entity,
                        kind => parse_kind(kind).ok_or_else(|| {
                            record.error(2, "kind", FieldProblem::Kind(kind.into()))
                        })?,
                    },
                    programmes: programmes
                        .split(['[', ']'])
                        .map(str::trim)
                        .filter(|p| !p.is_empty())
                        .map(Into::into)
                        .collect(),
                    aliases: aliases_in(&remarks),
                    remarks,
                },
            )
        })?;
        list.done()
    }

    /// Reads the plain format: CSV with the header `id,name,kind,programmes,aliases`, where the last two may have
    /// several values with `|` between them.
    pub fn plain(name: &str, bytes: &[u8]) -> Result<Self, ListError> {
        let mut list = Reading::new(name);
        let mut header = false;
        for_each_record(bytes, |record| {
            if !core::mem::replace(&mut header, true) {
                let found: Vec<_> = (0..record.fields.len())
                    .map(|column| record.text(column))
                    .collect();
                return match found.join(",") == PLAIN_HEADER {
                    true => Ok(()),
                    false => Err(record.error(0, "header", FieldProblem::Header(PLAIN_HEADER))),
                };
            }
            let kind = record.some(2, "kind")?;
            let several = |column| -> Vec<String> {
                let text = record.text(column);
                text.split('|')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(Into::into)
                    .collect()
            };
            list.add(
                record,
                Entry {
                    id: record.some(0, "id")?,
                    name: record.some(1, "name")?,
                    kind: parse_kind(&kind)
                        .ok_or_else(|| record.error(2, "kind", FieldProblem::Kind(kind)))?,
                    programmes: several(3),
                    aliases: several(4),
                    remarks: String::new(),
                },
            )
        })?;
        list.done()
    }
}

fn parse_kind(text: &str) -> Option<Kind> {
    [
        ("individual", Kind::Individual),
        ("entity", Kind::Entity),
        ("vessel", Kind::Vessel),
        ("aircraft", Kind::Aircraft),
    ]
    .into_iter()
    .find_map(|(name, kind)| name.eq_ignore_ascii_case(text).then_some(kind))
}

/// What stands in quotes behind `a.k.a.`, `f.k.a.` or `n.k.a.`.
fn aliases_in(remarks: &str) -> Vec<String> {
    let mut aliases = Vec::new();
    for mark in ["a.k.a. '", "f.k.a. '", "n.k.a. '"] {
        for part in remarks.split(mark).skip(1) {
            // The quote that ends it stands before a sign or at the end, an apostrophe within it does not.
            let end = part.match_indices('\'').map(|(at, _)| at).find(|at| {
                let rest = part.get(at + 1..).unwrap_or_default();
                rest.is_empty() || rest.starts_with([';', '.', ',', ')'])
            });
            if let Some(alias) = end.and_then(|end| part.get(..end)) {
                aliases.push(alias.trim().to_owned());
            }
        }
    }
    aliases.retain(|alias| !alias.is_empty());
    aliases
}

/// Entries so far.
struct Reading {
    list: List,
    ids: BTreeSet<String>,
}

impl Reading {
    fn new(name: &str) -> Self {
        Self {
            list: List {
                name: name.to_owned(),
                entries: Vec::new(),
            },
            ids: BTreeSet::new(),
        }
    }

    fn add(&mut self, record: &Record, entry: Entry) -> Result<(), ListError> {
        if !self.ids.insert(entry.id.clone()) {
            return Err(record.error(0, "id", FieldProblem::Twice));
        }
        self.list.entries.push(entry);
        Ok(())
    }

    fn done(self) -> Result<List, ListError> {
        match self.list.entries.is_empty() {
            true => Err(ListError::Empty),
            false => Ok(self.list),
        }
    }
}

/// The fields of one record, as text.
struct Record {
    line: u64,
    fields: Vec<String>,
}

impl Record {
    fn error(&self, index: usize, name: &'static str, problem: FieldProblem) -> ListError {
        ListError::Field {
            line: self.line,
            column: index.saturating_add(1),
            name,
            problem,
        }
    }

    /// Empty when it is `-0-` or not there.
    fn text(&self, index: usize) -> String {
        match self.fields.get(index).map(|field| field.trim()) {
            None | Some("-0-") => String::new(),
            Some(text) => text.to_owned(),
        }
    }

    fn some(&self, index: usize, name: &'static str) -> Result<String, ListError> {
        if index >= self.fields.len() {
            return Err(self.error(index, name, FieldProblem::Missing));
        }
        match self.text(index) {
            text if text.is_empty() => Err(self.error(index, name, FieldProblem::Empty)),
            text => Ok(text),
        }
    }
}

fn for_each_record(
    bytes: &[u8],
    mut each: impl FnMut(&Record) -> Result<(), ListError>,
) -> Result<(), ListError> {
    if bytes.len() > MAX_LIST_BYTES {
        return Err(ListError::TooLarge);
    }
    // OFAC ends its files with the end-of-file mark of DOS.
    let bytes = bytes.trim_ascii_end();
    let bytes = bytes.strip_suffix(b"\x1A").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut raw = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut raw) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => {
                return Err(ListError::Record {
                    line,
                    problem: error.to_string(),
                });
            }
        }
        let record = Record {
            line: raw.position().map_or(line, csv::Position::line),
            fields: raw.iter().map(decode).collect(),
        };
        each(&record)?;
    }
}

fn decode(bytes: &[u8]) -> String {
    match core::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    const OFAC: &[u8] = b"\
306,\"BANCO NACIONAL DE CUBA\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"a.k.a. 'BNC'.\"\r\n\
2674,\"ABBAS, Abu\",\"individual\",\"SDGT] [NPWMD\",\"Director\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 10 Dec 1948; a.k.a. 'D'ARTA';\"\r\n\
15036,\"ATR\xC9E\",\"vessel\",\"IRAN\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1A";

    #[test]
    fn ofacs_columns_marks_and_aliases_are_read() {
        let list = List::ofac("OFAC SDN", OFAC).unwrap();
        assert_eq!(list.entries.len(), 3);
        let bank = &list.entries[0];
        assert_eq!((bank.id.as_str(), bank.kind), ("306", Kind::Entity));
        assert_eq!(
            bank.names().collect::<Vec<_>>(),
            ["BANCO NACIONAL DE CUBA", "BNC"]
        );
        let person = &list.entries[1];
        assert_eq!(
            (person.kind, person.programmes.as_slice()),
            (
                Kind::Individual,
                ["SDGT", "NPWMD"].map(String::from).as_slice()
            )
        );
        assert_eq!(person.aliases, ["D'ARTA"]);
        assert_eq!(
            (
                list.entries[2].name.as_str(),
                list.entries[2].remarks.as_str()
            ),
            ("ATRÉE", "")
        );
    }

    #[test]
    fn the_plain_format_has_several_aliases() {
        let file = b"id,name,kind,programmes,aliases\nX1,\"Volkov, P.\",individual,A|B,Wolkow | Volkoff\nX2,Acme,entity,,\n";
        let list = List::plain("own", file).unwrap();
        assert_eq!(list.entries[0].aliases, ["Wolkow", "Volkoff"]);
        assert!(list.entries[1].aliases.is_empty());
    }

    #[test]
    fn an_error_names_line_and_column() {
        let error = |result: Result<List, ListError>| result.unwrap_err().to_string();
        assert_eq!(
            error(List::ofac("x", b"1,\"A\",-0-,\"B\"\n2,-0- ,-0-,\"B\"\n")),
            "line 2, column 2 (name): empty"
        );
        assert_eq!(
            error(List::ofac("x", b"1,A\n")),
            "line 1, column 4 (programme): missing"
        );
        assert_eq!(
            error(List::ofac("x", b"1,A,-0-,B\n1,C,-0-,B\n")),
            "line 2, column 1 (id): another entry has the same"
        );
        assert!(
            error(List::plain("x", b"name\nA\n"))
                .starts_with("line 1, column 1 (header): the first line has")
        );
        let kind = b"id,name,kind,programmes,aliases\n1,A,robot,,\n";
        assert!(
            error(List::plain("x", kind))
                .starts_with("line 2, column 3 (kind): \"robot\" is no kind")
        );
    }

    #[test]
    fn an_empty_list_is_not_taken() {
        assert!(matches!(List::ofac("x", b"\x1A"), Err(ListError::Empty)));
        assert!(matches!(
            List::plain("x", b"id,name,kind,programmes,aliases\n"),
            Err(ListError::Empty)
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..500), cut in 0usize..500) {
            let _ = List::ofac("x", &bytes);
            let _ = List::plain("x", &bytes);
            let mut damaged = OFAC.to_vec();
            for (place, byte) in bytes.iter().enumerate().step_by(7) {
                let place = (place * 31 + usize::from(*byte)) % damaged.len();
                damaged[place] = *byte;
            }
            damaged.truncate(cut);
            let _ = List::ofac("x", &damaged);
        }

        #[test]
        fn no_remark_makes_the_reader_panic(remarks in "(a\\.k\\.a\\. '|[a-z'.;é ]){0,40}") {
            let _ = aliases_in(&remarks);
        }
    }
}
