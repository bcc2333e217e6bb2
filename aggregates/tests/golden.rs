//! Every event as it was first stored, kept forever.
//!
//! One file per aggregate, event type and version, `test.VoteCast.1.0.json`.
//! Each must read as today's event and write back as the same JSON, because
//! the ledger holds such events and nothing rewrites them. So a shipped event
//! takes a new field only with a default that is not written, and any other
//! change is a new version with an upcaster.
//!
//! `AEGIS_BLESS_GOLDEN=1` writes the files that are missing, from the samples
//! below; it never touches one that exists.

use aegis_aggregates::Aggregate;
use aegis_aggregates::access_journal::{AccessJournal, AccessJournalEvent, Segment};
use aegis_aggregates::access_policy::{AccessPolicy, AccessPolicyEvent, AccessPolicyInForce, GroupRole};
use aegis_aggregates::actor::Role;
use aegis_aggregates::campaign::{
    Campaign, CampaignEvent, CampaignKind, CampaignOrigin, CampaignTest, DueTime, Every, MissedRuns, Plan,
    Schedule, run_id,
};
use aegis_aggregates::discussion::{Discussion, DiscussionEvent};
use aegis_aggregates::ids::{
    AccountId, ApiKeyId, CampaignId, CommentId, EvidenceId, JobId, RemediationId, StepId, TechniqueId, TestId,
};
use aegis_aggregates::knowledge::{
    ImportRequest, Knowledge, KnowledgeEvent, KnowledgeSource, Release, SourceSettings, SyncRequest,
};
use aegis_aggregates::policy::{PolicyInForce, ReviewPolicy, ReviewPolicyEvent};
use aegis_aggregates::remediation::{
    Plan as Remedy, Priority, Remediation, RemediationEvent, StepContent, StepStatus,
};
use aegis_aggregates::roster::{KeyScope, Roster, RosterEvent};
use aegis_aggregates::template::{Argument, ArgumentKind, Content, Severity, Template, TemplateEvent};
use aegis_aggregates::test::{
    AttackRecord, Classification, ContainmentResult, Details, DetectionRecord, DetectionResult, Evidence,
    Outcome, SeenEvidence, Side, Test, TestEvent, TestOrigin, Verdict, Vote,
};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A file: what the event store keeps of an event.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    event_type: String,
    event_version: String,
    payload: Value,
}

/// A sample of every variant. The match inside has an arm for each listed
/// variant and no other, so a new event stops the build until it has one.
macro_rules! samples {
    (fn $name:ident() -> $event:ident { $($variant:ident => $sample:expr,)+ }) => {
        fn $name() -> Vec<$event> {
            fn _listed(event: &$event) {
                match event {
                    $($event::$variant { .. } => (),)+
                }
            }
            let samples = vec![$($sample),+];
            let names = [$(stringify!($variant)),+];
            for (sample, name) in samples.iter().zip(names) {
                assert_eq!(sample.event_type(), name);
            }
            samples
        }
    };
}

samples! {
    fn test_events() -> TestEvent {
        TestDrafted => TestEvent::TestDrafted { by: account(1), details: details(), origin: None },
        TestRevised => TestEvent::TestRevised { by: account(3), details: bare_details() },
        ExecutionStarted => TestEvent::ExecutionStarted { round: 1, by: account(1), at: at() },
        AttackRecorded => TestEvent::AttackRecorded { round: 1, by: account(1), at: at(), attack: attack() },
        ExecutionSubmitted => TestEvent::ExecutionSubmitted { round: 1, by: account(1), at: at() },
        DetectionRecorded => {
            TestEvent::DetectionRecorded { round: 1, by: account(2), at: at(), detection: detection() }
        },
        EvaluationSubmitted => TestEvent::EvaluationSubmitted { round: 1, by: account(2), at: at() },
        VoteCast => TestEvent::VoteCast { round: 1, at: at(), vote: vote(), outcome: Some(validated()) },
        TestReopened => TestEvent::TestReopened {
            round: 2,
            by: account(4),
            at: at(),
            reason: "Run it again with logging on.".to_owned(),
        },
        EvaluationStarted => TestEvent::EvaluationStarted { round: 1, by: account(2), at: at() },
        WorkPaused => TestEvent::WorkPaused {
            round: 1,
            side: Side::Red,
            by: account(1),
            at: at(),
            reason: "The lab is down.".to_owned(),
        },
        WorkResumed => TestEvent::WorkResumed { round: 1, side: Side::Blue, by: account(2), at: at() },
        EvidenceAdded => TestEvent::EvidenceAdded { round: 1, by: account(1), at: at(), evidence: evidence() },
        EvidenceRemoved => TestEvent::EvidenceRemoved {
            round: 1,
            by: account(1),
            at: at(),
            evidence: evidence().id,
            reason: "It shows another host.".to_owned(),
        },
        TestClassified => {
            TestEvent::TestClassified { by: account(4), at: at(), classification: Classification::Restricted }
        },
        TestArchived => {
            TestEvent::TestArchived { by: account(4), at: at(), reason: "Drafted twice.".to_owned() }
        },
        TestRestored => TestEvent::TestRestored { by: account(4), at: at() },
        RetestScheduled => TestEvent::RetestScheduled {
            by: account(4),
            at: at(),
            number: 1,
            retest: TestId(Uuid::from_u128(0x7e57_0000_0000_4000_8000_0000_0000_0002)),
            remediation: remediation(),
            completion: 1,
        },
    }
}

/// Events that say what version 1.0 could not.
fn test_events_that_say_more() -> Vec<TestEvent> {
    let planned = Details {
        procedure: "Run the cradle from a macro.".to_owned(),
        tool: Some("Atomic Red Team".to_owned()),
        ..details()
    };
    let original = TestId(Uuid::from_u128(0x7e57_0000_0000_4000_8000_0000_0000_0001));
    let origin = TestOrigin::Retest { original, number: 1, remediation: remediation() };
    let evidence = vec![SeenEvidence { id: evidence().id, sha256: evidence().sha256 }];
    vec![
        TestEvent::TestDrafted { by: account(1), details: planned.clone(), origin: Some(origin) },
        TestEvent::TestRevised { by: account(3), details: planned },
        TestEvent::VoteCast {
            round: 1,
            at: at(),
            vote: Vote { verdict: Verdict::Rejected, evidence, ..vote() },
            outcome: Some(Outcome::Disputed),
        },
    ]
}

samples! {
    fn discussion_events() -> DiscussionEvent {
        CommentPosted => DiscussionEvent::CommentPosted {
            comment: comment(),
            by: account(1),
            at: at(),
            text: format!("<@{}> please look.", account(2)),
            mentions: BTreeSet::from([account(2)]),
        },
        CommentEdited => DiscussionEvent::CommentEdited {
            comment: comment(),
            at: at(),
            text: "Never mind.".to_owned(),
            mentions: BTreeSet::new(),
        },
        CommentRetracted => {
            DiscussionEvent::CommentRetracted { comment: comment(), by: account(1), at: at() }
        },
    }
}

samples! {
    fn policy_events() -> ReviewPolicyEvent {
        ReviewPolicyChanged => ReviewPolicyEvent::ReviewPolicyChanged {
            by: account(4),
            at: at(),
            policy: ReviewPolicy { disputes: true, ..ReviewPolicy::default() },
            reason: "Leads shall talk.".to_owned(),
        },
    }
}

samples! {
    fn access_journal_events() -> AccessJournalEvent {
        SegmentClosed => AccessJournalEvent::SegmentClosed {
            at: at(),
            segment: Segment {
                number: 2,
                first: 101,
                last: 160,
                entries: 59,
                oldest: at(),
                newest: at(),
                sha256: "c3".repeat(32),
            },
        },
        SegmentsCut => {
            AccessJournalEvent::SegmentsCut { by: account(4), at: at(), from: 1, through: 2, last_entry: 160 }
        },
    }
}

samples! {
    fn campaign_events() -> CampaignEvent {
        CampaignCreated => CampaignEvent::CampaignCreated {
            by: account(1),
            at: at(),
            plan: plan(),
            tests: vec![link(1, &[]), link(2, &[1])],
            origin: Some(CampaignOrigin::Run {
                parent: campaign(),
                due: due().due,
                late: true,
                on_behalf_of: account(1),
            }),
        },
        CampaignRevised => CampaignEvent::CampaignRevised {
            by: account(1),
            at: at(),
            plan: Plan { starts_on: None, ends_on: None, owner: None, kind: CampaignKind::Custom, ..plan() },
        },
        CampaignTestsAdded => {
            CampaignEvent::CampaignTestsAdded { by: account(1), at: at(), tests: vec![link(3, &[1, 2])] }
        },
        CampaignTestRevised => {
            let test = CampaignTest { phase: None, ..link(3, &[]) };
            CampaignEvent::CampaignTestRevised { by: account(1), at: at(), test }
        },
        CampaignTestRemoved => {
            CampaignEvent::CampaignTestRemoved { by: account(1), at: at(), test: test_id(3) }
        },
        CampaignScheduled => {
            CampaignEvent::CampaignScheduled { by: account(1), at: at(), schedule: schedule() }
        },
        CampaignUnscheduled => CampaignEvent::CampaignUnscheduled { by: account(1), at: at() },
        CampaignRunDue => CampaignEvent::CampaignRunDue {
            at: at(),
            due: due().due,
            due_at: due().due_at,
            child: run_id(campaign(), due().due),
            late: false,
            on_behalf_of: account(1),
        },
        CampaignRunsSkipped => {
            CampaignEvent::CampaignRunsSkipped { at: at(), first: due(), last: due(), count: 1 }
        },
        CampaignActivated => CampaignEvent::CampaignActivated { by: account(3), at: at() },
        CampaignCompleted => CampaignEvent::CampaignCompleted { by: account(3), at: at() },
        CampaignArchived => CampaignEvent::CampaignArchived { by: account(1), at: at() },
    }
}

samples! {
    fn access_policy_events() -> AccessPolicyEvent {
        AccessPolicyChanged => AccessPolicyEvent::AccessPolicyChanged {
            by: account(1),
            at: at(),
            policy: AccessPolicy {
                second_factor_roles: BTreeSet::from([Role::Admin, Role::RedLead]),
                groups: vec![GroupRole { group: "soc".to_owned(), role: Role::BlueTech }],
                default_role: Some(Role::Viewer),
                single_sign_on_only: true,
            },
            reason: "Asked for by the audit.".to_owned(),
        },
    }
}

samples! {
    fn roster_events() -> RosterEvent {
        AccountOpened => {
            RosterEvent::AccountOpened { account: account(1), role: Role::RedLead, must_change_password: true }
        },
        RoleChanged => {
            RosterEvent::RoleChanged { account: account(1), from: Role::BlueTech, to: Role::BlueLead }
        },
        AccountDeactivated => RosterEvent::AccountDeactivated { account: account(1) },
        AccountReactivated => RosterEvent::AccountReactivated { account: account(1) },
        PasswordReset => RosterEvent::PasswordReset { account: account(1) },
        PasswordChanged => RosterEvent::PasswordChanged { account: account(1) },
        ServiceAccountOpened => {
            RosterEvent::ServiceAccountOpened { account: account(7), role: Role::BlueTech }
        },
        KeyIssued => RosterEvent::KeyIssued {
            account: account(7),
            key: ApiKeyId(Uuid::from_u128(8)),
            scope: KeyScope::Read,
            expires_at: at(),
        },
        KeyRevoked => RosterEvent::KeyRevoked { account: account(7), key: ApiKeyId(Uuid::from_u128(8)) },
        SecondFactorAdded => RosterEvent::SecondFactorAdded { account: account(1) },
        SecondFactorRemoved => RosterEvent::SecondFactorRemoved { account: account(1) },
        PersonErased => RosterEvent::PersonErased { account: account(1) },
    }
}

samples! {
    fn knowledge_events() -> KnowledgeEvent {
        ImportRequested => KnowledgeEvent::ImportRequested { request: request() },
        ImportRetried => KnowledgeEvent::ImportRetried { request: request() },
        SyncRequested => KnowledgeEvent::SyncRequested { request: sync_request() },
        SyncRetried => KnowledgeEvent::SyncRetried { request: sync_request() },
        SourceConfigured => KnowledgeEvent::SourceConfigured {
            settings: SourceSettings {
                addresses: vec!["https://mirror.example.com/a.zip".to_owned()],
                every_hours: 24,
                enabled: true,
            },
        },
        KnowledgeReleased => KnowledgeEvent::KnowledgeReleased {
            source: KnowledgeSource::AttackEnterprise,
            release: Release { version: "18.1".to_owned(), digest: "a1".repeat(32), job: Some(request().job), restored: false },
        },
    }
}

samples! {
    fn template_events() -> TemplateEvent {
        TemplateCreated => TemplateEvent::TemplateCreated { by: account(3), at: at(), content: content() },
        TemplateRevised => {
            TemplateEvent::TemplateRevised { by: account(3), at: at(), version: 2, content: bare_content() }
        },
        TemplateActivated => TemplateEvent::TemplateActivated { by: account(3), at: at() },
        TemplateDeactivated => TemplateEvent::TemplateDeactivated { by: account(3), at: at() },
        TemplateRetired => {
            TemplateEvent::TemplateRetired { by: account(3), at: at(), reason: "Superseded.".to_owned() }
        },
    }
}

samples! {
    fn remediation_events() -> RemediationEvent {
        RemediationOpened => RemediationEvent::RemediationOpened {
            by: account(4),
            at: at(),
            test: test(1),
            technique: details().technique,
            attack_id: details().attack_id,
            result: DetectionResult::NotDetected,
            plan: remedy(),
        },
        RemediationRevised => {
            RemediationEvent::RemediationRevised { by: account(4), at: at(), plan: bare_remedy() }
        },
        RemediationAssigned => {
            RemediationEvent::RemediationAssigned { by: account(4), at: at(), assignee: Some(account(2)) }
        },
        StepAdded => {
            RemediationEvent::StepAdded { by: account(2), at: at(), step: step(), content: step_content() }
        },
        StepRevised => {
            RemediationEvent::StepRevised { by: account(2), at: at(), step: step(), content: step_content() }
        },
        StepRemoved => RemediationEvent::StepRemoved { by: account(2), at: at(), step: step() },
        StepStatusChanged => RemediationEvent::StepStatusChanged {
            by: account(2),
            at: at(),
            step: step(),
            status: StepStatus::Doing,
        },
        RemediationStarted => RemediationEvent::RemediationStarted { by: account(2), at: at() },
        RemediationBlocked => RemediationEvent::RemediationBlocked {
            by: account(2),
            at: at(),
            reason: "No licence yet.".to_owned(),
        },
        RemediationUnblocked => RemediationEvent::RemediationUnblocked { by: account(2), at: at() },
        RemediationCompleted => RemediationEvent::RemediationCompleted {
            by: account(2),
            at: at(),
            completion: 1,
            notes: "Logging is on.".to_owned(),
        },
        RiskAccepted => RemediationEvent::RiskAccepted {
            by: account(4),
            at: at(),
            reason: "The host goes away.".to_owned(),
            expires_on: NaiveDate::from_ymd_opt(2026, 9, 1).expect("a day"),
        },
        RiskAcceptanceExpired => RemediationEvent::RiskAcceptanceExpired { at: at() },
        RetestCreated => {
            RemediationEvent::RetestCreated { at: at(), number: 1, retest: test(2), completion: 1 }
        },
        RetestNotCreated => RemediationEvent::RetestNotCreated {
            at: at(),
            completion: 4,
            reason: "The test has been retested 3 times.".to_owned(),
        },
        RemediationVerified => RemediationEvent::RemediationVerified { at: at(), retest: test(2) },
        RetestFailed => RemediationEvent::RetestFailed {
            at: at(),
            retest: test(2),
            result: DetectionResult::PartiallyDetected,
        },
        RemediationReopened => RemediationEvent::RemediationReopened {
            by: account(4),
            at: at(),
            reason: "It came back.".to_owned(),
        },
    }
}

fn account(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(0xacc0_0000_0000_4000_8000_0000_0000_0000 + number))
}

fn at() -> DateTime<Utc> {
    "2026-03-02T12:00:00.123456Z".parse().expect("an instant")
}

fn time(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).expect("a time with a zone")
}

fn details() -> Details {
    Details {
        technique: TechniqueId::parse("attack-pattern--970a3432-3237-47ad-bcca-7d8cbb217736")
            .expect("a STIX id"),
        attack_id: "T1059.001".to_owned(),
        title: "PowerShell download cradle".to_owned(),
        description: "A cradle fetches a script and runs it in memory.".to_owned(),
        objective: "Find out whether script block logging raises an alert.".to_owned(),
        target_environment: "lab".to_owned(),
        platform: Some("Windows".to_owned()),
        tags: BTreeSet::from(["powershell".to_owned(), "q1".to_owned()]),
        assignee: Some(account(1)),
        due_on: NaiveDate::from_ymd_opt(2026, 3, 31),
        procedure: String::new(),
        tool: None,
    }
}

fn evidence() -> Evidence {
    Evidence {
        id: EvidenceId(Uuid::from_u128(0xe71d_0000_0000_4000_8000_0000_0000_0001)),
        side: Side::Red,
        file_name: "capture.png".to_owned(),
        media_type: "image/png".to_owned(),
        size_bytes: 68,
        sha256: "c3".repeat(32),
        object_key: "evidence/e71d0000-0000-4000-8000-000000000001".to_owned(),
        caption: "The macro at work.".to_owned(),
    }
}

fn remediation() -> RemediationId {
    RemediationId(Uuid::from_u128(0x4e3d_0000_0000_4000_8000_0000_0000_0001))
}

fn comment() -> CommentId {
    CommentId(Uuid::from_u128(0xc033_0000_0000_4000_8000_0000_0000_0001))
}

fn bare_details() -> Details {
    Details {
        description: String::new(),
        objective: String::new(),
        target_environment: String::new(),
        platform: None,
        tags: BTreeSet::new(),
        assignee: None,
        due_on: None,
        ..details()
    }
}

fn attack() -> AttackRecord {
    AttackRecord {
        procedure: "Ran the cradle from a macro.".to_owned(),
        tool: Some("Atomic Red Team".to_owned()),
        started_at: time("2026-03-02T10:00:00+02:00"),
        ended_at: Some(time("2026-03-02T10:20:30.5+02:00")),
        success: true,
        summary: "The script ran.".to_owned(),
    }
}

fn detection() -> DetectionRecord {
    DetectionRecord {
        result: DetectionResult::PartiallyDetected,
        detected_at: Some(time("2026-03-02T09:59:00+02:00")),
        alerted_at: None,
        contained_at: Some(time("2026-03-02T03:30:00-05:00")),
        containment_result: Some(ContainmentResult::PartiallyContained),
        clock_skew_note: Some("The sensor runs two minutes late.".to_owned()),
        summary: "An alert without the command line.".to_owned(),
    }
}

fn vote() -> Vote {
    Vote {
        side: Side::Blue,
        verdict: Verdict::Approved,
        notes: "Read it.".to_owned(),
        voter: account(4),
        evidence: vec![],
    }
}

fn validated() -> Outcome {
    Outcome::Validated { detection_result: DetectionResult::PartiallyDetected }
}

fn test(number: u128) -> TestId {
    TestId(Uuid::from_u128(0x7e57_0000_0000_4000_8000_0000_0000_0000 + number))
}

fn step() -> StepId {
    StepId(Uuid::from_u128(0x57e9_0000_0000_4000_8000_0000_0000_0001))
}

fn step_content() -> StepContent {
    StepContent {
        title: "Roll the policy out".to_owned(),
        owner: Some(account(2)),
        notes: "Servers first.".to_owned(),
    }
}

fn remedy() -> Remedy {
    Remedy {
        title: "Turn script block logging on".to_owned(),
        description: "The cradle left no trace.".to_owned(),
        priority: Priority::High,
        assignee: Some(account(2)),
        due_on: NaiveDate::from_ymd_opt(2026, 3, 31),
        tags: BTreeSet::from(["logging".to_owned()]),
    }
}

fn bare_remedy() -> Remedy {
    Remedy {
        description: String::new(),
        priority: Priority::Low,
        assignee: None,
        due_on: None,
        tags: BTreeSet::new(),
        ..remedy()
    }
}

fn content() -> Content {
    Content {
        name: "Dump LSASS with comsvcs".to_owned(),
        description: "A system library writes the memory of LSASS to a file.".to_owned(),
        technique: details().technique,
        attack_id: "T1003.001".to_owned(),
        platforms: BTreeSet::from(["Windows".to_owned()]),
        severity: Severity::High,
        executor: "powershell".to_owned(),
        procedure: "rundll32 comsvcs.dll, MiniDump #{pid} #{file} full".to_owned(),
        cleanup: "Remove-Item #{file}".to_owned(),
        prerequisites: "An elevated shell.".to_owned(),
        expected_detection: "An alert on access to LSASS.".to_owned(),
        tool: Some("rundll32".to_owned()),
        tags: BTreeSet::from(["credentials".to_owned()]),
        references: vec!["https://attack.mitre.org/techniques/T1003/001/".to_owned()],
        arguments: vec![
            argument("pid", None, ArgumentKind::Integer),
            argument("file", Some("C:\\dump.dmp"), ArgumentKind::Path),
        ],
    }
}

fn bare_content() -> Content {
    Content {
        description: String::new(),
        platforms: BTreeSet::new(),
        severity: Severity::Low,
        executor: "manual".to_owned(),
        procedure: "Ask for a password.".to_owned(),
        cleanup: String::new(),
        prerequisites: String::new(),
        expected_detection: String::new(),
        tool: None,
        tags: BTreeSet::new(),
        references: vec![],
        arguments: vec![],
        ..content()
    }
}

fn argument(name: &str, default: Option<&str>, kind: ArgumentKind) -> Argument {
    let description = format!("The {name}.");
    Argument { name: name.to_owned(), description, default: default.map(str::to_owned), kind }
}

fn sync_request() -> SyncRequest {
    let addresses = vec!["https://mirror.example.com/a.zip".to_owned()];
    SyncRequest { job: request().job, addresses, preview: true }
}

fn request() -> ImportRequest {
    ImportRequest {
        job: JobId(Uuid::from_u128(0x0b0b_0000_0000_4000_8000_0000_0000_0001)),
        object_key: "uploads/0b0b0000-0000-4000-8000-000000000001".to_owned(),
        file_name: "enterprise-attack-18.1.json".to_owned(),
        sha256: "b2".repeat(32),
        size_bytes: 50_000_000,
        preview: false,
    }
}

fn campaign() -> CampaignId {
    CampaignId(Uuid::from_u128(0xca3b_0000_0000_4000_8000_0000_0000_0001))
}

fn test_id(number: u128) -> TestId {
    TestId(Uuid::from_u128(0x7e57_0000_0000_4000_8000_0000_0000_0000 + number))
}

fn plan() -> Plan {
    Plan {
        name: "Ransomware week".to_owned(),
        description: "From the first mail to the encrypted share.".to_owned(),
        kind: CampaignKind::PurpleTeam,
        objective: "Find out where the chain is seen first.".to_owned(),
        starts_on: NaiveDate::from_ymd_opt(2026, 3, 9),
        ends_on: NaiveDate::from_ymd_opt(2026, 3, 13),
        tags: BTreeSet::from(["q1".to_owned()]),
        owner: Some(account(3)),
    }
}

fn link(number: u128, waits_for: &[u128]) -> CampaignTest {
    CampaignTest {
        test: test_id(number),
        order: 1,
        phase: Some("Initial access".to_owned()),
        depends_on: waits_for.iter().map(|number| test_id(*number)).collect(),
    }
}

fn due() -> DueTime {
    DueTime {
        due: "2026-03-31T09:00:00".parse().expect("a local time"),
        due_at: "2026-03-31T07:00:00Z".parse().expect("an instant"),
    }
}

fn schedule() -> Schedule {
    Schedule {
        every: Every::Monthly,
        first: due().due,
        time_zone: "Europe/Berlin".parse().expect("a zone"),
        until: NaiveDate::from_ymd_opt(2027, 3, 31),
        missed: MissedRuns::LatestOnly,
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn file_name(aggregate: &str, event_type: &str, event_version: &str) -> String {
    format!("{aggregate}.{event_type}.{event_version}.json")
}

/// The files of an aggregate, by name.
fn files_of(aggregate: &str) -> Vec<(String, Golden)> {
    let prefix = format!("{aggregate}.");
    let mut files: Vec<_> = names()
        .into_iter()
        .filter(|name| name.starts_with(&prefix))
        .map(|name| {
            let text = fs::read_to_string(folder().join(&name)).expect("a readable file");
            let golden = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, golden)
        })
        .collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    files
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the golden folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name")).collect()
}

/// Writes the file of a sample, if asked to and it is missing.
fn bless(path: &Path, event: &impl DomainEvent) {
    if std::env::var("AEGIS_BLESS_GOLDEN").as_deref() != Ok("1") || path.exists() {
        return;
    }
    let golden = Golden {
        event_type: event.event_type(),
        event_version: event.event_version(),
        payload: serde_json::to_value(event).expect("JSON"),
    };
    let text = serde_json::to_string_pretty(&golden).expect("JSON");
    // `create_new` refuses a file that exists, whatever was seen a moment ago.
    let mut file = fs::File::create_new(path).expect("a new file");
    writeln!(file, "{text}").expect("written");
}

/// Every event type has its file, and every file still reads and writes.
fn holds<A: Aggregate>(samples: Vec<A::Event>) {
    for sample in &samples {
        let name = file_name(A::TYPE, &sample.event_type(), &sample.event_version());
        let path = folder().join(&name);
        bless(&path, sample);
        assert!(path.exists(), "{name} is missing; AEGIS_BLESS_GOLDEN=1 writes it");
    }
    for (name, golden) in files_of(A::TYPE) {
        assert_eq!(name, file_name(A::TYPE, &golden.event_type, &golden.event_version));
        let event: A::Event =
            serde_json::from_value(golden.payload.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(event.event_type(), golden.event_type, "{name}");
        assert_eq!(event.event_version(), golden.event_version, "{name}");
        assert_eq!(serde_json::to_value(&event).expect("JSON"), golden.payload, "{name}");
    }
}

#[test]
fn every_event_of_a_test_reads_as_it_was_written() {
    holds::<Test>([test_events(), test_events_that_say_more()].concat());
}

#[test]
fn every_event_of_a_discussion_reads_as_it_was_written() {
    holds::<Discussion>(discussion_events());
}

#[test]
fn every_event_of_the_policy_reads_as_it_was_written() {
    holds::<PolicyInForce>(policy_events());
}

#[test]
fn every_event_of_the_access_journal_reads_as_it_was_written() {
    holds::<AccessJournal>(access_journal_events());
}

#[test]
fn every_event_of_the_access_policy_reads_as_it_was_written() {
    holds::<AccessPolicyInForce>(access_policy_events());
}

#[test]
fn every_event_of_a_campaign_reads_as_it_was_written() {
    holds::<Campaign>(campaign_events());
}

#[test]
fn every_event_of_the_roster_reads_as_it_was_written() {
    holds::<Roster>(roster_events());
}

#[test]
fn every_event_of_knowledge_reads_as_it_was_written() {
    holds::<Knowledge>(knowledge_events());
}

#[test]
fn every_event_of_a_template_reads_as_it_was_written() {
    holds::<Template>(template_events());
}

#[test]
fn every_event_of_a_remediation_reads_as_it_was_written() {
    holds::<Remediation>(remediation_events());
}

#[test]
fn every_golden_file_belongs_to_an_aggregate() {
    for name in names() {
        let known = [
            Test::TYPE,
            Campaign::TYPE,
            Roster::TYPE,
            Knowledge::TYPE,
            Discussion::TYPE,
            PolicyInForce::TYPE,
            AccessJournal::TYPE,
            AccessPolicyInForce::TYPE,
            Template::TYPE,
            Remediation::TYPE,
        ];
        assert!(name.split_once('.').is_some_and(|(aggregate, _)| known.contains(&aggregate)), "{name}");
    }
}
