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

/// Encrypts and decrypts secrets. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<RandomizedNonceKey>);

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
        let mut derived = Hmac::<Sha256>::new_from_slice(secret_key).expect("HMAC takes any key");
        derived.update(PURPOSE);
        let key = derived.finalize().into_bytes();
        Self(Arc::new(RandomizedNonceKey::new(&AES_256_GCM, &key).expect("the key has 32 bytes")))
    }

    /// Seals a secret. `whose` says what it is for; it opens for nothing else.
    ///
    /// # Panics
    /// The machine has no randomness left to give, or the secret is of gigabytes.
    pub fn seal(&self, whose: &str, secret: &[u8]) -> Vec<u8> {
        let mut sealed = secret.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(whose.as_bytes()), &mut sealed);
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
        let secret = self.0.open_in_place(nonce, Aad::from(whose.as_bytes()), &mut opened);
        Ok(secret.map_err(|_| DoesNotOpen)?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
