use std::io::Write;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const BUNDLE: &[u8] = br#"{"type": "bundle", "objects": []}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("gzip into memory");
    encoder.finish().expect("gzip into memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("zstd into memory")
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        if name.ends_with('/') {
            writer.add_directory(*name, SimpleFileOptions::default()).expect("zip into memory");
        } else {
            writer.start_file(*name, SimpleFileOptions::default()).expect("zip into memory");
            writer.write_all(bytes).expect("zip into memory");
        }
    }
    writer.finish().expect("zip into memory").into_inner()
}

fn small_limits() -> Limits {
    Limits { packed: 4_096, unpacked: 2_048, entries: 3, ratio: 1_000_000, ratio_free: 0 }
}

fn refusal(bytes: &[u8], name: &str) -> UnpackError {
    unpack(bytes, name).expect_err("must be refused")
}

#[test]
fn every_format_gives_the_same_bytes() {
    assert_eq!(unpack(BUNDLE, "b.json").expect("plain"), BUNDLE);
    assert_eq!(unpack(&zstd(BUNDLE), "b.json.zst").expect("zstd"), BUNDLE);
    assert_eq!(unpack(&gzip(BUNDLE), "b.json.gz").expect("gzip"), BUNDLE);
    assert_eq!(unpack(&zip_of(&[("b.json", BUNDLE)]), "b.zip").expect("zip"), BUNDLE);
}

#[test]
fn the_bytes_decide_and_not_the_name() {
    assert_eq!(unpack(&zstd(BUNDLE), "b.json").expect("zstd"), BUNDLE);
    assert_eq!(unpack(&gzip(BUNDLE), "b.zip").expect("gzip"), BUNDLE);
    assert_eq!(unpack(BUNDLE, "b.json.zst").expect("plain"), BUNDLE);
    assert_eq!(unpack(&zip_of(&[("b.json", BUNDLE)]), "").expect("zip"), BUNDLE);
}

#[test]
fn leading_space_and_a_byte_order_mark_are_still_json() {
    assert!(unpack(b"\xEF\xBB\xBF \r\n{}", "b.json").is_ok());
}

#[test]
fn frames_one_after_the_other_are_one_bundle() {
    let (front, back) = BUNDLE.split_at(10);
    assert_eq!(unpack(&[zstd(front), zstd(back)].concat(), "b").expect("zstd"), BUNDLE);
    assert_eq!(unpack(&[gzip(front), gzip(back)].concat(), "b").expect("gzip"), BUNDLE);
}

#[test]
fn an_empty_file_is_refused() {
    assert!(matches!(refusal(b"", "b.json"), UnpackError::Empty));
    assert!(matches!(refusal(&gzip(b""), "b.json.gz"), UnpackError::Empty));
}

#[test]
fn other_formats_are_refused_by_name() {
    let error = refusal(b"%PDF-1.7", "report\n.pdf");
    assert!(matches!(&error, UnpackError::Unrecognised { .. }));
    assert!(error.to_string().starts_with("\"report\\n.pdf\" is neither a JSON bundle"), "{error}");
    assert!(matches!(refusal(b"\xFF\xFE{\0", "utf16.json"), UnpackError::Unrecognised { .. }));
    assert!(matches!(refusal(&gzip(b"ustar"), "b.tar.gz"), UnpackError::Unrecognised { .. }));
}

#[test]
fn data_cut_short_is_refused() {
    let long: Vec<u8> = [b"[".to_vec(), (0..20_000).flat_map(|n: u32| n.to_be_bytes()).collect()].concat();
    for (packed, format) in [(zstd(&long), "zstd"), (gzip(&long), "gzip")] {
        let error = refusal(&packed[..packed.len() / 2], "b");
        assert!(matches!(&error, UnpackError::Damaged { format: f, .. } if *f == format), "{error:?}");
        assert_eq!(error.to_string(), format!("the {format} data is damaged or cut short"));
    }
    let zipped = zip_of(&[("b.json", &long)]);
    assert!(matches!(refusal(&zipped[..zipped.len() / 2], "b.zip"), UnpackError::Zip(_)));
    assert!(matches!(refusal(b"PK\x03\x04", "b.zip"), UnpackError::Zip(_)));
}

#[test]
fn a_flipped_bit_in_a_zip_is_found() {
    let mut zipped = zip_of(&[("b.json", BUNDLE)]);
    let data = zipped.windows(6).position(|window| window == b"b.json").expect("the name") + 6;
    zipped[data + 4] ^= 0x10;
    assert!(matches!(refusal(&zipped, "b.zip"), UnpackError::Damaged { format: "zip", .. }));
}

#[test]
fn packing_twice_is_refused() {
    assert!(matches!(refusal(&gzip(&zstd(BUNDLE)), "b.zst.gz"), UnpackError::Nested));
    assert!(matches!(refusal(&zip_of(&[("b.json", &gzip(BUNDLE))]), "b.zip"), UnpackError::Nested));
}

#[test]
fn a_zip_prefers_the_enterprise_bundle() {
    let other: &[u8] = br#"{"other": 1}"#;
    let zipped = zip_of(&[
        ("attack/", b""),
        ("attack/index.json", other),
        ("attack/enterprise-attack/Enterprise-Attack-18.1.json", BUNDLE),
        ("attack/mobile-attack/mobile-attack.json", other),
        ("__MACOSX/attack/._enterprise-attack-18.1.json", b"x"),
        ("attack/README.md", b"x"),
    ]);
    assert_eq!(unpack(&zipped, "attack.zip").expect("zip"), BUNDLE);
    let mobile = zip_of(&[("index.json", other), ("mobile-attack.json", BUNDLE)]);
    assert_eq!(unpack(&mobile, "attack.zip").expect("zip"), BUNDLE);
}

#[test]
fn a_zip_with_several_bundles_names_them() {
    let error = refusal(&zip_of(&[("b.json", BUNDLE), ("a.json", BUNDLE)]), "b.zip");
    assert_eq!(
        error.to_string(),
        "the zip holds several .json files: a.json, b.json; pack only the one to import"
    );
    let error = refusal(
        &zip_of(&[
            ("enterprise-attack-18.1.json", BUNDLE),
            ("enterprise-attack.json", BUNDLE),
            ("i.json", BUNDLE),
        ]),
        "b.zip",
    );
    assert_eq!(
        error.to_string(),
        "the zip holds several .json files: enterprise-attack-18.1.json, enterprise-attack.json; \
         pack only the one to import"
    );
}

#[test]
fn a_zip_without_a_bundle_names_what_it_holds() {
    let names: Vec<String> = (0..12).map(|n| format!("rule-{n:02}.yml")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x" as &[u8])).collect();
    let error = refusal(&zip_of(&entries), "rules.zip").to_string();
    assert!(error.starts_with("the zip holds no .json bundle; it holds rule-00.yml, rule-01.yml"), "{error}");
    assert!(error.ends_with("rule-09.yml and 2 more"), "{error}");
    assert!(refusal(&zip_of(&[]), "e.zip").to_string().ends_with("it holds nothing"));
}

#[test]
fn an_entry_that_climbs_out_is_only_a_name() {
    let zipped = zip_of(&[("../../etc/enterprise-attack.json", BUNDLE), ("C:\\x\n.txt", b"x")]);
    assert_eq!(unpack(&zipped, "b.zip").expect("zip"), BUNDLE);
    let error = refusal(&zip_of(&[("../x\u{1b}[2J.txt", b"x")]), "b.zip").to_string();
    assert!(error.ends_with("it holds ../x\\u{1b}[2J.txt"), "{error}");
}

#[test]
fn an_encrypted_entry_is_refused() {
    let mut zipped = zip_of(&[("b.json", BUNDLE)]);
    // The encryption flag, in the entry's own header and in the directory.
    let directory = zipped.windows(4).position(|w| w == ZIP_DIRECTORY_ENTRY).expect("a directory");
    zipped[6] |= 1;
    zipped[directory + 8] |= 1;
    let error = refusal(&zipped, "b.zip");
    assert_eq!(error.to_string(), "the zip entry \"b.json\" is encrypted; pack it without a password");
}

#[test]
fn a_large_upload_is_refused() {
    let error = unpack_within(&[b'{'; 4_097], "b.json", &small_limits()).expect_err("too large");
    assert_eq!(error.to_string(), "the file has 4097 bytes; at most 4096 bytes can be imported");
    let error = UnpackError::PackedTooLarge { size: MAX_PACKED_BYTES + 1, limit: MAX_PACKED_BYTES };
    assert_eq!(error.to_string(), "the file has 268435457 bytes; at most 256 MiB can be imported");
}

#[test]
fn a_large_bundle_is_refused_in_every_format() {
    let (fits, large) = ([b'['; 2_048], [b'['; 2_049]);
    for pack in [zstd, gzip, |bytes: &[u8]| zip_of(&[("b.json", bytes)])] {
        assert!(unpack_within(&pack(&fits), "b", &small_limits()).is_ok());
        let error = unpack_within(&pack(&large), "b", &small_limits()).expect_err("too large");
        assert!(matches!(error, UnpackError::UnpackedTooLarge { limit: 2_048 }), "{error:?}");
    }
    let error = UnpackError::UnpackedTooLarge { limit: MAX_UNPACKED_BYTES };
    assert_eq!(
        error.to_string(),
        "unpacked, the bundle has more than 512 MiB, the most that can be imported"
    );
}

#[test]
fn a_decompression_bomb_is_refused() {
    let bomb = vec![b'['; 17 * 1024 * 1024];
    for pack in [zstd, gzip, |bytes: &[u8]| zip_of(&[("b.json", bytes)])] {
        let error = refusal(&pack(&bomb), "b");
        assert!(matches!(error, UnpackError::RatioTooHigh { ratio: MAX_RATIO }), "{error:?}");
        assert!(unpack(&pack(&bomb[..15 * 1024 * 1024]), "b").is_ok(), "small bundles are exempt");
    }
}

#[test]
fn too_many_entries_are_refused_before_the_directory_is_read() {
    let four: Vec<(&str, &[u8])> =
        ["a.txt", "b.txt", "c.txt", "d.json"].map(|name| (name, b"{}" as &[u8])).to_vec();
    assert!(unpack_within(&zip_of(&four[1..]), "b.zip", &small_limits()).is_ok());
    let error = unpack_within(&zip_of(&four), "b.zip", &small_limits()).expect_err("too many");
    assert_eq!(error.to_string(), "the zip has more than 3 entries; pack only the bundle");
}

#[test]
fn garbage_after_the_magic_never_panics() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for magic in [&b"\x28\xB5\x2F\xFD"[..], b"\x1F\x8B", b"PK\x03\x04", b"PK\x05\x06"] {
        for length in 0..200 {
            let mut bytes = magic.to_vec();
            bytes.extend((0..length).map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state as u8
            }));
            let _ = unpack(&bytes, "garbage");
        }
    }
}
