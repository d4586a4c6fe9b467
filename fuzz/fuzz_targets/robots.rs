//! A robots.txt, and a path to ask about: the first line.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (path, file) = data.split_at(end);
    sitelift::fuzzing::robots(file, &String::from_utf8_lossy(path));
});
