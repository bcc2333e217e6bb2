//! Filling the gaps of a template with values.
//!
//! A gap is `#{name}`. The text is gone through once, so a value that looks
//! like a gap stays as it is; quotes, newlines and everything else in a value
//! are taken literally, since nothing here runs what comes out.

use super::content::{Argument, ArgumentKind, Content, limits};
use super::error::TemplateError;
use crate::text::TextError;
use std::collections::BTreeMap;

/// Values by the name of the argument.
pub type Arguments = BTreeMap<String, String>;

/// The texts of a template without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The steps to take.
    pub procedure: String,
    /// The steps that undo it.
    pub cleanup: String,
    /// What must be there before.
    pub prerequisites: String,
}

impl Content {
    /// Puts values into the gaps; an argument that is not given takes its default.
    ///
    /// # Errors
    /// A value for an argument that the template does not declare, no value for
    /// one without default, a value that its argument does not take, or a text
    /// that becomes longer than [`limits::LONG_TEXT_CHARS`].
    pub fn filled(&self, arguments: &Arguments) -> Result<Filled, TemplateError> {
        for name in arguments.keys() {
            if !self.arguments.iter().any(|argument| argument.name == *name) {
                let name = name.chars().take(limits::ARGUMENT_NAME_CHARS).collect();
                return Err(TemplateError::UnknownArgument { name });
            }
        }
        let mut values = BTreeMap::new();
        for argument in &self.arguments {
            let value = match (arguments.get(&argument.name), &argument.default) {
                (Some(value), _) => {
                    takes(argument, value)?;
                    value
                }
                (None, Some(default)) => default,
                (None, None) => {
                    return Err(TemplateError::MissingArgument { name: argument.name.clone() });
                }
            };
            values.insert(argument.name.as_str(), value.as_str());
        }
        let [procedure, cleanup, prerequisites] =
            self.texts_with_gaps().map(|(field, text)| filled_text(field, text, &values));
        Ok(Filled { procedure: procedure?, cleanup: cleanup?, prerequisites: prerequisites? })
    }
}

/// Whether an argument takes a value.
///
/// # Errors
/// The value is too long, cannot be stored, or is no integer where one is asked for.
pub(super) fn takes(argument: &Argument, value: &str) -> Result<(), TemplateError> {
    let name = || argument.name.clone();
    let chars = value.chars().count();
    if chars > limits::VALUE_CHARS {
        return Err(TemplateError::ValueTooLong { name: name(), chars, limit: limits::VALUE_CHARS });
    }
    if value.contains('\0') {
        return Err(TemplateError::NulInValue { name: name() });
    }
    match argument.kind {
        ArgumentKind::Integer if value.parse::<i64>().is_err() => {
            Err(TemplateError::NotAnInteger { name: name() })
        }
        ArgumentKind::Integer | ArgumentKind::String | ArgumentKind::Url | ArgumentKind::Path => Ok(()),
    }
}

/// The names in the gaps of a text, in their order.
pub(super) fn gaps(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Gap(name) => Some(name),
        Piece::Literal(_) => None,
    })
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

enum Piece<'a> {
    Literal(&'a str),
    Gap(&'a str),
}

/// Cuts a text into literal parts and gaps. `#{` that no name and `}` follow is
/// literal: shells and templates of other kinds write such things.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    const OPENING: &str = "#{";
    let mut pieces = Vec::new();
    let mut literal_from = 0;
    let mut look_from = 0;
    while let Some(found) = text[look_from..].find(OPENING) {
        let opening = look_from + found;
        let name_from = opening + OPENING.len();
        let name_bytes = text.as_bytes()[name_from..].iter().take_while(|byte| is_name_byte(**byte)).count();
        let name_to = name_from + name_bytes;
        look_from = name_from;
        if name_bytes > 0 && text[name_to..].starts_with('}') {
            pieces.push(Piece::Literal(&text[literal_from..opening]));
            pieces.push(Piece::Gap(&text[name_from..name_to]));
            literal_from = name_to + 1;
            look_from = literal_from;
        }
    }
    pieces.push(Piece::Literal(&text[literal_from..]));
    pieces
}

fn filled_text(
    field: &'static str,
    text: &str,
    values: &BTreeMap<&str, &str>,
) -> Result<String, TemplateError> {
    let parts = pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Literal(literal) => Ok(literal),
            Piece::Gap(name) => values
                .get(name)
                .copied()
                .ok_or_else(|| TemplateError::UndeclaredArgument { field, name: name.to_owned() }),
        })
        .collect::<Result<Vec<&str>, _>>()?;
    // Measured before it is built: a few gaps and a long value make a very long text.
    let chars = parts.iter().map(|part| part.chars().count()).sum();
    if chars > limits::LONG_TEXT_CHARS {
        return Err(TextError::TooLong { field, chars, limit: limits::LONG_TEXT_CHARS }.into());
    }
    Ok(parts.concat())
}
