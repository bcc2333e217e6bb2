//! What people do with campaigns: one mutation per command.

mod clone;
mod input;
mod labels;

pub use clone::CampaignCloneMutation;

use crate::asked::{Target, asked, made};
use crate::campaigns::{Campaign, MissedRuns, ScheduleEvery, campaign_at, id_of, parse_local};
use crate::context::{Services, acting};
use crate::error::{ApiError, UserError};
use crate::mutation;
use aegis_aggregates::actor::Actor;
use aegis_aggregates::campaign as domain;
use aegis_aggregates::campaign::{CampaignAction, CampaignCommand, Labels, Waits};
use aegis_aggregates::ids::TestId;
use aegis_projections::campaigns::{self, CampaignKey};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use chrono::Utc;
use input::{CreateCampaignInput, NewCampaignTestInput, UpdateCampaignInput};
use labels::Named;
use serde::Serialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Tests to be taken in, 500 at most.
#[derive(InputObject, Serialize)]
pub struct AddCampaignTestInput {
    id: ID,
    tests: Vec<NewCampaignTestInput>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// Another place of a test; what is left out stays, null clears.
#[derive(InputObject, Serialize)]
pub struct UpdateCampaignTestInput {
    id: ID,
    test_id: ID,
    order: Option<u32>,
    phase: MaybeUndefined<String>,
    /// All it waits for anew.
    depends_on: Option<Vec<ID>>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A test that goes up or down the list of a draft.
#[derive(InputObject, Serialize)]
pub struct MoveCampaignTestInput {
    id: ID,
    test_id: ID,
    /// Its place in the list from now on, counted from 1.
    place: u32,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A test to be let go.
#[derive(InputObject, Serialize)]
pub struct RemoveCampaignTestInput {
    id: ID,
    test_id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// When a campaign runs again. Only runs due after now count.
#[derive(InputObject, Serialize)]
pub struct ScheduleCampaignInput {
    id: ID,
    every: ScheduleEvery,
    /// The first due time on the wall clock of the zone, `2026-01-31T09:00`; all others are counted from it.
    first: String,
    /// By its IANA name, `Europe/Berlin`.
    time_zone: String,
    /// The last day, `YYYY-MM-DD`; without end if left out.
    until: Option<String>,
    /// `CREATE_ALL` if left out.
    missed: Option<MissedRuns>,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A campaign whose schedule ends.
#[derive(InputObject, Serialize)]
pub struct UnscheduleCampaignInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A campaign that begins.
#[derive(InputObject, Serialize)]
pub struct ActivateCampaignInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A campaign that ends.
#[derive(InputObject, Serialize)]
pub struct CompleteCampaignInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

/// A campaign that is put away.
#[derive(InputObject, Serialize)]
pub struct ArchiveCampaignInput {
    id: ID,
    expected_version: Option<u64>,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The new campaign.
    CreateCampaignPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    UpdateCampaignPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    AddCampaignTestPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    UpdateCampaignTestPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    MoveCampaignTestPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    RemoveCampaignTestPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    ScheduleCampaignPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    UnscheduleCampaignPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    ActivateCampaignPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    CompleteCampaignPayload { campaign: Option<Campaign> }
);
mutation::payload!(
    /// The campaign as it is now.
    ArchiveCampaignPayload { campaign: Option<Campaign> }
);

/// Something to be done with a campaign; refusals name tests as the labels do.
pub(crate) struct Wish {
    action: CampaignAction,
    labels: Labels,
}

impl From<CampaignAction> for Wish {
    fn from(action: CampaignAction) -> Self {
        Self { action, labels: Labels::new() }
    }
}

impl Target for Campaign {
    type Rules = domain::Campaign;
    type Action = Wish;
    const NAME: &'static str = "campaign";

    fn id_of(id: &ID) -> Result<Uuid, ApiError> {
        id_of(id)
    }

    async fn command(
        _services: &Services,
        by: Actor,
        expected_version: Option<u64>,
        Wish { action, labels }: Wish,
    ) -> Result<CampaignCommand, ApiError> {
        Ok(CampaignCommand { by, at: Utc::now(), expected_version, labels, action })
    }

    async fn at(ctx: &Context<'_>, id: Uuid, at: i64) -> Result<Option<Self>, ApiError> {
        campaign_at(ctx, CampaignKey::Id(id), at).await
    }
}

/// The wish to begin a campaign: a way round over what other active campaigns say would hold everybody up.
async fn beginning(services: &Services, campaign: Uuid) -> Result<Wish, ApiError> {
    let at = services.tide.position();
    let mut beside = Waits::new();
    for (test, needed) in campaigns::waits_beside(&services.pool, campaign, at).await? {
        beside.entry(TestId(test)).or_default().extend(needed.into_iter().map(TestId));
    }
    let mut known: BTreeSet<TestId> =
        beside.iter().flat_map(|(test, needed)| needed.iter().chain([test]).copied()).collect();
    if !known.is_empty() {
        let held = services.store.load::<domain::Campaign>(&campaign.to_string()).await?;
        known.extend(held.tests().keys());
    }
    let labels = labels::labels(services, &known).await?;
    Ok(Wish { action: CampaignAction::Activate { beside }, labels })
}

#[derive(Default)]
pub struct CampaignMutation;

#[Object]
impl CampaignMutation {
    /// Writes a new campaign down, with or without tests.
    async fn create_campaign(
        &self,
        ctx: &Context<'_>,
        input: CreateCampaignInput,
    ) -> Result<CreateCampaignPayload, ApiError> {
        let (services, by) = acting(ctx)?;
        let origin = mutation::origin(ctx, "createCampaign", input.client_mutation_id, &input)?;
        if let Some(first) = services.store.repeated::<domain::CampaignError>(&origin).await? {
            let (written, campaign) = made(ctx, mutation::settle(services, first).await?).await?;
            return Ok(CreateCampaignPayload::written(written, campaign));
        }
        let mut errors = vec![];
        let plan = input.plan(services, &mut errors).await?;
        let Named { tests, labels } = Named::new(services, None, &input.tests(), &mut errors).await?;
        let Some(plan) = plan.filter(|_| errors.is_empty()) else {
            return Ok(CreateCampaignPayload::refused(errors));
        };
        let action = CampaignAction::Create { plan, tests, origin: None };
        let command = CampaignCommand { by, at: Utc::now(), expected_version: None, labels, action };
        let id = Uuid::now_v7().to_string();
        let executed = services.store.execute::<domain::Campaign>(&id, command, &origin).await?;
        let (written, campaign) = made(ctx, mutation::settle(services, executed).await?).await?;
        Ok(CreateCampaignPayload::written(written, campaign))
    }

    /// Replaces the general fields that are given, of a draft.
    async fn update_campaign(
        &self,
        ctx: &Context<'_>,
        input: UpdateCampaignInput,
    ) -> Result<UpdateCampaignPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let asked = asked!("updateCampaign", input);
        if let Some((written, campaign)) = asked.answered(ctx).await? {
            return Ok(UpdateCampaignPayload::written(written, campaign));
        }
        let mut errors = vec![];
        let revision = input.revision(services, &mut errors).await?;
        if !errors.is_empty() {
            return Ok(UpdateCampaignPayload::refused(errors));
        }
        let (written, campaign) = asked.run(ctx, CampaignAction::Revise(revision)).await?;
        Ok(UpdateCampaignPayload::written(written, campaign))
    }

    /// Takes tests into a draft, all of them or none.
    async fn add_campaign_test(
        &self,
        ctx: &Context<'_>,
        input: AddCampaignTestInput,
    ) -> Result<AddCampaignTestPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let asked = asked!("addCampaignTest", input);
        if let Some((written, campaign)) = asked.answered(ctx).await? {
            return Ok(AddCampaignTestPayload::written(written, campaign));
        }
        let mut errors = vec![];
        let id = id_of(&input.id)?;
        let Named { tests, labels } = Named::new(services, Some(id), &input.tests, &mut errors).await?;
        if !errors.is_empty() {
            return Ok(AddCampaignTestPayload::refused(errors));
        }
        let action = CampaignAction::AddTests(tests);
        let (written, campaign) = asked.run(ctx, Wish { action, labels }).await?;
        Ok(AddCampaignTestPayload::written(written, campaign))
    }

    /// Gives a test of a draft another place: order, phase, what it waits for.
    async fn update_campaign_test(
        &self,
        ctx: &Context<'_>,
        input: UpdateCampaignTestInput,
    ) -> Result<UpdateCampaignTestPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let asked = asked!("updateCampaignTest", input);
        if let Some((written, campaign)) = asked.answered(ctx).await? {
            return Ok(UpdateCampaignTestPayload::written(written, campaign));
        }
        let id = id_of(&input.id)?;
        let named = NewCampaignTestInput::naming(&input.test_id, input.depends_on.clone());
        let mut errors = vec![];
        let Named { mut tests, labels } = Named::new(services, Some(id), &[named], &mut errors).await?;
        let Some(named) = tests.pop().filter(|_| errors.is_empty()) else {
            return Ok(UpdateCampaignTestPayload::refused(errors));
        };
        let action = CampaignAction::ReviseTest(domain::TestRevision {
            test: named.test,
            order: input.order,
            phase: input::change_of(&input.phase),
            depends_on: input.depends_on.is_some().then_some(named.depends_on),
        });
        let (written, campaign) = asked.run(ctx, Wish { action, labels }).await?;
        Ok(UpdateCampaignTestPayload::written(written, campaign))
    }

    /// Moves a test of a draft up or down its list. The others make room: all of it in one command, so that nobody
    /// sees half of it.
    async fn move_campaign_test(
        &self,
        ctx: &Context<'_>,
        input: MoveCampaignTestInput,
    ) -> Result<MoveCampaignTestPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let asked = asked!("moveCampaignTest", input);
        if let Some((written, campaign)) = asked.answered(ctx).await? {
            return Ok(MoveCampaignTestPayload::written(written, campaign));
        }
        let id = id_of(&input.id)?;
        let named = NewCampaignTestInput::naming(&input.test_id, None);
        let mut errors = vec![];
        let Named { mut tests, labels } = Named::new(services, Some(id), &[named], &mut errors).await?;
        let Some(named) = tests.pop().filter(|_| errors.is_empty()) else {
            return Ok(MoveCampaignTestPayload::refused(errors));
        };
        let action = CampaignAction::MoveTest { test: named.test, place: input.place };
        let (written, campaign) = asked.run(ctx, Wish { action, labels }).await?;
        Ok(MoveCampaignTestPayload::written(written, campaign))
    }

    /// Lets a test of a draft go; not one that others wait for.
    async fn remove_campaign_test(
        &self,
        ctx: &Context<'_>,
        input: RemoveCampaignTestInput,
    ) -> Result<RemoveCampaignTestPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let asked = asked!("removeCampaignTest", input);
        if let Some((written, campaign)) = asked.answered(ctx).await? {
            return Ok(RemoveCampaignTestPayload::written(written, campaign));
        }
        let id = id_of(&input.id)?;
        let named = NewCampaignTestInput::naming(&input.test_id, None);
        let mut errors = vec![];
        let Named { mut tests, labels } = Named::new(services, Some(id), &[named], &mut errors).await?;
        let Some(named) = tests.pop().filter(|_| errors.is_empty()) else {
            return Ok(RemoveCampaignTestPayload::refused(errors));
        };
        let action = CampaignAction::RemoveTest { test: named.test };
        let (written, campaign) = asked.run(ctx, Wish { action, labels }).await?;
        Ok(RemoveCampaignTestPayload::written(written, campaign))
    }

    /// Lets a campaign run again and again: each due run becomes a campaign of its own with fresh
    /// drafts. Replaces the schedule it has.
    async fn schedule_campaign(
        &self,
        ctx: &Context<'_>,
        input: ScheduleCampaignInput,
    ) -> Result<ScheduleCampaignPayload, ApiError> {
        let mut errors = vec![];
        let mut keep = |error: UserError| errors.push(error);
        let first = parse_local(&input.first)
            .ok_or_else(|| {
                let text = format!("'{}' is not a local time (2026-01-31T09:00)", input.first);
                UserError::invalid("first", text)
            })
            .map_err(&mut keep);
        let zone = input.time_zone.parse().map_err(|_| {
            let text = format!("'{}' is not the IANA name of a time zone (Europe/Berlin)", input.time_zone);
            UserError::invalid("timeZone", text)
        });
        let zone = zone.map_err(&mut keep);
        let until = input.until.as_deref().map(|day| input::day_of("until", day)).transpose();
        let until = until.map_err(&mut keep);
        let (Ok(first), Ok(time_zone), Ok(until)) = (first, zone, until) else {
            return Ok(ScheduleCampaignPayload::refused(errors));
        };
        let missed = input.missed.map(Into::into).unwrap_or_default();
        let schedule = domain::Schedule { every: input.every.into(), first, time_zone, until, missed };
        let (written, campaign) =
            asked!("scheduleCampaign", input).run(ctx, CampaignAction::Schedule(schedule)).await?;
        Ok(ScheduleCampaignPayload::written(written, campaign))
    }

    /// Ends the schedule of a campaign; what has come due stays.
    async fn unschedule_campaign(
        &self,
        ctx: &Context<'_>,
        input: UnscheduleCampaignInput,
    ) -> Result<UnscheduleCampaignPayload, ApiError> {
        let (written, campaign) =
            asked!("unscheduleCampaign", input).run(ctx, CampaignAction::Unschedule).await?;
        Ok(UnscheduleCampaignPayload::written(written, campaign))
    }

    /// Begins a campaign, which takes at least one test; its plan is settled from now on.
    async fn activate_campaign(
        &self,
        ctx: &Context<'_>,
        input: ActivateCampaignInput,
    ) -> Result<ActivateCampaignPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let wish = beginning(services, id_of(&input.id)?).await?;
        let (written, campaign) = asked!("activateCampaign", input).run(ctx, wish).await?;
        Ok(ActivateCampaignPayload::written(written, campaign))
    }

    /// Ends a campaign for good.
    async fn complete_campaign(
        &self,
        ctx: &Context<'_>,
        input: CompleteCampaignInput,
    ) -> Result<CompleteCampaignPayload, ApiError> {
        let (written, campaign) =
            asked!("completeCampaign", input).run(ctx, CampaignAction::Complete).await?;
        Ok(CompleteCampaignPayload::written(written, campaign))
    }

    /// Puts a draft or a completed campaign away; its history stays, its schedule ends.
    async fn archive_campaign(
        &self,
        ctx: &Context<'_>,
        input: ArchiveCampaignInput,
    ) -> Result<ArchiveCampaignPayload, ApiError> {
        let (written, campaign) = asked!("archiveCampaign", input).run(ctx, CampaignAction::Archive).await?;
        Ok(ArchiveCampaignPayload::written(written, campaign))
    }
}
