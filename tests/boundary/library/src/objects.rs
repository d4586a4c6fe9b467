//! Objects.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use crate::errors::CaseError;
use crate::futures::{Sleep, Yield};
use crate::live::{Kind, Live};

/// Counts.
#[derive(Debug, uniffi::Object)]
pub struct Counter {
    value: Mutex<i64>,
    _live: Live,
}

impl Counter {
    pub fn of(start: i64) -> Arc<Self> {
        Arc::new(Self { value: Mutex::new(start), _live: Live::new(Kind::Counter) })
    }
}

#[uniffi::export]
impl Counter {
    /// Starts at zero, or elsewhere.
    #[uniffi::constructor(default(start = 0))]
    pub fn new(start: i64) -> Arc<Self> {
        Self::of(start)
    }

    /// Starts where a text says.
    #[uniffi::constructor]
    pub fn parse(text: String) -> Result<Arc<Self>, CaseError> {
        text.parse().map(Self::of).map_err(|_| CaseError::BadInput { input: text, position: 0 })
    }

    /// Starts a little later.
    #[uniffi::constructor]
    pub async fn later(start: i64, milliseconds: u64) -> Result<Arc<Self>, CaseError> {
        if milliseconds > 0 {
            Sleep::new(milliseconds).await;
        }
        if start < 0 { Err(CaseError::Plain) } else { Ok(Self::of(start)) }
    }

    /// Counts, and says where it is.
    #[uniffi::method(default(by = 1))]
    pub fn increment(&self, by: i64) -> i64 {
        let mut value = self.value.lock().unwrap();
        *value = value.wrapping_add(by);
        *value
    }

    /// Where it is.
    pub fn value(&self) -> i64 {
        *self.value.lock().unwrap()
    }

    /// Where it is, looked at without a pause.
    pub fn peek(&self) -> i64 {
        *self.value.lock().unwrap()
    }

    /// Adds another one's count.
    pub fn add(&self, other: Arc<Counter>) -> i64 {
        let by = other.value();
        self.increment(by)
    }

    /// Itself.
    pub fn itself(self: Arc<Self>) -> Arc<Self> {
        self
    }

    /// True for the same Rust object.
    pub fn is_same(self: Arc<Self>, other: Arc<Counter>) -> bool {
        Arc::ptr_eq(&self, &other)
    }

    /// How many references there are, this call's own included.
    pub fn references(self: Arc<Self>) -> u64 {
        Arc::strong_count(&self) as u64
    }

    /// Fails.
    pub fn fail(&self) -> Result<i64, CaseError> {
        Err(CaseError::Missing(self.value().to_string()))
    }

    /// Panics.
    pub fn panic(&self) -> i64 {
        panic!("counter at {}", self.value())
    }

    /// Takes its time.
    pub fn sleep(&self, milliseconds: u64) -> i64 {
        std::thread::sleep(Duration::from_millis(milliseconds));
        self.value()
    }

    /// Counts when it has waited.
    #[uniffi::method(default(milliseconds = 0))]
    pub async fn increment_later(&self, by: i64, milliseconds: u64) -> i64 {
        if milliseconds > 0 {
            Sleep::new(milliseconds).await;
        } else {
            Yield::new(1).await;
        }
        self.increment(by)
    }
}

/// Can't be made of everything.
#[derive(uniffi::Object)]
pub struct Gauge {
    level: u8,
    _live: Live,
}

#[uniffi::export]
impl Gauge {
    /// Of a level up to a hundred.
    #[uniffi::constructor]
    pub fn new(level: u8) -> Result<Self, CaseError> {
        match level {
            0..=100 => Ok(Self { level, _live: Live::new(Kind::Other) }),
            255 => panic!("the gauge has burst"),
            _ => Err(CaseError::BadInput { input: level.to_string(), position: 0 }),
        }
    }

    /// Its level.
    pub fn level(&self) -> u8 {
        self.level
    }
}

/// Made in Rust only.
#[derive(uniffi::Object)]
pub struct Sealed {
    _live: Live,
}

#[uniffi::export]
impl Sealed {
    /// What it is.
    pub fn name(&self) -> String {
        "sealed".into()
    }
}

/// Makes one.
#[uniffi::export]
pub fn make_sealed() -> Arc<Sealed> {
    Arc::new(Sealed { _live: Live::new(Kind::Other) })
}

/// One of a graph.
#[derive(uniffi::Object)]
pub struct Node {
    name: String,
    parent: Mutex<Weak<Node>>,
    children: Mutex<Vec<Arc<Node>>>,
    _live: Live,
}

#[uniffi::export]
impl Node {
    /// Alone.
    #[uniffi::constructor]
    pub fn new(name: String) -> Arc<Self> {
        Arc::new(Self { name, parent: Mutex::default(), children: Mutex::default(), _live: Live::new(Kind::Node) })
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// Takes another one in.
    pub fn adopt(self: Arc<Self>, child: Arc<Node>) {
        *child.parent.lock().unwrap() = Arc::downgrade(&self);
        self.children.lock().unwrap().push(child);
    }

    /// All that it took in.
    pub fn children(&self) -> Vec<Arc<Node>> {
        self.children.lock().unwrap().clone()
    }

    /// Who took it in.
    pub fn parent(&self) -> Option<Arc<Node>> {
        self.parent.lock().unwrap().upgrade()
    }
}

/// A record that holds objects.
#[derive(uniffi::Record)]
pub struct Team {
    pub leader: Arc<Counter>,
    pub members: Vec<Arc<Counter>>,
    pub by_name: HashMap<String, Arc<Counter>>,
    #[uniffi(default = None)]
    pub spare: Option<Arc<Counter>>,
    #[uniffi(default = "")]
    pub name: String,
}

/// An enum that holds objects.
#[derive(uniffi::Enum)]
pub enum Holding {
    Nothing,
    One(Arc<Counter>),
    Many { counters: Vec<Arc<Counter>>, note: String },
}

/// The team, its objects being the same ones.
#[uniffi::export]
pub fn echo_team(team: Team) -> Team {
    team
}

/// What all of them have counted.
#[uniffi::export]
pub fn sum_of_team(team: Team) -> i64 {
    let members = team.members.iter().chain(team.by_name.values()).chain(&team.spare);
    members.fold(team.leader.value(), |sum, counter| sum.wrapping_add(counter.value()))
}

#[uniffi::export]
pub fn echo_holding(holding: Holding) -> Holding {
    holding
}

#[uniffi::export]
pub fn echo_counters(counters: Vec<Arc<Counter>>) -> Vec<Arc<Counter>> {
    counters
}

/// The first, and then what can't always be passed.
#[uniffi::export]
pub fn pick(first: Arc<Counter>, others: Vec<Arc<Counter>>, index: u8, note: String) -> Option<Arc<Counter>> {
    let _ = note;
    if index == 0 { Some(first) } else { others.get(index as usize - 1).cloned() }
}

/// So many new ones.
#[uniffi::export]
pub fn counters(count: u32) -> Vec<Arc<Counter>> {
    (0..count).map(|start| Counter::of(start.into())).collect()
}

/// Given a class to inherit from, by `uniffi.toml`.
#[derive(uniffi::Object)]
pub struct Based {
    name: String,
}

#[uniffi::export]
impl Based {
    #[uniffi::constructor]
    pub fn new(name: String) -> Self {
        Self { name }
    }

    pub fn name(&self) -> String {
        self.name.clone()
    }
}
