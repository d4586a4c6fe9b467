//! Jobs that wait, host by host, so that hosts take turns and a slow one holds up only itself.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// Waiting jobs: numbers, each of one host. A lower number goes before a higher one of its host, and jobs from the limit on stay
/// where they are until the limit rises.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    hosts: HashMap<Arc<str>, Waiting>,
    /// Hosts whose turn is to be asked for, the longest wait first.
    line: VecDeque<Arc<str>>,
    /// Hosts whose first job lies beyond the limit.
    beyond: BTreeSet<(u64, Arc<str>)>,
    limit: u64,
}

#[derive(Debug)]
struct Waiting {
    jobs: BTreeSet<u64>,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Line,
    Beyond(u64),
    /// The caller asks for its turn.
    Asked,
}

impl Queue {
    /// A job that waits from now on.
    pub(crate) fn add(&mut self, job: u64, host: &str) {
        if let Some((name, waiting)) = self.hosts.get_key_value(host) {
            let name = Arc::clone(name);
            let place = waiting.place;
            let Some(waiting) = self.hosts.get_mut(host) else { return };
            waiting.jobs.insert(job);
            if let Place::Beyond(first) = place
                && job < first
            {
                self.beyond.remove(&(first, Arc::clone(&name)));
                self.put(name);
            }
            return;
        }
        let name: Arc<str> = host.into();
        self.hosts.insert(Arc::clone(&name), Waiting { jobs: BTreeSet::from([job]), place: Place::Line });
        self.put(name);
    }

    /// Jobs below this number may go.
    pub(crate) fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
        while let Some((first, _)) = self.beyond.first()
            && *first < limit
            && let Some((_, host)) = self.beyond.pop_first()
        {
            self.put(host);
        }
    }

    /// A host whose turn is to be asked for; when it has come, [`Queue::take`] tells whose it is.
    pub(crate) fn ask(&mut self) -> Option<Arc<str>> {
        let host = self.line.pop_front()?;
        if let Some(waiting) = self.hosts.get_mut(&host) {
            waiting.place = Place::Asked;
        }
        Some(host)
    }

    /// Puts a host whose turn came too soon back to the head of the line.
    pub(crate) fn recall(&mut self, host: &Arc<str>) {
        if let Some(waiting) = self.hosts.get_mut(host) {
            waiting.place = Place::Line;
            self.line.push_front(Arc::clone(host));
        }
    }

    /// The job whose turn it is; none when they all went or lie beyond the limit.
    pub(crate) fn take(&mut self, host: &Arc<str>) -> Option<u64> {
        let waiting = self.hosts.get_mut(host)?;
        let job = waiting.jobs.first().copied().filter(|job| *job < self.limit);
        if job.is_some() {
            waiting.jobs.pop_first();
        }
        if waiting.jobs.is_empty() {
            self.hosts.remove(host);
        } else {
            self.put(Arc::clone(host));
        }
        job
    }

    /// Takes all jobs out.
    pub(crate) fn drain(&mut self) -> Vec<u64> {
        self.line.clear();
        self.beyond.clear();
        self.hosts.drain().flat_map(|(_, waiting)| waiting.jobs).collect()
    }

    /// To the end of the line, or to those beyond the limit.
    fn put(&mut self, host: Arc<str>) {
        let Some(waiting) = self.hosts.get_mut(&host) else { return };
        let Some(&first) = waiting.jobs.first() else { return };
        if first < self.limit {
            waiting.place = Place::Line;
            self.line.push_back(host);
        } else {
            waiting.place = Place::Beyond(first);
            self.beyond.insert((first, host));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(queue: &mut Queue) -> Option<u64> {
        let host = queue.ask()?;
        queue.take(&host)
    }

    #[test]
    fn hosts_take_turns() {
        let mut queue = Queue::default();
        queue.set_limit(u64::MAX);
        for job in 0..6 {
            queue.add(job, "a");
        }
        queue.add(6, "b");
        queue.add(7, "c");
        queue.add(8, "b");
        let order: Vec<u64> = std::iter::from_fn(|| next(&mut queue)).collect();
        assert_eq!(order, [0, 6, 7, 1, 8, 2, 3, 4, 5]);
        assert!(queue.hosts.is_empty());
    }

    #[test]
    fn the_limit_holds_and_a_job_that_comes_back_goes_first() {
        let mut queue = Queue::default();
        queue.set_limit(2);
        for job in 0..4 {
            queue.add(job, "a");
        }
        queue.add(4, "b");
        assert_eq!([next(&mut queue), next(&mut queue), next(&mut queue)], [Some(0), Some(1), None]);
        queue.add(1, "a");
        assert_eq!([next(&mut queue), next(&mut queue)], [Some(1), None]);
        queue.set_limit(3);
        assert_eq!([next(&mut queue), next(&mut queue)], [Some(2), None]);
        queue.set_limit(5);
        let mut rest = vec![next(&mut queue), next(&mut queue)];
        rest.sort();
        assert_eq!(rest, [Some(3), Some(4)]);
    }

    #[test]
    fn a_limit_that_falls_sends_the_asked_for_back() {
        let mut queue = Queue::default();
        queue.set_limit(10);
        queue.add(5, "a");
        let host = queue.ask().unwrap();
        queue.set_limit(5);
        assert_eq!(queue.take(&host), None);
        assert_eq!(queue.ask(), None);
        queue.set_limit(6);
        assert_eq!(next(&mut queue), Some(5));
    }

    #[test]
    fn a_host_that_is_recalled_goes_first() {
        let mut queue = Queue::default();
        queue.set_limit(10);
        queue.add(0, "a");
        queue.add(1, "b");
        let host = queue.ask().unwrap();
        queue.recall(&host);
        assert_eq!([next(&mut queue), next(&mut queue), next(&mut queue)], [Some(0), Some(1), None]);
    }

    #[test]
    fn draining_takes_all() {
        let mut queue = Queue::default();
        queue.set_limit(3);
        for job in 0..10 {
            queue.add(job, ["a", "b", "c"][usize::try_from(job).unwrap() % 3]);
        }
        let asked = queue.ask().unwrap();
        let mut all = queue.drain();
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
        assert_eq!(queue.take(&asked), None);
    }
}
