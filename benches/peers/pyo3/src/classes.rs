//! Records as classes of PyO3's: a field becomes a Python object when it is read, each time anew.

use std::collections::HashMap;

use boundary_core as work;
use pyo3::prelude::*;

/// The smallest record.
#[pyclass(get_all, set_all, from_py_object)]
#[derive(Clone)]
pub struct TestDataClass {
    pub data: String,
    pub len: i32,
}

#[pymethods]
impl TestDataClass {
    #[new]
    fn new(data: String, len: i32) -> Self {
        Self { data, len }
    }
}

/// A link of a page.
#[pyclass(get_all, set_all, from_py_object)]
#[derive(Clone)]
pub struct LinkClass {
    pub url: String,
    pub text: String,
    pub rel: Option<String>,
}

/// A page.
#[pyclass(get_all, set_all, from_py_object)]
#[derive(Clone)]
pub struct SiteClass {
    pub id: String,
    pub url: String,
    pub host: String,
    pub title: String,
    pub lang: String,
    pub charset: String,
    pub path: String,
    pub scheme: String,
    pub description: Option<String>,
    pub author: Option<String>,
    pub canonical: Option<String>,
    pub favicon: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub status: u16,
    pub depth: i32,
    pub size: u64,
    pub tags: Vec<String>,
    pub links: Vec<LinkClass>,
    pub meta: HashMap<String, String>,
}

convert!(work::TestData, TestDataClass { data, len });
convert!(work::Link, LinkClass { url, text, rel });
convert!(work::Site, SiteClass { id, url, host, title, lang, charset, path, scheme, description, author, canonical, favicon, published, modified, status, depth, size, tags,  meta; links });
