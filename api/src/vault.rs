//! Secrets that have to be read again are encrypted before they are stored,
//! with keys derived from `SECRET_KEY`: a copy of the database alone gives
//! none of them away. AES-256-GCM, a random nonce before each text; the place
//! a secret belongs to is authenticated with it, so that one cannot be moved
//! to another account.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;

/// Hex digits kept of the keyed hash of a name: enough to tell names apart.
const NAME_HASH_DIGITS: usize = 32;

/// Encrypts and decrypts, and hashes names.
pub struct Vault {
    key: LessSafeKey,
    names: hmac::Key,
}

/// A secret could not be encrypted or read; which of the two and why is nobody's business.
#[derive(Debug, thiserror::Error)]
#[error("a stored secret cannot be used: was SECRET_KEY changed?")]
pub struct VaultError;

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

fn derive(secret: &[u8], purpose: &str) -> Result<[u8; 32], VaultError> {
    let mut key = [0; 32];
    Salt::new(HKDF_SHA256, b"aegis")
        .extract(secret)
        .expand(&[purpose.as_bytes()], Bytes32)
        .and_then(|derived| derived.fill(&mut key))
        .map_err(|_| VaultError)?;
    Ok(key)
}

impl Vault {
    /// Keys of their own from the one secret.
    ///
    /// # Errors
    /// None that a key of 32 bytes has; the library could refuse it.
    pub fn new(secret: &[u8]) -> Result<Self, VaultError> {
        let key = UnboundKey::new(&AES_256_GCM, &derive(secret, "vault/1")?).map_err(|_| VaultError)?;
        let names = hmac::Key::new(hmac::HMAC_SHA256, &derive(secret, "names/1")?);
        Ok(Self { key: LessSafeKey::new(key), names })
    }

    /// Encrypts a secret of a place.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn seal(&self, place: &str, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut text = secret.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut text)
            .map_err(|_| VaultError)?;
        Ok([nonce.as_slice(), &text].concat())
    }

    /// Reads a secret of a place again.
    ///
    /// # Errors
    /// [`VaultError`]: it was encrypted with another key, for another place, or was changed.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or(VaultError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError)?;
        let mut text = text.to_vec();
        let secret = self.key.open_in_place(nonce, Aad::from(place), &mut text).map_err(|_| VaultError)?;
        Ok(secret.to_vec())
    }

    /// A hash by which two uses of a name are told to be of the same one, and by which nobody who has no key learns
    /// the name.
    pub fn name_hash(&self, name: &str) -> String {
        let tag = hmac::sign(&self.names, name.as_bytes());
        let mut digits = hex::encode(tag.as_ref());
        digits.truncate(NAME_HASH_DIGITS);
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_in_its_place_and_with_its_key_only() {
        let vault = Vault::new(b"one").expect("a vault");
        let sealed = vault.seal("totp/a", b"secret").expect("seals");
        assert_ne!(sealed, vault.seal("totp/a", b"secret").expect("seals"), "each has a nonce of its own");
        assert_eq!(vault.open("totp/a", &sealed).expect("opens"), b"secret");
        assert!(vault.open("totp/b", &sealed).is_err());
        assert!(Vault::new(b"other").expect("a vault").open("totp/a", &sealed).is_err());
        let mut changed = sealed.clone();
        if let Some(byte) = changed.last_mut() {
            *byte ^= 1;
        }
        assert!(vault.open("totp/a", &changed).is_err());
        assert!(vault.open("totp/a", b"short").is_err());
    }

    #[test]
    fn a_name_hash_needs_the_key() {
        let vault = Vault::new(b"one").expect("a vault");
        assert_eq!(vault.name_hash("mallory"), vault.name_hash("mallory"));
        assert_ne!(vault.name_hash("mallory"), vault.name_hash("malory"));
        assert_ne!(vault.name_hash("mallory"), Vault::new(b"two").expect("a vault").name_hash("mallory"));
        assert_eq!(vault.name_hash("mallory").len(), 32);
    }
}
