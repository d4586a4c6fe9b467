//! How many requests a host gets at a time, and how soon after one another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Hosts are forgotten when nobody waits for them any more; it is looked for such when there are at least this many.
const SWEEP_FROM: usize = 1024;

/// The limits of every host that is being asked. One for each client, so that all its calls keep them together.
#[derive(Debug)]
pub(crate) struct Hosts {
    at_once: usize,
    delay: Duration,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    hosts: HashMap<String, Arc<Host>>,
    sweep_at: usize,
}

#[derive(Debug)]
struct Host {
    slots: Arc<Semaphore>,
    pace: Mutex<Pace>,
}

#[derive(Debug)]
struct Pace {
    /// No request before this.
    next: Instant,
    delay: Duration,
}

/// The right to send one request to a host and to read its answer; it ends with this value.
#[derive(Debug)]
pub(crate) struct Permit {
    _slot: OwnedSemaphorePermit,
    host: Arc<Host>,
    /// It was waited for, as long as the host wants.
    was_paced: bool,
}

impl Hosts {
    pub(super) fn new(at_once: usize, delay: Duration) -> Self {
        let known = Known { hosts: HashMap::new(), sweep_at: SWEEP_FROM };
        Self { at_once, delay, known: Mutex::new(known) }
    }

    /// Waits for this host's turn: first come, first served. Giving up the wait costs nothing.
    pub(super) async fn enter(&self, name: &str) -> Permit {
        let host = self.host(name);
        // The semaphore is never closed.
        let Ok(slot) = Arc::clone(&host.slots).acquire_owned().await else { unreachable!("nobody closes it") };
        loop {
            let (wait, was_paced) = {
                let mut pace = lock(&host.pace);
                (pace.wait(), !pace.delay.is_zero())
            };
            let Some(until) = wait else { return Permit { _slot: slot, host, was_paced } };
            tokio::time::sleep_until(until).await;
        }
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut known = lock(&self.known);
        if let Some(host) = known.hosts.get(name) {
            return Arc::clone(host);
        }
        if known.hosts.len() >= known.sweep_at {
            let now = Instant::now();
            known.hosts.retain(|_, host| Arc::strong_count(host) > 1 || lock(&host.pace).next > now);
            known.sweep_at = SWEEP_FROM.max(known.hosts.len() * 2);
        }
        let pace = Pace { next: Instant::now(), delay: self.delay };
        let host = Arc::new(Host { slots: Arc::new(Semaphore::new(self.at_once)), pace: Mutex::new(pace) });
        known.hosts.insert(name.to_owned(), Arc::clone(&host));
        host
    }
}

impl Pace {
    /// Until when to wait; nothing when it is time, and then the next one has to wait.
    fn wait(&mut self) -> Option<Instant> {
        let now = Instant::now();
        if self.next > now {
            return Some(self.next);
        }
        self.next = now + self.delay;
        None
    }
}

impl Permit {
    /// The host wants a pause between two requests, so that one permit is good for one request.
    pub(super) fn is_paced(&self) -> bool {
        !lock(&self.host.pace).delay.is_zero()
    }

    /// It was got before the host was known to want pauses.
    pub(super) fn is_too_early(&self) -> bool {
        self.is_paced() && !self.was_paced
    }

    /// At least so long from one request to the next, from now on.
    pub(super) fn slow_down(&self, delay: Duration) {
        let mut pace = lock(&self.host.pace);
        if delay > pace.delay {
            pace.delay = delay;
            pace.next = pace.next.max(Instant::now() + delay);
        }
    }

    /// No request to the host for so long, from now.
    pub(super) fn pause(&self, length: Duration) {
        let mut pace = lock(&self.host.pace);
        pace.next = pace.next.max(Instant::now() + length);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn hosts_that_nobody_waits_for_are_forgotten() {
        let hosts = Hosts::new(2, Duration::ZERO);
        let held = hosts.enter("held.example").await;
        for i in 0..10 * SWEEP_FROM {
            hosts.enter(&format!("{i}.example")).await;
        }
        assert!(lock(&hosts.known).hosts.len() <= 2 * SWEEP_FROM);
        assert!(lock(&hosts.known).hosts.contains_key("held.example"));
        drop(held);
    }
}
