//! Reads logs of ATTiRe 1.1: what Invoke-AtomicRedTeam and the runners of VECTR write.
//!
//! Format: the JSON Schema and the README of the ATTiRe project. Each procedure is an attack that was executed. A log
//! without an execution id is refused, since it could not be told from itself when it is imported again. The format
//! has no field for success, and none for what the defence saw.

use super::clock::Instant;
use super::json::{self, Text, text_of};
use super::{Executed, Found, OUTPUT_CHARS, Planned, clock, ends_in, long, name, read_each, technique};
use crate::atomic::is_guid;
use crate::text::fit;
use crate::{File, Files, Progress, Reject, SourceError};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Steps of a procedure that are read.
const MAX_STEPS: usize = 1_000;

/// Whether a file can be a log.
pub fn wants(path: &str) -> bool {
    ends_in(path, &[".json"])
}

/// Reads logs.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Found, SourceError> {
    read_each(files, &files.wanted(wants), progress, read_file)?
        .finished("ATTiRe log", "a JSON file with 'execution-data' and 'procedures'")
}

#[derive(Deserialize)]
struct Log<'a> {
    #[serde(rename = "attire-version", default)]
    version: Value,
    #[serde(rename = "execution-data")]
    execution: Value,
    #[serde(borrow)]
    procedures: Vec<&'a RawValue>,
}

/// What all procedures of a log share.
struct Execution {
    id: String,
    source: String,
    plan: String,
    host: String,
    address: String,
    user: String,
    path: String,
}

fn read_file(file: &File) -> Found {
    let mut found = Found::default();
    if let Err(reject) = read_log(file, &mut found) {
        found.rejects.add(reject);
    }
    found
}

fn read_log(file: &File, found: &mut Found) -> Result<(), Reject> {
    let text = Text::of(file)?;
    let log: Log<'_> = serde_json::from_str(&text.text).map_err(|error| json::broken(file, &error))?;
    let refused = |reason: &str| Reject::new(&file.path, "", reason);
    if !log.version.is_null() && !json::text(&log.version).is_some_and(|version| version.starts_with("1.")) {
        return Err(refused("attire-version is not 1.x"));
    }
    let execution = execution(&log.execution, file).ok_or_else(|| {
        refused("execution-data has no execution-id, so it could not be told from itself another time")
    })?;
    found.counts.add("logs", 1);
    found.counts.add("procedures", log.procedures.len());
    for (index, raw) in log.procedures.iter().enumerate() {
        let line = text.line(raw);
        let read = json::value(raw).and_then(|procedure| {
            found.counts.add("steps", json::items_of(&procedure, "steps").len());
            read_procedure(&procedure, index, &execution)
        });
        match read {
            Ok(mut executed) => {
                executed.test.line = Some(line);
                found.executed.push(executed);
            }
            Err(reason) => {
                let record = format!("procedure {}", index + 1);
                found.rejects.add(Reject::new(&file.path, record, reason).at(line));
            }
        }
    }
    Ok(())
}

fn execution(data: &Value, file: &File) -> Option<Execution> {
    let id = name(&text_of(data, "execution-id"));
    let target = data.get("target").unwrap_or(&Value::Null);
    let category = data.get("execution-category").unwrap_or(&Value::Null);
    let plan = [text_of(data, "assessment-name"), text_of(data, "group-name"), text_of(category, "name")];
    (!id.is_empty()).then(|| Execution {
        id,
        source: name(&text_of(data, "execution-source")),
        plan: plan.iter().map(|part| name(part)).find(|part| !part.is_empty()).unwrap_or_default(),
        host: name(&text_of(target, "host")),
        address: name(&text_of(target, "ip")),
        user: name(&text_of(target, "user")),
        path: file.path.clone(),
    })
}

fn read_procedure(procedure: &Value, index: usize, execution: &Execution) -> Result<Executed, String> {
    let title = name(&text_of(procedure, "procedure-name"));
    let id = procedure.get("procedure-id").unwrap_or(&Value::Null);
    let kind = text_of(id, "type").trim().to_ascii_lowercase();
    let id = name(&text_of(id, "id"));
    let order = json::number_of(procedure, "order").unwrap_or(index as i64 + 1);
    let template = id.to_ascii_lowercase();
    let template = (kind == "guid" && is_guid(&template)).then_some(template);
    let mut steps: Vec<&Value> = json::items_of(procedure, "steps").iter().collect();
    if steps.is_empty() {
        return Err("it has no steps, so nothing was executed".to_owned());
    }
    if steps.len() > MAX_STEPS {
        return Err(format!("it has more than {MAX_STEPS} steps"));
    }
    steps.sort_by_key(|step| json::number_of(step, "order").unwrap_or(i64::MAX));
    let attack_id = technique(&text_of(procedure, "mitre-technique-id"))?;
    if title.is_empty() && attack_id.is_none() {
        return Err("it has neither a name nor a technique".to_owned());
    }
    let (mut commands, mut output, mut output_cut, mut zone_assumed) = (vec![], String::new(), false, false);
    let (mut started_at, mut ended_at): (Option<Instant>, Option<Instant>) = (None, None);
    for step in &steps {
        commands.push(text_of(step, "command"));
        let time = |key| clock::instant(&text_of(step, key)).map_err(|reason| format!("{key}: {reason}"));
        let (start, stop) = (time("time-start")?, time("time-stop")?);
        zone_assumed |= [&start, &stop].into_iter().flatten().any(|at| at.assumed);
        started_at = [started_at, start].into_iter().flatten().min_by_key(|it| it.at);
        ended_at = [ended_at, stop].into_iter().flatten().max_by_key(|it| it.at);
        for entry in json::items_of(step, "output") {
            output_cut |= append(&mut output, &text_of(entry, "level"), &text_of(entry, "content"));
        }
    }
    let executor = name(&text_of(steps[0], "executor")).to_ascii_lowercase();
    let command = long(&commands.join("\n"))?;
    let name = match &attack_id {
        Some(attack_id) if title.is_empty() => attack_id.clone(),
        _ => title,
    };
    Ok(Executed {
        test: Planned {
            key: format!("{}/{order}/{id}", execution.id),
            path: execution.path.clone(),
            name,
            description: long(&text_of(procedure, "procedure-description"))?,
            attack_id,
            executor,
            procedure: command.clone(),
            tool: execution.source.clone(),
            plan: execution.plan.clone(),
            template,
            ..Planned::default()
        },
        started_at: started_at.map(|it| it.text),
        ended_at: ended_at.map(|it| it.text),
        zone_assumed,
        host: execution.host.clone(),
        address: execution.address.clone(),
        user: execution.user.clone(),
        command,
        output,
        output_cut,
        ..Executed::default()
    })
}

/// Adds what a step wrote, as far as there is room. Returns whether something was left out.
fn append(output: &mut String, level: &str, content: &str) -> bool {
    let room = OUTPUT_CHARS.saturating_sub(output.chars().count());
    let start = if output.is_empty() { "" } else { "\n" };
    let level = match level.trim().to_ascii_uppercase().as_str() {
        "" | "STDOUT" => String::new(),
        level => format!("[{}] ", name(level)),
    };
    let (text, cut) = fit(&format!("{start}{level}{content}"), room);
    output.push_str(&text);
    cut
}

#[cfg(test)]
mod tests;
