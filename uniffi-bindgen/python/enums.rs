//! Enums: `enum.Enum` where no variant has fields, else a class with a dataclass a variant.

use super::errors;
use super::module::Module;
use super::names;
use super::source::{Source, listed};
use super::{records, types};
use anyhow::Result;
use heck::ToSnakeCase;
use uniffi_bindgen::pipeline::general::{Enum, FieldsKind, Literal, UniffiTraitMethods, Variant};

/// A variant's public name.
pub fn variant_name(item: &Enum, variant: &Variant) -> String {
    if item.shape.is_error() { names::class(&variant.name) } else { names::variant(&variant.name) }
}

/// A variant's class, as a name in the module.
pub fn variant_class(item: &Enum, variant: &Variant) -> String {
    format!("_{}_{}", names::class(&item.name), variant_name(item, variant))
}

/// The traits whose methods Python takes from Rust.
pub fn used_traits(item: &Enum) -> UniffiTraitMethods {
    let mut traits = item.uniffi_trait_methods.clone();
    if errors::is_error(item) {
        // An exception's `repr` is Python's.
        traits.debug_fmt = None;
    } else if item.is_flat {
        // Members are compared by identity, which is what Rust's `Eq` of a fieldless enum says too.
        (traits.eq_eq, traits.eq_ne, traits.hash_hash) = (None, None, None);
    }
    traits
}

impl Module<'_> {
    /// An enum that is no error.
    pub fn enumeration(&self, source: &mut Source, item: &Enum) -> Result<()> {
        if item.is_flat { self.flat_enum(source, item) } else { self.data_enum(source, item) }
    }

    fn flat_enum(&self, source: &mut Source, item: &Enum) -> Result<()> {
        let class = names::class(&item.name);
        source.blank(2);
        source.line(format!("class {class}(enum.Enum):"));
        source.indent();
        let start = source.len();
        source.docstring(item.docstring.as_deref());
        for (index, variant) in item.variants.iter().enumerate() {
            if index == 0 {
                source.blank_after_docstring();
            }
            let value = match &variant.discr {
                Literal::UInt(value, ..) => value.to_string(),
                Literal::Int(value, ..) => value.to_string(),
                other => anyhow::bail!("{class}.{}: {other:?} is no discriminant", variant.name),
            };
            source.line(format!("{} = {value}", variant_name(item, variant)));
            source.docstring(variant.docstring.as_deref());
        }
        self.attached_functions(source, &class)?;
        self.methods(source, &item.methods)?;
        self.trait_methods(source, &class, &used_traits(item))?;
        if source.len() == start {
            source.line("pass");
        }
        source.dedent();
        Ok(())
    }

    fn data_enum(&self, source: &mut Source, item: &Enum) -> Result<()> {
        let class = names::class(&item.name);
        source.blank(2);
        source.line(format!("class {class}:"));
        source.indent();
        source.docstring(item.docstring.as_deref());
        source.blank_after_docstring();
        source.line("__slots__ = ()");
        variant_aliases(source, item);
        source.blank(1);
        source.block("def __init__(self) -> None:", |source| {
            source.line(format!("raise TypeError(\"{class} has no values of its own: use one of its variants\")"));
        });
        for variant in &item.variants {
            let name = variant_name(item, variant);
            let mut tests = vec![name.clone()];
            if name.to_snake_case() != name {
                tests.push(name.to_snake_case());
            }
            for test in tests {
                source.blank(1);
                source.block(format!("def is_{test}(self) -> bool:"), |source| {
                    source.line(format!("return isinstance(self, {})", variant_class(item, variant)));
                });
            }
        }
        self.attached_functions(source, &class)?;
        self.methods(source, &item.methods)?;
        self.trait_methods(source, &class, &item.uniffi_trait_methods)?;
        source.dedent();
        for variant in &item.variants {
            self.variant(source, item, variant)?;
        }
        name_variants(source, item);
        Ok(())
    }

    fn variant(&self, source: &mut Source, item: &Enum, variant: &Variant) -> Result<()> {
        let (class, name) = (names::class(&item.name), variant_class(item, variant));
        let tuple = matches!(variant.fields_kind, FieldsKind::Unnamed);
        source.blank(2);
        records::dataclass_header(source, &item.uniffi_trait_methods, false);
        source.line(format!("class {name}({class}):"));
        source.indent();
        let start = source.len();
        source.docstring(variant.docstring.as_deref());
        self.fields(source, &variant.fields_kind, &variant.fields)?;
        if tuple {
            records::indexing(source, variant.fields.len());
            if item.uniffi_trait_methods.display_fmt.is_none() {
                let values: Vec<String> = (0..variant.fields.len()).map(|index| format!("self._{index}")).collect();
                source.blank(1);
                source.block("def __str__(self) -> str:", |source| {
                    let shown = variant_name(item, variant);
                    source.line(format!("return f\"{class}.{shown}{{{}!r}}\"", super::schema::tuple(&values)));
                });
            }
            if item.uniffi_trait_methods.debug_fmt.is_none() {
                let values: Vec<String> = types::field_names(&variant.fields_kind, variant.fields.iter().map(|_| ""))
                    .iter()
                    .map(|name| format!("{{self.{name}!r}}"))
                    .collect();
                source.blank(1);
                source.block("def __repr__(self) -> str:", |source| {
                    let shown = variant_name(item, variant);
                    source.line(format!("return f\"{class}.{shown}({})\"", values.join(", ")));
                });
            }
        }
        if source.len() == start {
            source.line("pass");
        }
        source.dedent();
        Ok(())
    }
}

/// What makes `Shape.CIRCLE` a class for type checkers; `_name_variants` makes it one when the module runs.
pub fn variant_aliases(source: &mut Source, item: &Enum) {
    if item.variants.is_empty() {
        return;
    }
    source.blank(1);
    source.block("if typing.TYPE_CHECKING:", |source| {
        for variant in &item.variants {
            let (name, class) = (variant_name(item, variant), variant_class(item, variant));
            source.line(format!("{name}: typing.TypeAlias = \"{class}\""));
        }
    });
}

/// Put the variants' classes where they belong.
pub fn name_variants(source: &mut Source, item: &Enum) {
    let class = names::class(&item.name);
    let classes: Vec<String> = item.variants.iter().map(|variant| variant_class(item, variant)).collect();
    source.blank(2);
    source.line(format!("_variants_{class} = {}", super::schema::tuple(&classes)));
    let names: Vec<String> =
        item.variants.iter().map(|variant| format!("\"{}\"", variant_name(item, variant))).collect();
    let mut arguments = vec![class.clone(), format!("_variants_{class}")];
    arguments.extend(names);
    source.line(listed("_name_variants(", &arguments, ")"));
}
