//! The Python C API, resolved at run time.
//!
//! The library is not linked to libpython, so that one file serves every CPython. [`load`] looks each function up in the
//! process and fills a table; the functions below call through it. Their names are the C API's own, to be looked up in
//! its documentation, which also says what each one needs.
#![allow(non_snake_case)]

use std::cell::UnsafeCell;
use std::ffi::{CStr, c_char, c_int, c_longlong, c_uint, c_ulong, c_ulonglong, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use crate::gate::stay;
use crate::object::Object;

/// A Python object as C has it: may be null, may be owned or borrowed.
pub(crate) type Raw = *mut Object;

/// `vectorcallfunc`
pub(crate) type Vectorcall = unsafe extern "C" fn(Raw, *const Raw, usize, Raw) -> Raw;
/// `allocfunc`
pub(crate) type Alloc = unsafe extern "C-unwind" fn(Raw, isize) -> Raw;
/// `newfunc`
pub(crate) type New = unsafe extern "C-unwind" fn(Raw, Raw, Raw) -> Raw;

/// `PyMethodDef`
#[repr(C)]
pub(crate) struct MethodDef {
    pub(crate) name: *const c_char,
    pub(crate) function: *const c_void,
    pub(crate) flags: c_int,
    pub(crate) doc: *const c_char,
}

/// `PyGetSetDef`
#[repr(C)]
pub(crate) struct GetSetDef {
    pub(crate) name: *const c_char,
    pub(crate) get: *const c_void,
    pub(crate) set: *const c_void,
    pub(crate) doc: *const c_char,
    pub(crate) closure: *mut c_void,
}

/// `PyMemberDef`
#[repr(C)]
pub(crate) struct MemberDef {
    pub(crate) name: *const c_char,
    pub(crate) kind: c_int,
    pub(crate) offset: isize,
    pub(crate) flags: c_int,
    pub(crate) doc: *const c_char,
}

/// `PyType_Slot`
#[repr(C)]
pub(crate) struct TypeSlot {
    pub(crate) slot: c_int,
    pub(crate) value: *const c_void,
}

/// `PyType_Spec`
#[repr(C)]
pub(crate) struct TypeSpec {
    pub(crate) name: *const c_char,
    pub(crate) size: c_int,
    pub(crate) item_size: c_int,
    pub(crate) flags: c_uint,
    pub(crate) slots: *const TypeSlot,
}

impl MethodDef {
    pub(crate) const END: Self = Self { name: ptr::null(), function: ptr::null(), flags: 0, doc: ptr::null() };

    pub(crate) const fn new(name: &'static CStr, function: *const c_void, flags: c_int, doc: &'static CStr) -> Self {
        Self { name: name.as_ptr(), function, flags, doc: doc.as_ptr() }
    }
}

impl GetSetDef {
    pub(crate) const END: Self =
        Self { name: ptr::null(), get: ptr::null(), set: ptr::null(), doc: ptr::null(), closure: ptr::null_mut() };

    pub(crate) const fn read_only(name: &'static CStr, get: unsafe extern "C" fn(Raw, *mut c_void) -> Raw) -> Self {
        Self { name: name.as_ptr(), get: get as *const c_void, ..Self::END }
    }
}

impl MemberDef {
    pub(crate) const END: Self = Self { name: ptr::null(), kind: 0, offset: 0, flags: 0, doc: ptr::null() };

    /// A `Py_ssize_t` at this offset.
    pub(crate) const fn read_only_size(name: &'static CStr, offset: usize) -> Self {
        // `T_PYSSIZET` and `READONLY` of structmember.h.
        Self { name: name.as_ptr(), kind: 19, offset: offset.cast_signed(), flags: 1, doc: ptr::null() }
    }
}

impl TypeSlot {
    pub(crate) const END: Self = Self { slot: 0, value: ptr::null() };

    pub(crate) const fn new(slot: c_int, value: *const c_void) -> Self {
        Self { slot, value }
    }
}

// SAFETY: these hold addresses of constants and functions only.
unsafe impl Sync for MethodDef {}
// SAFETY: as above.
unsafe impl Sync for GetSetDef {}
// SAFETY: as above.
unsafe impl Sync for MemberDef {}
// SAFETY: as above.
unsafe impl Sync for TypeSlot {}

/// `Py_buffer`
#[repr(C)]
pub(crate) struct Buffer {
    pub(crate) data: *mut c_void,
    pub(crate) object: Raw,
    pub(crate) length: isize,
    pub(crate) item_size: isize,
    pub(crate) read_only: c_int,
    pub(crate) dimensions: c_int,
    pub(crate) format: *mut c_char,
    pub(crate) shape: *mut isize,
    pub(crate) strides: *mut isize,
    pub(crate) suboffsets: *mut isize,
    pub(crate) internal: *mut c_void,
}

// Slot numbers of `PyType_Slot`, from typeslots.h; they are part of the stable ABI.
pub(crate) const NB_BOOL: c_int = 9;
pub(crate) const NB_FLOAT: c_int = 11;
pub(crate) const NB_INDEX: c_int = 13;
pub(crate) const SQ_LENGTH: c_int = 45;
pub(crate) const TP_ALLOC: c_int = 47;
pub(crate) const TP_CALL: c_int = 50;
pub(crate) const TP_CLEAR: c_int = 51;
pub(crate) const TP_DEALLOC: c_int = 52;
pub(crate) const TP_DESCR_GET: c_int = 54;
pub(crate) const TP_DOC: c_int = 56;
pub(crate) const TP_GETATTRO: c_int = 58;
pub(crate) const TP_ITER: c_int = 62;
pub(crate) const TP_METHODS: c_int = 64;
pub(crate) const TP_NEW: c_int = 65;
pub(crate) const TP_REPR: c_int = 66;
pub(crate) const TP_TRAVERSE: c_int = 71;
pub(crate) const TP_MEMBERS: c_int = 72;
pub(crate) const TP_GETSET: c_int = 73;
pub(crate) const TP_FREE: c_int = 74;
pub(crate) const TP_FINALIZE: c_int = 80;

// Type flags.
pub(crate) const HAVE_VECTORCALL: c_uint = 1 << 11;
pub(crate) const METHOD_DESCRIPTOR: c_uint = 1 << 17;
pub(crate) const HAVE_GC: c_uint = 1 << 14;
pub(crate) const DEFAULT: c_uint = 1 << 18;
/// `Py_TPFLAGS_DISALLOW_INSTANTIATION`
pub(crate) const NO_NEW: c_uint = 1 << 7;
pub(crate) const IMMUTABLE_TYPE: c_uint = 1 << 8;

// Method flags.
pub(crate) const METH_NOARGS: c_int = 0x0004;
pub(crate) const METH_O: c_int = 0x0008;
pub(crate) const METH_FASTCALL: c_int = 0x0080;

/// `PY_VECTORCALL_ARGUMENTS_OFFSET`: the callee may use the word before the first argument.
pub(crate) const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// Generates the table, what fills it, and a function for each entry.
///
/// Those under `python` may run Python code, if only that of a finalizer, or wait for the GIL. Before Python 3.14 a thread that does so
/// when the interpreter shuts down is ended there, by an unwinding that must not run through this crate (or Rust at all): it stays
/// where it is instead, see [`stay`].
macro_rules! python_api {
    (
        functions { $(fn $name:ident($($arg:ident: $arg_type:ty),*) $(-> $result:ty)?;)* }
        python { $(fn $python:ident($($python_arg:ident: $python_type:ty),*) $(-> $python_result:ty)?;)* }
        variadic { $(fn $variadic:ident($($variadic_type:ty),*) -> $variadic_result:ty;)* }
        optional { $(fn $optional:ident($($optional_type:ty),*) $(-> $optional_result:ty)?;)* }
        objects { $($object:ident)* }
        pointers { $($pointer:ident)* }
    ) => {
        /// Everything that was looked up. Each field is one pointer wide and they are in the order of [`NAMES`].
        #[repr(C)]
        struct Table {
            $($name: unsafe extern "C" fn($($arg_type),*) $(-> $result)?,)*
            $($python: unsafe extern "C-unwind" fn($($python_type),*) $(-> $python_result)?,)*
            $($variadic: unsafe extern "C" fn($($variadic_type,)* ...) -> $variadic_result,)*
            $($object: Raw,)*
            $($pointer: *mut Raw,)*
            $($optional: Option<unsafe extern "C" fn($($optional_type),*) $(-> $optional_result)?>,)*
        }

        /// One string with all names, because a table of pointers to them would need a relocation each.
        const NAMES: &[u8] = concat!(
            $(stringify!($name), "\0",)* $(stringify!($python), "\0",)* $(stringify!($variadic), "\0",)* $(stringify!($object), "\0",)*
            $(stringify!($pointer), "\0",)* $(stringify!($optional), "\0",)*
        ).as_bytes();

        const OPTIONAL: usize = <[&str]>::len(&[$(stringify!($optional)),*]);

        $(
            #[inline]
            pub(crate) unsafe fn $name($($arg: $arg_type),*) $(-> $result)? {
                // SAFETY: the caller keeps to the documentation of the C function of this name.
                unsafe { (table().$name)($($arg),*) }
            }
        )*
        $(
            // Not by the ABI of C: what must not unwind by its ABI ends the process instead of staying.
            #[inline(never)]
            pub(crate) unsafe fn $python($($python_arg: $python_type),*) $(-> $python_result)? {
                // SAFETY: the caller keeps to the documentation of the C function of this name.
                stay(|| unsafe { (table().$python)($($python_arg),*) })
            }
        )*
        $(
            /// The C function of this name, which takes further arguments.
            #[inline]
            pub(crate) fn $variadic() -> unsafe extern "C" fn($($variadic_type,)* ...) -> $variadic_result {
                table().$variadic
            }
        )*
        $(
            /// The C function of this name, where this Python has it.
            #[inline]
            pub(crate) fn $optional() -> Option<unsafe extern "C" fn($($optional_type),*) $(-> $optional_result)?> {
                table().$optional
            }
        )*
        $(
            /// The C object of this name.
            #[inline]
            pub(crate) fn $object() -> &'static Object {
                // SAFETY: `load` found it; objects that C exports live as long as the interpreter.
                unsafe { &*table().$object }
            }
        )*
        $(
            /// The object in the C variable of this name.
            #[inline]
            pub(crate) fn $pointer() -> &'static Object {
                // SAFETY: `load` found the variable; the built-in exceptions live as long as the interpreter.
                unsafe { &**table().$pointer }
            }
        )*
    };
}

python_api! {
    functions {
        fn PyBytes_AsStringAndSize(bytes: Raw, data: *mut *mut c_char, length: *mut isize) -> c_int;
        fn PyBytes_FromStringAndSize(data: *const c_char, length: isize) -> Raw;
        fn PyCallable_Check(object: Raw) -> c_int;
        fn PyCFunction_NewEx(method: *const MethodDef, this: Raw, module: Raw) -> Raw;
        fn PyDict_Next(dict: Raw, position: *mut isize, key: *mut Raw, value: *mut Raw) -> c_int;
        fn PyDict_Size(dict: Raw) -> isize;
        fn PyErr_ExceptionMatches(kind: Raw) -> c_int;
        fn PyErr_NoMemory() -> Raw;
        fn PyErr_Occurred() -> Raw;
        fn PyErr_SetString(kind: Raw, message: *const c_char);
        fn PyException_SetTraceback(exception: Raw, traceback: Raw) -> c_int;
        fn PyEval_SaveThread() -> *mut c_void;
        fn PyFloat_FromDouble(value: f64) -> Raw;
        fn PyGILState_GetThisThreadState() -> *mut c_void;
        fn PyInterpreterState_Get() -> *mut c_void;
        fn PyInterpreterState_Main() -> *mut c_void;
        fn PyList_GetItem(list: Raw, index: isize) -> Raw;
        fn PyList_Size(list: Raw) -> isize;
        fn PyLong_AsLongLongAndOverflow(value: Raw, overflow: *mut c_int) -> c_longlong;
        fn PyLong_AsUnsignedLongLong(value: Raw) -> c_ulonglong;
        fn PyLong_FromLongLong(value: c_longlong) -> Raw;
        fn PyLong_FromUnsignedLongLong(value: c_ulonglong) -> Raw;
        fn PyModule_New(name: *const c_char) -> Raw;
        fn PyObject_GC_Track(object: *mut c_void);
        fn PyObject_GC_UnTrack(object: *mut c_void);
        fn PySequence_Check(object: Raw) -> c_int;
        fn PyThreadState_DeleteCurrent();
        fn PyThreadState_New(interpreter: *mut c_void) -> *mut c_void;
        fn PyTuple_GetItem(tuple: Raw, index: isize) -> Raw;
        fn PyTuple_Size(tuple: Raw) -> isize;
        fn PyType_GetFlags(class: Raw) -> c_ulong;
        fn PyType_GetSlot(class: Raw, slot: c_int) -> *mut c_void;
        fn PyType_IsSubtype(class: Raw, base: Raw) -> c_int;
        fn PyUnicode_AsUTF8AndSize(text: Raw, length: *mut isize) -> *const c_char;
        fn PyUnicode_Compare(left: Raw, right: Raw) -> c_int;
        fn PyUnicode_DecodeUTF8(data: *const c_char, length: isize, errors: *const c_char) -> Raw;
        fn PyUnicode_FromStringAndSize(data: *const c_char, length: isize) -> Raw;
        fn PyUnicode_InternFromString(text: *const c_char) -> Raw;
        fn PyUnicode_InternInPlace(text: *mut Raw);
        fn PyUnicode_New(length: isize, highest: u32) -> Raw;
        fn Py_GetVersion() -> *const c_char;
        fn Py_IncRef(object: Raw);
        fn Py_IsInitialized() -> c_int;
    }
    python {
        fn PyBuffer_Release(view: *mut Buffer);
        fn PyDict_GetItemWithError(dict: Raw, key: Raw) -> Raw;
        fn PyDict_New() -> Raw;
        fn PyDict_SetItem(dict: Raw, key: Raw, value: Raw) -> c_int;
        fn PyErr_Clear();
        fn PyErr_Fetch(kind: *mut Raw, value: *mut Raw, traceback: *mut Raw);
        fn PyErr_NormalizeException(kind: *mut Raw, value: *mut Raw, traceback: *mut Raw);
        fn PyErr_Restore(kind: Raw, value: Raw, traceback: Raw);
        fn PyErr_SetObject(kind: Raw, value: Raw);
        fn PyEval_RestoreThread(state: *mut c_void);
        fn PyFloat_AsDouble(value: Raw) -> f64;
        fn PyGILState_Ensure() -> c_int;
        fn PyGILState_Release(state: c_int);
        fn PyList_Append(list: Raw, item: Raw) -> c_int;
        fn PyList_New(length: isize) -> Raw;
        fn PyList_SetItem(list: Raw, index: isize, item: Raw) -> c_int;
        fn PyLong_AsLongLong(value: Raw) -> c_longlong;
        fn PyMapping_Items(mapping: Raw) -> Raw;
        fn PyMethod_New(function: Raw, this: Raw) -> Raw;
        fn PyNumber_Index(value: Raw) -> Raw;
        fn PyObject_GenericGetAttr(object: Raw, name: Raw) -> Raw;
        fn PyObject_GenericSetAttr(object: Raw, name: Raw, value: Raw) -> c_int;
        fn PyObject_GetAttr(object: Raw, name: Raw) -> Raw;
        fn PyObject_GetBuffer(object: Raw, view: *mut Buffer, flags: c_int) -> c_int;
        fn PyObject_IsInstance(object: Raw, class: Raw) -> c_int;
        fn PyObject_IsTrue(object: Raw) -> c_int;
        fn PyObject_Repr(object: Raw) -> Raw;
        fn PyObject_RichCompareBool(left: Raw, right: Raw, operation: c_int) -> c_int;
        fn PyObject_SetAttr(object: Raw, name: Raw, value: Raw) -> c_int;
        fn PyObject_VectorcallDict(callable: Raw, args: *const Raw, count: usize, kwargs: Raw) -> Raw;
        fn PyObject_VectorcallMethod(name: Raw, args: *const Raw, count: usize, names: Raw) -> Raw;
        fn PySequence_List(iterable: Raw) -> Raw;
        fn PySet_Add(set: Raw, item: Raw) -> c_int;
        fn PySet_New(iterable: Raw) -> Raw;
        fn PyThreadState_Clear(state: *mut c_void);
        fn PyTuple_New(length: isize) -> Raw;
        fn PyTuple_SetItem(tuple: Raw, index: isize, item: Raw) -> c_int;
        fn PyType_FromSpec(spec: *const TypeSpec) -> Raw;
        fn PyType_GenericAlloc(class: Raw, items: isize) -> Raw;
        fn PyVectorcall_Call(callable: Raw, args: Raw, kwargs: Raw) -> Raw;
        fn Py_DecRef(object: Raw);
        fn _Py_Dealloc(object: Raw);
    }
    variadic {
        fn PyErr_Format(Raw, *const c_char) -> Raw;
        fn PyUnicode_FromFormat(*const c_char) -> Raw;
    }
    optional {
        // The current thread state or null: 3.13 and newer, older.
        fn PyThreadState_GetUnchecked() -> *mut c_void;
        fn _PyThreadState_UncheckedGet() -> *mut c_void;
        // In free-threaded builds only.
        fn _Py_DecRefShared(Raw);
    }
    objects {
        PyBaseObject_Type PyByteArray_Type PyBytes_Type PyDict_Type PyFloat_Type PyList_Type PyLong_Type
        PyMemberDescr_Type PyTuple_Type PyType_Type PyUnicode_Type _Py_FalseStruct _Py_NoneStruct _Py_TrueStruct
    }
    pointers {
        PyExc_AttributeError PyExc_BaseException PyExc_ImportError PyExc_KeyError PyExc_OverflowError
        PyExc_RecursionError PyExc_RuntimeError PyExc_SystemError PyExc_TypeError PyExc_ValueError
    }
}

struct Loaded(UnsafeCell<MaybeUninit<Table>>);

// SAFETY: written once by `load`, with the GIL held and before anything else of this crate runs; only read from then on.
unsafe impl Sync for Loaded {}

static LOADED: Loaded = Loaded(UnsafeCell::new(MaybeUninit::uninit()));

#[inline]
fn table() -> &'static Table {
    // SAFETY: the entry point fills the table before anything else of this crate can be reached.
    unsafe { (*LOADED.0.get()).assume_init_ref() }
}

/// Fills the table by asking `find` for each name. The error is the first name that is missing.
///
/// # Safety
///
/// The GIL must be held, nothing may use the table meanwhile, and what `find` returns must be what Python exports under
/// that name.
pub(crate) unsafe fn load(find: &dyn Fn(&CStr) -> *mut c_void) -> Result<(), &'static CStr> {
    let slots = LOADED.0.get().cast::<*mut c_void>();
    let count = size_of::<Table>() / size_of::<*mut c_void>();
    let mut names = NAMES;
    let mut index = 0;
    while let Ok(name) = CStr::from_bytes_until_nul(names) {
        let address = find(name);
        if address.is_null() && index < count - OPTIONAL {
            return Err(name);
        }
        // SAFETY: there is a field for each name, and each is one pointer wide; a null one is an `Option` of a function.
        unsafe { slots.add(index).write(address) };
        names = &names[name.count_bytes() + 1..];
        index += 1;
    }
    Ok(())
}
