//! What a process needs to speak to the outside: which addresses it may call, what it signs with, its mail server,
//! and the address that people know it by.

use crate::mailer::MailSettings;
use aegis_outbound::{Outbound, Url};
use aegis_projections::notifications::SubjectKind;
use aegis_projections::vault::Vault;

/// How this process speaks to the outside.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// Which addresses it may call.
    pub outbound: Outbound,
    /// Opens the secrets of webhooks; a process without `SECRET_KEY` leaves webhooks to others.
    pub vault: Option<Vault>,
    /// The mail server, where there is one.
    pub mail: Option<MailSettings>,
    /// Where people find this installation.
    pub links: Links,
}

/// Links that lead to this installation, where its address is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links(Option<String>);

/// `AEGIS_PUBLIC_URL` is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("AEGIS_PUBLIC_URL is not an address such as https://aegis.example.com")]
pub struct LinksError;

impl Links {
    /// Links to an address; empty for none.
    ///
    /// # Errors
    /// [`LinksError`].
    pub fn parse(address: &str) -> Result<Self, LinksError> {
        if address.is_empty() {
            return Ok(Self(None));
        }
        let url = Url::parse(address).map_err(|_| LinksError)?;
        let nobody = url.username().is_empty() && url.password().is_none();
        let plain = url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !nobody || !plain {
            return Err(LinksError);
        }
        Ok(Self(Some(url.as_str().trim_end_matches('/').to_owned())))
    }

    /// The address itself.
    pub fn home(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Where a subject is shown.
    pub fn to(&self, kind: SubjectKind, number: Option<i64>) -> Option<String> {
        let home = self.home()?;
        match (kind, number) {
            (SubjectKind::Test, Some(number)) => Some(format!("{home}/tests/{number}")),
            (SubjectKind::Campaign, Some(number)) => Some(format!("{home}/campaigns/{number}")),
            (SubjectKind::Remediation, Some(number)) => Some(format!("{home}/remediations/{number}")),
            (SubjectKind::Job, _) => Some(format!("{home}/jobs")),
            (SubjectKind::Test | SubjectKind::Campaign | SubjectKind::Remediation, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_public_address() {
        let links = Links::parse("https://aegis.example.com/base/").expect("an address");
        assert_eq!(
            links.to(SubjectKind::Test, Some(7)).as_deref(),
            Some("https://aegis.example.com/base/tests/7")
        );
        assert_eq!(links.to(SubjectKind::Job, None).as_deref(), Some("https://aegis.example.com/base/jobs"));
        assert_eq!(Links::parse("").expect("none").to(SubjectKind::Test, Some(7)), None);
        for wrong in
            ["aegis.example.com", "ftp://a.example", "https://ann:x@a.example", "https://a.example/?x=1", "/"]
        {
            assert_eq!(Links::parse(wrong), Err(LinksError), "{wrong}");
        }
    }
}
