//! Accounts: role and standing from events; names and password hashes from
//! tables that can be erased.

mod fold;

pub use fold::Accounts;

use crate::knowledge::contains_pattern;
use aegis_aggregates::actor::Role;
use chrono::{DateTime, Utc};
use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

/// An account with what is known of its person.
#[derive(Debug, Clone)]
pub struct AccountRecord {
    /// Its id.
    pub account: Uuid,
    /// The name it signs in with; none once erased.
    pub username: Option<String>,
    /// The name others see.
    pub display_name: Option<String>,
    /// Stored name of its role.
    pub role: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Whether its password must be changed first.
    pub must_change_password: bool,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it last signed in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Whether it belongs to a program.
    pub service: bool,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// Whether its person was erased.
    pub erased: bool,
    /// Whether its role needs a second factor that it does not have.
    pub second_factor_due: bool,
    /// Where its person gets mail.
    pub email: Option<String>,
    /// IANA name of the time zone its person lives in.
    pub time_zone: Option<String>,
    /// `light` or `dark`; none follows the system.
    pub theme: Option<String>,
}

impl AccountRecord {
    /// Its role; one that this program does not know may only read.
    pub fn role(&self) -> Role {
        Role::parse(&self.role).unwrap_or(Role::Viewer)
    }
}

/// Accounts by id, in no order; unknown ones are left out.
///
/// # Errors
/// The database failed.
pub async fn by_ids(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<AccountRecord>, sqlx::Error> {
    sqlx::query_as!(
        AccountRecord,
        r#"select a.account, p.username as "username?", p.display_name, a.role, a.active, a.must_change_password,
                  a.opened_at, p.last_sign_in_at, a.service, a.second_factor, a.erased, p.email, p.time_zone, p.theme,
                  not a.service and not a.second_factor and exists (select from access_policies o
                    where o.to_position = 9223372036854775807 and a.role = any (o.second_factor_roles))
                    as "second_factor_due!"
           from accounts a left join account_profiles p using (account)
           where a.account = any ($1) and a.to_position = 9223372036854775807"#,
        ids
    )
    .fetch_all(pool)
    .await
}

/// One account.
///
/// # Errors
/// The database failed.
pub async fn by_id(pool: &PgPool, id: Uuid) -> Result<Option<AccountRecord>, sqlx::Error> {
    Ok(by_ids(pool, &[id]).await?.pop())
}

/// Accounts of these user names.
///
/// # Errors
/// The database failed.
pub async fn by_usernames(pool: &PgPool, names: &[String]) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    let rows =
        sqlx::query!("select username, account from account_profiles where username = any ($1)", names)
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(|row| (row.username, row.account)).collect())
}

/// Which accounts of a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct AccountFilter<'a> {
    /// Part of a user name or shown name.
    pub search: Option<&'a str>,
    /// Whether only those that may sign in.
    pub active_only: bool,
    /// Those of programs; else those of people.
    pub service: bool,
}

/// One page of accounts by user name, after a given one, and how many there are in all.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &PgPool,
    filter: AccountFilter<'_>,
    after: Option<&str>,
    limit: i64,
) -> Result<(Vec<AccountRecord>, i64), sqlx::Error> {
    let pattern = filter.search.map(contains_pattern);
    let rows = sqlx::query!(
        r#"with listed as (
             select a.account, coalesce(p.username, a.account::text) as name
             from accounts a left join account_profiles p using (account)
             where a.to_position = 9223372036854775807 and a.service = $5
               and ($1::text is null or p.username ilike $1 or p.display_name ilike $1)
               and (a.active or not $2))
           select account as "account!", (select count(*) from listed) as "total!"
           from listed where $3::text is null or name > $3 order by name limit $4"#,
        pattern,
        filter.active_only,
        after,
        limit,
        filter.service
    )
    .fetch_all(pool)
    .await?;
    // No row tells how many there are, so the first page is asked for.
    if rows.is_empty() && after.is_some() {
        return Ok((vec![], Box::pin(list(pool, filter, None, 1)).await?.1));
    }
    let total = rows.first().map_or(0, |row| row.total);
    let order: Vec<Uuid> = rows.into_iter().map(|row| row.account).collect();
    let mut accounts = by_ids(pool, &order).await?;
    accounts.sort_by_key(|account| order.iter().position(|id| *id == account.account));
    Ok((accounts, total))
}

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account.
    pub account: Uuid,
    /// The stored hash; none where its person has no password.
    pub password_hash: Option<String>,
    /// What a token given out for this hash must carry.
    pub session_epoch: i64,
}

/// The credentials behind a user name (letter case does not matter).
///
/// # Errors
/// The database failed.
pub async fn credentials(pool: &PgPool, username: &str) -> Result<Option<Credentials>, sqlx::Error> {
    sqlx::query_as!(
        Credentials,
        "select c.account, c.password_hash, c.session_epoch
         from account_profiles p join account_credentials c using (account)
         where p.username = lower($1)",
        username
    )
    .fetch_optional(pool)
    .await
}

/// The credentials of an account.
///
/// # Errors
/// The database failed.
pub async fn credentials_of(pool: &PgPool, account: Uuid) -> Result<Option<Credentials>, sqlx::Error> {
    sqlx::query_as!(
        Credentials,
        "select account, password_hash, session_epoch from account_credentials where account = $1",
        account
    )
    .fetch_optional(pool)
    .await
}

/// How whoever an account belongs to proves it.
#[derive(Debug, Clone, Copy)]
pub enum Secret<'a> {
    /// By a password of this hash.
    Password(&'a str),
    /// By what the identity provider says.
    SingleSignOn,
    /// By keys.
    Keys,
}

/// Writes down who an account belongs to. Returns false where the user name
/// is taken. A name whose account never came to be (a crash between here and
/// the event) is free again after a minute.
///
/// # Errors
/// The database failed.
pub async fn enter_profile(
    pool: &PgPool,
    account: Uuid,
    username: &str,
    display_name: Option<&str>,
    password: Secret<'_>,
) -> Result<bool, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "delete from account_profiles p where p.username = lower($1) and p.created_at < clock_timestamp() - interval '1 minute'
           and not exists (select from events e where e.aggregate_type = 'roster'
                 and coalesce(e.payload->'AccountOpened', e.payload->'ServiceAccountOpened')->>'account' = p.account::text)",
        username
    )
    .execute(&mut *transaction)
    .await?;
    let entered = sqlx::query!(
        "insert into account_profiles (account, username, display_name) values ($1, lower($2), $3) on conflict do nothing",
        account,
        username,
        display_name
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        == 1;
    let hash = match password {
        Secret::Password(hash) => Some(hash),
        Secret::SingleSignOn | Secret::Keys => None,
    };
    if entered && !matches!(password, Secret::Keys) {
        sqlx::query!(
            "insert into account_credentials (account, password_hash) values ($1, $2)",
            account,
            hash
        )
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(entered)
}

/// Keeps other processes from making a first admin until the transaction ends.
///
/// # Errors
/// The database failed.
pub async fn begin_first_admin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('aegis: first admin', 0))")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}

/// Forgets people who were entered for accounts that were never opened: what
/// a process leaves that was killed in between.
///
/// # Errors
/// The database failed.
pub async fn erase_unopened(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from account_profiles p
         where not exists (select from events e where e.aggregate_type = 'roster'
               and coalesce(e.payload->'AccountOpened', e.payload->'ServiceAccountOpened')->>'account' = p.account::text)"
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Forgets who an account belongs to, with everything that belongs to the person: password, second factor,
/// sessions, keys, what they are to the identity provider, filters they kept.
///
/// # Errors
/// The database failed.
pub async fn erase_profile(pool: &PgPool, account: Uuid) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("delete from account_profiles where account = $1", account)
        .execute(&mut *transaction)
        .await?;
    sqlx::query!("delete from saved_filters where account = $1", account).execute(&mut *transaction).await?;
    transaction.commit().await
}

/// What people choose for themselves; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// The name others see; the inner absence means none.
    pub display_name: Option<Option<String>>,
    /// Where they get mail.
    pub email: Option<Option<String>>,
    /// IANA name of a time zone.
    pub time_zone: Option<Option<String>>,
    /// `light` or `dark`.
    pub theme: Option<Option<String>>,
}

/// Changes what somebody has chosen. Returns false where nobody is known to the account.
///
/// # Errors
/// The database failed.
pub async fn change_profile(
    pool: &PgPool,
    account: Uuid,
    change: &ProfileChange,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query!(
        "update account_profiles set
           display_name = case when $2 then $3 else display_name end,
           email = case when $4 then $5 else email end,
           time_zone = case when $6 then $7 else time_zone end,
           theme = case when $8 then $9 else theme end
         where account = $1",
        account,
        change.display_name.is_some(),
        change.display_name.clone().flatten(),
        change.email.is_some(),
        change.email.clone().flatten(),
        change.time_zone.is_some(),
        change.time_zone.clone().flatten(),
        change.theme.is_some(),
        change.theme.clone().flatten(),
    )
    .execute(pool)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Replaces a password hash and ends every session of the account. Returns
/// the epoch under which new ones begin; none where the account was erased.
///
/// # Errors
/// The database failed.
pub async fn set_password_hash(
    pool: &PgPool,
    account: Uuid,
    password_hash: &str,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "update account_credentials
         set password_hash = $2, changed_at = clock_timestamp(), session_epoch = session_epoch + 1
         where account = $1 returning session_epoch",
        account,
        password_hash
    )
    .fetch_optional(pool)
    .await
}

/// Ends every session of an account.
///
/// # Errors
/// The database failed.
pub async fn end_sessions(pool: &PgPool, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update account_credentials set session_epoch = session_epoch + 1 where account = $1",
        account
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Ends every session of an account that is closed now, so that none comes
/// back to life when it is opened again. Leaves an open account as it is.
///
/// # Errors
/// The database failed.
pub async fn end_sessions_of_closed(pool: &PgPool, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update account_credentials c set session_epoch = session_epoch + 1
         where c.account = $1 and exists (select from accounts a
           where a.account = $1 and a.to_position = 9223372036854775807 and not a.active)",
        account
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Notes that an account signed in now.
///
/// # Errors
/// The database failed.
pub async fn signed_in(pool: &PgPool, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update account_profiles set last_sign_in_at = clock_timestamp() where account = $1",
        account
    )
    .execute(pool)
    .await?;
    Ok(())
}
