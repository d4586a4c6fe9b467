//! Cookies (RFC 6265), in memory, as many as a client may be made to keep.

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::HeaderValue;
use std::sync::{PoisonError, RwLock};
use url::Url;

/// What browsers keep at least of one cookie, and of one host.
const MAX_BYTES: usize = 4096;
const MAX_PER_RESPONSE: usize = 50;

/// Beyond this many, all are forgotten: a client that meets so many hosts keeps no sessions.
const MAX_COOKIES: usize = 50_000;

/// The cookies of one client.
#[derive(Debug, Default)]
pub(super) struct Cookies(RwLock<Kept>);

#[derive(Debug, Default)]
struct Kept {
    jar: Jar,
    /// How many were set, those set again counted again.
    count: usize,
}

impl CookieStore for Cookies {
    fn set_cookies(&self, headers: &mut dyn Iterator<Item = &HeaderValue>, url: &Url) {
        let fitting: Vec<&HeaderValue> =
            headers.filter(|value| value.len() <= MAX_BYTES).take(MAX_PER_RESPONSE).collect();
        if fitting.is_empty() {
            return;
        }
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.count > MAX_COOKIES {
            *kept = Kept::default();
        }
        kept.count += fitting.len();
        kept.jar.set_cookies(&mut fitting.into_iter(), url);
    }

    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).jar.cookies(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_server_cannot_fill_the_memory() {
        let cookies = Cookies::default();
        let url = Url::parse("https://a.example/").unwrap();
        let long = HeaderValue::from_str(&format!("long={}", "x".repeat(5000))).unwrap();
        let many: Vec<HeaderValue> =
            (0..1000).map(|i| HeaderValue::from_str(&format!("c{i}=1")).unwrap()).chain([long]).collect();
        cookies.set_cookies(&mut many.iter(), &url);
        let sent = cookies.cookies(&url).unwrap();
        assert_eq!(sent.to_str().unwrap().split(';').count(), MAX_PER_RESPONSE);
        for i in 0..2000 {
            let url = Url::parse(&format!("https://{i}.example/")).unwrap();
            cookies.set_cookies(&mut many.iter(), &url);
        }
        assert!(cookies.0.read().unwrap().count <= MAX_COOKIES + MAX_PER_RESPONSE);
    }
}
