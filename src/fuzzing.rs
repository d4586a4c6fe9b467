//! Inner parts with what must hold of them, for the targets in `fuzz/`. In no other build.

use crate::decode::{charset, content, media_type::MediaType, sniff};

pub use crate::extract::fuzzing::{date, engines, json_ld};
pub use crate::fetch::fuzzing::{cache_file, retry_after, robots};

/// Undoes a content coding, tells what the bytes are, and decodes them. Panics where a limit does not hold.
pub fn decode(body: &[u8], content_encoding: &str, label: &str) {
    const CAP: usize = 1 << 20;
    let unpacked = content::unpack(body.to_vec(), content_encoding, CAP, false);
    assert!(unpacked.bytes.len() <= CAP);
    let _ = sniff::classify("text/html", &unpacked.bytes);
    let _ = MediaType::of_headers(&String::from_utf8_lossy(body));
    let chosen = charset::choose(&unpacked.bytes, Some(label).filter(|label| !label.is_empty()));
    let decoded = charset::decode(&unpacked.bytes, chosen.encoding);
    assert!(decoded.text.len() <= 3 * unpacked.bytes.len() + 3);
}
