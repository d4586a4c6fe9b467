//! Which addresses may be connected to.
//!
//! The check is made on the address itself, by the resolver that the connector takes its addresses from, so a name
//! that resolves differently the second time gains nothing. Literal addresses never reach a resolver and are checked
//! on their own, on every hop.

use super::config::Config;
use super::failure::{EMFILE, Failure, Kind, shown};
use super::names::{Names, NoAnswer};
use super::timing;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;
use url::{Host, Url};

/// An address that is not on the public internet.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{place} {class}; only public addresses are fetched unless the option allow_private_networks is set")]
pub(super) struct Refusal {
    /// The host and, where it is a name, its address.
    place: String,
    class: &'static str,
}

/// The name has no address.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the host name {host:?} could not be resolved: {reason}")]
pub(super) struct UnknownHost {
    host: String,
    reason: String,
    /// The resolver could not tell, now.
    pub passing: bool,
}

/// Why an address is not public, or nothing when it is (the IANA special-purpose registries).
pub(super) fn refused_class(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => refused_v4(v4),
        IpAddr::V6(v6) => refused_v6(v6),
    }
}

fn refused_v4(ip: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = ip.octets();
    Some(match (a, b, c) {
        (0, ..) => "the unspecified network",
        (127, ..) => "a loopback address",
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => "a private address",
        (169, 254, _) => "a link-local address (cloud metadata lives there)",
        (100, 64..=127, _) => "a carrier-grade NAT address",
        (192, 0, 0) => "an address of a protocol assignment",
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => "a documentation address",
        (192, 88, 99) => "a 6to4 relay address",
        (198, 18..=19, _) => "a benchmarking address",
        (224..=239, ..) => "a multicast address",
        (240..=255, ..) => "a reserved address",
        // Azure's wire server and Oracle/Alibaba-style metadata live on otherwise public or CGNAT addresses.
        (168, 63, 129) if ip == Ipv4Addr::new(168, 63, 129, 16) => "a cloud metadata address",
        _ => return None,
    })
}

fn refused_v6(ip: Ipv6Addr) -> Option<&'static str> {
    if let Some(v4) = embedded_v4(ip) {
        return refused_v4(v4);
    }
    let s = ip.segments();
    Some(match s {
        [0, 0, 0, 0, 0, 0, 0, 0] => "the unspecified address",
        [0, 0, 0, 0, 0, 0, 0, 1] => "a loopback address",
        [0xfc00..=0xfdff, ..] => "a private address",
        [0xfe80..=0xfebf, ..] => "a link-local address",
        [0xfec0..=0xfeff, ..] => "a site-local address",
        [0xff00..=0xffff, ..] => "a multicast address",
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => "a documentation address",
        // Teredo, ORCHID and the rest of the protocol assignments.
        [0x2001, 0..=0x1ff, ..] => "an address of a protocol assignment",
        [0x100, 0, 0, ..] => "a discard-only address",
        [0x5f00, ..] => "a segment-routing address",
        [0x64, 0xff9b, 1, ..] => "a local NAT64 address",
        // All that is not global unicast (2000::/3).
        [0..=0x1fff | 0x4000..=0xffff, ..] => "not a global address",
        _ => return None,
    })
}

/// The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64 or 6to4.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let v4 = |hi: u16, lo: u16| Ipv4Addr::from((u32::from(hi) << 16) | u32::from(lo));
    match s {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0xffff | 0, hi, lo]
        | [0, 0, 0, 0, 0xffff, 0, hi, lo]
        | [0x64, 0xff9b, 0, 0, 0, 0, hi, lo]
        | [0x2002, hi, lo, ..] => Some(v4(hi, lo)),
        _ => None,
    }
}

/// Refuses a URL whose host is a literal address that may not be reached.
pub(super) fn check_url(url: &Url, config: &Config) -> Result<(), Failure> {
    if url.host_str().is_some_and(|host| host.trim_end_matches('.').eq_ignore_ascii_case(PROXY)) {
        let reason = "it is nobody's".to_owned();
        let unknown = UnknownHost { host: PROXY.to_owned(), reason, passing: false };
        return Err(Failure::new(Kind::UnknownHost, shown(url), unknown.to_string()));
    }
    if config.allow_private_networks {
        return Ok(());
    }
    check_literal(url).map_err(|refusal| Failure::new(Kind::AddressNotAllowed, shown(url), refusal.to_string()))
}

fn check_literal(url: &Url) -> Result<(), Refusal> {
    let address = match url.host() {
        Some(Host::Ipv4(v4)) => IpAddr::V4(v4),
        Some(Host::Ipv6(v6)) => IpAddr::V6(v6),
        _ => return Ok(()),
    };
    refuse(url.host_str().unwrap_or_default(), address)
}

fn refuse(host: &str, address: IpAddr) -> Result<(), Refusal> {
    let Some(class) = refused_class(address) else {
        return Ok(());
    };
    let is_literal = host.trim_matches(['[', ']']).parse() == Ok(address);
    let place = if is_literal { format!("{host} is") } else { format!("{host} is at {address},") };
    Err(Refusal { place, class })
}

/// `EAI_AGAIN`, as the C libraries put it: the number is not handed on.
pub(super) fn is_passing(reason: &str) -> bool {
    ["emporary failure", "Try again", "try again"].iter().any(|words| reason.contains(words))
}

/// Hands out only addresses that may be reached.
#[derive(Debug)]
pub(super) struct GuardedResolver {
    allow_private_networks: bool,
    /// What the caller led somewhere, may be reached there.
    given: HashMap<String, IpAddr>,
    /// The caller's proxy, too.
    proxy: Option<ProxyName>,
    names: Arc<Names>,
}

/// What the host of a proxy is asked for by, and its name.
///
/// Where names are looked up here for the proxy (`socks5`), its own is given another one, so that a URL from a stranger with the same host is
/// guarded as any other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ProxyName {
    asked: String,
    name: String,
}

/// Nobody's name (RFC 6761): a URL with it is refused.
const PROXY: &str = "proxy.sitelift.invalid";

fn proxy_name(proxy: &Url) -> Option<ProxyName> {
    // In URLs of schemes that the standard does not know, hosts are not told apart by it.
    let name = proxy.host_str()?.to_ascii_lowercase();
    if name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return None;
    }
    let asked = if proxy.scheme() == "socks5" { PROXY.to_owned() } else { name.clone() };
    Some(ProxyName { asked, name })
}

/// The proxy as the HTTP client is to know it.
pub(super) fn renamed(proxy: &Url) -> Url {
    let mut renamed = proxy.clone();
    if let Some(name) = proxy_name(proxy)
        && name.asked != name.name
    {
        // Any host can take the place of a name.
        let _ = renamed.set_host(Some(&name.asked));
    }
    renamed
}

/// The name that is looked up before a request to this URL, if any is.
pub(super) fn looked_up<'a>(url: &'a Url, config: &Config) -> Option<&'a str> {
    let Some(Host::Domain(host)) = url.host() else { return None };
    (config.proxy.is_none() && !config.resolve.contains_key(host)).then_some(host)
}

impl GuardedResolver {
    pub(super) fn new(config: &Config, names: Arc<Names>) -> Self {
        Self {
            allow_private_networks: config.allow_private_networks,
            given: config.resolve.clone(),
            proxy: config.proxy.as_ref().and_then(proxy_name),
            names,
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let asked = name.as_str().to_ascii_lowercase();
        let proxy = self.proxy.as_ref().filter(|proxy| proxy.asked == asked);
        let allow = self.allow_private_networks || proxy.is_some();
        let host = proxy.map_or(asked, |proxy| proxy.name.clone());
        if let Some(address) = self.given.get(&host) {
            let found = std::iter::once(SocketAddr::new(*address, 0));
            return Box::pin(std::future::ready(Ok(Box::new(found) as Addrs)));
        }
        let names = Arc::clone(&self.names);
        Box::pin(async move {
            let unknown = |reason: String| UnknownHost { host: host.clone(), passing: is_passing(&reason), reason };
            let start = Instant::now();
            let found = match names.addresses(&host).await {
                Ok(found) => found,
                Err(NoAnswer::Said(reason)) => return Err(unknown(reason).into()),
                Err(NoAnswer::NoDescriptor) => return Err(io::Error::from_raw_os_error(EMFILE).into()),
            };
            timing::looked_up(start.elapsed());
            let Some(first) = found.first() else {
                return Err(unknown("it has no address".to_owned()).into());
            };
            if allow {
                return Ok(Box::new(found.into_iter()) as Addrs);
            }
            let public: Vec<SocketAddr> = found.iter().copied().filter(|a| refused_class(a.ip()).is_none()).collect();
            if public.is_empty() {
                refuse(&host, first.ip())?;
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_public() {
        for text in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "100.100.100.200",
            "192.0.0.192",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "192.88.99.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "100::1",
            "5f00::1",
            "4000::1",
        ] {
            assert!(refused_class(text.parse().unwrap()).is_some(), "{text}");
        }
    }

    #[test]
    fn public() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "169.253.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "168.63.129.15",
            "2606:4700::1111",
            "2a00:1450::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert_eq!(refused_class(text.parse().unwrap()), None, "{text}");
        }
    }

    /// A name server that answers another time with another address gains nothing: each answer that is handed to the connector was checked.
    #[tokio::test]
    async fn answers_that_change() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        const ANSWERS: &[&[&str]] = &[
            &["8.8.8.8"],
            &["127.0.0.1"],
            &["10.0.0.1", "8.8.4.4", "::1"],
            &["::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::"],
            &["1.1.1.1", "100.64.0.1"],
            &["fd00:ec2::254"],
        ];
        let rebinding = |_: &str| {
            let answer = ANSWERS[ASKED.fetch_add(1, Ordering::Relaxed) % ANSWERS.len()];
            let addresses = answer.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect();
            Ok(addresses)
        };
        let mut handed_out = Vec::new();
        for _ in ANSWERS {
            // Names that remember nothing, as when an answer is too old.
            let resolver = GuardedResolver {
                allow_private_networks: false,
                given: HashMap::new(),
                proxy: None,
                names: Arc::new(Names::by(rebinding)),
            };
            match resolver.resolve("rebinding.example".parse().unwrap()).await {
                Ok(addresses) => handed_out.extend(addresses.map(|address| address.ip().to_string())),
                Err(error) => assert!(error.downcast_ref::<Refusal>().is_some(), "{error}"),
            }
        }
        assert_eq!(handed_out, ["8.8.8.8", "8.8.4.4", "1.1.1.1"]);
    }

    /// The caller's proxy may stand in the caller's network; what has its name, and comes from a stranger, may not be reached there.
    #[tokio::test]
    async fn the_name_of_a_proxy_is_no_way_round() {
        let within = |_: &str| Ok(vec![SocketAddr::from(([10, 0, 0, 1], 0))]);
        for (proxy, reached) in [
            ("socks5://User:pass@Proxy.corp:1080", [true, false, false]),
            ("socks5h://proxy.corp:1080", [false, true, false]),
            ("http://proxy.corp:3128", [false, true, false]),
            ("socks5://10.0.0.1:1080", [false, false, false]),
        ] {
            let proxy = Url::parse(proxy).unwrap();
            let resolver = GuardedResolver {
                allow_private_networks: false,
                given: HashMap::new(),
                proxy: proxy_name(&proxy),
                names: Arc::new(Names::by(within)),
            };
            for (host, reached) in [PROXY, "proxy.corp", "other.corp"].into_iter().zip(reached) {
                assert_eq!(resolver.resolve(host.parse().unwrap()).await.is_ok(), reached, "{host} by {proxy}");
            }
        }
        let renamed = renamed(&Url::parse("socks5://u:p@proxy.corp:1080").unwrap());
        assert_eq!(renamed.as_str(), "socks5://u:p@proxy.sitelift.invalid:1080");
        assert_eq!(super::renamed(&Url::parse("socks5://[::1]:1080").unwrap()).as_str(), "socks5://[::1]:1080");
    }

    #[test]
    fn literals_in_odd_notations() {
        for text in [
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://[::ffff:7f00:1]/",
            "http://１２７.0.0.1/",
            "http://0/",
        ] {
            assert!(check_literal(&Url::parse(text).unwrap()).is_err(), "{text}");
        }
        assert!(check_literal(&Url::parse("http://1.1.1.1/").unwrap()).is_ok());
        assert!(check_literal(&Url::parse("http://localhost/").unwrap()).is_ok());
    }
}
