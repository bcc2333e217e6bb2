//! Reads a table of one's own, CSV or a sheet, once a person has said which column is what.
//!
//! [`columns`] shows the table and guesses; [`read`] takes what was decided. A row with a start, an end, an outcome or
//! a detection is an attack that was executed, every other one a planned test. A row at fault is refused by itself,
//! under its line in the file or its number in the sheet.

mod guess;
mod words;

use super::clock::{self, DateForm, Instant};
use super::{Executed, Found, OUTPUT_CHARS, Planned, ends_in, long, name, platform, sorted, technique};
use crate::sheet::Book;
use crate::table::{self, Row, Table, plain};
use crate::text::fit;
use crate::{File, Reject, SourceError};
use serde::{Deserialize, Serialize};

/// Rows that are shown.
pub const SHOWN_ROWS: usize = 20;
/// Characters of a field that are shown.
const SHOWN_CHARS: usize = 500;

/// What a column can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What stays the same when the row is imported again.
    Key,
    /// One line.
    Name,
    /// What it is about.
    Description,
    /// The technique.
    Technique,
    /// The tactic.
    Tactic,
    /// Platforms, with commas or semicolons between them.
    Platforms,
    /// What runs the commands.
    Executor,
    /// The commands, or the steps of a person.
    Procedure,
    /// What undoes it.
    Cleanup,
    /// What must be there before.
    Prerequisites,
    /// What a working defence would show.
    ExpectedDetection,
    /// What a working defence would stop.
    ExpectedPrevention,
    /// The plan or campaign.
    Plan,
    /// The part of the plan.
    Phase,
    /// Other words, with commas or semicolons between them.
    Tags,
    /// The GUID of the atomic test it was made from.
    Template,
    /// When it began.
    StartedAt,
    /// When it ended.
    EndedAt,
    /// The machine.
    Host,
    /// The address of the machine.
    Address,
    /// The account.
    User,
    /// Who did it.
    Operator,
    /// What the command returned.
    ExitStatus,
    /// Whether it did what it should.
    Success,
    /// What it wrote.
    Output,
    /// What the defence did.
    Detection,
}

/// A table, as shown to the person who says which column is what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// The sheets of a book; none for CSV.
    pub sheets: Vec<String>,
    /// Which of them this is.
    pub sheet: Option<String>,
    /// The names of the columns.
    pub header: Vec<String>,
    /// The first [`SHOWN_ROWS`] rows, their fields cut to what can be shown.
    pub rows: Vec<Row>,
    /// How many rows there are.
    pub count: usize,
    /// For each column what it may be.
    pub guess: Vec<Option<Field>>,
}

/// Which column is what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mapping {
    /// The sheet of a book; the first one where it is not said.
    pub sheet: Option<String>,
    /// Columns, from 0, and what they are.
    pub fields: Vec<(usize, Field)>,
    /// How days are written, where they can be read in two ways.
    pub dates: Option<DateForm>,
}

/// Shows a table. `sheet` is one of a book; the first where it is not said.
///
/// # Errors
/// [`SourceError::File`]: it is no table.
pub fn columns(bytes: &[u8], file_name: &str, sheet: Option<&str>) -> Result<Columns, SourceError> {
    let (table, sheets, sheet) = open(bytes, file_name, sheet)?;
    let shown = |row: &Row| Row {
        line: row.line,
        fields: row.fields.iter().map(|field| fit(field, SHOWN_CHARS).0).collect(),
    };
    Ok(Columns {
        sheets,
        sheet,
        rows: table.rows.iter().take(SHOWN_ROWS).map(shown).collect(),
        count: table.rows.len(),
        guess: guess::guess(&table),
        header: table.header,
    })
}

/// Reads a table.
///
/// # Errors
/// [`SourceError`]: it is no table, the mapping does not fit it, or nothing could be read.
pub fn read(bytes: &[u8], file_name: &str, mapping: &Mapping) -> Result<Found, SourceError> {
    let (table, _, _) = open(bytes, file_name, mapping.sheet.as_deref())?;
    let wrong = |reason: String| SourceError::File { file: name(file_name), reason };
    check(mapping, &table).map_err(wrong)?;
    let mut found = Found::default();
    found.rejects.extend(table.rejects);
    found.counts.add("rows", table.rows.len());
    for row in &table.rows {
        let cells = Cells { row, mapping };
        match read_row(&cells, file_name) {
            Ok(Either::Planned(planned)) => found.planned.push(*planned),
            Ok(Either::Executed(executed)) => found.executed.push(*executed),
            Err(reason) => {
                let record = name(cells.get(Field::Name));
                found.rejects.add(Reject::new(file_name, record, reason).at(row.line));
            }
        }
    }
    let (planned, executed) = (found.planned.len(), found.executed.len());
    found.counts.add("rows with a plan", planned);
    found.counts.add("rows with a result", executed);
    found.finished("row", "a table with a header and rows below it")
}

fn open(
    bytes: &[u8],
    file_name: &str,
    sheet: Option<&str>,
) -> Result<(Table, Vec<String>, Option<String>), SourceError> {
    let wrong = |reason: String| SourceError::File { file: name(file_name), reason };
    if !ends_in(file_name, &[".xlsx"]) {
        let file = File { path: file_name.to_owned(), bytes: bytes.to_vec() };
        let table = table::read(&file).map_err(|reject| wrong(reject.reason))?;
        return Ok((table, vec![], None));
    }
    let mut book = Book::open(bytes).map_err(wrong)?;
    let sheets = book.sheets();
    let sheet = match sheet {
        Some(sheet) => sheets.iter().find(|name| *name == sheet),
        None => sheets.first(),
    };
    let sheet = sheet.cloned().ok_or_else(|| wrong("it has no such sheet".to_owned()))?;
    let mut rows = book.rows(&sheet).map_err(wrong)?.into_iter();
    let header = rows.next().ok_or_else(|| wrong(format!("the sheet '{sheet}' is empty")))?;
    let header = header.fields.into_iter().map(|field| field.trim().to_owned()).collect();
    Ok((Table { header, rows: rows.collect(), rejects: vec![] }, sheets, Some(sheet)))
}

fn check(mapping: &Mapping, table: &Table) -> Result<(), String> {
    let fields = &mapping.fields;
    for (place, (column, field)) in fields.iter().enumerate() {
        if *column >= table.header.len() {
            return Err(format!("there is no column {}; the table has {}", column + 1, table.header.len()));
        }
        if fields[..place].iter().any(|(other, again)| other == column || again == field) {
            return Err("a column or a field is mapped twice".to_owned());
        }
    }
    if !fields.iter().any(|(_, field)| matches!(field, Field::Name | Field::Technique)) {
        return Err("a column must be the name or the technique".to_owned());
    }
    Ok(())
}

/// A row under its mapping.
struct Cells<'a> {
    row: &'a Row,
    mapping: &'a Mapping,
}

impl<'a> Cells<'a> {
    fn get(&self, field: Field) -> &'a str {
        let column = self.mapping.fields.iter().find(|(_, mapped)| *mapped == field);
        column.map_or("", |(column, _)| self.row.get(*column))
    }

    fn has(&self, field: Field) -> bool {
        !self.get(field).is_empty()
    }

    fn words(&self, field: Field) -> impl Iterator<Item = &'a str> {
        self.get(field).split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty())
    }

    fn instant(&self, field: Field) -> Result<Option<Instant>, String> {
        clock::in_form(self.get(field), self.mapping.dates)
    }
}

enum Either {
    Planned(Box<Planned>),
    Executed(Box<Executed>),
}

fn read_row(cells: &Cells<'_>, path: &str) -> Result<Either, String> {
    let attack_id = technique(cells.get(Field::Technique))?;
    let title = name(cells.get(Field::Name));
    let title = match &attack_id {
        Some(attack_id) if title.is_empty() => attack_id.clone(),
        None if title.is_empty() => return Err("it has neither a name nor a technique".to_owned()),
        _ => title,
    };
    let (started, ended) = (cells.instant(Field::StartedAt)?, cells.instant(Field::EndedAt)?);
    let own_key = name(cells.get(Field::Key));
    let template = cells.get(Field::Template).to_ascii_lowercase();
    let text = |field| long(cells.get(field));
    let mut test = Planned {
        key: if own_key.is_empty() {
            format!("{}/{}", attack_id.as_deref().unwrap_or_default(), plain(&title))
        } else {
            own_key.clone()
        },
        path: path.to_owned(),
        line: Some(cells.row.line),
        name: title,
        description: text(Field::Description)?,
        attack_id,
        platforms: sorted(cells.words(Field::Platforms).map(platform)),
        executor: name(cells.get(Field::Executor)),
        procedure: text(Field::Procedure)?,
        cleanup: text(Field::Cleanup)?,
        prerequisites: text(Field::Prerequisites)?,
        expected_detection: text(Field::ExpectedDetection)?,
        expected_prevention: text(Field::ExpectedPrevention)?,
        tool: "spreadsheet".to_owned(),
        plan: name(cells.get(Field::Plan)),
        phase: name(cells.get(Field::Phase)),
        tactic: name(cells.get(Field::Tactic)),
        tags: sorted(cells.words(Field::Tags)),
        template: crate::atomic::is_guid(&template).then_some(template),
    };
    let done = [Field::StartedAt, Field::EndedAt, Field::Success, Field::Detection, Field::ExitStatus];
    if !done.into_iter().any(|field| cells.has(field)) {
        return Ok(Either::Planned(Box::new(test)));
    }
    if let (Some(start), Some(end)) = (&started, &ended)
        && end.at < start.at
    {
        return Err("it ends before it begins".to_owned());
    }
    let host = name(cells.get(Field::Host));
    let start = started.as_ref().map_or("", |at| at.text.as_str());
    if own_key.is_empty() {
        test.key = format!("{}/{start}/{}", test.key, host.to_lowercase());
    }
    let exit = cells.get(Field::ExitStatus);
    let exit_status = if exit.is_empty() { None } else { Some(exit.parse::<i64>()) };
    let (output, output_cut) = fit(cells.get(Field::Output), OUTPUT_CHARS);
    let zone_assumed = [&started, &ended].into_iter().flatten().any(|at| at.assumed);
    Ok(Either::Executed(Box::new(Executed {
        command: test.procedure.clone(),
        test,
        zone_assumed,
        host,
        address: name(cells.get(Field::Address)),
        user: name(cells.get(Field::User)),
        operator: name(cells.get(Field::Operator)),
        exit_status: exit_status.transpose().map_err(|_| format!("'{}' is no whole number", name(exit)))?,
        success: words::success(cells.get(Field::Success))?,
        output,
        output_cut,
        detection: words::detection(cells.get(Field::Detection))?,
        started_at: started.map(|at| at.text),
        ended_at: ended.map(|at| at.text),
    })))
}

#[cfg(test)]
mod tests;
