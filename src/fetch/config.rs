//! The rules of fetching, already checked.

use reqwest::header::{HeaderMap, HeaderValue};
use std::time::Duration;

/// Checked options: every value is in its range.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub timeout: Duration,
    pub connect_timeout: Duration,
    pub read_timeout: Duration,
    pub max_redirects: usize,
    pub max_body_bytes: usize,
    pub user_agent: HeaderValue,
    pub headers: HeaderMap,
    pub verify_tls: bool,
    pub allow_private_networks: bool,
}
