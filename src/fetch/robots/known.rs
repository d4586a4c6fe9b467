//! What is known of robots.txt, once for each origin, and what follows from it for a page.

use super::errand::Errand;
use super::rules::Rules;
use crate::fetch::Fetcher;
use crate::fetch::failure::{Failure, Kind, shown};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::Url;

/// How long a file is believed. The standard allows a day.
const FRESH: Duration = Duration::from_hours(1);

/// How long nothing is fetched from an origin whose file could not be had.
const UNREACHABLE: Duration = Duration::from_mins(1);

/// What is remembered at most: beyond it, all is forgotten.
const MAX_ORIGINS: usize = 20_000;
const MAX_WEIGHT: usize = 32 << 20;

/// What robots.txt says, for all origins that were asked.
#[derive(Debug)]
pub(crate) struct Robots {
    pub(super) agent: String,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// By the URLs of the files. Those that are being got are empty.
    files: HashMap<Url, Arc<OnceCell<Arc<Learnt>>>>,
    weight: usize,
}

/// What a file was found to say.
#[derive(Debug)]
pub(crate) struct Learnt {
    policy: Policy,
    at: Instant,
    /// How long it took, waits for a turn aside.
    pub took: Duration,
}

#[derive(Debug)]
pub(super) enum Policy {
    Rules(Arc<Rules>),
    /// Nobody knows what is forbidden, so all is.
    Unreachable(String),
}

/// Whether a URL may be fetched: the pause that its host asks for between two requests, if any, or why it may not.
pub(crate) type Consent = Result<Option<Duration>, Failure>;

impl Robots {
    /// `agent` is the name whose groups hold.
    pub(crate) fn new(agent: String) -> Self {
        Self { agent, known: Mutex::default() }
    }

    /// Whether `url` may be fetched, where that is known.
    pub(crate) fn consent(&self, url: &Url) -> Option<Consent> {
        self.learnt(&file_of(url)).map(|learnt| self.decide(&learnt, url))
    }

    /// The rules of this file, where they are known.
    pub(super) fn rules(&self, file: &Url) -> Option<Arc<Rules>> {
        match &self.learnt(file)?.policy {
            Policy::Rules(rules) => Some(Arc::clone(rules)),
            Policy::Unreachable(_) => None,
        }
    }

    /// Keeps what was learnt of a file by the way.
    pub(super) fn keep(&self, file: &Url, rules: &Arc<Rules>) {
        self.known().weight += rules.weight();
        let policy = Policy::Rules(Arc::clone(rules));
        let learnt = Learnt { policy, at: Instant::now(), took: Duration::ZERO };
        // Somebody may be getting it, who is not held up.
        let _ = self.cell(file).set(Arc::new(learnt));
    }

    /// Gets `file`, unless it is known or somebody gets it already.
    pub(crate) async fn learn(&self, fetcher: &Fetcher, file: &Url) -> Arc<Learnt> {
        let get = async || {
            let (policy, took) = Errand::new(fetcher, self).run(file).await;
            // What is shared was counted before.
            if let Policy::Rules(rules) = &policy
                && Arc::strong_count(rules) == 1
            {
                self.known().weight += rules.weight();
            }
            Arc::new(Learnt { policy, at: Instant::now(), took })
        };
        Arc::clone(self.cell(file).get_or_init(get).await)
    }

    /// What follows for `url` from its file.
    pub(crate) fn decide(&self, learnt: &Learnt, url: &Url) -> Consent {
        let file = file_of(url);
        let refuse = |why: String| Err(Failure::new(Kind::DisallowedByRobots, shown(url), why));
        match &learnt.policy {
            Policy::Unreachable(why) => refuse(format!(
                "{file} could not be had ({why}), so that nothing may be fetched there for now (option obey_robots)"
            )),
            Policy::Rules(rules) => match rules.forbidding(url) {
                Some(rule) => {
                    refuse(format!("{file} forbids it to {:?} by \"{rule}\" (option obey_robots)", self.agent))
                }
                None => Ok(rules.delay()),
            },
        }
    }

    fn learnt(&self, file: &Url) -> Option<Arc<Learnt>> {
        let cell = self.known().files.get(file).map(Arc::clone)?;
        cell.get().filter(|learnt| learnt.is_fresh()).map(Arc::clone)
    }

    fn cell(&self, file: &Url) -> Arc<OnceCell<Arc<Learnt>>> {
        let mut known = self.known();
        if let Some(cell) = known.files.get(file)
            && cell.get().is_none_or(|learnt| learnt.is_fresh())
        {
            return Arc::clone(cell);
        }
        if known.files.len() >= MAX_ORIGINS || known.weight > MAX_WEIGHT {
            *known = Known::default();
        }
        let cell = Arc::default();
        known.files.insert(file.clone(), Arc::clone(&cell));
        cell
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Learnt {
    fn is_fresh(&self) -> bool {
        let trusted = match self.policy {
            Policy::Unreachable(_) => UNREACHABLE,
            Policy::Rules(_) => FRESH,
        };
        self.at.elapsed() < trusted
    }
}

/// The robots.txt of a URL's origin.
pub(crate) fn file_of(url: &Url) -> Url {
    let mut file = url.clone();
    file.set_path("/robots.txt");
    file.set_query(None);
    // Both fail only for URLs that cannot have either.
    let _ = file.set_username("");
    let _ = file.set_password(None);
    file
}
