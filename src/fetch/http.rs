//! Building the one HTTP client: pool, limits, headers.

use super::config::Config;
use super::cookies::Cookies;
use super::failure::root_text;
use super::guard::{self, GuardedResolver};
use super::names::Names;
use super::timing::Timing;
use super::tls::{self, Sessions};
use crate::decode::content::ACCEPT_ENCODING;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING as ACCEPT_ENCODING_NAME, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Client, Proxy, redirect};
use std::sync::Arc;
use std::time::Duration;

/// What browsers ask for, without the image types.
const ACCEPT_VALUE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Header fields beyond this number, or all of them together beyond hyper's 400 KiB, fail the response.
const MAX_HEADERS: usize = 256;
const MAX_HEADER_LIST_BYTES: u32 = 64 * 1024;

/// How many bytes of a page a server may send over HTTP/2 before they are read, and the most that the protocol knows.
const WINDOW: u32 = 1 << 20;
const MAX_WINDOW: u32 = (1 << 31) - 1;

/// A server that is silent is not asked more often than this whether it is there.
const OFTEN: Duration = Duration::from_secs(1);

/// Idle connections are kept for so long: each holds a descriptor, and a batch over many hosts leaves one for each.
const IDLE: Duration = Duration::from_secs(10);
const MAX_IDLE_PER_HOST: usize = 64;

/// What outlives a pool that is replaced.
#[derive(Debug)]
pub(super) struct Kept {
    pub names: Arc<Names>,
    cookies: Arc<Cookies>,
    sessions: Arc<Sessions>,
}

impl Kept {
    pub(super) fn new(names: Names) -> Self {
        Self { names: Arc::new(names), cookies: Arc::default(), sessions: Arc::new(Sessions::new()) }
    }
}

pub(super) fn client(config: &Config, kept: &Kept) -> Result<Client, String> {
    let set_up = |why: String| format!("the HTTP client could not be set up: {why}");
    // Pages that wait for the budget leave their windows full, and the connection must have room for another one still.
    let streams = u32::try_from(config.per_host).unwrap_or(u32::MAX).clamp(1, MAX_WINDOW - 1) + 1;
    let stream_window = WINDOW.min(MAX_WINDOW / streams);
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
        .http2_initial_stream_window_size(stream_window)
        .http2_initial_connection_window_size(stream_window * streams)
        // A connection that a router between has forgotten would else hold up every page of its host for the time of the option.
        .http2_keep_alive_interval((config.read_timeout / 4).max(OFTEN))
        .http2_keep_alive_timeout(config.read_timeout / 2)
        .tcp_nodelay(true)
        .tls_backend_preconfigured(tls::config(config, &kept.sessions).map_err(set_up)?);
    let set_up = |error: reqwest::Error| set_up(root_text(&error));
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
