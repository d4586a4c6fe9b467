//! What is kept of a page, and its form as a file.

use http::header::CONTENT_ENCODING;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_cache_semantics::CachePolicy;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use std::net::IpAddr;

/// The first line of a file. Another form gets another number, and files of other forms are passed over.
const MARK: &[u8] = b"sitelift cache 1\n";

const DIGEST: usize = 32;

/// The line of JSON has at most so many bytes: the headers come to 400 KiB, and are in it twice, in a form that takes more.
const MAX_LINE: usize = 4 << 20;

/// How much of a file is kept while it is read, where of its body no more is wanted than `cap` says.
pub(super) fn most(cap: impl Fn(bool) -> usize) -> usize {
    cap(true).max(cap(false)).saturating_add(MAX_LINE)
}

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
    /// The file holds more of the body than was read.
    pub is_cut: bool,
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
    /// Writes the file: the mark, the digest of the rest, a line of JSON, the body. Returns its length.
    pub(super) fn write(&self, url: &str, mut file: impl Write) -> io::Result<u64> {
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
        let mut line = serde_json::to_vec(&line)?;
        line.push(b'\n');
        let mut digest = Context::new(&SHA256);
        digest.update(&line);
        digest.update(&self.body);
        for part in [MARK, digest.finish().as_ref(), &line, &self.body] {
            file.write_all(part)?;
        }
        Ok((MARK.len() + DIGEST + line.len() + self.body.len()) as u64)
    }

    /// None for what is no whole file of this form and URL. Of the body at most so many bytes are kept as `cap` says for a packed one or
    /// one that is not.
    pub(in crate::fetch) fn read(mut file: impl Read, url: &str, cap: impl Fn(bool) -> usize) -> Option<Self> {
        const CHUNK: usize = 64 * 1024;
        let mut start = [0; MARK.len() + DIGEST];
        file.read_exact(&mut start).ok()?;
        let sum = start.strip_prefix(MARK)?;
        let most = most(&cap);
        let (mut digest, mut rest, mut is_cut) = (Context::new(&SHA256), Vec::new(), false);
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => &chunk[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return None,
            };
            digest.update(read);
            let kept = read.len().min(most - rest.len());
            rest.extend_from_slice(&read[..kept]);
            is_cut |= kept < read.len();
        }
        if digest.finish().as_ref() != sum {
            return None;
        }
        let end = memchr::memchr(b'\n', &rest)?;
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
        rest.drain(..=end);
        let cap = cap(head.headers.contains_key(CONTENT_ENCODING));
        is_cut |= rest.len() > cap;
        rest.truncate(cap);
        Some(Self { policy: line.policy, head, body: rest, is_cut })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    #[test]
    fn a_file_is_read_as_far_as_is_wanted() {
        let request = http::Request::get("https://a.example/").body(()).unwrap();
        let response = http::Response::builder().header("cache-control", "max-age=60").body(()).unwrap();
        let policy = CachePolicy::new_options(
            &request,
            &response,
            SystemTime::now(),
            http_cache_semantics::CacheOptions::default(),
        );
        let (head, ()) = response.into_parts();
        let head = Head { status: head.status, http_version: "HTTP/2", remote_ip: None, headers: head.headers };
        let body: Vec<u8> = (0..=250).cycle().take(MAX_LINE + 200_000).collect();
        let entry = Entry { policy, head, body: body.clone(), is_cut: false };
        let mut file = Vec::new();
        assert_eq!(entry.write("https://a.example/", &mut file).unwrap(), file.len() as u64);
        let read = |file: &[u8], cap: usize| Entry::read(file, "https://a.example/", |_| cap);
        for (cap, is_cut) in [(0, true), (1000, true), (body.len() - 1, true), (body.len(), false), (usize::MAX, false)]
        {
            let entry = read(&file, cap).unwrap();
            assert_eq!((entry.body.as_slice(), entry.is_cut), (&body[..cap.min(body.len())], is_cut));
            assert_eq!(entry.head.http_version, "HTTP/2");
        }
        assert!(Entry::read(file.as_slice(), "https://b.example/", |_| 9).is_none());
        // Damage beyond what is kept is damage, too.
        *file.last_mut().unwrap() ^= 1;
        assert!(read(&file, 1000).is_none());
    }
}
