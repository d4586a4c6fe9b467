//! Numbers from Python.

use std::ffi::CStr;

use crate::api;
use crate::errors::{raise, raise_text, wrong_type};
use crate::layout::{self, FloatHead};
use crate::object::{Object, Raised, Ref, Result, truth};
use crate::types::Ffi;

/// An integer type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integer {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
}

impl Integer {
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"u8" => Self::U8,
            b"i8" => Self::I8,
            b"u16" => Self::U16,
            b"i16" => Self::I16,
            b"u32" => Self::U32,
            b"i32" => Self::I32,
            b"u64" => Self::U64,
            b"i64" => Self::I64,
            _ => return None,
        })
    }

    /// How many bytes it takes.
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 => 4,
            Self::U64 | Self::I64 => 8,
        }
    }

    pub(crate) const fn ffi(self) -> Ffi {
        match self {
            Self::U8 => Ffi::U8,
            Self::I8 => Ffi::I8,
            Self::U16 => Ffi::U16,
            Self::I16 => Ffi::I16,
            Self::U32 => Ffi::U32,
            Self::I32 => Ffi::I32,
            Self::U64 => Ffi::U64,
            Self::I64 => Ffi::I64,
        }
    }

    /// The value of an int or what is as good as one, in the low bytes.
    #[inline]
    pub(crate) fn get(self, value: &Object) -> Result<u64> {
        match self.of_int(value) {
            Some(number) => Ok(number),
            None => self.of_any(value),
        }
    }

    /// The value of an int, in the low bytes. None when it is no int, or out of range. Runs no Python code.
    #[inline]
    pub(crate) fn of_int(self, value: &Object) -> Option<u64> {
        if value.is_exactly(api::PyLong_Type()) { self.convert(value) } else { None }
    }

    /// The value of an int or an instance of a class derived from it, none when it is out of range.
    #[inline]
    fn convert(self, int: &Object) -> Option<u64> {
        let mut overflow = 0;
        // SAFETY: an int, and a place for what doesn't fit.
        let value = unsafe { api::PyLong_AsLongLongAndOverflow(int.as_raw(), &raw mut overflow) };
        let fits = match self {
            Self::U8 => u8::try_from(value).is_ok(),
            Self::I8 => i8::try_from(value).is_ok(),
            Self::U16 => u16::try_from(value).is_ok(),
            Self::I16 => i16::try_from(value).is_ok(),
            Self::U32 => u32::try_from(value).is_ok(),
            Self::I32 => i32::try_from(value).is_ok(),
            Self::U64 if overflow > 0 => return large(int),
            Self::U64 => value >= 0,
            Self::I64 => true,
        };
        (fits && overflow == 0).then_some(value.cast_unsigned())
    }

    #[cold]
    fn of_any(self, value: &Object) -> Result<u64> {
        if !has_slot(value, api::NB_INDEX) {
            return Err(wrong_type(c"an integer", value));
        }
        // SAFETY: an object, which says that it is as good as an int.
        let int = unsafe { Ref::steal(api::PyNumber_Index(value.as_raw()))? };
        self.convert(&int).ok_or_else(|| raise_text(api::PyExc_ValueError(), self.range()))
    }

    const fn range(self) -> &'static CStr {
        match self {
            Self::U8 => c"u8 requires 0 <= value < 256",
            Self::I8 => c"i8 requires -128 <= value < 128",
            Self::U16 => c"u16 requires 0 <= value < 65536",
            Self::I16 => c"i16 requires -32768 <= value < 32768",
            Self::U32 => c"u32 requires 0 <= value < 4294967296",
            Self::I32 => c"i32 requires -2147483648 <= value < 2147483648",
            Self::U64 => c"u64 requires 0 <= value < 18446744073709551616",
            Self::I64 => c"i64 requires -9223372036854775808 <= value < 9223372036854775808",
        }
    }
}

/// An int above `i64::MAX`.
#[cold]
fn large(int: &Object) -> Option<u64> {
    // SAFETY: an int.
    let value = unsafe { api::PyLong_AsUnsignedLongLong(int.as_raw()) };
    if value == u64::MAX && failed() {
        // SAFETY: an exception is set, which says that it doesn't fit.
        unsafe { api::PyErr_Clear() };
        return None;
    }
    Some(value)
}

/// The value of a float, none when it is no float. Runs no Python code.
#[inline]
pub(crate) fn of_float(value: &Object) -> Option<f64> {
    if !value.is_exactly(api::PyFloat_Type()) {
        return None;
    }
    Some(if layout::get().floats {
        // SAFETY: a float, whose layout was looked at.
        unsafe { (*value.as_raw().cast::<FloatHead>()).value }
    } else {
        // SAFETY: a float.
        unsafe { api::PyFloat_AsDouble(value.as_raw()) }
    })
}

/// The value of a float or of what can be made one.
#[inline]
pub(crate) fn float(value: &Object) -> Result<f64> {
    match of_float(value) {
        Some(number) => Ok(number),
        None => float_of_any(value),
    }
}

#[cold]
fn float_of_any(value: &Object) -> Result<f64> {
    if !has_slot(value, api::NB_FLOAT) && !has_slot(value, api::NB_INDEX) {
        return Err(wrong_type(c"a float", value));
    }
    // SAFETY: an object.
    let number = unsafe { api::PyFloat_AsDouble(value.as_raw()) };
    if number.to_bits() == (-1.0_f64).to_bits() && failed() { Err(Raised) } else { Ok(number) }
}

/// As [`float`], but it has to fit into an `f32`. What is between two of them is rounded.
#[inline]
pub(crate) fn narrow_float(value: &Object) -> Result<f32> {
    let number = float(value)?;
    let narrow = number as f32;
    if narrow.is_infinite() && number.is_finite() {
        return Err(raise!(PyExc_OverflowError, c"the float is too large for an f32"));
    }
    Ok(narrow)
}

/// The truth of a bool or of what is meant to be one: it must have `__bool__` or `__index__`, which leaves out strings
/// and containers.
#[inline]
pub(crate) fn bool(value: &Object) -> Result<bool> {
    if value.is(api::_Py_TrueStruct()) {
        Ok(true)
    } else if value.is(api::_Py_FalseStruct()) {
        Ok(false)
    } else {
        bool_of_any(value)
    }
}

#[cold]
fn bool_of_any(value: &Object) -> Result<bool> {
    if value.is_none() || !(has_slot(value, api::NB_BOOL) || has_slot(value, api::NB_INDEX)) {
        return Err(wrong_type(c"a bool", value));
    }
    // SAFETY: an object.
    truth(unsafe { api::PyObject_IsTrue(value.as_raw()) })
}

/// Whether the object's class has this slot.
fn has_slot(value: &Object, slot: i32) -> bool {
    // SAFETY: a class.
    !unsafe { api::PyType_GetSlot(value.class().as_raw(), slot) }.is_null()
}

fn failed() -> bool {
    // SAFETY: may be called at any time.
    !unsafe { api::PyErr_Occurred() }.is_null()
}
