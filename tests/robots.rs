//! robots.txt, through the public API, against the loopback server, which has another one for each host name.

mod support;

use sitelift::{FetchOptions, ProblemKind, Site, SiteliftError};
use std::time::{Duration, Instant};
use support::{client, options_for, server};

const HOSTS: &[&str] = &[
    "all.test",
    "none.test",
    "rules.test",
    "moved.test",
    "loop.test",
    "delayed.test",
    "packed.test",
    "huge.test",
    "absent.test",
    "forbidden.test",
    "busy.test",
    "limited.test",
    "reset.test",
    "stalled.test",
    "page.test",
];

fn obedient() -> FetchOptions {
    FetchOptions { obey_robots: true, backoff: 0.01, read_timeout: 0.5, ..options_for(HOSTS.iter().copied()) }
}

fn fetch(options: FetchOptions, host: &str, path: &str) -> Site {
    client(options).fetch_blocking(server().on(host, path)).expect("an open client")
}

fn refused(site: &Site) -> bool {
    site.error.as_ref().is_some_and(|problem| problem.kind == ProblemKind::DisallowedByRobots)
}

#[test]
fn what_the_file_says() {
    for (host, path, allowed) in [
        ("all.test", "/n/0", true),
        ("none.test", "/n/0", false),
        ("none.test", "/robots.txt", true),
        ("rules.test", "/n/0", true),
        ("rules.test", "/n/1", true),
        ("rules.test", "/n/1?x", false),
        ("rules.test", "/n/12", false),
        ("moved.test", "/n/0", false),
        ("packed.test", "/n/0", false),
        ("huge.test", "/n/0", false),
        ("page.test", "/n/0", true),
    ] {
        let site = fetch(obedient(), host, path);
        assert_eq!((site.robots_allowed, refused(&site)), (Some(allowed), !allowed), "{host}{path}: {:?}", site.error);
        assert_eq!(site.status, allowed.then_some(200), "{host}{path}");
    }
    let detail = fetch(obedient(), "rules.test", "/n/12").error.expect("refused").detail;
    assert!(
        detail.contains("rules.test") && detail.contains("Disallow: /n/1") && detail.contains("obey_robots"),
        "{detail}"
    );
}

#[test]
fn a_file_that_is_not_there_allows_and_one_that_cannot_be_had_forbids() {
    for (host, allowed) in [
        ("absent.test", true),
        ("forbidden.test", true),
        ("loop.test", true),
        ("busy.test", false),
        ("limited.test", false),
        ("reset.test", false),
        ("stalled.test", false),
    ] {
        let start = Instant::now();
        let site = fetch(obedient(), host, "/n/0");
        assert_eq!((site.robots_allowed, refused(&site)), (Some(allowed), !allowed), "{host}: {:?}", site.error);
        assert!(start.elapsed() < Duration::from_secs(5), "{host}: {:?}", start.elapsed());
    }
}

#[test]
fn it_is_not_asked_for_unless_it_is_obeyed() {
    let site = fetch(FetchOptions { obey_robots: false, ..obedient() }, "none.test", "/n/3");
    assert_eq!((site.robots_allowed, site.error), (None, None));
}

#[test]
fn it_is_asked_for_once() {
    let client = client(FetchOptions { resolve: options_for(["once.test"]).resolve, ..obedient() });
    let urls: Vec<String> = (0..20).map(|i| server().on("once.test", &format!("/n/{i}"))).collect();
    for _ in 0..2 {
        let sites = client.fetch_all_blocking(urls.clone()).expect("an open client");
        assert!(sites.iter().all(|site| site.error.is_none() && site.robots_allowed == Some(true)));
    }
    assert_eq!(server().seen("once.test")["requests"], 41);
}

#[test]
fn redirects_are_asked_about_too() {
    let to = server().on("none.test", "/n/0");
    let site = fetch(obedient(), "all.test", &format!("/redirect-to?url={to}"));
    assert!(refused(&site), "{:?}", site.error);
    assert_eq!((site.status, site.redirects.len(), site.robots_allowed), (Some(302), 1, Some(false)));
    assert!(site.error.is_some_and(|problem| problem.url == to));
}

#[test]
fn the_delay_it_asks_for() {
    let client = client(obedient());
    let urls: Vec<String> = (0..4).map(|i| server().on("delayed.test", &format!("/n/{i}"))).collect();
    let start = Instant::now();
    let sites = client.fetch_all_blocking(urls).expect("an open client");
    assert!(sites.iter().all(|site| site.error.is_none()));
    assert!(start.elapsed() >= Duration::from_millis(780), "{:?}", start.elapsed());
    let gap = server().seen("delayed.test")["min_gap_ms"].as_f64().expect("several requests");
    assert!(gap > 150.0, "{gap} ms");
}

#[test]
fn the_name_it_is_obeyed_by() {
    let other = FetchOptions { user_agent: Some("Other/1.0".to_owned()), ..obedient() };
    assert!(refused(&fetch(other.clone(), "rules.test", "/n/0")), "only sitelift has a group");
    let named = FetchOptions { robots_agent: Some("SiteLift".to_owned()), ..other };
    assert_eq!(fetch(named, "rules.test", "/n/0").error, None);
    for name in ["", "two words", "a/1"] {
        let bad = FetchOptions { robots_agent: Some(name.to_owned()), ..obedient() };
        assert!(matches!(
            sitelift::Client::new(bad),
            Err(SiteliftError::InvalidArgument { argument, .. }) if argument == "robots_agent"
        ));
    }
}
