//! Tables as text: CSV with a header, as spreadsheets and tools write it.
//!
//! The separator is found from the header: comma, semicolon or tabulator. Columns are found by name, so their order and
//! further ones do not matter. Format: RFC 4180, with a byte order mark, Unix line ends and rows of uneven length let
//! through.

use crate::Reject;
use crate::files::File;
use crate::text::fit;
use csv::{ByteRecord, ReaderBuilder};

/// The most rows below the header.
pub const MAX_ROWS: usize = 200_000;
/// The most columns.
pub const MAX_COLUMNS: usize = 200;
/// The most characters of one field.
pub const MAX_FIELD_CHARS: usize = 200_000;
/// The most fields in all: many empty ones take more room than their commas.
pub const MAX_FIELDS: usize = 4_000_000;

/// A table with a header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The names of its columns, trimmed.
    pub header: Vec<String>,
    /// Its rows, without those that are empty.
    pub rows: Vec<Row>,
    /// Rows that stayed out.
    pub rejects: Vec<Reject>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The line it starts at, or the number of the row in a sheet; from 1.
    pub line: u32,
    /// Its fields.
    pub fields: Vec<String>,
}

impl Row {
    /// A field, trimmed; an empty text where the row ends before it.
    pub fn get(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", |field| field.trim())
    }

    /// A field, trimmed, if the table has the column and something stands in it.
    pub fn filled(&self, column: Option<usize>) -> Option<&str> {
        Some(self.get(column?)).filter(|field| !field.is_empty())
    }
}

impl Table {
    /// The place of the first column of one of these names; the first name that fits counts. Letter case, blanks, dashes
    /// and the like make no difference.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        let header: Vec<String> = self.header.iter().map(|name| plain(name)).collect();
        names.iter().find_map(|name| header.iter().position(|header| *header == plain(name)))
    }
}

/// A name of a column reduced to its letters and digits.
pub fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Reads a file as a table. Rows that do not read are left out, each with its line.
///
/// # Errors
/// The reason why it is no table.
pub fn read(file: &File) -> Result<Table, Reject> {
    let whole = |reason: String| Reject::new(&file.path, "", reason);
    let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file.bytes);
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(whole("it is UTF-16 text; save it as CSV in UTF-8".to_owned()));
    }
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(bytes)).from_reader(bytes);
    let (mut table, mut record, mut fields) = (Table::default(), ByteRecord::new(), 0);
    let (mut line, mut counted) = (1, 0);
    while reader.read_byte_record(&mut record).map_err(|error| whole(error.to_string()))? {
        // The parser's own place of a row is before the line ends that it passes over.
        let place = record.position().map_or(0, |place| usize::try_from(place.byte()).unwrap_or(0));
        let start = place + bytes[place..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += bytes[counted..start].iter().filter(|byte| **byte == b'\n').count();
        counted = start;
        let line = u32::try_from(line).unwrap_or(0);
        if record.iter().all(|field| field.trim_ascii().is_empty()) {
            continue;
        }
        let first = table.header.is_empty();
        let row = match row(&record, (!first).then_some(table.header.len())) {
            Ok(row) => row,
            Err(reason) if first => return Err(whole(format!("its header: {reason}")).at(line)),
            Err(reason) => {
                table.rejects.push(Reject::new(&file.path, "", reason).at(line));
                if table.rejects.len() > MAX_ROWS {
                    return Err(whole(format!("it has more than {MAX_ROWS} rows")));
                }
                continue;
            }
        };
        if first {
            table.header = row.into_iter().map(|name| name.trim().to_owned()).collect();
            continue;
        }
        fields += row.len();
        if table.rows.len() == MAX_ROWS || fields > MAX_FIELDS {
            return Err(whole(format!("it has more than {MAX_ROWS} rows or {MAX_FIELDS} fields")));
        }
        table.rows.push(Row { line, fields: row });
    }
    if table.header.is_empty() {
        return Err(whole("it is empty".to_owned()));
    }
    Ok(table)
}

/// The fields of a row, which may be fewer than the header has; further ones must be empty.
fn row(record: &ByteRecord, columns: Option<usize>) -> Result<Vec<String>, String> {
    let filled = record.iter().rposition(|field| !field.trim_ascii().is_empty()).map_or(0, |last| last + 1);
    let most = columns.unwrap_or(MAX_COLUMNS);
    if filled > most {
        return Err(match columns {
            Some(columns) => format!("it has {filled} fields, but the header has {columns}"),
            None => format!("it has more than {MAX_COLUMNS} columns"),
        });
    }
    record
        .iter()
        .take(filled)
        .map(|field| {
            let text = std::str::from_utf8(field).map_err(|_| "it is not UTF-8 text".to_owned())?;
            match fit(text, MAX_FIELD_CHARS) {
                (text, false) => Ok(text),
                (_, true) => {
                    Err(format!("a field has more than {MAX_FIELD_CHARS} characters; is a quote missing?"))
                }
            }
        })
        .collect()
}

/// What stands most often in the first line that is not empty, outside quotes; the comma where nothing does.
fn separator(bytes: &[u8]) -> u8 {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in &bytes[start..] {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(which, _)| which == byte).for_each(|(_, count)| *count += 1),
        }
    }
    let mut best = counts[0];
    for other in &counts[1..] {
        if other.1 > best.1 {
            best = *other;
        }
    }
    best.0
}

#[cfg(test)]
mod tests;
