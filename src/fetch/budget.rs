//! How many bytes the pages of one call may hold in all.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, OwnedMutexGuard};

/// A sum of bytes that all pages of a call share. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limit: usize,
    used: Mutex<usize>,
    freed: Notify,
    /// Held by the one page that may go beyond the limit: pages that wait for each other would wait for ever.
    overdraft: Arc<tokio::sync::Mutex<()>>,
}

/// One page's part of the budget, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Budget,
    bytes: usize,
    overdraft: Option<OwnedMutexGuard<()>>,
    waits: Arc<Waits>,
}

/// How long a page waited for its part, which is no fault of its server.
#[derive(Debug, Default)]
pub(super) struct Waits {
    is_waiting: AtomicBool,
    microseconds: AtomicU64,
}

impl Waits {
    pub(super) fn is_waiting(&self) -> bool {
        self.is_waiting.load(Relaxed)
    }

    /// All waits that have ended.
    pub(super) fn total(&self) -> Duration {
        Duration::from_micros(self.microseconds.load(Relaxed))
    }
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Self(Arc::new(Inner {
            limit,
            used: Mutex::new(0),
            freed: Notify::new(),
            overdraft: Arc::new(tokio::sync::Mutex::new(())),
        }))
    }

    /// A part of it for one page, empty so far.
    pub(crate) fn share(&self) -> Share {
        Share { budget: self.clone(), bytes: 0, overdraft: None, waits: Arc::default() }
    }

    pub(crate) fn has_room(&self) -> bool {
        *self.0.used.lock().unwrap_or_else(PoisonError::into_inner) < self.0.limit
    }

    fn take(&self, bytes: usize, even_beyond: bool) -> bool {
        let mut used = self.0.used.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = used.saturating_add(bytes) <= self.0.limit;
        if fits || even_beyond {
            *used = used.saturating_add(bytes);
        }
        fits || even_beyond
    }

    fn give_back(&self, bytes: usize) {
        let mut used = self.0.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_sub(bytes);
        drop(used);
        self.0.freed.notify_waiters();
    }
}

impl Share {
    /// Takes `bytes` more; waits while others hold them. One page at a time is let through beyond the limit.
    pub(super) async fn grow(&mut self, bytes: usize) {
        let mut since = None;
        loop {
            let freed = self.budget.0.freed.notified();
            if self.budget.take(bytes, self.overdraft.is_some()) {
                self.bytes += bytes;
                if let Some(since) = since {
                    let waited = u64::try_from(Instant::elapsed(&since).as_micros()).unwrap_or(u64::MAX);
                    self.waits.microseconds.fetch_add(waited, Relaxed);
                    self.waits.is_waiting.store(false, Relaxed);
                }
                return;
            }
            since.get_or_insert_with(Instant::now);
            self.waits.is_waiting.store(true, Relaxed);
            tokio::select! {
                () = freed => {}
                turn = Arc::clone(&self.budget.0.overdraft).lock_owned() => self.overdraft = Some(turn),
            }
        }
    }

    /// To be read while it grows.
    pub(super) fn waits(&self) -> Arc<Waits> {
        Arc::clone(&self.waits)
    }

    /// Holds exactly so much from now on, without waiting; the right to go beyond the limit ends.
    pub(crate) fn settle(&mut self, bytes: usize) {
        let before = std::mem::replace(&mut self.bytes, bytes);
        if bytes > before {
            self.budget.take(bytes - before, true);
        } else {
            self.budget.give_back(before - bytes);
        }
        self.overdraft = None;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_goes_beyond_and_the_others_wait() {
        let budget = Budget::new(100);
        let mut first = budget.share();
        let mut second = budget.share();
        first.grow(80).await;
        second.grow(20).await;
        assert!(!budget.has_room());
        first.grow(50).await;
        let waits = second.waits();
        let waiting = tokio::time::timeout(Duration::from_millis(20), second.grow(1)).await;
        assert!(waiting.is_err(), "only one may go beyond the limit");
        assert!(waits.is_waiting());
        drop(first);
        second.grow(1).await;
        drop(second);
        assert_eq!(*budget.0.used.lock().unwrap(), 0);
    }

    #[tokio::test]
    async fn settling_ends_the_overdraft() {
        let budget = Budget::new(10);
        let (mut first, mut second) = (budget.share(), budget.share());
        first.grow(100).await;
        first.settle(30);
        second.grow(100).await;
        second.settle(0);
        first.settle(0);
        assert!(budget.has_room());
    }
}
