//! How pages are fetched.

use crate::extract::Parts;
use std::collections::HashMap;

/// What is sent as `User-Agent` unless the caller names their own.
pub(crate) const USER_AGENT: &str = concat!("sitelift/", env!("CARGO_PKG_VERSION"));

/// Options of a client. Every field has a default that is safe for URLs from strangers.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own, named by the user")]
pub struct FetchOptions {
    /// Most pages fetched at the same time by one call: 1 to 10,000. Default 64.
    #[cfg_attr(feature = "uniffi", uniffi(default = 64))]
    pub concurrency: u32,
    /// Most requests that one host gets at the same time, from all calls of the client: 1 to 10,000. A host is a name, whatever the
    /// port. Default 6.
    #[cfg_attr(feature = "uniffi", uniffi(default = 6))]
    pub per_host: u32,
    /// Seconds from one request to a host to the next: 0 to 86,400. Default 0.
    #[cfg_attr(feature = "uniffi", uniffi(default = 0.0))]
    pub delay_per_host: f64,
    /// How often a page is asked for again, 0 to 10 times, when the connection fails or breaks, or the status is 408, 429, 500, 502,
    /// 503, 504, 522 or 524. A `Retry-After` of up to 60 seconds is obeyed, for all pages of the host. Default 2.
    #[cfg_attr(feature = "uniffi", uniffi(default = 2))]
    pub retries: u32,
    /// Seconds before the first retry at most, doubled for each further one, up to 60; the wait itself is a random part of that, so that
    /// pages that failed together do not come back together. 0 to 60. Default 0.5.
    #[cfg_attr(feature = "uniffi", uniffi(default = 0.5))]
    pub backoff: f64,
    /// Obey robots.txt (RFC 9309), its `Crawl-delay` of up to 60 seconds included: pages that it forbids fail with `DisallowedByRobots`
    /// and are not asked for. A file that is not there allows all, one that cannot be had because of the server or the network
    /// forbids all. Each is kept for an hour. Default false.
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub obey_robots: bool,
    /// The name whose groups in robots.txt hold, where there are any, else those for `*`. Default: the first product in `user_agent`,
    /// without its version, thus `sitelift`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub robots_agent: Option<String>,
    /// Seconds that one call may take in all, however many pages it is for; pages not there by then fail with `DeadlineExceeded`.
    /// Default none.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub deadline: Option<f64>,
    /// Seconds that one attempt to fetch a page may take in all, redirects included; waiting for a host's turn, before a retry and for
    /// `max_bytes_in_flight` does not count. Reading what came takes a few more at the worst. Default 20.
    #[cfg_attr(feature = "uniffi", uniffi(default = 20.0))]
    pub timeout: f64,
    /// Seconds until a connection stands, name look-up and TLS included; a look-up that hangs when the page comes to it is waited for within
    /// `timeout`. Default 5.
    #[cfg_attr(feature = "uniffi", uniffi(default = 5.0))]
    pub connect_timeout: f64,
    /// Seconds of silence from the server that are waited out; while connecting, the shorter of this and `connect_timeout` counts.
    /// Default 10.
    #[cfg_attr(feature = "uniffi", uniffi(default = 10.0))]
    pub read_timeout: f64,
    /// Most redirects followed for one page: 0 to 50. Default 10.
    #[cfg_attr(feature = "uniffi", uniffi(default = 10))]
    pub max_redirects: u32,
    /// Most bytes read of one body, before and after its content coding is undone: 1 to 1 GiB. Longer bodies are cut there,
    /// and say so. Default 10 MiB.
    #[cfg_attr(feature = "uniffi", uniffi(default = 10_485_760))]
    pub max_body_bytes: u64,
    /// About how many bytes of bodies and records one call holds at a time: 1 MiB to 1 TiB. Beyond it no page is begun and one at a time
    /// goes on until the reader has taken some. Default 256 MiB.
    #[cfg_attr(feature = "uniffi", uniffi(default = 268_435_456))]
    pub max_bytes_in_flight: u64,
    /// The media types that are wanted, such as `text/html`, or all of a kind, with `*` after the stroke: they are asked for (`Accept`), and an answer of another type fails with
    /// `UnsupportedContent`, its body unread. What has no type is read all the same. Default (empty): all.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub accept_types: Vec<String>,
    /// Read no more of an HTML page than its head, to the first `</head>` or `<body>`: it saves most of the traffic of long pages, and over HTTP/1.1
    /// costs a connection for each of them. Such bodies are `body_truncated`. Links, headings, text and the like are not there then, and what
    /// is read from the head may be another: of 383 collected pages the description differed on 1 %, the image on 8 % and the title, whose
    /// other half the body explains, on 11 %; authors and dates often stand in the body only. Default false.
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub stop_after_head: bool,
    /// Speak HTTP/2 with servers that offer it (ALPN). Default true.
    #[cfg_attr(feature = "uniffi", uniffi(default = true))]
    pub http2: bool,
    /// The `User-Agent` header. Default `sitelift/` and the version.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub user_agent: Option<String>,
    /// Further request headers, by name. On a redirect to another origin only `Accept`, `Accept-Language`,
    /// `Accept-Encoding` and `User-Agent` go along, as the others may hold secrets.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub headers: HashMap<String, String>,
    /// Credentials, by host (`example.com`: sent over https only) or by origin (`http://example.com:8080`): `user:password` for Basic (RFC
    /// 7617), or `Bearer` and a token (RFC 6750). Each goes to its place and nowhere else, redirects or not. Default none.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub auth: HashMap<String, String>,
    /// A folder to keep responses in, by the rules of RFC 9111 for a private cache: fresh ones are used as they are, others are asked after with
    /// `If-None-Match` and `If-Modified-Since`. Several clients and processes may share it. Requests with credentials or cookies pass
    /// it by, as do bodies that were cut. Default none.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub cache_dir: Option<String>,
    /// About how many bytes that folder may hold: 1 MiB to 1 TiB; those not used for longest go first. Default 1 GiB.
    #[cfg_attr(feature = "uniffi", uniffi(default = 1_073_741_824))]
    pub cache_max_bytes: u64,
    /// Keep cookies (RFC 6265) in memory and send them back, for as long as the client lives. A redirect back to the same URL is then no loop.
    /// Default false: pages are fetched as by a stranger.
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub cookies: bool,
    /// A proxy for all requests, as a URL with `http`, `https`, `socks5` or `socks5h`, and perhaps `user:password@`. Default none; proxies
    /// that the environment names are not used.
    ///
    /// It gives up a part of the address guard: an http or https proxy and `socks5h` look names up themselves, so that only addresses written in a
    /// URL are checked. With `socks5` names are looked up and checked here. `remote_ip` is the proxy's.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub proxy: Option<String>,
    /// A file of certificates (PEM) to trust besides the system's, read when the client is made. Default none.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub ca_file: Option<String>,
    /// Check the servers' certificates. Default true; false gives up safety.
    #[cfg_attr(feature = "uniffi", uniffi(default = true))]
    pub verify_tls: bool,
    /// Fetch from loopback, private, link-local and other addresses that are not on the public internet. Default false: URLs
    /// from strangers must not reach your own network.
    #[cfg_attr(feature = "uniffi", uniffi(default = false))]
    pub allow_private_networks: bool,
    /// Addresses of hosts, by name, in place of what the resolver says: as `curl --resolve`. These may be reached although they are not
    /// public: you named them. Default none.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub resolve: HashMap<String, String>,
    /// Keep the text of the page in `Site.body`. Default true.
    #[cfg_attr(feature = "uniffi", uniffi(default = true))]
    pub keep_body: bool,
    /// CSS rules of your own, by name; what they match stands in `Site.selected`. A selector may end in `::text` (the default) or
    /// `::attr(name)`.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub select: HashMap<String, String>,
    /// The parts of the record that cost something, of which only those named here are computed and carried. Default (absent): all but
    /// `Rdfa` and `Article`. An empty list leaves what every page has at a glance.
    #[cfg_attr(feature = "uniffi", uniffi(default))]
    pub parts: Option<Vec<Part>>,
}

/// A part of the record that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Part {
    /// `open_graph`, `twitter`, `meta`.
    Meta,
    /// `headings`.
    Headings,
    /// `links`.
    Links,
    /// `images`.
    Images,
    /// `videos`, `audio`.
    Media,
    /// `emails`, `phones`, `social_profiles`.
    Contacts,
    /// `word_count`, `content_hash`, `page_kind`.
    Text,
    /// `json_ld`.
    JsonLd,
    /// `microdata`.
    Microdata,
    /// `rdfa`. Not by default.
    Rdfa,
    /// `article`. Not by default.
    Article,
}

/// The parts that are wanted.
pub(crate) fn parts(wanted: Option<&[Part]>) -> Parts {
    let Some(wanted) = wanted else { return Parts::default() };
    wanted.iter().fold(Parts::NONE, |mut parts, part| {
        let slot = match part {
            Part::Meta => &mut parts.meta,
            Part::Headings => &mut parts.headings,
            Part::Links => &mut parts.links,
            Part::Images => &mut parts.images,
            Part::Media => &mut parts.media,
            Part::Contacts => &mut parts.contacts,
            Part::Text => &mut parts.text,
            Part::JsonLd => &mut parts.json_ld,
            Part::Microdata => &mut parts.microdata,
            Part::Rdfa => &mut parts.rdfa,
            Part::Article => &mut parts.article,
        };
        *slot = true;
        parts
    })
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            concurrency: 64,
            per_host: 6,
            delay_per_host: 0.0,
            retries: 2,
            backoff: 0.5,
            obey_robots: false,
            robots_agent: None,
            deadline: None,
            timeout: 20.0,
            connect_timeout: 5.0,
            read_timeout: 10.0,
            max_redirects: 10,
            max_body_bytes: 10_485_760,
            max_bytes_in_flight: 268_435_456,
            accept_types: Vec::new(),
            stop_after_head: false,
            http2: true,
            user_agent: None,
            headers: HashMap::new(),
            auth: HashMap::new(),
            cache_dir: None,
            cache_max_bytes: 1 << 30,
            cookies: false,
            proxy: None,
            ca_file: None,
            verify_tls: true,
            allow_private_networks: false,
            resolve: HashMap::new(),
            keep_body: true,
            select: HashMap::new(),
            parts: None,
        }
    }
}
