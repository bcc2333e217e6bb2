//! Reads GTFOBins: `_gtfobins/*`, one file without extension for each binary of Unix, and `_data/functions.yml`.
//!
//! Format: the front matter of the project's pages; what a function is, and which techniques it stands for, is in
//! `functions.yml`. A template is what one binary does by one function for one technique; the examples of the function
//! are its executions. `api.json` and `mitre.json` are templates of a site generator, not JSON.

use crate::each::each;
use crate::files::{File, Files};
use crate::kept::{addresses, long_of, name, name_of, sorted};
use crate::record::{Execution, Record, TemplateRecord};
use crate::text::fit;
use crate::yaml::{self, Node};
use crate::{Parsed, Progress, Reject, SourceError, finished, is_attack_id};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The file that says what functions are.
const FUNCTIONS: &str = "_data/functions.yml";
/// The folder of the binaries.
const FOLDER: &str = "_gtfobins/";
/// How many names may lead to one binary, one after the other. Known ones need two.
const MAX_ALIASES: usize = 8;
/// How many names one binary may have. Known ones have five.
const MAX_NAMES: usize = 100;
/// How many techniques one function may stand for. Known ones stand for two.
const MAX_TECHNIQUES: usize = 5;
/// How many functions a binary may have. There are eleven.
const MAX_FUNCTIONS: usize = 100;
/// Characters that are kept of what several templates repeat: what a function or a binary is.
const ABOUT_CHARS: usize = 2_000;

/// Whether a file of the repository is one of its binaries, or says what functions are.
pub fn wants(path: &str) -> bool {
    path == FUNCTIONS || path.strip_prefix(FOLDER).is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

/// What a binary can be used for.
struct Function {
    label: String,
    description: String,
    attack_ids: Vec<String>,
}

/// What came of a file.
#[derive(Default)]
struct Binary {
    /// The binary it is another name of.
    alias: Option<String>,
    records: Vec<TemplateRecord>,
    rejects: Vec<Reject>,
    /// Each function with how many examples of it were read.
    functions: Vec<(String, usize)>,
}

/// Reads the files of the repository.
///
/// # Errors
/// [`SourceError`].
pub fn read(files: &Files, progress: Progress<'_>) -> Result<Parsed, SourceError> {
    const WHAT: (&str, &str) = ("GTFOBins binary", "_gtfobins/* and _data/functions.yml");
    let wanted: Vec<&File> = files.wanted(|path| wants(path) && path != FUNCTIONS);
    let mut parsed = Parsed {
        version: files.version("GTFOBins.github.io"),
        rejects: files.rejects.clone(),
        ..Parsed::default()
    };
    if wanted.is_empty() {
        return finished(parsed, WHAT.0, WHAT.1);
    }
    let functions = read_functions(files)?;
    let mut binaries = BTreeMap::new();
    for (file, binary) in wanted.iter().zip(each(&wanted, progress, |file| read_file(file, &functions))?) {
        binaries.insert(binary_of(file).to_owned(), binary);
    }
    for (place, names, reject) in aliases(&binaries) {
        parsed.counts.add("aliases", 1);
        parsed.rejects.extend(reject);
        for record in binaries.get_mut(&place).into_iter().flat_map(|binary| &mut binary.records) {
            record.tags.push(format!("alias:{names}"));
            record.tags.sort();
        }
    }
    let (mut techniques, mut pairs) = (BTreeSet::new(), 0);
    for binary in binaries.into_values() {
        let counts = &mut parsed.counts;
        counts.add("binaries with functions", usize::from(!binary.functions.is_empty()));
        for (function, examples) in &binary.functions {
            counts.add(&format!("function {function}"), 1);
            counts.add("examples", *examples);
        }
        let ids: BTreeSet<String> =
            binary.records.iter().filter_map(|record| record.attack_id.clone()).collect();
        counts.add("binaries with a technique", usize::from(!ids.is_empty()));
        pairs += ids.len();
        techniques.extend(ids);
        parsed.records.extend(binary.records.into_iter().map(Record::Template));
        parsed.rejects.extend(binary.rejects);
    }
    parsed.counts.add("pairs of binary and technique", pairs);
    parsed.counts.add("techniques", techniques.len());
    finished(parsed, WHAT.0, WHAT.1)
}

fn read_functions(files: &Files) -> Result<BTreeMap<String, Function>, SourceError> {
    let fault = |reason: String| SourceError::File { file: FUNCTIONS.to_owned(), reason };
    let file = files.files.iter().find(|file| file.path == FUNCTIONS);
    let file =
        file.ok_or_else(|| fault("it is missing; it says which techniques functions are".to_owned()))?;
    let document =
        yaml::document(&file.bytes).map_err(|error| fault(format!("line {}: {error}", error.line)))?;
    let function = |(key, node): &(String, Node)| {
        let ids = node.texts_of("mitre").into_iter().map(|id| id.trim().to_ascii_uppercase());
        (
            name(key),
            Function {
                label: name_of(node, "label"),
                description: about_of(node, "description"),
                attack_ids: sorted(ids.filter(|id| is_attack_id(id)).take(MAX_TECHNIQUES)),
            },
        )
    };
    let functions: BTreeMap<String, Function> = document.entries().iter().map(function).collect();
    if functions.values().all(|function| function.attack_ids.is_empty()) {
        return Err(fault("no function in it has a technique".to_owned()));
    }
    Ok(functions)
}

/// The beginning of a text that several templates repeat.
fn about_of(node: &Node, key: &str) -> String {
    node.text_of(key).map(|text| fit(text, ABOUT_CHARS).0).unwrap_or_default()
}

/// The binary that a file is about; older states of the project have `.md` behind it.
fn binary_of(file: &File) -> &str {
    let name = file.path.strip_prefix(FOLDER).unwrap_or(&file.path);
    name.strip_suffix(".md").unwrap_or(name)
}

/// Each alias: the binary that it is in the end, the alias, and a reject where there is no such binary.
fn aliases(binaries: &BTreeMap<String, Binary>) -> Vec<(String, String, Option<Reject>)> {
    let mut all = vec![];
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (alias, binary) in binaries {
        let Some(first) = &binary.alias else { continue };
        let mut target = first;
        for _ in 0..MAX_ALIASES {
            match binaries.get(target).and_then(|binary| binary.alias.as_ref()) {
                Some(next) => target = next,
                None => break,
            }
        }
        let number = names.entry(target).or_default();
        *number += 1;
        if *number > MAX_NAMES {
            let reason = format!("'{target}' has more than {MAX_NAMES} names");
            let reject = Reject::new(format!("{FOLDER}{alias}"), alias.as_str(), reason);
            all.push((String::new(), String::new(), Some(reject)));
            continue;
        }
        let found = binaries.get(target).is_some_and(|binary| !binary.records.is_empty());
        let reject = (!found).then(|| {
            let reason = format!("it is said to be '{first}', which leads to no binary with functions");
            Reject::new(format!("{FOLDER}{alias}"), alias.as_str(), reason)
        });
        all.push((target.clone(), name(alias), reject));
    }
    all
}

fn read_file(file: &File, functions: &BTreeMap<String, Function>) -> Binary {
    let whole = |reason: String, line| Binary {
        rejects: vec![Reject::new(&file.path, "", reason).at(line)],
        ..Binary::default()
    };
    // Front matter that ends in three dashes has an empty document behind it.
    let document = match yaml::documents(&file.bytes) {
        Ok(documents) if documents.iter().skip(1).all(Node::is_null) => {
            documents.into_iter().next().unwrap_or_default()
        }
        Ok(_) => return whole("there is a second document in the file".to_owned(), 0),
        Err(fault) => return whole(fault.reason, fault.line),
    };
    let mut binary = Binary { alias: document.text_of("alias").map(name), ..Binary::default() };
    let of_file = document.get("functions").map_or(&[][..], Node::entries);
    if of_file.is_empty() && binary.alias.is_none() {
        return whole("it has neither functions nor an alias".to_owned(), document.line);
    }
    if of_file.len() > MAX_FUNCTIONS {
        return whole(format!("it has more than {MAX_FUNCTIONS} functions"), document.line);
    }
    for (function, examples) in of_file {
        let record = format!("{}/{function}", binary_of(file));
        match template(&document, file, function, functions.get(function), examples) {
            Ok((records, read, faults)) => {
                binary.records.extend(records);
                binary.functions.push((name(function), read));
                let faults = faults.into_iter();
                binary.rejects.extend(
                    faults.map(|(line, reason)| Reject::new(&file.path, record.as_str(), reason).at(line)),
                );
            }
            Err(reason) => {
                binary.rejects.push(Reject::new(&file.path, record, reason).at(examples.line));
            }
        }
    }
    binary
}

/// Records, how many examples they have, and those that stay out.
type Templates = (Vec<TemplateRecord>, usize, Vec<(u32, String)>);

/// Reads a function of a binary: a template for each technique, or one without.
fn template(
    document: &Node,
    file: &File,
    function: &str,
    known: Option<&Function>,
    examples: &Node,
) -> Result<Templates, String> {
    let binary = binary_of(file);
    let label = known.map(|known| known.label.as_str()).filter(|label| !label.is_empty());
    let (mut about, mut said): (Vec<String>, HashSet<String>) = (vec![], HashSet::new());
    let mut say = |text: String| {
        let text = text.trim();
        if !text.is_empty() && said.insert(text.to_owned()) {
            about.push(text.to_owned());
        }
    };
    say(known.map(|known| known.description.clone()).unwrap_or_default());
    say(about_of(document, "comment"));
    let (mut executions, mut tags, mut faults) = (vec![], vec![name(function)], vec![]);
    for example in examples.items() {
        let code = match long_of(example, "code") {
            Ok(code) if !code.trim().is_empty() => code,
            Ok(_) => {
                faults.push((example.line, "an example has no code".to_owned()));
                continue;
            }
            Err(reason) => {
                faults.push((example.line, reason));
                continue;
            }
        };
        say(long_of(example, "comment")?);
        say(long_of(example, "description")?);
        let contexts = example.get("contexts").map_or(&[][..], Node::entries);
        for (context, node) in contexts {
            tags.push(name(context));
            // Some contexts need another form of the command.
            let other = long_of(node, "code")?;
            if !other.trim().is_empty() {
                say(format!("{context}:\n{other}"));
            }
        }
        for key in ["from", "version"] {
            let word = name_of(example, key);
            tags.extend((!word.is_empty()).then(|| format!("{key}:{word}")));
        }
        let unprivileged =
            contexts.is_empty() || contexts.iter().any(|(context, _)| context == "unprivileged");
        executions.push(Execution {
            executor: "sh".to_owned(),
            command: code,
            elevated: !unprivileged,
            ..Execution::default()
        });
    }
    if executions.is_empty() {
        return Err("it has no example with code".to_owned());
    }
    let record = TemplateRecord {
        key: format!("{binary}/{}", name(function)),
        path: file.path.clone(),
        name: name(&format!("{binary}: {}", label.unwrap_or(function))),
        description: crate::kept::long(&about.join("\n"))?,
        platforms: vec!["Linux".to_owned()],
        tags: sorted(tags),
        references: addresses([format!("https://gtfobins.github.io/gtfobins/{binary}/").as_str()]),
        executions,
        ..TemplateRecord::default()
    };
    let read = record.executions.len();
    let ids = known.map_or(&[][..], |known| &known.attack_ids);
    let of_id = |id: &String| TemplateRecord {
        key: format!("{}/{id}", record.key),
        attack_id: Some(id.clone()),
        ..record.clone()
    };
    let records = if ids.is_empty() { vec![record] } else { ids.iter().map(of_id).collect() };
    Ok((records, read, faults))
}

#[cfg(test)]
mod tests;
