//! A namespace's Python module: its parts, and their order.

use super::callbacks;
use super::calls;
use super::errors;
use super::interfaces;
use super::module::{Module, defined_name};
use super::names;
use super::readers::Reader;
use super::shadow;
use super::source::{Source, listed};
use super::types;
use super::writers::Writer;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use uniffi_bindgen::pipeline::general::{Argument, Field, Method, Type, TypeDefinition};

impl Module<'_> {
    /// The module's text.
    pub fn render(&self) -> Result<String> {
        let namespace = self.namespace;
        let mut public = String::new();
        for definition in &namespace.type_definitions {
            let mut class = Source::default();
            self.definition_text(&mut class, definition)?;
            // A member hides what has its name from the annotations beside it.
            let members = member_names(definition);
            public.push_str(&shadow::qualify(&class.into_text(), &shadow::hidden(members.iter().map(String::as_str))));
        }
        let mut functions = Source::default();
        for function in &namespace.functions {
            self.function(&mut functions, &function.callable, function.docstring.as_deref())?;
        }
        public.push_str(&functions.into_text());

        // Written before the codecs, of which it asks for some.
        let mut inner = Source::default();
        self.handle_and_custom_functions(&mut inner);
        self.member_tables(&mut inner);
        for callable in self.callables() {
            self.start(&mut inner, callable)?;
        }
        for traits in self.traits() {
            self.trait_helpers(&mut inner, traits)?;
        }
        let mut native = Source::default();
        self.native(&mut native)?;
        self.prototypes(&mut native);
        let mut tables = Source::default();
        for (name, vtable) in self.vtables() {
            self.vtable(&mut tables, &names::class(name), vtable);
        }
        self.request_public_codecs();
        let mut codecs = Source::default();
        self.codecs(&mut codecs);
        let mut schema = Source::default();
        self.schema(&mut schema)?;

        let mut source = Source::default();
        self.head(&mut source);
        source.lines(&public);
        self.runtime(&mut source);
        self.verification(&mut source);
        self.compiled_formats(&mut source);
        source.lines(&inner.into_text());
        source.lines(&codecs.into_text());
        source.lines(&schema.into_text());
        source.lines(&native.into_text());
        if self.has_async_callbacks() {
            self.outcome_structures(&mut source);
        }
        source.lines(&tables.into_text());
        let functions: Vec<String> =
            namespace.functions.iter().map(|function| names::variable(&function.callable.name)).collect();
        Ok(shadow::qualify(&source.into_text(), &shadow::hidden(functions.iter().map(String::as_str))))
    }

    /// The public classes of one definition.
    fn definition_text(&self, source: &mut Source, definition: &TypeDefinition) -> Result<()> {
        match definition {
            TypeDefinition::Record(item) => self.record(source, item),
            TypeDefinition::Enum(item) if errors::is_error(item) => self.error(source, item),
            TypeDefinition::Enum(item) => self.enumeration(source, item),
            TypeDefinition::Interface(item) => self.interface(source, item),
            TypeDefinition::CallbackInterface(item) => {
                let (name, doc) = (names::class(&item.name), item.docstring.as_deref());
                self.protocol(source, &name, "(typing.Protocol)", doc, &item.methods)
            }
            TypeDefinition::Custom(item) => {
                self.custom(source, &item.self_type.ty, item.docstring.as_deref());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn head(&self, source: &mut Source) {
        source.docstring(self.namespace.docstring.as_deref());
        source.blank_after_docstring();
        source.line(format!("# Generated from the Rust crate `{}`. Do not edit.", self.namespace.crate_name));
        source.lines(include_str!("runtime/imports.py"));
        let mut all = self.public_names();
        all.extend(self.namespace.type_definitions.iter().flat_map(member_names));
        for (name, replacement) in shadow::hidden(all.iter().map(String::as_str)) {
            if replacement.starts_with("_stdlib_") {
                source.line(format!("import {name} as {replacement}"));
            }
        }
        for import in self.config.custom_types.values().flat_map(|custom| &custom.imports) {
            source.line(import_statement(import));
        }
        for namespace in self.external_namespaces() {
            source.line(match self.config.external_packages.get(&namespace) {
                None => import_statement(&format!(".{namespace}")),
                Some(package) if package.is_empty() => import_statement(&namespace),
                Some(package) => import_statement(package),
            });
        }
        let modules: BTreeSet<&str> =
            self.config.bases.values().flatten().filter_map(|base| Some(base.rsplit_once('.')?.0)).collect();
        for module in modules {
            source.line(import_statement(module));
        }
        source.lines(include_str!("runtime/head.py"));
        source.blank(1);
        let mut names = self.public_names();
        names.insert("InternalError".into());
        if self.has_async() {
            names.insert("uniffi_set_event_loop".into());
        }
        let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        source.line(listed("__all__ = [", &quoted, "]"));
        for (ty, alias) in
            [(Type::Timestamp, "Timestamp = datetime.datetime"), (Type::Duration, "Duration = datetime.timedelta")]
        {
            if self.uses(&ty) {
                source.line(alias);
            }
        }
    }

    fn public_names(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for definition in &self.namespace.type_definitions {
            match definition {
                TypeDefinition::Interface(item) => {
                    let name = names::class(&item.name);
                    if types::is_foreign_trait(item.imp) {
                        all.insert(types::object_class(&item.name, item.imp));
                    } else {
                        all.insert(format!("{name}Protocol"));
                    }
                    all.insert(name);
                }
                other => all.extend(defined_name(other).map(names::class)),
            }
        }
        for function in &self.namespace.functions {
            all.insert(names::variable(&function.callable.name));
        }
        all
    }

    fn custom(&self, source: &mut Source, ty: &Type, doc: Option<&str>) {
        let Type::Custom { name, builtin, .. } = ty else { return };
        let target =
            self.custom_config(ty).map_or_else(|| Some(self.annotation(builtin)), |config| config.type_name.clone());
        // A configured type without a name is named by what it's converted to.
        let Some(target) = target else {
            source.blank(1);
            source.line(format!("{}: typing.TypeAlias = typing.Any", names::class(name)));
            return;
        };
        source.blank(1);
        source.line(format!("{}: typing.TypeAlias = {target}", names::class(name)));
        source.docstring(doc);
    }

    fn runtime(&self, source: &mut Source) {
        let library = include_str!("runtime/library.py")
            .replace("@CDYLIB@", &self.cdylib)
            .replace("@FROM_BYTES@", &self.namespace.ffi_rustbuffer_from_bytes.0)
            .replace("@FREE@", &self.namespace.ffi_rustbuffer_free.0);
        let mut parts = vec![library.as_str(), include_str!("runtime/accelerator.py")];
        if self.callables().iter().any(|callable| callable.arguments.iter().any(Argument::is_borrowed_bytes)) {
            parts.push(include_str!("runtime/borrowed.py"));
        }
        if self.uses(&Type::Timestamp) || self.uses(&Type::Duration) {
            parts.push(include_str!("runtime/times.py"));
        }
        if self.has_async() {
            parts.push(include_str!("runtime/futures.py"));
        }
        if self.has_callbacks() {
            parts.push(include_str!("runtime/handles.py"));
        }
        if self.has_async_callbacks() {
            parts.push(include_str!("runtime/foreign_futures.py"));
        }
        // Here, a class's name is never meant: what looks like one is Python's.
        let names = self.public_names();
        let hidden = shadow::hidden(names.iter().map(String::as_str));
        for part in parts {
            source.blank(2);
            source.lines(shadow::qualify(part, &hidden).trim_end());
        }
    }

    /// The library is the one that these bindings were made from, or nothing works.
    fn verification(&self, source: &mut Source) {
        let namespace = self.namespace;
        let checksums: Vec<String> =
            namespace.checksums.iter().map(|item| format!("(\"{}\", {})", item.fn_name.0, item.checksum)).collect();
        source.blank(2);
        source.line("def _verify_library() -> None:");
        source.indent();
        let version = &namespace.ffi_uniffi_contract_version.0;
        source.block(format!("if _library[\"{version}\"]() != {}:", namespace.correct_contract_version), |source| {
            source.line(
                "raise InternalError(\"UniFFI contract version mismatch: the library was built with another UniFFI\")",
            );
        });
        source.line(format!("checksums: tuple[tuple[str, int], ...] = {}", super::schema::tuple(&checksums)));
        source.block("for symbol, checksum in checksums:", |source| {
            source.block("if _library[symbol]() & 0xFFFF != checksum:", |source| {
                source.line(
                    "raise InternalError(f\"{symbol}: the library has another API than these bindings were generated from\")",
                );
            });
        });
        source.dedent();
        source.blank(2);
        source.line("_verify_library()");
    }

    fn compiled_formats(&self, source: &mut Source) {
        source.blank(1);
        for (pack, letters) in self.formats.0.borrow().iter() {
            let (name, method) = if *pack { ("pack", "pack") } else { ("unpack", "unpack") };
            let ident = letters.replace('?', "t");
            source.line(format!("_{name}_{ident} = struct.Struct(\">{letters}\").{method}"));
        }
    }

    fn handle_and_custom_functions(&self, source: &mut Source) {
        for definition in &self.namespace.type_definitions {
            match definition {
                TypeDefinition::Interface(item) => interfaces::handle_functions(source, item),
                TypeDefinition::CallbackInterface(item) => callbacks::callback_handles(source, item),
                TypeDefinition::Custom(item) => {
                    let (ty, class) = (&item.self_type.ty, names::class(&item.name));
                    let (lift, lower) = match self.custom_config(ty) {
                        Some(config) => (config.lift.replace("{}", "builtin"), config.lower.replace("{}", "value")),
                        None => ("builtin".into(), "value".into()),
                    };
                    source.lines(&format!(
                        "\n\ndef _to_{class}(builtin: typing.Any) -> typing.Any:\n    return {lift}\n\n\n\
                         def _from_{class}(value: typing.Any) -> typing.Any:\n    return {lower}"
                    ));
                }
                TypeDefinition::External(item) => {
                    let ty = &item.self_type.ty;
                    if self.external(ty).is_none() {
                        continue;
                    }
                    let words: &[&str] = match ty {
                        Type::Interface { .. } | Type::CallbackInterface { .. } => &["lower", "lift", "give_back"],
                        Type::Custom { .. } => &["to", "from"],
                        _ => &[],
                    };
                    for word in words {
                        source.line(format!("_{word}_{} = {}", self.ident(ty), self.external_codec(word, ty)));
                    }
                }
                _ => {}
            }
        }
    }

    /// Flat enums' members by their number in a buffer, and the other way about.
    fn member_tables(&self, source: &mut Source) {
        for definition in &self.namespace.type_definitions {
            if let TypeDefinition::Enum(item) = definition
                && item.is_flat
                && !errors::is_error(item)
            {
                let class = names::class(&item.name);
                source.blank(2);
                source.line(format!("_members_{class} = _number_members({class})"));
            }
        }
    }

    /// Other crates' bindings may use the codecs of every type that is defined here.
    fn request_public_codecs(&self) {
        for definition in &self.namespace.type_definitions {
            let ty = match definition {
                TypeDefinition::Record(item) => &item.self_type.ty,
                TypeDefinition::Enum(item) => &item.self_type.ty,
                TypeDefinition::Interface(item) => &item.self_type.ty,
                TypeDefinition::CallbackInterface(item) => &item.self_type.ty,
                _ => continue,
            };
            self.reader(ty);
            self.writer(ty);
            self.key(ty);
        }
    }

    fn codecs(&self, source: &mut Source) {
        let (mut read, mut written) = (0, 0);
        loop {
            let reader = self.readers.borrow().get_index(read).map(|(_, ty)| ty.clone());
            if let Some(ty) = reader {
                read += 1;
                Reader::function(self, source, &ty);
                continue;
            }
            let writer = self.writers.borrow().get_index(written).map(|(_, ty)| ty.clone());
            let Some(ty) = writer else { break };
            written += 1;
            Writer::function(self, source, &ty);
        }
    }

    /// The C functions that only pure Python calls.
    fn prototypes(&self, source: &mut Source) {
        let mut futures = BTreeMap::new();
        source.blank(2);
        source.line("if _native is None:");
        source.indent();
        source.line("# The accelerator has no need of these.");
        if self.callables().is_empty() {
            source.line("pass");
        }
        for callable in self.callables() {
            let result = match (&callable.async_data, &callable.return_type.ty) {
                (Some(data), returned) => {
                    let result = returned.as_ref().map_or_else(|| "None".into(), |node| types::ffi(&node.ty).ctype());
                    futures.insert(data.ffi_rust_future_complete.0.clone(), (data.clone(), result));
                    "ctypes.c_uint64".into()
                }
                (None, Some(node)) => types::ffi(&node.ty).ctype(),
                (None, None) => "None".into(),
            };
            source.line(format!("{} = _symbol(\"{}\", {result})", calls::c_name(callable), callable.ffi_func.0));
        }
        for (name, (data, result)) in futures {
            let parts = [
                format!("_symbol(\"{}\", None)", data.ffi_rust_future_poll.0),
                format!("_symbol(\"{name}\", {result})"),
                format!("_symbol(\"{}\", None)", data.ffi_rust_future_free.0),
            ];
            source.line(listed(&format!("_calls_{name} = ("), &parts, ")"));
        }
        source.dedent();
    }
}

fn import_statement(module: &str) -> String {
    match module.strip_prefix('.') {
        None => format!("import {module}"),
        Some(rest) => match rest.rsplit_once('.') {
            None => format!("from . import {rest}"),
            Some((from, name)) => format!("from .{from} import {name}"),
        },
    }
}

/// The fields and methods of a definition's classes.
fn member_names(definition: &TypeDefinition) -> Vec<String> {
    let (fields, methods): (Vec<&Field>, &[Method]) = match definition {
        TypeDefinition::Record(item) => (item.fields.iter().collect(), &item.methods),
        TypeDefinition::Enum(item) => {
            (item.variants.iter().flat_map(|variant| &variant.fields).collect(), &item.methods)
        }
        TypeDefinition::Interface(item) => (Vec::new(), &item.methods),
        TypeDefinition::CallbackInterface(item) => (Vec::new(), &item.methods),
        _ => return Vec::new(),
    };
    let fields = fields.into_iter().map(|field| names::variable(&field.name));
    fields.chain(methods.iter().map(|method| names::variable(&method.callable.name))).collect()
}
