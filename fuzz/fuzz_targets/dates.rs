//! Any text as a date. The first byte chooses the language.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    const LANGUAGES: &[Option<&str>] =
        &[None, Some("en-US"), Some("en-GB"), Some("de"), Some("ja"), Some("ar"), Some("ru")];
    let language = LANGUAGES[text.bytes().next().map_or(0, usize::from) % LANGUAGES.len()];
    sitelift::fuzzing::date(text, language);
});
