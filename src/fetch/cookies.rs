//! Cookies (RFC 6265), in memory, as many as a client may be made to keep.

use cookie_store::{Cookie, CookieDomain, CookieStore as Jar};
use reqwest::cookie::CookieStore;
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
        let fitting = headers.filter(|value| value.len() <= MAX_BYTES).take(MAX_PER_RESPONSE);
        let fitting: Vec<Cookie<'static>> = fitting.filter_map(|value| parse(value, url)).collect();
        if fitting.is_empty() {
            return;
        }
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.count > MAX_COOKIES {
            *kept = Kept::default();
        }
        kept.count += fitting.len();
        for cookie in fitting {
            // Those that are not for this URL, or too old, are refused.
            let _ = kept.jar.insert(cookie, url);
        }
    }

    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<String> =
            kept.jar.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| HeaderValue::from_bytes(pairs.join("; ").as_bytes()).ok()).flatten()
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
        assert!(cookies.0.read().unwrap().count <= MAX_COOKIES + MAX_PER_RESPONSE);
    }
}
