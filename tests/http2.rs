//! What pages share that come over one HTTP/2 connection, through the public API, against the loopback server.

mod support;

use sitelift::{FetchOptions, Site};
use std::time::{Duration, Instant};
use support::{client, options, proxy, server};

fn secure() -> FetchOptions {
    FetchOptions { verify_tls: false, ..options() }
}

fn assert_came(site: &Site) {
    assert_eq!((site.error.as_ref(), site.http_version.as_deref()), (None, Some("HTTP/2")), "{}", site.url);
}

/// A connection has a window for all its streams. Pages that wait for the budget leave what came unread, and must not use it up.
#[test]
fn pages_that_wait_do_not_hold_up_others_of_their_connection() {
    let limits = FetchOptions {
        max_bytes_in_flight: 1 << 20,
        concurrency: 6,
        per_host: 6,
        read_timeout: 4.0,
        retries: 0,
        keep_body: false,
        ..secure()
    };
    let urls: Vec<String> = (0..6).map(|i| format!("{}/body?size=2500000&i={i}", server().https_url)).collect();
    for ordered in [true, false] {
        let stream = client(limits.clone()).stream(urls.clone(), ordered, None).expect("an open client");
        let mut count = 0;
        loop {
            let batch = stream.next_batch_blocking(u32::MAX, None).expect("an open client");
            for site in &batch.sites {
                assert_came(site);
                assert_eq!(site.body_size, 2_500_000);
                count += 1;
            }
            if batch.finished {
                break;
            }
        }
        assert_eq!(count, urls.len());
    }
}

/// A router between has forgotten the connection: nothing comes through any more, and nobody says so.
#[test]
fn a_dead_connection_is_given_up() {
    let relay = proxy::relay(server().https_url.trim_start_matches("https://"));
    let client = client(FetchOptions { read_timeout: 4.0, ..secure() });
    let get = |path: &str| client.fetch_blocking(format!("https://127.0.0.1:{}{path}", relay.port)).expect("open");
    assert_came(&get("/n/0"));
    assert_eq!(get("/n/1").connect_ms, None, "it is kept");
    relay.forget();
    let start = Instant::now();
    let second = get("/n/2");
    assert_came(&second);
    assert_eq!(second.attempts, 2);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    // Nor is it used again.
    let start = Instant::now();
    assert_came(&get("/n/3"));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
