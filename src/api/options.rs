//! How pages are fetched.

use super::error::SiteliftError;
use crate::extract::{Parts, Selectors};
use crate::fetch::Config;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::collections::HashMap;
use std::time::Duration;

/// What is sent as `User-Agent` unless the caller names their own.
pub(crate) const USER_AGENT: &str = concat!("sitelift/", env!("CARGO_PKG_VERSION"));

/// Options of a client. Every field has a default that is safe for URLs from strangers.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own, named by the user")]
pub struct FetchOptions {
    /// Most pages fetched at the same time by one call: 1 to 10,000. Default 64.
    #[cfg_attr(feature = "uniffi", uniffi(default = 64))]
    pub concurrency: u32,
    /// Seconds that fetching one page may take in all, redirects included; reading what came takes a few more at the worst.
    /// Default 20.
    #[cfg_attr(feature = "uniffi", uniffi(default = 20.0))]
    pub timeout: f64,
    /// Seconds until a connection stands, name look-up and TLS included. Default 5.
    #[cfg_attr(feature = "uniffi", uniffi(default = 5.0))]
    pub connect_timeout: f64,
    /// Seconds of silence from the server that are waited out; while connecting, the shorter of this and `connect_timeout` counts.
    /// Default 10.
    #[cfg_attr(feature = "uniffi", uniffi(default = 10.0))]
    pub read_timeout: f64,
    /// Most redirects followed for one page: 0 to 50. Default 10.
    #[cfg_attr(feature = "uniffi", uniffi(default = 10))]
    pub max_redirects: u32,
    /// Most bytes read of one body, before and after its content coding is undone: 1 to 1 GiB. Longer bodies are cut there,
    /// and say so. Default 10 MiB.
    #[cfg_attr(feature = "uniffi", uniffi(default = 10_485_760))]
    pub max_body_bytes: u64,
    /// The `User-Agent` header. Default `sitelift/` and the version.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub user_agent: Option<String>,
    /// Further request headers, by name. On a redirect to another origin only `Accept`, `Accept-Language`,
    /// `Accept-Encoding` and `User-Agent` go along, as the others may hold secrets.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub headers: HashMap<String, String>,
    /// Check the servers' certificates. Default true; false gives up safety.
    #[cfg_attr(feature = "uniffi", uniffi(default = true))]
    pub verify_tls: bool,
    /// Fetch from loopback, private, link-local and other addresses that are not on the public internet. Default false: URLs
    /// from strangers must not reach your own network.
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub allow_private_networks: bool,
    /// Keep the text of the page in `Site.body`. Default true.
    #[cfg_attr(feature = "uniffi", uniffi(default = true))]
    pub keep_body: bool,
    /// CSS rules of your own, by name; what they match stands in `Site.selected`. A selector may end in `::text` (the default) or
    /// `::attr(name)`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub select: HashMap<String, String>,
    /// The parts of the record that cost something, of which only those named here are computed and carried. Default (absent): all but
    /// `Rdfa` and `Article`. An empty list leaves what every page has at a glance.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub parts: Option<Vec<Part>>,
}

/// A part of the record that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Part {
    /// `open_graph`, `twitter`, `meta`.
    Meta,
    /// `headings`.
    Headings,
    /// `links`.
    Links,
    /// `images`.
    Images,
    /// `videos`, `audio`.
    Media,
    /// `emails`, `phones`, `social_profiles`.
    Contacts,
    /// `word_count`, `content_hash`, `page_kind`.
    Text,
    /// `json_ld`.
    JsonLd,
    /// `microdata`.
    Microdata,
    /// `rdfa`. Not by default.
    Rdfa,
    /// `article`. Not by default.
    Article,
}

/// The parts that are wanted.
pub(crate) fn parts(wanted: Option<&[Part]>) -> Parts {
    let Some(wanted) = wanted else { return Parts::default() };
    wanted.iter().fold(Parts::NONE, |mut parts, part| {
        let slot = match part {
            Part::Meta => &mut parts.meta,
            Part::Headings => &mut parts.headings,
            Part::Links => &mut parts.links,
            Part::Images => &mut parts.images,
            Part::Media => &mut parts.media,
            Part::Contacts => &mut parts.contacts,
            Part::Text => &mut parts.text,
            Part::JsonLd => &mut parts.json_ld,
            Part::Microdata => &mut parts.microdata,
            Part::Rdfa => &mut parts.rdfa,
            Part::Article => &mut parts.article,
        };
        *slot = true;
        parts
    })
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            concurrency: 64,
            timeout: 20.0,
            connect_timeout: 5.0,
            read_timeout: 10.0,
            max_redirects: 10,
            max_body_bytes: 10_485_760,
            user_agent: None,
            headers: HashMap::new(),
            verify_tls: true,
            allow_private_networks: false,
            keep_body: true,
            select: HashMap::new(),
            parts: None,
        }
    }
}

/// Checked options, each part for the module that obeys it.
pub(crate) struct Checked {
    pub fetch: Config,
    pub concurrency: usize,
    pub keep_body: bool,
    pub selectors: Selectors,
    pub parts: Parts,
}

impl FetchOptions {
    pub(crate) fn check(&self) -> Result<Checked, SiteliftError> {
        let user_agent = self.user_agent.as_deref().unwrap_or(USER_AGENT);
        let fetch = Config {
            timeout: seconds("timeout", self.timeout)?,
            connect_timeout: seconds("connect_timeout", self.connect_timeout)?,
            read_timeout: seconds("read_timeout", self.read_timeout)?,
            max_redirects: within("max_redirects", self.max_redirects.into(), 0, 50)?,
            max_body_bytes: within("max_body_bytes", self.max_body_bytes, 1, 1 << 30)?,
            user_agent: HeaderValue::from_str(user_agent).map_err(|_| {
                SiteliftError::argument("user_agent", format_args!("{user_agent:?} cannot stand in a header"))
            })?,
            headers: self.header_map()?,
            verify_tls: self.verify_tls,
            allow_private_networks: self.allow_private_networks,
        };
        Ok(Checked {
            fetch,
            concurrency: within("concurrency", self.concurrency.into(), 1, 10_000)?,
            keep_body: self.keep_body,
            selectors: selectors(&self.select)?,
            parts: parts(self.parts.as_deref()),
        })
    }

    fn header_map(&self) -> Result<HeaderMap, SiteliftError> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let key = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| SiteliftError::argument("headers", format_args!("{name:?} is not a header name")))?;
            if matches!(key.as_str(), "host" | "content-length" | "transfer-encoding" | "connection") {
                return Err(SiteliftError::argument(
                    "headers",
                    format_args!("{name:?} is set by the connection itself"),
                ));
            }
            let value = HeaderValue::from_str(value).map_err(|_| {
                // The value may be a secret, and is not repeated.
                SiteliftError::argument("headers", format_args!("the value of {name:?} cannot stand in a header"))
            })?;
            if map.insert(key, value).is_some() {
                return Err(SiteliftError::argument("headers", format_args!("{name:?} is given twice")));
            }
        }
        Ok(map)
    }
}

pub(crate) fn selectors(rules: &HashMap<String, String>) -> Result<Selectors, SiteliftError> {
    Selectors::parse(rules).map_err(|bad| SiteliftError::InvalidSelector {
        reason: format!("the rule {:?} is not a valid CSS selector: {:?}: {}", bad.name, bad.selector, bad.reason),
        name: bad.name,
        selector: bad.selector,
    })
}

fn seconds(option: &str, value: f64) -> Result<Duration, SiteliftError> {
    const MAX: f64 = 86_400.0;
    if value > 0.0 && value <= MAX {
        return Ok(Duration::from_secs_f64(value));
    }
    Err(SiteliftError::argument(option, format_args!("{value} is not a number of seconds above 0 and up to {MAX}")))
}

fn within(option: &str, value: u64, min: u64, max: u64) -> Result<usize, SiteliftError> {
    match usize::try_from(value) {
        Ok(fits) if (min..=max).contains(&value) => Ok(fits),
        _ => Err(SiteliftError::argument(option, format_args!("{value} is not between {min} and {max}"))),
    }
}
