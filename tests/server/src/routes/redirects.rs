//! Redirects of every kind.

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{HeaderValue, LOCATION};

use super::{Answer, Refusal, number};
use crate::body::ReplyBody;
use crate::query::Query;
use crate::reply::{self, Reply};

/// `/redirect/<n>?to=PATH&status=302`: n redirects, the last one to PATH. The Location of all others is
/// relative to the path, so that a client must resolve it.
pub fn chain(rest: &str, query: &Query) -> Answer {
    let end = query.get("to").unwrap_or("/n/0");
    let status = status(query)?;
    match number::<u64>(rest)? {
        0 => Err(Refusal::BadRequest("a chain has at least 1 redirect".into())),
        1 => redirect(status, end),
        n => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("to", end)
                .append_pair("status", status.as_str())
                .finish();
            redirect(status, &format!("{}?{query}", n - 1))
        }
    }
}

/// `/redirect-to?url=…&status=302`: any Location, as it is given.
pub fn anywhere(query: &Query) -> Answer {
    let url = query.get("url").ok_or_else(|| Refusal::BadRequest("url is missing".into()))?;
    redirect(status(query)?, url)
}

/// A plain redirect to this place.
pub fn found(location: &str) -> Answer {
    redirect(StatusCode::FOUND, location)
}

/// A plain redirect to a fixed place.
pub fn to(location: &'static str) -> Reply {
    reply::with(nowhere(), LOCATION, HeaderValue::from_static(location))
}

/// `/redirect-nowhere`: a redirect without a Location.
pub fn nowhere() -> Reply {
    bare(StatusCode::FOUND)
}

fn redirect(status: StatusCode, location: &str) -> Answer {
    let location = HeaderValue::from_bytes(location.as_bytes())
        .map_err(|_| Refusal::BadRequest("this URL cannot be a header".into()))?;
    Ok(reply::with(bare(status), LOCATION, location))
}

fn bare(status: StatusCode) -> Reply {
    reply::bare(status, ReplyBody::whole(Bytes::new()))
}

fn status(query: &Query) -> Result<StatusCode, Refusal> {
    let code = query.number("status", 302)?;
    match StatusCode::from_u16(code) {
        Ok(status) if status.is_redirection() => Ok(status),
        _ => Err(Refusal::BadRequest(format!("{code} is no redirect"))),
    }
}
