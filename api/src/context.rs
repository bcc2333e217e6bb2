//! What a request carries: who asks, from where, and the services that answer.

use crate::error::ApiError;
use crate::events::Live;
use crate::evidence::links::Links;
use crate::metrics::Metrics;
use crate::noted::Strangers;
use crate::session::Tokens;
use crate::single_sign_on::SingleSignOn;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::policy::{PolicyInForce, REVIEW_POLICY_ID, ReviewPolicy};
use aegis_aggregates::roster::KeyScope;
use aegis_objects::Objects;
use aegis_outbound::Outbound;
use aegis_projections::coverage::{HeatmapError, HeatmapRow};
use aegis_projections::knowledge::{self, Release};
use aegis_projections::ledger::Seal;
use aegis_projections::runner::Reached;
use aegis_projections::store::Store;
use aegis_projections::tide::Tide;
use aegis_projections::vault::Vault;
use aegis_projections::{Pool, coverage, ledger};
use aegis_relay::{Cache, Relay};
use async_graphql::Context;
use chrono::{DateTime, Utc};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::watch;
use uuid::Uuid;

/// What resolvers work with.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub pool: Pool,
    /// The event store.
    pub store: Store,
    /// How far this process can see.
    pub tide: Tide,
    /// How far requests have been handed to the job queue.
    pub reactor: Reached,
    /// Why sealing stands still, if it does.
    pub sealing_stuck: watch::Receiver<Option<String>>,
    /// Signs and reads tokens.
    pub(crate) tokens: Arc<Tokens>,
    /// How many refusals of strangers are written down.
    pub(crate) strangers: Arc<Strangers>,
    /// Files.
    pub objects: Objects,
    /// Signs links to files.
    pub(crate) links: Arc<Links>,
    /// Events as they come into view.
    pub(crate) live: Live,
    /// What passes notices between processes.
    pub(crate) relay: Relay,
    /// Which addresses may be called.
    pub(crate) outbound: Outbound,
    /// Keeps secrets that must be read back.
    pub(crate) vault: Vault,
    /// Whether there is a mail server.
    pub(crate) mail: bool,
    /// The identity provider, where one is set up.
    pub(crate) single_sign_on: Option<Arc<SingleSignOn>>,
    /// What is counted.
    pub(crate) metrics: Arc<Metrics>,
    releases: moka::future::Cache<i64, Option<Arc<Release>>>,
    heatmaps: Cache<Vec<Arc<HeatmapRow>>>,
}

/// Releases kept in memory: one entry per position asked for.
const RELEASES_KEPT: u64 = 1_000;
/// Heatmaps kept in memory, of some 600 KB each.
const HEATMAPS_KEPT: u64 = 16;

/// How sessions are signed and how long they live.
pub struct SessionConfig<'a> {
    /// Signs tokens.
    pub secret: &'a [u8],
    /// How long a token lives after its last renewal.
    pub lifetime: chrono::Duration,
    /// Whether the cookie is for HTTPS only.
    pub secure: bool,
}

/// The engine as requests see it.
pub struct EngineView {
    /// How far this process can see.
    pub tide: Tide,
    /// How far requests have been handed to the job queue.
    pub reactor: Reached,
    /// Why sealing stands still, if it does.
    pub sealing_stuck: watch::Receiver<Option<String>>,
}

/// The outside as requests see it.
#[derive(Clone, Default)]
pub struct OutsideView {
    /// Which addresses may be called.
    pub outbound: Outbound,
    /// Whether there is a mail server.
    pub mail: bool,
    /// The identity provider, where one is set up.
    pub single_sign_on: Option<Arc<SingleSignOn>>,
}

impl Services {
    /// Services over a running engine. Must be called inside a runtime.
    pub fn new(
        pool: Pool,
        store: Store,
        engine: EngineView,
        objects: Objects,
        relay: Relay,
        outside: OutsideView,
        sessions: &SessionConfig<'_>,
    ) -> Self {
        let EngineView { tide, reactor, sealing_stuck } = engine;
        let OutsideView { outbound, mail, single_sign_on } = outside;
        let vault = Vault::new(sessions.secret);
        let live = Live::follow(pool.clone(), tide.clone());
        let tokens = Arc::new(Tokens::new(sessions.secret, sessions.lifetime, sessions.secure));
        let links = Arc::new(Links::new(sessions.secret));
        let releases = moka::future::Cache::new(RELEASES_KEPT);
        let heatmaps = relay.cache("heatmap/1", HEATMAPS_KEPT, sessions.secret);
        Self {
            pool,
            store,
            tide,
            reactor,
            sealing_stuck,
            tokens,
            strangers: Arc::default(),
            objects,
            links,
            live,
            relay,
            outbound,
            vault,
            mail,
            single_sign_on,
            metrics: Metrics::new(),
            releases,
            heatmaps,
        }
    }

    /// What reviews are held to now. Read from the events themselves: a change bites on the next command.
    pub(crate) async fn review_policy(&self) -> Result<ReviewPolicy, ApiError> {
        Ok(self.store.load::<PolicyInForce>(REVIEW_POLICY_ID).await?.policy())
    }

    /// The release in force at a position that is in view, which never changes again.
    pub(crate) async fn release(&self, at: i64) -> Result<Option<Arc<Release>>, ApiError> {
        let load = async {
            Ok::<_, aegis_projections::DatabaseError>(
                knowledge::release_at(&self.pool, at).await?.map(Arc::new),
            )
        };
        if !self.tide.has(at) {
            // A read model that has stopped answers from before; what it says must not be kept.
            return Ok(load.await?);
        }
        Ok(self.releases.try_get_with(at, load).await?)
    }

    /// Every active technique of a release with its coverage as of a position, by ATT&CK id. What is kept is
    /// kept by all that it depends on: the record up to there by the hash of its last event, which a position
    /// does not say after a restore; and which rows they were, by what the database says of them and not this
    /// process, since rows may be rebuilt, or lost in a crash and folded again.
    pub(crate) async fn heatmap(
        &self,
        release: &Release,
        at: i64,
        seal: Option<&Seal>,
    ) -> Result<Arc<Vec<Arc<HeatmapRow>>>, ApiError> {
        let arcs = |rows: Vec<HeatmapRow>| rows.into_iter().map(Arc::new).collect::<Vec<_>>();
        let rows = coverage::rows(&self.pool).await?.filter(|rows| rows.position >= at);
        if let (Some(seal), Some(rows)) = (seal, rows) {
            let (leaf, digest) = (hex::encode(&seal.leaf), &release.digest);
            let key = format!("{}/{}/{digest}/{at}/{leaf}", rows.version, rows.generation);
            let load = async { coverage::heatmap_of(&self.pool, digest, at, rows).await.map(arcs) };
            // The newest is what everybody looks at; of the past each process keeps its own.
            let newest = at == self.tide.position();
            match self.heatmaps.get_or_load(&key, newest, load).await {
                Ok(heatmap) => return Ok(heatmap),
                Err(error) if matches!(*error, HeatmapError::Moved) => {}
                Err(error) => return Err(ApiError::Internal(Box::new(error))),
            }
        }
        Ok(Arc::new(arcs(coverage::heatmap(&self.pool, &release.digest, at).await?)))
    }

    /// Tells every process that sessions of an account may have ended: their streams end at once.
    pub(crate) async fn sessions_changed(&self, account: Uuid) {
        self.relay.tell_sessions(&self.pool, account).await;
    }

    /// The position to read at: of an instant in the past, or the newest in view.
    ///
    /// # Errors
    /// `READ_MODELS_BEHIND` when the position of the instant does not come into view within 2 s.
    pub(crate) async fn position(&self, as_of: Option<DateTime<Utc>>) -> Result<i64, ApiError> {
        let Some(instant) = as_of else {
            return Ok(self.tide.position());
        };
        let position = ledger::resolve(&self.pool, instant).await?;
        let deadline = tokio::time::Instant::now() + aegis_projections::tide::PATIENCE;
        // What is answered as of a position must never change later, so rows that are not there yet are
        // no answer, unlike a read of now, which says the lower position it shows.
        if self.tide.reach(position, deadline).await {
            Ok(position)
        } else {
            Err(ApiError::ReadModelsBehind(position))
        }
    }
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who is signed in.
    pub session: Option<SessionUser>,
    /// From where.
    pub address: IpAddr,
    /// What the browser or script says it is.
    pub agent: Arc<str>,
    /// Ties together what this request causes.
    pub correlation: Uuid,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct SessionUser {
    /// The account in its present role.
    pub actor: Actor,
    /// Whether the password must be changed before anything else.
    pub must_change_password: bool,
    /// Whether a second factor must be set up before anything else.
    pub second_factor_due: bool,
    /// What was presented.
    pub means: Means,
    /// When the session ends unless it slides on.
    pub expires_at: DateTime<Utc>,
}

/// What somebody presents to say who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A token of a person's session.
    Token {
        /// Its id.
        id: Uuid,
        /// The session epoch of the account that it carries.
        epoch: i64,
        /// Whether the person came by single sign-on.
        sso: bool,
    },
    /// A key of a service account.
    Key {
        /// Its id.
        id: Uuid,
        /// What it may be used for.
        scope: KeyScope,
    },
}

impl SessionUser {
    /// The key, where it is a program that asks.
    pub fn key(&self) -> Option<Uuid> {
        match self.means {
            Means::Key { id, .. } => Some(id),
            Means::Token { .. } => None,
        }
    }

    /// Whether it may change anything.
    pub fn may_write(&self) -> bool {
        !matches!(self.means, Means::Key { scope: KeyScope::Read, .. })
    }
}

impl Viewer {
    /// Whoever is signed in.
    pub(crate) fn require(&self) -> Result<&SessionUser, ApiError> {
        self.session.as_ref().ok_or(ApiError::Unauthenticated("Sign in first."))
    }
}

/// Services and actor of a request that the table let through.
pub(crate) fn acting<'a>(ctx: &Context<'a>) -> Result<(&'a Services, Actor), ApiError> {
    let actor = ctx.data_unchecked::<Viewer>().require()?.actor;
    Ok((ctx.data_unchecked::<Services>(), actor))
}
