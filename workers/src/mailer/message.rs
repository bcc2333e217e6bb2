//! What a mail says. Titles are what somebody wrote, so each goes onto one line without control characters, and
//! headers are encoded besides: nothing in a title can become a header.

use super::MailSettings;
use crate::outside::Links;
use crate::words::single_line;
use aegis_projections::mails::{Claimed, Item};
use aegis_projections::notifications::{Kind, SubjectKind};
use lettre::Message;
use lettre::address::AddressError;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use std::fmt::Write;

/// Characters of a title in a mail at most: as many as titles have.
const TITLE_CHARS: usize = 200;
/// Characters of a subject line at most.
const SUBJECT_CHARS: usize = 150;

/// One thing a mail tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct News {
    sentence: String,
    title: Option<String>,
    subject_kind: SubjectKind,
    number: Option<i64>,
}

impl News {
    /// Nothing for a kind that this program does not know: another version wrote it.
    pub(super) fn of(item: &Item, subject_kind: SubjectKind, title: Option<&str>) -> Option<Self> {
        let kind = Kind::parse(&item.kind)?;
        let title = title.map(|title| single_line(title, TITLE_CHARS)).filter(|title| !title.is_empty());
        let sentence = kind.sentence(subject_kind, item.number);
        Some(Self { sentence, title, subject_kind, number: item.number })
    }

    fn lines(&self, links: &Links) -> String {
        let mut text = format!("{}.\n", self.sentence);
        if let Some(title) = &self.title {
            text.push_str(&format!("  {title}\n"));
        }
        if let Some(link) = links.to(self.subject_kind, self.number) {
            text.push_str(&format!("  {link}\n"));
        }
        text
    }
}

/// What a mail tells.
#[derive(Debug, Clone)]
pub(super) struct Content {
    /// The first of it.
    pub news: Vec<News>,
    /// How much there is in all.
    pub all: i64,
}

/// A mail that cannot be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum ComposeError {
    #[error("the address of its recipient is none")]
    Address(#[source] AddressError),
    #[error("it cannot be written")]
    Message(#[source] lettre::error::Error),
}

/// Writes a mail. The same mail has the same Message-ID and date whoever sends it, and however often.
pub(super) fn compose(
    settings: &MailSettings,
    claimed: &Claimed,
    address: &str,
    content: &Content,
    links: &Links,
) -> Result<Message, ComposeError> {
    let to = Mailbox::new(None, address.parse().map_err(ComposeError::Address)?);
    let sender = settings.from.email.domain();
    let automatic =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    Message::builder()
        .from(settings.from.clone())
        .to(to)
        .subject(subject(content))
        .date(claimed.created_at.into())
        .message_id(Some(format!("<{}@{sender}>", claimed.mail_id)))
        .raw_header(automatic)
        .header(ContentType::TEXT_PLAIN)
        .body(body(content, links))
        .map_err(ComposeError::Message)
}

fn subject(content: &Content) -> String {
    let line = match content.news.as_slice() {
        [one] if content.all == 1 => match &one.title {
            Some(title) => format!("[Aegis] {}: {title}", one.sentence),
            None => format!("[Aegis] {}", one.sentence),
        },
        _ => format!("[Aegis] {} notifications", content.all),
    };
    single_line(&line, SUBJECT_CHARS)
}

fn body(content: &Content, links: &Links) -> String {
    let news: Vec<String> = content.news.iter().map(|news| news.lines(links)).collect();
    let mut text = news.join("\n");
    let shown = i64::try_from(content.news.len()).unwrap_or(i64::MAX);
    if content.all > shown {
        // Writing into a text does not fail.
        let _ = write!(text, "\nAnd {} more.\n", content.all - shown);
    }
    text.push_str("\n-- \nYou get this mail because of your notification settings in Aegis");
    if let Some(home) = links.home() {
        text.push_str(&format!(": {home}"));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Utc;
    use uuid::Uuid;

    const EVIL: &str = "Boo\r\nBcc: victim@example.com\r\n\r\n.\r\nQUIT\u{2028}\u{0}end";

    fn settings() -> MailSettings {
        MailSettings::parse("smtp://mail.example.com", "Aegis <aegis@example.com>")
            .expect("right")
            .expect("one")
    }

    fn claimed() -> Claimed {
        Claimed {
            mail_id: Uuid::from_u128(7),
            account: Uuid::from_u128(1),
            digest_on: None,
            address: None,
            attempt: 1,
            created_at: "2026-03-02T10:00:00Z".parse::<chrono::DateTime<Utc>>().expect("an instant"),
            stale: false,
        }
    }

    fn news(kind: Kind, number: i64, title: Option<&str>) -> News {
        let item = Item {
            kind: kind.as_str().to_owned(),
            subject_kind: "test".to_owned(),
            subject_id: Uuid::nil(),
            number: Some(number),
            at: Utc::now(),
        };
        News::of(&item, SubjectKind::Test, title).expect("a kind")
    }

    fn written(content: &Content, links: &str) -> String {
        let links = Links::parse(links).expect("an address");
        let mail = compose(&settings(), &claimed(), "ann@example.com", content, &links).expect("written");
        String::from_utf8(mail.formatted()).expect("text")
    }

    fn headers(mail: &str) -> Vec<&str> {
        let head = mail.split("\r\n\r\n").next().expect("a head");
        head.split("\r\n").filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect()
    }

    #[test]
    fn a_mail_says_what_happened_to_what_and_where() {
        let content = Content { news: vec![news(Kind::TestToEvaluate, 7, Some("Download cradle"))], all: 1 };
        let mail = written(&content, "https://aegis.example.com");
        for line in [
            "From: Aegis <aegis@example.com>",
            "To: ann@example.com",
            "Subject: [Aegis] Test #7 is ready for blue: Download cradle",
            "Message-ID: <00000000-0000-0000-0000-000000000007@example.com>",
            "Date: Mon, 02 Mar 2026 10:00:00 +0000",
            "Auto-Submitted: auto-generated",
            "Test #7 is ready for blue.",
            "  Download cradle",
            "  https://aegis.example.com/tests/7",
        ] {
            assert!(mail.split("\r\n").any(|found| found == line), "{line}:\n{mail}");
        }
    }

    #[test]
    fn a_title_cannot_become_a_header_or_end_the_mail() {
        let plain = Content { news: vec![news(Kind::TestAssigned, 7, Some("Boo"))], all: 1 };
        let evil = Content { news: vec![news(Kind::TestAssigned, 7, Some(EVIL))], all: 1 };
        let (plain, evil) = (written(&plain, ""), written(&evil, ""));
        assert_eq!(headers(&evil), headers(&plain));
        assert!(evil.contains("  Boo Bcc: victim@example.com . QUIT end\r\n"), "{evil}");
        assert!(!evil.split("\r\n").any(|line| line.starts_with("Bcc") || line == "."), "{evil}");
    }

    #[test]
    fn an_address_that_is_none_gets_no_mail() {
        let content = Content { news: vec![news(Kind::TestAssigned, 7, None)], all: 1 };
        for address in
            ["", "ann", "ann@example.com\r\nRCPT TO:<b@example.com>", "ann@example.com>", "a b@example.com"]
        {
            let refused = compose(&settings(), &claimed(), address, &content, &Links::default());
            assert!(matches!(refused, Err(ComposeError::Address(_))), "{address:?}");
        }
    }

    #[test]
    fn a_digest_counts_what_it_leaves_out() {
        let content = Content {
            news: vec![news(Kind::TestValidated, 1, None), news(Kind::TestRejected, 2, None)],
            all: 5,
        };
        let mail = written(&content, "");
        assert!(mail.contains("Subject: [Aegis] 5 notifications\r\n"), "{mail}");
        assert!(
            mail.contains("Test #1 is validated.\r\n\r\nTest #2 was rejected.\r\n\r\nAnd 3 more.\r\n"),
            "{mail}"
        );
    }
}
