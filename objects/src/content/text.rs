//! Whether bytes are text, told while they pass: UTF-8 with or without a mark, UTF-16 with one, and in
//! neither a U+0000, which no text has and most other files do.

/// What begins a text and is none of it.
const MARK: char = '\u{feff}';

/// Reads a text as it passes by.
#[derive(Debug)]
pub struct Reader {
    encoding: Encoding,
    first: Option<char>,
    /// Whether all that passed is text.
    text: bool,
}

#[derive(Debug)]
enum Encoding {
    /// The first byte, where only that has come.
    Unknown(Option<u8>),
    Utf8 {
        /// The beginning of a character whose end has not come yet.
        cut: Vec<u8>,
    },
    Utf16 {
        /// Two bytes as a number.
        unit: fn([u8; 2]) -> u16,
        /// The first of two bytes.
        half: Option<u8>,
        /// The first of two surrogates.
        high: Option<u16>,
    },
}

impl Reader {
    /// Expects the beginning of a text.
    pub fn new() -> Self {
        Self { encoding: Encoding::Unknown(None), first: None, text: true }
    }

    /// Reads the next bytes.
    pub fn pass(&mut self, bytes: &[u8]) {
        if let Encoding::Unknown(held) = self.encoding {
            let mut begun: Vec<u8> = held.into_iter().collect();
            begun.extend(bytes.iter().take(2));
            self.encoding = match begun[..] {
                [] => return,
                // No UTF-8 begins so; the other half of a mark may still come.
                [one @ (0xff | 0xfe)] => Encoding::Unknown(Some(one)),
                [0xff, 0xfe, ..] => Encoding::Utf16 { unit: u16::from_le_bytes, half: None, high: None },
                [0xfe, 0xff, ..] => Encoding::Utf16 { unit: u16::from_be_bytes, half: None, high: None },
                _ => Encoding::Utf8 { cut: vec![] },
            };
            if let (Some(byte), Encoding::Utf8 { .. } | Encoding::Utf16 { .. }) = (held, &self.encoding) {
                self.read(&[byte]);
            }
        }
        self.read(bytes);
    }

    /// Whether all of it was text.
    pub fn is_text(&self) -> bool {
        let whole = match &self.encoding {
            Encoding::Unknown(held) => held.is_none(),
            Encoding::Utf8 { cut } => cut.is_empty(),
            Encoding::Utf16 { half, high, .. } => half.is_none() && high.is_none(),
        };
        self.text && whole
    }

    /// Its first character that is neither a mark nor space.
    pub fn first(&self) -> Option<char> {
        self.first
    }

    fn read(&mut self, bytes: &[u8]) {
        if !self.text {
            return;
        }
        self.text = match &mut self.encoding {
            Encoding::Unknown(_) => true,
            Encoding::Utf8 { cut } => utf8(cut, &mut self.first, bytes),
            Encoding::Utf16 { unit, half, high } => bytes.iter().all(|byte| match half.take() {
                None => {
                    *half = Some(*byte);
                    true
                }
                Some(before) => utf16(high, &mut self.first, unit([before, *byte])),
            }),
        };
    }
}

fn note(first: &mut Option<char>, mut read: impl Iterator<Item = char>) {
    if first.is_none() {
        *first = read.find(|c| *c != MARK && !c.is_ascii_whitespace());
    }
}

/// Whether the bytes go on as UTF-8; a character may be cut between two pieces.
fn utf8(cut: &mut Vec<u8>, first: &mut Option<char>, bytes: &[u8]) -> bool {
    if bytes.contains(&0) {
        return false;
    }
    let mut rest = bytes;
    while !cut.is_empty() && !rest.is_empty() {
        cut.push(rest[0]);
        rest = &rest[1..];
        match std::str::from_utf8(cut) {
            Ok(read) => {
                note(first, read.chars());
                cut.clear();
            }
            Err(error) if error.error_len().is_none() => {}
            Err(_) => return false,
        }
    }
    match std::str::from_utf8(rest) {
        Ok(read) => {
            note(first, read.chars());
            true
        }
        Err(error) if error.error_len().is_none() => {
            let (whole, begun) = rest.split_at(error.valid_up_to());
            note(first, String::from_utf8_lossy(whole).chars());
            cut.extend_from_slice(begun);
            true
        }
        Err(_) => false,
    }
}

/// Whether UTF-16 may go on so: no U+0000, and surrogates only in pairs (RFC 2781, 2.2).
fn utf16(high: &mut Option<u16>, first: &mut Option<char>, unit: u16) -> bool {
    match (high.take(), unit) {
        (None, 0) => false,
        (None, 0xd800..=0xdbff) => {
            *high = Some(unit);
            true
        }
        (None, 0xdc00..=0xdfff) => false,
        (None, _) => {
            note(first, char::decode_utf16([unit]).filter_map(Result::ok));
            true
        }
        (Some(before), 0xdc00..=0xdfff) => {
            note(first, char::decode_utf16([before, unit]).filter_map(Result::ok));
            true
        }
        (Some(_), _) => false,
    }
}
