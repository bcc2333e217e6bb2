//! The rules of a template: which command leads to which event, and which is refused.

use super::command::{TemplateAction, TemplateCommand};
use super::content::{Content, limits};
use super::event::TemplateEvent;
use super::{Template, TemplateError};
use crate::ids::AccountId;
use crate::text::required;
use chrono::{DateTime, Utc};

type Decision = Result<Option<TemplateEvent>, TemplateError>;

impl Template {
    /// Judges a command. `Ok(None)` means that there is nothing new to record.
    ///
    /// # Errors
    /// The rule that refuses it.
    pub fn decide(&self, command: TemplateCommand) -> Decision {
        let TemplateCommand { by, at, expected_version, action } = command;
        let by = by.account;
        if let (TemplateAction::SwitchImported { active }, None) = (&action, &self.content) {
            let active = *active;
            let switched = match active {
                true => TemplateEvent::TemplateActivated { by, at },
                false => TemplateEvent::TemplateDeactivated { by, at },
            };
            return Ok((self.imported_off == active).then_some(switched));
        }
        let Some(held) = &self.content else {
            let TemplateAction::Create(content) = action else {
                return Err(TemplateError::NotCreated);
            };
            return Ok(Some(TemplateEvent::TemplateCreated { by, at, content: content.checked()? }));
        };
        if let Some(expected) = expected_version
            && expected != self.version
        {
            return Err(TemplateError::StaleVersion { expected, actual: self.version });
        }
        match action {
            TemplateAction::Create(_) | TemplateAction::SwitchImported { .. } => {
                Err(TemplateError::AlreadyCreated)
            }
            TemplateAction::Retire { reason } => self.retire(held, by, at, &reason),
            TemplateAction::Revise(_) | TemplateAction::Activate | TemplateAction::Deactivate
                if self.is_retired() =>
            {
                Err(TemplateError::Retired { name: held.name.clone() })
            }
            TemplateAction::Revise(revision) => {
                let content = revision.of(held).checked()?;
                let version = self.content_version + 1;
                Ok((content != *held).then_some(TemplateEvent::TemplateRevised { by, at, version, content }))
            }
            TemplateAction::Activate => {
                Ok((!self.active).then_some(TemplateEvent::TemplateActivated { by, at }))
            }
            TemplateAction::Deactivate => {
                Ok(self.active.then_some(TemplateEvent::TemplateDeactivated { by, at }))
            }
        }
    }

    fn retire(&self, held: &Content, by: AccountId, at: DateTime<Utc>, reason: &str) -> Decision {
        let reason = required("reason", reason, limits::LONG_TEXT_CHARS)?;
        match &self.retired {
            Some((who, why)) if *who == by && *why == reason => Ok(None),
            Some(_) => Err(TemplateError::Retired { name: held.name.clone() }),
            None => Ok(Some(TemplateEvent::TemplateRetired { by, at, reason })),
        }
    }
}
