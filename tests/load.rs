//! Many URLs of many hosts with faults among them: each is accounted for once, hosts get no more than their share, memory stays flat.
//!
//! 4,000 URLs by default; `make load` takes 100,000 with the release build, or as many as `SITELIFT_LOAD` says.

mod support;

use sitelift::{FetchOptions, Part, ProblemKind, Site};
use std::time::Instant;
use support::{client, options_for, peak_memory, server};

const HOSTS: usize = 200;
const PER_HOST: u32 = 6;

/// The faults, and what becomes of them; every fiftieth URL has one. Where it is we who hang up, or the server waits for that after it did, it
/// takes a moment to see it, and counts a request that we have done with: these have hosts of their own, as many again as they are.
const FAULTS: &[(&str, Option<ProblemKind>)] = &[
    ("/reset", Some(ProblemKind::ConnectionLost)),
    ("/close", Some(ProblemKind::ConnectionLost)),
    ("/garbage", Some(ProblemKind::InvalidResponse)),
    ("/short-body", Some(ProblemKind::ConnectionLost)),
    ("/chunk-error", Some(ProblemKind::InvalidResponse)),
    ("/bad/gzip", Some(ProblemKind::ContentDecoding)),
    ("/redirect-loop", Some(ProblemKind::TooManyRedirects)),
    ("/stall-headers", Some(ProblemKind::Timeout)),
    ("/many-headers?n=2000", Some(ProblemKind::InvalidResponse)),
    ("/bomb/gzip?size=100000000", None),
    ("/flaky/load?fails=2&status=503", None),
    ("/flaky/load?fails=1&fault=reset", None),
];

fn count() -> usize {
    std::env::var("SITELIFT_LOAD").map_or(4_000, |text| text.parse().expect("SITELIFT_LOAD is a number"))
}

fn hangs_up(path: &str) -> bool {
    let faults = ["/stall", "/bomb", "/many-headers", "/garbage", "/chunk-error", "/close", "/short-body"];
    faults.iter().any(|start| path.starts_with(start))
}

fn ill_host(i: usize) -> String {
    format!("ill-{}.load.test", i % FAULTS.len())
}

fn host(i: usize) -> String {
    format!("host-{}.load.test", i * 7919 % HOSTS)
}

fn url(i: usize) -> (String, Option<ProblemKind>) {
    let (path, expected) = if i % 50 == 49 { FAULTS[i / 50 % FAULTS.len()] } else { ("/status/200", None) };
    // Each flaky one fails by itself.
    let path = path.replacen("/load", &format!("/load-{i}"), 1);
    let mark = if path.contains('?') { '&' } else { '?' };
    let host = if hangs_up(&path) { ill_host(i) } else { host(i) };
    (server().on(&host, &format!("{path}{mark}i={i}")), expected)
}

#[test]
fn every_url_is_accounted_for() {
    let count = count();
    let hosts: Vec<String> = (0..HOSTS).map(host).collect();
    let ill: Vec<String> = (0..FAULTS.len()).map(ill_host).collect();
    let options = FetchOptions {
        concurrency: 256,
        per_host: PER_HOST,
        read_timeout: 3.0,
        backoff: 0.02,
        max_body_bytes: 200_000,
        keep_body: false,
        parts: Some(vec![Part::Meta]),
        ..options_for(hosts.iter().chain(&ill).map(String::as_str))
    };
    let client = client(options);
    let start = Instant::now();
    let stream = client.stream_from((0..count).map(|i| url(i).0), false, None).expect("an open client");
    let mut seen = vec![0_u8; count];
    let mut failed = 0;
    loop {
        let batch = stream.next_batch_blocking(256, None).expect("an open client");
        for site in batch.sites {
            let i = index(&site);
            seen[i] += 1;
            let (asked, expected) = url(i);
            assert_eq!(site.url, asked);
            assert_eq!(site.error.as_ref().map(|problem| problem.kind), expected, "{asked}: {:?}", site.error);
            failed += u64::from(expected.is_some());
        }
        if batch.finished {
            break;
        }
    }
    assert!(seen.iter().all(|times| *times == 1), "each URL has one record");
    let stats = client.stats();
    assert_eq!((stats.urls, stats.pages + stats.failed, stats.failed), (count as u64, count as u64, failed));
    assert_eq!(stats.in_flight, 0);
    for host in &hosts {
        let most = server().seen(host)["max_in_flight"].as_u64().expect("it was asked");
        assert!(most <= PER_HOST.into(), "{host} had {most} requests at a time");
    }
    let peak = peak_memory();
    println!("{count} URLs, {failed} failed, {:.1} s, {peak:?} MB at most", start.elapsed().as_secs_f64());
    assert!(peak.is_none_or(|megabytes| megabytes < 200), "{peak:?} MB");
}

fn index(site: &Site) -> usize {
    site.url.rsplit_once("i=").and_then(|(_, i)| i.parse().ok()).expect("every URL has its number")
}
