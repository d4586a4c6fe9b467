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

/// Whatever host leads there: a file on another host is asked for when it is that host's turn.
#[test]
fn a_file_elsewhere_is_asked_for_in_that_hosts_turn() {
    let hosts: Vec<String> = (0..8).map(|i| format!("n{i}.leads-to.hub.test")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).chain(["hub.test"]).collect();
    let options = FetchOptions { per_host: 1, resolve: options_for(hosts.clone()).resolve, ..obedient() };
    let urls: Vec<String> = hosts.iter().map(|host| server().on(host, "/n/0")).collect();
    let sites = client(options).fetch_all_blocking(urls).expect("an open client");
    assert!(sites.iter().all(|site| site.error.is_none() && site.robots_allowed == Some(true)), "{sites:?}");
    let seen = server().seen("hub.test");
    assert_eq!((seen["requests"].as_u64(), seen["max_in_flight"].as_u64()), (Some(10), Some(1)), "{seen}");
}

#[test]
fn a_file_is_asked_for_as_slowly_as_pages() {
    let hosts = ["slow.leads-to.paced-hub.test", "other.leads-to.paced-hub.test", "moved.paced.test"];
    let options = FetchOptions {
        delay_per_host: 0.1,
        resolve: options_for(hosts.into_iter().chain(["paced-hub.test"])).resolve,
        ..obedient()
    };
    let urls: Vec<String> = hosts.iter().map(|host| server().on(host, "/n/0")).collect();
    let sites = client(options).fetch_all_blocking(urls).expect("an open client");
    assert_eq!(sites.iter().map(refused).collect::<Vec<_>>(), [false, false, true]);
    for host in ["slow.leads-to.paced-hub.test", "paced-hub.test", "moved.paced.test"] {
        let seen = server().seen(host);
        assert_eq!(seen["requests"], 2, "{host}");
        assert!(seen["min_gap_ms"].as_f64() > Some(60.0), "{host}: {seen}");
    }
}

/// Nor again for each host that leads to another one's own.
#[test]
fn a_file_that_hosts_share_is_asked_for_once() {
    let hosts: Vec<String> = (0..30).map(|i| format!("n{i}.shares.rules.hub.test")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).chain(["rules.hub.test"]).collect();
    let options = FetchOptions { delay_per_host: 0.5, resolve: options_for(hosts.clone()).resolve, ..obedient() };
    let urls: Vec<String> = hosts.iter().map(|host| server().on(host, "/n/12")).collect();
    let start = Instant::now();
    let sites = client(options).fetch_all_blocking(urls).expect("an open client");
    assert!(sites.iter().all(refused), "{sites:?}");
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    assert!(server().seen("rules.hub.test")["requests"].as_u64() <= Some(2));
}

/// Each of two hosts has its file on the other one, and one turn only.
#[test]
fn hosts_that_lead_to_one_another_come_through() {
    let options = FetchOptions {
        per_host: 1,
        concurrency: 2,
        resolve: options_for(["ping.test", "pong.test"]).resolve,
        ..obedient()
    };
    let on = |host: &str, page: usize| server().on(host, &format!("/n/{page}?latency=5"));
    let client = client(options);
    let start = Instant::now();
    let calls: Vec<_> = (0..3)
        .map(|call| {
            let urls = (0..20).map(|i| on(["ping.test", "pong.test"][(i + call) % 2], 20 * call + i)).collect();
            let client = client.clone();
            std::thread::spawn(move || client.fetch_all_blocking(urls).expect("an open client"))
        })
        .collect();
    for call in calls {
        assert!(call.join().expect("no panic").iter().all(|site| site.error.is_none()));
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    for host in ["ping.test", "pong.test"] {
        let seen = server().seen(host);
        assert_eq!((seen["requests"].as_u64(), seen["max_in_flight"].as_u64()), (Some(32), Some(1)), "{host}: {seen}");
    }
}

/// The first page in order comes late to a file on a host whose turns pages hold that wait for the bytes in flight.
#[test]
fn a_file_on_a_host_that_is_full_comes_through() {
    let hosts = ["delayed.full.test", "n0.leads-to.full.test", "full.test"];
    let options =
        FetchOptions { per_host: 2, max_bytes_in_flight: 1 << 20, resolve: options_for(hosts).resolve, ..obedient() };
    let to = server().on(hosts[1], "/n/0");
    let mut urls = vec![server().on(hosts[0], &format!("/redirect-to?url={to}"))];
    urls.extend((0..8).map(|i| server().on("full.test", &format!("/body?size=900000&full={i}"))));
    let start = Instant::now();
    let sites = client(options).fetch_all_blocking(urls).expect("an open client");
    assert!(sites.iter().all(|site| site.error.is_none()), "{sites:?}");
    assert_eq!(sites[0].final_url, to);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

/// However many pages wait for it, they take no more than one of all places.
#[test]
fn a_file_that_does_not_come_holds_up_its_host_only() {
    let hosts = ["stalled.many.test", "quick.many.test"];
    let options = FetchOptions { concurrency: 4, read_timeout: 8.0, resolve: options_for(hosts).resolve, ..obedient() };
    let urls: Vec<String> =
        hosts.iter().flat_map(|host| (0..200).map(|i| server().on(host, &format!("/n/{i}")))).collect();
    let stream = client(options).stream(urls, false, None).expect("an open client");
    for i in 0..200 {
        let site = stream.next_batch_blocking(1, None).expect("an open client").sites.remove(0);
        assert_eq!((site.domain.as_str(), site.status), (hosts[1], Some(200)), "{i}: {:?}", site.error);
    }
    stream.cancel();
}

#[test]
fn the_deadline_ends_the_wait_for_it() {
    let options = FetchOptions { deadline: Some(0.5), read_timeout: 20.0, ..obedient() };
    let mut urls: Vec<String> = (0..20).map(|i| server().on("stalled.test", &format!("/n/{i}"))).collect();
    urls.push(server().on("all.test", "/n/0"));
    let start = Instant::now();
    let sites = client(options).fetch_all_blocking(urls).expect("an open client");
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    for site in &sites[..20] {
        let kind = site.error.as_ref().map(|problem| problem.kind);
        assert_eq!((kind, site.attempts, &site.fetched_at), (Some(ProblemKind::DeadlineExceeded), 0, &None));
    }
}

/// Nothing is asked of the host for a page that is forbidden, so that no page waits on its account.
#[test]
fn what_is_forbidden_takes_no_time() {
    let options = FetchOptions { delay_per_host: 0.5, resolve: options_for(["none.quick.test"]).resolve, ..obedient() };
    let urls = (0..30).map(|i| server().on("none.quick.test", &format!("/n/{i}"))).collect();
    let start = Instant::now();
    let sites = client(options).fetch_all_blocking(urls).expect("an open client");
    assert!(sites.iter().all(refused));
    assert_eq!(server().seen("none.quick.test")["requests"], 1);
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
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
