//! A page by the scanner and by the tree: every field is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    sitelift::fuzzing::engines(html);
});
