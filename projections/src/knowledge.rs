//! Knowledge: staging a release's content, which release is in force, and
//! reading techniques, tactics, groups and software as of a position.

pub mod records;
pub mod sources;

pub use aegis_sources::attack::content;

use crate::fold::{DomainEvent, Fold, ReleaseFacts, RowChange, Sealed, TechniqueFacts, restored};
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::knowledge::{KnowledgeEvent, KnowledgeSource, SourceSettings};
use chrono::{DateTime, Utc};
use content::{AttackContent, AttackCounts, Lifecycle, SoftwareKind};
use futures::TryStreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use std::collections::HashMap;

/// The domain that the matrix shows.
pub const ENTERPRISE: &str = "enterprise-attack";

const RELEASES: &str = "knowledge_releases";
const SETTINGS: &str = "knowledge_settings";

/// Projection "knowledge": which content is in force, by source, and where the sources are found.
#[derive(Debug, Default)]
pub struct Releases {
    current: HashMap<String, ReleaseRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ReleaseRow {
    domain: String,
    digest: String,
    version: String,
    released_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SettingsRow {
    #[serde(flatten)]
    settings: SourceSettings,
    changed_by: AccountId,
    changed_at: DateTime<Utc>,
}

impl Fold for Releases {
    fn name(&self) -> &'static str {
        "knowledge"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &[RELEASES, SETTINGS]
    }

    fn remembered(&self) -> &'static [&'static str] {
        &[RELEASES]
    }

    fn reset(&mut self) {
        self.current.clear();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        let DomainEvent::Knowledge(body) = &event.body else {
            return vec![];
        };
        match body {
            KnowledgeEvent::KnowledgeReleased { source, release } => {
                let domain = source.aggregate_id().to_owned();
                let row = ReleaseRow {
                    domain: domain.clone(),
                    digest: release.digest.clone(),
                    version: release.version.clone(),
                    released_at: event.sealed_at,
                };
                let change = RowChange::put(RELEASES, domain.clone(), &row);
                self.current.insert(domain, row);
                vec![change]
            }
            KnowledgeEvent::SourceConfigured { settings } => {
                let row = SettingsRow {
                    settings: settings.clone(),
                    changed_by: event.actor,
                    changed_at: event.recorded_at,
                };
                vec![RowChange::put(SETTINGS, event.aggregate_id.clone(), &row)]
            }
            KnowledgeEvent::ImportRequested { .. }
            | KnowledgeEvent::ImportRetried { .. }
            | KnowledgeEvent::SyncRequested { .. }
            | KnowledgeEvent::SyncRetried { .. } => vec![],
        }
    }

    fn restore(&mut self, _table: &str, key: &str, row: serde_json::Value) -> Result<(), serde_json::Error> {
        self.current.insert(key.to_owned(), restored(row)?);
        Ok(())
    }
}

/// What folds need to know of a content; `None` where there is none of that digest.
///
/// # Errors
/// The database failed.
pub async fn facts(connection: &mut PgConnection, digest: &str) -> Result<Option<ReleaseFacts>, sqlx::Error> {
    let there = sqlx::query_scalar!(
        r#"select exists (select from attack_contents where digest = $1) as "there!""#,
        digest
    )
    .fetch_one(&mut *connection)
    .await?;
    if !there {
        return Ok(None);
    }
    let rows = sqlx::query!(
        "select stix_id, attack_id, lifecycle, successor from attack_techniques where digest = $1",
        digest
    )
    .fetch_all(connection)
    .await?;
    let techniques = rows
        .into_iter()
        .map(|row| {
            let lifecycle = lifecycle(&row.lifecycle);
            (row.stix_id, TechniqueFacts { attack_id: row.attack_id, lifecycle, successor: row.successor })
        })
        .collect();
    Ok(Some(ReleaseFacts { techniques, records: vec![] }))
}

/// The contents of the domains of ATT&CK in force at a position, read from the ledger itself, since
/// another projection may be ahead of or behind "knowledge".
pub(crate) async fn attack_in_force(
    connection: &mut PgConnection,
    position: i64,
) -> Result<Vec<(KnowledgeSource, String)>, sqlx::Error> {
    let attack = KnowledgeSource::ALL.into_iter().filter(|source| source.is_attack());
    let domains: Vec<&str> = attack.map(KnowledgeSource::aggregate_id).collect();
    let rows = sqlx::query!(
        r#"select distinct on (e.aggregate_id) e.aggregate_id as "domain!",
                  e.payload->'KnowledgeReleased'->'release'->>'digest' as "digest!"
           from events e join ledger l using (event_id)
           where e.aggregate_type = 'knowledge' and e.aggregate_id = any ($2)
             and e.event_type = 'KnowledgeReleased' and l.position <= $1
           order by e.aggregate_id, l.position desc"#,
        position,
        &domains as &[&str]
    )
    .fetch_all(connection)
    .await?;
    let known = |domain: &str| KnowledgeSource::parse(domain);
    Ok(rows.into_iter().filter_map(|row| Some((known(&row.domain)?, row.digest))).collect())
}

fn lifecycle(text: &str) -> Lifecycle {
    match text {
        "revoked" => Lifecycle::Revoked,
        "deprecated" => Lifecycle::Deprecated,
        _ => Lifecycle::Active,
    }
}

/// Stores content under its digest, invisible until an event names it.
/// Content that is there already is left as it is. `progress` hears how many
/// records are stored. Returns whether the content was new.
///
/// # Errors
/// The database failed; then nothing was stored.
pub async fn stage(
    pool: &PgPool,
    digest: &str,
    content: &AttackContent,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<bool, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let counts = serde_json::to_value(content.counts()).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let new = sqlx::query!(
        "insert into attack_contents (digest, domain, version, counts) values ($1, $2, $3, $4) on conflict do nothing",
        digest,
        content.domain,
        content.version,
        counts
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        == 1;
    if new {
        let mut sum = 0;
        let mut stored = |records| {
            sum += records;
            progress(sum);
        };
        insert_all(&mut transaction, "attack_tactics", digest, &content.tactics, &mut stored).await?;
        insert_all(&mut transaction, "attack_techniques", digest, &content.techniques, &mut stored).await?;
        insert_all(&mut transaction, "attack_actors", digest, &content.actors, &mut stored).await?;
        insert_all(&mut transaction, "attack_software", digest, &content.software, &mut stored).await?;
        insert_all(&mut transaction, "attack_uses", digest, &content.uses, &mut stored).await?;
        insert_all(&mut transaction, "attack_objects", digest, &content.objects, &mut stored).await?;
        insert_all(&mut transaction, "attack_relations", digest, &content.relations, &mut stored).await?;
    }
    transaction.commit().await?;
    Ok(new)
}

/// Rows of one statement at most: no parameter grows past what the protocol
/// takes, and progress is shown in steps that a person sees.
const STAGE_BATCH: usize = 500;

async fn insert_all<T: Serialize>(
    connection: &mut PgConnection,
    table: &'static str,
    digest: &str,
    records: &[T],
    stored: &mut (dyn FnMut(usize) + Send),
) -> Result<(), sqlx::Error> {
    // The record types carry the columns by name; the digest comes first in every table.
    for batch in records.chunks(STAGE_BATCH) {
        let json = serde_json::to_string(batch).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let sql = format!(
            "insert into {table} select r.* from json_array_elements($2::text::json) e,
             json_populate_record(json_populate_record(null::{table}, json_build_object('digest', $1::text)), e) r"
        );
        sqlx::query(&sql).bind(digest).bind(json).execute(&mut *connection).await?;
        stored(batch.len());
    }
    Ok(())
}

/// A content that was put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Its name.
    pub digest: String,
    /// Where in the ledger that happened first.
    pub position: i64,
}

/// Every content that was ever put in force, in the order of the ledger.
///
/// # Errors
/// The database failed.
pub async fn released(pool: &PgPool) -> Result<Vec<Released>, sqlx::Error> {
    sqlx::query_as!(
        Released,
        r#"select e.payload->'KnowledgeReleased'->'release'->>'digest' as "digest!", min(l.position) as "position!"
           from events e join ledger l using (event_id)
           where e.aggregate_type = 'knowledge' and e.event_type = 'KnowledgeReleased'
             and e.payload->'KnowledgeReleased'->'release'->>'digest' is not null
           group by 1 order by 2"#
    )
    .fetch_all(pool)
    .await
}

/// A stored content does not read as one.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// What the tables hold is no content: somebody changed it.
    #[error("a record does not read")]
    Record(#[from] serde_json::Error),
}

/// The content stored under a digest with what is stored as its counts, as
/// [`stage`] was given it, or `None`. Nothing is put in order or filled in, so
/// that it has its digest only when it is what it was.
///
/// # Errors
/// [`ContentError`].
pub async fn stored(
    pool: &PgPool,
    digest: &str,
) -> Result<Option<(AttackContent, AttackCounts)>, ContentError> {
    let head = sqlx::query!("select domain, version, counts from attack_contents where digest = $1", digest)
        .fetch_optional(pool)
        .await?;
    let Some(head) = head else { return Ok(None) };
    let content = AttackContent {
        domain: head.domain,
        version: head.version,
        tactics: records(pool, "attack_tactics", "ordinal, ", digest).await?,
        techniques: records(pool, "attack_techniques", "", digest).await?,
        actors: records(pool, "attack_actors", "", digest).await?,
        software: records(pool, "attack_software", "", digest).await?,
        uses: records(pool, "attack_uses", "", digest).await?,
        objects: records(pool, "attack_objects", "", digest).await?,
        relations: records(pool, "attack_relations", "", digest).await?,
    };
    Ok(Some((content, serde_json::from_value(head.counts)?)))
}

/// The records of one table in the order of their bytes, whatever the order of the database's language.
async fn records<T: DeserializeOwned>(
    pool: &PgPool,
    table: &'static str,
    first: &'static str,
    digest: &str,
) -> Result<Vec<T>, ContentError> {
    let sql = format!(
        "select row_to_json(r)::text from {table} r where digest = $1 order by {first}stix_id collate \"C\""
    );
    let mut rows = sqlx::query_scalar::<_, String>(&sql).bind(digest).fetch(pool);
    let mut records = vec![];
    while let Some(row) = rows.try_next().await? {
        records.push(serde_json::from_str(&row)?);
    }
    Ok(records)
}

/// The release in force.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its content.
    pub digest: String,
    /// `enterprise-attack`.
    pub domain: String,
    /// `18.1`, or `starter`.
    pub version: String,
    /// When it became visible.
    pub released_at: DateTime<Utc>,
    /// The position of the event that made it visible.
    pub position: i64,
    /// What it holds.
    pub counts: AttackCounts,
}

/// The release in force at a position.
///
/// # Errors
/// The database failed.
pub async fn release_at(pool: &PgPool, at: i64) -> Result<Option<Release>, sqlx::Error> {
    let row = sqlx::query!(
        "select r.digest, r.domain, r.version, r.released_at, r.from_position, c.counts
         from knowledge_releases r join attack_contents c using (digest)
         where r.row_key = $1 and r.from_position <= $2 and r.to_position > $2",
        ENTERPRISE,
        at
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Release {
        counts: serde_json::from_value(row.counts).map_err(|error| sqlx::Error::Decode(error.into()))?,
        digest: row.digest,
        domain: row.domain,
        version: row.version,
        released_at: row.released_at,
        position: row.from_position,
    }))
}

/// A tactic of a release.
#[derive(Debug, Clone)]
pub struct Tactic {
    /// Its identity.
    pub stix_id: String,
    /// `TA0001`.
    pub attack_id: String,
    /// `initial-access`.
    pub short_name: String,
    /// `Initial Access`.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// Column in the matrix, from 0.
    pub ordinal: i32,
}

/// The tactics of a release in matrix order.
///
/// # Errors
/// The database failed.
pub async fn tactics(pool: &PgPool, digest: &str) -> Result<Vec<Tactic>, sqlx::Error> {
    sqlx::query_as!(
        Tactic,
        "select stix_id, attack_id, short_name, name, description, ordinal from attack_tactics
         where digest = $1 order by ordinal",
        digest
    )
    .fetch_all(pool)
    .await
}

/// A technique of a release.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Technique {
    /// Its identity.
    pub stix_id: String,
    /// `T1059.001`.
    pub attack_id: String,
    /// MITRE's name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// Whether it is a sub-technique.
    pub is_subtechnique: bool,
    /// STIX id of its parent.
    pub parent: Option<String>,
    /// Short names of its tactics.
    pub tactics: Vec<String>,
    /// Platforms, as MITRE writes them.
    pub platforms: Vec<String>,
    /// `active`, `revoked` or `deprecated`.
    pub lifecycle: String,
    /// STIX id of the live technique that took its place.
    pub successor: Option<String>,
    /// The page on attack.mitre.org.
    pub url: Option<String>,
}

/// The technique of an ATT&CK id. Where several share it, the active one.
///
/// # Errors
/// The database failed.
pub async fn technique(
    pool: &PgPool,
    digest: &str,
    attack_id: &str,
) -> Result<Option<Technique>, sqlx::Error> {
    sqlx::query_as!(
        Technique,
        "select stix_id, attack_id, name, description, is_subtechnique, parent, tactics, platforms, lifecycle,
                successor, url
         from attack_techniques where digest = $1 and attack_id = $2
         order by lifecycle = 'active' desc, stix_id limit 1",
        digest,
        attack_id
    )
    .fetch_optional(pool)
    .await
}

/// Techniques by STIX id, in no order; unknown ones are left out.
///
/// # Errors
/// The database failed.
pub async fn techniques_by_id(
    pool: &PgPool,
    digest: &str,
    ids: &[String],
) -> Result<Vec<Technique>, sqlx::Error> {
    sqlx::query_as!(
        Technique,
        "select stix_id, attack_id, name, description, is_subtechnique, parent, tactics, platforms, lifecycle,
                successor, url
         from attack_techniques where digest = $1 and stix_id = any ($2)",
        digest,
        ids
    )
    .fetch_all(pool)
    .await
}

/// The active sub-techniques of the given techniques, by ATT&CK id.
///
/// # Errors
/// The database failed.
pub async fn subtechniques(
    pool: &PgPool,
    digest: &str,
    parents: &[String],
) -> Result<Vec<Technique>, sqlx::Error> {
    sqlx::query_as!(
        Technique,
        "select stix_id, attack_id, name, description, is_subtechnique, parent, tactics, platforms, lifecycle,
                successor, url
         from attack_techniques where digest = $1 and parent = any ($2) and lifecycle = 'active'
         order by attack_id",
        digest,
        parents
    )
    .fetch_all(pool)
    .await
}

/// Which techniques a list is about. Absent means any.
#[derive(Debug, Clone, Default)]
pub struct TechniqueFilter {
    /// Short name of a tactic.
    pub tactic: Option<String>,
    /// Stored names of coverage statuses.
    pub status: Option<Vec<String>>,
    /// A platform, as MITRE writes it.
    pub platform: Option<String>,
    /// Part of the name or ATT&CK id, in any letter case.
    pub search: Option<String>,
    /// Whether sub-techniques are listed too.
    pub include_subtechniques: bool,
    /// Whether revoked and deprecated ones are listed too.
    pub include_retired: bool,
}

/// One page of techniques by ATT&CK id, after a given one, and how many there are in all.
///
/// # Errors
/// The database failed.
pub async fn techniques(
    pool: &PgPool,
    digest: &str,
    at: i64,
    filter: &TechniqueFilter,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<(Vec<Technique>, i64), sqlx::Error> {
    let search = filter.search.as_deref().map(contains_pattern);
    let (after_id, after_stix) = after.unzip();
    let rows = sqlx::query!(
        r#"with listed as (
             select t.* from attack_techniques t
             left join coverage_techniques c
               on c.row_key = t.stix_id and c.from_position <= $2 and c.to_position > $2
             where t.digest = $1
               and ($3::text is null or $3 = any (t.tactics))
               and ($4::text[] is null or coalesce(c.status, 'not_evaluated') = any ($4))
               and ($5::text is null or $5 = any (t.platforms))
               and ($6::text is null or t.name ilike $6 or t.attack_id ilike $6)
               and ($7 or not t.is_subtechnique)
               and ($8 or t.lifecycle = 'active'))
           select stix_id as "stix_id!", attack_id as "attack_id!", name as "name!",
                  description as "description!", is_subtechnique as "is_subtechnique!", parent,
                  tactics as "tactics!", platforms as "platforms!", lifecycle as "lifecycle!",
                  successor, url, (select count(*) from listed) as "total!"
           from listed
           where $9::text is null or (attack_id, stix_id) > ($9, $10)
           order by attack_id, stix_id limit $11"#,
        digest,
        at,
        filter.tactic,
        filter.status.as_deref(),
        filter.platform,
        search,
        filter.include_subtechniques,
        filter.include_retired,
        after_id,
        after_stix,
        limit
    )
    .fetch_all(pool)
    .await?;
    // No row tells how many there are, so the first page is asked for.
    if rows.is_empty() && after_id.is_some() {
        return Ok((vec![], Box::pin(techniques(pool, digest, at, filter, None, 1)).await?.1));
    }
    let total = rows.first().map_or(0, |row| row.total);
    let techniques = rows
        .into_iter()
        .map(|row| Technique {
            stix_id: row.stix_id,
            attack_id: row.attack_id,
            name: row.name,
            description: row.description,
            is_subtechnique: row.is_subtechnique,
            parent: row.parent,
            tactics: row.tactics,
            platforms: row.platforms,
            lifecycle: row.lifecycle,
            successor: row.successor,
            url: row.url,
        })
        .collect();
    Ok((techniques, total))
}

/// An `ilike` pattern for "contains this text", with its wildcards taken literally.
pub(crate) fn contains_pattern(text: &str) -> String {
    let escaped = text.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// A group of a release.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Its identity.
    pub stix_id: String,
    /// `G0007`.
    pub attack_id: String,
    /// MITRE's name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Markdown.
    pub description: String,
    /// The page on attack.mitre.org.
    pub url: Option<String>,
    /// How many active techniques it uses.
    pub technique_count: i64,
}

/// Which groups a list is about.
#[derive(Debug, Clone, Default)]
pub struct ActorFilter {
    /// One ATT&CK id.
    pub attack_id: Option<String>,
    /// Part of the name, an alias or the ATT&CK id.
    pub search: Option<String>,
}

/// One page of active groups by name, after a given one, and how many there are in all.
///
/// # Errors
/// The database failed.
pub async fn actors(
    pool: &PgPool,
    digest: &str,
    filter: &ActorFilter,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<(Vec<Actor>, i64), sqlx::Error> {
    let search = filter.search.as_deref().map(contains_pattern);
    let (after_name, after_stix) = after.unzip();
    let rows = sqlx::query!(
        r#"with listed as (
             select a.*, (select count(*) from attack_uses u where u.digest = a.digest and u.source = a.stix_id
                            and u.target like 'attack-pattern--%') as technique_count
             from attack_actors a
             where a.digest = $1 and a.lifecycle = 'active'
               and ($2::text is null or a.attack_id = $2)
               and ($3::text is null or a.name ilike $3 or a.attack_id ilike $3
                    or exists (select from unnest(a.aliases) alias where alias ilike $3)))
           select stix_id as "stix_id!", attack_id as "attack_id!", name as "name!", aliases as "aliases!",
                  description as "description!", url, technique_count as "technique_count!",
                  (select count(*) from listed) as "total!"
           from listed
           where $4::text is null or (name, stix_id) > ($4, $5)
           order by name, stix_id limit $6"#,
        digest,
        filter.attack_id,
        search,
        after_name,
        after_stix,
        limit
    )
    .fetch_all(pool)
    .await?;
    // No row tells how many there are, so the first page is asked for.
    if rows.is_empty() && after_name.is_some() {
        return Ok((vec![], Box::pin(actors(pool, digest, filter, None, 1)).await?.1));
    }
    let total = rows.first().map_or(0, |row| row.total);
    let actors = rows
        .into_iter()
        .map(|row| Actor {
            stix_id: row.stix_id,
            attack_id: row.attack_id,
            name: row.name,
            aliases: row.aliases,
            description: row.description,
            url: row.url,
            technique_count: row.technique_count,
        })
        .collect();
    Ok((actors, total))
}

/// Something that was found for several of those asked about at once. It comes
/// once, however many it belongs to: descriptions are long.
#[derive(Debug, Clone)]
pub struct Related<T> {
    /// What was found.
    pub found: T,
    /// To whom it belongs (STIX ids), of those asked about.
    pub to: Vec<String>,
}

/// The active groups that use the given techniques, by name.
///
/// # Errors
/// The database failed.
pub async fn actors_using(
    pool: &PgPool,
    digest: &str,
    techniques: &[String],
) -> Result<Vec<Related<Actor>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select a.stix_id, a.attack_id, a.name, a.aliases, a.description, a.url, asked.techniques as "to!",
                  (select count(*) from attack_uses u where u.digest = a.digest and u.source = a.stix_id
                     and u.target like 'attack-pattern--%') as "technique_count!"
           from (select source, array_agg(distinct target) as techniques from attack_uses
                 where digest = $1 and target = any ($2) group by source) asked
           join attack_actors a on a.digest = $1 and a.stix_id = asked.source and a.lifecycle = 'active'
           order by a.name, a.stix_id"#,
        digest,
        techniques
    )
    .fetch_all(pool)
    .await?;
    let related = rows.into_iter().map(|row| Related {
        to: row.to,
        found: Actor {
            stix_id: row.stix_id,
            attack_id: row.attack_id,
            name: row.name,
            aliases: row.aliases,
            description: row.description,
            url: row.url,
            technique_count: row.technique_count,
        },
    });
    Ok(related.collect())
}

/// The active techniques that the given groups or pieces of software use, by ATT&CK id.
///
/// # Errors
/// The database failed.
pub async fn techniques_used_by(
    pool: &PgPool,
    digest: &str,
    users: &[String],
) -> Result<Vec<Related<Technique>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select t.stix_id, t.attack_id, t.name, t.description, t.is_subtechnique, t.parent, t.tactics, t.platforms,
                  t.lifecycle, t.successor, t.url, asked.users as "to!"
           from (select target, array_agg(distinct source) as users from attack_uses
                 where digest = $1 and source = any ($2) group by target) asked
           join attack_techniques t on t.digest = $1 and t.stix_id = asked.target
           order by t.attack_id"#,
        digest,
        users
    )
    .fetch_all(pool)
    .await?;
    let related = rows.into_iter().map(|row| Related {
        to: row.to,
        found: Technique {
            stix_id: row.stix_id,
            attack_id: row.attack_id,
            name: row.name,
            description: row.description,
            is_subtechnique: row.is_subtechnique,
            parent: row.parent,
            tactics: row.tactics,
            platforms: row.platforms,
            lifecycle: row.lifecycle,
            successor: row.successor,
            url: row.url,
        },
    });
    Ok(related.collect())
}

/// Software of a release.
#[derive(Debug, Clone)]
pub struct Software {
    /// Its identity.
    pub stix_id: String,
    /// `S0002`.
    pub attack_id: String,
    /// MITRE's name.
    pub name: String,
    /// `malware` or `tool`.
    pub kind: String,
    /// Platforms.
    pub platforms: Vec<String>,
}

impl Software {
    /// Malware or a tool.
    pub fn kind(&self) -> SoftwareKind {
        if self.kind == "tool" { SoftwareKind::Tool } else { SoftwareKind::Malware }
    }
}

/// The active software that uses the given techniques, by name.
///
/// # Errors
/// The database failed.
pub async fn software_using(
    pool: &PgPool,
    digest: &str,
    techniques: &[String],
) -> Result<Vec<Related<Software>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select s.stix_id, s.attack_id, s.name, s.kind, s.platforms, asked.techniques as "to!"
           from (select source, array_agg(distinct target) as techniques from attack_uses
                 where digest = $1 and target = any ($2) group by source) asked
           join attack_software s on s.digest = $1 and s.stix_id = asked.source
           order by s.name, s.stix_id"#,
        digest,
        techniques
    )
    .fetch_all(pool)
    .await?;
    let related = rows.into_iter().map(|row| Related {
        to: row.to,
        found: Software {
            stix_id: row.stix_id,
            attack_id: row.attack_id,
            name: row.name,
            kind: row.kind,
            platforms: row.platforms,
        },
    });
    Ok(related.collect())
}
