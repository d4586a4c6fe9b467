//! Raising exceptions.

use std::ffi::CStr;
use std::ptr;

use crate::api::{self, Raw};
use crate::object::{Object, Raised, Ref, Result};

/// Raises an exception with a message put together by `PyErr_Format`: the kind, a C string literal, its arguments.
///
/// `%U` takes the raw pointer of a string, `%R` of any object, `%zd` an `isize`, `%lld` an `i64`.
macro_rules! raise {
    ($kind:ident, $format:literal $(, $arg:expr)+) => {{
        // SAFETY: the format and its arguments match; each caller can check that at a glance.
        unsafe { $crate::api::PyErr_Format()($crate::api::$kind().as_raw(), $format.as_ptr(), $($arg),+) };
        $crate::object::Raised
    }};
    ($kind:ident, $message:literal) => {
        $crate::errors::raise_text($crate::api::$kind(), $message)
    };
}
pub(crate) use raise;

/// Raises `kind(message)`.
#[cold]
pub(crate) fn raise_text(kind: &Object, message: &CStr) -> Raised {
    // SAFETY: an exception class and a C string.
    unsafe { api::PyErr_SetString(kind.as_raw(), message.as_ptr()) };
    Raised
}

/// Raises `kind(value)`, or `value` when that is an instance of `kind`.
#[cold]
pub(crate) fn raise_value(kind: &Object, value: &Object) -> Raised {
    // SAFETY: two objects; Python itself checks that `kind` is an exception class.
    unsafe { api::PyErr_SetObject(kind.as_raw(), value.as_raw()) };
    Raised
}

/// Raises an instance of an exception.
#[cold]
pub(crate) fn raise_instance(exception: &Object) -> Raised {
    raise_value(exception.class(), exception)
}

/// Whether the exception that is set is an instance of `kind`.
pub(crate) fn is_set(kind: &Object) -> bool {
    // SAFETY: an exception is set, and `kind` is an exception class.
    unsafe { api::PyErr_ExceptionMatches(kind.as_raw()) != 0 }
}

/// Takes the exception that is set away and returns it.
pub(crate) fn take() -> Option<Ref> {
    let (mut kind, mut value, mut traceback) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: three places that get references or null; normalizing replaces them by references.
    unsafe {
        api::PyErr_Fetch(&raw mut kind, &raw mut value, &raw mut traceback);
        if kind.is_null() {
            return None;
        }
        api::PyErr_NormalizeException(&raw mut kind, &raw mut value, &raw mut traceback);
    }
    // SAFETY: references that the functions above gave us.
    let (kind, value, traceback) = unsafe { (Ref::steal(kind), Ref::steal(value), Ref::steal(traceback)) };
    drop(kind);
    if let (Ok(value), Ok(traceback)) = (&value, &traceback) {
        // SAFETY: an exception and its traceback. It can't fail for a traceback.
        unsafe { api::PyException_SetTraceback(value.as_raw(), traceback.as_raw()) };
    }
    value.ok()
}

/// A value of the wrong type: "an integer is required, not str".
#[cold]
pub(crate) fn wrong_type(required: &CStr, value: &Object) -> Raised {
    match class_name(value) {
        Ok(name) => raise!(PyExc_TypeError, c"%s is required, not %U", required.as_ptr(), name.as_raw()),
        Err(raised) => raised,
    }
}

/// A value of the wrong class: "a Site is required, not Link".
#[cold]
pub(crate) fn wrong_class(required: &Object, value: &Object) -> Raised {
    let names = required.attribute(crate::names::get().name).and_then(|required| Ok((required, class_name(value)?)));
    match names {
        Ok((required, name)) => raise!(PyExc_TypeError, c"a %S is required, not %U", required.as_raw(), name.as_raw()),
        Err(raised) => raised,
    }
}

/// The name of an object's class, for messages.
pub(crate) fn class_name(value: &Object) -> Result<Ref> {
    value.class().attribute(crate::names::get().name)
}

/// Keeps the exception that is set, if any, out of the way of what must be done meanwhile.
pub(crate) struct Aside([Raw; 3]);

impl Aside {
    pub(crate) fn new() -> Self {
        let mut parts = [ptr::null_mut(); 3];
        let [kind, value, traceback] = &mut parts;
        // SAFETY: three places that get references or null.
        unsafe { api::PyErr_Fetch(kind, value, traceback) };
        Self(parts)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let [kind, value, traceback] = self.0;
        // SAFETY: what was fetched. What was set meanwhile is replaced.
        unsafe { api::PyErr_Restore(kind, value, traceback) };
    }
}
