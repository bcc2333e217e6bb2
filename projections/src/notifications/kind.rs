//! What people can be told, and how.

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A test.
    Test,
    /// A campaign.
    Campaign,
    /// A remediation.
    Remediation,
    /// A job.
    Job,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Test, Self::Campaign, Self::Remediation, Self::Job];

    /// The kind as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Campaign => "campaign",
            Self::Remediation => "remediation",
            Self::Job => "job",
        }
    }

    /// The kind of that stored name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// How somebody wants to hear by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailWish {
    /// Not at all.
    Off,
    /// As it happens.
    AtOnce,
    /// Together with the rest of the day, in the morning.
    DailyDigest,
}

impl MailWish {
    /// Every wish.
    pub const ALL: [Self; 3] = [Self::Off, Self::AtOnce, Self::DailyDigest];

    /// The wish as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::AtOnce => "at_once",
            Self::DailyDigest => "daily_digest",
        }
    }

    /// The wish of that stored name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.as_str() == name)
    }
}

/// What people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is told in one sentence below")]
pub enum Kind {
    TestAssigned,
    TestToEvaluate,
    TestInReview,
    TestValidated,
    TestRejected,
    TestDisputed,
    TestReopened,
    RetestDrafted,
    RemediationAssigned,
    RemediationBlocked,
    RemediationReopened,
    RemediationVerified,
    CampaignActivated,
    CampaignCompleted,
    CampaignRunCreated,
    CommentMention,
    CommentPosted,
    JobFailed,
    SyncFinished,
}

impl Kind {
    /// Every kind, in the order in which people see them.
    pub const ALL: [Self; 19] = [
        Self::TestAssigned,
        Self::TestToEvaluate,
        Self::TestInReview,
        Self::TestValidated,
        Self::TestRejected,
        Self::TestDisputed,
        Self::TestReopened,
        Self::RetestDrafted,
        Self::RemediationAssigned,
        Self::RemediationBlocked,
        Self::RemediationReopened,
        Self::RemediationVerified,
        Self::CampaignActivated,
        Self::CampaignCompleted,
        Self::CampaignRunCreated,
        Self::CommentMention,
        Self::CommentPosted,
        Self::JobFailed,
        Self::SyncFinished,
    ];

    /// The kind as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TestAssigned => "test_assigned",
            Self::TestToEvaluate => "test_to_evaluate",
            Self::TestInReview => "test_in_review",
            Self::TestValidated => "test_validated",
            Self::TestRejected => "test_rejected",
            Self::TestDisputed => "test_disputed",
            Self::TestReopened => "test_reopened",
            Self::RetestDrafted => "retest_drafted",
            Self::RemediationAssigned => "remediation_assigned",
            Self::RemediationBlocked => "remediation_blocked",
            Self::RemediationReopened => "remediation_reopened",
            Self::RemediationVerified => "remediation_verified",
            Self::CampaignActivated => "campaign_activated",
            Self::CampaignCompleted => "campaign_completed",
            Self::CampaignRunCreated => "campaign_run_created",
            Self::CommentMention => "comment_mention",
            Self::CommentPosted => "comment_posted",
            Self::JobFailed => "job_failed",
            Self::SyncFinished => "sync_finished",
        }
    }

    /// The kind of that stored name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// How it is told by mail to somebody who has not said: at once what is for them alone, or stops work.
    pub fn mail_unasked(self) -> MailWish {
        match self {
            Self::TestAssigned
            | Self::TestDisputed
            | Self::RemediationAssigned
            | Self::CommentMention
            | Self::JobFailed => MailWish::AtOnce,
            Self::TestToEvaluate
            | Self::TestInReview
            | Self::TestValidated
            | Self::TestRejected
            | Self::TestReopened
            | Self::RetestDrafted
            | Self::RemediationBlocked
            | Self::RemediationReopened
            | Self::RemediationVerified
            | Self::CampaignActivated
            | Self::CampaignCompleted
            | Self::CampaignRunCreated
            | Self::CommentPosted
            | Self::SyncFinished => MailWish::DailyDigest,
        }
    }

    /// What happened, in a sentence without names and titles.
    pub fn sentence(self, subject: SubjectKind, number: Option<i64>) -> String {
        let called = match number {
            Some(number) => format!("{} #{number}", subject.as_str()),
            None => format!("a {}", subject.as_str()),
        };
        let text = match self {
            Self::TestAssigned | Self::RemediationAssigned => format!("{called} is assigned to you"),
            Self::TestToEvaluate => format!("{called} is ready for blue"),
            Self::TestInReview => format!("{called} waits for the votes of both leads"),
            Self::TestValidated => format!("{called} is validated"),
            Self::TestRejected => format!("{called} was rejected"),
            Self::TestDisputed => format!("{called} is disputed"),
            Self::TestReopened => format!("{called} was reopened"),
            Self::RetestDrafted => format!("{called} is drafted as a retest"),
            Self::RemediationBlocked => format!("{called} is blocked"),
            Self::RemediationReopened => format!("{called} is to be worked on again"),
            Self::RemediationVerified => format!("{called} is verified"),
            Self::CampaignActivated => format!("{called} has begun"),
            Self::CampaignCompleted => format!("{called} is completed"),
            Self::CampaignRunCreated => format!("{called} is a new run of its schedule"),
            Self::CommentMention => format!("you are mentioned at {called}"),
            Self::CommentPosted => format!("there is a comment on {called}"),
            Self::JobFailed => format!("{called} has failed"),
            Self::SyncFinished => "an import is finished".to_owned(),
        };
        let mut letters = text.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name_and_says_something_of_its_own() {
        let mut said = std::collections::BTreeSet::new();
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
            said.insert(kind.sentence(SubjectKind::Test, Some(7)));
        }
        // Being assigned is the same for a test and a remediation.
        assert_eq!(said.len(), Kind::ALL.len() - 1, "{said:?}");
        assert_eq!(
            Kind::CommentMention.sentence(SubjectKind::Campaign, Some(2)),
            "You are mentioned at campaign #2"
        );
        assert_eq!(Kind::JobFailed.sentence(SubjectKind::Job, None), "A job has failed");
        assert_eq!(Kind::parse("test"), None);
        assert!(SubjectKind::ALL.into_iter().all(|kind| SubjectKind::parse(kind.as_str()) == Some(kind)));
        assert!(MailWish::ALL.into_iter().all(|wish| MailWish::parse(wish.as_str()) == Some(wish)));
    }
}
