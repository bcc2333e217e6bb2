//! Accounts: role and standing from events; names and password hashes from
//! tables that can be erased.

use crate::fold::{DomainEvent, Fold, RowChange, Sealed, restored};
use crate::knowledge::contains_pattern;
use aegis_aggregates::actor::Role;
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::roster::RosterEvent;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgPool, Postgres, Transaction};
use std::collections::HashMap;
use uuid::Uuid;

const ACCOUNTS: &str = "accounts";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct AccountRow {
    account: AccountId,
    role: Role,
    active: bool,
    must_change_password: bool,
    opened_at: DateTime<Utc>,
}

/// Projection "accounts".
#[derive(Debug, Default)]
pub struct Accounts {
    accounts: HashMap<AccountId, AccountRow>,
}

impl Accounts {
    fn change(&mut self, account: AccountId, change: impl FnOnce(&mut AccountRow)) -> Vec<RowChange> {
        let Some(row) = self.accounts.get_mut(&account) else {
            return vec![];
        };
        let before = row.clone();
        change(row);
        if *row == before { vec![] } else { vec![RowChange::put(ACCOUNTS, account.to_string(), row)] }
    }
}

impl Fold for Accounts {
    fn name(&self) -> &'static str {
        "accounts"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &[ACCOUNTS]
    }

    fn reset(&mut self) {
        self.accounts.clear();
    }

    fn apply(&mut self, event: &Sealed) -> Vec<RowChange> {
        let DomainEvent::Roster(body) = &event.body else {
            return vec![];
        };
        match body {
            RosterEvent::AccountOpened { account, role, must_change_password } => {
                let row = AccountRow {
                    account: *account,
                    role: *role,
                    active: true,
                    must_change_password: *must_change_password,
                    opened_at: event.recorded_at,
                };
                let change = RowChange::put(ACCOUNTS, account.to_string(), &row);
                self.accounts.insert(*account, row);
                vec![change]
            }
            RosterEvent::RoleChanged { account, to, .. } => self.change(*account, |row| row.role = *to),
            RosterEvent::AccountDeactivated { account } => self.change(*account, |row| row.active = false),
            RosterEvent::AccountReactivated { account } => self.change(*account, |row| row.active = true),
            RosterEvent::PasswordReset { account } => {
                self.change(*account, |row| row.must_change_password = true)
            }
            RosterEvent::PasswordChanged { account } => {
                self.change(*account, |row| row.must_change_password = false)
            }
        }
    }

    fn restore(&mut self, _table: &str, _key: &str, row: serde_json::Value) -> Result<(), serde_json::Error> {
        let row: AccountRow = restored(row)?;
        self.accounts.insert(row.account, row);
        Ok(())
    }
}

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
                  a.opened_at, p.last_sign_in_at
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

/// One page of accounts by user name, after a given one, and how many there are in all.
///
/// # Errors
/// The database failed.
pub async fn list(
    pool: &PgPool,
    search: Option<&str>,
    active_only: bool,
    after: Option<&str>,
    limit: i64,
) -> Result<(Vec<AccountRecord>, i64), sqlx::Error> {
    let pattern = search.map(contains_pattern);
    let rows = sqlx::query!(
        r#"with listed as (
             select a.account, p.username, p.display_name, a.role, a.active, a.must_change_password, a.opened_at,
                    p.last_sign_in_at, coalesce(p.username, a.account::text) as name
             from accounts a left join account_profiles p using (account)
             where a.to_position = 9223372036854775807
               and ($1::text is null or p.username ilike $1 or p.display_name ilike $1)
               and (a.active or not $2))
           select account as "account!", username as "username?", display_name as "display_name?", role as "role!",
                  active as "active!", must_change_password as "must_change_password!", opened_at as "opened_at!",
                  last_sign_in_at as "last_sign_in_at?", (select count(*) from listed) as "total!"
           from listed where $3::text is null or name > $3 order by name limit $4"#,
        pattern,
        active_only,
        after,
        limit
    )
    .fetch_all(pool)
    .await?;
    // No row tells how many there are, so the first page is asked for.
    if rows.is_empty() && after.is_some() {
        return Ok((vec![], Box::pin(list(pool, search, active_only, None, 1)).await?.1));
    }
    let total = rows.first().map_or(0, |row| row.total);
    let accounts = rows
        .into_iter()
        .map(|row| AccountRecord {
            account: row.account,
            username: row.username,
            display_name: row.display_name,
            role: row.role,
            active: row.active,
            must_change_password: row.must_change_password,
            opened_at: row.opened_at,
            last_sign_in_at: row.last_sign_in_at,
        })
        .collect();
    Ok((accounts, total))
}

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account.
    pub account: Uuid,
    /// The stored hash.
    pub password_hash: String,
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
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "delete from account_profiles p where p.username = lower($1) and p.created_at < clock_timestamp() - interval '1 minute'
           and not exists (select from events e where e.aggregate_type = 'roster'
                 and e.payload->'AccountOpened'->>'account' = p.account::text)",
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
    if entered {
        sqlx::query!(
            "insert into account_credentials (account, password_hash) values ($1, $2)",
            account,
            password_hash
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
               and e.payload->'AccountOpened'->>'account' = p.account::text)"
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Forgets who an account belongs to.
///
/// # Errors
/// The database failed.
pub async fn erase_profile(pool: &PgPool, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from account_profiles where account = $1", account).execute(pool).await?;
    Ok(())
}

/// Changes the name others see.
///
/// # Errors
/// The database failed.
pub async fn set_display_name(
    pool: &PgPool,
    account: Uuid,
    display_name: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!("update account_profiles set display_name = $2 where account = $1", account, display_name)
        .execute(pool)
        .await?;
    Ok(())
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
