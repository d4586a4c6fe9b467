//! What `uniffi.toml` changes: attached functions, bases, renames, exclusions, calls that keep the GIL.

use crate::errors::CaseError;
use crate::futures::Yield;

/// A record that functions are attached to.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Leaflet {
    pub text: String,
    #[uniffi(default = 1)]
    pub pages: u32,
}

/// A leaflet of a text.
#[uniffi::export(default(pages = 2))]
pub fn parse_leaflet(text: String, pages: u32) -> Result<Leaflet, CaseError> {
    if text.is_empty() { Err(CaseError::Plain) } else { Ok(Leaflet { text, pages }) }
}

/// A leaflet for each text.
#[uniffi::export]
pub fn parse_leaflets(texts: Vec<String>) -> Vec<Leaflet> {
    texts.into_iter().map(|text| Leaflet { text, pages: 1 }).collect()
}

/// A leaflet, unless there is none.
#[uniffi::export]
pub fn find_leaflet(text: Option<String>) -> Option<Leaflet> {
    text.map(|text| Leaflet { text, pages: 1 })
}

/// A leaflet, later.
#[uniffi::export]
pub async fn fetch_leaflet(text: String) -> Leaflet {
    Yield::new(1).await;
    Leaflet { text, pages: 1 }
}

/// Adds without giving other threads a chance.
#[uniffi::export]
pub fn add_keeping_gil(a: u32, b: u32) -> u32 {
    a.wrapping_add(b)
}

#[uniffi::export]
pub fn rename_me(argument: RenamedRecord) -> u8 {
    argument.item
}

#[derive(uniffi::Record)]
pub struct RenamedRecord {
    pub item: u8,
}

#[uniffi::export]
pub fn excluded_function() {}

#[derive(uniffi::Record)]
pub struct ExcludedRecord {
    pub item: u8,
}

#[derive(uniffi::Object)]
pub struct Renaming;

#[uniffi::export]
impl Renaming {
    #[uniffi::constructor]
    pub fn new() -> Self {
        Self
    }

    pub fn method(&self) -> u8 {
        7
    }

    pub fn excluded_method(&self) {}
}
