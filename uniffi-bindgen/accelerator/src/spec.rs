//! Reading what the generated module says about its library.

use std::ffi::CStr;

use crate::api;
use crate::errors::{class_name, raise};
use crate::object::{Object, Raised, Result, utf8};

/// A tuple of a spec.
#[derive(Clone, Copy)]
pub(crate) struct Tuple<'a> {
    object: &'a Object,
    length: usize,
}

impl<'a> Tuple<'a> {
    /// TypeError when it isn't a tuple.
    pub(crate) fn new(object: &'a Object, what: &CStr) -> Result<Self> {
        if !object.is_a(api::PyTuple_Type()) {
            return Err(expected(what, c"a tuple", object));
        }
        // SAFETY: a tuple.
        let length = unsafe { api::PyTuple_Size(object.as_raw()) };
        Ok(Self { object, length: length.cast_unsigned() })
    }

    pub(crate) fn len(self) -> usize {
        self.length
    }

    pub(crate) fn get(self, index: usize) -> Option<&'a Object> {
        if index >= self.length {
            return None;
        }
        // SAFETY: an index within a tuple, which keeps its items alive.
        Some(unsafe { Object::borrow(api::PyTuple_GetItem(self.object.as_raw(), index.cast_signed())) })
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'a Object> {
        (0..self.length).filter_map(move |index| self.get(index))
    }

    /// What `each` makes of its items. (As a trait object, so that there aren't many copies of this.)
    pub(crate) fn map<T>(self, each: &mut dyn FnMut(&'a Object) -> Result<T>) -> Result<Vec<T>> {
        let mut all = Vec::with_capacity(self.length);
        for item in self.iter() {
            all.push(each(item)?);
        }
        Ok(all)
    }

    /// Exactly so many parts; ValueError otherwise.
    #[inline]
    pub(crate) fn parts<const N: usize>(self, what: &CStr) -> Result<[&'a Object; N]> {
        let mut parts = [self.object; N];
        self.fill(&mut parts, what)?;
        Ok(parts)
    }

    fn fill(self, parts: &mut [&'a Object], what: &CStr) -> Result<()> {
        if self.length != parts.len() {
            let (expected, given) = (parts.len().cast_signed(), self.length.cast_signed());
            return Err(raise!(PyExc_ValueError, c"%s has %zd parts, not %zd", what.as_ptr(), expected, given));
        }
        for (part, item) in parts.iter_mut().zip(self.iter()) {
            *part = item;
        }
        Ok(())
    }
}

/// TypeError: "a record's fields must be a tuple, not list".
#[cold]
pub(crate) fn expected(what: &CStr, kind: &CStr, found: &Object) -> Raised {
    match class_name(found) {
        Ok(name) => raise!(PyExc_TypeError, c"%s must be %s, not %U", what.as_ptr(), kind.as_ptr(), name.as_raw()),
        Err(raised) => raised,
    }
}

/// The text of a string; TypeError when it isn't one.
pub(crate) fn text<'a>(object: &'a Object, what: &CStr) -> Result<&'a [u8]> {
    if object.is_a(api::PyUnicode_Type()) { utf8(object) } else { Err(expected(what, c"a str", object)) }
}

/// A callable; TypeError when it isn't one.
pub(crate) fn callable<'a>(object: &'a Object, what: &CStr) -> Result<&'a Object> {
    // SAFETY: an object.
    let callable = unsafe { api::PyCallable_Check(object.as_raw()) } != 0;
    if callable { Ok(object) } else { Err(expected(what, c"callable", object)) }
}

/// A callable or None; TypeError for anything else.
pub(crate) fn optional_callable<'a>(object: &'a Object, what: &CStr) -> Result<Option<&'a Object>> {
    if object.is_none() { Ok(None) } else { callable(object, what).map(Some) }
}

/// What a dict has under a key; TypeError when it has nothing.
pub(crate) fn item<'a>(dict: &'a Object, key: &CStr) -> Result<&'a Object> {
    let key = crate::object::intern(key)?;
    // SAFETY: a dict, which keeps what it returns alive, and a string.
    let found = unsafe { api::PyDict_GetItemWithError(dict.as_raw(), key.as_raw()) };
    if found.is_null() {
        // SAFETY: asks whether that failed; a string doesn't.
        unsafe { api::PyErr_Clear() };
        return Err(raise!(PyExc_TypeError, c"the spec has no %R", key.as_raw()));
    }
    // SAFETY: as above.
    Ok(unsafe { Object::borrow(found) })
}
