//! Searching the texts of tests: any part of them, in any script, large letters being as good as small ones.
//!
//! A text is kept in small letters, with digests of all its pieces of up to
//! three letters. Whoever has all pieces of what is searched for may have it
//! as a whole; that is looked at. The letters are made small here and not by
//! the database, whose idea of letters depends on how it was set up.

use serde::Serialize;
use sqlx::PgPool;
use std::collections::BTreeSet;

/// The most letters of a piece.
const LETTERS: usize = 3;
/// A text that more tests have than this is looked for in the list itself.
pub(super) const NAMED: i64 = 2_000;

/// The texts of one test, as they are searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct TextRow {
    content: String,
    pieces: BTreeSet<i32>,
}

impl TextRow {
    /// Of a test that is called so.
    pub(super) fn new(title: &str, attack_id: &str, description: &str) -> Self {
        let content = small(&format!("{title}\n{attack_id}\n{description}"));
        let pieces = (1..=LETTERS).flat_map(|letters| pieces(&content, letters)).collect();
        Self { content, pieces }
    }
}

/// A text that tests are searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// In small letters.
    pub text: String,
    /// Its pieces.
    pieces: Vec<i32>,
    /// The number of a test, where it is one.
    pub number: Option<i64>,
}

impl Wanted {
    /// As somebody typed it.
    pub(super) fn new(typed: &str) -> Self {
        // What is no number is a text and nothing else.
        let number = typed.trim().trim_start_matches('#').parse().ok();
        let text = small(typed.trim());
        let letters = text.chars().count().clamp(1, LETTERS);
        let pieces = pieces(&text, letters).collect();
        Self { text, pieces, number }
    }
}

/// The tests that have a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// These.
    Few(Vec<String>),
    /// More than [`NAMED`].
    Many,
}

/// Which tests have a text as of a position.
///
/// # Errors
/// The database failed.
pub(super) async fn having(pool: &PgPool, at: i64, wanted: &Wanted) -> Result<Found, sqlx::Error> {
    let keys: Vec<String> = sqlx::query_scalar(
        "select row_key from test_texts
         where pieces @> $1 and strpos(content, $2) > 0 and from_position <= $3 and to_position > $3 limit $4",
    )
    .bind(&wanted.pieces)
    .bind(&wanted.text)
    .bind(at)
    .bind(NAMED + 1)
    // A plan for any text would be one for a common text.
    .persistent(false)
    .fetch_all(pool)
    .await?;
    let many = i64::try_from(keys.len()).is_ok_and(|found| found > NAMED);
    Ok(if many { Found::Many } else { Found::Few(keys) })
}

/// Letter by letter, so that a part of a text becomes a part of the small text.
fn small(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Digests of all pieces of so many letters (FNV-1a, 32 bits). Two pieces that share one cost a look.
fn pieces(text: &str, letters: usize) -> impl Iterator<Item = i32> {
    let all: Vec<char> = text.chars().collect();
    let digests: BTreeSet<i32> = all
        .windows(letters)
        .map(|piece| {
            let digest = piece.iter().flat_map(|letter| u32::from(*letter).to_be_bytes());
            let digest =
                digest.fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
            digest.cast_signed()
        })
        .collect();
    digests.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_text_has_pieces_that_the_text_has() {
        let row = TextRow::new("Größe prüfen", "T1059.001", "PowerShell lädt 東京 % _");
        for part in ["g", "RÖß", "shell l", "t1059.", "東", "東京", "% _", "ße P"] {
            let part = small(part);
            assert!(row.content.contains(&part), "{part}");
            let letters = part.chars().count().min(LETTERS);
            assert!(pieces(&part, letters).all(|piece| row.pieces.contains(&piece)), "{part}");
        }
        assert!(!pieces("zyz", 3).all(|piece| row.pieces.contains(&piece)));
    }
}
