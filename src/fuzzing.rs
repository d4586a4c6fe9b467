//! Inner parts with what must hold of them, for the targets in `fuzz/`. In no other build.

use crate::decode::{charset, content, gradual::Gradual, media_type::MediaType, sniff};

pub use crate::extract::fuzzing::{date, engines, json_ld};
pub use crate::fetch::fuzzing::{cache_file, head, retry_after, robots};

/// Undoes a content coding, tells what the bytes are, and decodes them. Panics where a limit does not hold.
pub fn decode(body: &[u8], content_encoding: &str, label: &str) {
    const CAP: usize = 1 << 20;
    let unpacked = content::unpack(body.to_vec(), content_encoding, CAP, false);
    assert!(unpacked.bytes.len() <= CAP);
    // Bit by bit it is the same, as far as it comes.
    if let Some(mut gradual) = Gradual::new(content_encoding, body, CAP) {
        let (first, rest) = body.split_at(body.len() / 2);
        let _ = gradual.push(first).and_then(|()| gradual.push(rest));
        let common = gradual.bytes().len().min(unpacked.bytes.len());
        assert_eq!(gradual.bytes()[..common], unpacked.bytes[..common]);
    }
    let _ = sniff::classify("text/html", &unpacked.bytes);
    let _ = MediaType::of_headers(&String::from_utf8_lossy(body));
    let chosen = charset::choose(&unpacked.bytes, Some(label).filter(|label| !label.is_empty()));
    let decoded = charset::decode(&unpacked.bytes, chosen.encoding);
    assert!(decoded.text.len() <= 3 * unpacked.bytes.len() + 3);
}
