//! The end of a page's head, in a body that comes in two pieces: the first two bytes tell where it is cut.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let [high, low, page @ ..] = data {
        sitelift::fuzzing::head(page, usize::from(*high) << 8 | usize::from(*low));
    }
});
