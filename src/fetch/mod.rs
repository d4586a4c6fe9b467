//! From a URL to the bytes of its body and the facts of the exchange.
//!
//! [`target`] accepts a URL, [`visit`] has its requests [`send`]t and follows its redirects ([`redirect`]), when [`throttle`] says that it is the
//! host's turn, or [`wait`]s aside; [`names`] are looked up, [`guard`] decides which addresses may be reached, [`http`] builds the one connection pool, with
//! [`tls`], [`secrets`], [`cookies`] and [`timing`], [`pressure`] tells how many descriptors there are, [`body`] reads what
//! comes as far as the [`budget`] goes, or to the end of its [`head`], [`robots`] asks whether
//! they may be, [`retry`] tells what is worth another try, [`failure`] names what went wrong, and
//! [`exchange`] holds the facts. [`answer`] asks the [`cache`] before the server.

#![forbid(unsafe_code)]

mod answer;
mod body;
mod budget;
mod cache;
mod config;
mod cookies;
mod exchange;
mod failure;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod guard;
mod head;
mod http;
mod names;
mod pressure;
mod queue;
mod redirect;
mod retry;
mod robots;
mod secrets;
mod send;
mod target;
mod throttle;
mod timing;
mod tls;
mod visit;
mod wait;

pub(crate) use budget::{Budget, Leads, Share};
pub(crate) use cache::CacheAt;
pub(crate) use config::{Authorities, Config};
pub(crate) use exchange::{Exchange, Hop};
pub(crate) use failure::{Failure, Kind, shown};
pub(crate) use names::Names;
#[cfg(test)]
pub(crate) use names::NoAnswer;
pub(crate) use queue::Queue;
pub(crate) use robots::agent_of;
pub(crate) use secrets::Secret;
pub(crate) use target::check;
pub(crate) use throttle::Permit;
pub(crate) use visit::{Step, Visit};
pub(crate) use wait::{Wait, Waited};

use std::sync::{Arc, PoisonError, RwLock};

/// One connection pool and the rules it is used by. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Fetcher {
    config: Arc<Config>,
    /// The pool, and how often it was replaced.
    http: Arc<RwLock<(reqwest::Client, u64)>>,
    kept: Arc<http::Kept>,
    hosts: Arc<throttle::Hosts>,
    pressure: Arc<pressure::Pressure>,
    cache: Option<cache::Cache>,
    /// There when robots.txt is obeyed.
    robots: Option<Arc<robots::Robots>>,
}

/// Why there is no fetcher.
pub(crate) enum Unusable {
    Http(String),
    Cache(std::io::Error),
}

impl Fetcher {
    /// Builds the pool; fails where the platform's TLS cannot be set up, and where the cache's folder cannot be written to.
    pub(crate) fn new(config: Config, names: Names) -> Result<Self, Unusable> {
        let kept = http::Kept::new(names);
        let http = http::client(&config, &kept).map_err(Unusable::Http)?;
        let cache = match &config.cache {
            None => None,
            Some(at) => Some(cache::Cache::open(&at.folder, at.max_bytes, config.trust()).map_err(Unusable::Cache)?),
        };
        let hosts = throttle::Hosts::new(config.per_host, config.delay_per_host);
        Ok(Self {
            robots: config.robots_agent.clone().map(|agent| Arc::new(robots::Robots::new(agent))),
            config: Arc::new(config),
            http: Arc::new(RwLock::new((http, 0))),
            kept: Arc::new(kept),
            hosts: Arc::new(hosts),
            pressure: Arc::default(),
            cache,
        })
    }

    /// A host's turn, where it can be had at once.
    pub(crate) fn try_enter(&self, host: &str) -> Option<Permit> {
        self.hosts.try_enter(host)
    }

    /// Waits for a host's turn. To be polled until it comes, or dropped.
    pub(crate) async fn enter(&self, host: &str) -> Permit {
        self.hosts.enter(host).await
    }

    /// How many pages may be under way, as far as descriptors go.
    pub(crate) fn allowed(&self) -> usize {
        self.pressure.allowed()
    }

    fn http(&self) -> (reqwest::Client, u64) {
        self.http.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives up all idle connections, whose descriptors are wanted elsewhere: a fresh pool takes the place of the old one, which
    /// ends with the requests that still use it. `seen` is the count of the pool that ran out.
    fn drop_idle(&self, seen: u64) {
        let mut http = self.http.write().unwrap_or_else(PoisonError::into_inner);
        if http.1 == seen
            && let Ok(fresh) = http::client(&self.config, &self.kept)
        {
            *http = (fresh, seen + 1);
        }
    }
}
