//! Fetching, through the public API, against the loopback server.

mod support;

use sitelift::{FetchOptions, ProblemKind, Site, SiteliftError};
use std::collections::HashMap;
use std::net::TcpListener;
use std::time::{Duration, Instant};
use support::{client, options, server};

fn fetch(path: &str) -> Site {
    fetch_with(options(), &server().at(path))
}

fn fetch_with(options: FetchOptions, url: &str) -> Site {
    client(options).fetch_blocking(url.to_owned()).expect("an open client")
}

fn kind(site: &Site) -> Option<ProblemKind> {
    site.error.as_ref().map(|problem| problem.kind)
}

#[test]
fn the_exchange() {
    let site = fetch("/redirect/2?to=/pages/news-en.html");
    assert_eq!(site.error, None);
    assert_eq!(site.status, Some(200));
    assert_eq!(site.redirects.len(), 2);
    assert_eq!(site.redirects[0].status, 302);
    assert!(site.url.ends_with("/redirect/2?to=/pages/news-en.html"));
    assert!(site.final_url.ends_with("/pages/news-en.html"));
    assert_eq!((site.domain.as_str(), site.protocol.as_str()), ("127.0.0.1", "http"));
    assert_eq!(site.server.as_deref(), Some("sitelift-testserver"));
    assert_eq!(site.http_version.as_deref(), Some("HTTP/1.1"));
    assert_eq!(site.remote_ip.as_deref(), Some("127.0.0.1"));
    assert_eq!(site.port.map(|port| format!("http://127.0.0.1:{port}")), Some(server().url.clone()));
    assert!(site.title.is_some() && !site.links.is_empty() && site.body.is_some());
    assert!(site.ttfb_ms.expect("a response") <= site.elapsed_ms);
}

#[test]
fn robots_directives_of_page_and_headers_are_merged() {
    let robots = fetch("/pages/choir-en.html").robots.expect("directives");
    assert_eq!((robots.index, robots.follow, robots.archive, robots.image_index), (true, false, false, false));
    assert_eq!(robots.max_snippet, Some(60));
}

#[test]
fn order_repeats_and_bad_company() {
    let server = server();
    let slow = server.at("/n/1?latency=200");
    let urls: Vec<String> = [
        slow.as_str(),
        &server.at("/n/2"),
        "no-scheme.example",
        &format!("{slow}#fragment"),
        &server.at("/reset"),
        "http://a:b/",
        &slow,
    ]
    .map(str::to_owned)
    .to_vec();
    let sites = client(options()).fetch_all_blocking(urls.clone()).expect("an open client");
    assert_eq!(sites.iter().map(|s| &s.url).collect::<Vec<_>>(), urls.iter().collect::<Vec<_>>());
    assert_eq!(sites[0].title, sites[6].title);
    assert_eq!(sites[0].ttfb_ms, sites[3].ttfb_ms, "equal URLs are fetched once");
    assert_eq!(sites.iter().filter(|s| s.error.is_none()).count(), 4);
}

#[test]
fn every_kind_of_failure() {
    let server = server();
    let free = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
    let short = FetchOptions { retries: 0, timeout: 1.0, read_timeout: 0.5, connect_timeout: 0.3, ..options() };
    for (url, expected, word) in [
        ("example.com".to_owned(), ProblemKind::InvalidUrl, "https://example.com"),
        ("http://a:99999/".to_owned(), ProblemKind::InvalidUrl, "port"),
        ("ftp://example.com/".to_owned(), ProblemKind::UnsupportedScheme, "ftp"),
        ("http://no-such-host.invalid/".to_owned(), ProblemKind::UnknownHost, "no-such-host.invalid"),
        (format!("http://{free}/"), ProblemKind::ConnectionFailed, "refused"),
        (server.https_url.clone(), ProblemKind::Tls, "verify_tls"),
        (server.url.replace("http:", "https:"), ProblemKind::Tls, "handshake"),
        (server.silent_url.clone(), ProblemKind::Timeout, "read_timeout"),
        (server.silent_url.replace("http:", "https:"), ProblemKind::Timeout, "connect_timeout"),
        (server.at("/stall-headers"), ProblemKind::Timeout, "read_timeout"),
        (server.at("/stall-body"), ProblemKind::Timeout, "read_timeout"),
        (server.at("/slow-body?bytes=10000&rate=100"), ProblemKind::Timeout, "in all"),
        (server.at("/redirect-loop"), ProblemKind::TooManyRedirects, "loop"),
        (server.at("/redirect-pingpong/a"), ProblemKind::TooManyRedirects, "loop"),
        (server.at("/redirect/11"), ProblemKind::TooManyRedirects, "max_redirects"),
        (server.at("/redirect-to?url=ftp://x/"), ProblemKind::InvalidRedirect, "ftp"),
        (server.at("/redirect-bad"), ProblemKind::InvalidRedirect, "not a valid URL"),
        (server.at("/garbage"), ProblemKind::InvalidResponse, "HTTP"),
        (server.at("/many-headers?n=1000"), ProblemKind::InvalidResponse, "HTTP"),
        (server.at("/reset"), ProblemKind::ConnectionLost, "before a response"),
        (server.at("/close"), ProblemKind::ConnectionLost, "before a response"),
        (server.at("/reset-body?after=500"), ProblemKind::ConnectionLost, "body"),
        (server.at("/short-body"), ProblemKind::ConnectionLost, "body"),
        (server.at("/chunk-error"), ProblemKind::InvalidResponse, "framed"),
        (server.at("/bad/gzip"), ProblemKind::ContentDecoding, "gzip"),
        (server.at("/bad/br"), ProblemKind::ContentDecoding, "br"),
        (server.at("/bad/zstd"), ProblemKind::ContentDecoding, "zstd"),
        (server.at("/bad/deflate"), ProblemKind::ContentDecoding, "deflate"),
        (server.at("/empty"), ProblemKind::EmptyBody, "200"),
        (server.at("/binary"), ProblemKind::UnsupportedContent, "image/png"),
        (server.at("/binary-as-html"), ProblemKind::UnsupportedContent, "text/html"),
        (server.at("/pdf"), ProblemKind::UnsupportedContent, "pdf"),
    ] {
        let site = fetch_with(short.clone(), &url);
        let problem = site.error.unwrap_or_else(|| panic!("{url} did not fail"));
        assert_eq!(problem.kind, expected, "{url}: {}", problem.detail);
        assert!(problem.detail.contains(word), "{url}: {:?} does not say {word:?}", problem.detail);
    }
}

#[test]
fn statuses_and_bare_redirects_are_no_errors() {
    for (path, status) in [("/status/404", 404), ("/status/503", 503), ("/redirect-nowhere", 302)] {
        let site = fetch(path);
        assert_eq!((site.status, site.error), (Some(status), None), "{path}");
    }
    assert!(fetch("/status/404").title.is_some());
}

#[test]
fn private_addresses_are_refused_by_default() {
    let server = server();
    for url in [
        server.url.clone(),
        server.url.replace("127.0.0.1", "localhost"),
        "http://[::1]/".to_owned(),
        "http://2130706433/".to_owned(),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[::ffff:10.0.0.1]/".to_owned(),
    ] {
        let site = fetch_with(FetchOptions::default(), &url);
        let problem = site.error.unwrap_or_else(|| panic!("{url} was fetched"));
        assert_eq!(problem.kind, ProblemKind::AddressNotAllowed, "{url}: {}", problem.detail);
        assert!(problem.detail.contains("allow_private_networks"), "{}", problem.detail);
    }
}

#[test]
fn every_content_coding() {
    let plain = fetch("/n/3?encoding=identity");
    for coding in ["gzip", "br", "zstd", "deflate", "deflate-raw"] {
        let site = fetch(&format!("/n/3?encoding={coding}"));
        assert_eq!(site.error, None, "{coding}");
        assert_eq!((site.body_size, &site.body), (plain.body_size, &plain.body), "{coding}");
    }
}

#[test]
fn bodies_are_capped() {
    let small = FetchOptions { max_body_bytes: 10_000, ..options() };
    for path in [
        "/body?size=1000000000",
        "/endless",
        "/bomb/gzip?size=10000000000",
        "/bomb/br?size=10000000000",
        "/bomb/zstd?size=10000000000",
    ] {
        let start = Instant::now();
        let site = fetch_with(small.clone(), &server().at(path));
        assert_eq!(site.error, None, "{path}");
        assert!(site.body_truncated && site.body_size == 10_000, "{path}: {}", site.body_size);
        assert_eq!(site.warnings[0].kind, ProblemKind::BodyTruncated, "{path}");
        assert!(start.elapsed() < Duration::from_secs(5), "{path} took {:?}", start.elapsed());
    }
}

#[test]
fn only_the_types_that_are_wanted_are_read() {
    let wanting = |types: &[&str]| FetchOptions {
        accept_types: types.iter().map(|text| (*text).to_owned()).collect(),
        ..options()
    };
    for (path, types, is_read) in [
        ("/n/0", &["text/html"][..], true),
        ("/n/0", &["application/xhtml+xml", "TEXT/*"], true),
        ("/n/0", &["*/*"], true),
        ("/n/0", &["image/*"], false),
        ("/echo", &["text/html"], false),
        ("/echo", &["application/json"], true),
        ("/redirect/1?to=/n/0", &["text/html"], true),
        ("/n/0?type=", &["text/html"], true),
        // A body without end is not begun.
        ("/endless", &["text/plain"], false),
        ("/n/0?type=text/plain;%20charset=utf-8", &["text/plain"], true),
    ] {
        let site = fetch_with(wanting(types), &server().at(path));
        let expected = (!is_read).then_some(ProblemKind::UnsupportedContent);
        assert_eq!((kind(&site), site.status), (expected, Some(200)), "{path} {types:?}");
        assert_eq!(site.body.is_some(), is_read, "{path} {types:?}");
        assert!(is_read || site.error.is_some_and(|problem| problem.detail.contains("accept_types")));
    }
    let echoed = |options| fetch_with(options, &server().at("/echo")).body.expect("JSON");
    let echo = echoed(wanting(&["application/json", "text/*"]));
    assert!(echo.contains("\"application/json, text/*\""), "{echo}");
    let own = FetchOptions { headers: [("Accept".to_owned(), "x/y".to_owned())].into(), ..wanting(&["*/*"]) };
    assert!(echoed(own).contains("\"x/y\""));
    for bad in ["html", "text/html; charset=utf-8", "", "*", "*/html", "text/html,text/plain", "a b/c"] {
        match sitelift::Client::new(wanting(&[bad])) {
            Err(SiteliftError::InvalidArgument { argument, .. }) => assert_eq!(argument, "accept_types"),
            other => panic!("{bad}: {other:?}"),
        }
    }
}

#[test]
fn reading_may_end_with_the_head() {
    let short = FetchOptions { stop_after_head: true, ..options() };
    for coding in ["identity", "gzip", "br", "zstd", "deflate", "deflate-raw"] {
        let path = format!("/n/0?weight=900000&encoding={coding}");
        let (whole, head) = (fetch(&path), fetch_with(short.clone(), &server().at(&path)));
        assert_eq!((&head.error, head.body_truncated, whole.body_truncated), (&None, true, false), "{coding}");
        let (text, rest) = (head.body.as_deref().expect("a head"), whole.body.as_deref().expect("a page"));
        assert!(text.ends_with("</head>") && rest.starts_with(text), "{coding}: {text:?}");
        assert_eq!(
            (&head.title, &head.description, head.body_size),
            (&whole.title, &whole.description, text.len() as u64)
        );
        let warning = &head.warnings[0];
        assert!(warning.kind == ProblemKind::BodyTruncated && warning.detail.contains("stop_after_head"), "{warning}");
        assert!(whole.links.len() > head.links.len());
    }
    // Nothing to stop at, or nothing to stop.
    for path in ["/body?size=2000000", "/echo", "/gen/1?type=text/plain", "/unknown-encoding", "/empty", "/bad/gzip"] {
        let (whole, head) = (fetch(path), fetch_with(short.clone(), &server().at(path)));
        assert_eq!(
            (head.body_size, head.body_truncated, kind(&head)),
            (whole.body_size, false, kind(&whole)),
            "{path}"
        );
    }
    for coding in ["gzip", "br", "zstd"] {
        let site = fetch_with(short.clone(), &server().at(&format!("/bomb/{coding}?size=10000000000")));
        assert!(site.error.is_none() && site.body_truncated && site.body_size <= 10 << 20, "{coding}");
    }
}

#[test]
fn what_came_before_a_failure_is_kept() {
    let site = fetch_with(FetchOptions { retries: 0, ..options() }, &server().at("/reset-body?after=2000"));
    assert_eq!(kind(&site), Some(ProblemKind::ConnectionLost));
    assert_eq!(site.status, Some(200));
    assert!(site.body.is_some_and(|body| body.len() >= 1000));
}

#[test]
fn an_unknown_content_coding_is_read_as_it_came() {
    let site = fetch("/unknown-encoding");
    assert!(site.warnings.iter().any(|w| w.kind == ProblemKind::ContentDecoding && w.detail.contains("sdch")));
    assert_ne!(kind(&site), Some(ProblemKind::ContentDecoding));
}

#[test]
fn a_redirect_that_fails_keeps_the_response_that_was_there() {
    let site = fetch("/redirect-to?url=http://no-such-host.invalid/x");
    assert_eq!(kind(&site), Some(ProblemKind::UnknownHost));
    assert!(site.error.is_some_and(|problem| problem.url.contains("no-such-host.invalid")));
    assert_eq!(site.status, Some(302));
    assert!(site.final_url.contains("/redirect-to"), "{}", site.final_url);
    let site = fetch_with(FetchOptions { max_redirects: 2, ..options() }, &server().at("/redirect/3"));
    assert_eq!((kind(&site), site.redirects.len()), (Some(ProblemKind::TooManyRedirects), 2));
    let site = fetch_with(FetchOptions { max_redirects: 3, ..options() }, &server().at("/redirect/3"));
    assert_eq!((kind(&site), site.redirects.len()), (None, 3));
}

#[test]
fn passwords_in_urls_are_sent_and_not_shown() {
    let url = server().url.replace("http://", "http://ann:secret@");
    let echoed = fetch_with(options(), &format!("{url}/echo"));
    assert!(echoed.body.as_ref().is_some_and(|body| body.to_lowercase().contains("basic ")), "{:?}", echoed.body);
    let page = fetch_with(options(), &format!("{url}/redirect/1?to=/pages/links-zoo-en.html"));
    assert_eq!(page.error, None);
    let record = serde_json::to_string(&Site { url: String::new(), ..page }).expect("a record is JSON");
    assert!(!record.contains("ann:secret"));
}

#[test]
fn charset_troubles_are_warnings() {
    let site = fetch("/charset/no-such-charset");
    assert_eq!(site.error, None);
    assert!(site.warnings.iter().any(|w| w.kind == ProblemKind::UnknownCharset), "{:?}", site.warnings);
    let site = fetch("/charset/utf-8");
    assert!(site.warnings.iter().any(|w| w.kind == ProblemKind::MalformedText), "{:?}", site.warnings);
}

#[test]
fn tls_unchecked_speaks_http_2() {
    let site = fetch_with(FetchOptions { verify_tls: false, ..options() }, &format!("{}/n/0", server().https_url));
    assert_eq!((site.error, site.http_version.as_deref()), (None, Some("HTTP/2")));
    let old = FetchOptions { verify_tls: false, http2: false, ..options() };
    let site = fetch_with(old, &format!("{}/n/0", server().https_url));
    assert_eq!((site.error, site.http_version.as_deref()), (None, Some("HTTP/1.1")));
}

#[test]
fn secrets_stay_with_their_origin() {
    let headers = HashMap::from([
        ("Authorization".to_owned(), "Bearer secret".to_owned()),
        ("X-Api-Key".to_owned(), "secret".to_owned()),
        ("Accept-Language".to_owned(), "de".to_owned()),
    ]);
    let with = FetchOptions { headers, ..options() };
    let same = fetch_with(with.clone(), &server().at("/redirect/1?to=/echo")).body.expect("JSON").to_lowercase();
    assert!(same.contains("bearer secret") && same.contains("x-api-key"));
    let elsewhere = server().url.replace("127.0.0.1", "localhost");
    let site = fetch_with(with, &server().at(&format!("/redirect-to?url={elsewhere}/echo")));
    let echoed = site.body.expect("JSON").to_lowercase();
    assert!(!echoed.contains("secret") && echoed.contains("accept-language"), "{echoed}");
}

#[test]
fn bad_options_are_named() {
    for (options, name) in [
        (FetchOptions { timeout: 0.0, ..options() }, "timeout"),
        (FetchOptions { read_timeout: f64::NAN, ..options() }, "read_timeout"),
        (FetchOptions { connect_timeout: f64::INFINITY, ..options() }, "connect_timeout"),
        (FetchOptions { concurrency: 0, ..options() }, "concurrency"),
        (FetchOptions { per_host: 0, ..options() }, "per_host"),
        (FetchOptions { per_host: 10_001, ..options() }, "per_host"),
        (FetchOptions { delay_per_host: -0.1, ..options() }, "delay_per_host"),
        (FetchOptions { retries: 11, ..options() }, "retries"),
        (FetchOptions { backoff: 61.0, ..options() }, "backoff"),
        (FetchOptions { backoff: f64::NAN, ..options() }, "backoff"),
        (FetchOptions { deadline: Some(0.0), ..options() }, "deadline"),
        (FetchOptions { max_bytes_in_flight: 1000, ..options() }, "max_bytes_in_flight"),
        (FetchOptions { resolve: HashMap::from([("a".to_owned(), "b".to_owned())]), ..options() }, "resolve"),
        (FetchOptions { max_redirects: 51, ..options() }, "max_redirects"),
        (FetchOptions { max_body_bytes: 0, ..options() }, "max_body_bytes"),
        (FetchOptions { user_agent: Some("a\nb".to_owned()), ..options() }, "user_agent"),
        (FetchOptions { headers: HashMap::from([("a b".to_owned(), String::new())]), ..options() }, "headers"),
        (FetchOptions { headers: HashMap::from([("Host".to_owned(), "x".to_owned())]), ..options() }, "headers"),
    ] {
        match sitelift::Client::new(options) {
            Err(SiteliftError::InvalidArgument { argument, reason }) => {
                assert_eq!(argument, name);
                assert!(reason.starts_with(name), "{reason}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    let select = HashMap::from([("price".to_owned(), "p[".to_owned())]);
    assert!(matches!(
        sitelift::Client::new(FetchOptions { select, ..options() }),
        Err(SiteliftError::InvalidSelector { name, .. }) if name == "price"
    ));
}

#[test]
fn a_closed_client_says_so() {
    let client = client(options());
    let stream = client.stream(vec![server().at("/stall-headers")], true, None).expect("an open client");
    client.shutdown();
    assert!(matches!(stream.next_batch_blocking(1, None), Err(SiteliftError::Closed { .. })));
    assert!(matches!(client.fetch_blocking(server().at("/n/0")), Err(SiteliftError::Closed { .. })));
    assert!(client.is_shut_down());
}

#[tokio::test]
async fn async_calls_and_both_orders() {
    let client = client(options());
    let urls = vec![server().at("/n/0?latency=300"), server().at("/n/1")];
    assert_eq!(client.fetch(urls[1].clone()).await.expect("open").error, None);
    assert_eq!(client.fetch_all(urls.clone()).await.expect("open").len(), 2);
    for (ordered, first) in [(true, 0), (false, 1)] {
        let stream = client.stream(urls.clone(), ordered, None).expect("open");
        assert_eq!(stream.next().await.expect("open").expect("a page").url, urls[first]);
        assert_eq!(stream.next_batch(9).await.expect("open").len(), 1);
        assert_eq!(stream.next().await.expect("open"), None);
    }
    // A blocking call inside another runtime blocks its thread, and nothing worse.
    let blocked = client.fetch_blocking(urls[1].clone());
    assert_eq!(blocked.expect("open").error, None);
}
