use super::*;

fn refused(text: &str) -> Fault {
    documents(text.as_bytes()).expect_err("a fault")
}

#[test]
fn scalars_stay_as_written() {
    let node = document(b"a: 1.10\nb: no\nc: 2019/01/12\nd: \"null\"\ne: null\nf:\ng: ~\nh: |\n  x\n  y\n")
        .expect("YAML");
    assert_eq!(node.text_of("a"), Some("1.10"));
    assert_eq!(node.text_of("b"), Some("no"));
    assert_eq!(node.text_of("c"), Some("2019/01/12"));
    assert_eq!(node.text_of("d"), Some("null"));
    assert!(["e", "f", "g", "z"].iter().all(|key| node.get(key).is_none()));
    assert_eq!(node.text_of("h"), Some("x\ny\n"));
    assert_eq!(node.get("h").map(|node| node.line), Some(9));
}

#[test]
fn documents_are_read_apart() {
    let text = b"\xEF\xBB\xBF---\na: &x 1\n---\nb: 2\n...\n";
    assert_eq!(documents(text).expect("YAML").len(), 2);
    assert_eq!(document(text).expect_err("two").reason, "there is a second document in the file");
    assert!(document(b"").expect("nothing").is_null());
}

#[test]
fn of_a_key_twice_the_last_counts() {
    assert_eq!(document(b"a: 1\na: 2\n").expect("YAML").text_of("a"), Some("2"));
}

#[test]
fn aliases_are_followed() {
    let node = document(b"a: &x [1, 2]\nb: *x\n").expect("YAML");
    assert_eq!(node.texts_of("b"), ["1", "2"]);
    assert!(refused("a: &x [*x]\n").reason.contains("within what it names"));
}

#[test]
fn what_grows_by_aliases_is_refused_before_it_does() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let below = level - 1;
        let row = vec![format!("*a{below}"); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{row}]\n"));
    }
    let fault = refused(&bomb);
    assert!(fault.reason.contains("what its aliases repeat"), "{fault:?}");
    assert!(fault.line < 10, "{fault:?}");
}

#[test]
fn depth_size_and_text_have_limits() {
    let deep = refused(&"[".repeat(100_000)).reason;
    assert!(deep.contains("levels deep") || deep.contains("not YAML"), "{deep}");
    assert!(refused(&format!("{}{}", "[".repeat(80), "]".repeat(80))).reason.contains("levels deep"));
    assert!(refused(&format!("a: {}", "x".repeat(MAX_BYTES))).reason.contains("at most"));
    assert!(refused("a:\n\tb: 1\n").reason.starts_with("it is not YAML"));
    let not_text = documents(b"a: 1\nb: \xff\n").expect_err("no UTF-8");
    assert_eq!((not_text.line, not_text.reason.as_str()), (2, "the file is not UTF-8 text"));
    assert!(refused(&"---\na\n".repeat(MAX_DOCUMENTS + 1)).reason.contains("documents"));
}

#[test]
fn any_bytes_are_read_or_refused() {
    const TEXT: &str =
        "---\na: &x [1, 'two', \"three\\n\"]\nb: *x\nc: |\n  long\n  text\n...\n---\nd: {e: f}\n";
    bolero::check!().with_type::<(Vec<u8>, u16, u8)>().for_each(|(bytes, place, byte)| {
        let mut changed = TEXT.as_bytes().to_vec();
        let place = usize::from(*place) % changed.len();
        changed[place] = *byte;
        let _ = (documents(bytes), documents(&changed), document(&changed));
    });
}
