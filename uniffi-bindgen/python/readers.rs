//! Python functions that read a type out of a buffer: `_read_Link(b, o) -> (value, end)`.
//!
//! Neighbouring fields of a fixed size are read by one `struct` call, and small records and enums are read where they
//! stand instead of by a call.

use super::enums;
use super::errors;
use super::module::Module;
use super::names;
use super::source::Source;
use super::types::{self, number};
use std::fmt::Write as _;
use uniffi_bindgen::pipeline::general::{Enum, FieldsKind, Type, TypeDefinition};

/// Types up to this many leaves are read and written in place.
pub const INLINE_LEAVES: usize = 24;
/// So deep may types be nested in place.
pub const INLINE_DEPTH: usize = 3;

pub struct Reader<'r> {
    module: &'r Module<'r>,
    source: &'r mut Source,
    /// Fields of a fixed size not read yet: format letter, size, target.
    run: Vec<(char, usize, String)>,
    names: usize,
    depth: usize,
}

impl<'r> Reader<'r> {
    /// Write the whole function for `ty`.
    pub fn function(module: &'r Module<'r>, source: &'r mut Source, ty: &Type) {
        let ident = module.ident(ty);
        if module.external(ty).is_some() && !matches!(ty, Type::Custom { .. }) {
            source.line(format!("_read_{ident}: _Reader = {}", module.external_codec("read", ty)));
            return;
        }
        source.blank(2);
        source.line(format!("def _read_{ident}(b: bytes, o: int) -> tuple[typing.Any, int]:"));
        source.indent();
        source.line("value: typing.Any");
        let mut reader = Reader { module, source, run: Vec::new(), names: 0, depth: 0 };
        reader.value(ty, "value");
        reader.flush();
        reader.source.line("return value, o");
        source.dedent();
    }

    fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    fn fixed(&mut self, letter: char, size: usize, target: &str) {
        self.run.push((letter, size, target.into()));
    }

    /// Read the waiting fields, and leave the offset where they began; returns how many bytes they were.
    fn unpack(&mut self) -> usize {
        let run = std::mem::take(&mut self.run);
        if run.is_empty() {
            return 0;
        }
        let letters: String = run.iter().map(|field| field.0).collect();
        let targets: Vec<&str> = run.iter().map(|field| field.2.as_str()).collect();
        let comma = if targets.len() == 1 { "," } else { "" };
        let unpack = self.module.formats.unpack(&letters);
        self.source.line(format!("({}{comma}) = {unpack}(b, o)", targets.join(", ")));
        run.iter().map(|field| field.1).sum()
    }

    fn flush(&mut self) {
        let size = self.unpack();
        if size > 0 {
            self.source.line(format!("o += {size}"));
        }
    }

    /// Read a value into `target`, a variable or an attribute.
    fn value(&mut self, ty: &Type, target: &str) {
        if let Some((letter, size)) = number(ty) {
            return self.fixed(letter, size, target);
        }
        if self.module.external(ty).is_some()
            && !matches!(ty, Type::Custom { .. } | Type::Interface { .. } | Type::CallbackInterface { .. })
        {
            return self.call(ty, target);
        }
        match ty {
            Type::Boolean => self.fixed('?', 1, target),
            Type::String => self.text(target, ".decode()"),
            Type::Bytes => self.text(target, ""),
            Type::Timestamp | Type::Duration => {
                let (seconds, nanos) = (self.name("s"), self.name("n"));
                self.fixed(if matches!(ty, Type::Timestamp) { 'q' } else { 'Q' }, 8, &seconds);
                self.fixed('I', 4, &nanos);
                self.flush();
                let lift = if matches!(ty, Type::Timestamp) { "_timestamp" } else { "_duration" };
                self.source.line(format!("{target} = {lift}({seconds}, {nanos})"));
            }
            Type::Box { inner_type } => self.value(inner_type, target),
            Type::Optional { inner_type } => {
                if self.run.is_empty() {
                    // To look at one byte is cheaper than to unpack it.
                    self.source.line("o += 1");
                    self.source.line("if b[o - 1]:");
                } else {
                    let tag = self.name("tag");
                    self.fixed('?', 1, &tag);
                    self.flush();
                    self.source.line(format!("if {tag}:"));
                }
                self.nested(|reader| reader.value(inner_type, target));
                self.source.line("else:");
                self.nested(|reader| reader.source.line(format!("{target} = None")));
            }
            Type::Sequence { inner_type } => self.sequence(inner_type, target),
            Type::Set { inner_type } => {
                let (count, items, item) = (self.count(), self.name("items"), self.name("item"));
                self.source.line(format!("{items} = set()"));
                self.source.line(format!("for _ in range({count}):"));
                self.nested(|reader| {
                    reader.value(inner_type, &item);
                    reader.flush();
                    reader.source.line(format!("{items}.add({item})"));
                });
                self.source.line(format!("{target} = {items}"));
            }
            Type::Map { key_type, value_type } => {
                let (count, items) = (self.count(), self.name("items"));
                let (key, item) = (self.name("key"), self.name("item"));
                self.source.line(format!("{items} = {{}}"));
                self.source.line(format!("for _ in range({count}):"));
                self.nested(|reader| {
                    reader.value(key_type, &key);
                    reader.value(value_type, &item);
                    reader.flush();
                    reader.source.line(format!("{items}[{key}] = {item}"));
                });
                self.source.line(format!("{target} = {items}"));
            }
            Type::Interface { .. } | Type::CallbackInterface { .. } => {
                let handle = self.name("handle");
                self.fixed('Q', 8, &handle);
                self.flush();
                self.source.line(format!("{target} = {}", self.module.lift_handle(ty, &handle)));
            }
            Type::Custom { builtin, .. } => {
                let inner = self.name("builtin");
                self.value(builtin, &inner);
                self.flush();
                self.source.line(format!("{target} = {}", self.module.lift_custom(ty, &inner)));
            }
            Type::Record { name, .. } | Type::Enum { name, .. } => {
                if self.depth > 0 && !self.module.inlines(ty, self.depth) {
                    return self.call(ty, target);
                }
                self.depth += 1;
                match self.module.definition(name) {
                    Some(TypeDefinition::Record(record)) => {
                        let fields: Vec<(&str, &Type)> =
                            record.fields.iter().map(|field| (field.name.as_str(), &field.ty.ty)).collect();
                        self.shape(&names::class(name), &record.fields_kind, &fields, target);
                    }
                    Some(TypeDefinition::Enum(item)) => self.variants(item, target),
                    _ => unreachable!("records and enums of this namespace are defined in it"),
                }
                self.depth -= 1;
            }
            _ => unreachable!("numbers are read above"),
        }
    }

    /// A statement's body: what is read in it is read by its end.
    fn nested(&mut self, body: impl FnOnce(&mut Self)) {
        self.source.indent();
        body(self);
        self.flush();
        self.source.dedent();
    }

    fn call(&mut self, ty: &Type, target: &str) {
        self.flush();
        let read = self.module.reader(ty);
        self.source.line(format!("{target}, o = {read}(b, o)"));
    }

    fn text(&mut self, target: &str, decode: &str) {
        let (length, start) = (self.name("n"), self.name("s"));
        self.fixed('I', 4, &length);
        let size = self.unpack();
        self.source.line(format!("{start} = o + {size}"));
        self.source.line(format!("o = {start} + {length}"));
        self.source.line(format!("{target} = b[{start}:o]{decode}"));
    }

    fn count(&mut self) -> String {
        let count = self.name("n");
        self.fixed('i', 4, &count);
        self.flush();
        count
    }

    fn sequence(&mut self, inner: &Type, target: &str) {
        let count = self.count();
        if let Some((letter, size)) = number(inner) {
            self.source.line(format!("{target} = list(struct.unpack_from(f\">{{{count}}}{letter}\", b, o))"));
            self.source.line(format!("o += {count} * {size}"));
            return;
        }
        let (items, add, item) = (self.name("items"), self.name("add"), self.name("item"));
        self.source.line(format!("{items}: list[typing.Any] = []"));
        self.source.line(format!("{add} = {items}.append"));
        self.source.line(format!("for _ in range({count}):"));
        self.nested(|reader| {
            reader.value(inner, &item);
            reader.flush();
            reader.source.line(format!("{add}({item})"));
        });
        self.source.line(format!("{target} = {items}"));
    }

    /// A record's or variant's fields, into a new object whose `__init__` is not run.
    fn shape(&mut self, class: &str, kind: &FieldsKind, fields: &[(&str, &Type)], target: &str) {
        let object = if target.contains('.') { self.name("r") } else { target.to_string() };
        self.source.line(format!("{object} = _new({class})"));
        let names = types::field_names(kind, fields.iter().map(|field| field.0));
        for (name, (_, ty)) in names.iter().zip(fields) {
            self.value(ty, &format!("{object}.{name}"));
        }
        if object != target {
            self.flush();
            self.source.line(format!("{target} = {object}"));
        }
    }

    fn variants(&mut self, item: &Enum, target: &str) {
        let class = names::class(&item.name);
        if item.is_flat && !errors::is_error(item) {
            let index = self.name("index");
            self.fixed('i', 4, &index);
            self.flush();
            self.source.line(format!("{target} = _members_{class}[{index}]"));
            return;
        }
        let index = self.name("index");
        self.fixed('i', 4, &index);
        self.flush();
        if errors::is_error(item) && target != "value" && !target.contains('.') {
            self.source.line(format!("{target}: typing.Any"));
        }
        for (number, variant) in item.variants.iter().enumerate() {
            let word = if number == 0 { "if" } else { "elif" };
            self.source.line(format!("{word} {index} == {}:", number + 1));
            let name = enums::variant_class(item, variant);
            let fields: Vec<(&str, &Type)> =
                variant.fields.iter().map(|field| (field.name.as_str(), &field.ty.ty)).collect();
            self.nested(|reader| {
                if errors::is_error(item) {
                    reader.exception(item, &name, &fields, target);
                } else {
                    reader.shape(&name, &variant.fields_kind, &fields, target);
                }
            });
        }
        let failure = format!("raise InternalError(f\"{{{index}}} is no variant of {class}\")");
        if item.variants.is_empty() {
            self.source.line(failure);
        } else {
            self.source.block("else:", |source| source.line(failure));
        }
    }

    fn exception(&mut self, item: &Enum, class: &str, fields: &[(&str, &Type)], target: &str) {
        let mut arguments = String::new();
        if errors::is_flat_error(item) {
            let message = self.name("message");
            self.text(&message, ".decode()");
            arguments = message;
        } else {
            for (_, ty) in fields {
                let field = self.name("field");
                self.value(ty, &field);
                let _ = write!(arguments, "{}{field}", if arguments.is_empty() { "" } else { ", " });
            }
            self.flush();
        }
        self.source.line(format!("{target} = {class}({arguments})"));
    }
}
