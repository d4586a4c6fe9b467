//! The generator's command line: the same calls as the stock `uniffi-bindgen`.
//!
//! `generate --language python` is ours (see `python/`); everything else goes to the stock generator, and `kotlin.rs` mends the messages of
//! Kotlin's exceptions.

mod kotlin;
mod python;

use anyhow::{Context, Result, bail};
use camino::Utf8PathBuf;
use clap::{Parser, ValueEnum};
use std::process::ExitCode;
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};
use uniffi_bindgen::{BindgenLoader, BindgenPaths, GlobalConfig};

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Language {
    Kotlin,
    Swift,
    Python,
    Ruby,
}

/// Scaffolding and bindings generator for Rust
#[derive(Parser)]
#[command(name = "uniffi-bindgen", version)]
enum Cli {
    /// Generate foreign language bindings
    Generate(Generate),
}

#[derive(clap::Args)]
struct Generate {
    /// Foreign language(s) for which to build bindings.
    #[arg(long, short, value_enum, required = true)]
    language: Vec<Language>,

    /// Directory in which to write generated files.
    #[arg(long, short)]
    out_dir: Utf8PathBuf,

    /// Do not try to format the generated bindings. (Python is written formatted.)
    #[arg(long, short)]
    no_format: bool,

    /// Path to a global config file: [default]s are merged with the crates' `uniffi.toml` files, then with
    /// [crates.NAME] overrides.
    #[arg(long, short)]
    config: Option<Utf8PathBuf>,

    /// Accepted and ignored: a library is recognised by itself.
    #[arg(long = "library")]
    _library: bool,

    /// Only generate bindings for one crate.
    #[arg(long = "crate")]
    crate_name: Option<String>,

    /// Path to the library (cdylib or staticlib), or to a UDL file.
    source: Utf8PathBuf,

    /// Leave dependencies out when running `cargo metadata`.
    #[arg(long)]
    metadata_no_deps: bool,
}

fn main() -> ExitCode {
    // The other subcommands are the stock program's own, and its help lists them all.
    if std::env::args().nth(1).as_deref() != Some("generate") {
        uniffi::uniffi_bindgen_main();
        return ExitCode::SUCCESS;
    }
    let Cli::Generate(arguments) = Cli::parse();
    match arguments.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Generate {
    fn run(&self) -> Result<()> {
        if !self.source.exists() {
            bail!("{} does not exist", self.source);
        }
        let others: Vec<TargetLanguage> = self.language.iter().filter_map(|language| language.stock()).collect();
        if !others.is_empty() {
            generate(GenerateOptions {
                languages: others,
                out_dir: self.out_dir.clone(),
                source: self.source.clone(),
                config_override: self.config.clone(),
                crate_filter: self.crate_name.clone(),
                metadata_no_deps: self.metadata_no_deps,
                format: !self.no_format,
            })?;
        }
        if self.language.contains(&Language::Kotlin) {
            kotlin::mend(self.out_dir.as_std_path())?;
        }
        if self.language.contains(&Language::Python) {
            std::fs::create_dir_all(&self.out_dir)?;
            python::generate(&self.loader()?, &self.source, &self.out_dir, self.crate_name.as_deref())?;
        }
        Ok(())
    }

    /// Finds the crates' `uniffi.toml` files as the stock generator does.
    fn loader(&self) -> Result<BindgenLoader> {
        let mut paths = BindgenPaths::default();
        let mut config = GlobalConfig::default();
        if let Some(path) = &self.config {
            let (global, crate_roots) = GlobalConfig::from_file(path)?;
            config = global;
            if let Some(layer) = crate_roots {
                paths.add_layer(layer);
            }
        }
        paths
            .add_cargo_metadata_layer(self.metadata_no_deps)
            .context("the crates' uniffi.toml files are found by way of cargo; run this in the crate's directory")?;
        Ok(BindgenLoader::new(paths, config))
    }
}

impl Language {
    fn stock(self) -> Option<TargetLanguage> {
        match self {
            Self::Kotlin => Some(TargetLanguage::Kotlin),
            Self::Swift => Some(TargetLanguage::Swift),
            Self::Ruby => Some(TargetLanguage::Ruby),
            Self::Python => None,
        }
    }
}
