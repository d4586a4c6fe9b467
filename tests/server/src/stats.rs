//! What the server has seen, so that tests can check what a client really did.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

/// Later paths are served but not listed, so that a long run cannot fill the memory.
const MAX_PATHS: usize = 100_000;

/// Later hosts are served but not listed, likewise.
const MAX_HOSTS: usize = 10_000;

/// The counters of the whole server.
#[derive(Debug, Default)]
pub struct Stats(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// Grows with each reset, so that a connection knows whether it is among those counted now.
    epoch: u64,
    requests: u64,
    connections: u64,
    in_flight: u64,
    max_in_flight: u64,
    by_path: HashMap<String, u64>,
    by_host: HashMap<String, HostCounts>,
}

/// What came for one `Host`, its port left out.
#[derive(Debug, Default)]
struct HostCounts {
    requests: u64,
    in_flight: u64,
    max_in_flight: u64,
    last: Option<Instant>,
    min_gap: Option<Duration>,
}

impl HostCounts {
    fn report(&self) -> Value {
        json!({
            "requests": self.requests,
            "max_in_flight": self.max_in_flight,
            "min_gap_ms": self.min_gap.map(|gap| gap.as_secs_f64() * 1000.0),
        })
    }

    fn begin(&mut self) {
        let now = Instant::now();
        if let Some(gap) = self.last.replace(now).map(|last| now - last) {
            self.min_gap = Some(self.min_gap.map_or(gap, |least| least.min(gap)));
        }
        self.requests += 1;
        self.in_flight += 1;
        self.max_in_flight = self.max_in_flight.max(self.in_flight);
    }
}

impl Stats {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().expect("no holder of this lock panics")
    }

    /// The counters as JSON; with `reset` they start again from what is in flight.
    pub fn report(&self, reset: bool) -> Value {
        let mut counts = self.counts();
        let report = json!({
            "requests": counts.requests,
            "connections": counts.connections,
            "in_flight": counts.in_flight,
            "max_in_flight": counts.max_in_flight,
            "by_path": counts.by_path,
            "by_host": counts.by_host.iter().map(|(host, seen)| (host.clone(), seen.report())).collect::<Map<_, _>>(),
        });
        if reset {
            let old = mem::take(&mut *counts);
            counts.epoch = old.epoch + 1;
            counts.in_flight = old.in_flight;
            counts.max_in_flight = old.in_flight;
            counts.by_host = old.by_host;
            counts.by_host.retain(|_, host| host.in_flight > 0);
            for host in counts.by_host.values_mut() {
                let in_flight = host.in_flight;
                *host = HostCounts { in_flight, max_in_flight: in_flight, ..HostCounts::default() };
            }
        }
        report
    }
}

/// One connection's part in the counters.
///
/// It is counted as soon as it is accepted, because a test may want to know that nobody connected; it is
/// taken back if it turns out to carry a look at the counters, because that look must not change them.
pub struct Tally {
    stats: Arc<Stats>,
    state: Mutex<TallyState>,
}

struct TallyState {
    counted: bool,
    epoch: u64,
    used: bool,
}

impl Tally {
    /// Counts a connection that was just accepted.
    pub fn open(stats: &Arc<Stats>) -> Self {
        let mut counts = stats.counts();
        counts.connections += 1;
        let state = TallyState { counted: true, epoch: counts.epoch, used: false };
        Self { stats: Arc::clone(stats), state: Mutex::new(state) }
    }

    /// Counts a request; it is in flight for as long as the result lives.
    pub fn request(&self, path: &str, host: &str) -> InFlight {
        let mut state = self.state();
        let mut counts = self.stats.counts();
        if !state.counted {
            state.counted = true;
            counts.connections += 1;
        }
        state.used = true;
        counts.requests += 1;
        counts.in_flight += 1;
        counts.max_in_flight = counts.max_in_flight.max(counts.in_flight);
        if let Some(count) = counts.by_path.get_mut(path) {
            *count += 1;
        } else if counts.by_path.len() < MAX_PATHS {
            counts.by_path.insert(path.to_owned(), 1);
        }
        let known = counts.by_host.contains_key(host) || counts.by_host.len() < MAX_HOSTS;
        let host = known.then(|| host.to_owned());
        if let Some(host) = &host {
            counts.by_host.entry(host.clone()).or_default().begin();
        }
        InFlight { stats: Arc::clone(&self.stats), host }
    }

    /// Answers a look at the counters, which leaves no trace in them.
    pub fn look(&self, reset: bool) -> Value {
        {
            let mut state = self.state();
            let mut counts = self.stats.counts();
            if state.counted && !state.used {
                state.counted = false;
                if state.epoch == counts.epoch {
                    counts.connections -= 1;
                }
            }
        }
        self.stats.report(reset)
    }

    fn state(&self) -> MutexGuard<'_, TallyState> {
        self.state.lock().expect("no holder of this lock panics")
    }
}

/// A request that has not been answered to the end.
#[derive(Debug)]
pub struct InFlight {
    stats: Arc<Stats>,
    host: Option<String>,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut counts = self.stats.counts();
        counts.in_flight -= 1;
        if let Some(host) = self.host.as_ref().and_then(|host| counts.by_host.get_mut(host)) {
            host.in_flight -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_leaves_no_trace() {
        let stats = Arc::default();
        let client = Tally::open(&stats);
        drop(client.request("/a", "a.test"));
        drop(client.request("/a", "a.test"));
        let observer = Tally::open(&stats);
        for _ in 0..2 {
            let seen = observer.look(false);
            assert_eq!(seen["connections"], 1);
            assert_eq!(seen["requests"], 2);
            assert_eq!(seen["by_path"], json!({"/a": 2}));
        }
    }

    #[test]
    fn reset_keeps_what_is_in_flight() {
        let stats = Arc::default();
        let client = Tally::open(&stats);
        let idle = Tally::open(&stats);
        let held = client.request("/slow", "a.test");
        let observer = Tally::open(&stats);
        observer.look(true);
        let seen = observer.look(false);
        assert_eq!(seen["in_flight"], 1);
        assert_eq!(seen["max_in_flight"], 1);
        assert_eq!(seen["requests"], 0);
        drop(held);
        assert_eq!(idle.look(false)["connections"], 0);
        assert_eq!(idle.look(false)["in_flight"], 0);
    }

    #[test]
    fn hosts_are_counted_each() {
        let stats = Arc::default();
        let client = Tally::open(&stats);
        let held = (client.request("/", "a.test"), client.request("/", "a.test"));
        drop(client.request("/", "b.test"));
        let seen = client.look(true);
        assert_eq!(seen["by_host"]["a.test"]["max_in_flight"], 2);
        assert_eq!(seen["by_host"]["b.test"]["requests"], 1);
        assert_eq!(seen["by_host"]["b.test"]["min_gap_ms"], Value::Null);
        drop(held);
        assert_eq!(
            client.look(false)["by_host"],
            json!({"a.test": {"requests": 0, "max_in_flight": 2, "min_gap_ms": null}})
        );
    }

    #[test]
    fn paths_are_bounded() {
        let stats = Arc::default();
        let client = Tally::open(&stats);
        for i in 0..MAX_PATHS + 10 {
            client.request(&format!("/{i}"), "a.test");
        }
        let seen = client.look(false);
        assert_eq!(seen["requests"], MAX_PATHS + 10);
        assert_eq!(seen["by_path"].as_object().unwrap().len(), MAX_PATHS);
    }
}
