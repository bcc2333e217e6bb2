//! Passwords: what a good one is, hashing (Argon2id) and generating.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};
use zxcvbn::{Score, zxcvbn};

/// Characters of a password at least.
pub const MIN_CHARS: usize = 12;
/// Characters of a password at most: hashing longer ones costs without adding.
pub const MAX_CHARS: usize = 256;
/// Characters that are held against lists of common words: the time it takes grows with their square.
const JUDGED_CHARS: usize = 100;
/// Characters of a generated password.
const GENERATED_CHARS: usize = 20;

const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWER: &[u8] = b"abcdefghijkmnopqrstuvwxyz";
const DIGITS: &[u8] = b"23456789";
const SPECIAL: &[u8] = b"-_.+=%@";

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("a password needs at least {MIN_CHARS} characters")]
    TooShort,
    /// Too long.
    #[error("a password has at most {MAX_CHARS} characters")]
    TooLong,
    /// A kind of character is missing.
    #[error("a password needs an upper-case letter, a lower-case letter, a digit and a special character")]
    TooPlain,
    /// It is among the first that are tried.
    #[error("this password is easily guessed: it is made of common words, names, dates or rows of keys")]
    Common,
    /// It contains the user name.
    #[error("a password must not contain the user name")]
    ContainsName,
}

/// Holds a password against the rules.
///
/// # Errors
/// The rule it breaks.
pub fn check(password: &str, username: &str) -> Result<(), PasswordError> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Err(PasswordError::TooShort);
    }
    if chars > MAX_CHARS {
        return Err(PasswordError::TooLong);
    }
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    let special = has(|c| !c.is_alphanumeric() && !c.is_whitespace());
    if !(has(char::is_uppercase) && has(char::is_lowercase) && has(|c| c.is_ascii_digit()) && special) {
        return Err(PasswordError::TooPlain);
    }
    if username.len() >= 3 && password.to_lowercase().contains(&username.to_lowercase()) {
        return Err(PasswordError::ContainsName);
    }
    let start: String = password.chars().take(JUDGED_CHARS).collect();
    if zxcvbn(&start, &[username, "aegis"]).score() < Score::Three {
        return Err(PasswordError::Common);
    }
    Ok(())
}

/// A password that keeps the rules, for its first use only.
pub fn generate() -> String {
    let mut rng = rand::rng();
    let all = [UPPER, LOWER, DIGITS, SPECIAL].concat();
    let mut chars: Vec<u8> =
        [UPPER, LOWER, DIGITS, SPECIAL].iter().filter_map(|kind| kind.choose(&mut rng).copied()).collect();
    while chars.len() < GENERATED_CHARS {
        chars.push(all[rng.random_range(0..all.len())]);
    }
    chars.shuffle(&mut rng);
    chars.into_iter().map(char::from).collect()
}

/// 256 random bits in hex, for signing.
pub fn random_key() -> String {
    hex::encode(rand::rng().random::<[u8; 32]>())
}

/// Hashing failed for want of memory or randomness.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(String);

/// Hashes a password, away from the threads that answer requests.
///
/// # Errors
/// [`HashError`].
pub async fn hash(password: String) -> Result<String, HashError> {
    run(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| HashError(error.to_string()))
    })
    .await?
}

/// Whether a password belongs to a hash. Without a hash the work is done all
/// the same, so that an unknown name takes as long as a wrong password.
///
/// # Errors
/// [`HashError`].
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, HashError> {
    run(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let parsed = PasswordHash::new(&hash).map_err(|error| HashError(error.to_string()))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await?
}

/// The hash of a password nobody has, with the parameters of all others.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keS0xMg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| HashError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_those_of_the_policy() {
        assert_eq!(check("Short-1a", "alice"), Err(PasswordError::TooShort));
        assert_eq!(check(&format!("Aa1-{}", "x".repeat(300)), "alice"), Err(PasswordError::TooLong));
        for plain in ["alllowercase-1", "ALLUPPERCASE-1", "NoDigitsHere-x", "NoSpecials1234"] {
            assert_eq!(check(plain, "alice"), Err(PasswordError::TooPlain), "{plain}");
        }
        assert_eq!(check("xAlicexx-12345", "alice"), Err(PasswordError::ContainsName));
        for common in ["Password1234!", "Qwerty123456!", "P@ssw0rd1234", "Aegis-Aegis-1"] {
            assert_eq!(check(common, "alice"), Err(PasswordError::Common), "{common}");
        }
        assert_eq!(check("Correct-Horse-9", "alice"), Ok(()));
    }

    #[test]
    fn a_generated_password_keeps_the_rules() {
        for _ in 0..200 {
            assert_eq!(check(&generate(), "admin"), Ok(()));
        }
    }

    #[tokio::test]
    async fn a_hash_knows_its_password() {
        let hashed = hash("Correct-Horse-9".to_owned()).await.expect("hashes");
        assert!(hashed.starts_with("$argon2id$"));
        assert!(verify("Correct-Horse-9".to_owned(), Some(hashed.clone())).await.expect("verifies"));
        assert!(!verify("Correct-Horse-8".to_owned(), Some(hashed)).await.expect("verifies"));
        assert!(!verify("anything".to_owned(), None).await.expect("the stand-in hash parses"));
    }
}
