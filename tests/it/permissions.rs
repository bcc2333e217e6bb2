//! The permission table, walked over HTTP: every operation for every role, for
//! keys that may write and keys that may not, for nobody, and for somebody who
//! must first choose a password.

use crate::app::{PASSWORD, TestApp};
use crate::client::{Answer, Client, Events, code_of, global_id, local_id};
use crate::story::POWERSHELL;
use aegis_aggregates::actor::Role;
use aegis_aggregates::roster::KeyScope;
use aegis_api::permissions::{Asker as As, Kind, OPERATIONS, Operation, Who};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

const NOBODYS: &str = "00000000-0000-4000-8000-000000000000";

/// A valid request that changes nothing where it can be helped: what comes
/// after the permission may be refused, and is.
fn minimal(kind: Kind, name: &str) -> Option<(String, Value)> {
    let test = global_id("Test", NOBODYS);
    let user = global_id("User", NOBODYS);
    let job = global_id("Job", NOBODYS);
    let template = global_id("TestTemplate", NOBODYS);
    let remediation = global_id("Remediation", NOBODYS);
    let campaign = global_id("Campaign", NOBODYS);
    let webhook = global_id("Webhook", NOBODYS);
    let fields = match (kind, name) {
        (Kind::Query, "me") => "{ me { expiresAt } }".to_owned(),
        (Kind::Query, "node") => format!("{{ node(id: \"{test}\") {{ id }} }}"),
        (Kind::Query, "heatmap") => "{ heatmap { position } }".to_owned(),
        (Kind::Query, "attackRelease") => "{ attackRelease { version } }".to_owned(),
        (Kind::Query, "tactics") => "{ tactics { attackId } }".to_owned(),
        (Kind::Query, "technique") => "{ technique(attackId: \"T0000\") { attackId } }".to_owned(),
        (Kind::Query, "threatActor") => "{ threatActor(attackId: \"G0000\") { attackId } }".to_owned(),
        (Kind::Query, "test") => "{ test(number: 0) { id } }".to_owned(),
        (Kind::Query, "campaign") => "{ campaign(number: 0) { id } }".to_owned(),
        (Kind::Query, "campaigns") => "{ campaigns(first: 1) { totalCount } }".to_owned(),
        (Kind::Query, "compareCampaignRuns") => {
            format!("{{ compareCampaignRuns(first: \"{campaign}\", second: \"{campaign}\") {{ position }} }}")
        }
        (Kind::Query, "evidence") => format!("{{ evidence(id: \"{test}\") {{ id }} }}"),
        (Kind::Query, "savedFilters") => "{ savedFilters { id } }".to_owned(),
        (Kind::Query, "notifications") => "{ notifications(first: 1) { unreadCount } }".to_owned(),
        (Kind::Query, "notificationPreferences") => {
            "{ notificationPreferences { mailConfigured } }".to_owned()
        }
        (Kind::Query, "webhooks") => "{ webhooks { id } }".to_owned(),
        (Kind::Query, "webhook") => format!("{{ webhook(id: \"{webhook}\") {{ id }} }}"),
        (Kind::Query, "webhookDeliveries") => {
            format!("{{ webhookDeliveries(webhookId: \"{webhook}\", first: 1) {{ totalCount }} }}")
        }
        (Kind::Subscription, "notifications") => "subscription { notifications { unreadCount } }".to_owned(),
        (Kind::Query, "reviewPolicy") => "{ reviewPolicy { disputes } }".to_owned(),
        (Kind::Query, "comments") => format!("{{ comments(subjectId: \"{test}\") {{ totalCount }} }}"),
        (Kind::Query, "signInOptions") => "{ signInOptions { passwords } }".to_owned(),
        (Kind::Query, "singleSignOn") => "{ singleSignOn { issuer } }".to_owned(),
        (Kind::Query, "sessions") => "{ sessions { id } }".to_owned(),
        (Kind::Query, "secondFactor") => "{ secondFactor { active } }".to_owned(),
        (Kind::Query, "accessPolicy") => "{ accessPolicy { singleSignOnOnly } }".to_owned(),
        (Kind::Query, "people") => "{ people { id } }".to_owned(),
        (Kind::Query, "dataSources") => "{ dataSources { key } }".to_owned(),
        (Kind::Query, "job") => format!("{{ job(id: \"{job}\") {{ id }} }}"),
        (Kind::Query, "systemStatus") => "{ systemStatus { version } }".to_owned(),
        (Kind::Query, "auditLog") => "{ auditLog(first: 1) { position } }".to_owned(),
        (Kind::Query, "accountTimeline") => format!("{{ accountTimeline(id: \"{user}\") {{ position }} }}"),
        (Kind::Query, "testTemplate") => format!("{{ testTemplate(id: \"{template}\") {{ id }} }}"),
        (Kind::Query, "testTemplateStats") => "{ testTemplateStats { templates } }".to_owned(),
        (Kind::Query, "remediation") => format!("{{ remediation(id: \"{remediation}\") {{ id }} }}"),
        (
            Kind::Query,
            "techniques" | "threatActors" | "tests" | "testTemplates" | "remediations" | "users" | "jobs"
            | "serviceAccounts",
        ) => {
            format!("{{ {name}(first: 1) {{ totalCount }} }}")
        }
        (Kind::Subscription, "events") => "subscription { events { position } }".to_owned(),
        (Kind::Subscription, "jobProgress") => {
            format!("subscription {{ jobProgress(id: \"{job}\") {{ id }} }}")
        }
        (Kind::Mutation, "logout") => "mutation { logout { userErrors { code } } }".to_owned(),
        (Kind::Mutation, _) => {
            let input = match name {
                "login" => json!({ "username": "admin", "password": PASSWORD }),
                "changePassword" => json!({ "currentPassword": "wrong", "newPassword": "wrong" }),
                "beginSecondFactor" => json!({ "password": "wrong" }),
                "confirmSecondFactor" | "removeSecondFactor" | "renewRecoveryCodes" => {
                    json!({ "code": "000000" })
                }
                "updateProfile" => json!({ "timeZone": "Nowhere/None" }),
                "revokeSession" => json!({ "id": global_id("Session", NOBODYS) }),
                "revokeSessions" => json!({ "userId": user }),
                "resetSecondFactor" => json!({ "id": user }),
                "eraseUser" => json!({ "id": user, "username": "nobody" }),
                "createServiceAccount" => json!({ "name": "not a name", "role": "VIEWER" }),
                "issueApiKey" => json!({
                    "id": user, "label": "None", "scope": "READ", "expiresAt": "2026-01-01T00:00:00Z",
                }),
                "revokeApiKey" => json!({ "id": global_id("ApiKey", NOBODYS) }),
                "setAccessPolicy" => json!({ "reason": " " }),
                "createUser" => json!({ "username": "not a name", "role": "ADMIN" }),
                "updateUser" | "deactivateUser" | "reactivateUser" | "resetUserPassword" => {
                    json!({ "id": user })
                }
                "draftTest" => json!({ "attackId": "T0000", "title": "None" }),
                "reviseTest" | "startExecution" | "submitExecution" | "startEvaluation"
                | "submitEvaluation" | "resumeWork" | "archiveTest" | "restoreTest" | "cloneTest" => {
                    json!({ "id": test })
                }
                "pauseWork" => json!({ "id": test, "reason": "None" }),
                "classifyTest" => json!({ "id": test, "classification": "PUBLIC" }),
                "bulkTests" => json!({ "ids": [test], "action": "ARCHIVE" }),
                "markNotificationRead" => json!({ "id": test }),
                "markAllNotificationsRead" => json!({}),
                "setNotificationPreferences" => json!({ "preferences": [] }),
                "createWebhook" => json!({ "name": "None", "url": "nowhere", "events": [] }),
                "updateWebhook" | "deleteWebhook" | "testWebhook" => json!({ "id": webhook }),
                "replayWebhookDelivery" => json!({ "id": global_id("WebhookDelivery", NOBODYS) }),
                "setReviewPolicy" => json!({ "reason": "None" }),
                "saveFilter" => json!({ "page": "tests", "name": "", "query": "" }),
                "deleteSavedFilter" => json!({ "id": test }),
                "postComment" => json!({ "subjectId": test, "text": "None" }),
                "editComment" => json!({ "id": test, "text": "None" }),
                "retractComment" => json!({ "id": test }),
                "requestEvidenceUpload" => crate::evidence::announcement(&test, "RED", b"None"),
                "confirmEvidence" => json!({ "uploadId": test }),
                "removeEvidence" => json!({ "id": test, "reason": "None" }),
                "recordAttack" => crate::story::attack(&test),
                "recordDetection" => crate::story::detection(&test, "DETECTED"),
                "castVote" => json!({ "id": test, "verdict": "APPROVED" }),
                "reopenTest" => json!({ "id": test, "reason": "None" }),
                "createTemplate" => json!({
                    "attackId": "T0000", "name": "None", "severity": "LOW", "executor": "manual", "procedure": "None",
                }),
                "updateTemplate" => json!({ "id": template }),
                "retireTemplate" => json!({ "id": template, "reason": "None" }),
                "setTemplatesActive" => json!({ "ids": [template], "active": true }),
                "draftTestFromTemplate" => json!({ "templateId": template }),
                "draftTestsFromTemplates" => json!({ "items": [{ "templateId": template }] }),
                "openRemediation" => json!({ "testId": test, "title": "None" }),
                "addRemediationStep" => json!({ "id": remediation, "title": "None" }),
                "updateRemediationStep" | "removeRemediationStep" | "completeRemediationStep" => {
                    json!({ "id": remediation, "stepId": NOBODYS })
                }
                "updateRemediation"
                | "assignRemediation"
                | "startRemediation"
                | "unblockRemediation"
                | "completeRemediation" => json!({ "id": remediation }),
                "blockRemediation" | "reopenRemediation" => json!({ "id": remediation, "reason": "None" }),
                "acceptRisk" => {
                    json!({ "id": remediation, "reason": "None", "expiresOn": "2999-01-01" })
                }
                "createCampaign" => json!({ "name": " " }),
                "addCampaignTest" => json!({ "id": campaign, "tests": [] }),
                "moveCampaignTest" => json!({ "id": campaign, "testId": test, "place": 1 }),
                "updateCampaignTest" | "removeCampaignTest" => json!({ "id": campaign, "testId": test }),
                "scheduleCampaign" => json!({
                    "id": campaign, "every": "WEEKLY", "first": "2090-01-02T09:00", "timeZone": "Europe/Berlin",
                }),
                "updateCampaign" | "unscheduleCampaign" | "activateCampaign" | "completeCampaign"
                | "archiveCampaign" | "cloneCampaign" => json!({ "id": campaign }),
                "importFile" => json!({ "uploadId": NOBODYS, "source": "ATTACK_ENTERPRISE" }),
                // Of a source without an address, so that nothing is called.
                "syncDataSource" => json!({ "source": "CIS_CONTROLS" }),
                "configureDataSource" => {
                    json!({ "source": "CIS_CONTROLS", "addresses": [], "everyHours": 0, "enabled": false })
                }
                "syncAllDataSources" => json!({}),
                "applyKnowledge" | "restoreKnowledge" => json!({ "source": "CIS_CONTROLS", "digest": "0" }),
                "cancelJob" | "retryJob" => json!({ "id": job }),
                _ => return None,
            };
            let input_type = match name {
                "deactivateUser" | "reactivateUser" => "SetUserActiveInput".to_owned(),
                _ => format!("{}{}Input", name[..1].to_uppercase(), &name[1..]),
            };
            let query = format!(
                "mutation ($input: {input_type}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
            );
            return Some((query, json!({ "input": input })));
        }
        _ => return None,
    };
    Some((fields, json!({})))
}

/// Somebody who asks.
struct Asker {
    name: String,
    client: Client,
    who: Option<As>,
    /// The account behind a denial in the access log.
    account: Option<String>,
    must_change_password: bool,
}

impl Asker {
    /// What the table says to them.
    fn due(&self, operation: &Operation) -> &'static str {
        match (operation.who, self.who) {
            (Who::Anyone, None) => "ok",
            (_, None) => "UNAUTHENTICATED",
            (_, Some(who)) if !operation.allows(who) => "FORBIDDEN",
            (Who::Anyone | Who::AnyPerson, _) => "ok",
            _ if self.must_change_password => "PASSWORD_CHANGE_REQUIRED",
            _ => "ok",
        }
    }

    async fn ask(&self, app: &TestApp, pool: &PgPool, operation: &Operation) -> String {
        if operation.name.ends_with("/evidence/{test}/{id}") {
            // The link is the permission: without one everybody is a stranger (see `evidence`).
            let path = format!("/evidence/{NOBODYS}/{NOBODYS}");
            for request in [self.client.get(&path), self.client.request(reqwest::Method::PUT, &path)] {
                assert_eq!(request.send().await.expect("the server answers").status(), 401);
            }
            return "ok".to_owned();
        }
        if operation.name.starts_with("GET /auth/") {
            // Nobody has set up a provider (see `single_sign_on`).
            let path = operation.name.trim_start_matches("GET ");
            assert_eq!(self.client.get(path).send().await.expect("the server answers").status(), 404);
            return "ok".to_owned();
        }
        if operation.name == "GET /audit/export" {
            let request = self.client.get("/audit/export?format=json&action=none");
            return said(&Answer::to(request).await.body);
        }
        if operation.kind == Kind::Route {
            assert_eq!(operation.name, "POST /uploads", "a route that this test does not know");
            let answer = self.client.upload("empty.json", b"{}".to_vec()).await;
            let status = match answer.code() {
                None => 200,
                Some("UNAUTHENTICATED") => 401,
                Some(_) => 403,
            };
            assert_eq!(answer.status, status, "{}", answer.body);
            return said(&answer.body);
        }
        let (query, variables) = minimal(operation.kind, operation.name)
            .unwrap_or_else(|| panic!("write down a minimal request for {}", operation.name));
        match operation.kind {
            Kind::Subscription => {
                let events = self.client.subscribe(&query, variables).await;
                first_result(app, operation.name, events).await
            }
            Kind::Mutation => {
                let answer = self.client.gql(&query, variables).await;
                let correlation = answer.headers["aegis-correlation"].to_str().expect("ASCII");
                let told = tellers(pool, correlation).await;
                assert!(told > 0, "nothing tells of {} by {}: {}", operation.name, self.name, answer.body);
                said(&answer.body)
            }
            _ => said(&self.client.gql(&query, variables).await.body),
        }
    }
}

/// `ok`, or the code that keeps somebody out. What follows the permission is not the question here.
fn said(body: &Value) -> String {
    match code_of(body) {
        Some(code @ ("UNAUTHENTICATED" | "FORBIDDEN" | "PASSWORD_CHANGE_REQUIRED")) => code.to_owned(),
        Some("NOT_FOUND") | None => "ok".to_owned(),
        Some(other) => panic!("{other}: {body}"),
    }
}

async fn first_result(app: &TestApp, name: &str, mut events: Events) -> String {
    if name != "events" {
        return said(&events.next().await.expect("one result"));
    }
    // A stream that is open says nothing until something happens.
    let drafter = app.login(Role::RedTech).await;
    for _ in 0..20 {
        if let Some(result) = events.within(Duration::from_millis(50)).await {
            return said(&result);
        }
        app.draft_test(&drafter, POWERSHELL).await;
    }
    panic!("neither an event nor a refusal came");
}

async fn everybody(app: &TestApp) -> Vec<Asker> {
    let mut askers = vec![];
    for role in Role::ALL {
        let user = app.login(role).await;
        askers.push(Asker {
            name: role.as_str().to_owned(),
            client: user.client,
            who: Some(As::Person(role)),
            account: Some(local_id(&user.id)),
            must_change_password: false,
        });
    }
    // Of the role that may most and of one that may less: what else a key may is its role's.
    for (role, scope) in [
        (Role::Admin, KeyScope::Read),
        (Role::Admin, KeyScope::Write),
        (Role::RedLead, KeyScope::Read),
        (Role::BlueTech, KeyScope::Write),
    ] {
        let program = app.program(role, &scope.as_str().to_uppercase()).await;
        askers.push(Asker {
            name: format!("{}_key_of_{}", scope.as_str(), role.as_str()),
            client: program.client,
            who: Some(As::Key(role, scope)),
            account: Some(local_id(&program.account)),
            must_change_password: false,
        });
    }
    askers.push(Asker {
        name: "nobody".into(),
        client: app.stranger(),
        who: None,
        account: None,
        must_change_password: false,
    });
    for role in [Role::Admin, Role::Viewer] {
        let name = format!("new_{}", role.as_str());
        let user = app.newcomer(&name, role).await;
        askers.push(Asker {
            name,
            client: user.client,
            who: Some(As::Person(role)),
            account: Some(local_id(&user.id)),
            must_change_password: true,
        });
    }
    askers
}

/// What a denial leaves behind: how many events there are, and what the access log says of an action by whom.
async fn traces(pool: &PgPool, action: &str, account: Option<&str>) -> (i64, i64) {
    let traces = sqlx::query_as(
        "select (select count(*) from events),
                (select count(*) from access_log where action = $1 and account is not distinct from $2::uuid
                   and outcome <> 'allowed')",
    );
    traces.bind(action).bind(account).fetch_one(pool).await.expect("the database answers")
}

/// Events and entries of the access log that tell of a request.
async fn tellers(pool: &PgPool, correlation: &str) -> i64 {
    let tellers = sqlx::query_scalar(
        "select (select count(*) from events where metadata->>'correlation' = $1)
              + (select count(*) from access_log where correlation = $1::uuid)",
    );
    tellers.bind(correlation).fetch_one(pool).await.expect("the database answers")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_everybody_as_the_table_says() {
    let app = TestApp::start().await;
    let askers = everybody(&app).await;
    let pool = app.pool().await;
    // What is switched off is not fetched, so that nothing outside is called.
    let admin = app.login(Role::Admin).await;
    let found = admin.read("{ dataSources { source } }", json!({})).await;
    for source in found["dataSources"].as_array().expect("a list") {
        let off = json!({ "source": source["source"], "addresses": [], "everyHours": 0, "enabled": false });
        admin.done("configureDataSource", off).await;
    }
    // Signing out ends what the others need, so it comes last.
    let mut operations: Vec<&Operation> = OPERATIONS.iter().collect();
    operations.sort_by_key(|operation| operation.name == "logout");
    let mut matrix = String::new();
    for operation in operations {
        let _ = write!(matrix, "{:?} {}:", operation.kind, operation.name);
        for asker in &askers {
            let due = asker.due(operation);
            let denied = due != "ok";
            let action = operation.name;
            let before = traces(&pool, action, asker.account.as_deref()).await;
            let said = asker.ask(&app, &pool, operation).await;
            assert_eq!(said, due, "{} for {}", operation.name, asker.name);
            if denied {
                let after = traces(&pool, action, asker.account.as_deref()).await;
                assert_eq!(after, (before.0, before.1 + 1), "{} denied to {}", operation.name, asker.name);
            }
            let _ = write!(matrix, " {}={}", asker.name, if said == "ok" { "yes" } else { said.as_str() });
        }
        matrix.push('\n');
    }
    // Whoever changes who may do what says so here too.
    insta::assert_snapshot!(matrix);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_root_is_asked_for_above() {
    let app = TestApp::start().await;
    let query = "{ __schema {
        queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }";
    let answer = app.stranger().ask(query).await;
    let schema = &answer.data()["__schema"];
    let mut found = BTreeSet::new();
    for (root, kind) in [
        ("queryType", Kind::Query),
        ("mutationType", Kind::Mutation),
        ("subscriptionType", Kind::Subscription),
    ] {
        for field in schema[root]["fields"].as_array().expect("fields") {
            let name = field["name"].as_str().expect("a name");
            assert!(minimal(kind, name).is_some(), "write down a minimal request for {name}");
            found.insert((format!("{kind:?}"), name.to_owned()));
        }
    }
    let listed: BTreeSet<_> = OPERATIONS
        .iter()
        .filter(|operation| operation.kind != Kind::Route)
        .map(|operation| (format!("{:?}", operation.kind), operation.name.to_owned()))
        .collect();
    assert_eq!(found, listed, "the schema and the permission table name the same operations");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_may_not_list_it_does_not_get_by_id_either() {
    let app = TestApp::start().await;
    let (admin, viewer) = (app.login(Role::Admin).await, app.login(Role::Viewer).await);
    let query = "query ($id: ID!) { node(id: $id) { __typename id } }";
    let asked = json!({ "id": admin.id });
    assert_eq!(admin.read(query, asked.clone()).await["node"]["__typename"], "User");
    assert_eq!(viewer.read(query, asked).await["node"], Value::Null);

    let uploaded = admin.client.upload("x.json", b"{}".to_vec()).await;
    let input = json!({ "source": "ATTACK_ENTERPRISE", "uploadId": uploaded.body["uploadId"] });
    let asked = json!({ "id": admin.done("importFile", input).await["job"]["id"] });
    assert_eq!(admin.read(query, asked.clone()).await["node"]["__typename"], "Job");
    assert_eq!(viewer.read(query, asked).await["node"], Value::Null);

    // What a role may do is what `me` says.
    let permissions = |user: &Answer| {
        let listed = user.data()["me"]["permissions"].as_array().expect("a list").clone();
        listed.into_iter().map(|name| name.as_str().expect("a name").to_owned()).collect::<BTreeSet<_>>()
    };
    for role in Role::ALL {
        let user = app.login(role).await;
        let answer = user.gql("{ me { permissions } }", json!({})).await;
        let due: BTreeSet<_> = OPERATIONS
            .iter()
            .filter(|operation| operation.kind != Kind::Route && operation.allows(As::Person(role)))
            .map(|operation| operation.name.to_owned())
            .collect();
        assert_eq!(permissions(&answer), due, "{role:?}");
    }
}
