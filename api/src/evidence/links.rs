//! Links to files that carry their own permission, for a while.
//!
//! A link is a token of its own audience: it opens one file for one purpose,
//! and is no session; nor does a session's token open a file.

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a link to put a file lasts.
pub const UPLOAD_VALID: Duration = Duration::minutes(15);
/// A link to get a file lasts this long at least, and twice as long at most: links made within it are
/// the same, so that a browser that has the file does not fetch it again.
pub const DOWNLOAD_VALID: Duration = Duration::minutes(5);

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Putting the file.
    Upload,
    /// Getting it.
    Download,
}

impl Purpose {
    fn audience(self) -> &'static str {
        match self {
            Self::Upload => "aegis/evidence-upload",
            Self::Download => "aegis/evidence-download",
        }
    }
}

/// Signs and reads links.
pub struct Links {
    encode: EncodingKey,
    decode: DecodingKey,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// The file.
    sub: Uuid,
    /// The test it belongs to.
    test: Uuid,
    exp: i64,
    aud: String,
}

/// A link, and when it ends.
pub struct Link {
    /// Path and query.
    pub url: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Links {
    /// `secret` signs.
    pub fn new(secret: &[u8]) -> Self {
        Self { encode: EncodingKey::from_secret(secret), decode: DecodingKey::from_secret(secret) }
    }

    /// A link to one file.
    ///
    /// # Errors
    /// Signing failed.
    pub fn sign(
        &self,
        purpose: Purpose,
        test: Uuid,
        evidence: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Link, jsonwebtoken::errors::Error> {
        let exp = match purpose {
            Purpose::Upload => (now + UPLOAD_VALID).timestamp(),
            Purpose::Download => {
                let span = DOWNLOAD_VALID.num_seconds();
                (now.timestamp() / span + 2) * span
            }
        };
        let claims = Claims { sub: evidence, test, exp, aud: purpose.audience().to_owned() };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encode)?;
        let expires_at = DateTime::from_timestamp(exp, 0).unwrap_or(now);
        Ok(Link { url: format!("/evidence/{test}/{evidence}?token={token}"), expires_at })
    }

    /// Whether a token opens that file for that purpose now.
    pub fn opens(&self, purpose: Purpose, test: Uuid, evidence: Uuid, token: &str) -> bool {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[purpose.audience()]);
        validation.set_required_spec_claims(&["exp", "sub", "aud"]);
        validation.leeway = 0;
        jsonwebtoken::decode::<Claims>(token, &self.decode, &validation)
            .is_ok_and(|found| (found.claims.test, found.claims.sub) == (test, evidence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(link: &Link) -> &str {
        link.url.split_once("token=").map_or("", |(_, token)| token)
    }

    #[test]
    fn a_link_opens_one_file_for_one_purpose_for_a_while() {
        let links = Links::new(&[7; 32]);
        let (test, evidence, other) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let now = Utc::now();
        let link = links.sign(Purpose::Upload, test, evidence, now).expect("signed");
        let opens = |purpose, test, evidence| links.opens(purpose, test, evidence, token(&link));
        assert!(opens(Purpose::Upload, test, evidence));
        assert!(!opens(Purpose::Download, test, evidence));
        assert!(!opens(Purpose::Upload, other, evidence));
        assert!(!opens(Purpose::Upload, test, other));
        assert!(!Links::new(&[8; 32]).opens(Purpose::Upload, test, evidence, token(&link)));
        let long_ago = now - UPLOAD_VALID - Duration::seconds(1);
        let old = links.sign(Purpose::Upload, test, evidence, long_ago).expect("signed");
        assert!(!links.opens(Purpose::Upload, test, evidence, token(&old)));
        assert!(!links.opens(Purpose::Upload, test, evidence, "x.y.z"));
    }

    #[test]
    fn links_to_get_a_file_stay_the_same_for_a_while() {
        let links = Links::new(&[7; 32]);
        let (test, evidence) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let at = |second| {
            let now = DateTime::from_timestamp(3_000 + second, 0).expect("an instant");
            links.sign(Purpose::Download, test, evidence, now).expect("signed")
        };
        assert_eq!(at(0).url, at(299).url);
        assert_ne!(at(0).url, at(300).url);
        let left = |second| at(second).expires_at.timestamp() - 3_000 - second;
        assert_eq!((left(0), left(299)), (600, 301));
    }
}
