//! `Retry-After` and `Date`, one a line, and the same bytes as a file of the cache.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (value, date) = data.split_at(end);
    sitelift::fuzzing::retry_after(&String::from_utf8_lossy(value), date.get(1..).unwrap_or_default());
    sitelift::fuzzing::cache_file(data);
});
