//! Bound libraries.

use std::ffi::{CStr, c_void};
use std::ptr;

use crate::api::{self, GetSetDef, Raw, TypeSlot};
use crate::buffer::Buffers;
use crate::class::Class;
use crate::compile::{Types, compile};
use crate::entry::guard;
use crate::function;
use crate::object::{Object, Ref, Result, set_item, tuple};
use crate::spec::{Tuple, expected, item, text};
use crate::symbols::Symbols;
use crate::types::TypeRef;

/// A UniFFI library that Python has bound. It lives as long as the process.
pub(crate) struct Library {
    pub(crate) name: Ref,
    /// Raised for panics and for buffers that make no sense.
    pub(crate) internal_error: Ref,
    pub(crate) buffers: Buffers,
    pub(crate) symbols: Symbols,
    types: Types,
}

/// An instance of the Python class `Library`.
#[repr(C)]
struct Handle {
    head: Object,
    /// Null only in a `Library` whose binding failed, which nobody gets to see.
    library: *const Library,
    functions: Raw,
}

/// The class, once it is made.
static CLASS: Class = Class::new();

impl Library {
    /// The library behind a Python `Library` object; TypeError for other objects.
    pub(crate) fn of(object: &Object) -> Result<&'static Self> {
        if !CLASS.has(object) {
            return Err(expected(c"the library", c"a Library that this accelerator has bound", object));
        }
        // SAFETY: an instance of the class, whose library lives for good.
        Ok(unsafe { &*(*object.as_raw().cast::<Handle>()).library })
    }

    /// The type of this name; ValueError when there is none, TypeError when the name isn't a string.
    pub(crate) fn type_named(&self, name: &Object) -> Result<TypeRef> {
        self.types.named(name)
    }

    /// The address of a symbol (a Python string); ImportError when the library has none of this name.
    pub(crate) fn symbol(&self, name: &Object) -> Result<*const c_void> {
        self.symbols.required(name)
    }

    fn new(symbols: Symbols, spec: &Object) -> Result<Self> {
        let name = item(spec, c"name")?;
        text(name, c"the name of the library")?;
        let internal_error = item(spec, c"internal_error")?;
        if !is_exception(internal_error) {
            return Err(expected(c"the spec's internal_error", c"an exception class", internal_error));
        }
        let required = |key: &CStr| symbols.required(item(spec, key)?);
        let (reserve, free) = (required(c"rustbuffer_reserve")?, required(c"rustbuffer_free")?);
        // SAFETY: the library's functions of these names.
        let buffers = unsafe { Buffers::new(reserve, free) };
        let types = compile(item(spec, c"types")?, &symbols)?;
        Ok(Self { name: name.own(), internal_error: internal_error.own(), buffers, symbols, types })
    }
}

/// `bind(handle, spec)`: a `Library` for a library that is loaded.
pub(crate) fn bind(handle: &Object, spec: &Object) -> Result<Ref> {
    // SAFETY: an object; what isn't an int makes an exception.
    let address = unsafe { api::PyLong_AsUnsignedLongLong(handle.as_raw()) };
    // SAFETY: asks for that exception.
    if !unsafe { api::PyErr_Occurred() }.is_null() || address == 0 {
        return Err(expected(c"the handle of the library", c"the handle of a loaded library", handle));
    }
    if !spec.is_exactly(api::PyDict_Type()) {
        return Err(expected(c"the spec", c"a dict", spec));
    }
    // SAFETY: the caller passes the handle of a `ctypes.CDLL`, which is never unloaded.
    let symbols = unsafe { Symbols::of_library(address as usize) };
    let library = Box::new(Library::new(symbols, spec)?);
    let functions = Tuple::new(item(spec, c"functions")?, c"the spec's functions")?;

    // From here on the library is used by reference. It goes away with the box when something fails, as do the
    // functions, which nobody has seen.
    let tuple = tuple(functions.len())?;
    for (index, spec) in functions.iter().enumerate() {
        // SAFETY: the library outlives its functions: it is dropped below, after them, or never.
        let function = unsafe { function::new(&*ptr::from_ref(&*library), spec)? };
        set_item(&tuple, index, function)?;
    }
    // SAFETY: the class was made before this function could be called.
    let object = unsafe { CLASS.instantiate()? };
    let place = object.as_raw().cast::<Handle>();
    // SAFETY: a new instance of that class.
    unsafe {
        (*place).functions = tuple.into_raw();
        (*place).library = Box::into_raw(library);
    }
    object.own().leak();
    Ok(object)
}

/// A name of a spec as an interned string of its own.
pub(crate) fn interned(name: &Object) -> Result<Ref> {
    text(name, c"a name")?;
    let mut name = name.own().into_raw();
    // SAFETY: a string, whose reference the function may swap for another.
    unsafe {
        api::PyUnicode_InternInPlace(&raw mut name);
        Ref::steal(name)
    }
}

fn is_exception(object: &Object) -> bool {
    // SAFETY: a class, as is checked first.
    object.is_class() && unsafe { api::PyType_IsSubtype(object.as_raw(), api::PyExc_BaseException().as_raw()) != 0 }
}

unsafe extern "C" fn name(object: Raw, _: *mut c_void) -> Raw {
    // SAFETY: Python calls this with an instance of the class.
    guard(|| Ok(Library::of(unsafe { Object::borrow(object) })?.name.own()))
}

unsafe extern "C" fn functions(object: Raw, _: *mut c_void) -> Raw {
    // SAFETY: Python calls this with an instance of the class, which has a tuple there.
    guard(|| Ok(unsafe { Object::borrow((*object.cast::<Handle>()).functions).own() }))
}

/// Makes the class `Library`.
pub(crate) fn new_type() -> Result<Ref> {
    static ATTRIBUTES: [GetSetDef; 3] =
        [GetSetDef::read_only(c"name", name), GetSetDef::read_only(c"functions", functions), GetSetDef::END];
    let slots = [TypeSlot::new(api::TP_GETSET, ATTRIBUTES.as_ptr().cast()), TypeSlot::END];
    // SAFETY: the slots describe `Handle`, and hold nothing but static data.
    unsafe { CLASS.make(c"uniffi_python_accelerator.Library", size_of::<Handle>(), api::NO_NEW, &slots) }
}
