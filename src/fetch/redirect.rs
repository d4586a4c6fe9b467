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
    if location.len() > target::MAX_URL_BYTES {
        return Err(fail(format!("redirected to a URL of {} bytes", location.len())));
    }
    let mut next = url
        .join(&location)
        .map_err(|error| fail(format!("redirected to {location:?}, which is not a valid URL: {error}")))?;
    target::scheme(&next).map_err(|why| fail(format!("redirected to {location:?}: {why}")))?;
    next.set_fragment(None);
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
