//! The plain stock generator, as any user of UniFFI has it.

fn main() {
    uniffi::uniffi_bindgen_main();
}
