//! The general fields of a campaign as they are sent.

use crate::campaigns::CampaignKind;
use crate::context::Services;
use crate::error::{ApiError, UserError};
use crate::people::account_named;
use aegis_aggregates::campaign::{Plan, Revision};
use aegis_aggregates::ids::AccountId;
use async_graphql::{ID, InputObject, MaybeUndefined};
use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

/// A new campaign. Free text stays in the record for good: name no person in it.
#[derive(InputObject, Serialize)]
pub struct CreateCampaignInput {
    name: String,
    description: Option<String>,
    /// `CUSTOM` if left out.
    kind: Option<CampaignKind>,
    objective: Option<String>,
    /// The first day, `YYYY-MM-DD`.
    start_date: Option<String>,
    /// The last day, `YYYY-MM-DD`.
    end_date: Option<String>,
    tags: Option<Vec<String>>,
    owner_id: Option<ID>,
    /// Its first tests, 500 at most.
    tests: Option<Vec<NewCampaignTestInput>>,
    pub(super) client_mutation_id: Option<Uuid>,
}

/// Changes of a campaign; what is left out stays, null clears.
#[derive(InputObject, Serialize)]
pub struct UpdateCampaignInput {
    pub(super) id: ID,
    name: Option<String>,
    description: Option<String>,
    kind: Option<CampaignKind>,
    objective: Option<String>,
    /// The first day, `YYYY-MM-DD`.
    start_date: MaybeUndefined<String>,
    /// The last day, `YYYY-MM-DD`.
    end_date: MaybeUndefined<String>,
    tags: Option<Vec<String>>,
    owner_id: MaybeUndefined<ID>,
    pub(super) expected_version: Option<u64>,
    pub(super) client_mutation_id: Option<Uuid>,
}

/// A test to be taken in.
#[derive(Clone, InputObject, Serialize)]
pub struct NewCampaignTestInput {
    pub(super) test_id: ID,
    /// Its place; after all others if left out.
    pub(super) order: Option<u32>,
    /// The part of the campaign it belongs to.
    pub(super) phase: Option<String>,
    /// The tests of the campaign that must be validated before it may start, 20 at most.
    pub(super) depends_on: Option<Vec<ID>>,
}

impl NewCampaignTestInput {
    /// A test that is only named.
    pub(super) fn naming(test_id: &ID, depends_on: Option<Vec<ID>>) -> Self {
        Self { test_id: test_id.clone(), order: None, phase: None, depends_on }
    }
}

impl CreateCampaignInput {
    pub(super) fn tests(&self) -> Vec<NewCampaignTestInput> {
        self.tests.clone().unwrap_or_default()
    }

    /// The plan, unless something in it cannot be read.
    pub(super) async fn plan(
        &self,
        services: &Services,
        errors: &mut Vec<UserError>,
    ) -> Result<Option<Plan>, ApiError> {
        let owner = match &self.owner_id {
            Some(id) => person_of(services, id).await?.map(Some),
            None => Ok(None),
        };
        let day = |field, text: &Option<String>| text.as_deref().map(|text| day_of(field, text)).transpose();
        let starts_on = day("startDate", &self.start_date);
        let ends_on = day("endDate", &self.end_date);
        Ok(Some(Plan {
            name: self.name.clone(),
            description: self.description.clone().unwrap_or_default(),
            kind: self.kind.unwrap_or(CampaignKind::Custom).into(),
            objective: self.objective.clone().unwrap_or_default(),
            starts_on: kept(starts_on, errors).flatten(),
            ends_on: kept(ends_on, errors).flatten(),
            tags: self.tags.clone().unwrap_or_default().into_iter().collect(),
            owner: kept(owner, errors).flatten(),
        })
        .filter(|_| errors.is_empty()))
    }
}

impl UpdateCampaignInput {
    /// Only what was sent: the rest is taken from the campaign as it is when the command is judged.
    pub(super) async fn revision(
        &self,
        services: &Services,
        errors: &mut Vec<UserError>,
    ) -> Result<Revision, ApiError> {
        let owner = match change_of(&self.owner_id) {
            None => None,
            Some(None) => Some(None),
            Some(Some(id)) => kept(person_of(services, &id).await?, errors).map(Some),
        };
        let day = |field, text: &MaybeUndefined<String>| {
            change_of(text).map(|text| text.map(|text| day_of(field, &text)).transpose()).transpose()
        };
        Ok(Revision {
            name: self.name.clone(),
            description: self.description.clone(),
            kind: self.kind.map(Into::into),
            objective: self.objective.clone(),
            starts_on: kept(day("startDate", &self.start_date), errors).flatten(),
            ends_on: kept(day("endDate", &self.end_date), errors).flatten(),
            tags: self.tags.as_ref().map(|tags| tags.iter().cloned().collect()),
            owner,
        })
    }
}

/// Left out: as it is. Null: none.
pub(super) fn change_of<T: Clone>(value: &MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value.clone())),
    }
}

/// A day, `YYYY-MM-DD`.
pub(super) fn day_of(field: &str, text: &str) -> Result<NaiveDate, UserError> {
    text.parse().map_err(|_| UserError::invalid(field, format!("'{text}' is not a day (YYYY-MM-DD)")))
}

async fn person_of(services: &Services, id: &ID) -> Result<Result<AccountId, UserError>, ApiError> {
    let found = account_named(services, id).await?;
    Ok(found.ok_or_else(|| UserError::invalid("ownerId", "there is no such person")))
}

fn kept<T>(result: Result<T, UserError>, errors: &mut Vec<UserError>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}
