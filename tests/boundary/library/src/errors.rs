//! Errors.

use std::sync::Arc;

use crate::live::{Kind, Live};
use crate::records::{Link, Point};

/// What may go wrong, with what there is to know about it.
#[derive(Debug, Clone, thiserror::Error, uniffi::Error)]
pub enum CaseError {
    /// The input is bad: a \ backslash, """three quotes""".
    #[error("bad input {input:?} at {position}")]
    BadInput {
        /// What it was.
        input: String,
        /// Where it was.
        position: u32,
    },
    /// It isn't there.
    #[error("{0} is missing")]
    Missing(String),
    /// With records inside.
    #[error("broken link {}", link.url)]
    Broken { link: Link, path: Vec<Point>, cause: Option<Box<CaseError>> },
    /// Nothing to be said.
    #[error("nothing to be said")]
    Plain,
    /// With fields named as an exception's own.
    #[error("args {args} message {message}")]
    Clash { args: String, message: String },
    /// A callback went wrong.
    #[error("callback: {reason}")]
    Callback { reason: String },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for CaseError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Callback { reason: error.reason }
    }
}

/// Crosses as its message.
#[derive(Debug, Clone, thiserror::Error, uniffi::Error)]
#[uniffi(flat_error)]
pub enum FlatError {
    /// Not there.
    #[error("{name} was not found")]
    NotFound { name: String },
    /// Not allowed.
    #[error("not allowed")]
    NotAllowed,
}

/// An object that is an error.
#[derive(Debug, uniffi::Object)]
#[uniffi::export(Display, Debug)]
pub struct Problem {
    text: String,
    _live: Live,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "problem: {}", self.text)
    }
}

impl std::error::Error for Problem {}

#[uniffi::export]
impl Problem {
    /// What it is.
    pub fn text(&self) -> String {
        self.text.clone()
    }
}

/// A record that is an error's only word.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Report {
    pub text: String,
}

/// Fails as it is told: nothing for 0.
#[uniffi::export]
pub fn fail_with(which: u8) -> Result<u8, CaseError> {
    let link = Link { url: "https://example.org".into(), text: "there".into(), weight: Some(0.5) };
    Err(match which {
        0 => return Ok(0),
        1 => CaseError::BadInput { input: "ä\"\\".into(), position: 7 },
        2 => CaseError::Missing("it".into()),
        3 => CaseError::Broken { link, path: vec![Point { x: 1, y: 2 }], cause: Some(Box::new(CaseError::Plain)) },
        4 => CaseError::Plain,
        5 => CaseError::Clash { args: "mine".into(), message: "said".into() },
        _ => panic!("no error number {which}"),
    })
}

/// Fails with this very error.
#[uniffi::export]
pub fn fail_with_this(error: CaseError) -> Result<(), CaseError> {
    Err(error)
}

/// The error, returned.
#[uniffi::export]
pub fn echo_error(error: CaseError) -> CaseError {
    error
}

/// Fails with a flat error.
#[uniffi::export]
pub fn fail_flatly(name: Option<String>) -> Result<(), FlatError> {
    Err(name.map_or(FlatError::NotAllowed, |name| FlatError::NotFound { name }))
}

/// Fails with an object.
#[uniffi::export]
pub fn fail_with_object(text: String) -> Result<(), Arc<Problem>> {
    Err(Arc::new(Problem { text, _live: Live::new(Kind::Problem) }))
}

/// Panics with these words.
#[uniffi::export]
pub fn panic_with(text: String) -> u8 {
    panic!("{text}")
}

/// Panics with something that isn't text.
#[uniffi::export]
pub fn panic_without_words() {
    std::panic::panic_any(7_u8)
}

/// Panics where an error is declared.
#[uniffi::export]
pub fn panic_or_fail() -> Result<(), CaseError> {
    let nothing: Option<u8> = None;
    nothing.expect("there is nothing");
    Ok(())
}
