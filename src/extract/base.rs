//! Resolving the URLs in a page as browsers do: against `<base>`, with the page's encoding for queries.

use super::plain_url::{WebUrl, plain};
use encoding_rs::Encoding;
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::Write;
use url::Url;

/// Longer URLs are not resolved against, nor kept: every link of a page would carry them.
pub(super) const MAX_URL_BYTES: usize = 16 * 1024;

/// What relative URLs of a page are relative to.
#[derive(Debug, Clone)]
pub(super) struct Base {
    url: Option<Url>,
    encoding: &'static Encoding,
    /// Something was resolved against it.
    used: Cell<bool>,
}

impl Base {
    /// The base of a document: its own URL, or the first `<base href>` resolved against that.
    pub(super) fn new(document: Option<&Url>, base_href: Option<&str>, encoding: &'static Encoding) -> Self {
        let plain = Self { url: document.cloned(), encoding, used: Cell::new(false) };
        let from_element = base_href
            .and_then(|href| plain.resolve(href))
            .filter(|url| !matches!(url.scheme(), "data" | "javascript") && url.as_str().len() <= MAX_URL_BYTES);
        match from_element {
            Some(url) => Self { url: Some(url), encoding, used: Cell::new(false) },
            None => Self { used: Cell::new(false), ..plain },
        }
    }

    /// Whether something was resolved against it.
    pub(super) fn is_used(&self) -> bool {
        self.used.get()
    }

    /// The absolute URL, or nothing when it is not valid (or relative to nothing).
    pub(super) fn resolve(&self, href: &str) -> Option<Url> {
        self.used.set(true);
        let encode = encoder(self.encoding);
        let mut options = Url::options().base_url(self.url.as_ref());
        if self.encoding.output_encoding() != encoding_rs::UTF_8 && !href.is_ascii() {
            options = options.encoding_override(Some(&encode));
        }
        if href.len() > MAX_URL_BYTES {
            return None;
        }
        options.parse(authority(href)).ok()
    }

    /// As [`Self::resolve`], for what can be fetched: http and https only.
    pub(super) fn web(&self, href: &str) -> Option<Url> {
        if has_other_scheme(href) {
            return None;
        }
        self.resolve(href).filter(|url| matches!(url.scheme(), "http" | "https"))
    }

    /// As [`Self::web`], quicker for most.
    pub(super) fn web_url(&self, href: &str) -> Option<WebUrl> {
        if href.len() <= MAX_URL_BYTES
            && let Some(url) = plain(href, self.url.as_ref())
        {
            self.used.set(true);
            return Some(url);
        }
        self.web(href).map(WebUrl::from)
    }

    /// The text of [`Self::web`]; an empty attribute names nothing.
    pub(super) fn web_text(&self, href: &str) -> Option<String> {
        if href.trim().is_empty() {
            return None;
        }
        self.web_url(href).map(|url| url.text)
    }
}

/// Whether an address plainly has a scheme that is not http or https: there is no need to know more.
fn has_other_scheme(href: &str) -> bool {
    let text = href.trim_start_matches(|c: char| c <= ' ');
    let end = text.bytes().position(|byte| !byte.is_ascii_alphanumeric());
    let Some(scheme) = end.filter(|end| text.as_bytes()[*end] == b':').map(|end| &text[..end]) else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// The address without the slashes beyond two before its host, which the standard passes over and the `url` crate does not when there is a
/// base.
fn authority(href: &str) -> &str {
    let is_slash = |c: char| matches!(c, '/' | '\\');
    let text = href.trim_start_matches(|c: char| c <= ' ');
    let slashes = text.bytes().take_while(|b| is_slash(char::from(*b))).count();
    if slashes > 2 { &text[slashes - 2..] } else { href }
}

/// Writes a query in the page's encoding; what that lacks becomes a numeric reference, percent-encoded (WHATWG URL, "percent-encode after
/// encoding").
fn encoder(encoding: &'static Encoding) -> impl Fn(&str) -> Cow<'_, [u8]> {
    move |query| {
        let (bytes, _, unmappable) = encoding.encode(query);
        if !unmappable {
            return bytes;
        }
        let mut written = String::with_capacity(query.len() + 32);
        for c in query.chars() {
            let mut buffer = [0; 4];
            if encoding.encode(c.encode_utf8(&mut buffer)).2 {
                let _ = write!(written, "%26%23{}%3B", u32::from(c));
            } else {
                written.push(c);
            }
        }
        Cow::Owned(encoding.encode(&written).0.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{UTF_8, WINDOWS_1251};

    #[test]
    fn resolves_as_browsers_do() {
        let page = Url::parse("https://a.example/x/y?z#f").unwrap();
        let base = Base::new(Some(&page), Some("../img/"), UTF_8);
        assert_eq!(base.web_text("é.png?é").unwrap(), "https://a.example/img/%C3%A9.png?%C3%A9");
        assert_eq!(base.web_text("//b.example").unwrap(), "https://b.example/");
        assert_eq!(base.web_text(" \n"), None);
        for other in ["javascript:x()", " MailTo:a@b.example", "ftp://a.example/", "a1:"] {
            assert_eq!(base.web_text(other), None, "{other}");
        }
        for (href, url) in [
            ("HTTPS://b.example", "https://b.example/"),
            ("java\nscript", "https://a.example/img/javascript"),
            ("1a:b", "https://a.example/img/1a:b"),
        ] {
            assert_eq!(base.web_text(href).unwrap(), url, "{href}");
        }
        assert_eq!(base.web_text("http://["), None);
        let base = Base::new(Some(&page), Some("data:,x"), UTF_8);
        assert_eq!(base.web_text("i").unwrap(), "https://a.example/x/i");
        let base = Base::new(Some(&page), None, WINDOWS_1251);
        assert_eq!(base.web_text("?я").unwrap(), "https://a.example/x/y?%FF");
        // What the encoding lacks.
        assert_eq!(base.web_text("?я中&").unwrap(), "https://a.example/x/y?%FF%26%2320013%3B&");
        let base = Base::new(Some(&page), None, UTF_8);
        for href in ["//b.example/c", "///b.example/c", " \\/\\//b.example/c"] {
            assert_eq!(base.web_text(href).unwrap(), "https://b.example/c", "{href}");
        }
        assert_eq!(Base::new(None, None, UTF_8).web_text("/x"), None);
    }
}
