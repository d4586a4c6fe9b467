//! What reads from the network, with what must hold of it, for the targets in `fuzz/`. In no other build.

use super::cache::Entry;
use super::head::{Head, Look};
use super::{retry, robots};
use reqwest::header::{DATE, HeaderMap, HeaderValue};
use std::time::{Duration, SystemTime};
use url::Url;

/// Reads a robots.txt and asks it about a URL. Panics where the answer cannot be right.
pub fn robots(file: &[u8], path: &str) {
    let rules = robots::parse(file, "sitelift");
    assert!(rules.delay().unwrap_or_default() <= Duration::from_mins(1));
    let Ok(base) = Url::parse("https://a.example/") else { return };
    assert!(base.join("/robots.txt").is_ok_and(|url| rules.forbidding(&url).is_none()));
    if let Ok(url) = base.join(path) {
        let forbidding = rules.forbidding(&url);
        // What forbids must be there.
        assert!(forbidding.is_none() || rules.weight() > 0);
    }
}

/// Reads `Retry-After`, counted from `Date`.
pub fn retry_after(value: &str, date: &[u8]) {
    let mut headers = HeaderMap::new();
    if let Ok(date) = HeaderValue::from_bytes(date) {
        headers.insert(DATE, date);
    }
    let _ = retry::retry_after(value, &headers, SystemTime::now());
}

/// Looks for the end of a head that comes in two pieces. Panics where it is another than in one.
pub fn head(page: &[u8], first: usize) {
    let look = |pieces: &[&[u8]]| {
        let mut head = Head::new(None, "").expect("no type is a page");
        pieces.iter().map(|piece| head.look(piece)).find(|look| *look != Look::On)
    };
    let whole = look(&[page]);
    let pieces = look(&[&page[..first.min(page.len())], page]);
    assert_eq!(whole, pieces);
    assert!(!matches!(whole, Some(Look::Ends(end, _)) if end > page.len()));
}

/// Reads a file of the cache, which another program may have damaged.
pub fn cache_file(file: &[u8]) {
    assert!(Entry::read(file, "https://a.example/", |_| 1000).is_none(), "no fuzzer finds a digest");
}
