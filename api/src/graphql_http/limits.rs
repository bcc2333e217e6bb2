//! What a document may ask for, judged before anything is executed.
//!
//! Three passes, each bounded by the one before. The **scan** reads the raw text once and stops at the first
//! excess of size, tokens or nested brackets, because the parser behind it descends by recursion (500 nested
//! lists end a debug build by stack overflow). The **parse** is async-graphql's. The **weighing** counts each
//! fragment once and adds its weight wherever it is spread, so a document that would unfold to billions of
//! fields is refused in linear time; it also refuses fragment cycles, which async-graphql's own depth check
//! follows.
//!
//! Everything is counted as executed: fragments unfolded, duplicates included, `@skip` ignored.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use async_graphql::parser::types::{
    ExecutableDocument, Field, FragmentDefinition, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{Name, Positioned, ServerError};

use super::reply::Code;

/// The largest body read, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The largest document, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 100 * 1024;
/// Pause after which an event stream sends a comment, so that nothing between here and the client gives up.
pub const KEEP_ALIVE: Duration = Duration::from_secs(12);
/// How long a query may take. A statement of it ends sooner (`STATEMENT_TIME` in `provision.rs`), so that
/// none is left behind in a connection that others need.
const QUERY_TIME: Duration = Duration::from_secs(35);
/// The longest error message that quotes the document.
const MAX_MESSAGE_CHARS: usize = 500;

/// The limits of one endpoint. `Default` holds the values Aegis is served with.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a request body; more answers 413.
    pub body_bytes: usize,
    /// Time a body may take to arrive; more answers 408.
    pub body_timeout: Duration,
    /// Bytes of a document.
    pub document_bytes: usize,
    /// Tokens of a document.
    pub tokens: usize,
    /// Brackets of any kind open at once.
    pub nesting: usize,
    /// Operations in a document.
    pub operations: usize,
    /// Fragments in a document.
    pub fragments: usize,
    /// Levels of fields in an operation.
    pub depth: usize,
    /// Levels of fields in and below `__schema` or `__type`, which the standard introspection query needs.
    pub introspection_depth: usize,
    /// Lists of the type system (`fields`, `inputFields`, `interfaces`, `possibleTypes`) within one another:
    /// each level multiplies the answer by the size of the schema.
    pub introspection_lists: usize,
    /// Fields in an operation.
    pub fields: usize,
    /// Aliases in an operation.
    pub aliases: usize,
    /// Directives in an operation.
    pub directives: usize,
    /// Fields at the root of a query.
    pub root_fields: usize,
    /// Fields at the root of a mutation.
    pub mutation_fields: usize,
    /// Event streams open at once; more answers 503.
    pub streams: usize,
    /// Of those, by one account; more answers 429.
    pub streams_of_account: usize,
    /// Queries and mutations of one account that run at once; more wait for their turn.
    pub running_of_account: usize,
    /// How long one may wait for its turn; longer answers 429.
    pub turn: Duration,
    /// How long a query may take; longer answers 503. A mutation is never cut off.
    pub query_time: Duration,
    /// Pause after which an event stream sends a comment.
    pub keep_alive: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: MAX_BODY_BYTES,
            body_timeout: Duration::from_secs(15),
            document_bytes: MAX_DOCUMENT_BYTES,
            tokens: 10_000,
            nesting: 50,
            operations: 20,
            fragments: 100,
            depth: 15,
            introspection_depth: 20,
            introspection_lists: 2,
            fields: 1_000,
            aliases: 50,
            directives: 50,
            root_fields: 20,
            mutation_fields: 10,
            streams: 1_000,
            streams_of_account: 20,
            running_of_account: 8,
            turn: Duration::from_secs(5),
            query_time: QUERY_TIME,
            keep_alive: KEEP_ALIVE,
        }
    }
}

impl Limits {
    /// Parses a document that stays within these limits.
    pub(super) fn parse(&self, document: &str) -> Result<ExecutableDocument, ServerError> {
        self.scan(document)?;
        let document = parse_query(document).map_err(parse_failure)?;
        self.weigh(&document)?;
        Ok(document)
    }

    /// Reads the raw text once, without recursion.
    fn scan(&self, document: &str) -> Result<(), ServerError> {
        within(document.len(), self.document_bytes, "The document", "bytes")?;
        let mut rest = document.as_bytes();
        let (mut tokens, mut nesting) = (0, 0_usize);
        while let Some(&first) = rest.first() {
            let length = match first {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                    rest = &rest[1..];
                    continue;
                }
                b'#' => {
                    rest = &rest
                        [rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())..];
                    continue;
                }
                b'"' => string_length(rest)?,
                b'{' | b'(' | b'[' => {
                    nesting += 1;
                    1
                }
                b'}' | b')' | b']' => {
                    nesting = nesting.saturating_sub(1);
                    1
                }
                _ => rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len()).max(1),
            };
            tokens += 1;
            within(tokens, self.tokens, "The document", "tokens")?;
            within(nesting, self.nesting, "The document", "nested brackets")?;
            rest = &rest[length..];
        }
        Ok(())
    }

    fn weigh(&self, document: &ExecutableDocument) -> Result<(), ServerError> {
        within(document.operations.iter().count(), self.operations, "The document", "operations")?;
        within(document.fragments.len(), self.fragments, "The document", "fragments")?;
        let mut scale = Scale::default();
        for name in in_order(&document.fragments)? {
            if let Some(fragment) = document.fragments.get(name) {
                let weight =
                    scale.selections(&fragment.node.selection_set.node).directives(&fragment.node.directives);
                scale.fragments.insert(name, weight);
            }
        }
        // every operation of the document is validated, so the fields of all count against the one limit
        let mut fields = 0_usize;
        for (_, operation) in document.operations.iter() {
            let weight = scale.operation(&operation.node);
            self.judge(operation.node.ty, weight).map_err(|error| at(error, operation))?;
            fields = fields.saturating_add(weight.selections);
        }
        within(fields, self.fields, "The document", "fields and fragments")
    }

    fn judge(&self, operation: OperationType, weight: Weight) -> Result<(), ServerError> {
        within(weight.depth, self.depth, "The operation", "levels of fields")?;
        within(
            weight.introspection_depth,
            self.introspection_depth,
            "The introspection",
            "levels of fields",
        )?;
        within(
            weight.introspection_lists,
            self.introspection_lists,
            "The introspection",
            "lists within one another",
        )?;
        within(weight.aliases, self.aliases, "The operation", "aliases")?;
        within(weight.directives, self.directives, "The operation", "directives")?;
        within(weight.selections, self.fields, "The operation", "fields and fragments")?;
        match operation {
            OperationType::Query => within(weight.width, self.root_fields, "The query", "root fields"),
            OperationType::Mutation => {
                within(weight.width, self.mutation_fields, "The mutation", "root fields")
            }
            OperationType::Subscription if weight.width > 1 => {
                Err(Code::GraphqlValidationFailed.error("A subscription must select exactly one root field."))
            }
            OperationType::Subscription => Ok(()),
        }
    }
}

/// The operation a request names, or the only one there is.
pub(super) fn select_operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a Positioned<OperationDefinition>, ServerError> {
    let mut operations = document.operations.iter();
    let found = match name {
        Some(name) => operations.find(|(own, _)| own.is_some_and(|own| own.as_str() == name)),
        None if operations.len() == 1 => operations.next(),
        None => {
            return Err(Code::OperationResolutionFailure
                .error("The document has several operations: `operationName` must name one."));
        }
    };
    found.map(|(_, operation)| operation).ok_or_else(|| {
        Code::OperationResolutionFailure
            .error("The document has no operation of the name in `operationName`.")
    })
}

/// Gives a parser's error its code.
fn parse_failure(error: ParseError) -> ServerError {
    let code = match error {
        ParseError::RecursionLimitExceeded => Code::LimitExceeded,
        _ => Code::GraphqlParseFailed,
    };
    code.or_own(shortened(error.into()))
}

/// Cuts a message that quotes more of the document than anyone reads: a name may be 100 KB long.
pub(super) fn shortened(mut error: ServerError) -> ServerError {
    if let Some((end, _)) = error.message.char_indices().nth(MAX_MESSAGE_CHARS) {
        error.message.truncate(end);
        error.message.push_str("...");
    }
    error
}

fn within(count: usize, limit: usize, subject: &str, unit: &str) -> Result<(), ServerError> {
    if count <= limit {
        return Ok(());
    }
    Err(Code::LimitExceeded.error(format!("{subject} has more than {limit} {unit}.")))
}

fn at(mut error: ServerError, operation: &Positioned<OperationDefinition>) -> ServerError {
    error.locations.push(operation.pos);
    error
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The length of the string a text starts with.
///
/// An unfinished block string is refused here: the parser would read `"""` as an empty string and go on, so
/// brackets this scan took for text would reach it uncounted.
fn string_length(text: &[u8]) -> Result<usize, ServerError> {
    if let Some(block) = text.strip_prefix(b"\"\"\"") {
        let mut position = 0;
        while position < block.len() {
            if block[position..].starts_with(b"\"\"\"") {
                return Ok(position + 6);
            }
            position += if block[position..].starts_with(b"\\\"\"\"") { 4 } else { 1 };
        }
        return Err(Code::GraphqlParseFailed.error("A block string is not closed."));
    }
    let mut position = 1;
    while let Some(byte) = text.get(position) {
        match byte {
            b'"' => return Ok(position + 1),
            b'\\' => position += 2,
            b'\n' | b'\r' => return Ok(position),
            _ => position += 1,
        }
    }
    Ok(text.len())
}

/// The fragments, each after those it spreads.
fn in_order(fragments: &HashMap<Name, Positioned<FragmentDefinition>>) -> Result<Vec<&Name>, ServerError> {
    let mut order = Vec::with_capacity(fragments.len());
    let mut done = HashSet::new();
    for name in fragments.keys() {
        visit(name, fragments, &mut Vec::new(), &mut done, &mut order)?;
    }
    Ok(order)
}

/// Descends one level for each fragment on the path, of which there are at most [`Limits::fragments`].
fn visit<'a>(
    name: &'a Name,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    path: &mut Vec<&'a Name>,
    done: &mut HashSet<&'a Name>,
    order: &mut Vec<&'a Name>,
) -> Result<(), ServerError> {
    // a spread of an unknown fragment is for the validation to report
    let Some(fragment) = fragments.get(name).filter(|_| !done.contains(name)) else {
        return Ok(());
    };
    if path.contains(&name) {
        let mut error = Code::GraphqlValidationFailed
            .error(format!("The fragment \"{name}\" spreads itself, directly or not."));
        error.locations.push(fragment.pos);
        return Err(error);
    }
    path.push(name);
    let mut spreads = HashSet::new();
    collect_spreads(&fragment.node.selection_set.node, &mut spreads);
    for spread in spreads {
        visit(spread, fragments, path, done, order)?;
    }
    path.pop();
    done.insert(name);
    order.push(name);
    Ok(())
}

fn collect_spreads<'a>(set: &'a SelectionSet, spreads: &mut HashSet<&'a Name>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => collect_spreads(&field.node.selection_set.node, spreads),
            Selection::InlineFragment(inline) => collect_spreads(&inline.node.selection_set.node, spreads),
            Selection::FragmentSpread(spread) => {
                spreads.insert(&spread.node.fragment_name.node);
            }
        }
    }
}

/// What a selection amounts to with its fragments unfolded.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    /// Fields at the top.
    width: usize,
    /// Levels of fields.
    depth: usize,
    /// Fields, spreads and inline fragments, all levels together.
    selections: usize,
    aliases: usize,
    directives: usize,
    /// Lists of the type system within one another, if this is part of an introspection.
    lists: usize,
    /// The depth of the introspections within.
    introspection_depth: usize,
    /// The lists within one another in the introspections within.
    introspection_lists: usize,
}

impl Weight {
    fn plus(self, other: Weight) -> Weight {
        Weight {
            width: self.width.saturating_add(other.width),
            depth: self.depth.max(other.depth),
            selections: self.selections.saturating_add(other.selections),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            lists: self.lists.max(other.lists),
            introspection_depth: self.introspection_depth.max(other.introspection_depth),
            introspection_lists: self.introspection_lists.max(other.introspection_lists),
        }
    }

    fn directives<T>(self, directives: &[T]) -> Weight {
        Weight { directives: self.directives.saturating_add(directives.len()), ..self }
    }

    /// The weight of a field around what it selects.
    fn around(self, field: &Field) -> Weight {
        let name = field.name.node.as_str();
        let depth = self.depth.saturating_add(1);
        let is_list = matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes");
        let above = Weight {
            width: 1,
            depth,
            selections: self.selections.saturating_add(1),
            aliases: self.aliases.saturating_add(usize::from(field.alias.is_some())),
            lists: self.lists + usize::from(is_list),
            ..self
        };
        if !matches!(name, "__schema" | "__type") {
            return above.directives(&field.directives);
        }
        Weight {
            depth: 1,
            lists: 0,
            introspection_depth: self.introspection_depth.max(depth),
            introspection_lists: self.introspection_lists.max(self.lists),
            ..above
        }
        .directives(&field.directives)
    }
}

/// Weighs selections, knowing the weight of each fragment they may spread.
#[derive(Default)]
struct Scale<'a> {
    fragments: HashMap<&'a Name, Weight>,
}

impl Scale<'_> {
    fn operation(&self, operation: &OperationDefinition) -> Weight {
        operation
            .variable_definitions
            .iter()
            .fold(self.selections(&operation.selection_set.node), |weight, variable| {
                weight.directives(&variable.node.directives)
            })
            .directives(&operation.directives)
    }

    /// Descends one level for each bracket, of which at most [`Limits::nesting`] are open at once.
    fn selections(&self, set: &SelectionSet) -> Weight {
        set.items.iter().fold(Weight::default(), |sum, selection| sum.plus(self.selection(&selection.node)))
    }

    fn selection(&self, selection: &Selection) -> Weight {
        let (inner, directives) = match selection {
            Selection::Field(field) => {
                return self.selections(&field.node.selection_set.node).around(&field.node);
            }
            Selection::InlineFragment(inline) => {
                (self.selections(&inline.node.selection_set.node), &inline.node.directives)
            }
            Selection::FragmentSpread(spread) => (
                self.fragments.get(&spread.node.fragment_name.node).copied().unwrap_or_default(),
                &spread.node.directives,
            ),
        };
        Weight { selections: inner.selections.saturating_add(1), ..inner }.directives(directives)
    }
}
