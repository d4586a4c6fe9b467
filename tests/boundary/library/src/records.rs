//! Records.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

/// A point, of which there are many.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Up.
    pub y: i32,
}

/// A link of a page: has a \ backslash, "quotes" and """three of them""".
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Link {
    /// Where it goes. Not a \ backslash.
    pub url: String,
    /// What it says: "quoted" and """more so""".
    pub text: String,
    /// Its weight.
    #[uniffi(default = None)]
    pub weight: Option<f64>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Page {
    pub url: String,
    pub title: Option<String>,
    pub links: Vec<Link>,
    pub words: HashMap<String, u32>,
    pub best: Option<Link>,
    pub by_name: HashMap<String, Link>,
    pub body: Vec<u8>,
}

/// A field of each simple type.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Everything {
    pub a_u8: u8,
    pub a_i8: i8,
    pub a_u16: u16,
    pub a_i16: i16,
    pub a_u32: u32,
    pub a_i32: i32,
    pub a_u64: u64,
    pub a_i64: i64,
    pub a_f32: f32,
    pub a_f64: f64,
    pub a_bool: bool,
    pub a_text: String,
    pub some_bytes: Vec<u8>,
    pub a_duration: Duration,
    pub a_timestamp: SystemTime,
    pub maybe: Option<i64>,
    pub maybe_point: Option<Point>,
    pub points: Vec<Point>,
    pub numbers: Vec<i64>,
    pub ratios: Vec<f32>,
    pub flags: Vec<bool>,
    pub names: HashSet<String>,
    pub table: HashMap<String, Vec<Option<u16>>>,
    pub point_table: HashMap<u64, Point>,
}

/// Defaults of all kinds.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Defaults {
    /// The only one without.
    pub first: u8,
    #[uniffi(default = 42)]
    pub number: i32,
    #[uniffi(default = -9223372036854775808)]
    pub lowest: i64,
    #[uniffi(default = 0xff)]
    pub hexadecimal: u16,
    #[uniffi(default = 1.5)]
    pub ratio: f64,
    #[uniffi(default = true)]
    pub flag: bool,
    #[uniffi(default = "it's \"quoted\" \\ and {braced}\n")]
    pub text: String,
    #[uniffi(default = None)]
    pub maybe: Option<String>,
    #[uniffi(default = Some("there"))]
    pub some: Option<String>,
    #[uniffi(default = [])]
    pub items: Vec<String>,
    #[uniffi(default)]
    pub table: HashMap<String, Point>,
    #[uniffi(default)]
    pub names: HashSet<String>,
    #[uniffi(default)]
    pub body: Vec<u8>,
    #[uniffi(default)]
    pub inner: InnerDefaults,
}

/// A record that is itself a default.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct InnerDefaults {
    #[uniffi(default = 3)]
    pub number: u8,
    #[uniffi(default)]
    pub items: Vec<u8>,
}

/// No fields at all.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Empty {}

/// Holds records without fields.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Empties {
    pub one: Empty,
    pub many: Vec<Empty>,
    pub maybe: Option<Empty>,
}

#[uniffi::export]
pub fn echo_point(point: Point) -> Point {
    point
}

#[uniffi::export]
pub fn echo_link(link: Link) -> Link {
    link
}

#[uniffi::export]
pub fn echo_page(page: Page) -> Page {
    page
}

#[uniffi::export]
pub fn echo_pages(pages: Vec<Page>) -> Vec<Page> {
    pages
}

#[uniffi::export]
pub fn echo_everything(value: Everything) -> Everything {
    value
}

#[uniffi::export]
pub fn echo_defaults(value: Defaults) -> Defaults {
    value
}

#[uniffi::export]
pub fn echo_empties(value: Empties) -> Empties {
    value
}

#[uniffi::export]
pub fn echo_points(points: HashMap<String, Vec<Point>>) -> HashMap<String, Vec<Point>> {
    points
}

/// A page with so many links.
#[uniffi::export]
pub fn page_with(links: u32) -> Page {
    let link =
        |index| Link { url: format!("https://example.org/{index}"), text: format!("Link {index}"), weight: None };
    Page {
        url: "https://example.org/".into(),
        title: Some("Example".into()),
        links: (0..links).map(link).collect(),
        words: HashMap::from([("example".into(), links)]),
        best: Some(link(0)),
        by_name: HashMap::from([("first".into(), link(0))]),
        body: b"<html>".to_vec(),
    }
}

/// A method on a record.
#[uniffi::export]
impl Point {
    /// How far from the origin, by streets.
    pub fn distance(&self) -> u64 {
        u64::from(self.x.unsigned_abs()) + u64::from(self.y.unsigned_abs())
    }

    /// Elsewhere.
    pub fn moved(&self, right: i32, up: i32) -> Point {
        Point { x: self.x.wrapping_add(right), y: self.y.wrapping_add(up) }
    }
}
