//! The general fields of a campaign.

use super::command::limits;
use crate::ids::AccountId;
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What sort of exercise it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignKind {
    /// Put together by hand, for its own purpose.
    Custom,
    /// Follows what a threat actor is known to do.
    ThreatActor,
    /// Both teams at one table, test by test.
    PurpleTeam,
    /// The attackers' exercise.
    RedTeam,
    /// The defenders' exercise.
    BlueTeam,
    /// Talked through, not carried out.
    Tabletop,
}

impl CampaignKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Custom, Self::ThreatActor, Self::PurpleTeam, Self::RedTeam, Self::BlueTeam, Self::Tabletop];

    /// The kind as stored, `purple_team`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Custom => "custom",
            Self::ThreatActor => "threat_actor",
            Self::PurpleTeam => "purple_team",
            Self::RedTeam => "red_team",
            Self::BlueTeam => "blue_team",
            Self::Tabletop => "tabletop",
        }
    }
}

/// The general fields. Free text stays in the ledger for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// One line.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// What sort of exercise it is.
    pub kind: CampaignKind,
    /// What is to be found out.
    pub objective: String,
    /// The first day.
    pub starts_on: Option<NaiveDate>,
    /// The last day; not before the first.
    pub ends_on: Option<NaiveDate>,
    /// Words to find it by.
    pub tags: BTreeSet<String>,
    /// Who answers for it.
    pub owner: Option<AccountId>,
}

impl Plan {
    /// The plan of a run that was due at a local time: the name carries the day, it starts that
    /// day, and it takes as many days as the plan it is made from.
    pub fn for_run(&self, due: NaiveDateTime) -> Self {
        let day = due.date();
        let ends_on = match (self.starts_on, self.ends_on) {
            (Some(starts_on), Some(ends_on)) => day.checked_add_signed(ends_on - starts_on),
            (None, _) | (_, None) => None,
        };
        Self {
            name: named(&self.name, &format!(" ({day})")),
            starts_on: Some(day),
            // A plan may span more days than the calendar has left.
            ends_on: ends_on.filter(|ends_on| ends_on.year() <= 9999),
            ..self.clone()
        }
    }

    /// The plan of a copy made by hand, not yet given days.
    pub fn for_clone(&self) -> Self {
        Self { name: named(&self.name, " (copy)"), starts_on: None, ends_on: None, ..self.clone() }
    }
}

/// A name with something after it, shortened where both do not fit.
fn named(name: &str, suffix: &str) -> String {
    let room = limits::SHORT_TEXT_CHARS.saturating_sub(suffix.chars().count());
    let kept: String = name.chars().take(room).collect();
    format!("{}{suffix}", kept.trim_end())
}
