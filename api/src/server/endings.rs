//! When a session ends, and what is open with it.

use crate::context::{Services, SessionUser};
use crate::error::ApiError;
use crate::graphql_http::StreamEnd;
use crate::session;
use chrono::Utc;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

/// How often an open stream is held against the session it belongs to, whether or not anything was told.
const SESSION_CHECK: Duration = Duration::from_secs(5);

/// Ends when the session does: by time, by signing out, by losing the account.
pub async fn session_ended(services: Services, session: SessionUser) -> StreamEnd {
    // Heard from before the first look on, so that nothing falls between.
    let mut told = services.relay.sessions();
    loop {
        if Utc::now() >= session.expires_at {
            return signed_out();
        }
        let id = session.actor.account.0;
        // A database that does not answer ends nothing.
        if !session::still_holds(&services, &session).await.unwrap_or(true) {
            return signed_out();
        }
        tokio::select! {
            () = tokio::time::sleep(SESSION_CHECK) => {}
            () = concerns(&mut told, id) => {}
        }
    }
}

/// Comes when an account is told of, or when it may have been.
async fn concerns(told: &mut broadcast::Receiver<Uuid>, account: Uuid) {
    loop {
        match told.recv().await {
            Ok(other) if other != account => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn signed_out() -> StreamEnd {
    let error: async_graphql::Error = ApiError::Unauthenticated("The session has ended.").into();
    StreamEnd::Error(error.into_server_error(async_graphql::Pos::default()))
}
