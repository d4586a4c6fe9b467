//! The client: one connection pool and the calls that use it.

use super::error::SiteliftError;
use super::lift::{self, Rules};
use super::options::{FetchOptions, Part, parts as wanted, selectors};
use super::process::Bound;
use super::site::Site;
use super::stream::{Order, SiteStream};
use crate::fetch::{Fetcher, Target, check};
use crate::runtime;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Fetches pages with one set of options and one connection pool. Safe to share between threads and tasks.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Client {
    pool: Bound<Pool>,
}

#[derive(Debug)]
struct Pool {
    engine: Arc<Engine>,
    closed: CancellationToken,
}

/// What a page is fetched and lifted with.
pub(crate) struct Engine {
    fetcher: Fetcher,
    rules: Rules,
    pub concurrency: usize,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("concurrency", &self.concurrency).finish_non_exhaustive()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        runtime::gated(|| drop(std::mem::take(&mut self.rules.selectors)));
    }
}

impl Engine {
    /// Fetches and lifts one page; never fails as a whole.
    pub(crate) async fn fetch(self: Arc<Self>, target: Target) -> Site {
        let started = SystemTime::now();
        let exchange = self.fetcher.fetch(&target).await;
        let asked = target.asked.clone();
        let lifted = runtime::compute(move || lift::exchanged(&target.asked, started, exchange, &self.rules)).await;
        lifted.unwrap_or_else(|defect| broken(&asked, &defect))
    }
}

/// The record of a page that sitelift itself failed on.
pub(crate) fn broken(asked: &str, defect: &str) -> Site {
    use super::error::{Problem, ProblemKind};
    Site {
        url: asked.to_owned(),
        final_url: asked.to_owned(),
        error: Some(Problem {
            kind: ProblemKind::Internal,
            url: asked.to_owned(),
            detail: format!("sitelift failed on this page, which is a defect to report: {defect}"),
        }),
        ..Site::default()
    }
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Client {
    /// A client with its own connection pool.
    ///
    /// Fails with `SiteliftError::InvalidArgument` or `SiteliftError::InvalidSelector` when an option is out of its range.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn new(options: FetchOptions) -> Result<Arc<Self>, SiteliftError> {
        runtime::gated(runtime::warm_up);
        let checked = runtime::gated(|| options.check())?;
        let rules = Rules {
            selectors: checked.selectors,
            parts: checked.parts,
            keep_body: checked.keep_body,
            max_body_bytes: checked.fetch.max_body_bytes,
        };
        let engine = Arc::new(Engine {
            fetcher: runtime::gated(|| Fetcher::new(checked.fetch)).map_err(SiteliftError::internal)?,
            rules,
            concurrency: checked.concurrency,
        });
        Ok(Arc::new(Self { pool: Bound::new(Pool { engine, closed: CancellationToken::new() }) }))
    }

    /// Fetches and lifts one page. What went wrong with it stands in its `error`.
    ///
    /// Fails only when the client is closed or was made before a fork. Dropping the future stops the request.
    pub async fn fetch(&self, url: String) -> Result<Site, SiteliftError> {
        let pool = self.open()?;
        let target = match check(&url) {
            Ok(target) => target,
            Err(failure) => return Ok(lift::rejected(&url, failure)),
        };
        let task = runtime::spawn(Arc::clone(&pool.engine).fetch(target));
        tokio::select! {
            page = task => Ok(page.unwrap_or_else(|defect| broken(&url, &defect))),
            () = pool.closed.cancelled() => Err(closed()),
        }
    }

    /// Fetches and lifts many pages: one record for each URL, in the order given.
    ///
    /// Equal URLs (fragments aside) are fetched once and returned at every index. Fails as `fetch` does.
    pub async fn fetch_all(&self, urls: Vec<String>) -> Result<Vec<Site>, SiteliftError> {
        let stream = self.stream_all(urls)?;
        let mut sites = Vec::new();
        loop {
            let batch = stream.next_batch(u32::MAX).await?;
            if batch.is_empty() {
                return Ok(sites);
            }
            sites.extend(batch);
        }
    }

    /// Fetches and lifts many pages and hands each over as it comes: in the order given, or with `ordered` off each as soon as it
    /// is there.
    ///
    /// A slow reader stops the fetching. An ordered stream holds at most `look_ahead` pages behind one that is slow (default: 256, or
    /// twice the concurrency if more); fewer hold less memory, more keep the connections busy. A page whose URL stands in the
    /// list again is kept until its last place was served.
    #[cfg_attr(feature = "uniffi", uniffi::method(default(ordered = true, look_ahead = None)))]
    pub fn stream(
        &self,
        urls: Vec<String>,
        ordered: bool,
        look_ahead: Option<u32>,
    ) -> Result<Arc<SiteStream>, SiteliftError> {
        let order = if ordered {
            Order::AsAsked { look_ahead: look_ahead.map(|n| usize::try_from(n).unwrap_or(usize::MAX)) }
        } else {
            Order::AsDone
        };
        let pool = self.open()?;
        Ok(Arc::new(SiteStream::start(Arc::clone(&pool.engine), urls, order, &pool.closed)))
    }

    /// As `fetch`, and blocks the thread until it is done.
    pub fn fetch_blocking(&self, url: String) -> Result<Site, SiteliftError> {
        let mut sites = self.fetch_all_blocking(vec![url])?;
        sites.pop().ok_or_else(|| SiteliftError::internal("the batch lost its page".to_owned()))
    }

    /// As `fetch_all`, and blocks the thread until it is done.
    pub fn fetch_all_blocking(&self, urls: Vec<String>) -> Result<Vec<Site>, SiteliftError> {
        let stream = self.stream_all(urls)?;
        let mut sites = Vec::new();
        loop {
            let batch = stream.next_batch_blocking(u32::MAX, None)?;
            sites.extend(batch.sites);
            if batch.finished {
                return Ok(sites);
            }
        }
    }

    /// Ends all calls and streams of this client with `SiteliftError::Closed`, now and later. May be called twice.
    pub fn shutdown(&self) {
        if let Ok(pool) = self.pool.get() {
            pool.closed.cancel();
        }
    }

    /// Whether `shutdown` was called.
    pub fn is_shut_down(&self) -> bool {
        self.pool.get().is_ok_and(|pool| pool.closed.is_cancelled())
    }
}

impl Client {
    fn open(&self) -> Result<&Pool, SiteliftError> {
        let pool = self.pool.get()?;
        if pool.closed.is_cancelled() { Err(closed()) } else { Ok(pool) }
    }

    /// A stream that holds all pages, as the list does that they are collected into.
    fn stream_all(&self, urls: Vec<String>) -> Result<Arc<SiteStream>, SiteliftError> {
        let all = u32::try_from(urls.len()).unwrap_or(u32::MAX);
        self.stream(urls, true, Some(all))
    }
}

/// The error of every call on a closed client.
pub(crate) fn closed() -> SiteliftError {
    SiteliftError::Closed { reason: "the client is closed; make a new one to go on".to_owned() }
}

/// Lifts HTML that is already there; nothing is fetched.
///
/// `base_url` is what relative URLs are resolved against (absent: they are left out); `content_type` is the HTTP header, whose
/// `charset` counts as it does in browsers (absent: HTML); `select` are CSS rules and `parts` the wanted parts as in
/// `FetchOptions::select` and `FetchOptions::parts`. Fails with
/// `SiteliftError::InvalidArgument` when `base_url` is no absolute URL, and with `SiteliftError::InvalidSelector`.
#[cfg_attr(feature = "uniffi", uniffi::export(default(base_url = None, content_type = None, parts = None, select)))]
pub fn extract(
    html: &[u8],
    base_url: Option<String>,
    content_type: Option<String>,
    select: HashMap<String, String>,
    parts: Option<Vec<Part>>,
) -> Result<Site, SiteliftError> {
    let base = base_url
        .filter(|text| !text.is_empty())
        .map(|text| {
            Url::parse(&text).map_err(|error| {
                SiteliftError::argument("base_url", format_args!("{text:?} is not an absolute URL: {error}"))
            })
        })
        .transpose()?;
    let rules = Rules {
        selectors: runtime::gated(|| selectors(&select))?,
        parts: wanted(parts.as_deref()),
        keep_body: true,
        max_body_bytes: usize::MAX,
    };
    Ok(runtime::gated(|| lift::given(html, base.as_ref(), content_type, &rules)))
}
