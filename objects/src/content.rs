//! What a file is: the kinds of evidence taken in, told by name and by bytes.
//!
//! A kind is allowed by the extension of its name, and must then look like it:
//! the first bytes of what has a signature, every byte of what is text. A
//! script is text, so nothing here makes a file harmless; files are handed out
//! as attachments and never run.

mod text;

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
    text: text::Reader,
}

impl Inspector {
    /// Expects a file of a kind.
    pub fn new(kind: &'static FileKind) -> Self {
        Self { kind, head: Vec::new(), text: text::Reader::new() }
    }

    /// Looks at the next bytes.
    pub fn pass(&mut self, bytes: &[u8]) {
        if matches!(self.kind.look, Look::Text(_)) {
            self.text.pass(bytes);
        } else {
            let missing = HEAD_BYTES.saturating_sub(self.head.len()).min(bytes.len());
            self.head.extend_from_slice(&bytes[..missing]);
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
            Look::Text(_) if !self.text.is_text() => refused("text (UTF-8, or UTF-16 with a mark)"),
            Look::Text("") => Ok(()),
            Look::Text(first) => {
                if self.text.first().is_some_and(|begins| first.contains(begins)) {
                    Ok(())
                } else {
                    refused(self.kind.media_type)
                }
            }
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
        assert!(judged("a.json", &[b"\xef\xbb\xbf"]).is_err());
        assert!(judged("a.json", &[b"hello"]).is_err());
        assert!(judged("a.xml", &[b"hello"]).is_err());
        assert!(judged("a.png", &[b"hello"]).is_err());
    }
    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let mark = std::iter::once(0xfeff);
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        mark.chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    #[test]
    fn utf16_is_looked_at_to_its_end() {
        let mut executable = b"\xff\xfe".to_vec();
        executable.extend_from_slice(EXECUTABLE);
        let long = "größe \u{1d11e}\n".repeat(HEAD_BYTES);
        for big in [false, true] {
            let end = |units: &[u16]| -> Vec<u8> {
                let bytes = |unit: &u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
                units.iter().flat_map(bytes).collect()
            };
            let begun = utf16(&long, big);
            assert_eq!(judged("a.log", &[&begun]), Ok(()));
            assert_eq!(judged("a.log", &begun.chunks(7).collect::<Vec<_>>()), Ok(()), "in pieces");
            for wrong in [end(&[0]), end(&[0xd834]), end(&[0xdd1e]), end(&[0xd834, 0x61]), vec![0x61]] {
                assert!(judged("a.log", &[&begun, &wrong]).is_err(), "{wrong:?}");
                let whole = [&begun[..2], &wrong].concat();
                let by_bytes: Vec<&[u8]> = whole.chunks(1).collect();
                assert!(judged("a.log", &by_bytes).is_err(), "{wrong:?} byte by byte");
            }
            assert_eq!(judged("a.json", &[&utf16(" \n{\"a\": 1}", big)]), Ok(()));
            assert_eq!(judged("a.xml", &[&utf16("<a/>", big)]), Ok(()));
            assert!(judged("a.json", &[&utf16("hello", big)]).is_err());
            assert!(judged("a.xml", &[&utf16("\u{1d11e}<a/>", big)]).is_err());
        }
        for name in ["a.txt", "a.log", "a.csv", "a.json", "a.xml"] {
            assert!(judged(name, &[&executable]).is_err(), "{name}");
        }
    }
}
