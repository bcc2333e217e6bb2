//! Commands that do their work and end.

use crate::home::{Holding, Home, keep_quiet};
use crate::{Export, Settings, User, Verify};
use aegis_api::setup::{self, NewUser};
use aegis_projections::merkle::{VerifierKey, verify_offline};
use aegis_projections::{runner, status};
use aegis_workers::{checkpoint, verify};
use anyhow::{Context, bail};
use std::fs;
use std::io::{IsTerminal, Read};

/// A line that is written over and over on a terminal, and each tenth elsewhere.
pub struct ProgressLine {
    label: String,
    shown: Option<i64>,
}

impl ProgressLine {
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), shown: None }
    }

    pub fn show(&mut self, done: i64, total: i64) {
        let percent = if total > 0 { done * 100 / total } else { 0 };
        let terminal = std::io::stderr().is_terminal();
        let step = if terminal { 1 } else { 10 };
        if self.shown.is_some_and(|shown| percent < shown + step) {
            return;
        }
        self.shown = Some(percent);
        let (start, end) = if terminal { ("\r", if percent >= 100 { "\n" } else { "" }) } else { ("", "\n") };
        eprint!("{start}{}: {done} of {total} ({percent} %){end}", self.label);
    }
}

/// Writes a proof, a checkpoint or the key.
pub async fn export(settings: Settings, what: Export) -> anyhow::Result<()> {
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    match what {
        Export::Key => println!("{}", home.verifier_key()?),
        Export::Checkpoint => {
            let checkpoint = status::last_checkpoint(&home.pool).await?;
            print!(
                "{}",
                checkpoint
                    .context("there is no checkpoint yet; a running server makes one within seconds")?
                    .note
            );
        }
        Export::Proof { position, out } => {
            let proof =
                checkpoint::proof_of(&home.pool, home.objects()?.store(), &home.verifier_key()?, position)
                    .await?;
            match out {
                Some(path) => {
                    fs::write(&path, proof).with_context(|| format!("cannot write {}", path.display()))?
                }
                None => print!("{proof}"),
            }
        }
    }
    home.close().await
}

/// Recomputes the record, or checks a proof file.
pub async fn verify_record(settings: Settings, asked: Verify) -> anyhow::Result<()> {
    let key =
        asked.key.as_deref().map(VerifierKey::parse).transpose().context("--key is not a verifier key")?;
    if let (Some(path), Some(key)) = (&asked.proof, &key) {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let event = verify_offline(&bytes, key).context("the proof does not hold")?;
        let leaf = event.leaf();
        println!(
            "The proof holds: {} of {} {} stands at position {}, under a checkpoint of {} positions.",
            leaf.event_type,
            leaf.aggregate_type,
            leaf.aggregate_id,
            leaf.position,
            event.checkpoint().size
        );
        return Ok(());
    }
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    let key = key.map_or_else(|| home.verifier_key(), Ok)?;
    let mut notes = vec![];
    for path in &asked.checkpoint {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        notes.push(verify::Note { name: path.display().to_string(), text });
    }
    notes.extend(verify::published(home.objects()?.store().as_ref()).await?);
    let mut line = ProgressLine::new("Verifying");
    let report = verify::run(&home.pool, &key, &notes, &mut |done, total| line.show(done, total)).await;
    let report = report?;
    println!("{report}");
    let mut intact = report.is_ok();
    if asked.evidence {
        let mut line = ProgressLine::new("Hashing evidence");
        let show = &mut |done: usize| line.show(done as i64, done as i64);
        let found = verify::evidence(&home.pool, &home.objects()?, show).await;
        let found = found.map_err(|error| anyhow::anyhow!("evidence could not be hashed: {error}"))?;
        println!("{found}");
        intact &= found.is_ok();
    }
    home.close().await?;
    if intact { Ok(()) } else { bail!("the record is not what it was") }
}

/// Folds projections anew.
pub async fn replay(settings: Settings, projection: Option<String>) -> anyhow::Result<()> {
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    runner::register(&home.pool).await?;
    let names: Vec<String> = match projection {
        Some(name) => vec![name],
        None => runner::folds().iter().map(|fold| fold.name().to_owned()).collect(),
    };
    for name in names {
        let mut line = ProgressLine::new(format!("Replaying {name}"));
        let position = runner::rebuild(&home.pool, &name, &mut |done, total| line.show(done, total)).await?;
        println!("{name}: rebuilt from the first event to position {position}.");
    }
    home.close().await
}

/// Adds an account, or gives one a new password.
pub async fn user(settings: Settings, what: User) -> anyhow::Result<()> {
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    let engine = home.engine(false, None).await?;
    let done = match what {
        User::Add { username, role, password_stdin } => {
            let mut password = String::new();
            if password_stdin {
                std::io::stdin().read_to_string(&mut password)?;
            }
            let chosen = password_stdin.then(|| password.trim_end_matches(['\r', '\n']));
            setup::add(&home.pool, &home.store, &username, role, chosen, chosen.is_none()).await
        }
        User::Reset { username } => setup::reset(&home.pool, &home.store, &username).await,
    };
    if let Ok(NewUser { recorded: Some(recorded), .. }) = &done {
        // Whoever is told may sign in at once; late, the server shows it a moment later.
        engine.tide().see(recorded).await?;
    }
    engine.shutdown().await;
    home.close().await?;
    let user = done?;
    match user.generated {
        Some(password) => {
            println!("{}: the password is {password} (shown once; to be changed at sign-in).", user.username)
        }
        None => println!("{}: added.", user.username),
    }
    Ok(())
}
