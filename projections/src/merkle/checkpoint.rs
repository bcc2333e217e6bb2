//! Signed roots: C2SP tlog-checkpoint inside C2SP signed-note, with Ed25519 keys (signature type `0x01`).

use super::tree::Hash;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// The signature type of Ed25519 (signed-note, "Signature types").
const ED25519: u8 = 0x01;
/// Longest note read; signed-note asks for a limit that leaves room for 16 signatures.
const NOTE_BYTES_MAX: usize = 1 << 20;

/// Why a checkpoint, its note or a key was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The name of a log is empty or holds a space, a plus or a control character.
    #[error("{0:?} cannot name a log: it is empty or holds a space, a plus sign or a control character")]
    Origin(String),
    /// The verifier key is not `<name>+<id>+<base64>` of an Ed25519 key.
    #[error("the verifier key is malformed: {0}")]
    VerifierKey(&'static str),
    /// The note breaks the format.
    #[error("the signed note is malformed: {0}")]
    Note(&'static str),
    /// No signature line is by the trusted key.
    #[error("the note is not signed by {0}")]
    NotSigned(String),
    /// A line claims the trusted key and does not verify.
    #[error("the signature by {0} is wrong")]
    WrongSignature(String),
    /// The signed text is not a checkpoint.
    #[error("the checkpoint is malformed: {0}")]
    Text(&'static str),
    /// The trusted key signed for another log.
    #[error("the checkpoint is of {found:?}, expected {expected:?}")]
    OtherLog {
        /// The name of the trusted key.
        expected: String,
        /// The origin line.
        found: String,
    },
}

/// The name of a log: the origin line of its checkpoints and the name of its key (tlog-checkpoint says that they
/// should match; here they do).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// Reads a name, best a URL without scheme such as `aegis.example.com/ledger`.
    pub fn parse(name: &str) -> Result<Self, CheckpointError> {
        let allowed = |c: char| !c.is_whitespace() && c >= ' ' && c != '+';
        if name.is_empty() || !name.chars().all(allowed) {
            return Err(CheckpointError::Origin(name.to_owned()));
        }
        Ok(Self(name.to_owned()))
    }

    /// Gives the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The head of a tree at one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose tree.
    pub origin: Origin,
    /// The number of leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// Gives the text that is signed: origin, size and base64 root, a line each (tlog-checkpoint, "Note text").
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root))
    }

    /// Gives the signed note: text, empty line, `— <origin> <base64 of key id and signature>` (signed-note,
    /// "Format"). Ed25519 is deterministic: the same checkpoint and key give the same bytes.
    pub fn sign(&self, key: &SigningKey) -> String {
        let text = self.text();
        let mut signature = key_id(&self.origin, &key.verifying_key()).to_vec();
        signature.extend_from_slice(&key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n— {} {}\n", self.origin, BASE64.encode(signature))
    }

    /// Reads the text of a note. Extension lines are allowed by tlog-checkpoint and mean nothing here.
    fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return Err(CheckpointError::Text("it has fewer than three lines"));
        };
        if extensions.iter().any(|line| line.is_empty()) {
            return Err(CheckpointError::Text("it has an empty line"));
        }
        Ok(Self {
            origin: Origin::parse(origin)?,
            size: parse_decimal(size).ok_or(CheckpointError::Text("the size is no plain number"))?,
            root: parse_hash(root).ok_or(CheckpointError::Text("the root is not base64 of 32 bytes"))?,
        })
    }
}

/// The public half of a log's key, written `<name>+<key id, 8 hex digits>+<base64 of 0x01 and the 32-byte key>`:
/// the verifier key of Go's `golang.org/x/mod/sumdb/note`, which tools around signed-note share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    origin: Origin,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Names a key.
    pub fn new(origin: Origin, key: VerifyingKey) -> Self {
        Self { origin, key }
    }

    /// Reads the text form; its key id must be the right one.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        use CheckpointError::VerifierKey as Malformed;
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Malformed("it is not <name>+<id>+<base64>"));
        };
        let bytes = BASE64.decode(key).map_err(|_| Malformed("the key is not base64"))?;
        let [ED25519, public @ ..] = bytes.as_slice() else {
            return Err(Malformed("it is not of type Ed25519"));
        };
        let public = public.try_into().map_err(|_| Malformed("the key is not 32 bytes long"))?;
        let key = VerifyingKey::from_bytes(public).map_err(|_| Malformed("the key is not a point"))?;
        let verifier = Self { origin: Origin::parse(name)?, key };
        if verifier.to_string() != text {
            return Err(Malformed("the key id does not belong to name and key"));
        }
        Ok(verifier)
    }

    /// Gives the name of the log.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Opens a signed note and gives its checkpoint. Lines of other keys are ignored; a wrong signature under this
    /// key, or none, refuses the note (signed-note, "Signatures").
    pub fn open(&self, note: &str) -> Result<Checkpoint, CheckpointError> {
        let text = self.signed_text(note)?;
        let checkpoint = Checkpoint::parse(text)?;
        if checkpoint.origin != self.origin {
            return Err(CheckpointError::OtherLog {
                expected: self.origin.to_string(),
                found: checkpoint.origin.to_string(),
            });
        }
        Ok(checkpoint)
    }

    /// Gives the text of a note once this key is known to have signed it.
    pub(super) fn signed_text<'a>(&self, note: &'a str) -> Result<&'a str, CheckpointError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(CheckpointError::Note("it is longer than 1 MiB"));
        }
        if note.bytes().any(|byte| byte < b' ' && byte != b'\n') {
            return Err(CheckpointError::Note("it holds a control character"));
        }
        let end = note.rfind("\n\n").ok_or(CheckpointError::Note("it has no empty line"))? + 1;
        let (text, rest) = note.split_at(end);
        let lines = rest[1..].strip_suffix('\n').ok_or(CheckpointError::Note("its last line is cut"))?;

        let id = key_id(&self.origin, &self.key);
        let mut signed = false;
        for line in lines.split('\n') {
            let (name, bytes) = parse_signature(line)?;
            let Some(signature) = bytes.strip_prefix(&id).filter(|_| name == self.origin.as_str()) else {
                continue;
            };
            let signature = Signature::from_slice(signature);
            let verified = signature.and_then(|s| self.key.verify_strict(text.as_bytes(), &s));
            verified.map_err(|_| CheckpointError::WrongSignature(self.to_string()))?;
            signed = true;
        }
        if signed { Ok(text) } else { Err(CheckpointError::NotSigned(self.to_string())) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = hex::encode(key_id(&self.origin, &self.key));
        write!(f, "{}+{id}+{}", self.origin, BASE64.encode(typed(&self.key)))
    }
}

/// The public key behind its type byte.
fn typed(key: &VerifyingKey) -> [u8; 33] {
    let mut bytes = [ED25519; 33];
    bytes[1..].copy_from_slice(key.as_bytes());
    bytes
}

/// `SHA-256(name || "\n" || 0x01 || public key)[:4]` (signed-note, "Ed25519 signatures").
fn key_id(origin: &Origin, key: &VerifyingKey) -> [u8; 4] {
    let digest: Hash = Sha256::new_with_prefix(origin.as_str())
        .chain_update("\n")
        .chain_update(typed(key))
        .finalize()
        .into();
    [digest[0], digest[1], digest[2], digest[3]]
}

/// Reads `— <name> <base64>` into the name and the bytes, which begin with the key id.
fn parse_signature(line: &str) -> Result<(&str, Vec<u8>), CheckpointError> {
    let parts = line.strip_prefix("— ").and_then(|rest| rest.split_once(' '));
    let (name, bytes) = parts.ok_or(CheckpointError::Note("a signature line is not `— <name> <base64>`"))?;
    Origin::parse(name)?;
    match BASE64.decode(bytes) {
        Ok(bytes) if bytes.len() > 4 => Ok((name, bytes)),
        _ => Err(CheckpointError::Note("a signature is not base64 of a key id and more")),
    }
}

/// Reads a decimal number without sign and leading zeros.
pub(super) fn parse_decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// Reads the base64 of a hash.
pub(super) fn parse_hash(text: &str) -> Option<Hash> {
    BASE64.decode(text).ok()?.try_into().ok()
}
