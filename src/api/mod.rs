//! All that crosses the boundary. The only place with a `uniffi` attribute.

mod aside;
pub mod bytes;
mod checks;
pub mod client;
mod drive;
pub mod error;
pub mod interop;
mod lift;
pub mod log;
pub mod options;
mod out;
#[cfg(test)]
mod outage;
pub mod process;
pub mod progress;
pub mod site;
pub mod stats;
pub mod stream;
