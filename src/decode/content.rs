//! Undoing `Content-Encoding` (RFC 9110, section 8.4) with a cap on the unpacked size.

use std::io::{self, Read};

/// What we ask servers for, cheapest to unpack first.
pub(crate) const ACCEPT_ENCODING: &str = "zstd, gzip, br, deflate";

const KNOWN: &[&str] = &["gzip", "x-gzip", "deflate", "br", "zstd"];

/// Stacked codings beyond this number are refused: no honest server stacks them, and each multiplies
/// what a hostile one can make us do.
const MAX_LAYERS: usize = 3;

/// A body that unpacks to more than this many times its size is cut there, from [`ALWAYS`] bytes on: pages come to 100 times at the very most.
const MAX_RATIO: usize = 500;
const ALWAYS: usize = 1 << 20;

/// How many bytes are unpacked at a time, the first time and at most. Decoders are much quicker with room before them.
const FIRST_STEP: usize = 64 * 1024;
const LAST_STEP: usize = 1 << 20;

/// What a step had unpacked before it met damage is lost, so that such a body is unpacked once more in steps of this size.
const SMALL_STEP: usize = 8 * 1024;

/// An unpacked body.
#[derive(Debug, Default)]
pub(crate) struct Unpacked {
    pub bytes: Vec<u8>,
    /// The body was longer than the cap, and was cut there.
    pub truncated: bool,
    /// What was wrong with the packed data; `bytes` holds what came before the damage.
    pub damage: Option<String>,
    /// It was cut because it unpacks to so much more than what was sent.
    pub is_bomb: bool,
    /// A coding that nobody knows: `bytes` is what came with it, as in browsers.
    pub unknown: Option<String>,
}

/// Undoes the codings that `content_encoding` names, last applied first.
///
/// At most `cap` bytes are kept of the result. `packed_cut` says that the packed body is known to be cut short
/// (at our own cap), so that a missing end is no damage.
pub(crate) fn unpack(packed: Vec<u8>, content_encoding: &str, cap: usize, packed_cut: bool) -> Unpacked {
    let codings: Vec<String> = content_encoding
        .split(',')
        .map(|c| c.trim().to_ascii_lowercase())
        .filter(|c| !c.is_empty() && c != "identity")
        .collect();
    if codings.len() > MAX_LAYERS {
        return damaged(format!("{} content codings are stacked; at most {MAX_LAYERS} are undone", codings.len()));
    }
    let mut out = Unpacked { bytes: packed, truncated: packed_cut, ..Unpacked::default() };
    let unknown = codings.iter().find(|c| !KNOWN.contains(&c.as_str()));
    out.unknown = unknown.map(|c| format!("the content coding {c:?} is not a known one; the body was read as it came"));
    if (codings.is_empty() || unknown.is_some()) && out.bytes.len() > cap {
        out.bytes.truncate(cap);
        out.truncated = true;
    }
    if out.unknown.is_some() {
        return out;
    }
    let bearable = out.bytes.len().saturating_mul(MAX_RATIO).max(ALWAYS);
    for coding in codings.iter().rev() {
        out = undo(coding, &out, cap.min(bearable));
        if out.damage.is_some() {
            break;
        }
    }
    out.is_bomb = bearable < cap && out.truncated && out.bytes.len() == bearable;
    out
}

fn damaged(reason: String) -> Unpacked {
    Unpacked { damage: Some(reason), ..Unpacked::default() }
}

fn undo(coding: &str, packed: &Unpacked, cap: usize) -> Unpacked {
    let data = packed.bytes.as_slice();
    // Some servers label an empty body (of a redirect, say) as packed.
    if data.is_empty() {
        return Unpacked::default();
    }
    let mut out = Output { bytes: Vec::new(), cap, step: FIRST_STEP, last_step: LAST_STEP };
    let mut end = decode(coding, data, &mut out);
    if end.is_err() {
        out = Output { bytes: Vec::new(), cap, step: SMALL_STEP, last_step: SMALL_STEP };
        end = decode(coding, data, &mut out);
    }
    let out = out.bytes;
    match end {
        Ok(truncated) => Unpacked { bytes: out, truncated: truncated || packed.truncated, ..Unpacked::default() },
        // The packed body was cut at our own cap: what could be unpacked of it is the truncated body.
        Err(_) if packed.truncated => Unpacked { bytes: out, truncated: true, ..Unpacked::default() },
        Err(error) => Unpacked {
            bytes: out,
            truncated: false,
            damage: Some(format!("the {coding} data is damaged or cut short: {error}")),
            ..Unpacked::default()
        },
    }
}

/// True when there was more than the cap.
fn decode(coding: &str, data: &[u8], out: &mut Output) -> io::Result<bool> {
    match coding {
        "gzip" | "x-gzip" => match gunzip_at_once(data, out.cap) {
            Some(whole) => {
                out.bytes = whole;
                Ok(false)
            }
            None => gunzip(data, out),
        },
        "deflate" => inflate(data, out),
        "br" => out.read(brotli_decompressor::Decompressor::new(data, SMALL_STEP)),
        _ => unzstd(data, out),
    }
}

/// What is unpacked, up to a cap.
struct Output {
    bytes: Vec<u8>,
    cap: usize,
    /// How many bytes are asked for next. It grows with what comes.
    step: usize,
    last_step: usize,
}

impl Output {
    /// Reads to the end or to the cap; true when there was more.
    fn read(&mut self, mut reader: impl Read) -> io::Result<bool> {
        loop {
            let start = self.bytes.len();
            if start >= self.cap {
                let mut probe = [0; 1];
                return Ok(reader.read(&mut probe)? > 0);
            }
            self.bytes.resize(start + self.step.min(self.cap - start), 0);
            let mut end = start;
            let read = loop {
                match reader.read(&mut self.bytes[end..]) {
                    Ok(0) => break Ok(0),
                    Ok(read) => end += read,
                    Err(error) => break Err(error),
                }
                if end == self.bytes.len() {
                    break Ok(end - start);
                }
            };
            self.bytes.truncate(end);
            if read? == 0 {
                return Ok(false);
            }
            self.step = (self.step * 2).min(self.last_step);
        }
    }
}

/// Gzip as nearly all servers send it, one whole member and nothing behind it, in one go and in half the time. None for any other, and for what is damaged.
fn gunzip_at_once(data: &[u8], cap: usize) -> Option<Vec<u8>> {
    const HEADER: usize = 10;
    // The length ends the data, modulo 2^32; a wrong one is found out.
    let length = u32::from_le_bytes(*data.get(HEADER..)?.last_chunk()?);
    let length = usize::try_from(length).ok().filter(|length| (1..=cap).contains(length))?;
    // A second member would begin so. By chance it comes about once in 500 bodies.
    if memchr::memmem::find(&data[HEADER..], b"\x1f\x8b\x08").is_some() {
        return None;
    }
    let mut out = vec![0; length];
    let unpacked = libdeflater::Decompressor::new().gzip_decompress(data, &mut out).ok()?;
    (unpacked == length).then_some(out)
}

/// Gzip with any number of members (RFC 1952); trailing bytes that start no member are ignored, as browsers do.
fn gunzip(mut data: &[u8], out: &mut Output) -> io::Result<bool> {
    loop {
        let mut member = flate2::bufread::GzDecoder::new(data);
        if out.read(&mut member)? {
            return Ok(true);
        }
        data = member.into_inner();
        if !data.starts_with(&[0x1f, 0x8b]) {
            return Ok(false);
        }
    }
}

/// The window that RFC 9659 allows Zstandard on the web: 8 MiB, as a power of two.
pub(super) const ZSTD_WINDOW: u32 = 23;

fn unzstd(data: &[u8], out: &mut Output) -> io::Result<bool> {
    let mut reader = zstd::stream::read::Decoder::with_buffer(data)?;
    reader.window_log_max(ZSTD_WINDOW)?;
    out.read(reader)
}

/// `deflate` means zlib (RFC 1950), but servers send bare deflate (RFC 1951) as well.
fn inflate(data: &[u8], out: &mut Output) -> io::Result<bool> {
    if is_zlib(data) {
        out.read(flate2::bufread::ZlibDecoder::new(data))
    } else {
        out.read(flate2::bufread::DeflateDecoder::new(data))
    }
}

/// Starts as RFC 1950 has it.
pub(super) fn is_zlib(data: &[u8]) -> bool {
    match data {
        [cmf, flg, ..] => cmf & 0x0f == 8 && u16::from_be_bytes([*cmf, *flg]).is_multiple_of(31),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use std::io::Write;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut e = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
        e.write_all(data).unwrap();
        e.finish().unwrap()
    }

    #[test]
    fn gzip_members_and_trailing_garbage() {
        let mut data = gzip(b"one ");
        data.extend(gzip(b"two"));
        data.extend(b"\0\0garbage");
        let out = unpack(data, "gzip", 100, false);
        assert_eq!(out.bytes, b"one two");
        assert!(!out.truncated && out.damage.is_none());
    }

    #[test]
    fn gzip_in_one_go_is_the_same_gzip() {
        let text: Vec<u8> = (0..30_000u32).flat_map(|i| (i * 7919).to_string().into_bytes()).collect();
        let whole = gzip(&text);
        assert_eq!(gunzip_at_once(&whole, text.len()).as_ref(), Some(&text));
        assert!(gunzip_at_once(&whole, text.len() - 1).is_none());
        // What it must leave to the other way: members, also of the same content; damage; what is cut short, or has something behind it.
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        let cut = whole[..whole.len() - 1].to_vec();
        let longer = [&whole[..], b"garbage"].concat();
        let wrong_length = [&whole[..whole.len() - 4], &9u32.to_le_bytes()].concat();
        for data in [[&whole[..], &whole].concat(), flipped, cut, longer, wrong_length, Vec::new(), vec![0x1f, 0x8b, 8]]
        {
            assert!(gunzip_at_once(&data, usize::MAX).is_none(), "{} bytes", data.len());
        }
        let twice = unpack([&whole[..], &whole].concat(), "gzip", 10 << 20, false);
        assert!(twice.bytes == [&text[..], &text].concat() && twice.damage.is_none());
    }

    #[test]
    fn both_kinds_of_deflate() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"hello").unwrap();
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(b"hello").unwrap();
        for packed in [zlib.finish().unwrap(), raw.finish().unwrap()] {
            assert_eq!(unpack(packed, "deflate", 100, false).bytes, b"hello");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_cap() {
        let bomb = gzip(&vec![b'a'; 5_000_000]);
        assert!(bomb.len() < 50_000);
        let out = unpack(bomb, "gzip", 1000, false);
        assert_eq!(out.bytes.len(), 1000);
        assert!(out.truncated);
    }

    #[test]
    fn a_bomb_stops_at_its_ratio() {
        let bomb = gzip(&vec![b'a'; 20_000_000]);
        let out = unpack(bomb.clone(), "gzip", 100_000_000, false);
        assert!(out.truncated && out.is_bomb && out.bytes.len() == bomb.len() * MAX_RATIO, "{}", out.bytes.len());
        let twice = unpack(gzip(&bomb), "gzip, gzip", 100_000_000, false);
        assert!(twice.is_bomb && twice.bytes.len() == ALWAYS, "{}", twice.bytes.len());
        // The cap comes first where it is less, and little is never too much.
        assert!(!unpack(bomb, "gzip", 1000, false).is_bomb);
        let small = unpack(gzip(&vec![b'a'; ALWAYS]), "gzip", 100_000_000, false);
        assert!(!small.truncated && !small.is_bomb && small.bytes.len() == ALWAYS);
    }

    #[test]
    fn exactly_the_cap_is_not_truncated() {
        let out = unpack(gzip(&[7; 1000]), "gzip", 1000, false);
        assert_eq!((out.bytes.len(), out.truncated), (1000, false));
        let out = unpack(vec![7; 1000], "", 1000, false);
        assert_eq!((out.bytes.len(), out.truncated), (1000, false));
        let out = unpack(vec![7; 1001], "identity", 1000, false);
        assert_eq!((out.bytes.len(), out.truncated), (1000, true));
    }

    #[test]
    fn damage_keeps_what_came_before_it() {
        let whole: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
        let mut packed = gzip(&whole);
        packed.truncate(packed.len() / 2);
        let out = unpack(packed.clone(), "gzip", 10_000_000, false);
        assert!(out.damage.is_some() && !out.bytes.is_empty());
        assert!(whole.starts_with(&out.bytes));
        let cut = unpack(packed, "gzip", 10_000_000, true);
        assert!(cut.damage.is_none() && cut.truncated);
    }

    #[test]
    fn layers_unknown_codings_and_empty_bodies() {
        assert_eq!(unpack(gzip(&gzip(b"x")), "gzip, gzip", 99, false).bytes, b"x");
        let unknown = unpack(b"x".to_vec(), "gzip, none", 9, false);
        assert!(unknown.unknown.is_some() && unknown.damage.is_none() && unknown.bytes == b"x");
        assert!(unpack(b"x".to_vec(), "br,br,br,br", 9, false).damage.is_some());
        assert!(unpack(Vec::new(), "gzip", 9, false).damage.is_none());
    }
}
