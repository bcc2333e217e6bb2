//! The API over a house with somebody signed in, reached without a socket and over HTTP.

use crate::house::House;
use aegis_aggregates::actor::Role;
use aegis_api::{EngineView, OutsideView, Proxies, Server, ServerConfig, Services, SessionConfig, setup};
use aegis_relay::Relay;
use anyhow::{Context, Error, Result, bail};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// What everybody signs in with.
pub const PASSWORD: &str = "Correct horse battery staple, 18";
const BODY_LIMIT: usize = 1 << 26;

/// Somebody at the API.
pub struct Site {
    router: Router,
    client: reqwest::Client,
    url: String,
    token: String,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Site {
    /// Makes an account of that role and signs it in.
    ///
    /// # Errors
    /// The account was not made, or could not sign in.
    pub async fn open(house: &House, relay: Relay, username: &str, role: Role) -> Result<Self> {
        setup::add(&house.fresh.pool, &house.store, username, role, Some(PASSWORD), false).await?;
        house.quiet().await?;
        let view = EngineView {
            tide: house.engine.tide(),
            reactor: house.engine.reactor_reached(),
            sealing_stuck: house.engine.sealing_stuck(),
        };
        let sessions = SessionConfig {
            secret: b"only for the bench, thirty-two bytes",
            lifetime: chrono::Duration::hours(4),
            secure: false,
        };
        let objects = house.objects.clone();
        let (pool, store) = (house.fresh.pool.clone(), house.store.clone());
        let services = Services::new(pool, store, view, objects, relay, OutsideView::default(), &sessions);
        // As much as anybody likes, from wherever they say: what is measured is the answer, not the limit.
        let proxies = Proxies::parse("127.0.0.1").map_err(Error::msg)?;
        let config = ServerConfig { points_per_minute: u32::MAX, proxies, ..ServerConfig::new(true) };
        let server = Server::new(services, &config);
        let router = server.router();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/graphql", listener.local_addr()?);
        let server = tokio::spawn(async move {
            // It ends with the run.
            server.run(listener, std::future::pending()).await;
        });
        let mut site = Self { router, client: reqwest::Client::new(), url, token: String::new(), server };
        let login = json!({
            "query": "mutation Login($input: LoginInput!) { login(input: $input) { token } }",
            "variables": { "input": { "username": username, "password": PASSWORD } },
        });
        let answer: Value = serde_json::from_slice(&site.in_process(&login).await?)?;
        let token = answer["data"]["login"]["token"].as_str();
        site.token = token.with_context(|| format!("signing in failed: {answer}"))?.to_owned();
        Ok(site)
    }

    /// The answer of the whole service, called without a socket.
    ///
    /// # Errors
    /// It is no success.
    pub async fn in_process(&self, body: &Value) -> Result<Vec<u8>> {
        let mut request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/graphql-response+json");
        // Whoever signs in has none yet.
        if !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        let request = request.body(Body::from(serde_json::to_vec(body)?))?;
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), BODY_LIMIT).await?;
        if !status.is_success() {
            bail!("{status}: {}", String::from_utf8_lossy(&bytes));
        }
        Ok(bytes.to_vec())
    }

    /// The data of an answer without errors.
    ///
    /// # Errors
    /// It has some.
    pub async fn data(&self, body: &Value) -> Result<Value> {
        let mut answer: Value = serde_json::from_slice(&self.in_process(body).await?)?;
        if !answer["errors"].is_null() {
            bail!("{body} was answered {}", answer["errors"]);
        }
        Ok(answer["data"].take())
    }

    /// Where it answers.
    ///
    /// # Errors
    /// Never: it is an address.
    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.url.trim_start_matches("http://").trim_end_matches("/graphql").parse()?)
    }

    /// What somebody at an address hears who is not signed in, whatever it is.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn as_stranger(&self, body: &Value, address: &str) -> Result<String> {
        let request = self.client.post(&self.url).header("x-forwarded-for", address).json(body);
        Ok(request.send().await?.text().await?)
    }

    /// The answer over HTTP, on a kept connection.
    ///
    /// # Errors
    /// It is no success.
    pub async fn over_http(&self, body: &Value, encoding: &str) -> Result<Vec<u8>> {
        let response = self
            .client
            .post(&self.url)
            .header("accept", "application/graphql-response+json")
            .header("accept-encoding", encoding)
            .bearer_auth(&self.token)
            .json(body)
            .send()
            .await?;
        Ok(response.error_for_status()?.bytes().await?.to_vec())
    }
}
