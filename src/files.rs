//! How many files this process may have open: each connection is one.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Open files beside those of connections: the database's, those that are read and written, the program's own.
const OTHERS: u64 = 256;

/// Raises the limit on open files as far as it goes, and says how many connections there can be of those
/// that are wanted.
pub fn make_room(wanted: usize) -> usize {
    let need = u64::try_from(wanted).unwrap_or(u64::MAX).saturating_add(OTHERS);
    let limit = match getrlimit(Resource::RLIMIT_NOFILE) {
        Ok((soft, hard)) if soft < need => {
            let raised = need.min(hard);
            match setrlimit(Resource::RLIMIT_NOFILE, raised, hard) {
                Ok(()) => raised,
                Err(_) => soft,
            }
        }
        Ok((soft, _)) => soft,
        // Nobody says how many, so nothing is taken off.
        Err(_) => return wanted,
    };
    let room = usize::try_from(limit.saturating_sub(OTHERS)).unwrap_or(usize::MAX).max(1);
    wanted.min(room)
}
