//! Answers that HTTP does not allow, written to the bare socket.

use std::fmt;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

use crate::connection::Transport;
use crate::generate;
use crate::query::{BadQuery, Query};
use crate::stats::InFlight;

/// What goes wrong.
#[derive(Debug)]
pub enum Fault {
    /// The connection is reset before any answer.
    Reset,
    /// The connection is reset after this many bytes of the body.
    ResetBody { after: usize },
    /// The connection is closed before any answer.
    Close,
    /// The connection is closed before the announced end of the body.
    ShortBody,
    /// The answer is not HTTP.
    Garbage,
    /// A chunk's size is not a number.
    ChunkError,
    /// So many informational responses (1xx), and then a page.
    Informational { count: usize },
    /// Header fields, one a tenth of a second, for ever.
    Drip,
    /// So many header fields.
    HeaderFlood { count: usize },
    /// One header line of so many bytes.
    HeaderLine { bytes: usize },
    /// The connection is reset after so many bytes of a whole response.
    ResetAt { byte: usize },
    /// The body is longer than announced, and looks like another response.
    LongBody,
}

/// What one fault sends at most, so that a mistyped number does not go on for ever.
const MOST: usize = 200_000_000;

impl Fault {
    /// The fault behind the route `/name`.
    pub fn named(name: &str, query: &Query) -> Result<Option<Self>, BadQuery> {
        Ok(Some(match name {
            "reset" => Self::Reset,
            "reset-body" => Self::ResetBody { after: query.number("after", 1000)?.min(generate::MAX_BYTES) },
            "close" => Self::Close,
            "short-body" => Self::ShortBody,
            "garbage" => Self::Garbage,
            "chunk-error" => Self::ChunkError,
            "informational" => Self::Informational { count: query.number("n", 1000)? },
            "drip" => Self::Drip,
            "header-flood" => Self::HeaderFlood { count: query.number("n", 100_000)? },
            "header-line" => Self::HeaderLine { bytes: query.number("bytes", 10_000_000)? },
            "reset-at" => Self::ResetAt { byte: query.number("byte", 0)? },
            "long-body" => Self::LongBody,
            _ => return Ok(None),
        }))
    }
}

/// The error by which a route takes the connection away from hyper.
#[derive(Debug)]
pub struct Takeover {
    pub fault: Fault,
    /// The request is over when the fault is done.
    #[expect(dead_code, reason = "held for its drop")]
    pub in_flight: InFlight,
}

impl fmt::Display for Takeover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "taken over by {:?}", self.fault)
    }
}

impl std::error::Error for Takeover {}

/// Does what `fault` says and ends the connection.
pub async fn commit(fault: &Fault, mut stream: impl Transport) -> io::Result<()> {
    match fault {
        Fault::Reset => reset(stream),
        Fault::ResetBody { after } => {
            let body = generate::html("reset-body", after + 1000);
            stream.write_all(&head(&framed(body.len()))).await?;
            stream.write_all(&body.as_bytes()[..*after]).await?;
            stream.flush().await?;
            // A reset discards what is still on its way.
            sleep(Duration::from_millis(50)).await;
            reset(stream)
        }
        Fault::Close => close(stream).await,
        Fault::ShortBody => {
            let body = generate::html("short-body", 10_000);
            stream.write_all(&head(&framed(body.len()))).await?;
            stream.write_all(&body.as_bytes()[..5000]).await?;
            close(stream).await
        }
        Fault::Garbage => {
            stream.write_all(b"\x00\x01\xfe\xffThis is not the protocol you are looking for.\r\n\r\n").await?;
            close(stream).await
        }
        Fault::Informational { count } => {
            repeat(&mut stream, "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n", *count).await?;
            stream.write_all(&page()).await?;
            close(stream).await
        }
        Fault::Drip => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            loop {
                stream.write_all(b"x: y\r\n").await?;
                sleep(Duration::from_millis(100)).await;
            }
        }
        Fault::HeaderFlood { count } => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            repeat(&mut stream, "x-flood: 0123456789\r\n", *count).await?;
            stream.write_all(b"content-length: 0\r\n\r\n").await?;
            close(stream).await
        }
        Fault::HeaderLine { bytes } => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nx-long: ").await?;
            repeat(&mut stream, "0123456789", bytes / 10).await?;
            stream.write_all(b"\r\ncontent-length: 0\r\n\r\n").await?;
            close(stream).await
        }
        Fault::ResetAt { byte } => {
            let response = page();
            stream.write_all(&response[..(*byte).min(response.len())]).await?;
            stream.flush().await?;
            // A reset discards what is still on its way.
            sleep(Duration::from_millis(20)).await;
            reset(stream)
        }
        Fault::LongBody => {
            let mut response = page();
            response.extend(page());
            stream.write_all(&response).await?;
            close(stream).await
        }
        Fault::ChunkError => {
            stream.write_all(&head("transfer-encoding: chunked")).await?;
            stream.write_all(b"17\r\n<!doctype html><p>Hello\r\nnot-a-size\r\nworld\r\n0\r\n\r\n").await?;
            close(stream).await
        }
    }
}

/// Sends `line` so often, some of them at a time.
async fn repeat(stream: &mut impl Transport, line: &str, count: usize) -> io::Result<()> {
    const AT_ONCE: usize = 1000;
    let count = count.min(MOST / line.len());
    let many = line.repeat(AT_ONCE.min(count));
    for sent in (0..count).step_by(AT_ONCE) {
        stream.write_all(&many.as_bytes()[..line.len() * AT_ONCE.min(count - sent)]).await?;
    }
    Ok(())
}

/// A whole response with a small page.
fn page() -> Vec<u8> {
    let body = "<!doctype html><title>whole</title><p>All of it.";
    let mut response = head(&framed(body.len()));
    response.extend_from_slice(body.as_bytes());
    response
}

/// The head of a 200 with one more header line.
fn head(line: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nserver: sitelift-testserver\r\ncontent-type: text/html\r\n{line}\r\n\r\n").into_bytes()
}

fn framed(length: usize) -> String {
    format!("content-length: {length}")
}

/// Without lingering, the drop of a socket sends a reset.
fn reset(stream: impl Transport) -> io::Result<()> {
    stream.socket().set_zero_linger()
}

/// Ends the connection without a reset, which needs everything read that the client has sent.
pub async fn close(mut stream: impl Transport) -> io::Result<()> {
    stream.shutdown().await?;
    let mut ignored = [0; 1024];
    let drain = async { while matches!(stream.read(&mut ignored).await, Ok(1..)) {} };
    let _ = timeout(Duration::from_secs(1), drain).await;
    Ok(())
}
