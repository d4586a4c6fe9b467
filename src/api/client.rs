//! The client: one connection pool and the calls that use it.

use super::checks::selectors;
use super::drive::Input;
use super::error::SiteliftError;
use super::lift::{self, Rules};
use super::options::{FetchOptions, Part, parts as wanted};
use super::out::Order;
use super::process::Bound;
use super::site::Site;
use super::stats::{Counts, Stats};
use super::stream::SiteStream;
use crate::fetch::{Fetcher, Names, Permit, Share, Step, Unusable, Visit, Wait};
use crate::runtime;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
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
    pub fetcher: Fetcher,
    rules: Rules,
    pub counts: Counts,
    pub concurrency: usize,
    pub deadline: Option<Duration>,
    pub max_bytes_in_flight: usize,
}

/// What one step of fetching a page led to.
pub(crate) enum End {
    /// Its record.
    Page(Box<Page>),
    /// Another step.
    Next { visit: Box<Visit>, after: After },
}

/// What is waited for before another step.
#[derive(Debug)]
pub(crate) enum After {
    Nothing,
    Pause(Duration),
    Aside(Wait),
}

/// A record, with its part of the bytes that a call may hold.
pub(crate) struct Page {
    pub site: Site,
    pub share: Share,
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
    /// Takes a page one step further, and lifts it when that was the last; never fails as a whole.
    pub(crate) async fn advance(
        self: Arc<Self>,
        mut visit: Box<Visit>,
        permit: Permit,
        mut share: Share,
        until: Option<Instant>,
    ) -> End {
        let _running = self.counts.begin();
        match self.fetcher.step(&mut visit, permit, &mut share, until).await {
            Step::Go => return End::Next { visit, after: After::Nothing },
            Step::Wait(wait) => return End::Next { visit, after: After::Aside(wait) },
            Step::Again(after) => {
                self.counts.retried();
                return End::Next { visit, after: After::Pause(after) };
            }
            Step::Done => {}
        }
        // Unpacked and lifted it holds more than was read: many at a time would together be far beyond the limit.
        let late = async {
            match until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        let has_room = tokio::select! {
            biased;
            () = share.room() => true,
            () = late => false,
        };
        if !has_room {
            visit.give_up_body();
        }
        let engine = Arc::clone(&self);
        let asked = visit.asked().to_owned();
        let lifted = runtime::compute(move || engine.record(visit)).await;
        let site = lifted.unwrap_or_else(|defect| broken(&asked, &defect));
        self.counts.received(&site);
        share.settle(weight(&site));
        End::Page(Box::new(Page { site, share }))
    }

    /// The record of a page that the time of its call ran out for.
    pub(crate) fn expired(&self, mut visit: Box<Visit>) -> Site {
        visit.expire();
        self.record(visit)
    }

    fn record(&self, visit: Box<Visit>) -> Site {
        let (target, exchange) = visit.into_exchange();
        lift::exchanged(&target.asked, exchange, &self.rules)
    }
}

/// About how many bytes a record holds: the text, as much again for all that was lifted from it, the headers and the redirects.
fn weight(site: &Site) -> usize {
    let body = usize::try_from(site.body_size).unwrap_or(usize::MAX).saturating_mul(2);
    let headers = site.headers.iter().map(|header| header.name.len() + header.value.len());
    headers.chain(site.redirects.iter().map(|hop| hop.url.len())).fold(body, usize::saturating_add)
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
        Self::by(options, Names::system())
    }

    /// Fetches and lifts one page. What went wrong with it stands in its `error`.
    ///
    /// Fails only when the client is closed or was made before a fork. Dropping the future stops the request.
    pub async fn fetch(&self, url: String) -> Result<Site, SiteliftError> {
        let stream = self.stream_all(vec![url])?;
        stream.next().await?.ok_or_else(lost)
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
        self.start(Input::List(urls), order(ordered, look_ahead))
    }

    /// As `stream`, with URLs that are handed over one after another: to the stream's `offer` or `feed`, until its `finish`.
    ///
    /// Any number of URLs passes through in bounded memory: about 10,000 are looked through at a time, so that a busy host does not hold
    /// up the others, and equal ones among those are fetched once.
    #[cfg_attr(feature = "uniffi", uniffi::method(default(ordered = true, look_ahead = None)))]
    pub fn open_stream(&self, ordered: bool, look_ahead: Option<u32>) -> Result<Arc<SiteStream>, SiteliftError> {
        let pool = self.open()?;
        let (engine, order) = (Arc::clone(&pool.engine), order(ordered, look_ahead));
        Ok(Arc::new(SiteStream::open(engine, order, &pool.closed)))
    }

    /// As `fetch`, and blocks the thread until it is done.
    pub fn fetch_blocking(&self, url: String) -> Result<Site, SiteliftError> {
        let mut sites = self.fetch_all_blocking(vec![url])?;
        sites.pop().ok_or_else(lost)
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

    /// What this client has done so far. In a forked child, which has no part in it, all are 0.
    pub fn stats(&self) -> Stats {
        self.pool.get().map(|pool| pool.engine.counts.read()).unwrap_or_default()
    }

    /// Whether `shutdown` was called.
    pub fn is_shut_down(&self) -> bool {
        self.pool.get().is_ok_and(|pool| pool.closed.is_cancelled())
    }
}

impl Client {
    /// A client that looks names up by `names`.
    pub(crate) fn by(options: FetchOptions, names: Names) -> Result<Arc<Self>, SiteliftError> {
        runtime::gated(runtime::warm_up);
        let checked = runtime::gated(|| options.check())?;
        let rules = Rules {
            selectors: checked.selectors,
            parts: checked.parts,
            keep_body: checked.keep_body,
            max_body_bytes: checked.fetch.max_body_bytes,
        };
        let engine = Arc::new(Engine {
            fetcher: runtime::gated(|| Fetcher::new(checked.fetch, names)).map_err(|why| match why {
                Unusable::Http(why) => SiteliftError::internal(why),
                Unusable::Cache(error) => {
                    let folder = options.cache_dir.unwrap_or_default();
                    SiteliftError::argument("cache_dir", format_args!("{folder:?} cannot be written to: {error}"))
                }
            })?,
            rules,
            counts: Counts::default(),
            concurrency: checked.concurrency,
            deadline: checked.deadline,
            max_bytes_in_flight: checked.max_bytes_in_flight,
        });
        Ok(Arc::new(Self { pool: Bound::new(Pool { engine, closed: CancellationToken::new() }) }))
    }

    fn open(&self) -> Result<&Pool, SiteliftError> {
        let pool = self.pool.get()?;
        if pool.closed.is_cancelled() { Err(closed()) } else { Ok(pool) }
    }

    /// As `stream`, with URLs from an iterator that is asked for more when there is room: any number of them passes through in bounded
    /// memory, as with `open_stream`. It must not block: a task of the runtime runs it.
    pub fn stream_from<I>(
        &self,
        urls: I,
        ordered: bool,
        look_ahead: Option<u32>,
    ) -> Result<Arc<SiteStream>, SiteliftError>
    where
        I: IntoIterator<Item = String, IntoIter: Send + 'static>,
    {
        self.start(Input::Lazy(Box::new(urls.into_iter())), order(ordered, look_ahead))
    }

    fn start(&self, input: Input, order: Order) -> Result<Arc<SiteStream>, SiteliftError> {
        let pool = self.open()?;
        Ok(Arc::new(SiteStream::start(Arc::clone(&pool.engine), input, order, &pool.closed)))
    }

    /// A stream that holds all pages, as the list does that they are collected into.
    fn stream_all(&self, urls: Vec<String>) -> Result<Arc<SiteStream>, SiteliftError> {
        let all = u32::try_from(urls.len()).unwrap_or(u32::MAX);
        self.stream(urls, true, Some(all))
    }
}

fn order(ordered: bool, look_ahead: Option<u32>) -> Order {
    if ordered {
        Order::AsAsked { look_ahead: look_ahead.map(|n| usize::try_from(n).unwrap_or(usize::MAX)) }
    } else {
        Order::AsDone
    }
}

fn lost() -> SiteliftError {
    SiteliftError::internal("the batch lost its page".to_owned())
}

/// The error of every call on a closed client.
pub(crate) fn closed() -> SiteliftError {
    SiteliftError::Closed { reason: "the client is closed; make a new one to go on".to_owned() }
}

/// Lifts HTML that is already there; nothing is fetched.
///
/// `base_url` is what relative URLs are resolved against (absent: they are left out); `content_type` is the HTTP header, whose
/// `charset` counts as it does in browsers (absent: HTML); `select` are CSS rules and `parts` the wanted parts as in
/// `FetchOptions::select` and `FetchOptions::parts`; with `keep_body` (the default) the record holds the decoded text, too. Fails with
/// `SiteliftError::InvalidArgument` when `base_url` is no absolute URL, and with `SiteliftError::InvalidSelector`.
#[cfg_attr(
    feature = "uniffi",
    uniffi::export(default(base_url = None, content_type = None, parts = None, keep_body = true, select))
)]
pub fn extract(
    html: &[u8],
    base_url: Option<String>,
    content_type: Option<String>,
    select: HashMap<String, String>,
    parts: Option<Vec<Part>>,
    keep_body: bool,
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
        keep_body,
        max_body_bytes: usize::MAX,
    };
    Ok(runtime::gated(|| lift::given(html, base.as_ref(), content_type, &rules)))
}
