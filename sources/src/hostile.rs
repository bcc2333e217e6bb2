//! What every reader of YAML does with files that are made to do harm, and with those that only look odd.

use crate::yaml::MAX_BYTES;
use crate::{
    Control, File, Files, Parsed, SourceError, atomic, emulation, gtfobins, lolbas, sigma, stockpile,
};
use std::time::{Duration, Instant};

/// A reader, a file that it wants, and what may stand in it.
struct Reader {
    name: &'static str,
    read: fn(&Files, crate::Progress<'_>) -> Result<Parsed, SourceError>,
    path: &'static str,
    good: &'static str,
    beside: Option<(&'static str, &'static str)>,
}

const READERS: [Reader; 6] = [
    Reader {
        name: "atomic",
        read: atomic::read,
        path: "atomics/T1234/T1234.yaml",
        good: "\
attack_technique: T1234
atomic_tests:
- name: First
  auto_generated_guid: 11111111-2222-3333-4444-555555555555
  supported_platforms: [linux]
  input_arguments:
    name: {description: x, default: y}
  executor:
    name: sh
    command: |
      one
      two
",
        beside: None,
    },
    Reader {
        name: "sigma",
        read: sigma::read,
        path: "rules/a.yml",
        good: "\
title: First
id: 11111111-2222-3333-4444-555555555555
description: |
    one
    two
tags:
    - attack.t1059
logsource: {product: windows}
detection:
    selection: {a: b}
    condition: selection
",
        beside: None,
    },
    Reader {
        name: "lolbas",
        read: lolbas::read,
        path: "yml/OSBinaries/A.yml",
        good: "\
Name: A.exe
Commands:
- Command: |
    one
    two
  Category: Execute
  MitreID: T1105
",
        beside: None,
    },
    Reader {
        name: "gtfobins",
        read: gtfobins::read,
        path: "_gtfobins/a",
        good: "\
---
functions:
  shell:
  - code: |-
      one
      two
    contexts: {sudo: }
...
",
        beside: Some(("_data/functions.yml", "shell: {label: Shell, mitre: [T1059]}\n")),
    },
    Reader {
        name: "stockpile",
        read: stockpile::read,
        path: "data/abilities/a/a.yml",
        good: "\
- id: 11111111-2222-3333-4444-555555555555
  name: First
  technique: {attack_id: T1005}
  platforms:
    linux:
      sh:
        command: |
          one
          two
",
        beside: None,
    },
    Reader {
        name: "emulation",
        read: emulation::read,
        path: "a/Emulation_Plan/yaml/a.yaml",
        good: "\
- emulation_plan_details: {id: p, adversary_name: P}
- id: 11111111-2222-3333-4444-555555555555
  name: First
  technique: {attack_id: T1005}
  platforms:
    linux:
      sh:
        command: |
          one
          two
",
        beside: None,
    },
];

impl Reader {
    fn of(&self, bytes: impl Into<Vec<u8>>) -> Result<Parsed, SourceError> {
        let mut files = Files::of(self.beside);
        files.files.push(File { path: self.path.to_owned(), bytes: bytes.into() });
        (self.read)(&files, &mut |_, _| Control::Continue)
    }

    fn bodies(&self, bytes: impl Into<Vec<u8>>) -> Vec<String> {
        let parsed = self.of(bytes).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        assert_eq!(parsed.rejects.kept, [], "{}", self.name);
        parsed.records.iter().map(crate::Record::body).collect()
    }
}

/// Each is refused with a reason, and without much ado.
fn refused(what: &str, bytes: &[u8]) {
    for reader in READERS {
        let began = Instant::now();
        let outcome = reader.of(bytes);
        let refused = matches!(&outcome, Err(SourceError::AllRefused(reject)) if reject.file == reader.path);
        assert!(refused, "{} and {what}: {outcome:?}", reader.name);
        assert!(began.elapsed() < Duration::from_secs(20), "{} and {what}", reader.name);
    }
}

#[test]
fn aliases_that_grow_are_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let row = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{row}]\n"));
    }
    refused("an alias bomb", bomb.as_bytes());
}

#[test]
fn tabs_in_the_place_of_blanks_are_refused() {
    refused("tabs", b"title: x\n\tid: y\n");
    refused("tabs", b"detection:\n\ta: b\n");
}

#[test]
fn files_that_are_too_large_are_refused() {
    refused("a long scalar", format!("a: {}", "x".repeat(50 * 1024 * 1024)).as_bytes());
    refused("many values", format!("[{}]", "1,".repeat(MAX_BYTES / 2 - 2)).as_bytes());
}

#[test]
fn depth_is_refused() {
    refused("lists in lists", "[".repeat(100_000).as_bytes());
    refused("maps in maps", "{a: ".repeat(100_000).as_bytes());
    refused("lists in lines", "- ".repeat(100_000).as_bytes());
}

#[test]
fn what_is_no_text_is_refused() {
    refused("no UTF-8", b"a: \xff\xfe\n");
    refused("UTF-16", b"\xff\xfea\0:\0 \0b\0");
    refused("nothing but zeros", &[0; 1_000]);
}

#[test]
fn zeros_are_refused_with_their_line() {
    for reader in READERS {
        let Err(SourceError::AllRefused(reject)) = reader.of(format!("{}\0\nx: y\n", reader.good)) else {
            panic!("{}", reader.name)
        };
        let line = 1 + reader.good.matches('\n').count() as u32;
        assert_eq!(reject.line, Some(line), "{}: {reject}", reader.name);
    }
}

#[test]
fn zeros_that_are_escaped_do_not_come_through() {
    for reader in READERS {
        // In the place of the long text.
        let (begin, end) =
            (reader.good.find('|').expect("a block"), reader.good.find("two").expect("its end"));
        let text = format!("{}\"one\\0two\"{}", &reader.good[..begin], &reader.good[end + "two".len()..]);
        for body in reader.bodies(text) {
            assert!(!body.contains("\\u0000"), "{}: {body}", reader.name);
        }
        let text = reader.good.replacen("First", "\"Fi\\0rst\"", 1);
        assert!(reader.bodies(text).iter().all(|body| !body.contains("\\u0000")), "{}", reader.name);
    }
}

#[test]
fn zeros_anywhere_are_refused() {
    for reader in READERS {
        for (place, _) in reader.good.char_indices() {
            let mut text = reader.good.to_owned();
            text.insert(place, '\0');
            assert!(reader.of(text).is_err(), "{} at {place}", reader.name);
        }
    }
}

#[test]
fn line_ends_of_windows_and_byte_order_marks_change_nothing() {
    for reader in READERS {
        let plain = reader.bodies(reader.good);
        assert!(!plain.is_empty(), "{}", reader.name);
        assert_eq!(reader.bodies(reader.good.replace('\n', "\r\n")), plain, "{}", reader.name);
        assert_eq!(reader.bodies(format!("\u{feff}{}", reader.good)), plain, "{}", reader.name);
    }
}

#[test]
fn a_file_cut_anywhere_is_read_or_refused() {
    for reader in READERS {
        for (place, _) in reader.good.char_indices() {
            let _ = reader.of(&reader.good.as_bytes()[..place]);
        }
    }
}
