//! Speaking to the mail server: connected at an address that was judged, encrypted, signed in.

use super::{MailSettings, Security};
use crate::retry::chain;
use crate::words::single_line;
use aegis_outbound::{CONNECT_WITHIN, Outbound, OutboundError};
use lettre::Message;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use std::time::Duration;

/// Characters kept of why a mail was not sent.
const ERROR_CHARS: usize = 300;
/// How long saying goodbye may take.
const GOODBYE_WITHIN: Duration = Duration::from_secs(2);
/// How names and passwords are sent, in this order.
const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// A mail was not sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum SmtpError {
    #[error("the mail server is not called")]
    Outbound(#[from] OutboundError),
    #[error("the mail server refused it")]
    Refused(#[source] smtp::Error),
    #[error("the mail server did not take it")]
    Failed(#[source] smtp::Error),
    #[error(
        "the mail server does not encrypt the connection; only one that AEGIS_OUTBOUND_ALLOW names may do without"
    )]
    NotEncrypted,
    #[error("the connection is not encrypted, so no password is sent")]
    NoPassword,
    #[error("the mail server did not take it within {} s", .0.as_secs())]
    Late(Duration),
}

impl SmtpError {
    /// Whether it will be refused another time too.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// What is written down of it. What a server says of a recipient names them, so it is left out.
    pub(super) fn for_the_log(&self) -> String {
        let text = match self {
            Self::Refused(error) | Self::Failed(error) => match error.status() {
                Some(code) => format!("{self}: it answered {code}"),
                None => chain(self),
            },
            Self::Outbound(_) | Self::NotEncrypted | Self::NoPassword | Self::Late(_) => chain(self),
        };
        single_line(&text, ERROR_CHARS)
    }
}

/// A connection for as long as there are mails, made when the first comes.
pub(super) struct Session<'a> {
    outbound: &'a Outbound,
    settings: &'a MailSettings,
    connection: Option<AsyncSmtpConnection>,
}

impl<'a> Session<'a> {
    pub(super) fn new(outbound: &'a Outbound, settings: &'a MailSettings) -> Self {
        Self { outbound, settings, connection: None }
    }

    pub(super) async fn send(&mut self, mail: &Message) -> Result<(), SmtpError> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(open(self.outbound, self.settings).await?),
        };
        match connection.send(mail.envelope(), &mail.formatted()).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(SmtpError::Refused(error)),
            Err(error) => Err(SmtpError::Failed(error)),
        }
    }

    /// Leaves a connection that failed: nobody knows what it is at.
    pub(super) fn lose(&mut self) {
        self.connection = None;
    }

    pub(super) async fn end(mut self) {
        if let Some(connection) = &mut self.connection {
            // What was sent was taken; a server that does not say goodbye changes nothing.
            let _ = tokio::time::timeout(GOODBYE_WITHIN, connection.quit()).await;
        }
    }
}

async fn open(outbound: &Outbound, settings: &MailSettings) -> Result<AsyncSmtpConnection, SmtpError> {
    let addresses = outbound.addresses(&settings.host, settings.port).await?;
    // The name that mail comes from, rather than one of a machine that nobody outside knows.
    let hello = ClientId::Domain(settings.from.email.domain().to_owned());
    let tls = || TlsParameters::new(settings.host.clone()).map_err(SmtpError::Failed);
    let always = match settings.security {
        Security::Always => Some(tls()?),
        Security::StartTls => None,
    };
    let connected =
        AsyncSmtpConnection::connect_tokio1(addresses.as_slice(), Some(CONNECT_WITHIN), &hello, always, None);
    let mut connection = connected.await.map_err(SmtpError::Failed)?;
    let encrypted = match settings.security {
        Security::Always => true,
        Security::StartTls if connection.can_starttls() => {
            connection.starttls(tls()?, &hello).await.map_err(SmtpError::Failed)?;
            true
        }
        Security::StartTls if outbound.allows(&settings.host, settings.port) => false,
        Security::StartTls => return Err(SmtpError::NotEncrypted),
    };
    if let Some((name, password)) = &settings.credentials {
        if !encrypted {
            return Err(SmtpError::NoPassword);
        }
        let credentials = Credentials::new(name.clone(), password.clone());
        // Refused today, the password may be right tomorrow: the mails wait.
        connection.auth(MECHANISMS, &credentials).await.map_err(SmtpError::Failed)?;
    }
    Ok(connection)
}
