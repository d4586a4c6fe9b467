//! What is kept of a page, and its form as a file.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_cache_semantics::CachePolicy;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// The first line of a file. Another form gets another number, and files of other forms are passed over.
const MARK: &[u8] = b"sitelift cache 1\n";

const DIGEST: usize = 32;

/// What is known of a response besides its body.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub status: StatusCode,
    pub http_version: &'static str,
    pub remote_ip: Option<IpAddr>,
    pub headers: HeaderMap,
}

/// A page that was kept.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub policy: CachePolicy,
    pub head: Head,
    /// As it was sent: still packed.
    pub body: Vec<u8>,
}

/// The second line of a file, as JSON.
#[derive(Serialize, Deserialize)]
struct Line {
    /// Whole, as two URLs may have one digest in theory, and a person may want to know.
    url: String,
    status: u16,
    http_version: String,
    remote_ip: Option<IpAddr>,
    headers: Vec<(String, Vec<u8>)>,
    policy: CachePolicy,
}

impl Entry {
    /// The file: the mark, the digest of the rest, a line of JSON, the body.
    pub(super) fn to_file(&self, url: &str) -> Option<Vec<u8>> {
        let head = &self.head;
        let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
        let line = Line {
            url: url.to_owned(),
            status: head.status.as_u16(),
            http_version: head.http_version.to_owned(),
            remote_ip: head.remote_ip,
            headers: headers.collect(),
            policy: self.policy.clone(),
        };
        let mut rest = serde_json::to_vec(&line).ok()?;
        rest.push(b'\n');
        rest.extend_from_slice(&self.body);
        let mut file = Vec::with_capacity(MARK.len() + DIGEST + rest.len());
        file.extend_from_slice(MARK);
        file.extend_from_slice(digest(&rest).as_ref());
        file.append(&mut rest);
        Some(file)
    }

    /// None for what is no whole file of this form and URL.
    pub(in crate::fetch) fn from_file(file: &[u8], url: &str) -> Option<Self> {
        let (sum, rest) = file.strip_prefix(MARK)?.split_at_checked(DIGEST)?;
        if digest(rest).as_ref() != sum {
            return None;
        }
        let end = memchr::memchr(b'\n', rest)?;
        let line: Line = serde_json::from_slice(&rest[..end]).ok()?;
        if line.url != url {
            return None;
        }
        let mut headers = HeaderMap::with_capacity(line.headers.len());
        for (name, value) in line.headers {
            headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(&value).ok()?);
        }
        let head = Head {
            status: StatusCode::from_u16(line.status).ok()?,
            http_version: match line.http_version.as_str() {
                "HTTP/1.0" => "HTTP/1.0",
                "HTTP/2" => "HTTP/2",
                _ => "HTTP/1.1",
            },
            remote_ip: line.remote_ip,
            headers,
        };
        Some(Self { policy: line.policy, head, body: rest[end + 1..].to_vec() })
    }
}

fn digest(bytes: &[u8]) -> ring::digest::Digest {
    ring::digest::digest(&ring::digest::SHA256, bytes)
}
