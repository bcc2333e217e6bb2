//! Which release of a knowledge source is in force, and where the source is found.
//!
//! The content itself is stored immutably under its digest and never passes
//! through here; an event naming the digest makes it visible.

mod settings;
mod source;

pub use settings::{SourceSettings, limits};
pub use source::KnowledgeSource;

use crate::actor::Actor;
use crate::ids::JobId;
use crate::refusal::{Refusal, RefusalKind};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};

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
    /// Asks for the source to be fetched from where it is found, by a job.
    RequestSync {
        /// The job that will do it.
        job: JobId,
        /// Whether it only tells what would change.
        preview: bool,
    },
    /// Asks for that to be tried again.
    RetrySync(SyncRequest),
    /// Makes staged content visible.
    Release(Release),
    /// Puts content in force again that was before.
    Restore {
        /// Its digest.
        digest: String,
    },
    /// Says where the source is found, and when it is fetched.
    Configure(SourceSettings),
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
    /// Whether the job only tells what would change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preview: bool,
}

/// A source to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// The job that will do it.
    pub job: JobId,
    /// Where it is looked for, one after the other.
    pub addresses: Vec<String>,
    /// Whether the job only tells what would change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preview: bool,
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
    /// Whether it was in force before, and is again because somebody went back to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restored: bool,
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
    /// Somebody asked for the source to be fetched.
    SyncRequested {
        /// The request.
        request: SyncRequest,
    },
    /// Somebody asked for that to be tried again.
    SyncRetried {
        /// The request.
        request: SyncRequest,
    },
    /// Somebody said where the source is found, and when it is fetched.
    SourceConfigured {
        /// What was said.
        settings: SourceSettings,
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
            Self::SyncRequested { .. } => "SyncRequested",
            Self::SyncRetried { .. } => "SyncRetried",
            Self::SourceConfigured { .. } => "SourceConfigured",
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
    /// What was never in force is not gone back to.
    #[error("no release of this source has the digest {0}")]
    NeverReleased(String),
    /// The source is switched off.
    #[error("{0} is switched off; switch it on before it is fetched")]
    SwitchedOff(&'static str),
    /// Nobody said where the source is found.
    #[error("{0} has no address to be fetched from; upload its files, or give it one")]
    NoAddress(&'static str),
    /// It is fetched from addresses of the web only.
    #[error("'{address}' is not an address of the web (http or https)")]
    NotAWebAddress {
        /// What was given.
        address: String,
    },
    /// There are more addresses than are tried.
    #[error("{count} addresses are more than {}", limits::ADDRESSES)]
    TooManyAddresses {
        /// How many were given.
        count: usize,
    },
    /// It is fetched more rarely than is remembered.
    #[error("every {hours} hours is too rare; use 0 for never, or at most {}", limits::EVERY_HOURS)]
    TooRare {
        /// What was given.
        hours: u32,
    },
}

impl Refusal for KnowledgeError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotADigest(_)
            | Self::NoVersion
            | Self::NotAWebAddress { .. }
            | Self::TooManyAddresses { .. }
            | Self::TooRare { .. } => RefusalKind::InvalidInput,
            Self::NeverReleased(_) | Self::SwitchedOff(_) | Self::NoAddress(_) => RefusalKind::InvalidState,
        }
    }
}

/// One source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knowledge {
    current: Option<Release>,
    /// Every release that was ever in force, each content once.
    past: Vec<Release>,
    settings: Option<SourceSettings>,
}

impl Knowledge {
    /// What is in force, if anything is.
    pub fn current(&self) -> Option<&Release> {
        self.current.as_ref()
    }

    /// Where the source is found, and when it is fetched: what was said last, else what comes with Aegis.
    pub fn settings(&self, source: KnowledgeSource) -> SourceSettings {
        self.settings.clone().unwrap_or_else(|| source.settings())
    }

    fn decide(&self, command: KnowledgeCommand) -> Result<Option<KnowledgeEvent>, KnowledgeError> {
        let source = command.source;
        match command.action {
            KnowledgeAction::RequestImport(request) => {
                is_digest(&request.sha256)?;
                Ok(Some(KnowledgeEvent::ImportRequested { request }))
            }
            KnowledgeAction::RetryImport(request) => Ok(Some(KnowledgeEvent::ImportRetried { request })),
            KnowledgeAction::RequestSync { job, preview } => {
                let settings = self.settings(source);
                if !settings.enabled {
                    return Err(KnowledgeError::SwitchedOff(source.title()));
                }
                if settings.addresses.is_empty() {
                    return Err(KnowledgeError::NoAddress(source.title()));
                }
                let request = SyncRequest { job, addresses: settings.addresses, preview };
                Ok(Some(KnowledgeEvent::SyncRequested { request }))
            }
            KnowledgeAction::RetrySync(request) => Ok(Some(KnowledgeEvent::SyncRetried { request })),
            KnowledgeAction::Release(release) if release.version.is_empty() => Err(KnowledgeError::NoVersion),
            KnowledgeAction::Release(release) => {
                is_digest(&release.digest)?;
                Ok(self.released(source, release))
            }
            KnowledgeAction::Restore { digest } => {
                let earlier = self.past.iter().find(|release| release.digest == digest);
                let earlier = earlier.ok_or(KnowledgeError::NeverReleased(digest))?;
                Ok(self.released(source, Release { job: None, restored: true, ..earlier.clone() }))
            }
            KnowledgeAction::Configure(settings) => {
                let settings = settings.checked()?;
                let news = settings != self.settings(source);
                Ok(news.then_some(KnowledgeEvent::SourceConfigured { settings }))
            }
        }
    }

    /// The same content again is no news, whatever brought it.
    fn released(&self, source: KnowledgeSource, release: Release) -> Option<KnowledgeEvent> {
        let held = self.current.as_ref().is_some_and(|held| held.digest == release.digest);
        (!held).then_some(KnowledgeEvent::KnowledgeReleased { source, release })
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
            KnowledgeEvent::ImportRequested { .. }
            | KnowledgeEvent::ImportRetried { .. }
            | KnowledgeEvent::SyncRequested { .. }
            | KnowledgeEvent::SyncRetried { .. } => {}
            KnowledgeEvent::SourceConfigured { settings } => self.settings = Some(settings),
            KnowledgeEvent::KnowledgeReleased { release, .. } => {
                if !self.past.iter().any(|earlier| earlier.digest == release.digest) {
                    self.past.push(release.clone());
                }
                self.current = Some(release);
            }
        }
    }
}

#[cfg(test)]
mod tests;
