//! Databases on the cluster of a run, each migrated and empty.

use aegis_projections::Pool;
use aegis_projections::provision::{Database, ensure_database};
use anyhow::{Context, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection};
use std::path::PathBuf;
use std::str::FromStr;

/// A PostgreSQL cluster where we may do everything.
pub struct Cluster {
    url: String,
}

/// One database of it.
pub struct Fresh {
    /// How Aegis reaches it.
    pub database: Database,
    /// The pool that `aegis serve` would have.
    pub pool: Pool,
    url: String,
    name: String,
}

impl Cluster {
    /// The one that `DATABASE_URL` names.
    ///
    /// # Errors
    /// It names none.
    pub fn from_environment() -> Result<Self> {
        Ok(Self {
            url: std::env::var("DATABASE_URL")
                .context("DATABASE_URL must name a PostgreSQL superuser's database")?,
        })
    }

    /// A new database with the migrations, in the place of one of that name.
    ///
    /// # Errors
    /// The server refused.
    pub async fn fresh(&self, name: &str) -> Result<Fresh> {
        self.drop(name).await?;
        let url = ensure_database(&self.url, name).await?;
        let database = Database::provision(&url).await?;
        let pool = database.pool().await?;
        Ok(Fresh { database, pool, url: self.url.clone(), name: name.to_owned() })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lets go of a database.
    ///
    /// # Errors
    /// The server refused.
    pub async fn drop(&self, name: &str) -> Result<()> {
        self.admin().await?.execute(format!("drop database if exists {name} with (force)").as_str()).await?;
        Ok(())
    }

    /// A connection that may do everything.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn admin(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.url).await?)
    }

    /// The same in a database of ours.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn admin_of(&self, name: &str) -> Result<PgConnection> {
        Ok(PgConnection::connect_with(&PgConnectOptions::from_str(&self.url)?.database(name)).await?)
    }

    /// Writes out what is dirty, so that every measurement begins alike.
    ///
    /// # Errors
    /// The server refused.
    pub async fn settle(&self) -> Result<()> {
        self.admin().await?.execute("checkpoint").await?;
        Ok(())
    }

    /// Where the server's own programs are.
    ///
    /// # Errors
    /// The server refused.
    pub async fn programs(&self) -> Result<PathBuf> {
        let folder: String = sqlx::query_scalar("select setting from pg_config where name = 'BINDIR'")
            .fetch_one(&mut self.admin().await?)
            .await?;
        Ok(PathBuf::from(folder))
    }

    /// The value of a server setting.
    ///
    /// # Errors
    /// There is none of that name.
    pub async fn setting(&self, name: &str) -> Result<String> {
        Ok(sqlx::query_scalar("select current_setting($1)")
            .bind(name)
            .fetch_one(&mut self.admin().await?)
            .await?)
    }

    /// Host, port and user, as PostgreSQL's programs take them.
    ///
    /// # Errors
    /// The address does not read.
    pub fn address(&self) -> Result<[String; 3]> {
        let options = PgConnectOptions::from_str(&self.url)?;
        Ok([options.get_host().to_owned(), options.get_port().to_string(), options.get_username().to_owned()])
    }
}

impl Fresh {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Brings the planner's statistics up to date, as autovacuum would in a while.
    ///
    /// # Errors
    /// The server refused.
    pub async fn analyze(&self) -> Result<()> {
        let options = PgConnectOptions::from_str(&self.url)?.database(&self.name);
        PgConnection::connect_with(&options).await?.execute("vacuum analyze").await?;
        Ok(())
    }

    /// Lets go of it.
    ///
    /// # Errors
    /// The server refused.
    pub async fn drop(self) -> Result<()> {
        self.pool.close().await;
        let mut admin = PgConnection::connect(&self.url).await?;
        admin.execute(format!("drop database if exists {} with (force)", self.name).as_str()).await?;
        Ok(())
    }
}
