//! Python functions that read a type out of a buffer: `_read_Link(read) -> value`, where `read(n)` gives the next bytes.
//!
//! Neighbouring fields of a fixed size are read by one `struct` call, small records and enums are read where they stand
//! instead of by a call, and what one expression can read is one: Python runs comprehensions quicker than loops.

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
/// The longest expression that is still readable, in bytes.
const EXPRESSION: usize = 90;
/// Reads the byte before an optional value.
const IS_SOME: &str = "read(1) != b\"\\x00\"";

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
        source.line(format!("def _read_{ident}(read: _Read) -> typing.Any:"));
        source.indent();
        source.line("value: typing.Any");
        let mut reader = Reader { module, source, run: Vec::new(), names: 0, depth: 0 };
        reader.value(ty, "value");
        reader.flush();
        reader.source.line("return value");
        source.dedent();
    }

    fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    fn fixed(&mut self, letter: char, size: usize, target: &str) {
        self.run.push((letter, size, target.into()));
    }

    /// Read the waiting fields.
    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.is_empty() {
            return;
        }
        let letters: String = run.iter().map(|field| field.0).collect();
        let size: usize = run.iter().map(|field| field.1).sum();
        let targets: Vec<&str> = run.iter().map(|field| field.2.as_str()).collect();
        let comma = if targets.len() == 1 { "," } else { "" };
        let unpack = self.module.formats.unpack(&letters);
        self.source.line(format!("({}{comma}) = {unpack}(read({size}))", targets.join(", ")));
    }

    /// The expression that reads a number of this format.
    fn number(&self, letter: char, size: usize) -> String {
        format!("{}(read({size}))[0]", self.module.formats.unpack(&letter.to_string()))
    }

    /// The expression that reads a value, when nothing waits to be read before it; none where it takes statements.
    fn expression(&self, ty: &Type) -> Option<String> {
        if let Some((letter, size)) = number(ty) {
            return Some(self.number(letter, size));
        }
        if self.is_called(ty) {
            return Some(format!("{}(read)", self.module.reader(ty)));
        }
        let repeated = || format!("for _ in range({})", self.number('i', 4));
        let text = match ty {
            Type::Boolean => self.number('?', 1),
            Type::String => format!("read({}).decode()", self.number('I', 4)),
            Type::Bytes => format!("read({})", self.number('I', 4)),
            Type::Timestamp => format!("_timestamp(*{}(read(12)))", self.module.formats.unpack("qI")),
            Type::Duration => format!("_duration(*{}(read(12)))", self.module.formats.unpack("QI")),
            Type::Box { inner_type } => self.expression(inner_type)?,
            Type::Optional { inner_type } if !matches!(**inner_type, Type::Optional { .. }) => {
                format!("{} if {IS_SOME} else None", self.expression(inner_type)?)
            }
            Type::Sequence { inner_type } if number(inner_type).is_none() => {
                format!("[{} {}]", self.expression(inner_type)?, repeated())
            }
            Type::Set { inner_type } => format!("{{{} {}}}", self.expression(inner_type)?, repeated()),
            Type::Map { key_type, value_type } => {
                format!("{{{}: {} {}}}", self.expression(key_type)?, self.expression(value_type)?, repeated())
            }
            Type::Interface { .. } | Type::CallbackInterface { .. } => {
                self.module.lift_handle(ty, &self.number('Q', 8))
            }
            Type::Custom { builtin, .. } => self.module.lift_custom(ty, &self.expression(builtin)?),
            Type::Enum { name, .. } => match self.module.definition(name) {
                Some(TypeDefinition::Enum(item)) if item.is_flat && !errors::is_error(item) => {
                    format!("_members_{}[{}]", names::class(name), self.number('i', 4))
                }
                _ => return None,
            },
            _ => return None,
        };
        (text.len() <= EXPRESSION).then_some(text)
    }

    /// Whether another function reads the type.
    fn is_called(&self, ty: &Type) -> bool {
        match ty {
            Type::Custom { .. } | Type::Interface { .. } | Type::CallbackInterface { .. } => false,
            _ if self.module.external(ty).is_some() => true,
            Type::Record { .. } | Type::Enum { .. } => self.depth > 0 && !self.module.inlines(ty, self.depth),
            _ => false,
        }
    }

    /// Read a value into `target`, a variable or an attribute.
    fn value(&mut self, ty: &Type, target: &str) {
        if let Some((letter, size)) = number(ty) {
            return self.fixed(letter, size, target);
        }
        if matches!(ty, Type::Boolean) {
            return self.fixed('?', 1, target);
        }
        if self.is_called(ty) {
            self.flush();
        }
        if self.run.is_empty()
            && let Some(expression) = self.expression(ty)
        {
            return self.source.line(format!("{target} = {expression}"));
        }
        match ty {
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
            Type::Optional { inner_type } => self.optional(inner_type, target),
            Type::Sequence { inner_type } => self.sequence(inner_type, target),
            Type::Set { inner_type } => {
                let count = self.count();
                if let Some(item) = self.expression(inner_type) {
                    return self.source.line(format!("{target} = {{{item} for _ in range({count})}}"));
                }
                let (items, item) = (self.name("items"), self.name("item"));
                self.source.line(format!("{items} = set()"));
                self.source.line(format!("for _ in range({count}):"));
                self.nested(|reader| {
                    reader.value(inner_type, &item);
                    reader.flush();
                    reader.source.line(format!("{items}.add({item})"));
                });
                self.source.line(format!("{target} = {items}"));
            }
            Type::Map { key_type, value_type } => self.mapping(key_type, value_type, target),
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

    fn text(&mut self, target: &str, decode: &str) {
        let length = self.name("n");
        self.fixed('I', 4, &length);
        self.flush();
        self.source.line(format!("{target} = read({length}){decode}"));
    }

    fn count(&mut self) -> String {
        let count = self.name("n");
        self.fixed('i', 4, &count);
        self.flush();
        count
    }

    fn optional(&mut self, inner: &Type, target: &str) {
        let condition = if self.run.is_empty() {
            IS_SOME.into()
        } else {
            let tag = self.name("tag");
            self.fixed('?', 1, &tag);
            self.flush();
            tag
        };
        if let Some(value) = self.expression(inner) {
            return self.source.line(format!("{target} = {value} if {condition} else None"));
        }
        self.source.line(format!("if {condition}:"));
        self.nested(|reader| reader.value(inner, target));
        self.source.line("else:");
        self.nested(|reader| reader.source.line(format!("{target} = None")));
    }

    fn sequence(&mut self, inner: &Type, target: &str) {
        let count = self.count();
        if let Some((letter, size)) = number(inner) {
            let bytes = if size == 1 { count.clone() } else { format!("{count} * {size}") };
            return self
                .source
                .line(format!("{target} = list(struct.unpack(f\">{{{count}}}{letter}\", read({bytes})))"));
        }
        if let Some(item) = self.expression(inner) {
            return self.source.line(format!("{target} = [{item} for _ in range({count})]"));
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

    fn mapping(&mut self, key_type: &Type, value_type: &Type, target: &str) {
        let count = self.count();
        if let (Some(key), Some(item)) = (self.expression(key_type), self.expression(value_type)) {
            return self.source.line(format!("{target} = {{{key}: {item} for _ in range({count})}}"));
        }
        let (items, key, item) = (self.name("items"), self.name("key"), self.name("item"));
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
