//! How many pages may be under way when the process is short of descriptors.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Fewer are never allowed.
const LEAST: usize = 4;

/// Lowered when a connection finds no descriptor, raised again bit by bit as pages come through.
#[derive(Debug)]
pub(crate) struct Pressure {
    allowed: AtomicUsize,
    under_way: AtomicUsize,
    /// Pages that came through since it was last raised or lowered.
    good: AtomicUsize,
}

/// One page under way.
pub(super) struct UnderWay<'a>(&'a Pressure);

impl Default for Pressure {
    fn default() -> Self {
        Self { allowed: AtomicUsize::new(usize::MAX), under_way: AtomicUsize::new(0), good: AtomicUsize::new(0) }
    }
}

impl Pressure {
    /// How many pages may be under way.
    pub(crate) fn allowed(&self) -> usize {
        self.allowed.load(Relaxed)
    }

    pub(super) fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Relaxed);
        UnderWay(self)
    }

    /// There was no descriptor for a connection.
    pub(super) fn lower(&self) {
        let bearable = self.under_way.load(Relaxed) * 3 / 4;
        // Many find so at the same moment: the first one has lowered it for all.
        if self.good.swap(0, Relaxed) > 0 || self.allowed() == usize::MAX {
            self.allowed.store(bearable.max(LEAST), Relaxed);
        }
    }

    /// A page came through.
    pub(super) fn raise(&self) {
        let allowed = self.allowed();
        if allowed != usize::MAX && self.good.fetch_add(1, Relaxed) >= allowed {
            self.good.store(1, Relaxed);
            self.allowed.store(allowed + 1, Relaxed);
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_falls_at_once_and_rises_slowly() {
        let pressure = Pressure::default();
        let pages: Vec<_> = (0..100).map(|_| pressure.begin()).collect();
        pressure.raise();
        assert_eq!(pressure.allowed(), usize::MAX);
        pressure.lower();
        pressure.lower();
        assert_eq!(pressure.allowed(), 75);
        (0..76).for_each(|_| pressure.raise());
        assert_eq!(pressure.allowed(), 76);
        drop(pages);
        pressure.lower();
        assert_eq!(pressure.allowed(), LEAST);
    }
}
