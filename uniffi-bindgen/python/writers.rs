//! Python functions that append a type's serialised form: `_write_Link(value, add, taken)`.
//!
//! `add` takes bytes. `taken` is a list of what was given to Rust on the way (handles), so that it can be taken back
//! when the call is not made after all.

use super::enums;
use super::errors;
use super::module::Module;
use super::names;
use super::source::Source;
use super::types::{self, number};
use uniffi_bindgen::pipeline::general::{Enum, Type, TypeDefinition};

pub struct Writer<'w> {
    module: &'w Module<'w>,
    source: &'w mut Source,
    /// Fields of a fixed size not written yet: format letter, expression.
    run: Vec<(char, String)>,
    names: usize,
    depth: usize,
}

impl<'w> Writer<'w> {
    /// Write the whole function for `ty`.
    pub fn function(module: &'w Module<'w>, source: &'w mut Source, ty: &Type) {
        let ident = module.ident(ty);
        if module.external(ty).is_some() && !matches!(ty, Type::Custom { .. }) {
            source.line(format!("_write_{ident}: _Writer = {}", module.external_codec("write", ty)));
            return;
        }
        source.blank(2);
        source.line(format!("def _write_{ident}(value: typing.Any, add: _Add, taken: _Taken) -> None:"));
        source.indent();
        let mut writer = Writer { module, source, run: Vec::new(), names: 0, depth: 0 };
        let before = writer.source.len();
        writer.value(ty, "value");
        writer.flush();
        if writer.source.len() == before {
            writer.source.line("pass");
        }
        source.dedent();
    }

    fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    fn fixed(&mut self, letter: char, expression: impl Into<String>) {
        self.run.push((letter, expression.into()));
    }

    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.is_empty() {
            return;
        }
        if run.iter().all(|(letter, text)| *letter == 'B' && text == "1") {
            self.source.line(format!("add(b\"{}\")", "\\x01".repeat(run.len())));
            return;
        }
        let letters: String = run.iter().map(|field| field.0).collect();
        let values: Vec<&str> = run.iter().map(|field| field.1.as_str()).collect();
        let pack = self.module.formats.pack(&letters);
        self.source.line(format!("add({pack}({}))", values.join(", ")));
    }

    /// Write the value of an expression.
    fn value(&mut self, ty: &Type, expression: &str) {
        if let Some((letter, _)) = number(ty) {
            return self.fixed(letter, expression);
        }
        if self.module.external(ty).is_some()
            && !matches!(ty, Type::Custom { .. } | Type::Interface { .. } | Type::CallbackInterface { .. })
        {
            return self.call(ty, expression);
        }
        match ty {
            Type::Boolean => self.fixed('?', format!("_booleans[{expression}]")),
            Type::String => {
                let text = self.name("s");
                self.source.line(format!("{text} = {expression}.encode()"));
                self.bytes(&text);
            }
            Type::Bytes => {
                let data = self.name("s");
                self.source.line(format!("{data} = {expression}"));
                self.source.block(format!("if {data}.__class__ is not bytes:"), |source| {
                    source.line(format!("{data} = _bytes({data})"));
                });
                self.bytes(&data);
            }
            Type::Timestamp | Type::Duration => {
                let (seconds, nanos) = (self.name("s"), self.name("n"));
                let lower = if matches!(ty, Type::Timestamp) { "_from_timestamp" } else { "_from_duration" };
                self.source.line(format!("{seconds}, {nanos} = {lower}({expression})"));
                self.fixed(if matches!(ty, Type::Timestamp) { 'q' } else { 'Q' }, &*seconds);
                self.fixed('I', &*nanos);
            }
            Type::Box { inner_type } => self.value(inner_type, expression),
            Type::Optional { inner_type } => {
                let value = self.variable(expression, "v");
                self.flush();
                self.source.block(format!("if {value} is None:"), |source| source.line("add(b\"\\x00\")"));
                self.source.line("else:");
                self.nested(|writer| {
                    writer.fixed('B', "1");
                    writer.value(inner_type, &value);
                });
            }
            Type::Sequence { inner_type } => {
                let items = self.name("items");
                self.source.line(format!("{items} = {expression}"));
                if let Some((letter, _)) = number(inner_type) {
                    self.source.block(format!("if {items}.__class__ is not list:"), |source| {
                        source.line(format!("{items} = _items({items})"));
                    });
                    self.flush();
                    let count = self.name("n");
                    self.source.line(format!("{count} = len({items})"));
                    self.source.line(format!("add(struct.pack(f\">i{{{count}}}{letter}\", {count}, *{items}))"));
                } else {
                    // A copy, which nobody else can change meanwhile.
                    self.source.line(format!("{items} = {items}[:] if {items}.__class__ is list else _items({items})"));
                    self.each(inner_type, &items);
                }
            }
            Type::Set { inner_type } => {
                let items = self.name("items");
                self.source.line(format!("{items} = _items({expression})"));
                self.each(inner_type, &items);
            }
            Type::Map { key_type, value_type } => self.mapping(key_type, value_type, expression),
            Type::Interface { .. } | Type::CallbackInterface { .. } => {
                let handle = self.name("handle");
                let (lower, give_back) = self.module.lower_handle(ty, expression);
                self.source.line(format!("{handle} = {lower}"));
                self.source.line(format!("taken.append(({give_back}, {handle}))"));
                self.fixed('Q', &*handle);
            }
            Type::Custom { builtin, .. } => {
                let inner = self.name("builtin");
                self.source.line(format!("{inner} = {}", self.module.lower_custom(ty, expression)));
                self.value(builtin, &inner);
            }
            Type::Record { name, .. } | Type::Enum { name, .. } => {
                if self.depth > 0 && !self.module.inlines(ty, self.depth) {
                    return self.call(ty, expression);
                }
                self.depth += 1;
                match self.module.definition(name) {
                    Some(TypeDefinition::Record(record)) => {
                        let object = self.variable(expression, "r");
                        let names =
                            types::field_names(&record.fields_kind, record.fields.iter().map(|field| &*field.name));
                        for (name, field) in names.iter().zip(&record.fields) {
                            self.value(&field.ty.ty, &format!("{object}.{name}"));
                        }
                    }
                    Some(TypeDefinition::Enum(item)) => self.variants(item, expression),
                    _ => unreachable!("records and enums of this namespace are defined in it"),
                }
                self.depth -= 1;
            }
            _ => unreachable!("numbers are written above"),
        }
    }

    /// A variable that holds the expression's value.
    fn variable(&mut self, expression: &str, stem: &str) -> String {
        if !expression.contains(['.', '(', '[']) {
            return expression.into();
        }
        let name = self.name(stem);
        self.source.line(format!("{name} = {expression}"));
        name
    }

    /// A statement's body: what belongs into it is written by its end.
    fn nested(&mut self, body: impl FnOnce(&mut Self)) {
        self.source.indent();
        let before = self.source.len();
        body(self);
        self.flush();
        if self.source.len() == before {
            self.source.line("pass");
        }
        self.source.dedent();
    }

    fn call(&mut self, ty: &Type, expression: &str) {
        self.flush();
        let write = self.module.writer(ty);
        self.source.line(format!("{write}({expression}, add, taken)"));
    }

    fn bytes(&mut self, data: &str) {
        self.size(data);
        self.source.line(format!("add({data})"));
    }

    /// Write how long something is. When that stands by itself, it is looked up rather than packed.
    fn size(&mut self, of: &str) {
        if self.run.is_empty() {
            return self.source.line(format!("add(_sizes[len({of})])"));
        }
        self.fixed('i', format!("len({of})"));
        self.flush();
    }

    fn each(&mut self, inner: &Type, items: &str) {
        self.size(items);
        let item = self.name("item");
        self.source.line(format!("for {item} in {items}:"));
        self.nested(|writer| writer.value(inner, &item));
    }

    fn mapping(&mut self, key_type: &Type, value_type: &Type, expression: &str) {
        let (items, key, item) = (self.name("items"), self.name("key"), self.name("item"));
        self.source.line(format!("{items} = _entries({expression})"));
        self.size(&items);
        self.source.line(format!("for {key}, {item} in {items}:"));
        self.nested(|writer| {
            writer.value(key_type, &key);
            writer.value(value_type, &item);
        });
    }

    fn variants(&mut self, item: &Enum, expression: &str) {
        let class = names::class(&item.name);
        if item.is_flat && !errors::is_error(item) {
            return self.fixed('i', format!("{expression}._uniffi_index_{class}"));
        }
        self.flush();
        let value = self.variable(expression, "v");
        let kind = self.name("k");
        self.source.line(format!("{kind} = {value}.__class__"));
        self.source.block(format!("if {kind} not in _variants_{class}:"), |source| {
            source.line(format!("{kind} = _variant({value}, {class}, _variants_{class})"));
        });
        for (number, variant) in item.variants.iter().enumerate() {
            let word = if number == 0 { "if" } else { "elif" };
            self.source.line(format!("{word} {kind} is {}:", enums::variant_class(item, variant)));
            self.nested(|writer| {
                writer.fixed('i', (number + 1).to_string());
                // A flat error's message is Rust's to make; only which it is goes back.
                if !errors::is_flat_error(item) {
                    let names = types::variant_field_names(item, variant);
                    for (name, field) in names.iter().zip(&variant.fields) {
                        writer.value(&field.ty.ty, &format!("{value}.{name}"));
                    }
                }
            });
        }
    }
}
