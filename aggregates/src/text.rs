//! Checks of free text that every aggregate makes.

/// A text that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A field that must say something is empty.
    #[error("{field} must not be empty")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A text is longer than it may be.
    #[error("{field} is {chars} characters long; at most {limit} are allowed")]
    TooLong {
        /// The field.
        field: &'static str,
        /// How long it is, in characters.
        chars: usize,
        /// How long it may be.
        limit: usize,
    },
    /// A character that cannot be stored.
    #[error("{field} has a NUL character, which cannot be stored")]
    NulCharacter {
        /// The field.
        field: &'static str,
    },
}

impl TextError {
    /// The input field it is about, in the names of the schema.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Missing { field } | Self::TooLong { field, .. } | Self::NulCharacter { field } => field,
        }
    }
}

/// A text that must say something, without space around it; `limit` in characters.
///
/// # Errors
/// [`TextError`].
pub fn required(field: &'static str, text: &str, limit: usize) -> Result<String, TextError> {
    let text = optional(field, text, limit)?;
    if text.is_empty() { Err(TextError::Missing { field }) } else { Ok(text) }
}

/// A text that may be empty, without space around it; `limit` in characters.
///
/// # Errors
/// [`TextError`].
pub fn optional(field: &'static str, text: &str, limit: usize) -> Result<String, TextError> {
    let text = text.trim();
    let chars = text.chars().count();
    if chars > limit {
        return Err(TextError::TooLong { field, chars, limit });
    }
    // PostgreSQL cannot store it as text: the event would stop every projection.
    if text.contains('\0') {
        return Err(TextError::NulCharacter { field });
    }
    Ok(text.to_owned())
}

/// A text that may be missing; one of nothing but space is.
///
/// # Errors
/// [`TextError`].
pub fn maybe(field: &'static str, text: Option<String>, limit: usize) -> Result<Option<String>, TextError> {
    let text = text.map(|text| optional(field, &text, limit)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_measured_and_storable() {
        assert_eq!(required("title", "  a ", 1), Ok("a".to_owned()));
        assert_eq!(maybe("tool", Some(" \n".to_owned()), 1), Ok(None));
        let refused = |text: &str| required("title", text, 2).expect_err("refused");
        assert_eq!(refused("  ").to_string(), "title must not be empty");
        assert_eq!(refused("aé€").to_string(), "title is 3 characters long; at most 2 are allowed");
        assert_eq!(refused("a\0").to_string(), "title has a NUL character, which cannot be stored");
        assert!(["  ", "aé€", "a\0"].iter().all(|text| refused(text).field() == "title"));
    }
}
