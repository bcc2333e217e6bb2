//! `aegis import`: a source from a file, a folder or from where it is found, and what came of it.

use crate::commands::ProgressLine;
use crate::home::{Holding, Home, keep_quiet};
use crate::{Import, Settings};
use aegis_aggregates::knowledge::KnowledgeSource;
use aegis_projections::jobs::{self, JobRecord, RejectRecord};
use aegis_workers::import::{ImportResult, wants};
use aegis_workers::request;
use anyhow::{Context, bail};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Refused records that the command line lists.
const SHOWN_REJECTS: i64 = 20;
/// Files of a folder that are taken in at most; an archive has the same limit.
const MAX_FILES: usize = 50_000;
/// Bytes of a folder's files at most, before they are packed.
const MAX_FOLDER_BYTES: u64 = 192 * 1024 * 1024;
/// How deep folders may nest.
const MAX_DEPTH: usize = 32;

/// Takes a source in and waits for the job.
pub async fn run(settings: Settings, import: Import) -> anyhow::Result<()> {
    if import.source == "list" {
        for source in KnowledgeSource::ALL {
            println!("{:<20} {}", source.aggregate_id(), source.title());
        }
        return Ok(());
    }
    let source = match import.source.as_str() {
        "attack" => KnowledgeSource::AttackEnterprise,
        name => KnowledgeSource::parse(name).with_context(|| {
            format!("there is no source '{name}'; `aegis import list` lists those there are")
        })?,
    };
    // Packed before anything is started: a folder that cannot be read costs nothing.
    let packed = match &import.path {
        Some(path) if path.is_dir() => Some(pack(path, source)?),
        _ => None,
    };
    let home = Home::open(&settings, Holding::Shared, keep_quiet).await?;
    let engine = home.engine(true, None).await?;
    let done = ask(&home, source, &import, packed.as_ref(), &engine.sealing_stuck()).await;
    let rejects = match &done {
        Ok(job) => jobs::rejects(&home.pool, job.job, 0, SHOWN_REJECTS).await?,
        Err(_) => vec![],
    };
    engine.shutdown().await;
    home.close().await?;
    let job = done?;
    let result = match (job.state.as_str(), job.result.clone()) {
        ("succeeded", Some(result)) => result,
        ("cancelled", _) => bail!("the import was cancelled; nothing was changed"),
        _ => bail!("the import failed, nothing was changed: {}", job.error.unwrap_or_default()),
    };
    if import.json {
        println!("{}", serde_json::to_string_pretty(&result)?);
        return Ok(());
    }
    tell(source, &serde_json::from_value(result)?, &job, &rejects);
    Ok(())
}

async fn ask(
    home: &Home,
    source: KnowledgeSource,
    import: &Import,
    packed: Option<&tempfile::NamedTempFile>,
    sealing: &aegis_workers::sealing::Stuck,
) -> anyhow::Result<JobRecord> {
    let label = match &import.path {
        Some(path) => format!("Importing {}", path.display()),
        None => format!("Fetching {}", source.title()),
    };
    let mut line = ProgressLine::new(label);
    let mut show = |job: &JobRecord| line.show(job.done, job.total.unwrap_or(0));
    let show: &mut (dyn FnMut(&JobRecord) + Send) = &mut show;
    let preview = import.dry_run;
    let Some(path) = &import.path else {
        return Ok(request::sync(&home.pool, &home.store, source, preview, sealing, show).await?);
    };
    let objects = home.objects()?;
    let (file, name) = match packed {
        Some(packed) => (packed.path(), format!("{}.zip", name_of(path))),
        None => (path.as_path(), name_of(path)),
    };
    let store = objects.store().as_ref();
    let file = request::LocalFile { path: file, name: &name };
    Ok(request::import_file(&home.pool, &home.store, store, file, source, preview, sealing, show).await?)
}

fn name_of(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn tell(source: KnowledgeSource, result: &ImportResult, job: &JobRecord, rejects: &[RejectRecord]) {
    for reject in rejects {
        let place = match (&reject.file, reject.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (Some(file), None) => format!("{file}: "),
            (None, _) => String::new(),
        };
        let record = if reject.record.is_empty() { String::new() } else { format!("{}: ", reject.record) };
        println!("refused: {place}{record}{}", reject.reason);
    }
    if job.reject_count > SHOWN_REJECTS {
        let more = job.reject_count - SHOWN_REJECTS;
        match jobs::REJECTS_KEPT {
            kept if job.reject_count > kept => {
                println!("and {more} more; the interface lists the first {kept}")
            }
            _ => println!("and {more} more; the interface lists them all"),
        }
    }
    for (sign, named) in [("+", "added"), ("~", "changed"), ("-", "retired")] {
        for record in result.difference.first.get(named).into_iter().flatten().filter(|_| result.preview) {
            println!("{sign} {} {}: {}", record.kind, record.key, record.title);
        }
    }
    let news = match (result.preview, result.changed) {
        (true, _) => "was read and not put in force",
        (false, true) => "is in force now",
        (false, false) => "was in force already: nothing changed",
    };
    let counts: Vec<String> = result
        .counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| format!("{count} {}", name.replace('_', " ")))
        .collect();
    println!("{} {} {news}: {}.", source.title(), result.version, counts.join(", "));
    let difference = &result.difference;
    if difference.added + difference.changed + difference.retired + difference.unchanged > 0 {
        println!(
            "{} added, {} changed, {} retired, {} unchanged.",
            difference.added, difference.changed, difference.retired, difference.unchanged
        );
    }
}

/// Packs the files of a folder that the source's reader wants.
fn pack(folder: &Path, source: KnowledgeSource) -> anyhow::Result<tempfile::NamedTempFile> {
    let root = name_of(folder);
    let packed = tempfile::NamedTempFile::new().context("there is no room for a temporary file")?;
    let mut writer = ZipWriter::new(packed.reopen()?);
    let mut found = vec![];
    walk(folder, 0, &mut found)?;
    found.sort();
    let mut left = MAX_FOLDER_BYTES;
    for file in found {
        let inside = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if !wants(source, &inside) {
            continue;
        }
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        left = left.checked_sub(bytes.len() as u64).with_context(|| {
            format!("{} has more than {} MiB of files", folder.display(), MAX_FOLDER_BYTES >> 20)
        })?;
        writer.start_file(format!("{root}/{inside}"), SimpleFileOptions::default())?;
        writer.write_all(&bytes)?;
    }
    writer.finish()?;
    Ok(packed)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        // Links are not followed: they may lead anywhere, and in circles.
        if kind.is_dir() && depth < MAX_DEPTH && entry.file_name() != ".git" {
            walk(&entry.path(), depth + 1, found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
        if found.len() > MAX_FILES {
            bail!("{} has more than {MAX_FILES} files", folder.display());
        }
    }
    Ok(())
}
