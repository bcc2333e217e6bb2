//! What records keep of the texts of their sources, the same for all of them.

use crate::text::{fit, line};
use crate::yaml::Node;
use std::collections::HashSet;

/// Characters of a long text that are kept.
const LONG_CHARS: usize = 200_000;
/// How long an id may be, in bytes.
const ID_BYTES: usize = 100;
/// Characters of a query that are kept. The longest known, a list of hashes, has 295,000.
const QUERY_CHARS: usize = 1_000_000;
/// How many web addresses a record keeps. The most known are 26.
const MAX_ADDRESSES: usize = 200;
/// Characters of a name that are kept.
const NAME_CHARS: usize = 500;

/// A text whole, or why not: half a command is another one.
pub(crate) fn long(text: &str) -> Result<String, String> {
    whole(text, LONG_CHARS)
}

/// A query whole, or why not.
pub(crate) fn query(text: &str) -> Result<String, String> {
    whole(text, QUERY_CHARS)
}

fn whole(text: &str, chars: usize) -> Result<String, String> {
    match fit(text, chars) {
        (text, false) => Ok(text),
        (_, true) => Err(format!("a text has more than {chars} characters")),
    }
}

/// The long text of a key; empty where there is none.
pub(crate) fn long_of(node: &Node, key: &str) -> Result<String, String> {
    node.text_of(key).map_or_else(|| Ok(String::new()), long)
}

/// A text as one line of a name's length.
pub(crate) fn name(text: &str) -> String {
    line(text, NAME_CHARS)
}

/// The one line of a key; empty where there is none.
pub(crate) fn name_of(node: &Node, key: &str) -> String {
    node.text_of(key).map(name).unwrap_or_default()
}

/// An id of a source in lower case, or why it is none. Most are UUIDs, some of them misspelt, so only what could not
/// be told apart is refused.
pub(crate) fn id(text: &str, field: &str) -> Result<String, String> {
    let id = text.trim().to_ascii_lowercase();
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if plain && !id.is_empty() && id.len() <= ID_BYTES {
        Ok(id)
    } else {
        Err(format!("{field} is '{id}', which is no id"))
    }
}

/// Words in order, each once, without empty ones.
pub(crate) fn sorted(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.sort();
    words.dedup();
    words
}

/// The first web addresses among some texts, in their order, each once.
pub(crate) fn addresses<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    let web = |text: &String| text.starts_with("https://") || text.starts_with("http://");
    let all = texts.into_iter().map(name).filter(web).filter(|text| seen.insert(text.clone()));
    all.take(MAX_ADDRESSES).collect()
}

/// A date as `YYYY-MM-DD`, whether it was written with dashes, slashes or dots, or with a time behind it; anything
/// else as it was written.
pub(crate) fn date(text: &str) -> String {
    let text = name(text);
    let day = text.split(['T', ' ']).next().unwrap_or(&text);
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    if let [year, month, day] = parts[..] {
        let number = |part: &str, longest: usize| {
            let plain = part.len() <= longest && part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse::<u32>().ok()).flatten()
        };
        if let (4, Some(year), Some(month @ 1..=12), Some(day @ 1..=31)) =
            (year.len(), number(year, 4), number(month, 2), number(day, 2))
        {
            return format!("{year:04}-{month:02}-{day:02}");
        }
    }
    text
}

/// ATT&CK's word for a platform, where it has one for it.
pub(crate) fn platform(word: &str) -> String {
    match word.trim().to_ascii_lowercase().as_str() {
        "windows" => "Windows".to_owned(),
        "linux" => "Linux".to_owned(),
        "darwin" | "macos" => "macOS".to_owned(),
        _ => name(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_in_one_way() {
        for text in ["2019-01-02", "2019/01/02", "2019/1/2", " 2019.01.02 ", "2019-01-02T03:04:05Z"] {
            assert_eq!(date(text), "2019-01-02", "{text}");
        }
        for text in ["soon", "2019-13-01", "19-01-02", "2019-01", "2019-+1-02", "2019--02"] {
            assert_eq!(date(text), text);
        }
    }

    #[test]
    fn only_web_addresses_are_references() {
        let texts =
            ["https://a.example/x ", "see b", "javascript:1", "http://c.example", "https://a.example/x"];
        assert_eq!(addresses(texts), ["https://a.example/x", "http://c.example"]);
    }

    #[test]
    fn an_id_is_one_plain_word() {
        assert_eq!(id(" AAAA-1 ", "id").as_deref(), Ok("aaaa-1"));
        for text in ["", "a b", "a/b", "ä", &"x".repeat(ID_BYTES + 1)] {
            assert!(id(text, "id").is_err(), "{text}");
        }
    }

    #[test]
    fn words_are_sorted_once() {
        assert_eq!(sorted(["b", "", "a", "b"].map(str::to_owned)), ["a", "b"]);
    }

    #[test]
    fn half_a_text_is_refused() {
        assert!(long(&"x".repeat(LONG_CHARS)).is_ok());
        assert!(long(&"x".repeat(LONG_CHARS + 1)).expect_err("too long").contains("characters"));
    }
}
