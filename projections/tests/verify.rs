//! Whoever changes the record behind Aegis's back is found, and where; and
//! whoever goes through Aegis's own role cannot change it at all.

#[path = "support/failure.rs"]
mod failure;
#[path = "support/history.rs"]
mod history;
#[path = "support/random.rs"]
mod random;
#[path = "support/records.rs"]
mod records;

use aegis_projections::Pool;
use aegis_projections::provision::{self, Database};
use aegis_projections::runner;
use aegis_projections::status::{self, CheckpointRecord};
use aegis_projections::verify::{Finding, Verified, verify};
use failure::Outcome;
use history::World;
use sqlx::{ConnectOptions, Executor};

/// Positions of the record that is tampered with.
const POSITIONS: i64 = 40;

/// A record of 40 positions, three events waiting, and the checkpoint over the 40.
async fn record(pool: &Pool) -> Outcome<CheckpointRecord> {
    let mut world = World::new(4);
    records::append(pool, &world.history(40).await).await?;
    while records::seal(pool, 7).await? > 0 {}
    let Verified { root, .. } = verify(pool, &[], &mut |_, _| {}).await?;
    status::enter_checkpoint(pool, POSITIONS, &root, "signed").await?;
    records::append(pool, &world.history(3).await).await?;
    Ok(status::last_checkpoint(pool).await?.expect("it was entered"))
}

/// What a forger does who has all rights, and what is found then.
async fn found_after(pool: &Pool, forgery: &str) -> Outcome<(CheckpointRecord, Verified)> {
    let checkpoint = record(pool).await?;
    let whole = verify(pool, std::slice::from_ref(&checkpoint), &mut |_, _| {}).await?;
    assert_eq!((whole.finding, whole.positions, whole.queued, whole.checkpoints), (None, POSITIONS, 3, 1));
    let mut connection = pool.acquire().await?;
    connection.execute("set session_replication_role = replica").await?;
    connection.execute(forgery).await?;
    connection.execute("set session_replication_role = origin").await?;
    drop(connection);
    let found = verify(pool, &[], &mut |_, _| {}).await?;
    Ok((checkpoint, found))
}

/// The position that a finding is about.
fn place(finding: &Finding) -> i64 {
    match finding {
        Finding::Gap { position }
        | Finding::EventMissing { position, .. }
        | Finding::Changed { position, .. }
        | Finding::TimeBackwards { position }
        | Finding::Sequence { position, .. }
        | Finding::HeadDiffers { position, .. }
        | Finding::HeadMissing { position }
        | Finding::HeadTimeDiffers { position }
        | Finding::ContentMissing { position, .. }
        | Finding::ContentChanged { position, .. }
        | Finding::TailCut { position, .. } => *position,
        Finding::RootDiffers { size } => *size,
        Finding::Repeated { position } => *position,
        Finding::Unqueued { event_id, .. }
        | Finding::QueuedMissing { event_id }
        | Finding::QueuedAgain { event_id, .. } => *event_id,
    }
}

/// One test for each way to forge: what is done, and what must be found.
macro_rules! forgeries {
    ($($name:ident: $forgery:expr => $pattern:pat $(if $guard:expr)?, at $place:expr;)*) => {$(
        #[sqlx::test(migrations = "../migrations")]
        async fn $name(pool: Pool) -> Outcome {
            let (_, found) = found_after(&pool, $forgery).await?;
            let Some(finding) = found.finding else { panic!("nothing was found") };
            assert!(matches!(finding, $pattern $(if $guard)?), "{finding:?}");
            assert_eq!(place(&finding), $place, "{finding:?}");
            assert!(finding.to_string().contains(&$place.to_string()), "{finding}");
            Ok(())
        }
    )*};
}

const AT_20: &str = "(select event_id from ledger where position = 20)";

forgeries! {
    a_changed_payload_is_named:
        &format!("update events set payload = json_build_object('PasswordReset', json_build_object('account', event_id)) where event_id = {AT_20}")
        => Finding::Changed { .. }, at 20;
    a_payload_that_only_reads_the_same_is_named:
        &format!("update events set payload = (payload::text || ' ')::json where event_id = {AT_20}")
        => Finding::Changed { .. }, at 20;
    changed_metadata_are_named:
        &format!(r#"update events set metadata = '{{"actor":"00000000-0000-0000-0000-00000000000f"}}' where event_id = {AT_20}"#)
        => Finding::Changed { .. }, at 20;
    a_changed_time_of_recording_is_named:
        &format!("update events set recorded_at = recorded_at + interval '1 microsecond' where event_id = {AT_20}")
        => Finding::Changed { .. }, at 20;
    a_changed_time_of_sealing_is_named:
        "update ledger set sealed_at = sealed_at - interval '1 microsecond' where position = 20"
        => Finding::Changed { .. }, at 20;
    a_time_without_end_is_named:
        &format!("update events set recorded_at = 'infinity' where event_id = {AT_20}")
        => Finding::Changed { .. }, at 20;
    sealed_before_all_time_is_named:
        "update ledger set sealed_at = '-infinity' where position = 20"
        => Finding::Changed { .. }, at 20;
    a_changed_leaf_is_named:
        "update ledger set leaf_hash = sha256('forged') where position = 20"
        => Finding::Changed { .. }, at 20;
    another_aggregate_is_named:
        &format!("update events set aggregate_id = 'somebody else' where event_id = {AT_20}")
        => Finding::Changed { .. }, at 20;
    a_deleted_event_is_named:
        &format!("delete from events where event_id = {AT_20}")
        => Finding::EventMissing { .. }, at 20;
    a_deleted_position_is_named:
        "delete from ledger where position = 20" => Finding::Gap { .. }, at 20;
    a_deleted_first_position_is_named:
        "delete from ledger where position = 1" => Finding::Gap { .. }, at 1;
    a_deleted_pair_is_named:
        &format!("delete from events where event_id = {AT_20}; delete from ledger where position = 20")
        => Finding::Gap { .. }, at 20;
    swapped_positions_are_named:
        "update ledger set position = case position when 20 then 1023 else 1020 end where position in (20, 23);
         update ledger set position = position - 1000 where position > 1000"
        => Finding::Changed { .. }, at 20;
    swapped_events_are_named:
        "alter table ledger drop constraint ledger_event_id_key;
         update ledger l set event_id = (select event_id from ledger o where o.position = 43 - l.position)
         where position in (20, 23)"
        => Finding::Changed { .. }, at 20;
    a_position_given_twice_is_named:
        "alter table ledger drop constraint ledger_pkey, drop constraint ledger_event_id_key;
         insert into ledger select * from ledger where position = 20"
        => Finding::Repeated { .. }, at 20;
    an_event_stored_twice_is_named:
        &format!("alter table ledger drop constraint ledger_event_id_fkey;
         alter table events drop constraint events_pkey, drop constraint events_event_id_key;
         insert into events overriding system value select * from events where event_id = {AT_20}")
        => Finding::Repeated { .. }, at 20;
    an_event_sealed_twice_is_named:
        "alter table ledger drop constraint ledger_event_id_key;
         insert into ledger select 41, event_id, sealed_at, leaf_hash from ledger where position = 20;
         update ledger_head set position = 41"
        => Finding::Changed { .. }, at 41;
    an_event_sealed_twice_with_a_fitting_leaf_is_named:
        "alter table ledger drop constraint ledger_event_id_key;
         insert into ledger select 41, l.event_id, h.sealed_at, leaf_hash(41, h.sealed_at, e)
           from ledger l join events e using (event_id), ledger_head h where l.position = 20;
         update ledger_head set position = 41"
        => Finding::Sequence { .. }, at 41;
    a_position_below_the_first_is_named:
        "alter table ledger drop constraint ledger_position_check;
         insert into ledger select 0, event_id, clock_timestamp(), sha256('x') from unsequenced limit 1;
         delete from unsequenced where event_id in (select event_id from ledger)"
        => Finding::Repeated { .. }, at 0;
    a_position_far_ahead_is_named:
        "insert into ledger select 1000, event_id, clock_timestamp(), sha256('x') from unsequenced limit 1"
        => Finding::Gap { .. }, at 41;
    a_row_put_straight_into_the_ledger_is_named:
        "insert into ledger select 41, event_id, clock_timestamp(), sha256('x') from unsequenced order by 1 limit 1"
        => Finding::Changed { .. }, at 41;
    a_row_put_into_the_ledger_with_a_fitting_leaf_is_named:
        "insert into ledger select 41, event_id, h.sealed_at, leaf_hash(41, h.sealed_at, e)
           from events e join unsequenced using (event_id), ledger_head h order by 2 limit 1"
        => Finding::HeadDiffers { head: 40, .. }, at 41;
    a_moved_head_is_named:
        "update ledger_head set position = 39" => Finding::HeadDiffers { head: 39, .. }, at 40;
    a_lost_head_is_named:
        "delete from ledger_head" => Finding::HeadMissing { .. }, at 40;
    a_head_sealed_later_is_named:
        "update ledger_head set sealed_at = '2999-01-01'" => Finding::HeadTimeDiffers { .. }, at 40;
    a_head_sealed_earlier_is_named:
        "update ledger_head set sealed_at = '-infinity'" => Finding::HeadTimeDiffers { .. }, at 40;
    time_running_backwards_is_named:
        "update ledger set sealed_at = '2020-01-01' where position = 20;
         update ledger l set leaf_hash = leaf_hash(20, l.sealed_at, e) from events e
         where position = 20 and e.event_id = l.event_id"
        => Finding::TimeBackwards { .. }, at 20;
    an_event_slipped_past_the_triggers_is_named_by_its_id:
        "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         values ('test', 'slipped', 1, 'TestDrafted', '1.0', '{}', '{}')"
        => Finding::Unqueued { sequence: 1, .. }, at 44;
    an_event_taken_out_of_the_queue_is_named_by_its_id:
        "delete from unsequenced where event_id = 42" => Finding::Unqueued { .. }, at 42;
    a_waiting_event_that_was_deleted_is_named_by_its_id:
        "delete from events where event_id = 42" => Finding::QueuedMissing { .. }, at 42;
    a_sealed_event_that_waits_again_is_named_by_its_id:
        &format!("insert into unsequenced values ({AT_20})") => Finding::QueuedAgain { .. }, at 20;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_empty_ledger_has_a_head_before_all_time(pool: Pool) -> Outcome {
    assert_eq!(verify(&pool, &[], &mut |_, _| {}).await?.finding, None);
    pool.execute("update ledger_head set sealed_at = '2999-01-01'").await?;
    let found = verify(&pool, &[], &mut |_, _| {}).await?.finding;
    assert_eq!(found, Some(Finding::HeadTimeDiffers { position: 0 }));
    Ok(())
}

/// Everything recomputed by the forger: only a checkpoint that was kept elsewhere tells.
#[sqlx::test(migrations = "../migrations")]
async fn a_cut_tail_is_found_with_an_earlier_checkpoint(pool: Pool) -> Outcome {
    let cut = "create temp table cut as select event_id from ledger where position > 35;
               delete from unsequenced; delete from ledger where position > 35;
               delete from events where event_id > (select max(event_id) from ledger);
               update ledger_head set position = 35, sealed_at = (select max(sealed_at) from ledger);
               delete from tree_checkpoints; drop table cut";
    let (checkpoint, without) = found_after(&pool, cut).await?;
    assert_eq!((without.finding, without.positions), (None, 35), "nothing that is left is wrong");
    let with = verify(&pool, &[checkpoint], &mut |_, _| {}).await?;
    assert_eq!(with.finding, Some(Finding::TailCut { position: 35, size: POSITIONS }));
    Ok(())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_record_rewritten_throughout_is_found_with_an_earlier_checkpoint(pool: Pool) -> Outcome {
    let rewrite =
        "update events set metadata = json_build_object('actor', '00000000-0000-0000-0000-00000000000f')
                     where event_id = (select event_id from ledger where position = 20);
                   update ledger l set leaf_hash = leaf_hash(position, l.sealed_at, e) from events e
                     where e.event_id = l.event_id and position = 20";
    let (checkpoint, without) = found_after(&pool, rewrite).await?;
    assert_eq!(without.finding, None, "leaf and event fit again");
    let with = verify(&pool, &[checkpoint], &mut |_, _| {}).await?;
    assert_eq!(with.finding, Some(Finding::RootDiffers { size: POSITIONS }));
    Ok(())
}

/// Duplicates and gaps at the seam of two reads are found as well.
#[sqlx::test(migrations = "../migrations")]
async fn the_seam_between_two_reads_hides_nothing(pool: Pool) -> Outcome {
    pool.execute(
        r#"insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
           select 'probe', 'p', n, 'Probed', '1.0', '{}', '{}' from generate_series(1, 5010) n"#,
    )
    .await?;
    records::seal_all(&pool).await?;
    let mut shown = vec![];
    let whole = verify(&pool, &[], &mut |done, total| shown.push((done, total))).await?;
    assert_eq!((whole.finding, whole.positions), (None, 5_010));
    assert_eq!(shown, [(5_000, 5_010), (5_010, 5_010)]);
    let mut connection = pool.acquire().await?;
    connection.execute("set session_replication_role = replica").await?;
    connection
        .execute("alter table ledger drop constraint ledger_pkey, drop constraint ledger_event_id_key")
        .await?;
    connection.execute("insert into ledger select * from ledger where position = 5000").await?;
    let twice = verify(&pool, &[], &mut |_, _| {}).await?.finding;
    assert_eq!(twice, Some(Finding::Repeated { position: 5_000 }));
    connection.execute("delete from ledger where position in (5000, 5001)").await?;
    let gap = verify(&pool, &[], &mut |_, _| {}).await?.finding;
    assert_eq!(gap, Some(Finding::Gap { position: 5_000 }));
    Ok(())
}

/// The state in which a statement is refused; none when it is not.
async fn refusal(pool: &Pool, statement: &str) -> Outcome<Option<String>> {
    let mut transaction = pool.begin().await?;
    let result = transaction.execute(statement).await;
    transaction.rollback().await?;
    match result {
        Ok(_) => Ok(None),
        Err(error) => {
            Ok(error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned()))
        }
    }
}

const RECORD: [&str; 10] = [
    "events",
    "ledger",
    "tree_checkpoints",
    "commands",
    "attack_contents",
    "attack_tactics",
    "attack_techniques",
    "attack_actors",
    "attack_software",
    "attack_uses",
];

/// A database as provisioning makes it, with a record, the pool of the application, and that of its owner.
async fn provisioned(pool: &Pool) -> Outcome<(Pool, Pool)> {
    let url = pool.connect_options().to_url_lossy();
    let database = Database::provision(url.as_str()).await?;
    assert!(database.two_roles());
    let app = database.pool_of(3).await?;
    runner::register(&app).await?;
    let owner = sqlx::postgres::PgPoolOptions::new()
        .max_connections(2)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(format!("set role {}", provision::OWNER).as_str()).await?;
                Ok(())
            })
        })
        .connect_with(pool.connect_options().as_ref().clone())
        .await?;
    let mut world = World::new(4);
    records::stage(&app, &world).await?;
    records::append(&app, &world.history(120).await).await?;
    records::seal_all(&app).await?;
    Ok((app, owner))
}

#[sqlx::test(migrations = false)]
async fn the_application_can_only_append(pool: Pool) -> Outcome {
    let (app, owner) = provisioned(&pool).await?;
    assert!(!status::single_role(&app).await?);
    for table in RECORD {
        // Any column will do, as long as the table has it.
        let column: String = sqlx::query_scalar("select column_name::text from information_schema.columns where table_name = $1 order by ordinal_position limit 1")
            .bind(table)
            .fetch_one(&pool)
            .await?;
        for change in [
            format!("update {table} set {column} = {column}"),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
        ] {
            assert_eq!(refusal(&app, &change).await?.as_deref(), Some("42501"), "the application: {change}");
            let rows: i64 =
                sqlx::query_scalar(&format!("select count(*) from {table}")).fetch_one(&pool).await?;
            // Row triggers speak up where there is a row; the statement trigger of truncate always does.
            if rows > 0 || change.starts_with("truncate") {
                assert_eq!(refusal(&owner, &change).await?.as_deref(), Some("AE003"), "the owner: {change}");
            }
        }
    }
    for forbidden in [
        "insert into ledger select position + 1000, event_id, sealed_at, leaf_hash from ledger limit 1",
        "insert into unsequenced values (1)",
        "delete from unsequenced",
        "update ledger_head set position = 0",
        "insert into commands select * from commands",
        "alter table events disable trigger all",
        "drop trigger append_only on events",
        "drop table events",
        "create table public.own (n int)",
        "set session_replication_role = replica",
    ] {
        // The session began as a superuser, who may still set what a superuser may.
        if forbidden.starts_with("set ") {
            continue;
        }
        assert_eq!(refusal(&app, forbidden).await?.as_deref(), Some("42501"), "{forbidden}");
    }
    // What it may: append, seal, fold, rebuild, more than once.
    for _ in 0..2 {
        records::catch_up(&mut records::runners(&app)).await?;
        records::rebuild_all(&app).await?;
        let probe = r#"insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
                       select 'roster', 'more', coalesce(max(sequence), 0) + 1, 'PasswordReset', '1.0',
                              '{"PasswordReset":{"account":"00000000-0000-0000-0000-000000000001"}}',
                              '{"actor":"00000000-0000-0000-0000-000000000001"}'
                       from events where aggregate_id = 'more'"#;
        app.execute(probe).await?;
        records::seal_all(&app).await?;
    }
    records::catch_up(&mut records::runners(&app)).await?;
    assert!(status::enter_checkpoint(&app, 1, &[0; 32], "note").await?);
    assert_eq!(verify(&app, &[], &mut |_, _| {}).await?.finding, None);
    assert_eq!(refusal(&owner, "delete from tree_checkpoints").await?.as_deref(), Some("AE003"));
    assert_eq!(refusal(&owner, "update tree_checkpoints set note = 'x'").await?.as_deref(), Some("AE003"));
    app.close().await;
    owner.close().await;
    Ok(())
}

#[sqlx::test(migrations = false)]
async fn provisioning_twice_changes_nothing(pool: Pool) -> Outcome {
    let (app, owner) = provisioned(&pool).await?;
    let rights = "select string_agg(relname || ' ' || coalesce(relacl::text, '-'), E'\n' order by relname)
                  from pg_class where relnamespace = 'public'::regnamespace";
    let before: String = sqlx::query_scalar(rights).fetch_one(&pool).await?;
    Database::provision(pool.connect_options().to_url_lossy().as_str()).await?;
    assert_eq!(sqlx::query_scalar::<_, String>(rights).fetch_one(&pool).await?, before);
    records::catch_up(&mut records::runners(&app)).await?;
    app.close().await;
    owner.close().await;
    Ok(())
}
