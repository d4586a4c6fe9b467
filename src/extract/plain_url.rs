//! URLs that are what they say: most of a page's are written so that the standard's parser would change nothing, which is
//! told quicker than it is parsed.

use std::ops::Range;
use url::{Position, Url};

/// An absolute http or https URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WebUrl {
    pub text: String,
    host: Range<usize>,
}

impl WebUrl {
    /// The host, as it stands in the URL.
    pub(super) fn host(&self) -> &str {
        &self.text[self.host.clone()]
    }
}

impl From<Url> for WebUrl {
    fn from(url: Url) -> Self {
        let host = url[..Position::BeforeHost].len()..url[..Position::AfterHost].len();
        Self { text: url.into(), host }
    }
}

/// The URL that `href` is, relative to an http or https URL, if it is plainly that.
pub(super) fn plain(href: &str, base: Option<&Url>) -> Option<WebUrl> {
    if let Some(after) = href.strip_prefix("https://").or_else(|| href.strip_prefix("http://")) {
        return absolute("", href, after);
    }
    let base = base.filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let (kept, rest) = match href.as_bytes().first()? {
        b'/' if href.starts_with("//") => {
            let scheme = if base.scheme() == "http" { "http:" } else { "https:" };
            return absolute(scheme, href, &href[2..]);
        }
        b'/' => (&base[..Position::BeforePath], &href[1..]),
        b'?' => (&base[..Position::AfterPath], &href[1..]),
        b'#' => (&base[..Position::AfterQuery], &href[1..]),
        first if first.is_ascii_alphanumeric() && !has_scheme(href) => (folder(base), href),
        _ => return None,
    };
    if !is_plain_path(rest) {
        return None;
    }
    let host = base[..Position::BeforeHost].len()..base[..Position::AfterHost].len();
    Some(WebUrl { text: [kept, href].concat(), host })
}

/// As [`plain`], of an URL with a host, given the scheme that it lacks and what comes after the slashes before its host.
fn absolute(scheme: &str, href: &str, after: &str) -> Option<WebUrl> {
    let length = memchr::memchr(b'/', after.as_bytes()).unwrap_or(after.len());
    let (host, path) = after.split_at(length);
    if !is_plain_host(host) || !path.strip_prefix('/').is_none_or(is_plain_path) {
        return None;
    }
    let mut text = String::with_capacity(scheme.len() + href.len() + usize::from(path.is_empty()));
    text.push_str(scheme);
    text.push_str(href);
    if path.is_empty() {
        text.push('/');
    }
    let start = scheme.len() + href.len() - after.len();
    Some(WebUrl { text, host: start..start + length })
}

/// Whether a colon comes before all that could come before it in a path.
fn has_scheme(href: &str) -> bool {
    href.bytes().find(|byte| matches!(byte, b':' | b'/' | b'?' | b'#')) == Some(b':')
}

/// An URL up to the last slash of its path.
fn folder(url: &Url) -> &str {
    let path = &url[..Position::AfterPath];
    &path[..path.rfind('/').map_or(path.len(), |slash| slash + 1)]
}

/// A name in lower case that can be no number and needs no decoding.
fn is_plain_host(host: &str) -> bool {
    let bytes = host.as_bytes();
    let mut label = 0;
    let mut has_only_letters = true;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'.' if at == label => return false,
            b'.' => (label, has_only_letters) = (at + 1, true),
            b'a'..=b'z' => {}
            b'0'..=b'9' | b'-' => {
                has_only_letters = false;
                if *byte == b'-' && bytes[label..at] == *b"xn-" {
                    return false;
                }
            }
            _ => return false,
        }
    }
    label < bytes.len() && has_only_letters
}

/// The bytes that stand in a path, query or fragment for themselves, wherever they are.
static STANDS: [bool; 256] = {
    let mut stands = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        stands[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b"-_~!$&()*+,;=:@/?#";
    let mut at = 0;
    while at < others.len() {
        stands[others[at] as usize] = true;
        at += 1;
    }
    stands
};

/// Whether nothing of a path (after its first slash), query and fragment would be encoded, and no segment means another.
fn is_plain_path(path: &str) -> bool {
    let bytes = path.as_bytes();
    // A second slash would make what follows a host; `.` and `..` are segments of their own.
    if matches!(bytes.first(), Some(b'/' | b'.')) {
        return false;
    }
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| !STANDS[usize::from(*byte)]) {
        let is_plain = match rest[at] {
            // Not where a segment begins; the first byte was looked at already.
            b'.' => at == 0 || rest[at - 1] != b'/',
            // An encoded dot is a dot.
            b'%' => !matches!(rest[at + 1..], [b'2', b'e' | b'E', ..]),
            _ => false,
        };
        if !is_plain {
            return false;
        }
        rest = &rest[at + 1..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_parsed(
            href in "(https?://|https:|/|//|///|\\?|#)?[a-z0-9.x-]{0,6}(xn--a|0x1|1\\.2\\.3\\.4)?\\.?[a-zA-Z]{0,3}(:80|@b)?/{0,2}[a-zé./%2eE?#&=':;@~+ |^\\\\-]{0,12}",
        ) {
            for base in
                ["https://user:pw@www.example.com:8080/a/b?c#d", "http://[::1]/x", "http://a.example", "https://a.example/x/#/y", "data:,x"]
            {
                let base = Url::parse(base).unwrap();
                if let Some(quick) = plain(&href, Some(&base)) {
                    let parsed = Url::options().base_url(Some(&base)).parse(&href).map(WebUrl::from);
                    prop_assert_eq!(Ok(quick), parsed, "{:?}", href);
                }
            }
        }
    }

    #[test]
    fn plain_ones_are_told() {
        let base = Url::parse("https://www.example.com/a/b").unwrap();
        for href in [
            "/",
            "/x/y.html?a=1.5&b=/c#d",
            "x.html#a:b",
            "x/y",
            "?a=b",
            "#top",
            "https://cdn.example.org",
            "http://a.example/b.c/~d",
            "//cdn.example.org/x%2Fy",
            "//cdn.example.org",
        ] {
            let quick = plain(href, Some(&base)).expect(href);
            assert_eq!(quick.text, base.join(href).unwrap().as_str());
            assert_eq!(Some(quick.host()), base.join(href).unwrap().host_str());
        }
        for href in [
            "",
            "../x",
            "x/./y",
            "x:y",
            "//A.example/",
            "https:x",
            "/../x",
            "/x/%2e/y",
            "/é",
            "https://EXAMPLE.com/",
            "https://1.2.3.4/",
        ] {
            assert_eq!(plain(href, Some(&base)), None, "{href}");
        }
        assert_eq!(plain("/x", None), None);
    }
}
