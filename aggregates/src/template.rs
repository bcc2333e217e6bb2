//! A template of tests: what a test of a technique is made from.
//!
//! A template is written down once and revised in versions, from 1; it may be
//! switched off and on, and retired for good, which takes nothing away from
//! the tests made from it. What such a test says is here too; drafting it is
//! not, nor who may write templates.

mod command;
mod content;
mod drafting;
mod error;
mod event;
mod filling;
mod imported;
mod rules;

pub use command::{ContentRevision, TemplateAction, TemplateCommand};
pub use content::{Argument, ArgumentKind, Content, Severity, limits};
pub use drafting::Wishes;
pub use error::TemplateError;
pub use event::TemplateEvent;
pub use filling::{Arguments, Filled};
pub use imported::imported_id;

use crate::ids::AccountId;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};

/// A template as its own events tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    version: u64,
    content: Option<Content>,
    content_version: u32,
    active: bool,
    /// Of one that a source brings: whether somebody switched it off.
    imported_off: bool,
    retired: Option<(AccountId, String)>,
}

impl Template {
    /// How many events it has seen: the version a client may expect.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// What it says, once it is written down.
    pub fn content(&self) -> Option<&Content> {
        self.content.as_ref()
    }

    /// Which version of its content that is, from 1; 0 before it is written down.
    pub fn content_version(&self) -> u32 {
        self.content_version
    }

    /// Whether it is gone for good.
    pub fn is_retired(&self) -> bool {
        self.retired.is_some()
    }

    /// What a test is to be made from, with its version.
    ///
    /// # Errors
    /// There is none, it is switched off or retired.
    pub fn usable(&self) -> Result<(&Content, u32), TemplateError> {
        let content = self.content.as_ref().ok_or(TemplateError::NotCreated)?;
        if self.is_retired() {
            return Err(TemplateError::Retired { name: content.name.clone() });
        }
        if !self.active {
            return Err(TemplateError::Inactive { name: content.name.clone() });
        }
        Ok((content, self.content_version))
    }
}

impl Aggregate for Template {
    const TYPE: &'static str = "template";
    type Command = TemplateCommand;
    type Event = TemplateEvent;
    type Error = TemplateError;
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
        self.version += 1;
        match event {
            TemplateEvent::TemplateCreated { content, .. } => {
                self.content = Some(content);
                self.content_version = 1;
                self.active = true;
            }
            TemplateEvent::TemplateRevised { version, content, .. } => {
                self.content = Some(content);
                self.content_version = version;
            }
            TemplateEvent::TemplateActivated { .. } => (self.active, self.imported_off) = (true, false),
            TemplateEvent::TemplateDeactivated { .. } => (self.active, self.imported_off) = (false, true),
            TemplateEvent::TemplateRetired { by, reason, .. } => {
                self.active = false;
                self.retired = Some((by, reason));
            }
        }
    }
}

#[cfg(test)]
mod tests;
