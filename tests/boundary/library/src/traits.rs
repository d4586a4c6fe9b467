//! Rust's own traits: `Display`, `Debug`, `Eq`, `Hash` and `Ord`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An object that is compared by its number, not by its label.
#[derive(Debug, uniffi::Object)]
#[uniffi::export(Debug, Display, Eq, Hash, Ord)]
pub struct Version {
    number: u32,
    label: String,
}

#[uniffi::export]
impl Version {
    #[uniffi::constructor]
    pub fn new(number: u32, label: String) -> Arc<Self> {
        Arc::new(Self { number, label })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{} {}", self.number, self.label)
    }
}

/// A record that is compared by its cents, not by its note.
#[derive(Debug, Clone, uniffi::Record)]
#[uniffi::export(Debug, Display, Eq, Hash, Ord)]
pub struct Money {
    pub cents: i64,
    pub note: String,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.cents / 100, self.cents % 100)
    }
}

/// An enum of which only the kind counts.
#[derive(Debug, Clone, uniffi::Enum)]
#[uniffi::export(Debug, Display, Eq, Hash, Ord)]
pub enum Grade {
    Good { points: u8 },
    Fair(u8),
    Poor,
}

impl Grade {
    fn rank(&self) -> u32 {
        match self {
            Self::Good { .. } => 2,
            Self::Fair(_) => 1,
            Self::Poor => 0,
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "grade {}", self.rank())
    }
}

/// An enum without fields, with an order of its own.
#[derive(Debug, Clone, Copy, uniffi::Enum)]
#[uniffi::export(Debug, Display, Ord)]
pub enum Size {
    Large,
    Small,
    Medium,
}

impl Size {
    fn rank(self) -> u32 {
        match self {
            Self::Small => 0,
            Self::Medium => 1,
            Self::Large => 2,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "size {}", self.rank())
    }
}

/// An error that is compared by its code, not by its text.
#[derive(Debug, Clone, thiserror::Error, uniffi::Error)]
#[uniffi::export(Debug, Display, Eq, Hash, Ord)]
pub enum Fault {
    #[error("fault {code}")]
    Coded { code: u32, text: String },
}

macro_rules! ordered_by {
    ($($type:ty: $value:ident => $key:expr),* $(,)?) => { $(
        impl Ord for $type {
            fn cmp(&self, other: &Self) -> Ordering {
                let key = |$value: &Self| $key;
                key(self).cmp(&key(other))
            }
        }

        impl PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }

        impl Eq for $type {}

        impl Hash for $type {
            fn hash<H: Hasher>(&self, state: &mut H) {
                let $value = self;
                $key.hash(state);
            }
        }
    )* };
}

ordered_by! {
    Version: it => it.number,
    Money: it => it.cents,
    Grade: it => it.rank(),
    Size: it => it.rank(),
    Fault: it => match it { Fault::Coded { code, .. } => *code },
}

#[uniffi::export]
pub fn echo_money(money: Money) -> Money {
    money
}

#[uniffi::export]
pub fn echo_grade(grade: Grade) -> Grade {
    grade
}

#[uniffi::export]
pub fn echo_size(size: Size) -> Size {
    size
}

/// Fails with a fault.
#[uniffi::export]
pub fn fail_with_fault(code: u32, text: String) -> Result<(), Fault> {
    Err(Fault::Coded { code, text })
}
