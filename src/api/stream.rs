//! Pages as they come.

use super::client::{Engine, closed};
use super::drive::{Drive, Input};
use super::error::SiteliftError;
use super::out::{Order, Parcel};
use super::process::Bound;
use super::site::Site;
use crate::runtime;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Finished pages that wait for the reader, at most.
const WAITING: usize = 16;

/// URLs handed over that wait to be looked at, at most.
const FED: usize = 256;

/// Pages being fetched, handed over one by one or in batches. One reader at a time is served; others wait.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct SiteStream {
    reader: Bound<Reader>,
    feed: Bound<Mutex<Option<mpsc::Sender<String>>>>,
}

/// The reading end, with what ends it. Cheap to clone.
#[derive(Debug, Clone)]
struct Reader {
    pages: Arc<tokio::sync::Mutex<mpsc::Receiver<Parcel>>>,
    /// What the driver's panic said: the pages that did not come are lost.
    defect: Arc<OnceLock<String>>,
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
    /// Fails with `SiteliftError::Closed` when the client was shut down before all pages were there, and with `SiteliftError::Internal`
    /// when sitelift itself failed before that.
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

    /// Hands over as many of the URLs as there is room for, from the first on, and returns how many that were; waits for nothing.
    ///
    /// Fails with `SiteliftError::Closed` after `finish`, after the end of the stream, and on one that was not made by `open_stream`.
    pub fn offer(&self, urls: Vec<String>) -> Result<u32, SiteliftError> {
        let feed = self.sender()?;
        let mut taken = 0;
        for url in urls {
            match feed.try_send(url) {
                Ok(()) => taken += 1,
                Err(mpsc::error::TrySendError::Full(_)) => break,
                Err(mpsc::error::TrySendError::Closed(_)) => return Err(ended()),
            }
        }
        Ok(taken)
    }

    /// Hands over URLs, and waits until there was room for all of them. Given up in the middle, it has handed over the first ones.
    ///
    /// Fails as `offer` does.
    pub async fn feed(&self, urls: Vec<String>) -> Result<(), SiteliftError> {
        let feed = self.sender()?;
        for url in urls {
            feed.send(url).await.map_err(|_| ended())?;
        }
        Ok(())
    }

    /// No more URLs will be handed over: the stream ends when the pages of the others are there. May be called twice.
    pub fn finish(&self) {
        if let Ok(feed) = self.feed.get() {
            feed.lock().unwrap_or_else(PoisonError::into_inner).take();
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
    /// A stream that is fed.
    pub(crate) fn open(engine: Arc<Engine>, order: Order, client_closed: &CancellationToken) -> Self {
        let (feed, urls) = mpsc::channel(FED);
        let mut stream = Self::start(engine, Input::Fed(urls), order, client_closed);
        stream.feed = Bound::new(Mutex::new(Some(feed)));
        stream
    }

    fn sender(&self) -> Result<mpsc::Sender<String>, SiteliftError> {
        let feed = self.feed.get()?.lock().unwrap_or_else(PoisonError::into_inner);
        feed.clone().ok_or_else(ended)
    }

    pub(crate) fn start(engine: Arc<Engine>, input: Input, order: Order, client_closed: &CancellationToken) -> Self {
        let (send, pages) = mpsc::channel(WAITING);
        let stop = client_closed.child_token();
        let defect = Arc::new(OnceLock::new());
        // Held until it is known how the driver ended, so that nobody takes a panic for the end of the pages.
        let held = send.clone();
        let driver = AssertUnwindSafe(async move { Drive::new(engine, input, order).run(send).await }).catch_unwind();
        let (stopped, noted) = (stop.clone(), Arc::clone(&defect));
        // Not tied to a handle but to the token, which the stream cancels when it goes.
        runtime::detach(async move {
            tokio::select! {
                end = driver => if let Err(payload) = end {
                    let _ = noted.set(runtime::panic_text(payload.as_ref()));
                },
                () = stopped.cancelled() => {}
            }
            drop(held);
        });
        let pages = Arc::new(tokio::sync::Mutex::new(pages));
        let reader = Reader { pages, defect, stop, client_closed: client_closed.clone() };
        Self { reader: Bound::new(reader), feed: Bound::new(Mutex::new(None)) }
    }
}

impl Reader {
    async fn read(&self, max: u32) -> Result<Vec<Site>, SiteliftError> {
        let max = usize::try_from(max).unwrap_or(usize::MAX).max(1);
        let mut parcels = Vec::new();
        let mut pages = self.pages.lock().await;
        if !self.stop.is_cancelled() {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => {}
                _ = pages.recv_many(&mut parcels, max) => {}
            }
        }
        // An end that the client's shutdown brought about is no end.
        if parcels.is_empty() && self.client_closed.is_cancelled() {
            return Err(closed());
        }
        if let (true, Some(defect)) = (parcels.is_empty() && !self.stop.is_cancelled(), self.defect.get()) {
            let lost = "sitelift failed, which is a defect to report, and the pages that did not come are lost";
            return Err(SiteliftError::internal(format!("{lost}: {defect}")));
        }
        Ok(parcels.into_iter().map(Parcel::open).collect())
    }
}

/// The error of handing a URL to a stream that takes none.
fn ended() -> SiteliftError {
    SiteliftError::Closed { reason: "the stream takes no more URLs: it was finished, or has ended".to_owned() }
}
