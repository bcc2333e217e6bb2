//! Chains of retests: an original and those that repeat it.

use super::list::COLUMNS;
use super::read::TestRecord;
use sqlx::PgPool;
use uuid::Uuid;

/// The retests of some original tests as of a position: by original, in their numbers' order.
///
/// # Errors
/// The database failed.
pub async fn retests_of(pool: &PgPool, originals: &[Uuid], at: i64) -> Result<Vec<TestRecord>, sqlx::Error> {
    sqlx::query_as(&format!(
        "select {COLUMNS} from tests
         where origin_id = any ($1) and origin = 'retest' and from_position <= $2 and to_position > $2
         order by origin_id, origin_number"
    ))
    .bind(originals)
    .bind(at)
    .fetch_all(pool)
    .await
}
