//! Who acts.

use crate::ids::AccountId;
use serde::{Deserialize, Serialize};

/// What an account may do; one role per account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Runs the red team: judges the red side.
    RedLead,
    /// Runs the blue team: judges the blue side.
    BlueLead,
    /// Attacks.
    RedTech,
    /// Detects.
    BlueTech,
    /// Reads.
    Viewer,
}

impl Role {
    /// Every role, most powerful first.
    pub const ALL: [Self; 6] =
        [Self::Admin, Self::RedLead, Self::BlueLead, Self::RedTech, Self::BlueTech, Self::Viewer];

    /// The role as stored and as settings write it, `red_lead`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::RedLead => "red_lead",
            Self::BlueLead => "blue_lead",
            Self::RedTech => "red_tech",
            Self::BlueTech => "blue_tech",
            Self::Viewer => "viewer",
        }
    }

    /// The role of that stored name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// The account a command comes from, in the role it holds at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// Its role when it acted.
    pub role: Role,
}

impl Actor {
    /// The machine acting by itself.
    pub const SYSTEM: Self = Self { account: AccountId::SYSTEM, role: Role::Admin };
}
