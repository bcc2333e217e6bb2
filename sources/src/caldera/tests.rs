use super::*;

fn of(text: &str) -> Result<TemplateRecord, String> {
    template(&crate::yaml::document(text.as_bytes()).expect("YAML"), "k".to_owned(), "p")
}

#[test]
fn each_platform_and_executor_is_a_way() {
    let ability = of("\
name: A
technique: {attack_id: ' t1564.001 ', name: Hide}
tactic: stealth
privilege: Elevated
platforms:
  linux,darwin:
    sh: {command: 'hide #{file} #{file}', cleanup: 'show #{other}', payloads: [b.sh, a.sh]}
  windows:
    psh,pwsh: {command: hide}
    cmd: {timeout: 1}
")
    .expect("an ability");
    let ways: Vec<String> = ability
        .executions
        .iter()
        .map(|way| format!("{} {} {}", way.platforms.join("+"), way.executor, way.elevated))
        .collect();
    assert_eq!(ways, ["Linux sh true", "macOS sh true", "Windows powershell true", "Windows pwsh true"]);
    assert_eq!(ability.attack_id.as_deref(), Some("T1564.001"));
    assert_eq!(ability.platforms, ["Linux", "Windows", "macOS"]);
    assert_eq!(ability.prerequisites, "payload: a.sh\npayload: b.sh");
    let gaps: Vec<&str> = ability.arguments.iter().map(|gap| gap.name.as_str()).collect();
    assert_eq!(gaps, ["file", "other"]);
    assert_eq!(ability.tags, ["Hide", "stealth"]);
}

#[test]
fn the_newer_form_has_executors() {
    let ability = of("\
name: A
technique_id: T1105
technique_name: Transfer
executors:
- {name: psh, platform: windows, command: get, code: null, cleanup: [one, two]}
")
    .expect("an ability");
    let way = &ability.executions[0];
    assert_eq!(
        (way.executor.as_str(), way.command.as_str(), way.cleanup.as_str()),
        ("powershell", "get", "one\ntwo")
    );
    assert_eq!(ability.platforms, ["Windows"]);
}

#[test]
fn executors_beside_platforms_only_add_to_them() {
    let ability = of("\
name: A
cti_source: https://a.example/x
procedure_step: 2.A
platforms: {windows: {cmd: {command: get}}}
executors:
- {name: command_prompt, command: ' get', cleanup_command: drop, elevation_required: true}
input_arguments:
  file: {description: Which, type: Path, default: \"x\\n\"}
")
    .expect("an ability");
    assert_eq!(ability.executions.len(), 1);
    let way = &ability.executions[0];
    assert_eq!((way.cleanup.as_str(), way.elevated), ("drop", true));
    assert_eq!(ability.arguments[0].default.as_deref(), Some("x"));
    assert_eq!((ability.references.len(), ability.tags.join(" ")), (1, "step:2.A".to_owned()));
}

#[test]
fn what_is_built_or_only_undone_is_a_way_too() {
    let built = of("name: A\nplatforms: {windows: {cmd: {code: main.cs, language: csharp}}}").expect("read");
    assert_eq!(built.executions[0].command, "main.cs");
    let undone = of("name: A\nplatforms: {linux: {sh: {cleanup: rm x}}}").expect("read");
    assert_eq!((undone.executions[0].command.as_str(), undone.executions[0].cleanup.as_str()), ("", "rm x"));
}

#[test]
fn an_id_that_is_none_stays_as_a_word() {
    let ability =
        of("name: A\ntechnique: {attack_id: 7.A.5}\nplatforms: {linux: {sh: {command: x}}}").expect("read");
    assert_eq!((ability.attack_id, ability.tags.join(" ")), (None, "attack_id:7.A.5".to_owned()));
}

#[test]
fn an_ability_without_name_or_command_is_refused() {
    assert!(of("platforms: {linux: {sh: {command: x}}}").expect_err("refused").contains("name"));
    assert!(of("name: A").expect_err("refused").contains("no command"));
    let many = vec!["sh"; MAX_EXECUTIONS + 1].join(",");
    let many = format!("name: A\nexecutors: [{{name: '{many}', platform: linux, command: x}}]");
    assert!(of(&many).expect_err("refused").contains("more than"));
}
