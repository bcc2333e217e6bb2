//! The part of the transport that lives inside the schema, as an async-graphql extension.
//!
//! It holds the limits on every way into the schema, not only over HTTP; gives a code to each error raised
//! before the execution; coerces variables before the execution, where async-graphql would answer with a
//! field error or panic; and tells the transport that the execution began, which decides the status.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextPrepareRequest,
    NextValidation,
};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Response, ServerError, ServerResult, ValidationResult, Variables};

use super::limits::{Limits, select_operation, shortened};
use super::purses::Purse;
use super::reply::Code;
use super::variables;

/// The most errors one validation reports.
const MAX_REPORTED_ERRORS: usize = 50;

/// What async-graphql says where one of its own limits (`limit_complexity`, `limit_depth`, ...) is exceeded.
const BUILT_IN_LIMITS: [&str; 5] = [
    "Query is too complex.",
    "Query is nested too deep.",
    "The recursion depth of the query cannot be greater than",
    "The number of directives on the field",
    "recursion limit exceeded.",
];

/// Tells the transport how far a request came. Its presence says that the document is within the limits.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress(Arc<AtomicBool>);

impl Progress {
    pub(super) fn has_executed(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Must be the first extension of a schema served by [`GraphqlHttp`](super::GraphqlHttp).
#[derive(Clone, Debug, Default)]
pub struct TransportGuard {
    limits: Arc<Limits>,
}

impl TransportGuard {
    /// Guards a schema with these limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits: Arc::new(limits) }
    }
}

impl ExtensionFactory for TransportGuard {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(RequestGuard { limits: Arc::clone(&self.limits), findings: Mutex::default() })
    }
}

/// Guards one request; async-graphql makes one for each.
struct RequestGuard {
    limits: Arc<Limits>,
    findings: Mutex<Findings>,
}

/// What is known before the validation, which gets neither the document nor the variables.
#[derive(Default)]
struct Findings {
    operation_name: Option<String>,
    unknown_types: Vec<ServerError>,
    bad_variables: Vec<ServerError>,
}

impl RequestGuard {
    fn with_findings<T>(&self, change: impl FnOnce(&mut Findings) -> T) -> T {
        change(&mut self.findings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Extension for RequestGuard {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let request = next.run(ctx, request).await?;
        self.with_findings(|findings| findings.operation_name.clone_from(&request.operation_name));
        Ok(request)
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        if ctx.data_opt::<Progress>().is_none() {
            self.limits.parse(query)?;
        }
        let document = next
            .run(ctx, query, variables)
            .await
            .map_err(|error| with_code(error, Code::GraphqlParseFailed))?;
        self.with_findings(|findings| {
            let operation = select_operation(&document, findings.operation_name.as_deref())?;
            let registry = &ctx.schema_env.registry;
            findings.unknown_types = variables::unknown_types(registry, &document);
            if findings.unknown_types.is_empty() {
                findings.bad_variables = variables::check(registry, &operation.node, variables);
            }
            ServerResult::Ok(())
        })?;
        Ok(document)
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        // async-graphql 7.2 panics on `query($x: [Unknown] = [1])`, so this cannot wait
        let unknown_types = self.with_findings(|findings| std::mem::take(&mut findings.unknown_types));
        if !unknown_types.is_empty() {
            return Err(reported(unknown_types));
        }
        let result = next.run(ctx).await.map_err(reported)?;
        if let Some(purse) = ctx.data_opt::<Arc<Purse>>() {
            purse.take(result.complexity);
        }
        let bad_variables = self.with_findings(|findings| std::mem::take(&mut findings.bad_variables));
        if bad_variables.is_empty() { Ok(result) } else { Err(reported(bad_variables)) }
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(progress) = ctx.data_opt::<Progress>() {
            progress.0.store(true, Ordering::Release);
        }
        next.run(ctx, operation_name).await
    }
}

fn reported(mut errors: Vec<ServerError>) -> Vec<ServerError> {
    errors.truncate(MAX_REPORTED_ERRORS);
    errors.into_iter().map(|error| with_code(error, Code::GraphqlValidationFailed)).collect()
}

fn with_code(error: ServerError, otherwise: Code) -> ServerError {
    let error = shortened(error);
    let is_limit = BUILT_IN_LIMITS.iter().any(|message| error.message.starts_with(message));
    if is_limit { Code::LimitExceeded.or_own(error) } else { otherwise.or_own(error) }
}
