//! Free functions that `uniffi.toml` makes methods of a type, too.

use super::calls::Place;
use super::module::Module;
use super::names;
use super::source::Source;
use anyhow::{Context, Result, bail};
use uniffi_bindgen::pipeline::general::Callable;

impl Module<'_> {
    /// Free functions that `uniffi.toml` makes methods of a type too.
    pub fn attached_functions(&self, source: &mut Source, class: &str) -> Result<()> {
        let attached = (self.config.static_methods.iter().map(|item| (item, Place::Function)))
            .chain(self.config.class_methods.iter().map(|item| (item, Place::Class)));
        for ((target, function), place) in attached {
            let Some((owner, name)) = target.split_once('.') else {
                bail!("uniffi.toml: {target:?} is no `Type.method`");
            };
            if owner != class {
                continue;
            }
            let function = self
                .namespace
                .functions
                .iter()
                .find(|item| item.callable.name == *function)
                .with_context(|| format!("uniffi.toml: {target}: there is no function {function}"))?;
            self.attached_function(source, name, &function.callable, function.docstring.as_deref(), place)?;
        }
        Ok(())
    }

    fn attached_function(
        &self,
        source: &mut Source,
        name: &str,
        callable: &Callable,
        doc: Option<&str>,
        place: Place,
    ) -> Result<()> {
        let is_class = place == Place::Class;
        source.blank(1);
        source.line(if is_class { "@classmethod" } else { "@staticmethod" });
        source.line(self.signature(callable, place, &names::variable(name))?);
        source.indent();
        source.docstring(doc);
        let arguments: Vec<String> = callable.arguments.iter().map(|item| names::variable(&item.name)).collect();
        let wait = if callable.is_async() { "await " } else { "" };
        let call = format!("{wait}{}({})", names::variable(&callable.name), arguments.join(", "));
        source.line(if is_class { format!("return _of_class(cls, {call})") } else { format!("return {call}") });
        source.dedent();
        Ok(())
    }
}
