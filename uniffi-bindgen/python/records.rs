//! Records as dataclasses.

use super::calls::Place;
use super::module::Module;
use super::names;
use super::source::Source;
use super::types;
use anyhow::Result;
use uniffi_bindgen::pipeline::general::{DefaultValue, Field, FieldsKind, Method, Record, UniffiTraitMethods};

impl Module<'_> {
    pub fn record(&self, source: &mut Source, record: &Record) -> Result<()> {
        let class = names::class(&record.name);
        let tuple = matches!(record.fields_kind, FieldsKind::Unnamed);
        source.blank(2);
        dataclass_header(source, &record.uniffi_trait_methods, !tuple);
        source.line(format!("class {class}{}:", self.base_list(&[], &class)));
        source.indent();
        let start = source.len();
        source.docstring(record.docstring.as_deref());
        self.fields(source, &record.fields_kind, &record.fields)?;
        if tuple {
            indexing(source, record.fields.len());
        }
        self.attached_functions(source, &class)?;
        self.methods(source, &record.methods)?;
        self.trait_methods(source, &class, &record.uniffi_trait_methods)?;
        if source.len() == start {
            source.line("pass");
        }
        source.dedent();
        Ok(())
    }

    pub fn fields(&self, source: &mut Source, kind: &FieldsKind, fields: &[Field]) -> Result<()> {
        let names = types::field_names(kind, fields.iter().map(|field| field.name.as_str()));
        for (index, (name, field)) in names.iter().zip(fields).enumerate() {
            if index == 0 {
                source.blank_after_docstring();
            }
            let ty = self.annotation(&field.ty.ty);
            let default = field.default.as_ref().map(|default| self.field_default(default)).transpose()?;
            source.line(format!("{name}: {ty}{}", default.unwrap_or_default()));
            source.docstring(field.docstring.as_deref());
        }
        Ok(())
    }

    fn field_default(&self, default: &DefaultValue) -> Result<String> {
        let default = self.default(default)?;
        if default.constant {
            return Ok(format!(" = {}", default.text));
        }
        let factory = match default.text.as_str() {
            "[]" => "list".into(),
            "{}" => "dict".into(),
            "set()" => "set".into(),
            text => format!("lambda: {text}"),
        };
        Ok(format!(" = dataclasses.field(default_factory={factory})"))
    }

    pub fn methods(&self, source: &mut Source, methods: &[Method]) -> Result<()> {
        for method in methods {
            source.blank(1);
            let name = names::variable(&method.callable.name);
            self.callable(source, &method.callable, method.docstring.as_deref(), Place::Method, &name, &[])?;
        }
        Ok(())
    }

    /// What Rust's own `Debug`, `Display`, `Eq`, `Hash` and `Ord` say.
    pub fn trait_methods(&self, source: &mut Source, class: &str, traits: &UniffiTraitMethods) -> Result<()> {
        let direct = [
            ("__repr__", "Rust's `Debug` form.", &traits.debug_fmt),
            ("__str__", "Rust's `Display` form.", &traits.display_fmt),
            ("__hash__", "Rust's `Hash`.", &traits.hash_hash),
        ];
        for (name, doc, method) in direct {
            if let Some(method) = method {
                source.blank(1);
                self.callable(source, &method.callable, Some(doc), Place::Method, name, &[])?;
            }
        }
        for (name, method) in [("__eq__", &traits.eq_eq), ("__ne__", &traits.eq_ne)] {
            if let Some(method) = method {
                source.blank(1);
                source.block(format!("def {name}(self, other: object) -> bool:"), |source| {
                    source.block(format!("if not isinstance(other, {class}):"), |source| {
                        source.line("return NotImplemented");
                    });
                    source.line(format!("_equal: bool = {}(self, other)", helper_name(method)));
                    source.line("return _equal");
                });
            }
        }
        if let Some(method) = &traits.ord_cmp {
            for (name, operator) in [("__lt__", "<"), ("__le__", "<="), ("__gt__", ">"), ("__ge__", ">=")] {
                source.blank(1);
                source.block(format!("def {name}(self, other: object) -> bool:"), |source| {
                    source.block(format!("if not isinstance(other, {class}):"), |source| {
                        source.line("return NotImplemented");
                    });
                    source.line(format!("_order: int = {}(self, other)", helper_name(method)));
                    source.line(format!("return _order {operator} 0"));
                });
            }
        }
        Ok(())
    }

    /// The functions behind `__eq__`, `__ne__` and the comparisons.
    pub fn trait_helpers(&self, source: &mut Source, traits: &UniffiTraitMethods) -> Result<()> {
        for method in [&traits.eq_eq, &traits.eq_ne, &traits.ord_cmp].into_iter().flatten() {
            source.blank(2);
            let name = helper_name(method);
            // Its `self` is a parameter like any other here, but has no annotation.
            let mut text = Source::default();
            self.callable(&mut text, &method.callable, None, Place::Method, &name, &[])?;
            source.code(&text.into_text().replacen("(self, ", "(self: typing.Any, ", 1));
        }
        Ok(())
    }
}

/// The module-level function that a comparison calls.
pub fn helper_name(method: &Method) -> String {
    super::calls::c_name(&method.callable).replacen("_c_", "_compare_", 1)
}

/// `value[0]` for the fields of a tuple.
pub fn indexing(source: &mut Source, fields: usize) {
    let values: Vec<String> = (0..fields).map(|index| format!("self._{index}")).collect();
    let comma = if fields == 1 { "," } else { "" };
    source.blank(1);
    source.line("def __getitem__(self, index: int) -> typing.Any:");
    source.indent();
    source.line(format!("return ({}{comma})[index]", values.join(", ")));
    source.dedent();
}

/// `@dataclass` with what the type's own traits don't provide.
pub fn dataclass_header(source: &mut Source, traits: &UniffiTraitMethods, keywords: bool) {
    let mut options = vec!["slots=True"];
    if keywords {
        options.push("kw_only=True");
    }
    if traits.debug_fmt.is_some() {
        options.push("repr=False");
    }
    if traits.eq_eq.is_some() {
        options.push("eq=False");
    }
    source.line(format!("@dataclasses.dataclass({})", options.join(", ")));
}
