//! The rows as protobuf messages: bytes in, bytes out, through a C ABI. The messages are those of
//! `callers/with_protobuf.py`, field by field and number by number.
//!
//! # Safety
//!
//! The callers are the benchmark's own: they give a message as a pointer and a length, and free an answer with
//! `boundary_protobuf_free` and the length that came with it.
#![expect(clippy::missing_safety_doc, reason = "said once, above")]

use std::collections::HashMap;
use std::{ptr, slice};

use boundary_core as work;
use prost::{Message, Oneof};

/// The smallest record.
#[derive(Clone, PartialEq, Message)]
struct TestData {
    #[prost(string, tag = "1")]
    data: String,
    #[prost(sint32, tag = "2")]
    len: i32,
}

/// A link of a page.
#[derive(Clone, PartialEq, Message)]
struct Link {
    #[prost(string, tag = "1")]
    url: String,
    #[prost(string, tag = "2")]
    text: String,
    #[prost(string, optional, tag = "3")]
    rel: Option<String>,
}

/// A page.
#[derive(Clone, PartialEq, Message)]
struct Site {
    #[prost(string, tag = "1")]
    id: String,
    #[prost(string, tag = "2")]
    url: String,
    #[prost(string, tag = "3")]
    host: String,
    #[prost(string, tag = "4")]
    title: String,
    #[prost(string, tag = "5")]
    lang: String,
    #[prost(string, tag = "6")]
    charset: String,
    #[prost(string, tag = "7")]
    path: String,
    #[prost(string, tag = "8")]
    scheme: String,
    #[prost(string, optional, tag = "9")]
    description: Option<String>,
    #[prost(string, optional, tag = "10")]
    author: Option<String>,
    #[prost(string, optional, tag = "11")]
    canonical: Option<String>,
    #[prost(string, optional, tag = "12")]
    favicon: Option<String>,
    #[prost(string, optional, tag = "13")]
    published: Option<String>,
    #[prost(string, optional, tag = "14")]
    modified: Option<String>,
    #[prost(uint32, tag = "15")]
    status: u32,
    #[prost(sint32, tag = "16")]
    depth: i32,
    #[prost(uint64, tag = "17")]
    size: u64,
    #[prost(string, repeated, tag = "18")]
    tags: Vec<String>,
    #[prost(message, repeated, tag = "19")]
    links: Vec<Link>,
    #[prost(map = "string, string", tag = "20")]
    meta: HashMap<String, String>,
}

/// Many pages.
#[derive(Clone, PartialEq, Message)]
struct Sites {
    #[prost(message, repeated, tag = "1")]
    sites: Vec<Site>,
}

/// A rectangle.
#[derive(Clone, PartialEq, Message)]
struct Rectangle {
    #[prost(double, tag = "1")]
    width: f64,
    #[prost(double, tag = "2")]
    height: f64,
}

/// What a shape is; none is the empty one.
#[derive(Clone, PartialEq, Oneof)]
enum Kind {
    #[prost(double, tag = "1")]
    Radius(f64),
    #[prost(message, tag = "2")]
    Rectangle(Rectangle),
    #[prost(string, tag = "3")]
    Name(String),
}

/// An enum with data.
#[derive(Clone, PartialEq, Message)]
struct Shape {
    #[prost(oneof = "Kind", tags = "1, 2, 3")]
    kind: Option<Kind>,
}

/// Many numbers.
#[derive(Clone, PartialEq, Message)]
struct Floats {
    #[prost(double, repeated, tag = "1")]
    values: Vec<f64>,
}

/// Many strings.
#[derive(Clone, PartialEq, Message)]
struct Strings {
    #[prost(string, repeated, tag = "1")]
    values: Vec<String>,
}

impl From<work::Link> for Link {
    fn from(link: work::Link) -> Self {
        Self { url: link.url, text: link.text, rel: link.rel }
    }
}

impl From<work::Site> for Site {
    fn from(site: work::Site) -> Self {
        Self {
            id: site.id,
            url: site.url,
            host: site.host,
            title: site.title,
            lang: site.lang,
            charset: site.charset,
            path: site.path,
            scheme: site.scheme,
            description: site.description,
            author: site.author,
            canonical: site.canonical,
            favicon: site.favicon,
            published: site.published,
            modified: site.modified,
            status: site.status.into(),
            depth: site.depth,
            size: site.size,
            tags: site.tags,
            links: site.links.into_iter().map(Link::from).collect(),
            meta: site.meta,
        }
    }
}

impl From<Shape> for work::Shape {
    fn from(shape: Shape) -> Self {
        match shape.kind {
            Some(Kind::Radius(radius)) => Self::Circle { radius },
            Some(Kind::Rectangle(Rectangle { width, height })) => Self::Rectangle { width, height },
            Some(Kind::Name(name)) => Self::Named { name },
            None => Self::Empty,
        }
    }
}

impl From<work::Shape> for Shape {
    fn from(shape: work::Shape) -> Self {
        let kind = match shape {
            work::Shape::Circle { radius } => Some(Kind::Radius(radius)),
            work::Shape::Rectangle { width, height } => Some(Kind::Rectangle(Rectangle { width, height })),
            work::Shape::Named { name } => Some(Kind::Name(name)),
            work::Shape::Empty => None,
        };
        Self { kind }
    }
}

/// Hands a message over to the caller.
fn give(message: &impl Message, length: &mut usize) -> *mut u8 {
    let bytes = message.encode_to_vec().into_boxed_slice();
    *length = bytes.len();
    Box::into_raw(bytes).cast()
}

/// Reads a message of the caller's.
///
/// # Safety
///
/// `length` bytes must be there.
unsafe fn read<M: Message + Default>(bytes: *const u8, length: usize) -> M {
    // SAFETY: promised by the caller.
    let bytes = unsafe { slice::from_raw_parts(bytes, length) };
    M::decode(bytes).expect("the benchmark's messages are whole")
}

/// Frees an answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_protobuf_free(bytes: *mut u8, length: usize) {
    // SAFETY: a boxed slice of this length, from `give`.
    drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(bytes, length)) });
}

/// Greets with a record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_protobuf_hello_there(given: *const u8, length: usize, answer: &mut usize) -> *mut u8 {
    // SAFETY: the caller gives a message.
    let TestData { data, len } = unsafe { read(given, length) };
    let made = work::hello_there(&work::TestData { data, len });
    give(&TestData { data: made.data, len: made.len }, answer)
}

/// Makes one page.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_protobuf_make_site(number: u32, answer: &mut usize) -> *mut u8 {
    give(&Site::from(work::make_site(number)), answer)
}

/// Gives a page back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_protobuf_echo_site(given: *const u8, length: usize, answer: &mut usize) -> *mut u8 {
    // SAFETY: the caller gives a message.
    let site: Site = unsafe { read(given, length) };
    give(&site, answer)
}

/// Takes a page, and returns how many links it has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_protobuf_take_site(given: *const u8, length: usize) -> u32 {
    // SAFETY: the caller gives a message.
    let site: Site = unsafe { read(given, length) };
    u32::try_from(site.links.len()).unwrap_or(u32::MAX)
}

/// Makes `count` pages.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_protobuf_make_sites(count: u32, answer: &mut usize) -> *mut u8 {
    give(&Sites { sites: work::make_sites(count).into_iter().map(Site::from).collect() }, answer)
}

/// Makes a shape twice as large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_protobuf_double(given: *const u8, length: usize, answer: &mut usize) -> *mut u8 {
    // SAFETY: the caller gives a message.
    let shape: Shape = unsafe { read(given, length) };
    give(&Shape::from(work::double(shape.into())), answer)
}

/// Adds numbers up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_protobuf_sum_floats(given: *const u8, length: usize) -> f64 {
    // SAFETY: the caller gives a message.
    let floats: Floats = unsafe { read(given, length) };
    work::sum_floats(&floats.values)
}

/// Gives the numbers below `count`.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_protobuf_floats(count: u32, answer: &mut usize) -> *mut u8 {
    give(&Floats { values: work::floats(count).collect() }, answer)
}

/// Adds the lengths of strings up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_protobuf_total_length(given: *const u8, length: usize) -> u32 {
    // SAFETY: the caller gives a message.
    let strings: Strings = unsafe { read(given, length) };
    work::total_length(strings.values)
}

/// Gives `count` strings.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_protobuf_strings(count: u32, answer: &mut usize) -> *mut u8 {
    give(&Strings { values: work::strings(count).collect() }, answer)
}
