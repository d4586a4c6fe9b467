//! The query string of a request.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

/// A decoded query string.
pub struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

/// A parameter whose value cannot be used; the text says which and why.
#[derive(Debug)]
pub struct BadQuery(pub String);

impl<'a> Query<'a> {
    pub fn parse(text: &'a str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).collect())
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value)
    }

    /// The number in `name`, or `default` when it is absent.
    pub fn number<T: FromStr<Err: Display>>(&self, name: &str, default: T) -> Result<T, BadQuery> {
        Ok(self.optional(name)?.unwrap_or(default))
    }

    /// The number in `name`, if it is there.
    pub fn optional<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, BadQuery> {
        let parse = |text: &str| text.parse().map_err(|error| BadQuery(format!("{name}={text}: {error}")));
        self.get(name).map(parse).transpose()
    }
}
