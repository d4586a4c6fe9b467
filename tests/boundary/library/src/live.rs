//! How many of each thing there are, so that leaks and early drops are seen.

use std::sync::atomic::{AtomicI64, Ordering};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Kind {
    /// `Counter` objects.
    Counter,
    /// `Node` objects.
    Node,
    /// `Problem` objects, which are errors.
    Problem,
    /// Futures that are waiting.
    Future,
    /// Stores that are implemented in Rust.
    Store,
    /// Objects of all other classes.
    Other,
}

static LIVE: [AtomicI64; 6] = [const { AtomicI64::new(0) }; 6];

/// One more while it lives.
#[derive(Debug)]
pub struct Live(Kind);

impl Live {
    pub fn new(kind: Kind) -> Self {
        LIVE[kind as usize].fetch_add(1, Ordering::SeqCst);
        Self(kind)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        LIVE[self.0 as usize].fetch_sub(1, Ordering::SeqCst);
    }
}

/// How many there are now.
#[uniffi::export]
pub fn live(kind: Kind) -> i64 {
    LIVE[kind as usize].load(Ordering::SeqCst)
}
