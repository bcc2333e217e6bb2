//! People at the API: what they send, and what they are answered.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::header::{ACCEPT, AUTHORIZATION, COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// How long an answer or an event may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How somebody says who they are.
#[derive(Debug, Clone)]
enum Credential {
    Nobody,
    Bearer(String),
    Cookie(String),
}

/// Somebody at an address.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    credential: Credential,
}

impl Client {
    /// Whoever asks from a loopback address of their own.
    pub fn new(url: &str, address: Ipv4Addr) -> Self {
        let http = reqwest::Client::builder()
            .local_address(IpAddr::V4(address))
            .timeout(PATIENCE)
            .no_proxy()
            .build()
            .expect("a client");
        Self { http, url: url.to_owned(), credential: Credential::Nobody }
    }

    /// The same client with a token, as a script sends it.
    pub fn bearer(&self, token: &str) -> Self {
        Self { credential: Credential::Bearer(token.to_owned()), ..self.clone() }
    }

    /// The same client with a token, as a browser sends it.
    pub fn cookie(&self, token: &str) -> Self {
        Self { credential: Credential::Cookie(token.to_owned()), ..self.clone() }
    }

    /// A bare request with the credential, to be completed.
    pub fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.credential {
            Credential::Nobody => request,
            Credential::Bearer(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            Credential::Cookie(token) => request.header(COOKIE, format!("aegis_token={token}")),
        }
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(reqwest::Method::POST, path)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(reqwest::Method::GET, path)
    }

    /// Sends a GraphQL request as our own interface does.
    pub async fn gql(&self, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables });
        Answer::to(self.post("/graphql").header("aegis-request", "1").json(&body)).await
    }

    /// Sends a query without variables.
    pub async fn ask(&self, query: &str) -> Answer {
        self.gql(query, json!({})).await
    }

    /// Tries to sign in.
    pub async fn try_sign_in(&self, username: &str, password: &str) -> Answer {
        let query =
            "mutation ($input: LoginInput!) { login(input: $input) { token user { id username role } } }";
        self.gql(query, json!({ "input": { "username": username, "password": password } })).await
    }

    /// Signs in.
    pub async fn sign_in(&self, username: &str, password: &str) -> User {
        let answer = self.try_sign_in(username, password).await;
        let login = &answer.data()["login"];
        let token = login["token"].as_str().expect("a token").to_owned();
        let id = login["user"]["id"].as_str().expect("an id").to_owned();
        User {
            client: self.bearer(&token),
            id,
            username: username.to_owned(),
            password: password.to_owned(),
            token,
        }
    }

    /// Opens a stream of results.
    pub async fn subscribe(&self, query: &str, variables: Value) -> Events {
        let body = json!({ "query": query, "variables": variables });
        let request = self
            .post("/graphql")
            .header("aegis-request", "1")
            .header(ACCEPT, "text/event-stream")
            .json(&body);
        let response = request.timeout(Duration::from_secs(300)).send().await.expect("the server answers");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        Events {
            chunks: response.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec())).boxed(),
            unread: vec![],
        }
    }

    /// Brings a file.
    pub async fn upload(&self, name: &str, bytes: Vec<u8>) -> Answer {
        let request =
            self.post("/uploads").query(&[("filename", name)]).header("aegis-request", "1").body(bytes);
        Answer::to(request.timeout(Duration::from_secs(120))).await
    }
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct User {
    pub client: Client,
    pub id: String,
    pub username: String,
    pub password: String,
    pub token: String,
}

impl User {
    pub async fn gql(&self, query: &str, variables: Value) -> Answer {
        self.client.gql(query, variables).await
    }

    /// The data of a query that must succeed.
    pub async fn read(&self, query: &str, variables: Value) -> Value {
        self.gql(query, variables).await.data().clone()
    }

    /// Changes the password; whoever they are from then on, since every token of before has ended.
    pub async fn change_password(&self, new: &str) -> User {
        let input = json!({ "currentPassword": self.password, "newPassword": new });
        let changed = self.done("changePassword", input).await;
        let token = changed["token"].as_str().expect("a token in place of the old one").to_owned();
        User { client: self.client.bearer(&token), password: new.to_owned(), token, ..self.clone() }
    }

    /// Sends a mutation; the answer's payload has what a caller wants to know of its kind.
    pub async fn mutate(&self, mutation: &str, input: Value) -> Answer {
        let about = about(mutation);
        let input_type = input_type(mutation);
        let query = format!(
            "mutation ($input: {input_type}!) {{ {mutation}(input: $input) {{
                {about} position readModelsBehind userErrors {{ field code message }} }} }}"
        );
        self.gql(&query, json!({ "input": input })).await
    }

    /// The payload of a mutation that must be carried out.
    #[track_caller]
    pub fn done(&self, mutation: &str, input: Value) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        let (user, mutation) = (self.clone(), mutation.to_owned());
        async move {
            let answer = user.mutate(&mutation, input).await;
            let payload = answer.payload();
            assert_eq!(payload["userErrors"], json!([]), "{mutation} by {} at {caller}", user.username);
            assert_eq!(payload["readModelsBehind"], false, "{mutation} at {caller}");
            payload.clone()
        }
    }

    /// Code and field of a mutation that must be refused by a rule.
    #[track_caller]
    pub fn refused(&self, mutation: &str, input: Value) -> impl Future<Output = Refused> {
        let caller = std::panic::Location::caller();
        let (user, mutation) = (self.clone(), mutation.to_owned());
        async move {
            let answer = user.mutate(&mutation, input).await;
            let payload = answer.payload();
            let error = &payload["userErrors"][0];
            assert!(
                error.is_object(),
                "{mutation} by {} at {caller} was carried out: {payload}",
                user.username
            );
            assert_eq!(payload["position"], Value::Null, "what is refused writes nothing");
            let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
            Refused { code: text("code"), field: text("field"), message: text("message") }
        }
    }
}

/// What a mutation is about.
fn about(mutation: &str) -> &'static str {
    match mutation {
        "createUser" | "resetUserPassword" => {
            "generatedPassword user { id username role active mustChangePassword }"
        }
        "changePassword" => "token user { id username displayName role active mustChangePassword }",
        "updateUser" | "deactivateUser" | "reactivateUser" => {
            "user { id username displayName role active mustChangePassword }"
        }
        _ if mutation.contains("Campaign") => "campaign { id name state version testCount }",
        "requestEvidenceUpload" => {
            "upload { id fileName url expiresAt direct { url headers { name value } } }"
        }
        "bulkTests" => {
            "results { id test { state archived assignee { name } } userErrors { field code message } }"
        }
        "createServiceAccount" => "serviceAccount { id name role active keys { id } }",
        "issueApiKey" => "token key { id label scope usable expiresAt lastUsedAt issuedBy { name } }",
        "revokeApiKey" => "key { id label usable revokedAt revokedBy { name } }",
        "revokeSession" | "revokeSessions" => "sessions { id own means address agent }",
        "updateProfile" | "resetSecondFactor" | "eraseUser" => {
            "user { id username displayName email timeZone theme active erased secondFactor }"
        }
        "beginSecondFactor" => "secret { secret uri qr }",
        "confirmSecondFactor" => "recoveryCodes secondFactor { active required recoveryCodesLeft }",
        "removeSecondFactor" => "secondFactor { active required recoveryCodesLeft }",
        "renewRecoveryCodes" => "recoveryCodes",
        "setAccessPolicy" => {
            "policy { secondFactorRoles groups { group role } defaultRole singleSignOnOnly }"
        }
        "saveFilter" => "filter { id page name query }",
        "deleteSavedFilter" => "filters { id page name query }",
        "markNotificationRead" => "notification { id readAt } unreadCount",
        "markAllNotificationsRead" => "marked unreadCount",
        "setNotificationPreferences" => "preferences { kinds { kind inApp mail } }",
        "createWebhook" | "updateWebhook" => "secret webhook { id name url events active }",
        "deleteWebhook" => "webhooks { id }",
        "replayWebhookDelivery" | "testWebhook" => "delivery { id kind state attempts }",
        "setReviewPolicy" => "policy { separateSides noSelfApproval disputes }",
        "postComment" | "editComment" | "retractComment" => {
            "comment { id text mentions { name } author { name } editedAt }"
        }
        "importFile" | "cancelJob" | "retryJob" | "syncDataSource" => {
            "job { id state attempts cancelRequested title }"
        }
        "syncAllDataSources" => "jobs { id title }",
        "configureDataSource" | "applyKnowledge" | "restoreKnowledge" => {
            "dataSource { key addresses everyHours enabled release { version digest } }"
        }
        "createTemplate" | "updateTemplate" | "retireTemplate" => {
            "template { id version contentVersion active retired name attackId uses }"
        }
        "setTemplatesActive" => {
            "results { id template { active version } userErrors { field code message } }"
        }
        "draftTestsFromTemplates" => {
            "results { test { id number title plannedProcedure } userErrors { field code message } }"
        }
        _ if mutation.contains("Remediation") || mutation == "acceptRisk" => {
            "remediation { id number state version title priority completions overdue availableActions
                steps { stepId title status notes } }"
        }
        _ => {
            "test { id number state round version pendingVotes title tags technique { attackId } detectionResult }"
        }
    }
}

fn input_type(mutation: &str) -> String {
    if matches!(mutation, "deactivateUser" | "reactivateUser") {
        return "SetUserActiveInput".to_owned();
    }
    let (first, rest) = mutation.split_at(1);
    format!("{}{rest}Input", first.to_uppercase())
}

/// A rule's refusal.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: String,
    pub field: String,
    pub message: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub async fn to(request: RequestBuilder) -> Self {
        Self::of(request.send().await.expect("the server answers")).await
    }

    async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("the answer arrives whole");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Self { status, headers, body }
    }

    /// What was asked for; there must be no error.
    #[track_caller]
    pub fn data(&self) -> &Value {
        assert_eq!(self.body.get("errors"), None, "{}", self.body);
        &self.body["data"]
    }

    /// The payload of the one mutation that was sent.
    #[track_caller]
    pub fn payload(&self) -> &Value {
        let data = self.data().as_object().expect("a mutation answers with data");
        data.values().next().expect("a payload")
    }

    /// The first error's code.
    pub fn code(&self) -> Option<&str> {
        code_of(&self.body)
    }

    /// The session cookie it sets: its value, and its attributes as they stand.
    pub fn cookie(&self) -> Option<(String, String)> {
        let cookie = self.headers.get(SET_COOKIE)?.to_str().ok()?.strip_prefix("aegis_token=")?;
        let (value, attributes) = cookie.split_once("; ").unwrap_or((cookie, ""));
        Some((value.to_owned(), attributes.to_owned()))
    }
}

/// The first error's code in a body.
pub fn code_of(body: &Value) -> Option<&str> {
    body["errors"][0]["extensions"]["code"].as_str()
}

/// Results as they come.
pub struct Events {
    chunks: BoxStream<'static, reqwest::Result<Vec<u8>>>,
    unread: Vec<u8>,
}

impl Events {
    /// The next result; none once the stream has ended.
    pub async fn next(&mut self) -> Option<Value> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("a result within the patience of a test")
    }

    /// The next result that fits, and all before it.
    pub async fn find(&mut self, mut fits: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let result = self.next().await.expect("the stream goes on");
            if fits(&result) {
                return result;
            }
        }
    }

    /// The next result if it comes within so long.
    pub async fn within(&mut self, patience: Duration) -> Option<Value> {
        tokio::time::timeout(patience, self.read()).await.ok().flatten()
    }

    async fn read(&mut self) -> Option<Value> {
        loop {
            while let Some(end) = self.unread.windows(2).position(|pair| pair == b"\n\n") {
                let frame: Vec<u8> = self.unread.drain(..end + 2).collect();
                let frame = String::from_utf8(frame).expect("UTF-8");
                if frame.starts_with("event: complete") {
                    return None;
                }
                if let Some((_, data)) = frame.split_once("event: next\ndata: ") {
                    return Some(serde_json::from_str(data.trim_end()).expect("JSON"));
                }
            }
            // A stream that breaks off has ended too.
            let chunk = self.chunks.next().await?.ok()?;
            self.unread.extend(chunk);
        }
    }
}

/// The id of something of a kind, as the API writes it.
pub fn global_id(kind: &str, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind}:{id}"))
}

/// What an id says.
pub fn local_id(id: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(id).expect("an id is base64");
    let text = String::from_utf8(bytes).expect("an id is text");
    text.split_once(':').expect("an id names its kind").1.to_owned()
}
