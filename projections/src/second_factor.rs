//! Second factors: secrets of one-time passwords and recovery codes, which no
//! event knows.

use sqlx::PgPool;
use uuid::Uuid;

/// Wrong codes of one account within [`CODE_WINDOW`] at most: guessing one in three of a million takes too long.
pub const WRONG_CODES: i64 = 10;
/// The window, as PostgreSQL reads it.
pub const CODE_WINDOW: &str = "15 minutes";

/// A second factor as it is kept.
#[derive(Debug, Clone)]
pub struct Held {
    /// The secret, encrypted.
    pub secret: Vec<u8>,
    /// Whether its person has shown to have it.
    pub confirmed: bool,
    /// The newest step that a code was taken for.
    pub last_step: i64,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
}

/// The second factor of an account.
///
/// # Errors
/// The database failed.
pub async fn held(pool: &PgPool, account: Uuid) -> Result<Option<Held>, sqlx::Error> {
    sqlx::query_as!(
        Held,
        r#"select secret, confirmed_at is not null as "confirmed!", last_step,
                  (select count(*) from recovery_codes r where r.account = f.account) as "recovery_codes!"
           from second_factors f where account = $1"#,
        account
    )
    .fetch_optional(pool)
    .await
}

/// Keeps a secret that is not confirmed yet, in place of another such one; false where there is one that is.
///
/// # Errors
/// The database failed.
pub async fn begin(pool: &PgPool, account: Uuid, secret: &[u8]) -> Result<bool, sqlx::Error> {
    let kept = sqlx::query!(
        "insert into second_factors (account, secret) values ($1, $2)
         on conflict (account) do update set secret = excluded.secret, created_at = clock_timestamp(), last_step = 0
         where second_factors.confirmed_at is null",
        account,
        secret
    )
    .execute(pool)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Confirms a secret by the step of its first code, with the hashes of recovery codes; false where there is none to
/// confirm.
///
/// # Errors
/// The database failed.
pub async fn confirm(
    pool: &PgPool,
    account: Uuid,
    step: i64,
    recovery: &[Vec<u8>],
) -> Result<bool, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let confirmed = sqlx::query!(
        "update second_factors set confirmed_at = clock_timestamp(), last_step = $2
         where account = $1 and confirmed_at is null",
        account,
        step
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        == 1;
    if confirmed {
        replace(&mut transaction, account, recovery).await?;
    }
    transaction.commit().await?;
    Ok(confirmed)
}

/// Replaces the recovery codes of an account.
///
/// # Errors
/// The database failed.
pub async fn replace_recovery_codes(
    pool: &PgPool,
    account: Uuid,
    recovery: &[Vec<u8>],
) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    replace(&mut transaction, account, recovery).await?;
    transaction.commit().await
}

async fn replace(
    transaction: &mut sqlx::PgConnection,
    account: Uuid,
    recovery: &[Vec<u8>],
) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from recovery_codes where account = $1", account).execute(&mut *transaction).await?;
    sqlx::query!(
        "insert into recovery_codes (account, hash) select $1, hash from unnest($2::bytea[]) hash",
        account,
        recovery
    )
    .execute(&mut *transaction)
    .await?;
    Ok(())
}

/// Takes a code of a step, which counts once: false where one of this or a later step was taken.
///
/// # Errors
/// The database failed.
pub async fn take_step(pool: &PgPool, account: Uuid, step: i64) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query!(
        "update second_factors set last_step = $2
         where account = $1 and last_step < $2 and confirmed_at is not null",
        account,
        step
    )
    .execute(pool)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Takes a recovery code, which counts once.
///
/// # Errors
/// The database failed.
pub async fn take_recovery_code(pool: &PgPool, account: Uuid, hash: &[u8]) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query!("delete from recovery_codes where account = $1 and hash = $2", account, hash)
        .execute(pool)
        .await?;
    Ok(taken.rows_affected() == 1)
}

/// Forgets a second factor.
///
/// # Errors
/// The database failed.
pub async fn remove(pool: &PgPool, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from second_factors where account = $1", account).execute(pool).await?;
    Ok(())
}

/// Whether one more code of an account may be looked at; it counts as wrong until [`forgive`] says otherwise.
///
/// # Errors
/// The database failed.
pub async fn allow_code(pool: &PgPool, account: Uuid) -> Result<bool, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    // One at a time, or simultaneous tries would all count the same past.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 42))")
        .bind(account.to_string())
        .execute(&mut *transaction)
        .await?;
    sqlx::query(&format!(
        "delete from code_attempts where at < clock_timestamp() - interval '{CODE_WINDOW}'"
    ))
    .execute(&mut *transaction)
    .await?;
    let allowed = sqlx::query!(
        "insert into code_attempts (account)
         select $1 where (select count(*) from code_attempts where account = $1) < $2",
        account,
        WRONG_CODES
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        == 1;
    transaction.commit().await?;
    Ok(allowed)
}

/// Forgets the wrong codes of an account: it has shown a right one.
///
/// # Errors
/// The database failed.
pub async fn forgive(pool: &PgPool, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from code_attempts where account = $1", account).execute(pool).await?;
    Ok(())
}
