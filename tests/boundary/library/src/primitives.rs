//! Simple types by themselves.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

macro_rules! echo {
    ($($name:ident: $type:ty),* $(,)?) => { $(
        /// Returns what it gets.
        #[uniffi::export]
        pub fn $name(value: $type) -> $type {
            value
        }
    )* };
}

echo! {
    echo_u8: u8, echo_i8: i8, echo_u16: u16, echo_i16: i16, echo_u32: u32, echo_i32: i32, echo_u64: u64, echo_i64: i64,
    echo_f32: f32, echo_f64: f64, echo_bool: bool, echo_text: String, echo_bytes: Vec<u8>,
    echo_duration: Duration, echo_timestamp: SystemTime,
    echo_optional: Option<u32>, echo_optional_bool: Option<bool>, echo_optional_list: Option<Vec<Option<String>>>,
    echo_u8_list: Vec<Vec<u8>>, echo_i64_list: Vec<i64>, echo_f64_list: Vec<f64>, echo_f32_list: Vec<f32>,
    echo_bool_list: Vec<bool>, echo_text_list: Vec<String>, echo_nested: Vec<Vec<Vec<i16>>>,
    echo_text_map: HashMap<String, String>, echo_number_map: HashMap<i32, Vec<u64>>, echo_text_set: HashSet<String>,
    echo_number_set: HashSet<i64>, echo_map_of_maps: HashMap<String, HashMap<u8, Option<bool>>>,
    echo_durations: Vec<Duration>, echo_timestamps: Option<SystemTime>,
}

/// A time so long after 1970, which may be later than other languages can say.
#[uniffi::export]
pub fn seconds_after_1970(seconds: u32, millennia: u32) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(seconds) + u64::from(millennia) * 31_556_952_000)
}

/// Takes nothing, returns nothing.
#[uniffi::export]
pub fn nothing() {}

/// Adds two numbers.
///
/// Wraps around. Has a \ backslash, "quotes", 'single ones', """three of them""" and a ''' too, \n and \x41 and \N{BULLET},
/// and ends with one: \
#[uniffi::export]
pub fn add(a: i64, b: i64) -> i64 {
    a.wrapping_add(b)
}

/// "Quoted from the start, and to the very end"
#[uniffi::export]
pub fn quoted() -> String {
    "\"\\'''\"\"\"".into()
}

#[uniffi::export]
pub fn without_docs(a: u8) -> u8 {
    a
}

/// All simple types as arguments of one function.
#[uniffi::export]
#[allow(clippy::too_many_arguments, reason = "more than there are registers")]
pub fn join_all(
    a: u8,
    b: i8,
    c: u16,
    d: i16,
    e: u32,
    f: i32,
    g: u64,
    h: i64,
    i: f32,
    j: f64,
    k: bool,
    l: String,
    m: Vec<u8>,
    n: Option<String>,
) -> String {
    format!("{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k} {l} {m:?} {n:?}")
}

/// Defaults of all kinds.
#[uniffi::export(default(
    number = -7,
    big = 18446744073709551615,
    ratio = 2.5,
    flag = true,
    text = "it's \"quoted\" \\ and {braced}",
    maybe = None,
    some = Some(3),
    items = [],
    table
))]
#[allow(clippy::too_many_arguments, reason = "one of each")]
pub fn with_defaults(
    first: u8,
    number: i32,
    big: u64,
    ratio: f64,
    flag: bool,
    text: String,
    maybe: Option<String>,
    some: Option<u8>,
    items: Vec<String>,
    table: HashMap<String, u8>,
) -> String {
    format!("{first} {number} {big} {ratio} {flag} {text} {maybe:?} {some:?} {items:?} {table:?}")
}

/// A text of so many bytes.
#[uniffi::export]
pub fn text_of(size: u32) -> String {
    "x".repeat(size as usize)
}
