//! Servers made to hurt: each ends in time with a typed error or a flagged part of a page, and hurts no other page of the batch.

mod support;

use sitelift::{Client, FetchOptions, ProblemKind, Site};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::{client, options, options_for, peak_memory, server};

fn impatient() -> FetchOptions {
    FetchOptions {
        timeout: 6.0,
        connect_timeout: 3.0,
        read_timeout: 3.0,
        retries: 0,
        per_host: 16,
        max_body_bytes: 1 << 20,
        ..options()
    }
}

/// Paths, and what becomes of them: an error, a body that was cut, or a good page.
const ATTACKS: &[(&str, Option<ProblemKind>)] = &[
    ("/drip", Some(ProblemKind::Timeout)),
    ("/stall-headers", Some(ProblemKind::Timeout)),
    ("/stall-body", Some(ProblemKind::Timeout)),
    ("/slow-body?bytes=100000&rate=1000", Some(ProblemKind::Timeout)),
    ("/endless", None),
    ("/body?size=20000000000", None),
    ("/bomb/gzip?size=10000000000", None),
    ("/bomb/br?size=10000000000", None),
    ("/bomb/zstd?size=10000000000", None),
    ("/header-flood?n=100000", Some(ProblemKind::InvalidResponse)),
    ("/header-flood?n=8000000", Some(ProblemKind::InvalidResponse)),
    ("/header-line?bytes=10000000", Some(ProblemKind::InvalidResponse)),
    ("/header-line?bytes=200000000", Some(ProblemKind::InvalidResponse)),
    ("/many-headers?n=1000", Some(ProblemKind::InvalidResponse)),
    ("/short-body", Some(ProblemKind::ConnectionLost)),
    ("/long-body", None),
    ("/chunk-error", Some(ProblemKind::InvalidResponse)),
    ("/garbage", Some(ProblemKind::InvalidResponse)),
    ("/reset", Some(ProblemKind::ConnectionLost)),
    ("/close", Some(ProblemKind::ConnectionLost)),
    ("/reset-body?after=5000", Some(ProblemKind::ConnectionLost)),
    ("/redirect-loop", Some(ProblemKind::TooManyRedirects)),
    ("/redirect-pingpong/a", Some(ProblemKind::TooManyRedirects)),
    ("/redirect/40", Some(ProblemKind::TooManyRedirects)),
    ("/redirect-bad", Some(ProblemKind::InvalidRedirect)),
    ("/bad/gzip", Some(ProblemKind::ContentDecoding)),
    ("/bad/zstd", Some(ProblemKind::ContentDecoding)),
    ("/informational?n=50", None),
    ("/informational?n=3000000", None),
];

fn assert_little_grown(before: Option<u64>) {
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        assert!(after.saturating_sub(before) < 64, "from {before} to {after} MB");
    }
}

fn assert_good(site: &Site) {
    assert_eq!((&site.error, site.status, site.body_truncated), (&None, Some(200), false), "{}", site.url);
    assert!(site.title.is_some(), "{}", site.url);
}

#[test]
fn each_attack_among_good_pages() {
    let server = server();
    let before = peak_memory();
    let mut urls = Vec::new();
    for (i, (path, _)) in ATTACKS.iter().enumerate() {
        urls.push(server.at(path));
        urls.push(server.at(&format!("/status/200?{i}")));
    }
    let start = Instant::now();
    let sites = client(impatient()).fetch_all_blocking(urls.clone()).expect("an open client");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert_eq!(sites.len(), urls.len());
    for (i, (path, expected)) in ATTACKS.iter().enumerate() {
        let site = &sites[2 * i];
        let kind = site.error.as_ref().map(|problem| problem.kind);
        if path.contains("n=3000000") {
            // Whether they come to an end in time is a matter of the machine.
            assert!(matches!(kind, None | Some(ProblemKind::Timeout | ProblemKind::InvalidResponse)), "{site:?}");
        } else {
            assert_eq!(kind, *expected, "{path}: {:?}", site.error);
        }
        if ["/endless", "/body", "/bomb"].iter().any(|start| path.starts_with(start)) {
            assert!(site.body_truncated && site.body_size <= 1 << 20, "{path}");
        }
        assert!(site.elapsed_ms < 7_500.0, "{path}: {} ms", site.elapsed_ms);
        assert_good(&sites[2 * i + 1]);
    }
    assert_little_grown(before);
}

/// A response that breaks off after each of its bytes in turn.
#[test]
fn resets_at_every_byte() {
    let server = server();
    let urls: Vec<String> = (0..200).map(|byte| server.at(&format!("/reset-at?byte={byte}"))).collect();
    let sites = client(impatient()).fetch_all_blocking(urls).expect("an open client");
    for (byte, site) in sites.iter().enumerate() {
        match site.error.as_ref().map(|problem| problem.kind) {
            // The reset may overtake what was sent before it.
            Some(ProblemKind::ConnectionLost) => assert!(site.title.is_none() || site.body_size < 48, "{byte}"),
            None => assert_eq!((site.title.as_deref(), site.body_size), (Some("whole"), 48), "{byte}"),
            other => panic!("{byte}: {other:?}"),
        }
    }
    assert!(sites[..100].iter().all(|site| site.error.is_some()), "the body is not yet there");
    assert!(sites[100..].iter().any(|site| site.error.is_none()), "the body is there");
}

/// What comes after the announced end belongs to no page, least of all to the next one.
#[test]
fn a_second_response_is_nobodys() {
    let server = server();
    let client = client(FetchOptions { per_host: 1, ..impatient() });
    let urls: Vec<String> =
        (0..20).flat_map(|i| [server.at(&format!("/long-body?{i}")), server.at(&format!("/n/{i}"))]).collect();
    for (i, site) in client.fetch_all_blocking(urls).expect("an open client").iter().enumerate() {
        assert_eq!(site.error, None);
        assert_eq!(site.title.as_deref() == Some("whole"), i % 2 == 0, "{}", site.url);
    }
}

/// Options that trust these authorities (PEM), for these hosts of the test server.
fn trusting<'a>(name: &str, pem: &str, hosts: impl IntoIterator<Item = &'a str>) -> FetchOptions {
    let path = std::env::temp_dir().join(format!("sitelift-hostile-{name}-{}.pem", std::process::id()));
    std::fs::write(&path, pem).expect("a file in the temporary directory");
    let ca_file = Some(path.to_string_lossy().into_owned());
    FetchOptions { ca_file, resolve: options_for(hosts).resolve, ..impatient() }
}

/// A client with these options; its file of authorities is not needed any more.
fn trusting_client(options: FetchOptions) -> Arc<Client> {
    let path = options.ca_file.clone().expect("a file");
    let client = client(options);
    std::fs::remove_file(path).expect("the same file");
    client
}

#[test]
fn certificates_that_are_not_trusted() {
    let server = server();
    let on = |host: &str| format!("{}/n/0", server.https_url.replace("localhost", host));
    let hosts = ["expired.test", "not-yet.test", "other-host.test", "self-signed.test"];
    let careful = trusting_client(trusting("good", &server.ca_pem, hosts));
    let urls = hosts.iter().copied().chain(["localhost"]).map(on).collect();
    let sites = careful.fetch_all_blocking(urls).expect("an open client");
    for (site, word) in sites.iter().zip(["expired", "not valid yet", "not valid for name", "UnknownIssuer"]) {
        let problem = site.error.as_ref().expect("a fault");
        assert!(problem.kind == ProblemKind::Tls && problem.detail.contains(word), "{problem}");
        assert!(problem.detail.contains("verify_tls") && site.attempts == 1 && site.status.is_none(), "{site:?}");
    }
    assert_eq!((&sites[4].error, sites[4].status), (&None, Some(200)), "the good one beside them");
    // Nobody's authority is believed, and one's own only where it is named.
    let site = client(impatient()).fetch_blocking(server.https_url.clone()).expect("an open client");
    assert_eq!(site.error.map(|problem| problem.kind), Some(ProblemKind::Tls));
    let mine = trusting_client(trusting("self-signed", &server.self_signed_pem, hosts));
    assert_eq!(mine.fetch_blocking(on("self-signed.test")).expect("an open client").error, None);
    let careless = client(FetchOptions { verify_tls: false, resolve: options_for(hosts).resolve, ..impatient() });
    for site in careless.fetch_all_blocking(hosts.map(on).to_vec()).expect("an open client") {
        assert_eq!((site.error, site.status), (None, Some(200)), "{}", site.url);
    }
}

/// From https to http and back, again and again.
#[test]
fn chains_across_schemes() {
    let server = server();
    let client = client(FetchOptions { verify_tls: false, ..impatient() });
    let https = server.https_url.replace("localhost", "127.0.0.1");
    let chain = |hops: usize| {
        (0..hops).fold(format!("{https}/n/0"), |to, hop| {
            let from = if hop % 2 == 0 { server.url.as_str() } else { https.as_str() };
            format!("{from}/redirect-to?url={}", to.replace('%', "%25").replace('?', "%3F").replace('&', "%26"))
        })
    };
    let sites =
        client.fetch_all_blocking(vec![chain(4), server.at("/n/0"), chain(11), chain(12)]).expect("an open client");
    assert_good(&sites[0]);
    assert_eq!((sites[0].redirects.len(), sites[0].protocol.as_str()), (4, "https"));
    // Told once, where it first was so: whoever reads on the way could have led the rest elsewhere.
    let warnings: Vec<_> = sites[0].warnings.iter().map(|warning| warning.kind).collect();
    assert_eq!(warnings, [ProblemKind::InsecureRedirect], "{:?}", sites[0].warnings);
    assert_good(&sites[1]);
    for site in &sites[2..] {
        assert_eq!(site.error.as_ref().map(|problem| problem.kind), Some(ProblemKind::TooManyRedirects), "{site:?}");
        assert!(site.warnings.iter().any(|warning| warning.kind == ProblemKind::InsecureRedirect));
    }
}

/// Ten hosts with a robots.txt of 100 MB each.
#[test]
fn large_robots() {
    let server = server();
    let hosts: Vec<String> = (0..10).map(|i| format!("huge.{i}.test")).chain(["all.test".to_owned()]).collect();
    let before = peak_memory();
    let resolve = options_for(hosts.iter().map(String::as_str)).resolve;
    let client = client(FetchOptions { obey_robots: true, resolve, ..impatient() });
    let urls = hosts.iter().map(|host| server.on(host, "/n/0")).collect();
    let start = Instant::now();
    let sites = client.fetch_all_blocking(urls).expect("an open client");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    for site in &sites[..10] {
        assert_eq!(site.error.as_ref().map(|problem| problem.kind), Some(ProblemKind::DisallowedByRobots));
        assert_eq!((site.robots_allowed, site.attempts, &site.fetched_at), (Some(false), 0, &None));
    }
    assert_good(&sites[10]);
    assert_little_grown(before);
}

/// What HTTP/2 adds to the ways in which a server can fail.
#[test]
fn frames_made_to_hurt() {
    const FRAMES: &[(&str, Option<ProblemKind>)] = &[
        ("refused", Some(ProblemKind::ConnectionLost)),
        ("reset", Some(ProblemKind::ConnectionLost)),
        ("calm", Some(ProblemKind::ConnectionLost)),
        ("reset-body", Some(ProblemKind::ConnectionLost)),
        ("reset-after", None),
        ("goaway", Some(ProblemKind::ConnectionLost)),
        ("goaway-calm", Some(ProblemKind::ConnectionLost)),
        ("goaway-body", Some(ProblemKind::ConnectionLost)),
        ("goaway-after", None),
        ("continuation", Some(ProblemKind::InvalidResponse)),
        // They talk all the time, and answer nothing.
        ("pings", Some(ProblemKind::ConnectionLost)),
        ("settings", Some(ProblemKind::ConnectionLost)),
        ("empty-data", Some(ProblemKind::InvalidResponse)),
        ("garbage", Some(ProblemKind::InvalidResponse)),
        ("page", None),
    ];
    let server = server();
    let before = peak_memory();
    let hosts: Vec<String> = FRAMES.iter().map(|(name, _)| format!("{name}.h2.test")).collect();
    let hosts = hosts.iter().map(String::as_str);
    // Long enough for a busy machine to take in all that is sent.
    let client = trusting_client(FetchOptions {
        timeout: 30.0,
        read_timeout: 15.0,
        retries: 1,
        ..trusting("frames", &server.ca_pem, hosts.clone())
    });
    // Twice each: the second one finds the first one's connection, or what is left of it.
    let urls: Vec<String> = hosts
        .flat_map(|host| (0..2).map(move |i| format!("{}/{i}", server.https_url.replace("localhost", host))))
        .collect();
    let sites = client.fetch_all_blocking(urls).expect("an open client");
    for (i, site) in sites.iter().enumerate() {
        let (name, expected) = FRAMES[i / 2];
        let problem = site.error.as_ref();
        match (problem.map(|problem| problem.kind), expected) {
            // One whose request was on a connection that the other one's answer had ended meets it in another place.
            (Some(ProblemKind::ConnectionLost), Some(ProblemKind::InvalidResponse)) => {}
            (kind, expected) => assert_eq!(kind, expected, "{name}: {problem:?}"),
        }
        assert!(site.elapsed_ms < 31_500.0, "{name}: {} ms", site.elapsed_ms);
        if expected.is_none() {
            assert_eq!(
                (site.title.as_deref(), site.http_version.as_deref()),
                (Some("whole"), Some("HTTP/2")),
                "{name}"
            );
        }
        assert_eq!(
            site.attempts,
            1 + u32::from(problem.is_some_and(|p| p.kind == ProblemKind::ConnectionLost)),
            "{name}"
        );
    }
    assert_little_grown(before);
}
