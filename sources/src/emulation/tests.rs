use super::*;
use crate::Control;

const FILE: &str = "some/Emulation_Plan/yaml/some.yaml";
const SOME: &str = "\
- emulation_plan_details:
    id: aaaaaaaa-2222-3333-4444-555555555555
    adversary_name: Some Team (G0034)
    adversary_description: A group.
- id: bbbbbbbb-2222-3333-4444-555555555555
  name: First
  technique: {attack_id: T1105}
  platforms: {windows: {cmd: {command: one}}}
- id: bbbbbbbb-2222-3333-4444-555555555555
  name: Second
  technique: {attack_id: 8.A.2}
  platforms: {windows: {cmd: {command: two}}}
- name: Third
  technique: {attack_id: x}
  platforms: {windows: {cmd: {command: three}}}
- name: Fourth
";

fn read_all(files: &Files) -> Result<Parsed, SourceError> {
    read(files, &mut |_, _| Control::Continue)
}

fn plans(parsed: &Parsed) -> Vec<&AdversaryRecord> {
    fn of(record: &Record) -> Option<&AdversaryRecord> {
        if let Record::Adversary(adversary) = record { Some(adversary) } else { None }
    }
    parsed.records.iter().filter_map(of).collect()
}

#[test]
fn a_plan_is_an_adversary_with_its_steps() {
    let parsed = read_all(&Files::of([(FILE, SOME)])).expect("read");
    let plan = plans(&parsed)[0];
    assert_eq!((plan.name.as_str(), plan.group.as_deref()), ("Some Team (G0034)", Some("G0034")));
    assert_eq!(
        plan.steps,
        [
            "bbbbbbbb-2222-3333-4444-555555555555",
            "aaaaaaaa-2222-3333-4444-555555555555/bbbbbbbb-2222-3333-4444-555555555555",
            "aaaaaaaa-2222-3333-4444-555555555555/3",
        ]
    );
    let mut keys: Vec<&str> =
        parsed.records.iter().filter(|record| record.kind() == "template").map(Record::key).collect();
    let mut steps: Vec<&str> = plan.steps.iter().map(String::as_str).collect();
    keys.sort_unstable();
    steps.sort_unstable();
    assert_eq!((keys, plan.unresolved.len()), (steps, 0));
    let figures = ["plans", "abilities", "abilities without a technique", "techniques"];
    assert_eq!(figures.map(|figure| parsed.counts.of(figure)), [1, 3, 2, 1]);
}

#[test]
fn plans_that_share_ids_are_told_apart() {
    let other = SOME.replacen("id: aaaaaaaa", "id: eeeeeeee", 1);
    let mut files = Files::of([(FILE, SOME)]);
    let path = "tother/Emulation_Plan/yaml/b.yaml".to_owned();
    files.files.push(File { path, bytes: other.into_bytes() });
    let parsed = read_all(&files).expect("read");
    assert_eq!((parsed.counts.of("abilities"), parsed.records.len()), (6, 8));
    assert_eq!(
        plans(&parsed)[1].steps[0],
        "eeeeeeee-2222-3333-4444-555555555555/bbbbbbbb-2222-3333-4444-555555555555"
    );
}

#[test]
fn an_ability_without_command_is_refused_with_its_line() {
    let parsed = read_all(&Files::of([(FILE, SOME)])).expect("read");
    let reject = &parsed.rejects.kept[0];
    assert_eq!((reject.line, reject.record.as_str()), (Some(16), "Fourth"));
}

#[test]
fn planners_and_archives_are_not_wanted() {
    assert!(wants(FILE) && wants("plan.yaml"));
    assert!(!wants("a/Emulation_Plan/yaml/planners/p.yml") && !wants("structure/format_dictionary.yaml"));
    assert!(
        !wants("a/Archive/CALDERA_DIY/evals/data/abilities/x.yml") && !wants("a/Emulation_Plan/README.md")
    );
}

#[test]
fn a_group_is_found_as_a_word() {
    assert_eq!(group_in("Team (G0034)."), Some("G0034".to_owned()));
    assert_eq!((group_in("TG0034 G003 G00345"), group_in("")), (None, None));
}

#[test]
fn what_is_no_plan_is_refused() {
    let reason = |text| match read_all(&Files::of([(FILE, text)])) {
        Err(SourceError::AllRefused(reject)) => reject.reason,
        other => panic!("{other:?}"),
    };
    assert!(reason("").contains("no plan"));
    assert!(reason("id: x\nname: planner").contains("no plan"));
    assert!(reason("a: [").contains("YAML"));
    assert!(reason("- emulation_plan_details: {id: x}").contains("adversary_name"));
    assert!(reason("- emulation_plan_details: {id: x, adversary_name: y}").contains("no abilities"));
    assert!(
        reason("- emulation_plan_details: {id: x, adversary_name: y}\n- {name: z}").contains("no command")
    );
    assert!(matches!(read_all(&Files::of([("README.md", "x")])), Err(SourceError::Nothing { .. })));
}

#[test]
fn it_stops_when_told_to() {
    let stopped = read(&Files::of([(FILE, SOME)]), &mut |_, _| Control::Cancel);
    assert_eq!(stopped, Err(SourceError::Cancelled));
}

#[test]
fn any_bytes_are_read_or_refused() {
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let _ = read_file(&File { path: FILE.to_owned(), bytes: bytes.clone() });
    });
}

#[test]
fn a_plan_changed_anywhere_is_read_or_refused() {
    bolero::check!().with_type::<(u16, u8)>().for_each(|(place, byte)| {
        let mut bytes = SOME.as_bytes().to_vec();
        let place = usize::from(*place) % bytes.len();
        bytes[place] = *byte;
        let _ = read_all(&Files { files: vec![File { path: FILE.to_owned(), bytes }], ..Files::default() });
    });
}

#[test]
fn the_real_one() {
    let Some(files) = crate::real::files("adversary_emulation_library.zip", wants) else { return };
    let parsed = read_all(&files).expect("read");
    assert_eq!(parsed.rejects.kept, []);
    let figures = ["plans", "abilities", "abilities without a technique"];
    assert_eq!(figures.map(|figure| parsed.counts.of(figure)), [10, 375, 26]);
    let of_plans = [
        ("APT29", 79),
        ("Carbanak", 24),
        ("FIN6", 27),
        ("FIN7", 10),
        ("menuPass", 15),
        ("OilRig", 44),
        ("Sandworm Team (G0034)", 40),
        ("Turla - Carbon", 45),
        ("Turla - Snake", 53),
        ("Wizard Spider", 38),
    ];
    for (plan, count) in of_plans {
        assert_eq!(parsed.counts.of(&format!("abilities of {plan}")), count, "{plan}");
    }
    let groups: Vec<&str> = plans(&parsed).iter().filter_map(|plan| plan.group.as_deref()).collect();
    assert_eq!(groups, ["G0034"]);
    assert!(plans(&parsed).iter().all(|plan| plan.unresolved.is_empty()));
}
