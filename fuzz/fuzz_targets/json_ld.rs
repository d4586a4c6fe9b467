//! A block of JSON-LD, mended where it has to be.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    sitelift::fuzzing::json_ld(text);
});
