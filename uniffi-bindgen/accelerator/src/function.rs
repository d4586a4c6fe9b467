//! The native functions that Python calls, and the calls they make.

use std::ffi::{CStr, c_void};
use std::mem::{offset_of, transmute};
use std::slice;

use crate::api::{self, GetSetDef, MemberDef, MethodDef, Raw, TypeSlot, Vectorcall};
use crate::buffer::{ERROR, RustBuffer, SUCCESS, UNEXPECTED, Word};
use crate::class::{self, Class, contain};
use crate::entry::guard;
use crate::errors::{Aside, raise, raise_instance, raise_value, wrong_class};
use crate::gate;
use crate::library::{Library, interned};
use crate::lift::{broken, discard, lift, lift_buffer, lift_text};
use crate::lower::{Lowering, lower};
use crate::names;
use crate::object::{Object, Raised, Ref, Result, string, truth};
use crate::pending::{self, FutureSymbols};
use crate::shape::is_subclass;
use crate::spec::{Tuple, callable, text};
use crate::types::{Ffi, Interface, TypeRef};

/// Calls with more words or arguments than this need memory of their own.
const SMALL: usize = 16;

/// What a native function calls and how.
pub(crate) struct Function {
    pub(crate) library: &'static Library,
    pub(crate) name: Ref,
    pub(crate) result: Option<TypeRef>,
    pub(crate) throws: Option<TypeRef>,
    /// For functions that return at once.
    pub(crate) keep_gil: bool,
    /// For async functions.
    pub(crate) future: Option<FutureSymbols>,
    /// None for functions that free what an instance holds.
    call: Option<Call>,
    result_words: usize,
    /// The function in Python that this one stands for.
    wrapped: Ref,
    first: First,
    names: Vec<Ref>,
    types: Vec<TypeRef>,
    /// Of the last arguments.
    defaults: Vec<Ref>,
    words: usize,
}

/// `uniffi_ffibuffer_*`: the arguments' words, and room for those of the result and the status.
type Call = unsafe extern "C" fn(*const Word, *mut Word);

/// What the first argument is to Python.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    /// An argument like others.
    Argument,
    /// A new instance, which gets the handle that Rust returns.
    Instance,
    /// The class that a constructor is called on.
    Class,
}

/// An instance of the Python class `Function`.
#[repr(C)]
struct Native {
    head: Object,
    vectorcall: Option<Vectorcall>,
    function: *mut Function,
}

static CLASS: Class = Class::new();

/// A native function from its description. The library must outlive it.
pub(crate) fn new(library: &'static Library, spec: &Object) -> Result<Ref> {
    let what = c"a function";
    let spec = Tuple::new(spec, what)?.parts(what)?;
    let [name, symbol, wrapped, kind, names, types, defaults, result, throws, keep_gil, extra] = spec;
    text(name, c"the name of a function")?;
    let optional = |name: &Object| if name.is_none() { Ok(None) } else { library.type_named(name).map(Some) };
    let (result, throws) = (optional(result)?, optional(throws)?);

    let (mut is_async, mut frees) = (false, false);
    let first = match text(kind, c"the kind of a function")? {
        b"function" | b"method" => First::Argument,
        b"init" => First::Instance,
        b"class" => First::Class,
        b"async" => {
            is_async = true;
            First::Argument
        }
        b"free" => {
            frees = true;
            First::Instance
        }
        _ => return Err(raise!(PyExc_ValueError, c"%U is of an unknown kind: %R", name.as_raw(), kind.as_raw())),
    };
    if first != First::Argument && !frees && result.is_none_or(|ty| ty.interface().is_none()) {
        return Err(raise!(PyExc_ValueError, c"%U makes no object", name.as_raw()));
    }
    if [result, throws].into_iter().flatten().any(|ty| ty.ffi == Ffi::Bytes) {
        return Err(raise!(PyExc_ValueError, c"%U can't return what it only borrows", name.as_raw()));
    }

    let mut types = Tuple::new(types, c"the types of the arguments")?.map(&mut |name| library.type_named(name))?;
    let held = if frees { types.pop().filter(|ty| types.is_empty() && ty.interface().is_some()) } else { None };
    if frees && held.is_none() {
        return Err(raise!(PyExc_ValueError, c"%U frees no object", name.as_raw()));
    }
    let names = Tuple::new(names, c"the names of the arguments")?.map(&mut interned)?;
    let defaults = Tuple::new(defaults, c"the defaults")?.map(&mut |value| Ok(value.own()))?;
    if names.len() != types.len() || defaults.len() > names.len() {
        let [names, types, defaults] = [names.len(), types.len(), defaults.len()].map(usize::cast_signed);
        return Err(raise!(
            PyExc_ValueError,
            c"%U has %zd arguments, %zd types and %zd defaults",
            name.as_raw(),
            names,
            types,
            defaults
        ));
    }
    let future = if is_async {
        if types.iter().any(|ty| ty.ffi == Ffi::Bytes) {
            return Err(raise!(PyExc_ValueError, c"%U is async and can't borrow", name.as_raw()));
        }
        let [poll, complete, free, _cancel] = Tuple::new(extra, c"a future's symbols")?.parts(c"a future's symbols")?;
        let [poll, complete, free] = [library.symbol(poll)?, library.symbol(complete)?, library.symbol(free)?];
        // SAFETY: the library's functions of these names, for this type.
        Some(unsafe { FutureSymbols::new(poll, complete, free, result.map(|ty| ty.ffi)) })
    } else {
        None
    };
    // SAFETY: UniFFI's functions of such names have this type.
    let call =
        unsafe { if frees { None } else { Some(transmute::<*const c_void, Call>(buffer_symbol(library, symbol)?)) } };

    let function = Box::new(Function {
        library,
        name: name.own(),
        result: result.or(held),
        throws,
        // SAFETY: an object.
        keep_gil: truth(unsafe { api::PyObject_IsTrue(keep_gil.as_raw()) })?,
        future,
        call,
        result_words: result.map_or(0, |ty| ty.ffi.words()),
        wrapped: callable(wrapped, c"the Python function")?.own(),
        first,
        words: types.iter().map(|ty| ty.ffi.words()).sum(),
        names,
        types,
        defaults,
    });
    // SAFETY: the class was made before libraries can be bound.
    let object = unsafe { CLASS.instantiate()? };
    // SAFETY: a new instance of that class.
    unsafe {
        let native = object.as_raw().cast::<Native>();
        (*native).function = Box::into_raw(function);
        (*native).vectorcall = Some(call_native);
    }
    Ok(object)
}

/// The address of `uniffi_ffibuffer_x` for `uniffi_x`.
fn buffer_symbol(library: &Library, symbol: &Object) -> Result<*const c_void> {
    let plain = text(symbol, c"the symbol of a function")?;
    let mut name = b"uniffi_ffibuffer_".to_vec();
    name.extend_from_slice(plain.strip_prefix(b"uniffi_").unwrap_or(plain));
    library.symbols.named(name)
}

/// `vectorcall` of the class.
unsafe extern "C" fn call_native(this: Raw, args: *const Raw, count: usize, keywords: Raw) -> Raw {
    guard(|| {
        // SAFETY: Python calls this with an instance of the class.
        let function = unsafe { of(this) };
        let count = count & !api::ARGUMENTS_OFFSET;
        if keywords.is_null() && count == function.arity() {
            // SAFETY: Python passes so many objects.
            return function.invoke(unsafe { objects(args, count) });
        }
        // SAFETY: Python passes so many objects, and after them one for each keyword.
        unsafe { function.arrange(args, count, keywords.as_ref()) }
    })
}

/// Arguments as Python passes them.
///
/// # Safety
///
/// There must be so many objects, which stay alive as long as `'a`.
#[inline]
unsafe fn objects<'a>(args: *const Raw, count: usize) -> &'a [&'a Object] {
    if count == 0 {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { slice::from_raw_parts(args.cast(), count) }
}

impl Function {
    /// How many arguments it takes, the first included that Rust doesn't get.
    #[inline]
    fn arity(&self) -> usize {
        self.types.len() + self.receivers()
    }

    /// How many arguments Rust doesn't get.
    #[inline]
    fn receivers(&self) -> usize {
        usize::from(self.first != First::Argument)
    }

    /// Calls Rust with all arguments.
    #[inline]
    fn invoke(&'static self, args: &[&Object]) -> Result<Ref> {
        if self.words <= SMALL {
            self.invoke_in(args, &mut [0; SMALL])
        } else {
            self.invoke_in(args, &mut vec![0; self.words])
        }
    }

    /// Calls Rust, with words that are enough.
    #[inline]
    fn invoke_in(&'static self, args: &[&Object], words: &mut [Word]) -> Result<Ref> {
        let Some(call) = self.call else {
            self.free(args);
            return Ok(Ref::none());
        };
        let (receiver, args) = match (self.first, args) {
            (First::Argument, args) | (_, args @ []) => (None, args),
            (_, [receiver, args @ ..]) => (Some(self.checked(receiver)?), args),
        };
        let mut lowering = Lowering::new(self.library);
        let mut rest = &mut *words;
        for (index, (arg, ty)) in args.iter().zip(&self.types).enumerate() {
            if lower(ty, arg, rest, &mut lowering).is_err() {
                return Err(self.fail(index, words, &mut lowering));
            }
            rest = rest.get_mut(ty.ffi.words()..).unwrap_or_default();
        }
        let mut returned = [0; 7];
        let (from, to) = (words.as_ptr(), returned.as_mut_ptr());
        // Starting a future takes no time worth letting others run.
        let keep_gil = self.keep_gil || self.future.is_some();
        // SAFETY: a function of this signature; the words are as many as it takes, and there is room for the result.
        gate::without_gil(keep_gil, || unsafe { call(from, to) });
        lowering.finish();
        self.finish(&returned, receiver)
    }

    /// Makes a Python value of what Rust returned.
    #[inline]
    fn finish(&'static self, returned: &[Word], receiver: Option<&Object>) -> Result<Ref> {
        let (Some((result, status)), &[handle, ..]) = (returned.split_at_checked(self.result_words), returned) else {
            return Err(Raised);
        };
        if self.future.is_some() {
            // SAFETY: a future that this function just made.
            return unsafe { pending::start(self, handle) };
        }
        if let [code, error @ ..] = status
            && *code as i8 != SUCCESS
        {
            return Err(raise_status(self.library, self.throws, *code as i8, RustBuffer::returned(error)));
        }
        match (&self.result, receiver) {
            (None, _) => Ok(Ref::none()),
            (Some(ty), None) => lift(ty, result, self.library),
            (Some(_), Some(receiver)) => self.hand_over(handle, receiver),
        }
    }

    /// Frees the Rust object that an instance holds, if it still does. That is what `__del__` is, so it never raises.
    fn free(&self, args: &[&Object]) {
        if let (Some(instance), Ok(interface)) = (args.first(), self.interface()) {
            match interface.instance.take(instance) {
                Ok(Some(handle)) => gate::without_gil(false, || interface.free(handle)),
                Ok(None) => {}
                // SAFETY: an exception is set.
                Err(Raised) => unsafe { api::PyErr_Clear() },
            }
        }
    }

    /// The class of the object that this constructor makes.
    fn interface(&self) -> Result<&Interface> {
        let interface = self.result.as_ref().and_then(|ty| ty.interface());
        interface.ok_or_else(|| raise!(PyExc_TypeError, c"a constructor that makes no object"))
    }

    /// TypeError when a constructor is called on something it isn't for.
    fn checked<'a>(&self, receiver: &'a Object) -> Result<&'a Object> {
        let class = &*self.interface()?.instance.class.class;
        let fits = match self.first {
            First::Class => receiver.is(class) || receiver.is_class() && is_subclass(receiver, class),
            _ => receiver.is_a(class),
        };
        if fits { Ok(receiver) } else { Err(wrong_class(class, receiver)) }
    }

    /// Gives the handle of a new Rust object to the Python object it is for.
    fn hand_over(&self, handle: u64, receiver: &Object) -> Result<Ref> {
        let interface = self.interface()?;
        if handle == 0 {
            return Err(broken(self.library, c"an object without a handle"));
        }
        let instance = &interface.instance;
        let done = if self.first == First::Instance {
            // Initialised once more, it gives up the object that it held.
            instance.handle(receiver).and_then(|held| {
                instance.hold(receiver, handle)?;
                if let Some(held) = held {
                    gate::without_gil(false, || interface.free(held));
                }
                Ok(Ref::none())
            })
        } else if receiver.is(&instance.class.class) {
            instance.holding(handle)
        } else {
            let make = || receiver.attribute(names::get().new)?.call([receiver]);
            make().and_then(|made| {
                if !made.is_a(&instance.class.class) {
                    return Err(wrong_class(&instance.class.class, &made));
                }
                instance.hold(&made, handle)?;
                Ok(made)
            })
        };
        done.inspect_err(|_| {
            let _aside = Aside::new();
            gate::without_gil(false, || interface.free(handle));
        })
    }

    /// Gives up a call whose argument with this index could not be lowered.
    #[cold]
    fn fail(&self, index: usize, words: &[Word], lowering: &mut Lowering) -> Raised {
        let mut rest = words;
        for ty in &self.types[..index] {
            discard(ty, rest, self.library);
            rest = rest.get(ty.ffi.words()..).unwrap_or_default();
        }
        lowering.undo();
        let aside = Aside::new();
        // SAFETY: a format that fits its arguments.
        let prefix = unsafe {
            let (name, argument) = (self.name.as_raw(), self.names[index].as_raw());
            Ref::steal(api::PyUnicode_FromFormat()(c"%U() argument '%U'".as_ptr(), name, argument))
        };
        drop(aside);
        lowering.explain(prefix.as_deref().ok())
    }

    /// Calls Rust with arguments that are too many or too few, or have names.
    ///
    /// # Safety
    ///
    /// There must be so many objects, and after them one for each keyword.
    #[inline(never)]
    unsafe fn arrange(&'static self, args: *const Raw, count: usize, keywords: Option<&Object>) -> Result<Ref> {
        let arity = self.arity();
        if count > arity {
            return Err(self.too_many(count));
        }
        let (mut few, mut many);
        let slots = if arity <= SMALL {
            few = [None; SMALL];
            &mut few[..arity]
        } else {
            many = vec![None; arity];
            &mut many[..]
        };
        // SAFETY: as the caller promises.
        for (slot, arg) in slots.iter_mut().zip(unsafe { objects(args, count) }) {
            *slot = Some(*arg);
        }
        if let Some(keywords) = keywords {
            let keywords = Tuple::new(keywords, c"the keywords")?;
            // SAFETY: as the caller promises.
            let values = unsafe { objects(args.add(count), keywords.len()) };
            for (keyword, value) in keywords.iter().zip(values) {
                let Some(index) = self.named(keyword) else {
                    return Err(self.complain(c"%U() got an unexpected keyword argument '%U'", keyword));
                };
                if slots[index].replace(value).is_some() {
                    return Err(self.complain(c"%U() got multiple values for argument '%U'", keyword));
                }
            }
        }
        let required = arity - self.defaults.len();
        for (index, slot) in slots.iter_mut().enumerate() {
            if slot.is_none() {
                *slot = index.checked_sub(required).map(|index| &*self.defaults[index]);
            }
            if slot.is_none() {
                let receiver = &names::get().this.own();
                let name = index.checked_sub(self.receivers()).map_or(receiver, |index| &self.names[index]);
                return Err(self.complain(c"%U() missing required argument: '%U'", name));
            }
        }
        // SAFETY: all of them are references, as the loop above has seen to.
        self.invoke(unsafe { slice::from_raw_parts(slots.as_ptr().cast::<&Object>(), arity) })
    }

    /// The index of the argument with this name.
    fn named(&self, keyword: &Object) -> Option<usize> {
        let equal = |name: &Ref| {
            // SAFETY: two strings.
            unsafe { api::PyUnicode_Compare(name.as_raw(), keyword.as_raw()) == 0 }
        };
        let index =
            self.names.iter().position(|name| keyword.is(name)).or_else(|| self.names.iter().position(equal))?;
        Some(index + self.receivers())
    }

    #[cold]
    fn complain(&self, format: &CStr, argument: &Object) -> Raised {
        // SAFETY: an exception class, and a format that takes two strings.
        unsafe {
            let kind = api::PyExc_TypeError().as_raw();
            api::PyErr_Format()(kind, format.as_ptr(), self.name.as_raw(), argument.as_raw());
        }
        Raised
    }

    #[cold]
    fn too_many(&self, count: usize) -> Raised {
        let (most, count) = (self.arity().cast_signed(), count.cast_signed());
        let least = most - self.defaults.len().cast_signed();
        let name = self.name.as_raw();
        let takes = if most == 1 { c"" } else { c"s" }.as_ptr();
        let given = if count == 1 { c"was" } else { c"were" }.as_ptr();
        if least == most {
            raise!(
                PyExc_TypeError,
                c"%U() takes %zd positional argument%s but %zd %s given",
                name,
                most,
                takes,
                count,
                given
            )
        } else {
            raise!(
                PyExc_TypeError,
                c"%U() takes from %zd to %zd positional argument%s but %zd %s given",
                name,
                least,
                most,
                takes,
                count,
                given
            )
        }
    }
}

/// Raises what a call status says that isn't [`SUCCESS`]. The buffer is used up.
#[cold]
pub(crate) fn raise_status(library: &Library, throws: Option<TypeRef>, code: i8, error: RustBuffer) -> Raised {
    if let (ERROR, Some(ty)) = (code, throws) {
        return match lift_buffer(&ty, error, library) {
            Ok(exception) => raise_instance(&exception),
            Err(raised) => raised,
        };
    }
    let message = match code {
        UNEXPECTED if error.length != 0 => lift_text(error, library),
        _ => {
            // SAFETY: a buffer of the library that nobody else has.
            unsafe { library.buffers.free(error) };
            string(match code {
                UNEXPECTED => "Unknown rust panic",
                ERROR => "an error that the function does not declare",
                _ => "an unknown call status",
            })
        }
    };
    match message {
        Ok(message) => raise_value(&library.internal_error, &message),
        Err(raised) => raised,
    }
}

/// The function behind an instance of the class.
///
/// # Safety
///
/// It must be one.
unsafe fn of<'a>(this: Raw) -> &'a Function {
    // SAFETY: instances get their function as they are made.
    unsafe { &*(*this.cast::<Native>()).function }
}

/// `tp_descr_get`: as an attribute of an instance it is a method.
unsafe extern "C" fn bind_method(this: Raw, instance: Raw, _class: Raw) -> Raw {
    // SAFETY: Python calls this with an instance of the class, and an object or null.
    guard(|| unsafe {
        if instance.is_null() || Object::borrow(instance).is_none() {
            Ok(Object::borrow(this).own())
        } else {
            Ref::steal(api::PyMethod_New(this, instance))
        }
    })
}

/// `tp_getattro`: what describes the function is taken from the one in Python. The class has attributes of the same
/// names, which describe the class.
unsafe extern "C" fn attribute(this: Raw, name: Raw) -> Raw {
    // SAFETY: Python calls this with an instance of the class and a string.
    guard(|| unsafe {
        let names = names::get();
        let described = [names.name, names.qualified_name, names.module, names.doc, names.annotations];
        if described.into_iter().any(|described| api::PyUnicode_Compare(described.as_raw(), name) == 0) {
            of(this).wrapped.attribute(Object::borrow(name))
        } else {
            Ref::steal(api::PyObject_GenericGetAttr(this, name))
        }
    })
}

unsafe extern "C" fn wrapped(this: Raw, _: *mut c_void) -> Raw {
    // SAFETY: Python calls this with an instance of the class.
    guard(|| Ok(unsafe { of(this) }.wrapped.own()))
}

/// `__reduce__`: a function is pickled as the name under which its module has it.
unsafe extern "C" fn reduce(this: Raw, _: Raw) -> Raw {
    // SAFETY: Python calls this with an instance of the class.
    guard(|| unsafe { of(this) }.wrapped.attribute(names::get().qualified_name))
}

unsafe extern "C" fn repr(this: Raw) -> Raw {
    // SAFETY: Python calls this with an instance of the class; the format fits its arguments.
    guard(|| unsafe {
        let function = of(this);
        let format = c"<native function %U.%U>";
        let (library, name) =
            (function.library.name.as_raw(), function.wrapped.attribute(names::get().qualified_name)?);
        Ref::steal(api::PyUnicode_FromFormat()(format.as_ptr(), library, name.as_raw()))
    })
}

/// Only a function whose library could not be bound goes away.
unsafe extern "C" fn dealloc(this: Raw) {
    contain((), || {
        // SAFETY: Python calls this with an instance that nothing refers to any more.
        unsafe {
            drop(Box::from_raw((*this.cast::<Native>()).function));
            class::free(this);
        }
    });
}

static METHODS: [MethodDef; 2] =
    [MethodDef::new(c"__reduce__", reduce as *const c_void, api::METH_NOARGS, c""), MethodDef::END];
static ATTRIBUTES: [GetSetDef; 2] = [GetSetDef::read_only(c"__wrapped__", wrapped), GetSetDef::END];
static MEMBERS: [MemberDef; 2] =
    [MemberDef::read_only_size(c"__vectorcalloffset__", offset_of!(Native, vectorcall)), MemberDef::END];

/// Makes the class `Function`.
pub(crate) fn new_type() -> Result<Ref> {
    let slots = [
        TypeSlot::new(api::TP_DEALLOC, dealloc as *const c_void),
        TypeSlot::new(api::TP_CALL, api::PyVectorcall_Call as *const c_void),
        TypeSlot::new(api::TP_DESCR_GET, bind_method as *const c_void),
        TypeSlot::new(api::TP_GETATTRO, attribute as *const c_void),
        TypeSlot::new(api::TP_REPR, repr as *const c_void),
        TypeSlot::new(api::TP_METHODS, METHODS.as_ptr().cast()),
        TypeSlot::new(api::TP_GETSET, ATTRIBUTES.as_ptr().cast()),
        TypeSlot::new(api::TP_MEMBERS, MEMBERS.as_ptr().cast()),
        TypeSlot::END,
    ];
    let flags = api::HAVE_VECTORCALL | api::METHOD_DESCRIPTOR | api::NO_NEW;
    // SAFETY: the functions have the signatures of their slots, and the rest is static.
    unsafe { CLASS.make(c"uniffi_python_accelerator.Function", size_of::<Native>(), flags, &slots) }
}
