//! Classes whose instances are made and read here, without running their `__init__` or a `__setattr__`.

use std::ffi::c_uint;
use std::mem::transmute;
use std::ptr;

use crate::api::{self, Alloc, New, Raw};
use crate::errors::raise;
use crate::gate::stay;
use crate::layout::{self, basic_size};
use crate::names;
use crate::number::Integer;
use crate::object::{Object, Raised, Ref, Result, tuple};
use crate::spec::Tuple;
use crate::types::TypeRef;

/// A class and how to make an instance of it.
pub(crate) struct Class {
    pub(crate) class: Ref,
    make: Make,
}

enum Make {
    /// Memory filled with zeros, which for a class of Python's own making is a valid instance.
    Zeroed(Alloc),
    /// `__new__`, for exceptions.
    New(New),
}

/// A class with the fields of a record or variant.
pub(crate) struct Shape {
    pub(crate) class: Class,
    pub(crate) fields: Vec<Field>,
    /// Whether the fields are slots, whose offsets are known.
    pub(crate) slotted: bool,
}

pub(crate) struct Field {
    pub(crate) name: Ref,
    pub(crate) ty: TypeRef,
    /// Where in an instance the slot is.
    offset: usize,
}

/// A class whose instances hold a handle, in an attribute `_handle`.
pub(crate) struct Instance {
    pub(crate) class: Class,
    /// Where in an instance `_handle` is, when it is a slot.
    handle: Option<usize>,
}

impl Class {
    /// TypeError for what isn't a class whose instances can be made.
    fn new(class: &Object) -> Result<Self> {
        if !class.is_class() {
            return Err(raise!(PyExc_TypeError, c"a class is required, not %R", class.as_raw()));
        }
        let make = if is_subclass(class, api::PyExc_BaseException()) {
            // SAFETY: a class; this slot holds a function of this type.
            Make::New(
                unsafe { transmute::<*mut _, Option<New>>(slot(class, api::TP_NEW)) }.ok_or_else(|| unusable(class))?,
            )
        } else if is_plain(class)? {
            // SAFETY: as above.
            Make::Zeroed(
                unsafe { transmute::<*mut _, Option<Alloc>>(slot(class, api::TP_ALLOC)) }
                    .ok_or_else(|| unusable(class))?,
            )
        } else {
            return Err(unusable(class));
        };
        Ok(Self { class: class.own(), make })
    }

    /// Whether instances can be raised.
    pub(crate) fn is_exception(&self) -> bool {
        matches!(self.make, Make::New(_))
    }

    /// An instance, for which no code of the class has run (but `__new__`, for exceptions, which gets `args`).
    #[inline]
    pub(crate) fn instantiate(&self, args: Option<&Object>) -> Result<Ref> {
        match self.make {
            // SAFETY: the class's own function, which was checked to be that of plain classes.
            Make::Zeroed(alloc) => unsafe { Ref::steal(stay(|| alloc(self.class.as_raw(), 0))) },
            Make::New(new) => self.instantiate_exception(new, args),
        }
    }

    fn instantiate_exception(&self, new: New, args: Option<&Object>) -> Result<Ref> {
        let args = match args {
            Some(args) => args.own(),
            None => tuple(0)?,
        };
        // SAFETY: the class's own function with a tuple and no keywords.
        let made = unsafe { Ref::steal(stay(|| new(self.class.as_raw(), args.as_raw(), ptr::null_mut())))? };
        if made.is_a(&self.class) { Ok(made) } else { Err(unusable(&self.class)) }
    }
}

impl Shape {
    /// The class with its fields.
    pub(crate) fn new(class: &Object, names: Vec<Ref>, types: Vec<TypeRef>) -> Result<Self> {
        let class = Class::new(class)?;
        let offsets = offsets(&class, &names)?;
        let slotted = offsets.is_some();
        let offsets = offsets.unwrap_or_default();
        let mut fields = Vec::with_capacity(names.len());
        for (index, (name, ty)) in names.into_iter().zip(types).enumerate() {
            fields.push(Field { name, ty, offset: offsets.get(index).copied().unwrap_or(0) });
        }
        Ok(Self { class, fields, slotted })
    }
}

impl Field {
    /// Puts a value into the slot of an instance.
    ///
    /// # Safety
    ///
    /// The instance must be a new one of the slotted shape that this field belongs to, its slot still empty.
    #[inline]
    pub(crate) unsafe fn fill(&self, instance: &Object, value: Ref) {
        // SAFETY: the offset was found by looking at an instance of the class.
        unsafe { slot_of(instance, self.offset).write(value.into_raw()) }
    }

    /// What is in the slot of an instance; AttributeError when it is empty.
    ///
    /// # Safety
    ///
    /// The instance's class must be exactly that of the slotted shape that this field belongs to.
    #[inline]
    pub(crate) unsafe fn read(&self, instance: &Object) -> Result<Ref> {
        // SAFETY: as the caller promises; the value gets a reference of its own at once.
        match unsafe { self.peek(instance) } {
            Some(value) => Ok(value.own()),
            None => instance.attribute(&self.name),
        }
    }

    /// As `read`, without a reference of its own: the value is good until Python code runs. None when the slot is empty.
    ///
    /// # Safety
    ///
    /// As for `read`.
    #[inline]
    pub(crate) unsafe fn peek<'a>(&self, instance: &'a Object) -> Option<&'a Object> {
        // SAFETY: the offset was found by looking at an instance of the class; a slot holds an object or null.
        unsafe { (*slot_of(instance, self.offset)).as_ref() }
    }
}

impl Instance {
    pub(crate) fn new(class: &Object) -> Result<Self> {
        let class = Class::new(class)?;
        let handle = offsets(&class, &[names::get().handle.own()])?.and_then(|offsets| offsets.first().copied());
        Ok(Self { class, handle })
    }

    /// A new instance that holds this handle.
    #[inline]
    pub(crate) fn holding(&self, handle: u64) -> Result<Ref> {
        let instance = self.class.instantiate(None)?;
        self.hold(&instance, handle)?;
        Ok(instance)
    }

    /// Makes an instance hold a handle.
    pub(crate) fn hold(&self, instance: &Object, handle: u64) -> Result<()> {
        // SAFETY: makes an int of any number.
        let handle = unsafe { Ref::steal(api::PyLong_FromUnsignedLongLong(handle))? };
        match self.slot(instance) {
            Some(slot) => {
                // SAFETY: a slot holds a reference or null.
                unsafe { drop(Ref::steal(ptr::replace(slot, handle.into_raw()))) };
                Ok(())
            }
            None => instance.set_plainly(names::get().handle, &handle),
        }
    }

    /// The handle that an instance holds: none when it was never initialised, or is closed.
    #[inline]
    pub(crate) fn handle(&self, instance: &Object) -> Result<Option<u64>> {
        let held = match self.slot(instance) {
            // SAFETY: a slot holds a reference or null.
            Some(slot) => unsafe { (*slot).as_ref() }.map(Object::own),
            None => instance.optional_attribute(names::get().handle)?,
        };
        let Some(held) = held.filter(|held| held.is_exactly(api::PyLong_Type())) else { return Ok(None) };
        let handle = Integer::U64.get(&held)?;
        Ok((handle != 0).then_some(handle))
    }

    /// Takes the handle of an instance away.
    pub(crate) fn take(&self, instance: &Object) -> Result<Option<u64>> {
        let handle = self.handle(instance)?;
        match self.slot(instance) {
            // SAFETY: as above.
            Some(slot) => unsafe { drop(Ref::steal(ptr::replace(slot, ptr::null_mut()))) },
            None if handle.is_some() => instance.set_plainly(names::get().handle, api::_Py_NoneStruct())?,
            None => {}
        }
        Ok(handle)
    }

    /// The slot with the handle, also in an instance of a derived class: that begins like one of the class.
    #[inline]
    fn slot(&self, instance: &Object) -> Option<*mut Raw> {
        let offset = self.handle?;
        instance.is_a(&self.class.class).then(|| slot_of(instance, offset))
    }
}

/// The slot at an offset.
#[inline]
fn slot_of(instance: &Object, offset: usize) -> *mut Raw {
    instance.as_raw().wrapping_byte_add(offset).cast()
}

fn slot(class: &Object, slot: i32) -> *mut std::ffi::c_void {
    // SAFETY: callers pass classes only.
    unsafe { api::PyType_GetSlot(class.as_raw(), slot) }
}

/// The flags of a class, of which the low 32 bits are in use.
fn flags(class: &Object) -> c_uint {
    // SAFETY: callers pass classes only.
    unsafe { api::PyType_GetFlags(class.as_raw()) as c_uint }
}

/// Whether a class is derived from another, by inheritance alone.
pub(crate) fn is_subclass(class: &Object, base: &Object) -> bool {
    // SAFETY: callers pass classes only.
    unsafe { api::PyType_IsSubtype(class.as_raw(), base.as_raw()) != 0 }
}

#[cold]
fn unusable(class: &Object) -> Raised {
    raise!(PyExc_TypeError, c"%R is not a class whose instances UniFFI can make", class.as_raw())
}

/// Whether a class and all it is derived from come from class statements, or (as `object` and `typing.Generic`) add
/// nothing to their instances. Only then is memory filled with zeros an instance: a class written in C may need more.
fn is_plain(class: &Object) -> Result<bool> {
    if flags(class) & (api::NO_NEW | api::IMMUTABLE_TYPE) != 0 {
        return Ok(false);
    }
    let [alloc, dealloc] = layout::get().plain;
    let bases = class.attribute(names::get().mro)?;
    for base in Tuple::new(&bases, c"the MRO of a class")?.iter() {
        if !base.is_class() || slot(base, api::TP_DEALLOC) != dealloc && basic_size(base)? != size_of::<Object>() {
            return Ok(false);
        }
    }
    Ok(slot(class, api::TP_ALLOC) == alloc)
}

/// The offsets of attributes in the instances of a class, if all of them are slots.
///
/// They are found by setting each to an object of its own and looking for that in the instance's memory, both ways
/// round: what is written there must be what the attribute is. The instance is hidden from the garbage collector, and
/// never freed if its class has a `__del__`, which it isn't ready for.
fn offsets(class: &Class, names: &[Ref]) -> Result<Option<Vec<usize>>> {
    for name in names {
        let descriptor = class.class.optional_attribute(name)?;
        if !descriptor.is_some_and(|descriptor| descriptor.is_exactly(api::PyMemberDescr_Type())) {
            return Ok(None);
        }
    }
    if names.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let size = basic_size(&class.class)?;
    let instance = class.instantiate(None)?;
    if !slot(&class.class, api::TP_FINALIZE).is_null() {
        instance.own().leak();
    }
    if flags(&class.class) & api::HAVE_GC != 0 {
        // SAFETY: its class says that it is known to the collector.
        unsafe { api::PyObject_GC_UnTrack(instance.as_raw().cast()) };
    }
    let mut offsets = Vec::with_capacity(names.len());
    for name in names {
        match offset(&instance, name, size)? {
            Some(offset) if !offsets.contains(&offset) => offsets.push(offset),
            _ => return Ok(None),
        }
    }
    Ok(Some(offsets))
}

fn offset(instance: &Object, name: &Object, size: usize) -> Result<Option<usize>> {
    let [first, second] = [marker()?, marker()?];
    instance.set_plainly(name, &first)?;
    let holds = |offset: &usize| {
        // SAFETY: within the instance, whose words are aligned.
        unsafe { *slot_of(instance, *offset) == first.as_raw() }
    };
    let mut found =
        (size_of::<Object>()..=size.saturating_sub(size_of::<Raw>())).step_by(size_of::<Raw>()).filter(holds);
    let (Some(offset), None) = (found.next(), found.next()) else { return Ok(None) };
    let swap = |value| {
        // SAFETY: a slot holds a reference or null, which nothing else uses: its instance is known here only.
        unsafe { drop(Ref::steal(ptr::replace(slot_of(instance, offset), value))) }
    };
    swap(second.own().into_raw());
    let seen = instance.attribute(name);
    swap(ptr::null_mut());
    Ok(seen?.is(&second).then_some(offset))
}

/// An object that is nowhere else.
fn marker() -> Result<Ref> {
    api::PyBaseObject_Type().call([])
}
