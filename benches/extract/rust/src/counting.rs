//! The system's allocator, with counters.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

static ON: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicUsize = AtomicUsize::new(0);
static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Counts while [`count`] runs.
pub struct Counting;

fn more(bytes: usize) {
    COUNT.fetch_add(1, Relaxed);
    let now = NOW.fetch_add(bytes, Relaxed).wrapping_add(bytes);
    PEAK.fetch_max(now, Relaxed);
}

// SAFETY: all the work is the system allocator's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if ON.load(Relaxed) {
            more(layout.size());
        }
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if ON.load(Relaxed) {
            // What is freed may have been there before the count began: the sum may be below nothing, and wraps back.
            NOW.fetch_sub(layout.size(), Relaxed);
        }
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if ON.load(Relaxed) {
            NOW.fetch_sub(layout.size(), Relaxed);
            more(size);
        }
        // SAFETY: as the caller promised.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// How many allocations `work` makes, and the most bytes it holds at once.
pub fn count(work: impl FnOnce()) -> (usize, usize) {
    for counter in [&COUNT, &NOW, &PEAK] {
        counter.store(0, Relaxed);
    }
    ON.store(true, Relaxed);
    work();
    ON.store(false, Relaxed);
    (COUNT.load(Relaxed), PEAK.load(Relaxed))
}
