//! Content codings: which one a client wants, and the bytes in it.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use hyper::HeaderMap;
use hyper::header::ACCEPT_ENCODING;

/// A way to compress a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Coding {
    Gzip,
    Brotli,
    Zstd,
    /// `deflate` as the standard means it: zlib.
    Deflate,
    /// `deflate` as some servers send it: without the zlib wrapping.
    DeflateRaw,
}

impl Coding {
    pub const COUNT: usize = 5;

    /// The coding called `name` in the routes of this server.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "gzip" => Some(Self::Gzip),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            "deflate" => Some(Self::Deflate),
            "deflate-raw" => Some(Self::DeflateRaw),
            _ => None,
        }
    }

    /// Its name in `content-encoding`.
    pub fn token(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Deflate | Self::DeflateRaw => "deflate",
        }
    }

    /// The best coding that the request's `accept-encoding` allows.
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let offered = |coding: &Self| {
            let values = headers.get_all(ACCEPT_ENCODING).into_iter();
            values
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .any(|item| offers(item, coding.token()))
        };
        [Self::Zstd, Self::Brotli, Self::Gzip].into_iter().find(offered)
    }

    /// `plain` in this coding. The levels are those a busy web server uses.
    pub fn encode(self, plain: &[u8]) -> Vec<u8> {
        self.try_encode(plain).expect("writing to memory cannot fail")
    }

    fn try_encode(self, plain: &[u8]) -> std::io::Result<Vec<u8>> {
        let level = Compression::new(6);
        match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), level);
                encoder.write_all(plain)?;
                encoder.finish()
            }
            Self::Deflate => {
                let mut encoder = ZlibEncoder::new(Vec::new(), level);
                encoder.write_all(plain)?;
                encoder.finish()
            }
            Self::DeflateRaw => {
                let mut encoder = DeflateEncoder::new(Vec::new(), level);
                encoder.write_all(plain)?;
                encoder.finish()
            }
            Self::Brotli => {
                let mut encoder = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 5, 22);
                encoder.write_all(plain)?;
                Ok(encoder.into_inner())
            }
            Self::Zstd => zstd::encode_all(plain, 3),
        }
    }
}

/// Whether one item of `accept-encoding` (`gzip;q=0.5`) allows `token`.
fn offers(item: &str, token: &str) -> bool {
    let (name, weight) = item.split_once(';').unwrap_or((item, ""));
    let refused = weight
        .trim()
        .strip_prefix("q=")
        .and_then(|weight| weight.parse::<f32>().ok())
        .is_some_and(|weight| weight == 0.0);
    name.trim().eq_ignore_ascii_case(token) && !refused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_coding_wins() {
        for (accept, best) in [
            ("gzip, deflate, br, zstd", Some(Coding::Zstd)),
            ("gzip,BR;q=0.1", Some(Coding::Brotli)),
            ("gzip, zstd;q=0, br; q=0.0", Some(Coding::Gzip)),
            ("identity", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, accept.parse().unwrap());
            assert_eq!(Coding::accepted(&headers), best, "{accept}");
        }
        assert_eq!(Coding::accepted(&HeaderMap::new()), None);
    }
}
