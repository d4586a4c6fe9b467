//! References to Python objects.
//!
//! Everything in this crate runs with the GIL held, except where it says otherwise: that is what makes these functions
//! safe to call. Neither [`Ref`] nor [`Object`] can be sent to another thread, and where the GIL is released nothing of
//! this module is used.

use std::cell::UnsafeCell;
use std::fmt;
use std::ops::Deref;
use std::ptr::{self, NonNull};

use crate::api::{self, Raw};
use crate::layout::{self, Counting};

/// A Python object that something else keeps alive.
#[repr(C)]
pub(crate) struct Object {
    /// The reference count, whose width depends on the version.
    count: UnsafeCell<usize>,
    class: UnsafeCell<Raw>,
}

/// A strong reference.
#[repr(transparent)]
pub(crate) struct Ref(NonNull<Object>);

/// A Python exception is set and has to be passed on (or cleared).
#[derive(Debug)]
pub(crate) struct Raised;

pub(crate) type Result<T> = std::result::Result<T, Raised>;

impl Object {
    /// The object behind a C pointer.
    ///
    /// # Safety
    ///
    /// The pointer must be an object that stays alive as long as `'a`.
    #[inline]
    pub(crate) unsafe fn borrow<'a>(raw: Raw) -> &'a Self {
        // SAFETY: as the caller promises.
        unsafe { &*raw }
    }

    #[inline]
    pub(crate) fn as_raw(&self) -> Raw {
        ptr::from_ref(self).cast_mut()
    }

    /// Another strong reference to it.
    ///
    /// The count is written in the width in which Python reads it: a processor is slow to read what was just written in
    /// another.
    #[inline]
    pub(crate) fn own(&self) -> Ref {
        let count = self.count.get();
        // SAFETY: the count is where and what the probes found it to be, and the GIL is held.
        unsafe {
            if layout::get().counting == Counting::Wide {
                *count = (*count).wrapping_add(1);
            } else if let count = count.cast::<u32>()
                && (*count).cast_signed() >= 0
            {
                *count += 1;
            }
        }
        Ref(NonNull::from(self))
    }

    /// Its class, `type(self)`.
    #[inline]
    pub(crate) fn class(&self) -> &Self {
        // SAFETY: the probes found the class there; an object keeps its class alive.
        unsafe { &**self.class.get() }
    }

    #[inline]
    pub(crate) fn is(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }

    /// Whether its class is this one and no subclass.
    #[inline]
    pub(crate) fn is_exactly(&self, class: &Self) -> bool {
        self.class().is(class)
    }

    #[inline]
    pub(crate) fn is_none(&self) -> bool {
        self.is(api::_Py_NoneStruct())
    }

    /// Whether its class is `class` or derived from it, by inheritance alone.
    pub(crate) fn is_a(&self, class: &Self) -> bool {
        // SAFETY: two classes.
        self.is_exactly(class) || unsafe { api::PyType_IsSubtype(self.class().as_raw(), class.as_raw()) != 0 }
    }

    /// `isinstance(self, class)`, which may run Python code.
    pub(crate) fn is_instance(&self, class: &Self) -> Result<bool> {
        // SAFETY: two objects.
        truth(unsafe { api::PyObject_IsInstance(self.as_raw(), class.as_raw()) })
    }

    /// Whether it is a class at all.
    pub(crate) fn is_class(&self) -> bool {
        self.is_a(api::PyType_Type())
    }

    pub(crate) fn attribute(&self, name: &Self) -> Result<Ref> {
        // SAFETY: two objects.
        unsafe { Ref::steal(api::PyObject_GetAttr(self.as_raw(), name.as_raw())) }
    }

    /// The attribute, or none where there isn't one.
    pub(crate) fn optional_attribute(&self, name: &Self) -> Result<Option<Ref>> {
        let value = self.attribute(name);
        // SAFETY: an exception is set, as is looked at first.
        if value.is_err() && unsafe { api::PyErr_ExceptionMatches(api::PyExc_AttributeError().as_raw()) } != 0 {
            // SAFETY: as above.
            unsafe { api::PyErr_Clear() };
            return Ok(None);
        }
        value.map(Some)
    }

    /// Sets an attribute the way `object.__setattr__` does, whatever the class says about it.
    pub(crate) fn set_plainly(&self, name: &Self, value: &Self) -> Result<()> {
        // SAFETY: three objects.
        done(unsafe { api::PyObject_GenericSetAttr(self.as_raw(), name.as_raw(), value.as_raw()) })
    }

    /// Calls it with positional arguments.
    pub(crate) fn call<const N: usize>(&self, args: [&Self; N]) -> Result<Ref> {
        // SAFETY: a callable or not, and so many objects.
        unsafe { Ref::steal(api::PyObject_VectorcallDict(self.as_raw(), args.as_ptr().cast(), N, ptr::null_mut())) }
    }

    pub(crate) fn repr(&self) -> Result<Ref> {
        // SAFETY: an object.
        unsafe { Ref::steal(api::PyObject_Repr(self.as_raw())) }
    }
}

impl Ref {
    /// Takes over a reference that a C function returned; null means that it has set an exception.
    ///
    /// # Safety
    ///
    /// The pointer must be null with an exception set, or a reference that nothing else releases.
    #[inline]
    pub(crate) unsafe fn steal(raw: Raw) -> Result<Self> {
        NonNull::new(raw).map(Self).ok_or(Raised)
    }

    /// Gives the reference up to C, which releases it.
    #[inline]
    pub(crate) fn into_raw(self) -> Raw {
        let raw = self.0.as_ptr();
        std::mem::forget(self);
        raw
    }

    /// Keeps the object alive for good.
    pub(crate) fn leak(self) -> &'static Object {
        // SAFETY: the reference is never released.
        unsafe { &*self.into_raw() }
    }

    pub(crate) fn none() -> Self {
        api::_Py_NoneStruct().own()
    }
}

impl Deref for Ref {
    type Target = Object;

    #[inline]
    fn deref(&self) -> &Object {
        // SAFETY: this reference keeps it alive.
        unsafe { self.0.as_ref() }
    }
}

impl Clone for Ref {
    #[inline]
    fn clone(&self) -> Self {
        self.own()
    }
}

impl Drop for Ref {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: this reference is counted, and not used any more.
        unsafe { release(self.0) }
    }
}

impl Ref {
    /// What dropping does, without a call: for the few places where that matters.
    #[inline]
    pub(crate) fn release(self) {
        // SAFETY: this reference is counted, and not used any more.
        unsafe { release_inline(self.0) }
        std::mem::forget(self);
    }
}

/// Counts one reference less. It is not part of each place that drops a reference, which would make for a lot of code.
#[inline(never)]
unsafe fn release(object: NonNull<Object>) {
    // SAFETY: as the caller promises.
    unsafe { release_inline(object) }
}

#[inline]
unsafe fn release_inline(object: NonNull<Object>) {
    // SAFETY: as in `own`; the caller gives up a reference that is counted, and nothing uses the object after the last one.
    unsafe {
        let count = object.as_ref().count.get();
        let left = if layout::get().counting == Counting::Wide {
            *count = (*count).wrapping_sub(1);
            *count
        } else {
            let count = count.cast::<u32>();
            if (*count).cast_signed() < 0 {
                return;
            }
            *count = (*count).wrapping_sub(1);
            *count as usize
        };
        if left == 0 {
            api::_Py_Dealloc(object.as_ptr());
        }
    }
}

impl fmt::Debug for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:p}", self.0)
    }
}

/// The answer of a C function that returns -1 with an exception set, or 0.
#[inline]
pub(crate) fn done(status: i32) -> Result<()> {
    if status < 0 { Err(Raised) } else { Ok(()) }
}

/// The answer of a C function that returns -1 with an exception set, 0 or 1.
#[inline]
pub(crate) fn truth(status: i32) -> Result<bool> {
    if status < 0 { Err(Raised) } else { Ok(status != 0) }
}

/// The result as C wants it: null when an exception is set.
#[inline]
pub(crate) fn to_c(result: Result<Ref>) -> Raw {
    match result {
        Ok(object) => object.into_raw(),
        Err(Raised) => ptr::null_mut(),
    }
}

/// An interned string.
pub(crate) fn intern(text: &std::ffi::CStr) -> Result<Ref> {
    // SAFETY: a C string.
    unsafe { Ref::steal(api::PyUnicode_InternFromString(text.as_ptr())) }
}

/// A string.
pub(crate) fn string(text: &str) -> Result<Ref> {
    // SAFETY: valid UTF-8; a slice is never longer than `isize::MAX`.
    unsafe { Ref::steal(api::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len().cast_signed())) }
}

/// A tuple to be filled by [`set_item`].
pub(crate) fn tuple(length: usize) -> Result<Ref> {
    // SAFETY: a length of at least 0.
    unsafe { Ref::steal(api::PyTuple_New(length.cast_signed())) }
}

/// Fills an item of a new tuple, which nobody else has seen.
pub(crate) fn set_item(tuple: &Object, index: usize, value: Ref) -> Result<()> {
    // SAFETY: a tuple, or an exception is set; the object is given away in any case.
    done(unsafe { api::PyTuple_SetItem(tuple.as_raw(), index.cast_signed(), value.into_raw()) })
}

/// A tuple of one item.
pub(crate) fn tuple_of(item: Ref) -> Result<Ref> {
    let tuple = tuple(1)?;
    set_item(&tuple, 0, item)?;
    Ok(tuple)
}

/// The UTF-8 of a string; TypeError for other objects, UnicodeEncodeError for lone surrogates.
#[inline]
pub(crate) fn utf8(text: &Object) -> Result<&[u8]> {
    let mut length = 0;
    // SAFETY: an object; the function checks that it is a string.
    let data = unsafe { api::PyUnicode_AsUTF8AndSize(text.as_raw(), &raw mut length) };
    if data.is_null() {
        return Err(Raised);
    }
    // SAFETY: the string keeps its UTF-8 as long as it lives.
    Ok(unsafe { std::slice::from_raw_parts(data.cast(), length.cast_unsigned()) })
}

/// A string of `length` ASCII characters that are still to be filled in.
#[inline]
pub(crate) fn unfilled_ascii(length: usize) -> Result<Ref> {
    // SAFETY: no slice or buffer is longer than `isize::MAX`, and Python refuses what it can't allocate.
    unsafe { Ref::steal(api::PyUnicode_New(length.cast_signed(), 127)) }
}
