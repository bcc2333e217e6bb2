//! Filters that people keep for themselves: preferences, no part of the record.

use sqlx::PgPool;
use uuid::Uuid;

/// Filters that one account keeps at most.
pub const PER_ACCOUNT: i64 = 100;

/// A filter that somebody keeps.
#[derive(Debug, Clone)]
pub struct SavedFilter {
    /// Its id.
    pub filter_id: Uuid,
    /// The page it belongs to.
    pub page: String,
    /// What its owner calls it.
    pub name: String,
    /// The query part of the page's address.
    pub query: String,
}

/// What an account keeps, by page and name.
///
/// # Errors
/// The database failed.
pub async fn of_account(pool: &PgPool, account: Uuid) -> Result<Vec<SavedFilter>, sqlx::Error> {
    sqlx::query_as!(
        SavedFilter,
        "select filter_id, page, name, query from saved_filters where account = $1 order by page, name, filter_id",
        account
    )
    .fetch_all(pool)
    .await
}

/// Keeps a filter; one of the same page and name takes its place. `None` where the account has
/// [`PER_ACCOUNT`] others.
///
/// # Errors
/// The database failed.
pub async fn save(
    pool: &PgPool,
    account: Uuid,
    page: &str,
    name: &str,
    query: &str,
) -> Result<Option<SavedFilter>, sqlx::Error> {
    sqlx::query_as!(
        SavedFilter,
        "insert into saved_filters (filter_id, account, page, name, query)
         select $1, $2, $3, $4, $5
         where (select count(*) from saved_filters where account = $2 and not (page = $3 and name = $4)) < $6
         on conflict (account, page, name) do update set query = excluded.query, saved_at = now()
         returning filter_id, page, name, query",
        Uuid::now_v7(),
        account,
        page,
        name,
        query,
        PER_ACCOUNT
    )
    .fetch_optional(pool)
    .await
}

/// Keeps an own filter no longer; false where there is none of that id.
///
/// # Errors
/// The database failed.
pub async fn delete(pool: &PgPool, account: Uuid, filter: Uuid) -> Result<bool, sqlx::Error> {
    let deleted =
        sqlx::query!("delete from saved_filters where account = $1 and filter_id = $2", account, filter)
            .execute(pool)
            .await?;
    Ok(deleted.rows_affected() > 0)
}
