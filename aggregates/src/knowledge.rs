//! Which release of a knowledge source is in force.
//!
//! The content itself is stored immutably under its digest and never passes
//! through here; an event naming the digest makes it visible.

use crate::actor::Actor;
use crate::ids::JobId;
use crate::refusal::{Refusal, RefusalKind};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};

/// A source whose content Aegis can take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnowledgeSource {
    /// MITRE ATT&CK Enterprise, as a STIX bundle.
    AttackEnterprise,
}

impl KnowledgeSource {
    /// The id of the aggregate that keeps its releases.
    pub fn aggregate_id(self) -> &'static str {
        match self {
            Self::AttackEnterprise => "enterprise-attack",
        }
    }
}

/// A wish about one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeCommand {
    /// Who asks.
    pub by: Actor,
    /// The source concerned.
    pub source: KnowledgeSource,
    /// What for.
    pub action: KnowledgeAction,
}

/// What can be done with a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnowledgeAction {
    /// Asks for a stored file to be taken in by a job.
    RequestImport(ImportRequest),
    /// Asks for a request to be tried again.
    RetryImport(ImportRequest),
    /// Makes staged content visible.
    Release(Release),
}

/// A file to be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// The job that will do it.
    pub job: JobId,
    /// Where the object store keeps it.
    pub object_key: String,
    /// The name it was uploaded under, cleaned.
    pub file_name: String,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// Its size in bytes.
    pub size_bytes: u64,
}

/// Content made visible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// `18.1`, or `starter`.
    pub version: String,
    /// SHA-256 of the normalised content, hex: its only name.
    pub digest: String,
    /// The job that brought it, if one did.
    pub job: Option<JobId>,
}

/// What happened to a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum KnowledgeEvent {
    /// Somebody asked for a file to be taken in.
    ImportRequested {
        /// The request.
        request: ImportRequest,
    },
    /// Somebody asked for a request to be tried again.
    ImportRetried {
        /// The request.
        request: ImportRequest,
    },
    /// Content became visible, in place of what was before.
    KnowledgeReleased {
        /// The source.
        source: KnowledgeSource,
        /// The content.
        release: Release,
    },
}

impl DomainEvent for KnowledgeEvent {
    fn event_type(&self) -> String {
        match self {
            Self::ImportRequested { .. } => "ImportRequested",
            Self::ImportRetried { .. } => "ImportRetried",
            Self::KnowledgeReleased { .. } => "KnowledgeReleased",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// Why a wish about a source is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnowledgeError {
    /// The digest is not one.
    #[error("'{0}' is not a SHA-256 in hex")]
    NotADigest(String),
    /// A release must say which it is.
    #[error("a release needs a version")]
    NoVersion,
}

impl Refusal for KnowledgeError {
    fn kind(&self) -> RefusalKind {
        RefusalKind::InvalidInput
    }
}

/// One source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knowledge {
    current: Option<Release>,
}

impl Knowledge {
    fn decide(&self, command: KnowledgeCommand) -> Result<Option<KnowledgeEvent>, KnowledgeError> {
        match command.action {
            KnowledgeAction::RequestImport(request) => {
                is_digest(&request.sha256)?;
                Ok(Some(KnowledgeEvent::ImportRequested { request }))
            }
            KnowledgeAction::RetryImport(request) => Ok(Some(KnowledgeEvent::ImportRetried { request })),
            KnowledgeAction::Release(release) if release.version.is_empty() => Err(KnowledgeError::NoVersion),
            KnowledgeAction::Release(release) => {
                is_digest(&release.digest)?;
                // The same content again is no news, whatever brought it.
                if self.current.as_ref().is_some_and(|held| held.digest == release.digest) {
                    return Ok(None);
                }
                Ok(Some(KnowledgeEvent::KnowledgeReleased { source: command.source, release }))
            }
        }
    }
}

fn is_digest(text: &str) -> Result<(), KnowledgeError> {
    let hex = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if hex { Ok(()) } else { Err(KnowledgeError::NotADigest(text.to_owned())) }
}

impl Aggregate for Knowledge {
    const TYPE: &'static str = "knowledge";
    type Command = KnowledgeCommand;
    type Event = KnowledgeEvent;
    type Error = KnowledgeError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        _services: &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        if let Some(event) = self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        match event {
            KnowledgeEvent::ImportRequested { .. } | KnowledgeEvent::ImportRetried { .. } => {}
            KnowledgeEvent::KnowledgeReleased { release, .. } => self.current = Some(release),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cqrs_es::test::TestFramework;

    fn release(digit: char, version: &str) -> Release {
        Release { version: version.to_owned(), digest: String::from(digit).repeat(64), job: None }
    }
    fn wish(release: Release) -> KnowledgeCommand {
        let source = KnowledgeSource::AttackEnterprise;
        KnowledgeCommand { by: Actor::SYSTEM, source, action: KnowledgeAction::Release(release) }
    }
    fn released(release: Release) -> KnowledgeEvent {
        KnowledgeEvent::KnowledgeReleased { source: KnowledgeSource::AttackEnterprise, release }
    }

    #[test]
    fn the_same_content_again_is_no_news() {
        TestFramework::<Knowledge>::with(())
            .given(vec![released(release('a', "18.1"))])
            .when(wish(release('a', "18.1")))
            .then_expect_events(vec![]);
    }

    #[test]
    fn other_content_takes_its_place() {
        TestFramework::<Knowledge>::with(())
            .given(vec![released(release('a', "14.1"))])
            .when(wish(release('b', "18.1")))
            .then_expect_events(vec![released(release('b', "18.1"))]);
    }

    #[test]
    fn a_release_without_version_is_refused() {
        TestFramework::<Knowledge>::with(())
            .given_no_previous_events()
            .when(wish(release('a', "")))
            .then_expect_error(KnowledgeError::NoVersion);
    }

    #[test]
    fn a_digest_is_64_hex_digits() {
        TestFramework::<Knowledge>::with(())
            .given_no_previous_events()
            .when(wish(release('g', "18.1")))
            .then_expect_error(KnowledgeError::NotADigest("g".repeat(64)));
    }
}
