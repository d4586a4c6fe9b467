//! Where objects keep what the fast paths read directly.
//!
//! None of this is taken on trust: [`probe`] looks at objects that it knows, and what it doesn't find as expected is done
//! by API functions instead.

use std::cell::UnsafeCell;
use std::ffi::{CStr, c_void};
use std::ptr;
use std::slice;

use crate::api::{self, Raw};
use crate::names;
use crate::object::{Object, Raised, Ref, Result, done, string, tuple, tuple_of, unfilled_ascii, utf8};

/// How references are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counting {
    /// In a word (before 3.12).
    Wide,
    /// In half a word, of which the highest bit marks immortal objects, which aren't counted (since 3.12).
    Immortal,
}

#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) counting: Counting,
    /// Whether a list is laid out like [`ListHead`].
    pub(crate) lists: bool,
    /// Whether a float is laid out like [`FloatHead`].
    pub(crate) floats: bool,
    /// How far into a string of ASCII its characters begin; 0 when that isn't known.
    pub(crate) characters: usize,
    /// The bits of a string's state that say that it is of ASCII and has its characters there; 0 when they aren't known.
    pub(crate) ascii: u32,
    /// `tp_alloc` and `tp_dealloc` of classes that come from class statements.
    pub(crate) plain: [*mut c_void; 2],
}

/// `PyListObject`
#[repr(C)]
pub(crate) struct ListHead {
    head: [usize; 2],
    pub(crate) length: isize,
    pub(crate) items: *const Raw,
}

/// `PyFloatObject`
#[repr(C)]
pub(crate) struct FloatHead {
    head: [usize; 2],
    pub(crate) value: f64,
}

/// `PyASCIIObject`
#[repr(C)]
pub(crate) struct TextHead {
    head: [usize; 2],
    pub(crate) length: isize,
    hash: isize,
    pub(crate) state: u32,
}

struct Shared(UnsafeCell<Layout>);

// SAFETY: written by `probe` before anything else of this crate runs, with the GIL held; only read from then on.
unsafe impl Sync for Shared {}

static LAYOUT: Shared = Shared(UnsafeCell::new(Layout {
    counting: Counting::Wide,
    lists: false,
    floats: false,
    characters: 0,
    ascii: 0,
    plain: [ptr::null_mut(); 2],
}));

#[inline]
pub(crate) fn get() -> &'static Layout {
    // SAFETY: nothing writes any more.
    unsafe { &*LAYOUT.0.get() }
}

/// Looks at some objects. The error says what makes this Python unusable.
///
/// # Safety
///
/// Nothing else may use this crate meanwhile.
pub(crate) unsafe fn probe() -> std::result::Result<(), &'static CStr> {
    let counting = counting().ok_or(c"how this Python counts references is not known")?;
    // SAFETY: as the caller promises. The counting has to be known from here on.
    unsafe { (*LAYOUT.0.get()).counting = counting };
    // SAFETY: as the caller promises.
    unsafe { names::load() }.map_err(|Raised| c"no strings can be made")?;
    if !heads_are_known() {
        return Err(c"the layout of this Python's objects is not known");
    }
    let characters = characters().unwrap_or(0);
    let layout = Layout {
        counting,
        lists: lists_are_known().unwrap_or(false),
        floats: floats_are_known().unwrap_or(false),
        characters,
        ascii: if characters == 0 { 0 } else { ascii().unwrap_or(0) },
        plain: plain().map_err(|Raised| c"no class can be made")?,
    };
    // SAFETY: as the caller promises.
    unsafe { LAYOUT.0.get().write(layout) };
    Ok(())
}

/// Whether an object begins with its count and its class, and nothing else.
fn heads_are_known() -> bool {
    let Ok(size) = basic_size(api::PyBaseObject_Type()) else { return false };
    let Ok(list) = new_list(0) else { return false };
    size == size_of::<Object>() && list.is_exactly(api::PyList_Type())
}

/// How many bytes an instance of a class takes.
pub(crate) fn basic_size(class: &Object) -> Result<usize> {
    let size = class.attribute(names::get().basic_size)?;
    // SAFETY: an object.
    let size = unsafe { api::PyLong_AsLongLong(size.as_raw()) };
    usize::try_from(size).map_err(|_| Raised)
}

/// How references are counted; none when it isn't known. To count needs to know, so this does without.
fn counting() -> Option<Counting> {
    // SAFETY: every object begins with its count.
    let count = |object: Raw| unsafe { object.cast::<usize>().read() };
    let none = api::_Py_NoneStruct().as_raw();
    let before = count(none);
    // SAFETY: an object, and the reference that this makes.
    let counted = unsafe {
        api::Py_IncRef(none);
        let counted = count(none) != before;
        api::Py_DecRef(none);
        counted
    };
    let counting = match (counted, (before as u32).cast_signed() < 0) {
        (true, _) => Counting::Wide,
        (false, true) => Counting::Immortal,
        (false, false) => return None,
    };
    // SAFETY: makes a list, which has one reference, and another one. Its memory isn't looked at once it is freed.
    unsafe {
        let list = api::PyList_New(0);
        if list.is_null() {
            return None;
        }
        let one = count(list);
        api::Py_IncRef(list);
        let two = count(list);
        api::Py_DecRef(list);
        let again = count(list);
        api::Py_DecRef(list);
        let expected = match counting {
            Counting::Wide => (one, two, again) == (1, 2, 1),
            Counting::Immortal => (one as u32, two as u32, again as u32) == (1, 2, 1),
        };
        expected.then_some(counting)
    }
}

fn new_list(length: isize) -> Result<Ref> {
    // SAFETY: a length of at least 0.
    unsafe { Ref::steal(api::PyList_New(length)) }
}

fn lists_are_known() -> Result<bool> {
    let items = [new_list(0)?, new_list(0)?, new_list(0)?];
    let list = new_list(0)?;
    let head = list.as_raw().cast::<ListHead>();
    if basic_size(api::PyList_Type())? < size_of::<ListHead>() {
        return Ok(false);
    }
    for (index, item) in items.iter().enumerate() {
        // SAFETY: a list and an object.
        done(unsafe { api::PyList_Append(list.as_raw(), item.as_raw()) })?;
        // SAFETY: the list is at least that large.
        let (length, stored) = unsafe { ((*head).length, (*head).items) };
        if length != index.cast_signed() + 1 || stored.is_null() || !stored.is_aligned() {
            return Ok(false);
        }
    }
    // SAFETY: the length was found where it was expected three times, so the items are, too.
    let stored = unsafe { slice::from_raw_parts((*head).items, items.len()) };
    Ok(stored.iter().zip(&items).all(|(&stored, item)| stored == item.as_raw()))
}

fn floats_are_known() -> Result<bool> {
    if basic_size(api::PyFloat_Type())? != size_of::<FloatHead>() {
        return Ok(false);
    }
    for value in [1.234_567_890_123e300, -9.876_543_21e-200] {
        // SAFETY: makes a float of any number.
        let float = unsafe { Ref::steal(api::PyFloat_FromDouble(value))? };
        // SAFETY: the float is that large.
        let found = unsafe { (*float.as_raw().cast::<FloatHead>()).value };
        if found.to_bits() != value.to_bits() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Makes an ASCII string by writing to where its characters should be, and looks whether it is the right one.
fn characters() -> Result<usize> {
    let text = "accelerate";
    let expected = string(text)?;
    let made = unfilled_ascii(text.len())?;
    let offset = characters_of(&expected)?;
    if offset != characters_of(&made)? || !(size_of::<Object>()..256).contains(&offset) {
        return Ok(0);
    }
    // SAFETY: the API said that the characters of this new string are here, and how many there are.
    unsafe { made.as_raw().cast::<u8>().add(offset).copy_from_nonoverlapping(text.as_ptr(), text.len()) };
    // SAFETY: two strings.
    let equal = unsafe { api::PyUnicode_Compare(expected.as_raw(), made.as_raw()) == 0 };
    Ok(if equal { offset } else { 0 })
}

/// Compares the states of strings whose characters are told apart by nothing else.
fn ascii() -> Result<u32> {
    if basic_size(api::PyUnicode_Type())? < size_of::<TextHead>() {
        return Ok(0);
    }
    let text = "accelerate";
    // Interned and not, made by the API and filled in by hand.
    let ascii = [string(text)?, unfilled_ascii(text.len())?, names::get().basic_size.own()];
    // Of characters that take one byte, two and four.
    let others = [string("acc\u{e9}l\u{e9}rer")?, string("\u{20ac}uro")?, string("\u{1f600} smiles")?];
    // Keeps its characters elsewhere.
    let derived = derived_text(&ascii[0])?;
    let head = |text: &Object| {
        let head = text.as_raw().cast::<TextHead>();
        // SAFETY: a string, and strings are at least that large.
        unsafe { ((*head).length, (*head).state) }
    };
    let lengths = [text.len(), text.len(), utf8(&ascii[2])?.len()];
    if ascii.iter().zip(lengths).any(|(text, length)| head(text).0 != length.cast_signed()) {
        return Ok(0);
    }
    let in_all = |texts: &[Ref]| texts.iter().fold(u32::MAX, |bits, text| bits & head(text).1);
    let in_any = others.iter().fold(0, |bits, text| bits | head(text).1);
    let is_ascii = in_all(&ascii) & !in_any;
    let is_compact = in_all(&ascii) & in_all(&others) & !head(&derived).1;
    Ok(if is_ascii.is_power_of_two() && is_compact.is_power_of_two() { is_ascii | is_compact } else { 0 })
}

/// A string of a class that is derived from `str`.
fn derived_text(text: &Object) -> Result<Ref> {
    // SAFETY: makes an empty dict.
    let attributes = unsafe { Ref::steal(api::PyDict_New())? };
    let bases = tuple_of(api::PyUnicode_Type().own())?;
    let class = api::PyType_Type().call([&*string("Text")?, &bases, &attributes])?;
    class.call([text])
}

fn characters_of(text: &Object) -> Result<usize> {
    let start = utf8(text)?.as_ptr();
    Ok(start.addr().wrapping_sub(text.as_raw().addr()))
}

/// Makes a class and looks at its slots.
fn plain() -> Result<[*mut c_void; 2]> {
    // SAFETY: makes an empty class: a name, no bases, no attributes.
    unsafe {
        let [bases, attributes] = [tuple(0)?, Ref::steal(api::PyDict_New())?];
        let class = api::PyType_Type().call([&*string("Plain")?, &bases, &attributes])?;
        Ok([api::TP_ALLOC, api::TP_DEALLOC].map(|slot| api::PyType_GetSlot(class.as_raw(), slot)))
    }
}
