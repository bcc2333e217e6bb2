//! The table.

use std::fmt::Write;

/// How many records of a sort are named without being asked for.
const NAMED: usize = 3;
/// Figures in one line of the table.
const PER_LINE: usize = 8;

/// A row: figures of a file that belong together.
struct Row {
    file: String,
    figures: Vec<Figure>,
    note: String,
}

struct Figure {
    what: String,
    expected: u64,
    found: u64,
    /// Whether the note says why it differs.
    explained: bool,
}

/// Records that stay out of a file for one reason.
pub struct StaysOut {
    /// Which file.
    pub file: String,
    /// What they are and why.
    pub why: String,
    /// Their ids.
    pub ids: Vec<String>,
}

/// What was found, beside what was expected.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
    stays_out: Vec<StaysOut>,
    others: Vec<String>,
}

impl Report {
    /// Adds figures: what, expected, found. `explained` are those found that differ for the reason in the note, and
    /// hold for this one figure only.
    pub fn row(&mut self, file: &str, figures: &[(&str, u64, u64)], explained: &[(&str, u64)], note: &str) {
        let figures = figures.iter().map(|(what, expected, found)| Figure {
            what: (*what).to_owned(),
            expected: *expected,
            found: *found,
            explained: !note.is_empty() && explained.contains(&(*what, *found)),
        });
        self.rows.push(Row { file: file.to_owned(), figures: figures.collect(), note: note.to_owned() });
    }

    /// Adds records that stay out.
    pub fn stays_out(&mut self, records: StaysOut) {
        self.stays_out.push(records);
    }

    /// Adds a difference that is none of a figure.
    pub fn differ(&mut self, what: String) {
        self.others.push(what);
    }

    /// Whether a row is about the file.
    pub fn names(&self, file: &str) -> bool {
        self.rows.iter().any(|row| row.file == file)
    }

    /// What differs without a reason.
    pub fn unexplained(&self) -> Vec<String> {
        let mut all = vec![];
        for row in &self.rows {
            let differing = row.figures.iter().filter(|it| it.expected != it.found && !it.explained);
            let tell = |it: &Figure| {
                format!("{}: {}: {} expected, {} found", row.file, it.what, it.expected, it.found)
            };
            all.extend(differing.map(tell));
        }
        all.extend(self.others.iter().cloned());
        all
    }

    /// The table, and below it what stays out: up to three records by their ids, or all.
    pub fn markdown(&self, all_records: bool) -> String {
        let mut text =
            String::from("| file | what is counted | expected | found | note |\n|---|---|---|---|---|\n");
        for row in &self.rows {
            for (index, figures) in row.figures.chunks(PER_LINE).enumerate() {
                let joined =
                    |of: fn(&Figure) -> String| figures.iter().map(of).collect::<Vec<_>>().join(" / ");
                let (what, expected) = (joined(|it| it.what.clone()), joined(|it| grouped(it.expected)));
                let found = joined(|it| grouped(it.found));
                let note = if index == 0 { row.note.as_str() } else { "" };
                let _ = writeln!(text, "| {} | {what} | {expected} | {found} | {note} |", row.file);
            }
        }
        if !self.stays_out.is_empty() {
            text.push_str(
                "\nRecords behind the differences:\n\n| file | which | how many | ids |\n|---|---|---|---|\n",
            );
        }
        for records in &self.stays_out {
            let StaysOut { file, why, ids } = records;
            let shown = if all_records || ids.len() <= NAMED { ids.join("<br>") } else { String::new() };
            let _ = writeln!(text, "| {file} | {why} | {} | {shown} |", grouped(ids.len() as u64));
        }
        text
    }
}

/// A number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
