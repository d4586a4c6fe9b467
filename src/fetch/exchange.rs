//! One URL, its redirects and its body.

use super::Fetcher;
use super::config::Config;
use super::failure::{Failure, Kind, Phase, from_reqwest, is_out_of_descriptors, shown, timed_out_in_all};
use super::guard;
use super::target::{self, Target};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT};
use reqwest::{Response, StatusCode, Version};
use std::net::IpAddr;
use std::time::{Duration, Instant};
use url::Url;

/// One redirect that was followed: where from, and with which status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hop {
    pub url: String,
    pub status: u16,
}

/// What came of fetching one URL, as far as it came.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    /// The last URL asked for.
    pub url: Url,
    pub redirects: Vec<Hop>,
    pub status: Option<u16>,
    pub http_version: Option<&'static str>,
    pub remote_ip: Option<IpAddr>,
    pub headers: Vec<(String, String)>,
    /// From the start to the headers of the last response.
    pub ttfb: Option<Duration>,
    /// From the start to the end.
    pub elapsed: Duration,
    /// As sent, at most `max_body_bytes` of it (and a block more of packed data): still packed by `content_encoding`.
    pub body: Vec<u8>,
    /// The server had more than `max_body_bytes` to send.
    pub body_cut: bool,
    pub content_encoding: String,
    pub content_type: Option<String>,
    pub failure: Option<Failure>,
}

impl Exchange {
    fn begin(url: Url) -> Self {
        Self {
            url,
            redirects: Vec::new(),
            status: None,
            http_version: None,
            remote_ip: None,
            headers: Vec::new(),
            ttfb: None,
            elapsed: Duration::ZERO,
            body: Vec::new(),
            body_cut: false,
            content_encoding: String::new(),
            content_type: None,
            failure: None,
        }
    }

    fn note(&mut self, response: &Response) {
        self.status = Some(response.status().as_u16());
        self.http_version = Some(version_name(response.version()));
        self.remote_ip = response.remote_addr().map(|a| a.ip());
        self.headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), header_text(value.as_bytes())))
            .collect();
        self.content_type = joined(response.headers(), &CONTENT_TYPE);
        self.content_encoding = joined(response.headers(), &reqwest::header::CONTENT_ENCODING).unwrap_or_default();
    }
}

/// Fetches within the total time limit; what was known when it passed is kept.
pub(super) async fn run(fetcher: &Fetcher, target: &Target) -> Exchange {
    let config = &fetcher.config;
    let start = Instant::now();
    let mut exchange = Exchange::begin(target.url.clone());
    let mut phase = Phase::Response;
    let steps = follow(fetcher, target, start, &mut exchange, &mut phase);
    let end = tokio::time::timeout(config.timeout, steps).await;
    exchange.failure = match end {
        Ok(result) => result.err(),
        Err(_) => Some(timed_out_in_all(&exchange.url, config.timeout, phase)),
    };
    exchange.elapsed = start.elapsed();
    exchange
}

async fn follow(
    fetcher: &Fetcher,
    target: &Target,
    start: Instant,
    exchange: &mut Exchange,
    phase: &mut Phase,
) -> Result<(), Failure> {
    let config = &fetcher.config;
    let mut url = exchange.url.clone();
    loop {
        if !config.allow_private_networks {
            guard::check_literal(&url)
                .map_err(|refusal| Failure::new(Kind::AddressNotAllowed, shown(&url), refusal.to_string()))?;
        }
        *phase = Phase::Response;
        let response = send(fetcher, target, &url).await?;
        exchange.ttfb = Some(start.elapsed());
        exchange.url = url.clone();
        exchange.note(&response);
        let Some(next) = next_hop(&url, &response)? else {
            *phase = Phase::Body;
            return read_body(response, config, exchange).await;
        };
        check_redirects(exchange, &next, config.max_redirects)?;
        exchange.redirects.push(Hop { url: shown(&url), status: response.status().as_u16() });
        url = next;
    }
}

/// Sends one request. When the process has no descriptor left for a connection, idle ones are given up, and others end soon: it
/// tries again, within the time limit of the page.
async fn send(fetcher: &Fetcher, target: &Target, url: &Url) -> Result<Response, Failure> {
    let mut pause = Duration::from_millis(20);
    loop {
        let (http, seen) = fetcher.http();
        let request = http.get(url.clone()).headers(headers_for(url, &target.url, &fetcher.config));
        match request.send().await {
            Ok(response) => return Ok(response),
            Err(error) if is_out_of_descriptors(&error) => {
                drop(http);
                fetcher.drop_idle(seen);
                tokio::time::sleep(pause).await;
            }
            Err(error) => return Err(from_reqwest(&error, url, Phase::Response, &fetcher.config)),
        }
        pause = (pause * 2).min(Duration::from_millis(500));
    }
}

/// The caller's headers, which were meant for the origin that was asked for: what may be a secret stays there.
fn headers_for(url: &Url, asked: &Url, config: &Config) -> HeaderMap {
    if url.origin() == asked.origin() {
        return config.headers.clone();
    }
    let harmless = [ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, USER_AGENT];
    config
        .headers
        .iter()
        .filter(|(name, _)| harmless.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Where a redirect leads, or nothing when the response is the last. A redirect without `Location` is a page.
fn next_hop(url: &Url, response: &Response) -> Result<Option<Url>, Failure> {
    let redirects = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let Some(location) = response.headers().get(LOCATION).filter(|_| redirects) else {
        return Ok(None);
    };
    let location = header_text(location.as_bytes());
    let fail = |detail: String| Failure::new(Kind::InvalidRedirect, shown(url), detail);
    if location.len() > target::MAX_URL_BYTES {
        return Err(fail(format!("redirected to a URL of {} bytes", location.len())));
    }
    let mut next = url
        .join(&location)
        .map_err(|error| fail(format!("redirected to {location:?}, which is not a valid URL: {error}")))?;
    target::scheme(&next).map_err(|why| fail(format!("redirected to {location:?}: {why}")))?;
    next.set_fragment(None);
    Ok(Some(next))
}

fn check_redirects(exchange: &Exchange, next: &Url, limit: usize) -> Result<(), Failure> {
    let fail = |detail: String| Err(Failure::new(Kind::TooManyRedirects, shown(next), detail));
    // Without cookies the same request gets the same answer.
    if exchange.url == *next || exchange.redirects.iter().any(|hop| hop.url == shown(next)) {
        return fail("the redirects lead back to a URL already asked for (a loop)".to_owned());
    }
    if exchange.redirects.len() == limit {
        return fail(format!("more than {limit} redirects (option max_redirects)"));
    }
    Ok(())
}

async fn read_body(mut response: Response, config: &Config, exchange: &mut Exchange) -> Result<(), Failure> {
    /// The length is the server's word: it is believed up to this much.
    const TRUSTED_LENGTH: u64 = 1 << 20;
    /// Packed data comes in blocks of up to 128 KiB (zstd); with less than one of them nothing can be unpacked.
    const BLOCK: usize = 256 * 1024;
    let slack = if exchange.content_encoding.is_empty() { 0 } else { BLOCK };
    let cap = config.max_body_bytes.saturating_add(slack);
    let expected = response.content_length().unwrap_or(0).min(TRUSTED_LENGTH);
    exchange.body.reserve(usize::try_from(expected).unwrap_or(0).min(cap));
    loop {
        let chunk = response.chunk().await.map_err(|error| from_reqwest(&error, &exchange.url, Phase::Body, config))?;
        let Some(chunk) = chunk else { return Ok(()) };
        let room = cap - exchange.body.len();
        if chunk.len() > room {
            exchange.body.extend_from_slice(&chunk[..room]);
            exchange.body_cut = true;
            return Ok(());
        }
        exchange.body.extend_from_slice(&chunk);
    }
}

/// Header bytes as text: UTF-8 where they are, ISO-8859-1 (RFC 9110, section 5.5) where not.
fn header_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}

fn joined(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    let values: Vec<String> = headers.get_all(name).iter().map(|v| header_text(v.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn version_name(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "HTTP/0.9",
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_11 => "HTTP/1.1",
        Version::HTTP_2 => "HTTP/2",
        _ => "HTTP/3",
    }
}
