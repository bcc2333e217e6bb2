//! What a notification is about. Titles are those of now, joined when somebody looks.

use crate::context::Viewer;
use crate::error::ApiError;
use crate::page::global_id;
use crate::permissions::{self, Kind as Operation};
use aegis_projections::notifications::{self, SubjectKind, Title};
use aegis_projections::{DatabaseError, Pool};
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, Enum, ID, Object};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// What notifications are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "SubjectKind")]
pub enum NotificationSubjectKind {
    /// A test.
    Test,
    /// A campaign.
    Campaign,
    /// A remediation.
    Remediation,
    /// A job.
    Job,
}

/// What a notification is about, and where it leads.
pub struct NotificationSubject {
    pub(super) kind: SubjectKind,
    pub(super) id: Uuid,
    pub(super) number: Option<i64>,
}

#[Object]
impl NotificationSubject {
    async fn kind(&self) -> NotificationSubjectKind {
        self.kind.into()
    }
    /// The id that `node` takes.
    async fn id(&self) -> ID {
        let kind = match self.kind {
            SubjectKind::Test => "Test",
            SubjectKind::Campaign => "Campaign",
            SubjectKind::Remediation => "Remediation",
            SubjectKind::Job => "Job",
        };
        global_id(kind, self.id)
    }
    /// What people know it by; jobs have none.
    async fn number(&self) -> Option<i64> {
        self.number
    }
    /// Its title or name as it is now; null where it may not be seen any more.
    async fn title(&self, ctx: &Context<'_>) -> Result<Option<String>, ApiError> {
        // Somebody who is no admin any more was told of jobs once.
        let viewer = ctx.data_unchecked::<Viewer>();
        if self.kind == SubjectKind::Job && permissions::check(Operation::Query, "job", viewer).is_err() {
            return Ok(None);
        }
        let loader = ctx.data_unchecked::<DataLoader<Titles>>();
        Ok(loader.load_one((self.kind, self.id)).await?.map(|title| title.text))
    }
}

/// Loads the titles of one request together.
pub struct Titles(pub Pool);

impl Loader<(SubjectKind, Uuid)> for Titles {
    type Value = Title;
    type Error = Arc<DatabaseError>;

    async fn load(
        &self,
        keys: &[(SubjectKind, Uuid)],
    ) -> Result<HashMap<(SubjectKind, Uuid), Title>, Self::Error> {
        notifications::titles(&self.0, keys).await.map_err(Arc::new)
    }
}
