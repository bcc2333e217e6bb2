//! Finding the addresses of a name, and judging them before anybody connects.

use crate::{found, judged};
use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// The addresses of a name, when they are there.
pub type Found = BoxFuture<'static, io::Result<Vec<IpAddr>>>;

/// Finds the addresses of names.
pub trait Lookup: Send + Sync + 'static {
    /// The addresses of a name, in the order to be tried.
    fn lookup(&self, host: &str) -> Found;
}

/// As the machine does it.
#[derive(Debug, Clone, Copy)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: &str) -> Found {
        let host = host.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Lets a connection go to the open internet only. It is what the connection asks, so no other address is used.
pub(crate) struct Judged(pub Arc<dyn Lookup>);
/// Lets it go wherever the name leads.
pub(crate) struct Trusted(pub Arc<dyn Lookup>);

impl Resolve for Judged {
    fn resolve(&self, name: Name) -> Resolving {
        resolving(Arc::clone(&self.0), &name, true)
    }
}

impl Resolve for Trusted {
    fn resolve(&self, name: Name) -> Resolving {
        resolving(Arc::clone(&self.0), &name, false)
    }
}

fn resolving(lookup: Arc<dyn Lookup>, name: &Name, judge: bool) -> Resolving {
    let host = crate::allow::plain(name.as_str());
    Box::pin(async move {
        let addresses = found(lookup.as_ref(), &host).await?;
        if judge {
            addresses.iter().try_for_each(|ip| judged(&host, *ip))?;
        }
        // The port is that of the URL.
        let addresses: Addrs = Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0)));
        Ok(addresses)
    })
}
