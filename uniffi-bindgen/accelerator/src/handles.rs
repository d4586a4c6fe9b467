//! `HandleMap`: Python objects that Rust holds by number.
//!
//! Handles are odd, which tells them from the handles of Rust objects (addresses), and none is given twice. The GIL
//! guards the map and nothing else does, so a fork can't leave it locked.

use std::cell::UnsafeCell;
use std::ffi::{CStr, c_int, c_void};
use std::ptr;

use crate::api::{self, MethodDef, Raw, TypeSlot};
use crate::class::{self, Class, Visit, contain};
use crate::entry::guard;
use crate::errors::{self, raise, raise_value};
use crate::object::{Object, Raised, Ref, Result, intern};
use crate::spec::{Tuple, optional_callable};

static CLASS: Class = Class::new();

/// An instance of `HandleMap`.
#[repr(C)]
struct Map {
    head: Object,
    entries: UnsafeCell<Entries>,
}

/// Objects in numbered places, which are used again.
#[derive(Default)]
struct Entries {
    places: Vec<Place>,
    /// Those that are empty.
    free: Vec<usize>,
    /// How many objects there are.
    count: usize,
    /// Called at each insert.
    on_insert: Option<Ref>,
}

struct Place {
    /// The handle of the object that is here, or will be next.
    handle: u64,
    object: Option<Ref>,
}

/// How many bits of a handle are the number of its place, more than memory has room for. The lowest bit makes handles odd,
/// and those above count how often the place was used before.
const PLACE: u32 = 40;

/// What lies between two handles of the same place.
const NEXT: u64 = 1 << (PLACE + 1);

impl Entries {
    fn insert(&mut self, object: Ref) -> u64 {
        self.count += 1;
        if let Some(place) = self.free.pop().and_then(|index| self.places.get_mut(index)) {
            place.object = Some(object);
            return place.handle;
        }
        let handle = (self.places.len() as u64) << 1 | 1;
        self.places.push(Place { handle, object: Some(object) });
        handle
    }

    /// Where the object with this handle is, if there is one.
    #[inline]
    fn find(&mut self, handle: u64) -> Option<&mut Place> {
        self.places.get_mut(place_of(handle)).filter(|place| place.handle == handle)
    }

    #[inline]
    fn get(&mut self, handle: u64) -> Option<Ref> {
        self.find(handle)?.object.clone()
    }

    fn remove(&mut self, handle: u64) -> Option<Ref> {
        let place = self.find(handle)?;
        let object = place.object.take()?;
        // A place whose handles are used up stays empty.
        if let Some(next) = handle.checked_add(NEXT) {
            place.handle = next;
            self.free.push(place_of(handle));
        }
        self.count -= 1;
        Some(object)
    }

    fn objects(&self) -> impl Iterator<Item = &Ref> {
        self.places.iter().filter_map(|place| place.object.as_ref())
    }
}

/// The number of the place that a handle belongs to.
#[inline]
fn place_of(handle: u64) -> usize {
    ((handle % NEXT) >> 1) as usize
}

/// Runs `work` on what a map holds. It must not run Python code, which could come back here.
#[inline]
fn with<T>(map: &Object, work: impl FnOnce(&mut Entries) -> T) -> T {
    debug_assert!(is_map(map));
    let map = ptr::from_ref(map).cast::<Map>();
    // SAFETY: an instance of the class, as its makers and callers checked. The GIL is held and `work` doesn't come back
    // here, so this is the only reference to its entries.
    work(unsafe { &mut *(*map).entries.get() })
}

/// Whether it is a `HandleMap`. The functions below take nothing else.
pub(crate) fn is_map(object: &Object) -> bool {
    CLASS.has(object)
}

/// A handle for the object, which the map keeps alive until it is removed. It may run Python code.
pub(crate) fn insert(map: &Object, object: &Object) -> u64 {
    let object = object.own();
    let (handle, on_insert) = with(map, |entries| (entries.insert(object), entries.on_insert.clone()));
    if let Some(on_insert) = on_insert
        && on_insert.call([]).is_err()
    {
        // SAFETY: an exception is set. Whoever passes an object can do nothing about it.
        unsafe { api::PyErr_Clear() };
    }
    handle
}

/// The object with this handle; KeyError when there is none.
#[inline]
pub(crate) fn get(map: &Object, handle: u64) -> Result<Ref> {
    with(map, |entries| entries.get(handle)).ok_or_else(|| unknown(handle))
}

/// Another handle for the same object.
pub(crate) fn clone(map: &Object, handle: u64) -> Result<u64> {
    Ok(insert(map, &*get(map, handle)?))
}

/// Takes the object with this handle out.
pub(crate) fn remove(map: &Object, handle: u64) -> Result<Ref> {
    with(map, |entries| entries.remove(handle)).ok_or_else(|| unknown(handle))
}

#[cold]
fn unknown(handle: u64) -> Raised {
    match number(handle) {
        Ok(handle) => raise_value(api::PyExc_KeyError(), &handle),
        Err(raised) => raised,
    }
}

fn number(handle: u64) -> Result<Ref> {
    // SAFETY: makes an object or fails.
    unsafe { Ref::steal(api::PyLong_FromUnsignedLongLong(handle)) }
}

/// A handle that Python passes. A number that can't be one is unknown like any other.
fn handle_from(object: &Object) -> Result<u64> {
    // SAFETY: an object; the function checks that it is an int.
    let handle = unsafe { api::PyLong_AsUnsignedLongLong(object.as_raw()) };
    // SAFETY: may be called at any time.
    if handle != u64::MAX || unsafe { api::PyErr_Occurred() }.is_null() {
        return Ok(handle);
    }
    if errors::is_set(api::PyExc_OverflowError()) {
        return Err(raise_value(api::PyExc_KeyError(), object));
    }
    Err(Raised)
}

/// The class, made at the first call.
pub(crate) fn new_type() -> Result<Ref> {
    let slots = [
        TypeSlot::new(api::TP_NEW, new as *const c_void),
        TypeSlot::new(api::TP_DEALLOC, dealloc as *const c_void),
        TypeSlot::new(api::TP_TRAVERSE, traverse as *const c_void),
        TypeSlot::new(api::TP_CLEAR, clear as *const c_void),
        TypeSlot::new(api::SQ_LENGTH, length as *const c_void),
        TypeSlot::new(api::TP_METHODS, METHODS.as_ptr().cast()),
        TypeSlot::new(api::TP_DOC, c"Python objects that Rust holds by number.".as_ptr().cast()),
        TypeSlot::END,
    ];
    // SAFETY: the functions have the signatures of their slots, and the rest is static.
    unsafe { CLASS.make(c"uniffi_python_accelerator.HandleMap", size_of::<Map>(), api::HAVE_GC, &slots) }
}

static METHODS: [MethodDef; 5] = [
    method(c"insert", insert_method, c"insert($self, object, /)\n--\n\nA new handle for the object."),
    method(c"get", get_method, c"get($self, handle, /)\n--\n\nThe object with this handle."),
    method(c"clone", clone_method, c"clone($self, handle, /)\n--\n\nAnother handle for the object with this one."),
    method(c"remove", remove_method, c"remove($self, handle, /)\n--\n\nTakes the object with this handle out."),
    MethodDef::END,
];

/// `PyCFunction`
type Method = unsafe extern "C" fn(Raw, Raw) -> Raw;

const fn method(name: &'static CStr, function: Method, doc: &'static CStr) -> MethodDef {
    MethodDef::new(name, function as *const c_void, api::METH_O, doc)
}

unsafe extern "C" fn new(_class: Raw, args: Raw, kwargs: Raw) -> Raw {
    guard(|| {
        // SAFETY: Python passes a tuple, and a dict or null.
        let given = unsafe { argument(args, kwargs)? };
        let on_insert = match given {
            Some(given) => optional_callable(given, c"on_insert")?.map(Object::own),
            None => None,
        };
        // SAFETY: the class was made, and its instances have room for a `Map`.
        unsafe {
            let map = CLASS.instantiate()?;
            (*map.as_raw().cast::<Map>()).entries.get().write(Entries { on_insert, ..Entries::default() });
            Ok(map)
        }
    })
}

/// The only argument of `HandleMap(on_insert=None)`.
///
/// # Safety
///
/// The arguments must be a tuple, and a dict or null, which keep what this returns alive.
unsafe fn argument<'a>(args: Raw, kwargs: Raw) -> Result<Option<&'a Object>> {
    // SAFETY: as the caller promises; a key is looked up that is a string.
    let (args, named, argument) = unsafe {
        let args = Tuple::new(Object::borrow(args), c"the arguments")?;
        let named = if kwargs.is_null() { 0 } else { api::PyDict_Size(kwargs) };
        let key = intern(c"on_insert")?;
        let found = if named == 1 { api::PyDict_GetItemWithError(kwargs, key.as_raw()) } else { ptr::null_mut() };
        (args, named, found.as_ref())
    };
    match (args.len(), named, argument) {
        (0 | 1, 0, _) => Ok(args.get(0)),
        (0, 1, Some(_)) => Ok(argument),
        _ => Err(raise!(PyExc_TypeError, c"HandleMap() takes one argument, on_insert")),
    }
}

unsafe extern "C" fn dealloc(map: Raw) {
    contain((), || {
        // SAFETY: Python passes an instance that nothing refers to any more.
        unsafe {
            api::PyObject_GC_UnTrack(map.cast());
            // What is left in its place owns nothing.
            drop(with(Object::borrow(map), std::mem::take));
            class::free(map);
        }
    });
}

unsafe extern "C" fn traverse(map: Raw, visit: Visit, arg: *mut c_void) -> c_int {
    contain(0, || {
        // SAFETY: Python passes an instance.
        let map = unsafe { Object::borrow(map) };
        // SAFETY: visiting neither runs Python code nor changes reference counts that matter here.
        let visit = |object: &Object| unsafe { visit(object.as_raw(), arg) };
        with(map, |entries| {
            let held = entries.on_insert.iter().chain(entries.objects()).map(|object| &**object);
            std::iter::once(map.class()).chain(held).map(visit).find(|&code| code != 0).unwrap_or(0)
        })
    })
}

unsafe extern "C" fn clear(map: Raw) -> c_int {
    contain(0, || {
        // SAFETY: Python passes an instance.
        let map = unsafe { Object::borrow(map) };
        // What it held is dropped when the map is no longer in use.
        drop(with(map, |entries| {
            entries.count = 0;
            let objects: Vec<_> = entries.places.iter_mut().filter_map(|place| place.object.take()).collect();
            (objects, entries.on_insert.take())
        }));
        0
    })
}

unsafe extern "C" fn length(map: Raw) -> isize {
    // SAFETY: Python passes an instance.
    contain(0, || with(unsafe { Object::borrow(map) }, |entries| entries.count).cast_signed())
}

unsafe extern "C" fn insert_method(map: Raw, object: Raw) -> Raw {
    // SAFETY: Python passes an instance and an object.
    guard(|| unsafe { number(insert(Object::borrow(map), Object::borrow(object))) })
}

unsafe extern "C" fn get_method(map: Raw, handle: Raw) -> Raw {
    // SAFETY: Python passes an instance and an object.
    guard(|| unsafe { get(Object::borrow(map), handle_from(Object::borrow(handle))?) })
}

unsafe extern "C" fn clone_method(map: Raw, handle: Raw) -> Raw {
    // SAFETY: Python passes an instance and an object.
    guard(|| unsafe { number(clone(Object::borrow(map), handle_from(Object::borrow(handle))?)?) })
}

unsafe extern "C" fn remove_method(map: Raw, handle: Raw) -> Raw {
    // SAFETY: Python passes an instance and an object.
    guard(|| unsafe { remove(Object::borrow(map), handle_from(Object::borrow(handle))?) })
}
