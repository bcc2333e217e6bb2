//! A small model of a campaign: plain lists, and due times counted one week after
//! another. It knows nothing of the aggregate but its words.

use super::*;
use chrono::TimeDelta;

/// A campaign as docs/CAMPAIGNS.md tells it.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) exists: bool,
    pub(super) state: CampaignState,
    /// Who waits for whom.
    pub(super) links: Vec<(TestId, Vec<TestId>)>,
    name: String,
    creator: Option<AccountId>,
    /// The first due time, when it was set, by whom, and whether only the latest missed run counts.
    schedule: Option<(NaiveDateTime, DateTime<Utc>, bool)>,
    /// The runs that were recorded.
    pub(super) runs: Vec<NaiveDateTime>,
    /// The last week that was recorded or skipped.
    seen: Option<NaiveDateTime>,
}

impl Model {
    /// What the model makes of a wish: how many events there should be, `None` for a refusal.
    pub(super) fn follow(&mut self, command: &CampaignCommand) -> Option<usize> {
        if let CampaignAction::Create { plan, tests, .. } = &command.action {
            let links = list(tests);
            if self.exists || !is_sound(&links) {
                return None;
            }
            *self = Self {
                exists: true,
                links,
                name: plan.name.clone(),
                creator: Some(command.by.account),
                ..Self::default()
            };
            return Some(1);
        }
        if !self.exists {
            return None;
        }
        let own = command.by.role == Role::Admin || self.creator == Some(command.by.account);
        let draft = self.state == CampaignState::Draft;
        match &command.action {
            CampaignAction::Create { .. } => None,
            CampaignAction::Revise(revision) if own && draft => {
                let name = revision.name.clone().unwrap_or_else(|| self.name.clone());
                let changed = usize::from(name != self.name);
                self.name = name;
                Some(changed)
            }
            CampaignAction::AddTests(tests) if own && draft => self.add(list(tests)),
            CampaignAction::ReviseTest(revision) if own && draft => {
                self.place_of(revision.test)?;
                let needed: Vec<TestId> = revision.depends_on.iter().flatten().copied().collect();
                let mut links = self.links.clone();
                links.retain(|(test, _)| *test != revision.test);
                links.push((revision.test, needed));
                let changed = sorted(&links) != sorted(&self.links);
                is_sound(&links).then(|| self.links = links).map(|()| usize::from(changed))
            }
            CampaignAction::RemoveTest { test } if own && draft => {
                self.place_of(*test)?;
                let needed = self.links.iter().any(|(_, needed)| needed.contains(test));
                let last = self.schedule.is_some() && self.links.len() == 1;
                if needed || last {
                    return None;
                }
                self.links.retain(|(other, _)| other != test);
                Some(1)
            }
            CampaignAction::Schedule(schedule)
                if own && self.state != CampaignState::Archived && !self.links.is_empty() =>
            {
                let latest_only = schedule.missed == MissedRuns::LatestOnly;
                let same = self
                    .schedule
                    .is_some_and(|(first, _, latest)| (first, latest) == (schedule.first, latest_only));
                if !same && self.is_due(command.at) {
                    return None;
                }
                if !same {
                    self.schedule = Some((schedule.first, command.at, latest_only));
                }
                Some(usize::from(!same))
            }
            CampaignAction::Unschedule if own && self.state != CampaignState::Archived => {
                if self.is_due(command.at) {
                    return None;
                }
                Some(usize::from(self.schedule.take().is_some()))
            }
            CampaignAction::RecordDueRuns { .. } => Some(self.record(command.at)),
            CampaignAction::Activate { .. } if draft && !self.links.is_empty() => {
                self.moves(CampaignState::Active)
            }
            CampaignAction::Complete if self.state == CampaignState::Active => {
                self.moves(CampaignState::Completed)
            }
            CampaignAction::Archive
                if own
                    && matches!(self.state, CampaignState::Draft | CampaignState::Completed)
                    && !self.is_due(command.at) =>
            {
                self.schedule = None;
                self.moves(CampaignState::Archived)
            }
            _ => None,
        }
    }

    fn moves(&mut self, state: CampaignState) -> Option<usize> {
        self.state = state;
        Some(1)
    }

    fn place_of(&self, test: TestId) -> Option<usize> {
        self.links.iter().position(|(other, _)| *other == test)
    }

    fn add(&mut self, tests: Vec<(TestId, Vec<TestId>)>) -> Option<usize> {
        let mut links = self.links.clone();
        for (test, needed) in tests {
            match self.place_of(test) {
                Some(place) if self.links[place].1 == needed => {}
                Some(_) => return None,
                None => links.push((test, needed)),
            }
        }
        let changed = links.len() != self.links.len();
        if changed && !is_sound(&links) {
            return None;
        }
        self.links = links;
        Some(usize::from(changed))
    }

    fn is_due(&self, at: DateTime<Utc>) -> bool {
        !self.due(at).is_empty()
    }

    fn due(&self, at: DateTime<Utc>) -> Vec<NaiveDateTime> {
        let Some((first, since, _)) = self.schedule else {
            return vec![];
        };
        let mut due = vec![];
        let mut week = first;
        while week.and_utc() <= at {
            if week.and_utc() > since && self.seen.is_none_or(|seen| week > seen) {
                due.push(week);
            }
            week += TimeDelta::days(7);
        }
        due
    }

    fn record(&mut self, at: DateTime<Utc>) -> usize {
        let Some((_, _, latest_only)) = self.schedule else {
            return 0;
        };
        let due = self.due(at);
        self.seen = due.last().copied().or(self.seen);
        match (latest_only, due.len()) {
            (_, 0) => 0,
            (true, 1) | (false, _) => {
                let count = due.len();
                self.runs.extend(due);
                count
            }
            (true, _) => {
                self.runs.extend(self.seen);
                2
            }
        }
    }
}

fn list(tests: &[NewCampaignTest]) -> Vec<(TestId, Vec<TestId>)> {
    tests.iter().map(|test| (test.test, test.depends_on.iter().copied().collect())).collect()
}

pub(super) fn sorted(links: &[(TestId, Vec<TestId>)]) -> Vec<(TestId, Vec<TestId>)> {
    let mut links = links.to_vec();
    links.sort();
    links
}

/// No test twice, no dependency outside, and from no test a way back to it: walked, not sorted.
pub(super) fn is_sound(links: &[(TestId, Vec<TestId>)]) -> bool {
    let twice = links
        .iter()
        .enumerate()
        .any(|(place, (test, _))| links[..place].iter().any(|(other, _)| other == test));
    let needs = |test: &TestId| links.iter().find(|(other, _)| other == test).map(|(_, needed)| needed);
    let inside = links.iter().all(|(_, needed)| needed.iter().all(|test| needs(test).is_some()));
    let returns = |start: &TestId| {
        let mut seen = vec![];
        let mut open: Vec<TestId> = needs(start).cloned().unwrap_or_default();
        while let Some(test) = open.pop() {
            if test == *start {
                return true;
            }
            if !seen.contains(&test) {
                seen.push(test);
                open.extend(needs(&test).into_iter().flatten());
            }
        }
        false
    };
    !twice && inside && !links.iter().any(|(test, _)| returns(test))
}
