//! What values look like: the compiled form of a spec's `types`.

use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::buffer::CallStatus;
use crate::handles;
use crate::number::Integer;
use crate::object::{Object, Ref};
use crate::shape::{Instance, Shape};

/// A type of some library. It lives as long as the process, once its library is bound.
pub(crate) struct Type {
    pub(crate) kind: Kind,
    /// How a value travels when it is an argument or a result by itself.
    pub(crate) ffi: Ffi,
    /// No value takes fewer bytes in a buffer than this. What a buffer says about counts is checked against it.
    least: AtomicU32,
    /// About how many bytes values took of late, so that buffers have the right size at once.
    usual: AtomicU32,
}

/// A type of UniFFI and what is needed to convert its values. The tag is a byte of its own, so that it is quickly found.
#[repr(u8)]
pub(crate) enum Kind {
    Int(Integer),
    F32,
    F64,
    Bool,
    Str,
    Bytes,
    /// `&[u8]`, an argument only: Rust reads the Python object's own memory.
    BorrowedBytes,
    Timestamp(Callables),
    Duration(Callables),
    Optional(TypeRef),
    Sequence(TypeRef),
    Set(TypeRef),
    Map(TypeRef, TypeRef),
    Record(Shape),
    FlatEnum(Members),
    Enum(Variants),
    Error(Variants),
    FlatError(Variants),
    Object(Interface),
    Trait(Interface, Foreign),
    Callback(Foreign),
    Custom(TypeRef, OptionalCallables),
    /// Another name of a type: of a box's content, or of a type of another library. Nothing refers to it but its name.
    Alias(TypeRef),
}

/// How a value is passed as an argument or result by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ffi {
    U8,
    /// Booleans, too.
    I8,
    U16,
    I16,
    U32,
    I32,
    /// Handles, too.
    U64,
    I64,
    F32,
    F64,
    Buffer,
    /// `ForeignBytes`: an `i32` length and a pointer.
    Bytes,
}

/// Python functions that make a value of seconds and nanoseconds, and take it apart.
pub(crate) struct Callables {
    pub(crate) lift: Ref,
    pub(crate) lower: Ref,
}

/// Python functions between a custom type and the type it is made of, where they do anything.
pub(crate) struct OptionalCallables {
    pub(crate) lift: Option<Ref>,
    pub(crate) lower: Option<Ref>,
}

/// The members of an enum without fields.
pub(crate) struct Members {
    pub(crate) class: Ref,
    pub(crate) members: Vec<Ref>,
}

/// The variants of an enum or error, a class each.
pub(crate) struct Variants {
    pub(crate) class: Ref,
    pub(crate) variants: Vec<Shape>,
}

/// Rust objects, which Python instances hold by handle.
pub(crate) struct Interface {
    pub(crate) instance: Instance,
    pub(crate) clone: unsafe extern "C" fn(u64, *mut CallStatus) -> u64,
    pub(crate) free: unsafe extern "C" fn(u64, *mut CallStatus),
}

/// Python objects, which Rust holds by handle.
pub(crate) struct Foreign {
    pub(crate) protocol: Ref,
    /// The map; none when the trait can't be implemented in Python.
    pub(crate) handles: Option<Ref>,
}

/// A type of a library that is bound, or being bound.
#[derive(Clone, Copy)]
pub(crate) struct TypeRef(NonNull<Type>);

impl TypeRef {
    /// # Safety
    ///
    /// Before the reference is used there must be a type at that address, which stays there.
    pub(crate) unsafe fn new(address: NonNull<Type>) -> Self {
        Self(address)
    }
}

impl Deref for TypeRef {
    type Target = Type;

    #[inline]
    fn deref(&self) -> &Type {
        // SAFETY: as promised at its making.
        unsafe { self.0.as_ref() }
    }
}

/// Buffers above this size aren't worth remembering: to grow them costs little compared with filling them.
const REMEMBERED: u32 = 1 << 16;

impl Type {
    pub(crate) fn new(kind: Kind, ffi: Ffi) -> Self {
        Self { kind, ffi, least: AtomicU32::new(0), usual: AtomicU32::new(0) }
    }

    /// No value takes fewer bytes in a buffer than this.
    #[inline]
    pub(crate) fn least(&self) -> usize {
        self.least.load(Ordering::Relaxed) as usize
    }

    /// How large a buffer for a value should be made.
    #[inline]
    pub(crate) fn usual(&self) -> usize {
        self.usual.load(Ordering::Relaxed) as usize
    }

    /// Remembers how long a buffer became. Sizes fall back slowly, so that values of different sizes fit.
    #[inline]
    pub(crate) fn remember(&self, length: usize) {
        let length = u32::try_from(length).unwrap_or(REMEMBERED).min(REMEMBERED);
        let usual = self.usual.load(Ordering::Relaxed);
        if length != usual {
            let next = if length > usual { length + length / 8 } else { usual - (usual - length) / 8 };
            self.usual.store(next, Ordering::Relaxed);
        }
    }

    /// The Rust objects that values of this type are.
    pub(crate) fn interface(&self) -> Option<&Interface> {
        match &self.kind {
            Kind::Object(interface) | Kind::Trait(interface, _) => Some(interface),
            _ => None,
        }
    }

    /// The class of the exceptions that this type can lower.
    pub(crate) fn error_class(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Error(variants) | Kind::FlatError(variants) => Some(&variants.class),
            Kind::Object(interface) | Kind::Trait(interface, _) => Some(&interface.instance.class.class),
            _ => None,
        }
    }

    /// Works the least size out anew from those of the types it is made of. Whether it has grown.
    pub(crate) fn settle(&self) -> bool {
        let fields =
            |shape: &Shape| shape.fields.iter().fold(0, |sum: u32, field| sum.saturating_add(field.ty.least_u32()));
        let variants = |variants: &Variants| variants.variants.iter().map(fields).min().unwrap_or(0).saturating_add(4);
        let least = match &self.kind {
            Kind::Int(integer) => integer.size() as u32,
            Kind::Bool | Kind::Optional(_) => 1,
            Kind::F64 | Kind::Object(_) | Kind::Trait(..) | Kind::Callback(_) => 8,
            Kind::Timestamp(_) | Kind::Duration(_) => 12,
            Kind::Record(shape) => fields(shape),
            Kind::Enum(shapes) | Kind::Error(shapes) => variants(shapes),
            Kind::Custom(inner, _) | Kind::Alias(inner) => inner.least_u32(),
            _ => 4,
        };
        let before = self.least.swap(least, Ordering::Relaxed);
        // A type whose values never end, which nobody can make one of, has no least size.
        self.usual.store(least.min(REMEMBERED), Ordering::Relaxed);
        before != least
    }

    fn least_u32(&self) -> u32 {
        self.least.load(Ordering::Relaxed)
    }
}

impl Ffi {
    /// How many words it takes.
    pub(crate) const fn words(self) -> usize {
        match self {
            Self::Buffer => 3,
            Self::Bytes => 2,
            _ => 1,
        }
    }
}

impl Interface {
    /// Another handle of the same object, for Rust to own; the status says what went wrong.
    pub(crate) fn clone(&self, handle: u64) -> Result<u64, CallStatus> {
        let mut status = CallStatus::NEW;
        // SAFETY: the library's own function and a handle that it gave out and has not freed.
        let clone = unsafe { (self.clone)(handle, &raw mut status) };
        if status.code == crate::buffer::SUCCESS { Ok(clone) } else { Err(status) }
    }

    /// Frees a handle.
    pub(crate) fn free(&self, handle: u64) {
        let mut status = CallStatus::NEW;
        // SAFETY: the library's own function and a handle that nobody else has.
        unsafe { (self.free)(handle, &raw mut status) }
    }
}

impl Foreign {
    /// Takes an object out of the map. An exception that this may set is left to the caller.
    pub(crate) fn forget(&self, handle: u64) {
        if let Some(map) = &self.handles {
            drop(handles::remove(map, handle));
        }
    }
}
