//! Where a source is found, and when it is fetched.

use super::KnowledgeError;
use serde::{Deserialize, Serialize};

/// How much of everything settings take.
pub mod limits {
    /// Addresses of a source.
    pub const ADDRESSES: usize = 5;
    /// Characters of an address.
    pub const ADDRESS_CHARS: usize = 2_048;
    /// Hours between two fetches: a year.
    pub const EVERY_HOURS: u32 = 8_784;
}

/// Where a source is found, and when it is fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSettings {
    /// Addresses of the web, tried one after the other.
    pub addresses: Vec<String>,
    /// Hours between two fetches; 0 for only when somebody asks.
    pub every_hours: u32,
    /// Whether it may be fetched at all.
    pub enabled: bool,
}

impl SourceSettings {
    /// The settings tidied up.
    ///
    /// # Errors
    /// The first thing wrong with them.
    pub(super) fn checked(self) -> Result<Self, KnowledgeError> {
        let mut addresses: Vec<String> = vec![];
        for address in self.addresses {
            let address = address.trim().to_owned();
            if address.is_empty() || addresses.contains(&address) {
                continue;
            }
            if !is_web_address(&address) {
                let address = address.chars().take(limits::ADDRESS_CHARS).collect();
                return Err(KnowledgeError::NotAWebAddress { address });
            }
            addresses.push(address);
        }
        if addresses.len() > limits::ADDRESSES {
            return Err(KnowledgeError::TooManyAddresses { count: addresses.len() });
        }
        if self.every_hours > limits::EVERY_HOURS {
            return Err(KnowledgeError::TooRare { hours: self.every_hours });
        }
        Ok(Self { addresses, ..self })
    }
}

/// Whether it names a host, by `http` or `https`, and no more than a host and a path: whoever reads the record reads
/// it too, so it holds no password. Where it leads is judged when it is fetched.
fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty()
        && !host.contains('@')
        && text.chars().count() <= limits::ADDRESS_CHARS
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}
