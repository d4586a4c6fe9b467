//! Compiling a spec's `types`.

use std::ffi::{CStr, c_void};
use std::mem::transmute;
use std::ptr::NonNull;

use crate::api;
use crate::errors::raise;
use crate::handles;
use crate::library::{self, Library};
use crate::number::Integer;
use crate::object::{Object, Ref, Result, done};
use crate::shape::{Instance, Shape};
use crate::spec::{Tuple, callable, expected, optional_callable, text};
use crate::symbols::Symbols;
use crate::types::{Callables, Ffi, Foreign, Interface, Kind, Members, OptionalCallables, Type, TypeRef, Variants};

/// How often sizes are worked out anew at most. They only grow, and any size on the way is safe to use.
const ROUNDS: usize = 16;

/// What messages call the Python functions of a type.
const CONVERSION: &CStr = c"a type's conversion";

/// The types of a library and their numbers.
pub(crate) struct Types {
    types: Vec<Type>,
    /// A dict from names to indices.
    indices: Ref,
}

impl Types {
    /// The type of this name; ValueError when there is none, TypeError when the name isn't a string.
    pub(crate) fn named(&self, name: &Object) -> Result<TypeRef> {
        let ty = &self.types[index(&self.indices, name)?];
        Ok(match ty.kind {
            Kind::Alias(target) => target,
            // SAFETY: the types stay where they are as long as the library is used, which holds them.
            _ => unsafe { TypeRef::new(NonNull::from(ty)) },
        })
    }
}

struct Compiler<'a> {
    symbols: &'a Symbols,
    /// A dict from names to indices.
    indices: &'a Object,
    specs: &'a [Spec],
    /// Where the type with index 0 will be.
    base: NonNull<Type>,
}

struct Spec {
    name: Ref,
    parts: Ref,
}

/// Compiles a dict of types.
pub(crate) fn compile(types: &Object, symbols: &Symbols) -> Result<Types> {
    if !types.is_exactly(api::PyDict_Type()) {
        return Err(expected(c"the spec's types", c"a dict", types));
    }
    // SAFETY: makes a dict.
    let indices = unsafe { Ref::steal(api::PyDict_New())? };
    let mut specs = Vec::new();
    let (mut position, mut name, mut parts) = (0, std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: a dict that nothing changes meanwhile, and places for what is in it.
    while unsafe { api::PyDict_Next(types.as_raw(), &raw mut position, &raw mut name, &raw mut parts) } != 0 {
        // SAFETY: the dict keeps them alive.
        let (name, parts) = unsafe { (Object::borrow(name).own(), Object::borrow(parts).own()) };
        text(&name, c"the name of a type")?;
        Tuple::new(&parts, c"a type")?;
        specs.push(Spec { name, parts });
    }
    for (index, spec) in specs.iter().enumerate() {
        // SAFETY: a dict, a string and an int.
        unsafe {
            let index = Ref::steal(api::PyLong_FromUnsignedLongLong(index as u64))?;
            done(api::PyDict_SetItem(indices.as_raw(), spec.name.as_raw(), index.as_raw()))?;
        }
    }

    let mut types = Vec::with_capacity(specs.len());
    // The vector doesn't move: it never gets more than it has room for.
    let base = NonNull::new(types.as_mut_ptr()).unwrap_or(NonNull::dangling());
    let compiler = Compiler { symbols, indices: &indices, specs: &specs, base };
    for spec in &specs {
        let ty = compiler.compile(spec)?;
        types.push(ty);
    }
    for _ in 0..ROUNDS {
        if !types.iter().fold(false, |grown, ty| ty.settle() | grown) {
            break;
        }
    }
    Ok(Types { types, indices })
}

/// What a name stands for in a dict of indices.
fn index(indices: &Object, name: &Object) -> Result<usize> {
    text(name, c"the name of a type")?;
    // SAFETY: a dict and a string.
    let index = unsafe { api::PyDict_GetItemWithError(indices.as_raw(), name.as_raw()) };
    if index.is_null() {
        return Err(raise!(PyExc_ValueError, c"there is no type named %R", name.as_raw()));
    }
    // SAFETY: an int, which the dict keeps alive.
    Integer::U64.get(unsafe { Object::borrow(index) }).map(|index| index as usize)
}

impl Compiler<'_> {
    fn compile(&self, spec: &Spec) -> Result<Type> {
        let parts = Tuple::new(&spec.parts, c"a type")?;
        let kind = self.kind(parts, spec)?;
        Ok(Type::new(kind, self.ffi(&spec.name, 0)?))
    }

    fn kind(&self, parts: Tuple, spec: &Spec) -> Result<Kind> {
        let name = kind_name(parts)?;
        if let Some(simple) = simple(name) {
            let [_] = parts.parts(c"a simple type")?;
            return Ok(simple);
        }
        Ok(match name {
            b"timestamp" => Kind::Timestamp(callables(parts)?),
            b"duration" => Kind::Duration(callables(parts)?),
            b"optional" => Kind::Optional(self.only(parts)?),
            b"sequence" => Kind::Sequence(self.only(parts)?),
            b"set" => Kind::Set(self.only(parts)?),
            b"map" => {
                let [_, key, value] = parts.parts(c"a map")?;
                Kind::Map(self.nested(key)?, self.nested(value)?)
            }
            b"box" | b"external" => Kind::Alias(self.resolve(&spec.name, 0)?),
            b"record" => {
                let [_, class, names, types] = parts.parts(c"a record")?;
                Kind::Record(self.shape(class, names, types)?)
            }
            b"flat_enum" => {
                let [_, class, members] = parts.parts(c"a flat enum")?;
                let members = Tuple::new(members, c"the members of an enum")?.map(&mut |member| Ok(member.own()))?;
                Kind::FlatEnum(Members { class: class_of(class)?, members })
            }
            b"enum" => Kind::Enum(self.variants(parts, false)?),
            b"error" => Kind::Error(self.variants(parts, true)?),
            b"flat_error" => Kind::FlatError(self.variants(parts, true)?),
            b"object" => {
                let [_, class, clone, free] = parts.parts(c"an object")?;
                Kind::Object(self.interface(class, clone, free)?)
            }
            b"trait" => {
                let [_, protocol, class, clone, free, map] = parts.parts(c"a trait")?;
                Kind::Trait(self.interface(class, clone, free)?, foreign(protocol, map)?)
            }
            b"callback" => {
                let [_, protocol, map] = parts.parts(c"a callback")?;
                Kind::Callback(foreign(protocol, map)?)
            }
            b"custom" => {
                let [_, inner, lift, lower] = parts.parts(c"a custom type")?;
                let callables =
                    OptionalCallables { lift: optional_conversion(lift)?, lower: optional_conversion(lower)? };
                Kind::Custom(self.nested(inner)?, callables)
            }
            _ => return Err(unknown(parts, spec)),
        })
    }

    /// The type that is the only part of another.
    fn only(&self, parts: Tuple) -> Result<TypeRef> {
        let [_, inner] = parts.parts(c"a type that is made of one other")?;
        self.nested(inner)
    }

    /// A type that is part of another, so one that can be serialised.
    fn nested(&self, name: &Object) -> Result<TypeRef> {
        if self.ffi(name, 0)? == Ffi::Bytes {
            return Err(raise!(PyExc_ValueError, c"%R can be an argument only, no part of a type", name.as_raw()));
        }
        self.resolve(name, 0)
    }

    fn spec(&self, name: &Object) -> Result<(usize, Tuple<'_>)> {
        let index = index(self.indices, name)?;
        Ok((index, Tuple::new(&self.specs[index].parts, c"a type")?))
    }

    /// The type that a name stands for, behind any boxes.
    fn resolve(&self, name: &Object, depth: usize) -> Result<TypeRef> {
        self.not_endless(name, depth)?;
        let (index, parts) = self.spec(name)?;
        match kind_name(parts)? {
            b"box" => {
                let [_, inner] = parts.parts(c"a box")?;
                self.resolve(inner, depth + 1)
            }
            b"external" => external(parts),
            // SAFETY: the vector gets a type there before anything is converted, or is dropped with all references.
            _ => Ok(unsafe { TypeRef::new(self.base.add(index)) }),
        }
    }

    /// How values of a type travel. The type needn't be compiled yet.
    fn ffi(&self, name: &Object, depth: usize) -> Result<Ffi> {
        self.not_endless(name, depth)?;
        let (_, parts) = self.spec(name)?;
        let kind = kind_name(parts)?;
        if let Some(integer) = Integer::named(kind) {
            return Ok(integer.ffi());
        }
        Ok(match kind {
            b"bool" => Ffi::I8,
            b"object" | b"trait" | b"callback" => Ffi::U64,
            b"f32" => Ffi::F32,
            b"f64" => Ffi::F64,
            b"borrowed_bytes" => Ffi::Bytes,
            b"external" => external(parts)?.ffi,
            b"box" | b"custom" => match parts.get(1) {
                Some(inner) => self.ffi(inner, depth + 1)?,
                None => return Err(raise!(PyExc_ValueError, c"the type %R has no content", name.as_raw())),
            },
            _ => Ffi::Buffer,
        })
    }

    /// Boxes and custom types must not be made of themselves.
    fn not_endless(&self, name: &Object, depth: usize) -> Result<()> {
        if depth > self.specs.len() {
            return Err(raise!(PyExc_ValueError, c"the type %R is made of itself", name.as_raw()));
        }
        Ok(())
    }

    fn shape(&self, class: &Object, names: &Object, types: &Object) -> Result<Shape> {
        let (names, types) = (Tuple::new(names, c"the fields")?, Tuple::new(types, c"the types of the fields")?);
        if names.len() != types.len() {
            let (names, types) = (names.len().cast_signed(), types.len().cast_signed());
            return Err(raise!(PyExc_ValueError, c"%R has %zd fields of %zd types", class.as_raw(), names, types));
        }
        Shape::new(class, names.map(&mut library::interned)?, types.map(&mut |ty| self.nested(ty))?)
    }

    fn variants(&self, parts: Tuple, raised: bool) -> Result<Variants> {
        let [_, class, variants] = parts.parts(c"an enum")?;
        let variants = Tuple::new(variants, c"the variants of an enum")?.map(&mut |variant| {
            let shape = if variant.is_class() {
                // Of an error that is no more than a message.
                Shape::new(variant, Vec::new(), Vec::new())?
            } else {
                let [class, names, types] = Tuple::new(variant, c"a variant")?.parts(c"a variant")?;
                self.shape(class, names, types)?
            };
            if raised && !shape.class.is_exception() {
                let class = shape.class.class.as_raw();
                return Err(raise!(PyExc_TypeError, c"%R is not derived from BaseException", class));
            }
            Ok(shape)
        })?;
        Ok(Variants { class: class_of(class)?, variants })
    }

    fn interface(&self, class: &Object, clone: &Object, free: &Object) -> Result<Interface> {
        let (clone, free) = (self.symbols.required(clone)?, self.symbols.required(free)?);
        // SAFETY: UniFFI's functions of these names have these types.
        let (clone, free) = unsafe {
            (
                transmute::<*const c_void, unsafe extern "C" fn(u64, *mut crate::buffer::CallStatus) -> u64>(clone),
                transmute::<*const c_void, unsafe extern "C" fn(u64, *mut crate::buffer::CallStatus)>(free),
            )
        };
        Ok(Interface { instance: Instance::new(class)?, clone, free })
    }
}

/// A type that needs no more than its kind.
fn simple(kind: &[u8]) -> Option<Kind> {
    Some(match kind {
        b"f32" => Kind::F32,
        b"f64" => Kind::F64,
        b"bool" => Kind::Bool,
        b"str" => Kind::Str,
        b"bytes" => Kind::Bytes,
        b"borrowed_bytes" => Kind::BorrowedBytes,
        _ => Kind::Int(Integer::named(kind)?),
    })
}

fn kind_name(parts: Tuple<'_>) -> Result<&[u8]> {
    match parts.get(0) {
        Some(kind) => text(kind, c"the kind of a type"),
        None => Err(raise!(PyExc_ValueError, c"a type has no kind")),
    }
}

#[cold]
fn unknown(parts: Tuple, spec: &Spec) -> crate::object::Raised {
    let kind = parts.get(0).unwrap_or(&spec.name);
    raise!(PyExc_ValueError, c"the type %R is of an unknown kind: %R", spec.name.as_raw(), kind.as_raw())
}

fn callables(parts: Tuple) -> Result<Callables> {
    let [_, lift, lower] = parts.parts(c"a time")?;
    Ok(Callables { lift: conversion(lift)?, lower: conversion(lower)? })
}

fn conversion(function: &Object) -> Result<Ref> {
    Ok(callable(function, CONVERSION)?.own())
}

fn optional_conversion(function: &Object) -> Result<Option<Ref>> {
    Ok(optional_callable(function, CONVERSION)?.map(Object::own))
}

/// A type of another library. That one is bound, so the type is ready.
fn external(parts: Tuple) -> Result<TypeRef> {
    let [_, library, name] = parts.parts(c"an external type")?;
    Library::of(library)?.type_named(name)
}

fn foreign(protocol: &Object, map: &Object) -> Result<Foreign> {
    if !map.is_none() && !handles::is_map(map) {
        return Err(expected(c"the handles of a trait", c"a HandleMap", map));
    }
    Ok(Foreign { protocol: class_of(protocol)?, handles: (!map.is_none()).then(|| map.own()) })
}

/// TypeError when it isn't a class.
fn class_of(class: &Object) -> Result<Ref> {
    if class.is_class() { Ok(class.own()) } else { Err(expected(c"the class of a type", c"a class", class)) }
}
