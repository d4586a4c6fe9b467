//! Retries, hosts' turns, the time and the memory of a whole call: through the public API, against the loopback server.

mod support;

use sitelift::{FetchOptions, ProblemKind, Site, SiteliftError};
use std::time::{Duration, Instant};
use support::{client, options, options_for, server};

fn quick() -> FetchOptions {
    FetchOptions { backoff: 0.02, ..options() }
}

fn fetch(options: FetchOptions, path: &str) -> Site {
    client(options).fetch_blocking(server().at(path)).expect("an open client")
}

fn kind(site: &Site) -> Option<ProblemKind> {
    site.error.as_ref().map(|problem| problem.kind)
}

#[test]
fn passing_failures_are_tried_again() {
    for status in [408, 429, 500, 502, 503, 504, 522, 524] {
        let site = fetch(quick(), &format!("/flaky/status-{status}?fails=2&status={status}"));
        assert_eq!((site.status, site.attempts, kind(&site)), (Some(200), 3, None), "{status}");
    }
    for fault in ["reset", "close", "reset-body", "short-body"] {
        let site = fetch(quick(), &format!("/flaky/fault-{fault}?fails=2&fault={fault}"));
        assert_eq!((site.status, site.attempts, kind(&site)), (Some(200), 3, None), "{fault}");
    }
}

#[test]
fn lasting_failures_are_not() {
    for status in [400, 401, 403, 404, 410, 501] {
        let site = fetch(quick(), &format!("/flaky/lasting-{status}?fails=1&status={status}"));
        assert_eq!((site.status, site.attempts), (Some(status), 1));
    }
    for (path, expected) in [
        ("/garbage", ProblemKind::InvalidResponse),
        ("/redirect-loop", ProblemKind::TooManyRedirects),
        ("/bad/gzip", ProblemKind::ContentDecoding),
    ] {
        let site = fetch(quick(), path);
        assert_eq!((kind(&site), site.attempts), (Some(expected), 1), "{path}");
    }
}

#[test]
fn after_the_last_try_what_came_stands() {
    let site = fetch(FetchOptions { retries: 1, ..quick() }, "/flaky/last?fails=9&status=503");
    assert_eq!((site.status, site.attempts, kind(&site)), (Some(503), 2, None));
    assert_eq!(site.title.as_deref(), Some("503 Service Unavailable"));
    let site = fetch(FetchOptions { retries: 1, ..quick() }, "/reset");
    assert_eq!((kind(&site), site.attempts), (Some(ProblemKind::ConnectionLost), 2));
    let site = fetch(FetchOptions { retries: 0, ..quick() }, "/flaky/none?fails=1");
    assert_eq!((site.status, site.attempts), (Some(503), 1));
}

#[test]
fn a_try_again_starts_from_the_url_asked_for() {
    let site = fetch(quick(), "/redirect/2?to=/flaky/behind-redirects");
    assert_eq!((site.status, site.attempts, site.redirects.len()), (Some(200), 2, 2));
}

#[test]
fn retry_after_is_obeyed_in_both_forms() {
    for (name, wait) in [("seconds", "1"), ("date", "date:2")] {
        let start = Instant::now();
        let site = fetch(quick(), &format!("/flaky/after-{name}?status=429&retry-after={wait}"));
        assert_eq!((site.status, site.attempts), (Some(200), 2), "{name}");
        assert!(start.elapsed() >= Duration::from_millis(950), "{name}: {:?}", start.elapsed());
        assert!(site.elapsed_ms < 900.0, "the wait is no part of the exchange: {}", site.elapsed_ms);
    }
    let start = Instant::now();
    let site = fetch(quick(), "/flaky/after-too-long?retry-after=61");
    assert_eq!((site.status, site.attempts), (Some(503), 1));
    assert!(site.warnings.iter().any(|w| w.kind == ProblemKind::TryLater && w.detail.contains("61 s")));
    assert!(start.elapsed() < Duration::from_secs(5));
    let site = fetch(quick(), "/flaky/after-nonsense?retry-after=soon");
    assert_eq!((site.status, site.attempts), (Some(200), 2));
}

#[test]
fn one_page_asking_for_a_pause_holds_up_its_host_and_no_other() {
    let server = server();
    let hosts = ["busy.test", "free.test"];
    let client = client(FetchOptions { per_host: 1, ..options_for(hosts) });
    let urls: Vec<String> = std::iter::once(server.on("busy.test", "/flaky/pause?retry-after=1"))
        .chain((0..3).map(|i| server.on("busy.test", &format!("/n/{i}"))))
        .chain((0..3).map(|i| server.on("free.test", &format!("/n/{i}"))))
        .collect();
    let start = Instant::now();
    let stream = client.stream(urls.clone(), false, None).expect("an open client");
    let mut free = 0;
    while let Some(site) = block(stream.next()) {
        assert_eq!((kind(&site), site.status), (None, Some(200)));
        if site.domain == "free.test" {
            free += 1;
            assert!(start.elapsed() < Duration::from_millis(900), "{:?}", start.elapsed());
        } else {
            assert!(start.elapsed() >= Duration::from_millis(950), "{} after {:?}", site.url, start.elapsed());
        }
    }
    assert_eq!(free, 3);
}

fn block<T>(future: impl Future<Output = Result<T, SiteliftError>>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future).expect("an open client")
}

#[test]
fn no_host_gets_more_than_its_share() {
    let server = server();
    for (per_host, host) in [(1, "one.test"), (3, "three.test"), (6, "six.test")] {
        let options = FetchOptions { per_host, ..options_for([host, "other.test"]) };
        let urls: Vec<String> = (0..30)
            .flat_map(|i| {
                // A redirect from elsewhere is a request, too.
                let to = server.on(host, &format!("/n/{i}/redirected?latency=20"));
                [
                    server.on(host, &format!("/n/{i}?latency=20")),
                    server.on("other.test", &format!("/redirect-to?url={to}")),
                ]
            })
            .collect();
        let sites = client(options).fetch_all_blocking(urls).expect("an open client");
        assert!(sites.iter().all(|site| site.error.is_none() && site.status == Some(200)));
        let seen = server.seen(host);
        assert_eq!((seen["requests"].as_u64(), seen["max_in_flight"].as_u64()), (Some(60), Some(per_host.into())));
    }
}

#[test]
fn the_share_is_of_all_calls_of_a_client() {
    let server = server();
    let client = client(FetchOptions { per_host: 2, ..options_for(["shared.test"]) });
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let client = client.clone();
            let urls = (0..10).map(|i| server.on("shared.test", &format!("/n/{i}?latency=10&t={thread}"))).collect();
            std::thread::spawn(move || client.fetch_all_blocking(urls).expect("an open client"))
        })
        .collect();
    for thread in threads {
        assert!(thread.join().expect("no panic").iter().all(|site| site.error.is_none()));
    }
    assert_eq!(server.seen("shared.test")["max_in_flight"], 2);
}

#[test]
fn requests_to_one_host_are_spaced() {
    let server = server();
    let client = client(FetchOptions { delay_per_host: 0.1, ..options_for(["spaced.test", "quick.test"]) });
    let mut urls: Vec<String> = (0..4).map(|i| server.on("spaced.test", &format!("/n/{i}"))).collect();
    urls.push(server.on("quick.test", "/redirect/1?to=/n/0"));
    let start = Instant::now();
    let sites = client.fetch_all_blocking(urls).expect("an open client");
    assert!(sites.iter().all(|site| site.error.is_none()));
    assert!((Duration::from_millis(300)..Duration::from_secs(3)).contains(&start.elapsed()), "{:?}", start.elapsed());
    for host in ["spaced.test", "quick.test"] {
        let gap = server.seen(host)["min_gap_ms"].as_f64().expect("two requests");
        // A connection may take a moment longer for one request than for the next.
        assert!(gap > 60.0, "{host}: {gap} ms");
    }
}

/// A thousand URLs of a slow host come first; those of other hosts, far behind, are not held up by them.
#[test]
fn a_slow_host_does_not_starve_the_rest() {
    let server = server();
    let names: Vec<String> = (0..10).map(|i| format!("fast-{i}.test")).collect();
    let hosts = names.iter().map(String::as_str).chain(["slow.test"]);
    let client = client(FetchOptions { concurrency: 8, ..options_for(hosts) });
    let slow = (0..1000).map(|i| server.on("slow.test", &format!("/n/{i}?latency=2000")));
    let fast = (0..100).map(|i| server.on(&names[i % 10], &format!("/n/{i}")));
    let stream = client.stream_from(slow.chain(fast).collect::<Vec<_>>(), false, None).expect("an open client");
    let start = Instant::now();
    let mut fast = 0;
    while fast < 100 {
        let site = block(stream.next()).expect("more pages");
        fast += usize::from(site.domain != "slow.test");
    }
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    stream.cancel();
    assert!(server.seen("slow.test")["max_in_flight"].as_u64() <= Some(6));
}

#[test]
fn the_deadline_of_a_call() {
    let server = server();
    let options = FetchOptions { deadline: Some(0.5), concurrency: 4, ..quick() };
    let mut urls: Vec<String> = (0..3).map(|i| server.at(&format!("/n/{i}"))).collect();
    urls.extend((0..20).map(|i| server.at(&format!("/n/{i}?latency=30000"))));
    urls.push(server.at("/flaky/deadline?fails=1&retry-after=30"));
    urls.push("no-scheme".to_owned());
    let start = Instant::now();
    let sites = client(options).fetch_all_blocking(urls.clone()).expect("an open client");
    assert!((Duration::from_millis(450)..Duration::from_secs(3)).contains(&start.elapsed()), "{:?}", start.elapsed());
    assert_eq!(sites.iter().map(|s| &s.url).collect::<Vec<_>>(), urls.iter().collect::<Vec<_>>());
    assert!(sites[..3].iter().all(|site| site.error.is_none() && site.attempts == 1));
    for site in &sites[3..23] {
        let problem = site.error.as_ref().expect("too late");
        assert_eq!(problem.kind, ProblemKind::DeadlineExceeded);
        assert!(problem.detail.contains("deadline") && site.attempts <= 1);
    }
    assert_eq!(kind(&sites[24]), Some(ProblemKind::InvalidUrl));
    // An asked for wait beyond the deadline is not begun.
    if sites[23].attempts > 0 {
        assert_eq!((sites[23].status, kind(&sites[23])), (Some(503), None));
    }
}

#[test]
fn the_bytes_in_flight_are_bounded_and_all_comes_through() {
    let server = server();
    let options = FetchOptions {
        max_bytes_in_flight: 1 << 20,
        max_body_bytes: 2 << 20,
        concurrency: 8,
        per_host: 8,
        ..options()
    };
    // Each alone is more than the limit.
    let urls: Vec<String> = (0..8).map(|i| server.at(&format!("/body?size=1500000&i={i}"))).collect();
    for ordered in [true, false] {
        let client = client(options.clone());
        let stream = client.stream(urls.clone(), ordered, None).expect("an open client");
        let mut sizes = Vec::new();
        while let Some(site) = block(stream.next()) {
            assert_eq!(site.error, None);
            sizes.push(site.body_size);
        }
        assert_eq!(sizes, [1_500_000; 8]);
        let stats = client.stats();
        assert_eq!((stats.urls, stats.pages, stats.failed, stats.in_flight), (8, 8, 0, 0));
        assert_eq!(stats.body_bytes, 8 * 1_500_000);
    }
}

/// What nobody reads is held, in order or not: not more than one page beyond the limit.
#[test]
fn a_reader_that_does_not_read_stops_the_fetching() {
    let server = server();
    let mut urls = vec![server.at("/n/0?latency=3000")];
    urls.extend((0..40).map(|i| server.at(&format!("/body?size=1000000&held={i}"))));
    let options = FetchOptions { max_bytes_in_flight: 4 << 20, concurrency: 40, per_host: 40, ..options() };
    for ordered in [true, false] {
        let client = client(options.clone());
        let stream = client.stream(urls.clone(), ordered, None).expect("an open client");
        std::thread::sleep(Duration::from_millis(2500));
        // Two bytes are counted for each of a body, and as many pages are lifted at a time as there are cores.
        let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
        let held = client.stats().body_bytes;
        assert!(held <= (4 + cores) * 1_000_000, "ordered {ordered}: {held}");
        let mut sites = Vec::new();
        while let Some(site) = block(stream.next()) {
            assert_eq!(site.error, None);
            sites.push(site.url);
        }
        assert_eq!(sites.len(), urls.len());
        assert!(!ordered || sites == urls);
    }
}

/// Headers are as much a page's as its body: a server may send little else.
#[test]
fn headers_are_bytes_in_flight() {
    let server = server();
    let options = FetchOptions { max_bytes_in_flight: 1 << 20, concurrency: 2, ..options() };
    let urls: Vec<String> = (0..60).map(|i| server.at(&format!("/long-header?bytes=300000&i={i}"))).collect();
    for ordered in [true, false] {
        let client = client(options.clone());
        let stream = client.stream(urls.clone(), ordered, None).expect("an open client");
        std::thread::sleep(Duration::from_millis(1500));
        // The limit holds three of them, and two more may be on their way.
        let done = client.stats().pages;
        assert!((1..=6).contains(&done), "ordered {ordered}: {done}");
        let mut rest = 0;
        while let Some(site) = block(stream.next()) {
            assert_eq!(site.error, None);
            rest += 1;
        }
        assert_eq!(rest, urls.len());
    }
}

/// Pages that hold all bytes, and all turns of the host, while the one that all wait for is to be tried again.
#[test]
fn the_page_that_all_wait_for_comes_through() {
    let server = server();
    let options = FetchOptions {
        max_bytes_in_flight: 1 << 20,
        concurrency: 4,
        per_host: 4,
        backoff: 0.3,
        ..options_for(["through.test"])
    };
    let mut urls = vec![server.on("through.test", "/flaky/through?fails=2")];
    urls.extend((0..12).map(|i| server.on("through.test", &format!("/body?size=900000&through={i}"))));
    let start = Instant::now();
    let sites = client(options).fetch_all_blocking(urls).expect("an open client");
    assert!(sites.iter().all(|site| site.error.is_none()));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

/// A stream that nobody reads has a page waiting for a host's turn: others of the client get it all the same.
#[test]
fn who_may_not_start_takes_no_turn() {
    let server = server();
    let hosts = ["turn.test", "others.test"];
    let client = client(FetchOptions { per_host: 1, concurrency: 2, ..options_for(hosts) });
    let mut urls = vec![server.on("turn.test", "/n/0?latency=400"), server.on("turn.test", "/n/1")];
    urls.extend((0..40).map(|i| server.on("others.test", &format!("/n/{i}"))));
    let unread = client.stream(urls, false, None).expect("an open client");
    std::thread::sleep(Duration::from_millis(800));
    let (send, receive) = std::sync::mpsc::channel();
    let other = client.clone();
    let url = server.on("turn.test", "/n/2");
    std::thread::spawn(move || drop(send.send(other.fetch_blocking(url))));
    let site = receive.recv_timeout(Duration::from_secs(5)).expect("its turn").expect("an open client");
    assert_eq!((kind(&site), site.status), (None, Some(200)));
    let mut rest = 0;
    while block(unread.next()).is_some() {
        rest += 1;
    }
    assert_eq!(rest, 42);
}

/// A call with many pages of a slow host does not keep another call from its one.
#[test]
fn calls_take_turns_at_a_host() {
    let server = server();
    let options = FetchOptions { per_host: 1, delay_per_host: 0.1, ..options_for(["queue.test"]) };
    let client = client(options);
    let urls = (0..100).map(|i| server.on("queue.test", &format!("/n/{i}"))).collect();
    let many = client.stream(urls, false, None).expect("an open client");
    block(many.next()).expect("a page");
    for i in 0..3 {
        let start = Instant::now();
        let site = client.fetch_blocking(server.on("queue.test", &format!("/n/{i}?other"))).expect("an open client");
        assert_eq!(kind(&site), None);
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    }
    many.cancel();
    let gap = server.seen("queue.test")["min_gap_ms"].as_f64().expect("two requests");
    assert!(gap > 60.0, "{gap} ms");
}

/// Pages that wait for each other's bytes do not go on after the time of the call.
#[test]
fn the_deadline_counts_waits_for_the_budget() {
    let server = server();
    let options = FetchOptions {
        deadline: Some(1.0),
        timeout: 0.7,
        max_bytes_in_flight: 1 << 20,
        concurrency: 8,
        per_host: 8,
        retries: 0,
        ..options()
    };
    let urls = (0..8).map(|i| server.at(&format!("/slow-body?bytes=2000000&rate=100000&late={i}"))).collect();
    let start = Instant::now();
    let sites = client(options).fetch_all_blocking(urls).expect("an open client");
    assert!(start.elapsed() < Duration::from_millis(1600), "{:?}", start.elapsed());
    for site in sites {
        let problem = site.error.expect("too slow");
        assert!(matches!(problem.kind, ProblemKind::Timeout | ProblemKind::DeadlineExceeded), "{problem}");
    }
}

#[test]
fn counts() {
    let client = client(quick());
    let urls = vec![
        server().at("/flaky/counts?fails=1"),
        server().at("/n/1"),
        server().at("/n/1#again"),
        server().at("/garbage"),
        "x".to_owned(),
    ];
    client.fetch_all_blocking(urls).expect("an open client");
    let stats = client.stats();
    assert_eq!((stats.urls, stats.pages, stats.failed, stats.retries, stats.in_flight), (5, 3, 2, 1, 0));
}

/// Far more URLs than are held at a time, from an iterator that tells how far it was asked.
#[test]
fn a_stream_from_an_iterator_takes_what_it_has_room_for() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let url = server().at("/n/0");
    let endless = std::iter::from_fn(move || {
        let i = counter.fetch_add(1, Ordering::Relaxed);
        Some(format!("{url}?i={i}"))
    });
    let client = client(options());
    let stream = client.stream_from(endless, true, None).expect("an open client");
    for i in 0..50 {
        let site = block(stream.next()).expect("no end");
        assert!(site.url.ends_with(&format!("?i={i}")) && site.error.is_none());
    }
    std::thread::sleep(Duration::from_millis(300));
    assert!(asked.load(Ordering::Relaxed) <= 10_400, "{asked:?}");
}

/// One URL for ever, or none that is one: neither is held without end.
#[test]
fn an_iterator_that_repeats_itself() {
    let client = client(options());
    for url in [server().at("/n/0"), "no URL".to_owned()] {
        for ordered in [true, false] {
            let stream = client.stream_from(std::iter::repeat(url.clone()), ordered, None).expect("an open client");
            let mut came = 0;
            while came < 15_000 {
                let batch = stream.next_batch_blocking(1000, None).expect("an open client");
                assert!(!batch.finished && batch.sites.iter().all(|site| site.url == url));
                came += batch.sites.len();
            }
            stream.cancel();
        }
    }
}

/// What is lost is not taken for the end.
#[test]
fn an_iterator_that_panics() {
    let client = client(options());
    for ordered in [true, false] {
        let url = server().at("/n/0");
        let broken = (0..3).map(move |i| if i < 2 { format!("{url}?{i}") } else { panic!("no third one") });
        let stream = client.stream_from(broken, ordered, None).expect("an open client");
        let end = loop {
            match stream.next_batch_blocking(1, Some(5.0)) {
                Ok(batch) => assert!(!batch.finished, "the third page is lost"),
                Err(error) => break error,
            }
        };
        assert!(matches!(&end, SiteliftError::Internal { reason } if reason.contains("no third one")), "{end}");
        assert!(stream.next_batch_blocking(1, None).is_err(), "and stays lost");
    }
}

#[test]
fn a_fed_stream() {
    let client = client(options());
    for ordered in [true, false] {
        let stream = client.open_stream(ordered, None).expect("an open client");
        let first = (0..5).map(|i| server().at(&format!("/n/{i}"))).collect::<Vec<_>>();
        assert_eq!(stream.offer(first).expect("it is open"), 5);
        for _ in 0..5 {
            assert_eq!(block(stream.next()).expect("a page").error, None);
        }
        block(stream.feed((0..600).map(|i| format!("bad {i}")).collect()));
        stream.finish();
        stream.finish();
        assert!(matches!(stream.offer(vec!["x".to_owned()]), Err(SiteliftError::Closed { .. })));
        let mut count = 0;
        while let Some(site) = block(stream.next()) {
            assert_eq!(kind(&site), Some(ProblemKind::InvalidUrl));
            count += 1;
        }
        assert_eq!(count, 600);
    }
    let list = client.stream(Vec::new(), true, None).expect("an open client");
    assert!(list.offer(vec!["x".to_owned()]).is_err());
}
