//! Decodes single fields and words each fault for a person.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// Why one object is refused.
pub(super) type Fault = String;

/// A field's undecoded value; `null` counts as absent.
pub(super) type Field<'a> = Option<&'a RawValue>;

/// Decodes a text. Aegis refuses NUL because PostgreSQL cannot store it.
pub(super) fn text<'a>(field: Field<'a>, name: &str) -> Result<Option<Cow<'a, str>>, Fault> {
    let Some(raw) = field.map(RawValue::get) else {
        return Ok(None);
    };
    let Some(inner) = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Err(format!("`{name}` is {}, not a text", shape(raw)));
    };
    if !inner.contains('\\') {
        return Ok(Some(Cow::Borrowed(inner)));
    }
    let decoded: String = serde_json::from_str(raw).map_err(|_| format!("`{name}` has a broken escape"))?;
    if decoded.contains('\0') {
        return Err(format!("`{name}` has a NUL character"));
    }
    Ok(Some(Cow::Owned(decoded)))
}

pub(super) fn required<'a>(field: Field<'a>, name: &str) -> Result<Cow<'a, str>, Fault> {
    let value = text(field, name)?.ok_or_else(|| format!("`{name}` is missing"))?;
    if value.trim().is_empty() { Err(format!("`{name}` is empty")) } else { Ok(value) }
}

pub(super) fn flag(field: Field, name: &str) -> Result<bool, Fault> {
    match field.map(RawValue::get) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(raw) => Err(format!("`{name}` is {}, not true or false", shape(raw))),
    }
}

fn list<'a>(field: Field<'a>, name: &str) -> Result<Vec<&'a RawValue>, Fault> {
    let Some(raw) = field.map(RawValue::get) else {
        return Ok(Vec::new());
    };
    serde_json::from_str(raw).map_err(|_| format!("`{name}` is {}, not a list", shape(raw)))
}

pub(super) fn texts<'a>(field: Field<'a>, name: &str) -> Result<Vec<Cow<'a, str>>, Fault> {
    let entry = |raw: &'a RawValue| match text(Some(raw), name)? {
        Some(word) if !word.trim().is_empty() => Ok(word),
        _ => Err(format!("`{name}` has an empty entry")),
    };
    list(field, name)?.into_iter().map(entry).collect()
}

/// Decodes the entries of a list whose entries must be objects.
pub(super) fn entries<'a, T: Deserialize<'a>>(field: Field<'a>, name: &str) -> Result<Vec<T>, Fault> {
    let entry = |raw: &'a RawValue| match raw.get() {
        object if object.starts_with('{') => {
            serde_json::from_str(object).map_err(|error| format!("`{name}`: {}", field_error(&error)))
        }
        other => Err(format!("`{name}` has an entry that is {}, not an object", shape(other))),
    };
    list(field, name)?.into_iter().map(entry).collect()
}

/// Says what kind of JSON value this is.
fn shape(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'"') => "a text",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

pub(super) fn owned(words: Vec<Cow<str>>) -> Vec<String> {
    words.into_iter().map(Cow::into_owned).collect()
}

/// A whole object `serde_json` refuses although it is JSON: a field twice.
pub(super) fn field_error(error: &serde_json::Error) -> Fault {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or(&message).into()
}
