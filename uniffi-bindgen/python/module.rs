//! One namespace, and what the rest of the backend asks about it.

use super::callbacks;
use super::config::{Config, CustomType};
use super::errors;
use super::names;
use super::readers::{INLINE_DEPTH, INLINE_LEAVES};
use super::types::Ffi;
use anyhow::{Context, Result, bail};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use uniffi_bindgen::pipeline::general::{
    Callable, IndexMap, Namespace, Root, Type, TypeDefinition, UniffiTraitMethods, VTable,
};

/// `struct` formats that the readers and writers use, each compiled once.
#[derive(Default)]
pub struct Formats(pub RefCell<BTreeSet<(bool, String)>>);

impl Formats {
    pub fn unpack(&self, letters: &str) -> String {
        self.name(false, letters)
    }

    pub fn pack(&self, letters: &str) -> String {
        self.name(true, letters)
    }

    fn name(&self, pack: bool, letters: &str) -> String {
        self.0.borrow_mut().insert((pack, letters.into()));
        format!("_{}_{}", if pack { "pack" } else { "unpack" }, letters.replace('?', "t"))
    }
}

pub struct Module<'m> {
    pub namespace: &'m Namespace,
    pub config: Config,
    pub formats: Formats,
    /// Types that something has asked a reader, a writer or a schema entry for.
    pub schema: RefCell<IndexMap<String, Type>>,
    pub readers: RefCell<IndexMap<String, Type>>,
    pub writers: RefCell<IndexMap<String, Type>>,
    /// What coroutines that Rust awaits return.
    pub outcomes: RefCell<BTreeSet<Ffi>>,
    definitions: BTreeMap<&'m str, &'m TypeDefinition>,
    pub cdylib: String,
}

impl<'m> Module<'m> {
    pub fn new(root: &'m Root, namespace: &'m Namespace) -> Result<Self> {
        let config = Config::parse(namespace.config_toml.as_deref())?;
        let cdylib = config.cdylib_name.clone().or_else(|| root.cdylib.clone()).unwrap_or_else(|| "uniffi".into());
        let definitions =
            namespace.type_definitions.iter().filter_map(|item| Some((defined_name(item)?, item))).collect();
        Ok(Self {
            namespace,
            config,
            formats: Formats::default(),
            schema: RefCell::default(),
            readers: RefCell::default(),
            writers: RefCell::default(),
            outcomes: RefCell::default(),
            definitions,
            cdylib,
        })
    }

    pub fn definition(&self, name: &str) -> Option<&'m TypeDefinition> {
        self.definitions.get(name).copied()
    }

    pub fn definition_of(&self, ty: &Type) -> Result<&'m TypeDefinition> {
        let (Type::Record { name, .. }
        | Type::Enum { name, .. }
        | Type::Interface { name, .. }
        | Type::CallbackInterface { name, .. }) = ty
        else {
            bail!("{ty:?} has no definition")
        };
        self.definition(name).with_context(|| format!("{name} is used but not defined"))
    }

    /// A type's name in the schema; it will be described there.
    pub fn key(&self, ty: &Type) -> String {
        let mut ty = ty;
        while let Type::Box { inner_type } = ty {
            ty = inner_type;
        }
        let key = self.schema_key(ty);
        self.schema.borrow_mut().entry(key.clone()).or_insert_with(|| ty.clone());
        key
    }

    /// The function that reads the type; it will be written.
    pub fn reader(&self, ty: &Type) -> String {
        request(&self.readers, self.ident(ty), ty, "_read_")
    }

    /// The function that writes the type; it will be written.
    pub fn writer(&self, ty: &Type) -> String {
        request(&self.writers, self.ident(ty), ty, "_write_")
    }

    /// Whether a type at this depth is read and written in place.
    pub fn inlines(&self, ty: &Type, depth: usize) -> bool {
        depth < INLINE_DEPTH && self.leaves(ty, &mut Vec::new()).is_some_and(|leaves| leaves <= INLINE_LEAVES)
    }

    /// How many simple values the type holds; none for a recursive type.
    fn leaves(&self, ty: &Type, open: &mut Vec<String>) -> Option<usize> {
        match ty {
            Type::Optional { inner_type }
            | Type::Sequence { inner_type }
            | Type::Set { inner_type }
            | Type::Box { inner_type } => self.leaves(inner_type, open),
            Type::Map { key_type, value_type } => Some(self.leaves(key_type, open)? + self.leaves(value_type, open)?),
            Type::Record { name, .. } | Type::Enum { name, .. } if self.external(ty).is_none() => {
                if open.contains(name) {
                    return None;
                }
                open.push(name.clone());
                let mut leaves = 1;
                for field in self.field_types(name) {
                    leaves += self.leaves(field, open)?;
                }
                open.pop();
                Some(leaves)
            }
            _ => Some(1),
        }
    }

    /// The module that another crate's bindings are imported as.
    pub fn package(&self, namespace: &str) -> String {
        match self.config.external_packages.get(namespace) {
            Some(package) if !package.is_empty() => package.clone(),
            _ => namespace.into(),
        }
    }

    /// The modules of other crates whose types are used here.
    pub fn externals(&self) -> BTreeSet<String> {
        self.external_namespaces().into_iter().map(|namespace| self.package(&namespace)).collect()
    }

    pub fn external_namespaces(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for definition in &self.namespace.type_definitions {
            if let TypeDefinition::External(item) = definition
                && item.namespace != self.namespace.name
            {
                found.insert(item.namespace.clone());
            }
        }
        found
    }

    pub fn external_codec(&self, word: &str, ty: &Type) -> String {
        let (namespace, name) = self.external(ty).unwrap_or_default();
        format!("{}._{word}_{}", self.package(namespace), names::class(name))
    }

    pub fn lift_handle(&self, ty: &Type, handle: &str) -> String {
        format!("_lift_{}({handle})", self.ident(ty))
    }

    /// The expression that makes a handle of a value, and the function that takes it back.
    pub fn lower_handle(&self, ty: &Type, value: &str) -> (String, String) {
        let ident = self.ident(ty);
        (format!("_lower_{ident}({value})"), format!("_give_back_{ident}"))
    }

    pub fn custom_config(&self, ty: &Type) -> Option<&CustomType> {
        let Type::Custom { orig_name, .. } = ty else { return None };
        self.config.custom_types.get(orig_name)
    }

    /// Whether a custom type is converted, or just another name.
    pub fn converts(&self, ty: &Type) -> bool {
        self.external(ty).is_some() || self.custom_config(ty).is_some()
    }

    pub fn lift_custom(&self, ty: &Type, builtin: &str) -> String {
        if self.converts(ty) { format!("_to_{}({builtin})", self.ident(ty)) } else { builtin.into() }
    }

    pub fn lower_custom(&self, ty: &Type, value: &str) -> String {
        if self.converts(ty) { format!("_from_{}({value})", self.ident(ty)) } else { value.into() }
    }

    /// What `uniffi.toml` adds to the bases of a class.
    pub fn extra_bases(&self, class: &str) -> Vec<String> {
        self.config.bases.get(class).cloned().unwrap_or_default()
    }

    /// A class statement's list of bases.
    pub fn base_list(&self, own: &[String], class: &str) -> String {
        let all: Vec<String> = own.iter().cloned().chain(self.extra_bases(class)).collect();
        if all.is_empty() { String::new() } else { format!("({})", all.join(", ")) }
    }

    /// Every function, method and constructor that is implemented in Rust.
    pub fn callables(&self) -> Vec<&'m Callable> {
        let mut all: Vec<&Callable> = self.namespace.functions.iter().map(|item| &item.callable).collect();
        for definition in &self.namespace.type_definitions {
            match definition {
                TypeDefinition::Record(item) => all.extend(item.methods.iter().map(|method| &method.callable)),
                TypeDefinition::Enum(item) if !errors::is_flat_error(item) => {
                    all.extend(item.methods.iter().map(|method| &method.callable));
                }
                TypeDefinition::Interface(item) => {
                    all.extend(item.constructors.iter().map(|constructor| &constructor.callable));
                    all.extend(item.methods.iter().map(|method| &method.callable));
                }
                _ => {}
            }
        }
        for traits in self.traits() {
            let methods = [
                &traits.debug_fmt,
                &traits.display_fmt,
                &traits.eq_eq,
                &traits.eq_ne,
                &traits.hash_hash,
                &traits.ord_cmp,
            ];
            all.extend(methods.into_iter().flatten().map(|method| &method.callable));
        }
        all
    }

    pub fn traits(&self) -> Vec<&'m UniffiTraitMethods> {
        let traits = self.namespace.type_definitions.iter().filter_map(|definition| match definition {
            TypeDefinition::Record(item) => Some(&item.uniffi_trait_methods),
            TypeDefinition::Enum(item) if !errors::is_flat_error(item) => Some(&item.uniffi_trait_methods),
            TypeDefinition::Interface(item) => Some(&item.uniffi_trait_methods),
            _ => None,
        });
        traits.collect()
    }

    pub fn uses(&self, ty: &Type) -> bool {
        self.namespace
            .type_definitions
            .iter()
            .any(|definition| matches!(definition, TypeDefinition::Simple(node) if node.ty == *ty))
    }

    pub fn has_async(&self) -> bool {
        self.has_async_callbacks() || self.callables().iter().any(|callable| callable.is_async())
    }

    pub fn has_callbacks(&self) -> bool {
        !self.vtables().is_empty()
    }

    pub fn has_async_callbacks(&self) -> bool {
        self.vtables().into_iter().any(|(_, vtable)| callbacks::has_async_methods(vtable))
    }

    /// The traits that Python code may implement, by their names in Rust.
    pub fn vtables(&self) -> Vec<(&'m str, &'m VTable)> {
        let vtables = self.namespace.type_definitions.iter().filter_map(|definition| match definition {
            TypeDefinition::Interface(item) => Some((item.name.as_str(), item.vtable.as_ref()?)),
            TypeDefinition::CallbackInterface(item) => Some((item.name.as_str(), &item.vtable)),
            _ => None,
        });
        vtables.collect()
    }
}

fn request(requests: &RefCell<IndexMap<String, Type>>, ident: String, ty: &Type, prefix: &str) -> String {
    let name = format!("{prefix}{ident}");
    requests.borrow_mut().entry(ident).or_insert_with(|| ty.clone());
    name
}

pub fn defined_name(definition: &TypeDefinition) -> Option<&str> {
    Some(match definition {
        TypeDefinition::Record(item) => &item.name,
        TypeDefinition::Enum(item) => &item.name,
        TypeDefinition::Interface(item) => &item.name,
        TypeDefinition::CallbackInterface(item) => &item.name,
        TypeDefinition::Custom(item) => &item.name,
        _ => return None,
    })
}
