//! Finished pages on their way to the reader, in order or as they come.

use super::client::Page;
use super::site::Site;
use crate::fetch::Share;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many pages an ordered stream holds behind one that is slow, unless the caller says otherwise: this many, or twice the
/// concurrency where that is more.
const LOOK_AHEAD: usize = 256;

/// In which order the pages of a stream come.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    /// As the URLs were given. `look_ahead` pages may be under way or done behind one that is slow.
    AsAsked { look_ahead: Option<usize> },
    /// As each is there.
    AsDone,
}

/// A page that is sent to the reader. Until it is taken its bytes are the call's.
#[derive(Debug)]
pub(crate) struct Parcel {
    site: Site,
    _share: Share,
}

impl Parcel {
    pub(super) fn open(self) -> Site {
        self.site
    }
}

/// Finished pages on their way to the reader.
pub(super) struct Out {
    pub order: Order,
    pub look_ahead: usize,
    /// The index of the page that is to be sent next; without an order, how many pages were done.
    pub next: u64,
    /// How many pages the reader was sent.
    pub sent: u64,
    pub ready: BTreeMap<u64, (String, Arc<Page>)>,
}

impl Out {
    pub(super) fn new(order: Order, concurrency: usize) -> Self {
        let look_ahead = match order {
            Order::AsAsked { look_ahead } => look_ahead.unwrap_or(LOOK_AHEAD.max(concurrency * 2)).max(1),
            Order::AsDone => 0,
        };
        Self { order, look_ahead, next: 0, sent: 0, ready: BTreeMap::new() }
    }

    pub(super) fn put(&mut self, index: u64, asked: String, page: Arc<Page>) {
        let key = match self.order {
            Order::AsAsked { .. } => index,
            Order::AsDone => {
                self.next += 1;
                self.next
            }
        };
        self.ready.insert(key, (asked, page));
    }

    /// How many pages take the place of running ones: without an order those that the reader does not take.
    pub(super) fn waiting(&self) -> usize {
        match self.order {
            Order::AsAsked { .. } => 0,
            Order::AsDone => self.ready.len(),
        }
    }

    pub(super) fn has_page(&self) -> bool {
        match self.order {
            Order::AsAsked { .. } => self.ready.first_key_value().is_some_and(|(index, _)| *index == self.next),
            Order::AsDone => !self.ready.is_empty(),
        }
    }

    pub(super) fn take(&mut self) -> Option<Parcel> {
        let (_, (asked, page)) = self.ready.pop_first()?;
        self.sent += 1;
        if let Order::AsAsked { .. } = self.order {
            self.next += 1;
        }
        // Kept for its other places, if it has any.
        let (site, share) = match Arc::try_unwrap(page) {
            Ok(page) => (page.site, page.share),
            Err(page) => (page.site.clone(), page.share.again()),
        };
        Some(Parcel { site: Site { url: asked, ..site }, _share: share })
    }
}
