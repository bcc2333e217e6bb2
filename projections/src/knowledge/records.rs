//! Contents made of records: every source but ATT&CK, which has tables of its own.
//!
//! A record is kept once under the digest of its body, whatever contents it stands in; a content is kept as the list
//! of its records. Both stay invisible until an event names the content.

use crate::fold::ReleaseFacts;
use aegis_sources::{Counts, Record, content_digest, record_digest};
use futures::TryStreamExt;
use sqlx::{PgConnection, PgPool};
use std::collections::{BTreeMap, BTreeSet};

/// A content as it is to be kept.
#[derive(Debug, Clone)]
pub struct Content {
    /// Its digest, hex.
    pub digest: String,
    /// The id of its source.
    pub source: String,
    /// What the source calls it; not part of the digest.
    pub version: String,
    /// Figures that a person can check.
    pub counts: Counts,
    /// Its records by kind and key.
    pub members: Vec<Member>,
}

/// A record of a content.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its kind.
    pub kind: &'static str,
    /// Its key among those of its kind.
    pub key: String,
    /// One line for people.
    pub title: String,
    /// The digest of its body.
    pub record: [u8; 32],
    /// What is stored.
    pub body: String,
}

impl Content {
    /// The content that records make, which are in the order of kind and key.
    pub fn new(source: &str, version: Option<String>, counts: Counts, records: &[Record]) -> Self {
        let members: Vec<Member> = records
            .iter()
            .map(|record| {
                let body = record.body();
                let kind = record.kind();
                Member {
                    kind,
                    key: record.key().to_owned(),
                    title: record.title().to_owned(),
                    record: record_digest(kind, &body),
                    body,
                }
            })
            .collect();
        let named = members.iter().map(|member| (member.kind, member.key.as_str(), member.record));
        let digest = hex::encode(content_digest(source, named));
        // What the source does not name is named by what it holds.
        let version = version.unwrap_or_else(|| digest[..12].to_owned());
        Self { digest, source: source.to_owned(), version, counts, members }
    }
}

/// Records of one statement at most, and their bytes.
const STAGE_BATCH: usize = 500;
const STAGE_BYTES: usize = 4 * 1024 * 1024;

/// Stores a content under its digest. One that is there already is left as it is. `progress` hears how many records
/// are stored. Returns whether it was new.
///
/// # Errors
/// The database failed; then nothing was stored.
pub async fn stage(
    pool: &PgPool,
    content: &Content,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<bool, sqlx::Error> {
    let counts = serde_json::to_value(&content.counts).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let mut transaction = pool.begin().await?;
    let new = sqlx::query!(
        "insert into knowledge_contents (digest, source, version, counts, records) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        content.digest,
        content.source,
        content.version,
        counts,
        i32::try_from(content.members.len()).unwrap_or(i32::MAX)
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        == 1;
    let mut rest = if new { content.members.as_slice() } else { &[] };
    let mut stored = 0;
    while !rest.is_empty() {
        let (batch, later) = rest.split_at(batch_of(rest));
        insert(&mut transaction, &content.digest, batch).await?;
        stored += batch.len();
        progress(stored);
        rest = later;
    }
    transaction.commit().await?;
    Ok(new)
}

fn batch_of(members: &[Member]) -> usize {
    let mut bytes = 0;
    let fits = members.iter().take(STAGE_BATCH).take_while(|member| {
        bytes += member.body.len();
        bytes <= STAGE_BYTES
    });
    fits.count().max(1)
}

async fn insert(connection: &mut PgConnection, content: &str, batch: &[Member]) -> Result<(), sqlx::Error> {
    let digests: Vec<&[u8]> = batch.iter().map(|member| member.record.as_slice()).collect();
    let kinds: Vec<&str> = batch.iter().map(|member| member.kind).collect();
    let keys: Vec<&str> = batch.iter().map(|member| member.key.as_str()).collect();
    let bodies: Vec<&str> = batch.iter().map(|member| member.body.as_str()).collect();
    // In the order of digests, so that two imports that meet wait for each other and do not lock each other out.
    sqlx::query!(
        "insert into knowledge_records (digest, kind, body)
         select distinct on (digest) digest, kind, body from unnest($1::bytea[], $2::text[], $3::text[]) r (digest, kind, body)
         order by digest on conflict do nothing",
        &digests as &[&[u8]],
        &kinds as &[&str],
        &bodies as &[&str]
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into knowledge_members (content, kind, key, record)
         select $1, kind, key, record from unnest($2::text[], $3::text[], $4::bytea[]) m (kind, key, record)",
        content,
        &kinds as &[&str],
        &keys as &[&str],
        &digests as &[&[u8]]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What folds need of a content: its records of these kinds; `None` where there is none of that digest.
///
/// # Errors
/// The database failed, or a stored record does not read.
pub async fn facts(
    connection: &mut PgConnection,
    digest: &str,
    kinds: &[&str],
) -> Result<Option<ReleaseFacts>, sqlx::Error> {
    let there = sqlx::query_scalar!(
        r#"select exists (select from knowledge_contents where digest = $1) as "there!""#,
        digest
    )
    .fetch_one(&mut *connection)
    .await?;
    if !there {
        return Ok(None);
    }
    let mut facts = ReleaseFacts::default();
    if kinds.is_empty() {
        return Ok(Some(facts));
    }
    let mut rows = sqlx::query!(
        r#"select m.kind, r.body from knowledge_members m join knowledge_records r on r.digest = m.record
           where m.content = $1 and m.kind = any ($2) order by m.kind collate "C", m.key collate "C""#,
        digest,
        kinds as &[&str]
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let record = Record::read(&row.kind, &row.body).map_err(|error| sqlx::Error::Decode(error.into()))?;
        facts.records.push(record);
    }
    Ok(Some(facts))
}

/// A record of a content in a list of differences.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// One line for people.
    pub title: String,
}

/// In what two contents of a source differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Records that only the new one has.
    pub added: Vec<Named>,
    /// Records that say something else in it.
    pub changed: Vec<Named>,
    /// Records that only the old one has.
    pub retired: Vec<Named>,
    /// How many say the same.
    pub unchanged: usize,
}

/// What changes when a content takes the place of the one of that digest, or of nothing.
///
/// # Errors
/// The database failed.
pub async fn difference(
    pool: &PgPool,
    held: Option<&str>,
    content: &Content,
) -> Result<Difference, sqlx::Error> {
    let mut old: BTreeMap<(String, String), [u8; 32]> = BTreeMap::new();
    if let Some(held) = held {
        let mut rows =
            sqlx::query!("select kind, key, record from knowledge_members where content = $1", held)
                .fetch(pool);
        while let Some(row) = rows.try_next().await? {
            old.insert((row.kind, row.key), row.record.try_into().unwrap_or_default());
        }
    }
    let mut difference = Difference::default();
    for member in &content.members {
        let named =
            || Named { kind: member.kind.to_owned(), key: member.key.clone(), title: member.title.clone() };
        match old.remove(&(member.kind.to_owned(), member.key.clone())) {
            None => difference.added.push(named()),
            Some(record) if record != member.record => difference.changed.push(named()),
            Some(_) => difference.unchanged += 1,
        }
    }
    if let (Some(held), false) = (held, old.is_empty()) {
        let gone: BTreeSet<(String, String)> = old.into_keys().collect();
        difference.retired = titles(pool, held, &gone).await?;
    }
    Ok(difference)
}

async fn titles(
    pool: &PgPool,
    content: &str,
    wanted: &BTreeSet<(String, String)>,
) -> Result<Vec<Named>, sqlx::Error> {
    let (kinds, keys): (Vec<String>, Vec<String>) = wanted.iter().cloned().unzip();
    let rows = sqlx::query!(
        r#"select m.kind, m.key, r.body from knowledge_members m
           join unnest($2::text[], $3::text[]) w (kind, key) on w.kind = m.kind and w.key = m.key
           join knowledge_records r on r.digest = m.record
           where m.content = $1 order by m.kind, m.key"#,
        content,
        &kinds,
        &keys
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let title = Record::read(&row.kind, &row.body).map(|record| record.title().to_owned());
            Named { title: title.unwrap_or_else(|_| row.key.clone()), kind: row.kind, key: row.key }
        })
        .collect())
}

/// Whether what is stored under a digest is what had it when it was stored: each body is hashed anew, and the list of
/// them. `None` where nothing is stored.
///
/// # Errors
/// The database failed.
pub async fn intact(pool: &PgPool, digest: &str) -> Result<Option<bool>, sqlx::Error> {
    let head = sqlx::query!("select source, records from knowledge_contents where digest = $1", digest)
        .fetch_optional(pool)
        .await?;
    let Some(head) = head else { return Ok(None) };
    let mut rows = sqlx::query!(
        r#"select m.kind as "kind!", m.key as "key!", m.record as "record!", r.body as "body!",
                  (r.kind = m.kind and r.doc is not distinct from
                    case when r.doc is not null then r.body::jsonb end) as "agrees!"
           from knowledge_members m join knowledge_records r on r.digest = m.record
           where m.content = $1 order by m.kind collate "C", m.key collate "C""#,
        digest
    )
    .fetch(pool);
    let mut members: Vec<(String, String, [u8; 32])> = vec![];
    while let Some(row) = rows.try_next().await? {
        let record = record_digest(&row.kind, &row.body);
        if !row.agrees || row.record != record {
            return Ok(Some(false));
        }
        members.push((row.kind, row.key, record));
    }
    let named = members.iter().map(|(kind, key, record)| (kind.as_str(), key.as_str(), *record));
    let same = hex::encode(content_digest(&head.source, named)) == digest;
    Ok(Some(same && i32::try_from(members.len()) == Ok(head.records)))
}
