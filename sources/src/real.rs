//! Real files of sources, where they are at hand; only tests look for them.

use crate::Files;
use std::path::Path;

/// The bytes of a file beside the project, or nothing, said so.
pub(crate) fn bytes(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(name);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(_) => {
            eprintln!("skipped: {name} is not beside the project");
            None
        }
    }
}

/// What a reader wants of a file beside the project.
pub(crate) fn files(name: &str, wants: fn(&str) -> bool) -> Option<Files> {
    Some(Files::unpack(&bytes(name)?, name, wants).expect("a whole archive"))
}
