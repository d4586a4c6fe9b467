//! The rows through UniFFI. One library serves all generators.

#[path = "../../../../src/api/bytes.rs"]
mod bytes;

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use boundary_core as work;
use boundary_core::{Direction, Failure, Link, Shape, Site, TestData};

use bytes::Bytes;
// Linked for what it exports.
#[cfg(feature = "python")]
use uniffi_python_accelerator as _;

uniffi::setup_scaffolding!();

/// The smallest record.
#[uniffi::remote(Record)]
pub struct TestData {
    pub data: String,
    pub len: i32,
}

/// A link of a page.
#[uniffi::remote(Record)]
pub struct Link {
    pub url: String,
    pub text: String,
    pub rel: Option<String>,
}

/// A page.
#[uniffi::remote(Record)]
pub struct Site {
    pub id: String,
    pub url: String,
    pub host: String,
    pub title: String,
    pub lang: String,
    pub charset: String,
    pub path: String,
    pub scheme: String,
    pub description: Option<String>,
    pub author: Option<String>,
    pub canonical: Option<String>,
    pub favicon: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub status: u16,
    pub depth: i32,
    pub size: u64,
    pub tags: Vec<String>,
    pub links: Vec<Link>,
    pub meta: HashMap<String, String>,
}

/// An enum without data.
#[uniffi::remote(Enum)]
pub enum Direction {
    North,
    East,
    South,
    West,
}

/// An enum with data.
#[uniffi::remote(Enum)]
pub enum Shape {
    Circle { radius: f64 },
    Rectangle { width: f64, height: f64 },
    Named { name: String },
    Empty,
}

/// A typed error.
#[uniffi::remote(Error)]
pub enum Failure {
    Bad { what: String },
    Gone,
}

/// An object with a method.
#[derive(Default, uniffi::Object)]
pub struct Counter(work::Counter);

#[uniffi::export]
impl Counter {
    /// Starts at 0.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Counts one up and returns the count.
    pub fn increment(&self) -> u64 {
        self.0.increment()
    }
}

/// What the other language implements.
#[uniffi::export(with_foreign)]
pub trait Callback: Send + Sync {
    /// Answers.
    fn call(&self, number: i32) -> i32;
}

/// Does nothing.
#[uniffi::export]
pub fn noop() {
    work::noop();
}

/// Adds two numbers.
#[uniffi::export]
pub fn add(a: i32, b: i32) -> i32 {
    work::add(a, b)
}

/// Adds two numbers, and is ready at the first poll.
#[uniffi::export]
pub async fn add_ready(a: i32, b: i32) -> i32 {
    work::add(a, b)
}

/// Adds the numbers up to `n`.
#[uniffi::export]
pub fn gsum(n: u64) -> u64 {
    work::gsum(n)
}

/// Greets.
#[uniffi::export]
pub fn greet(name: &str) -> String {
    work::greet(name)
}

/// Greets with a record.
#[uniffi::export]
pub fn hello_there(given: TestData) -> TestData {
    work::hello_there(&given)
}

/// Makes one page.
#[uniffi::export]
pub fn make_site(number: u32) -> Site {
    work::make_site(number)
}

/// Gives a page back.
#[uniffi::export]
pub fn echo_site(site: Site) -> Site {
    site
}

/// Takes a page, and returns how many links it has.
#[uniffi::export]
pub fn take_site(site: Site) -> u32 {
    work::take_site(&site)
}

/// Makes `count` pages.
#[uniffi::export]
pub fn make_sites(count: u32) -> Vec<Site> {
    work::make_sites(count)
}

/// Turns right.
#[uniffi::export]
pub fn turn(direction: Direction) -> Direction {
    work::turn(direction)
}

/// Makes a shape twice as large.
#[uniffi::export]
pub fn double(shape: Shape) -> Shape {
    work::double(shape)
}

/// Fails when told to.
#[uniffi::export]
pub fn may_fail(fail: bool) -> Result<i32, Failure> {
    work::may_fail(fail)
}

/// Adds numbers up.
#[uniffi::export]
pub fn sum_floats(values: Vec<f64>) -> f64 {
    work::sum_floats(&values)
}

/// Gives the numbers below `count`.
#[uniffi::export]
pub fn floats(count: u32) -> Vec<f64> {
    work::floats(count).collect()
}

/// Adds the lengths of strings up.
#[uniffi::export]
pub fn total_length(values: Vec<String>) -> u32 {
    work::total_length(values)
}

/// Gives `count` strings.
#[uniffi::export]
pub fn strings(count: u32) -> Vec<String> {
    work::strings(count).collect()
}

/// XORs bytes with a key, in UniFFI's own byte type.
#[uniffi::export]
pub fn mask_vec(data: &[u8], key: u32) -> Vec<u8> {
    work::mask(data, key)
}

/// XORs bytes with a key, answering by one copy.
#[uniffi::export]
pub fn mask_bytes(data: &[u8], key: u32) -> Bytes {
    let mut masked = Bytes::zeroed(data.len());
    work::mask_into(data, &mut masked, key);
    masked
}

/// Calls back `count` times, and adds the answers up.
#[uniffi::export]
pub fn sum_calls(callback: Arc<dyn Callback>, count: i32) -> i32 {
    let Ok(sum) = work::sum_calls(count, |number| Ok::<_, Infallible>(callback.call(number)));
    sum
}
