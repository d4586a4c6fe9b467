//! Error enums as exceptions: a base class, and a subclass a variant.

use super::enums;
use super::module::Module;
use super::names;
use super::source::{Source, listed};
use super::types;
use anyhow::Result;
use uniffi_bindgen::pipeline::general::{Enum, EnumShape, FieldsKind, Variant};

/// Whether the enum is thrown by something.
pub fn is_error(item: &Enum) -> bool {
    item.self_type.is_used_as_error
}

/// True for an error that crosses as its message only.
pub fn is_flat_error(item: &Enum) -> bool {
    is_error(item) && matches!(item.shape, EnumShape::Error { flat: true })
}

impl Module<'_> {
    pub fn error(&self, source: &mut Source, item: &Enum) -> Result<()> {
        let class = names::class(&item.name);
        source.blank(2);
        source.line(format!("class {class}{}:", self.base_list(&["Exception".into()], &class)));
        source.indent();
        source.docstring(item.docstring.as_deref());
        source.blank_after_docstring();
        source.line("__slots__ = ()");
        enums::variant_aliases(source, item);
        if !is_flat_error(item) {
            self.methods(source, &item.methods)?;
            self.trait_methods(source, &class, &enums::used_traits(item))?;
        }
        source.dedent();
        for variant in &item.variants {
            self.error_variant(source, item, variant);
        }
        enums::name_variants(source, item);
        Ok(())
    }

    fn error_variant(&self, source: &mut Source, item: &Enum, variant: &Variant) {
        let (base, class) = (names::class(&item.name), enums::variant_class(item, variant));
        let shown = format!("{base}.{}", enums::variant_name(item, variant));
        source.blank(2);
        source.line(format!("class {class}{}:", self.base_list(std::slice::from_ref(&base), &shown)));
        source.indent();
        source.docstring(variant.docstring.as_deref());
        source.blank_after_docstring();
        if is_flat_error(item) {
            source.line("__slots__ = ()");
            source.blank(1);
            source.block("def __repr__(self) -> str:", |source| {
                source.line("return f\"{type(self).__qualname__}({str(self)!r})\"");
            });
            source.dedent();
            return;
        }
        let names = types::variant_field_names(item, variant);
        let tuple = matches!(variant.fields_kind, FieldsKind::Unnamed);
        // Exceptions without a dictionary of their own are quicker to raise.
        let slots: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        source.line(format!("__slots__ = {}", super::schema::tuple(&slots)));
        source.blank(1);
        let parameters: Vec<String> = std::iter::once("self".into())
            .chain(
                names
                    .iter()
                    .zip(&variant.fields)
                    .map(|(name, field)| format!("{name}: {}", self.annotation(&field.ty.ty))),
            )
            .collect();
        source.line(listed("def __init__(", &parameters, ") -> None:"));
        source.indent();
        source.line(format!("super().__init__({})", names.join(", ")));
        for name in &names {
            source.line(format!("self.{name} = {name}"));
        }
        source.dedent();
        let values: Vec<String> = names
            .iter()
            .map(|name| if tuple { format!("{{self.{name}!r}}") } else { format!("{name}={{self.{name}!r}}") })
            .collect();
        if item.uniffi_trait_methods.display_fmt.is_none() {
            source.blank(1);
            source.block("def __str__(self) -> str:", |source| {
                let prefix = if values.is_empty() { "" } else { "f" };
                source.line(format!("return {prefix}\"{}\"", values.join(", ")));
            });
        }
        source.blank(1);
        source.block("def __repr__(self) -> str:", |source| {
            source.line(format!("return f\"{{type(self).__qualname__}}({})\"", values.join(", ")));
        });
        if tuple {
            super::records::indexing(source, names.len());
        }
        source.dedent();
    }
}
