//! The entry point, and the module object that it returns.

use std::ffi::{CStr, c_char, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::api::{self, MethodDef, Raw};
use crate::entry::guard;
use crate::errors::{raise, raise_text};
use crate::library::{self, Library};
use crate::lift::lift_bytes;
use crate::lower::{Lowering, lower_buffer};
use crate::object::{Object, Ref, Result, done};
use crate::symbols::Symbols;
use crate::view::View;
use crate::{callback, function, gate, handles, layout, pending};

/// The agreement with the generated code. It changes when either side would misunderstand the other.
const CONTRACT: u32 = 1;

/// The module, once it is made.
static MODULE: AtomicPtr<Object> = AtomicPtr::new(ptr::null_mut());

/// What the generated module calls, through ctypes, when it is imported: returns the module object, or raises
/// ImportError with the reason why it can't be used.
///
/// # Safety
///
/// The GIL must be held. `dll` is Python's own DLL on Windows, and null elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn uniffi_python_accelerator(contract: u32, dll: *mut c_void) -> *mut c_void {
    let module = MODULE.load(Ordering::Acquire);
    if module.is_null() {
        // SAFETY: with the GIL held and before the first time that this succeeds, nothing else of this crate runs.
        if let Err(name) = unsafe { api::load(&|name| Symbols::of_python(dll).find(name)) } {
            refuse_without_api(dll, name);
            return ptr::null_mut();
        }
    }
    guard(|| {
        if contract != CONTRACT {
            return Err(raise!(
                PyExc_ImportError,
                c"the accelerator knows contract %u, and the bindings contract %u",
                CONTRACT,
                contract
            ));
        }
        is_main_interpreter()?;
        if !module.is_null() {
            // SAFETY: the module is kept for good.
            return Ok(unsafe { Object::borrow(module) }.own());
        }
        is_known_python()?;
        // SAFETY: as above.
        unsafe { layout::probe().map_err(|why| raise_text(api::PyExc_ImportError(), why))? };
        let made = new_module()?;
        gate::watch_forks();
        MODULE.store(made.own().leak().as_raw(), Ordering::Release);
        Ok(made)
    })
    .cast()
}

/// Raises ImportError when not even that is there for sure.
#[cold]
fn refuse_without_api(dll: *mut c_void, missing: &CStr) {
    let python = Symbols::of_python(dll);
    let (raise, kind) = (python.find(c"PyErr_Format"), python.find(c"PyExc_ImportError"));
    if raise.is_null() || kind.is_null() {
        return;
    }
    // SAFETY: Python's function and variable of these names; the format fits its argument.
    unsafe {
        type Format = unsafe extern "C" fn(Raw, *const c_char, ...) -> Raw;
        let raise = std::mem::transmute::<*mut c_void, Format>(raise);
        raise(*kind.cast::<Raw>(), c"this Python has no %s".as_ptr(), missing.as_ptr());
    }
}

/// ImportError where this crate's assumptions don't hold.
fn is_known_python() -> Result<()> {
    let refuse = |why: &CStr| Err(raise_text(api::PyExc_ImportError(), why));
    if cfg!(not(all(target_pointer_width = "64", target_endian = "little"))) {
        return refuse(c"the accelerator needs a 64-bit little-endian machine");
    }
    // SAFETY: returns a C string that stays.
    let version = unsafe { CStr::from_ptr(api::Py_GetVersion()) }.to_bytes();
    let mut numbers =
        version.split(|byte| !byte.is_ascii_digit()).map_while(|digits| str::from_utf8(digits).ok()?.parse().ok());
    let version_number: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version_number < (3, 10) {
        return refuse(c"the accelerator needs Python 3.10 or newer");
    }
    if api::_Py_DecRefShared().is_some() || version.windows(14).any(|part| part == b"free-threading") {
        return refuse(c"the accelerator can't be used without the GIL");
    }
    Ok(())
}

fn is_main_interpreter() -> Result<()> {
    // SAFETY: the GIL is held.
    if unsafe { api::PyInterpreterState_Get() == api::PyInterpreterState_Main() } {
        return Ok(());
    }
    Err(raise!(PyExc_ImportError, c"the accelerator can't be used in a sub-interpreter"))
}

static METHODS: [MethodDef; 6] = [
    method(c"bind", bind, c"bind(handle, spec, /)\n--\n\nA Library for the library with this dlopen handle."),
    method(
        c"vtable",
        vtable,
        c"vtable(library, init_symbol, handle_map, methods, /)\n--\n\nGives Rust Python methods to call.",
    ),
    method(c"abandon", abandon, c"abandon()\n--\n\nKeeps threads that don't hold the GIL out of Python from now on."),
    method(c"_read", read, c"_read(library, type, data, /)\n--\n\nThe value that these bytes are of."),
    method(c"_write", write, c"_write(library, type, value, /)\n--\n\nThe bytes of a value."),
    MethodDef::END,
];

/// `_PyCFunctionFast`
type Method = unsafe extern "C" fn(Raw, *const Raw, isize) -> Raw;

const fn method(name: &'static CStr, function: Method, doc: &'static CStr) -> MethodDef {
    MethodDef::new(name, function as *const c_void, api::METH_FASTCALL, doc)
}

fn new_module() -> Result<Ref> {
    // SAFETY: makes a module of this name.
    let module = unsafe { Ref::steal(api::PyModule_New(c"uniffi_python_accelerator".as_ptr()))? };
    let set = |name: &CStr, value: &Object| {
        let name = crate::object::intern(name)?;
        // SAFETY: three objects.
        done(unsafe { api::PyObject_SetAttr(module.as_raw(), name.as_raw(), value.as_raw()) })
    };
    library::new_type()?;
    function::new_type()?;
    set(c"HandleMap", &*handles::new_type()?)?;
    set(c"Pending", &*pending::new_type()?)?;
    let trampolines = if callback::SUPPORTED { api::_Py_TrueStruct() } else { api::_Py_FalseStruct() };
    set(c"trampolines", trampolines)?;
    for method in &METHODS[..METHODS.len() - 1] {
        // SAFETY: a static definition, and no objects to bind it to.
        let function = unsafe { Ref::steal(api::PyCFunction_NewEx(method, ptr::null_mut(), ptr::null_mut()))? };
        // SAFETY: names end with a NUL.
        set(unsafe { CStr::from_ptr(method.name) }, &function)?;
    }
    Ok(module)
}

/// Exactly so many arguments; TypeError otherwise.
///
/// # Safety
///
/// There must be as many as `count` says.
unsafe fn arguments<'a, const N: usize>(args: *const Raw, count: isize) -> Result<[&'a Object; N]> {
    if count.cast_unsigned() != N {
        return Err(raise!(PyExc_TypeError, c"%zd arguments are required, not %zd", N.cast_signed(), count));
    }
    // SAFETY: as the caller promises.
    Ok(std::array::from_fn(|index| unsafe { Object::borrow(*args.add(index)) }))
}

unsafe extern "C" fn bind(_: Raw, args: *const Raw, count: isize) -> Raw {
    guard(|| {
        // SAFETY: Python passes so many objects.
        let [handle, spec] = unsafe { arguments(args, count)? };
        library::bind(handle, spec)
    })
}

unsafe extern "C" fn vtable(_: Raw, args: *const Raw, count: isize) -> Raw {
    guard(|| {
        // SAFETY: Python passes so many objects.
        let args: [&Object; 4] = unsafe { arguments(args, count)? };
        callback::vtable(&args)
    })
}

unsafe extern "C" fn abandon(_: Raw, args: *const Raw, count: isize) -> Raw {
    guard(|| {
        // SAFETY: Python passes so many objects.
        let []: [&Object; 0] = unsafe { arguments(args, count)? };
        pending::abandon();
        Ok(Ref::none())
    })
}

unsafe extern "C" fn read(_: Raw, args: *const Raw, count: isize) -> Raw {
    guard(|| {
        // SAFETY: Python passes so many objects.
        let [library, name, data] = unsafe { arguments(args, count)? };
        let library = Library::of(library)?;
        lift_bytes(&*library.type_named(name)?, View::new(data)?.bytes(), library)
    })
}

unsafe extern "C" fn write(_: Raw, args: *const Raw, count: isize) -> Raw {
    guard(|| {
        // SAFETY: Python passes so many objects.
        let [library, name, value] = unsafe { arguments(args, count)? };
        let library = Library::of(library)?;
        let mut lowering = Lowering::new(library);
        let Ok(buffer) = lower_buffer(&*library.type_named(name)?, value, &mut lowering) else {
            lowering.undo();
            return Err(lowering.explain(None));
        };
        // SAFETY: the buffer holds so many bytes, is the library's, and nobody else has it.
        unsafe {
            let bytes = api::PyBytes_FromStringAndSize(buffer.data.cast(), (buffer.length as usize).cast_signed());
            library.buffers.free(buffer);
            Ref::steal(bytes)
        }
    })
}
