//! One of everything that crosses between Rust and Python, for the tests in `tests/boundary`.

#![allow(clippy::needless_pass_by_value, clippy::unused_async, reason = "what crosses is the point")]

mod bytes;
mod callbacks;
mod custom;
mod enums;
mod errors;
mod external;
mod futures;
mod live;
mod objects;
mod primitives;
mod records;
mod recursion;
mod settings;
mod traits;

#[cfg(feature = "python")]
use uniffi_python_accelerator as _;

uniffi::setup_scaffolding!("boundary_cases");
boundary_types::uniffi_reexport_scaffolding!();
boundary_names::uniffi_reexport_scaffolding!();
