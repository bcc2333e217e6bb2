//! Abilities as CALDERA writes them, which several sources publish.
//!
//! Format: CALDERA's documentation of abilities, the form with `platforms` and the newer one with `executors`. An
//! emulation plan has both: `platforms` says what runs where, `executors` repeats the commands for other tools.

use crate::atomic::{arguments, prerequisites};
use crate::is_attack_id;
use crate::kept::{addresses, long, long_of, name, name_of, platform, sorted};
use crate::record::{ArgumentRecord, Execution, TemplateRecord};
use crate::yaml::Node;
use std::collections::HashSet;

/// How many executions an ability may have. Known ones have four.
const MAX_EXECUTIONS: usize = 16;
/// How many gaps are found in the commands of an ability.
const MAX_GAPS: usize = 200;

/// The technique of an ability as it is written, blanks and all.
pub(crate) fn written_technique(ability: &Node) -> Option<&str> {
    let technique = ability.get("technique").and_then(|technique| technique.text_of("attack_id"));
    technique.or_else(|| ability.text_of("technique_id"))
}

/// Reads an ability as a template with this key.
pub(crate) fn template(ability: &Node, key: String, path: &str) -> Result<TemplateRecord, String> {
    let title = name_of(ability, "name");
    if title.is_empty() {
        return Err("name is missing".to_owned());
    }
    let written = written_technique(ability).map(name).unwrap_or_default();
    let attack_id = Some(written.to_ascii_uppercase()).filter(|id| is_attack_id(id));
    let technique = ability.get("technique").map(|technique| name_of(technique, "name")).unwrap_or_default();
    let mut tags = vec![
        name_of(ability, "tactic"),
        technique,
        name_of(ability, "technique_name"),
        name_of(ability, "procedure_group"),
    ];
    let step = name_of(ability, "procedure_step");
    tags.extend((!step.is_empty()).then(|| format!("step:{step}")));
    if attack_id.is_none() && !written.is_empty() {
        tags.push(format!("attack_id:{written}"));
    }
    let mut payloads = vec![];
    let executions = executions(ability, &mut payloads)?;
    if executions.is_empty() {
        return Err("it has no command for any platform".to_owned());
    }
    let mut before = prerequisites(ability);
    for payload in sorted(payloads) {
        if !before.is_empty() {
            before.push('\n');
        }
        before.push_str("payload: ");
        before.push_str(&payload);
    }
    Ok(TemplateRecord {
        key,
        path: path.to_owned(),
        name: title,
        description: long_of(ability, "description")?.trim().to_owned(),
        attack_id,
        platforms: sorted(executions.iter().flat_map(|way| way.platforms.iter().cloned())),
        prerequisites: long(&before)?,
        arguments: gaps(ability, &executions)?,
        tags: sorted(tags),
        references: addresses(ability.texts_of("cti_source")),
        executions,
        ..TemplateRecord::default()
    })
}

/// One for each platform and executor, in the order of the file.
fn executions(ability: &Node, payloads: &mut Vec<String>) -> Result<Vec<Execution>, String> {
    let elevated = name_of(ability, "privilege").eq_ignore_ascii_case("elevated");
    let others = ability.items_of("executors");
    let mut all: Vec<Execution> = vec![];
    let mut add = |platforms: &str, executors: &str, node: &Node| -> Result<(), String> {
        let mut way = Execution { command: command(node)?, cleanup: cleanup(node)?, ..Execution::default() };
        if way.command.trim().is_empty() && way.cleanup.trim().is_empty() {
            return Ok(());
        }
        // What another form of the same command adds.
        let twin = others
            .iter()
            .find(|other| other.text_of("command").is_some_and(|text| text.trim() == way.command.trim()));
        if let Some(twin) = twin.filter(|_| way.cleanup.is_empty()) {
            way.cleanup = cleanup(twin)?;
        }
        way.elevated = elevated || twin.is_some_and(|twin| twin.truth_of("elevation_required"));
        payloads.extend(node.texts_of("payloads").into_iter().map(name));
        for on in words(platforms) {
            for by in words(executors) {
                if all.len() == MAX_EXECUTIONS {
                    return Err(format!("it has more than {MAX_EXECUTIONS} commands"));
                }
                all.push(Execution {
                    executor: executor(by),
                    platforms: sorted([platform(on)]),
                    ..way.clone()
                });
            }
        }
        Ok(())
    };
    for (platforms, by_executor) in ability.get("platforms").map_or(&[][..], Node::entries) {
        for (executors, node) in by_executor.entries() {
            add(platforms, executors, node)?;
        }
    }
    if ability.get("platforms").is_none_or(|platforms| platforms.entries().is_empty()) {
        for node in others {
            add(&name_of(node, "platform"), &name_of(node, "name"), node)?;
        }
    }
    Ok(all)
}

/// The command, or the program text that is built for it.
fn command(node: &Node) -> Result<String, String> {
    let command = long_of(node, "command")?;
    if command.trim().is_empty() { long_of(node, "code") } else { Ok(command) }
}

fn cleanup(node: &Node) -> Result<String, String> {
    let key = if node.get("cleanup").is_some() { "cleanup" } else { "cleanup_command" };
    long(&node.texts_of(key).join("\n"))
}

/// The words of `linux,darwin`; one empty word where there are none.
fn words(list: &str) -> Vec<&str> {
    let words: Vec<&str> = list.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { vec![""] } else { words }
}

/// The name that other catalogues have for an executor, where they have one.
fn executor(word: &str) -> String {
    match word.to_ascii_lowercase().as_str() {
        "psh" => "powershell".to_owned(),
        "cmd" => "command_prompt".to_owned(),
        "" => "manual".to_owned(),
        _ => name(word),
    }
}

/// The gaps of the commands: those that are described, then those that only stand there.
fn gaps(ability: &Node, executions: &[Execution]) -> Result<Vec<ArgumentRecord>, String> {
    let mut all = arguments(ability)?;
    for argument in &mut all {
        // Defaults are written as blocks, whose line end is none of theirs.
        argument.default = argument.default.take().map(|default| default.trim_end().to_owned());
    }
    let mut known: HashSet<String> = all.iter().map(|argument| argument.name.clone()).collect();
    for text in executions.iter().flat_map(|way| [&way.command, &way.cleanup]) {
        for part in text.split("#{").skip(1) {
            let Some((gap, _)) = part.split_once('}') else { continue };
            let plain = gap.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-[]".contains(&byte));
            let fits = plain && !gap.is_empty() && gap.len() <= 100 && known.len() < MAX_GAPS;
            if fits && known.insert(gap.to_owned()) {
                let kind = "string".to_owned();
                all.push(ArgumentRecord { name: gap.to_owned(), kind, ..ArgumentRecord::default() });
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
