//! robots.txt, another for each host name: a name's first label chooses.

use std::iter;
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{CONTENT_ENCODING, HeaderValue};

use super::{Answer, Refusal, redirects};
use crate::body::ReplyBody;
use crate::coding::Coding;
use crate::fault::Fault;
use crate::reply::{self, Reply};

const TYPE: &str = "text/plain; charset=utf-8";
const ALL: &str = "User-agent: *\nAllow: /\n";
const NONE: &str = "User-agent: *\nDisallow: /\n";
const RULES: &str = "User-agent: *\nDisallow: /\n\nUser-agent: sitelift\nDisallow: /n/1\nAllow: /n/1$\n";

/// How long those take that others lead to: long enough to be asked for together, if they may.
const WAIT: Duration = Duration::from_millis(30);

/// `/robots.txt` of `host`, and `/robots-moved.txt`, where that of some hosts leads, on this one or another.
pub async fn answer((host, port): (String, Option<u16>), name: &str) -> Answer {
    let at = |host: &str, file: &str| {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        redirects::found(&format!("//{host}{port}/{file}"))
    };
    let moved_to = |host: &str| at(host, "robots-moved.txt");
    if let Some((_, to)) = host.split_once(".leads-to.") {
        return moved_to(to);
    }
    if let Some((_, to)) = host.split_once(".shares.") {
        return at(to, "robots.txt");
    }
    match (host.split('.').next().unwrap_or_default(), name) {
        ("ping", "robots.txt") => moved_to("pong.test"),
        ("pong", "robots.txt") => moved_to("ping.test"),
        ("ping" | "pong" | "hub", _) => {
            tokio::time::sleep(WAIT).await;
            Ok(text(ALL))
        }
        ("none", _) | ("moved", "robots-moved.txt") => Ok(text(NONE)),
        ("rules", _) => Ok(text(RULES)),
        ("moved", _) => Ok(redirects::to("/robots-moved.txt")),
        ("loop", "robots-moved.txt") => Ok(redirects::to("/robots.txt")),
        ("loop", _) => Ok(redirects::to("/robots-moved.txt")),
        ("delayed", _) => Ok(text("User-agent: *\nCrawl-delay: 0.2\n")),
        ("packed", _) => {
            let reply = reply::content(TYPE, Coding::Gzip.encode(NONE.as_bytes()));
            Ok(reply::with(reply, CONTENT_ENCODING, HeaderValue::from_static("gzip")))
        }
        ("huge", _) => Ok(huge()),
        ("absent", _) => Err(Refusal::NotFound),
        ("forbidden", _) => Ok(reply::page(StatusCode::FORBIDDEN, "")),
        ("busy", _) => Ok(reply::page(StatusCode::SERVICE_UNAVAILABLE, "")),
        ("limited", _) => Ok(reply::page(StatusCode::TOO_MANY_REQUESTS, "")),
        ("reset", _) => Err(Refusal::Fault(Fault::Reset)),
        ("stalled", _) => std::future::pending().await,
        ("page", _) => Ok(reply::page(StatusCode::OK, "Not a robots.txt at all: # * $ User-agent")),
        _ => Ok(text(ALL)),
    }
}

fn text(robots: &'static str) -> Reply {
    reply::content(TYPE, robots)
}

/// 100 MB, the rule that counts at the beginning.
fn huge() -> Reply {
    let filler = Bytes::from("# Nothing to see here, go on, there is more to come.\n".repeat(2000));
    let chunks = iter::once(Bytes::from_static(NONE.as_bytes())).chain(iter::repeat_n(filler, 1000));
    reply::ok(TYPE, ReplyBody::streamed(chunks, None))
}
