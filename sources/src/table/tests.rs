use super::*;

fn file(text: impl AsRef<[u8]>) -> File {
    File { path: "t.csv".to_owned(), bytes: text.as_ref().to_vec() }
}

fn table(text: impl AsRef<[u8]>) -> Table {
    read(&file(text)).expect("a table")
}

fn refused(text: impl AsRef<[u8]>) -> String {
    read(&file(text)).expect_err("refused").to_string()
}

#[test]
fn columns_are_found_by_name_in_whatever_order() {
    let table = table("\u{feff}Other, Attack-ID ,name\r\nx,T1003,\"a, \"\"b\"\"\nc\"\r\n");
    assert_eq!(table.column(&["nothing", "attack id"]), Some(1));
    assert_eq!(table.column(&["nothing"]), None);
    let row = &table.rows[0];
    assert_eq!((row.line, row.get(1), row.get(2)), (2, "T1003", "a, \"b\"\nc"));
}

#[test]
fn the_separator_is_found_from_the_header() {
    for text in ["a;b;\"c,d,e,f\"\n1;2;3", "a\tb\tc\n1\t2\t3", "a,b,c\n1,2,3"] {
        assert_eq!(table(text).rows[0].fields, ["1", "2", "3"], "{text}");
    }
    assert_eq!(table("only\n1").rows[0].fields, ["1"]);
}

#[test]
fn a_shorter_row_is_filled_up_and_a_longer_one_refused() {
    let table = table("a,b\n1\n\n1,2,,\n1,2,3\n4,5\n");
    assert_eq!(table.rows.len(), 3);
    assert_eq!((table.rows[0].get(1), table.rows[0].filled(Some(1))), ("", None));
    assert_eq!(table.rejects.len(), 1);
    assert_eq!(table.rejects[0].line, Some(5));
    assert_eq!(table.rows[2].line, 6);
}

#[test]
fn a_row_that_is_no_text_costs_only_itself() {
    let table = table(b"a,b\n\xff,1\n2,3\n");
    assert_eq!((table.rows.len(), table.rejects[0].line), (1, Some(2)));
}

#[test]
fn an_overlong_field_is_refused_with_its_line() {
    let long = format!("a,b\n\"{},2\n3,4\n", "x".repeat(MAX_FIELD_CHARS + 1));
    let table = table(long);
    assert_eq!((table.rows.len(), table.rejects[0].line), (0, Some(2)));
    assert!(table.rejects[0].reason.contains("quote"));
}

#[test]
fn limits_hold() {
    assert!(refused("").contains("empty"));
    assert!(refused(" \n\n").contains("empty"));
    assert!(refused(b"\xff\xfea\0").contains("UTF-16"));
    assert!(refused("a,".repeat(MAX_COLUMNS) + "a").contains("columns"));
    assert!(refused("a\n".repeat(MAX_ROWS + 2)).contains("rows"));
    assert!(refused(format!("a,b\n{}", "1,2,3\n".repeat(MAX_ROWS + 1))).contains("rows"));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let _ = read(&file(bytes));
    });
}
