//! Commands and outputs that CALDERA writes in Base64 (RFC 4648), in some versions and not in others.

/// What a text says if it is Base64 of a printable text; nothing for every other.
pub(super) fn text(written: &str) -> Option<String> {
    let bytes = decode(written.trim().as_bytes())?;
    let text = String::from_utf8(bytes).ok()?;
    let printable = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{1b}'));
    (printable && !text.is_empty()).then_some(text)
}

fn decode(written: &[u8]) -> Option<Vec<u8>> {
    if !written.len().is_multiple_of(4) {
        return None;
    }
    let padding = written.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = written.get(..written.len().checked_sub(padding)?)?;
    if padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for four in digits.chunks(4) {
        let mut bits: u32 = 0;
        for digit in four {
            bits = bits << 6 | u32::from(value(*digit)?);
        }
        bits <<= 6 * (4 - four.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_base64_is_read() {
        for (written, meant) in [("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")] {
            assert_eq!(text(written).as_deref(), Some(meant));
        }
        assert_eq!(text("w7w=").as_deref(), Some("ü"));
    }

    #[test]
    fn a_command_that_only_looks_like_it_is_left_alone() {
        for plain in
            ["hostname", "ipconfig", "whoami", "ps aux", "", "====", "Zg=", "Z===", "net user x /add"]
        {
            assert_eq!(text(plain), None, "{plain}");
        }
    }

    #[test]
    fn any_text_is_read_or_left_alone() {
        bolero::check!().with_type::<String>().for_each(|written| {
            let _ = text(written);
        });
    }
}
