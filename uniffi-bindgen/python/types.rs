//! What a `UniFFI` type is called in Python, and how it crosses.

use super::errors::is_error;
use super::module::Module;
use super::names;
use uniffi_bindgen::pipeline::general::{Enum, FieldsKind, ObjectImpl, TraitKind, Type, TypeDefinition, Variant};

/// How a value by itself (an argument, a return value) crosses.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ffi {
    /// An integer of so many bits, signed or not.
    Int(u8, bool),
    Bool,
    F32,
    F64,
    Handle,
    Buffer,
}

impl Ffi {
    /// The ctypes name.
    pub fn ctype(self) -> String {
        match self {
            Self::Int(bits, true) => format!("ctypes.c_int{bits}"),
            Self::Int(bits, false) => format!("ctypes.c_uint{bits}"),
            Self::Bool => "ctypes.c_int8".into(),
            Self::F32 => "ctypes.c_float".into(),
            Self::F64 => "ctypes.c_double".into(),
            Self::Handle => "ctypes.c_uint64".into(),
            Self::Buffer => "_Buffer".into(),
        }
    }
}

/// The layout of a number in a buffer: `struct`'s letter and the size in bytes.
pub fn number(ty: &Type) -> Option<(char, usize)> {
    Some(match ty {
        Type::UInt8 => ('B', 1),
        Type::Int8 => ('b', 1),
        Type::UInt16 => ('H', 2),
        Type::Int16 => ('h', 2),
        Type::UInt32 => ('I', 4),
        Type::Int32 => ('i', 4),
        Type::UInt64 => ('Q', 8),
        Type::Int64 => ('q', 8),
        Type::Float32 => ('f', 4),
        Type::Float64 => ('d', 8),
        _ => return None,
    })
}

/// Rust's name of a simple type, as the schema has it.
pub fn simple(ty: &Type) -> Option<&'static str> {
    Some(match ty {
        Type::UInt8 => "u8",
        Type::Int8 => "i8",
        Type::UInt16 => "u16",
        Type::Int16 => "i16",
        Type::UInt32 => "u32",
        Type::Int32 => "i32",
        Type::UInt64 => "u64",
        Type::Int64 => "i64",
        Type::Float32 => "f32",
        Type::Float64 => "f64",
        Type::Boolean => "bool",
        Type::String => "str",
        Type::Bytes => "bytes",
        Type::Timestamp => "timestamp",
        Type::Duration => "duration",
        _ => return None,
    })
}

pub fn ffi(ty: &Type) -> Ffi {
    match ty {
        Type::UInt8 => Ffi::Int(8, false),
        Type::Int8 => Ffi::Int(8, true),
        Type::UInt16 => Ffi::Int(16, false),
        Type::Int16 => Ffi::Int(16, true),
        Type::UInt32 => Ffi::Int(32, false),
        Type::Int32 => Ffi::Int(32, true),
        Type::UInt64 => Ffi::Int(64, false),
        Type::Int64 => Ffi::Int(64, true),
        Type::Float32 => Ffi::F32,
        Type::Float64 => Ffi::F64,
        Type::Boolean => Ffi::Bool,
        Type::Interface { .. } | Type::CallbackInterface { .. } => Ffi::Handle,
        Type::Custom { builtin, .. } => ffi(builtin),
        Type::Box { inner_type } => ffi(inner_type),
        _ => Ffi::Buffer,
    }
}

/// True for a trait that Python code may implement.
pub fn is_foreign_trait(imp: ObjectImpl) -> bool {
    matches!(imp, ObjectImpl::Trait(TraitKind::Both | TraitKind::ForeignOnly))
}

/// The name of the Python class that wraps a Rust object.
pub fn object_class(name: &str, imp: ObjectImpl) -> String {
    if is_foreign_trait(imp) { names::class(&format!("{name}Impl")) } else { names::class(name) }
}

/// The names of a shape's fields in Python; those of a tuple are numbered.
pub fn field_names<'f>(kind: &FieldsKind, names: impl Iterator<Item = &'f str>) -> Vec<String> {
    let tuple = matches!(kind, FieldsKind::Unnamed);
    names.enumerate().map(|(index, name)| if tuple { format!("_{index}") } else { names::variable(name) }).collect()
}

/// The names of an enum variant's fields; an exception has some of its own, which they must not hide.
pub fn variant_field_names(item: &Enum, variant: &Variant) -> Vec<String> {
    let names = field_names(&variant.fields_kind, variant.fields.iter().map(|field| field.name.as_str()));
    if !is_error(item) {
        return names;
    }
    let taken = ["args", "with_traceback", "add_note"];
    names.into_iter().map(|name| if taken.contains(&name.as_str()) { format!("_{name}") } else { name }).collect()
}

impl Module<'_> {
    /// The namespace and name of a type that another crate defines.
    pub fn external<'t>(&self, ty: &'t Type) -> Option<(&'t str, &'t str)> {
        match ty {
            Type::Interface { namespace, name, .. }
            | Type::Record { namespace, name, .. }
            | Type::Enum { namespace, name, .. }
            | Type::CallbackInterface { namespace, name, .. }
            | Type::Custom { namespace, name, .. } => (*namespace != self.namespace.name).then_some((namespace, name)),
            _ => None,
        }
    }

    /// A type as an annotation.
    pub fn annotation(&self, ty: &Type) -> String {
        match ty {
            Type::Boolean => "bool".into(),
            Type::String => "str".into(),
            Type::Bytes => "bytes".into(),
            Type::Float32 | Type::Float64 => "float".into(),
            Type::Timestamp => "Timestamp".into(),
            Type::Duration => "Duration".into(),
            Type::Optional { inner_type } => {
                let inner = self.annotation(inner_type);
                if inner.ends_with(" | None") { inner } else { format!("{inner} | None") }
            }
            Type::Sequence { inner_type } => format!("list[{}]", self.annotation(inner_type)),
            Type::Set { inner_type } => format!("set[{}]", self.annotation(inner_type)),
            Type::Map { key_type, value_type } => {
                format!("dict[{}, {}]", self.annotation(key_type), self.annotation(value_type))
            }
            Type::Box { inner_type } => self.annotation(inner_type),
            Type::Interface { name, .. }
            | Type::Record { name, .. }
            | Type::Enum { name, .. }
            | Type::CallbackInterface { name, .. }
            | Type::Custom { name, .. } => match self.external(ty) {
                Some((namespace, name)) => format!("{}.{}", self.package(namespace), names::class(name)),
                None => names::class(name),
            },
            _ => "int".into(),
        }
    }

    /// A type as an argument's annotation: what is only read may be any buffer.
    pub fn argument_annotation(&self, ty: &Type) -> String {
        if matches!(ty, Type::Bytes) { "_ReadableBuffer".into() } else { self.annotation(ty) }
    }

    /// A type as part of a function's name.
    pub fn ident(&self, ty: &Type) -> String {
        if let Some(name) = simple(ty) {
            return name.into();
        }
        match ty {
            Type::Optional { inner_type } => format!("optional_{}", self.ident(inner_type)),
            Type::Sequence { inner_type } => format!("list_{}", self.ident(inner_type)),
            Type::Set { inner_type } => format!("set_{}", self.ident(inner_type)),
            Type::Map { key_type, value_type } => {
                format!("dict_{}_to_{}", self.ident(key_type), self.ident(value_type))
            }
            Type::Box { inner_type } => self.ident(inner_type),
            Type::Interface { name, .. }
            | Type::Record { name, .. }
            | Type::Enum { name, .. }
            | Type::CallbackInterface { name, .. }
            | Type::Custom { name, .. } => match self.external(ty) {
                Some((namespace, name)) => format!("{namespace}_{}", names::class(name)),
                None => names::class(name),
            },
            _ => unreachable!("simple types are named above"),
        }
    }

    /// A type's name in the schema.
    pub fn schema_key(&self, ty: &Type) -> String {
        if let Some(name) = simple(ty) {
            return name.into();
        }
        match ty {
            Type::Optional { inner_type } => format!("{}?", self.schema_key(inner_type)),
            Type::Sequence { inner_type } => format!("list[{}]", self.schema_key(inner_type)),
            Type::Set { inner_type } => format!("set[{}]", self.schema_key(inner_type)),
            Type::Map { key_type, value_type } => {
                format!("dict[{}, {}]", self.schema_key(key_type), self.schema_key(value_type))
            }
            Type::Box { inner_type } => self.schema_key(inner_type),
            _ => match self.external(ty) {
                Some((namespace, name)) => format!("{namespace}.{}", names::class(name)),
                None => self.ident(ty),
            },
        }
    }

    /// True when values of the type hold handles, which must be given back if a call can't be made.
    pub fn has_handles(&self, ty: &Type) -> bool {
        let mut seen = Vec::new();
        self.find_handles(ty, &mut seen)
    }

    fn find_handles(&self, ty: &Type, seen: &mut Vec<String>) -> bool {
        match ty {
            Type::Interface { .. } | Type::CallbackInterface { .. } => true,
            Type::Custom { builtin, .. } => self.find_handles(builtin, seen),
            // What another crate's type holds isn't known here; assume the worst.
            _ if self.external(ty).is_some() => true,
            Type::Optional { inner_type }
            | Type::Sequence { inner_type }
            | Type::Set { inner_type }
            | Type::Box { inner_type } => self.find_handles(inner_type, seen),
            Type::Map { key_type, value_type } => {
                self.find_handles(key_type, seen) || self.find_handles(value_type, seen)
            }
            Type::Record { name, .. } | Type::Enum { name, .. } => {
                if seen.contains(name) {
                    return false;
                }
                seen.push(name.clone());
                self.field_types(name).into_iter().any(|ty| self.find_handles(ty, seen))
            }
            _ => false,
        }
    }

    /// The types of all fields of a record or enum.
    pub fn field_types(&self, name: &str) -> Vec<&Type> {
        match self.definition(name) {
            Some(TypeDefinition::Record(record)) => record.fields.iter().map(|field| &field.ty.ty).collect(),
            Some(TypeDefinition::Enum(item)) => {
                item.variants.iter().flat_map(|variant| variant.fields.iter().map(|field| &field.ty.ty)).collect()
            }
            _ => Vec::new(),
        }
    }
}
