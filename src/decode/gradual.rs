//! Undoing a content coding bit by bit, as far as a beginning is wanted before the whole is there.

use brotli_decompressor::DecompressorWriter;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{self, Write};
use zstd::stream::write::Decoder;

/// What was unpacked, at most so many bytes.
struct Beginning {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The beginning of a body that comes packed.
pub(crate) struct Gradual(Coding);

enum Coding {
    Gzip(MultiGzDecoder<Beginning>),
    Zlib(ZlibDecoder<Beginning>),
    Deflate(DeflateDecoder<Beginning>),
    Brotli(Box<DecompressorWriter<Beginning>>),
    Zstd(Decoder<'static, Beginning>),
}

impl Gradual {
    /// For a body with this `Content-Encoding` and these first bytes. None for one that is packed in no way, in an unknown one or in several.
    pub(crate) fn new(content_encoding: &str, first: &[u8], most: usize) -> Option<Self> {
        let out = Beginning { bytes: Vec::new(), most };
        Some(Self(match content_encoding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Coding::Gzip(MultiGzDecoder::new(out)),
            "deflate" if super::content::is_zlib(first) => Coding::Zlib(ZlibDecoder::new(out)),
            "deflate" => Coding::Deflate(DeflateDecoder::new(out)),
            "br" => Coding::Brotli(Box::new(DecompressorWriter::new(out, 4096))),
            "zstd" => {
                let mut decoder = Decoder::new(out).ok()?;
                decoder.window_log_max(super::content::ZSTD_WINDOW).ok()?;
                Coding::Zstd(decoder)
            }
            _ => return None,
        }))
    }

    /// Unpacks what came. It fails on damaged data, and when there is more than is wanted.
    pub(crate) fn push(&mut self, packed: &[u8]) -> io::Result<()> {
        let decoder: &mut dyn Write = match &mut self.0 {
            Coding::Gzip(decoder) => decoder,
            Coding::Zlib(decoder) => decoder,
            Coding::Deflate(decoder) => decoder,
            Coding::Brotli(decoder) => decoder.as_mut(),
            Coding::Zstd(decoder) => decoder,
        };
        decoder.write_all(packed)?;
        decoder.flush()
    }

    /// What was unpacked so far.
    pub(crate) fn bytes(&self) -> &[u8] {
        let out = match &self.0 {
            Coding::Gzip(decoder) => decoder.get_ref(),
            Coding::Zlib(decoder) => decoder.get_ref(),
            Coding::Deflate(decoder) => decoder.get_ref(),
            Coding::Brotli(decoder) => decoder.get_ref(),
            Coding::Zstd(decoder) => decoder.get_ref(),
        };
        &out.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    const TEXT: &str = "<head><title>A page</title></head><body>and what follows, which is never the same: ";

    fn packed() -> Vec<(&'static str, Vec<u8>, String)> {
        let text: String = TEXT
            .chars()
            .chain((0..20_000).flat_map(|i: u32| (i * 7919).to_string().chars().collect::<Vec<_>>()))
            .collect();
        let bytes = text.as_bytes();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(bytes).unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(bytes).unwrap();
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(bytes).unwrap();
        [
            ("gzip", gzip.finish().unwrap()),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", deflate.finish().unwrap()),
            ("zstd", zstd::encode_all(bytes, 3).unwrap()),
        ]
        .map(|(coding, packed)| (coding, packed, text.clone()))
        .into()
    }

    #[test]
    fn what_came_is_there_at_once() {
        for (coding, packed, text) in packed() {
            let mut gradual = Gradual::new(coding, &packed, usize::MAX).unwrap();
            let half = packed.len() / 2;
            packed[..half].chunks(100).for_each(|chunk| gradual.push(chunk).unwrap());
            let begun = gradual.bytes().len();
            assert!(text.as_bytes().starts_with(gradual.bytes()), "{coding}");
            // Codings have blocks of up to 128 KiB, which are not read in part.
            assert!(coding == "zstd" || begun > text.len() / 3, "{coding}: {begun} of {}", text.len());
            gradual.push(&packed[half..]).unwrap();
            assert_eq!(gradual.bytes(), text.as_bytes(), "{coding}");
        }
    }

    #[test]
    fn no_more_than_is_wanted() {
        for (coding, packed, _) in packed() {
            let mut gradual = Gradual::new(coding, &packed, 1000).unwrap();
            assert!(gradual.push(&packed).is_err(), "{coding}");
            assert!(gradual.bytes().len() <= 1000);
        }
        assert!(Gradual::new("", b"", 9).is_none() && Gradual::new("gzip, br", b"", 9).is_none());
        assert!(Gradual::new("gzip", b"", 9).unwrap().push(b"no gzip at all").is_err());
    }
}
