//! Proxies, credentials, cookies, authorities and timings, through the public API, against the loopback server.

mod support;

use sitelift::{Client, FetchOptions, ProblemKind, Site, SiteliftError};
use std::collections::HashMap;
use std::time::Duration;
use support::{client, options, options_for, proxy, server};

fn fetch(options: FetchOptions, url: &str) -> Site {
    client(options).fetch_blocking(url.to_owned()).expect("an open client")
}

fn echoed(site: &Site) -> String {
    assert_eq!(site.error, None);
    site.body.clone().expect("JSON").to_lowercase()
}

fn map(pairs: &[(&str, &str)]) -> HashMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn an_http_proxy() {
    // The server answers whatever host it is asked for.
    let options = FetchOptions { proxy: Some(server().url.clone()), retries: 0, ..FetchOptions::default() };
    let site = fetch(options.clone(), "http://no-such-host.invalid/echo");
    assert!(echoed(&site).contains("no-such-host.invalid"));
    assert_eq!((site.domain.as_str(), site.remote_ip.as_deref()), ("no-such-host.invalid", Some("127.0.0.1")));
    // Addresses in the URL are guarded still.
    for url in ["http://127.0.0.1/echo", "http://[::ffff:a00:1]/echo", "http://169.254.169.254/"] {
        let problem = fetch(options.clone(), url).error.expect("refused");
        assert_eq!(problem.kind, ProblemKind::AddressNotAllowed, "{url}");
    }
}

#[test]
fn a_tunnel_through_an_http_proxy() {
    let https = server().https_url.replace("https://", "");
    let proxy = proxy::connect(&https);
    let options = FetchOptions {
        proxy: Some(format!("http://ann:secret@127.0.0.1:{}", proxy.port)),
        verify_tls: false,
        ..FetchOptions::default()
    };
    let site = fetch(options, "https://tunnelled.invalid/echo");
    assert_eq!((site.error, site.status), (None, Some(200)));
    let asked = proxy.asked.lock().expect("no panic").join("\n").to_lowercase();
    assert!(asked.starts_with("connect tunnelled.invalid:443"), "{asked}");
    assert!(asked.contains("proxy-authorization: basic yw5uonnly3jlda=="), "{asked}");
}

#[test]
fn socks5_looks_names_up_here_and_socks5h_there() {
    let to = server().url.replace("http://", "");
    let proxy = proxy::socks5(&to);
    let at = |scheme: &str| Some(format!("{scheme}://127.0.0.1:{}", proxy.port));
    let there = FetchOptions { proxy: at("socks5h"), ..FetchOptions::default() };
    assert!(echoed(&fetch(there, "http://far.invalid/echo")).contains("far.invalid"));
    assert_eq!(*proxy.asked.lock().expect("no panic"), ["far.invalid"]);

    let here = FetchOptions { proxy: at("socks5"), retries: 0, ..FetchOptions::default() };
    let guarded = fetch(here.clone(), "http://localhost/echo").error.expect("refused");
    assert_eq!(guarded.kind, ProblemKind::AddressNotAllowed, "{guarded}");
    let unknown = fetch(here.clone(), "http://no-such-host.invalid/echo").error.expect("unknown");
    assert_eq!(unknown.kind, ProblemKind::UnknownHost, "{unknown}");
    let named = FetchOptions { resolve: map(&[("near.test", "192.0.2.7")]), ..here };
    assert!(echoed(&fetch(named, "http://near.test/echo")).contains("near.test"));
    assert_eq!(proxy.asked.lock().expect("no panic").last().map(String::as_str), Some("192.0.2.7"));

    // A proxy by a name of the caller's own network, which opens no way to what else has that name.
    let by_name = FetchOptions {
        proxy: Some(format!("socks5://localhost:{}", proxy.port)),
        resolve: map(&[("near.test", "192.0.2.8")]),
        retries: 0,
        ..FetchOptions::default()
    };
    assert!(echoed(&fetch(by_name.clone(), "http://near.test/echo")).contains("near.test"));
    let guarded = fetch(by_name.clone(), "http://localhost/echo").error.expect("refused");
    assert_eq!(guarded.kind, ProblemKind::AddressNotAllowed, "{guarded}");
    let nobody = fetch(by_name, "http://proxy.sitelift.invalid/echo").error.expect("unknown");
    assert_eq!(nobody.kind, ProblemKind::UnknownHost, "{nobody}");
    assert_eq!(proxy.asked.lock().expect("no panic").len(), 3);
}

#[test]
fn a_proxy_that_is_not_there() {
    let options = FetchOptions { proxy: Some("http://127.0.0.1:1".to_owned()), retries: 0, ..FetchOptions::default() };
    assert_eq!(fetch(options, "http://a.invalid/").error.map(|p| p.kind), Some(ProblemKind::ConnectionFailed));
}

#[test]
fn credentials_go_to_their_place_and_nowhere_else() {
    let server = server();
    let (here, there) = (server.on("a.test", ""), server.on("b.test", ""));
    let auth = map(&[(&here, "ann:pass:word"), (&there, "Bearer tok"), ("c.test", "x:y")]);
    let options = FetchOptions { auth, ..options_for(["a.test", "b.test", "c.test", "d.test"]) };
    let on = |host: &str, path: &str| echoed(&fetch(options.clone(), &server.on(host, path)));
    assert!(on("a.test", "/echo").contains("basic yw5uonbhc3m6d29yza=="));
    assert!(on("b.test", "/echo").contains("bearer tok"));
    assert!(!on("c.test", "/echo").contains("authorization"), "a host's goes over https only");
    assert!(!on("d.test", "/echo").contains("authorization"));
    let hop = |from: &str, to: &str| on(from, &format!("/redirect-to?url={}", server.on(to, "/echo")));
    assert!(hop("a.test", "b.test").contains("bearer tok"));
    assert!(!hop("a.test", "b.test").contains("basic"));
    assert!(!hop("a.test", "d.test").contains("authorization"));
    assert!(hop("d.test", "a.test").contains("basic"));
    // What stands in the URL itself goes before.
    let own = server.on("a.test", "/echo").replace("http://", "http://bob:own@");
    assert!(echoed(&fetch(options.clone(), &own)).contains("basic ym9iom93bg=="));

    let https = server.https_url.replace("127.0.0.1", "localhost");
    let secure = FetchOptions { auth: map(&[("localhost", "ann:x")]), verify_tls: false, ..options.clone() };
    assert!(echoed(&fetch(secure, &format!("{https}/echo"))).contains("basic yw5uong="));
}

#[test]
fn cookies_are_kept_when_asked_for() {
    let server = server();
    let jar = client(FetchOptions { cookies: true, ..options_for(["a.test", "b.test"]) });
    let get = |url: String| jar.fetch_blocking(url).expect("an open client");
    assert!(echoed(&get(server.on("a.test", "/cookies/one=1"))).contains("one=1"));
    assert!(echoed(&get(server.on("a.test", "/echo"))).contains("one=1"));
    assert!(!echoed(&get(server.on("b.test", "/echo"))).contains("one=1"));
    assert!(
        !echoed(&get(server.on("b.test", &format!("/redirect-to?url={}", server.on("b.test", "/echo")))))
            .contains("one")
    );
    let none = client(options_for(["a.test"]));
    let site = none.fetch_blocking(server.on("a.test", "/cookies/one=1")).expect("an open client");
    assert!(!echoed(&site).contains("cookie"));
    // With cookies a URL that comes again may be another page: only the number of redirects ends it.
    let endless = get(server.on("a.test", "/redirect-loop")).error.expect("too many");
    assert!(endless.kind == ProblemKind::TooManyRedirects && endless.detail.contains("max_redirects"), "{endless}");
}

#[test]
fn an_authority_of_ones_own() {
    let path = std::env::temp_dir().join(format!("sitelift-ca-{}.pem", std::process::id()));
    std::fs::write(&path, &server().ca_pem).expect("a file in the temporary directory");
    let file = |path: &std::path::Path| Some(path.to_string_lossy().into_owned());
    let site = fetch(FetchOptions { ca_file: file(&path), ..options() }, &format!("{}/n/0", server().https_url));
    assert_eq!((site.error, site.status, site.http_version.as_deref()), (None, Some(200), Some("HTTP/2")));
    std::fs::write(&path, "no certificate").expect("the same file");
    for bad in [path.clone(), path.with_extension("missing")] {
        match Client::new(FetchOptions { ca_file: file(&bad), ..options() }) {
            Err(SiteliftError::InvalidArgument { argument, reason }) => {
                assert!(argument == "ca_file" && reason.contains("sitelift-ca"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }
    std::fs::remove_file(&path).expect("the same file");
}

#[test]
fn bad_options_are_named_without_their_secrets() {
    for (options, name) in [
        (FetchOptions { proxy: Some("ftp://u:hush@p/".to_owned()), ..options() }, "proxy"),
        (FetchOptions { proxy: Some("hush".to_owned()), ..options() }, "proxy"),
        (FetchOptions { auth: map(&[("a.test", "hush")]), ..options() }, "auth"),
        (FetchOptions { auth: map(&[("a.test", "Bearer ")]), ..options() }, "auth"),
        (FetchOptions { auth: map(&[("a.test", "Bearer hu\nsh")]), ..options() }, "auth"),
        (FetchOptions { auth: map(&[("a b", "u:hush")]), ..options() }, "auth"),
        (FetchOptions { auth: map(&[("ftp://a.test", "u:hush")]), ..options() }, "auth"),
        (FetchOptions { auth: map(&[("http://a.test/path", "u:hush")]), ..options() }, "auth"),
    ] {
        match Client::new(options) {
            Err(SiteliftError::InvalidArgument { argument, reason }) => {
                assert_eq!(argument, name);
                assert!(reason.starts_with(name) && !reason.contains("hush"), "{reason}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn times_are_those_of_the_request_itself() {
    let server = server();
    let client = client(options());
    let get = |url: String| client.fetch_blocking(url).expect("an open client");
    let first = get(server.on("localhost", "/n/0?latency=50"));
    let (dns, connect) = (first.dns_ms.expect("a look-up"), first.connect_ms.expect("a connection"));
    let (ttfb, body) = (first.ttfb_ms.expect("a response"), first.body_ms.expect("a body"));
    assert!(dns <= connect && connect <= ttfb && ttfb >= 50.0, "{dns} {connect} {ttfb}");
    assert!(ttfb + body <= first.elapsed_ms + 0.01, "{ttfb} {body} {}", first.elapsed_ms);
    let second = get(server.on("localhost", "/n/1"));
    assert_eq!((second.dns_ms, second.connect_ms), (None, None), "the connection was kept");
    let slow = get(server.at("/slow-body?bytes=1000&rate=4000"));
    assert!(slow.body_ms.expect("a body") > 100.0 && slow.dns_ms.is_none(), "{slow:?}");
    assert!(slow.connect_ms.is_some() && slow.tls_ms.is_none(), "http has no TLS");
}

#[test]
fn the_time_of_tls_is_told_apart() {
    let server = server();
    let options = FetchOptions { verify_tls: false, ..options() };
    let own = client(options.clone());
    let get = |path: &str| own.fetch_blocking(format!("{}{path}", server.https_url)).expect("an open client");
    let first = get("/n/0");
    let (tls, connect) = (first.tls_ms.expect("a handshake"), first.connect_ms.expect("a connection"));
    assert!(0.0 < tls && tls < connect, "{tls} {connect}");
    let second = get("/n/1");
    assert_eq!((second.tls_ms, second.connect_ms), (None, None), "the connection was kept");

    let (short, long) = (Duration::from_millis(100), Duration::from_millis(300));
    let https = server.https_url.replace("https://", "");
    for (before, after) in [(short, long), (long, short)] {
        let proxy = proxy::slow_connect(&https, before, after);
        let through = FetchOptions { proxy: Some(format!("http://127.0.0.1:{}", proxy.port)), ..options.clone() };
        let site = fetch(through, "https://tunnelled.invalid/n/0");
        let (tls, connect) = (site.tls_ms.expect("a handshake"), site.connect_ms.expect("a connection"));
        let (before, after) = (before.as_secs_f64() * 1e3, after.as_secs_f64() * 1e3);
        assert!(tls >= after && connect - tls >= before, "{tls} of {connect} for {after} after {before}");
    }
}
