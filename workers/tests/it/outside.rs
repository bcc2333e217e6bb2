//! The outside, as a test sees it: somebody who listens for webhooks, and a mail server, both on loopback.

use aegis_outbound::Outbound;
use aegis_projections::vault::Vault;
use aegis_workers::mailer::MailSettings;
use aegis_workers::outside::{Links, Outside};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What secrets are sealed under in these tests.
pub const KEY: &[u8] = b"a key for tests";

/// A request that came.
#[derive(Debug, Clone)]
pub struct Heard {
    pub headers: HeaderMap,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

#[derive(Clone, Default)]
struct Ears {
    heard: Arc<Mutex<Vec<Heard>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

/// Somebody who listens for webhooks.
pub struct HttpSink {
    pub port: u16,
    ears: Ears,
}

impl HttpSink {
    /// Answers these one after the other, and 204 from then on. 302 leads back to itself.
    pub async fn start(answers: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let ears = Ears::default();
        ears.answers.lock().expect("whole").extend(answers);
        let routes = Router::new().route("/hook", post(listen)).with_state(ears.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { port, ears }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.ears.heard.lock().expect("whole").clone()
    }
}

async fn listen(State(ears): State<Ears>, headers: HeaderMap, body: String) -> Response {
    ears.heard.lock().expect("whole").push(Heard { headers, body });
    let mut answers = ears.answers.lock().expect("whole");
    let status = if answers.is_empty() { 204 } else { answers.remove(0) };
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [(header::LOCATION, "/hook")], "x".repeat(10_000)).into_response()
}

/// A mail that came.
#[derive(Debug, Clone)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Headers and text as they were sent, without the dot at the end.
    pub data: String,
}

impl Mail {
    /// The value of a header that stands on one line.
    pub fn header(&self, name: &str) -> &str {
        let head = self.data.split("\r\n\r\n").next().unwrap_or_default();
        let mut lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| *found == name).map_or("", |(_, value)| value)
    }

    pub fn header_names(&self) -> Vec<&str> {
        let head = self.data.split("\r\n\r\n").next().unwrap_or_default();
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect()
    }
}

/// A mail server that takes everything, but for recipients that it refuses.
pub struct SmtpSink {
    pub port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    said: Arc<Mutex<Vec<String>>>,
}

impl SmtpSink {
    /// Answers 451 to so many first mails.
    pub async fn start(busy: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let mails = Arc::new(Mutex::new(vec![]));
        let (taken, busy) = (Arc::clone(&mails), Arc::new(Mutex::new(busy)));
        let said = Arc::new(Mutex::new(vec![]));
        let hears = Arc::clone(&said);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that hangs up has said what it wanted to.
                tokio::spawn(converse(stream, Arc::clone(&taken), Arc::clone(&hears), Arc::clone(&busy)));
            }
        });
        Self { port, mails, said }
    }

    /// Every command it was given.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().expect("whole").clone()
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().expect("whole").clone()
    }
}

async fn converse(
    stream: TcpStream,
    mails: Arc<Mutex<Vec<Mail>>>,
    heard: Arc<Mutex<Vec<String>>>,
    busy: Arc<Mutex<usize>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.get_mut().write_all(b"220 sink\r\n").await?;
    let mut mail = Mail { from: String::new(), to: vec![], data: String::new() };
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let said = std::mem::take(&mut line);
        let said = said.trim_end();
        heard.lock().expect("whole").push(said.to_owned());
        let verb = said.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-sink\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            "MAIL" if *busy.lock().expect("whole") > 0 => {
                *busy.lock().expect("whole") -= 1;
                "451 later"
            }
            "MAIL" => {
                mail = Mail { from: said.to_owned(), to: vec![], data: String::new() };
                "250 yes"
            }
            "RCPT" if said.contains("refused@") => "550 no such user",
            "RCPT" => {
                mail.to.push(said.to_owned());
                "250 yes"
            }
            "DATA" => {
                stream.get_mut().write_all(b"354 go on\r\n").await?;
                while stream.read_line(&mut line).await? > 0 {
                    let part = std::mem::take(&mut line);
                    if part == ".\r\n" {
                        break;
                    }
                    mail.data.push_str(part.strip_prefix('.').unwrap_or(&part));
                }
                mails.lock().expect("whole").push(mail.clone());
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "502 what",
        };
        stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await?;
        if verb == "QUIT" {
            break;
        }
    }
    Ok(())
}

/// What a process knows of the outside that may call exactly these.
pub fn outside(hook_port: Option<u16>, smtp_port: Option<u16>) -> Outside {
    let ports = hook_port.into_iter().chain(smtp_port);
    let allow = ports.map(|port| format!("127.0.0.1:{port}")).collect();
    let mail = smtp_port.and_then(|port| {
        let url = format!("smtp://127.0.0.1:{port}");
        MailSettings::parse(&url, "Aegis <aegis@example.com>").expect("settings")
    });
    Outside {
        outbound: Outbound::new(allow).expect("entries"),
        vault: Some(Vault::new(KEY)),
        mail,
        links: Links::parse("https://aegis.example.com").expect("an address"),
    }
}
