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
pub(crate) use failure::{Failure, Kind};
pub(crate) use target::{Target, check};

use std::sync::Arc;

/// One connection pool and the rules it is used by. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Fetcher {
    config: Arc<Config>,
    http: reqwest::Client,
}

impl Fetcher {
    /// Builds the pool; fails only where the platform's TLS cannot be set up.
    pub(crate) fn new(config: Config) -> Result<Self, String> {
        let http = http::client(&config)?;
        Ok(Self { config: Arc::new(config), http })
    }

    /// Fetches one URL. Never fails as a whole: what went wrong stands in the exchange.
    pub(crate) async fn fetch(&self, target: &Target) -> Exchange {
        exchange::run(&self.http, &self.config, target).await
    }
}
