//! The types as data: what the accelerator lifts and lowers by, and what explains a bad argument.

use super::enums;
use super::errors;
use super::module::Module;
use super::source::Source;
use super::types;
use anyhow::Result;
use uniffi_bindgen::pipeline::general::{Field, Type, TypeDefinition, TypeNode};

/// A Python tuple of the items.
pub fn tuple(items: &[String]) -> String {
    let comma = if items.len() == 1 { "," } else { "" };
    format!("({}{comma})", items.join(", "))
}

fn quoted(items: impl IntoIterator<Item = String>) -> String {
    tuple(&items.into_iter().map(|item| format!("\"{item}\"")).collect::<Vec<_>>())
}

impl Module<'_> {
    /// An optional type's name in the schema, as Python text.
    pub fn optional_key(&self, node: Option<&TypeNode>) -> String {
        node.map_or_else(|| "None".into(), |node| format!("\"{}\"", self.key(&node.ty)))
    }

    /// The function that returns the schema of all types that `key` was asked for.
    pub fn schema(&self, source: &mut Source) -> Result<()> {
        source.blank(2);
        source.line("def _types() -> dict[str, tuple[typing.Any, ...]]:");
        source.indent();
        source.line("\"\"\"How each type is laid out.\"\"\"");
        source.line("return {");
        source.indent();
        source.line("\"borrowed_bytes\": (\"borrowed_bytes\",),");
        let mut written = 0;
        loop {
            let next = self.schema.borrow().get_index(written).map(|(key, ty)| (key.clone(), ty.clone()));
            let Some((key, ty)) = next else { break };
            written += 1;
            let mut parts = self.schema_entry(&ty)?;
            parts.retain(|part| !part.is_empty());
            source.line(format!("\"{key}\": {},", tuple(&parts)));
        }
        source.dedent();
        source.line("}");
        source.dedent();
        Ok(())
    }

    fn schema_entry(&self, ty: &Type) -> Result<Vec<String>> {
        if let Some(name) = types::simple(ty) {
            return Ok(match ty {
                Type::Timestamp => vec!["\"timestamp\"".into(), "_timestamp".into(), "_from_timestamp".into()],
                Type::Duration => vec!["\"duration\"".into(), "_duration".into(), "_from_duration".into()],
                _ => vec![format!("\"{name}\"")],
            });
        }
        let of = |kind: &str, inner: &Type| vec![format!("\"{kind}\""), format!("\"{}\"", self.key(inner))];
        Ok(match ty {
            Type::Optional { inner_type } => of("optional", inner_type),
            Type::Sequence { inner_type } => of("sequence", inner_type),
            Type::Set { inner_type } => of("set", inner_type),
            Type::Map { key_type, value_type } => {
                let mut parts = of("map", key_type);
                parts.push(format!("\"{}\"", self.key(value_type)));
                parts
            }
            Type::Custom { builtin, .. } => {
                let mut parts = of("custom", builtin);
                if self.converts(ty) {
                    let ident = self.ident(ty);
                    parts.extend([format!("_to_{ident}"), format!("_from_{ident}")]);
                } else {
                    parts.extend(["None".into(), "None".into()]);
                }
                parts
            }
            _ if self.external(ty).is_some() => self.external_entry(ty),
            _ => self.defined_entry(ty)?,
        })
    }

    fn external_entry(&self, ty: &Type) -> Vec<String> {
        let (namespace, name) = self.external(ty).unwrap_or_default();
        let package = self.package(namespace);
        vec![
            "\"external\"".into(),
            format!("{package}._native"),
            format!("\"{}\"", super::names::class(name)),
            format!("{package}._check"),
        ]
    }

    fn shape(&self, class: &str, names: Vec<String>, fields: &[Field]) -> Vec<String> {
        vec![class.into(), quoted(names), quoted(fields.iter().map(|field| self.key(&field.ty.ty)))]
    }

    fn defined_entry(&self, ty: &Type) -> Result<Vec<String>> {
        let class = self.ident(ty);
        Ok(match self.definition_of(ty)? {
            TypeDefinition::Record(record) => {
                let names = record.fields.iter().map(|field| field.name.as_str());
                let names = types::field_names(&record.fields_kind, names);
                let mut parts = vec!["\"record\"".into()];
                parts.extend(self.shape(&class, names, &record.fields));
                parts
            }
            TypeDefinition::Enum(item) if errors::is_flat_error(item) => {
                vec!["\"flat_error\"".into(), class.clone(), format!("_variants_{class}")]
            }
            TypeDefinition::Enum(item) if item.is_flat && !errors::is_error(item) => {
                vec!["\"flat_enum\"".into(), class.clone(), format!("tuple({class})")]
            }
            TypeDefinition::Enum(item) => {
                let variants: Vec<String> = item
                    .variants
                    .iter()
                    .map(|variant| {
                        tuple(&self.shape(
                            &enums::variant_class(item, variant),
                            types::variant_field_names(item, variant),
                            &variant.fields,
                        ))
                    })
                    .collect();
                let kind = if errors::is_error(item) { "\"error\"" } else { "\"enum\"" };
                vec![kind.into(), class, tuple(&variants)]
            }
            TypeDefinition::Interface(item) => {
                let object = types::object_class(&item.name, item.imp);
                let symbols = [format!("\"{}\"", item.ffi_func_clone.0), format!("\"{}\"", item.ffi_func_free.0)];
                if item.vtable.is_some() {
                    let mut parts = vec!["\"trait\"".into(), class.clone(), object];
                    parts.extend(symbols);
                    parts.push(format!("_handles_{class}"));
                    parts
                } else {
                    let mut parts = vec!["\"object\"".into(), object];
                    parts.extend(symbols);
                    parts
                }
            }
            TypeDefinition::CallbackInterface(_) => {
                vec!["\"callback\"".into(), class.clone(), format!("_handles_{class}")]
            }
            other => anyhow::bail!("{other:?} has no layout of its own"),
        })
    }
}
