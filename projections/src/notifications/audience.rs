//! Whom something concerns, as of a position: the rows that the projections had there.

use super::SubjectKind;
use aegis_aggregates::actor::Role;
use aegis_aggregates::ids::AccountId;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// People told of one event at most, in the order of their ids. More is no message any more.
pub const MAX_RECIPIENTS: usize = 1_000;

/// Whom something concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Whoever has one of these roles.
    Roles(&'static [Role]),
    /// These.
    Accounts(Vec<AccountId>),
    /// Whoever wrote the test and worked on a round of it, for either side.
    Performers {
        /// The test.
        test: Uuid,
        /// The round.
        round: u32,
    },
    /// Whoever voted on a round.
    Voters {
        /// The test.
        test: Uuid,
        /// The round.
        round: u32,
    },
    /// Whoever wrote a test, has it, or has ever worked or voted on it.
    Participants {
        /// The test.
        test: Uuid,
    },
    /// Whoever answers for a campaign: its owner, and who wrote it.
    CampaignOwners {
        /// The campaign.
        campaign: Uuid,
    },
    /// Whoever wrote, has, or worked on a test of a campaign.
    CampaignTeam {
        /// The campaign.
        campaign: Uuid,
    },
    /// Whoever sees to a remediation.
    RemediationAssignee {
        /// The remediation.
        remediation: Uuid,
    },
    /// Whoever opened it.
    RemediationOpener {
        /// The remediation.
        remediation: Uuid,
    },
    /// Whoever has said something there that still stands.
    Commenters {
        /// About what.
        kind: SubjectKind,
        /// Which.
        id: Uuid,
    },
}

/// The accounts of an audience as of a position, active or not, in no order. Reads at most [`MAX_RECIPIENTS`]
/// of each.
///
/// # Errors
/// The database failed.
pub async fn audience_of(
    connection: &mut PgConnection,
    audience: &Audience,
    at: i64,
) -> Result<BTreeSet<Uuid>, sqlx::Error> {
    let limit = i64::try_from(MAX_RECIPIENTS).unwrap_or(i64::MAX);
    let found: Vec<Option<Uuid>> = match audience {
        Audience::Accounts(accounts) => accounts.iter().map(|account| Some(account.0)).collect(),
        Audience::Roles(roles) => {
            let roles: Vec<String> = roles.iter().map(|role| role.as_str().to_owned()).collect();
            sqlx::query_scalar!(
                r#"select account as "account?" from accounts
                   where from_position <= $2 and to_position > $2 and role = any ($1) and active and not service
                   order by account limit $3"#,
                &roles,
                at,
                limit
            )
            .fetch_all(connection)
            .await?
        }
        Audience::Performers { test, round } => {
            sqlx::query_scalar!(
                r#"select created_by as "account?" from tests
                   where row_key = $1::uuid::text and from_position <= $3 and to_position > $3
                   union
                   select unnest(array[executed_by, attack_by, evaluation_started_by, detection_by, evaluated_by])
                   from test_rounds
                   where test_id = $1 and number = $2 and from_position <= $3 and to_position > $3
                   union
                   select added_by from test_evidence
                   where test_id = $1 and round = $2 and from_position <= $3 and to_position > $3 and removed_at is null
                   limit $4"#,
                test,
                i32::try_from(*round).unwrap_or(i32::MAX),
                at,
                limit
            )
            .fetch_all(connection)
            .await?
        }
        Audience::Voters { test, round } => {
            sqlx::query_scalar!(
                r#"select distinct voter as "account?" from test_votes
                   where test_id = $1 and round = $2 and from_position <= $3 and to_position > $3 and not superseded
                   limit $4"#,
                test,
                i32::try_from(*round).unwrap_or(i32::MAX),
                at,
                limit
            )
            .fetch_all(connection)
            .await?
        }
        Audience::Participants { test } => {
            sqlx::query_scalar!(
                r#"select unnest(array[created_by, assignee]) as "account?" from tests
                   where row_key = $1::uuid::text and from_position <= $2 and to_position > $2
                   union
                   select unnest(array[executed_by, attack_by, evaluation_started_by, detection_by, evaluated_by])
                   from test_rounds where test_id = $1 and from_position <= $2 and to_position > $2
                   union
                   select voter from test_votes where test_id = $1 and from_position <= $2 and to_position > $2
                   limit $3"#,
                test,
                at,
                limit
            )
            .fetch_all(connection)
            .await?
        }
        Audience::CampaignOwners { campaign } => {
            sqlx::query_scalar!(
                r#"select unnest(array[owner, created_by, scheduled_by]) as "account?" from campaigns
                   where row_key = $1::uuid::text and from_position <= $2 and to_position > $2"#,
                campaign,
                at
            )
            .fetch_all(connection)
            .await?
        }
        Audience::CampaignTeam { campaign } => {
            sqlx::query_scalar!(
                r#"with held as materialized (
                     select test_id from campaign_tests
                     where campaign_id = $1 and from_position <= $2 and to_position > $2)
                   select unnest(array[t.created_by, t.assignee]) as "account?"
                   from held h join tests t on t.row_key = h.test_id::text
                   where t.from_position <= $2 and t.to_position > $2
                   union
                   select unnest(array[r.executed_by, r.attack_by, r.evaluation_started_by, r.detection_by, r.evaluated_by])
                   from held h join test_rounds r on r.test_id = h.test_id
                   where r.from_position <= $2 and r.to_position > $2
                   limit $3"#,
                campaign,
                at,
                limit
            )
            .fetch_all(connection)
            .await?
        }
        Audience::RemediationAssignee { remediation } => {
            sqlx::query_scalar!(
                "select assignee from remediations
                 where row_key = $1::uuid::text and from_position <= $2 and to_position > $2",
                remediation,
                at
            )
            .fetch_all(connection)
            .await?
        }
        Audience::RemediationOpener { remediation } => {
            sqlx::query_scalar!(
                r#"select opened_by as "account?" from remediations
                   where row_key = $1::uuid::text and from_position <= $2 and to_position > $2"#,
                remediation,
                at
            )
            .fetch_all(connection)
            .await?
        }
        Audience::Commenters { kind, id } => {
            sqlx::query_scalar!(
                r#"select distinct posted_by as "account?" from comments
                   where subject_id = $1 and subject_kind = $2 and from_position <= $3 and to_position > $3
                   limit $4"#,
                id,
                kind.as_str(),
                at,
                limit
            )
            .fetch_all(connection)
            .await?
        }
    };
    Ok(found.into_iter().flatten().collect())
}

/// Those of some accounts that are people's and active as of a position, in the order of their ids, at most
/// [`MAX_RECIPIENTS`].
///
/// # Errors
/// The database failed.
pub async fn only_active(
    connection: &mut PgConnection,
    accounts: &BTreeSet<Uuid>,
    at: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    if accounts.is_empty() {
        return Ok(vec![]);
    }
    let keys: Vec<String> = accounts.iter().map(Uuid::to_string).collect();
    sqlx::query_scalar!(
        "select account from accounts
         where row_key = any ($1) and from_position <= $2 and to_position > $2 and active and not service
         order by account limit $3",
        &keys,
        at,
        i64::try_from(MAX_RECIPIENTS).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await
}
