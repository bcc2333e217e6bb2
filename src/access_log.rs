//! `aegis access-log`: which segments are closed, and cutting old ones.

use crate::home::{Holding, Home, keep_quiet};
use crate::{AccessLog, Settings};
use aegis_aggregates::access_journal::{
    ACCESS_JOURNAL_ID, AccessJournal, AccessJournalAction, AccessJournalCommand, Segment,
};
use aegis_aggregates::actor::Actor;
use aegis_projections::access_log;
use aegis_projections::store::{Executed, Origin};
use anyhow::{Context, bail};
use chrono::{NaiveDate, NaiveTime, Utc};

/// Lists, or cuts.
pub async fn run(settings: Settings, what: AccessLog) -> anyhow::Result<()> {
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    match what {
        AccessLog::List => list(&home).await?,
        AccessLog::Cut { before } => cut(&home, before).await?,
    }
    home.close().await
}

async fn list(home: &Home) -> anyhow::Result<()> {
    let journal = home.store.load::<AccessJournal>(ACCESS_JOURNAL_ID).await?;
    for segment in journal.segments() {
        let Segment { number, first, last, entries, oldest, newest, sha256 } = segment;
        let gone = if *number <= journal.cut_through() { " (cut)" } else { "" };
        println!(
            "{number}: entries {first} to {last} ({entries}), {} to {}, {sha256}{gone}",
            oldest.format("%FT%TZ"),
            newest.format("%FT%TZ")
        );
    }
    println!("{} segments are closed, {} of them cut.", journal.segments().len(), journal.cut_through());
    Ok(())
}

async fn cut(home: &Home, before: NaiveDate) -> anyhow::Result<()> {
    let journal = home.store.load::<AccessJournal>(ACCESS_JOURNAL_ID).await?;
    let limit = before.and_time(NaiveTime::MIN).and_utc();
    let old = journal.segments().iter().take_while(|segment| segment.newest < limit).last();
    let Some(Segment { number: through, .. }) = old else {
        println!("No closed segment is older than {before}; nothing was cut.");
        return Ok(());
    };
    let action = AccessJournalAction::Cut { through: *through };
    let command = AccessJournalCommand { by: Actor::SYSTEM, at: Utc::now(), action };
    let mut origin = Origin::new(Actor::SYSTEM);
    origin.causation = Some("command line".to_owned());
    // Recorded first: entries that are gone without a word would be a forgery. Killed in between, the same
    // command cuts what is left.
    match home.store.execute::<AccessJournal>(ACCESS_JOURNAL_ID, command, &origin).await? {
        Executed::Committed(_) | Executed::Unchanged => {}
        Executed::Refused(error) => return Err(error).context("the segments cannot be cut"),
        Executed::Repeated(_) | Executed::CommandReused => bail!("the segments cannot be cut"),
    }
    let journal = home.store.load::<AccessJournal>(ACCESS_JOURNAL_ID).await?;
    let (last_cut, mut gone) = (journal.cut_through(), 0);
    let mut owner = home.database.owner().await?;
    if let Some(last) = journal.segments().iter().find(|segment| segment.number == last_cut) {
        gone = access_log::cut(&mut owner, last.last).await.context("the entries could not be removed")?;
    }
    println!("Segments up to {last_cut} are cut; {gone} entries were removed.");
    Ok(())
}
