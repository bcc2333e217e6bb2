//! Other origins whose pages may use this API in a browser (`CORS_ORIGINS`), and what is our own.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Says that a request with a cookie comes from a script of ours: no other site can set it unasked.
pub const OWN_REQUEST: &str = "aegis-request";
/// How long a browser may remember what it was allowed.
const REMEMBERED: Duration = Duration::from_secs(600);
/// Origins of a list at most.
const MOST: usize = 50;

/// Exact origins, `https://app.example.com:8443`, as a browser writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Reads a list with commas; empty: none.
    ///
    /// # Errors
    /// Says which part is no origin. There are no wildcards: with credentials they would be everybody.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() > MOST {
            return Err(format!("a list has at most {MOST} origins"));
        }
        parts.into_iter().map(origin).collect::<Result<_, _>>().map(Self)
    }

    /// What lets browsers there read our answers, with credentials; nothing without an origin.
    pub fn layer(&self) -> Option<CorsLayer> {
        let listed: Vec<HeaderValue> = self.0.iter().filter_map(|origin| origin.parse().ok()).collect();
        let ours = HeaderName::from_static;
        (!listed.is_empty()).then(|| {
            CorsLayer::new()
                .allow_origin(AllowOrigin::list(listed))
                .allow_credentials(true)
                .allow_methods([Method::GET, Method::POST, Method::PUT])
                .allow_headers([
                    header::ACCEPT,
                    header::AUTHORIZATION,
                    header::CONTENT_TYPE,
                    ours(OWN_REQUEST),
                    ours("aegis-min-position"),
                ])
                .expose_headers([
                    ours("aegis-correlation"),
                    header::CONTENT_DISPOSITION,
                    header::RETRY_AFTER,
                    ours("repr-digest"),
                ])
                .max_age(REMEMBERED)
        })
    }

    /// Whether a request that a browser sent with our cookie is ours: it says so in a header that other
    /// sites cannot set, or comes from our own origin or a listed one.
    pub fn is_own(&self, headers: &HeaderMap) -> bool {
        if headers.contains_key(OWN_REQUEST) {
            return true;
        }
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let Some(from) = text(header::ORIGIN) else { return false };
        let own = text(header::HOST)
            .is_some_and(|host| from.split_once("://").is_some_and(|(_, origin)| origin == host));
        own || self.0.iter().any(|listed| listed == from)
    }
}

fn origin(text: &str) -> Result<String, String> {
    let wrong =
        || format!("'{text}' is no origin; write one such as https://app.example.com, without a path");
    let (scheme, place) = text.split_once("://").ok_or_else(wrong)?;
    let default_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return Err(wrong()),
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let (host, port) =
        match place.rsplit_once(':').filter(|(host, _)| !host.ends_with(':') && !place.ends_with(']')) {
            Some((host, port)) => (host, port.parse::<u16>().ok()),
            None => (place, Some(1)),
        };
    if host.is_empty() || port.is_none_or(|port| port == 0) || !place.chars().all(allowed) {
        return Err(wrong());
    }
    // Browsers leave the usual port out.
    let place = place.strip_suffix(default_port).unwrap_or(place);
    Ok(format!("{scheme}://{}", place.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_exact() {
        let listed = Origins::parse("https://App.example.com, http://localhost:5173,https://a.example:443")
            .expect("a list");
        let is_own = |from: &'static str| {
            let headers = [(header::ORIGIN, from), (header::HOST, "aegis.example:8000")];
            let headers = headers.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value)));
            listed.is_own(&headers.collect())
        };
        for own in [
            "https://app.example.com",
            "http://localhost:5173",
            "https://a.example",
            "http://aegis.example:8000",
        ] {
            assert!(is_own(own), "{own}");
        }
        for other in [
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://app.example.com.evil.example",
            "https://evil.example",
            "null",
            "https://aegis.example",
        ] {
            assert!(!is_own(other), "{other}");
        }
        assert!(!listed.is_own(&HeaderMap::new()));
        assert!(Origins::default().layer().is_none() && listed.layer().is_some());
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for wrong in [
            "*",
            "https://*.example.com",
            "null",
            "app.example.com",
            "https://",
            "https://app.example.com/",
            "https://app.example.com/x",
            "ftp://app.example.com",
            "https://user@app.example.com",
            "https://app.example.com:0",
            "https://app.example.com:99999",
            "https://app.example.com:port",
            "https://app example.com",
        ] {
            assert!(Origins::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Origins::parse(", "), Ok(Origins::default()));
        assert!(Origins::parse("https://[::1]:8443,https://[::1]").is_ok());
    }
}
