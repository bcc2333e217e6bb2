use super::*;
use crate::files::{MAX_FILE_BYTES, RATIO_FREE_BYTES};

const TYPES: &str =
    r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;

/// A book of sheets, each with its name and the XML of its rows.
pub(crate) fn book(sheets: &[(&str, &str)]) -> Vec<u8> {
    let body = |rows: &&str| {
        format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData></worksheet>")
    };
    let sheets: Vec<(&str, String)> = sheets.iter().map(|(name, rows)| (*name, body(rows))).collect();
    packed(&parts(&sheets))
}

/// The rows of a sheet: numbers as numbers, all else as text in the cell.
pub(crate) fn xml(rows: &[&[&str]]) -> String {
    let mut xml = String::new();
    for row in rows {
        xml.push_str("<row>");
        for cell in *row {
            let number = cell.parse::<f64>().is_ok() && !cell.ends_with('0');
            let text = cell.replace('&', "&amp;").replace('<', "&lt;");
            match number {
                true => xml.push_str(&format!("<c><v>{text}</v></c>")),
                false => xml.push_str(&format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")),
            }
        }
        xml.push_str("</row>");
    }
    xml
}

fn parts(sheets: &[(&str, String)]) -> Vec<(String, String)> {
    let main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut workbook, mut rels) = (String::new(), String::new());
    let mut parts = vec![("[Content_Types].xml".to_owned(), TYPES.to_owned())];
    for (index, (name, body)) in sheets.iter().enumerate() {
        workbook.push_str(&format!("<sheet name=\"{name}\" sheetId=\"{index}\" r:id=\"r{index}\"/>"));
        rels.push_str(&format!(
            "<Relationship Id=\"r{index}\" Type=\"{main}/worksheet\" Target=\"worksheets/s{index}.xml\"/>"
        ));
        parts.push((format!("xl/worksheets/s{index}.xml"), body.clone()));
    }
    let office =
        format!("<Relationship Id=\"w\" Type=\"{main}/officeDocument\" Target=\"xl/workbook.xml\"/>");
    parts.push(("_rels/.rels".to_owned(), format!("<Relationships>{office}</Relationships>")));
    parts.push(("xl/workbook.xml".to_owned(), format!("<workbook><sheets>{workbook}</sheets></workbook>")));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{rels}</Relationships>")));
    parts
}

fn packed(parts: &[(String, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(vec![]));
    for (path, text) in parts {
        writer.start_file(path, SimpleFileOptions::default()).expect("start");
        writer.write_all(text.as_bytes()).expect("write");
    }
    writer.finish().expect("finish").into_inner()
}

#[test]
fn a_sheet_is_rows_of_text() {
    let book = book(&[
        ("One", ""),
        ("A &amp; B", &xml(&[&["Id", "Name"], &["4.0999999999999996", "x"], &["4.10", "y < z"]])),
    ]);
    assert_eq!(sheets(&book).expect("sheets"), ["One", "A & B"]);
    let rows = rows(&book, "A & B").expect("rows");
    let fields: Vec<Vec<&str>> =
        rows.iter().map(|row| row.fields.iter().map(String::as_str).collect()).collect();
    assert_eq!(fields, [["Id", "Name"], ["4.1", "x"], ["4.10", "y < z"]]);
    assert_eq!(rows[2].line, 3);
}

#[test]
fn numbers_are_shown_as_people_see_them() {
    for (number, shown) in [(4.1, "4.1"), (0.1 + 0.2, "0.3"), (18.0, "18"), (1e21, "1000000000000000000000")]
    {
        assert_eq!(number_text(number), shown);
    }
}

#[test]
fn a_sheet_of_a_million_declared_rows_costs_what_stands_in_it() {
    let far = "<row r=\"1048576\"><c r=\"B1048576\"><v>1</v></c><c r=\"XFD1048576\"><v>2</v></c></row>";
    let rows = rows(&book(&[("S", far)]), "S").expect("rows");
    assert_eq!(rows, [Row { line: 1_048_576, fields: vec![String::new(), "1".to_owned()] }]);
}

#[test]
fn cells_far_right_in_many_rows_are_bounded() {
    let far: String =
        (1..=30_000).map(|row| format!("<row r=\"{row}\"><c r=\"GR{row}\"><v>1</v></c></row>")).collect();
    assert!(rows(&book(&[("S", &far)]), "S").expect_err("refused").contains("cells"));
}

#[test]
fn many_rows_are_bounded() {
    let many = "<row><c><v>1</v></c></row>".repeat(MAX_ROWS + 1);
    assert!(rows(&book(&[("S", &many)]), "S").expect_err("refused").contains("rows"));
}

#[test]
fn a_shared_text_in_many_cells_is_bounded() {
    let mut parts = parts(&[(
        "S",
        format!(
            "<worksheet><sheetData>{}</sheetData></worksheet>",
            "<row><c t=\"s\"><v>0</v></c></row>".repeat(3_000)
        ),
    )]);
    let main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let shared = format!(
        "<Relationship Id=\"x\" Type=\"{main}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    let rels = parts.last_mut().expect("one");
    rels.1 = rels.1.replace("</Relationships>", &shared);
    parts.push((
        "xl/sharedStrings.xml".to_owned(),
        format!("<sst><si><t>{}</t></si></sst>", "x".repeat(30_000)),
    ));
    assert!(rows(&packed(&parts), "S").expect_err("refused").contains("bytes of text"));
}

#[test]
fn a_document_type_is_refused_in_whatever_part() {
    for index in 0..5 {
        let mut parts = parts(&[("S", "<worksheet><sheetData/></worksheet>".to_owned())]);
        parts[index].1 = format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", parts[index].1);
        assert!(sheets(&packed(&parts)).expect_err("refused").contains("document type"), "{index}");
    }
    let comment = "<!-- c --><row><c t=\"inlineStr\"><is><t><![CDATA[x]]></t></is></c></row>";
    assert_eq!(rows(&book(&[("S", comment)]), "S").expect("rows")[0].fields, ["x"]);
}

#[test]
fn a_document_type_in_another_encoding_is_refused() {
    let mut all = parts(&[("S", "<worksheet><sheetData/></worksheet>".to_owned())]);
    let sixteen: Vec<u8> = "<!DOCTYPE x>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    all.retain(|(path, _)| !path.contains("worksheets"));
    let mut writer = ZipWriter::new_append(Cursor::new(packed(&all))).expect("append");
    writer.start_file("xl/worksheets/s0.xml", SimpleFileOptions::default()).expect("start");
    writer.write_all(&[&[0xFF, 0xFE], sixteen.as_slice()].concat()).expect("write");
    let bytes = writer.finish().expect("finish").into_inner();
    assert!(sheets(&bytes).expect_err("refused").contains("UTF-8"));
}

#[test]
fn an_entity_of_its_own_is_not_known() {
    let cell = "<row><c t=\"inlineStr\"><is><t>&a;</t></is></c></row>";
    assert!(rows(&book(&[("S", cell)]), "S").is_err());
}

#[test]
fn a_bomb_in_a_part_is_refused() {
    for size in [RATIO_FREE_BYTES + 1, MAX_FILE_BYTES + 1] {
        let blanks = " ".repeat(usize::try_from(size).expect("small"));
        let bomb = book(&[("S", &blanks)]);
        assert!(bomb.len() < 200_000);
        assert!(sheets(&bomb).expect_err("refused").contains("unpack"));
    }
}

#[test]
fn what_is_no_sheet_is_refused() {
    for bytes in [&b""[..], b"PK\x03\x04", b"a,b\n1,2\n"] {
        assert!(sheets(bytes).is_err());
    }
    assert!(
        sheets(&packed(&[("a.xml".to_owned(), String::new())])).expect_err("refused").contains("no .xlsx")
    );
    assert!(rows(&book(&[("S", "")]), "T").is_err());
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let _ = sheets(bytes);
    });
}

#[test]
fn any_xml_in_a_sheet_is_read_or_refused() {
    let whole = xml(&[&["Id", "Name"], &["4.5", "x"]]).replace("<c>", "<c r=\"A1\" t=\"d\" s=\"0\">");
    bolero::check!().with_type::<(u16, Vec<u8>)>().for_each(|(place, bytes)| {
        let mut xml = whole.clone().into_bytes();
        let place = usize::from(*place) % xml.len();
        let end = (place + bytes.len()).min(xml.len());
        xml.splice(place..end, bytes.iter().copied());
        let _ = rows(&book(&[("S", &String::from_utf8_lossy(&xml))]), "S");
    });
}
