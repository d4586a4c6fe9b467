//! Pages that wait for what others may wait for as well: a robots.txt, the look-up of a name. They hold no host's turn meanwhile.

use super::client::Engine;
use crate::fetch::{Wait, Waited};
use crate::runtime;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::time::Instant;

/// What came of a wait; the error is what a panic said.
type End = Result<Waited, String>;

/// What came of a wait, and which jobs waited, since when.
pub(crate) struct Over {
    pub end: End,
    pub jobs: Vec<(u64, Instant)>,
}

#[derive(Default)]
pub(crate) struct Aside {
    jobs: HashMap<Wait, Vec<(u64, Instant)>>,
    waits: FuturesUnordered<BoxFuture<'static, (Wait, End)>>,
    requests: usize,
}

impl Aside {
    /// This job waits from now on.
    pub(crate) fn add(&mut self, engine: &Arc<Engine>, wait: Wait, job: u64) {
        let since = (job, Instant::now());
        if let Some(jobs) = self.jobs.get_mut(&wait) {
            return jobs.push(since);
        }
        self.jobs.insert(wait.clone(), vec![since]);
        self.requests += usize::from(sends(&wait));
        let (engine, awaited) = (Arc::clone(engine), wait.clone());
        let task = runtime::spawn(async move { engine.fetcher.wait(&awaited).await });
        self.waits.push(async move { (wait, task.await) }.boxed());
    }

    /// How many of the waits send requests.
    pub(crate) fn requests(&self) -> usize {
        self.requests
    }

    pub(crate) fn len(&self) -> usize {
        self.waits.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waits.is_empty()
    }

    /// Waits for the next wait that is over.
    pub(crate) async fn next(&mut self) -> Option<Over> {
        let (wait, end) = self.waits.next().await?;
        self.requests -= usize::from(sends(&wait));
        Some(Over { end, jobs: self.jobs.remove(&wait).unwrap_or_default() })
    }

    /// Gives all up, and tells which jobs waited.
    pub(crate) fn give_up(&mut self) -> Vec<u64> {
        let jobs = std::mem::take(self).jobs;
        jobs.into_values().flatten().map(|(job, _)| job).collect()
    }
}

fn sends(wait: &Wait) -> bool {
    matches!(wait, Wait::Robots(_))
}
