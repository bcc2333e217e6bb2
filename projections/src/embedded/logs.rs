//! The server's log files, kept within bounds: PostgreSQL itself only begins new ones.

use std::{fs, path::PathBuf, time::Duration};

use tokio::time::sleep;

use super::place::Place;

const LOG_FILES_KEPT: usize = 8;
const PRUNE_PAUSE: Duration = Duration::from_secs(600);

/// Deletes old log files for as long as the server runs.
pub(super) async fn prune_logs_forever(place: Place) {
    loop {
        prune_logs(&place);
        sleep(PRUNE_PAUSE).await;
    }
}

/// Deletes all but the newest log files.
pub(super) fn prune_logs(place: &Place) {
    let files = log_files(place);
    for path in files.iter().take(files.len().saturating_sub(LOG_FILES_KEPT)) {
        if let Err(error) = fs::remove_file(path) {
            tracing::warn!(path = %path.display(), %error, "an old PostgreSQL log file could not be removed");
        }
    }
}

/// The server's log files, oldest first: their names sort by time.
pub(super) fn log_files(place: &Place) -> Vec<PathBuf> {
    let folder = place.pgdata.join("log");
    if !fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_dir()) {
        return Vec::new();
    }
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"postgresql-"))
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}
