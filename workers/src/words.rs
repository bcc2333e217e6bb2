//! Texts of others, made fit for a line of ours.

/// A text on one line: control characters, the ends of lines among them, become spaces, and what is too long is cut.
pub(crate) fn single_line(text: &str, chars: usize) -> String {
    let spaced: String = text.chars().map(|c| if is_control(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= chars {
        return line;
    }
    let mut cut: String = line.chars().take(chars.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// What ends a line somewhere, or turns the direction of what follows.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_line() {
        assert_eq!(single_line("a\r\nBcc: b\n\n\tc\u{2028}d\u{0}e\u{85}f", 100), "a Bcc: b c d e f");
        assert_eq!(single_line("\u{202e}evil", 100), "evil");
        assert_eq!(single_line(&"ü".repeat(10), 4), "üüü…");
        assert_eq!(single_line("  ", 4), "");
    }
}
