//! From what a caller typed to a URL that can be fetched.

use super::failure::{Failure, Kind};
use url::Url;

/// A URL accepted for fetching.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    /// As asked for.
    pub asked: String,
    /// Parsed, without its fragment: two targets with equal URLs are one request.
    pub url: Url,
}

/// Longest URL accepted, in bytes: beyond this servers refuse, and only attacks go.
pub(super) const MAX_URL_BYTES: usize = 16 * 1024;

/// Parses by the WHATWG URL standard, and accepts http and https.
pub(crate) fn check(asked: &str) -> Result<Target, Failure> {
    if asked.len() > MAX_URL_BYTES {
        let head: String = asked.chars().take(80).collect();
        return Err(Failure::new(
            Kind::InvalidUrl,
            format!("{head}…"),
            format!("the URL has {} bytes; at most {MAX_URL_BYTES} are accepted", asked.len()),
        ));
    }
    let fail = |kind, detail: String| Err(Failure::new(kind, asked, detail));
    let mut url = match Url::parse(asked) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            let detail = if asked.trim().is_empty() {
                "the URL is empty".to_owned()
            } else {
                format!("the URL has no scheme; did you mean \"https://{}\"?", asked.trim().trim_start_matches('/'))
            };
            return fail(Kind::InvalidUrl, detail);
        }
        Err(error) => return fail(Kind::InvalidUrl, format!("not a valid URL: {error}")),
    };
    if let Err(detail) = scheme(&url) {
        return fail(Kind::UnsupportedScheme, detail);
    }
    url.set_fragment(None);
    Ok(Target { asked: asked.to_owned(), url })
}

/// Refuses what is neither http nor https.
pub(super) fn scheme(url: &Url) -> Result<(), String> {
    match url.scheme() {
        "http" | "https" => Ok(()),
        // `localhost:8080/x` and `example.com:80` parse as a URL whose scheme is the host.
        other if other.contains('.') || other == "localhost" => {
            Err(format!("the URL has no scheme; did you mean \"https://{url}\"?"))
        }
        other => Err(format!("the scheme {other:?} is not fetched, only http and https are")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        for (asked, kind, word) in [
            ("", Kind::InvalidUrl, "empty"),
            ("example.com", Kind::InvalidUrl, "https://example.com"),
            ("//example.com/x", Kind::InvalidUrl, "https://example.com/x"),
            ("http://", Kind::InvalidUrl, "empty host"),
            ("http://a:99999/", Kind::InvalidUrl, "port"),
            ("http://[::1/", Kind::InvalidUrl, "IPv6"),
            ("http://a b/", Kind::InvalidUrl, "domain"),
            ("ftp://example.com/", Kind::UnsupportedScheme, "ftp"),
            ("file:///etc/passwd", Kind::UnsupportedScheme, "file"),
            ("javascript:alert(1)", Kind::UnsupportedScheme, "javascript"),
            ("example.com:8080/x", Kind::UnsupportedScheme, "https://example.com:8080/x"),
            ("localhost:8080", Kind::UnsupportedScheme, "https://localhost:8080"),
        ] {
            let failure = check(asked).unwrap_err();
            assert_eq!(failure.kind, kind, "{asked}: {}", failure.detail);
            assert!(failure.detail.contains(word), "{asked}: {}", failure.detail);
        }
    }

    #[test]
    fn equal_requests_have_equal_urls() {
        let a = check("HTTP://Example.com:80/a/../b#x").unwrap();
        let b = check(" http://example.com/b#y ").unwrap();
        assert_eq!(a.url, b.url);
        assert_eq!(a.asked, "HTTP://Example.com:80/a/../b#x");
    }
}
