//! The rules of fetching, already checked.

use super::cache::CacheAt;
use super::secrets::Secret;
use crate::decode::media_type::MediaType;
use reqwest::header::{HeaderMap, HeaderValue};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

/// Checked options: every value is in its range.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own, named by the user")]
pub(crate) struct Config {
    pub timeout: Duration,
    pub connect_timeout: Duration,
    pub read_timeout: Duration,
    /// How often a page is tried again.
    pub retries: u32,
    pub backoff: Duration,
    pub per_host: usize,
    pub delay_per_host: Duration,
    /// The name by which robots.txt is obeyed; without one it is not.
    pub robots_agent: Option<String>,
    pub max_redirects: usize,
    pub max_body_bytes: usize,
    /// Read no more of a page than its head.
    pub stops_after_head: bool,
    /// The media types that are read, in lower case; `*` stands for any. Without one all are.
    pub accept_types: Vec<String>,
    /// Speak HTTP/2 where the server offers it.
    pub http2: bool,
    pub user_agent: HeaderValue,
    pub headers: HeaderMap,
    pub verify_tls: bool,
    pub allow_private_networks: bool,
    pub secrets: Vec<Secret>,
    pub keeps_cookies: bool,
    pub proxy: Option<Url>,
    /// Trusted besides the system's.
    pub authorities: Authorities,
    pub cache: Option<CacheAt>,
    /// Addresses of hosts, by name in lower case, in place of the resolver's.
    pub resolve: HashMap<String, IpAddr>,
}

/// Certificates of authorities.
#[derive(Debug, Clone, Default)]
pub(crate) struct Authorities {
    pub certificates: Vec<CertificateDer<'static>>,
    /// Of the file that they stand in; empty without one.
    digest: Vec<u8>,
}

impl Authorities {
    /// Reads a file in PEM form. The error tells what is wrong with it.
    pub(crate) fn from_pem(pem: &[u8]) -> Result<Self, String> {
        let digest = ring::digest::digest(&ring::digest::SHA256, pem).as_ref().to_vec();
        match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
            Ok(found) if !found.is_empty() => Ok(Self { certificates: found, digest }),
            Ok(_) => Err("holds no certificate in PEM form".to_owned()),
            Err(error) => Err(format!("is not a file of certificates in PEM form: {error}")),
        }
    }
}

impl Config {
    /// Whether bodies of this `Content-Type` are to be read.
    pub(super) fn accepts(&self, content_type: Option<&str>) -> bool {
        // What has no type is what it looks like, and to look it must be read.
        let Some(found) = content_type.and_then(MediaType::of_headers) else { return true };
        let kind = found.essence.split('/').next().unwrap_or_default();
        let fits = |wanted: &String| match wanted.strip_suffix("/*") {
            Some("*") => true,
            Some(wanted) => wanted == kind,
            None => *wanted == found.essence,
        };
        self.accept_types.is_empty() || self.accept_types.iter().any(fits)
    }

    /// What decides whom an answer is believed from: pages that were kept under other rules are not for this client.
    pub(super) fn trust(&self) -> String {
        let mut resolve: Vec<_> = self.resolve.iter().collect();
        resolve.sort();
        let proxy = self.proxy.as_ref().map(Url::as_str);
        let rules = (self.allow_private_networks, self.verify_tls, &self.authorities.digest);
        format!("{rules:?} {proxy:?} {resolve:?}")
    }
}
