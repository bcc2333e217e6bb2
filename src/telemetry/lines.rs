//! Fields of the log without control characters.

use std::fmt;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::{DefaultFields, Writer};

/// Writes fields as usual, with control characters as escapes: what somebody sent can neither begin a line
/// nor colour a terminal.
#[derive(Debug, Clone, Copy)]
pub struct OneLine;

impl<'writer> FormatFields<'writer> for OneLine {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut plain = String::new();
        DefaultFields::new().format_fields(Writer::new(&mut plain), fields)?;
        for character in plain.chars() {
            if breaks(character) {
                write!(writer, "{}", character.escape_unicode())?;
            } else {
                writer.write_char(character)?;
            }
        }
        Ok(())
    }
}

/// Whether a character ends a line or does something else than show itself, somewhere.
fn breaks(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};
    use tracing_subscriber::fmt;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("not poisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_somebody_sent_stays_within_its_line() {
        let evil = "x\r\n2026-01-01 ERROR forged\u{1b}[31m red \u{85}\u{2028}\u{202e}";
        let page = Page::default();
        let writer = page.clone();
        let log = fmt().with_ansi(true).fmt_fields(OneLine).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(log, || {
            let span = tracing::error_span!("request", route = %evil);
            let _within = span.enter();
            tracing::error!(said = %evil, quoted = ?evil, plain = evil, "of {evil}");
        });
        let bytes = page.0.lock().expect("not poisoned").clone();
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(text.lines().count(), 1, "{text:?}");
        assert!(text.ends_with('\n') && text.contains("forged"), "{text:?}");
        // Colours are ours: of the time and the level, not of what was sent.
        assert!(!text.contains("\u{1b}[31m red"), "{text:?}");
        assert!(!text.trim_end().contains(['\r', '\u{85}', '\u{2028}', '\u{202e}']), "{text:?}");
    }
}
