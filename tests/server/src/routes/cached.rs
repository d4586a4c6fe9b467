//! Answers for caches: how long they hold, and whether they have changed.

use hyper::Request;
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{
    AGE, CACHE_CONTROL, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, VARY,
};

use super::{Answer, Refusal};
use crate::Server;
use crate::body::ReplyBody;
use crate::query::Query;
use crate::reply::{self, Reply};

/// `/cached/<key>?control=…&etag=…&modified=…&vary=…&age=…`: a page that tells how often the key was asked for, with these headers. A request that has
/// the same tag or date gets 304, with `bare=1` without the headers, with `answer=…` with that tag. The tag `visit` is another one each time;
/// `weight` makes the page longer.
pub fn answer(server: &Server, request: &Request<Incoming>, key: &str, query: &Query) -> Answer {
    let visit = server.visits.count(&format!("cached {key}")).unwrap_or_default();
    let matches = |name: &HeaderName, wanted: Option<&str>| {
        wanted.is_some() && request.headers().get(name).and_then(|value| value.to_str().ok()) == wanted
    };
    let tag = query.get("etag").map(|tag| if tag == "visit" { format!("\"{visit}\"") } else { format!("\"{tag}\"") });
    let unchanged = matches(&IF_NONE_MATCH, tag.as_deref()) || matches(&IF_MODIFIED_SINCE, query.get("modified"));
    let reply = if unchanged {
        reply::bare(StatusCode::NOT_MODIFIED, ReplyBody::whole(Vec::new()))
    } else {
        let weight = super::at_most(query.number("weight", 0)?, 10_000_000)?;
        reply::page(StatusCode::OK, &format!("visit {visit}{}", " ".repeat(weight)))
    };
    if unchanged && query.get("bare").is_some() {
        return Ok(reply);
    }
    let answered = query.get("answer").filter(|_| unchanged).map(|tag| format!("\"{tag}\""));
    let headers = [
        (CACHE_CONTROL, query.get("control")),
        (ETAG, answered.as_deref().or(tag.as_deref())),
        (LAST_MODIFIED, query.get("modified")),
        (VARY, query.get("vary")),
        (AGE, query.get("age")),
    ];
    headers.into_iter().try_fold(reply, |reply, (name, value)| with(reply, name, value))
}

fn with(reply: Reply, name: HeaderName, value: Option<&str>) -> Answer {
    match value.map(HeaderValue::from_str) {
        None => Ok(reply),
        Some(Ok(value)) => Ok(reply::with(reply, name, value)),
        Some(Err(_)) => Err(Refusal::BadRequest(format!("{name}: not a header value"))),
    }
}
