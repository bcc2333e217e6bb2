//! Bundles that are refused whole.

use serde_json::{Value, json};

use super::*;

#[test]
fn files_that_are_no_bundle_are_refused() {
    assert_eq!(error(" \n"), ParseError::Empty);
    assert!(matches!(error("hello"), ParseError::NotJson { .. }));
    assert!(matches!(error("{\"type\": bundle}"), ParseError::NotJson { .. }));
    assert!(matches!(error("{\"type\": \"bundle\", \"objects\": []} {}"), ParseError::NotJson { .. }));
    let messages = [
        ("[{}]", "the JSON is not an object"),
        ("5", "the JSON is not an object"),
        ("{}", "it has no `type`"),
        ("{\"type\": 5}", "`type` is a number, not a text"),
        ("{\"type\": \"indicator\"}", "its `type` is \"indicator\", not \"bundle\""),
        ("{\"type\": \"bundle\"}", "it has no `objects`"),
    ];
    for (text, detail) in messages {
        assert_eq!(error(text), ParseError::NotStix { detail: detail.into() });
        assert_eq!(error(text).to_string(), format!("the file is not a STIX bundle: {detail}"));
    }
    let list = error("{\"type\": \"bundle\", \"objects\": {}}").to_string();
    assert!(list.contains("invalid type: map, expected a list of objects"), "{list}");
    let twice = error("{\"type\": \"bundle\", \"objects\": [], \"objects\": []}").to_string();
    assert!(twice.contains("duplicate field `objects`"), "{twice}");
    let long = format!("{{\"type\": \"bundle\", \"objects\": \"{}\"}}", "x".repeat(10_000));
    assert!(error(&long).to_string().len() < 400);
}

#[test]
fn another_stix_version_is_refused() {
    let text = "{\"type\": \"bundle\", \"spec_version\": \"3.0\", \"objects\": []}";
    assert_eq!(error(text).to_string(), "the bundle is STIX \"3.0\"; STIX 2.0 and 2.1 can be imported");
}

#[test]
fn a_bundle_without_techniques_is_refused() {
    assert_eq!(
        error("{\"type\": \"bundle\", \"objects\": []}").to_string(),
        "the STIX bundle holds no ATT&CK techniques in force"
    );
    let text = format!(
        "{{\"type\": \"bundle\", \"objects\": [{{\"type\": \"attack-pattern\", \"id\": \"{}\"}}]}}",
        pattern(1)
    );
    let message = error(&text).to_string();
    let expected = "the STIX bundle holds no ATT&CK techniques in force; \
        attack-pattern--00000000-0000-4000-8000-000000000001 was refused: has no ATT&CK id";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn a_bundle_whose_techniques_are_all_refused_is_refused() {
    let mut mini = Mini::new();
    mini.objects.retain(|object| object["type"] != "x-mitre-tactic");
    let error = read(&mini.bytes()).expect_err("no technique in force").to_string();
    let expected = "the STIX bundle holds no ATT&CK techniques in force; \
        attack-pattern--00000000-0000-4000-8000-000000000001 was refused: T1001 is in no active tactic";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn bytes_that_are_not_text_are_refused() {
    assert_eq!(read(b"{\"type\": \"\xFF\"}"), Err(ParseError::NotUtf8 { offset: 10 }));
    assert_eq!(read(b"\xFF\xFE{\0}\0"), Err(ParseError::NotUtf8 { offset: 0 }));
    let cut = Mini::new().set(&pattern(1), json!({"name": "Видра"})).bytes();
    let inside = cut.iter().position(|byte| *byte == 0xD0).expect("a letter") + 1;
    assert_eq!(read(&cut[..inside]), Err(ParseError::Truncated { line: 1, column: inside - 1 }));
}

#[test]
fn a_bundle_cut_anywhere_is_refused() {
    let bytes = Mini::new().bytes();
    assert_eq!(read(&[]), Err(ParseError::Empty));
    for length in 1..bytes.len() {
        assert!(matches!(read(&bytes[..length]), Err(ParseError::Truncated { .. })), "cut at {length}");
    }
    assert_eq!(
        read(&bytes[..3]).expect_err("cut").to_string(),
        "the JSON is cut short: it ends in the middle of a value (line 1, column 3)"
    );
}

#[test]
fn deep_nesting_is_refused_wherever_it_is() {
    let deep = 100_000;
    let (open, close) = ("[".repeat(deep), "]".repeat(deep));
    let objects = "{\"a\":".repeat(deep);
    for text in [
        open.clone(),
        format!("{open}{close}"),
        objects,
        format!("{{\"type\": \"bundle\", \"objects\": [{{\"type\": \"x-unknown\", \"a\": {open}{close}}}]}}"),
        format!("{{\"type\": \"bundle\", \"x\": {open}{close}, \"objects\": []}}"),
        format!("{{\"type\": \"bundle\", \"objects\": {open}{close}}}"),
    ] {
        let error = error(&text);
        assert!(matches!(error, ParseError::TooDeep { limit: MAX_DEPTH, .. }), "{error}");
        assert!(error.to_string().starts_with("the JSON is nested too deeply (more than 100 levels at byte"));
    }
}

#[test]
fn a_hundred_levels_are_still_read_and_brackets_in_texts_do_not_count() {
    let deep = |levels: usize| -> Value {
        let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        serde_json::from_str(&text).expect("JSON")
    };
    // The bundle, its list and the object are three levels.
    let mini = |levels| Mini::new().set(&pattern(1), json!({"x_other": deep(levels)}));
    assert_eq!(parsed(&mini(97)).rejects.count, 0);
    assert!(matches!(read(&mini(98).bytes()), Err(ParseError::TooDeep { .. })));
    let text = format!("\\\"{}\\", "[{".repeat(1_000));
    assert_eq!(parsed(&Mini::new().set(&pattern(1), json!({"description": text}))).rejects.count, 0);
}

#[test]
fn too_many_objects_are_refused() {
    let text = format!("{{\"type\": \"bundle\", \"objects\": [{}0]}}", "0,".repeat(MAX_OBJECTS));
    let expected = ParseError::TooManyObjects { found: MAX_OBJECTS + 1, limit: MAX_OBJECTS };
    assert_eq!(error(&text), expected);
    assert_eq!(expected.to_string(), "the bundle has 1000001 objects; at most 1000000 can be imported");
}

#[test]
fn progress_is_heard_and_may_cancel() {
    let mut mini = Mini::new();
    for number in 100..1_100 {
        mini = mini.with(json!({"type": "note", "id": id("note", number)}));
    }
    let (bytes, total) = (mini.bytes(), mini.objects.len() as u64);
    let mut heard = Vec::new();
    let mut listen = |done, of| {
        heard.push((done, of));
        Control::Continue
    };
    assert!(parse(&bytes, None, &mut listen).is_ok());
    let expected: Vec<_> = [0, 256, 512, 768, 1_024, total].map(|done| (done, total)).to_vec();
    assert_eq!(heard, expected);
    for stop in [0, 512, total] {
        let mut cancel = |done, _| {
            if done == stop { Control::Cancel } else { Control::Continue }
        };
        assert_eq!(parse(&bytes, None, &mut cancel), Err(ParseError::Cancelled));
    }
}
