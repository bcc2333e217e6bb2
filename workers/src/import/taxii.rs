//! Fetching a domain of ATT&CK by TAXII 2.1 (OASIS, 10 June 2021): the objects of a collection, page by page.
//!
//! Each page is kept as it comes, so that an attempt after a crash asks for the one that follows. The objects of all
//! pages make one STIX bundle, which is read like a file.

use super::fetch::kept_at;
use crate::job::{JobError, Progress, Tools};
use aegis_aggregates::knowledge::KnowledgeSource;
use aegis_outbound::{Url, header};
use bytes::Bytes;
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::time::Duration;
use uuid::Uuid;

/// What is asked for and answered, by the standard.
const MEDIA_TYPE: &str = "application/taxii+json;version=2.1";
/// Objects asked for at a time; a server may give fewer.
const PAGE_OBJECTS: usize = 2_000;
/// Pages of a collection at most.
const MAX_PAGES: usize = 2_000;
/// Bytes of one page at most.
const MAX_PAGE_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of all pages at most.
const MAX_BYTES: usize = 256 * 1024 * 1024;
/// How long one page may take.
const WITHIN: Duration = Duration::from_secs(120);

/// A page of objects: the envelope of the standard.
#[derive(Debug, Deserialize)]
struct Envelope<'a> {
    #[serde(default)]
    more: bool,
    #[serde(default)]
    next: Option<String>,
    #[serde(default, borrow)]
    objects: Vec<&'a RawValue>,
}

/// Whether an address is that of the objects of a collection.
pub(super) fn is_collection(address: &str) -> bool {
    address.contains("/collections/") && address.trim_end_matches('/').ends_with("/objects")
}

/// Fetches the objects of a collection as a bundle.
///
/// # Errors
/// The server does not answer, or not by the standard.
pub(super) async fn fetch(
    tools: &Tools,
    job: Uuid,
    source: KnowledgeSource,
    address: &str,
    progress: &Progress,
) -> Result<(Bytes, String), JobError> {
    let store = tools.objects.store().as_ref();
    let mut pages = kept_pages(store, job).await?;
    let mut size: usize = pages.iter().map(Bytes::len).sum();
    let mut next = match pages.last() {
        Some(last) => envelope(last)?.following(),
        None => Some(None),
    };
    while let Some(token) = next {
        progress.check()?;
        if pages.len() >= MAX_PAGES {
            return Err(JobError::Final(format!("the collection has more than {MAX_PAGES} pages")));
        }
        let page = page(tools, address, token.as_deref()).await?;
        size += page.len();
        if size > MAX_BYTES {
            return Err(JobError::Final(format!("the collection has more than {MAX_BYTES} bytes")));
        }
        let following = envelope(&page)?.following();
        if following.is_some() && following == Some(token) {
            return Err(JobError::Final("the server names the same page as the one that follows".to_owned()));
        }
        let name = format!("page-{:04}.json", pages.len());
        store.put(&kept_at(job, &name), page.clone().into()).await.map_err(JobError::transient)?;
        pages.push(page);
        progress.show(0, None, format!("Fetched {} pages, {} MB", pages.len(), size / 1_000_000));
        next = following;
    }
    Ok((bundle(&pages)?, format!("{}.json", source.aggregate_id())))
}

impl Envelope<'_> {
    /// The token of the page that follows; nothing where this is the last one.
    fn following(&self) -> Option<Option<String>> {
        (self.more && self.next.is_some()).then(|| self.next.clone())
    }
}

fn envelope(page: &[u8]) -> Result<Envelope<'_>, JobError> {
    serde_json::from_slice(page)
        .map_err(|error| JobError::Final(format!("the server's answer is no page of TAXII 2.1: {error}")))
}

async fn page(tools: &Tools, address: &str, token: Option<&str>) -> Result<Bytes, JobError> {
    let mut url = Url::parse(address).map_err(JobError::transient)?;
    url.query_pairs_mut().append_pair("limit", &PAGE_OBJECTS.to_string());
    if let Some(token) = token {
        url.query_pairs_mut().append_pair("next", token);
    }
    let call = tools.outbound.get(url.as_str()).map_err(JobError::transient)?;
    let accept = header::HeaderValue::from_static(MEDIA_TYPE);
    let call = call.header(header::ACCEPT, accept).redirects(1).within(WITHIN).at_most(MAX_PAGE_BYTES);
    let answer = call.send().await.map_err(JobError::transient)?;
    if !answer.status.is_success() {
        return Err(JobError::Final(format!("the TAXII server answered {}", answer.status)));
    }
    let kind =
        answer.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/taxii+json") {
        return Err(JobError::Final(format!(
            "the TAXII server answered with the media type '{}'",
            kind.escape_default()
        )));
    }
    Ok(answer.body)
}

/// The pages an attempt before this one has kept, up to the first that is missing.
async fn kept_pages(store: &dyn ObjectStore, job: Uuid) -> Result<Vec<Bytes>, JobError> {
    let folder = kept_at(job, "");
    let names = store.list(Some(&folder)).map_ok(|meta| meta.location).try_collect::<Vec<_>>().await;
    let mut names = names.map_err(JobError::transient)?;
    names.retain(|name| name.filename().is_some_and(|name| name.starts_with("page-")));
    names.sort();
    let mut pages = vec![];
    for (number, name) in names.iter().enumerate() {
        if name.filename() != Some(format!("page-{number:04}.json").as_str()) {
            break;
        }
        let page = store.get(name).await.map_err(JobError::transient)?;
        pages.push(page.bytes().await.map_err(JobError::transient)?);
    }
    Ok(pages)
}

/// The objects of all pages as one bundle.
fn bundle(pages: &[Bytes]) -> Result<Bytes, JobError> {
    let mut bundle =
        String::from(r#"{"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000000","objects":["#);
    let mut first = true;
    for page in pages {
        for object in envelope(page)?.objects {
            if !first {
                bundle.push(',');
            }
            first = false;
            bundle.push_str(object.get());
        }
    }
    bundle.push_str("]}");
    Ok(bundle.into())
}
