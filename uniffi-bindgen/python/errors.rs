//! Error enums as exceptions: a base class, and a subclass a variant.

use super::module::Module;
use super::source::Source;
use super::types;
use anyhow::Result;
use uniffi_bindgen::pipeline::general::{Enum, FieldsKind, Variant};

impl Module<'_> {
    pub fn error(&self, source: &mut Source, item: &Enum) -> Result<()> {
        let class = self.class(&item.name);
        source.blank(2);
        source.line(format!("class {class}(Exception):"));
        source.indent();
        let start = source.len();
        source.docstring(item.docstring.as_deref());
        self.variant_aliases(source, item);
        if !self.is_flat_error(item) {
            self.methods(source, &item.methods)?;
            let mut traits = item.uniffi_trait_methods.clone();
            traits.debug_fmt = None;
            self.trait_methods(source, &class, &traits)?;
        }
        if source.len() == start {
            source.line("pass");
        }
        source.dedent();
        for variant in &item.variants {
            self.error_variant(source, item, variant)?;
        }
        self.name_variants(source, item);
        Ok(())
    }

    fn error_variant(&self, source: &mut Source, item: &Enum, variant: &Variant) -> Result<()> {
        let (base, class) = (self.class(&item.name), self.variant_class(item, variant));
        let shown = format!("{base}.{}", self.variant_name(item, variant));
        source.blank(2);
        source.line(format!("class {class}({base}):"));
        source.indent();
        source.docstring(variant.docstring.as_deref());
        source.blank_after_docstring();
        if self.is_flat_error(item) {
            source.block("def __repr__(self) -> str:", |source| {
                source.line(format!("return f\"{shown}({{str(self)!r}})\""));
            });
            source.dedent();
            return Ok(());
        }
        let names = types::field_names(&variant.fields_kind, variant.fields.iter().map(|field| field.name.as_str()));
        let tuple = matches!(variant.fields_kind, FieldsKind::Unnamed);
        let parameters: Vec<String> = std::iter::once("self".into())
            .chain(names.iter().zip(&variant.fields).map(|(name, field)| {
                format!("{name}: {}", self.annotation(&field.ty.ty))
            }))
            .collect();
        source.list("def __init__(", &parameters, ") -> None:");
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
            let prefix = if values.is_empty() { "" } else { "f" };
            source.line(format!("return {prefix}\"{shown}({})\"", values.join(", ")));
        });
        if tuple {
            super::records::indexing(source, names.len());
        }
        source.dedent();
        Ok(())
    }
}
