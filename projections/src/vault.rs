//! Secrets that must be read back, such as what webhooks are signed with: encrypted where they are kept.
//!
//! The key is derived from `SECRET_KEY`, which is not in the database: whoever
//! has a copy of that reads nothing here. With another `SECRET_KEY` nothing
//! here opens any more, which is told, and each secret has to be made anew.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;
use std::sync::Arc;

/// What the key is derived for; another purpose has another key.
const PURPOSE: &[u8] = b"aegis vault/1";
/// What a sealed secret begins with, so that another way of sealing can follow.
const VERSION: u8 = 1;

/// What the key for hashes of names is derived for.
const NAMES: &[u8] = b"aegis names/1";
/// Hex digits kept of the hash of a name: enough to tell names apart.
const NAME_DIGITS: usize = 32;

/// Encrypts and decrypts secrets, and hashes names. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    secrets: Arc<RandomizedNonceKey>,
    names: Hmac<Sha256>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

/// It was sealed for something else, under another key, or not here at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret does not open; was it kept under another SECRET_KEY?")]
pub struct DoesNotOpen;

impl Vault {
    /// A vault whose key is derived from `SECRET_KEY`.
    ///
    /// # Panics
    /// Never: keys of any length derive one of the right length.
    pub fn new(secret_key: &[u8]) -> Self {
        let derive = |purpose: &[u8]| {
            let mut derived = Hmac::<Sha256>::new_from_slice(secret_key).expect("HMAC takes any key");
            derived.update(purpose);
            derived.finalize().into_bytes()
        };
        let secrets = RandomizedNonceKey::new(&AES_256_GCM, &derive(PURPOSE)).expect("the key has 32 bytes");
        let names = Hmac::new_from_slice(&derive(NAMES)).expect("HMAC takes any key");
        Self { secrets: Arc::new(secrets), names }
    }

    /// Seals a secret. `whose` says what it is for; it opens for nothing else.
    ///
    /// # Panics
    /// The machine has no randomness left to give, or the secret is of gigabytes.
    pub fn seal(&self, whose: &str, secret: &[u8]) -> Vec<u8> {
        let mut sealed = secret.to_vec();
        let nonce = self.secrets.seal_in_place_append_tag(Aad::from(whose.as_bytes()), &mut sealed);
        let nonce = nonce.expect("a short secret and a fresh nonce are taken");
        let mut whole = vec![VERSION];
        whole.extend_from_slice(nonce.as_ref());
        whole.append(&mut sealed);
        whole
    }

    /// Opens what was sealed.
    ///
    /// # Errors
    /// [`DoesNotOpen`].
    pub fn open(&self, whose: &str, sealed: &[u8]) -> Result<Vec<u8>, DoesNotOpen> {
        let rest = sealed.strip_prefix(&[VERSION]).ok_or(DoesNotOpen)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_LEN).ok_or(DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| DoesNotOpen)?;
        let mut opened = sealed.to_vec();
        let secret = self.secrets.open_in_place(nonce, Aad::from(whose.as_bytes()), &mut opened);
        Ok(secret.map_err(|_| DoesNotOpen)?.to_vec())
    }

    /// A hash by which two uses of a name are told to be of the same one, and by which nobody without the key
    /// learns the name.
    pub fn name_hash(&self, name: &str) -> String {
        let mut digest = self.names.clone();
        digest.update(name.as_bytes());
        let mut digits = hex::encode(digest.finalize().into_bytes());
        digits.truncate(NAME_DIGITS);
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_from_others_by_who_has_the_key() {
        let vault = Vault::new(b"one key");
        assert_eq!(vault.name_hash("mallory"), vault.name_hash("mallory"));
        assert_eq!(vault.name_hash("mallory").len(), 32);
        assert_ne!(vault.name_hash("mallory"), vault.name_hash("malory"));
        assert_ne!(vault.name_hash("mallory"), Vault::new(b"another key").name_hash("mallory"));
    }

    #[test]
    fn a_secret_opens_for_its_owner_under_its_key_and_for_nobody_else() {
        let vault = Vault::new(b"one key");
        let sealed = vault.seal("webhook/1", b"a secret");
        assert!(!sealed.windows(8).any(|part| part == b"a secret"));
        assert_eq!(vault.open("webhook/1", &sealed).as_deref(), Ok(&b"a secret"[..]));
        assert_ne!(vault.seal("webhook/1", b"a secret"), sealed, "each sealing is another");
        assert_eq!(vault.open("webhook/2", &sealed), Err(DoesNotOpen));
        assert_eq!(Vault::new(b"another key").open("webhook/1", &sealed), Err(DoesNotOpen));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(vault.open("webhook/1", &changed), Err(DoesNotOpen), "byte {place} changed");
            assert_eq!(vault.open("webhook/1", &sealed[..place]), Err(DoesNotOpen), "cut at {place}");
        }
    }
}
