//! What each event tells, and whom it concerns. Pure: who that is, is read
//! elsewhere, as of the event. docs/NOTIFICATIONS.md has the same as a table.

use aegis_aggregates::actor::Role;
use aegis_aggregates::campaign::{CampaignEvent, CampaignOrigin};
use aegis_aggregates::discussion::{DiscussionEvent, Subject, SubjectKind as Discussed};
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::remediation::RemediationEvent;
use aegis_aggregates::test::{Outcome, TestEvent, TestOrigin};
use aegis_projections::DatabaseError;
use aegis_projections::fold::{DomainEvent, Sealed};
use aegis_projections::notifications::{
    Audience, Kind, SubjectKind, comment_mentions, remediation_assignee, test_assignee,
};
use sqlx::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Who evaluates.
const BLUE: &[Role] = &[Role::BlueTech, Role::BlueLead];
/// Who votes.
const LEADS: &[Role] = &[Role::RedLead, Role::BlueLead];
/// Who attacks.
const RED: &[Role] = &[Role::RedTech];

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub kind: Kind,
    /// What it is about.
    pub subject_kind: SubjectKind,
    /// Which.
    pub subject_id: Uuid,
    /// Whom it concerns.
    pub audience: Vec<Audience>,
    /// To whom of them it is no news.
    pub before: Option<Before>,
}

/// What was so before the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// Somebody had the test.
    TestAssignee(Uuid),
    /// Somebody saw to the remediation.
    RemediationAssignee(Uuid),
    /// The comment mentioned them.
    Mentioned(Uuid),
}

impl Before {
    /// Who they were as of a position.
    ///
    /// # Errors
    /// The database failed.
    pub(super) async fn who(
        &self,
        connection: &mut PgConnection,
        aggregate_id: &str,
        at: i64,
    ) -> Result<BTreeSet<Uuid>, DatabaseError> {
        Ok(match self {
            Self::TestAssignee(test) => test_assignee(connection, *test, at).await?.into_iter().collect(),
            Self::RemediationAssignee(remediation) => {
                remediation_assignee(connection, *remediation, at).await?.into_iter().collect()
            }
            Self::Mentioned(comment) => comment_mentions(connection, aggregate_id, *comment, at).await?,
        })
    }
}

impl Notice {
    fn new(kind: Kind, subject_kind: SubjectKind, subject_id: Uuid, audience: Vec<Audience>) -> Self {
        Self { kind, subject_kind, subject_id, audience, before: None }
    }

    fn unless(self, before: Before) -> Self {
        Self { before: Some(before), ..self }
    }
}

/// What an event tells, the most pressing first: who is told of one is not told of the next.
pub fn notices(event: &Sealed) -> Vec<Notice> {
    // Ids of these are UUIDs by construction; a foreign one is nothing anybody knows.
    let id = event.aggregate_id.parse::<Uuid>().ok();
    match (&event.body, id) {
        (DomainEvent::Test(body), Some(test)) => of_test(test, body),
        (DomainEvent::Remediation(body), Some(remediation)) => of_remediation(remediation, body),
        (DomainEvent::Campaign(body), Some(campaign)) => of_campaign(campaign, body),
        (DomainEvent::Discussion(body), _) => of_discussion(&event.aggregate_id, body),
        (DomainEvent::Test(_) | DomainEvent::Remediation(_) | DomainEvent::Campaign(_), None)
        // That an import is finished is told by its job, which knows of one that changed nothing too.
        | (DomainEvent::Knowledge(_), _)
        | (DomainEvent::Roster(_) | DomainEvent::AccessPolicy(_) | DomainEvent::AccessJournal(_) | DomainEvent::ReviewPolicy(_) | DomainEvent::Template(_), _) => vec![],
    }
}

fn of_test(test: Uuid, event: &TestEvent) -> Vec<Notice> {
    let notice = |kind, audience| vec![Notice::new(kind, SubjectKind::Test, test, audience)];
    let assigned = |assignee: Option<AccountId>| {
        let named = Audience::Accounts(assignee.into_iter().collect());
        Notice::new(Kind::TestAssigned, SubjectKind::Test, test, vec![named])
            .unless(Before::TestAssignee(test))
    };
    match event {
        TestEvent::TestDrafted { details, origin: Some(TestOrigin::Retest { .. }), .. } => {
            let assignee = Audience::Accounts(details.assignee.into_iter().collect());
            notice(Kind::RetestDrafted, vec![Audience::Roles(RED), assignee])
        }
        TestEvent::TestDrafted {
            details,
            origin:
                None | Some(TestOrigin::Template { .. } | TestOrigin::Clone { .. } | TestOrigin::Campaign { .. }),
            ..
        }
        | TestEvent::TestRevised { details, .. } => vec![assigned(details.assignee)],
        TestEvent::ExecutionSubmitted { .. } => notice(Kind::TestToEvaluate, vec![Audience::Roles(BLUE)]),
        TestEvent::EvaluationSubmitted { .. } => notice(Kind::TestInReview, vec![Audience::Roles(LEADS)]),
        TestEvent::VoteCast { round, outcome: Some(outcome), .. } => {
            let performers = Audience::Performers { test, round: *round };
            match outcome {
                Outcome::Validated { .. } => notice(Kind::TestValidated, vec![performers]),
                Outcome::Rejected => notice(Kind::TestRejected, vec![performers]),
                // It is for the two leads to settle it.
                Outcome::Disputed => {
                    notice(Kind::TestDisputed, vec![performers, Audience::Voters { test, round: *round }])
                }
            }
        }
        // The round that was rejected is the one before.
        TestEvent::TestReopened { round, .. } => {
            let performers = Audience::Performers { test, round: round.saturating_sub(1) };
            notice(Kind::TestReopened, vec![performers])
        }
        TestEvent::VoteCast { outcome: None, .. }
        | TestEvent::ExecutionStarted { .. }
        | TestEvent::AttackRecorded { .. }
        | TestEvent::DetectionRecorded { .. }
        | TestEvent::EvaluationStarted { .. }
        | TestEvent::WorkPaused { .. }
        | TestEvent::WorkResumed { .. }
        | TestEvent::EvidenceAdded { .. }
        | TestEvent::EvidenceRemoved { .. }
        | TestEvent::TestClassified { .. }
        | TestEvent::TestArchived { .. }
        | TestEvent::TestRestored { .. }
        | TestEvent::RetestScheduled { .. } => vec![],
    }
}

fn of_remediation(remediation: Uuid, event: &RemediationEvent) -> Vec<Notice> {
    let notice = |kind, audience| vec![Notice::new(kind, SubjectKind::Remediation, remediation, audience)];
    let assigned = |assignee: Option<AccountId>| {
        let named = Audience::Accounts(assignee.into_iter().collect());
        vec![
            Notice::new(Kind::RemediationAssigned, SubjectKind::Remediation, remediation, vec![named])
                .unless(Before::RemediationAssignee(remediation)),
        ]
    };
    let assignee = Audience::RemediationAssignee { remediation };
    let opener = Audience::RemediationOpener { remediation };
    match event {
        RemediationEvent::RemediationOpened { plan, .. } | RemediationEvent::RemediationRevised { plan, .. } => {
            assigned(plan.assignee)
        }
        RemediationEvent::RemediationAssigned { assignee, .. } => assigned(*assignee),
        RemediationEvent::RemediationBlocked { .. } => {
            notice(Kind::RemediationBlocked, vec![assignee, opener])
        }
        RemediationEvent::RemediationReopened { .. }
        | RemediationEvent::RetestFailed { .. }
        | RemediationEvent::RiskAcceptanceExpired { .. } => {
            notice(Kind::RemediationReopened, vec![assignee, opener])
        }
        RemediationEvent::RemediationVerified { .. } => {
            notice(Kind::RemediationVerified, vec![assignee, opener])
        }
        RemediationEvent::StepAdded { .. }
        | RemediationEvent::StepRevised { .. }
        | RemediationEvent::StepRemoved { .. }
        | RemediationEvent::StepStatusChanged { .. }
        | RemediationEvent::RemediationStarted { .. }
        | RemediationEvent::RemediationUnblocked { .. }
        | RemediationEvent::RemediationCompleted { .. }
        | RemediationEvent::RiskAccepted { .. }
        // The draft of the retest tells it.
        | RemediationEvent::RetestCreated { .. }
        | RemediationEvent::RetestNotCreated { .. } => vec![],
    }
}

fn of_campaign(campaign: Uuid, event: &CampaignEvent) -> Vec<Notice> {
    let notice = |kind, audience| vec![Notice::new(kind, SubjectKind::Campaign, campaign, audience)];
    let everybody = || vec![Audience::CampaignOwners { campaign }, Audience::CampaignTeam { campaign }];
    match event {
        CampaignEvent::CampaignCreated {
            plan,
            origin: Some(CampaignOrigin::Run { on_behalf_of, .. }),
            ..
        } => {
            let people = [Some(*on_behalf_of), plan.owner].into_iter().flatten().collect();
            notice(Kind::CampaignRunCreated, vec![Audience::Accounts(people)])
        }
        CampaignEvent::CampaignActivated { .. } => notice(Kind::CampaignActivated, everybody()),
        CampaignEvent::CampaignCompleted { .. } => notice(Kind::CampaignCompleted, everybody()),
        CampaignEvent::CampaignCreated { origin: None | Some(CampaignOrigin::Clone { .. }), .. }
        | CampaignEvent::CampaignRevised { .. }
        | CampaignEvent::CampaignTestsAdded { .. }
        | CampaignEvent::CampaignTestRevised { .. }
        | CampaignEvent::CampaignTestRemoved { .. }
        | CampaignEvent::CampaignScheduled { .. }
        | CampaignEvent::CampaignUnscheduled { .. }
        | CampaignEvent::CampaignRunDue { .. }
        | CampaignEvent::CampaignRunsSkipped { .. }
        | CampaignEvent::CampaignArchived { .. } => vec![],
    }
}

fn of_discussion(id: &str, event: &DiscussionEvent) -> Vec<Notice> {
    let Some(subject) = Subject::parse(id) else {
        return vec![];
    };
    let kind = match subject.kind {
        Discussed::Test => SubjectKind::Test,
        Discussed::Campaign => SubjectKind::Campaign,
        Discussed::Remediation => SubjectKind::Remediation,
    };
    let mentioned = |mentions: &BTreeSet<AccountId>| {
        let named = Audience::Accounts(mentions.iter().copied().collect());
        Notice::new(Kind::CommentMention, kind, subject.id, vec![named])
    };
    match event {
        DiscussionEvent::CommentPosted { mentions, .. } => {
            let about = match subject.kind {
                Discussed::Test => vec![Audience::Participants { test: subject.id }],
                Discussed::Campaign => vec![Audience::CampaignOwners { campaign: subject.id }],
                Discussed::Remediation => vec![
                    Audience::RemediationAssignee { remediation: subject.id },
                    Audience::RemediationOpener { remediation: subject.id },
                ],
            };
            let others = Audience::Commenters { kind, id: subject.id };
            let audience = about.into_iter().chain([others]).collect();
            let posted = Notice::new(Kind::CommentPosted, kind, subject.id, audience);
            (!mentions.is_empty()).then(|| mentioned(mentions)).into_iter().chain([posted]).collect()
        }
        DiscussionEvent::CommentEdited { comment, mentions, .. } => {
            vec![mentioned(mentions).unless(Before::Mentioned(comment.0))]
        }
        DiscussionEvent::CommentRetracted { .. } => vec![],
    }
}

#[cfg(test)]
mod tests;
