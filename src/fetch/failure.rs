//! What can go wrong on the way to a body, sorted by what the caller would do about it.

use super::guard::Refusal;
use super::names::HoldUp;
use std::error::Error;
use std::io;
use std::time::Duration;
use url::Url;

/// Stable categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    InvalidUrl,
    UnsupportedScheme,
    AddressNotAllowed,
    UnknownHost,
    ConnectionFailed,
    Tls,
    Timeout,
    TooManyRedirects,
    InvalidRedirect,
    InvalidResponse,
    ConnectionLost,
    DeadlineExceeded,
    DisallowedByRobots,
    UnsupportedContent,
}

/// One failure: its category, the URL it happened at (a redirect's, perhaps), and a sentence for a person.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub kind: Kind,
    pub url: String,
    pub detail: String,
    /// Another try may go well.
    pub passing: bool,
    /// Nobody was asked yet: this is to be waited for first, if there is time.
    pub held_up: Option<HoldUp>,
}

impl Failure {
    pub(crate) fn new(kind: Kind, url: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { kind, url: url.into(), detail: detail.into(), passing: false, held_up: None }
    }

    /// It was we who would not ask for the URL.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self.kind, Kind::AddressNotAllowed | Kind::DisallowedByRobots)
    }
}

/// A URL as it may be shown: without the name and password of a user.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for URLs that cannot have either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// What was being waited for when a time limit passed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Phase {
    Response,
    Body,
}

pub(super) fn timed_out_in_all(url: &Url, limit: Duration, phase: Phase) -> Failure {
    let doing = match phase {
        Phase::Response => "waiting for the response",
        Phase::Body => "reading the body",
    };
    Failure::new(
        Kind::Timeout,
        shown(url),
        format!("not finished after {:.1} s in all, while {doing} (option timeout)", limit.as_secs_f64()),
    )
}

pub(super) fn too_late(url: &Url) -> Failure {
    let detail = "the time for the whole call passed before this page was there (option deadline)";
    Failure::new(Kind::DeadlineExceeded, shown(url), detail)
}

/// A type that is not among those of the option `accept_types`.
pub(super) fn not_wanted(url: &Url, content_type: &str) -> Failure {
    let detail = format!("the server answered with {content_type}, which was not read (option accept_types)");
    Failure::new(Kind::UnsupportedContent, shown(url), detail)
}

/// Nothing came for the time of the option `read_timeout`.
pub(super) fn silent(url: &Url, phase: Phase, limits: &super::Config) -> Failure {
    let waited = match phase {
        Phase::Response => "the server sent no response",
        Phase::Body => "the server stopped sending the body",
    };
    let detail = format!("{waited} for {:.1} s (option read_timeout)", limits.read_timeout.as_secs_f64());
    Failure::new(Kind::Timeout, shown(url), detail)
}

/// The look-up of the name is waited for.
pub(super) fn held_up(url: &Url, why: HoldUp, limits: &super::Config) -> Failure {
    let limit = limits.connect_timeout.as_secs_f64();
    let detail =
        format!("no connection: the look-up of the name takes longer than {limit:.1} s (option connect_timeout)");
    Failure { held_up: Some(why), ..Failure::new(Kind::Timeout, shown(url), detail) }
}

/// Sorts an error of the HTTP client by what lies at its root.
pub(super) fn from_reqwest(error: &reqwest::Error, url: &Url, phase: Phase, limits: &super::Config) -> Failure {
    let mut failure = sorted(error, url, phase, limits);
    failure.passing = match failure.kind {
        Kind::ConnectionFailed | Kind::ConnectionLost => true,
        // A server that is silent stays so; one that is not reached may be.
        Kind::Timeout => error.is_connect(),
        Kind::UnknownHost => cause::<super::guard::UnknownHost>(error).is_some_and(|lookup| lookup.passing),
        _ => false,
    };
    failure
}

fn sorted(error: &reqwest::Error, url: &Url, phase: Phase, limits: &super::Config) -> Failure {
    let fail = |kind, detail: String| Failure::new(kind, shown(url), detail);
    if let Some(refusal) = cause::<Refusal>(error) {
        return fail(Kind::AddressNotAllowed, refusal.to_string());
    }
    // hyper's own word for an HTTP/2 connection that answers no ping is in its text only.
    if chain(error).any(|e| e.to_string().contains("keep-alive timed out")) {
        let detail = "the connection is dead: the server does not answer on it any more, not even the pings of HTTP/2";
        return fail(Kind::ConnectionLost, detail.to_owned());
    }
    if error.is_timeout() {
        let detail = if error.is_connect() {
            format!("no connection after {:.1} s (option connect_timeout)", limits.connect_timeout.as_secs_f64())
        } else {
            format!("the connection timed out: {}", root_text(error))
        };
        return fail(Kind::Timeout, detail);
    }
    if let Some(lookup) = cause::<super::guard::UnknownHost>(error) {
        return fail(Kind::UnknownHost, lookup.to_string());
    }
    if let Some(tls) = cause::<rustls::Error>(error) {
        return fail(Kind::Tls, tls_detail(tls));
    }
    let root = root_text(error);
    // HTTP/2 in place of a closed connection (RST_STREAM, GOAWAY); its library's words are in the text only.
    for (words, what) in [("stream error received", "request"), ("connection error received", "connection")] {
        if chain(error).any(|e| e.to_string().contains(words)) {
            return fail(Kind::ConnectionLost, format!("the server gave up the {what}: {root}"));
        }
    }
    if error.is_connect() {
        return match cause::<io::Error>(error) {
            Some(io) if io.kind() == io::ErrorKind::ConnectionRefused => fail(
                Kind::ConnectionFailed,
                format!("nothing listens on port {} there (connection refused)", port(url)),
            ),
            // A peer that hangs up or talks another protocol during the handshake.
            Some(io) if url.scheme() == "https" && is_handshake(io) => {
                fail(Kind::Tls, format!("the TLS handshake failed: {root}"))
            }
            _ => fail(Kind::ConnectionFailed, format!("no connection: {root}")),
        };
    }
    match phase {
        Phase::Response if is_hang_up(error) => {
            fail(Kind::ConnectionLost, format!("the connection was closed before a response came: {root}"))
        }
        Phase::Response => fail(Kind::InvalidResponse, format!("not a valid HTTP response: {root}")),
        Phase::Body if is_malformed(error) => {
            fail(Kind::InvalidResponse, format!("the body is not framed as HTTP wants it: {root}"))
        }
        Phase::Body => fail(Kind::ConnectionLost, format!("the connection was lost in the middle of the body: {root}")),
    }
}

fn port(url: &Url) -> u16 {
    url.port_or_known_default().unwrap_or(0)
}

fn tls_detail(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(why) => format!(
            "the server's certificate is not valid: {why} (option verify_tls turns the check off, which gives up safety)"
        ),
        other => format!("the TLS handshake failed: {other}"),
    }
}

fn is_handshake(io: &io::Error) -> bool {
    matches!(io.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::ConnectionReset)
}

/// What the system says when the process has no file descriptor left, and when nobody has.
pub(super) const EMFILE: i32 = 24;
const ENFILE: i32 = 23;

/// A connection, or the look-up before it, found no file descriptor.
pub(super) fn is_out_of_descriptors(error: &reqwest::Error) -> bool {
    cause::<io::Error>(error).is_some_and(is_shortage)
}

pub(super) fn is_shortage(io: &io::Error) -> bool {
    cfg!(unix) && matches!(io.raw_os_error(), Some(ENFILE | EMFILE))
}

fn is_malformed(error: &reqwest::Error) -> bool {
    cause::<io::Error>(error)
        .is_some_and(|io| matches!(io.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData))
}

fn is_hang_up(error: &reqwest::Error) -> bool {
    let closed = cause::<io::Error>(error).is_some_and(|io| {
        matches!(
            io.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof
        )
    });
    // hyper's own word for a connection that ended between messages is in its text only.
    closed || chain(error).any(|e| e.to_string().contains("connection closed before message completed"))
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |e| next(*e))
}

/// `io::Error::source` skips the error it wraps; look at that one first.
fn next<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return Some(inner);
    }
    error.source()
}

fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|e| e.downcast_ref::<E>())
}

pub(super) fn root_text(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}
