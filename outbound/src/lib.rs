//! Calls to the outside: webhooks, mail, sign-in providers, feeds.
//!
//! Where such a call goes is said by people, or by whoever answers them, so it
//! must not reach what only this machine or its network can: a database, a
//! metadata service, somebody's router. [`Outbound`] resolves a name itself,
//! refuses the call where any of its addresses is not one of the open internet
//! (`address`), and connects to an address that was looked at, so that a name
//! which changes its mind in between gains nothing. Each redirect is judged
//! like a first address.
//!
//! The only exception is `AEGIS_OUTBOUND_ALLOW`, a list of exact `host:port`,
//! for services of one's own and for tests. Proxies named in the environment
//! are not used: what they resolve cannot be judged here.
//!
//! Left out on purpose: what is sent, and what an answer means.

mod address;
mod allow;
mod call;
mod lookup;

pub use address::refused;
pub use allow::AllowError;
pub use call::{Answer, Call, MAX_REDIRECTS};
pub use lookup::{Found, Lookup, SystemLookup};
pub use reqwest::{Method, StatusCode, Url, header};

use allow::Allow;
use lookup::{Judged, Trusted};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::timeout;

/// How long finding the addresses of a name may take.
pub const LOOKUP_WITHIN: Duration = Duration::from_secs(5);
/// How long connecting may take, encryption included.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Characters of an address at most.
pub const URL_CHARS: usize = 2_048;
/// What calls name as their sender.
const USER_AGENT: &str = concat!("aegis/", env!("CARGO_PKG_VERSION"));

/// A call that was not made, or that led to nothing. No text repeats more of an
/// address than its host: the rest may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The address is none that is called, whoever lives there.
    #[error("the address {0}")]
    Address(&'static str),
    /// It leads to where calls must not go.
    #[error("{host} leads to {what}, which is not called (see AEGIS_OUTBOUND_ALLOW)")]
    Inside {
        /// The host.
        host: String,
        /// What kind of address it has.
        what: &'static str,
    },
    /// The name has no address, or finding it took too long.
    #[error("{host} was not found: {why}")]
    Unresolved {
        /// The host.
        host: String,
        /// Why.
        why: String,
    },
    /// It redirects more often than is followed.
    #[error("it redirects more than {0} times")]
    TooManyRedirects(usize),
    /// Nothing came in time.
    #[error("no answer within {} s", .0.as_secs())]
    Late(Duration),
    /// The answer is longer than is read.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The connection or the exchange failed.
    #[error("the call failed: {0}")]
    Failed(String),
    /// The answer is not what was asked for.
    #[error("the answer does not read as JSON: {0}")]
    NotJson(String),
}

/// Makes calls to the outside. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Outbound {
    allow: Arc<Allow>,
    lookup: Arc<dyn Lookup>,
    /// For the open internet: its resolver judges.
    open: Arc<OnceLock<reqwest::Client>>,
    /// For what the list of exceptions names.
    allowed: Arc<OnceLock<reqwest::Client>>,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound").field("allow", &self.allow).finish_non_exhaustive()
    }
}

/// Without exceptions.
impl Default for Outbound {
    fn default() -> Self {
        let (allow, lookup) = (Arc::default(), Arc::new(SystemLookup));
        Self { allow, lookup, open: Arc::default(), allowed: Arc::default() }
    }
}

impl Outbound {
    /// Calls with these exceptions, each an exact `host:port`.
    ///
    /// # Errors
    /// [`AllowError`] names the entry that is none.
    pub fn new(allow: Vec<String>) -> Result<Self, AllowError> {
        Ok(Self { allow: Arc::new(Allow::parse(&allow)?), ..Self::default() })
    }

    /// The same out of a setting: entries separated by commas, empty for none.
    ///
    /// # Errors
    /// As [`Outbound::new`].
    pub fn from_setting(allow: &str) -> Result<Self, AllowError> {
        let entries = allow.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        Self::new(entries.map(str::to_owned).collect())
    }

    /// Finds addresses in another way.
    #[must_use]
    pub fn with_lookup(self, lookup: impl Lookup) -> Self {
        Self { lookup: Arc::new(lookup), open: Arc::default(), allowed: Arc::default(), ..self }
    }

    /// Judges an address by what it says: http or https, a host, no user in it, no bare address that is not
    /// called. Whether a name leads where it may is found out by [`Outbound::reach`], and on each call.
    ///
    /// # Errors
    /// [`OutboundError::Address`] or [`OutboundError::Inside`].
    pub fn check_url(&self, text: &str) -> Result<Url, OutboundError> {
        if text.chars().count() > URL_CHARS {
            return Err(OutboundError::Address("is too long"));
        }
        // A URL drops these where they stand, which hides from a reader where it leads.
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(OutboundError::Address("has spaces or control characters in it"));
        }
        let url = Url::parse(text).map_err(|_| OutboundError::Address("is no URL"))?;
        self.check(&url)?;
        Ok(url)
    }

    fn check(&self, url: &Url) -> Result<(), OutboundError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OutboundError::Address("is neither http nor https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Address("has a user name or password in it"));
        }
        let (host, port) = host_and_port(url)?;
        match host.parse::<IpAddr>() {
            Ok(ip) if !self.allow.names(&host, port) => judged(&host, ip),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// The addresses that a URL leads to, all of which may be called.
    ///
    /// # Errors
    /// [`OutboundError`] says why not.
    pub async fn reach(&self, url: &Url) -> Result<Vec<SocketAddr>, OutboundError> {
        self.check(url)?;
        let (host, port) = host_and_port(url)?;
        self.addresses(&host, port).await
    }

    /// The addresses to connect to at a host, all of which may be called: for what is not HTTP. Whoever
    /// connects must use one of these and not the name.
    ///
    /// # Errors
    /// [`OutboundError::Inside`] where one of them is not called, [`OutboundError::Unresolved`] for none.
    pub async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, OutboundError> {
        let host = allow::plain(host);
        let may = self.allow.names(&host, port);
        let found = match host.parse::<IpAddr>() {
            Ok(ip) => vec![ip],
            Err(_) => self.find(&host).await?,
        };
        if !may {
            found.iter().try_for_each(|ip| judged(&host, *ip))?;
        }
        Ok(found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect())
    }

    /// Whether the list of exceptions names a host.
    pub fn allows(&self, host: &str, port: u16) -> bool {
        self.allow.names(&allow::plain(host), port)
    }

    async fn find(&self, host: &str) -> Result<Vec<IpAddr>, OutboundError> {
        found(self.lookup.as_ref(), host).await
    }

    /// The client for an address that was checked.
    fn client(&self, url: &Url) -> Result<&reqwest::Client, OutboundError> {
        let (host, port) = host_and_port(url)?;
        let lookup = Arc::clone(&self.lookup);
        if self.allow.names(&host, port) {
            client_of(&self.allowed, Trusted(lookup))
        } else {
            client_of(&self.open, Judged(lookup))
        }
    }
}

/// Made when first needed: a machine without root certificates can do all the rest.
fn client_of<R: reqwest::dns::Resolve + 'static>(
    cell: &OnceLock<reqwest::Client>,
    resolver: R,
) -> Result<&reqwest::Client, OutboundError> {
    if let Some(client) = cell.get() {
        return Ok(client);
    }
    let client = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .no_proxy()
        .referer(false)
        // Followed by `call`, which judges where they lead.
        .redirect(reqwest::redirect::Policy::none())
        .dns_resolver(Arc::new(resolver))
        .connect_timeout(CONNECT_WITHIN)
        // Calls are few, and each is to find out anew where its name leads.
        .pool_max_idle_per_host(0)
        .build()
        .map_err(|error| OutboundError::Failed(call::chain(&error)))?;
    Ok(cell.get_or_init(|| client))
}

/// Refuses what is not of the open internet.
fn judged(host: &str, ip: IpAddr) -> Result<(), OutboundError> {
    match refused(ip) {
        Some(what) => Err(OutboundError::Inside { host: host.to_owned(), what }),
        None => Ok(()),
    }
}

/// What a name leads to, in time, and not nothing.
async fn found(lookup: &dyn Lookup, host: &str) -> Result<Vec<IpAddr>, OutboundError> {
    let unresolved = |why: String| OutboundError::Unresolved { host: host.to_owned(), why };
    match timeout(LOOKUP_WITHIN, lookup.lookup(host)).await {
        Ok(Ok(found)) if found.is_empty() => Err(unresolved("it has no address".to_owned())),
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => Err(unresolved(error.to_string())),
        Err(_) => Err(unresolved(format!("no answer within {} s", LOOKUP_WITHIN.as_secs()))),
    }
}

fn host_and_port(url: &Url) -> Result<(String, u16), OutboundError> {
    let host = url.host_str().filter(|host| !host.is_empty());
    let host = host.ok_or(OutboundError::Address("names no host"))?;
    let port = url.port_or_known_default().filter(|port| *port != 0);
    let port = port.ok_or(OutboundError::Address("has no port that is called"))?;
    Ok((allow::plain(host), port))
}
