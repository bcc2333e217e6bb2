//! Reading templates, now or as of a past position.

use super::{Argument, CUSTOM};
use crate::knowledge::contains_pattern;
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use std::collections::HashMap;
use uuid::Uuid;

/// A template as of a position.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are the fields of the template, see Content")]
pub struct TemplateRecord {
    pub template_id: Uuid,
    pub source: String,
    pub source_key: Option<String>,
    pub name: String,
    pub description: String,
    pub technique_id: Option<String>,
    pub live_technique_id: Option<String>,
    pub attack_id: String,
    pub platforms: Vec<String>,
    pub severity: String,
    pub executor: String,
    pub procedure: String,
    pub cleanup: String,
    pub prerequisites: String,
    pub expected_detection: String,
    pub tool: Option<String>,
    pub tags: Vec<String>,
    pub reference_urls: Vec<String>,
    pub arguments: Vec<Argument>,
    pub content_version: i32,
    pub version: i64,
    pub active: bool,
    pub retired_reason: Option<String>,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl TemplateRecord {
    /// Whether people write it here, rather than an importer.
    pub fn is_custom(&self) -> bool {
        self.source == CUSTOM
    }
}

/// Which templates a list is about. Absent means any.
#[derive(Debug, Clone, Default)]
pub struct TemplateFilter {
    /// Where they come from.
    pub sources: Option<Vec<String>>,
    /// A platform they run on.
    pub platform: Option<String>,
    /// Stored names of severities.
    pub severities: Option<Vec<String>>,
    /// ATT&CK id of the technique they were written for.
    pub attack_id: Option<String>,
    /// Whether tests can be made from them.
    pub active: Option<bool>,
    /// Whether retired ones are listed too.
    pub include_retired: bool,
    /// Part of the name, the description, the procedure or the ATT&CK id.
    pub search: Option<String>,
    /// A tag.
    pub tag: Option<String>,
}

/// Where a list goes on: after this ATT&CK id, name and id.
pub type PageKey = (String, String, Uuid);

/// The place of a template in the list.
pub fn page_key(template: &TemplateRecord) -> PageKey {
    (template.attack_id.clone(), template.name.clone(), template.template_id)
}

/// One template as it is now or was, retired or not.
///
/// # Errors
/// The database failed.
pub async fn template(pool: &PgPool, id: Uuid, at: i64) -> Result<Option<TemplateRecord>, sqlx::Error> {
    template_at(pool, &[id], at).await.map(|mut found| found.pop())
}

/// Some templates as of a position; those that did not exist are left out.
///
/// # Errors
/// The database failed.
pub async fn template_at(pool: &PgPool, ids: &[Uuid], at: i64) -> Result<Vec<TemplateRecord>, sqlx::Error> {
    let filter = TemplateFilter { include_retired: true, ..TemplateFilter::default() };
    Ok(select(pool, Some(ids), at, &filter, None, i64::try_from(ids.len()).unwrap_or(i64::MAX)).await?.0)
}

/// One page of templates, by ATT&CK id and name, after a given place, and how many there are in all.
///
/// # Errors
/// The database failed.
pub async fn templates(
    pool: &PgPool,
    at: i64,
    filter: &TemplateFilter,
    after: Option<PageKey>,
    limit: i64,
) -> Result<(Vec<TemplateRecord>, i64), sqlx::Error> {
    select(pool, None, at, filter, after, limit).await
}

async fn select(
    pool: &PgPool,
    ids: Option<&[Uuid]>,
    at: i64,
    filter: &TemplateFilter,
    after: Option<PageKey>,
    limit: i64,
) -> Result<(Vec<TemplateRecord>, i64), sqlx::Error> {
    let search = filter.search.as_deref().map(contains_pattern);
    let keys: Option<Vec<String>> = ids.map(|ids| ids.iter().map(Uuid::to_string).collect());
    let goes_on = after.is_some();
    let (attack_id, name, id) = match after {
        Some((attack_id, name, id)) => (Some(attack_id), Some(name), Some(id)),
        None => (None, None, None),
    };
    let rows = sqlx::query!(
        r#"with listed as (
             select t.* from test_templates t
             where t.from_position <= $1 and t.to_position > $1
               and ($2::text[] is null or t.row_key = any ($2))
               and ($3::text[] is null or t.source = any ($3))
               and ($4::text is null or $4 = any (t.platforms))
               and ($5::text[] is null or t.severity = any ($5))
               and ($6::text is null or t.attack_id = $6)
               and ($7::boolean is null or t.active = $7)
               and ($8 or t.retired_reason is null)
               and ($9::text is null or t.name ilike $9 or t.description ilike $9 or t.procedure ilike $9
                                     or t.attack_id ilike $9)
               and ($10::text is null or $10 = any (t.tags)))
           select template_id as "template_id!", source as "source!", source_key, name as "name!",
                  description as "description!", technique_id,
                  live_technique_id, attack_id as "attack_id!", platforms as "platforms!",
                  severity as "severity!", executor as "executor!", procedure as "procedure!",
                  cleanup as "cleanup!", prerequisites as "prerequisites!",
                  expected_detection as "expected_detection!", tool, tags as "tags!",
                  reference_urls as "reference_urls!", arguments::text as "arguments!",
                  content_version as "content_version!", version as "version!", active as "active!", retired_reason,
                  created_by as "created_by!", created_at as "created_at!", updated_at as "updated_at!",
                  (select count(*) from listed) as "total!"
           from listed
           where $11::text is null or (attack_id, name, template_id) > ($11, $12::text, $13::uuid)
           order by attack_id, name, template_id limit $14"#,
        at,
        keys.as_deref(),
        filter.sources.as_deref(),
        filter.platform,
        filter.severities.as_deref(),
        filter.attack_id,
        filter.active,
        filter.include_retired,
        search,
        filter.tag,
        attack_id,
        name,
        id,
        limit
    )
    .fetch_all(pool)
    .await?;
    // No row tells how many there are, so the first page is asked for.
    if rows.is_empty() && goes_on {
        return Ok((vec![], Box::pin(select(pool, ids, at, filter, None, 1)).await?.1));
    }
    let total = rows.first().map_or(0, |row| row.total);
    let templates = rows
        .into_iter()
        .map(|row| {
            Ok(TemplateRecord {
                template_id: row.template_id,
                source: row.source,
                source_key: row.source_key,
                name: row.name,
                description: row.description,
                technique_id: row.technique_id,
                live_technique_id: row.live_technique_id,
                attack_id: row.attack_id,
                platforms: row.platforms,
                severity: row.severity,
                executor: row.executor,
                procedure: row.procedure,
                cleanup: row.cleanup,
                prerequisites: row.prerequisites,
                expected_detection: row.expected_detection,
                tool: row.tool,
                tags: row.tags,
                reference_urls: row.reference_urls,
                arguments: serde_json::from_str(&row.arguments)
                    .map_err(|error| sqlx::Error::Decode(error.into()))?,
                content_version: row.content_version,
                version: row.version,
                active: row.active,
                retired_reason: row.retired_reason,
                created_by: row.created_by,
                created_at: row.created_at,
                updated_at: row.updated_at,
            })
        })
        .collect::<Result<_, sqlx::Error>>()?;
    Ok((templates, total))
}

/// How many templates have something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// What they have in common.
    pub key: String,
    /// How many.
    pub templates: i64,
}

/// What the templates that are not retired add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateStats {
    /// How many there are.
    pub templates: i64,
    /// How many of them tests can be made from.
    pub active: i64,
    /// How many tests were drafted from any template, retired ones too.
    pub uses: i64,
    /// By source.
    pub by_source: Vec<Count>,
    /// By stored name of the severity.
    pub by_severity: Vec<Count>,
    /// By platform; a template of two platforms counts for both.
    pub by_platform: Vec<Count>,
}

/// What the templates add up to as of a position; each list most frequent first, at most 100 entries.
///
/// # Errors
/// The database failed.
pub async fn stats(pool: &PgPool, at: i64) -> Result<TemplateStats, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with standing as (
             select * from test_templates where from_position <= $1 and to_position > $1 and retired_reason is null),
           counted as (
             select 'templates' as kind, '' as key, count(*) as templates from standing
             union all select 'active', '', count(*) from standing where active
             union all select 'uses', '', count(*) from template_uses where from_position <= $1 and to_position > $1
             union all select 'source', source, count(*) from standing group by source
             union all select 'severity', severity, count(*) from standing group by severity
             union all select 'platform', platform, count(*) from standing, unnest(platforms) platform group by platform),
           placed as (select *, row_number() over (partition by kind order by templates desc, key) as place from counted)
           select kind as "kind!", key as "key!", templates as "templates!" from placed where place <= 100
           order by kind, place"#,
        at
    )
    .fetch_all(pool)
    .await?;
    let mut stats = TemplateStats::default();
    for row in rows {
        let count = Count { key: row.key, templates: row.templates };
        match row.kind.as_str() {
            "templates" => stats.templates = count.templates,
            "active" => stats.active = count.templates,
            "uses" => stats.uses = count.templates,
            "source" => stats.by_source.push(count),
            "severity" => stats.by_severity.push(count),
            _ => stats.by_platform.push(count),
        }
    }
    Ok(stats)
}

/// How many tests were drafted from each of some templates; those without are left out.
///
/// # Errors
/// The database failed.
pub async fn uses(pool: &PgPool, ids: &[Uuid], at: i64) -> Result<HashMap<Uuid, i64>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select template_id, count(*) as "uses!" from template_uses
           where template_id = any ($1) and from_position <= $2 and to_position > $2 group by template_id"#,
        ids,
        at
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.template_id, row.uses)).collect())
}
