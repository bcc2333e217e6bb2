//! What the signed-in person is told: the list, the bell, marking as read. Everybody sees their own and nobody else's.

pub(crate) mod preferences;
pub(crate) mod subject;

use crate::context::{Services, acting};
use crate::error::ApiError;
use crate::mutation;
use crate::page::{MAX_PAGE, Window, global_id, local_id, page};
use crate::people::Person;
use crate::permissions::{self, Kind as Operation};
use aegis_projections::Pool;
use aegis_projections::notifications::{self, Kind, NotificationRecord};
use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::futures_util::Stream;
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::time::Duration;
use subject::NotificationSubject;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

/// How often an open bell is looked at, whether or not anything was told.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Notifications in one result of an open bell; what is more comes with the next.
const LIVE_AT_ONCE: i64 = 20;

/// What people can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "Kind")]
pub enum NotificationKind {
    /// A test was given to you.
    TestAssigned,
    /// Red handed a test over to blue.
    TestToEvaluate,
    /// A test waits for the votes of both leads.
    TestInReview,
    /// Both sides of a test were approved.
    TestValidated,
    /// A side of a test was rejected.
    TestRejected,
    /// The leads disagree about a test.
    TestDisputed,
    /// A rejected test started again.
    TestReopened,
    /// A remediated test is to be tested again.
    RetestDrafted,
    /// A remediation was given to you.
    RemediationAssigned,
    /// Something is in the way of a remediation.
    RemediationBlocked,
    /// A remediation is to be worked on again: it was reopened, its retest failed, or its accepted risk has ended.
    RemediationReopened,
    /// The retest of a remediation was detected.
    RemediationVerified,
    /// A campaign began.
    CampaignActivated,
    /// A campaign ended.
    CampaignCompleted,
    /// A schedule made a campaign.
    CampaignRunCreated,
    /// A comment mentions you.
    CommentMention,
    /// Somebody commented on what you have to do with.
    CommentPosted,
    /// A job failed.
    JobFailed,
    /// An import is finished.
    SyncFinished,
}

/// Something that the signed-in person was told.
pub struct Notification(pub(crate) NotificationRecord);

impl Notification {
    fn known(record: NotificationRecord) -> Option<Self> {
        // Another version may have written kinds that this one does not know.
        Kind::parse(&record.kind)?;
        notifications::SubjectKind::parse(&record.subject_kind)?;
        Some(Self(record))
    }

    fn all(records: Vec<NotificationRecord>) -> Vec<Self> {
        records.into_iter().filter_map(Self::known).collect()
    }

    fn what(&self) -> (Kind, notifications::SubjectKind) {
        let kind = Kind::parse(&self.0.kind).unwrap_or(Kind::CommentPosted);
        let subject = notifications::SubjectKind::parse(&self.0.subject_kind);
        (kind, subject.unwrap_or(notifications::SubjectKind::Test))
    }
}

#[Object]
impl Notification {
    async fn id(&self) -> ID {
        global_id("Notification", self.0.notification_id)
    }
    async fn kind(&self) -> NotificationKind {
        self.what().0.into()
    }
    /// What happened, in a sentence: "Test #7 is ready for blue".
    async fn title(&self) -> String {
        let (kind, subject) = self.what();
        kind.sentence(subject, self.0.number)
    }
    /// What it is about, and where it leads.
    async fn subject(&self) -> NotificationSubject {
        NotificationSubject { kind: self.what().1, id: self.0.subject_id, number: self.0.number }
    }
    /// Who did it; "system" for the machine itself.
    async fn actor(&self) -> Person {
        Person(self.0.actor)
    }
    /// The ledger position of the event, or of the request of the job.
    async fn position(&self) -> i64 {
        self.0.position
    }
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
    /// When it was marked as read; null while it is not.
    async fn read_at(&self) -> Option<DateTime<Utc>> {
        self.0.read_at
    }
}

/// What a list of notifications says beside them.
#[derive(SimpleObject)]
pub struct NotificationsListed {
    /// How many are not marked as read, in all.
    unread_count: i64,
    /// How many the list has in all.
    total_count: i64,
    /// Always true: all of them were counted.
    total_is_exact: bool,
    /// The ledger position that this server shows; people may have been told of less.
    position: i64,
}

/// One to be marked as read.
#[derive(InputObject, Serialize)]
pub struct MarkNotificationReadInput {
    id: ID,
}

/// All to be marked as read.
#[derive(InputObject, Serialize)]
pub struct MarkAllNotificationsReadInput {
    /// The newest one that was seen: what came after it stays unread. Left out, all are marked.
    up_to: Option<ID>,
}

mutation::payload!(
    /// The notification, and how many are left unread.
    MarkNotificationReadPayload { notification: Option<Notification>, unread_count: Option<i64> }
);
mutation::payload!(
    /// How many were marked, and how many are left unread.
    MarkAllNotificationsReadPayload { marked: Option<i64>, unread_count: Option<i64> }
);

#[derive(Default)]
pub struct NotificationQuery;

#[Object]
impl NotificationQuery {
    /// What the signed-in person was told, newest first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        unread_only: Option<bool>,
    ) -> Result<Connection<String, Notification, NotificationsListed, EmptyFields>, ApiError> {
        let (services, actor) = acting(ctx)?;
        let account = actor.account.0;
        let unread_only = unread_only.unwrap_or_default();
        let window = Window::<i64>::parse(first, after, MAX_PAGE)?;
        // Counted first, so that the list has all that was counted.
        let counts = notifications::counts(&services.pool, account).await?;
        let found =
            notifications::list(&services.pool, account, unread_only, window.after, window.limit()).await?;
        let listed = NotificationsListed {
            unread_count: counts.unread,
            total_count: if unread_only { counts.unread } else { counts.all },
            total_is_exact: true,
            position: services.tide.position(),
        };
        page(&window, Notification::all(found), listed, |notification| notification.0.place)
    }
}

#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Marks one of the signed-in person's own as read; marked again, it stays as it is.
    async fn mark_notification_read(
        &self,
        ctx: &Context<'_>,
        input: MarkNotificationReadInput,
    ) -> Result<MarkNotificationReadPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let (account, id) = (actor.account.0, id_of(&input.id)?);
        let marked = notifications::mark(&services.pool, account, id).await?;
        let marked = marked.ok_or(ApiError::NotFound("notification"))?;
        let unread = rung(services, account).await?;
        let notification = Notification::known(marked);
        let mut payload = MarkNotificationReadPayload::written(mutation::Written::default(), notification);
        payload.unread_count = Some(unread);
        Ok(payload)
    }

    /// Marks all of the signed-in person's own as read, or those up to one of them.
    async fn mark_all_notifications_read(
        &self,
        ctx: &Context<'_>,
        input: MarkAllNotificationsReadInput,
    ) -> Result<MarkAllNotificationsReadPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let account = actor.account.0;
        let up_to = match &input.up_to {
            Some(id) => {
                let place = notifications::place_of(&services.pool, account, id_of(id)?).await?;
                Some(place.ok_or(ApiError::NotFound("notification"))?)
            }
            None => None,
        };
        let marked = notifications::mark_all(&services.pool, account, up_to).await?;
        let unread = rung(services, account).await?;
        let marked = i64::try_from(marked).unwrap_or(i64::MAX);
        let mut payload =
            MarkAllNotificationsReadPayload::written(mutation::Written::default(), Some(marked));
        payload.unread_count = Some(unread);
        Ok(payload)
    }
}

/// Somebody else's is answered like one that does not exist.
fn id_of(id: &ID) -> Result<Uuid, ApiError> {
    let local = local_id(id, "Notification").and_then(|id| id.parse().ok());
    local.ok_or(ApiError::NotFound("notification"))
}

/// Tells the other windows of an account that it has read something; says how many are left.
async fn rung(services: &Services, account: Uuid) -> Result<i64, ApiError> {
    services.relay.tell_news(&services.pool, &[account]).await;
    Ok(notifications::bell(&services.pool, account).await?.0)
}

/// What is new at the bell of the signed-in person.
#[derive(SimpleObject)]
pub struct NotificationNews {
    /// How many are not marked as read now.
    unread_count: i64,
    /// What came since the last result, oldest first; none in the first, and none when some were marked as read.
    notifications: Vec<Notification>,
}

#[derive(Default)]
pub struct NotificationSubscription;

#[Subscription]
impl NotificationSubscription {
    /// The bell of the signed-in person: how it stands at once, then whenever something comes or is marked as read.
    /// Ends when the session does.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = NotificationNews> + use<>, ApiError> {
        let (services, viewer) = (ctx.data_unchecked::<Services>(), ctx.data_unchecked());
        permissions::demand(services, viewer, Operation::Subscription, "notifications").await?;
        let (services, actor) = acting(ctx)?;
        let account = actor.account.0;
        // Heard from before the first look on, so that nothing falls between.
        let told = services.relay.news();
        let (unread, newest) = notifications::bell(&services.pool, account).await?;
        let bell = Bell { pool: services.pool.clone(), told, account, seen: newest, unread, more: false };
        let first = NotificationNews { unread_count: unread, notifications: vec![] };
        let rest = futures::stream::unfold(bell, |mut bell| async {
            let news = bell.next().await?;
            Some((news, bell))
        });
        Ok(futures::StreamExt::chain(futures::stream::once(async { first }), rest))
    }
}

/// A bell that somebody watches.
struct Bell {
    pool: Pool,
    told: broadcast::Receiver<Uuid>,
    account: Uuid,
    /// The place of the newest that was shown.
    seen: i64,
    /// How many were unread then.
    unread: i64,
    /// Whether there may be more than fitted into the last result.
    more: bool,
}

impl Bell {
    /// Waits for something new; `None` never, as long as it is polled.
    async fn next(&mut self) -> Option<NotificationNews> {
        loop {
            if !self.more {
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = rings(&mut self.told, self.account) => {}
                }
            }
            let found = notifications::since(&self.pool, self.account, self.seen, LIVE_AT_ONCE).await;
            let unread = notifications::bell(&self.pool, self.account).await;
            let (Ok(found), Ok((unread, _))) = (found, unread) else {
                // It is looked at again: what was missed is still there.
                self.more = false;
                continue;
            };
            self.more = i64::try_from(found.len()).is_ok_and(|count| count == LIVE_AT_ONCE);
            self.seen = found.last().map_or(self.seen, |newest| newest.place);
            if found.is_empty() && self.unread == unread {
                continue;
            }
            self.unread = unread;
            return Some(NotificationNews { unread_count: unread, notifications: Notification::all(found) });
        }
    }
}

/// Comes when an account is told of, or when it may have been.
async fn rings(told: &mut broadcast::Receiver<Uuid>, account: Uuid) {
    loop {
        match told.recv().await {
            Ok(other) if other != account => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
