//! The words of the schema about campaigns.

use aegis_aggregates::campaign as domain;
use aegis_aggregates::campaign::CampaignEvent;
use async_graphql::Enum;
use serde::Serialize;

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CampaignState")]
pub enum CampaignState {
    /// Being planned.
    Draft,
    /// Running; its plan is settled.
    Active,
    /// Over; final but for archiving.
    Completed,
    /// Put away; final.
    Archived,
}

/// What sort of exercise it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::CampaignKind")]
pub enum CampaignKind {
    /// Put together by hand, for its own purpose.
    Custom,
    /// Follows what a threat actor is known to do.
    ThreatActor,
    /// Both teams at one table, test by test.
    PurpleTeam,
    /// The attackers' exercise.
    RedTeam,
    /// The defenders' exercise.
    BlueTeam,
    /// Talked through, not carried out.
    Tabletop,
}

/// How often a campaign runs again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::Every")]
pub enum ScheduleEvery {
    /// Every seven days.
    Weekly,
    /// Every month; on the last day of one that is too short.
    Monthly,
    /// Every three months.
    Quarterly,
}

/// What becomes of runs that nobody recorded when they were due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[graphql(remote = "domain::MissedRuns")]
pub enum MissedRuns {
    /// Each is made, late.
    CreateAll,
    /// The latest is made, those before it are recorded as skipped.
    LatestOnly,
}

/// A step that is open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::OpenAction")]
pub enum CampaignAction {
    /// `updateCampaign`.
    Revise,
    /// `addCampaignTest`, `updateCampaignTest`, `moveCampaignTest`, `removeCampaignTest`.
    ArrangeTests,
    /// `scheduleCampaign`.
    Schedule,
    /// `unscheduleCampaign`.
    Unschedule,
    /// `activateCampaign`.
    Activate,
    /// `completeCampaign`.
    Complete,
    /// `archiveCampaign`.
    Archive,
}

pub(super) fn mutation_of(action: domain::OpenAction) -> &'static str {
    use domain::OpenAction as Open;
    match action {
        Open::Revise => "updateCampaign",
        Open::ArrangeTests => "addCampaignTest",
        Open::Schedule => "scheduleCampaign",
        Open::Unschedule => "unscheduleCampaign",
        Open::Activate => "activateCampaign",
        Open::Complete => "completeCampaign",
        Open::Archive => "archiveCampaign",
    }
}

/// One line of a timeline.
pub(crate) fn summary_of(event: &CampaignEvent) -> String {
    let tests = |count: usize| if count == 1 { "1 test".to_owned() } else { format!("{count} tests") };
    match event {
        CampaignEvent::CampaignCreated { tests: links, origin, .. } => {
            let how = match origin {
                Some(domain::CampaignOrigin::Run { due, late, .. }) => {
                    let late = if *late { ", late" } else { "" };
                    format!("Made by a schedule, due {}{late}", due.format("%Y-%m-%d %H:%M"))
                }
                Some(domain::CampaignOrigin::Clone { .. }) => "Cloned".to_owned(),
                None => "Created".to_owned(),
            };
            format!("{how}, with {}", tests(links.len()))
        }
        CampaignEvent::CampaignRevised { .. } => "Revised".to_owned(),
        CampaignEvent::CampaignTestsAdded { tests: links, .. } => format!("{} added", tests(links.len())),
        CampaignEvent::CampaignTestRevised { .. } => "A test got another place".to_owned(),
        CampaignEvent::CampaignTestRemoved { .. } => "A test was removed".to_owned(),
        CampaignEvent::CampaignScheduled { schedule, .. } => format!(
            "Scheduled {} from {} ({})",
            schedule.every.as_str(),
            schedule.first.format("%Y-%m-%d %H:%M"),
            schedule.time_zone
        ),
        CampaignEvent::CampaignUnscheduled { .. } => "Schedule ended".to_owned(),
        CampaignEvent::CampaignRunDue { due, late, .. } => {
            format!("Run due {}{}", due.format("%Y-%m-%d %H:%M"), if *late { ", late" } else { "" })
        }
        CampaignEvent::CampaignRunsSkipped { count, .. } => {
            format!("{count} missed {} left out", if *count == 1 { "run" } else { "runs" })
        }
        CampaignEvent::CampaignActivated { .. } => "Activated".to_owned(),
        CampaignEvent::CampaignCompleted { .. } => "Completed".to_owned(),
        CampaignEvent::CampaignArchived { .. } => "Archived".to_owned(),
    }
}
