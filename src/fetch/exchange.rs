//! The facts of fetching one URL.

use super::cache::Head;
use super::failure::Failure;
use reqwest::Version;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName};
use std::net::IpAddr;
use std::time::{Duration, SystemTime};
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
    /// When it was first asked for; absent when it never was.
    pub started: Option<SystemTime>,
    /// The last URL asked for.
    pub url: Url,
    /// How often the page was asked for; all else here is of the last time.
    pub attempts: u32,
    pub redirects: Vec<Hop>,
    pub status: Option<u16>,
    pub http_version: Option<&'static str>,
    pub remote_ip: Option<IpAddr>,
    pub headers: Vec<(String, String)>,
    /// What the last request's own connection took, as far as it made one: the look-up of the name, all of it, and of that TLS.
    pub dns: Option<Duration>,
    pub connect: Option<Duration>,
    pub tls: Option<Duration>,
    /// From the headers of the last response to its end.
    pub reading: Option<Duration>,
    /// From the start to the headers of the last response, without the waits for a turn.
    pub ttfb: Option<Duration>,
    /// From the start to the end, without the waits for a turn.
    pub elapsed: Duration,
    /// As sent, at most `max_body_bytes` of it (and a block more of packed data): still packed by `content_encoding`.
    pub body: Vec<u8>,
    /// The server had more than `max_body_bytes` to send.
    pub body_cut: bool,
    /// Reading ended with the end of the page's head, as was wanted.
    pub is_head_only: bool,
    pub content_encoding: String,
    pub content_type: Option<String>,
    /// The server asked to wait so long before another try that none was made.
    pub retry_refused: Option<Duration>,
    /// The body is one that was kept.
    pub from_cache: bool,
    /// What robots.txt said, where it was asked.
    pub robots_allowed: Option<bool>,
    pub failure: Option<Failure>,
}

impl Exchange {
    pub(super) fn begin(url: Url, attempts: u32) -> Self {
        Self {
            started: None,
            url,
            attempts,
            redirects: Vec::new(),
            status: None,
            http_version: None,
            remote_ip: None,
            headers: Vec::new(),
            dns: None,
            connect: None,
            tls: None,
            reading: None,
            ttfb: None,
            elapsed: Duration::ZERO,
            body: Vec::new(),
            body_cut: false,
            is_head_only: false,
            content_encoding: String::new(),
            content_type: None,
            retry_refused: None,
            from_cache: false,
            robots_allowed: None,
            failure: None,
        }
    }

    pub(super) fn note(&mut self, head: &Head) {
        self.status = Some(head.status.as_u16());
        self.http_version = Some(head.http_version);
        self.remote_ip = head.remote_ip;
        let headers = head.headers.iter();
        self.headers = headers.map(|(name, value)| (name.as_str().to_owned(), header_text(value.as_bytes()))).collect();
        self.content_type = joined(&head.headers, &CONTENT_TYPE);
        self.content_encoding = joined(&head.headers, &CONTENT_ENCODING).unwrap_or_default();
    }
}

/// Header bytes as text: UTF-8 where they are, ISO-8859-1 (RFC 9110, section 5.5) where not.
pub(super) fn header_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}

fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<String> = headers.get_all(name).iter().map(|v| header_text(v.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

pub(super) fn version_name(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "HTTP/0.9",
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_11 => "HTTP/1.1",
        Version::HTTP_2 => "HTTP/2",
        _ => "HTTP/3",
    }
}
