//! What is said about tests, campaigns and remediations. A comment that was
//! taken back has no row any more; the ledger keeps what it said.

use crate::fold::{DomainEvent, Fold, RowChange, Sealed, restored};
use aegis_aggregates::discussion::{DiscussionEvent, Subject};
use aegis_aggregates::ids::{AccountId, CommentId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

const COMMENTS: &str = "comments";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct CommentRow {
    comment_id: CommentId,
    subject_kind: String,
    subject_id: Uuid,
    /// Its place in its discussion: that of its event, so that places are never given twice.
    number: i64,
    text: String,
    mentions: BTreeSet<AccountId>,
    posted_by: AccountId,
    posted_at: DateTime<Utc>,
    edited_at: Option<DateTime<Utc>>,
}

/// Projection "comments".
#[derive(Debug, Default)]
pub struct Comments {
    comments: HashMap<String, CommentRow>,
}

impl Fold for Comments {
    fn name(&self) -> &'static str {
        "comments"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &[COMMENTS]
    }

    fn reset(&mut self) {
        *self = Self::default();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        let DomainEvent::Discussion(body) = &event.body else {
            return vec![];
        };
        // Ids of discussions are subjects by construction; a foreign one has no rows to show.
        let Some(subject) = Subject::parse(&event.aggregate_id) else {
            return vec![];
        };
        let key = |comment: &CommentId| format!("{subject}/{comment}");
        match body {
            DiscussionEvent::CommentPosted { comment, by, at, text, mentions } => {
                let row = CommentRow {
                    comment_id: *comment,
                    subject_kind: subject.kind.as_str().to_owned(),
                    subject_id: subject.id,
                    number: event.sequence,
                    text: text.clone(),
                    mentions: mentions.clone(),
                    posted_by: *by,
                    posted_at: *at,
                    edited_at: None,
                };
                let change = RowChange::put(COMMENTS, key(comment), &row);
                self.comments.insert(key(comment), row);
                vec![change]
            }
            DiscussionEvent::CommentEdited { comment, at, text, mentions } => {
                let Some(row) = self.comments.get_mut(&key(comment)) else {
                    return vec![];
                };
                row.text.clone_from(text);
                row.mentions.clone_from(mentions);
                row.edited_at = Some(*at);
                vec![RowChange::put(COMMENTS, key(comment), row)]
            }
            DiscussionEvent::CommentRetracted { comment, .. } => {
                let key = key(comment);
                match self.comments.remove(&key) {
                    Some(_) => vec![RowChange { table: COMMENTS, key, row: None }],
                    None => vec![],
                }
            }
        }
    }

    fn restore(&mut self, _table: &str, key: &str, row: serde_json::Value) -> Result<(), serde_json::Error> {
        self.comments.insert(key.to_owned(), restored(row)?);
        Ok(())
    }
}

/// A comment as of a position.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are the fields of a comment, see DiscussionEvent")]
pub struct CommentRecord {
    pub comment_id: Uuid,
    pub number: i32,
    /// With mentions as `<@account id>`.
    pub text: String,
    pub mentions: Vec<Uuid>,
    pub posted_by: Uuid,
    pub posted_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
}

/// One page of what is said about a subject, oldest first, after a given place.
///
/// # Errors
/// The database failed.
pub async fn comments(
    pool: &PgPool,
    subject: Subject,
    at: i64,
    after: Option<i32>,
    limit: i64,
) -> Result<Vec<CommentRecord>, sqlx::Error> {
    sqlx::query_as!(
        CommentRecord,
        "select comment_id, number, text, mentions, posted_by, posted_at, edited_at from comments
         where subject_id = $1 and subject_kind = $2 and from_position <= $3 and to_position > $3
           and ($4::int is null or number > $4)
         order by number limit $5",
        subject.id,
        subject.kind.as_str(),
        at,
        after,
        limit
    )
    .fetch_all(pool)
    .await
}

/// One comment as of a position, unless it was taken back.
///
/// # Errors
/// The database failed.
pub async fn comment(
    pool: &PgPool,
    subject: Subject,
    comment: Uuid,
    at: i64,
) -> Result<Option<CommentRecord>, sqlx::Error> {
    sqlx::query_as!(
        CommentRecord,
        "select comment_id, number, text, mentions, posted_by, posted_at, edited_at from comments
         where row_key = $1 and from_position <= $2 and to_position > $2",
        format!("{subject}/{comment}"),
        at
    )
    .fetch_optional(pool)
    .await
}

/// How many comments there are about a subject.
///
/// # Errors
/// The database failed.
pub async fn count(pool: &PgPool, subject: Subject, at: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from comments
           where subject_id = $1 and subject_kind = $2 and from_position <= $3 and to_position > $3"#,
        subject.id,
        subject.kind.as_str(),
        at
    )
    .fetch_one(pool)
    .await
}
