//! The work behind every row of the benchmark, written once, so that the rows differ in the crossing only.

use std::collections::HashMap;
use std::fmt;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

/// The smallest record.
pub struct TestData {
    /// Some text.
    pub data: String,
    /// A number beside it.
    pub len: i32,
}

/// A link of a page.
pub struct Link {
    /// Where it leads.
    pub url: String,
    /// What it says.
    pub text: String,
    /// Its `rel` attribute.
    pub rel: Option<String>,
}

/// A page: 20 fields of the kinds that records are made of.
#[expect(missing_docs, reason = "the names are for their kinds only")]
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
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "they say it themselves")]
pub enum Direction {
    North,
    East,
    South,
    West,
}

/// An enum with data.
#[expect(missing_docs, reason = "they say it themselves")]
pub enum Shape {
    Circle { radius: f64 },
    Rectangle { width: f64, height: f64 },
    Named { name: String },
    Empty,
}

/// A typed error.
#[derive(Debug)]
pub enum Failure {
    /// Something is bad.
    Bad {
        /// The thing that is.
        what: String,
    },
    /// It is no longer there.
    Gone,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bad { what } => write!(f, "bad {what}"),
            Self::Gone => f.write_str("gone"),
        }
    }
}

impl std::error::Error for Failure {}

/// An object with a method.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Counts one up and returns the count.
    pub fn increment(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// Does nothing.
pub fn noop() {}

/// Adds two numbers.
pub fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// Adds the numbers up to `n` one by one; the compiler must not find the formula. The twins call the same code: inlined,
/// it is a third slower in some of them than in others, which would hide what the crossing costs.
#[inline(never)]
pub fn gsum(n: u64) -> u64 {
    (0..=n).fold(0, |sum, i| black_box(sum + i))
}

/// Greets.
pub fn greet(name: &str) -> String {
    format!("Hello, {name}!")
}

/// Greets with a record.
pub fn hello_there(given: &TestData) -> TestData {
    TestData { data: format!("Hello there, {}", given.data), len: given.len + 13 }
}

/// Makes one page.
pub fn make_site(number: u32) -> Site {
    Site {
        id: format!("site-{number:08}"),
        url: format!("https://www.example.com/section/{number}/index.html"),
        host: "www.example.com".to_owned(),
        title: format!("An example page number {number} – with a title"),
        lang: "en-GB".to_owned(),
        charset: "utf-8".to_owned(),
        path: format!("/section/{number}/index.html"),
        scheme: "https".to_owned(),
        description: Some(
            "A rather longer description of the page, as found in the meta description tag of the document head."
                .to_owned(),
        ),
        author: Some("Jane Q. Author".to_owned()),
        canonical: Some(format!("https://www.example.com/section/{number}/")),
        favicon: None,
        published: Some("2024-01-02T03:04:05Z".to_owned()),
        modified: None,
        status: 200,
        depth: 3,
        size: 123_456 + u64::from(number),
        tags: (0..10).map(|k| format!("tag-{k}")).collect(),
        links: (0..50)
            .map(|k| Link {
                url: format!("https://www.example.com/link/{k}/target.html"),
                text: format!("Link text number {k}"),
                rel: (k % 3 == 0).then(|| "nofollow".to_owned()),
            })
            .collect(),
        meta: (0..10).map(|k| (format!("og:key{k}"), format!("value of the meta key {k}"))).collect(),
    }
}

/// Makes `count` pages.
pub fn make_sites(count: u32) -> Vec<Site> {
    (0..count).map(make_site).collect()
}

/// Takes a page, and returns how many links it has.
pub fn take_site(site: &Site) -> u32 {
    u32::try_from(site.links.len()).unwrap_or(u32::MAX)
}

/// Turns right.
pub fn turn(direction: Direction) -> Direction {
    match direction {
        Direction::North => Direction::East,
        Direction::East => Direction::South,
        Direction::South => Direction::West,
        Direction::West => Direction::North,
    }
}

/// Makes a shape twice as large.
pub fn double(shape: Shape) -> Shape {
    match shape {
        Shape::Circle { radius } => Shape::Circle { radius: radius * 2.0 },
        Shape::Rectangle { width, height } => Shape::Rectangle { width: width * 2.0, height: height * 2.0 },
        other => other,
    }
}

/// Fails when told to.
pub fn may_fail(fail: bool) -> Result<i32, Failure> {
    if fail { Err(Failure::Bad { what: "thing".to_owned() }) } else { Ok(1) }
}

/// Adds numbers up.
pub fn sum_floats(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// Gives the numbers below `count`.
pub fn floats(count: u32) -> impl Iterator<Item = f64> {
    (0..count).map(f64::from)
}

/// Adds the lengths of strings up, in bytes.
pub fn total_length(values: impl IntoIterator<Item = impl AsRef<str>>) -> u32 {
    values.into_iter().fold(0, |sum, value| sum + u32::try_from(value.as_ref().len()).unwrap_or(u32::MAX))
}

/// Gives `count` strings.
pub fn strings(count: u32) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("string number {number}"))
}

/// XORs bytes with a key of four, byte 0 of the key being the lowest, into a buffer of the same length.
pub fn mask_into(from: &[u8], to: &mut [u8], key: u32) {
    let [a, b, c, d] = key.to_le_bytes();
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (from_words, from_rest) = from.as_chunks::<8>();
    let (to_words, to_rest) = to.as_chunks_mut::<8>();
    for (from, to) in from_words.iter().zip(to_words) {
        *to = (u64::from_ne_bytes(*from) ^ wide).to_ne_bytes();
    }
    for ((from, to), key) in from_rest.iter().zip(to_rest).zip(wide.to_ne_bytes()) {
        *to = from ^ key;
    }
}

/// XORs bytes with a key of four.
pub fn mask(from: &[u8], key: u32) -> Vec<u8> {
    let mut to = vec![0; from.len()];
    mask_into(from, &mut to, key);
    to
}

/// Calls back with the numbers below `count`, and adds the answers up.
pub fn sum_calls<E>(count: i32, mut callback: impl FnMut(i32) -> Result<i32, E>) -> Result<i32, E> {
    (0..count).try_fold(0_i32, |sum, number| Ok(sum.wrapping_add(callback(number)?)))
}
