//! One call over HTTP: made, redirected at most so often, answered within so long, read to so much.

use crate::{Outbound, OutboundError, host_and_port};
use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, StatusCode, Url};
use serde::de::DeserializeOwned;
use std::error::Error;
use std::time::Duration;
use tokio::time::timeout;

/// Redirects that a call follows at most.
pub const MAX_REDIRECTS: usize = 3;
/// How long a call may take in all, unless it says otherwise.
const WITHIN: Duration = Duration::from_secs(10);
/// How much of an answer is read, unless a call says otherwise.
const AT_MOST: usize = 1 << 20;

/// A call to be made.
#[derive(Debug)]
pub struct Call {
    outbound: Outbound,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Bytes>,
    redirects: usize,
    within: Duration,
    at_most: usize,
    cut: bool,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Whether it was taken.
    pub status: StatusCode,
    /// What stood above it.
    pub headers: HeaderMap,
    /// The answer itself, as much as was to be read.
    pub body: Bytes,
    /// Where it came from, after redirects.
    pub url: Url,
}

impl Answer {
    /// Reads it as JSON.
    ///
    /// # Errors
    /// [`OutboundError::NotJson`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, OutboundError> {
        serde_json::from_slice(&self.body).map_err(|error| OutboundError::NotJson(error.to_string()))
    }
}

impl Outbound {
    /// Asks for something.
    ///
    /// # Errors
    /// The address is none that is called.
    pub fn get(&self, url: &str) -> Result<Call, OutboundError> {
        self.call(Method::GET, url)
    }

    /// Brings something.
    ///
    /// # Errors
    /// The address is none that is called.
    pub fn post(&self, url: &str) -> Result<Call, OutboundError> {
        self.call(Method::POST, url)
    }

    /// A call of any kind. It follows no redirect, takes 10 s at most, and reads at most 1 MiB.
    ///
    /// # Errors
    /// The address is none that is called.
    pub fn call(&self, method: Method, url: &str) -> Result<Call, OutboundError> {
        Ok(Call {
            outbound: self.clone(),
            method,
            url: self.check_url(url)?,
            headers: HeaderMap::new(),
            body: None,
            redirects: 0,
            within: WITHIN,
            at_most: AT_MOST,
            cut: false,
        })
    }
}

impl Call {
    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Follows so many redirects, [`MAX_REDIRECTS`] at most, each judged like a first address. What is not a
    /// GET is never sent on: the redirect is its answer.
    #[must_use]
    pub fn redirects(mut self, redirects: usize) -> Self {
        self.redirects = redirects.min(MAX_REDIRECTS);
        self
    }

    /// Takes so long in all, at most.
    #[must_use]
    pub fn within(mut self, within: Duration) -> Self {
        self.within = within;
        self
    }

    /// Reads so many bytes of the answer; a longer one is an error.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Self {
        (self.at_most, self.cut) = (bytes, false);
        self
    }

    /// Reads so many bytes of the answer and leaves the rest.
    #[must_use]
    pub fn cut_at(mut self, bytes: usize) -> Self {
        (self.at_most, self.cut) = (bytes, true);
        self
    }

    /// Makes the call. An answer that refuses is an answer.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn send(self) -> Result<Answer, OutboundError> {
        let within = self.within;
        timeout(within, self.made()).await.unwrap_or(Err(OutboundError::Late(within)))
    }

    async fn made(mut self) -> Result<Answer, OutboundError> {
        let (followed, mut left) = (self.redirects, self.redirects);
        loop {
            let mut response = self.once().await?;
            let Some(next) = self.next(&response)? else {
                let body = read(&mut response, self.at_most, self.cut).await?;
                let (status, headers) = (response.status(), response.headers().clone());
                return Ok(Answer { status, headers, body, url: self.url });
            };
            if left == 0 {
                return Err(OutboundError::TooManyRedirects(followed));
            }
            left -= 1;
            if next.origin() != self.url.origin() {
                self.headers.remove(AUTHORIZATION);
                self.headers.remove(COOKIE);
            }
            self.url = next;
        }
    }

    async fn once(&self) -> Result<reqwest::Response, OutboundError> {
        let client = self.outbound.client(&self.url)?;
        let request = client.request(self.method.clone(), self.url.clone()).headers(self.headers.clone());
        let request = match &self.body {
            Some(body) => request.body(body.clone()),
            None => request,
        };
        request.send().await.map_err(failed)
    }

    /// Where a call that follows redirects goes next, if anywhere.
    fn next(&self, response: &reqwest::Response) -> Result<Option<Url>, OutboundError> {
        let moved = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
        if !moved || self.redirects == 0 || self.method != Method::GET {
            return Ok(None);
        }
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let next = location.and_then(|location| self.url.join(location).ok());
        let next = next.ok_or(OutboundError::Address("it redirects to is no URL"))?;
        if self.url.scheme() == "https" && next.scheme() != "https" {
            return Err(OutboundError::Address("it redirects to gives up encryption"));
        }
        self.outbound.check_url(next.as_str())?;
        host_and_port(&next)?;
        Ok(Some(next))
    }
}

async fn read(response: &mut reqwest::Response, at_most: usize, cut: bool) -> Result<Bytes, OutboundError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        let room = at_most - body.len();
        if chunk.len() > room {
            if !cut {
                return Err(OutboundError::TooLong(at_most));
            }
            body.extend_from_slice(&chunk[..room]);
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What the resolver found wrong is inside of what the client says.
fn failed(error: reqwest::Error) -> OutboundError {
    let error = error.without_url();
    let mut source: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(inner) = source {
        if let Some(ours) = inner.downcast_ref::<OutboundError>() {
            return ours.clone();
        }
        source = inner.source();
    }
    OutboundError::Failed(chain(&error))
}

pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
