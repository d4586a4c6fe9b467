//! How many bytes the pages of one call may hold in all.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// A sum of bytes that all pages of a call share. Cheap to clone.
///
/// Pages that wait for each other would wait for ever, so one of them may go beyond the limit, and no other until its bytes are gone.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limit: usize,
    leads: Leads,
    sum: Mutex<Sum>,
    freed: Notify,
}

/// Who may go beyond the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leads {
    /// The first page that needs to, until it is gone.
    First,
    /// Whom [`Budget::lead`] names.
    Named,
}

#[derive(Debug, Default)]
struct Sum {
    used: usize,
    /// The page that may go beyond the limit.
    leader: Option<u64>,
}

/// One page's part of the budget, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Budget,
    page: u64,
    bytes: usize,
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
    pub(crate) fn new(limit: usize, leads: Leads) -> Self {
        Self(Arc::new(Inner { limit, leads, sum: Mutex::default(), freed: Notify::new() }))
    }

    /// A part of it for the page of this number, empty so far.
    pub(crate) fn share(&self, page: u64) -> Share {
        Share { budget: self.clone(), page, bytes: 0, waits: Arc::default() }
    }

    pub(crate) fn has_room(&self) -> bool {
        self.sum().used < self.0.limit
    }

    /// From now on this page may go beyond the limit, and no other.
    pub(crate) fn lead(&self, page: Option<u64>) {
        let mut sum = self.sum();
        if sum.leader != page {
            sum.leader = page;
            drop(sum);
            self.0.freed.notify_waiters();
        }
    }

    /// Ends when something was given back, counted from now.
    pub(crate) fn freed(&self) -> Notified<'_> {
        self.0.freed.notified()
    }

    fn sum(&self) -> MutexGuard<'_, Sum> {
        self.0.sum.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes `bytes` where they fit (none fit where anything fits), or where the page may go beyond the limit.
    fn take(&self, bytes: usize, page: u64) -> bool {
        let mut sum = self.sum();
        let after = sum.used.saturating_add(bytes);
        let fits = if bytes == 0 { sum.used < self.0.limit } else { after <= self.0.limit };
        if !fits && sum.leader.is_none() && self.0.leads == Leads::First {
            sum.leader = Some(page);
        }
        let may_go = fits || sum.leader == Some(page);
        if may_go {
            sum.used = after;
        }
        may_go
    }

    fn give_back(&self, bytes: usize) {
        let mut sum = self.sum();
        sum.used = sum.used.saturating_sub(bytes);
        drop(sum);
        self.0.freed.notify_waiters();
    }
}

impl Share {
    /// Takes `bytes` more; waits while others hold them.
    pub(super) async fn grow(&mut self, bytes: usize) {
        let mut since = None;
        loop {
            let freed = self.budget.0.freed.notified();
            if self.budget.take(bytes, self.page) {
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
            freed.await;
        }
    }

    /// Waits until there is room for more, however much that will be: what is packed does not tell.
    pub(crate) async fn room(&mut self) {
        self.grow(0).await;
    }

    /// To be read while it grows.
    pub(super) fn waits(&self) -> Arc<Waits> {
        Arc::clone(&self.waits)
    }

    /// Holds exactly so much from now on, without waiting.
    pub(crate) fn settle(&mut self, bytes: usize) {
        let before = std::mem::replace(&mut self.bytes, bytes);
        if bytes > before {
            let mut sum = self.budget.sum();
            sum.used = sum.used.saturating_add(bytes - before);
        } else {
            self.budget.give_back(before - bytes);
        }
    }

    /// The share of a copy of the page, which holds as much again.
    pub(crate) fn again(&self) -> Self {
        // Of no page that could lead.
        let mut share = self.budget.share(u64::MAX);
        share.settle(self.bytes);
        share
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.budget.0.leads == Leads::First {
            let mut sum = self.budget.sum();
            sum.leader = sum.leader.filter(|leader| *leader != self.page);
        }
        self.budget.give_back(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn waits(share: &mut Share, bytes: usize) -> bool {
        tokio::time::timeout(Duration::from_millis(20), share.grow(bytes)).await.is_err()
    }

    #[tokio::test]
    async fn one_goes_beyond_and_the_others_wait() {
        let budget = Budget::new(100, Leads::First);
        let mut first = budget.share(1);
        let mut second = budget.share(2);
        first.grow(80).await;
        second.grow(20).await;
        assert!(!budget.has_room());
        first.grow(50).await;
        assert!(waits(&mut second, 1).await, "only one may go beyond the limit");
        assert!(second.waits().is_waiting());
        drop(first);
        second.grow(1).await;
        drop(second);
        assert_eq!(budget.sum().used, 0);
    }

    /// A page that is there and not taken by the reader holds its bytes still: another one beyond the limit would be one too many.
    #[tokio::test]
    async fn the_one_beyond_stays_the_only_one_until_it_is_gone() {
        let budget = Budget::new(10, Leads::First);
        let (mut first, mut second) = (budget.share(1), budget.share(2));
        first.grow(100).await;
        first.settle(30);
        assert!(waits(&mut second, 100).await);
        assert!(tokio::time::timeout(Duration::from_millis(20), second.room()).await.is_err());
        drop(first);
        second.grow(100).await;
        second.settle(0);
        assert!(budget.has_room());
    }

    #[tokio::test]
    async fn who_is_named_goes_beyond_and_nobody_else() {
        let budget = Budget::new(10, Leads::Named);
        let (mut first, mut second) = (budget.share(1), budget.share(2));
        second.grow(10).await;
        assert!(waits(&mut first, 1).await && waits(&mut second, 1).await);
        budget.lead(Some(1));
        first.grow(100).await;
        first.room().await;
        assert!(waits(&mut second, 1).await);
        assert_eq!(first.again().bytes, 100);
        drop((first, second));
        assert_eq!(budget.sum().used, 0);
    }
}
