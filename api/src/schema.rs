//! The schema: one object per family, merged; limits and permissions around it.

use crate::access_policy::{AccessPolicyMutation, AccessPolicyQuery};
use crate::accounts::{
    AccountMutation, AccountQuery, ErasureMutation, KeysOf, ProfileMutation, ServiceAccountMutation,
    ServiceAccountQuery,
};
use crate::audit::AuditQuery;
use crate::campaign_commands::{CampaignCloneMutation, CampaignMutation};
use crate::campaigns::{
    Campaign, CampaignComparisonQuery, CampaignQuery, CampaignTests, CampaignsById, CampaignsOfTests,
    DomainCampaigns, ProgressOfCampaigns, TestsById, campaign_at,
};
use crate::comments::{CommentMutation, CommentQuery};
use crate::context::{Services, Viewer};
use crate::data_sources::{DataSourceMutation, DataSourceQuery};
use crate::error::ApiError;
use crate::events::EventSubscription;
use crate::evidence::{Evidence, EvidenceMutation, EvidenceQuery, evidence_at};
use crate::graphql_http::TransportGuard;
use crate::jobs::{Job, JobMutation, JobQuery, JobSubscription, job_by_id};
use crate::knowledge::{
    ActorsUsing, Coverages, Heatmaps, KnowledgeQuery, SoftwareUsing, SubTechniques, Tactics, Technique,
    Techniques, TechniquesUsed, technique_by_id,
};
use crate::notifications::preferences::{NotificationPreferenceMutation, NotificationPreferenceQuery};
use crate::notifications::subject::Titles;
use crate::notifications::{NotificationMutation, NotificationQuery, NotificationSubscription};
use crate::page::any_id;
use crate::people::{Accounts, User};
use crate::permissions::{self, Kind, Permissions};
use crate::remediation_commands::RemediationMutation;
use crate::remediations::{
    CompletionsOf, DomainRemediations, Remediation, RemediationQuery, RemediationsById, RemediationsOfTests,
    remediation_at,
};
use crate::review_policy::{ReviewPolicyMutation, ReviewPolicyQuery};
use crate::saved_filters::{SavedFilterMutation, SavedFilterQuery};
use crate::second_factor::{SecondFactorMutation, SecondFactorQuery};
use crate::session::{SessionListMutation, SessionListQuery, SessionMutation, SessionQuery};
use crate::single_sign_on::SingleSignOnQuery;
use crate::system::SystemQuery;
use crate::template_commands::TemplateMutation;
use crate::template_drafts::TemplateDraftMutation;
use crate::templates::{TemplateQuery, TemplateUses, TemplatesById, TestTemplate, template_at};
use crate::test_commands::TestMutation;
use crate::test_upkeep::TestUpkeepMutation;
use crate::tests::{DomainTests, RetestsOf, Rounds, TechniqueTests, Test, TestQuery, test_at};
use crate::timeline::Histories;
use crate::webhooks::WebhookQuery;
use crate::webhooks::commands::WebhookMutation;
use aegis_projections::accounts;
use aegis_projections::campaigns::CampaignKey;
use aegis_projections::tests::TestKey;
use async_graphql::dataloader::DataLoader;
use async_graphql::{
    Context, ID, Interface, MergedObject, MergedSubscription, Object, Schema, SchemaBuilder,
};

/// Complexity of a query at most: what a page of everything costs, with room.
const MAX_COMPLEXITY: usize = 20_000;

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
pub enum Node {
    /// A test.
    Test(Box<Test>),
    /// A technique.
    Technique(Technique),
    /// A campaign.
    Campaign(Box<Campaign>),
    /// A job.
    Job(Box<Job>),
    /// An account.
    User(Box<User>),
    /// A template.
    TestTemplate(Box<TestTemplate>),
    /// A remediation.
    Remediation(Box<Remediation>),
    /// A file of evidence.
    Evidence(Box<Evidence>),
}

#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything by its id; null for what does not exist or may not be seen.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Node>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let Some((kind, local)) = any_id(&id) else {
            return Ok(None);
        };
        // What has a field of its own is seen by whoever may use that field.
        let may = |field| permissions::check(Kind::Query, field, ctx.data_unchecked::<Viewer>()).is_ok();
        let at = services.tide.position();
        Ok(match (kind.as_str(), local.parse::<uuid::Uuid>()) {
            ("Test", Ok(id)) => {
                test_at(ctx, TestKey::Id(id), at).await?.map(|test| Node::Test(Box::new(test)))
            }
            ("Campaign", Ok(id)) => campaign_at(ctx, CampaignKey::Id(id), at)
                .await?
                .map(|campaign| Node::Campaign(Box::new(campaign))),
            ("Job", Ok(id)) if may("job") => job_by_id(ctx, id).await?.map(|job| Node::Job(Box::new(job))),
            ("User", Ok(id)) if may("users") => {
                accounts::by_id(&services.pool, id).await?.map(|account| Node::User(Box::new(User(account))))
            }
            ("TestTemplate", Ok(id)) => {
                template_at(ctx, id, at).await?.map(|template| Node::TestTemplate(Box::new(template)))
            }
            ("Remediation", Ok(id)) => {
                remediation_at(ctx, id, at).await?.map(|held| Node::Remediation(Box::new(held)))
            }
            ("Evidence", _) => {
                evidence_at(ctx, &id, at).await?.map(|evidence| Node::Evidence(Box::new(evidence)))
            }
            ("Technique", _) => {
                technique_by_id(ctx, services.release(at).await?, &local, at).await?.map(Node::Technique)
            }
            _ => None,
        })
    }
}

/// What can be read of people and programs and how they get in. Apart, since merging nests the types of its parts.
#[derive(MergedObject, Default)]
pub struct PeopleQuery(
    SessionQuery,
    SessionListQuery,
    SecondFactorQuery,
    AccessPolicyQuery,
    AccountQuery,
    ServiceAccountQuery,
    SingleSignOnQuery,
);

/// What can be done about people and programs and how they get in.
#[derive(MergedObject, Default)]
pub struct PeopleMutation(
    SessionMutation,
    SessionListMutation,
    SecondFactorMutation,
    ProfileMutation,
    AccessPolicyMutation,
    AccountMutation,
    ServiceAccountMutation,
    ErasureMutation,
);

/// What can be read of sources and of the jobs that take them in.
#[derive(MergedObject, Default)]
pub struct SourceQuery(DataSourceQuery, JobQuery);

/// What can be done about them.
#[derive(MergedObject, Default)]
pub struct SourceMutation(DataSourceMutation, JobMutation);

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    PeopleQuery,
    NodeQuery,
    KnowledgeQuery,
    TestQuery,
    TemplateQuery,
    RemediationQuery,
    EvidenceQuery,
    CommentQuery,
    ReviewPolicyQuery,
    SavedFilterQuery,
    NotificationQuery,
    NotificationPreferenceQuery,
    WebhookQuery,
    SourceQuery,
    SystemQuery,
    CampaignQuery,
    CampaignComparisonQuery,
    AuditQuery,
);

/// Everything that can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(
    PeopleMutation,
    TestMutation,
    TemplateMutation,
    TemplateDraftMutation,
    RemediationMutation,
    TestUpkeepMutation,
    EvidenceMutation,
    CommentMutation,
    ReviewPolicyMutation,
    SavedFilterMutation,
    NotificationMutation,
    NotificationPreferenceMutation,
    WebhookMutation,
    SourceMutation,
    CampaignMutation,
    CampaignCloneMutation,
);

/// Everything that can be watched.
#[derive(MergedSubscription, Default)]
pub struct Subscription(EventSubscription, JobSubscription, NotificationSubscription);

/// The schema.
pub type AegisSchema = Schema<Query, Mutation, Subscription>;

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
}

/// The schema over running services. Introspection is off in production.
pub fn build(services: Services, limits: &crate::graphql_http::Limits, introspection: bool) -> AegisSchema {
    let pool = services.pool.clone();
    let schema = builder()
        .limit_complexity(MAX_COMPLEXITY)
        .extension(TransportGuard::new(limits.clone()))
        .extension(Permissions)
        .data(DataLoader::new(Accounts(pool.clone()), tokio::spawn))
        .data(DataLoader::new(KeysOf(pool.clone()), tokio::spawn))
        .data(DataLoader::new(Techniques(pool.clone()), tokio::spawn))
        .data(DataLoader::new(Tactics(pool.clone()), tokio::spawn))
        .data(DataLoader::new(Coverages(pool.clone()), tokio::spawn))
        .data(DataLoader::new(Heatmaps(pool.clone()), tokio::spawn))
        .data(DataLoader::new(SubTechniques(pool.clone()), tokio::spawn))
        .data(DataLoader::new(ActorsUsing(pool.clone()), tokio::spawn))
        .data(DataLoader::new(SoftwareUsing(pool.clone()), tokio::spawn))
        .data(DataLoader::new(TechniquesUsed(pool.clone()), tokio::spawn))
        .data(DataLoader::new(TechniqueTests(pool.clone()), tokio::spawn))
        .data(DataLoader::new(Rounds(pool.clone()), tokio::spawn))
        .data(DataLoader::new(TestsById(pool.clone()), tokio::spawn))
        .data(DataLoader::new(RetestsOf(pool.clone()), tokio::spawn))
        .data(DataLoader::new(TemplatesById(pool.clone()), tokio::spawn))
        .data(DataLoader::new(TemplateUses(pool.clone()), tokio::spawn))
        .data(DataLoader::new(RemediationsById(pool.clone()), tokio::spawn))
        .data(DataLoader::new(RemediationsOfTests(pool.clone()), tokio::spawn))
        .data(DataLoader::new(CompletionsOf(pool.clone()), tokio::spawn))
        .data(DataLoader::new(CampaignsById(pool.clone()), tokio::spawn))
        .data(DataLoader::new(CampaignTests(pool.clone()), tokio::spawn))
        .data(DataLoader::new(ProgressOfCampaigns(pool.clone()), tokio::spawn))
        .data(DataLoader::new(CampaignsOfTests(pool.clone()), tokio::spawn))
        .data(DataLoader::new(DomainCampaigns(services.store.clone()), tokio::spawn))
        .data(DataLoader::new(Titles(pool.clone()), tokio::spawn))
        .data(DataLoader::new(Histories(pool), tokio::spawn))
        .data(DataLoader::new(DomainTests(services.store.clone()), tokio::spawn))
        .data(DataLoader::new(DomainRemediations(services.store.clone()), tokio::spawn))
        .data(services);
    // "Did you mean" tells what introspection would.
    if introspection {
        schema.finish()
    } else {
        schema.disable_introspection().disable_suggestions().finish()
    }
}

/// The schema as text: what `schema.graphql` holds.
pub fn sdl() -> String {
    let options =
        async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    builder().finish().sdl_with_options(options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
    use std::collections::BTreeSet;

    /// The fields of a root, out of the schema itself.
    fn fields(root: &str) -> BTreeSet<String> {
        let document = async_graphql::parser::parse_schema(sdl()).expect("our own schema parses");
        document
            .definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(definition) if definition.node.name.node == root => {
                    match definition.node.kind {
                        TypeKind::Object(object) => Some(object.fields),
                        _ => None,
                    }
                }
                _ => None,
            })
            .flatten()
            .map(|field| field.node.name.node.to_string())
            .collect()
    }

    #[test]
    fn every_operation_is_in_the_permission_table() {
        for (root, kind) in
            [("Query", Kind::Query), ("Mutation", Kind::Mutation), ("Subscription", Kind::Subscription)]
        {
            let listed: BTreeSet<String> = permissions::OPERATIONS
                .iter()
                .filter(|operation| operation.kind == kind)
                .map(|operation| operation.name.to_owned())
                .collect();
            assert_eq!(fields(root), listed, "{root} and the permission table name the same fields");
        }
    }

    /// `AEGIS_WRITE_SCHEMA=1 cargo test -p aegis-api schema` writes it anew.
    #[test]
    fn the_committed_schema_is_what_the_code_exports() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");
        if std::env::var_os("AEGIS_WRITE_SCHEMA").is_some() {
            std::fs::write(path, sdl()).expect("the repository can be written");
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == sdl(), "schema.graphql is stale: run `make schema`");
    }
}
