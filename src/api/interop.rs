//! Small functions that show, and let anyone measure, how values cross the boundary.

use super::bytes::Bytes;
use super::error::SiteliftError;
use super::site::Site;
use prost::Message;
use serde::{Deserialize, Serialize};

/// A text and a number, the smallest record worth sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct TestData {
    /// Any text.
    pub data: String,
    /// The length of `data` in bytes, where Rust made the record.
    pub len: i64,
}

/// The message of `get_data_info`: `message Pack { string data = 1; int64 len = 2; }` (Protocol Buffers, proto3).
#[derive(Clone, PartialEq, prost::Message)]
struct Pack {
    #[prost(string, tag = "1")]
    data: String,
    #[prost(int64, tag = "2")]
    len: i64,
}

/// `Hello from Rust!`
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn greeting() -> String {
    "Hello from Rust!".to_owned()
}

/// `Hello, <name>!`
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn greet(name: &str) -> String {
    format!("Hello, {name}!")
}

/// Prints `Hello, world!` and a line feed to the process's standard output.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn hello_world() {
    print_line("Hello, world!");
}

/// Prints the number and the text in one line on standard output, and returns the number plus the text's length in bytes.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn print_this(number: i64, text: &str) -> i64 {
    print_line(&format!("{number} {text}"));
    number.wrapping_add(byte_length(text))
}

/// The sum, which wraps around at the ends of 64 bits (two's complement).
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn add(a: i64, b: i64) -> i64 {
    a.wrapping_add(b)
}

/// The sum of 0 to `n`, both included, counted up one by one: a loop for benchmarks. Wraps around at 64 bits.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn gsum(n: u64) -> u64 {
    // The optimiser knows the closed form; the loop is the point.
    (0..=n).fold(0, |sum: u64, i| std::hint::black_box(sum.wrapping_add(i)))
}

/// A record in, a new record out: its `data` is `Hello there from Rust code '<data>';`, its `len` the length of that in bytes. The
/// argument is not changed.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn hello_there(data: TestData) -> TestData {
    let data = format!("Hello there from Rust code '{}';", data.data);
    let len = byte_length(&data);
    TestData { data, len }
}

/// Returns the record it was given.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn echo_test_data(data: TestData) -> TestData {
    data
}

/// Returns the records it was given, lists and absent ones included.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn echo_nested(data: Vec<Vec<Option<TestData>>>) -> Vec<Vec<Option<TestData>>> {
    data
}

/// Returns the record it was given.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn echo_site(site: Site) -> Site {
    site
}

/// Parses JSON text (RFC 8259) and returns it in its shortest form, the order of keys kept.
///
/// Fails with `SiteliftError::InvalidJson`, which names line and column.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn parse_json(text: &str) -> Result<String, SiteliftError> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| SiteliftError::InvalidJson {
        line: u32::try_from(error.line()).unwrap_or(u32::MAX),
        column: u32::try_from(error.column()).unwrap_or(u32::MAX),
        reason: format!("not valid JSON: {error}"),
    })?;
    Ok(value.to_string())
}

/// Masks or unmasks a `WebSocket` payload (RFC 6455, section 5.3) and returns it; the argument is not changed.
///
/// `key` is the 4 bytes of the masking key as they stand on the wire; anything else is `SiteliftError::InvalidArgument`.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn websocket_mask(payload: &[u8], key: &[u8]) -> Result<Bytes, SiteliftError> {
    let mut masked = Bytes::from(payload);
    websocket_mask_in_place(&mut masked, key)?;
    Ok(masked)
}

/// As `websocket_mask`, in the buffer itself. Not exported as such: this version of `UniFFI` borrows no buffer for writing.
pub fn websocket_mask_in_place(payload: &mut [u8], key: &[u8]) -> Result<(), SiteliftError> {
    let key: [u8; 4] = key.try_into().map_err(|_| {
        SiteliftError::argument("key", format_args!("a masking key has 4 bytes, this one has {}", key.len()))
    })?;
    let wide = u64::from_ne_bytes([key[0], key[1], key[2], key[3], key[0], key[1], key[2], key[3]]);
    let (words, rest) = payload.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
    }
    Ok(())
}

/// A `Pack` message in, a `Pack` message out (Protocol Buffers): `data` as it was, `len` set to its length in bytes.
///
/// Fails with `SiteliftError::InvalidProtobuf` when the bytes are no such message.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn get_data_info(message: &[u8]) -> Result<Bytes, SiteliftError> {
    let pack = Pack::decode(message)
        .map_err(|error| SiteliftError::InvalidProtobuf { reason: format!("not a Pack message: {error}") })?;
    let len = byte_length(&pack.data);
    Ok(Pack { len, ..pack }.encode_to_vec().as_slice().into())
}

/// The version of the library, as in `Cargo.toml`.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

fn byte_length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

/// Standard output may be closed or full; that is the caller's business and no reason to panic.
fn print_line(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
