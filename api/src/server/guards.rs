//! The headers that every answer has, and whether cookies are for HTTPS only.

use super::proxies::Origin;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// What holds for the headers of every answer.
#[derive(Clone)]
pub struct Guards {
    policy: HeaderValue,
    /// Whether browsers shall come over HTTPS only from now on.
    hsts: bool,
}

const GUARDS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("cross-origin-opener-policy", "same-origin"),
];
/// A year, for this host alone: others of its domain are not ours to speak for.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

impl Guards {
    /// With the origin of an object store to which the interface sends files straight.
    pub fn new(store: Option<&str>, hsts: bool) -> Self {
        // An address that is no header value is no address either.
        let policy = HeaderValue::from_str(&content_policy(store))
            .or_else(|_| HeaderValue::from_str(&content_policy(None)))
            .unwrap_or(HeaderValue::from_static("default-src 'none'"));
        Self { policy, hsts }
    }
}

/// What the interface may do; it sends files straight to the object store where that makes links.
fn content_policy(store: Option<&str>) -> String {
    let store = store.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'{store}; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Adds the headers to an answer that does not have its own.
pub async fn guard(State(guards): State<Guards>, request: Request, next: Next) -> Response {
    let https = request.extensions().get::<Origin>().is_some_and(|origin| origin.https);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(guards.policy);
    for (name, value) in GUARDS {
        headers.entry(*name).or_insert(HeaderValue::from_static(value));
    }
    if guards.hsts {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if https {
        secure_cookies(headers);
    }
    response
}

/// Cookies of an answer that goes back over HTTPS stay there, whatever the settings say of others.
fn secure_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        let secure = cookie.to_str().ok().filter(|text| !text.split("; ").any(|part| part == "Secure"));
        let secure = secure.and_then(|text| HeaderValue::from_str(&format!("{text}; Secure")).ok());
        headers.append(header::SET_COOKIE, secure.unwrap_or(cookie));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_over_https_are_secure_once() {
        let mut headers = HeaderMap::new();
        for cookie in ["a=1; Path=/", "b=2; Path=/; Secure"] {
            headers.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
        }
        secure_cookies(&mut headers);
        let cookies: Vec<_> = headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1; Path=/; Secure", "b=2; Path=/; Secure"]);
    }
}
