//! The relay over a real PostgreSQL (`DATABASE_URL`) and a real Redis, which is flushed and killed.

mod cache;
mod notices;
#[path = "../../../tests/servers/redis.rs"]
mod redis;
mod revoked;

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

/// The server that the tests are given; only notices pass through it.
async fn postgres() -> PgPool {
    let url =
        std::env::var("DATABASE_URL").expect("DATABASE_URL names a PostgreSQL; `make test` provides one");
    PgPoolOptions::new().max_connections(3).connect(&url).await.expect("it answers")
}
