//! From the options as they were given to checked ones.

use super::error::SiteliftError;
use super::options::{FetchOptions, USER_AGENT, parts};
use crate::decode::media_type::MediaType;
use crate::extract::{Parts, Selectors};
use crate::fetch::{Authorities, CacheAt, Config, Secret, agent_of};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

/// Checked options, each part for the module that obeys it.
pub(crate) struct Checked {
    pub fetch: Config,
    pub concurrency: usize,
    pub deadline: Option<Duration>,
    pub max_bytes_in_flight: usize,
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
            retries: number("retries", self.retries, 0, 10)?,
            backoff: up_to("backoff", self.backoff, 60.0)?,
            per_host: within("per_host", self.per_host.into(), 1, 10_000)?,
            delay_per_host: up_to("delay_per_host", self.delay_per_host, MAX_SECONDS)?,
            robots_agent: self.robots_agent(user_agent)?,
            max_redirects: within("max_redirects", self.max_redirects.into(), 0, 50)?,
            max_body_bytes: within("max_body_bytes", self.max_body_bytes, 1, 1 << 30)?,
            stops_after_head: self.stop_after_head,
            accept_types: self.accept_types.iter().map(|text| media_type(text)).collect::<Result<_, _>>()?,
            http2: self.http2,
            user_agent: HeaderValue::from_str(user_agent).map_err(|_| {
                SiteliftError::argument("user_agent", format_args!("{user_agent:?} cannot stand in a header"))
            })?,
            headers: self.header_map()?,
            secrets: self.secrets()?,
            keeps_cookies: self.cookies,
            cache: self.cache()?,
            proxy: self.proxy.as_deref().map(proxy).transpose()?,
            authorities: self.ca_file.as_deref().map(authorities).transpose()?.unwrap_or_default(),
            verify_tls: self.verify_tls,
            allow_private_networks: self.allow_private_networks,
            resolve: self.addresses()?,
        };
        Ok(Checked {
            fetch,
            concurrency: within("concurrency", self.concurrency.into(), 1, 10_000)?,
            deadline: self.deadline.map(|deadline| seconds("deadline", deadline)).transpose()?,
            max_bytes_in_flight: within("max_bytes_in_flight", self.max_bytes_in_flight, 1 << 20, 1 << 40)?,
            keep_body: self.keep_body,
            selectors: selectors(&self.select)?,
            parts: parts(self.parts.as_deref()),
        })
    }

    /// The name to obey by; nothing where robots.txt is not obeyed.
    fn robots_agent(&self, user_agent: &str) -> Result<Option<String>, SiteliftError> {
        let agent = match &self.robots_agent {
            Some(name) if name.is_empty() || agent_of(name) != *name => {
                let wanted = format_args!("{name:?} is not a name of letters, digits, - and _ such as examplebot");
                return Err(SiteliftError::argument("robots_agent", wanted));
            }
            Some(name) => name.clone(),
            None => agent_of(user_agent),
        };
        Ok(self.obey_robots.then_some(agent))
    }

    fn addresses(&self) -> Result<HashMap<String, IpAddr>, SiteliftError> {
        let address = |(host, address): (&String, &String)| {
            let address = address.parse().map_err(|_| {
                let wanted = format_args!("{address:?}, given for {host:?}, is not an IP address such as 192.0.2.1");
                SiteliftError::argument("resolve", wanted)
            })?;
            Ok((host.to_ascii_lowercase(), address))
        };
        self.resolve.iter().map(address).collect()
    }

    fn cache(&self) -> Result<Option<CacheAt>, SiteliftError> {
        let max_bytes = within("cache_max_bytes", self.cache_max_bytes, 1 << 20, 1 << 40)? as u64;
        match self.cache_dir.as_deref() {
            Some("") => Err(SiteliftError::argument("cache_dir", "the name of a folder is wanted, not an empty text")),
            folder => Ok(folder.map(|folder| CacheAt { folder: folder.into(), max_bytes })),
        }
    }

    fn secrets(&self) -> Result<Vec<Secret>, SiteliftError> {
        let secret = |(place, secret): (&String, &String)| Secret::new(place, secret);
        self.auth.iter().map(secret).collect::<Result<_, _>>().map_err(|why| SiteliftError::argument("auth", why))
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

/// A media type or range, in lower case.
fn media_type(text: &str) -> Result<String, SiteliftError> {
    let essence = MediaType::parse(text).map(|found| found.essence).filter(|essence| {
        // A parameter would tell nothing, and is a mistake.
        let is_whole = essence.eq_ignore_ascii_case(text.trim());
        is_whole && (*essence == "*/*" || !essence.starts_with("*/"))
    });
    essence.ok_or_else(|| {
        let wanted = format_args!("{text:?} is not a media type such as text/html or text/*");
        SiteliftError::argument("accept_types", wanted)
    })
}

/// The value may hold a password, and is not repeated.
fn proxy(text: &str) -> Result<Url, SiteliftError> {
    let url = Url::parse(text).ok().filter(Url::has_host);
    url.filter(|url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h")).ok_or_else(|| {
        let wanted = "not the URL of a proxy, such as http://proxy.example:8080 or socks5://localhost:1080";
        SiteliftError::argument("proxy", wanted)
    })
}

fn authorities(path: &str) -> Result<Authorities, SiteliftError> {
    let bad = |why: String| SiteliftError::argument("ca_file", format_args!("{path:?} {why}"));
    let pem = std::fs::read(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
    Authorities::from_pem(&pem).map_err(bad)
}

const MAX_SECONDS: f64 = 86_400.0;

fn seconds(option: &str, value: f64) -> Result<Duration, SiteliftError> {
    if value > 0.0 && value <= MAX_SECONDS {
        return Ok(Duration::from_secs_f64(value));
    }
    let wanted = format_args!("{value} is not a number of seconds above 0 and up to {MAX_SECONDS}");
    Err(SiteliftError::argument(option, wanted))
}

fn up_to(option: &str, value: f64, max: f64) -> Result<Duration, SiteliftError> {
    if (0.0..=max).contains(&value) {
        return Ok(Duration::from_secs_f64(value));
    }
    Err(SiteliftError::argument(option, format_args!("{value} is not a number of seconds from 0 to {max}")))
}

fn within(option: &str, value: u64, min: u64, max: u64) -> Result<usize, SiteliftError> {
    match usize::try_from(value) {
        Ok(fits) if (min..=max).contains(&value) => Ok(fits),
        _ => Err(SiteliftError::argument(option, format_args!("{value} is not between {min} and {max}"))),
    }
}

fn number(option: &str, value: u32, min: u32, max: u32) -> Result<u32, SiteliftError> {
    if (min..=max).contains(&value) {
        return Ok(value);
    }
    Err(SiteliftError::argument(option, format_args!("{value} is not between {min} and {max}")))
}
