//! What people say to each other about a test, a campaign or a remediation.
//!
//! One discussion per subject, apart from the subject itself: talking changes
//! no version that somebody is working on. Names are not in here: a person is
//! mentioned in the text as `<@account id>`, and whoever shows the text puts
//! the present name there.

use crate::actor::{Actor, Role};
use crate::ids::{AccountId, CommentId};
use crate::refusal::{Refusal, RefusalKind};
use crate::text::{self, TextError};
use chrono::{DateTime, Utc};
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use uuid::Uuid;

/// Characters of a comment at most.
pub const TEXT_CHARS: usize = 5_000;
/// People mentioned in one comment at most.
pub const MENTIONS: usize = 20;
/// Comments of one discussion at most.
pub const COMMENTS: usize = 2_000;

/// What is talked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A test.
    Test,
    /// A campaign.
    Campaign,
    /// A remediation.
    Remediation,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Test, Self::Campaign, Self::Remediation];

    /// The kind as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Campaign => "campaign",
            Self::Remediation => "remediation",
        }
    }
}

/// One thing that is talked about; as text, the id of its discussion: `test/<uuid>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Which.
    pub id: Uuid,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.as_str(), self.id)
    }
}

impl Subject {
    /// The subject of a discussion of that id.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('/')?;
        let kind = SubjectKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
        Some(Self { kind, id: id.parse().ok()? })
    }
}

/// A wish about one comment.
#[derive(Debug, Clone, PartialEq)]
pub struct DiscussionCommand {
    /// Who asks.
    pub by: Actor,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// The comment concerned; a new one's id is the server's choice.
    pub comment: CommentId,
    /// What is to be done with it.
    pub action: DiscussionAction,
}

/// What can be done with a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiscussionAction {
    /// Says something.
    Post {
        /// What, with mentions as `<@account id>`.
        text: String,
    },
    /// Says it differently.
    Edit {
        /// How.
        text: String,
    },
    /// Takes it back.
    Retract,
}

/// What was said. Free text stays in the ledger for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiscussionEvent {
    /// Somebody said something.
    CommentPosted {
        /// The comment.
        comment: CommentId,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// What, with mentions as `<@account id>`.
        text: String,
        /// Who is mentioned.
        mentions: BTreeSet<AccountId>,
    },
    /// And put it differently.
    CommentEdited {
        /// The comment.
        comment: CommentId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// What, with mentions as `<@account id>`.
        text: String,
        /// Who is mentioned.
        mentions: BTreeSet<AccountId>,
    },
    /// Or took it back: it is shown no more.
    CommentRetracted {
        /// The comment.
        comment: CommentId,
        /// By whom.
        by: AccountId,
        /// When, by the server's clock.
        at: DateTime<Utc>,
    },
}

impl DomainEvent for DiscussionEvent {
    fn event_type(&self) -> String {
        match self {
            Self::CommentPosted { .. } => "CommentPosted",
            Self::CommentEdited { .. } => "CommentEdited",
            Self::CommentRetracted { .. } => "CommentRetracted",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

/// Why a wish about a comment is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscussionError {
    /// The text is not taken.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It names more people than a comment may.
    #[error("{count} people are mentioned; at most {MENTIONS} are allowed")]
    TooManyMentions {
        /// How many it names.
        count: usize,
    },
    /// There was enough talk.
    #[error("there are {COMMENTS} comments here already, the most there may be")]
    TooManyComments,
    /// The id is taken.
    #[error("the comment exists already")]
    Exists,
    /// There is none of that id.
    #[error("there is no such comment")]
    NoSuchComment,
    /// Words are edited by whoever said them.
    #[error("only its author edits a comment")]
    NotOwnComment,
    /// And taken back by them or an admin.
    #[error("only its author or an admin takes a comment back")]
    NotOwnToRetract,
}

impl Refusal for DiscussionError {
    fn kind(&self) -> RefusalKind {
        match self {
            Self::Text(_) | Self::TooManyMentions { .. } => RefusalKind::InvalidInput,
            Self::TooManyComments
            | Self::Exists
            | Self::NoSuchComment
            | Self::NotOwnComment
            | Self::NotOwnToRetract => RefusalKind::InvalidState,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::TooManyMentions { .. } => Some("text"),
            Self::NoSuchComment | Self::Exists => Some("commentId"),
            Self::TooManyComments | Self::NotOwnComment | Self::NotOwnToRetract => None,
        }
    }
}

/// A discussion as its own events tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discussion {
    /// Those that stand.
    comments: BTreeMap<CommentId, Comment>,
    /// How many were ever said.
    posted: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Comment {
    by: AccountId,
    text: String,
}

impl Discussion {
    fn decide(&self, command: DiscussionCommand) -> Result<Option<DiscussionEvent>, DiscussionError> {
        let DiscussionCommand { by, at, comment, action } = command;
        let held = self.comments.get(&comment);
        match action {
            DiscussionAction::Post { text } => {
                let (text, mentions) = checked(&text)?;
                if held.is_some() {
                    return Err(DiscussionError::Exists);
                }
                if self.posted >= COMMENTS {
                    return Err(DiscussionError::TooManyComments);
                }
                Ok(Some(DiscussionEvent::CommentPosted { comment, by: by.account, at, text, mentions }))
            }
            DiscussionAction::Edit { text } => {
                let held = held.ok_or(DiscussionError::NoSuchComment)?;
                if held.by != by.account {
                    return Err(DiscussionError::NotOwnComment);
                }
                let (text, mentions) = checked(&text)?;
                if held.text == text {
                    return Ok(None);
                }
                Ok(Some(DiscussionEvent::CommentEdited { comment, at, text, mentions }))
            }
            DiscussionAction::Retract => {
                let held = held.ok_or(DiscussionError::NoSuchComment)?;
                if held.by != by.account && by.role != Role::Admin {
                    return Err(DiscussionError::NotOwnToRetract);
                }
                Ok(Some(DiscussionEvent::CommentRetracted { comment, by: by.account, at }))
            }
        }
    }
}

fn checked(text: &str) -> Result<(String, BTreeSet<AccountId>), DiscussionError> {
    let text = text::required("text", text, TEXT_CHARS)?;
    let mentions = mentions(&text);
    if mentions.len() > MENTIONS {
        return Err(DiscussionError::TooManyMentions { count: mentions.len() });
    }
    Ok((text, mentions))
}

/// The people that a text mentions as `<@account id>`.
pub fn mentions(text: &str) -> BTreeSet<AccountId> {
    let ends = text.split("<@").skip(1).filter_map(|rest| rest.split_once('>'));
    ends.filter_map(|(id, _)| id.parse().ok()).collect()
}

impl Aggregate for Discussion {
    const TYPE: &'static str = "discussion";
    type Command = DiscussionCommand;
    type Event = DiscussionEvent;
    type Error = DiscussionError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        _services: &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        if let Some(event) = self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        match event {
            DiscussionEvent::CommentPosted { comment, by, text, .. } => {
                self.posted += 1;
                self.comments.insert(comment, Comment { by, text });
            }
            DiscussionEvent::CommentEdited { comment, text, .. } => {
                if let Some(held) = self.comments.get_mut(&comment) {
                    held.text = text;
                }
            }
            DiscussionEvent::CommentRetracted { comment, .. } => {
                self.comments.remove(&comment);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cqrs_es::test::TestFramework;

    const AUTHOR: Actor = Actor { account: AccountId(Uuid::from_u128(1)), role: Role::BlueTech };
    const OTHER: Actor = Actor { account: AccountId(Uuid::from_u128(2)), role: Role::RedLead };
    const ADMIN: Actor = Actor { account: AccountId(Uuid::from_u128(3)), role: Role::Admin };
    const COMMENT: CommentId = CommentId(Uuid::from_u128(10));

    fn now() -> DateTime<Utc> {
        "2026-03-02T12:00:00Z".parse().expect("an instant")
    }

    fn ask(by: Actor, action: DiscussionAction) -> DiscussionCommand {
        DiscussionCommand { by, at: now(), comment: COMMENT, action }
    }

    fn post(text: &str) -> DiscussionAction {
        DiscussionAction::Post { text: text.to_owned() }
    }

    fn edit(text: &str) -> DiscussionAction {
        DiscussionAction::Edit { text: text.to_owned() }
    }

    fn posted(text: &str) -> DiscussionEvent {
        let mentions = mentions(text);
        DiscussionEvent::CommentPosted {
            comment: COMMENT,
            by: AUTHOR.account,
            at: now(),
            text: text.to_owned(),
            mentions,
        }
    }

    fn given(events: Vec<DiscussionEvent>) -> cqrs_es::test::AggregateTestExecutor<Discussion> {
        TestFramework::with(()).given(events)
    }

    #[test]
    fn a_comment_knows_whom_it_mentions() {
        let text = format!("See <@{}> and <@nobody>, then <@{}", OTHER.account, ADMIN.account);
        given(vec![]).when(ask(AUTHOR, post(&format!("  {text}\n")))).then_expect_events(vec![posted(&text)]);
        assert_eq!(mentions(&text), BTreeSet::from([OTHER.account]));
    }

    #[test]
    fn only_the_author_edits_and_only_once() {
        given(vec![posted("a")])
            .when(ask(OTHER, edit("b")))
            .then_expect_error(DiscussionError::NotOwnComment);
        given(vec![posted("a")])
            .when(ask(ADMIN, edit("b")))
            .then_expect_error(DiscussionError::NotOwnComment);
        given(vec![posted("a")]).when(ask(AUTHOR, edit(" a "))).then_expect_events(vec![]);
        given(vec![posted("a")]).when(ask(AUTHOR, edit("b"))).then_expect_events(vec![
            DiscussionEvent::CommentEdited {
                comment: COMMENT,
                at: now(),
                text: "b".to_owned(),
                mentions: BTreeSet::new(),
            },
        ]);
    }

    #[test]
    fn the_author_or_an_admin_takes_it_back_for_good() {
        let retracted =
            |by: Actor| DiscussionEvent::CommentRetracted { comment: COMMENT, by: by.account, at: now() };
        for by in [AUTHOR, ADMIN] {
            given(vec![posted("a")])
                .when(ask(by, DiscussionAction::Retract))
                .then_expect_events(vec![retracted(by)]);
        }
        given(vec![posted("a")])
            .when(ask(OTHER, DiscussionAction::Retract))
            .then_expect_error(DiscussionError::NotOwnToRetract);
        for action in [edit("b"), DiscussionAction::Retract] {
            given(vec![posted("a"), retracted(ADMIN)])
                .when(ask(AUTHOR, action))
                .then_expect_error(DiscussionError::NoSuchComment);
        }
    }

    #[test]
    fn texts_people_and_comments_have_their_limits() {
        given(vec![])
            .when(ask(AUTHOR, post(" ")))
            .then_expect_error(DiscussionError::Text(TextError::Missing { field: "text" }));
        let crowd: String = (0..=MENTIONS as u128).map(|n| format!("<@{}>", Uuid::from_u128(n))).collect();
        given(vec![])
            .when(ask(AUTHOR, post(&crowd)))
            .then_expect_error(DiscussionError::TooManyMentions { count: MENTIONS + 1 });
        let mut full = Discussion::default();
        for n in 0..COMMENTS as u128 {
            let DiscussionEvent::CommentPosted { by, at, text, mentions, .. } = posted("a") else { continue };
            full.apply(DiscussionEvent::CommentPosted {
                comment: CommentId(Uuid::from_u128(100 + n)),
                by,
                at,
                text,
                mentions,
            });
        }
        assert_eq!(full.decide(ask(AUTHOR, post("a"))), Err(DiscussionError::TooManyComments));
    }

    #[test]
    fn a_subject_reads_as_it_is_written() {
        for kind in SubjectKind::ALL {
            let subject = Subject { kind, id: Uuid::from_u128(7) };
            assert_eq!(Subject::parse(&subject.to_string()), Some(subject));
        }
        assert_eq!(Subject::parse("job/00000000-0000-0000-0000-000000000007"), None);
    }
}
