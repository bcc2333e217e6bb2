use super::*;
use std::io::Write;
use zip::ZipWriter;
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;

fn everything(_: &str) -> bool {
    true
}

fn yaml(path: &str) -> bool {
    path.ends_with(".yml")
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).expect("zip into memory");
        writer.write_all(bytes).expect("zip into memory");
    }
    writer.finish().expect("zip into memory").into_inner()
}

fn paths(files: &Files) -> Vec<&str> {
    files.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn the_folder_of_the_repository_is_left_out_and_says_the_version() {
    let packed = zip_of(&[("sigma-r1/b.yml", b"b"), ("sigma-r1/a/a.yml", b"a"), ("sigma-r1/x.png", b"x")]);
    let files = Files::unpack(&packed, "x.zip", yaml).expect("unpacked");
    assert_eq!(paths(&files), ["a/a.yml", "b.yml"]);
    assert_eq!(files.version("sigma").as_deref(), Some("r1"));
    assert_eq!(files.version("other"), None);
    let branch = Files::unpack(&zip_of(&[("sigma-master/b.yml", b"b")]), "x.zip", yaml).expect("unpacked");
    assert_eq!(branch.version("sigma"), None);
    let flat =
        Files::unpack(&zip_of(&[("b.yml", b"b"), ("c/a.yml", b"a")]), "x.zip", yaml).expect("unpacked");
    assert_eq!((paths(&flat), &flat.root), (vec!["b.yml", "c/a.yml"], &None));
}

#[test]
fn paths_that_lead_out_are_refused_one_by_one() {
    let packed = zip_of(&[
        ("../evil.yml", b"x"),
        ("/abs.yml", b"x"),
        ("a/../../b.yml", b"x"),
        ("c:\\d.yml", b"x"),
        ("good.yml", b"x"),
    ]);
    let files = Files::unpack(&packed, "x.zip", everything).expect("unpacked");
    assert_eq!(paths(&files), ["good.yml"]);
    assert_eq!(files.rejects.count, 4);
    assert!(
        files.rejects.kept.iter().all(|reject| reject.reason.contains("leads out")),
        "{:?}",
        files.rejects
    );
}

#[test]
fn links_and_encrypted_files_are_refused() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link.yml", "/etc/passwd", SimpleFileOptions::default()).expect("zip into memory");
    writer
        .start_file("secret.yml", SimpleFileOptions::default().with_deprecated_encryption(b"x"))
        .expect("zip into memory");
    writer.write_all(b"x").expect("zip into memory");
    writer.start_file("good.yml", SimpleFileOptions::default()).expect("zip into memory");
    let packed = writer.finish().expect("zip into memory").into_inner();
    let files = Files::unpack(&packed, "x.zip", everything).expect("unpacked");
    assert_eq!(paths(&files), ["good.yml"]);
    let reasons: Vec<&str> = files.rejects.kept.iter().map(|reject| reject.reason.as_str()).collect();
    assert_eq!(reasons, ["it is a symbolic link", "it is encrypted; pack it without a password"]);
}

#[test]
fn a_bomb_is_refused_and_the_rest_is_read() {
    let bomb = vec![0; usize::try_from(RATIO_FREE_BYTES).expect("a size") * 3];
    let packed = zip_of(&[("bomb.yml", &bomb), ("good.yml", b"x")]);
    let files = Files::unpack(&packed, "x.zip", everything).expect("unpacked");
    assert_eq!(paths(&files), ["good.yml"]);
    assert!(files.rejects.kept[0].reason.contains("200 times"), "{:?}", files.rejects);
}

#[test]
fn many_bombs_are_no_longer_tried() {
    let bomb = vec![0; usize::try_from(RATIO_FREE_BYTES).expect("a size") * 2];
    let names: Vec<String> = (0..60).map(|n| format!("{n}.yml")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), bomb.as_slice())).collect();
    let refused = Files::unpack(&zip_of(&entries), "x.zip", everything).expect_err("too much");
    assert!(matches!(refused, UnpackError::UnpackedTooLarge { .. }), "{refused}");
}

#[test]
fn an_archive_has_a_limit_of_entries() {
    let packed = ZIP_DIRECTORY_ENTRY.repeat(MAX_ENTRIES + 10_000);
    let refused = Files::unpack(&[b"PK\x03\x04", packed.as_slice()].concat(), "x.zip", everything);
    assert!(matches!(refused, Err(UnpackError::TooManyEntries { .. })));
}

#[test]
fn a_damaged_archive_is_an_error() {
    let packed = zip_of(&[("a.yml", b"abc")]);
    for cut in [10, packed.len() / 2, packed.len() - 1] {
        assert!(Files::unpack(&packed[..cut], "x.zip", everything).is_err(), "{cut}");
    }
    assert!(matches!(Files::unpack(b"", "x.zip", everything), Err(UnpackError::Empty)));
}

#[test]
fn what_is_no_archive_is_one_file() {
    let files = Files::unpack(b"title: x", "a/rule.yml", yaml).expect("read");
    assert_eq!(paths(&files), ["rule.yml"]);
    let packed = zstd::encode_all(&b"title: x"[..], 3).expect("zstd into memory");
    assert_eq!(Files::unpack(&packed, "rule.yml.zst", yaml).expect("read"), files);
    let sheet = zip_of(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"")]);
    let files = Files::unpack(&sheet, "cis.xlsx", everything).expect("read");
    assert_eq!((paths(&files), files.files[0].bytes == sheet), (vec!["cis.xlsx"], true));
}

#[test]
fn an_archive_changed_anywhere_is_read_or_refused() {
    let whole = zip_of(&[("a/b.yml", b"one"), ("a/c.yml", &[b'x'; 300])]);
    bolero::check!().with_type::<(Vec<u8>, u16, u8, u16)>().for_each(|(bytes, place, byte, end)| {
        let mut changed = whole.clone();
        let place = usize::from(*place) % changed.len();
        changed[place] = *byte;
        let cut = &whole[..usize::from(*end) % whole.len()];
        let mut packed = b"PK\x03\x04".to_vec();
        packed.extend(bytes);
        for bytes in [bytes.as_slice(), &changed, cut, &packed] {
            let _ = Files::unpack(bytes, "a.zip", everything);
            let _ = crate::archive::unpack(bytes, "a.zip");
        }
    });
}
