//! From a URL to the bytes of its body and the facts of the exchange.
//!
//! [`target`] accepts a URL, [`guard`] decides which addresses may be reached, [`http`] builds the one connection
//! pool, [`exchange`] follows redirects and reads the body, [`failure`] names what went wrong.

#![forbid(unsafe_code)]

mod config;
mod exchange;
mod failure;
mod guard;
mod http;
mod target;

pub(crate) use config::Config;
pub(crate) use exchange::{Exchange, Hop};
pub(crate) use failure::{Failure, Kind, shown};
pub(crate) use target::{Target, check};

use std::sync::{Arc, PoisonError, RwLock};

/// One connection pool and the rules it is used by. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Fetcher {
    config: Arc<Config>,
    /// The pool, and how often it was replaced.
    http: Arc<RwLock<(reqwest::Client, u64)>>,
}

impl Fetcher {
    /// Builds the pool; fails only where the platform's TLS cannot be set up.
    pub(crate) fn new(config: Config) -> Result<Self, String> {
        let http = http::client(&config)?;
        Ok(Self { config: Arc::new(config), http: Arc::new(RwLock::new((http, 0))) })
    }

    /// Fetches one URL. Never fails as a whole: what went wrong stands in the exchange.
    pub(crate) async fn fetch(&self, target: &Target) -> Exchange {
        exchange::run(self, target).await
    }

    fn http(&self) -> (reqwest::Client, u64) {
        self.http.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives up all idle connections, whose descriptors are wanted elsewhere: a fresh pool takes the place of the old one, which
    /// ends with the requests that still use it. `seen` is the count of the pool that ran out.
    fn drop_idle(&self, seen: u64) {
        let mut http = self.http.write().unwrap_or_else(PoisonError::into_inner);
        if http.1 == seen
            && let Ok(fresh) = http::client(&self.config)
        {
            *http = (fresh, seen + 1);
        }
    }
}
