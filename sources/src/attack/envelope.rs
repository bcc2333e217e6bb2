//! Opens a STIX bundle: from bytes to the texts of its objects, or the reason
//! why the file as a whole is no such thing.

use std::borrow::Cow;
use std::fmt;
use std::str::Utf8Error;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::field::{Field, text};
use super::{MAX_DEPTH, MAX_OBJECTS, ParseError, quoted, shortened};

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Field<'a>,
    #[serde(borrow, default)]
    spec_version: Field<'a>,
    #[serde(borrow, default)]
    objects: Option<Objects<'a>>,
}

/// The texts of at most [`MAX_OBJECTS`] objects, and how many there are.
struct Objects<'a> {
    texts: Vec<&'a RawValue>,
    count: usize,
}

impl<'de: 'a, 'a> Deserialize<'de> for Objects<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ObjectsVisitor)
    }
}

struct ObjectsVisitor;

impl<'de> Visitor<'de> for ObjectsVisitor {
    type Value = Objects<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut objects = Objects { texts: Vec::new(), count: 0 };
        while objects.texts.len() < MAX_OBJECTS {
            let Some(text) = list.next_element::<&'de RawValue>()? else {
                break;
            };
            objects.texts.push(text);
        }
        objects.count = objects.texts.len();
        while list.next_element::<IgnoredAny>()?.is_some() {
            objects.count += 1;
        }
        Ok(objects)
    }
}

/// Splits the file into its objects, or says why it is no STIX bundle.
pub(super) fn open(bytes: &[u8]) -> Result<Vec<&RawValue>, ParseError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| utf8_error(bytes, error))?;
    if let Some(offset) = exceeds_depth(bytes, MAX_DEPTH) {
        return Err(ParseError::TooDeep { limit: MAX_DEPTH, offset });
    }
    match text.trim_start().as_bytes().first() {
        None => return Err(ParseError::Empty),
        Some(b'{') => {}
        Some(_) => {
            serde_json::from_str::<IgnoredAny>(text).map_err(json_error)?;
            return Err(not_stix("the JSON is not an object"));
        }
    }
    let envelope: Envelope = serde_json::from_str(text).map_err(json_error)?;
    match optional_word(envelope.kind, "type")?.as_deref() {
        Some("bundle") => {}
        Some(other) => {
            return Err(not_stix(format!("its `type` is {}, not \"bundle\"", quoted(other))));
        }
        None => return Err(not_stix("it has no `type`")),
    }
    match optional_word(envelope.spec_version, "spec_version")?.as_deref() {
        None | Some("2.0" | "2.1") => {}
        Some(other) => return Err(ParseError::UnsupportedStix { found: quoted(other) }),
    }
    let objects = envelope.objects.ok_or_else(|| not_stix("it has no `objects`"))?;
    if objects.count > MAX_OBJECTS {
        return Err(ParseError::TooManyObjects { found: objects.count, limit: MAX_OBJECTS });
    }
    Ok(objects.texts)
}

fn optional_word<'a>(field: Field<'a>, name: &str) -> Result<Option<Cow<'a, str>>, ParseError> {
    text(field, name).map_err(not_stix)
}

fn not_stix(detail: impl Into<String>) -> ParseError {
    ParseError::NotStix { detail: detail.into() }
}

fn utf8_error(bytes: &[u8], error: Utf8Error) -> ParseError {
    let offset = error.valid_up_to();
    if error.error_len().is_some() {
        return ParseError::NotUtf8 { offset };
    }
    // The file ends within a character.
    let valid = &bytes[..offset];
    let line_start = valid.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
    ParseError::Truncated { line, column: offset - line_start }
}

fn json_error(error: serde_json::Error) -> ParseError {
    match error.classify() {
        Category::Eof => ParseError::Truncated { line: error.line(), column: error.column() },
        Category::Data => ParseError::NotStix { detail: shortened(&error.to_string()) },
        Category::Syntax | Category::Io => ParseError::NotJson { detail: shortened(&error.to_string()) },
    }
}

/// Returns where the JSON is nested deeper than `limit`. `serde_json` skips
/// what nobody asks for without recursion, and so without a limit of its own.
fn exceeds_depth(bytes: &[u8], limit: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut position = 0;
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'"' => position = end_of_string(bytes, position + 1),
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return Some(position);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        position += 1;
    }
    None
}

/// Returns the position of the quote that ends a string.
fn end_of_string(bytes: &[u8], mut position: usize) -> usize {
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'"' => return position,
            b'\\' => position += 2,
            _ => position += 1,
        }
    }
    position
}
