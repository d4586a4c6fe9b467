//! What a client has done so far.

use super::site::Site;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What a client has done since it was made, all its calls together. `urls` is the sum of `pages`, `failed` and those not done yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Stats {
    /// URLs that were taken in, equal ones counted each.
    pub urls: u64,
    /// Records made without an `error`.
    pub pages: u64,
    /// Records made with an `error`.
    pub failed: u64,
    /// Pages being fetched or read at this moment; those that wait for their turn are not among them.
    pub in_flight: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// Bytes of all bodies, content codings undone.
    pub body_bytes: u64,
}

/// The counters behind `Stats`.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    urls: AtomicU64,
    pages: AtomicU64,
    failed: AtomicU64,
    in_flight: AtomicU64,
    retries: AtomicU64,
    body_bytes: AtomicU64,
}

/// A page that is in flight for as long as this lives.
pub(crate) struct InFlight<'a>(&'a Counts);

impl Counts {
    pub(crate) fn read(&self) -> Stats {
        Stats {
            // Done before taken in, so that no moment shows more done than taken in.
            pages: self.pages.load(Relaxed),
            failed: self.failed.load(Relaxed),
            in_flight: self.in_flight.load(Relaxed),
            retries: self.retries.load(Relaxed),
            body_bytes: self.body_bytes.load(Relaxed),
            urls: self.urls.load(Relaxed),
        }
    }

    pub(crate) fn taken_in(&self) {
        self.urls.fetch_add(1, Relaxed);
    }

    pub(crate) fn retried(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    pub(crate) fn begin(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Relaxed);
        InFlight(self)
    }

    /// A page was fetched, whatever came of it.
    pub(crate) fn received(&self, site: &Site) {
        self.body_bytes.fetch_add(site.body_size, Relaxed);
    }

    /// A URL has its record.
    pub(crate) fn answered(&self, site: &Site) {
        let counter = if site.error.is_some() { &self.failed } else { &self.pages };
        counter.fetch_add(1, Relaxed);
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}
