//! Answers that fail for a while and then come.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use hyper::StatusCode;
use hyper::header::{HeaderValue, RETRY_AFTER};

use super::{Answer, Refusal, final_status};
use crate::Server;
use crate::fault::Fault;
use crate::query::Query;
use crate::reply;

/// Later keys never fail, so that a long run cannot fill the memory.
const MAX_KEYS: usize = 100_000;

/// How often each key was asked for.
#[derive(Debug, Default)]
pub struct Visits(Mutex<HashMap<String, u64>>);

impl Visits {
    /// Counts a visit and returns its number, from 1; nothing when there are too many keys.
    pub fn count(&self, key: &str) -> Option<u64> {
        let mut visits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !visits.contains_key(key) && visits.len() >= MAX_KEYS {
            return None;
        }
        let count = visits.entry(key.to_owned()).or_default();
        *count += 1;
        Some(*count)
    }
}

/// `/flaky/<key>?fails=1&status=503`: fails that many times for each key, and then answers with a page. `fault=` names a fault to fail with in
/// place of the status; `retry-after=` is sent as it is, and `retry-after=date:<seconds>` as a date.
pub fn answer(server: &Server, key: &str, query: &Query) -> Answer {
    let fails = query.number("fails", 1)?;
    if server.visits.count(key).is_none_or(|visit| visit > fails) {
        return Ok(reply::page(StatusCode::OK, "It was there in the end."));
    }
    if let Some(name) = query.get("fault") {
        return match Fault::named(name, query)? {
            Some(fault) => Err(Refusal::Fault(fault)),
            None => Err(Refusal::BadRequest(format!("fault={name}: unknown"))),
        };
    }
    let mut failure = reply::page(final_status(query.number("status", 503)?)?, "Not now.");
    if let Some(wait) = query.get("retry-after") {
        let value = match wait.strip_prefix("date:") {
            Some(seconds) => {
                let seconds = seconds.parse().map_err(|_| Refusal::BadRequest(format!("retry-after={wait}")))?;
                httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds))
            }
            None => wait.to_owned(),
        };
        let value = HeaderValue::from_str(&value).map_err(|_| Refusal::BadRequest("retry-after=".into()))?;
        failure = reply::with(failure, RETRY_AFTER, value);
    }
    Ok(failure)
}
