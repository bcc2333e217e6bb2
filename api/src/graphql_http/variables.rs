//! Coerces variables, the part of `ExecuteRequest` that comes before the execution.
//!
//! async-graphql 7.2 looks at variables where they are used, so a missing or ill-typed one may surface as a
//! field error next to `data`, with the other fields executed. The specification makes it a request error.

use std::collections::HashSet;

use async_graphql::parser::types::{
    BaseType, ExecutableDocument, OperationDefinition, Type, VariableDefinition,
};
use async_graphql::registry::{MetaInputValue, MetaType, MetaTypeName, Registry};
use async_graphql::{Positioned, ServerError, Value, Variables};

use super::reply::Code;

/// The variables whose type the schema does not have, in every operation of a document.
pub(super) fn unknown_types(registry: &Registry, document: &ExecutableDocument) -> Vec<ServerError> {
    document
        .operations
        .iter()
        .flat_map(|(_, operation)| &operation.node.variable_definitions)
        .filter(|definition| !registry.types.contains_key(named_type(&definition.node.var_type.node)))
        .map(|definition| {
            let name = named_type(&definition.node.var_type.node);
            problem(definition, format!("has the unknown type \"{name}\""))
        })
        .collect()
}

/// The variables of an operation whose value does not fit. Every type must be known.
pub(super) fn check(
    registry: &Registry,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Vec<ServerError> {
    operation
        .variable_definitions
        .iter()
        .filter_map(|definition| {
            let declared = &definition.node.var_type.node;
            match variables.get(&definition.node.name.node) {
                Some(value) => misfit(registry, &declared.to_string(), value).map(|reason| {
                    problem(definition, format!("of type \"{declared}\" got an unfit value: {reason}"))
                }),
                None if definition.node.default_value().is_none() => {
                    Some(problem(definition, format!("of required type \"{declared}\" was not provided")))
                }
                None => None,
            }
        })
        .collect()
}

fn problem(definition: &Positioned<VariableDefinition>, what: String) -> ServerError {
    let mut error =
        Code::GraphqlValidationFailed.error(format!("Variable \"${}\" {what}.", definition.node.name.node));
    error.locations.push(definition.pos);
    error
}

fn named_type(declared: &Type) -> &str {
    match &declared.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named_type(inner),
    }
}

/// Why a value does not fit a type, if so. Values are as deep as the JSON reader allows, 128 levels.
fn misfit(registry: &Registry, declared: &str, value: &Value) -> Option<String> {
    match MetaTypeName::create(declared) {
        MetaTypeName::NonNull(_) if *value == Value::Null => Some(format!("\"{declared}\" cannot be null")),
        MetaTypeName::NonNull(inner) => misfit(registry, inner, value),
        _ if *value == Value::Null => None,
        MetaTypeName::List(inner) => match value {
            Value::List(items) => items
                .iter()
                .enumerate()
                .find_map(|(index, item)| Some(format!("[{index}]: {}", misfit(registry, inner, item)?))),
            single => misfit(registry, inner, single),
        },
        MetaTypeName::Named(name) => misfit_named(registry.types.get(name)?, registry, name, value),
    }
}

fn misfit_named(meta: &MetaType, registry: &Registry, name: &str, value: &Value) -> Option<String> {
    let fits = match (meta, value) {
        (MetaType::Scalar { is_valid: Some(is_valid), .. }, value) => is_valid(value),
        (MetaType::Enum { enum_values, .. }, Value::String(word)) => enum_values.contains_key(word),
        (MetaType::InputObject { input_fields, oneof, .. }, Value::Object(given)) => {
            if *oneof && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
                return Some(format!("\"{name}\" takes exactly one field, and not null"));
            }
            let known: HashSet<&str> = input_fields.values().map(|field| field.name.as_str()).collect();
            if let Some(unknown) = given.keys().find(|key| !known.contains(key.as_str())) {
                return Some(format!("\"{name}\" has no field \"{unknown}\""));
            }
            return input_fields
                .values()
                .find_map(|field| misfit_field(registry, field, given.get(&*field.name)));
        }
        (MetaType::Enum { .. } | MetaType::InputObject { .. }, _) => false,
        // scalars without a rule of their own, and output types, which the validation reports
        _ => true,
    };
    (!fits).then(|| format!("expected \"{name}\""))
}

fn misfit_field(registry: &Registry, field: &MetaInputValue, given: Option<&Value>) -> Option<String> {
    match given {
        Some(value) => Some(format!("{}: {}", field.name, misfit(registry, &field.ty, value)?)),
        None if MetaTypeName::create(&field.ty).is_non_null() && field.default_value.is_none() => {
            Some(format!("the field \"{}\" is required", field.name))
        }
        None => None,
    }
}
