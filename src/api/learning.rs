//! Pages that wait for a robots.txt. They hold no host's turn, and it is got once for all of a call that wait for it.

use super::client::Engine;
use crate::fetch::Learnt;
use crate::runtime;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::time::Instant;
use url::Url;

/// What came of a file; the error is what a panic said.
type End = Result<Arc<Learnt>, String>;

/// What came of a file, and who waited for it, since when.
pub(crate) struct Lesson {
    pub learnt: End,
    pub jobs: Vec<(u64, Instant)>,
}

#[derive(Default)]
pub(crate) struct Learning {
    waiting: HashMap<Url, Vec<(u64, Instant)>>,
    running: FuturesUnordered<BoxFuture<'static, (Url, End)>>,
}

impl Learning {
    /// This job waits from now on.
    pub(crate) fn add(&mut self, engine: &Arc<Engine>, file: Url, job: u64) {
        let waits = (job, Instant::now());
        if let Some(jobs) = self.waiting.get_mut(&file) {
            return jobs.push(waits);
        }
        self.waiting.insert(file.clone(), vec![waits]);
        let (engine, wanted) = (Arc::clone(engine), file.clone());
        let task = runtime::spawn(async move { engine.fetcher.learn(&wanted).await });
        self.running.push(async move { (file, task.await) }.boxed());
    }

    /// Waits for the next file. To be asked only where one is being got.
    pub(crate) async fn next(&mut self) -> Option<Lesson> {
        let (file, learnt) = self.running.next().await?;
        Some(Lesson { learnt, jobs: self.waiting.remove(&file).unwrap_or_default() })
    }

    /// Gives all up, and tells who waited.
    pub(crate) fn give_up(&mut self) -> Vec<u64> {
        self.running.clear();
        self.waiting.drain().flat_map(|(_, jobs)| jobs).map(|(job, _)| job).collect()
    }

    /// How many files are being got.
    pub(crate) fn running(&self) -> usize {
        self.running.len()
    }
}
