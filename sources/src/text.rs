//! Texts from outside, made fit to be kept.

/// A text without NUL, which PostgreSQL does not keep, with Unix line ends and no more than so many characters.
/// Returns whether something was cut off.
pub(crate) fn fit(text: &str, chars: usize) -> (String, bool) {
    let plain = text.replace("\r\n", "\n").replace('\0', "");
    match plain.char_indices().nth(chars) {
        None => (plain, false),
        Some((end, _)) => (plain[..end].to_owned(), true),
    }
}

/// A text of one line: blanks for what breaks lines, trimmed.
pub(crate) fn line(text: &str, chars: usize) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    fit(&words.join(" "), chars).0
}
