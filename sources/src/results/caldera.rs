//! Reads what CALDERA exports of an operation: the report, and the event log.
//!
//! Format: the chapter on operation results of CALDERA's documentation, and what the server writes. A step has the
//! same key in both forms, made of what both have: the start of the operation, the agent, the ability, when it was
//! handed out and the command; so importing the one after the other doubles nothing. A step that never ran, having
//! been discarded or still waiting, is no attack and stays out.

mod base64;

use super::json::{self, Text, text_of};
use super::{
    Executed, Found, OUTPUT_CHARS, Planned, clock, ends_in, long, name, platform, read_each, sorted,
    technique,
};
use crate::text::fit;
use crate::{File, Files, Progress, Reject, SourceError};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// Agents of an operation that are read.
const MAX_AGENTS: usize = 10_000;

/// Whether a file can be an export of an operation.
pub fn wants(path: &str) -> bool {
    ends_in(path, &[".json"])
}

/// Reads exports of operations.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Found, SourceError> {
    read_each(files, &files.wanted(wants), progress, read_file)?
        .finished("CALDERA operation", "an operation report or an event log, as JSON")
}

#[derive(Deserialize)]
struct Report<'a> {
    name: Value,
    #[serde(default)]
    host_group: Value,
    start: Value,
    #[serde(default)]
    adversary: Value,
    #[serde(borrow)]
    steps: BTreeMap<String, Agent<'a>>,
}

#[derive(Deserialize)]
struct Agent<'a> {
    #[serde(borrow)]
    steps: Vec<&'a RawValue>,
}

/// A step in the words of both forms.
struct Step<'a> {
    operation: String,
    operation_start: String,
    adversary: String,
    paw: String,
    ability: String,
    name: String,
    description: String,
    attack: &'a Value,
    host: String,
    user: String,
    started: String,
    ended: String,
    body: &'a Value,
    delegated: String,
}

fn read_file(file: &File) -> Found {
    let mut found = Found::default();
    let read = Text::of(file).and_then(|text| {
        if text.text.trim_start().starts_with('[') {
            read_log(file, &text, &mut found)
        } else {
            read_report(file, &text, &mut found)
        }
    });
    if let Err(reject) = read {
        found.rejects.add(reject);
    }
    found
}

fn read_report(file: &File, text: &Text<'_>, found: &mut Found) -> Result<(), Reject> {
    let report: Report<'_> = serde_json::from_str(&text.text).map_err(|error| json::broken(file, &error))?;
    if report.steps.len() > MAX_AGENTS {
        return Err(Reject::new(&file.path, "", format!("it has more than {MAX_AGENTS} agents")));
    }
    let hosts: HashMap<_, &Value> = report.host_group.as_array().map_or_else(HashMap::new, |agents| {
        agents.iter().map(|agent| (text_of(agent, "paw").into_owned(), agent)).collect()
    });
    let word = |value: &Value| name(&json::text(value).unwrap_or_default());
    let (operation, operation_start) = (word(&report.name), word(&report.start));
    let adversary = report.adversary.get("name").map(word).unwrap_or_default();
    found.counts.add("operation reports", 1);
    found.counts.add("agents", report.steps.len());
    for (paw, agent) in &report.steps {
        let host = hosts.get(paw).copied().unwrap_or(&Value::Null);
        for raw in &agent.steps {
            let read = json::value(raw).and_then(|body| {
                let first = |keys: [&str; 2]| {
                    keys.iter()
                        .map(|key| text_of(&body, key))
                        .find(|text| !text.is_empty())
                        .unwrap_or_default()
                };
                read_step(
                    Step {
                        operation: operation.clone(),
                        operation_start: operation_start.clone(),
                        adversary: adversary.clone(),
                        paw: name(paw),
                        ability: name(&text_of(&body, "ability_id")),
                        name: name(&text_of(&body, "name")),
                        description: text_of(&body, "description").into_owned(),
                        attack: body.get("attack").unwrap_or(&Value::Null),
                        host: name(&text_of(host, "host")),
                        user: name(&text_of(host, "username")),
                        started: first(["agent_reported_time", "delegated"]).into_owned(),
                        ended: text_of(&body, "run").into_owned(),
                        delegated: text_of(&body, "delegated").into_owned(),
                        body: &body,
                    },
                    file,
                )
            });
            take(read, raw, text, file, found);
        }
    }
    Ok(())
}

fn read_log(file: &File, text: &Text<'_>, found: &mut Found) -> Result<(), Reject> {
    let events: Vec<&RawValue> =
        serde_json::from_str(&text.text).map_err(|error| json::broken(file, &error))?;
    found.counts.add("event logs", 1);
    for raw in events {
        let read = json::value(raw).and_then(|body| {
            let part = |key| body.get(key).unwrap_or(&Value::Null);
            let (agent, ability) = (part("agent_metadata"), part("ability_metadata"));
            let operation = part("operation_metadata");
            let first = ["agent_reported_time", "collected_timestamp", "delegated_timestamp"];
            let started = first.iter().map(|key| text_of(&body, key)).find(|text| !text.is_empty());
            read_step(
                Step {
                    operation: name(&text_of(operation, "operation_name")),
                    operation_start: name(&text_of(operation, "operation_start")),
                    adversary: name(&text_of(operation, "operation_adversary")),
                    paw: name(&text_of(agent, "paw")),
                    ability: name(&text_of(ability, "ability_id")),
                    name: name(&text_of(ability, "ability_name")),
                    description: text_of(ability, "ability_description").into_owned(),
                    attack: part("attack_metadata"),
                    host: name(&text_of(agent, "host")),
                    user: name(&text_of(agent, "username")),
                    started: started.unwrap_or_default().into_owned(),
                    ended: text_of(&body, "finished_timestamp").into_owned(),
                    delegated: text_of(&body, "delegated_timestamp").into_owned(),
                    body: &body,
                },
                file,
            )
        });
        take(read, raw, text, file, found);
    }
    Ok(())
}

fn take(read: Result<Executed, String>, raw: &RawValue, text: &Text<'_>, file: &File, found: &mut Found) {
    let line = text.line(raw);
    found.counts.add("steps", 1);
    match read {
        Ok(mut executed) => {
            let outcome = match executed.success {
                Some(true) => "steps with success",
                Some(false) => "steps without success",
                None => "steps without an outcome",
            };
            found.counts.add(outcome, 1);
            executed.test.line = Some(line);
            found.executed.push(executed);
        }
        Err(reason) => found.rejects.add(Reject::new(&file.path, "step", reason).at(line)),
    }
}

fn read_step(step: Step<'_>, file: &File) -> Result<Executed, String> {
    if step.ability.is_empty() {
        return Err("it names no ability".to_owned());
    }
    let body = step.body;
    let status = json::number_of(body, "status").ok_or("status is missing or no number")?;
    let time = |text: &str, what| clock::instant(text).map_err(|reason| format!("{what}: {reason}"));
    let delegated = time(&step.delegated, "when it was handed out")?;
    let (started, ended) = (time(&step.started, "its start")?, time(&step.ended, "its end")?);
    // What the server has below 0 are states of waiting. Of those, only one that an agent has answered is an attack.
    if status < 0 && (ended.is_none() || matches!(status, -2 | -5)) {
        return Err(format!("{} (status {status})", waiting(status)));
    }
    let command = match text_of(body, "plaintext_command") {
        plain if plain.is_empty() => {
            let written = text_of(body, "command");
            base64::text(&written).unwrap_or_else(|| written.into_owned())
        }
        plain => plain.into_owned(),
    };
    let command = long(&command)?;
    let (output, output_cut, exit_status) = output(body);
    let attack_word = text_of(step.attack, "technique_id");
    // Abilities made on the fly have a word in the place of the id.
    let attack_id = technique(&attack_word).ok().flatten();
    let odd = if attack_id.is_none() { name(&attack_word) } else { String::new() };
    let zone_assumed = [&started, &ended].into_iter().flatten().any(|at| at.assumed);
    let operation = clock::instant(&step.operation_start).ok().flatten().map(|at| at.text);
    let operation = operation.unwrap_or(step.operation_start);
    let handed_out = delegated.map(|at| at.text).unwrap_or_default();
    let digest = hex(&Sha256::digest(command.as_bytes())[..8]);
    let title = if step.name.is_empty() { name(&text_of(step.attack, "technique_name")) } else { step.name };
    Ok(Executed {
        test: Planned {
            key: [&operation, &step.paw, &step.ability, &handed_out, &digest].map(String::as_str).join("/"),
            path: file.path.clone(),
            name: if title.is_empty() { step.ability.clone() } else { title },
            description: long(&step.description)?,
            attack_id,
            platforms: sorted([platform(&text_of(body, "platform"))]),
            executor: name(&text_of(body, "executor")),
            procedure: command.clone(),
            tool: "CALDERA".to_owned(),
            plan: step.operation,
            tactic: name(&text_of(step.attack, "tactic")),
            tags: sorted([step.adversary, odd]),
            template: Some(step.ability),
            ..Planned::default()
        },
        started_at: started.map(|at| at.text),
        ended_at: ended.map(|at| at.text),
        zone_assumed,
        host: step.host,
        user: step.user,
        command,
        exit_status: exit_status.or((status >= 0).then_some(status)),
        success: (status >= 0).then_some(status == 0),
        output,
        output_cut,
        ..Executed::default()
    })
}

fn waiting(status: i64) -> &'static str {
    match status {
        -1 => "it was held back and never ran",
        -2 => "it was discarded and never ran",
        -3 => "it was still waiting when this was written",
        -4 => "its agent was no longer trusted, and nothing came back",
        -5 => "it was too visible and never ran",
        _ => "it never ran",
    }
}

/// What it wrote, whether there was more, and what it returned. Older servers have a text, newer ones an object.
fn output(body: &Value) -> (String, bool, Option<i64>) {
    let Some(output) = body.get("output") else { return (String::new(), false, None) };
    let parsed: Value;
    let mut object = output;
    if let Value::String(text) = output {
        let plain = base64::text(text).unwrap_or_else(|| text.clone());
        match serde_json::from_str::<Value>(&plain) {
            Ok(value) if value.get("stdout").is_some() => {
                parsed = value;
                object = &parsed;
            }
            _ => {
                let (plain, cut) = fit(&plain, OUTPUT_CHARS);
                return (plain, cut, None);
            }
        }
    }
    let (stdout, stderr) = (text_of(object, "stdout"), text_of(object, "stderr"));
    let joint = if stdout.is_empty() || stderr.is_empty() { "" } else { "\n" };
    let label = if stderr.is_empty() { "" } else { "[STDERR] " };
    let (text, cut) = fit(&format!("{stdout}{joint}{label}{stderr}"), OUTPUT_CHARS);
    (text, cut, json::number_of(object, "exit_code"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
