//! Which path is answered by what.

mod bodies;
mod cached;
mod flaky;
mod pages;
mod redirects;
mod robots;
mod samples;

pub use flaky::Visits;
use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, Request, StatusCode};

use crate::Server;
use crate::connection::place_of;
use crate::fault::Fault;
use crate::query::{BadQuery, Query};
use crate::reply::{self, Reply};
use crate::stats::Tally;

/// What a route decides.
type Answer = Result<Reply, Refusal>;

/// Why a route has no answer of its own.
enum Refusal {
    NotFound,
    BadRequest(String),
    /// The server's own files are at fault.
    Unreadable(String),
    Fault(Fault),
}

impl From<BadQuery> for Refusal {
    fn from(BadQuery(text): BadQuery) -> Self {
        Self::BadRequest(text)
    }
}

/// `/stats`: the counters, and with `reset=1` they start again.
pub fn stats(tally: &Tally, request: &Request<Incoming>) -> Reply {
    let query = Query::parse(request.uri().query().unwrap_or_default());
    let report = tally.look(query.get("reset") == Some("1"));
    reply::content("application/json", report.to_string())
}

/// The answer to `request`, or the fault that takes its place.
pub async fn answer(server: &Server, request: &Request<Incoming>) -> Result<Reply, Fault> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let reply = reply::page(StatusCode::METHOD_NOT_ALLOWED, "");
        let allowed = HeaderValue::from_static("GET, HEAD");
        return Ok(reply::with(reply, ALLOW, allowed));
    }
    match route(server, request).await {
        Ok(reply) => Ok(reply),
        Err(Refusal::NotFound) => Ok(reply::page(StatusCode::NOT_FOUND, request.uri().path())),
        Err(Refusal::BadRequest(text)) => Ok(reply::page(StatusCode::BAD_REQUEST, &text)),
        Err(Refusal::Unreadable(text)) => Ok(reply::page(StatusCode::INTERNAL_SERVER_ERROR, &text)),
        Err(Refusal::Fault(fault)) => Err(fault),
    }
}

async fn route(server: &Server, request: &Request<Incoming>) -> Answer {
    let query = Query::parse(request.uri().query().unwrap_or_default());
    let path = request.uri().path();
    let path = path.strip_prefix('/').unwrap_or(path);
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    match (first, rest) {
        ("pages", _) => pages::file(server, request, rest, &query).await,
        ("n", _) => pages::nth(server, request, rest, &query).await,
        ("gen", _) => pages::generated(server, request, rest, &query).await,

        ("status", _) => samples::status(rest),
        ("empty", "") => Ok(samples::empty()),
        ("binary", "") => Ok(samples::png("image/png")),
        ("binary-as-html", "") => Ok(samples::png("text/html")),
        ("pdf", "") => Ok(samples::pdf()),
        ("cookies", _) => samples::cookies(rest),
        ("echo", "") => Ok(samples::echo(request)),
        ("charset", _) => samples::charset(rest),
        ("nul", "") => Ok(samples::nul()),
        ("header-latin1", "") => Ok(samples::header_latin1()),
        ("many-headers", "") => samples::many_headers(&query),
        ("long-header", "") => samples::long_header(&query),
        ("robots.txt" | "robots-moved.txt", "") => robots::answer(place_of(request), first).await,

        ("redirect", _) => redirects::chain(rest, &query),
        ("redirect-to", "") => redirects::anywhere(&query),
        ("redirect-loop", "") => Ok(redirects::to("/redirect-loop")),
        ("redirect-pingpong", "a") => Ok(redirects::to("/redirect-pingpong/b")),
        ("redirect-pingpong", "b") => Ok(redirects::to("/redirect-pingpong/a")),
        ("redirect-nowhere", "") => Ok(redirects::nowhere()),
        ("redirect-bad", "") => Ok(redirects::to("http://[not an address/")),

        ("cached", _) => cached::answer(server, request, rest, &query),
        ("flaky", _) => flaky::answer(server, rest, &query),

        ("delay", _) => bodies::delay(rest).await,
        ("stall-headers", "") => std::future::pending().await,
        ("stall-body", "") => Ok(bodies::stall()),
        ("slow-body", "") => bodies::slow(&query),
        ("endless", "") => Ok(bodies::endless()),
        ("body", "") => bodies::sized(&query),
        ("bomb", _) => bodies::bomb(rest, &query),
        ("bad", _) => bodies::damaged(rest),
        ("unknown-encoding", "") => Ok(bodies::unknown_encoding()),

        (_, "") => match Fault::named(first, &query)? {
            Some(fault) => Err(Refusal::Fault(fault)),
            None => Err(Refusal::NotFound),
        },
        _ => Err(Refusal::NotFound),
    }
}

/// `value` unless it is more than `most`, which keeps a mistyped number from filling the memory.
fn at_most<T: PartialOrd + std::fmt::Display>(value: T, most: T) -> Result<T, Refusal> {
    if value > most {
        return Err(Refusal::BadRequest(format!("{value}: at most {most}")));
    }
    Ok(value)
}

/// The number that is the whole of a path's last part.
fn number<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound)
}

/// A status that a server may end an exchange with.
fn final_status(code: u16) -> Result<StatusCode, Refusal> {
    match StatusCode::from_u16(code) {
        Ok(status) if code >= 200 => Ok(status),
        _ => Err(Refusal::BadRequest(format!("{code} is no final status"))),
    }
}
