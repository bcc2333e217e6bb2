//! Time-based one-time passwords as authenticator apps compute them: RFC 6238
//! with HMAC-SHA-1, steps of 30 s and six digits, which is what all of them
//! support.

use chrono::{DateTime, Utc};
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Algorithm, Secret, TOTP};

/// Digits of a code.
const DIGITS: usize = 6;
/// Seconds of a step.
const STEP: u64 = 30;
/// Steps before and after now whose codes are taken: clocks differ, and people type slowly.
const SKEW: i64 = 1;
/// Bytes of a secret: what RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Who the code is for, as apps show it.
const ISSUER: &str = "Aegis";

/// A fresh secret.
pub fn new_secret() -> Vec<u8> {
    rand::random::<[u8; SECRET_BYTES]>().to_vec()
}

/// The secret as people type it.
pub fn base32(secret: &[u8]) -> String {
    match Secret::Raw(secret.to_vec()).to_encoded() {
        Secret::Encoded(text) => text,
        Secret::Raw(_) => String::new(),
    }
}

/// Whether a text can be such a code, or else may be another kind of code.
pub fn looks_like_one(code: &str) -> bool {
    code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// The step whose code this is, where it is one of about now.
pub fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let totp = TOTP::new_unchecked(Algorithm::SHA1, DIGITS, 0, STEP, secret.to_vec());
    let step = now.timestamp() / i64::try_from(STEP).ok()?;
    // All are compared, so that none is told apart by the time it takes.
    let mut found = None;
    for step in step - SKEW..=step + SKEW {
        let time = u64::try_from(step).ok()? * STEP;
        if is_same(totp.generate(time).as_bytes(), code.as_bytes()) {
            found = Some(step);
        }
    }
    found
}

fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The address that apps read, <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>.
pub fn uri(secret: &[u8], username: &str) -> String {
    let account: String = username
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!(
        "otpauth://totp/{ISSUER}:{account}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={STEP}",
        base32(secret)
    )
}

/// A picture of the address.
///
/// # Errors
/// It does not fit into one.
pub fn qr(uri: &str) -> Result<String, qrcode::types::QrError> {
    let code = QrCode::new(uri)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seed of the test vectors in RFC 6238, appendix B; their last six of eight digits.
    const SEED: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(step_of(SEED, code, at(seconds)), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_one_step_before_and_after() {
        let step = 1_111_111_109 / 30;
        for (seconds, found) in [(-60, None), (-30, Some(step)), (30, Some(step)), (60, None)] {
            assert_eq!(step_of(SEED, "081804", at(1_111_111_109 + seconds)), found, "{seconds}");
        }
        assert_eq!(step_of(SEED, "081805", at(1_111_111_109)), None);
        assert_eq!(step_of(SEED, "", at(1_111_111_109)), None);
    }

    #[test]
    fn apps_can_read_the_address() {
        let uri = uri(SEED, "bob@example.com");
        assert!(uri.starts_with("otpauth://totp/Aegis:bob%40example.com?secret=GEZDGNBV"), "{uri}");
        assert!(qr(&uri).expect("fits").contains("<svg"));
    }
}
