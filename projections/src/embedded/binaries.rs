//! Finding a usable PostgreSQL: the search path or `PATH` and the distribution's folders, then npm.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{error::ClusterError, npm, owner::run, place::Place};

/// The oldest major version Aegis works with.
const OLDEST_MAJOR: u32 = 15;
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];
/// What the job queue and the migrations create; some distributions package them apart.
const EXTENSIONS: [&str; 3] = ["hstore", "pgcrypto", "plpgsql"];
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// A usable PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) dir: PathBuf,
    pub(super) major: u32,
    /// The full version, such as "15.18".
    pub(super) version: String,
}

/// The folders of a colon separated setting; an empty setting has none.
pub(super) fn split_search_path(setting: &str) -> Vec<PathBuf> {
    std::env::split_paths(setting).filter(|folder| !folder.as_os_str().is_empty()).collect()
}

/// Finds the first usable PostgreSQL, of the wanted major version if a cluster already has one.
pub(super) async fn find(
    search_path: Option<&[PathBuf]>,
    npm_dir: &Path,
    place: &Place,
    wanted: Option<u32>,
    report: &(dyn Fn(&str) + Send + Sync),
) -> Result<Binaries, ClusterError> {
    let candidates = search_path.map_or_else(default_candidates, <[PathBuf]>::to_vec);
    let mut rejected = Vec::new();
    let mut others: Vec<Binaries> = Vec::new();
    for dir in candidates.iter().filter(|dir| dir.join("postgres").exists()) {
        match examine(dir, place).await {
            Ok(found) if wanted.is_none_or(|major| major == found.major) => return Ok(found),
            Ok(found) if others.contains(&found) => {}
            Ok(found) => others.push(found),
            Err(reason) => rejected.push(format!("{}: {reason}", dir.display())),
        }
    }
    for reason in &rejected {
        tracing::debug!(reason, "a PostgreSQL installation was skipped");
    }
    let source = match npm::provide(wanted, npm_dir, place, report).await {
        Ok(found) => return Ok(found),
        Err(source) => source,
    };
    match wanted {
        Some(cluster) => {
            let mut found: Vec<_> =
                others.iter().map(|other| format!("{} in {}", other.version, other.dir.display())).collect();
            found.append(&mut rejected);
            found.push(format!("no usable npm package ({source})"));
            let found = found.join("; ");
            Err(ClusterError::MajorMismatch { data_dir: place.data_dir.clone(), cluster, found })
        }
        None => {
            let searched = match (rejected.is_empty(), search_path.is_some()) {
                (false, _) => rejected.join("; "),
                (true, true) => "none in AEGIS_POSTGRES_SEARCH_PATH".to_owned(),
                (true, false) => "none in PATH or /usr/lib/postgresql".to_owned(),
            };
            Err(ClusterError::NoBinaries { searched, source: Box::new(source) })
        }
    }
}

/// `PATH`, then the distribution's folders with the highest major version first.
fn default_candidates() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut candidates: Vec<_> = std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect();
    let mut packaged: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    packaged.sort();
    candidates.extend(packaged.into_iter().rev().map(|(_, bin)| bin));
    candidates
}

/// Whether a folder holds a usable PostgreSQL, by asking its programs; else the reason why not.
pub(super) async fn examine(dir: &Path, place: &Place) -> Result<Binaries, String> {
    let dir = beyond_links(dir);
    let mut versions = Vec::new();
    for program in PROGRAMS {
        let answer = ask(&dir.join(program), &["--version"], place).await?;
        let version = version_in(&answer).ok_or_else(|| format!("{program} --version said {answer:?}"))?;
        versions.push(version);
    }
    versions.dedup();
    let [version] = &versions[..] else {
        return Err(format!("its programs are of different versions ({})", versions.join(", ")));
    };
    let major = major_of(version).ok_or_else(|| format!("version {version:?} is not a number"))?;
    if major < OLDEST_MAJOR {
        return Err(format!("version {version} is older than {OLDEST_MAJOR}"));
    }
    // `--show` only prints settings and creates nothing.
    let settings = ask(&dir.join("initdb"), &["--show", "-D", "/nonexistent"], place).await?;
    let share = settings
        .lines()
        .find_map(|line| line.strip_prefix("share_path="))
        .ok_or_else(|| format!("initdb --show said {settings:?}"))?;
    let lacks = |name: &&&str| !Path::new(share).join(format!("extension/{name}.control")).exists();
    match EXTENSIONS.iter().find(lacks) {
        Some(missing) => Err(format!("the extension {missing} is missing in {share}/extension")),
        None => Ok(Binaries { major, version: version.clone(), dir }),
    }
}

/// The folder the three programs really are in, when they are links into one: `/usr/local/bin` may
/// hold links of three programs out of a whole installation.
fn beyond_links(dir: &Path) -> PathBuf {
    let real: Vec<_> =
        PROGRAMS.iter().filter_map(|program| fs::canonicalize(dir.join(program)).ok()).collect();
    let same_name = real.iter().zip(PROGRAMS).all(|(path, program)| path.ends_with(program));
    let parents: Vec<_> = real.iter().filter_map(|path| path.parent()).collect();
    match parents[..] {
        [first, second, third] if same_name && first == second && second == third => first.to_path_buf(),
        _ => dir.to_path_buf(),
    }
}

async fn ask(program: &Path, arguments: &[&str], place: &Place) -> Result<String, String> {
    let mut command = place.owner.command(program);
    command.args(arguments);
    let name = program.display();
    match run(command, ANSWER_LIMIT).await {
        Ok(finished) if finished.success => Ok(finished.output),
        Ok(finished) => Err(format!("{name} {} failed: {}", arguments.join(" "), finished.output)),
        Err(error) => Err(format!("{name} cannot be run by {}: {error}", place.owner.name)),
    }
}

/// "15.18" out of "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".
pub(super) fn version_in(answer: &str) -> Option<String> {
    let (_, rest) = answer.split_once("(PostgreSQL) ")?;
    rest.split_whitespace().next().map(str::to_owned)
}

/// 15 out of "15.18", and 18 out of "18beta1".
pub(super) fn major_of(version: &str) -> Option<u32> {
    let digits = version.find(|c: char| !c.is_ascii_digit()).map_or(version, |end| &version[..end]);
    digits.parse().ok()
}
