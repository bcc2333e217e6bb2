//! YAML as a tree of texts with their lines, within limits.
//!
//! Every scalar stays the text that was written, so that `1.10`, `2019/01/12` and `no` mean what their reader says.
//! What an alias stands for counts as often as it is used: a file that grows by its aliases is refused before it
//! does. Tags are not looked at.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::HashMap;

/// The largest file that is read, in bytes. The largest known has 240,000.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// How deep it may nest. Real ones reach 12.
pub const MAX_DEPTH: usize = 64;
/// How many nodes it may have, those of aliases counted each time.
pub const MAX_NODES: usize = 200_000;
/// How many bytes of text it may have, those of aliases counted each time.
const MAX_TEXT: usize = 2 * MAX_BYTES;
/// How many documents a file may have.
pub const MAX_DOCUMENTS: usize = 1_000;

/// A place in a file where it does not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Fault {
    /// The line, from 1.
    pub line: u32,
    /// Why.
    pub reason: String,
}

/// A value and the line it begins in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// The line, from 1.
    pub line: u32,
    /// What stands there.
    pub value: Value,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    /// Nothing: no text, `~` or `null`.
    #[default]
    Null,
    /// A text, as written.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map in the order of the file. Keys that are no text are left out; of several with one name the last counts.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value of a key, if this is a map that has it and it is not null.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Value::Map(entries) = &self.value else { return None };
        entries
            .iter()
            .rev()
            .find(|(name, _)| name == key)
            .map(|(_, node)| node)
            .filter(|node| !node.is_null())
    }

    /// Whether nothing stands here.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The text of a key.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The items, if it is a list; none otherwise.
    pub fn items(&self) -> &[Node] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// The items of the list of a key; none where there is no list.
    pub fn items_of(&self, key: &str) -> &[Node] {
        self.get(key).map_or(&[], Node::items)
    }

    /// The entries, if it is a map; none otherwise.
    pub fn entries(&self) -> &[(String, Node)] {
        if let Value::Map(entries) = &self.value { entries } else { &[] }
    }

    /// The texts of a list, or the one text that stands in its place.
    pub fn texts(&self) -> Vec<&str> {
        match &self.value {
            Value::Text(text) => vec![text],
            Value::List(items) => items.iter().filter_map(Node::text).collect(),
            Value::Null | Value::Map(_) => vec![],
        }
    }

    /// The texts of a key.
    pub fn texts_of(&self, key: &str) -> Vec<&str> {
        self.get(key).map_or_else(Vec::new, Node::texts)
    }

    /// Whether the text of a key is one of the words for true.
    pub fn truth_of(&self, key: &str) -> bool {
        self.text_of(key)
            .is_some_and(|text| matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "on"))
    }
}

/// Reads the only document of a file.
///
/// # Errors
/// [`Fault`]: it does not read, is larger than is read, or there is more than one.
pub fn document(bytes: &[u8]) -> Result<Node, Fault> {
    let mut all = documents(bytes)?;
    match all.len() {
        0 => Ok(Node { line: 1, value: Value::Null }),
        1 => Ok(all.remove(0)),
        _ => Err(Fault { line: all[1].line, reason: "there is a second document in the file".to_owned() }),
    }
}

/// Reads all documents of a file.
///
/// # Errors
/// [`Fault`]: it does not read, or is larger than is read.
pub fn documents(bytes: &[u8]) -> Result<Vec<Node>, Fault> {
    let fault = |line, reason: String| Fault { line, reason };
    if bytes.len() > MAX_BYTES {
        return Err(fault(1, format!("the file has {} bytes; at most {MAX_BYTES} are read", bytes.len())));
    }
    let text =
        std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).map_err(|error| {
            let before = &bytes[..error.valid_up_to().min(bytes.len())];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            fault(u32::try_from(line).unwrap_or(u32::MAX), "the file is not UTF-8 text".to_owned())
        })?;
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let line = u32::try_from(error.marker().line()).unwrap_or(u32::MAX);
            fault(line.max(1), format!("it is not YAML: {}", error.info()))
        })?;
        builder.take(event, span)?;
    }
    Ok(builder.documents)
}

/// What an anchor names, and what it weighs.
struct Anchored {
    node: Node,
    nodes: usize,
    text: usize,
}

/// A collection that is being read.
struct Open {
    anchor: usize,
    line: u32,
    nodes_before: usize,
    text_before: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map { entries: Vec<(String, Node)>, key: Option<Option<String>> },
}

#[derive(Default)]
struct Builder {
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    text: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX).max(1);
        match event {
            Event::Scalar(text, style, anchor, _) => {
                self.weigh(1, text.len(), line)?;
                let plain = style == ScalarStyle::Plain;
                let value = match text.as_ref() {
                    "" | "~" | "null" | "Null" | "NULL" if plain => Value::Null,
                    _ => Value::Text(text.into_owned()),
                };
                let node = Node { line, value };
                if anchor > 0 {
                    let text = node.text().map_or(0, str::len);
                    self.anchors.insert(anchor, Anchored { node: node.clone(), nodes: 1, text });
                }
                self.put(node, line)
            }
            Event::Alias(anchor) => {
                let Some(anchored) = self.anchors.get(&anchor) else {
                    return Err(Fault { line, reason: "an alias stands within what it names".to_owned() });
                };
                let (nodes, text) = (anchored.nodes, anchored.text);
                self.weigh(nodes, text, line)?;
                let node = self.anchors[&anchor].node.clone();
                self.put(node, line)
            }
            Event::SequenceStart(anchor, _) => self.open(anchor, line, Items::List(vec![])),
            Event::MappingStart(anchor, _) => {
                self.open(anchor, line, Items::Map { entries: vec![], key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(line),
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn weigh(&mut self, nodes: usize, text: usize, line: u32) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(nodes);
        self.text = self.text.saturating_add(text);
        if self.nodes > MAX_NODES || self.text > MAX_TEXT {
            let reason = format!(
                "the file grows to more than {MAX_NODES} values or {MAX_TEXT} bytes, what its aliases repeat counted in"
            );
            return Err(Fault { line, reason });
        }
        Ok(())
    }

    fn open(&mut self, anchor: usize, line: u32, items: Items) -> Result<(), Fault> {
        let (nodes_before, text_before) = (self.nodes, self.text);
        self.weigh(1, 0, line)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault { line, reason: format!("it is nested more than {MAX_DEPTH} levels deep") });
        }
        self.open.push(Open { anchor, line, nodes_before, text_before, items });
        Ok(())
    }

    fn close(&mut self, line: u32) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.items {
            Items::List(items) => Value::List(items),
            Items::Map { entries, .. } => Value::Map(entries),
        };
        let node = Node { line: open.line, value };
        if open.anchor > 0 {
            let nodes = self.nodes - open.nodes_before;
            let text = self.text - open.text_before;
            // What is kept under a name is a copy, so it weighs too.
            self.weigh(nodes, text, line)?;
            self.anchors.insert(open.anchor, Anchored { node: node.clone(), nodes, text });
        }
        self.put(node, line)
    }

    fn put(&mut self, node: Node, line: u32) -> Result<(), Fault> {
        match self.open.last_mut().map(|open| &mut open.items) {
            None => {
                if self.documents.len() >= MAX_DOCUMENTS {
                    return Err(Fault {
                        line,
                        reason: format!("there are more than {MAX_DOCUMENTS} documents in it"),
                    });
                }
                self.documents.push(node);
            }
            Some(Items::List(items)) => items.push(node),
            Some(Items::Map { entries, key }) => match key.take() {
                None => {
                    *key = Some(match node.value {
                        Value::Text(text) => Some(text),
                        Value::Null | Value::List(_) | Value::Map(_) => None,
                    });
                }
                Some(None) => {}
                Some(Some(name)) => entries.push((name, node)),
            },
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
