//! Getting robots.txt: its requests, each when it is its host's turn.

use super::known::{Policy, Robots, file_of};
use super::parse::{MAX_BYTES, parse};
use super::rules::Rules;
use crate::decode::content;
use crate::fetch::body::next_chunk;
use crate::fetch::exchange::header_text;
use crate::fetch::failure::{Failure, Kind, shown};
use crate::fetch::names::HoldUp;
use crate::fetch::{Fetcher, guard, redirect, retry};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_ENCODING, HeaderMap, HeaderValue};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// The standard asks for at least this many.
const MAX_REDIRECTS: usize = 5;

/// The longest wait for a host's turn: no host asks for longer pauses than a minute.
const LONGEST_TURN: Duration = Duration::from_mins(2);

/// The way to one origin's file. Between its requests it holds no host's turn, so that it is in nobody's way while it waits for the next.
pub(super) struct Errand<'a> {
    fetcher: &'a Fetcher,
    robots: &'a Robots,
    /// How long all of it may take, without the waits for a turn.
    limit: Duration,
    until: Instant,
}

/// What one request led to.
enum Reply {
    Moved(Url),
    /// What it says, and whether another attempt may go better.
    Says(Policy, bool),
}

impl<'a> Errand<'a> {
    pub(super) fn new(fetcher: &'a Fetcher, robots: &'a Robots) -> Self {
        // The page itself needs time, too.
        let limit = fetcher.config.timeout / 2;
        Self { fetcher, robots, limit, until: Instant::now() + limit }
    }

    /// What the file says, and how long it took to get it.
    pub(super) async fn run(mut self, file: &Url) -> (Policy, Duration) {
        let config = &self.fetcher.config;
        let _under_way = self.fetcher.pressure.begin();
        let mut attempt = 1;
        let policy = loop {
            let (policy, may_pass) = match self.attempt(file).await {
                Ok(said) => said,
                Err(failure) => (Policy::Unreachable(failure.detail), failure.passing),
            };
            let next = Instant::now() + retry::pause(config, attempt);
            if !may_pass || attempt > config.retries || next >= self.until {
                break policy;
            }
            tokio::time::sleep_until(next).await;
            attempt += 1;
        };
        if let Policy::Unreachable(why) = &policy {
            tracing::warn!(file = %file, why, "robots.txt could not be had");
        }
        let left = self.until.saturating_duration_since(Instant::now());
        (policy, self.limit.saturating_sub(left))
    }

    async fn attempt(&mut self, file: &Url) -> Result<(Policy, bool), Failure> {
        let mut at = file.clone();
        for _ in 0..=MAX_REDIRECTS {
            guard::check_url(&at, &self.fetcher.config)?;
            // Many hosts may lead to one, and a page often follows its file there.
            let is_shared = at != *file && at == file_of(&at);
            match self.hop(&at, is_shared).await? {
                Reply::Moved(next) => at = next,
                Reply::Says(policy, may_pass) => {
                    if let (Policy::Rules(rules), true, false) = (&policy, is_shared, may_pass) {
                        self.robots.keep(&at, rules);
                    }
                    return Ok((policy, may_pass));
                }
            }
        }
        // Too many redirects are as good as no file.
        Ok((Policy::Rules(Arc::default()), false))
    }

    /// One request, when it is the host's turn, unless its answer came to be known meanwhile.
    async fn hop(&mut self, at: &Url, is_shared: bool) -> Result<Reply, Failure> {
        let host = at.host_str().unwrap_or_default();
        let fail = |why: String| Failure::new(Kind::Timeout, shown(at), why);
        loop {
            let waits = Instant::now();
            let turn = tokio::time::timeout(LONGEST_TURN, self.fetcher.enter(host)).await;
            self.until += waits.elapsed();
            let turn = turn.map_err(|_| fail(format!("{host} had no turn free for {} s", LONGEST_TURN.as_secs())))?;
            if let Some(rules) = self.robots.rules(at).filter(|_| is_shared) {
                turn.give_back();
                return Ok(Reply::Says(Policy::Rules(rules), false));
            }
            let reply = tokio::time::timeout_at(self.until, self.ask(at)).await;
            let reply = reply.map_err(|_| fail(format!("it took longer than {:.1} s", self.limit.as_secs_f64())))?;
            let why = match &reply {
                Err(Failure { held_up: Some(why), .. }) if Instant::now() < self.until => *why,
                _ => return reply,
            };
            turn.give_back();
            let waits = Instant::now();
            self.fetcher.wait_for_name(host, why).await;
            if why == HoldUp::Line {
                self.until += waits.elapsed();
            }
        }
    }

    async fn ask(&self, at: &Url) -> Result<Reply, Failure> {
        // Without the caller's headers, which were meant for pages: those of another origin would get none either.
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/plain,*/*;q=0.8"))]);
        let response = self.fetcher.send(at, headers).await?;
        let status = response.status();
        if let Some(next) = redirect::next_hop(at, status, response.headers())? {
            return Ok(Reply::Moved(next));
        }
        Ok(match status.as_u16() {
            200..=299 => Reply::Says(Policy::Rules(Arc::new(self.read(response, at).await?)), false),
            // Busy is not absent.
            429 | 500.. => {
                let why = format!("the server answered {}", status.as_u16());
                Reply::Says(Policy::Unreachable(why), retry::may_pass(status))
            }
            _ => Reply::Says(Policy::Rules(Arc::default()), status == StatusCode::REQUEST_TIMEOUT),
        })
    }

    async fn read(&self, mut response: reqwest::Response, at: &Url) -> Result<Rules, Failure> {
        let coding = response.headers().get(CONTENT_ENCODING).map(|value| header_text(value.as_bytes()));
        let mut file = Vec::new();
        let mut is_cut = false;
        while let Some(chunk) = next_chunk(&mut response, at, &self.fetcher.config).await? {
            let room = MAX_BYTES - file.len();
            file.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() >= room {
                is_cut = true;
                break;
            }
        }
        let file = content::unpack(file, &coding.unwrap_or_default(), MAX_BYTES, is_cut).bytes;
        Ok(parse(&file, &self.robots.agent))
    }
}
