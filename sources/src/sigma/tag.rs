//! Tags of Sigma: `attack.t1059.001`, `attack.execution`, `cve.2021-1675`.

use crate::is_attack_id;
use crate::kept::name;

/// What the tags of a rule say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tags {
    /// Whether any is of ATT&CK.
    pub attack: bool,
    /// Techniques as often as they are named.
    pub techniques: Vec<String>,
    /// Short names of tactics.
    pub tactics: Vec<String>,
    /// Groups, software, campaigns and data sources.
    pub mentions: Vec<String>,
    /// All others, as written.
    pub others: Vec<String>,
}

impl Tags {
    /// Sorts tags into what they are.
    pub(super) fn of(tags: &[&str]) -> Self {
        let mut all = Self::default();
        for tag in tags {
            let tag = name(tag);
            // A tag that is cut within a letter is none of ATT&CK's.
            let of_attack =
                tag.get(.."attack.".len()).is_some_and(|start| start.eq_ignore_ascii_case("attack."));
            if !of_attack {
                all.others.push(tag);
                continue;
            }
            all.attack = true;
            let word = tag["attack.".len()..].to_ascii_uppercase();
            if is_attack_id(&word) {
                all.techniques.push(word);
            } else if is_mention(&word) {
                all.mentions.push(word);
            } else if is_tactic(&word) {
                all.tactics.push(word.to_ascii_lowercase().replace('_', "-"));
            } else {
                all.others.push(tag);
            }
        }
        all
    }
}

/// `G0016`, `S0002`, `C0001`, `DS0005`.
fn is_mention(word: &str) -> bool {
    ["DS", "G", "S", "C"].iter().any(|kind| {
        word.strip_prefix(kind)
            .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn is_tactic(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_what_it_names() {
        let tags = Tags::of(&[
            "attack.t1059.001",
            "ATTACK.T1059",
            "attack.privilege_escalation",
            "attack.stealth",
            "attack.g0010",
            "attack.s0002",
            "attack.ds0005",
            "cve.2021-1675",
            "attack.t105",
            "attack.",
            "attaché",
        ]);
        assert!(tags.attack);
        assert_eq!(tags.techniques, ["T1059.001", "T1059"]);
        assert_eq!(tags.tactics, ["privilege-escalation", "stealth"]);
        assert_eq!(tags.mentions, ["G0010", "S0002", "DS0005"]);
        assert_eq!(tags.others, ["cve.2021-1675", "attack.t105", "attack.", "attaché"]);
    }
}
