//! Cookies (RFC 6265), in memory, as many as a client may be made to keep.

use cookie_store::{Cookie, CookieDomain, CookieStore as Jar, StoreAction};
use reqwest::cookie::CookieStore;
use reqwest::header::HeaderValue;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use url::Url;

/// What browsers keep at least of one cookie, and of one host.
const MAX_BYTES: usize = 4096;
const MAX_PER_RESPONSE: usize = 50;

/// Beyond this many bytes of one site, all its cookies are forgotten: they are sent to it, all at a time.
const MAX_OF_SITE: usize = MAX_PER_RESPONSE * MAX_BYTES;

/// Beyond this many bytes, all are forgotten: a client that meets so many hosts keeps no sessions.
const MAX_IN_ALL: usize = 32 << 20;

/// About what a cookie takes besides its bytes.
const FRAME: usize = 512;

/// The cookies of one client.
#[derive(Debug, Default)]
pub(super) struct Cookies(RwLock<Kept>);

/// By the site, beyond which no cookie goes: a jar looks through all domains that it knows.
#[derive(Debug, Default)]
struct Kept {
    sites: HashMap<String, Site>,
    weight: usize,
}

#[derive(Debug, Default)]
struct Site {
    jar: Jar,
    /// Of all that was set, that set again counted again, until it is weighed.
    bytes: usize,
    count: usize,
}

impl CookieStore for Cookies {
    fn set_cookies(&self, headers: &mut dyn Iterator<Item = &HeaderValue>, url: &Url) {
        let fitting = headers.filter(|value| value.len() <= MAX_BYTES).take(MAX_PER_RESPONSE);
        let fitting: Vec<Cookie<'static>> = fitting.filter_map(|value| parse(value, url)).collect();
        if fitting.is_empty() {
            return;
        }
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.weight > MAX_IN_ALL {
            *kept = Kept::default();
        }
        let mut site = kept.sites.remove(site_of(url)).unwrap_or_default();
        kept.weight -= site.weight();
        for cookie in fitting {
            site.insert(cookie, url);
        }
        kept.weight += site.weight();
        kept.sites.insert(site_of(url).to_owned(), site);
    }

    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let jar = &kept.sites.get(site_of(url))?.jar;
        let pairs: Vec<String> = jar.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| HeaderValue::from_bytes(pairs.join("; ").as_bytes()).ok()).flatten()
    }
}

impl Site {
    fn insert(&mut self, cookie: Cookie<'static>, url: &Url) {
        let length = length(&cookie);
        if self.bytes + length > MAX_OF_SITE {
            self.bytes = self.jar.iter_any().map(self::length).sum();
            self.count = self.jar.iter_any().count();
            // There is room for half as much again then, so that it is not weighed each time.
            if self.bytes + length > MAX_OF_SITE / 2 {
                *self = Self::default();
            }
        }
        self.bytes += length;
        // Those that are not for this URL, or too old, are refused.
        if let Ok(StoreAction::Inserted) = self.jar.insert(cookie, url) {
            self.count += 1;
        }
    }

    fn weight(&self) -> usize {
        self.bytes + self.count * FRAME
    }
}

/// How much longer it makes the header.
fn length(cookie: &Cookie) -> usize {
    cookie.name().len() + cookie.value().len() + "=; ".len()
}

/// The domain of all hosts that may share cookies with this one.
fn site_of(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    match url.host() {
        Some(url::Host::Domain(_)) => psl::domain_str(host).unwrap_or(host),
        _ => host,
    }
}

/// A cookie that may be kept, of a header that this URL answered with.
fn parse(value: &HeaderValue, url: &Url) -> Option<Cookie<'static>> {
    let text = std::str::from_utf8(value.as_bytes()).ok()?;
    let mut cookie = Cookie::parse(text.to_owned(), url).ok()?;
    // One for a public suffix (`com`, `github.io`) would go to everybody there (RFC 6265, section 5.3).
    if let CookieDomain::Suffix(domain) = &cookie.domain
        && is_public(domain)
    {
        if !cookie.domain.host_is_identical(url) {
            return None;
        }
        cookie.domain = CookieDomain::host_only(url).ok()?;
    }
    Some(cookie)
}

/// Whether nobody owns this domain as a whole. So it is with all of one label.
fn is_public(domain: &str) -> bool {
    let domain = domain.trim_matches('.');
    psl::suffix(domain.as_bytes()).is_none_or(|suffix| suffix.as_bytes().len() >= domain.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Cookies {
        fn weight(&self) -> usize {
            let kept = self.0.read().unwrap();
            kept.sites.values().flat_map(|site| site.jar.iter_any()).map(|cookie| length(cookie) + FRAME).sum()
        }
    }

    #[test]
    fn nobody_sets_cookies_for_everybody() {
        for (from, domain, to, goes) in [
            ("www.a.com", "com", "b.com", false),
            ("www.a.com", ".com", "www.a.com", false),
            ("www.a.com", "..com", "b.com", false),
            ("a.com.", "com.", "b.com.", false),
            ("a.co.uk", "co.uk", "b.co.uk", false),
            ("a.github.io", "GitHub.io", "b.github.io", false),
            ("github.io", "github.io", "github.io", true),
            ("github.io", "github.io", "b.github.io", false),
            ("a.xn--55qx5d.cn", "公司.cn", "b.xn--55qx5d.cn", false),
            ("a.intranet", "intranet", "b.intranet", false),
            ("localhost", "localhost", "localhost", true),
            ("127.0.0.1", "0.0.1", "10.0.0.1", false),
            ("127.0.0.1", "127.0.0.1", "127.0.0.1", true),
            ("www.a.com", "a.com", "b.a.com", true),
            ("a.com", ".a.com", "www.a.com", true),
            ("www.a.co.uk", "a.co.uk", "a.co.uk", true),
            ("a.com", "www.a.com", "www.a.com", false),
            ("a.com", "b.com", "b.com", false),
        ] {
            let cookies = Cookies::default();
            let at = |host: &str| Url::parse(&format!("https://{host}/")).unwrap();
            let header = HeaderValue::from_bytes(format!("a=1; Domain={domain}").as_bytes()).unwrap();
            cookies.set_cookies(&mut std::iter::once(&header), &at(from));
            assert_eq!(cookies.cookies(&at(to)).is_some(), goes, "{from} sets {domain}, {to} asks");
        }
    }

    #[test]
    fn values_beyond_ascii_come_back_as_they_came() {
        let cookies = Cookies::default();
        let url = Url::parse("https://a.example/").unwrap();
        let header = HeaderValue::from_bytes("city=Zürich; Path=/".as_bytes()).unwrap();
        cookies.set_cookies(&mut std::iter::once(&header), &url);
        assert_eq!(cookies.cookies(&url).unwrap().as_bytes(), "city=Zürich".as_bytes());
    }

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
        assert!(cookies.weight() <= 33 << 20, "{}", cookies.weight());
    }

    #[test]
    fn a_host_is_sent_no_more_than_it_may_set_at_once() {
        let cookies = Cookies::default();
        let url = Url::parse("https://a.example/").unwrap();
        for i in 0..2000 {
            let header = HeaderValue::from_str(&format!("c{i}={}", "x".repeat(4000))).unwrap();
            cookies.set_cookies(&mut std::iter::once(&header), &url);
            let sent = cookies.cookies(&url).unwrap();
            assert!(sent.len() <= MAX_PER_RESPONSE * MAX_BYTES, "{} bytes after {i}", sent.len());
            assert!(sent.to_str().unwrap().contains(&format!("c{i}=")), "the newest is there");
        }
    }

    #[test]
    fn a_session_that_is_set_again_and_again_is_kept() {
        let cookies = Cookies::default();
        let url = Url::parse("https://a.example/").unwrap();
        let session = HeaderValue::from_static("session=1");
        cookies.set_cookies(&mut std::iter::once(&session), &url);
        for i in 0..20_000 {
            let header = HeaderValue::from_str(&format!("seen={i}")).unwrap();
            cookies.set_cookies(&mut std::iter::once(&header), &url);
        }
        assert!(cookies.cookies(&url).unwrap().to_str().unwrap().contains("session=1"));
    }

    /// What one host is asked with does not take longer for the cookies of others.
    #[test]
    fn cookies_of_many_hosts_take_no_time() {
        let cookies = Cookies::default();
        let at = |i: usize| Url::parse(&format!("https://www.{i}.example/")).unwrap();
        let header = HeaderValue::from_static("a=1");
        for i in 0..20_000 {
            cookies.set_cookies(&mut std::iter::once(&header), &at(i));
        }
        let start = std::time::Instant::now();
        for i in 0..1000 {
            assert!(cookies.cookies(&at(i)).is_some(), "{i}");
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(2), "{:?}", start.elapsed());
    }
}
