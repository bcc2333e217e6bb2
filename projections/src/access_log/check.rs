//! Holds the access log against its journal in the ledger.

use super::digest_of;
use aegis_aggregates::Aggregate;
use aegis_aggregates::access_journal::{ACCESS_JOURNAL_ID, AccessJournal, AccessJournalEvent, Segment};
use sqlx::{PgConnection, PgPool};

/// What is wrong with the access log, and where it shows first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessFinding {
    /// An event of the journal does not read as one.
    #[error("event {sequence} of the journal of the access log does not decode")]
    Unreadable {
        /// Its place in the journal.
        sequence: i64,
    },
    /// Segments do not follow each other.
    #[error("segment {number} of the access log does not follow the one before it")]
    OutOfOrder {
        /// Its number.
        number: u64,
    },
    /// Entries of a closed segment were changed, removed or added.
    #[error(
        "segment {number} of the access log (entries {first} to {last}): {found} entries are there, {closed} were \
         closed, and they are not the same"
    )]
    Changed {
        /// Its number.
        number: u64,
        /// The id that it begins with.
        first: i64,
        /// The id of its last entry.
        last: i64,
        /// How many entries there are.
        found: u64,
        /// How many there were.
        closed: u64,
    },
}

/// The access log as it was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessChecked {
    /// How many segments were ever closed.
    pub closed: usize,
    /// How many of them were cut and are gone.
    pub cut: usize,
    /// How many are there and what they were.
    pub intact: usize,
    /// The id of the last entry that was cut, 0 for none.
    pub cut_up_to: i64,
    /// The id of the last entry of a closed segment; what comes after it is not proven yet.
    pub closed_up_to: i64,
    /// The first thing wrong, if anything is.
    pub finding: Option<AccessFinding>,
}

/// Recomputes every closed segment that is still there, in one snapshot of the database. `progress` hears
/// (done, total) segments.
///
/// # Errors
/// The database failed. What is wrong with the log is a finding.
pub async fn check(
    pool: &PgPool,
    progress: &mut (dyn FnMut(i64, i64) + Send),
) -> Result<AccessChecked, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only")
        .execute(&mut *transaction)
        .await?;
    let mut checked = AccessChecked::default();
    let journal = match journal(&mut transaction).await? {
        Ok(journal) => journal,
        Err(finding) => return Ok(AccessChecked { finding: Some(finding), ..checked }),
    };
    let segments = journal.segments();
    checked.closed = segments.len();
    let total = i64::try_from(segments.len()).unwrap_or(i64::MAX);
    let mut due = (1, 1);
    for (done, segment) in (1..).zip(segments) {
        let Segment { number, first, last, entries: closed, ref sha256, .. } = *segment;
        if (number, first) != due {
            checked.finding = Some(AccessFinding::OutOfOrder { number });
            break;
        }
        due = (number + 1, last + 1);
        checked.closed_up_to = last;
        let found = digest_of(&mut transaction, first, last).await?;
        if number <= journal.cut_through() && found.entries == 0 {
            checked.cut += 1;
            checked.cut_up_to = last;
        } else if found.entries == closed && found.sha256 == *sha256 {
            checked.intact += 1;
        } else {
            let found = found.entries;
            checked.finding = Some(AccessFinding::Changed { number, first, last, found, closed });
            break;
        }
        progress(done, total);
    }
    transaction.rollback().await?;
    Ok(checked)
}

async fn journal(connection: &mut PgConnection) -> Result<Result<AccessJournal, AccessFinding>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select sequence, payload::text as "payload!" from events
           where aggregate_type = $1 and aggregate_id = $2 order by sequence"#,
        AccessJournal::TYPE,
        ACCESS_JOURNAL_ID
    )
    .fetch_all(connection)
    .await?;
    let mut journal = AccessJournal::default();
    for row in rows {
        match serde_json::from_str::<AccessJournalEvent>(&row.payload) {
            Ok(event) => journal.apply(event),
            Err(_) => return Ok(Err(AccessFinding::Unreadable { sequence: row.sequence })),
        }
    }
    Ok(Ok(journal))
}
