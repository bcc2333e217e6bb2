//! Evidence: a file of 50 MB through Aegis into an S3 server, against curl
//! putting the same file straight there; and what the server's memory grows by.

mod place;

use crate::cluster::Cluster;
use crate::report::{Figure, Rounds, Target, Unit};
use crate::{Settings, say};
use anyhow::{Context, Result, bail};
use place::{ACCESS_KEY, Aegis, S3, SECRET_KEY};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;
use tempfile::NamedTempFile;
use tokio::process::Command;

/// The largest file of evidence.
const BYTES: usize = 50 * 1024 * 1024;
/// Uploads at once, while memory is watched.
const AT_ONCE: usize = 10;
const ANNOUNCE: &str =
    "mutation ($input: RequestEvidenceUploadInput!) { requestEvidenceUpload(input: $input) {
  upload { id url direct { url headers { name value } } } userErrors { message } } }";
const CONFIRM: &str = "mutation ($input: ConfirmEvidenceInput!) { confirmEvidence(input: $input) {
  readModelsBehind userErrors { message } } }";

/// The figures.
///
/// # Errors
/// A server did not start, or a file did not arrive.
pub async fn measure(cluster: &Cluster, settings: &Settings) -> Result<Vec<Figure>> {
    const NAME: &str = "evidence of 50 MB to S3";
    let s3 = match S3::start() {
        Ok(s3) => s3,
        Err(error) => return Ok(vec![Figure::absent(NAME, format!("{error:#}"))]),
    };
    let aegis = Aegis::start(cluster, &s3).await?;
    let file = File::new()?;
    let (mut floor, mut put, mut whole, mut direct) = <(Rounds, Rounds, Rounds, Rounds)>::default();
    // The first ten of a fresh server are a figure of their own: what they take stays taken.
    let (mut growth, mut first) = <(Rounds, Rounds)>::default();
    for round in 0..=settings.rounds {
        say(&format!("evidence, round {round} of {} (round 0 warms up)", settings.rounds));
        // Of each round's own, since a side takes 50 files.
        let test = aegis.executing().await?;
        cluster.settle().await?;
        let bare = file.straight(&s3).await?;
        let ours = Upload::announce(&aegis, &test, &file).await?.through(&file).await?;
        let link = Upload::announce(&aegis, &test, &file).await?.direct(&file).await?;
        let grown = memory(&aegis, &file).await;
        s3.empty()?;
        if round > 0 {
            floor.add(bare);
            put.add(ours.put);
            whole.add(ours.whole);
            direct.add(link.whole);
        }
        match grown {
            Ok(grown) if round == 0 => first.add(grown),
            Ok(grown) => growth.add(grown),
            Err(error) => say(&format!("memory was not measured: {error:#}")),
        }
    }
    aegis.end(cluster).await?;
    let line = |name: &str, ours| {
        Figure::new(format!("{NAME}, {name}"), Unit::MegabytesPerSecond, ours).floor(floor.clone())
    };
    Ok(vec![
        line("through Aegis", put).target(Target::Ratio(0.7)),
        line("through Aegis, announced and confirmed", whole),
        line("by the browser's own link, announced and confirmed", direct),
        Figure::new(
            format!("memory that {AT_ONCE} such uploads at once take, the first"),
            Unit::Megabytes,
            first,
        )
        .target(Target::Below(20.0)),
        Figure::new(
            format!("memory that {AT_ONCE} such uploads at once take, later ones"),
            Unit::Megabytes,
            growth,
        )
        .target(Target::Below(20.0)),
    ])
}

/// What the server's memory grows by while files come in, MB.
async fn memory(aegis: &Aegis, file: &File) -> Result<f64> {
    let test = aegis.executing().await?;
    let mut uploads = vec![];
    for _ in 0..AT_ONCE {
        uploads.push(Upload::announce(aegis, &test, file).await?);
    }
    aegis.forget_peak()?;
    let before = aegis.memory(false)?;
    futures::future::try_join_all(uploads.into_iter().map(|upload| upload.through(file))).await?;
    Ok(aegis.memory(true)? - before)
}

/// The file, with what is announced of it.
struct File {
    file: NamedTempFile,
    sha256: String,
}

impl File {
    fn new() -> Result<Self> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        let mut random = crate::random::Random::new(crate::record::SEED);
        while bytes.len() < BYTES {
            bytes.extend(random.bytes());
        }
        bytes.truncate(BYTES);
        let file = NamedTempFile::new()?;
        std::fs::write(file.path(), &bytes)?;
        let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { file, sha256 })
    }

    /// curl signs, and puts it straight there. MB a second.
    async fn straight(&self, s3: &S3) -> Result<f64> {
        let key = format!("{ACCESS_KEY}:{SECRET_KEY}");
        let signed = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", &key];
        // As a presigned link has it, ours too: curl would read the file twice to sign its digest.
        let unsigned = ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"];
        let arguments: Vec<_> = signed.into_iter().chain(unsigned).map(str::to_owned).collect();
        rate(curl(self.file.path(), &s3.url("straight"), &arguments).await?)
    }
}

/// A file that was announced.
struct Upload<'a> {
    aegis: &'a Aegis,
    begun: Instant,
    announced: Value,
}

/// MB a second: the PUT by itself, and all of it.
struct Rates {
    put: f64,
    whole: f64,
}

impl<'a> Upload<'a> {
    async fn announce(aegis: &'a Aegis, test: &str, file: &File) -> Result<Self> {
        let begun = Instant::now();
        let announced = aegis.ask(
            ANNOUNCE,
            json!({ "testId": test, "side": "RED", "fileName": "capture.png", "sizeBytes": BYTES,
                    "sha256": file.sha256, "caption": "" }),
        );
        let announced = announced.await?["requestEvidenceUpload"]["upload"].take();
        Ok(Self { aegis, begun, announced })
    }

    async fn through(self, file: &File) -> Result<Rates> {
        let url = self.aegis.at(self.announced["url"].as_str().context("no link")?);
        let seconds = curl(file.file.path(), &url, &[]).await?;
        self.confirm(seconds).await
    }

    async fn direct(self, file: &File) -> Result<Rates> {
        let link = &self.announced["direct"];
        let mut arguments = vec![];
        for header in link["headers"].as_array().into_iter().flatten() {
            let [name, value] =
                [&header["name"], &header["value"]].map(|text| text.as_str().unwrap_or_default());
            arguments.extend(["--header".to_owned(), format!("{name}: {value}")]);
        }
        let seconds = curl(file.file.path(), link["url"].as_str().context("no link")?, &arguments).await?;
        self.confirm(seconds).await
    }

    async fn confirm(self, put: f64) -> Result<Rates> {
        self.aegis.ask(CONFIRM, json!({ "uploadId": self.announced["id"] })).await?;
        Ok(Rates { put: rate(put)?, whole: rate(self.begun.elapsed().as_secs_f64())? })
    }
}

#[allow(clippy::cast_precision_loss, reason = "a count of bytes")]
fn rate(seconds: f64) -> Result<f64> {
    if seconds <= 0.0 {
        bail!("an upload took no time");
    }
    Ok(BYTES as f64 / seconds / 1e6)
}

/// Puts a file; how long that took by curl's own clock, seconds.
async fn curl(file: &Path, url: &str, arguments: &[String]) -> Result<f64> {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--fail-with-body", "--noproxy", "*"]);
    command.args(["--output", "/dev/null", "--write-out", "%{time_total}"]);
    command.args(arguments).arg("--upload-file").arg(file).arg(url).stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.context("curl is not installed")?;
    if !output.status.success() {
        let [said, errors] =
            [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
        bail!("curl failed: {said}{errors}");
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
}
