//! What people do with evidence: ask for a link, confirm what they have put, take a file out.

use super::evidence_of_id;
use super::links::{Purpose, UPLOAD_VALID};
use super::name::cleaned;
use super::routes::{BUSY, BUSY_PATIENCE, CLOSED, announced, unkept};
use crate::asked::read_back;
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::mutation;
use crate::page::{global_id, local_id};
use crate::test_commands::{command, test_of};
use crate::tests::{Side, Test};
use aegis_aggregates::actor::Actor;
use aegis_aggregates::ids::EvidenceId;
use aegis_aggregates::test as domain;
use aegis_aggregates::test::{TestAction, limits};
use aegis_objects::content::kind_of;
use aegis_objects::evidence::PREFIX;
use aegis_projections::evidence::{self, Claim, Claiming, Entered, EvidenceUpload as Row};
use aegis_projections::tests;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

/// A file to come. Its name and caption stay in the record for good: name no person in them.
#[derive(InputObject, Serialize)]
pub struct RequestEvidenceUploadInput {
    test_id: ID,
    side: Side,
    /// Says its kind; made harmless by the server.
    file_name: String,
    /// At most 52,428,800 (50 MB).
    size_bytes: u64,
    /// SHA-256 of its bytes, hex.
    sha256: String,
    /// What it shows.
    caption: Option<String>,
    client_mutation_id: Option<Uuid>,
}

/// A file that has been put.
#[derive(InputObject, Serialize)]
pub struct ConfirmEvidenceInput {
    /// The id of the upload.
    upload_id: ID,
    client_mutation_id: Option<Uuid>,
}

/// A file to be taken out of the present round.
#[derive(InputObject, Serialize)]
pub struct RemoveEvidenceInput {
    id: ID,
    reason: String,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// Where a file goes.
#[derive(SimpleObject)]
pub struct EvidenceUpload {
    id: ID,
    /// The name as it will be kept.
    file_name: String,
    /// `PUT` the bytes there; path and query on this server.
    url: String,
    expires_at: DateTime<Utc>,
    /// Straight to the object store, where that is S3 and can be reached; null where files are local.
    direct: Option<DirectUpload>,
}

/// A link of the object store itself.
#[derive(SimpleObject)]
pub struct DirectUpload {
    /// `PUT` the bytes there.
    url: String,
    /// What must be sent with them.
    headers: Vec<DirectHeader>,
}

/// A header of a request.
#[derive(SimpleObject)]
pub struct DirectHeader {
    name: String,
    value: String,
}

mutation::payload!(
    /// Where the file goes. Nothing is recorded yet.
    RequestEvidenceUploadPayload { upload: Option<EvidenceUpload> }
);
mutation::payload!(
    /// The test as it is now.
    ConfirmEvidencePayload { test: Option<Test> }
);
mutation::payload!(
    /// The test as it is now.
    RemoveEvidencePayload { test: Option<Test> }
);

#[derive(Default)]
pub struct EvidenceMutation;

#[Object]
impl EvidenceMutation {
    /// Asks for a link to put a file of evidence. `confirmEvidence` adds it to the round afterwards.
    async fn request_evidence_upload(
        &self,
        ctx: &Context<'_>,
        input: RequestEvidenceUploadInput,
    ) -> Result<RequestEvidenceUploadPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let test = test_of(&input.test_id)?;
        let refused = |errors| Ok(RequestEvidenceUploadPayload::refused(errors));
        let name = match checked(&input) {
            Ok(name) => name,
            Err(errors) => return refused(errors),
        };
        let held = services.store.load::<domain::Test>(&test.to_string()).await?;
        if held.details().is_none() {
            return Err(ApiError::NotFound("test"));
        }
        let policy = services.review_policy().await?;
        if let Some(refusal) = held.evidence_refusal(actor, input.side.into(), policy) {
            return refused(vec![UserError::refused(&refusal)]);
        }
        // The same request asks for the same upload.
        let id = match input.client_mutation_id {
            Some(asked) => Uuid::new_v5(&actor.account.0, asked.as_bytes()),
            None => Uuid::now_v7(),
        };
        let row = Row {
            evidence_id: id,
            account: actor.account.0,
            test_id: test,
            side: domain::Side::from(input.side).as_str().to_owned(),
            file_name: name,
            caption: input.caption.clone().unwrap_or_default().trim().to_owned(),
            size_bytes: i64::try_from(input.size_bytes).unwrap_or(i64::MAX),
            sha256: input.sha256.to_lowercase(),
            object_key: format!("{PREFIX}/{id}"),
            media_type: None,
            confirmed_at: None,
            age_s: 0,
        };
        match evidence::enter(&services.pool, &row).await? {
            Entered::Noted => {}
            Entered::Other => return refused(vec![UserError::command_reused()]),
            Entered::TooMany => {
                let limit = evidence::PENDING_PER_ACCOUNT;
                let why = format!("you have {limit} uploads on their way; confirm them, or wait a day");
                return refused(vec![UserError::invalid("fileName", why)]);
            }
        }
        let upload = upload_of(services, row).await?;
        Ok(RequestEvidenceUploadPayload::written(mutation::Written::default(), Some(upload)))
    }

    /// Adds a file that has been put to the present round of its test.
    async fn confirm_evidence(
        &self,
        ctx: &Context<'_>,
        input: ConfirmEvidenceInput,
    ) -> Result<ConfirmEvidencePayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let id = local_id(&input.upload_id, "EvidenceUpload").and_then(|id| id.parse::<Uuid>().ok());
        let found = match id {
            Some(id) => evidence::find(&services.pool, id).await?,
            None => None,
        };
        let row = found.filter(|row| row.account == actor.account.0).ok_or(ApiError::NotFound("upload"))?;
        if let Some(there) = confirmed_before(ctx, &row).await? {
            return Ok(there);
        }
        match evidence::claim(&services.pool, row.evidence_id, BUSY_PATIENCE).await? {
            Claiming::Held(claim) => {
                let done = confirm(ctx, actor, &claim, &input).await;
                claim.release().await;
                done
            }
            Claiming::Busy => {
                Ok(ConfirmEvidencePayload::refused(vec![UserError::conflict("uploadId", BUSY)]))
            }
            Claiming::Unknown => Err(ApiError::NotFound("upload")),
        }
    }

    /// Takes a file out of the present round. That it was there stays on record; its bytes go after 30 days.
    async fn remove_evidence(
        &self,
        ctx: &Context<'_>,
        input: RemoveEvidenceInput,
    ) -> Result<RemoveEvidencePayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let (test, id) = evidence_of_id(&input.id).ok_or(ApiError::NotFound("evidence"))?;
        let at = services.tide.position();
        tests::evidence(&services.pool, test, id, at).await?.ok_or(ApiError::NotFound("evidence"))?;
        let action = TestAction::RemoveEvidence { evidence: EvidenceId(id), reason: input.reason.clone() };
        let command = command(services, actor, input.expected_version, action).await?;
        let written = mutation::execute::<domain::Test>(
            ctx,
            &test.to_string(),
            command,
            "removeEvidence",
            input.client_mutation_id,
            &input,
        )
        .await?;
        let (written, test) = read_back(ctx, test, written).await?;
        Ok(RemoveEvidencePayload::written(written, test))
    }
}

/// The name to keep, where all that is announced can be.
fn checked(input: &RequestEvidenceUploadInput) -> Result<String, Vec<UserError>> {
    let mut errors = vec![];
    let mut keep = |error: UserError| errors.push(error);
    let name = cleaned(&input.file_name)
        .and_then(|name| match kind_of(&name) {
            Ok(_) => Ok(name),
            Err(error) => Err(UserError::invalid("fileName", error.to_string())),
        })
        .map_err(&mut keep)
        .ok();
    if input.size_bytes == 0 {
        keep(UserError::invalid("sizeBytes", "the file is empty"));
    }
    if input.size_bytes > limits::EVIDENCE_BYTES {
        let why = domain::TestError::EvidenceTooLarge { bytes: input.size_bytes };
        keep(UserError::invalid("sizeBytes", why.to_string()));
    }
    if input.sha256.len() != 64 || !input.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        keep(UserError::invalid("sha256", "a SHA-256 has 64 hexadecimal digits"));
    }
    let caption = input.caption.as_deref().unwrap_or_default();
    if let Err(error) = aegis_aggregates::text::optional("caption", caption, limits::SHORT_TEXT_CHARS) {
        keep(UserError::invalid("caption", error.to_string()));
    }
    match name {
        Some(name) if errors.is_empty() => Ok(name),
        _ => Err(errors),
    }
}

async fn upload_of(services: &Services, row: Row) -> Result<EvidenceUpload, ApiError> {
    let internal = |error| ApiError::Internal(Box::new(error));
    let link = services.links.sign(Purpose::Upload, row.test_id, row.evidence_id, Utc::now());
    let link = link.map_err(|error| ApiError::Internal(Box::new(error)))?;
    let valid = UPLOAD_VALID.to_std().unwrap_or_default();
    let direct = services.objects.direct_upload(&announced(&row), valid).await.map_err(internal)?;
    let direct = direct.map(|direct| DirectUpload {
        url: direct.url,
        headers: direct.headers.into_iter().map(|(name, value)| DirectHeader { name, value }).collect(),
    });
    Ok(EvidenceUpload {
        id: global_id("EvidenceUpload", row.evidence_id),
        file_name: row.file_name,
        url: link.url,
        expires_at: link.expires_at,
        direct,
    })
}

/// The test, where an event names the file already.
async fn confirmed_before(ctx: &Context<'_>, row: &Row) -> Result<Option<ConfirmEvidencePayload>, ApiError> {
    let pool = &ctx.data_unchecked::<Services>().pool;
    if !evidence::is_recorded(pool, row.test_id, row.evidence_id).await? {
        return Ok(None);
    }
    evidence::confirmed(pool, row.evidence_id).await?;
    let (written, test) = read_back(ctx, row.test_id, mutation::Written::default()).await?;
    Ok(Some(ConfirmEvidencePayload::written(written, test)))
}

/// Makes an event of a file that nobody else works on.
async fn confirm(
    ctx: &Context<'_>,
    actor: Actor,
    claim: &Claim,
    input: &ConfirmEvidenceInput,
) -> Result<ConfirmEvidencePayload, ApiError> {
    let services = ctx.data_unchecked::<Services>();
    let row = &claim.upload;
    // Whoever held it before may have confirmed it.
    if let Some(there) = confirmed_before(ctx, row).await? {
        return Ok(there);
    }
    let invalid =
        |why: String| Ok(ConfirmEvidencePayload::refused(vec![UserError::invalid("uploadId", why)]));
    if row.is_closed() {
        return invalid(CLOSED.to_owned());
    }
    let media_type = match arrived(services, claim).await {
        Ok(media_type) => media_type,
        Err(ApiError::InvalidInput(why)) => return invalid(why),
        Err(error) => return Err(error),
    };
    let action = TestAction::AddEvidence(evidence_in(row, media_type)?);
    let command = command(services, actor, None, action).await?;
    if !claim.is_held().await? {
        return Err(lost());
    }
    let written = mutation::execute::<domain::Test>(
        ctx,
        &row.test_id.to_string(),
        command,
        "confirmEvidence",
        input.client_mutation_id,
        input,
    )
    .await?;
    settle(services, claim, &written).await?;
    let (written, test) = read_back(ctx, row.test_id, written).await?;
    Ok(ConfirmEvidencePayload::written(written, test))
}

/// This process stood still for so long that somebody else may be at the file.
fn lost() -> ApiError {
    ApiError::Internal("a claim on an upload of evidence was lost".into())
}

/// The kind of a file that is all there, whichever way it came.
async fn arrived(services: &Services, claim: &Claim) -> Result<String, ApiError> {
    let row = &claim.upload;
    let store_failed = |error| ApiError::Internal(Box::new(error));
    if let Some(media_type) = &row.media_type
        && services.objects.has(&row.object_key).await.map_err(store_failed)?
    {
        return Ok(media_type.clone());
    }
    if services.objects.direct_origin().is_none() {
        return Err(ApiError::InvalidInput("the file has not been uploaded yet".to_owned()));
    }
    let media_type = services.objects.accept(&announced(row)).await.map_err(unkept)?;
    match claim.received(media_type).await? {
        true => Ok(media_type.to_owned()),
        false => Err(lost()),
    }
}

fn evidence_in(row: &Row, media_type: String) -> Result<domain::Evidence, ApiError> {
    Ok(domain::Evidence {
        id: EvidenceId(row.evidence_id),
        side: crate::tests::words::word(&row.side)?,
        file_name: row.file_name.clone(),
        media_type,
        size_bytes: u64::try_from(row.size_bytes).unwrap_or_default(),
        sha256: row.sha256.clone(),
        object_key: row.object_key.clone(),
        caption: row.caption.clone(),
    })
}

/// A file that an event names is kept, one that was refused is not.
async fn settle(services: &Services, claim: &Claim, written: &mutation::Written) -> Result<(), ApiError> {
    let row = &claim.upload;
    if written.accepted() || evidence::is_recorded(&services.pool, row.test_id, row.evidence_id).await? {
        evidence::confirmed(&services.pool, row.evidence_id).await?;
        return Ok(());
    }
    // A command id used before says nothing about the file: it may be confirmed under another.
    if written.user_errors.iter().any(UserError::is_conflict) {
        return Ok(());
    }
    // Without the claim somebody else may be making an event of it: then it is theirs to settle.
    if claim.is_held().await? {
        let removed = services.objects.remove(&row.object_key).await;
        removed.map_err(|error| ApiError::Internal(Box::new(error)))?;
        claim.forget().await?;
    }
    Ok(())
}
