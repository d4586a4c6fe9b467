//! Getting robots.txt, once for each origin.

use super::parse::{MAX_BYTES, parse};
use super::rules::Rules;
use crate::decode::content;
use crate::fetch::body::next_chunk;
use crate::fetch::config::Config;
use crate::fetch::exchange::header_text;
use crate::fetch::failure::{Failure, Kind, shown};
use crate::fetch::{Fetcher, guard, redirect, retry};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_ENCODING, HeaderMap, HeaderValue};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::Url;

/// How long a file is believed. The standard allows a day.
const FRESH: Duration = Duration::from_hours(1);

/// How long nothing is fetched from an origin whose file could not be had.
const UNREACHABLE: Duration = Duration::from_mins(1);

/// The standard asks for at least this many.
const MAX_REDIRECTS: usize = 5;

/// What is remembered at most: beyond it, all is forgotten.
const MAX_ORIGINS: usize = 20_000;
const MAX_WEIGHT: usize = 32 << 20;

/// What robots.txt says, for all origins that were asked.
#[derive(Debug)]
pub(crate) struct Robots {
    agent: String,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    origins: HashMap<String, Arc<Origin>>,
    weight: usize,
}

#[derive(Debug)]
struct Origin {
    policy: OnceCell<Policy>,
    asked: Instant,
}

#[derive(Debug)]
enum Policy {
    Rules(Rules),
    /// Nobody knows what is forbidden, so all is.
    Unreachable(String),
}

/// What a URL's robots.txt said, when it said yes.
pub(crate) struct Consent {
    /// The pause that it asks for between two requests.
    pub delay: Option<Duration>,
    /// It was asked for just now.
    pub is_new: bool,
}

impl Robots {
    /// `agent` is the name whose groups hold.
    pub(crate) fn new(agent: String) -> Self {
        Self { agent, known: Mutex::default() }
    }

    /// Asks whether `url` may be fetched, and gets robots.txt first if need be. A page that must not be fetched is a failure.
    pub(crate) async fn consult(&self, fetcher: &Fetcher, url: &Url) -> Result<Consent, Failure> {
        let origin = self.origin(url);
        let mut is_new = false;
        let policy = origin
            .policy
            .get_or_init(|| {
                is_new = true;
                self.get(fetcher, url)
            })
            .await;
        let file = file_of(url);
        let refuse = |why: String| Err(Failure::new(Kind::DisallowedByRobots, shown(url), why));
        match policy {
            Policy::Unreachable(why) => refuse(format!(
                "{file} could not be had ({why}), so that nothing may be fetched there for now (option obey_robots)"
            )),
            Policy::Rules(rules) => match rules.forbidding(url) {
                Some(rule) => {
                    refuse(format!("{file} forbids it to {:?} by \"{rule}\" (option obey_robots)", self.agent))
                }
                None => Ok(Consent { delay: rules.delay(), is_new }),
            },
        }
    }

    fn origin(&self, url: &Url) -> Arc<Origin> {
        let name = url.origin().ascii_serialization();
        let now = Instant::now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(origin) = known.origins.get(&name) {
            let trusted = match origin.policy.get() {
                Some(Policy::Unreachable(_)) => UNREACHABLE,
                _ => FRESH,
            };
            if now - origin.asked < trusted {
                return Arc::clone(origin);
            }
        }
        if known.origins.len() >= MAX_ORIGINS || known.weight > MAX_WEIGHT {
            *known = Known::default();
        }
        let origin = Arc::new(Origin { policy: OnceCell::new(), asked: now });
        known.origins.insert(name, Arc::clone(&origin));
        origin
    }

    async fn get(&self, fetcher: &Fetcher, url: &Url) -> Policy {
        // The page itself needs time, too.
        let limit = fetcher.config.timeout / 2;
        let policy = match tokio::time::timeout(limit, self.tries(fetcher, url)).await {
            Ok(policy) => policy,
            Err(_) => Policy::Unreachable(format!("it took longer than {:.1} s", limit.as_secs_f64())),
        };
        if let Policy::Unreachable(why) = &policy {
            tracing::warn!(file = %file_of(url), why, "robots.txt could not be had");
        }
        if let Policy::Rules(rules) = &policy {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).weight += rules.weight();
        }
        policy
    }

    async fn tries(&self, fetcher: &Fetcher, url: &Url) -> Policy {
        let config = &fetcher.config;
        let mut attempt = 1;
        loop {
            let (policy, may_pass) = match self.attempt(fetcher, url).await {
                Ok((policy, may_pass)) => (policy, may_pass),
                Err(failure) => (Policy::Unreachable(failure.detail), failure.passing),
            };
            if !may_pass || attempt > config.retries {
                return policy;
            }
            tokio::time::sleep(retry::pause(config, attempt)).await;
            attempt += 1;
        }
    }

    /// One attempt, and whether another may go better.
    async fn attempt(&self, fetcher: &Fetcher, url: &Url) -> Result<(Policy, bool), Failure> {
        let mut at = file_of(url);
        for _ in 0..=MAX_REDIRECTS {
            guard::check_url(&at, &fetcher.config)?;
            // Without the caller's headers, which were meant for pages: those of another origin would get none either.
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/plain,*/*;q=0.8"))]);
            let response = fetcher.send(&at, headers).await?;
            if let Some(next) = redirect::next_hop(&at, response.status(), response.headers())? {
                at = next;
                continue;
            }
            let status = response.status();
            return match status.as_u16() {
                200..=299 => Ok((Policy::Rules(self.read(response, &at, &fetcher.config).await?), false)),
                // Busy is not absent.
                429 | 500.. => Ok((
                    Policy::Unreachable(format!("the server answered {}", status.as_u16())),
                    retry::may_pass(status),
                )),
                _ => Ok((Policy::Rules(Rules::default()), status == StatusCode::REQUEST_TIMEOUT)),
            };
        }
        // Too many redirects are as good as no file.
        Ok((Policy::Rules(Rules::default()), false))
    }

    async fn read(&self, mut response: reqwest::Response, at: &Url, config: &Config) -> Result<Rules, Failure> {
        let coding = response.headers().get(CONTENT_ENCODING).map(|value| header_text(value.as_bytes()));
        let mut file = Vec::new();
        let mut is_cut = false;
        while let Some(chunk) = next_chunk(&mut response, at, config).await? {
            let room = MAX_BYTES - file.len();
            file.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() >= room {
                is_cut = true;
                break;
            }
        }
        let file = content::unpack(file, &coding.unwrap_or_default(), MAX_BYTES, is_cut).bytes;
        Ok(parse(&file, &self.agent))
    }
}

fn file_of(url: &Url) -> Url {
    let mut file = url.clone();
    file.set_path("/robots.txt");
    file.set_query(None);
    // Both fail only for URLs that cannot have either.
    let _ = file.set_username("");
    let _ = file.set_password(None);
    file
}
