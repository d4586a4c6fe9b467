//! How many requests a host gets at a time, and how soon after one another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
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
    /// The place at the head of the line, for one at a time: there the pace is waited for, so that nobody overtakes.
    head: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    pace: Mutex<Pace>,
    /// The wait for the pace became shorter.
    sooner: Notify,
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
    /// The time before which nobody else goes because of this one.
    holds_until: Instant,
}

impl Hosts {
    pub(super) fn new(at_once: usize, delay: Duration) -> Self {
        let known = Known { hosts: HashMap::new(), sweep_at: SWEEP_FROM };
        Self { at_once, delay, known: Mutex::new(known) }
    }

    /// This host's turn, where it can be had at once and nobody waits for it.
    pub(super) fn try_enter(&self, name: &str) -> Option<Permit> {
        let host = self.host(name);
        let _head = host.head.try_acquire().ok()?;
        let slot = Arc::clone(&host.slots).try_acquire_owned().ok()?;
        let paced = lock(&host.pace).go().ok()?;
        Some(paced.permit(slot, &host))
    }

    /// Waits for this host's turn: first come, first served. Giving up the wait costs nothing.
    ///
    /// It must be polled: a turn that has come, and is not taken, is nobody else's.
    pub(super) async fn enter(&self, name: &str) -> Permit {
        let host = self.host(name);
        // The semaphores are never closed.
        let Ok(_head) = Arc::clone(&host.head).acquire_owned().await else { unreachable!("nobody closes it") };
        loop {
            // A slot is not held while the pace is waited for: those without it may be of use to nobody.
            let sooner = host.sooner.notified();
            let due = lock(&host.pace).next;
            if due > Instant::now() && tokio::time::timeout_at(due, sooner).await.is_ok() {
                continue;
            }
            let Ok(slot) = Arc::clone(&host.slots).acquire_owned().await else { unreachable!("nobody closes it") };
            if let Ok(paced) = lock(&host.pace).go() {
                return paced.permit(slot, &host);
            }
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
        let host = Arc::new(Host {
            head: Arc::new(Semaphore::new(1)),
            slots: Arc::new(Semaphore::new(self.at_once)),
            pace: Mutex::new(pace),
            sooner: Notify::new(),
        });
        known.hosts.insert(name.to_owned(), Arc::clone(&host));
        host
    }
}

/// The pace lets one go now.
struct Paced {
    was_paced: bool,
    holds_until: Instant,
}

impl Paced {
    fn permit(self, slot: OwnedSemaphorePermit, host: &Arc<Host>) -> Permit {
        let Self { was_paced, holds_until } = self;
        Permit { _slot: slot, host: Arc::clone(host), was_paced, holds_until }
    }
}

impl Pace {
    /// Lets one go when it is time, and then the next one has to wait. The error is the time to wait for.
    fn go(&mut self) -> Result<Paced, Instant> {
        let now = Instant::now();
        if self.next > now {
            return Err(self.next);
        }
        self.next = now + self.delay;
        Ok(Paced { was_paced: !self.delay.is_zero(), holds_until: self.next })
    }
}

impl Permit {
    /// Nothing was asked of the host: the next one need not wait on its account.
    pub(crate) fn give_back(self) {
        let mut pace = lock(&self.host.pace);
        if pace.next == self.holds_until {
            pace.next = Instant::now();
            self.host.sooner.notify_waiters();
        }
    }

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

    /// Whether a turn is there at once, without keeping it.
    fn is_free(hosts: &Hosts) -> bool {
        hosts.try_enter("a.example").map(Permit::give_back).is_some()
    }

    #[tokio::test]
    async fn who_waits_for_the_pace_holds_no_slot() {
        let hosts = Hosts::new(1, Duration::from_millis(300));
        drop(hosts.enter("a.example").await);
        let mut waiting = Box::pin(hosts.enter("a.example"));
        assert!(tokio::time::timeout(Duration::from_millis(10), &mut waiting).await.is_err());
        assert_eq!(hosts.host("a.example").slots.available_permits(), 1);
        assert!(!is_free(&hosts), "nobody overtakes who waits");
        drop(waiting.await);
        assert!(!is_free(&hosts), "the pace holds");
    }

    #[tokio::test]
    async fn a_turn_given_back_costs_nobody_a_wait() {
        let hosts = Hosts::new(1, Duration::from_mins(1));
        hosts.enter("a.example").await.give_back();
        assert!(is_free(&hosts));
        // Nor one that waits already.
        let permit = hosts.enter("a.example").await;
        let mut waiting = Box::pin(hosts.enter("a.example"));
        assert!(tokio::time::timeout(Duration::from_millis(10), &mut waiting).await.is_err());
        permit.give_back();
        let next = tokio::time::timeout(Duration::from_secs(5), waiting).await;
        next.expect("its turn").give_back();
        let permit = hosts.enter("a.example").await;
        permit.pause(Duration::from_mins(2));
        permit.give_back();
        assert!(!is_free(&hosts), "what the host asked for stands");
    }
}
