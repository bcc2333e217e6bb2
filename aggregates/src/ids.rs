//! Identities, each its own type so that one cannot be passed for another.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    };
}

uuid_id!(
    /// A test.
    TestId
);
uuid_id!(
    /// An account of a person, or of the system itself.
    AccountId
);
uuid_id!(
    /// A job, chosen by whoever requests it.
    JobId
);
uuid_id!(
    /// A piece of evidence.
    EvidenceId
);
uuid_id!(
    /// A campaign.
    CampaignId
);
uuid_id!(
    /// A remediation.
    RemediationId
);
uuid_id!(
    /// A step of a remediation.
    StepId
);
uuid_id!(
    /// A template of tests.
    TemplateId
);
uuid_id!(
    /// A comment.
    CommentId
);
uuid_id!(
    /// A key of a service account; not the secret part of it.
    ApiKeyId
);

impl AccountId {
    /// The machine acting by itself: provisioning, imports, schedules.
    pub const SYSTEM: Self = Self(Uuid::nil());
}

/// The STIX id of a technique, `attack-pattern--<uuid>`: stable across
/// renames, moves between tactics and ATT&CK releases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TechniqueId(String);

/// The text is not the STIX id of a technique.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a technique's STIX id (attack-pattern--<uuid>)")]
pub struct NotATechniqueId(pub String);

impl TechniqueId {
    /// Accepts `attack-pattern--<uuid>`, hyphenated, any letter case in the UUID.
    ///
    /// # Errors
    /// [`NotATechniqueId`] for every other text.
    pub fn parse(text: &str) -> Result<Self, NotATechniqueId> {
        text.strip_prefix("attack-pattern--")
            .and_then(|uuid| Uuid::try_parse(uuid).ok())
            .map(|uuid| Self(format!("attack-pattern--{uuid}")))
            .ok_or_else(|| NotATechniqueId(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for TechniqueId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for TechniqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_technique_id_is_a_stix_id() {
        let id = TechniqueId::parse("attack-pattern--0259BAAE-9f63-4c69-bf10-eb038c390688").expect("valid");
        assert_eq!(id.as_str(), "attack-pattern--0259baae-9f63-4c69-bf10-eb038c390688");
        for wrong in ["", "T1059", "malware--0259baae-9f63-4c69-bf10-eb038c390688", "attack-pattern--x"] {
            assert_eq!(TechniqueId::parse(wrong), Err(NotATechniqueId(wrong.to_owned())));
        }
    }
}
