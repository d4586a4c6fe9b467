//! From Rust's values to Python's.
//!
//! A buffer comes from the library's own scaffolding, but what it says is checked all the same: a mistake there must end
//! in an exception.

use std::ffi::CStr;
use std::{ptr, slice};

use crate::api;
use crate::buffer::{RustBuffer, Word};
use crate::errors::{Aside, is_set, raise};
use crate::handles;
use crate::layout::{self, ListHead};
use crate::library::Library;
use crate::number::Integer;
use crate::object::{Object, Raised, Ref, Result, done, set_item, tuple, tuple_of, unfilled_ascii};
use crate::reader::Reader;
use crate::shape::{Field, Shape};
use crate::types::{Ffi, Foreign, Interface, Kind, OptionalCallables, Type};

/// How deeply values may be nested, counting lists, records, optional values and so on. Each level takes some hundred
/// bytes of the stack, of which a thread may have only half a megabyte.
pub(crate) const DEPTH: usize = 1000;

/// Lifts a value from its words (as many as `ty.ffi.words()`). A buffer or handle among them is used up in any case.
pub(crate) fn lift(ty: &Type, words: &[Word], library: &Library) -> Result<Ref> {
    match &ty.kind {
        Kind::Str => lift_text(RustBuffer::returned(words), library),
        Kind::Custom(inner, callables) => custom(callables, lift(inner, words, library)?),
        _ if ty.ffi == Ffi::Buffer => lift_buffer(ty, RustBuffer::returned(words), library),
        kind => number(kind, words.first().copied().unwrap_or(0), library),
    }
}

/// Lifts a value that is serialised in a buffer, as errors always are. The buffer is used up.
pub(crate) fn lift_buffer(ty: &Type, buffer: RustBuffer, library: &Library) -> Result<Ref> {
    consume(buffer, library, |bytes| lift_bytes(ty, bytes, library))
}

/// Lifts a serialised value that is all that these bytes hold.
pub(crate) fn lift_bytes(ty: &Type, bytes: &[u8], library: &Library) -> Result<Ref> {
    let mut source = Source { reader: Reader::new(bytes), library, depth: 0 };
    let value = read(ty, &mut source)?;
    if source.reader.remaining() == 0 { Ok(value) } else { Err(broken(library, c"trailing bytes")) }
}

/// The string that a buffer holds (not serialised, as in a status). The buffer is used up.
pub(crate) fn lift_text(buffer: RustBuffer, library: &Library) -> Result<Ref> {
    consume(buffer, library, |bytes| text(bytes, library))
}

/// Gives back what a value's words hold, when nobody will lift them.
#[cold]
pub(crate) fn discard(ty: &Type, words: &[Word], library: &Library) {
    // The exception that may be the reason for it must survive.
    let _aside = Aside::new();
    let handle = words.first().copied().unwrap_or(0);
    match &ty.kind {
        Kind::Custom(inner, _) => discard(inner, words, library),
        Kind::Object(interface) => interface.free(handle),
        Kind::Trait(interface, _) if handle % 2 == 0 => interface.free(handle),
        Kind::Trait(_, foreign) | Kind::Callback(foreign) => foreign.forget(handle),
        _ if ty.ffi == Ffi::Buffer => {
            // SAFETY: a buffer of the library that nobody else has.
            unsafe { library.buffers.free(RustBuffer::returned(words)) };
        }
        _ => {}
    }
}

/// Lets `lift` read what a buffer holds, and gives it back.
#[inline]
fn consume(buffer: RustBuffer, library: &Library, lift: impl FnOnce(&[u8]) -> Result<Ref>) -> Result<Ref> {
    let bytes = if buffer.length == 0 || buffer.data.is_null() {
        &[]
    } else {
        // SAFETY: a buffer that the library returned, which holds so many bytes until it is freed below.
        unsafe { slice::from_raw_parts(buffer.data, buffer.length as usize) }
    };
    let value = lift(bytes);
    // SAFETY: as above; it isn't used any more.
    unsafe { library.buffers.recycle(buffer) };
    value
}

/// Lifts a value that isn't in a buffer: a number or a handle, in the low bytes of a word.
#[inline]
fn number(kind: &Kind, word: Word, library: &Library) -> Result<Ref> {
    match kind {
        Kind::Int(integer) => match integer {
            Integer::U8 => int(i64::from(word as u8)),
            Integer::I8 => int(i64::from(word as i8)),
            Integer::U16 => int(i64::from(word as u16)),
            Integer::I16 => int(i64::from(word as i16)),
            Integer::U32 => int(i64::from(word as u32)),
            Integer::I32 => int(i64::from(word as i32)),
            Integer::U64 => large_int(word),
            Integer::I64 => int(word.cast_signed()),
        },
        Kind::F32 => float(f64::from(f32::from_bits(word as u32))),
        Kind::F64 => float(f64::from_bits(word)),
        Kind::Bool => bool(word as u8, library),
        Kind::Object(interface) => object(interface, word, library),
        Kind::Trait(interface, foreign) => implementation(interface, foreign, word, library),
        Kind::Callback(foreign) => callback(foreign, word, library),
        _ => Err(broken(library, c"a value of a type that has none")),
    }
}

struct Source<'a> {
    reader: Reader<'a>,
    library: &'a Library,
    depth: usize,
}

impl Source<'_> {
    #[inline]
    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.reader.take().ok_or_else(|| broken(self.library, c"an unexpected end"))
    }

    #[inline]
    fn prefixed(&mut self) -> Result<&[u8]> {
        self.reader.prefixed().ok_or_else(|| broken(self.library, c"an impossible length"))
    }

    #[inline]
    fn count(&mut self, item: &Type) -> Result<usize> {
        self.reader.count(item.least()).ok_or_else(|| broken(self.library, c"an impossible count"))
    }

    /// The bytes of so many numbers.
    #[inline]
    fn numbers<const N: usize>(&mut self, count: usize) -> Result<&[[u8; N]]> {
        let bytes =
            self.reader.bytes(count.saturating_mul(N)).ok_or_else(|| broken(self.library, c"an unexpected end"))?;
        Ok(bytes.as_chunks().0)
    }

    /// Which of so many variants.
    #[inline]
    fn variant<'v, T>(&mut self, variants: &'v [T]) -> Result<&'v T> {
        let index = u32::from_be_bytes(self.take()?).wrapping_sub(1);
        variants.get(index as usize).ok_or_else(|| broken(self.library, c"an unknown variant"))
    }
}

/// Lifts the next value.
fn read(ty: &Type, source: &mut Source) -> Result<Ref> {
    match &ty.kind {
        Kind::Int(integer) => match integer {
            Integer::U8 => int(i64::from(u8::from_be_bytes(source.take()?))),
            Integer::I8 => int(i64::from(i8::from_be_bytes(source.take()?))),
            Integer::U16 => int(i64::from(u16::from_be_bytes(source.take()?))),
            Integer::I16 => int(i64::from(i16::from_be_bytes(source.take()?))),
            Integer::U32 => int(i64::from(u32::from_be_bytes(source.take()?))),
            Integer::I32 => int(i64::from(i32::from_be_bytes(source.take()?))),
            Integer::U64 => large_int(u64::from_be_bytes(source.take()?)),
            Integer::I64 => int(i64::from_be_bytes(source.take()?)),
        },
        Kind::F32 => float(f64::from(f32::from_be_bytes(source.take()?))),
        Kind::F64 => float(f64::from_be_bytes(source.take()?)),
        Kind::Bool => bool(u8::from_be_bytes(source.take()?), source.library),
        Kind::Str => {
            let library = source.library;
            text(source.prefixed()?, library)
        }
        Kind::Bytes => {
            let bytes = source.prefixed()?;
            // SAFETY: a slice, which is never longer than `isize::MAX`.
            unsafe { Ref::steal(api::PyBytes_FromStringAndSize(bytes.as_ptr().cast(), bytes.len().cast_signed())) }
        }
        Kind::FlatEnum(members) => source.variant(&members.members).cloned(),
        Kind::Object(interface) => object(interface, u64::from_be_bytes(source.take()?), source.library),
        Kind::Trait(interface, foreign) => {
            implementation(interface, foreign, u64::from_be_bytes(source.take()?), source.library)
        }
        Kind::Callback(foreign) => callback(foreign, u64::from_be_bytes(source.take()?), source.library),
        Kind::Timestamp(callables) => {
            let seconds = int(i64::from_be_bytes(source.take()?))?;
            let nanoseconds = int(i64::from(u32::from_be_bytes(source.take()?)))?;
            callables.lift.call([&*seconds, &nanoseconds])
        }
        Kind::Duration(callables) => {
            let seconds = large_int(u64::from_be_bytes(source.take()?))?;
            let nanoseconds = int(i64::from(u32::from_be_bytes(source.take()?)))?;
            callables.lift.call([&*seconds, &nanoseconds])
        }
        Kind::BorrowedBytes | Kind::Alias(_) => Err(broken(source.library, c"a value of a type that has none")),
        _ => {
            if source.depth == DEPTH {
                return Err(raise!(PyExc_RecursionError, c"a value is nested too deeply"));
            }
            source.depth += 1;
            let value = read_nested(ty, source);
            source.depth -= 1;
            value
        }
    }
}

/// Lifts a value that others are part of.
fn read_nested(ty: &Type, source: &mut Source) -> Result<Ref> {
    match &ty.kind {
        Kind::Optional(inner) => match source.take()? {
            [0] => Ok(Ref::none()),
            [1] => read(inner, source),
            _ => Err(broken(source.library, c"neither something nor nothing")),
        },
        Kind::Sequence(item) => sequence(item, source),
        Kind::Set(item) => set(item, source),
        Kind::Map(key, value) => map(key, value, source),
        Kind::Record(shape) => record(shape, source),
        Kind::Enum(variants) => record(source.variant(&variants.variants)?, source),
        Kind::Error(variants) => error(source.variant(&variants.variants)?, source),
        Kind::FlatError(variants) => {
            let variant = source.variant(&variants.variants)?;
            let library = source.library;
            let message = text(source.prefixed()?, library)?;
            let args = tuple_of(message)?;
            variant.class.instantiate(Some(&args))
        }
        Kind::Custom(inner, callables) => {
            let value = read(inner, source)?;
            custom(callables, value)
        }
        _ => Err(broken(source.library, c"a value of a type that has none")),
    }
}

fn sequence(item: &Type, source: &mut Source) -> Result<Ref> {
    let count = source.count(item)?;
    if item.least() == 0 {
        // Nothing in the buffer bears the count out.
        let list = new_list(0)?;
        for _ in 0..count {
            let item = read(item, source)?;
            // SAFETY: a list and an object.
            done(unsafe { api::PyList_Append(list.as_raw(), item.as_raw()) })?;
        }
        return Ok(list);
    }
    let list = new_list(count)?;
    // While it has holes nobody may see it. The collector is the only one who could show it around.
    // SAFETY: a list, which the collector knows. As it is dropped it doesn't matter whether it does.
    unsafe { api::PyObject_GC_UnTrack(list.as_raw().cast()) };
    if layout::get().lists {
        // SAFETY: a list of `count` items, which nobody else can change.
        let mut place = unsafe { (*list.as_raw().cast::<ListHead>()).items.cast_mut() };
        let mut fill = |value: Ref| {
            // SAFETY: one of the list's items, each of which is filled once, and is null so far.
            unsafe {
                place.write(value.into_raw());
                place = place.add(1);
            }
        };
        match &item.kind {
            Kind::F64 => {
                for number in source.numbers(count)? {
                    fill(float(f64::from_be_bytes(*number))?);
                }
            }
            Kind::Int(Integer::I64) => {
                for number in source.numbers(count)? {
                    fill(int(i64::from_be_bytes(*number))?);
                }
            }
            Kind::Str => {
                let library = source.library;
                for _ in 0..count {
                    fill(text(source.prefixed()?, library)?);
                }
            }
            _ => {
                for _ in 0..count {
                    fill(read(item, source)?);
                }
            }
        }
    } else {
        for index in 0..count {
            let value = read(item, source)?;
            // SAFETY: an index within the list, and an object.
            done(unsafe { api::PyList_SetItem(list.as_raw(), index.cast_signed(), value.into_raw()) })?;
        }
    }
    // SAFETY: a list, which the collector doesn't know.
    unsafe { api::PyObject_GC_Track(list.as_raw().cast()) };
    Ok(list)
}

fn set(item: &Type, source: &mut Source) -> Result<Ref> {
    // SAFETY: makes an empty set.
    let set = unsafe { Ref::steal(api::PySet_New(ptr::null_mut()))? };
    for _ in 0..source.count(item)? {
        let item = read(item, source)?;
        // SAFETY: a set and an object.
        done(unsafe { api::PySet_Add(set.as_raw(), item.as_raw()) })?;
    }
    Ok(set)
}

fn map(key: &Type, value: &Type, source: &mut Source) -> Result<Ref> {
    // SAFETY: makes an empty dict.
    let dict = unsafe { Ref::steal(api::PyDict_New())? };
    for _ in 0..source.count(key)? {
        let key = read(key, source)?;
        let value = read(value, source)?;
        // SAFETY: a dict and two objects.
        done(unsafe { api::PyDict_SetItem(dict.as_raw(), key.as_raw(), value.as_raw()) })?;
    }
    Ok(dict)
}

fn record(shape: &Shape, source: &mut Source) -> Result<Ref> {
    let instance = shape.class.instantiate(None)?;
    for field in &shape.fields {
        put(shape, field, &instance, read(&field.ty, source)?)?;
    }
    Ok(instance)
}

/// Gives a new instance the value of a field.
#[inline]
fn put(shape: &Shape, field: &Field, instance: &Object, value: Ref) -> Result<()> {
    if shape.slotted {
        // SAFETY: a new instance of the shape, and each field is filled once.
        unsafe { field.fill(instance, value) };
        Ok(())
    } else {
        instance.set_plainly(&field.name, &value)
    }
}

/// An exception is made with its fields as `args`, so that it shows them, and has them as attributes, too.
#[cold]
fn error(shape: &Shape, source: &mut Source) -> Result<Ref> {
    let args = tuple(shape.fields.len())?;
    for (index, field) in shape.fields.iter().enumerate() {
        set_item(&args, index, read(&field.ty, source)?)?;
    }
    let exception = shape.class.instantiate(Some(&args))?;
    for (index, field) in shape.fields.iter().enumerate() {
        // SAFETY: an index within the tuple, which keeps its items alive.
        let value = unsafe { Object::borrow(api::PyTuple_GetItem(args.as_raw(), index.cast_signed())) };
        put(shape, field, &exception, value.own())?;
    }
    Ok(exception)
}

#[inline]
fn int(value: i64) -> Result<Ref> {
    // SAFETY: makes an int of any number.
    unsafe { Ref::steal(api::PyLong_FromLongLong(value)) }
}

#[inline]
fn large_int(value: u64) -> Result<Ref> {
    // SAFETY: makes an int of any number.
    unsafe { Ref::steal(api::PyLong_FromUnsignedLongLong(value)) }
}

#[inline]
fn float(value: f64) -> Result<Ref> {
    // SAFETY: makes a float of any number.
    unsafe { Ref::steal(api::PyFloat_FromDouble(value)) }
}

#[inline]
fn bool(value: u8, library: &Library) -> Result<Ref> {
    match value {
        0 => Ok(api::_Py_FalseStruct().own()),
        1 => Ok(api::_Py_TrueStruct().own()),
        _ => Err(broken(library, c"neither true nor false")),
    }
}

/// A string of UTF-8.
#[inline]
fn text(bytes: &[u8], library: &Library) -> Result<Ref> {
    let characters = layout::get().characters;
    // Python shares the strings of one character or none.
    if characters != 0 && bytes.len() > 1 && is_ascii(bytes) {
        let text = unfilled_ascii(bytes.len())?;
        // SAFETY: a new string of so many ASCII characters, which are to be filled in here.
        unsafe { text.as_raw().cast::<u8>().add(characters).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        return Ok(text);
    }
    decode(bytes, library)
}

/// Looks at all bytes, eight at a time: most strings are short, and of ASCII.
#[inline]
fn is_ascii(bytes: &[u8]) -> bool {
    let seen = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) if bytes.len() <= 16 => u64::from_ne_bytes(*first) | u64::from_ne_bytes(*last),
        (_, Some(last)) => {
            let (chunks, _) = bytes.as_chunks();
            chunks.iter().fold(u64::from_ne_bytes(*last), |seen, chunk| seen | u64::from_ne_bytes(*chunk))
        }
        _ => bytes.iter().fold(0, |seen, &byte| seen | u64::from(byte)),
    };
    seen & 0x8080_8080_8080_8080 == 0
}

fn decode(bytes: &[u8], library: &Library) -> Result<Ref> {
    let length = bytes.len().cast_signed();
    // SAFETY: a slice, which is never longer than `isize::MAX`.
    unsafe { Ref::steal(api::PyUnicode_DecodeUTF8(bytes.as_ptr().cast(), length, ptr::null())) }
        .map_err(|raised| if is_set(api::PyExc_ValueError()) { broken(library, c"invalid UTF-8") } else { raised })
}

/// An instance that holds a Rust object, whose handle it now owns.
fn object(interface: &Interface, handle: u64, library: &Library) -> Result<Ref> {
    if handle == 0 {
        return Err(broken(library, c"an object without a handle"));
    }
    interface.instance.holding(handle).inspect_err(|_| interface.free(handle))
}

/// What implements a trait: a Rust object, or a Python object that comes home.
fn implementation(interface: &Interface, foreign: &Foreign, handle: u64, library: &Library) -> Result<Ref> {
    match &foreign.handles {
        Some(map) if handle % 2 == 1 => handles::remove(map, handle),
        _ => object(interface, handle, library),
    }
}

fn callback(foreign: &Foreign, handle: u64, library: &Library) -> Result<Ref> {
    match &foreign.handles {
        Some(map) => handles::get(map, handle),
        None => Err(broken(library, c"a callback that Python can't have given")),
    }
}

fn custom(callables: &OptionalCallables, value: Ref) -> Result<Ref> {
    match &callables.lift {
        Some(lift) => lift.call([&*value]),
        None => Ok(value),
    }
}

fn new_list(length: usize) -> Result<Ref> {
    // SAFETY: a length of at least 0: counts come from an `i32`.
    unsafe { Ref::steal(api::PyList_New(length.cast_signed())) }
}

/// Something that Rust returned makes no sense.
#[cold]
pub(crate) fn broken(library: &Library, what: &CStr) -> Raised {
    // SAFETY: an exception class, and a format that fits its argument.
    unsafe {
        let format = c"%s in the buffer that Rust returned";
        api::PyErr_Format()(library.internal_error.as_raw(), format.as_ptr(), what.as_ptr());
    }
    Raised
}
