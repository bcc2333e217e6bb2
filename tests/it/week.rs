//! A week of work, every step of it written into a diary, and the audit export held against that diary: all that
//! was done or tried is in it, with who and what came of it, and nothing is in it that nobody did.

use crate::app::{PASSWORD, TestApp};
use crate::client::{Answer, Client, User, local_id};
use crate::evidence::{announcement, image};
use crate::import::{bundle, watched};
use crate::story::{POWERSHELL, attack, detection};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const FIRST: &str = "Somebody-Elses-1";

/// One thing that somebody did or tried.
struct Deed {
    /// The account, where somebody was known.
    by: Option<String>,
    /// The mutation, the route, or how the access log calls it.
    what: String,
    allowed: bool,
    correlation: String,
}

/// What everybody did, in order.
#[derive(Default)]
struct Diary(Vec<Deed>);

impl Diary {
    fn keep(&mut self, by: Option<&str>, what: &str, allowed: bool, answer: &Answer) {
        let correlation = answer.headers["aegis-correlation"].to_str().expect("ASCII").to_owned();
        self.0.push(Deed { by: by.map(local_id), what: what.to_owned(), allowed, correlation });
    }

    /// A mutation that is carried out; its payload.
    async fn done(&mut self, by: &User, mutation: &str, input: Value) -> Value {
        let answer = by.mutate(mutation, input).await;
        let payload = answer.payload().clone();
        assert_eq!(payload["userErrors"], json!([]), "{mutation} by {}", by.username);
        self.keep(Some(&by.id), mutation, true, &answer);
        payload
    }

    /// A mutation that a rule or a right refuses.
    async fn refused(&mut self, by: &User, mutation: &str, input: Value) {
        let answer = by.mutate(mutation, input).await;
        let refused = answer.code().is_some() || answer.payload()["userErrors"] != json!([]);
        assert!(refused, "{mutation} by {}: {}", by.username, answer.body);
        self.keep(Some(&by.id), mutation, false, &answer);
    }

    /// A query that the rights refuse.
    async fn kept_out(&mut self, by: &User, query: &str, name: &str) {
        let answer = by.gql(query, json!({})).await;
        assert_eq!(answer.code(), Some("FORBIDDEN"), "{name} by {}", by.username);
        self.keep(Some(&by.id), name, false, &answer);
    }

    async fn signs_in(&mut self, client: &Client, username: &str, password: &str) -> User {
        let answer = client.try_sign_in(username, password).await;
        let login = &answer.data()["login"];
        let token = login["token"].as_str().expect("a token").to_owned();
        let id = login["user"]["id"].as_str().expect("an id").to_owned();
        self.keep(Some(&id), "sign_in", true, &answer);
        let (username, password) = (username.to_owned(), password.to_owned());
        User { client: client.bearer(&token), id, username, password, token }
    }

    /// Somebody new, from the account to the first password of their own.
    async fn hires(&mut self, app: &TestApp, admin: &User, username: &str, role: &str) -> User {
        let input = json!({ "username": username, "role": role, "password": FIRST });
        self.done(admin, "createUser", input).await;
        let user = self.signs_in(&app.stranger(), username, FIRST).await;
        let input = json!({ "currentPassword": FIRST, "newPassword": PASSWORD });
        let changed = self.done(&user, "changePassword", input).await;
        let token = changed["token"].as_str().expect("a token").to_owned();
        User { client: user.client.bearer(&token), password: PASSWORD.to_owned(), token, ..user }
    }

    /// A route.
    async fn calls(
        &mut self,
        by: Option<&User>,
        what: &str,
        allowed: bool,
        request: reqwest::RequestBuilder,
    ) -> Answer {
        let answer = Answer::to(request).await;
        assert_eq!(answer.status < 400, allowed, "{what}: {}", answer.body);
        self.keep(by.map(|user| user.id.as_str()), what, allowed, &answer);
        answer
    }
}

struct Team {
    admin: User,
    red: User,
    blue: User,
    red_lead: User,
    blue_lead: User,
    viewer: User,
}

async fn monday(app: &TestApp, diary: &mut Diary) -> Team {
    let admin = diary.signs_in(&app.stranger(), "admin", PASSWORD).await;
    let team = Team {
        red: diary.hires(app, &admin, "rosa", "RED_TECH").await,
        blue: diary.hires(app, &admin, "bela", "BLUE_TECH").await,
        red_lead: diary.hires(app, &admin, "ruth", "RED_LEAD").await,
        blue_lead: diary.hires(app, &admin, "boris", "BLUE_LEAD").await,
        viewer: diary.hires(app, &admin, "vera", "VIEWER").await,
        admin,
    };
    // Strangers: a name that somebody has, one that nobody has, and a door that is shut.
    let stranger = app.stranger();
    let wrong = stranger.try_sign_in("rosa", "Not-Her-Password-1").await;
    diary.keep(Some(&team.red.id), "sign_in", false, &wrong);
    let unknown = stranger.try_sign_in("nobody.at.all", "Whatever-It-Is-1").await;
    diary.keep(None, "sign_in", false, &unknown);
    let outside = stranger.ask("{ tests { totalCount } }").await;
    diary.keep(None, "tests", false, &outside);
    diary.calls(None, "GET /audit/export", false, stranger.get("/audit/export?format=csv")).await;

    let (admin, red) = (&team.admin, &team.red);
    diary
        .done(admin, "setReviewPolicy", json!({ "noSelfApproval": true, "reason": "Two pairs of eyes" }))
        .await;
    let policy = json!({ "secondFactorRoles": ["ADMIN"], "reason": "Whoever may all shows who they are" });
    // An admin without a second factor would lock out admins, and is told so or not; either way it is known.
    let answer = admin
        .mutate("setAccessPolicy", json!({ "defaultRole": "VIEWER", "reason": "Guests may read" }))
        .await;
    assert_eq!(answer.payload()["userErrors"], json!([]));
    diary.keep(Some(&admin.id), "setAccessPolicy", true, &answer);
    diary.refused(&team.red_lead, "setAccessPolicy", policy).await;
    diary.done(red, "updateProfile", json!({ "displayName": "Rosa Rot", "timeZone": "Europe/Berlin" })).await;
    diary.refused(red, "updateProfile", json!({ "timeZone": "Nowhere/None" })).await;
    diary.done(red, "saveFilter", json!({ "page": "tests", "name": "Mine", "query": "mine=1" })).await;
    let wish = json!({ "preferences": [{ "kind": "COMMENT_MENTION", "inApp": true }] });
    diary.done(red, "setNotificationPreferences", wish).await;
    team
}

async fn tuesday(diary: &mut Diary, team: &Team) -> String {
    let (red, blue) = (&team.red, &team.blue);
    let draft = json!({ "attackId": POWERSHELL, "title": "Encoded PowerShell" });
    let test =
        diary.done(red, "draftTest", draft.clone()).await["test"]["id"].as_str().expect("an id").to_owned();
    diary.refused(red, "draftTest", json!({ "attackId": "T0000", "title": "No such technique" })).await;
    diary.refused(&team.viewer, "draftTest", draft).await;
    diary.refused(blue, "startExecution", json!({ "id": test })).await;
    diary.refused(red, "submitExecution", json!({ "id": test })).await;
    diary.done(red, "startExecution", json!({ "id": test })).await;
    diary.done(red, "recordAttack", attack(&test)).await;
    let bytes = image(20_000);
    let asked = diary.done(red, "requestEvidenceUpload", announcement(&test, "RED", &bytes)).await;
    let (url, upload) = (&asked["upload"]["url"], &asked["upload"]["id"]);
    let put = red.client.request(Method::PUT, url.as_str().expect("a link")).body(bytes);
    assert_eq!(put.send().await.expect("it answers").status(), 200);
    diary.done(red, "confirmEvidence", json!({ "uploadId": upload })).await;
    diary.done(red, "submitExecution", json!({ "id": test })).await;
    diary.done(blue, "postComment", json!({ "subjectId": test, "text": "@rosa which host?" })).await;
    let files = "query ($id: ID!) { test(id: $id) { rounds { evidence { downloadUrl } } } }";
    let found = blue.read(files, json!({ "id": test })).await;
    let link = found["test"]["rounds"][0]["evidence"][0]["downloadUrl"].as_str().expect("a link").to_owned();
    diary.calls(Some(blue), "GET /evidence/{test}/{id}", true, blue.client.get(&link)).await;
    test
}

async fn wednesday(diary: &mut Diary, team: &Team, test: &str) {
    let (blue, red_lead, blue_lead) = (&team.blue, &team.red_lead, &team.blue_lead);
    diary.done(&team.red, "markAllNotificationsRead", json!({})).await;
    diary.done(blue, "recordDetection", detection(test, "NOT_DETECTED")).await;
    diary.done(blue, "submitEvaluation", json!({ "id": test })).await;
    diary.refused(blue, "castVote", json!({ "id": test, "verdict": "APPROVED" })).await;
    diary.done(red_lead, "castVote", json!({ "id": test, "verdict": "APPROVED" })).await;
    // The same once more changes nothing, another is too late; both are known.
    diary.done(red_lead, "castVote", json!({ "id": test, "verdict": "APPROVED" })).await;
    diary.done(blue_lead, "castVote", json!({ "id": test, "verdict": "APPROVED" })).await;
    let other = json!({ "id": test, "verdict": "REJECTED", "notes": "On second thought" });
    diary.refused(red_lead, "castVote", other).await;
    let plan = json!({ "testId": test, "title": "Turn logging on" });
    let opened = diary.done(blue_lead, "openRemediation", plan).await;
    let remediation = &opened["remediation"]["id"];
    diary.done(blue_lead, "addRemediationStep", json!({ "id": remediation, "title": "Roll it out" })).await;
    diary.done(blue, "startRemediation", json!({ "id": remediation })).await;
    diary.done(blue, "blockRemediation", json!({ "id": remediation, "reason": "No licence" })).await;
    diary
        .refused(
            blue,
            "acceptRisk",
            json!({ "id": remediation, "reason": "It will do", "expiresOn": "2999-01-01" }),
        )
        .await;
}

async fn thursday(app: &TestApp, diary: &mut Diary, team: &Team) {
    let admin = &team.admin;
    let input = json!({ "name": "pipeline", "role": "RED_TECH" });
    let account = diary.done(admin, "createServiceAccount", input).await["serviceAccount"]["id"].clone();
    let expires_at = chrono::Utc::now() + chrono::Duration::days(30);
    let mut keys = vec![];
    for scope in ["READ", "WRITE"] {
        let input = json!({ "id": account, "label": scope, "scope": scope, "expiresAt": expires_at });
        let issued = diary.done(admin, "issueApiKey", input).await;
        let token = issued["token"].as_str().expect("shown once").to_owned();
        let id = account.as_str().expect("an id").to_owned();
        let client = app.stranger().bearer(&token);
        let user = User { client, id, username: "pipeline".into(), password: String::new(), token };
        keys.push((user, issued["key"]["id"].clone()));
    }
    let draft = |title: &str| json!({ "attackId": POWERSHELL, "title": title });
    diary.refused(&keys[0].0, "draftTest", draft("By a key that reads")).await;
    let made = diary.done(&keys[1].0, "draftTest", draft("By a key that writes")).await["test"]["id"].clone();
    let many = json!({ "ids": [made], "action": "ARCHIVE", "reason": "A trial" });
    diary.done(&team.red_lead, "bulkTests", many.clone()).await;
    // One of many that is refused is known as well.
    let again = team.red_lead.mutate("bulkTests", json!({ "ids": [made], "action": "START" })).await;
    assert_ne!(again.payload()["results"][0]["userErrors"], json!([]), "{}", again.body);
    diary.keep(Some(&team.red_lead.id), "bulkTests", false, &again);
    diary.done(admin, "revokeApiKey", json!({ "id": keys[0].1 })).await;
    let ended = keys[0].0.gql("{ tests { totalCount } }", json!({})).await;
    assert_eq!(ended.status, 401);

    diary.kept_out(&team.viewer, "{ auditLog { position } }", "auditLog").await;
    diary.kept_out(&team.red, "{ users { totalCount } }", "users").await;
    let export = team.viewer.client.get("/audit/export?format=csv");
    diary.calls(Some(&team.viewer), "GET /audit/export", false, export).await;
    let hook =
        json!({ "name": "siem", "url": "http://169.254.169.254/latest", "events": ["COMMENT_MENTION"] });
    diary.refused(admin, "createWebhook", hook).await;

    let file = bundle("18.0", false, &[]);
    let upload =
        admin.client.post("/uploads").query(&[("filename", "attack.json")]).header("aegis-request", "1");
    let uploaded = diary.calls(Some(admin), "POST /uploads", true, upload.body(file)).await;
    let input = json!({ "source": "ATTACK_ENTERPRISE", "uploadId": uploaded.body["uploadId"] });
    let job = diary.done(admin, "importFile", input).await["job"]["id"].clone();
    watched(admin, &job).await;
    diary.refused(admin, "cancelJob", json!({ "id": job })).await;
}

async fn friday(app: &TestApp, diary: &mut Diary, team: &Team) {
    let (admin, viewer) = (&team.admin, &team.viewer);
    diary.done(admin, "updateUser", json!({ "id": viewer.id, "role": "BLUE_TECH" })).await;
    diary.done(admin, "updateUser", json!({ "id": viewer.id, "displayName": "Vera Violett" })).await;
    diary.refused(admin, "deactivateUser", json!({ "id": admin.id })).await;
    let again = diary.signs_in(&app.stranger(), "vera", PASSWORD).await;
    diary.refused(&again, "beginSecondFactor", json!({ "password": "Not-Hers-12345" })).await;
    diary.done(&again, "beginSecondFactor", json!({ "password": PASSWORD })).await;
    diary.refused(&again, "confirmSecondFactor", json!({ "code": "000000" })).await;
    let sessions = again.read("{ sessions { id own } }", json!({})).await["sessions"].clone();
    let other = sessions.as_array().expect("sessions").iter().find(|session| session["own"] == false);
    let other = other.expect("the first one")["id"].clone();
    diary.done(&again, "revokeSession", json!({ "id": other })).await;
    let out = again.gql("mutation { logout { userErrors { code } } }", json!({})).await;
    diary.keep(Some(&again.id), "sign_out", true, &out);
    diary.done(admin, "resetUserPassword", json!({ "id": viewer.id })).await;
    diary.done(admin, "deactivateUser", json!({ "id": viewer.id })).await;
    let closed = app.stranger().try_sign_in("vera", PASSWORD).await;
    diary.keep(Some(&viewer.id), "sign_in", false, &closed);
    diary.done(admin, "eraseUser", json!({ "id": viewer.id, "username": "vera" })).await;
    let unknown = app.stranger().try_sign_in("vera", PASSWORD).await;
    diary.keep(None, "sign_in", false, &unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_after_a_week_accounts_for_every_deed() {
    let app = TestApp::start().await;
    let mut diary = Diary::default();
    let team = monday(&app, &mut diary).await;
    let test = tuesday(&mut diary, &team).await;
    wednesday(&mut diary, &team, &test).await;
    thursday(&app, &mut diary, &team).await;
    friday(&app, &mut diary, &team).await;

    let export = team.admin.client.get("/audit/export?format=json").send().await.expect("it answers");
    let entries: Vec<Value> = export.json().await.expect("JSON");
    let mut told: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for entry in &entries {
        told.entry(entry["correlation"].as_str().unwrap_or_default()).or_default().push(entry);
    }
    for Deed { by, what, allowed, correlation } in &diary.0 {
        let of_it = told.get(correlation.as_str()).map(Vec::as_slice).unwrap_or_default();
        assert!(!of_it.is_empty(), "nothing tells of {what}");
        let outcome = if *allowed { "allowed" } else { "refused" };
        for entry in of_it {
            // What Aegis does on account of it, such as an import, is its own deed.
            let by_it = entry["actor"] == "system";
            assert!(by_it || entry["actorId"] == json!(by), "{what} by {by:?}: {entry}");
            assert!(by_it || entry["outcome"] == outcome, "{what}: {entry}");
        }
        // Where something changed the event is the record; all else is told by its name.
        let named = of_it.iter().any(|entry| entry["source"] == "ledger" || entry["action"] == what.as_str());
        assert!(named, "{what}: {of_it:?}");
        assert!(*allowed || of_it.iter().all(|entry| entry["source"] == "access_log"), "{what}: {of_it:?}");
    }
    // And nothing else: what is in nobody's diary is Aegis's own.
    let known: Vec<&str> = diary.0.iter().map(|deed| deed.correlation.as_str()).collect();
    let others: Vec<&Value> = entries
        .iter()
        .filter(|entry| entry["correlation"].as_str().is_none_or(|id| !known.contains(&id)))
        .filter(|entry| entry["actor"] != "system")
        .collect();
    assert_eq!(others, Vec::<&Value>::new());
    // Refusals say what they were about.
    let votes = entries.iter().filter(|entry| entry["action"] == "castVote").collect::<Vec<_>>();
    assert_eq!(votes.len(), 3, "{votes:?}");
    for vote in votes {
        assert_eq!(
            (&vote["entityType"], &vote["entity"]),
            (&json!("test"), &json!(local_id(&test))),
            "{vote}"
        );
    }
    assert!(!json!(entries).to_string().contains("nobody.at.all"), "no name that somebody typed");
    app.installation().run(&["verify"]).printed();
}
