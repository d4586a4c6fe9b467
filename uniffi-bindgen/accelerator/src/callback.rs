//! Python objects that Rust calls: the vtables of callback interfaces and of traits that Python may implement.

use std::ffi::{CStr, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use crate::api::{self, Raw};
use crate::buffer::{CallStatus, ERROR, RustBuffer, UNEXPECTED, Word};
use crate::class::contain;
use crate::errors::{self, Aside, class_name, raise};
use crate::library::{Library, interned};
use crate::lift::{discard, lift};
use crate::lower::{Lowering, lower, lower_buffer};
use crate::object::{Object, Raised, Ref, Result, utf8};
use crate::spec::{Tuple, expected};
use crate::trampoline::{Frame, Layout, Parameter, Target, reserve};
use crate::types::{Ffi, TypeRef};
use crate::{gate, handles};

pub(crate) use crate::trampoline::SUPPORTED;

/// As many objects, with the place before them, need no allocation.
const FEW_OBJECTS: usize = 8;

/// A method that Rust calls.
struct Method {
    library: &'static Library,
    handles: &'static Object,
    name: Ref,
    arguments: Box<[TypeRef]>,
    result: Option<TypeRef>,
    throws: Option<TypeRef>,
    layout: Layout,
}

// SAFETY: what belongs to Python is used with the GIL held only.
unsafe impl Sync for Method {}

impl Target for Method {
    fn call(&self, frame: &Frame) -> u64 {
        // SAFETY: Rust calls the method with this signature.
        unsafe { self.layout.read(frame, |words| self.call_with(words)) };
        0
    }
}

/// References in a row, as C takes them.
struct Objects<'a> {
    /// The first is left for who is called to use.
    places: &'a mut [MaybeUninit<Raw>],
    /// How many are filled, the first included.
    count: usize,
}

impl Objects<'_> {
    #[inline]
    fn push(&mut self, object: Ref) {
        if let Some(place) = self.places.get_mut(self.count) {
            place.write(object.into_raw());
            self.count += 1;
        }
    }
}

impl Drop for Objects<'_> {
    #[inline]
    fn drop(&mut self) {
        for place in &self.places[1..self.count] {
            // SAFETY: `push` filled it, with a reference that it took over.
            if let Ok(object) = unsafe { Ref::steal(place.assume_init()) } {
                object.release();
            }
        }
    }
}

/// The beginning of a long text. When calls nest, each level quotes the exception of the level below, and quotes its
/// quotation marks: without a limit, a recursion without end makes texts that double at each level.
fn shortened(text: &[u8]) -> &[u8] {
    const LIMIT: usize = 4096;
    let is_start = |&end: &usize| text[end] & 0xc0 != 0x80;
    if text.len() <= LIMIT { text } else { &text[..(0..=LIMIT).rev().find(is_start).unwrap_or(0)] }
}

fn pointer<T>(word: Word) -> *mut T {
    ptr::with_exposed_provenance_mut(word as usize)
}

impl Method {
    /// Needs no GIL, and doesn't unwind.
    #[inline]
    fn call_with(&self, words: &[Word]) {
        let [handle, arguments @ .., out, status] = words else { return };
        let status = pointer::<CallStatus>(*status);
        let done = contain(false, || {
            self.run(*handle, arguments, pointer(*out), status);
            true
        });
        if !done {
            // SAFETY: as in `run`.
            unsafe { status.write(self.unexpected(b"the UniFFI accelerator panicked")) };
        }
    }

    /// Calls the Python method and puts its result where Rust wants it, or else what went wrong.
    fn run(&self, handle: u64, arguments: &[Word], out: *mut c_void, status: *mut CallStatus) {
        let called = gate::enter(|| {
            let stored = self.call_python(handle, arguments).and_then(|result| self.store(result, out));
            if let Err(Raised) = stored {
                // SAFETY: Rust's own status, whose buffer is empty and needs no freeing.
                unsafe { status.write(self.take_exception()) };
            }
        });
        if called.is_none() {
            self.free_buffers(arguments);
            // SAFETY: as above.
            unsafe { status.write(self.unexpected(b"the Python interpreter is shutting down")) };
        }
    }

    fn call_python(&self, handle: u64, arguments: &[Word]) -> Result<Ref> {
        let count = self.arguments.len() + 2;
        let (mut few, mut many);
        let places = if count <= FEW_OBJECTS {
            few = [const { MaybeUninit::uninit() }; FEW_OBJECTS];
            &mut few[..count]
        } else {
            many = vec![MaybeUninit::uninit(); count];
            &mut many[..]
        };
        let mut objects = Objects { places, count: 1 };
        self.lift(handle, arguments, &mut objects)?;
        let (name, args, count) = (self.name.as_raw(), objects.places.as_mut_ptr(), objects.count - 1);
        // SAFETY: so many objects, after a place that the callee may use.
        unsafe {
            let args = args.add(1).cast();
            Ref::steal(api::PyObject_VectorcallMethod(name, args, count | api::ARGUMENTS_OFFSET, ptr::null_mut()))
        }
    }

    /// The Python object, and the arguments. They all belong to us, so they are used up even after a failure.
    fn lift(&self, handle: u64, mut words: &[Word], objects: &mut Objects) -> Result<()> {
        // While there is one, an exception is the reason why the rest is thrown away.
        let mut failure = None;
        match handles::get(self.handles, handle) {
            Ok(object) => objects.push(object),
            Err(Raised) => failure = Some(Aside::new()),
        }
        for argument in &self.arguments {
            let (value, rest) = words.split_at(argument.ffi.words());
            words = rest;
            if failure.is_some() {
                discard(argument, value, self.library);
                continue;
            }
            match lift(argument, value, self.library) {
                Ok(object) => objects.push(object),
                Err(Raised) => failure = Some(Aside::new()),
            }
        }
        // Dropping it sets the exception again.
        failure.map_or(Ok(()), |_exception| Err(Raised))
    }

    #[inline]
    fn store(&self, result: Ref, out: *mut c_void) -> Result<()> {
        let Some(ty) = &self.result else { return Ok(()) };
        let mut words = [0; 3];
        let mut lowering = Lowering::new(self.library);
        if lower(ty, &result, &mut words[..ty.ffi.words()], &mut lowering).is_err() {
            return Err(self.explain(&mut lowering, c"the result"));
        }
        // SAFETY: Rust passes a place for a value of this type. Of a word, the low bytes come first.
        unsafe {
            let from = words.as_ptr();
            match ty.ffi {
                Ffi::U8 | Ffi::I8 => ptr::copy_nonoverlapping(from.cast::<u8>(), out.cast(), 1),
                Ffi::U16 | Ffi::I16 => ptr::copy_nonoverlapping(from.cast::<u16>(), out.cast(), 1),
                Ffi::U32 | Ffi::I32 | Ffi::F32 => ptr::copy_nonoverlapping(from.cast::<u32>(), out.cast(), 1),
                Ffi::U64 | Ffi::I64 | Ffi::F64 => ptr::copy_nonoverlapping(from, out.cast(), 1),
                Ffi::Buffer | Ffi::Bytes => out.cast::<RustBuffer>().write(RustBuffer::from_words(words)),
            }
        }
        result.release();
        Ok(())
    }

    /// Turns the exception that is set into what Rust is told.
    #[cold]
    fn take_exception(&self) -> CallStatus {
        let Some(exception) = errors::take() else { return self.unexpected(b"failed without an exception") };
        let Some(throws) = self.throws.filter(|ty| ty.error_class().is_some_and(|class| exception.is_a(class))) else {
            return self.describe(&exception);
        };
        let mut lowering = Lowering::new(self.library);
        if let Ok(error) = lower_buffer(&throws, &exception, &mut lowering) {
            return CallStatus { code: ERROR, error };
        }
        let Raised = self.explain(&mut lowering, c"an exception");
        self.describe(&errors::take().unwrap_or(exception))
    }

    /// Says whose value couldn't be lowered.
    #[cold]
    fn explain(&self, lowering: &mut Lowering, what: &CStr) -> Raised {
        lowering.undo();
        let aside = Aside::new();
        // SAFETY: the format and its arguments match.
        let prefix = unsafe {
            Ref::steal(api::PyUnicode_FromFormat()(c"%s of %U()".as_ptr(), what.as_ptr(), self.name.as_raw()))
        };
        drop(aside);
        lowering.explain(prefix.ok().as_deref())
    }

    /// An exception that the method doesn't declare.
    fn describe(&self, exception: &Object) -> CallStatus {
        let described = exception.repr().and_then(|text| Ok(self.unexpected(shortened(utf8(&text)?))));
        let described = described.or_else(|Raised| {
            // SAFETY: an exception is set: that of the `__repr__`, or of a string that has no UTF-8.
            unsafe { api::PyErr_Clear() };
            class_name(exception).and_then(|name| Ok(self.unexpected(shortened(utf8(&name)?))))
        });
        described.unwrap_or_else(|Raised| {
            // SAFETY: as above.
            unsafe { api::PyErr_Clear() };
            self.unexpected(b"an exception that can't be described")
        })
    }

    /// Needs no GIL.
    #[cold]
    fn unexpected(&self, message: &[u8]) -> CallStatus {
        CallStatus { code: UNEXPECTED, error: self.library.buffers.holding(message).unwrap_or(RustBuffer::EMPTY) }
    }

    /// Frees what arguments hold when there is no Python to lift them. Handles in them stay allocated; the process is
    /// about to end.
    #[cold]
    fn free_buffers(&self, mut words: &[Word]) {
        for argument in &self.arguments {
            let (value, rest) = words.split_at(argument.ffi.words());
            words = rest;
            if let (Ffi::Buffer, &[capacity, length, data]) = (argument.ffi, value) {
                // SAFETY: the library gave up its buffer.
                unsafe { self.library.buffers.free(RustBuffer::from_words([capacity, length, data])) };
            }
        }
    }
}

/// Rust drops what it had for a Python object.
struct Free(&'static Object);

// SAFETY: the map is used with the GIL held only.
unsafe impl Sync for Free {}

impl Target for Free {
    fn call(&self, frame: &Frame) -> u64 {
        in_python(&|| handles::remove(self.0, frame.first()).map(|_object| 0))
    }
}

/// Rust wants another handle for a Python object.
struct Clone(&'static Object);

// SAFETY: as above.
unsafe impl Sync for Clone {}

impl Target for Clone {
    /// 0 is no handle. It is all that can be said when the object is gone or Python is shutting down.
    fn call(&self, frame: &Frame) -> u64 {
        in_python(&|| handles::clone(self.0, frame.first()))
    }
}

/// What work with the GIL returns; 0 when it fails, or when Python is shutting down.
fn in_python(work: &dyn Fn() -> Result<u64>) -> u64 {
    let entered = contain(None, || {
        gate::enter(|| {
            work().unwrap_or_else(|Raised| {
                // SAFETY: an exception is set.
                unsafe { api::PyErr_Clear() };
                0
            })
        })
    });
    entered.unwrap_or(0)
}

/// A method of a vtable that is being made.
enum Entry {
    /// The address of a function that is ready.
    Ready(*const c_void),
    Native(Box<Method>),
}

/// `vtable(library, init_symbol, handle_map, methods)`: makes a vtable and tells Rust of it.
pub(crate) fn vtable(args: &[&Object]) -> Result<Ref> {
    let &[library, init, handles, methods] = args else {
        let count = args.len().cast_signed();
        return Err(raise!(PyExc_TypeError, c"vtable() takes 4 positional arguments but %zd were given", count));
    };
    let library = Library::of(library)?;
    let init = library.symbol(init)?;
    if !handles::is_map(handles) {
        return Err(expected(c"a vtable's handle map", c"a HandleMap", handles));
    }
    let methods = Tuple::new(methods, c"a vtable's methods")?;
    let entries = methods.iter().map(|method| entry(library, handles, method)).collect::<Result<Vec<_>>>()?;
    let native = entries.iter().filter(|entry| matches!(entry, Entry::Native(_))).count();
    let Some(mut slots) = reserve(native + 2) else {
        return Err(raise!(PyExc_ImportError, c"no native entry points are left for a vtable"));
    };
    // From here on nothing fails, and everything lives as long as the process.
    let handles = handles.own().leak();
    let mut bind = |target: &'static dyn Target| slots.bind(target).unwrap_or(ptr::null());
    let mut table = vec![bind(Box::leak(Box::new(Free(handles)))), bind(Box::leak(Box::new(Clone(handles))))];
    table.extend(entries.into_iter().map(|entry| match entry {
        Entry::Ready(address) => address,
        Entry::Native(method) => bind(Box::leak(method)),
    }));
    // SAFETY: the generated module passes a UniFFI function of this signature, and methods in the order of the trait.
    unsafe {
        let init = std::mem::transmute::<*const c_void, unsafe extern "C" fn(*const *const c_void)>(init);
        init(table.leak().as_ptr());
    }
    Ok(Ref::none())
}

fn entry(library: &'static Library, handles: &Object, method: &Object) -> Result<Entry> {
    if method.is_a(api::PyLong_Type()) {
        // SAFETY: an int.
        let address = unsafe { api::PyLong_AsUnsignedLongLong(method.as_raw()) };
        // SAFETY: may be called at any time.
        if unsafe { !api::PyErr_Occurred().is_null() } {
            return Err(Raised);
        }
        if address == 0 {
            return Err(raise!(PyExc_ValueError, c"a vtable's method has no address"));
        }
        return Ok(Entry::Ready(pointer(address)));
    }
    let what = c"a vtable's method";
    let [name, arguments, result, throws] = Tuple::new(method, what)?.parts(what)?;
    let name = interned(name)?;
    let optional = |ty: &Object| if ty.is_none() { Ok(None) } else { library.type_named(ty).map(Some) };
    let result = optional(result)?;
    let throws = optional(throws)?;
    let arguments = Tuple::new(arguments, c"a method's arguments")?;
    let arguments = arguments.iter().map(|ty| library.type_named(ty)).collect::<Result<Box<[_]>>>()?;
    if arguments.iter().chain(&result).any(|ty| ty.ffi == Ffi::Bytes) {
        return Err(unusable(c"borrows bytes, which only arguments of Rust functions do", &name));
    }
    if throws.is_some_and(|ty| ty.error_class().is_none()) {
        return Err(unusable(c"throws what isn't an error", &name));
    }
    let parameters = [
        &[Parameter::Integer][..],
        &arguments.iter().copied().map(parameter).collect::<Vec<_>>(),
        &[Parameter::Integer; 2],
    ];
    Ok(Entry::Native(Box::new(Method {
        library,
        // SAFETY: the vtable keeps the map for good before any method can be called.
        handles: unsafe { Object::borrow(handles.as_raw()) },
        name,
        layout: Layout::new(&parameters.concat()),
        arguments,
        result,
        throws,
    })))
}

fn parameter(ty: TypeRef) -> Parameter {
    match ty.ffi {
        Ffi::F32 | Ffi::F64 => Parameter::Float,
        Ffi::Buffer | Ffi::Bytes => Parameter::Buffer,
        _ => Parameter::Integer,
    }
}

#[cold]
fn unusable(why: &CStr, method: &Object) -> Raised {
    raise!(PyExc_ValueError, c"the vtable's method %R %s", method.as_raw(), why.as_ptr())
}
