//! What a file is: the kinds of evidence taken in, told by name and by bytes.
//!
//! A kind is allowed by the extension of its name, and must then look like it:
//! the first bytes of what has a signature, every byte of what is text. A
//! script is text, so nothing here makes a file harmless; files are handed out
//! as attachments and never run.

use std::fmt;

/// Bytes looked at for a signature.
const HEAD_BYTES: usize = 8 * 1024;

/// A kind of file that is taken in.
#[derive(Debug, PartialEq, Eq)]
pub struct FileKind {
    /// The end of its name, without the dot.
    pub extension: &'static str,
    /// What it is handed out as.
    pub media_type: &'static str,
    look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// It begins as one of these media types does.
    Like(&'static [&'static str]),
    /// It begins with one of these.
    Begins(&'static [&'static [u8]]),
    /// It is text, beginning with one of these characters after space, if any are given.
    Text(&'static str),
}

const fn kind(extension: &'static str, media_type: &'static str, look: Look) -> FileKind {
    FileKind { extension, media_type, look }
}

const ZIP: &str = "application/zip";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The kinds taken in. pcap: libpcap's four magic numbers; pcapng: the section
/// header block; evtx: the signature of the file header.
pub const KINDS: &[FileKind] = &[
    kind("png", "image/png", Look::Like(&["image/png"])),
    kind("jpg", "image/jpeg", Look::Like(&["image/jpeg"])),
    kind("jpeg", "image/jpeg", Look::Like(&["image/jpeg"])),
    kind("gif", "image/gif", Look::Like(&["image/gif"])),
    kind("webp", "image/webp", Look::Like(&["image/webp"])),
    kind("bmp", "image/bmp", Look::Like(&["image/bmp"])),
    kind("pdf", "application/pdf", Look::Begins(&[b"%PDF-"])),
    kind("txt", "text/plain", Look::Text("")),
    kind("log", "text/plain", Look::Text("")),
    kind("csv", "text/csv", Look::Text("")),
    kind("json", "application/json", Look::Text("{[\"-0123456789tfn")),
    kind("xml", "application/xml", Look::Text("<")),
    kind("zip", ZIP, Look::Like(&[ZIP])),
    kind(
        "pcap",
        "application/vnd.tcpdump.pcap",
        Look::Begins(&[
            &[0xa1, 0xb2, 0xc3, 0xd4],
            &[0xd4, 0xc3, 0xb2, 0xa1],
            &[0xa1, 0xb2, 0x3c, 0x4d],
            &[0x4d, 0x3c, 0xb2, 0xa1],
        ]),
    ),
    kind("pcapng", "application/x-pcapng", Look::Begins(&[&[0x0a, 0x0d, 0x0d, 0x0a]])),
    kind("evtx", "application/x-ms-evtx", Look::Begins(&[b"ElfFile\0"])),
    kind("docx", DOCX, Look::Like(&[DOCX, ZIP])),
    kind("xlsx", XLSX, Look::Like(&[XLSX, ZIP])),
];

/// A file that is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// Its name does not end as one of the kinds does.
    #[error("'{name}' is of no kind that is taken in; these are: {}", Extensions)]
    Extension {
        /// Its name.
        name: String,
    },
    /// It is not what its name says.
    #[error("the file is named .{extension}, but its content is not {what}")]
    Content {
        /// The end of its name.
        extension: &'static str,
        /// What it should be.
        what: &'static str,
    },
}

struct Extensions;

impl fmt::Display for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = KINDS.iter().map(|kind| kind.extension).collect();
        f.write_str(&names.join(", "))
    }
}

/// The kind that a name says.
///
/// # Errors
/// [`ContentError::Extension`].
pub fn kind_of(name: &str) -> Result<&'static FileKind, ContentError> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    KINDS
        .iter()
        .find(|kind| kind.extension == extension)
        .ok_or_else(|| ContentError::Extension { name: name.to_owned() })
}

/// Looks at a file as it passes by.
#[derive(Debug)]
pub struct Inspector {
    kind: &'static FileKind,
    head: Vec<u8>,
    /// The beginning of a character whose end has not come yet.
    cut: Vec<u8>,
    text: bool,
}

impl Inspector {
    /// Expects a file of a kind.
    pub fn new(kind: &'static FileKind) -> Self {
        Self { kind, head: Vec::new(), cut: Vec::new(), text: true }
    }

    /// Looks at the next bytes.
    pub fn pass(&mut self, bytes: &[u8]) {
        let was_half = self.is_half_a_mark();
        let missing = HEAD_BYTES.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        let is_text = matches!(self.kind.look, Look::Text(_));
        if is_text && self.text && !self.is_utf16() && !self.is_half_a_mark() {
            self.text = !was_half && self.goes_on_as_text(bytes);
        }
    }

    /// Judges what has passed.
    ///
    /// # Errors
    /// [`ContentError::Content`].
    pub fn judge(&self) -> Result<(), ContentError> {
        let refused = |what| Err(ContentError::Content { extension: self.kind.extension, what });
        match self.kind.look {
            Look::Like(types) => {
                let found = infer::get(&self.head).map_or("", |found| found.mime_type());
                if types.contains(&found) { Ok(()) } else { refused(self.kind.media_type) }
            }
            Look::Begins(beginnings) => {
                if beginnings.iter().any(|beginning| self.head.starts_with(beginning)) {
                    Ok(())
                } else {
                    refused(self.kind.media_type)
                }
            }
            Look::Text(_) if !self.text || !self.cut.is_empty() || self.is_half_a_mark() => {
                refused("text (UTF-8, or UTF-16 with a mark)")
            }
            Look::Text("") => Ok(()),
            Look::Text(_) if self.is_utf16() => Ok(()),
            Look::Text(first) => {
                let text = self.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.head);
                let begins = text.iter().find(|byte| !byte.is_ascii_whitespace());
                if begins.is_some_and(|byte| first.as_bytes().contains(byte)) {
                    Ok(())
                } else {
                    refused(self.kind.media_type)
                }
            }
        }
    }

    /// Windows writes logs and tables so.
    fn is_utf16(&self) -> bool {
        self.head.starts_with(&[0xff, 0xfe]) || self.head.starts_with(&[0xfe, 0xff])
    }

    /// No UTF-8 begins so; the other half of the mark may still come.
    fn is_half_a_mark(&self) -> bool {
        matches!(self.head[..], [0xff | 0xfe])
    }

    /// Whether the bytes so far are text; a character may be cut between two pieces.
    fn goes_on_as_text(&mut self, bytes: &[u8]) -> bool {
        if bytes.contains(&0) {
            return false;
        }
        let mut rest = bytes;
        while !self.cut.is_empty() && !rest.is_empty() {
            self.cut.push(rest[0]);
            rest = &rest[1..];
            match std::str::from_utf8(&self.cut) {
                Ok(_) => self.cut.clear(),
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return false,
            }
        }
        match std::str::from_utf8(rest) {
            Ok(_) => true,
            Err(error) if error.error_len().is_none() => {
                self.cut.extend_from_slice(&rest[error.valid_up_to()..]);
                true
            }
            Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const EXECUTABLE: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0";

    fn judged(name: &str, pieces: &[&[u8]]) -> Result<(), ContentError> {
        let mut inspector = Inspector::new(kind_of(name)?);
        pieces.iter().for_each(|piece| inspector.pass(piece));
        inspector.judge()
    }

    #[test]
    fn a_name_says_its_kind() {
        assert_eq!(kind_of("A.b.PNG").map(|kind| kind.media_type), Ok("image/png"));
        for name in ["run.exe", "page.html", "image.svg", "png", "", "a.png.", "a.png/b"] {
            let error = kind_of(name).expect_err(name);
            assert!(error.to_string().contains("png, jpg, jpeg, gif"), "{error}");
        }
    }

    #[test]
    fn a_file_is_what_its_name_says() {
        let zip: &[u8] = b"PK\x03\x04\x14\0\0\0\x08\0";
        for (name, bytes) in [
            ("a.png", PNG),
            ("a.jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
            ("a.gif", b"GIF89a\x01\0\x01\0"),
            ("a.bmp", b"BM\x46\0\0\0\0\0\0\0"),
            ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 "),
            ("a.pdf", b"%PDF-1.7\n"),
            ("a.zip", zip),
            ("a.docx", zip),
            ("a.xlsx", zip),
            ("a.pcap", &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0]),
            ("a.pcapng", &[0x0a, 0x0d, 0x0d, 0x0a, 0x1c, 0, 0, 0]),
            ("a.evtx", b"ElfFile\0\0\0"),
            ("a.txt", "größe 東京".as_bytes()),
            ("a.log", b"\xff\xfea\0b\0"),
            ("a.csv", b"a,b\n1,2\n"),
            ("a.json", b"\xef\xbb\xbf\n {\"a\": 1}"),
            ("a.xml", b"<?xml version=\"1.0\"?><a/>"),
        ] {
            assert_eq!(judged(name, &[bytes]), Ok(()), "{name}");
            let by_bytes: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(judged(name, &by_bytes), Ok(()), "{name} byte by byte");
        }
    }

    #[test]
    fn a_renamed_executable_is_found_out() {
        for kind in KINDS {
            let name = format!("a.{}", kind.extension);
            assert!(judged(&name, &[EXECUTABLE]).is_err(), "{name}");
            assert!(judged(&name, &[b"\x7fELF\x02\x01\x01\0"]).is_err(), "{name}");
        }
    }

    #[test]
    fn text_is_looked_at_to_its_end() {
        let long = vec![b'a'; HEAD_BYTES * 2];
        assert_eq!(judged("a.txt", &[&long, b"b"]), Ok(()));
        assert!(judged("a.txt", &[b"\xff"]).is_err());
        assert!(judged("a.txt", &[b"\xff", b"a"]).is_err());
        for end in [&b"\0"[..], b"\xff", b"\xe6\x9d"] {
            assert!(judged("a.txt", &[&long, end]).is_err(), "{end:?}");
        }
        assert!(judged("a.json", &[b"hello"]).is_err());
        assert!(judged("a.xml", &[b"hello"]).is_err());
        assert!(judged("a.png", &[b"hello"]).is_err());
    }
}
