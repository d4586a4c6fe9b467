//! The address guard: every spelling of every kind of address that is not public, asked for directly and as the end of a redirect.

mod support;

use sitelift::{FetchOptions, ProblemKind, Site};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use support::{client, options, server};

/// One of each kind that must not be reached.
const PRIVATE: &[[u8; 4]] = &[
    [127, 0, 0, 1],
    [127, 255, 255, 254],
    [0, 0, 0, 0],
    [10, 0, 0, 1],
    [172, 16, 0, 1],
    [172, 31, 255, 255],
    [192, 168, 1, 1],
    [169, 254, 169, 254],
    [100, 64, 0, 1],
    [100, 100, 100, 200],
    [192, 0, 0, 192],
    [168, 63, 129, 16],
    [198, 18, 0, 1],
    [224, 0, 0, 1],
    [255, 255, 255, 255],
];

const PRIVATE_V6: &[&str] = &[
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::0.0.0.1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[FD00::1]",
    "[fe80::1]",
    "[febf:ffff::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "[100::1]",
    "[64:ff9b:1::1]",
    "[64:ff9b:1:ffff::7f00:1]",
    "[2001::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[4000::1]",
    "[1::1]",
];

/// Every way to write an IPv4 address as the host of a URL.
fn spellings(octets: [u8; 4]) -> Vec<String> {
    let [a, b, c, d] = octets;
    let address = Ipv4Addr::from(octets);
    let number = u32::from(address);
    let (high, low) = (number >> 16, number & 0xffff);
    let wide: String = address
        .to_string()
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_digit()).unwrap_or(c))
        .collect();
    vec![
        address.to_string(),
        format!("{address}."),
        format!("{a}.{b}.{}", number & 0xffff),
        format!("{a}.{}", number & 0x00ff_ffff),
        number.to_string(),
        format!("{number:#x}"),
        format!("0X{number:X}"),
        format!("0{number:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a:#x}.0{b:o}.{c}.{d}"),
        format!("000{a:o}.000{b:o}.{}", number & 0xffff),
        format!("{a}%2E{b}%2e{c}.{d}"),
        escaped(&address.to_string()),
        address.to_string().replace('.', "\u{3002}"),
        wide,
        format!("[::ffff:{address}]"),
        format!("[::FFFF:{high:x}:{low:x}]"),
        format!("[0:0:0:0:0:ffff:{high:x}:{low:x}]"),
        format!("[::ffff:0:{high:x}:{low:x}]"),
        format!("[::{address}]"),
        format!("[64:ff9b::{address}]"),
        format!("[64:ff9b::{high:x}:{low:x}]"),
        format!("[2002:{high:x}:{low:x}::1]"),
    ]
}

/// All hosts that must not be reached.
fn hosts() -> BTreeSet<String> {
    let v4 = PRIVATE.iter().flat_map(|octets| spellings(*octets));
    v4.chain(PRIVATE_V6.iter().map(|host| (*host).to_owned())).collect()
}

/// The dressing that a URL may have around its host.
fn dressed(host: &str) -> [String; 3] {
    [format!("http://{host}/"), format!("https://{host}:8443/x?y"), format!("http://public.example@{host}:80/#z")]
}

fn assert_refused(site: &Site) {
    let problem = site.error.as_ref().unwrap_or_else(|| panic!("{} was fetched", site.url));
    assert_eq!(problem.kind, ProblemKind::AddressNotAllowed, "{}: {}", site.url, problem.detail);
    assert!(problem.detail.contains("allow_private_networks"), "{}", problem.detail);
}

#[test]
fn all_spellings_are_refused() {
    let hosts = hosts();
    assert!(hosts.len() >= 200, "{}", hosts.len());
    let urls: Vec<String> = hosts.iter().flat_map(|host| dressed(host)).collect();
    for site in client(FetchOptions::default()).fetch_all_blocking(urls).expect("an open client") {
        assert_refused(&site);
        assert_eq!((site.status, site.attempts, site.fetched_at), (None, 0, None), "{}", site.url);
    }
}

#[test]
fn all_spellings_are_refused_as_the_end_of_a_redirect() {
    let server = server();
    // A name that the caller led somewhere is the one thing that may be reached.
    let resolve = [("start.guard.test".to_owned(), "127.0.0.1".to_owned())].into();
    let client = client(FetchOptions { resolve, ..FetchOptions::default() });
    let urls: Vec<String> = hosts()
        .iter()
        .map(|host| {
            let to = escaped(&format!("http://{host}:{}/n/0", server.port()));
            server.on("start.guard.test", &format!("/redirect-to?url={to}"))
        })
        .collect();
    for site in client.fetch_all_blocking(urls).expect("an open client") {
        // A few can't be sent as a header, which the server says.
        if site.status != Some(400) {
            assert_refused(&site);
            assert_eq!(site.status, Some(302), "{}", site.url);
        }
    }
    // The same host by a name that the system's resolver knows.
    let site = client
        .fetch_blocking(server.on("start.guard.test", &format!("/redirect-to?url={}", server.on("localhost", "/n/0"))))
        .expect("an open client");
    assert_refused(&site);
}

/// Every byte as `%XX`.
fn escaped(text: &str) -> String {
    text.bytes().flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)]).collect()
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).expect("below 16")
}

/// With the guard lifted every spelling of this machine reaches it.
#[test]
fn all_spellings_are_reached_when_they_may_be() {
    let server = server();
    let urls: Vec<String> = spellings([127, 0, 0, 1])
        .into_iter()
        // Those that only a gateway, which there is none of, leads to an IPv4 address.
        .filter(|host| !["[64:", "[2002:", "[::ffff:0:", "[::127"].iter().any(|start| host.starts_with(start)))
        .map(|host| format!("http://{host}:{}/n/0", server.port()))
        .collect();
    assert!(urls.len() >= 19, "{}", urls.len());
    for site in client(options()).fetch_all_blocking(urls).expect("an open client") {
        assert_eq!((site.error, site.status), (None, Some(200)), "{}", site.url);
    }
}
