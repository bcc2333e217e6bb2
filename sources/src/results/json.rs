//! JSON with the lines its records stand in.

use crate::{File, Reject};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The largest file that is read, in bytes. The largest real ones have 300,000.
pub(super) const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The text of a file, and where its lines end.
pub(super) struct Text<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    ends: Vec<usize>,
}

impl<'a> Text<'a> {
    /// The text of a file. PowerShell writes UTF-16 if it is not told otherwise, so that is read too.
    pub fn of(file: &'a File) -> Result<Self, Reject> {
        if file.bytes.len() > MAX_BYTES {
            let reason = format!("the file has {} bytes; at most {MAX_BYTES} are read", file.bytes.len());
            return Err(Reject::new(&file.path, "", reason));
        }
        let text = match utf16(&file.bytes) {
            Some(Some(text)) => Cow::Owned(text),
            Some(None) => return Err(Reject::new(&file.path, "", "the file is not UTF-16 text")),
            None => Cow::Borrowed(file.text()?),
        };
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Ok(Self { text, ends })
    }

    /// The line that a part of this text begins in, from 1.
    pub fn line(&self, part: &RawValue) -> u32 {
        let place = (part.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        u32::try_from(1 + self.ends.partition_point(|end| *end < place)).unwrap_or(u32::MAX)
    }
}

fn utf16(bytes: &[u8]) -> Option<Option<String>> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let (pairs, rest) = bytes[2..].as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text = char::decode_utf16(units).collect::<Result<String, _>>().ok();
    Some(text.filter(|_| rest.is_empty()))
}

/// A file that does not read.
pub(super) fn broken(file: &File, error: &serde_json::Error) -> Reject {
    let line = u32::try_from(error.line()).unwrap_or(0);
    Reject::new(&file.path, "", format!("it is not the JSON expected: {error}")).at(line)
}

/// The value of a record. What it nests is limited by the parser.
pub(super) fn value(raw: &RawValue) -> Result<Value, String> {
    serde_json::from_str(raw.get()).map_err(|error| format!("it is not the JSON expected: {error}"))
}

/// A text, or a number or truth as text; nothing for the rest.
pub(super) fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(truth) => Some(Cow::Owned(truth.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The text of a key; empty where there is none.
pub(super) fn text_of<'a>(value: &'a Value, key: &str) -> Cow<'a, str> {
    value.get(key).and_then(text).unwrap_or_default()
}

/// The whole number of a key, also where it is written as a text.
pub(super) fn number_of(value: &Value, key: &str) -> Option<i64> {
    text(value.get(key)?)?.trim().parse().ok()
}

/// The items of the list of a key; none where there is no list.
pub(super) fn items_of<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
