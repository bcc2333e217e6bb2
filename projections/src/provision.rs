//! From an empty database to one that Aegis can work in: the two roles, the
//! migrations, the grants. Safe to repeat.
//!
//! Roles belong to a whole cluster, so they carry no password: Aegis signs in
//! as whoever `DATABASE_URL` names and steps down to the role it needs.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection, PgPool};
use std::str::FromStr;
use std::time::Duration;

/// The role that owns the tables.
pub const OWNER: &str = "aegis_owner";
/// The role that works with them.
pub const APP: &str = "aegis_app";

/// The oldest server that has what we use.
const OLDEST_SERVER: i32 = 150_000;

/// Connections that one process takes at most, pools and listeners together.
pub const CONNECTIONS: u32 = 24;
/// Of those, what requests and jobs share.
pub const POOL_CONNECTIONS: u32 = 11;
/// Of those, what sealing, projections and the rest of the engine have to themselves, so that no flood of
/// requests keeps what is written from coming into view.
pub const ENGINE_CONNECTIONS: u32 = 6;

/// How long a statement of a request, or of a job beside it, may take. A query of the API is given up later.
pub const STATEMENT_TIME: Duration = Duration::from_secs(30);

/// Provisioning failed.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The address does not read as one.
    #[error(
        "DATABASE_URL does not read as a PostgreSQL address (postgres://user:password@host:port/database)"
    )]
    Address(#[source] sqlx::Error),
    /// Nobody answers there, or not to us.
    #[error(
        "PostgreSQL at {host}:{port} does not let us in; check that it runs and that DATABASE_URL is right"
    )]
    Connect {
        /// The host tried.
        host: String,
        /// The port tried.
        port: u16,
        /// Why not.
        #[source]
        source: sqlx::Error,
    },
    /// The server is too old.
    #[error("PostgreSQL {found} is too old; Aegis needs 15 or newer")]
    TooOld {
        /// What it says it is.
        found: String,
    },
    /// The server allows too few connections.
    #[error(
        "PostgreSQL allows {allowed} connections; Aegis takes up to {CONNECTIONS} per process. Raise max_connections"
    )]
    TooFewConnections {
        /// How many it allows.
        allowed: i32,
    },
    /// A statement failed.
    #[error("preparing the database failed while {step}")]
    Step {
        /// What was being done.
        step: &'static str,
        /// Why it failed.
        #[source]
        source: sqlx::Error,
    },
    /// A migration failed.
    #[error("a migration failed")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

fn failed(step: &'static str) -> impl FnOnce(sqlx::Error) -> ProvisionError {
    move |source| ProvisionError::Step { step, source }
}

/// How Aegis reaches its database.
#[derive(Debug, Clone)]
pub struct Database {
    options: PgConnectOptions,
    two_roles: bool,
}

impl Database {
    /// Creates roles where it may, migrates, and grants.
    ///
    /// # Errors
    /// [`ProvisionError`] says what to do.
    pub async fn provision(url: &str) -> Result<Self, ProvisionError> {
        let options =
            PgConnectOptions::from_str(url).map_err(ProvisionError::Address)?.application_name("aegis");
        let mut connection = connect(&options).await?;
        check_server(&mut connection).await?;
        let two_roles = make_roles(&mut connection).await?;
        if two_roles {
            connection
                .execute(format!("set role {OWNER}").as_str())
                .await
                .map_err(failed("becoming the owner"))?;
        }
        sqlx::migrate!("../migrations").run(&mut connection).await?;
        if two_roles {
            grant(&mut connection).await.map_err(failed("granting rights"))?;
        }
        connection.close().await.map_err(failed("closing the connection"))?;
        Ok(Self { options, two_roles })
    }

    /// Whether the application has a role of its own.
    pub fn two_roles(&self) -> bool {
        self.two_roles
    }

    /// The address, for libraries that connect by themselves.
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// One connection with the rights of the owner, for what the application may not do.
    ///
    /// # Errors
    /// Nobody answers, or we may not become the owner.
    pub async fn owner(&self) -> Result<PgConnection, ProvisionError> {
        let mut connection = connect(&self.options).await?;
        if self.two_roles {
            let become_owner = format!("set role {OWNER}");
            connection.execute(become_owner.as_str()).await.map_err(failed("becoming the owner"))?;
        }
        Ok(connection)
    }

    /// The pool that everything but provisioning uses.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn pool(&self) -> Result<PgPool, ProvisionError> {
        self.pool_of(POOL_CONNECTIONS).await
    }

    /// The pool of a server: no statement takes longer than [`STATEMENT_TIME`].
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn serving_pool(&self) -> Result<PgPool, ProvisionError> {
        let limit = format!("set statement_timeout = '{}s'", STATEMENT_TIME.as_secs());
        self.open(POOL_CONNECTIONS, limit).await
    }

    /// A pool of another size.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn pool_of(&self, connections: u32) -> Result<PgPool, ProvisionError> {
        self.open(connections, String::new()).await
    }

    /// The pool of the engine. Its statements live as long as the process, while the tables grow from
    /// nothing: a plan that is kept would be the one for empty tables.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn engine_pool(&self) -> Result<PgPool, ProvisionError> {
        self.open(ENGINE_CONNECTIONS, "set plan_cache_mode = force_custom_plan".to_owned()).await
    }

    async fn open(&self, connections: u32, setting: String) -> Result<PgPool, ProvisionError> {
        let step_down = self.two_roles;
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            // A ping before each use would double the round trips; a broken connection shows in the query.
            .test_before_acquire(false)
            .after_connect(move |connection, _| {
                let setting = setting.clone();
                Box::pin(async move {
                    if step_down {
                        connection.execute(format!("set role {APP}").as_str()).await?;
                    }
                    connection.execute("set idle_in_transaction_session_timeout = '60s'").await?;
                    connection.execute(setting.as_str()).await?;
                    Ok(())
                })
            })
            .connect_with(self.options.clone())
            .await
            .map_err(failed("opening the pool"))
    }
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, ProvisionError> {
    PgConnection::connect_with(options).await.map_err(|source| ProvisionError::Connect {
        host: options.get_host().to_owned(),
        port: options.get_port(),
        source,
    })
}

async fn check_server(connection: &mut PgConnection) -> Result<(), ProvisionError> {
    let (number, version, allowed): (i32, String, i32) = sqlx::query_as(
        "select current_setting('server_version_num')::int, current_setting('server_version'),
                current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int",
    )
    .fetch_one(connection)
    .await
    .map_err(failed("asking the server who it is"))?;
    if number < OLDEST_SERVER {
        return Err(ProvisionError::TooOld { found: version });
    }
    if allowed < i32::try_from(CONNECTIONS).unwrap_or(i32::MAX) {
        return Err(ProvisionError::TooFewConnections { allowed });
    }
    Ok(())
}

/// How often creating the roles, or granting them their rights, is tried.
const ROLE_ATTEMPTS: u32 = 8;

/// Grants again what the roles may, which changes nothing where it was done.
async fn grant(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut attempt = 1;
    // A script holds others of its kind off; a rebuilt projection that takes its place
    // meanwhile takes tables away under it.
    while let Err(error) = connection.execute(include_str!("../../migrations/grants.sql")).await {
        if attempt == ROLE_ATTEMPTS || error.as_database_error().is_none() {
            return Err(error);
        }
        tokio::time::sleep(Duration::from_millis(50) * attempt).await;
        attempt += 1;
    }
    Ok(())
}

async fn create_roles(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection
        .execute(
            format!(
                "do $$ begin
                   if not exists (select from pg_roles where rolname = '{OWNER}') then create role {OWNER}; end if;
                   if not exists (select from pg_roles where rolname = '{APP}') then create role {APP}; end if;
                   if not (select rolsuper from pg_roles where rolname = session_user) then
                     grant {OWNER}, {APP} to session_user;
                   end if;
                   execute format('grant create on database %I to {OWNER}', current_database());
                   if (select nspowner <> '{OWNER}'::regrole from pg_namespace where nspname = 'public') then
                     alter schema public owner to {OWNER};
                   end if;
                 end $$;"
            )
            .as_str(),
        )
        .await?;
    Ok(())
}

/// Makes the two roles and hands the database to the owner. Where we may not,
/// an administrator may have done it for us; else one role does it all.
async fn make_roles(connection: &mut PgConnection) -> Result<bool, ProvisionError> {
    let may_create: bool =
        sqlx::query_scalar("select rolsuper or rolcreaterole from pg_roles where rolname = session_user")
            .fetch_one(&mut *connection)
            .await
            .map_err(failed("asking for our rights"))?;
    if may_create {
        let mut attempt = 1;
        // Roles are shared by all databases of a cluster, and two first starts on two
        // databases may meet here: whoever comes second finds the work done and looks again.
        while let Err(error) = create_roles(&mut *connection).await {
            if attempt == ROLE_ATTEMPTS {
                return Err(failed("creating the roles aegis_owner and aegis_app")(error));
            }
            tokio::time::sleep(Duration::from_millis(50) * attempt).await;
            attempt += 1;
        }
    }
    sqlx::query_scalar(
        "select count(*) = 2 from pg_roles
         where rolname in ('aegis_owner', 'aegis_app') and pg_has_role(session_user, oid, 'member')
           and (select nspowner = 'aegis_owner'::regrole::oid from pg_namespace where nspname = 'public')",
    )
    .fetch_one(connection)
    .await
    .or_else(|error| match &error {
        // The owner role does not exist, so its name does not resolve: one role does it all.
        sqlx::Error::Database(database) if database.code().as_deref() == Some("42704") => Ok(false),
        _ => Err(failed("looking for the roles")(error)),
    })
}

/// Makes sure that a database exists on a private cluster, and returns its address.
///
/// # Errors
/// [`ProvisionError`] says what to do.
pub async fn ensure_database(superuser_url: &str, name: &str) -> Result<String, ProvisionError> {
    let options = PgConnectOptions::from_str(superuser_url).map_err(ProvisionError::Address)?;
    let mut connection = connect(&options).await?;
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(name)
        .fetch_one(&mut connection)
        .await
        .map_err(failed("looking for the database"))?;
    if !exists {
        connection
            .execute(format!("create database \"{}\"", name.replace('"', "\"\"")).as_str())
            .await
            .map_err(failed("creating the database"))?;
    }
    connection.close().await.map_err(failed("closing the connection"))?;
    let (base, _) = superuser_url.rsplit_once('/').unwrap_or((superuser_url, ""));
    Ok(format!("{base}/{name}"))
}
