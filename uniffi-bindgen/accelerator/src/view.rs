//! The memory of bytes-like objects.

use std::marker::PhantomData;
use std::{ptr, slice};

use crate::api;
use crate::errors::{is_set, raise, wrong_type};
use crate::object::{Object, Result, done};

/// The memory of an object.
pub(crate) struct View<'a> {
    data: *const u8,
    length: usize,
    hold: Option<Hold>,
    object: PhantomData<&'a Object>,
}

/// Keeps the memory of an object where it is. A `bytes` object needs none.
pub(crate) struct Hold(Box<api::Buffer>);

impl<'a> View<'a> {
    /// TypeError for what isn't bytes-like, OverflowError for what is too large for UniFFI.
    pub(crate) fn new(object: &'a Object) -> Result<Self> {
        let view = if object.is_exactly(api::PyBytes_Type()) { Self::of_bytes(object)? } else { Self::of_any(object)? };
        if i32::try_from(view.length).is_err() {
            return Err(raise!(PyExc_OverflowError, c"a bytes-like object of more than 2147483647 bytes"));
        }
        Ok(view)
    }

    fn of_bytes(object: &'a Object) -> Result<Self> {
        let (mut data, mut length) = (ptr::null_mut(), 0);
        // SAFETY: a `bytes` object, and places for its address and length.
        done(unsafe { api::PyBytes_AsStringAndSize(object.as_raw(), &raw mut data, &raw mut length) })?;
        Ok(Self { data: data.cast(), length: length.cast_unsigned(), hold: None, object: PhantomData })
    }

    fn of_any(object: &'a Object) -> Result<Self> {
        let mut buffer = Box::<api::Buffer>::new_uninit();
        // SAFETY: an object, and a place for what it fills in; 0 asks for plain, contiguous bytes.
        if let Err(raised) = done(unsafe { api::PyObject_GetBuffer(object.as_raw(), buffer.as_mut_ptr(), 0) }) {
            let other = is_set(api::PyExc_TypeError());
            return Err(if other { wrong_type(c"a bytes-like object", object) } else { raised });
        }
        // SAFETY: it was filled in.
        let buffer = unsafe { buffer.assume_init() };
        let (data, length) = (buffer.data.cast_const().cast(), buffer.length.cast_unsigned());
        Ok(Self { data, length, hold: Some(Hold(buffer)), object: PhantomData })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        if self.length == 0 {
            return &[];
        }
        // SAFETY: the object has so many bytes there, and the object or the hold keeps them in place. That Python code
        // writes to them meanwhile can't be ruled out, as for every buffer that Python lends.
        unsafe { slice::from_raw_parts(self.data, self.length) }
    }

    /// What keeps the memory in place, if the object alone doesn't.
    pub(crate) fn hold(self) -> Option<Hold> {
        self.hold
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // SAFETY: `PyObject_GetBuffer` filled it in.
        unsafe { api::PyBuffer_Release(&raw mut *self.0) };
    }
}
