//! What a test returns, so that `?` reads well and still says where it failed.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::time::Duration;

/// How long anything may take before it counts as never happening.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What comes of something that has to come to an end.
pub async fn in_time<T>(something: impl Future<Output = T>) -> Outcome<T> {
    Ok(tokio::time::timeout(PATIENCE, something).await?)
}

/// A step of a test failed.
pub struct Failure(String);

/// What a test comes to.
pub type Outcome<T = ()> = Result<T, Failure>;

impl<E: Error> From<E> for Failure {
    #[track_caller]
    fn from(error: E) -> Self {
        let mut text = format!("{}: {error}", Location::caller());
        let mut source = error.source();
        while let Some(inner) = source {
            text = format!("{text}: {inner}");
            source = inner.source();
        }
        Self(text)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
