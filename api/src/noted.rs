//! What goes to the access log from requests: who, what, about what, with what
//! outcome. For changes of the domain the event is the record; this is for
//! everything else.

use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::trail;
use aegis_projections::access::{self, Access};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// What signing in is called: by a password, and by the identity provider.
pub(crate) const SIGN_INS: [&str; 2] = ["sign_in", "single_sign_on"];

/// Something to note of a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Noted<'a> {
    /// What was tried.
    pub action: &'a str,
    /// `allowed`, or why not.
    pub outcome: &'a str,
    /// What it was about: kind and id.
    pub entity: Option<(&'a str, Uuid)>,
    /// Anything else; never a secret and never a name.
    pub detail: Option<&'a str>,
    /// Whose account, where nobody is signed in.
    pub account: Option<Uuid>,
    /// For a user name that nobody has: its keyed hash.
    pub name_hash: Option<&'a str>,
}

impl<'a> Noted<'a> {
    /// Something that was done.
    pub fn allowed(action: &'a str) -> Self {
        Self { action, outcome: "allowed", ..Self::default() }
    }

    /// About this.
    pub fn about(self, kind: &'a str, id: Uuid) -> Self {
        Self { entity: Some((kind, id)), ..self }
    }
}

/// Notes it.
///
/// # Errors
/// The database failed.
pub(crate) async fn note(services: &Services, viewer: &Viewer, noted: Noted<'_>) -> Result<(), ApiError> {
    trail::noted();
    if let Some(means) = SIGN_INS.iter().find(|means| **means == noted.action) {
        services.metrics.sign_in(means, noted.outcome);
    }
    let session = viewer.session.as_ref();
    let entity = noted.entity.map(|(_, id)| id.to_string());
    let access = Access {
        account: noted.account.or(session.map(|session| session.actor.account.0)),
        action: noted.action,
        outcome: noted.outcome,
        address: Some(viewer.address),
        detail: noted.detail,
        entity_type: noted.entity.map(|(kind, _)| kind),
        entity: entity.as_deref(),
        key: session.and_then(|session| session.key()),
        correlation: Some(viewer.correlation),
        name_hash: noted.name_hash,
    };
    Ok(access::log(&services.pool, &access).await?)
}

/// Refusals of strangers that are written down from one address within a minute.
const STRANGER_NOTES: u32 = 300;
/// Addresses that are counted at the same time.
const STRANGERS: u64 = 10_000;

/// Counts what strangers were refused, by address, within this process.
#[derive(Debug)]
pub struct Strangers(moka::sync::Cache<IpAddr, Arc<AtomicU32>>);

impl Default for Strangers {
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Self(moka::sync::Cache::builder().max_capacity(STRANGERS).time_to_live(minute).build())
    }
}

impl Strangers {
    /// Whether one more refusal of an address is written down.
    pub fn may_note(&self, address: IpAddr) -> bool {
        let count = self.0.get_with(address, Arc::default);
        count.fetch_add(1, Ordering::Relaxed) < STRANGER_NOTES
    }
}
