//! Building the one HTTP client: TLS, pool, limits.

use super::config::Config;
use super::cookies::Cookies;
use super::failure::root_text;
use super::guard::{self, GuardedResolver};
use super::names::Names;
use super::timing::Timing;
use crate::decode::content::ACCEPT_ENCODING;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING as ACCEPT_ENCODING_NAME, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Certificate, Client, Proxy, redirect};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// What browsers ask for, without the image types.
const ACCEPT_VALUE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Header fields beyond this number, or all of them together beyond hyper's 400 KiB, fail the response.
const MAX_HEADERS: usize = 256;
const MAX_HEADER_LIST_BYTES: u32 = 64 * 1024;

/// Idle connections are kept for so long: each holds a descriptor, and a batch over many hosts leaves one for each.
const IDLE: Duration = Duration::from_secs(10);
const MAX_IDLE_PER_HOST: usize = 64;

/// What outlives a pool that is replaced.
#[derive(Debug)]
pub(super) struct Kept {
    names: Arc<Names>,
    cookies: Arc<Cookies>,
}

impl Kept {
    pub(super) fn new() -> Self {
        Self { names: Arc::new(Names::new()), cookies: Arc::default() }
    }
}

pub(super) fn client(config: &Config, kept: &Kept) -> Result<Client, String> {
    // The TLS library takes its cryptography from a process-wide slot; another user of it may have filled it.
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let mut builder = Client::builder()
        .default_headers(default_headers(config))
        .redirect(redirect::Policy::none())
        .referer(false)
        // One of the environment would connect for us, past the address guard, without anybody having said so.
        .no_proxy()
        .dns_resolver(Arc::new(GuardedResolver::new(config, Arc::clone(&kept.names))))
        .connector_layer(Timing)
        .connect_timeout(config.connect_timeout)
        // Silence is timed where it is waited for: the client's own clock runs on while a page waits for something else.
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
        // Another crate of the program may have switched these on, and bodies are ours to unpack.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        // What browsers put up with.
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_max_headers(MAX_HEADERS)
        .http2_max_header_list_size(MAX_HEADER_LIST_BYTES)
        .tcp_nodelay(true)
        .tls_backend_rustls()
        .tls_certs_only(roots().iter().chain(&config.authorities.certificates).cloned())
        .tls_danger_accept_invalid_certs(!config.verify_tls);
    let set_up = |error: reqwest::Error| format!("the HTTP client could not be set up: {}", root_text(&error));
    if config.keeps_cookies {
        builder = builder.cookie_provider(Arc::clone(&kept.cookies));
    }
    if !config.http2 {
        builder = builder.http1_only();
    }
    if let Some(proxy) = &config.proxy {
        builder = builder.proxy(Proxy::all(guard::renamed(proxy)).map_err(set_up)?);
    }
    builder.build().map_err(set_up)
}

/// What goes with every request, unless the caller names something else.
pub(super) fn default_headers(config: &Config) -> HeaderMap {
    let mut headers = HeaderMap::new();
    // Only media types were let in, which fit into a header.
    let wanted = HeaderValue::from_str(&config.accept_types.join(", ")).ok().filter(|types| !types.is_empty());
    headers.insert(ACCEPT, wanted.unwrap_or(HeaderValue::from_static(ACCEPT_VALUE)));
    headers.insert(USER_AGENT, config.user_agent.clone());
    headers.insert(ACCEPT_ENCODING_NAME, HeaderValue::from_static(ACCEPT_ENCODING));
    headers
}

/// The system's trusted certificates, or Mozilla's where the system has none (a bare container). Read once.
fn roots() -> &'static [Certificate] {
    static ROOTS: OnceLock<Vec<Certificate>> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut usable = rustls::RootCertStore::empty();
        let system: Vec<Certificate> = rustls_native_certs::load_native_certs()
            .certs
            .iter()
            // One that cannot be read must not take the others along.
            .filter(|der| usable.add((*der).clone()).is_ok())
            .filter_map(|der| Certificate::from_der(der).ok())
            .collect();
        if !system.is_empty() {
            return system;
        }
        webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok()).collect()
    })
}
