//! What belongs to the process that made it.

use super::error::SiteliftError;
use crate::runtime;

/// To be called right before this process forks, by the thread that forks: waits until no other thread is within work that a child could
/// not do without (a page being parsed, at most). The Python package does it by itself.
///
/// A fork without this may leave a child that hangs when other threads were fetching.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn prepare_fork() {
    runtime::pause();
}

/// To be called right after a fork, by the same thread, in the parent and in the child: ends what `prepare_fork` began.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn finish_fork() {
    runtime::resume();
}

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

    /// The value, or `SiteliftError::Forked` in another process.
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
