//! What webhooks are told: signed, once for each event, tried again, never at an inner address.

use crate::house::{House, eventually};
use crate::outside::{HttpSink, KEY, SmtpSink, outside};
use crate::people::person;
use aegis_aggregates::ids::TestId;
use aegis_outbound::{Found, Lookup, Outbound};
use aegis_projections::notifications::Kind;
use aegis_projections::vault::Vault;
use aegis_projections::webhooks::{self, Delivery, DeliveryRecord, NewWebhook};
use aegis_workers::deliverer::{Deliverer, Retries, signature};
use aegis_workers::outside::Outside;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::net::IpAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

const SECRET: &str = "what this webhook is signed with";
const CHILD_URL: &str = "AEGIS_TEST_NEWS_URL";
const CHILD_FILES: &str = "AEGIS_TEST_NEWS_FILES";
const CHILD_PORTS: &str = "AEGIS_TEST_NEWS_PORTS";

/// Pauses that a test can wait for.
const QUICK: Retries =
    Retries { attempts: 3, first: Duration::from_millis(1), longest: Duration::from_millis(5) };

/// Not a test by itself: the process that another test kills.
#[test]
fn teller() {
    let variables = [CHILD_URL, CHILD_FILES, CHILD_PORTS].map(|name| std::env::var(name).ok());
    let [Some(url), Some(files), Some(ports)] = variables else { return };
    let ports: Vec<u16> = ports.split(',').map(|port| port.parse().expect("a port")).collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut house = House::new(url.parse::<PgConnectOptions>().expect("an address")).await;
        house.objects = crate::house::files(Path::new(&files));
        house.outside = outside(Some(ports[0]), Some(ports[1]));
        let _engine = house.engine().await;
        std::future::pending::<()>().await;
    });
}

fn start_teller(house: &House, hook: &HttpSink, smtp: &SmtpSink) -> Child {
    Command::new(std::env::current_exe().expect("a path"))
        .args(["webhooks::teller", "--exact", "--nocapture"])
        .env(CHILD_URL, &house.url)
        .env(CHILD_FILES, house.objects_dir())
        .env(CHILD_PORTS, format!("{},{}", hook.port, smtp.port))
        .envs(house.queue_environment())
        .stdout(Stdio::null())
        .spawn()
        .expect("a child")
}

impl House {
    async fn webhook(&self, url: &str, kinds: &[Kind]) -> Uuid {
        let webhook_id = Uuid::now_v7();
        let secret = Vault::new(KEY).seal(&webhooks::secret_of(webhook_id), SECRET.as_bytes());
        let kinds: Vec<String> = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
        let new = NewWebhook {
            webhook_id,
            name: "Sink",
            url,
            kinds: &kinds,
            secret: &secret,
            created_by: person("admin").account.0,
        };
        assert!(webhooks::create(&self.pool, &new).await.expect("made"));
        webhook_id
    }

    /// Something to be delivered, written down by hand.
    async fn ping(&self, webhook_id: Uuid) -> Uuid {
        let delivery_id = Uuid::now_v7();
        let payload = format!("{{\"id\":\"{delivery_id}\",\"kind\":\"PING\"}}");
        let delivery = Delivery { delivery_id, webhook_id, kind: "ping".to_owned(), position: None, payload };
        let mut connection = self.pool.acquire().await.expect("a connection");
        webhooks::enqueue(&mut connection, &delivery).await.expect("written down");
        delivery_id
    }

    async fn delivery(&self, id: Uuid) -> DeliveryRecord {
        webhooks::delivery(&self.pool, id).await.expect("read").expect("there")
    }

    /// Delivers until there is nothing left to try.
    async fn deliver_all(&self, deliverer: &Deliverer) {
        let pending = "select count(*) from webhook_deliveries where state = 'pending'";
        eventually("everything is delivered or given up", async || {
            deliverer.round().await.expect("a round");
            self.count(pending).await == 0
        })
        .await;
    }

    async fn migrated(options: PgConnectOptions) -> Self {
        let house = Self::new(options).await;
        house.run("select 1").await;
        house
    }

    /// Stops whoever changes a row of a table until the lock is given back.
    async fn hold_updates(&self, table: &str) -> sqlx::Transaction<'static, sqlx::Postgres> {
        self.run(&format!(
            "create function wait_for_the_test() returns trigger language plpgsql as $$
             begin perform pg_advisory_xact_lock_shared(4712); return new; end $$;
             create trigger wait_for_the_test before update on {table} for each row execute function wait_for_the_test()"
        ))
        .await;
        let mut lock = self.root.begin().await.expect("begun");
        sqlx::query("select pg_advisory_xact_lock(4712)").execute(&mut *lock).await.expect("locked");
        lock
    }

    /// Kills a process that waits for such a lock, and its connections with it.
    async fn kill_in_between(&self, mut child: Child) {
        let waits =
            "select count(*) from pg_locks where locktype = 'advisory' and objid = 4712 and not granted";
        eventually("the process is about to send", async || self.count(waits).await > 0).await;
        child.kill().expect("killed");
        child.wait().expect("dead");
        self.run(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 4712 and not granted",
        )
        .await;
        eventually("its connections are gone", async || self.count(waits).await == 0).await;
    }
}

fn deliverer(house: &House, outside: &Outside) -> Deliverer {
    Deliverer::new(house.pool.clone(), outside).expect("it can sign").with_retries(QUICK)
}

#[sqlx::test(migrations = false)]
async fn a_webhook_is_told_each_event_once_signed_though_its_teller_is_killed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let mut house = House::new(options).await;
    let (hook, smtp) = (HttpSink::start(&[]).await, SmtpSink::start(0).await);
    house.people().await;
    let webhook = house.webhook(&hook.url(), &[Kind::TestAssigned, Kind::CommentMention]).await;
    aegis_workers::notifier::Notifier::register(&house.pool).await.expect("registered");
    let lock = house.hold_updates("webhook_deliveries").await;
    let child = start_teller(&house, &hook, &smtp);
    let test = TestId(Uuid::now_v7());
    let details = aegis_aggregates::test::Details {
        assignee: Some(person("red_2").account),
        title: "Boo\r\nBcc: victim@example.com".to_owned(),
        ..crate::remedy::details()
    };
    let draft = aegis_aggregates::test::TestAction::Draft { details, origin: None };
    house.test(test, person("red"), draft).await;
    let written = "select count(*) from webhook_deliveries";
    eventually("it is written down", async || house.count(written).await == 1).await;
    house.kill_in_between(child).await;
    assert_eq!(hook.heard().len(), 0, "killed before it was sent");
    lock.rollback().await.expect("unlocked");

    house.outside = outside(Some(hook.port), Some(smtp.port));
    let engine = house.engine().await;
    let delivered = "select count(*) from webhook_deliveries where state = 'delivered'";
    eventually("it is delivered", async || house.count(delivered).await == 1).await;
    eventually("the mail came", async || smtp.mails().len() == 1).await;
    // What another engine does after that adds nothing.
    engine.shutdown().await;
    let engine = house.engine().await;
    let mentioned = person("red_2").account;
    house.say("red", test.0, &format!("<@{mentioned}>!")).await;
    eventually("the next one is delivered", async || house.count(delivered).await == 2).await;
    house.say("red", test.0, "Nothing that this webhook listens to").await;
    house.all_is_told().await;
    engine.shutdown().await;
    assert_eq!(house.count(written).await, 2);

    let heard = hook.heard();
    assert_eq!(heard.len(), 2);
    let first = &heard[0];
    let position = house
        .count("select position from ledger join events using (event_id) where event_type = 'TestDrafted'")
        .await;
    let said = first.json();
    assert_eq!(said["kind"], "TEST_ASSIGNED");
    assert_eq!(said["position"], position);
    assert_eq!(said["actor"], person("red").account.to_string());
    assert_eq!(said["event"]["type"], "TestDrafted");
    assert_eq!(
        said["subject"],
        serde_json::json!({ "type": "TEST", "id": test.to_string(), "number": 1, "url": "https://aegis.example.com/tests/1" })
    );
    assert!(!first.body.contains("Boo"), "no text of anybody: {}", first.body);
    assert_eq!(heard[1].json()["kind"], "COMMENT_MENTION");

    // The signature is what its recipient computes, and of nothing else.
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(first.header("aegis-event"), "TEST_ASSIGNED");
    assert_eq!(said["id"], first.header("aegis-delivery"));
    let signed = first.header("aegis-signature");
    let at_s = signed.strip_prefix("t=").and_then(|rest| rest.split(',').next()).expect("a time");
    let at_s: i64 = at_s.parse().expect("seconds");
    assert_eq!(signed, signature(SECRET.as_bytes(), at_s, &first.body));
    assert_ne!(signed, signature(b"another secret", at_s, &first.body));
    assert!((chrono::Utc::now().timestamp() - at_s).abs() < 600, "it is the time of sending");
    assert_eq!(
        house.delivery(first.header("aegis-delivery").parse().expect("an id")).await.webhook_id,
        webhook
    );

    // And the mail, from a title that would rather be headers.
    let mails = smtp.mails();
    let drafted: Vec<_> = mails.iter().filter(|mail| mail.data.contains("is assigned to you")).collect();
    assert_eq!(drafted.len(), 1);
    let mail = drafted[0];
    assert_eq!(mail.to, ["RCPT TO:<red_2@example.com>"]);
    assert_eq!(mail.header("Subject"), "[Aegis] Test #1 is assigned to you: Boo Bcc: victim@example.com");
    assert!(!mail.header_names().contains(&"Bcc"), "{}", mail.data);
}

#[sqlx::test(migrations = false)]
async fn what_a_killed_process_had_taken_is_taken_when_its_time_is_over(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::migrated(options).await;
    let hook = HttpSink::start(&[]).await;
    let id = house.ping(house.webhook(&hook.url(), &[]).await).await;
    house
        .run("update webhook_deliveries set claimed_by = gen_random_uuid(), claimed_until = now() + interval '1 hour', attempts = 1")
        .await;
    let deliverer = deliverer(&house, &outside(Some(hook.port), None));
    assert_eq!(deliverer.round().await.expect("a round"), 0);
    assert!(hook.heard().is_empty());
    house.run("update webhook_deliveries set claimed_until = now() - interval '1 second'").await;
    assert_eq!(deliverer.round().await.expect("a round"), 1);
    let delivery = house.delivery(id).await;
    assert_eq!(
        (delivery.state.as_str(), delivery.attempts, delivery.last_status),
        ("delivered", 2, Some(204))
    );
}

#[sqlx::test(migrations = false)]
async fn several_processes_deliver_each_once(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::migrated(options).await;
    let hook = HttpSink::start(&[]).await;
    let webhooks = [house.webhook(&hook.url(), &[]).await, house.webhook(&hook.url(), &[]).await];
    for number in 0..20 {
        house.ping(webhooks[number % 2]).await;
    }
    let outside = outside(Some(hook.port), None);
    let deliverers = [(); 4].map(|()| deliverer(&house, &outside));
    futures::future::join_all(deliverers.iter().map(|deliverer| house.deliver_all(deliverer))).await;
    let mut ids: Vec<String> =
        hook.heard().iter().map(|heard| heard.header("aegis-delivery").to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), hook.heard().len()), (20, 20));
}

#[sqlx::test(migrations = false)]
async fn a_delivery_that_fails_is_tried_again_and_given_up_in_the_end(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::migrated(options).await;
    let hook = HttpSink::start(&[500, 503, 200, 500, 302, 404]).await;
    let webhook = house.webhook(&hook.url(), &[]).await;
    let deliverer = deliverer(&house, &outside(Some(hook.port), None));
    let id = house.ping(webhook).await;
    house.deliver_all(&deliverer).await;
    let delivery = house.delivery(id).await;
    assert_eq!(
        (delivery.state.as_str(), delivery.attempts, delivery.last_status),
        ("delivered", 3, Some(200))
    );
    assert_eq!(delivery.last_error, None);

    let id = house.ping(webhook).await;
    house.deliver_all(&deliverer).await;
    let delivery = house.delivery(id).await;
    assert_eq!((delivery.state.as_str(), delivery.attempts, delivery.last_status), ("failed", 3, Some(404)));
    assert_eq!(delivery.last_error.as_deref(), Some("it answered 404"));
    assert_eq!(hook.heard().len(), 6, "the redirect was not followed");
    let ids: Vec<_> =
        hook.heard()[3..].iter().map(|heard| heard.header("aegis-delivery").to_owned()).collect();
    assert!(ids.iter().all(|sent| *sent == id.to_string()), "each attempt has the same id");

    // Asked for again, it is delivered under its id; what waits is not asked for twice.
    assert!(webhooks::deliver_again(&house.pool, id).await.expect("asked"));
    assert!(!webhooks::deliver_again(&house.pool, id).await.expect("asked"));
    house.deliver_all(&deliverer).await;
    let delivery = house.delivery(id).await;
    assert_eq!((delivery.state.as_str(), delivery.attempts), ("delivered", 1));
}

/// A name that leads outside when it is looked at and inside when it is called.
struct Rebinding {
    answers: Mutex<Vec<&'static str>>,
    asked: Arc<AtomicUsize>,
}

impl Lookup for Rebinding {
    fn lookup(&self, _: &str) -> Found {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().expect("whole");
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0] };
        let ip: IpAddr = answer.parse().expect("an address");
        Box::pin(async move { Ok(vec![ip]) })
    }
}

#[sqlx::test(migrations = false)]
async fn no_inner_address_is_called_however_it_got_there(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::migrated(options).await;
    let hook = HttpSink::start(&[]).await;
    let rebinds = format!("http://rebinds.example.com:{}/hook", hook.port);
    let asked = Arc::new(AtomicUsize::new(0));
    let names =
        Rebinding { answers: Mutex::new(vec!["93.184.215.14", "127.0.0.1"]), asked: Arc::clone(&asked) };
    let mut strict = outside(None, None);
    strict.outbound = Outbound::default().with_lookup(names);
    // When it was made, it led outside.
    let url = strict.outbound.check_url(&rebinds).expect("it reads well");
    assert!(strict.outbound.reach(&url).await.is_ok());
    let mut ids = vec![];
    for url in [
        rebinds.as_str(),
        &hook.url(),
        &format!("http://[::ffff:127.0.0.1]:{}/hook", hook.port),
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/hook",
    ] {
        ids.push((url.to_owned(), house.ping(house.webhook(url, &[]).await).await));
    }
    house.deliver_all(&deliverer(&house, &strict)).await;
    for (url, id) in ids {
        let delivery = house.delivery(id).await;
        let error = delivery.last_error.unwrap_or_default();
        assert_eq!((delivery.state.as_str(), delivery.last_status), ("failed", None), "{url}");
        assert!(error.contains("which is not called"), "{url}: {error}");
    }
    assert!(asked.load(Ordering::SeqCst) > 1, "the name was looked up anew");
    assert!(hook.heard().is_empty());
}

#[sqlx::test(migrations = false)]
async fn a_secret_under_another_key_is_left_to_others(_: PgPoolOptions, options: PgConnectOptions) {
    let house = House::migrated(options).await;
    let hook = HttpSink::start(&[]).await;
    let id = house.ping(house.webhook(&hook.url(), &[]).await).await;
    let mut other = outside(Some(hook.port), None);
    other.vault = Some(Vault::new(b"another key"));
    assert_eq!(deliverer(&house, &other).round().await.expect("a round"), 1);
    let delivery = house.delivery(id).await;
    assert_eq!((delivery.state.as_str(), delivery.attempts), ("pending", 0));
    assert!(delivery.last_error.expect("a reason").contains("SECRET_KEY"));
    assert!(hook.heard().is_empty());
    other.vault = None;
    assert!(Deliverer::new(house.pool.clone(), &other).is_none());
}

#[sqlx::test(migrations = false)]
async fn a_deleted_webhook_is_told_nothing_more_and_its_log_goes_in_time(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let house = House::migrated(options).await;
    let hook = HttpSink::start(&[]).await;
    let (webhook, idle) = (house.webhook(&hook.url(), &[]).await, house.webhook(&hook.url(), &[]).await);
    let id = house.ping(webhook).await;
    let off = webhooks::WebhookChange { active: Some(false), ..Default::default() };
    assert!(webhooks::change(&house.pool, idle, &off).await.expect("changed"));
    house.ping(idle).await;
    assert!(webhooks::retire(&house.pool, webhook).await.expect("retired"));
    assert!(!webhooks::retire(&house.pool, webhook).await.expect("once"));
    let deliverer = deliverer(&house, &outside(Some(hook.port), None));
    assert_eq!(deliverer.round().await.expect("a round"), 0, "one is gone, the other switched off");
    assert!(webhooks::delivery(&house.pool, id).await.expect("read").is_none());
    assert_eq!(
        house.count("select count(*) from webhooks where secret = ''").await,
        1,
        "its secret is forgotten"
    );

    let in_days = |days| chrono::Utc::now() + chrono::TimeDelta::days(days);
    assert_eq!(webhooks::cut(&house.pool, in_days(29), 10).await.expect("cut"), 0);
    assert_eq!(webhooks::cut(&house.pool, in_days(31), 10).await.expect("cut"), 2);
    assert_eq!(house.count("select count(*) from webhooks").await, 1);
}
