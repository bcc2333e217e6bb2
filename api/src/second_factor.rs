//! The second factor: time-based one-time passwords and recovery codes.

mod totp;

use crate::access_policy::second_factor_is_required;
use crate::accounts::account_of;
use crate::context::{Services, Viewer, acting};
use crate::error::{ApiError, UserError};
use crate::mutation::{self, Written};
use crate::noted::{Noted, note};
use crate::password;
use crate::people::User;
use aegis_aggregates::ids::AccountId;
use aegis_aggregates::roster::{ROSTER_ID, Roster, RosterAction, RosterCommand};
use aegis_projections::{accounts, second_factor};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::Utc;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Recovery codes that are handed out.
const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code: 50 random bits, which the limit of tries makes enough.
const RECOVERY_LETTERS: usize = 10;
/// No letters that look like others.
const RECOVERY_ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// What a code that came with a sign-in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The account has no second factor.
    NotAsked,
    /// It has one, and no code came.
    Missing,
    /// It is right, and counts from now on no more.
    Right,
    /// It is wrong, or was used before.
    Wrong,
    /// Too many were wrong.
    TooMany,
}

/// Holds a code against the second factor of an account.
///
/// # Errors
/// The database failed, or the secret cannot be read.
pub(crate) async fn answer(
    services: &Services,
    account: Uuid,
    code: Option<&str>,
) -> Result<Answer, ApiError> {
    let pool = &services.pool;
    let Some(held) = second_factor::held(pool, account).await?.filter(|held| held.confirmed) else {
        return Ok(Answer::NotAsked);
    };
    let Some(code) = code.map(plain).filter(|code| !code.is_empty()) else {
        return Ok(Answer::Missing);
    };
    // Counted before it is looked at.
    if !second_factor::allow_code(pool, account).await? {
        return Ok(Answer::TooMany);
    }
    let right = if totp::looks_like_one(&code) {
        let secret = open(services, account, &held.secret)?;
        match totp::step_of(&secret, &code, Utc::now()) {
            Some(step) => second_factor::take_step(pool, account, step).await?,
            None => false,
        }
    } else {
        second_factor::take_recovery_code(pool, account, &digest(&code)).await?
    };
    if right {
        second_factor::forgive(pool, account).await?;
    }
    Ok(if right { Answer::Right } else { Answer::Wrong })
}

fn place(account: Uuid) -> String {
    format!("second-factor/{account}")
}

fn open(services: &Services, account: Uuid, sealed: &[u8]) -> Result<Vec<u8>, ApiError> {
    services.vault.open(&place(account), sealed).map_err(|error| ApiError::Internal(Box::new(error)))
}

/// As people write codes: with blanks and dashes, in any case.
fn plain(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).take(100).collect()
}

fn digest(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}

/// Fresh recovery codes, and what is kept of them.
fn recovery_codes() -> (Vec<String>, Vec<Vec<u8>>) {
    let one = || {
        let letters = rand::random::<[u8; RECOVERY_LETTERS]>();
        let letters =
            letters.iter().map(|byte| RECOVERY_ALPHABET[usize::from(*byte) % RECOVERY_ALPHABET.len()]);
        letters.map(char::from).collect::<String>()
    };
    let codes: Vec<String> = std::iter::repeat_with(one).take(RECOVERY_CODES).collect();
    let kept = codes.iter().map(|code| digest(code)).collect();
    let half = RECOVERY_LETTERS / 2;
    let shown = codes.iter().map(|code| format!("{}-{}", &code[..half], &code[half..])).collect();
    (shown, kept)
}

/// How the signed-in person's second factor stands.
#[derive(SimpleObject)]
pub struct SecondFactor {
    /// Whether a code is asked for at sign-in.
    active: bool,
    /// Whether the person's role needs one.
    required: bool,
    /// Recovery codes that are left.
    recovery_codes_left: i64,
}

/// What an authenticator app needs to know.
#[derive(SimpleObject)]
pub struct SecondFactorSecret {
    /// The secret in base 32, to be typed.
    secret: String,
    /// The same as an address that apps read.
    uri: String,
    /// The address as a picture (SVG).
    qr: String,
}

/// Somebody wants a second factor.
#[derive(InputObject, Serialize)]
pub struct BeginSecondFactorInput {
    /// One's own password; left out by people who have none.
    #[graphql(secret)]
    #[serde(skip)]
    password: Option<String>,
}

/// The first code of an authenticator app.
#[derive(InputObject, Serialize)]
pub struct ConfirmSecondFactorInput {
    #[graphql(secret)]
    #[serde(skip)]
    code: String,
    client_mutation_id: Option<Uuid>,
}

/// A code that shows who asks.
#[derive(InputObject, Serialize)]
pub struct RemoveSecondFactorInput {
    #[graphql(secret)]
    #[serde(skip)]
    code: String,
    client_mutation_id: Option<Uuid>,
}

/// A code that shows who asks.
#[derive(InputObject, Serialize)]
pub struct RenewRecoveryCodesInput {
    #[graphql(secret)]
    #[serde(skip)]
    code: String,
}

/// Somebody who has lost their second factor.
#[derive(InputObject, Serialize)]
pub struct ResetSecondFactorInput {
    id: ID,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// What an authenticator app needs to know; shown until it is confirmed.
    BeginSecondFactorPayload { secret: Option<SecondFactorSecret> }
);
mutation::payload!(
    /// How it stands, and ten codes for the day the app is gone: shown once, each good once.
    ConfirmSecondFactorPayload { second_factor: Option<SecondFactor>, recovery_codes: Option<Vec<String>> }
);
mutation::payload!(
    /// How it stands.
    RemoveSecondFactorPayload { second_factor: Option<SecondFactor> }
);
mutation::payload!(
    /// Ten fresh codes: shown once, each good once. The old ones count no more.
    RenewRecoveryCodesPayload { recovery_codes: Option<Vec<String>> }
);
mutation::payload!(
    /// The account as it is now.
    ResetSecondFactorPayload { user: Option<User> }
);

#[derive(Default)]
pub struct SecondFactorQuery;

#[Object]
impl SecondFactorQuery {
    /// How the signed-in person's second factor stands.
    async fn second_factor(&self, ctx: &Context<'_>) -> Result<SecondFactor, ApiError> {
        standing(ctx).await
    }
}

async fn standing(ctx: &Context<'_>) -> Result<SecondFactor, ApiError> {
    let (services, actor) = acting(ctx)?;
    let held = second_factor::held(&services.pool, actor.account.0).await?.filter(|held| held.confirmed);
    let required = second_factor_is_required(services, actor.role).await?;
    let recovery_codes_left = held.as_ref().map_or(0, |held| held.recovery_codes);
    Ok(SecondFactor { active: held.is_some(), required, recovery_codes_left })
}

#[derive(Default)]
pub struct SecondFactorMutation;

#[Object]
impl SecondFactorMutation {
    /// Makes a secret for an authenticator app. It counts once a code of it was confirmed.
    async fn begin_second_factor(
        &self,
        ctx: &Context<'_>,
        input: BeginSecondFactorInput,
    ) -> Result<BeginSecondFactorPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let account = actor.account.0;
        let held = accounts::credentials_of(&services.pool, account).await?;
        let held = held.ok_or(ApiError::NotFound("account"))?;
        if held.password_hash.is_some() {
            // An unlocked screen is not enough to lock its person out.
            let password = input.password.unwrap_or_default();
            let proven = password::verify(password, held.password_hash)
                .await
                .map_err(|error| ApiError::Internal(Box::new(error)))?;
            if !proven {
                let error = UserError::invalid("password", "the password is wrong");
                return Ok(BeginSecondFactorPayload::refused(vec![error]));
            }
        }
        let secret = totp::new_secret();
        let sealed = services.vault.seal(&place(account), &secret);
        if !second_factor::begin(&services.pool, account, &sealed).await? {
            let error = UserError::invalid("password", "there is a second factor already; remove it first");
            return Ok(BeginSecondFactorPayload::refused(vec![error]));
        }
        let person = accounts::by_id(&services.pool, account).await?.and_then(|person| person.username);
        let uri = totp::uri(&secret, person.as_deref().unwrap_or("former user"));
        let qr = totp::qr(&uri).map_err(|error| ApiError::Internal(error.into()))?;
        let shown = SecondFactorSecret { secret: totp::base32(&secret), uri, qr };
        Ok(BeginSecondFactorPayload::written(Written::default(), Some(shown)))
    }

    /// Confirms the secret by a first code: from now on one is asked for at each sign-in.
    async fn confirm_second_factor(
        &self,
        ctx: &Context<'_>,
        input: ConfirmSecondFactorInput,
    ) -> Result<ConfirmSecondFactorPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let (pool, account) = (&services.pool, actor.account.0);
        let refused =
            |why: &str| Ok(ConfirmSecondFactorPayload::refused(vec![UserError::invalid("code", why)]));
        let Some(held) = second_factor::held(pool, account).await?.filter(|held| !held.confirmed) else {
            return refused("there is no secret to confirm; begin with one");
        };
        if !second_factor::allow_code(pool, account).await? {
            return Err(ApiError::RateLimited("Too many wrong codes. Wait some minutes."));
        }
        let secret = open(services, account, &held.secret)?;
        let Some(step) = totp::step_of(&secret, &plain(&input.code), Utc::now()) else {
            return refused("this is not the code of now; look at the clock of the device");
        };
        let (shown, kept) = recovery_codes();
        if !second_factor::confirm(pool, account, step, &kept).await? {
            return refused("there is no secret to confirm; begin with one");
        }
        second_factor::forgive(pool, account).await?;
        let command =
            RosterCommand { by: actor, account: actor.account, action: RosterAction::AddSecondFactor };
        let id = input.client_mutation_id;
        let written =
            mutation::execute::<Roster>(ctx, ROSTER_ID, command, "confirmSecondFactor", id, &input).await?;
        let mut payload = ConfirmSecondFactorPayload::written(written, Some(standing(ctx).await?));
        payload.recovery_codes = Some(shown);
        Ok(payload)
    }

    /// Removes one's own second factor, unless one's role needs one.
    async fn remove_second_factor(
        &self,
        ctx: &Context<'_>,
        input: RemoveSecondFactorInput,
    ) -> Result<RemoveSecondFactorPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        if second_factor_is_required(services, actor.role).await? {
            let error = UserError::invalid("code", "your role needs a second factor");
            return Ok(RemoveSecondFactorPayload::refused(vec![error]));
        }
        if let Some(error) = shown_by(ctx, &input.code).await? {
            return Ok(RemoveSecondFactorPayload::refused(vec![error]));
        }
        let written =
            remove(ctx, actor.account, "removeSecondFactor", input.client_mutation_id, &input).await?;
        Ok(RemoveSecondFactorPayload::written(written, Some(standing(ctx).await?)))
    }

    /// Replaces one's own recovery codes.
    async fn renew_recovery_codes(
        &self,
        ctx: &Context<'_>,
        input: RenewRecoveryCodesInput,
    ) -> Result<RenewRecoveryCodesPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        if let Some(error) = shown_by(ctx, &input.code).await? {
            return Ok(RenewRecoveryCodesPayload::refused(vec![error]));
        }
        let (shown, kept) = recovery_codes();
        second_factor::replace_recovery_codes(&services.pool, actor.account.0, &kept).await?;
        note(services, ctx.data_unchecked::<Viewer>(), Noted::allowed("renewRecoveryCodes")).await?;
        Ok(RenewRecoveryCodesPayload::written(Written::default(), Some(shown)))
    }

    /// Removes the second factor of somebody who has lost it; their sessions end.
    async fn reset_second_factor(
        &self,
        ctx: &Context<'_>,
        input: ResetSecondFactorInput,
    ) -> Result<ResetSecondFactorPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let account = account_of(&input.id)?;
        if accounts::by_id(&services.pool, account.0).await?.is_none() {
            return Err(ApiError::NotFound("user"));
        }
        let written = remove(ctx, account, "resetSecondFactor", input.client_mutation_id, &input).await?;
        if written.accepted() {
            accounts::end_sessions(&services.pool, account.0).await?;
            services.sessions_changed(account.0).await;
        }
        let user = accounts::by_id(&services.pool, account.0).await?.map(User);
        Ok(ResetSecondFactorPayload::written(written, user))
    }
}

/// Why a code does not show who asks, if it does not.
async fn shown_by(ctx: &Context<'_>, code: &str) -> Result<Option<UserError>, ApiError> {
    let (services, actor) = acting(ctx)?;
    match answer(services, actor.account.0, Some(code)).await? {
        Answer::Right => Ok(None),
        Answer::NotAsked => Ok(Some(UserError::invalid("code", "there is no second factor"))),
        Answer::Missing | Answer::Wrong => {
            Ok(Some(UserError::invalid("code", "the code is wrong or was used before")))
        }
        Answer::TooMany => Err(ApiError::RateLimited("Too many wrong codes. Wait some minutes.")),
    }
}

/// The event first: without the secret no code is asked for, and nothing would tell of it.
async fn remove(
    ctx: &Context<'_>,
    account: AccountId,
    kind: &'static str,
    id: Option<Uuid>,
    input: &impl Serialize,
) -> Result<Written, ApiError> {
    let (services, actor) = acting(ctx)?;
    let command = RosterCommand { by: actor, account, action: RosterAction::RemoveSecondFactor };
    let written = mutation::execute::<Roster>(ctx, ROSTER_ID, command, kind, id, input).await?;
    if written.accepted() {
        second_factor::remove(&services.pool, account.0).await?;
    }
    Ok(written)
}
