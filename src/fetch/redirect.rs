//! Where a redirect leads, and what goes along.

use super::config::Config;
use super::exchange::{Exchange, header_text};
use super::failure::{Failure, Kind, shown};
use super::secrets;
use super::target;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap, LOCATION, USER_AGENT};
use url::Url;

/// The caller's headers, which were meant for the origin that was asked for: what may be a secret stays there.
///
/// What the option `auth` has for an origin goes there and nowhere else.
pub(super) fn headers_for(url: &Url, asked: &Url, config: &Config) -> HeaderMap {
    let mut headers = plain_headers_for(url, asked, config);
    if let Some(secret) = secrets::for_url(config, url).filter(|_| url.username().is_empty()) {
        headers.insert(AUTHORIZATION, secret.clone());
    }
    headers
}

fn plain_headers_for(url: &Url, asked: &Url, config: &Config) -> HeaderMap {
    if url.origin() == asked.origin() {
        return config.headers.clone();
    }
    let harmless = [ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, USER_AGENT];
    config
        .headers
        .iter()
        .filter(|(name, _)| harmless.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Where a redirect leads, or nothing when the response is the last. A redirect without `Location` is a page.
pub(super) fn next_hop(url: &Url, status: StatusCode, headers: &HeaderMap) -> Result<Option<Url>, Failure> {
    let redirects = matches!(
        status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let Some(location) = headers.get(LOCATION).filter(|_| redirects) else {
        return Ok(None);
    };
    let location = header_text(location.as_bytes());
    let fail = |detail: String| Failure::new(Kind::InvalidRedirect, shown(url), detail);
    let check = |bytes: usize| match bytes {
        ..=target::MAX_URL_BYTES => Ok(()),
        _ => Err(fail(format!("redirected to a URL of {bytes} bytes"))),
    };
    check(location.len())?;
    let mut next = url
        .join(&location)
        .map_err(|error| fail(format!("redirected to {location:?}, which is not a valid URL: {error}")))?;
    target::scheme(&next).map_err(|why| fail(format!("redirected to {location:?}: {why}")))?;
    next.set_fragment(None);
    // A part of a path comes to the end of the one that there is, and what can't stand in a URL is written as thrice as much.
    check(next.as_str().len())?;
    Ok(Some(next))
}

/// Whether one more redirect may be followed.
pub(super) fn check(exchange: &Exchange, next: &Url, config: &Config) -> Result<(), Failure> {
    let limit = config.max_redirects;
    let fail = |detail: String| Err(Failure::new(Kind::TooManyRedirects, shown(next), detail));
    // Without cookies the same request gets the same answer.
    let comes_again = exchange.url == *next || exchange.redirects.iter().any(|hop| hop.url == shown(next));
    if comes_again && !config.keeps_cookies {
        return fail("the redirects lead back to a URL already asked for (a loop)".to_owned());
    }
    if exchange.redirects.len() == limit {
        return fail(format!("more than {limit} redirects (option max_redirects)"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn redirects_that_make_a_url_grow_end() {
        for part in ["a/".repeat(4000), "\u{e9}/".repeat(2000)] {
            let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_bytes(part.as_bytes()).unwrap())]);
            let mut url = Url::parse("https://a.example/").unwrap();
            let grows = |url: &Url| next_hop(url, StatusCode::FOUND, &headers);
            let hops = std::iter::from_fn(|| {
                url = grows(&url).ok()??;
                Some(url.as_str().len())
            });
            let lengths: Vec<usize> = hops.take(50).collect();
            assert!(
                !lengths.is_empty() && lengths.iter().all(|length| *length <= target::MAX_URL_BYTES),
                "{lengths:?}"
            );
            assert_eq!(grows(&url).unwrap_err().kind, Kind::InvalidRedirect);
        }
    }
}
