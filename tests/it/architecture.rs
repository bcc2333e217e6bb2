//! The house as STYLE draws it: who may depend on whom, what each floor never
//! knows, and where DDL may stand.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Direct dependencies of every package of the workspace, by kind.
struct Workspace {
    normal: BTreeMap<String, BTreeSet<String>>,
    development: BTreeMap<String, BTreeSet<String>>,
}

impl Workspace {
    fn read() -> Self {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let output = Command::new(cargo)
            .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--locked"])
            .current_dir(ROOT)
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
        let mut workspace = Self { normal: BTreeMap::new(), development: BTreeMap::new() };
        for package in metadata["packages"].as_array().expect("packages") {
            let name = text(&package["name"]);
            for dependency in package["dependencies"].as_array().expect("dependencies") {
                let kind = match dependency["kind"].as_str() {
                    Some("dev") => &mut workspace.development,
                    _ => &mut workspace.normal,
                };
                kind.entry(name.clone()).or_default().insert(text(&dependency["name"]));
            }
        }
        workspace
    }

    /// What a crate is built from, without what only its tests use.
    fn of(&self, name: &str) -> &BTreeSet<String> {
        self.normal.get(name).unwrap_or_else(|| panic!("{name} is a package of the workspace"))
    }

    fn own(&self, name: &str) -> BTreeSet<&str> {
        self.of(name).iter().map(String::as_str).filter(|name| name.starts_with("aegis")).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn set<const N: usize>(names: [&'static str; N]) -> BTreeSet<&'static str> {
    BTreeSet::from(names)
}

#[test]
fn dependencies_only_point_down() {
    let workspace = Workspace::read();
    assert_eq!(workspace.own("aegis-sources"), set([]));
    assert_eq!(workspace.own("aegis-projections"), set(["aegis-aggregates", "aegis-sources"]));
    assert_eq!(workspace.own("aegis-objects"), set([]));
    assert_eq!(workspace.own("aegis-outbound"), set([]));
    assert_eq!(workspace.own("aegis-relay"), set([]));
    let below =
        set(["aegis-aggregates", "aegis-objects", "aegis-outbound", "aegis-projections", "aegis-relay"]);
    assert_eq!(workspace.own("aegis-api"), below);
    let below_workers = below.iter().copied().chain(["aegis-sources"]).collect();
    assert_eq!(workspace.own("aegis-workers"), below_workers);
    // Tests of a floor see no floor above it either.
    for (name, dependencies) in &workspace.development {
        let own: Vec<_> = dependencies.iter().filter(|name| name.starts_with("aegis")).collect();
        assert!(own.is_empty(), "the tests of {name} depend on {own:?}");
    }
}

#[test]
fn aggregates_know_these_crates_and_no_others() {
    let allowed = set(["cqrs-es", "serde", "chrono", "chrono-tz", "uuid", "thiserror", "petgraph"]);
    let workspace = Workspace::read();
    let found: BTreeSet<&str> = workspace.of("aegis-aggregates").iter().map(String::as_str).collect();
    assert!(found.is_subset(&allowed), "aggregates also know {:?}", found.difference(&allowed));
    assert!(found.contains("cqrs-es"), "this test reads the right list");
}

#[test]
fn no_floor_knows_what_it_never_may() {
    let never: [(&str, &[&str]); 7] = [
        (
            "aegis-sources",
            &[
                "sqlx",
                "tokio",
                "reqwest",
                "axum",
                "async-graphql",
                "cqrs-es",
                "apalis",
                "object_store",
                "redis",
            ],
        ),
        ("aegis-relay", &["axum", "async-graphql", "cqrs-es", "apalis", "object_store"]),
        ("aegis-outbound", &["sqlx", "axum", "async-graphql", "cqrs-es", "apalis", "object_store"]),
        ("aegis-objects", &["sqlx", "axum", "async-graphql", "cqrs-es", "apalis"]),
        (
            "aegis-projections",
            &["axum", "hyper", "tower", "tower-http", "async-graphql", "reqwest", "object_store", "redis"],
        ),
        ("aegis-api", &["sqlx", "postgres-es", "cqrs-es", "apalis", "apalis-postgres", "tokio-postgres"]),
        ("aegis-workers", &["async-graphql", "axum"]),
    ];
    let workspace = Workspace::read();
    for (name, forbidden) in never {
        for crate_name in forbidden {
            assert!(!workspace.of(name).contains(*crate_name), "{name} must not know {crate_name}");
        }
    }
}

/// Files under a folder, without what was built or installed there.
fn files(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if entry.is_dir() && !matches!(name, "target" | "node_modules" | "dist" | ".git") {
            files(&entry, extensions, found);
        } else if extensions.iter().any(|extension| name.ends_with(&format!(".{extension}"))) {
            found.push(entry);
        }
    }
}

fn sources(folders: &[&str], extensions: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = vec![];
    for folder in folders {
        files(&Path::new(ROOT).join(folder), extensions, &mut found);
    }
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(&path).expect("UTF-8"))).collect()
}

/// Lines of code and strings, without comments and in one case.
fn lines(source: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    let code = source.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.map(|(number, line)| (number + 1, line.to_lowercase()))
}

#[test]
fn ddl_stands_in_migrations_only() {
    let mut looked_at = 0;
    for (path, source) in sources(&["aggregates", "projections/src", "api", "workers", "src"], &["rs"]) {
        let is_test = path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests");
        if is_test {
            continue;
        }
        looked_at += 1;
        for (number, line) in lines(&source) {
            for ddl in [
                "create table",
                "alter table",
                "drop table",
                "create index",
                "create unique index",
                "create trigger",
            ] {
                assert!(!line.contains(ddl), "{}:{number} holds `{ddl}`", path.display());
            }
        }
    }
    assert!(looked_at > 30, "only {looked_at} files were looked at");
    assert!(sources(&["migrations"], &["sql"]).iter().any(|(_, text)| text.contains("create table")));
}

#[test]
fn sql_stands_in_projections_only() {
    let queries = ["sqlx::query", "query_as!", "query_scalar!", "query!("];
    // The queue's own tables belong to apalis and to its sqlx; see docs/adr/0003.
    let exception = Path::new(ROOT).join("workers/src/queue.rs");
    for (path, source) in sources(&["aggregates", "api", "workers/src", "src"], &["rs"]) {
        if path == exception {
            continue;
        }
        for (number, line) in lines(&source) {
            assert!(
                !queries.iter().any(|query| line.contains(query)),
                "{}:{number} holds a query",
                path.display()
            );
        }
    }
    let sql = sources(&["projections/src"], &["rs"]);
    assert!(sql.iter().any(|(_, source)| queries.iter().any(|query| source.contains(query))));
}

#[test]
fn rules_and_folds_ask_no_clock_and_no_dice() {
    let worldly =
        ["utc::now", "local::now", "systemtime", "instant::now", "new_v4", "now_v7", "std::fs", "std::net"];
    let folds: Vec<_> = sources(&["projections/src"], &["rs"])
        .into_iter()
        .filter(|(_, source)| source.contains("impl Fold for") || source.contains("pub trait Fold"))
        .collect();
    assert!(folds.len() > 4, "this test finds the folds");
    for (path, source) in sources(&["aggregates/src"], &["rs"]).into_iter().chain(folds) {
        for (number, line) in lines(&source) {
            for world in worldly {
                assert!(!line.contains(world), "{}:{number} reaches for `{world}`", path.display());
            }
        }
    }
}

#[test]
fn the_interface_knows_the_schema_and_nothing_else_of_ours() {
    let mut imports = 0;
    for (path, source) in sources(&["web/src"], &["ts", "tsx", "css"]) {
        for (number, line) in lines(&source) {
            let imported = line
                .split_once("from ")
                .or_else(|| line.split_once("import("))
                .or_else(|| line.split_once("@import "));
            let Some((_, target)) = imported else { continue };
            imports += 1;
            for floor in ["aggregates/", "projections/", "workers/", "/api/src", "migrations/"] {
                assert!(!target.contains(floor), "{}:{number} imports {target}", path.display());
            }
        }
    }
    assert!(imports > 0, "this test reads imports");
    let codegen =
        fs::read_to_string(Path::new(ROOT).join("web/codegen.ts")).expect("the interface is generated for");
    assert!(codegen.contains("../schema.graphql"), "types come from schema.graphql");
}
