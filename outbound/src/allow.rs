//! The exceptions: exact `host:port`, compared as a URL writes them.

use reqwest::Url;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// An entry of `AEGIS_OUTBOUND_ALLOW` that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' in AEGIS_OUTBOUND_ALLOW is not a host and a port, such as mail.example.com:587 or [::1]:8080")]
pub struct AllowError(pub String);

/// What may be called wherever it leads.
#[derive(Debug, Default)]
pub(crate) struct Allow(BTreeSet<(String, u16)>);

impl Allow {
    pub(crate) fn parse(entries: &[String]) -> Result<Self, AllowError> {
        let parsed = entries.iter().map(|entry| one(entry).ok_or_else(|| AllowError(entry.clone())));
        Ok(Self(parsed.collect::<Result<_, _>>()?))
    }

    /// `host` as [`plain`] writes it.
    pub(crate) fn names(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|(name, number)| name == host && *number == port)
    }
}

fn one(entry: &str) -> Option<(String, u16)> {
    let port: u16 = entry.rsplit_once(':')?.1.parse().ok().filter(|port| *port != 0)?;
    // Read as a URL reads it, so that both write the same address the same way.
    let url = Url::parse(&format!("http://{entry}")).ok()?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    let host = url.host_str().filter(|_| bare && nobody && !entry.contains('/'))?;
    let host = plain(host);
    // A URL takes signs in names that no name has; nothing here stands for many.
    let named = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    (named || host.parse::<IpAddr>().is_ok()).then_some((host, port))
}

/// A host in one spelling: lower case, without the brackets of an address or the dot of the root.
pub(crate) fn plain(host: &str) -> String {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(entry: &str) -> Result<Allow, AllowError> {
        Allow::parse(&[entry.to_owned()])
    }

    #[test]
    fn an_entry_names_one_host_and_one_port() {
        let named = allow("Hooks.Example.com:8443").expect("an entry");
        assert!(named.names("hooks.example.com", 8443));
        assert!(!named.names("hooks.example.com", 443) && !named.names("example.com", 8443));
        assert!(allow("127.0.0.1:80").expect("an entry").names("127.0.0.1", 80));
        assert!(allow("[::1]:9000").expect("an entry").names("::1", 9000));
        assert!(allow("127.1:9000").expect("as a URL reads it").names("127.0.0.1", 9000));
    }

    #[test]
    fn what_is_no_entry_is_named() {
        for entry in [
            "",
            "localhost",
            "localhost:",
            "localhost:0",
            "localhost:70000",
            ":80",
            "a:b:80",
            "*:80",
            "http://localhost:80",
            "user@localhost:80",
            "localhost:80/path",
            "localhost/x:80",
            "a?b:80",
            "::1:80",
        ] {
            assert_eq!(allow(entry).err(), Some(AllowError(entry.to_owned())), "{entry}");
        }
    }
}
