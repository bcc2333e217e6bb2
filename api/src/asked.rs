//! A command on something that exists: executed, waited for, read back. One shape for tests, campaigns,
//! remediations and templates; what differs between them is their [`Target`].

use crate::context::{Services, acting};
use crate::error::ApiError;
use crate::mutation::{self, Written};
use aegis_aggregates::Aggregate;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::refusal::Refusal;
use async_graphql::{Context, ID};
use serde::Serialize;
use std::future::Future;
use uuid::Uuid;

/// What a mutation can be about, as people see it.
pub(crate) trait Target: Sized + Send {
    /// Who judges its commands.
    type Rules: Aggregate<Services = (), Command: Clone, Error: Refusal>;
    /// What can be asked of it.
    type Action: Send;
    /// What an unknown one is called.
    const NAME: &'static str;

    /// Which one an opaque id names.
    ///
    /// # Errors
    /// `NOT_FOUND` for the id of anything else.
    fn id_of(id: &ID) -> Result<Uuid, ApiError>;

    /// A command of a person now.
    fn command(
        services: &Services,
        by: Actor,
        expected_version: Option<u64>,
        action: Self::Action,
    ) -> impl Future<Output = Result<<Self::Rules as Aggregate>::Command, ApiError>> + Send;

    /// The one of that id as of a position.
    fn at(
        ctx: &Context<'_>,
        id: Uuid,
        at: i64,
    ) -> impl Future<Output = Result<Option<Self>, ApiError>> + Send;
}

/// A mutation on something that exists.
pub(crate) struct Asked<'a, I> {
    /// Its name in the schema.
    pub kind: &'static str,
    /// What it is about.
    pub id: &'a ID,
    /// The version the asker looked at, if the asker cares.
    pub expected_version: Option<u64>,
    /// The id under which it may come again.
    pub client_mutation_id: Option<Uuid>,
    /// All that was sent, so that another input under the same id is told apart.
    pub input: &'a I,
}

/// A mutation by its name and an input that has `id`, `expected_version` and `client_mutation_id`.
macro_rules! asked {
    ($kind:literal, $input:ident) => {
        $crate::asked::Asked {
            kind: $kind,
            id: &$input.id,
            expected_version: $input.expected_version,
            client_mutation_id: $input.client_mutation_id,
            input: &$input,
        }
    };
}
pub(crate) use asked;

impl<I: Serialize + Sync> Asked<'_, I> {
    /// What came of it, where it was carried out before: asked before the input is looked at, since what was right
    /// then may be wrong by now.
    ///
    /// # Errors
    /// `NOT_FOUND` for an id that names nothing.
    pub async fn answered<T: Target>(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Option<(Written, Option<T>)>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let id = T::id_of(self.id)?;
        let origin = mutation::origin(ctx, self.kind, self.client_mutation_id, self.input)?;
        match services.store.repeated::<<T::Rules as Aggregate>::Error>(&origin).await? {
            Some(first) => {
                let written = mutation::settle(services, first).await?;
                read_back(ctx, id, written).await.map(Some)
            }
            None => Ok(None),
        }
    }

    /// Executes and reads back.
    ///
    /// # Errors
    /// `NOT_FOUND` for an id that names nothing; else only what is not a refusal.
    pub async fn run<T: Target>(
        self,
        ctx: &Context<'_>,
        action: impl Into<T::Action> + Send,
    ) -> Result<(Written, Option<T>), ApiError> {
        let (services, by) = acting(ctx)?;
        let id = T::id_of(self.id)?;
        let command = T::command(services, by, self.expected_version, action.into()).await?;
        let written = mutation::execute::<T::Rules>(
            ctx,
            &id.to_string(),
            command,
            self.kind,
            self.client_mutation_id,
            self.input,
        )
        .await?;
        read_back(ctx, id, written).await
    }
}

/// What a command was about, as it is after it.
///
/// # Errors
/// `NOT_FOUND` where there is none and never was.
pub(crate) async fn read_back<T: Target>(
    ctx: &Context<'_>,
    id: Uuid,
    written: Written,
) -> Result<(Written, Option<T>), ApiError> {
    let at = mutation::shown_at(ctx.data_unchecked::<Services>(), &written);
    let found = T::at(ctx, id, at).await?;
    // What nobody has written down cannot be acted on; that is not a rule but an unknown id.
    if found.is_none() && !written.behind && !written.accepted() {
        return Err(ApiError::NotFound(T::NAME));
    }
    Ok((written, found))
}

/// What a command that makes something came to: what it has written, now or when it came the first time.
///
/// # Errors
/// Those of [`read_back`].
pub(crate) async fn made<T: Target>(
    ctx: &Context<'_>,
    written: Written,
) -> Result<(Written, Option<T>), ApiError> {
    match mutation::written_id(&written).filter(|_| written.accepted()) {
        Some(id) => read_back(ctx, id, written).await,
        None => Ok((written, None)),
    }
}
