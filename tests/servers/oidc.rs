//! An OpenID Connect provider of a test's own (see `tests/oidc`), which ends with it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running provider.
pub struct Provider {
    child: Child,
    /// Its address.
    pub issuer: String,
}

/// The provider beside its pinned packages, which are installed where builds go, once for each lock file.
fn installed() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc");
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc");
    std::fs::create_dir_all(&cache).expect("the target folder can be written");
    // Tests run side by side, each in a process of its own.
    let lock_file =
        std::fs::File::create(cache.join("installing")).expect("the target folder can be written");
    lock_file.lock().expect("locks");
    for file in ["package.json", "package-lock.json", ".npmrc", "provider.mjs"] {
        std::fs::copy(source.join(file), cache.join(file)).expect("it is committed");
    }
    let lock = std::fs::read(source.join("package-lock.json")).expect("the provider is pinned");
    let done = cache.join("installed-lock.json");
    if std::fs::read(&done).ok().as_deref() != Some(&lock[..]) {
        let npm = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"])
            .current_dir(&cache)
            .stdin(Stdio::null())
            .output()
            .expect("npm is installed");
        assert!(npm.status.success(), "npm ci: {}", String::from_utf8_lossy(&npm.stderr));
        std::fs::write(&done, lock).expect("the target folder can be written");
    }
    cache.join("provider.mjs")
}

impl Provider {
    /// Starts one that sends people back to an address.
    pub fn start(redirect_url: &str) -> Self {
        let mut child = Command::new("node")
            .arg(installed())
            .arg(redirect_url)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed");
        let said = child.stdout.take().expect("it is piped");
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        let issuer = lines.find(|line| line.starts_with("http://")).expect("it says its address");
        // Whatever else it says has to go somewhere, or it would end.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, issuer }
    }

    /// Its host and port.
    pub fn host(&self) -> &str {
        self.issuer.trim_start_matches("http://")
    }

    /// Makes what it says of people wrong in one way, or gives somebody other groups.
    pub async fn tamper(&self, form: &[(&str, &str)]) {
        let form: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = reqwest::Client::new().post(format!("{}/tamper", self.issuer)).body(form.join("&"));
        assert_eq!(request.send().await.expect("it answers").status(), 200);
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
