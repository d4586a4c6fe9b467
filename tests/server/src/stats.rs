//! What the server has seen, so that tests can check what a client really did.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

/// Later paths are served but not listed, so that a long run cannot fill the memory.
const MAX_PATHS: usize = 100_000;

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
        });
        if reset {
            let old = mem::take(&mut *counts);
            counts.epoch = old.epoch + 1;
            counts.in_flight = old.in_flight;
            counts.max_in_flight = old.in_flight;
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
    pub fn request(&self, path: &str) -> InFlight {
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
        InFlight(Arc::clone(&self.stats))
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
pub struct InFlight(Arc<Stats>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.counts().in_flight -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_leaves_no_trace() {
        let stats = Arc::default();
        let client = Tally::open(&stats);
        drop(client.request("/a"));
        drop(client.request("/a"));
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
        let held = client.request("/slow");
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
    fn paths_are_bounded() {
        let stats = Arc::default();
        let client = Tally::open(&stats);
        for i in 0..MAX_PATHS + 10 {
            client.request(&format!("/{i}"));
        }
        let seen = client.look(false);
        assert_eq!(seen["requests"], MAX_PATHS + 10);
        assert_eq!(seen["by_path"].as_object().unwrap().len(), MAX_PATHS);
    }
}
