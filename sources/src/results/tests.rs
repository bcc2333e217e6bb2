use super::*;
use crate::Control;

/// Reads any bytes, and a good file with one byte changed; what comes of it does not matter, that it comes back does.
pub(super) fn survives(
    read: fn(&Files, Progress<'_>) -> Result<Found, SourceError>,
    path: &str,
    bytes: &[u8],
    good: &str,
    place: u16,
    byte: u8,
) {
    let mut changed = good.as_bytes().to_vec();
    let place = usize::from(place) % changed.len();
    changed[place] = byte;
    for bytes in [bytes.to_vec(), changed] {
        let files = Files { files: vec![File { path: path.to_owned(), bytes }], ..Files::default() };
        let _ = read(&files, &mut |_, _| Control::Continue);
    }
}

#[test]
fn the_technique_is_the_first_id_of_a_text() {
    assert_eq!(technique(" t1059.001 "), Ok(Some("T1059.001".to_owned())));
    assert_eq!(technique("T1003, T1059"), Ok(Some("T1003".to_owned())));
    assert_eq!(technique(" "), Ok(None));
    assert!(technique("lateral").is_err());
}

#[test]
fn too_many_records_are_refused() {
    let group = |n: usize| Group { key: n.to_string(), ..Group::default() };
    let found = Found { groups: (0..=MAX_RECORDS).map(group).collect(), ..Found::default() };
    assert_eq!(found.finished("x", "y"), Err(SourceError::TooMany { limit: MAX_RECORDS }));
}
