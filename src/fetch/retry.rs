//! When a page is worth another try, and how long to wait before it.

use super::config::Config;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use std::time::{Duration, SystemTime};

/// The longest `Retry-After` that is waited out.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// What a response says about another try.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stands as it is.
    Stands,
    /// It may be better after this long. `asked` says that the server named the time.
    Again { after: Duration, asked: bool },
    /// The server asked for a longer wait than [`LONGEST_WAIT`].
    TooLong(Duration),
}

/// Statuses that may pass: RFC 9110's, 429 (RFC 6585), and those of a proxy that did not reach its server.
pub(super) fn may_pass(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504 | 522 | 524)
}

/// Decides on a response to attempt number `attempt`, counted from 1.
pub(super) fn of_response(config: &Config, attempt: u32, status: StatusCode, headers: &HeaderMap) -> Verdict {
    if !may_pass(status) || attempt > config.retries {
        return Verdict::Stands;
    }
    match headers.get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?, headers, SystemTime::now())) {
        Some(asked) if asked > LONGEST_WAIT => Verdict::TooLong(asked),
        Some(asked) => Verdict::Again { after: asked.max(pause(config, attempt)), asked: true },
        None => Verdict::Again { after: pause(config, attempt), asked: false },
    }
}

/// The wait before the attempt that follows number `attempt`: somewhere between none and `backoff`, which doubles each time ("full
/// jitter"), so that pages that failed together do not come back together.
pub(super) fn pause(config: &Config, attempt: u32) -> Duration {
    let doubled = config.backoff.saturating_mul(1 << attempt.saturating_sub(1).min(16));
    doubled.min(LONGEST_WAIT).mul_f64(fastrand::f64())
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date, which counts from the response's own `Date` where it has one, as clocks
/// differ.
pub(super) fn retry_after(value: &str, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are a long time, too.
        return Some(value.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let sent = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok()).unwrap_or(now);
    Some(until.duration_since(sent).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn waits(value: &str, date: Option<&'static str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:00 GMT").unwrap();
        retry_after(value, &headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_all_three_dates() {
        assert_eq!(waits("120", None), Some(120));
        assert_eq!(waits(" 0 ", None), Some(0));
        assert_eq!(waits("Sun, 06 Nov 1994 08:49:37 GMT", None), Some(37));
        assert_eq!(waits("Sunday, 06-Nov-94 08:49:37 GMT", None), Some(37));
        assert_eq!(waits("Sun Nov  6 08:49:37 1994", None), Some(37));
        assert_eq!(waits("Sun, 06 Nov 1994 08:49:37 GMT", Some("Sun, 06 Nov 1994 08:49:35 GMT")), Some(2));
        assert_eq!(waits("Sun, 06 Nov 1994 08:00:00 GMT", None), Some(0), "the past is now");
        assert_eq!(waits("99999999999999999999999999", None), Some(u64::MAX));
        for nonsense in ["", "-1", "1.5", "soon", "1e3", "+5", "0x10"] {
            assert_eq!(waits(nonsense, None), None, "{nonsense}");
        }
    }
}
