//! How far a client has come, told from time to time.

use super::client::Client;
use super::error::SiteliftError;
use super::stats::Stats;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Takes how far a client has come.
#[cfg_attr(feature = "uniffi", uniffi::export(with_foreign))]
pub trait Progress: Send + Sync {
    /// Called by a thread of its own. What it raises is lost.
    fn update(&self, stats: Stats);
}

/// A client being watched: until it is stopped or dropped.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Watch {
    end: Arc<(Mutex<bool>, Condvar)>,
    thread: Mutex<Option<JoinHandle<()>>>,
    pid: u32,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Watch {
    /// Tells the state once more and ends the watch; returns when the last call has. May be called twice, and by what is called.
    pub fn stop(&self) {
        if self.pid != std::process::id() {
            return;
        }
        self.end();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != thread::current().id()) {
            let _ = thread.join();
        }
    }
}

impl Watch {
    fn end(&self) {
        let (ended, changed) = &*self.end;
        *ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A forked child has no such thread, and perhaps a lock that is held for ever.
        if self.pid == std::process::id() {
            self.end();
        }
    }
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Client {
    /// Tells `progress` every so many seconds (0.01 to 86,400; default 1) what `stats` returns, until the watch is stopped or dropped.
    ///
    /// Fails with `SiteliftError::InvalidArgument` for another number of seconds.
    #[cfg_attr(feature = "uniffi", uniffi::method(default(every = 1.0)))]
    pub fn watch(self: Arc<Self>, progress: Arc<dyn Progress>, every: f64) -> Result<Arc<Watch>, SiteliftError> {
        if !(0.01..=86_400.0).contains(&every) {
            let wanted = format_args!("{every} is not a number of seconds from 0.01 to 86400");
            return Err(SiteliftError::argument("every", wanted));
        }
        let every = Duration::from_secs_f64(every);
        let end = Arc::new((Mutex::new(false), Condvar::new()));
        let ended = Arc::clone(&end);
        let thread = thread::Builder::new().name("sitelift-watch".to_owned()).spawn(move || {
            let mut due = Instant::now() + every;
            while !wait_until(due, &ended) {
                tell(&*progress, self.stats());
                due += every;
            }
            tell(&*progress, self.stats());
        });
        let thread = thread.map_err(|error| SiteliftError::internal(format!("no thread to watch with: {error}")))?;
        Ok(Arc::new(Watch { end, thread: Mutex::new(Some(thread)), pid: std::process::id() }))
    }
}

/// Whether it ended before it was time.
fn wait_until(due: Instant, end: &(Mutex<bool>, Condvar)) -> bool {
    let (ended, changed) = end;
    let mut is_over = ended.lock().unwrap_or_else(PoisonError::into_inner);
    while !*is_over {
        let left = due.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        is_over = changed.wait_timeout(is_over, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    true
}

/// What fails in another language panics here.
fn tell(progress: &dyn Progress, stats: Stats) {
    let _ = catch_unwind(AssertUnwindSafe(|| progress.update(stats)));
}
