use super::*;
use crate::results::Detection;

const CSV: &str = "\
Name;Technik;Start;Host;Erfolg;Erkannt;Plattform;Befehl
Schauen;T1001;31.12.2026 14:30;PC1;ja;nicht erkannt;Windows, linux;dir
Planen;t1002.003;;PC1;;;;
Falsch;lateral;;;;;;
Zweideutig;T1003;03/04/2026;;;;;
;;;PC2;;;;
Schauen;T1001;2026-12-31T14:30:00Z;pc1;;;;
Wort;T1004;;;vielleicht;;;
";

fn mapping(table: &str) -> Mapping {
    let guess = columns(table.as_bytes(), "a.csv", None).expect("a table").guess;
    let fields = guess.into_iter().enumerate().filter_map(|(column, field)| Some((column, field?)));
    Mapping { fields: fields.collect(), ..Mapping::default() }
}

#[test]
fn a_table_is_shown_with_a_guess() {
    let shown = columns(CSV.as_bytes(), "a.csv", None).expect("a table");
    assert_eq!((shown.header.len(), shown.rows.len(), shown.count, shown.sheet), (8, 7, 7, None));
    assert_eq!(shown.guess[1], Some(Field::Technique));
    assert!(shown.guess.iter().all(Option::is_some));
}

#[test]
fn a_row_with_a_result_is_an_attack_and_any_other_a_plan() {
    let found = read(CSV.as_bytes(), "a.csv", &mapping(CSV)).expect("read");
    let [attack] = &found.executed[..] else { panic!("{found:?}") };
    assert_eq!(attack.test.key, "T1001/schauen/2026-12-31T14:30:00Z/pc1");
    assert_eq!(attack.started_at.as_deref(), Some("2026-12-31T14:30:00Z"));
    assert_eq!((attack.success, attack.detection), (Some(true), Some(Detection::NotDetected)));
    assert_eq!(attack.test.platforms, ["Linux", "Windows"]);
    assert_eq!((attack.command.as_str(), attack.test.line), ("dir", Some(2)));
    let [plan] = &found.planned[..] else { panic!("{found:?}") };
    assert_eq!((plan.key.as_str(), plan.attack_id.as_deref()), ("T1002.003/planen", Some("T1002.003")));
}

#[test]
fn a_row_at_fault_is_refused_with_its_line() {
    let found = read(CSV.as_bytes(), "a.csv", &mapping(CSV)).expect("read");
    let rejects: Vec<String> = found.rejects.kept.iter().map(ToString::to_string).collect();
    assert_eq!(
        rejects,
        [
            "a.csv:4: Falsch: 'lateral' is no id of a technique",
            "a.csv:5: Zweideutig: '03/04/2026' can be read with the day first and with the month first; say which it is",
            "a.csv:6: it has neither a name nor a technique",
            "a.csv:8: Wort: 'vielleicht' is no word for success or failure that is known",
            "a.csv:7: T1001/schauen/2026-12-31T14:30:00Z/pc1: it occurs twice; the first one counts (a.csv:2)"
        ]
    );
}

#[test]
fn a_form_of_dates_that_is_named_is_taken() {
    let mapping = Mapping { dates: Some(DateForm::MonthFirst), ..mapping(CSV) };
    let found = read(CSV.as_bytes(), "a.csv", &mapping).expect("read");
    assert!(found.executed.iter().any(|it| it.started_at.as_deref() == Some("2026-03-04T00:00:00Z")));
}

#[test]
fn a_mapping_must_fit_the_table() {
    let of = |fields: &[(usize, Field)]| {
        let mapping = Mapping { fields: fields.to_vec(), ..Mapping::default() };
        read(CSV.as_bytes(), "a.csv", &mapping).expect_err("refused").to_string()
    };
    assert!(of(&[(8, Field::Name)]).contains("no column 9"));
    assert!(of(&[(0, Field::Name), (1, Field::Name)]).contains("twice"));
    assert!(of(&[(0, Field::Name), (0, Field::Host)]).contains("twice"));
    assert!(of(&[(3, Field::Host)]).contains("name or the technique"));
}

#[test]
fn what_ends_before_it_begins_is_refused() {
    let table = "Name,Start,End\nx,2026-01-02,2026-01-01\ny,2026-01-01T10:00:00Z,2026-01-01T10:00:00.5Z\n";
    let found = read(table.as_bytes(), "a.csv", &mapping(table)).expect("read");
    assert_eq!((found.executed.len(), found.rejects.kept[0].line), (1, Some(2)));
}

#[test]
fn a_sheet_of_a_book_is_read_by_its_name() {
    use crate::sheet::tests::{book, xml};
    let rows = xml(&[&["Name", "Ref"], &["Look", "T1001"], &["Odd", "x"], &["Touch", "T1002"]]);
    let bytes = book(&[("Empty", ""), ("Tests", rows.as_str())]);
    assert!(columns(&bytes, "a.xlsx", None).is_err());
    assert!(columns(&bytes, "a.xlsx", Some("Nowhere")).is_err());
    let shown = columns(&bytes, "a.xlsx", Some("Tests")).expect("a table");
    assert_eq!((shown.sheets.as_slice(), shown.count), (&["Empty".to_owned(), "Tests".to_owned()][..], 3));
    let fields = vec![(0, Field::Name), (1, Field::Technique)];
    let mapping = Mapping { sheet: Some("Tests".to_owned()), fields, ..Mapping::default() };
    let found = read(&bytes, "a.xlsx", &mapping).expect("read");
    assert_eq!((found.planned.len(), found.rejects.kept[0].line), (2, Some(3)));
}

#[test]
fn real_summaries_need_no_hand() {
    let Some(files) = crate::real::files("threat-simulation-indexes.zip", |path| path.ends_with(".csv"))
    else {
        return;
    };
    let mut rows = 0;
    for file in &files.files {
        let shown = columns(&file.bytes, &file.path, None).expect("a table");
        let [name, id, .., about] = &shown.guess[..] else { panic!("{shown:?}") };
        assert_eq!((name, id), (&Some(Field::Name), &Some(Field::Technique)));
        assert_eq!(about, &Some(Field::Description));
        let mapping = Mapping { fields: vec![(0, Field::Name), (1, Field::Technique)], ..Mapping::default() };
        rows += read(&file.bytes, &file.path, &mapping).expect("read").planned.len();
    }
    assert_eq!(rows, 498);
}

#[test]
fn any_bytes_are_read_or_refused() {
    let mapping = Mapping { fields: vec![(0, Field::Name), (1, Field::Technique)], ..Mapping::default() };
    bolero::check!().with_type::<(Vec<u8>, u16, u8)>().for_each(|(bytes, place, byte)| {
        let mut changed = CSV.as_bytes().to_vec();
        let place = usize::from(*place) % changed.len();
        changed[place] = *byte;
        for (bytes, name) in [(bytes, "a.csv"), (&changed, "a.csv"), (bytes, "a.xlsx")] {
            let _ = (columns(bytes, name, None), read(bytes, name, &mapping));
        }
    });
}
