//! Enums.

use crate::records::{Link, Point};

/// Without fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum Direction {
    /// Where it's cold.
    North,
    /// Where the sun goes up.
    East,
    /// Where it's warm.
    South,
    /// Where the sun goes down.
    West,
}

/// Numbered by hand.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Level {
    /// The lowest.
    Low = 3,
    /// One more.
    Middle,
    /// The highest.
    High = 200,
}

/// Numbered below zero.
#[repr(i8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Signed {
    Minus = -3,
    Zero = 0,
    Plus = 3,
}

/// A shape: each \ kind has "fields" of its own.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum Shape {
    /// Nothing at all.
    Nothing,
    /// Round.
    Circle {
        /// How far from the middle.
        radius: f64,
        /// Where the middle is.
        #[uniffi(default = None)]
        center: Option<Point>,
    },
    /// With corners.
    Polygon(Vec<Point>),
    /// Two without names.
    Pair(Point, Link),
    /// A name in two words.
    RoundedBox { width: u16, height: u16, corners: Vec<Shape> },
}

/// Holds enums.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Drawing {
    pub shapes: Vec<Shape>,
    pub direction: Direction,
    #[uniffi(default = None)]
    pub level: Option<Level>,
}

#[uniffi::export]
pub fn echo_direction(direction: Direction) -> Direction {
    direction
}

#[uniffi::export]
pub fn echo_directions(directions: Vec<Option<Direction>>) -> Vec<Option<Direction>> {
    directions
}

#[uniffi::export]
pub fn echo_level(level: Level) -> Level {
    level
}

#[uniffi::export]
pub fn echo_signed(signed: Signed) -> Signed {
    signed
}

#[uniffi::export]
pub fn echo_shape(shape: Shape) -> Shape {
    shape
}

#[uniffi::export]
pub fn echo_shapes(shapes: Vec<Shape>) -> Vec<Shape> {
    shapes
}

#[uniffi::export]
pub fn echo_drawing(drawing: Drawing) -> Drawing {
    drawing
}

#[uniffi::export(default(steps = 1))]
pub fn turned(direction: Direction, steps: u8) -> Direction {
    let all = [Direction::North, Direction::East, Direction::South, Direction::West];
    all[(direction as usize + steps as usize) % 4]
}

#[uniffi::export]
impl Shape {
    /// How much it covers, more or less.
    pub fn area(&self) -> f64 {
        match self {
            Self::Circle { radius, .. } => radius * radius * std::f64::consts::PI,
            Self::RoundedBox { width, height, .. } => f64::from(*width) * f64::from(*height),
            _ => 0.0,
        }
    }
}

#[uniffi::export]
impl Direction {
    /// The other way.
    pub fn opposite(&self) -> Direction {
        turned(*self, 2)
    }
}
