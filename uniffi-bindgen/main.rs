//! The generator's command line: the same calls as the stock `uniffi-bindgen`.
//!
//! All languages go through the stock backends; a Python backend of our own has its room in `python/`
//! beside this file.

fn main() {
    uniffi::uniffi_bindgen_main();
}
