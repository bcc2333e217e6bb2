//! ATT&CK ids in texts of others.

/// Whether the text is the id of a technique: `T1059` or `T1059.001`.
pub fn is_attack_id(text: &str) -> bool {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some(rest) = text.strip_prefix('T') else { return false };
    match rest.split_once('.') {
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
        None => digits(rest, 4),
    }
}

/// The ids of techniques that stand in a text as whole words, in either letter case, in their order, each once.
pub fn attack_ids(text: &str) -> Vec<String> {
    let mut found: Vec<String> = vec![];
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '_') {
        let word = word.trim_matches('.').to_ascii_uppercase();
        if is_attack_id(&word) && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_four_digits_and_maybe_three_more() {
        for id in ["T1059", "T1059.001", "T0800"] {
            assert!(is_attack_id(id), "{id}");
        }
        for id in [
            "",
            "T",
            "T105",
            "T10590",
            "t1059",
            "T1059.",
            "T1059.01",
            "T1059.0011",
            " T1059",
            "TA0001",
            "T1059.001.1",
            "Τ1059",
        ] {
            assert!(!is_attack_id(id), "{id}");
        }
    }

    #[test]
    fn ids_are_found_as_whole_words() {
        assert_eq!(attack_ids("uses t1059.001, T1003 (T1003) and XT1055, T1055x."), ["T1059.001", "T1003"]);
        assert_eq!(attack_ids("see https://attack.mitre.org/techniques/T1059/001/"), ["T1059"]);
        assert_eq!(attack_ids("T1059."), ["T1059"]);
    }
}
