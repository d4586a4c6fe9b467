//! From Python's values to Rust's.
//!
//! Looking at a value can run Python code, which may change what the value is taken from. So whatever is in use is held by
//! a reference of our own, and lists and dicts are asked anew for each item.

use std::ffi::CStr;
use std::ptr::{self, NonNull};

use crate::api;
use crate::buffer::{KEPT, RustBuffer, Word, snug};
use crate::errors::{Aside, is_set, raise, wrong_class, wrong_type};
use crate::explain::{Path, Step};
use crate::function::raise_status;
use crate::handles;
use crate::layout::{self, ListHead, TextHead};
use crate::library::Library;
use crate::lift::DEPTH;
use crate::names;
use crate::number::{self, Integer};
use crate::object::{Object, Raised, Ref, Result, truth, utf8};
use crate::shape::{Field, Shape};
use crate::spec::Tuple;
use crate::types::{Callables, Foreign, Interface, Kind, Members, Type, Variants};
use crate::view::{Hold, View};
use crate::writer::Writer;

/// What lowering the values of one call (its arguments, or its result) has to remember.
pub(crate) struct Lowering<'a> {
    pub(crate) library: &'a Library,
    /// Most calls don't need any.
    extras: Option<Box<Extras>>,
}

#[derive(Default)]
struct Extras {
    /// Handles that were written to buffers.
    given: Vec<(Given, u64)>,
    /// Memory that was lent.
    lent: Vec<Hold>,
    path: Path,
}

/// How to take a handle back that Rust won't get.
#[derive(Clone, Copy)]
enum Given {
    Clone(NonNull<Interface>),
    Entry(NonNull<Foreign>),
}

impl<'a> Lowering<'a> {
    #[inline]
    pub(crate) fn new(library: &'a Library) -> Self {
        Self { library, extras: None }
    }

    /// What was needed during the call is not needed any more.
    #[inline]
    pub(crate) fn finish(mut self) {
        if let Some(extras) = self.extras.take() {
            drop(extras);
        }
        std::mem::forget(self);
    }

    fn extras(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    /// Takes back what nested values gave (clones of handles, entries of handle maps), since Rust won't get them.
    #[cold]
    pub(crate) fn undo(&mut self) {
        while let Some((given, handle)) = self.extras.as_mut().and_then(|extras| extras.given.pop()) {
            given.take_back(handle);
        }
    }

    /// Says in the exception's message what was wrong: `prefix` (a string, if any), then the path to the nested value.
    #[cold]
    pub(crate) fn explain(&mut self, prefix: Option<&Object>) -> Raised {
        let path = self.extras.as_mut().map(|extras| std::mem::take(&mut extras.path));
        path.unwrap_or_default().explain(prefix)
    }
}

impl Given {
    fn take_back(self, handle: u64) {
        // The exception that is the reason for it must survive.
        let _aside = Aside::new();
        match self {
            // SAFETY: part of a type, which lives as long as its library.
            Self::Clone(interface) => unsafe { interface.as_ref() }.free(handle),
            // SAFETY: as above.
            Self::Entry(foreign) => unsafe { foreign.as_ref() }.forget(handle),
        }
    }
}

/// Lowers a value into its words (as many as `ty.ffi.words()`). On failure nothing remains of it but what
/// `lowering.undo()` takes back.
pub(crate) fn lower(ty: &Type, value: &Object, words: &mut [Word], lowering: &mut Lowering) -> Result<()> {
    match &ty.kind {
        Kind::Int(integer) => put(words, [integer.get(value)?]),
        Kind::F64 => put(words, [number::float(value)?.to_bits()]),
        Kind::F32 => put(words, [u64::from(number::narrow_float(value)?.to_bits())]),
        Kind::Bool => put(words, [u64::from(number::bool(value)?)]),
        Kind::Str => put(words, hold(string(value)?, lowering.library)?.to_words()),
        Kind::FlatEnum(members) => {
            put(words, hold(&member(members, value)?.to_be_bytes(), lowering.library)?.to_words());
        }
        Kind::Bytes => put(words, bytes(value, lowering.library)?.to_words()),
        Kind::BorrowedBytes => put(words, lend(value, lowering)?),
        Kind::Object(interface) => put(words, [clone(interface, value, lowering.library)?]),
        Kind::Trait(interface, foreign) => put(words, [implementation(interface, foreign, value, lowering.library)?.1]),
        Kind::Callback(foreign) => put(words, [insert(foreign, value)?]),
        Kind::Custom(inner, callables) => match &callables.lower {
            Some(lower_custom) => lower(inner, &*lower_custom.call([value])?, words, lowering)?,
            None => lower(inner, value, words, lowering)?,
        },
        _ => put(words, lower_buffer(ty, value, lowering)?.to_words()),
    }
    Ok(())
}

#[inline]
fn put<const N: usize>(words: &mut [Word], values: [Word; N]) {
    if let Some(words) = words.first_chunk_mut() {
        *words = values;
    }
}

/// A buffer that holds these bytes.
#[inline]
fn hold(bytes: &[u8], library: &Library) -> Result<RustBuffer> {
    library.buffers.take_holding(bytes).ok_or_else(no_memory)
}

/// A buffer with bytes in their serialised form.
fn bytes(value: &Object, library: &Library) -> Result<RustBuffer> {
    let view = View::new(value)?;
    let bytes = view.bytes();
    let size = bytes.len() + 4;
    let mut writer = Writer::new(&library.buffers, size, snug(size));
    writer.put_prefixed(bytes);
    writer.finish().ok_or_else(no_memory)
}

/// Lowers a value into a buffer, in its serialised form (what error buffers hold, whatever the type).
pub(crate) fn lower_buffer(ty: &Type, value: &Object, lowering: &mut Lowering) -> Result<RustBuffer> {
    let writer = Writer::new(&lowering.library.buffers, ty.usual(), KEPT);
    let mut target = Target { writer, lowering, depth: 0 };
    write(ty, value, &mut target)?;
    let buffer = target.writer.finish().ok_or_else(no_memory)?;
    ty.remember(buffer.length as usize);
    Ok(buffer)
}

struct Target<'a, 'l> {
    writer: Writer<'l>,
    lowering: &'a mut Lowering<'l>,
    depth: usize,
}

impl Target<'_, '_> {
    fn give(&mut self, given: Given, handle: u64) {
        self.lowering.extras().given.push((given, handle));
        self.writer.put(handle.to_be_bytes());
    }

    /// Remembers where an exception comes from, as it passes by.
    #[cold]
    #[inline(never)]
    fn at(&mut self, step: Step) -> Raised {
        self.lowering.extras().path.push(step);
        Raised
    }
}

/// Serialises a value.
fn write(ty: &Type, value: &Object, target: &mut Target) -> Result<()> {
    match &ty.kind {
        Kind::Int(integer) => put_int(*integer, integer.get(value)?, &mut target.writer),
        Kind::F32 => target.writer.put(number::narrow_float(value)?.to_be_bytes()),
        Kind::F64 => target.writer.put(number::float(value)?.to_be_bytes()),
        Kind::Bool => target.writer.put([u8::from(number::bool(value)?)]),
        Kind::Str => target.writer.put_prefixed(string(value)?),
        Kind::Bytes => target.writer.put_prefixed(View::new(value)?.bytes()),
        Kind::FlatEnum(members) => target.writer.put(member(members, value)?.to_be_bytes()),
        Kind::FlatError(variants) => {
            target.writer.put(flat_error(variants, value, target.lowering.library)?.to_be_bytes());
        }
        Kind::Object(interface) => {
            let handle = clone(interface, value, target.lowering.library)?;
            target.give(Given::Clone(NonNull::from(interface)), handle);
        }
        Kind::Trait(interface, foreign) => {
            let (given, handle) = implementation(interface, foreign, value, target.lowering.library)?;
            target.give(given, handle);
        }
        Kind::Callback(foreign) => {
            let handle = insert(foreign, value)?;
            target.give(Given::Entry(NonNull::from(foreign)), handle);
        }
        Kind::Timestamp(callables) => time(callables, Integer::I64, value, &mut target.writer)?,
        Kind::Duration(callables) => time(callables, Integer::U64, value, &mut target.writer)?,
        Kind::BorrowedBytes | Kind::Alias(_) => return Err(unserialisable()),
        _ => {
            if target.depth == DEPTH {
                return Err(raise!(PyExc_RecursionError, c"a value is nested too deeply, or contains itself"));
            }
            target.depth += 1;
            write_nested(ty, value, target)?;
            target.depth -= 1;
        }
    }
    Ok(())
}

/// Serialises a value that others are part of.
fn write_nested(ty: &Type, value: &Object, target: &mut Target) -> Result<()> {
    match &ty.kind {
        Kind::Optional(_) if value.is_none() => {
            target.writer.put([0]);
            Ok(())
        }
        Kind::Optional(inner) => {
            target.writer.put([1]);
            write(inner, value, target)
        }
        Kind::Sequence(item) if value.is_exactly(api::PyList_Type()) => list(item, value, target),
        Kind::Sequence(item) => list(item, &*to_list(value, c"a sequence")?, target),
        Kind::Set(item) => list(item, &*to_list(value, c"a set")?, target),
        Kind::Map(key, item) if value.is_exactly(api::PyDict_Type()) => dict(key, item, value, target),
        Kind::Map(key, item) => mapping(key, item, value, target),
        Kind::Record(shape) => record(shape, value, target),
        Kind::Enum(variants) | Kind::Error(variants) => {
            let (index, shape) = variant(variants, value)?;
            target.writer.put(index.to_be_bytes());
            record(shape, value, target)
        }
        Kind::Custom(inner, callables) => match &callables.lower {
            Some(lower) => write(inner, &*lower.call([value])?, target),
            None => write(inner, value, target),
        },
        _ => Err(unserialisable()),
    }
}

/// An integer that is in the low bytes of a word.
#[inline]
fn put_int(integer: Integer, word: Word, writer: &mut Writer) {
    match integer.size() {
        1 => writer.put([word as u8]),
        2 => writer.put((word as u16).to_be_bytes()),
        4 => writer.put((word as u32).to_be_bytes()),
        _ => writer.put(word.to_be_bytes()),
    }
}

/// Serialises a plain value, for which no Python code runs; says whether it was one. The others `write` is for.
fn write_plain(ty: &Type, value: &Object, writer: &mut Writer) -> bool {
    match &ty.kind {
        Kind::Str => match ascii(value) {
            Some(text) => writer.put_prefixed(text),
            None => return false,
        },
        Kind::Int(integer) => match integer.of_int(value) {
            Some(number) => put_int(*integer, number, writer),
            None => return false,
        },
        Kind::Optional(_) if value.is_none() => writer.put([0]),
        Kind::Optional(inner) if matches!(inner.kind, Kind::Str) => match ascii(value) {
            Some(text) => {
                writer.put([1]);
                writer.put_prefixed(text);
            }
            None => return false,
        },
        _ => return false,
    }
    true
}

/// The characters of a `str` of ASCII that has them in itself, which are its UTF-8. None for others, and for longer ones
/// than can be passed.
#[inline]
fn ascii(value: &Object) -> Option<&[u8]> {
    let layout = layout::get();
    if layout.ascii == 0 || !value.is_exactly(api::PyUnicode_Type()) {
        return None;
    }
    // SAFETY: a string, whose layout was looked at.
    unsafe {
        let head = &*value.as_raw().cast::<TextHead>();
        if head.state & layout.ascii != layout.ascii || i32::try_from(head.length).is_err() {
            return None;
        }
        let characters = value.as_raw().cast::<u8>().add(layout.characters);
        Some(std::slice::from_raw_parts(characters, head.length.cast_unsigned()))
    }
}

/// The UTF-8 of a string.
#[inline]
fn string(value: &Object) -> Result<&[u8]> {
    match ascii(value) {
        Some(text) => Ok(text),
        None => string_of_any(value),
    }
}

fn string_of_any(value: &Object) -> Result<&[u8]> {
    if !value.is_a(api::PyUnicode_Type()) {
        return Err(wrong_type(c"a str", value));
    }
    let text = utf8(value)?;
    if i32::try_from(text.len()).is_err() {
        return Err(raise!(PyExc_OverflowError, c"a str of more than 2147483647 bytes"));
    }
    Ok(text)
}

/// `ForeignBytes` of a value's own memory, which stays where it is until the call is over.
fn lend(value: &Object, lowering: &mut Lowering) -> Result<[Word; 2]> {
    let view = View::new(value)?;
    let bytes = view.bytes();
    // No bytes are a null pointer, because a pointer to nothing may be anything.
    let data = if bytes.is_empty() { ptr::null() } else { bytes.as_ptr() };
    let words = [bytes.len() as Word, data.expose_provenance() as Word];
    if let Some(hold) = view.hold() {
        lowering.extras().lent.push(hold);
    }
    Ok(words)
}

/// Serialises the items of a list.
fn list(item: &Type, list: &Object, target: &mut Target) -> Result<()> {
    let count = target.writer.written();
    target.writer.put([0; 4]);
    let quick = matches!(item.kind, Kind::F64 | Kind::Int(_) | Kind::Str) && layout::get().lists;
    let mut index = 0;
    loop {
        if quick {
            index += plain_items(item, list, index, &mut target.writer);
        }
        let Some(value) = list_item(list, index) else { break };
        if write(item, &value, target).is_err() {
            return Err(target.at(Step::Item(index)));
        }
        value.release();
        index += 1;
    }
    patch_count(&mut target.writer, count, index)
}

/// An item of a list, none at its end.
#[inline]
fn list_item(list: &Object, index: usize) -> Option<Ref> {
    if layout::get().lists {
        let items = list_items(list);
        // SAFETY: a list holds references to its items.
        return items.get(index).map(|&item| unsafe { Object::borrow(item) }.own());
    }
    // SAFETY: a list.
    if index.cast_signed() >= unsafe { api::PyList_Size(list.as_raw()) } {
        return None;
    }
    // SAFETY: an index within the list, which holds references to its items.
    Some(unsafe { Object::borrow(api::PyList_GetItem(list.as_raw(), index.cast_signed())) }.own())
}

/// All items of a list, until Python code can run.
#[inline]
fn list_items(list: &Object) -> &[api::Raw] {
    // SAFETY: a list, whose layout was looked at. An empty one may have no items at all.
    unsafe {
        let head = &*list.as_raw().cast::<ListHead>();
        if head.length == 0 { &[] } else { std::slice::from_raw_parts(head.items, head.length.cast_unsigned()) }
    }
}

/// Serialises the items of a list from an index on, as long as they are plain numbers that fit or plain strings, and
/// says how many. No Python code runs meanwhile, so nothing changes.
#[inline]
fn plain_items(item: &Type, list: &Object, index: usize, writer: &mut Writer) -> usize {
    match &item.kind {
        Kind::F64 => plain(list, index, 8, writer, number::of_float, |number, writer| writer.put(number.to_be_bytes())),
        Kind::Int(integer) => {
            let put = |word, writer: &mut Writer| put_int(*integer, word, writer);
            plain(list, index, integer.size(), writer, |item| integer.of_int(item), put)
        }
        Kind::Str => plain(list, index, 4, writer, ascii, |text, writer| writer.put_prefixed(text)),
        _ => 0,
    }
}

/// `least` is how many bytes an item takes at least.
#[inline]
fn plain<'a, T>(
    list: &'a Object,
    index: usize,
    least: usize,
    writer: &mut Writer,
    get: impl Fn(&'a Object) -> Option<T>,
    put: impl Fn(T, &mut Writer),
) -> usize {
    let items = list_items(list).get(index..).unwrap_or_default();
    writer.reserve(items.len().saturating_mul(least));
    for (done, &item) in items.iter().enumerate() {
        // SAFETY: a list holds references to its items.
        match get(unsafe { Object::borrow(item) }) {
            Some(value) => put(value, writer),
            None => return done,
        }
    }
    items.len()
}

/// Writes how many items there are, now that it is known.
#[inline]
fn patch_count(writer: &mut Writer, offset: usize, count: usize) -> Result<()> {
    let Ok(count) = i32::try_from(count) else {
        return Err(raise!(PyExc_OverflowError, c"a container of more than 2147483647 items"));
    };
    writer.patch(offset, count.to_be_bytes());
    Ok(())
}

/// A list of what can be iterated over. Strings, bytes and dicts can, but hardly ever on purpose.
#[cold]
fn to_list(value: &Object, required: &CStr) -> Result<Ref> {
    let others = [api::PyUnicode_Type(), api::PyBytes_Type(), api::PyByteArray_Type(), api::PyDict_Type()];
    // SAFETY: an object, and its class.
    let iterable = unsafe {
        !api::PyType_GetSlot(value.class().as_raw(), api::TP_ITER).is_null()
            || api::PySequence_Check(value.as_raw()) != 0
    };
    if !iterable || others.into_iter().any(|class| value.is_a(class)) {
        return Err(wrong_type(required, value));
    }
    // SAFETY: an object that can be iterated over.
    unsafe { Ref::steal(api::PySequence_List(value.as_raw())) }
}

fn dict(key: &Type, item: &Type, dict: &Object, target: &mut Target) -> Result<()> {
    let offset = target.writer.written();
    target.writer.put([0; 4]);
    // SAFETY: a dict.
    let size = || unsafe { api::PyDict_Size(dict.as_raw()) };
    let (length, mut count, mut position) = (size(), 0, 0);
    let (mut next_key, mut next_value) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: a dict, and places for what is in it. It copes with a dict that has changed.
    while unsafe { api::PyDict_Next(dict.as_raw(), &raw mut position, &raw mut next_key, &raw mut next_value) } != 0 {
        // SAFETY: the dict holds references to them.
        let (next_key, next_value) = unsafe { (Object::borrow(next_key).own(), Object::borrow(next_value).own()) };
        entry(key, item, &next_key, &next_value, target)?;
        count += 1;
        if size() != length {
            return Err(raise!(PyExc_RuntimeError, c"dictionary changed size during iteration"));
        }
    }
    patch_count(&mut target.writer, offset, count)
}

/// Serialises a mapping that isn't a dict.
#[cold]
fn mapping(key: &Type, item: &Type, mapping: &Object, target: &mut Target) -> Result<()> {
    if mapping.optional_attribute(names::get().items)?.is_none() {
        return Err(wrong_type(c"a mapping", mapping));
    }
    // SAFETY: an object.
    let items = unsafe { Ref::steal(api::PyMapping_Items(mapping.as_raw()))? };
    let offset = target.writer.written();
    target.writer.put([0; 4]);
    let mut count = 0;
    while let Some(pair) = list_item(&items, count) {
        let [next_key, next_value] = Tuple::new(&pair, c"an item of a mapping")?.parts(c"an item of a mapping")?;
        entry(key, item, next_key, next_value, target)?;
        count += 1;
    }
    patch_count(&mut target.writer, offset, count)
}

#[inline]
fn entry(key: &Type, item: &Type, next_key: &Object, next_value: &Object, target: &mut Target) -> Result<()> {
    if write(key, next_key, target).is_err() {
        return Err(target.at(Step::Key(next_key.own())));
    }
    if write(item, next_value, target).is_err() {
        return Err(target.at(Step::Value(next_key.own())));
    }
    Ok(())
}

/// Serialises the fields of a record or variant.
fn record(shape: &Shape, value: &Object, target: &mut Target) -> Result<()> {
    let exact = shape.slotted && value.is_exactly(&shape.class.class);
    for field in &shape.fields {
        // SAFETY: as below; nothing changes the slot while a plain value is written.
        if exact && unsafe { field.peek(value) }.is_some_and(|item| write_plain(&field.ty, item, &mut target.writer)) {
            continue;
        }
        // SAFETY: an instance of exactly the shape's class, whose fields are slots.
        let item = if exact { unsafe { field.read(value) } } else { attribute(shape, field, value) }?;
        if write(&field.ty, &item, target).is_err() {
            return Err(target.at(Step::field(shape, field)));
        }
        item.release();
    }
    Ok(())
}

/// A field of something that is like a record.
#[cold]
fn attribute(shape: &Shape, field: &Field, value: &Object) -> Result<Ref> {
    value.attribute(&field.name).map_err(|raised| {
        if !is_set(api::PyExc_AttributeError()) {
            return raised;
        }
        let aside = Aside::new();
        match value.is_instance(&shape.class.class) {
            Ok(false) => {
                drop(aside);
                wrong_class(&shape.class.class, value)
            }
            _ => raised,
        }
    })
}

/// Which variant a value is: its number in buffers, and its shape.
#[inline]
fn variant<'a>(variants: &'a Variants, value: &Object) -> Result<(u32, &'a Shape)> {
    for (number, shape) in (1..).zip(&variants.variants) {
        if value.is_exactly(&shape.class.class) {
            return Ok((number, shape));
        }
    }
    variant_by_instance(variants, value)
}

#[cold]
fn variant_by_instance<'a>(variants: &'a Variants, value: &Object) -> Result<(u32, &'a Shape)> {
    for (number, shape) in (1..).zip(&variants.variants) {
        if value.is_instance(&shape.class.class)? {
            return Ok((number, shape));
        }
    }
    Err(wrong_class(&variants.class, value))
}

/// The number in buffers of an error that carries only its message, which Rust doesn't get.
#[cold]
fn flat_error(variants: &Variants, value: &Object, library: &Library) -> Result<u32> {
    if value.is_instance(&variants.class)? {
        return variant(variants, value).map(|(number, _)| number);
    }
    let name = variants.class.attribute(names::get().name)?;
    // SAFETY: an exception class, and a format that fits its argument.
    unsafe {
        let format = c"a %S can come from Rust, but not be passed to it";
        api::PyErr_Format()(library.internal_error.as_raw(), format.as_ptr(), name.as_raw());
    }
    Err(Raised)
}

/// The number in buffers of an enum's member.
#[inline]
fn member(members: &Members, value: &Object) -> Result<u32> {
    for (number, member) in (1..).zip(&members.members) {
        if value.is(member) {
            return Ok(number);
        }
    }
    member_by_value(members, value)
}

#[cold]
fn member_by_value(members: &Members, value: &Object) -> Result<u32> {
    for (number, member) in (1..).zip(&members.members) {
        // SAFETY: two objects; 2 asks for `==`.
        if truth(unsafe { api::PyObject_RichCompareBool(member.as_raw(), value.as_raw(), 2) })? {
            return Ok(number);
        }
    }
    Err(match members.class.attribute(names::get().name) {
        Ok(name) => raise!(PyExc_ValueError, c"%R is not a valid %S", value.as_raw(), name.as_raw()),
        Err(raised) => raised,
    })
}

fn time(callables: &Callables, seconds: Integer, value: &Object, writer: &mut Writer) -> Result<()> {
    let pair = callables.lower.call([value])?;
    let parts: [_; 2] = Tuple::new(&pair, c"a time")?.parts(c"a time")?;
    for (part, integer) in parts.into_iter().zip([seconds, Integer::U32]) {
        put_int(integer, integer.get(part)?, writer);
    }
    Ok(())
}

/// A handle of the Rust object that a Python object holds, for Rust to own.
#[inline]
fn clone(interface: &Interface, value: &Object, library: &Library) -> Result<u64> {
    let class = &interface.instance.class.class;
    // By inheritance alone: `isinstance` believes what an object says of itself, and this one's handle is about to be used.
    if !value.is_a(class) {
        return Err(wrong_class(class, value));
    }
    let Some(handle) = interface.instance.handle(value)? else { return Err(closed(class)) };
    interface.clone(handle).map_err(|status| raise_status(library, None, status.code, status.error))
}

#[cold]
fn closed(class: &Object) -> Raised {
    match class.attribute(names::get().name) {
        Ok(name) => raise!(PyExc_ValueError, c"this %S is closed or was never initialised", name.as_raw()),
        Err(raised) => raised,
    }
}

/// A handle of what implements a trait: a Rust object, or a Python object.
fn implementation(interface: &Interface, foreign: &Foreign, value: &Object, library: &Library) -> Result<(Given, u64)> {
    let class = &interface.instance.class.class;
    if foreign.handles.is_some() && !value.is_a(class) {
        if !implements(foreign, value)? {
            return Err(wrong_class(&foreign.protocol, value));
        }
        return Ok((Given::Entry(NonNull::from(foreign)), insert(foreign, value)?));
    }
    Ok((Given::Clone(NonNull::from(interface)), clone(interface, value, library)?))
}

/// Whether a Python object is an instance of a trait's class. Protocols that can't be asked have to be inherited from.
fn implements(foreign: &Foreign, value: &Object) -> Result<bool> {
    if value.is_a(&foreign.protocol) {
        return Ok(true);
    }
    value.is_instance(&foreign.protocol).or_else(|raised| {
        if !is_set(api::PyExc_TypeError()) {
            return Err(raised);
        }
        // SAFETY: an exception is set.
        unsafe { api::PyErr_Clear() };
        Ok(false)
    })
}

/// A handle of a Python object.
fn insert(foreign: &Foreign, value: &Object) -> Result<u64> {
    match &foreign.handles {
        Some(map) if !value.is_none() => Ok(handles::insert(map, value)),
        _ => Err(wrong_class(&foreign.protocol, value)),
    }
}

#[cold]
fn unserialisable() -> Raised {
    raise!(PyExc_TypeError, c"a value of a type that can't be serialised")
}

#[cold]
fn no_memory() -> Raised {
    // SAFETY: raises an exception.
    unsafe { api::PyErr_NoMemory() };
    Raised
}
