//! Bytes to text: content codings, sniffing, encodings. The first two bytes choose the labels.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    const CODINGS: &[&str] = &["", "gzip", "br", "zstd", "deflate", "gzip, br", "x-unknown"];
    const LABELS: &[&str] = &["", "utf-8", "utf-16le", "shift_jis", "iso-2022-jp", "gb18030", "big5", "x-unknown"];
    if let [coding, label, body @ ..] = data {
        let coding = CODINGS[usize::from(*coding) % CODINGS.len()];
        sitelift::fuzzing::decode(body, coding, LABELS[usize::from(*label) % LABELS.len()]);
    }
});
