//! What the stock Kotlin output lacks: the message of an exception is a list of its fields, even where the Rust error tells how it
//! prints (`uniffi::export(Display)`). There, what it prints becomes the message.

use anyhow::{Result, bail};
use std::fs;
use std::path::Path;

const CLASS: &str = "\nsealed class ";
const MESSAGE: &str = "        override val message\n            get() = ";
const PRINTED: &str = "    override fun toString(): String {";

/// Mends all generated files below a folder. Files that are mended already stay as they are.
pub fn mend(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            mend(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "kt") {
            let text = fs::read_to_string(&path)?;
            let mended = mend_text(&text)?;
            if mended != text {
                fs::write(&path, mended)?;
            }
        }
    }
    Ok(())
}

fn mend_text(text: &str) -> Result<String> {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(CLASS) {
        let (before, from) = rest.split_at(start);
        // The class ends with the first brace at the beginning of a line.
        let Some(end) = from.find("\n}") else { bail!("the generated Kotlin has a class without an end") };
        let (class, after) = from.split_at(end);
        mended.push_str(before);
        mended.push_str(&mend_class(class)?);
        rest = after;
    }
    mended.push_str(rest);
    Ok(mended)
}

fn mend_class(class: &str) -> Result<String> {
    let is_exception = class.lines().nth(1).is_some_and(|line| line.contains(": kotlin.Exception()"));
    if !is_exception || !class.contains(PRINTED) {
        return Ok(class.to_owned());
    }
    let mut pieces = class.split(MESSAGE);
    let mut mended = pieces.next().unwrap_or_default().to_owned();
    let mut messages = 0;
    for piece in pieces {
        let rest = piece.find('\n').map_or("", |end| &piece[end..]);
        mended.push_str("        override val message: String\n            get() = uniffiPrinted()");
        mended.push_str(rest);
        messages += 1;
    }
    if messages == 0 {
        bail!("the generated Kotlin exceptions have no messages where they are looked for");
    }
    Ok(mended.replacen(PRINTED, "    internal fun uniffiPrinted(): String {", 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

    const UDL: &str = "namespace t {};\n[Error, Traits=(Display)]\ninterface Printing { Gone(string reason, u32 line); Lost(); };\n\
                       [Error]\ninterface Silent { Gone(string reason); };";

    /// What the stock generator writes for these errors.
    fn stock() -> String {
        let folder = std::env::temp_dir().join(format!("uniffi-kotlin-{}", std::process::id()));
        fs::create_dir_all(folder.join("src")).expect("a folder");
        fs::write(folder.join("Cargo.toml"), "[package]\nname = \"t\"\n[lib]\npath = \"src/t.udl\"\n")
            .expect("written");
        fs::write(folder.join("src/t.udl"), UDL).expect("written");
        let path = |name: &str| camino::Utf8PathBuf::from_path_buf(folder.join(name)).expect("UTF-8");
        generate(GenerateOptions {
            languages: vec![TargetLanguage::Kotlin],
            out_dir: path("out"),
            source: path("src/t.udl"),
            crate_filter: Some("t".to_owned()),
            metadata_no_deps: true,
            ..GenerateOptions::default()
        })
        .expect("generated");
        let text = fs::read_to_string(folder.join("out/uniffi/t/t.kt")).expect("the output");
        fs::remove_dir_all(&folder).expect("removed");
        text
    }

    #[test]
    fn messages_are_what_the_error_prints() {
        let stock = stock();
        let mended = mend_text(&stock).expect("mended");
        assert_eq!(stock.matches(MESSAGE).count(), 3);
        assert_eq!(mended.matches("get() = uniffiPrinted()").count(), 2);
        assert_eq!(mended.matches(MESSAGE).count(), 1, "an error that does not print keeps its message");
        assert_eq!(mended.matches("fun uniffiPrinted(): String").count(), 1);
        assert!(!mended.contains("line=${"), "the list of fields is still there");
        assert_eq!(mend_text(&mended).expect("mended"), mended, "once is enough");
    }
}
