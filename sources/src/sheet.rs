//! Sheets of office programs (`.xlsx`), read as rows of text.
//!
//! Format: ECMA-376, a zip of XML parts. The zip is unpacked within the limits of [`crate::files`], each part is looked
//! through for a document type, which no office program writes and from which entities grow, and only then the reader of
//! sheets gets the parts, packed anew, so that it sees what was looked through and nothing else. It hands out cell after
//! cell; no size that the sheet declares is believed.

use crate::files::{File, Files};
use crate::table::{MAX_COLUMNS, MAX_FIELD_CHARS, MAX_FIELDS, MAX_ROWS, Row};
use crate::text::fit;
use calamine::{DataRef, Reader, SheetType, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The most sheets a book may have.
pub const MAX_SHEETS: usize = 200;
/// The most characters in all cells of a sheet together: a text kept once may stand in a million cells.
pub const MAX_SHEET_CHARS: usize = 64 * 1024 * 1024;
/// Significant digits that a number has on the screen of an office program.
const DIGITS: usize = 15;

/// A book of sheets.
pub struct Book {
    inner: Xlsx<Cursor<Vec<u8>>>,
}

impl Book {
    /// Opens a book.
    ///
    /// # Errors
    /// The reason why it is none, or why it is not safe to open.
    pub fn open(bytes: &[u8]) -> Result<Self, String> {
        let parts = Files::parts(bytes, is_xml).map_err(|error| error.to_string())?;
        if let Some(reject) = parts.rejects.kept.first() {
            return Err(reject.to_string());
        }
        if !parts.files.iter().any(|part| part.path == "[Content_Types].xml") {
            return Err("it is no .xlsx sheet".to_owned());
        }
        for part in &parts.files {
            check(part)?;
        }
        let packed = pack(parts.files).map_err(|error| error.to_string())?;
        let inner =
            Xlsx::new(Cursor::new(packed)).map_err(|error| format!("it is no .xlsx sheet: {error}"))?;
        if inner.sheets_metadata().len() > MAX_SHEETS {
            return Err(format!("it has more than {MAX_SHEETS} sheets"));
        }
        Ok(Self { inner })
    }

    /// The names of its sheets in their order, without charts and the like.
    pub fn sheets(&self) -> Vec<String> {
        let all = self.inner.sheets_metadata().iter();
        all.filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect()
    }

    /// The rows of a sheet in which anything stands, in their order, with their numbers from 1. Columns from
    /// [`MAX_COLUMNS`] on are not read. A number is text as people see it: 4.1, whatever binary fraction stands for it.
    ///
    /// # Errors
    /// The reason why it does not read.
    pub fn rows(&mut self, sheet: &str) -> Result<Vec<Row>, String> {
        let fault = |error: calamine::XlsxError| format!("the sheet '{sheet}' does not read: {error}");
        let mut cells = self.inner.worksheet_cells_reader(sheet).map_err(fault)?;
        let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        let (mut fields, mut chars) = (0, 0);
        while let Some(cell) = cells.next_cell().map_err(fault)? {
            let (number, column) = cell.get_position();
            let column = column as usize;
            if column >= MAX_COLUMNS || matches!(cell.get_value(), DataRef::Empty) {
                continue;
            }
            let value = text(cell.get_value())?;
            if value.trim().is_empty() {
                continue;
            }
            let row = rows.entry(number).or_default();
            if row.len() <= column {
                fields += column + 1 - row.len();
                row.resize(column + 1, String::new());
            }
            chars += value.len();
            if fields > MAX_FIELDS || chars > MAX_SHEET_CHARS {
                return Err(format!(
                    "the sheet '{sheet}' has more than {MAX_FIELDS} cells or {MAX_SHEET_CHARS} bytes of text"
                ));
            }
            row[column] = value;
            if rows.len() > MAX_ROWS {
                return Err(format!("the sheet '{sheet}' has more than {MAX_ROWS} rows"));
            }
        }
        Ok(rows.into_iter().map(|(number, fields)| Row { line: number.saturating_add(1), fields }).collect())
    }
}

/// The names of the sheets of a book.
///
/// # Errors
/// As [`Book::open`].
pub fn sheets(bytes: &[u8]) -> Result<Vec<String>, String> {
    Ok(Book::open(bytes)?.sheets())
}

/// The rows of a sheet of a book.
///
/// # Errors
/// As [`Book::open`] and [`Book::rows`].
pub fn rows(bytes: &[u8], sheet: &str) -> Result<Vec<Row>, String> {
    Book::open(bytes)?.rows(sheet)
}

/// Pictures and settings of printers stay packed.
fn is_xml(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.ends_with(".xml") || path.ends_with(".rels")
}

fn check(part: &File) -> Result<(), String> {
    let text = part.text().map_err(|reject| reject.to_string())?;
    for (place, _) in text.match_indices("<!") {
        let rest = &text[place + 2..];
        if !rest.starts_with("--") && !rest.starts_with("[CDATA[") {
            return Err(format!("{}: it has a document type, which no sheet needs", part.path));
        }
    }
    Ok(())
}

fn pack(parts: Vec<File>) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(vec![]));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for part in parts {
        writer.start_file(part.path, options)?;
        writer.write_all(&part.bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn text(value: &DataRef<'_>) -> Result<String, String> {
    let text: &str = match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text,
        DataRef::SharedString(text) => text,
        DataRef::Float(number) => return Ok(number_text(*number)),
        DataRef::Int(number) => return Ok(number.to_string()),
        DataRef::Bool(truth) => return Ok(truth.to_string()),
        DataRef::DateTime(instant) => return Ok(instant_text(instant)),
        DataRef::Error(_) | DataRef::Empty => return Ok(String::new()),
    };
    match fit(text, MAX_FIELD_CHARS) {
        (text, false) => Ok(text),
        (_, true) => Err(format!("a cell has more than {MAX_FIELD_CHARS} characters")),
    }
}

/// A number with the digits that people see.
fn number_text(number: f64) -> String {
    let seen = format!("{number:.*e}", DIGITS - 1).parse::<f64>().unwrap_or(number);
    seen.to_string()
}

/// `2026-01-31`, with `T12:00:00` where it is not midnight; a duration as the number of days that it is.
fn instant_text(instant: &calamine::ExcelDateTime) -> String {
    if !instant.is_datetime() || !(0.0..2_958_466.0).contains(&instant.as_f64()) {
        return number_text(instant.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
pub(crate) mod tests;
