//! The table, held against every root field before its resolver runs; and after a mutation, that something tells
//! of it.

use super::{Kind, check};
use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::noted::{Noted, note};
use crate::trail::{self, Left};
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest, NextResolve, ResolveInfo,
};
use async_graphql::{Request, ServerResult, Value, Variables};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// Holds every root field against the table before its resolver runs.
pub struct Permissions;

impl ExtensionFactory for Permissions {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(PermissionsExtension::default())
    }
}

#[derive(Default)]
struct PermissionsExtension {
    /// What the request brought, to say what a mutation was about.
    variables: OnceLock<Variables>,
}

#[async_trait::async_trait]
impl Extension for PermissionsExtension {
    async fn prepare_request(
        &self,
        context: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let request = next.run(context, request).await?;
        let _ = self.variables.set(request.variables.clone());
        Ok(request)
    }

    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let kind = match info.parent_type {
            "Query" => Kind::Query,
            "Mutation" => Kind::Mutation,
            "Subscription" => Kind::Subscription,
            _ => return next.run(context, info).await,
        };
        if info.name.starts_with("__") {
            return next.run(context, info).await;
        }
        let asked = match (context.data::<Viewer>(), context.data::<Services>()) {
            (Ok(viewer), Ok(services)) => Some((viewer, services)),
            _ => None,
        };
        let subject = match kind {
            Kind::Mutation => self.variables.get().and_then(|given| trail::subject_of(info.field, given)),
            _ => None,
        };
        let refused = match asked {
            Some((viewer, _)) => check(kind, info.name, viewer).err(),
            None => Some(ApiError::Forbidden),
        };
        let (name, pos, path) = (info.name, info.field.name.pos, path_of(info.path_node));
        let failed = |error: ApiError| {
            let mut error = async_graphql::Error::from(error).into_server_error(pos);
            error.path = path;
            error
        };
        if let Some(error) = refused {
            if let Some((viewer, services)) = asked {
                remember(services, viewer, name, subject.as_ref(), &error).await;
            }
            return Err(failed(error));
        }
        let Some((viewer, services)) = asked.filter(|_| kind == Kind::Mutation) else {
            return next.run(context, info).await;
        };
        let (answer, left) = trail::of(next.run(context, info)).await;
        if let Some((outcome, detail)) = outcome_of(&answer, left) {
            let noted = Noted { outcome: &outcome, detail: detail.as_deref(), ..Noted::allowed(name) };
            // Nobody is told that all went well where nothing tells of it.
            if let Err(error) = write_down(services, viewer, noted, subject.as_ref()).await {
                return Err(failed(error));
            }
        }
        answer
    }
}

/// What the access log is still to say of a mutation: the outcome, and what there is to add.
fn outcome_of(
    answer: &ServerResult<Option<Value>>,
    left: Left,
) -> Option<(Cow<'static, str>, Option<Cow<'static, str>>)> {
    match (left, answer) {
        (Left::Nothing, _) => None,
        (Left::Refused(why, 1), Ok(_)) => Some((why.as_outcome().into(), None)),
        (Left::Refused(why, parts), Ok(_)) => {
            Some((why.as_outcome().into(), Some(format!("{parts} reasons").into())))
        }
        (Left::Done, Ok(_)) => Some(("allowed".into(), None)),
        (Left::Unchanged, Ok(_)) => Some(("allowed".into(), Some("nothing changed".into()))),
        (_, Err(error)) => {
            let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
            let Some(Value::String(code)) = code else { return Some(("internal".into(), None)) };
            Some((code.to_lowercase().into(), None))
        }
    }
}

/// Holds whoever asks against the table, where no field of a root does: for routes, streams and parts of a request.
///
/// # Errors
/// The code that says why not; it is in the access log then.
pub(crate) async fn demand(
    services: &Services,
    viewer: &Viewer,
    kind: Kind,
    name: &str,
) -> Result<(), ApiError> {
    let checked = check(kind, name, viewer);
    if let Err(error) = &checked {
        remember(services, viewer, name, None, error).await;
    }
    checked
}

/// What somebody was refused goes to the access log: once for each, with why. Strangers could fill it, so of each
/// address only so many are written down.
async fn remember(
    services: &Services,
    viewer: &Viewer,
    action: &str,
    subject: Option<&(String, Uuid)>,
    error: &ApiError,
) {
    let outcome = match error {
        ApiError::Unauthenticated(_) => "unauthenticated",
        ApiError::PasswordChangeRequired => "password_change_required",
        ApiError::SecondFactorRequired => "second_factor_required",
        _ => "refused",
    };
    let noted = Noted { action, outcome, ..Noted::default() };
    if let Err(error) = write_down(services, viewer, noted, subject).await {
        let error: async_graphql::Error = error.into();
        tracing::error!(error = error.message, "a refusal could not be written to the access log");
    }
}

async fn write_down(
    services: &Services,
    viewer: &Viewer,
    noted: Noted<'_>,
    subject: Option<&(String, Uuid)>,
) -> Result<(), ApiError> {
    if viewer.session.is_none() && !services.strangers.may_note(viewer.address) {
        return Ok(());
    }
    let noted = match subject {
        Some((kind, id)) => noted.about(kind, *id),
        None => noted,
    };
    note(services, viewer, noted).await
}

fn path_of(node: &async_graphql::QueryPathNode<'_>) -> Vec<async_graphql::PathSegment> {
    node.to_string_vec().into_iter().map(async_graphql::PathSegment::Field).collect()
}
