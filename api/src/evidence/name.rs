//! Names of uploaded files, made harmless and kept readable.

use crate::error::UserError;

/// Characters of a name at most, as it is sent.
const SENT_CHARS: usize = 255;
/// Characters of a name at most, as it is kept.
const KEPT_CHARS: usize = 120;

/// The last part of a path, without what could be read as something else: no control characters, no
/// marks that turn the direction of text, not hidden. The end of the name stays, since it says the kind.
pub fn cleaned(sent: &str) -> Result<String, UserError> {
    let chars = sent.chars().count();
    if chars > SENT_CHARS {
        let why = format!("the name is {chars} characters long; at most {SENT_CHARS} are allowed");
        return Err(UserError::invalid("fileName", why));
    }
    if sent.contains('\0') {
        return Err(UserError::invalid("fileName", "the name has a NUL character"));
    }
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| if c.is_alphanumeric() || " ._-()[]+@".contains(c) { c } else { '_' };
    let name: String = last.chars().map(plain).collect();
    let name = name.trim_matches([' ', '.']);
    let skipped = name.chars().count().saturating_sub(KEPT_CHARS);
    let name: String = name.chars().skip(skipped).collect();
    if name.is_empty() {
        return Err(UserError::invalid("fileName", "the file has no name"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn names_are_harmless_and_readable() {
        for (sent, kept) in [
            ("capture 1.png", "capture 1.png"),
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\temp\\a.log", "a.log"),
            ("größe 東京.csv", "größe 東京.csv"),
            ("\u{202e}gnp.exe.png", "_gnp.exe.png"),
            (".hidden.txt", "hidden.txt"),
            ("a\r\nb.txt", "a__b.txt"),
        ] {
            assert_eq!(cleaned(sent).ok().as_deref(), Some(kept), "{sent:?}");
        }
        let long = format!("{}.png", "a".repeat(200));
        assert!(cleaned(&long).is_ok_and(|kept| kept.chars().count() == 120 && kept.ends_with("a.png")));
        for refused in ["", "...", "a/", "a\0.png", &"x".repeat(10_000)] {
            assert!(cleaned(refused).is_err(), "{refused:?}");
        }
    }
}
