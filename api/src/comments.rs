//! Comments on tests, campaigns and remediations, with mentions of people.
//!
//! A text is sent and shown with `@name`; recorded is the account, never the
//! name, so that a person can be renamed or erased and the record stays whole.

use crate::context::{Services, acting};
use crate::error::ApiError;
use crate::mutation::{self, Written};
use crate::page::{Listed, MAX_PAGE, Page, Window, any_id, global_id, page};
use crate::people::Person;
use aegis_aggregates::discussion::{
    Discussion, DiscussionAction, DiscussionCommand, Subject, SubjectKind, mentions,
};
use aegis_aggregates::ids::CommentId;
use aegis_projections::campaigns::{self, CampaignKey};
use aegis_projections::comments::{self, CommentRecord};
use aegis_projections::{accounts, remediations, tests as read_tests};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Something somebody said.
pub struct Comment {
    record: CommentRecord,
    subject: Subject,
}

#[Object]
impl Comment {
    async fn id(&self) -> ID {
        global_id("Comment", format!("{}/{}", self.subject, self.record.comment_id))
    }
    /// With mentions as `@name`.
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        let mut text = self.record.text.clone();
        for account in mentions(&self.record.text) {
            let name = Person(account.0).handle(ctx).await?;
            text = text.replace(&format!("<@{account}>"), &format!("@{name}"));
        }
        Ok(text)
    }
    /// Who is mentioned.
    async fn mentions(&self) -> Vec<Person> {
        self.record.mentions.iter().copied().map(Person).collect()
    }
    async fn author(&self) -> Person {
        Person(self.record.posted_by)
    }
    async fn posted_at(&self) -> DateTime<Utc> {
        self.record.posted_at
    }
    async fn edited_at(&self) -> Option<DateTime<Utc>> {
        self.record.edited_at
    }
}

/// A new comment. What it says stays in the record for good, also when it is taken back.
#[derive(InputObject, Serialize)]
pub struct PostCommentInput {
    /// A test, a campaign or a remediation.
    subject_id: ID,
    /// At most 5,000 characters; `@name` mentions somebody.
    text: String,
    client_mutation_id: Option<Uuid>,
}

/// Other words for a comment.
#[derive(InputObject, Serialize)]
pub struct EditCommentInput {
    id: ID,
    text: String,
    client_mutation_id: Option<Uuid>,
}

/// A comment to be taken back.
#[derive(InputObject, Serialize)]
pub struct RetractCommentInput {
    id: ID,
    client_mutation_id: Option<Uuid>,
}

mutation::payload!(
    /// The new comment.
    PostCommentPayload { comment: Option<Comment> }
);
mutation::payload!(
    /// The comment as it is now.
    EditCommentPayload { comment: Option<Comment> }
);
mutation::payload!(
    /// Null: it is shown no more.
    RetractCommentPayload { comment: Option<Comment> }
);

#[derive(Default)]
pub struct CommentQuery;

#[Object]
impl CommentQuery {
    /// What is said about a test, a campaign or a remediation, oldest first.
    #[graphql(complexity = "crate::page::weight(first, child_complexity)")]
    async fn comments(
        &self,
        ctx: &Context<'_>,
        subject_id: ID,
        first: Option<i32>,
        after: Option<String>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Page<Comment>, ApiError> {
        let services = ctx.data_unchecked::<Services>();
        let subject = subject_of(&subject_id).ok_or(ApiError::NotFound("subject"))?;
        let at = services.position(as_of).await?;
        let window = Window::<i32>::parse(first, after, MAX_PAGE)?;
        let found = comments::comments(&services.pool, subject, at, window.after, window.limit()).await?;
        let total_count = comments::count(&services.pool, subject, at).await?;
        let found = found.into_iter().map(|record| Comment { record, subject }).collect();
        page(&window, found, Listed::all(total_count, at), |comment| comment.record.number)
    }
}

#[derive(Default)]
pub struct CommentMutation;

#[Object]
impl CommentMutation {
    /// Says something about a test, a campaign or a remediation.
    async fn post_comment(
        &self,
        ctx: &Context<'_>,
        input: PostCommentInput,
    ) -> Result<PostCommentPayload, ApiError> {
        let (services, actor) = acting(ctx)?;
        let subject = subject_of(&input.subject_id).ok_or(ApiError::NotFound("subject"))?;
        if !exists(services, subject).await? {
            return Err(ApiError::NotFound("subject"));
        }
        // The same request makes the same comment.
        let comment = CommentId(match input.client_mutation_id {
            Some(asked) => Uuid::new_v5(&actor.account.0, asked.as_bytes()),
            None => Uuid::now_v7(),
        });
        let action = DiscussionAction::Post { text: with_accounts(services, &input.text).await? };
        let asked = ("postComment", input.client_mutation_id);
        let (written, comment) = said(ctx, subject, comment, action, asked, &input).await?;
        Ok(PostCommentPayload::written(written, comment))
    }

    /// Puts an own comment differently. What it said before stays in the record.
    async fn edit_comment(
        &self,
        ctx: &Context<'_>,
        input: EditCommentInput,
    ) -> Result<EditCommentPayload, ApiError> {
        let (services, _) = acting(ctx)?;
        let (subject, comment) = comment_of(&input.id).ok_or(ApiError::NotFound("comment"))?;
        let action = DiscussionAction::Edit { text: with_accounts(services, &input.text).await? };
        let asked = ("editComment", input.client_mutation_id);
        let (written, comment) = said(ctx, subject, comment, action, asked, &input).await?;
        Ok(EditCommentPayload::written(written, comment))
    }

    /// Takes an own comment back; admins take back any. It is shown no more, and stays in the record.
    async fn retract_comment(
        &self,
        ctx: &Context<'_>,
        input: RetractCommentInput,
    ) -> Result<RetractCommentPayload, ApiError> {
        let (subject, comment) = comment_of(&input.id).ok_or(ApiError::NotFound("comment"))?;
        let asked = ("retractComment", input.client_mutation_id);
        let (written, comment) =
            said(ctx, subject, comment, DiscussionAction::Retract, asked, &input).await?;
        Ok(RetractCommentPayload::written(written, comment))
    }
}

async fn said(
    ctx: &Context<'_>,
    subject: Subject,
    comment: CommentId,
    action: DiscussionAction,
    (kind, client_mutation_id): (&'static str, Option<Uuid>),
    input: &impl Serialize,
) -> Result<(Written, Option<Comment>), ApiError> {
    let (services, by) = acting(ctx)?;
    let command = DiscussionCommand { by, at: Utc::now(), comment, action };
    let id = subject.to_string();
    let written = mutation::execute::<Discussion>(ctx, &id, command, kind, client_mutation_id, input).await?;
    let record = comments::comment(&services.pool, subject, comment.0, services.tide.position()).await?;
    Ok((written, record.map(|record| Comment { record, subject })))
}

/// What an opaque id names, where it can be talked about.
pub(crate) fn subject_of(id: &ID) -> Option<Subject> {
    let (kind, local) = any_id(id)?;
    let kind = match kind.as_str() {
        "Test" => SubjectKind::Test,
        "Campaign" => SubjectKind::Campaign,
        "Remediation" => SubjectKind::Remediation,
        _ => return None,
    };
    Some(Subject { kind, id: local.parse().ok()? })
}

fn comment_of(id: &ID) -> Option<(Subject, CommentId)> {
    let (kind, local) = any_id(id)?;
    let (subject, comment) = local.rsplit_once('/').filter(|_| kind == "Comment")?;
    Some((Subject::parse(subject)?, comment.parse().ok()?))
}

async fn exists(services: &Services, subject: Subject) -> Result<bool, ApiError> {
    let at = services.tide.position();
    Ok(match subject.kind {
        SubjectKind::Test => {
            read_tests::test(&services.pool, read_tests::TestKey::Id(subject.id), at).await?.is_some()
        }
        SubjectKind::Campaign => {
            campaigns::campaign(&services.pool, CampaignKey::Id(subject.id), at).await?.is_some()
        }
        SubjectKind::Remediation => {
            remediations::remediation(&services.pool, subject.id, at).await?.is_some()
        }
    })
}

/// Puts accounts in the place of the names that a text mentions; other words with an @ stay.
async fn with_accounts(services: &Services, text: &str) -> Result<String, ApiError> {
    let names: Vec<String> = named(text).map(str::to_lowercase).take(MENTIONED).collect();
    let known: HashMap<String, Uuid> =
        accounts::by_usernames(&services.pool, &names).await?.into_iter().collect();
    let mut recorded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        recorded.push_str(before);
        let name = name_at(after);
        match known.get(&name.to_lowercase()).filter(|_| !is_word(before)) {
            Some(account) => recorded.push_str(&format!("<@{account}>")),
            None => recorded.push_str(&format!("@{name}")),
        }
        rest = &after[name.len()..];
    }
    recorded.push_str(rest);
    Ok(recorded)
}

/// Names looked up in one text at most.
const MENTIONED: usize = 200;

fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('@').skip(1).map(name_at).filter(|name| !name.is_empty())
}

/// The user name that a text begins with; a dot at its end is the sentence's.
fn name_at(text: &str) -> &str {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')))
        .unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}

/// Whether an @ and this user name mention its account.
pub(crate) fn can_be_mentioned(username: &str) -> bool {
    !username.is_empty() && name_at(username) == username
}

/// Whether a text ends within a word, as before the @ of a mail address.
fn is_word(text: &str) -> bool {
    text.chars().next_back().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_they_end() {
        let found: Vec<_> = named("@ann, see a@example.org. (@bob.b) and @Carl.").collect();
        assert_eq!(found, ["ann", "example.org", "bob.b", "Carl"]);
        assert!(is_word("see a") && !is_word("see "));
    }

    #[test]
    fn a_mail_address_is_no_name_to_mention() {
        assert!(can_be_mentioned("bob.b-1_x"));
        assert!(!can_be_mentioned("bob@example.org") && !can_be_mentioned("bob.") && !can_be_mentioned(""));
    }
}
