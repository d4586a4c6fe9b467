//! HTTP/2 frame by frame (RFC 9113), for what no library sends. The first label of the host name says what it is.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::connection::Transport;
use crate::fault::close;

/// Hosts below this one are answered here.
const DOMAIN: &str = ".h2.test";

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;
const ENHANCE_YOUR_CALM: u32 = 11;

/// What one flood sends at most, in bytes.
const MOST: usize = 100_000_000;

/// `:status 200` and `content-type: text/html` (RFC 7541).
const OK: &[u8] = b"\x88\x0f\x10\x09text/html";

const PAGE: &[u8] = b"<!doctype html><title>whole</title><p>All of it.";

/// What this host does, if it is one of ours.
pub fn name(host: &str) -> Option<&str> {
    host.strip_suffix(DOMAIN)
}

/// Answers each request of a connection by what `name` says.
pub async fn serve(name: &str, mut stream: impl Transport) -> io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    if name == "garbage" {
        stream.write_all(&[0xff; 1000]).await?;
    }
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await?;
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        match head[3] {
            SETTINGS if head[4] == 0 => stream.write_all(&frame(SETTINGS, 1, 0, &[])).await?,
            HEADERS => {
                answer(name, id, &mut stream).await?;
                stream.flush().await?;
                if name.starts_with("goaway") {
                    return close(stream).await;
                }
            }
            _ => {}
        }
    }
}

async fn answer(name: &str, id: u32, stream: &mut impl Transport) -> io::Result<()> {
    let half = &PAGE[..PAGE.len() / 2];
    let begun = [frame(HEADERS, END_HEADERS, id, OK), frame(DATA, 0, id, half)].concat();
    let whole = [frame(HEADERS, END_HEADERS, id, OK), frame(DATA, END_STREAM, id, PAGE)].concat();
    let answer = match name {
        "refused" => reset(id, REFUSED_STREAM),
        "reset" => reset(id, INTERNAL_ERROR),
        "calm" => reset(id, ENHANCE_YOUR_CALM),
        "reset-body" => [begun, reset(id, INTERNAL_ERROR)].concat(),
        // The page is there, and the server wants no more of the request: no fault (RFC 9113, section 8.1).
        "reset-after" => [whole, reset(id, NO_ERROR)].concat(),
        "goaway" => goaway(0, NO_ERROR),
        "goaway-calm" => goaway(0, ENHANCE_YOUR_CALM),
        "goaway-body" => [begun, goaway(id, INTERNAL_ERROR)].concat(),
        // The last page of this connection, and whole.
        "goaway-after" => [goaway(id, NO_ERROR), whole].concat(),
        "continuation" => {
            stream.write_all(&frame(HEADERS, 0, id, OK)).await?;
            // A field that is not kept in the table: `x: y`.
            return flood(stream, &frame(CONTINUATION, 0, id, &b"\0\x01x\x01y".repeat(1000))).await;
        }
        "pings" => return flood(stream, &frame(PING, 0, 0, &[0; 8]).repeat(1000)).await,
        "settings" => return flood(stream, &frame(SETTINGS, 0, 0, &[]).repeat(1000)).await,
        "empty-data" => {
            stream.write_all(&frame(HEADERS, END_HEADERS, id, OK)).await?;
            return flood(stream, &frame(DATA, 0, id, &[]).repeat(1000)).await;
        }
        _ => whole,
    };
    stream.write_all(&answer).await
}

/// The same bytes again and again, until the other side has enough.
async fn flood(stream: &mut impl Transport, bytes: &[u8]) -> io::Result<()> {
    for _ in 0..MOST / bytes.len() {
        stream.write_all(bytes).await?;
    }
    Ok(())
}

fn reset(id: u32, code: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, id, &code.to_be_bytes())
}

/// No request after `last` was or will be looked at.
fn goaway(last: u32, code: u32) -> Vec<u8> {
    frame(GOAWAY, 0, 0, &[last.to_be_bytes(), code.to_be_bytes()].concat())
}

fn frame(kind: u8, flags: u8, id: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(id.to_be_bytes());
    frame.extend(payload);
    frame
}
