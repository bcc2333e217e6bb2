#![allow(clippy::unwrap_used)]

use super::vectors::ledger;
use super::*;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use sha2_011::Sha256;

/// The inputs and roots that Certificate Transparency implementations share.
const CT_INPUTS: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const CT_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn ct_tree(count: u64) -> MemoryBackedTree<Sha256, [u8; 8]> {
    let mut tree = MemoryBackedTree::new();
    (0..count).for_each(|i| tree.push(i.to_be_bytes()));
    tree
}

/// Grows a tree in steps through stored tiles only, as the job does, and returns every file ever written.
fn grow_in(steps: &[u64]) -> (Frontier, Vec<TileWrite>) {
    let all = leaves(steps.iter().sum());
    let mut frontier = Frontier::default();
    let mut files: Vec<TileWrite> = Vec::new();
    for step in steps {
        let edge = read_tiles(&edge_tiles(frontier.size()), &files);
        let from = frontier.size() as usize;
        let growth = grow(&frontier, &edge, &all[from..from + *step as usize]).unwrap();
        frontier = growth.frontier;
        files.extend(growth.writes);
    }
    (frontier, files)
}

fn read_tiles(tiles: &[Tile], files: &[TileWrite]) -> TileSet {
    let mut set = TileSet::default();
    for tile in tiles {
        let file = files.iter().find(|file| file.tile == *tile).expect("the tile was written");
        set.insert(*tile, &file.bytes).unwrap();
    }
    set
}

#[test]
fn known_roots_of_certificate_transparency() {
    let hashes = CT_INPUTS.map(|input| leaf_hash(&hex::decode(input).unwrap()));
    for (size, root) in CT_ROOTS.iter().enumerate() {
        assert_eq!(hex::encode(root_of(&hashes[..size])), *root);
        assert_eq!(hex::encode(root_at(size as u64, hashes.as_slice()).unwrap()), *root);
    }
    assert_eq!(root_of(&[]), EMPTY_ROOT);
}

#[test]
fn every_small_proof_verifies_and_no_other() {
    let all = leaves(20);
    let reader = all.as_slice();
    for size in 0..=20u64 {
        let root = root_of(&all[..size as usize]);
        for index in 0..size {
            let proof = inclusion_proof(index, size, reader).unwrap();
            let leaf = &all[index as usize];
            assert_eq!(verify_inclusion(index, size, leaf, &proof, &root), Ok(()));
            for other in (0..size + 2).filter(|other| *other != index) {
                assert!(verify_inclusion(other, size, leaf, &proof, &root).is_err());
            }
            let long = [proof.as_slice(), &[root]].concat();
            assert_eq!(verify_inclusion(index, size, leaf, &long, &root), Err(TreeError::ProofLength));
            if let Some((_, short)) = proof.split_last() {
                assert_eq!(verify_inclusion(index, size, leaf, short, &root), Err(TreeError::ProofLength));
            }
        }
        for old in 0..=size {
            let old_root = root_of(&all[..old as usize]);
            let proof = consistency_proof(old, size, reader).unwrap();
            assert_eq!(verify_consistency(old, size, &old_root, &root, &proof), Ok(()));
            let long = [proof.as_slice(), &[root]].concat();
            assert!(verify_consistency(old, size, &old_root, &root, &long).is_err());
            if old > 0 && old < size {
                let short = &proof[..proof.len() - 1];
                assert!(verify_consistency(old, size, &old_root, &root, short).is_err());
                assert!(verify_consistency(old, size, &EMPTY_ROOT, &root, &proof).is_err());
                assert!(verify_consistency(old, size, &old_root, &old_root, &proof).is_err());
                assert!(verify_consistency(old - 1, size, &old_root, &root, &proof).is_err());
            }
        }
        assert_eq!(inclusion_proof(size, size, reader), Err(TreeError::NoSuchLeaf { index: size, size }),);
    }
    assert_eq!(consistency_proof(3, 2, reader), Err(TreeError::NotOlder { old: 3, new: 2 }));
    assert_eq!(
        verify_consistency(3, 2, &EMPTY_ROOT, &EMPTY_ROOT, &[]),
        Err(TreeError::NotOlder { old: 3, new: 2 }),
    );
    assert!(verify_consistency(0, 0, &EMPTY_ROOT, &all[0], &[]).is_err());
    assert!(verify_consistency(0, 4, &all[0], &all[0], &[]).is_err());
}

#[test]
fn sizes_at_the_end_of_the_number_range_do_not_overflow() {
    let hash = EMPTY_ROOT;
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
        for count in [0, 1, 63, 64, 65] {
            assert!(verify_inclusion(size - 1, size, &hash, &vec![hash; count], &hash).is_err());
            assert!(verify_consistency(size - 1, size, &hash, &hash, &vec![hash; count]).is_err());
        }
        assert!(inclusion_tiles(0, size).unwrap().len() <= 16);
        assert!(consistency_tiles(1, size).unwrap().len() <= 16);
        assert!(edge_tiles(size).len() <= 8);
        assert!(Frontier::at(size, &TileSet::default()).is_err());
        assert!(root_at(size, [hash].as_slice()).is_err());
    }
}

#[test]
fn a_frontier_survives_storage_and_damage_is_refused() {
    let mut frontier = Frontier::default();
    assert_eq!(frontier.root(), EMPTY_ROOT);
    for leaf in leaves(19) {
        frontier.append(leaf);
        let stored = serde_json::to_string(&frontier).unwrap();
        assert_eq!(serde_json::from_str::<Frontier>(&stored).unwrap(), frontier);
    }
    let hash = hex::encode(EMPTY_ROOT);
    for damaged in [
        r#"{"size":1,"peaks":[]}"#.to_owned(),
        r#"{"size":1,"peaks":["00"]}"#.to_owned(),
        format!(r#"{{"size":3,"peaks":["{hash}"]}}"#),
        format!(r#"{{"size":9223372036854775808,"peaks":["{hash}"]}}"#),
    ] {
        assert!(serde_json::from_str::<Frontier>(&damaged).is_err(), "{damaged}");
    }
}

#[test]
fn tile_paths_are_those_of_the_specification() {
    let path = |size: u64| edge_tiles(size).iter().map(Tile::path).collect::<Vec<_>>();
    assert_eq!(path(0), Vec::<String>::new());
    assert_eq!(path(256), ["tile/1/000.p/1"]);
    assert_eq!(path(70_000), ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    assert_eq!(Tile::parse("tile/0/x001/x234/067").unwrap().index(), 1_234_067);
    assert_eq!(Tile::parse("tile/63/x001/x234/067.p/255").unwrap().width(), 255);
    for wrong in [
        "",
        "tile/0/",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/+00",
        "tile/0/x000/000",
        "tile/0/001/234",
        "tile/0/x001/x234",
        "tile/0/x1000/000",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/8/0/000",
        "tile/entries/000",
    ] {
        assert_eq!(Tile::parse(wrong), Err(TreeError::TilePath(wrong.to_owned())));
    }
}

#[test]
fn damaged_or_missing_tiles_are_refused() {
    let (frontier, files) = grow_in(&[300]);
    let tiles = edge_tiles(300);
    assert!(grow(&frontier, &TileSet::default(), &leaves(1)).is_err());
    for damaged in &tiles {
        let mut set = TileSet::default();
        for tile in &tiles {
            let mut bytes = files.iter().find(|file| file.tile == *tile).unwrap().bytes.clone();
            if tile == damaged {
                assert!(TileSet::default().insert(*tile, &bytes[1..]).is_err());
                assert!(TileSet::default().insert(*tile, &bytes[32..]).is_err());
                bytes[5] ^= 1;
            }
            set.insert(*tile, &bytes).unwrap();
        }
        assert_eq!(grow(&frontier, &set, &leaves(1)), Err(TreeError::TileMismatch { size: 300 }));
    }
}

#[test]
fn a_full_tile_stands_in_for_a_partial_one() {
    let (old, _) = grow_in(&[200]);
    let (_, files) = grow_in(&[256]);
    let full = edge_tiles(200)[0].full();
    let edge = read_tiles(&[full], &files);
    let growth = grow(&old, &edge, &leaves(210)[200..]).unwrap();
    assert_eq!(growth.frontier.root(), root_of(&leaves(210)));
    assert_eq!(growth.writes.len(), 1);
    assert_eq!(growth.writes[0].tile.path(), "tile/0/000.p/210");
    assert_eq!(growth.writes[0].bytes, leaves(210).as_flattened());
}

#[test]
fn growing_by_nothing_writes_nothing() {
    let (frontier, files) = grow_in(&[70]);
    let growth = grow(&frontier, &read_tiles(&edge_tiles(70), &files), &[]).unwrap();
    assert_eq!(growth, Growth { frontier, writes: Vec::new() });
}

#[test]
fn three_levels_of_tiles() {
    let (frontier, files) = grow_in(&[70_000]);
    let count = |level| files.iter().filter(|file| file.tile.level() == level).count();
    assert_eq!((count(0), count(1), count(2), files.len()), (274, 2, 1, 277));
    let (stepped, in_steps) = grow_in(&[65_535, 1, 1, 4_463]);
    assert_eq!(frontier, stepped);
    for file in &files {
        assert!(in_steps.contains(file));
    }
    let all = leaves(70_000);
    for (index, old) in [(0, 1), (65_535, 65_535), (65_536, 65_536), (69_999, 69_999)] {
        let proof =
            inclusion_proof(index, 70_000, &read_tiles(&inclusion_tiles(index, 70_000).unwrap(), &files));
        assert_eq!(
            verify_inclusion(index, 70_000, &all[index as usize], &proof.unwrap(), &frontier.root()),
            Ok(()),
        );
        let tiles = read_tiles(&consistency_tiles(old, 70_000).unwrap(), &files);
        let proof = consistency_proof(old, 70_000, &tiles).unwrap();
        let old_root = root_of(&all[..old as usize]);
        assert_eq!(verify_consistency(old, 70_000, &old_root, &frontier.root(), &proof), Ok(()));
        assert_eq!(root_at(70_000, &tiles), Ok(frontier.root()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn roots_and_proofs_equal_those_of_ct_merkle(size in 1..600u64, pick in any::<(u64, u64)>()) {
        let (index, old) = (pick.0 % size, 1 + pick.1 % size);
        let theirs = ct_tree(size);
        let ours = leaves(size);
        let their_root = theirs.root();
        prop_assert_eq!(&root_of(&ours)[..], &their_root.as_bytes()[..]);
        let inclusion = inclusion_proof(index, size, ours.as_slice()).unwrap();
        let their_inclusion = theirs.prove_inclusion(index as usize);
        prop_assert_eq!(inclusion.as_flattened(), their_inclusion.as_bytes());
        let consistency = consistency_proof(old, size, ours.as_slice()).unwrap();
        if old < size {
            let their_consistency = theirs.prove_consistency((size - old) as usize);
            prop_assert_eq!(consistency.as_flattened(), their_consistency.as_bytes());
        }
        let (old_root, root) = (root_of(&ours[..old as usize]), root_of(&ours));
        prop_assert_eq!(verify_inclusion(index, size, &ours[index as usize], &inclusion, &root), Ok(()));
        prop_assert_eq!(verify_consistency(old, size, &old_root, &root, &consistency), Ok(()));
    }

    #[test]
    fn tiles_grown_in_steps_equal_those_grown_at_once(steps in prop::collection::vec(0..400u64, 1..8), pick: u64) {
        let size = steps.iter().sum();
        let (frontier, in_steps) = grow_in(&steps);
        let (once, at_once) = grow_in(&[size]);
        prop_assert_eq!(&frontier, &once);
        prop_assert_eq!(frontier.root(), root_of(&leaves(size)));
        for file in &at_once {
            prop_assert!(in_steps.contains(file));
            prop_assert_eq!(Tile::parse(&file.tile.path()), Ok(file.tile));
        }
        if size > 0 {
            let index = pick % size;
            let tiles = read_tiles(&inclusion_tiles(index, size).unwrap(), &in_steps);
            prop_assert_eq!(root_at(size, &tiles), Ok(frontier.root()));
            let all = leaves(size);
            prop_assert_eq!(inclusion_proof(index, size, &tiles), inclusion_proof(index, size, all.as_slice()));
            let tiles = read_tiles(&consistency_tiles(index, size).unwrap(), &in_steps);
            prop_assert_eq!(consistency_proof(index, size, &tiles), consistency_proof(index, size, all.as_slice()));
        }
    }

    #[test]
    fn an_entry_reads_back_and_damage_is_another_leaf(
        numbers: [i64; 5], texts in prop::array::uniform6(".{0,12}"), at: prop::sample::Index, flip in 1..=255u8,
    ) {
        let leaf = LedgerLeaf {
            position: numbers[0],
            sealed_at_us: numbers[1],
            event_id: numbers[2],
            sequence: numbers[3],
            recorded_at_us: numbers[4],
            aggregate_type: &texts[0],
            aggregate_id: &texts[1],
            event_type: &texts[2],
            event_version: &texts[3],
            payload: &texts[4],
            metadata: &texts[5],
        };
        let mut entry = leaf.entry();
        prop_assert_eq!(LedgerLeaf::parse(&entry), Ok(leaf));
        prop_assert_eq!(leaf_hash(&entry), leaf.leaf_hash());
        prop_assert_eq!(&leaf.preimage()[1..], &entry[..]);
        let cut = at.index(entry.len());
        prop_assert!(LedgerLeaf::parse(&entry[..cut]).is_err());
        entry[cut] ^= flip;
        if let Ok(other) = LedgerLeaf::parse(&entry) {
            prop_assert_ne!(other, leaf);
            prop_assert_eq!(other.entry(), entry);
        }
    }

    #[test]
    fn arbitrary_bytes_prove_nothing_and_panic_nowhere(bytes: Vec<u8>, text in "(\\PC|\n|\n\n|— | ){0,80}") {
        let key = verifier();
        prop_assert!(verify_offline(&bytes, &key).is_err());
        prop_assert!(verify_offline(text.as_bytes(), &key).is_err());
        prop_assert!(key.open(&text).is_err());
        let _ = (LedgerLeaf::parse(&bytes), VerifierKey::parse(&text), Tile::parse(&text));
    }
}

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn origin() -> Origin {
    Origin::parse("aegis.example/ledger").unwrap()
}

fn verifier() -> VerifierKey {
    VerifierKey::new(origin(), signing_key().verifying_key())
}

fn checkpoint() -> Checkpoint {
    let hashes: Vec<Hash> = ledger().iter().map(LedgerLeaf::leaf_hash).collect();
    Checkpoint { origin: origin(), size: 17, root: root_of(&hashes) }
}

fn proof_file(index: u64, note: &str) -> String {
    let ledger = ledger();
    let hashes: Vec<Hash> = ledger.iter().map(LedgerLeaf::leaf_hash).collect();
    let path = inclusion_proof(index, 17, hashes.as_slice()).unwrap();
    write_proof(&ledger[index as usize], &path, note)
}

#[test]
fn the_note_of_the_go_documentation_opens() {
    let key =
        VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let signature = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    assert_eq!(key.signed_text(&format!("{text}\n{signature}")), Ok(text));
    assert!(key.signed_text(&format!("{text}\n\n{signature}")).is_err());
}

#[test]
fn a_checkpoint_opens_with_its_key_only() {
    let note = checkpoint().sign(&signing_key());
    assert_eq!(verifier().open(&note), Ok(checkpoint()));
    assert_eq!(VerifierKey::parse(&verifier().to_string()), Ok(verifier()));

    let other_key = SigningKey::from_bytes(&[8; 32]);
    let other = VerifierKey::new(origin(), other_key.verifying_key());
    assert_eq!(other.open(&note), Err(CheckpointError::NotSigned(other.to_string())));

    // A second line by an unknown key is ignored, on either side.
    let second = checkpoint().sign(&other_key).lines().last().unwrap().to_owned();
    let both = format!("{note}{second}\n");
    assert_eq!(verifier().open(&both), Ok(checkpoint()));
    assert_eq!(other.open(&both), Ok(checkpoint()));

    // A right and a wrong line of the trusted key: the whole note is refused.
    let moved =
        Checkpoint { size: 18, ..checkpoint() }.sign(&signing_key()).lines().last().unwrap().to_owned();
    let mixed = format!("{note}{moved}\n");
    assert_eq!(verifier().open(&mixed), Err(CheckpointError::WrongSignature(verifier().to_string())));
}

#[test]
fn a_signed_text_that_is_no_checkpoint_of_this_log_is_refused() {
    use ed25519_dalek::Signer;
    let line = checkpoint().sign(&signing_key()).lines().last().unwrap().to_owned();
    let id = base64_of(&line)[..4].to_vec();
    let open = |text: &str| {
        let mut signature = id.clone();
        signature.extend(signing_key().sign(text.as_bytes()).to_bytes());
        let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, signature);
        verifier().open(&format!("{text}\n— {} {encoded}\n", origin()))
    };
    let text = checkpoint().text();
    assert_eq!(open(&text), Ok(checkpoint()));
    assert_eq!(open(&format!("{text}extension\n")), Ok(checkpoint()));
    let root = text.lines().last().unwrap();
    for wrong in [
        format!("{}\n", origin()),
        format!("{}\n17\n", origin()),
        format!("{}\n017\n{root}\n", origin()),
        format!("{}\n+17\n{root}\n", origin()),
        format!("{}\n17 \n{root}\n", origin()),
        format!("{}\n18446744073709551616\n{root}\n", origin()),
        format!("{}\n17\n{}\n", origin(), &root[1..]),
        format!("{}\n17\n\n{root}\n", origin()),
        format!("other.example/ledger\n17\n{root}\n"),
        format!("two words\n17\n{root}\n"),
    ] {
        assert!(open(&wrong).is_err(), "{wrong}");
    }
}

fn base64_of(line: &str) -> Vec<u8> {
    let encoded = line.rsplit_once(' ').unwrap().1;
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, encoded).unwrap()
}

#[test]
fn malformed_names_and_keys_are_refused() {
    for name in ["", " ", "a b", "a+b", "a\nb", "a\u{3000}b", "\u{7}"] {
        assert_eq!(Origin::parse(name), Err(CheckpointError::Origin(name.to_owned())));
    }
    let key = verifier().to_string();
    let (name, rest) = key.split_once('+').unwrap();
    let (id, encoded) = rest.split_once('+').unwrap();
    for wrong in [
        String::new(),
        name.to_owned(),
        format!("{name}+{id}"),
        format!("other+{id}+{encoded}"),
        format!("{name}+00000000+{encoded}"),
        format!("{name}+{}+{encoded}", id.to_uppercase() + "0"),
        format!("{name}+{id}+{}", &encoded[..40]),
        format!("{name}+{id}+Ag{}", &encoded[2..]),
        format!("{key}\n"),
        format!("+{id}+{encoded}"),
    ] {
        assert!(matches!(
            VerifierKey::parse(&wrong),
            Err(CheckpointError::VerifierKey(_) | CheckpointError::Origin(_))
        ));
    }
}

#[test]
fn every_event_has_a_proof_that_verifies_offline() {
    let note = checkpoint().sign(&signing_key());
    for index in 0..17 {
        let event = verify_offline(proof_file(index, &note).as_bytes(), &verifier()).unwrap();
        assert_eq!(event.leaf(), ledger()[index as usize]);
        assert_eq!(event.checkpoint(), &checkpoint());
    }
}

#[test]
fn a_proof_with_any_byte_changed_removed_or_added_fails() {
    let file = proof_file(5, &checkpoint().sign(&signing_key())).into_bytes();
    let key = verifier();
    assert!(verify_offline(&file, &key).is_ok());
    for at in 0..file.len() {
        for flip in [0x01, 0x20] {
            let mut changed = file.clone();
            changed[at] ^= flip;
            assert!(verify_offline(&changed, &key).is_err(), "byte {at} ^ {flip}");
        }
        let mut cut = file.clone();
        cut.remove(at);
        assert!(verify_offline(&cut, &key).is_err(), "byte {at} removed");
        assert!(verify_offline(&file[..at], &key).is_err(), "cut at {at}");
        let mut longer = file.clone();
        longer.insert(at, file[at]);
        assert!(verify_offline(&longer, &key).is_err(), "byte {at} doubled");
    }
    for tail in ["\n", " ", "x"] {
        assert!(verify_offline(&[&file, tail.as_bytes()].concat(), &key).is_err());
    }
}

#[test]
fn a_proof_for_another_position_or_tree_fails() {
    let note = checkpoint().sign(&signing_key());
    let ledger = ledger();
    // A log that signs a leaf at an index its own position denies.
    let moved = LedgerLeaf { position: 9, ..ledger[0] };
    let root = moved.leaf_hash();
    let lying = Checkpoint { size: 1, root, ..checkpoint() }.sign(&signing_key());
    let file = write_proof(&moved, &[], &lying).replace("index 8", "index 0");
    assert_eq!(
        verify_offline(file.as_bytes(), &verifier()),
        Err(ProofError::OtherPosition { position: 9, index: 0 }),
    );
    let path =
        inclusion_proof(4, 17, ledger.iter().map(LedgerLeaf::leaf_hash).collect::<Vec<_>>().as_slice());
    let file = write_proof(&ledger[5], &path.unwrap(), &note);
    assert_eq!(
        verify_offline(file.as_bytes(), &verifier()),
        Err(ProofError::NotIncluded(TreeError::RootMismatch)),
    );
    let zero = LedgerLeaf { position: 0, ..ledger[0] };
    assert!(verify_offline(write_proof(&zero, &[], &note).as_bytes(), &verifier()).is_err());
}
