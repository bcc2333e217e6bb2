//! Which mail server, and from whom: `SMTP_URL` and `SMTP_FROM`.

use aegis_outbound::Url;
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use std::fmt;

/// The port of a mail server that encrypts from the beginning.
const SUBMISSIONS: u16 = 465;
/// The port of one that encrypts when asked to.
const SUBMISSION: u16 = 587;

/// When a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// From the beginning: `smtps://`.
    Always,
    /// Once it stands: `smtp://`. Only a server that `AEGIS_OUTBOUND_ALLOW` names may do without.
    StartTls,
}

/// A mail server, and in whose name it is given mail.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// When the connection is encrypted.
    pub security: Security,
    /// Name and password, if it asks for them.
    pub(super) credentials: Option<(String, String)>,
    /// Whom mail comes from.
    pub(super) from: Mailbox,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// The settings of mail are not right. No text repeats an address: there is a password in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailSettingsError {
    /// The address is none.
    #[error("SMTP_URL is not an address such as smtps://user:password@mail.example.com")]
    Url,
    /// A name without a password, or the other way round.
    #[error("SMTP_URL has a user name without a password, or a password without a user name")]
    Credentials,
    /// The sender is missing.
    #[error("SMTP_URL is set and SMTP_FROM is not; it is the address that mail comes from")]
    NoSender,
    /// The sender is none.
    #[error("SMTP_FROM is not a mail address such as aegis@example.com or Aegis <aegis@example.com>")]
    Sender,
}

impl MailSettings {
    /// Reads both settings; `None` where no mail server is named.
    ///
    /// # Errors
    /// [`MailSettingsError`].
    pub fn parse(url: &str, from: &str) -> Result<Option<Self>, MailSettingsError> {
        if url.is_empty() {
            return Ok(None);
        }
        let url = Url::parse(url).map_err(|_| MailSettingsError::Url)?;
        let (security, port) = match url.scheme() {
            "smtps" => (Security::Always, SUBMISSIONS),
            "smtp" => (Security::StartTls, SUBMISSION),
            _ => return Err(MailSettingsError::Url),
        };
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let host = url.host_str().filter(|host| bare && !host.is_empty()).ok_or(MailSettingsError::Url)?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).to_owned();
        let port = url.port().unwrap_or(port);
        let text = |encoded: &str| {
            let decoded = percent_decode_str(encoded).decode_utf8().map_err(|_| MailSettingsError::Url)?;
            Ok(decoded.into_owned())
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return Err(MailSettingsError::Credentials),
            (name, Some(password)) => Some((text(name)?, text(password)?)),
        };
        if from.is_empty() {
            return Err(MailSettingsError::NoSender);
        }
        let from = from.parse().map_err(|_| MailSettingsError::Sender)?;
        Ok(Some(Self { host, port, security, credentials, from }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: &str = "Aegis <aegis@example.com>";

    #[test]
    fn a_mail_server_is_an_address_with_or_without_a_name() {
        assert_eq!(MailSettings::parse("", ""), Ok(None));
        let read = MailSettings::parse("smtps://ann%40example.com:p%3Ass@mail.example.com", FROM);
        let read = read.expect("settings").expect("a server");
        assert_eq!(
            (read.host.as_str(), read.port, read.security),
            ("mail.example.com", 465, Security::Always)
        );
        assert_eq!(read.credentials, Some(("ann@example.com".to_owned(), "p:ss".to_owned())));
        assert!(!format!("{read:?}").contains("p:ss"));
        let read = MailSettings::parse("smtp://127.0.0.1:2525", FROM).expect("settings").expect("a server");
        assert_eq!((read.host.as_str(), read.port, read.security), ("127.0.0.1", 2525, Security::StartTls));
        assert_eq!(read.credentials, None);
        let read = MailSettings::parse("smtp://[::1]:25", FROM).expect("settings").expect("a server");
        assert_eq!((read.host.as_str(), read.port), ("::1", 25));
    }

    #[test]
    fn wrong_settings_are_told_without_what_they_hold() {
        use MailSettingsError as Wrong;
        for (url, from, wrong) in [
            ("mail.example.com", FROM, Wrong::Url),
            ("http://mail.example.com", FROM, Wrong::Url),
            ("smtp://mail.example.com/inbox", FROM, Wrong::Url),
            ("smtp://", FROM, Wrong::Url),
            ("smtp://ann@mail.example.com", FROM, Wrong::Credentials),
            ("smtp://:secret@mail.example.com", FROM, Wrong::Credentials),
            ("smtp://mail.example.com", "", Wrong::NoSender),
            ("smtp://mail.example.com", "nobody", Wrong::Sender),
            ("smtp://mail.example.com", "a@example.com\r\nBcc: b@example.com", Wrong::Sender),
        ] {
            assert_eq!(MailSettings::parse(url, from), Err(wrong), "{url} {from}");
        }
    }
}
