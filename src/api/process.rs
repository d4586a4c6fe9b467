//! What belongs to the process that made it.

use super::error::SiteliftError;

/// A value whose threads and connections a forked child does not have: there it can be neither used nor dropped, as a lock in
/// it may be held for ever.
#[derive(Debug)]
pub(crate) struct Bound<T> {
    value: Option<T>,
    pid: u32,
}

impl<T> Bound<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: Some(value), pid: std::process::id() }
    }

    /// The value, or [`SiteliftError::Forked`] in another process.
    pub(crate) fn get(&self) -> Result<&T, SiteliftError> {
        self.value.as_ref().filter(|_| self.is_here()).ok_or_else(|| SiteliftError::Forked {
            reason: "the client was made before this process was forked; make a new client here".to_owned(),
        })
    }

    fn is_here(&self) -> bool {
        self.pid == std::process::id()
    }
}

impl<T> Drop for Bound<T> {
    fn drop(&mut self) {
        if !self.is_here() {
            std::mem::forget(self.value.take());
        }
    }
}
