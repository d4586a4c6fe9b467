//! Small bodies that unpack to huge ones.
//!
//! A bomb is a head, the same few bytes over and over, and a tail, so a bomb of any size costs neither
//! memory nor time to make.

use std::io::{self, Write};
use std::iter;

use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};

use crate::coding::Coding;

/// What every bomb starts with, so that a client that stops early still has a page.
const START: &[u8] = b"<!doctype html><html><head><title>Bomb</title></head><body><p>It goes on: ";
const FILL: u8 = b'a';
const CHUNK: usize = 16 * 1024;

/// A body that unpacks to a chosen size.
pub struct Bomb {
    head: Bytes,
    unit: Bytes,
    units: u64,
    tail: Bytes,
}

impl Bomb {
    /// A bomb that unpacks to `size` bytes; `None` for a coding without one.
    pub fn new(coding: Coding, size: u64) -> Option<Self> {
        match coding {
            Coding::Gzip => Some(gzip(size)),
            Coding::Brotli => Some(brotli(size).expect("writing to memory cannot fail")),
            Coding::Zstd => Some(zstd(size)),
            Coding::Deflate | Coding::DeflateRaw => None,
        }
    }

    /// Its size as sent.
    pub fn packed_size(&self) -> u64 {
        (self.head.len() + self.tail.len()) as u64 + self.units * self.unit.len() as u64
    }

    /// Its bytes, in pieces of about 16 KiB.
    pub fn chunks(self) -> impl Iterator<Item = Bytes> + Send + 'static {
        let units_per_chunk = (CHUNK / self.unit.len()).max(1);
        let chunk = Bytes::from(self.unit.repeat(units_per_chunk));
        let whole = self.units / units_per_chunk as u64;
        let rest = (self.units % units_per_chunk as u64) as usize * self.unit.len();
        iter::once(self.head)
            .chain((0..whole).map({
                let chunk = chunk.clone();
                move |_| chunk.clone()
            }))
            .chain([chunk.slice(..rest), self.tail])
            .filter(|chunk| !chunk.is_empty())
    }
}

/// The first `size` bytes of what a bomb unpacks to.
fn plain(size: u64) -> Vec<u8> {
    let mut bytes = START.to_vec();
    bytes.resize(size as usize, FILL);
    bytes
}

/// After a full flush, a piece of a deflate stream refers to nothing before it and ends on a whole byte,
/// so it may stand any number of times.
fn gzip(size: u64) -> Bomb {
    const UNIT: u64 = 1 << 20;
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    const LAST_EMPTY_BLOCK: [u8; 2] = [3, 0];

    let (units, first) = split(size, UNIT, START.len() as u64);
    let first = plain(first);
    let unit = vec![FILL; UNIT as usize];
    let mut unit_crc = Crc::new();
    unit_crc.update(&unit);
    let mut crc = Crc::new();
    crc.update(&first);
    for _ in 0..units {
        crc.combine(&unit_crc);
    }

    let mut head = HEADER.to_vec();
    head.extend(deflated(&first));
    let mut tail = LAST_EMPTY_BLOCK.to_vec();
    tail.extend(crc.sum().to_le_bytes());
    tail.extend((size as u32).to_le_bytes());
    Bomb { head: head.into(), unit: deflated(&unit).into(), units, tail: tail.into() }
}

/// `plain` as a piece of a deflate stream that ends in a full flush.
fn deflated(plain: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(plain.len() + 1024);
    Compress::new(Compression::best(), false)
        .compress_vec(plain, &mut packed, FlushCompress::Full)
        .expect("a fresh encoder takes any bytes");
    packed
}

/// Once the encoder has seen a unit of the fill, each further one is the same copy from just before.
fn brotli(size: u64) -> io::Result<Bomb> {
    const UNIT: u64 = 1 << 20;

    let (units, first) = split(size, UNIT, UNIT + START.len() as u64);
    let mut encoder = ::brotli::CompressorWriter::new(Vec::new(), 1 << 16, 5, 22);
    encoder.write_all(&plain(first))?;
    encoder.flush()?;
    let head = encoder.get_ref().len();
    encoder.write_all(&vec![FILL; UNIT as usize])?;
    encoder.flush()?;
    let unit = encoder.get_ref().len();
    let packed = Bytes::from(encoder.into_inner());
    Ok(Bomb { head: packed.slice(..head), unit: packed.slice(head..unit), units, tail: packed.slice(unit..) })
}

/// A zstd block may be one byte and how often it stands.
fn zstd(size: u64) -> Bomb {
    const UNIT: u64 = 128 * 1024;
    const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    const NO_SIZE_NO_CHECKSUM: u8 = 0;
    const WINDOW_OF_128_KIB: u8 = 7 << 3;
    const RAW: u32 = 0;
    const REPEATED: u32 = 1;
    let block = |kind: u32, size: u64, last: bool| -> [u8; 3] {
        let [a, b, c, _] = (u32::from(last) | kind << 1 | (size as u32) << 3).to_le_bytes();
        [a, b, c]
    };

    let (units, first) = split(size, UNIT, START.len() as u64);
    let start = &START[..START.len().min(first as usize)];
    let mut head = MAGIC.to_vec();
    head.extend([NO_SIZE_NO_CHECKSUM, WINDOW_OF_128_KIB]);
    head.extend(block(RAW, start.len() as u64, false));
    head.extend(start);
    let mut fill = first - start.len() as u64;
    while fill > 0 {
        let part = fill.min(UNIT);
        head.extend(block(REPEATED, part, false));
        head.push(FILL);
        fill -= part;
    }
    let mut unit = block(REPEATED, UNIT, false).to_vec();
    unit.push(FILL);
    Bomb { head: head.into(), unit: unit.into(), units, tail: block(RAW, 0, true).to_vec().into() }
}

/// How many units to repeat, and how much must come before them: at least `least`, if there is so much.
fn split(size: u64, unit: u64, least: u64) -> (u64, u64) {
    let units = size.saturating_sub(least) / unit;
    (units, size - units * unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn each_unpacks_to_exactly_its_size() {
        for size in [0, 5, 74, 75, 200_000, 1 << 20, (1 << 20) + 74, 20_000_003] {
            for coding in [Coding::Gzip, Coding::Brotli, Coding::Zstd] {
                let bomb = Bomb::new(coding, size).unwrap();
                let announced = bomb.packed_size();
                let packed: Vec<u8> = bomb.chunks().flatten().collect();
                assert_eq!(packed.len() as u64, announced, "{coding:?} {size}");
                let mut unpacked = Vec::new();
                let read = match coding {
                    Coding::Gzip => flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked),
                    Coding::Brotli => ::brotli::Decompressor::new(&packed[..], 4096).read_to_end(&mut unpacked),
                    _ => ::zstd::Decoder::new(&packed[..]).unwrap().read_to_end(&mut unpacked),
                };
                assert!(read.is_ok(), "{coding:?} {size}: {read:?}");
                assert!(unpacked == expected(size), "{coding:?} {size}");
            }
        }
    }

    fn expected(size: u64) -> Vec<u8> {
        let mut bytes = plain(size);
        bytes.truncate(size as usize);
        bytes
    }

    #[test]
    fn ten_gigabytes_are_small() {
        for coding in [Coding::Gzip, Coding::Brotli, Coding::Zstd] {
            let bomb = Bomb::new(coding, 10_000_000_000).unwrap();
            let size = bomb.packed_size();
            assert!(size < 12_000_000, "{coding:?}: {size}");
        }
    }
}
