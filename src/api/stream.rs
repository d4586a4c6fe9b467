//! Pages as they come.

use super::client::{Engine, broken, closed};
use super::error::SiteliftError;
use super::lift;
use super::process::Bound;
use super::site::Site;
use crate::fetch::{Failure, Target, check};
use crate::runtime::{self, Task};
use futures_util::{Stream, StreamExt, stream};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Finished pages that wait for the reader, at most.
const WAITING: usize = 16;

/// How many pages an ordered stream holds behind one that is slow, unless the caller says otherwise: this many, or twice the
/// concurrency where that is more.
const LOOK_AHEAD: usize = 256;

/// Pages being fetched, handed over one by one or in batches. One reader at a time is served; others wait.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct SiteStream {
    reader: Bound<Reader>,
}

/// The reading end, with what ends it. Cheap to clone.
#[derive(Debug, Clone)]
struct Reader {
    pages: Arc<Mutex<mpsc::Receiver<Site>>>,
    stop: CancellationToken,
    client_closed: CancellationToken,
}

/// What a read of a stream returned.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SiteBatch {
    /// The pages that came, in order; perhaps none.
    pub sites: Vec<Site>,
    /// No more pages will come.
    pub finished: bool,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl SiteStream {
    /// The next page, or nothing after the last one.
    ///
    /// Fails with `SiteliftError::Closed` when the client was shut down before all pages were there.
    pub async fn next(&self) -> Result<Option<Site>, SiteliftError> {
        Ok(self.next_batch(1).await?.pop())
    }

    /// Waits for at least one page and returns all that are there, at most `max` (0 counts as 1); none after the last.
    ///
    /// Fails as `next` does.
    pub async fn next_batch(&self, max: u32) -> Result<Vec<Site>, SiteliftError> {
        // Not a task of the runtime: a read that is given up must not take pages along.
        self.reader.get()?.read(max).await
    }

    /// As `next_batch`, and blocks the thread: until there is a page, the stream has ended, or `timeout` seconds have passed.
    ///
    /// Without a timeout an empty batch is always `finished`. Short timeouts let a caller look at other things in between.
    #[cfg_attr(feature = "uniffi", uniffi::method(default(timeout = None)))]
    pub fn next_batch_blocking(&self, max: u32, timeout: Option<f64>) -> Result<SiteBatch, SiteliftError> {
        const FOREVER: Duration = Duration::from_hours(24 * 365);
        let reader = self.reader.get()?.clone();
        let limit = match timeout {
            None => FOREVER,
            Some(seconds) => Duration::try_from_secs_f64(seconds)
                .map_err(|_| SiteliftError::argument("timeout", format_args!("{seconds} is not a number of seconds")))?
                .min(FOREVER),
        };
        // Reading is safe to give up: a page is taken from the channel only when the read returns it.
        let read = async move { tokio::time::timeout(limit, reader.read(max)).await };
        match runtime::block_on(read).map_err(SiteliftError::internal)? {
            Ok(sites) => {
                let sites = sites?;
                let finished = sites.is_empty();
                Ok(SiteBatch { sites, finished })
            }
            Err(_) => Ok(SiteBatch { sites: Vec::new(), finished: false }),
        }
    }

    /// Stops fetching; pages not yet handed over are dropped, and the stream ends. May be called twice.
    pub fn cancel(&self) {
        if let Ok(reader) = self.reader.get() {
            reader.stop.cancel();
        }
    }
}

impl Drop for SiteStream {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl SiteStream {
    pub(crate) fn start(
        engine: Arc<Engine>,
        urls: Vec<String>,
        order: Order,
        client_closed: &CancellationToken,
    ) -> Self {
        let (send, pages) = mpsc::channel(WAITING);
        let stop = client_closed.child_token();
        let driver = drive(engine, Plan::new(urls), order, send);
        let stopped = stop.clone();
        // Not tied to a handle but to the token, which the stream cancels when it goes.
        runtime::detach(async move {
            tokio::select! {
                () = driver => {}
                () = stopped.cancelled() => {}
            }
        });
        let reader = Reader { pages: Arc::new(Mutex::new(pages)), stop, client_closed: client_closed.clone() };
        Self { reader: Bound::new(reader) }
    }
}

impl Reader {
    async fn read(&self, max: u32) -> Result<Vec<Site>, SiteliftError> {
        let max = usize::try_from(max).unwrap_or(usize::MAX).max(1);
        let mut sites = Vec::new();
        let mut pages = self.pages.lock().await;
        if !self.stop.is_cancelled() {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => {}
                _ = pages.recv_many(&mut sites, max) => {}
            }
        }
        // An end that the client's shutdown brought about is no end.
        if sites.is_empty() && self.client_closed.is_cancelled() {
            return Err(closed());
        }
        Ok(sites)
    }
}

/// In which order the pages of a stream come.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    /// As the URLs were given. `look_ahead` pages may be under way or done behind one that is slow.
    AsAsked { look_ahead: Option<usize> },
    /// As each is there.
    AsDone,
}

/// Which URLs are to be fetched, and where each result goes.
struct Plan {
    /// One for each distinct URL, in order of first appearance.
    jobs: Vec<Job>,
    /// For every index of the input: its job, and the URL as asked for there.
    places: Vec<(usize, String)>,
}

struct Job {
    target: Result<Target, Failure>,
    /// How many places wait for it.
    places: usize,
}

impl Plan {
    fn new(urls: Vec<String>) -> Self {
        let mut by_url: HashMap<Url, usize> = HashMap::with_capacity(urls.len());
        let mut jobs: Vec<Job> = Vec::with_capacity(urls.len());
        let places = urls
            .into_iter()
            .map(|asked| {
                let target = check(&asked);
                let next = jobs.len();
                let job = match &target {
                    Ok(target) => *by_url.entry(target.url.clone()).or_insert(next),
                    Err(_) => next,
                };
                if job == next {
                    jobs.push(Job { target, places: 0 });
                }
                jobs[job].places += 1;
                (job, asked)
            })
            .collect();
        Self { jobs, places }
    }
}

/// Fetches what the plan says and sends the pages, until all are sent or nobody reads any more.
async fn drive(engine: Arc<Engine>, plan: Plan, order: Order, send: mpsc::Sender<Site>) {
    let turns = Arc::new(Semaphore::new(engine.concurrency));
    let counts: Vec<usize> = plan.jobs.iter().map(|job| job.places).collect();
    let work = stream::iter(plan.jobs.into_iter().enumerate()).map(|(index, job)| {
        let (engine, turns) = (Arc::clone(&engine), Arc::clone(&turns));
        async move { (index, one(engine, turns, job.target).await) }
    });
    match order {
        Order::AsAsked { look_ahead } => {
            let held = look_ahead.unwrap_or(LOOK_AHEAD.max(engine.concurrency * 2));
            send_in_order(work.buffered(held.max(1)), &counts, plan.places, &send).await;
        }
        Order::AsDone => send_as_done(work.buffer_unordered(engine.concurrency), plan.places, &send).await,
    }
}

async fn one(engine: Arc<Engine>, turns: Arc<Semaphore>, target: Result<Target, Failure>) -> Site {
    let target = match target {
        Ok(target) => target,
        Err(failure) => {
            let asked = failure.url.clone();
            return lift::rejected(&asked, failure);
        }
    };
    let _turn = turns.acquire_owned().await;
    let asked = target.asked.clone();
    let task: Task<Site> = runtime::spawn(engine.fetch(target));
    task.await.unwrap_or_else(|defect| broken(&asked, &defect))
}

async fn send_in_order(
    done: impl Stream<Item = (usize, Site)>,
    counts: &[usize],
    places: Vec<(usize, String)>,
    send: &mpsc::Sender<Site>,
) {
    let mut done = std::pin::pin!(done);
    let mut kept: HashMap<usize, (Site, usize)> = HashMap::new();
    for (job, asked) in places {
        let site = match kept.remove(&job) {
            Some((site, 1)) => site,
            Some((site, left)) => {
                kept.insert(job, (site.clone(), left - 1));
                site
            }
            // First places come in the order of the jobs, so this is the next one.
            None => match done.next().await {
                Some((index, site)) => {
                    debug_assert_eq!(index, job);
                    if counts[job] > 1 {
                        kept.insert(job, (site.clone(), counts[job] - 1));
                    }
                    site
                }
                None => return,
            },
        };
        if send.send(Site { url: asked, ..site }).await.is_err() {
            return;
        }
    }
}

async fn send_as_done(
    done: impl Stream<Item = (usize, Site)>,
    places: Vec<(usize, String)>,
    send: &mpsc::Sender<Site>,
) {
    let mut asked_by_job: HashMap<usize, Vec<String>> = HashMap::new();
    for (job, asked) in places {
        asked_by_job.entry(job).or_default().push(asked);
    }
    let mut done = std::pin::pin!(done);
    while let Some((job, site)) = done.next().await {
        let mut all = asked_by_job.remove(&job).unwrap_or_default();
        let last = all.pop();
        for asked in all {
            let copy = Site { url: asked, ..site.clone() };
            if send.send(copy).await.is_err() {
                return;
            }
        }
        if let Some(asked) = last
            && send.send(Site { url: asked, ..site }).await.is_err()
        {
            return;
        }
    }
}
