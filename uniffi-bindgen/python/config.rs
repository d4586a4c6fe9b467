//! The `[bindings.python]` table of a crate's `uniffi.toml`.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a `uniffi.toml` may say about the Python bindings. Renames and excludes are read by the pipeline.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The library's file name without prefix and extension; the crate's own by default.
    pub cdylib_name: Option<String>,
    /// How custom types are converted, by their name in Rust.
    pub custom_types: BTreeMap<String, CustomType>,
    /// Python packages of other crates' bindings, by namespace; empty for a top-level module.
    pub external_packages: BTreeMap<String, String>,
    /// Further base classes of records, objects, errors and errors' variants: `"Site" = ["pkg.module.Methods"]`,
    /// `"MyError.BadInput" = ["ValueError"]`. What has a dot is imported; it must not need this module at import.
    pub bases: BTreeMap<String, Vec<String>>,
    /// Functions and `Type.method`s that the accelerator calls without releasing the GIL, since they are
    /// known to be tiny and never to block.
    pub keep_gil: Vec<String>,
    /// Free functions that are static methods of a type too: `"Site.from_url" = "fetch_site"`.
    pub static_methods: BTreeMap<String, String>,
    /// The same as class methods, which return the class that they are called on.
    pub class_methods: BTreeMap<String, String>,
}

/// The conversion of one custom type.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CustomType {
    pub imports: Vec<String>,
    pub type_name: Option<String>,
    #[serde(alias = "into_custom")]
    pub lift: String,
    #[serde(alias = "from_custom")]
    pub lower: String,
}

impl Config {
    pub fn parse(toml: Option<&str>) -> Result<Self> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Bindings {
            python: Config,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct File {
            bindings: Bindings,
        }
        let Some(toml) = toml else { return Ok(Self::default()) };
        let file: File = toml::from_str(toml).context("uniffi.toml: the [bindings.python] table can't be read")?;
        Ok(file.bindings.python)
    }
}
