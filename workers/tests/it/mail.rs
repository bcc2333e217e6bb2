//! Mail: at once or as a digest, to whoever is still there, tried again, never twice.

use crate::house::{House, eventually};
use crate::outside::{SmtpSink, outside};
use crate::people::person;
use aegis_aggregates::ids::TestId;
use aegis_aggregates::test::{Classification, Details, TestAction};
use aegis_projections::mails;
use aegis_projections::notifications::{self, Kind, MailWish, Preference};
use aegis_workers::calendar::Calendar;
use aegis_workers::mailer::{MailSettings, Mailer};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// A clock that stands where no digest is due, so that only what a test asks for is sent.
fn early() -> Calendar {
    Calendar::of(|| DateTime::<Utc>::UNIX_EPOCH, Duration::from_secs(3600))
}

impl House {
    async fn draft_titled(&self, title: &str) -> TestId {
        let id = TestId(Uuid::now_v7());
        let assignee = Some(person("red_2").account);
        let details = Details { assignee, title: title.to_owned(), ..crate::remedy::details() };
        self.test(id, person("red"), TestAction::Draft { details, origin: None }).await;
        id
    }

    fn mailer(&self) -> Mailer {
        let mailer = Mailer::new(self.pool.clone(), &self.outside, early()).expect("there is mail");
        mailer.with_first_pause(Duration::from_millis(1))
    }

    /// Sends until there is nothing left to try.
    async fn send_all(&self) {
        let (mailer, never) = (self.mailer(), watch::channel(false).1);
        let pending = "select count(*) from mails where state = 'pending'";
        eventually("everything is sent or given up", async || {
            mailer.round(&never).await.expect("a round");
            self.count(pending).await == 0
        })
        .await;
    }

    async fn wish(&self, name: &str, kind: Kind, mail: MailWish) {
        let wish = Preference { kind, in_app: false, mail };
        let account = person(name).account.0;
        assert!(notifications::prefer(&self.pool, account, &[wish]).await.expect("set"));
    }

    async fn states(&self) -> Vec<(String, i32)> {
        sqlx::query_as("select state, attempts from mails order by created_at")
            .fetch_all(&self.root)
            .await
            .expect("read")
    }
}

/// A house whose engine writes mails down but has no clock to send any digest, and whose mail server is `smtp`. The
/// engine sends by itself, so it is stopped before a test sends.
async fn house_with(options: PgConnectOptions, smtp: &SmtpSink) -> House {
    let mut house = House::new(options).await;
    house.outside = outside(None, Some(smtp.port));
    house.calendar = early();
    house
}

#[sqlx::test(migrations = false)]
async fn mail_comes_at_once_where_wished_and_not_where_not(_: PgPoolOptions, options: PgConnectOptions) {
    let smtp = SmtpSink::start(0).await;
    let house = house_with(options, &smtp).await;
    let engine = house.engine().await;
    house.people().await;
    house.draft_titled("A first one").await;
    house.all_is_told().await;
    eventually("it came", async || smtp.mails().len() == 1).await;
    house.wish("red_2", Kind::TestAssigned, MailWish::Off).await;
    house.draft_titled("Not told").await;
    house.all_is_told().await;
    house.wish("red_2", Kind::TestAssigned, MailWish::AtOnce).await;
    // What comes together is told together.
    house.draft_titled("A second one").await;
    house.draft_titled("A third one").await;
    house.all_is_told().await;
    eventually("the next came", async || smtp.mails().len() == 2).await;
    engine.shutdown().await;

    let mails = smtp.mails();
    assert_eq!(mails[0].from, "MAIL FROM:<aegis@example.com>");
    assert_eq!(mails[0].to, ["RCPT TO:<red_2@example.com>"]);
    assert_eq!(mails[0].header("Subject"), "[Aegis] Test #1 is assigned to you: A first one");
    assert!(mails[0].data.contains("  https://aegis.example.com/tests/1\r\n"), "{}", mails[0].data);
    assert_eq!(mails[1].header("Subject"), "[Aegis] 2 notifications");
    assert!(mails[1].data.contains("  A second one\r\n") && mails[1].data.contains("  A third one\r\n"));
    assert_ne!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
    assert_eq!(house.states().await, [("sent".to_owned(), 1), ("sent".to_owned(), 1)]);
    let id: Uuid = sqlx::query_scalar("select mail_id from mails order by created_at limit 1")
        .fetch_one(&house.root)
        .await
        .expect("read");
    assert_eq!(mails[0].header("Message-ID"), format!("<{id}@example.com>"));
    let stored = "select count(*) from mails m, mail_items i where m::text || i::text ~ '@'";
    assert_eq!(house.count(stored).await, 0, "no address is kept");
}

#[sqlx::test(migrations = false)]
async fn a_digest_is_one_mail_a_day(_: PgPoolOptions, options: PgConnectOptions) {
    // Busy at first, so that it is tried again.
    let smtp = SmtpSink::start(2).await;
    let house = house_with(options, &smtp).await;
    let engine = house.engine().await;
    house.people().await;
    house.run("update account_profiles set time_zone = 'Asia/Kathmandu' where username = 'red_2'").await;
    house.wish("red_2", Kind::TestAssigned, MailWish::DailyDigest).await;
    for number in 1..=3 {
        house.draft_titled(&format!("Number {number}")).await;
    }
    house.all_is_told().await;
    engine.shutdown().await;
    assert_eq!(house.states().await, []);

    let mailer = house.mailer();
    let now = Utc::now();
    let in_hours = |hours| now + TimeDelta::hours(hours);
    assert_eq!(mailer.digests(now - TimeDelta::hours(24)).await.expect("made"), 0, "it is not seven yet");
    // Two processes make it at the same time; it is one.
    let other = house.mailer();
    let (one, two) = tokio::join!(mailer.digests(in_hours(24)), other.digests(in_hours(24)));
    assert_eq!(one.expect("made") + two.expect("made"), 1);
    assert_eq!(mailer.digests(in_hours(25)).await.expect("made"), 0);
    house.send_all().await;
    house.send_all().await;
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(house.states().await, [("sent".to_owned(), 3)]);
    assert_eq!(mails[0].header("Subject"), "[Aegis] 3 notifications");
    for number in 1..=3 {
        assert!(mails[0].data.contains(&format!("  Number {number}\r\n")), "{}", mails[0].data);
    }
    assert_eq!(house.count("select count(*) from mail_items where mail_id is null").await, 0);
    // What comes later waits for the next day.
    let engine = house.engine().await;
    house.draft_titled("Number 4").await;
    house.all_is_told().await;
    engine.shutdown().await;
    assert_eq!(mailer.digests(in_hours(24)).await.expect("made"), 0);
    assert_eq!(mailer.digests(in_hours(48)).await.expect("made"), 1);
}

#[sqlx::test(migrations = false)]
async fn nobody_gets_mail_who_is_gone_or_whose_address_is_unknown(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let smtp = SmtpSink::start(0).await;
    let mut house = house_with(options, &smtp).await;
    // Written down by a process that cannot reach the mail server.
    let reachable = std::mem::take(&mut house.outside.outbound);
    let engine = house.engine().await;
    house.people().await;
    house.run("update account_profiles set email = null where username = 'blue'").await;
    for name in ["blue", "blue_2", "blue_lead"] {
        house.wish(name, Kind::TestToEvaluate, MailWish::AtOnce).await;
    }
    let test = house.draft_titled("Handed over").await;
    house.test(test, person("red"), TestAction::StartExecution { waits_for: vec![] }).await;
    house.test(test, person("red"), TestAction::RecordAttack(crate::remedy::attack())).await;
    house.test(test, person("red"), TestAction::SubmitExecution).await;
    house.all_is_told().await;
    assert_eq!(house.count("select count(*) from mails").await, 3, "red_2, blue_2, blue_lead");
    let why = "select count(*) from mails where last_error like '%which is not called%'";
    eventually("the mail server is an inner one", async || house.count(why).await > 0).await;
    engine.shutdown().await;
    assert!(smtp.mails().is_empty());

    // One is erased, one leaves, one mail is old; then the mail server may be called.
    house.run("delete from account_profiles where username = 'blue_2'").await;
    house.run("update account_profiles set email = 'refused@example.com' where username = 'blue_lead'").await;
    house.run("update mails set next_attempt_at = now(), claimed_until = null").await;
    house
        .run(&format!(
            "update mails set created_at = created_at - interval '4 days' where account = '{}'",
            person("red_2").account
        ))
        .await;
    house.outside.outbound = reachable;
    house.send_all().await;
    let ended: Vec<(String, Option<String>)> =
        sqlx::query_as("select state, last_error from mails order by state, last_error")
            .fetch_all(&house.root)
            .await
            .expect("read");
    let ended: Vec<_> =
        ended.iter().map(|(state, why)| (state.as_str(), why.as_deref().unwrap_or(""))).collect();
    assert_eq!(
        ended,
        [
            ("dropped", "it could not be sent in time"),
            ("dropped", "there is nobody to send it to any more"),
            ("failed", "the mail server refused it: it answered 550"),
        ]
    );
    assert!(smtp.mails().is_empty());
}

#[sqlx::test(migrations = false)]
async fn no_password_is_sent_in_the_clear(_: PgPoolOptions, options: PgConnectOptions) {
    let smtp = SmtpSink::start(0).await;
    let mut house = house_with(options, &smtp).await;
    let url = format!("smtp://ann:secret@127.0.0.1:{}", smtp.port);
    house.outside.mail = MailSettings::parse(&url, "Aegis <aegis@example.com>").expect("settings");
    let engine = house.engine().await;
    house.people().await;
    house.draft_titled("Waits").await;
    let why =
        "select count(*) from mails where state = 'pending' and last_error like '%so no password is sent'";
    eventually("it waits for a server that encrypts", async || house.count(why).await == 1).await;
    engine.shutdown().await;
    assert!(smtp.mails().is_empty());
    assert!(!smtp.said().iter().any(|line| line.contains("AUTH")), "{:?}", smtp.said());
}

#[sqlx::test(migrations = false)]
async fn titles_of_confidential_tests_do_not_leave_the_house(_: PgPoolOptions, options: PgConnectOptions) {
    let smtp = SmtpSink::start(0).await;
    let house = house_with(options, &smtp).await;
    let engine = house.engine().await;
    house.people().await;
    house.wish("red_2", Kind::TestAssigned, MailWish::DailyDigest).await;
    let guarded = house.draft_titled("Crown jewels").await;
    house.test(guarded, person("admin"), TestAction::Classify(Classification::Restricted)).await;
    house.draft_titled("Glass beads").await;
    house.all_is_told().await;
    engine.shutdown().await;
    assert_eq!(house.mailer().digests(Utc::now() + TimeDelta::hours(24)).await.expect("made"), 1);
    house.send_all().await;
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].data.contains("Test #1 is assigned to you.\r\n  https://"), "{}", mails[0].data);
    assert!(mails[0].data.contains("  Glass beads\r\n") && !mails[0].data.contains("Crown jewels"));
    // What is remembered of mails goes, too.
    let later = Utc::now() + TimeDelta::days(31);
    assert_eq!(mails::cut(&house.pool, later, 10).await.expect("cut"), 1);
    assert_eq!(house.count("select count(*) from mail_items").await, 0);
}
