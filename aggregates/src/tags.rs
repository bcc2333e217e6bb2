//! Tags: short words to find a record by.

use crate::text::{TextError, optional};
use std::collections::BTreeSet;

/// Tags of one record.
pub const TAGS: usize = 20;
/// Characters of a tag.
pub const TAG_CHARS: usize = 50;

/// Tags that are not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagsError {
    /// There are more than a record takes.
    #[error("there are {count} tags; at most {limit} are allowed")]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// One of them is too long or cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
}

/// The tags without space around them, each once, empty ones left out.
///
/// # Errors
/// [`TagsError`].
pub fn checked(tags: &BTreeSet<String>) -> Result<BTreeSet<String>, TagsError> {
    let tags: BTreeSet<String> =
        tags.iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    if tags.len() > TAGS {
        return Err(TagsError::TooMany { count: tags.len(), limit: TAGS });
    }
    for tag in &tags {
        optional("tags", tag, TAG_CHARS)?;
    }
    Ok(tags)
}

/// The first tags that fit, of those that others wrote: what is too long is left out, not cut.
pub fn fitting(tags: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    let fits = |tag: &String| !tag.is_empty() && optional("tags", tag, TAG_CHARS).is_ok();
    tags.into_iter().map(|tag| tag.trim().to_owned()).filter(fits).take(TAGS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_trimmed_counted_and_measured() {
        let set = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<BTreeSet<String>>();
        assert_eq!(checked(&set(&[" a ", "a", "  "])), Ok(set(&["a"])));
        let many: BTreeSet<String> = (0..=TAGS).map(|n| n.to_string()).collect();
        assert_eq!(checked(&many), Err(TagsError::TooMany { count: 21, limit: 20 }));
        let long = "a".repeat(TAG_CHARS + 1);
        let error = checked(&set(&[&long])).expect_err("too long");
        assert_eq!(error.to_string(), "tags is 51 characters long; at most 50 are allowed");
    }

    #[test]
    fn of_tags_that_others_wrote_those_that_fit_are_taken() {
        let many = (0..30).map(|n| format!(" {n} ")).chain(["a".repeat(TAG_CHARS + 1), String::new()]);
        let fitting = fitting(many);
        assert_eq!(fitting.len(), TAGS);
        assert!(checked(&fitting).is_ok());
    }
}
