//! The way to the provider and back.

use super::people::{Admitted, admit};
use super::provider::{Departure, SingleSignOn};
use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::noted::{Noted, note};
use crate::session::{self, Proof};
use crate::uploads::refusal;
use aegis_projections::accounts;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where people leave for the provider.
pub const START: &str = "/auth/start";
const COOKIE: &str = "aegis_sign_in";
/// What the cookie is encrypted for.
const PLACE: &str = "single-sign-on";
/// Seconds that somebody may stay at the provider.
const AWAY: i64 = 600;
/// Letters of an address to come back to.
const NEXT_CHARS: usize = 500;

/// Where somebody wants to go.
#[derive(Debug, Deserialize)]
pub struct Wish {
    next: Option<String>,
}

/// What the provider sends back.
#[derive(Debug, Deserialize)]
pub struct Arrival {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// What the cookie holds.
#[derive(Serialize, Deserialize)]
struct Away {
    departure: Departure,
    next: String,
    until: i64,
}

fn set_up(services: &Services) -> Option<Arc<SingleSignOn>> {
    services.single_sign_on.clone()
}

/// `GET /auth/start?next=/path` sends the browser to the provider.
pub async fn start(
    State(services): State<Services>,
    Extension(viewer): Extension<Viewer>,
    Query(wish): Query<Wish>,
) -> Response {
    let Some(provider) = set_up(&services) else { return StatusCode::NOT_FOUND.into_response() };
    let (url, departure) = match provider.depart().await {
        Ok(departed) => departed,
        Err(error) => {
            tracing::warn!(correlation = %viewer.correlation, %error, "single sign-on cannot begin");
            return back("unavailable");
        }
    };
    let next = wish.next.filter(|next| is_own(next)).unwrap_or_else(|| "/".to_owned());
    let away = Away { departure, next, until: Utc::now().timestamp() + AWAY };
    let sealed = match serde_json::to_vec(&away) {
        Ok(bytes) => services.vault.seal(PLACE, &bytes),
        Err(error) => return refusal(ApiError::Internal(Box::new(error))),
    };
    let cookie = format!(
        "{COOKIE}={}; Path=/auth; HttpOnly; SameSite=Lax; Max-Age={AWAY}{}",
        URL_SAFE_NO_PAD.encode(sealed),
        services.tokens.secure_attribute()
    );
    with_cookies(Redirect::to(&url).into_response(), &[cookie])
}

/// A path of ours, and not an address that looks like one.
fn is_own(next: &str) -> bool {
    next.len() <= NEXT_CHARS
        && next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(|c: char| c == '\\' || c.is_control())
}

/// `GET /auth/callback?code=..&state=..` lets somebody in who comes from the provider.
pub async fn callback(
    State(services): State<Services>,
    Extension(viewer): Extension<Viewer>,
    Query(arrival): Query<Arrival>,
    headers: HeaderMap,
) -> Response {
    let Some(provider) = set_up(&services) else { return StatusCode::NOT_FOUND.into_response() };
    let outcome = arrive(&services, &viewer, &provider, arrival, &headers).await;
    let expired = format!(
        "{COOKIE}=; Path=/auth; HttpOnly; SameSite=Lax; Max-Age=0{}",
        services.tokens.secure_attribute()
    );
    match outcome {
        Ok(Ok((cookie, next))) => with_cookies(onward(&next), &[expired, cookie]),
        Ok(Err(why)) => {
            let noted = Noted { action: "single_sign_on", outcome: why, ..Noted::default() };
            if let Err(error) = note(&services, &viewer, noted).await {
                return refusal(error);
            }
            with_cookies(back(why), &[expired])
        }
        Err(error) => refusal(error),
    }
}

type Entered = Result<(String, String), &'static str>;

async fn arrive(
    services: &Services,
    viewer: &Viewer,
    provider: &SingleSignOn,
    arrival: Arrival,
    headers: &HeaderMap,
) -> Result<Entered, ApiError> {
    let Some(away) = away(services, headers) else { return Ok(Err("state")) };
    if away.until < Utc::now().timestamp() || arrival.state.as_deref() != Some(&away.departure.state) {
        return Ok(Err("state"));
    }
    let Some(code) = arrival.code.filter(|_| arrival.error.is_none()) else { return Ok(Err("refused")) };
    let identity = match provider.arrive(code, away.departure).await {
        Ok(identity) => identity,
        Err(error) => {
            tracing::warn!(correlation = %viewer.correlation, %error, "a single sign-on was refused");
            return Ok(Err("identity"));
        }
    };
    let account = match admit(services, viewer.correlation, &identity).await? {
        Admitted::Account(account) => account,
        Admitted::NoRole => return Ok(Err("no_role")),
        Admitted::Closed => return Ok(Err("closed")),
    };
    let held =
        accounts::credentials_of(&services.pool, account).await?.ok_or(ApiError::NotFound("account"))?;
    let noted = Noted { account: Some(account), ..Noted::allowed("single_sign_on") };
    note(services, viewer, noted).await?;
    accounts::signed_in(&services.pool, account).await?;
    let (_, cookie) =
        session::begin(services, viewer, account, held.session_epoch, Proof::SingleSignOn).await?;
    Ok(Ok((cookie, away.next)))
}

fn away(services: &Services, headers: &HeaderMap) -> Option<Away> {
    let value = session::cookie_of(headers, COOKIE)?;
    let sealed = URL_SAFE_NO_PAD.decode(value).ok()?;
    serde_json::from_slice(&services.vault.open(PLACE, &sealed).ok()?).ok()
}

/// Back to the page for signing in, which says why.
fn back(why: &str) -> Response {
    Redirect::to(&format!("/sign-in?refused={why}")).into_response()
}

/// A page that leads on. A redirect would still be a request that the provider's site has begun, to which no browser
/// gives the Strict cookie that comes with this answer.
fn onward(next: &str) -> Response {
    let next = next.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signed in</title>\
         <meta http-equiv=\"refresh\" content=\"0;url={next}\"></head><body><a href=\"{next}\">Go on</a></body></html>"
    ))
    .into_response()
}

fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away() {
        for own in ["/", "/tests?state=draft", "/techniques/T1059.001"] {
            assert!(is_own(own), "{own}");
        }
        let long = format!("/{}", "x".repeat(NEXT_CHARS));
        for other in
            ["", "https://example.com", "//example.com", "/\\example.com", "/a\r\nb", "javascript:x", &long]
        {
            assert!(!is_own(other), "{other}");
        }
    }
}
