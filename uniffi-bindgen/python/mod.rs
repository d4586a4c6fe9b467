//! The Python backend: reads the general pipeline's description of a library and writes one module a namespace.
//!
//! A generated module stands alone. It works in pure Python through ctypes everywhere, and hands its calls to the
//! accelerator where the library carries one.

mod attached;
mod callbacks;
mod calls;
mod config;
mod defaults;
mod enums;
mod errors;
mod interfaces;
mod module;
mod names;
mod native;
mod readers;
mod records;
mod render;
mod schema;
mod shadow;
mod source;
mod types;
mod wrap;
mod writers;

use anyhow::{Context, Result, bail};
use camino::Utf8Path;
use module::Module;
use uniffi_bindgen::BindgenLoader;

/// Write the Python modules of the library at `library` into `out_dir`.
pub fn generate(
    loader: &BindgenLoader,
    library: &Utf8Path,
    out_dir: &Utf8Path,
    only_crate: Option<&str>,
) -> Result<()> {
    let metadata = loader.load_metadata(library).with_context(|| format!("{library} can't be read"))?;
    if let Some(name) = only_crate
        && !metadata.contains_key(name)
    {
        bail!("{library} has no UniFFI metadata of a crate named {name}");
    }
    let initial = loader.load_pipeline_initial_root(library, metadata)?;
    let root = uniffi_bindgen::pipeline::general::pipeline("python").execute(initial)?;
    for namespace in root.namespaces.values() {
        if only_crate.is_some_and(|name| name != namespace.crate_name) {
            continue;
        }
        let text = Module::new(&root, namespace)
            .and_then(|module| module.render())
            .with_context(|| format!("namespace {}", namespace.name))?;
        let path = out_dir.join(format!("{}.py", namespace.name));
        std::fs::write(&path, text).with_context(|| format!("{path} can't be written"))?;
    }
    Ok(())
}
