//! What whoever runs Aegis asks it: whether it can do its work.

use super::App;
use aegis_projections::{ledger, status};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Ready when the database answers, sealing goes on and no follower of the ledger has stopped.
pub async fn ready(State(app): State<App>) -> Response {
    let unready =
        |why: String| (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response();
    if app.services.sealing_stuck.borrow().is_some() {
        return unready("sealing has stopped; see the log and `aegis verify`".to_owned());
    }
    match status::projections(&app.services.pool).await {
        Ok(followers) => {
            let stopped: Vec<_> = followers.iter().filter(|follower| follower.error.is_some()).collect();
            if let Some(follower) = stopped.first() {
                return unready(format!("{} has stopped at position {}", follower.name, follower.position));
            }
        }
        Err(_) => return unready("the database does not answer".to_owned()),
    }
    match ledger::head(&app.services.pool).await {
        Ok(head) => {
            let behind = head.position - app.services.tide.position();
            let streams = app.graphql.open_streams();
            let text = format!(
                "ready: position {}, read models {behind} behind, {streams} event streams\n",
                head.position
            );
            (StatusCode::OK, text).into_response()
        }
        Err(_) => unready("the database does not answer".to_owned()),
    }
}
