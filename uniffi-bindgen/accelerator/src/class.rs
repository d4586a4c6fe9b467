//! Classes whose instances hold Rust values.

use std::ffi::{CStr, c_int, c_uint, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::api::{self, Raw, TypeSlot, TypeSpec};
use crate::object::{Object, Ref, Result};

/// `visitproc`
pub(crate) type Visit = unsafe extern "C" fn(Raw, *mut c_void) -> c_int;

/// A class that is made once and kept for good.
pub(crate) struct Class(AtomicPtr<Object>);

impl Class {
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// The class, made at the first call.
    ///
    /// # Safety
    ///
    /// The slots must end with a zero, hold functions with the signatures that Python expects of them, and point to
    /// static data only.
    pub(crate) unsafe fn make(&self, name: &CStr, size: usize, flags: c_uint, slots: &[TypeSlot]) -> Result<Ref> {
        let made = self.0.load(Ordering::Relaxed);
        if !made.is_null() {
            // SAFETY: the class is kept for good.
            return Ok(unsafe { Object::borrow(made) }.own());
        }
        let size = c_int::try_from(size).unwrap_or(c_int::MAX);
        let flags = api::DEFAULT | api::IMMUTABLE_TYPE | flags;
        let spec = TypeSpec { name: name.as_ptr(), size, item_size: 0, flags, slots: slots.as_ptr() };
        // SAFETY: as the caller promises; the spec itself is only read.
        let class = unsafe { Ref::steal(api::PyType_FromSpec(&raw const spec)) }?;
        self.0.store(class.clone().leak().as_raw(), Ordering::Relaxed);
        Ok(class)
    }

    /// A new instance, whose part after the head is zero. None of the class's functions is called with it before the
    /// caller gives control back to Python.
    ///
    /// # Safety
    ///
    /// The class must have been made.
    pub(crate) unsafe fn instantiate(&self) -> Result<Ref> {
        // SAFETY: a class, as the caller promises.
        unsafe { Ref::steal(api::PyType_GenericAlloc(self.0.load(Ordering::Relaxed), 0)) }
    }

    /// Whether it is an instance. The classes can't be derived from.
    #[inline]
    pub(crate) fn has(&self, object: &Object) -> bool {
        ptr::eq(object.class(), self.0.load(Ordering::Relaxed))
    }
}

/// Calls a method of the first argument with the others.
pub(crate) fn call_method<const N: usize>(name: &Object, args: [&Object; N]) -> Result<Ref> {
    // SAFETY: a string and so many objects. References are pointers to C.
    unsafe { Ref::steal(api::PyObject_VectorcallMethod(name.as_raw(), args.as_ptr().cast(), N, ptr::null_mut())) }
}

/// Frees an instance that nothing refers to any more, and whose Rust values are dropped.
///
/// # Safety
///
/// It must be called from the instance's `tp_dealloc`, as the last thing.
pub(crate) unsafe fn free(instance: Raw) {
    // SAFETY: heap types have `tp_free`, and each of their instances holds a reference to them.
    unsafe {
        let class = Object::borrow(instance).class().as_raw();
        let free = api::PyType_GetSlot(class, api::TP_FREE);
        std::mem::transmute::<*mut c_void, unsafe extern "C" fn(*mut c_void)>(free)(instance.cast());
        drop(Ref::steal(class));
    }
}

/// Runs the body of a function that C calls and that has no way to say that it failed. A panic must not unwind into C.
#[inline]
pub(crate) fn contain<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        // What was thrown may panic again when it is dropped.
        std::mem::forget(panic);
        otherwise
    })
}
