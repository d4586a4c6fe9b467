//! Names that mean something else in Python: keywords, builtins, and what the generated code calls its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

uniffi::setup_scaffolding!("boundary_names");

/// Fields named as Python's builtins and keywords are.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Named {
    /// Not the builtin.
    pub r#type: String,
    /// Not the builtin.
    pub list: Vec<String>,
    /// Not the builtin.
    pub len: u32,
    /// Not the builtin.
    pub int: i64,
    /// Not the builtin.
    pub str: String,
    /// Not the builtin.
    pub dict: HashMap<String, Vec<u8>>,
    /// A keyword.
    pub class: bool,
    /// A keyword.
    pub lambda: f64,
    /// A keyword.
    #[uniffi(default = None)]
    pub from: Option<String>,
    /// Not the builtin.
    #[uniffi(default)]
    pub set: Vec<u8>,
    /// Not the builtin.
    #[uniffi(default = 5)]
    pub object: u8,
    /// Not the decorator.
    #[uniffi(default = true)]
    pub property: bool,
    /// After the others, of types whose names are fields' names by now.
    pub more: Vec<i64>,
    /// As above.
    pub text: String,
}

/// Fields named as the generated code's own variables and modules are.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Inner {
    pub value: i32,
    pub add: String,
    pub taken: String,
    pub b: i16,
    pub o: i16,
    pub typing: String,
    pub dataclasses: String,
    pub handle: u64,
    pub other: Option<String>,
    pub fields: Vec<String>,
}

/// Variants whose names would not do in Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Reserved {
    /// A keyword.
    None,
    /// A keyword.
    True,
    /// An attribute of every member.
    Name,
    /// An attribute of every member.
    Value,
    /// A method of `enum.Enum`'s class.
    Mro,
    /// As above, in capitals.
    Class,
}

/// Variants named as types are.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum Token {
    /// Not the type.
    Int { int: i64 },
    /// Not the type.
    Str { str: String },
    /// Not the record.
    Named { named: Named },
    /// Two without names.
    List(Vec<i64>, Vec<String>),
    /// Nothing.
    None,
}

/// Errors named as Python's own are.
#[derive(Debug, Clone, thiserror::Error, uniffi::Error)]
pub enum NameError {
    /// As Python's.
    #[error("value {args}")]
    ValueError { args: String },
    /// With a field that an exception has already.
    #[error("type {with_traceback}")]
    TypeError { with_traceback: String, message: String },
    /// As Python's.
    #[error("exception")]
    Exception,
}

/// Not the builtin.
#[uniffi::export]
pub fn list(items: Vec<i64>) -> Vec<i64> {
    items
}

/// Not the builtin.
#[uniffi::export]
pub fn len(list: Vec<String>) -> u64 {
    list.len() as u64
}

/// Nearly the builtin.
#[uniffi::export]
pub fn type_(r#type: String) -> String {
    r#type
}

/// Not the builtin.
#[uniffi::export]
pub fn range(int: i64, float: f64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    let int = int as f64;
    int + float
}

/// Not the builtin.
#[uniffi::export]
pub fn isinstance(object: String) -> String {
    object
}

/// Not the builtin.
#[uniffi::export]
pub fn set(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

/// A keyword.
#[uniffi::export]
pub fn pass(import: u8) -> u8 {
    import
}

/// A method's name as an argument, and more of that kind.
#[uniffi::export]
#[allow(clippy::too_many_arguments, reason = "names are what it's about")]
pub fn arguments(
    self_: String,
    call: i8,
    result: i64,
    status: u64,
    int: i32,
    struct_: bool,
    class: f32,
    cls: u8,
    ctypes: String,
    value: Vec<String>,
) -> String {
    format!("{self_} {call} {result} {status} {int} {struct_} {class} {cls} {ctypes} {}", value.join("+"))
}

/// Fails with an error that is named as one of Python's.
#[uniffi::export]
pub fn fail(which: u8) -> Result<(), NameError> {
    match which {
        0 => Ok(()),
        1 => Err(NameError::ValueError { args: "mine".into() }),
        2 => Err(NameError::TypeError { with_traceback: "its own".into(), message: "said".into() }),
        _ => Err(NameError::Exception),
    }
}

#[uniffi::export]
pub fn echo_named(named: Named) -> Named {
    named
}

#[uniffi::export]
pub fn echo_inner(inner: Inner) -> Inner {
    inner
}

#[uniffi::export]
pub fn echo_reserved(reserved: Reserved) -> Reserved {
    reserved
}

#[uniffi::export]
pub fn echo_token(token: Token) -> Token {
    token
}

#[uniffi::export]
pub fn echo_map(dict: HashMap<String, i64>) -> HashMap<String, i64> {
    dict
}

#[uniffi::export]
pub async fn echo_later(list: Vec<i64>, str: String) -> String {
    format!("{str}{}", list.len())
}

/// Methods named as an object's own are.
#[derive(uniffi::Object)]
pub struct Object {
    list: Mutex<Vec<i64>>,
}

#[uniffi::export]
impl Object {
    #[uniffi::constructor]
    pub fn new(list: Vec<i64>) -> Arc<Self> {
        Arc::new(Self { list: Mutex::new(list) })
    }

    /// Named as a type that later annotations use.
    pub fn list(&self) -> Vec<i64> {
        self.list.lock().unwrap().clone()
    }

    /// After a method of that name.
    pub fn append(&self, list: Vec<i64>) -> Vec<i64> {
        let mut own = self.list.lock().unwrap();
        own.extend(list);
        own.clone()
    }

    /// Not `__class__`.
    pub fn class(&self) -> String {
        "Object".into()
    }

    /// Named as a type that later annotations use.
    pub fn str(&self) -> String {
        "text".into()
    }

    /// After a method of that name.
    pub fn echo(&self, str: String) -> String {
        str
    }

    /// Named as what Python calls a method's first argument.
    pub fn greet(&self, self_: String, cls: String) -> String {
        format!("{self_} {cls}")
    }

    /// Named as what Python calls a class method's first argument.
    #[uniffi::constructor]
    pub fn of(cls: Vec<i64>, self_: i64) -> Arc<Self> {
        let mut list = cls;
        list.push(self_);
        Self::new(list)
    }
}

/// Arguments of a callback.
#[uniffi::export(callback_interface)]
pub trait Handler: Send + Sync {
    /// Named as what the generated code calls its own.
    fn handle(&self, handle: u64, out: String, status: i8, free: bool) -> String;
    /// As above.
    fn free(&self) -> u8;
    /// As above.
    fn clone(&self) -> u8;
}

#[uniffi::export]
pub fn use_handler(handler: Box<dyn Handler>) -> String {
    format!("{} {} {}", handler.handle(7, "out".into(), -1, true), handler.free(), handler.clone())
}
