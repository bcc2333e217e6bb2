//! Writing events: one statement, which is one transaction, for as many
//! commands as wait at the same time.
//!
//! At most [`WRITERS`] statements are under way in one process. A command that
//! finds both taken waits in line, and whoever finishes writes the next
//! [`BATCH_COMMANDS`] of the line together: the busier the house, the fewer
//! transactions a command costs, and alone it waits for nobody. What a command
//! is told is what happened to its own events: a batch that the database
//! refuses is halved until what is wrong with it stands alone.

use cqrs_es::persist::SerializedEvent;
use sqlx::PgPool;
use std::collections::{HashSet, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Statements under way at the same time, in one process.
const WRITERS: usize = 2;
/// Commands written in one statement, at most.
const BATCH_COMMANDS: usize = 64;
/// Bytes of payload after which no further command joins a batch.
const BATCH_BYTES: usize = 1 << 20;

type Written = Result<(), sqlx::Error>;

/// Writes the events of commands, several together where they meet.
pub struct Appender {
    pool: PgPool,
    line: Mutex<Line>,
}

/// Who waits. Its length is bounded by those who ask: each waits for its answer before it asks again.
#[derive(Default)]
struct Line {
    writing: usize,
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    rows: Rows,
    answer: oneshot::Sender<Written>,
}

/// The right to have a statement under way. Giving it back starts the next batch, also when the request
/// that held it is dropped half-way.
struct Turn(Arc<Appender>);

enum Place {
    Turn(Turn),
    InLine(oneshot::Receiver<Written>),
}

impl Appender {
    /// An appender of its own line.
    pub fn new(pool: PgPool) -> Self {
        Self { pool, line: Mutex::default() }
    }

    /// Appends the events of one command: all or nothing. When the answer is not waited for, they are
    /// written or not, as after a lost connection.
    ///
    /// # Errors
    /// The database refused these events, or failed.
    pub async fn append(self: &Arc<Self>, events: &[SerializedEvent]) -> Written {
        let rows = Rows::of(events);
        match self.place(&rows) {
            Place::Turn(_turn) => rows.insert(&self.pool).await,
            Place::InLine(answer) => {
                answer.await.unwrap_or_else(|_| Err(lost("the process stopped writing")))
            }
        }
    }

    fn place(self: &Arc<Self>, rows: &Rows) -> Place {
        let mut line = self.line();
        if line.writing < WRITERS {
            line.writing += 1;
            return Place::Turn(Turn(Arc::clone(self)));
        }
        let (answer, answered) = oneshot::channel();
        line.waiting.push_back(Waiting { rows: rows.clone(), answer });
        Place::InLine(answered)
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        // Nothing is done under the lock that could leave it half done.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let batch = {
            let mut line = self.0.line();
            let batch = line.next_batch();
            if batch.is_empty() {
                line.writing -= 1;
                return;
            }
            batch
        };
        let appender = Arc::clone(&self.0);
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    let turn = Turn(appender);
                    write(&turn.0.pool, batch).await;
                });
            }
            // The process is going down: those who wait are told so when the batch is dropped.
            Err(_) => self.0.line().writing -= 1,
        }
    }
}

impl Waiting {
    fn hears(self, written: Written) {
        // Nobody listens any more: the events stand or fall all the same.
        let _ = self.answer.send(written);
    }
}

impl Line {
    /// The first of the line that may share a transaction: two commands on one aggregate would refuse
    /// each other, and a command id that comes twice is only noticed between transactions.
    fn next_batch(&mut self) -> Vec<Waiting> {
        let (mut batch, mut seen, mut bytes) = (vec![], HashSet::new(), 0);
        while let Some(first) = self.waiting.front() {
            let full = batch.len() == BATCH_COMMANDS || bytes >= BATCH_BYTES;
            if full || first.rows.keys.iter().any(|key| seen.contains(key)) {
                break;
            }
            seen.extend(first.rows.keys.iter().cloned());
            bytes += first.rows.payloads.iter().map(String::len).sum::<usize>();
            batch.extend(self.waiting.pop_front());
        }
        batch
    }
}

/// Writes a batch and answers each of it. What the database refuses is halved until it stands alone.
async fn write(pool: &PgPool, batch: Vec<Waiting>) {
    let mut groups = vec![batch];
    while let Some(mut group) = groups.pop() {
        let written = match &group[..] {
            [one] => one.rows.insert(pool).await,
            several => Rows::together(several).insert(pool).await,
        };
        match written {
            Ok(()) => group.into_iter().for_each(|one| one.hears(Ok(()))),
            Err(error) if group.len() > 1 && is_about_the_rows(&error) => {
                // Nothing of the group is there.
                let half = group.split_off(group.len() / 2);
                groups.extend([half, group]);
            }
            Err(error) if group.len() > 1 => {
                // Perhaps all of it is there; writing it again would look like a lost race.
                group.into_iter().for_each(|one| one.hears(Err(lost(&error.to_string()))));
            }
            Err(error) => {
                if let Some(one) = group.pop() {
                    one.hears(Err(error));
                }
            }
        }
    }
}

/// Whether the server refused what was written, so that nothing of it is there: data (22), constraints
/// (23) or a rule of ours (AE). An error that ends the session may follow a commit.
fn is_about_the_rows(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| ["22", "23", "AE"].iter().any(|class| code.starts_with(class)))
}

fn lost(reason: &str) -> sqlx::Error {
    sqlx::Error::Io(io::Error::other(reason.to_owned()))
}

/// Events as the columns of `events`.
///
/// Payload and metadata go as text: a JSON value is bound as jsonb, which the
/// server would parse, rewrite in its own order and spacing, and parse again.
#[derive(Clone, Default)]
struct Rows {
    aggregate_types: Vec<String>,
    aggregate_ids: Vec<String>,
    sequences: Vec<i64>,
    event_types: Vec<String>,
    event_versions: Vec<String>,
    payloads: Vec<String>,
    metadata: Vec<String>,
    /// What no other command of the same transaction may have: the aggregates and the command id.
    keys: HashSet<(String, String)>,
}

impl Rows {
    fn of(events: &[SerializedEvent]) -> Self {
        let mut rows = Self::default();
        for event in events {
            rows.keys.insert((event.aggregate_type.clone(), event.aggregate_id.clone()));
            if let Some(id) = event.metadata.get("command_id").and_then(|id| id.as_str()) {
                // No aggregate has a type without a name.
                rows.keys.insert((String::new(), id.to_owned()));
            }
            rows.aggregate_types.push(event.aggregate_type.clone());
            rows.aggregate_ids.push(event.aggregate_id.clone());
            rows.sequences.push(i64::try_from(event.sequence).unwrap_or(i64::MAX));
            rows.event_types.push(event.event_type.clone());
            rows.event_versions.push(event.event_version.clone());
            rows.payloads.push(event.payload.to_string());
            rows.metadata.push(event.metadata.to_string());
        }
        rows
    }

    fn together(all: &[Waiting]) -> Self {
        let mut rows = Self::default();
        for one in all.iter().map(|waiting| &waiting.rows) {
            rows.aggregate_types.extend_from_slice(&one.aggregate_types);
            rows.aggregate_ids.extend_from_slice(&one.aggregate_ids);
            rows.sequences.extend_from_slice(&one.sequences);
            rows.event_types.extend_from_slice(&one.event_types);
            rows.event_versions.extend_from_slice(&one.event_versions);
            rows.payloads.extend_from_slice(&one.payloads);
            rows.metadata.extend_from_slice(&one.metadata);
        }
        rows
    }

    /// One statement: no round trip in which a lost connection could leave a transaction open.
    async fn insert(&self, pool: &PgPool) -> Written {
        if let [sequence] = self.sequences[..] {
            sqlx::query!(
                "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
                 values ($1, $2, $3, $4, $5, $6::text::json, $7::text::json)",
                self.aggregate_types[0],
                self.aggregate_ids[0],
                sequence,
                self.event_types[0],
                self.event_versions[0],
                self.payloads[0],
                self.metadata[0]
            )
            .execute(pool)
            .await?;
            return Ok(());
        }
        sqlx::query!(
            "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             select a, b, c, d, e, f::json, g::json
             from unnest($1::text[], $2::text[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[])
               with ordinality events (a, b, c, d, e, f, g, place)
             order by place",
            &self.aggregate_types,
            &self.aggregate_ids,
            &self.sequences,
            &self.event_types,
            &self.event_versions,
            &self.payloads,
            &self.metadata
        )
        .execute(pool)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCH_COMMANDS, Line, Rows, Waiting};
    use cqrs_es::persist::SerializedEvent;
    use serde_json::json;
    use tokio::sync::oneshot;

    fn command(aggregate: &str, command: Option<&str>) -> Waiting {
        let mut event = SerializedEvent {
            aggregate_id: aggregate.to_owned(),
            sequence: 1,
            aggregate_type: "test".to_owned(),
            event_type: "TestDrafted".to_owned(),
            event_version: "1.0".to_owned(),
            payload: json!({}),
            metadata: json!({ "actor": "a" }),
        };
        if let Some(id) = command {
            event.metadata["command_id"] = json!(id);
        }
        Waiting { rows: Rows::of(&[event]), answer: oneshot::channel().0 }
    }

    /// The aggregates of the batches that a line becomes.
    fn batches(waiting: impl IntoIterator<Item = Waiting>) -> Vec<Vec<String>> {
        let mut line = Line { writing: 1, waiting: waiting.into_iter().collect() };
        std::iter::from_fn(|| {
            let batch = line.next_batch();
            let ids = batch.into_iter().flat_map(|one| one.rows.aggregate_ids).collect::<Vec<_>>();
            (!ids.is_empty()).then_some(ids)
        })
        .collect()
    }

    #[test]
    fn one_aggregate_is_in_a_batch_once() {
        let line = [command("a", None), command("b", None), command("a", None), command("c", None)];
        assert_eq!(batches(line), [vec!["a", "b"], vec!["a", "c"]]);
    }

    #[test]
    fn one_command_id_is_in_a_batch_once() {
        let line = [command("a", Some("1")), command("b", Some("2")), command("c", Some("1"))];
        assert_eq!(batches(line), [vec!["a", "b"], vec!["c"]]);
    }

    #[test]
    fn a_batch_has_its_limit() {
        let line = (0..=BATCH_COMMANDS).map(|number| command(&number.to_string(), None));
        let sizes: Vec<_> = batches(line).iter().map(Vec::len).collect();
        assert_eq!(sizes, [BATCH_COMMANDS, 1]);
    }
}
