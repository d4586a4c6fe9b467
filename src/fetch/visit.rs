//! One URL on its way: its requests, one host's turn after the other.

use super::Fetcher;
use super::answer::Answer;
use super::budget::{Share, Waits};
use super::exchange::{Exchange, Hop};
use super::failure::{self, Failure, Phase, shown};
use super::guard;
use super::names::HoldUp;
use super::redirect::{self, next_hop};
use super::retry::{self, Verdict};
use super::robots::{Consent, file_of};
use super::target::Target;
use super::throttle::Permit;
use super::timing::Clock;
use super::wait::Wait;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;
use tracing::Instrument;
use url::Url;

/// A page that is being fetched. Between two steps it holds no connection and no host's turn.
#[derive(Debug)]
pub(crate) struct Visit {
    target: Target,
    /// What is asked for next.
    pub(super) url: Url,
    exchange: Exchange,
    /// What was kept of this URL is of no use.
    anew: bool,
    /// The time that this attempt took so far, without waits for a turn.
    pub(super) spent: Duration,
    /// What robots.txt says of what is asked for next, where that was just learnt.
    pub(super) consent: Option<Consent>,
    /// The last step asked the host for something.
    has_asked: bool,
}

/// What is to be done after a step.
#[derive(Debug)]
pub(crate) enum Step {
    /// The exchange is complete, for better or worse.
    Done,
    /// Another step, with a permit of the host that is now next.
    Go,
    /// Another step, after this.
    Wait(Wait),
    /// Another step after a while: what came was a passing failure.
    Again(Duration),
}

impl Visit {
    pub(crate) fn new(target: Target) -> Self {
        let exchange = Exchange::begin(target.url.clone(), 0);
        let (url, spent) = (target.url.clone(), Duration::ZERO);
        Self { url, target, exchange, anew: false, spent, consent: None, has_asked: false }
    }

    /// The host whose turn the next step needs.
    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The URL as it was asked for.
    pub(crate) fn asked(&self) -> &str {
        &self.target.asked
    }

    /// What is known, at the end.
    pub(crate) fn into_exchange(self) -> (Target, Exchange) {
        (self.target, self.exchange)
    }

    /// Ends it where it is, as the time of the whole call is over.
    pub(crate) fn expire(&mut self) {
        self.exchange.failure = Some(failure::too_late(&self.url));
    }

    /// The time of the whole call passed before there was room for what the body holds.
    pub(crate) fn give_up_body(&mut self) {
        self.exchange.body = Vec::new();
        self.exchange.failure.get_or_insert_with(|| failure::too_late(&self.url));
    }

    /// A request of it is sent now.
    fn asks(&mut self) {
        self.has_asked = true;
        if self.exchange.started.is_none() {
            self.exchange.started = Some(SystemTime::now());
            self.exchange.attempts = 1;
        }
    }

    /// The exchange so far is forgotten.
    fn begin_again(&mut self) {
        self.url = self.target.url.clone();
        let started = self.exchange.started;
        self.exchange = Exchange::begin(self.url.clone(), self.exchange.attempts + 1);
        self.exchange.started = started;
        self.spent = Duration::ZERO;
        self.anew = false;
        self.consent = None;
    }
}

impl Fetcher {
    /// Sends requests while they stay on the host of the permit. Never fails as a whole: what went wrong stands in the exchange.
    ///
    /// After `until` the call has no time any more.
    pub(crate) async fn step(
        &self,
        visit: &mut Visit,
        permit: Permit,
        share: &mut Share,
        until: Option<Instant>,
    ) -> Step {
        let config = &self.config;
        let _under_way = self.pressure.begin();
        let start = Instant::now();
        visit.has_asked = false;
        let before = (visit.exchange.started, visit.exchange.attempts);
        let left = config.timeout.saturating_sub(visit.spent);
        let mut phase = Phase::Response;
        let waits = share.waits();
        let span = tracing::debug_span!("fetch", url = %shown(&visit.url), attempt = visit.exchange.attempts);
        let follow = Box::pin(self.follow(visit, &permit, share, (start, until), &mut phase).instrument(span));
        let end = within(start + left, until, &waits, follow).await;
        visit.spent += start.elapsed().saturating_sub(waits.total());
        visit.exchange.elapsed = visit.spent;
        let held_up = match &end {
            Ok(Err(failed)) => failed.held_up.filter(|why| *why == HoldUp::Line || visit.spent < config.timeout),
            _ => None,
        };
        if held_up.is_some() {
            visit.has_asked = false;
            if visit.exchange.redirects.is_empty() {
                (visit.exchange.started, visit.exchange.attempts) = before;
            }
        }
        if !visit.has_asked {
            permit.give_back();
        }
        if let Some(why) = held_up {
            return Step::Wait(Wait::Name(visit.host().to_owned(), why));
        }
        let failed = match end {
            Ok(Ok(Step::Done)) => None,
            Ok(Ok(step @ (Step::Go | Step::Wait(_)))) => return step,
            Ok(Ok(Step::Again(after))) => {
                let status = visit.exchange.status.unwrap_or_default();
                tracing::info!(url = %shown(&visit.url), status, ?after, "to be tried again");
                visit.begin_again();
                return Step::Again(after);
            }
            Ok(Err(failed)) => Some(failed),
            Err(Over::Call) => Some(failure::too_late(&visit.url)),
            Err(Over::Page) => Some(failure::timed_out_in_all(&visit.url, config.timeout, phase)),
        };
        let attempt = visit.exchange.attempts;
        if failed.as_ref().is_some_and(Failure::is_refusal) && visit.exchange.status.is_none() {
            // Nobody was asked for the page this time.
            visit.exchange.attempts = visit.exchange.attempts.saturating_sub(1);
            if visit.exchange.attempts == 0 {
                visit.exchange.started = None;
            }
        }
        if let Some(failed) = failed.as_ref().filter(|failed| failed.passing && attempt <= config.retries) {
            let after = retry::pause(config, attempt);
            tracing::info!(url = failed.url, why = failed.detail, ?after, "to be tried again");
            visit.begin_again();
            share.settle(0);
            return Step::Again(after);
        }
        if let Some(failed) = &failed {
            tracing::warn!(url = failed.url, kind = ?failed.kind, why = failed.detail, "failed");
        } else {
            tracing::debug!(url = %shown(&visit.url), bytes = visit.exchange.body.len(), "fetched");
            self.pressure.raise();
        }
        visit.exchange.failure = failed;
        Step::Done
    }

    async fn follow(
        &self,
        visit: &mut Visit,
        permit: &Permit,
        share: &mut Share,
        (start, until): (Instant, Option<Instant>),
        phase: &mut Phase,
    ) -> Result<Step, Failure> {
        let config = &self.config;
        loop {
            let url = visit.url.clone();
            guard::check_url(&url, config)?;
            *phase = Phase::Response;
            if let Some(robots) = &self.robots {
                let Some(consent) = visit.consent.take().or_else(|| robots.consent(&url)) else {
                    self.check_name(&url)?;
                    return Ok(Step::Wait(Wait::Robots(file_of(&url))));
                };
                visit.exchange.robots_allowed = Some(consent.is_ok());
                let delay = consent?;
                if let Some(delay) = delay {
                    permit.slow_down(delay);
                }
                if permit.is_too_early() {
                    visit.consent = Some(Ok(delay));
                    return Ok(Step::Go);
                }
            }
            let clock = Arc::new(Clock::new());
            visit.asks();
            let Some(answer) = clock.around(self.answer(&visit.target.url, &url, share, visit.anew)).await? else {
                visit.anew = true;
                share.settle(0);
                if permit.is_paced() {
                    return Ok(Step::Go);
                }
                continue;
            };
            visit.anew = false;
            let exchange = &mut visit.exchange;
            exchange.ttfb = Some(visit.spent + start.elapsed());
            (exchange.dns, exchange.connect, exchange.tls) = (clock.dns(), clock.connect(), clock.tls());
            exchange.url = url.clone();
            exchange.note(answer.head());
            exchange.from_cache = matches!(answer, Answer::Kept(_));
            let (status, headers) = (answer.head().status, &answer.head().headers);
            tracing::debug!(
                url = %shown(&url), status = status.as_u16(), version = answer.head().http_version,
                from_cache = exchange.from_cache, after = ?start.elapsed(), "answered"
            );
            match retry::of_response(config, exchange.attempts, status, headers) {
                Verdict::Stands => {}
                // No wait for nothing.
                Verdict::Again { after, .. } if until.is_some_and(|until| Instant::now() + after >= until) => {}
                Verdict::Again { after, asked } => {
                    if asked {
                        // It speaks for all of the host's pages.
                        permit.pause(after);
                    }
                    return Ok(Step::Again(after));
                }
                Verdict::TooLong(asked) => exchange.retry_refused = Some(asked),
            }
            let Some(next) = next_hop(&url, status, headers)? else {
                if !config.accepts(exchange.content_type.as_deref()) {
                    return Err(failure::not_wanted(&url, exchange.content_type.as_deref().unwrap_or_default()));
                }
                *phase = Phase::Body;
                let begun = Instant::now();
                let end = self.take(answer, exchange, share).await;
                exchange.reading = Some(begun.elapsed());
                return end.map(|()| Step::Done);
            };
            redirect::check(exchange, &next, config)?;
            tracing::debug!(from = %shown(&url), to = %shown(&next), "redirected");
            exchange.redirects.push(Hop { url: shown(&url), status: status.as_u16() });
            self.keep_redirect(answer, &url).await;
            share.settle(0);
            let stays = next.host_str() == url.host_str() && !permit.is_paced();
            visit.url = next;
            if !stays {
                return Ok(Step::Go);
            }
        }
    }
}

/// Whose time is over.
#[derive(Debug, PartialEq, Eq)]
enum Over {
    /// The page's (option `timeout`).
    Page,
    /// The whole call's (option `deadline`).
    Call,
}

/// The outcome of `work`, unless it is not there by `page`, waits for the budget aside, or by `call`, waits or not.
async fn within<F: Future + Unpin>(
    page: Instant,
    call: Option<Instant>,
    waits: &Waits,
    mut work: F,
) -> Result<F::Output, Over> {
    /// How often it is looked whether a wait is over.
    const LOOK: Duration = Duration::from_millis(100);
    let mut until = page;
    loop {
        let first = call.map_or(until, |call| call.min(until));
        if let Ok(end) = tokio::time::timeout_at(first, &mut work).await {
            return Ok(end);
        }
        let now = Instant::now();
        if call.is_some_and(|call| call <= now) {
            return Err(Over::Call);
        }
        until = page + waits.total();
        if waits.is_waiting() {
            until = until.max(now + LOOK);
        }
        if until <= now {
            return Err(Over::Page);
        }
    }
}
