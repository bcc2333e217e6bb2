//! The table, held against every root field before its resolver runs.

use super::{Kind, check};
use crate::context::{Services, Viewer};
use crate::error::ApiError;
use crate::noted::{Noted, note};
use async_graphql::ServerResult;
use async_graphql::Value;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo};
use std::sync::Arc;

/// Holds every root field against the table before its resolver runs.
pub struct Permissions;

impl ExtensionFactory for Permissions {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(PermissionsExtension)
    }
}

struct PermissionsExtension;

#[async_trait::async_trait]
impl Extension for PermissionsExtension {
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
        if !info.name.starts_with("__") {
            let refused = match context.data::<Viewer>() {
                Ok(viewer) => check(kind, info.name, viewer).err(),
                Err(_) => Some(ApiError::Forbidden),
            };
            if let Some(error) = refused {
                if let (Ok(viewer), Ok(services)) = (context.data::<Viewer>(), context.data::<Services>()) {
                    remember(services, viewer, info.name, &error).await;
                }
                let error: async_graphql::Error = error.into();
                let mut error = error.into_server_error(info.field.name.pos);
                error.path = path_of(info.path_node);
                return Err(error);
            }
        }
        next.run(context, info).await
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
        remember(services, viewer, name, error).await;
    }
    checked
}

/// What somebody was refused goes to the access log: once for each, with why. Strangers could fill it, so of each
/// address only so many are written down.
async fn remember(services: &Services, viewer: &Viewer, action: &str, error: &ApiError) {
    if viewer.session.is_none() && !services.strangers.may_note(viewer.address) {
        return;
    }
    let outcome = match error {
        ApiError::Unauthenticated(_) => "unauthenticated",
        ApiError::PasswordChangeRequired => "password_change_required",
        ApiError::SecondFactorRequired => "second_factor_required",
        _ => "refused",
    };
    if let Err(error) = note(services, viewer, Noted { action, outcome, ..Noted::default() }).await {
        let error: async_graphql::Error = error.into();
        tracing::error!(error = error.message, "a refusal could not be written to the access log");
    }
}

fn path_of(node: &async_graphql::QueryPathNode<'_>) -> Vec<async_graphql::PathSegment> {
    node.to_string_vec().into_iter().map(async_graphql::PathSegment::Field).collect()
}
