//! Records as dataclasses with slots, defined in `callers/records.py`: every field is a Python object when the call
//! returns.

use std::collections::HashMap;

use boundary_core as work;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyType};

/// The smallest record.
#[derive(FromPyObject)]
pub struct TestData {
    pub data: String,
    pub len: i32,
}

/// A link of a page.
#[derive(FromPyObject)]
pub struct Link {
    pub url: String,
    pub text: String,
    pub rel: Option<String>,
}

/// A page.
#[derive(FromPyObject)]
pub struct Site {
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
    pub links: Vec<Link>,
    pub meta: HashMap<String, String>,
}

convert!(work::TestData, TestData { data, len });
convert!(work::Link, Link { url, text, rel });
convert!(work::Site, Site { id, url, host, title, lang, charset, path, scheme, description, author, canonical, favicon, published, modified, status, depth, size, tags,  meta; links });

/// Makes the dataclass of the same name, by a call with all its fields.
macro_rules! dataclass {
    ($name:ident { $($field:ident),* }) => {
        impl<'py> IntoPyObject<'py> for $name {
            type Target = PyAny;
            type Output = Bound<'py, PyAny>;
            type Error = PyErr;

            fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
                static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
                let class = CLASS.import(py, "callers.records", stringify!($name))?;
                class.call1(PyTuple::new(py, [$(self.$field.into_bound_py_any(py)?),*])?)
            }
        }
    };
}

dataclass!(TestData { data, len });
dataclass!(Link { url, text, rel });
dataclass!(Site {
    id,
    url,
    host,
    title,
    lang,
    charset,
    path,
    scheme,
    description,
    author,
    canonical,
    favicon,
    published,
    modified,
    status,
    depth,
    size,
    tags,
    links,
    meta
});
