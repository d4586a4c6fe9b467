//! The pages below `--pages`, read once and then served from memory.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use hyper::header::{CONNECTION, CONTENT_LENGTH, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE};

use crate::page::Page;

/// The files of one directory.
#[derive(Default)]
pub struct PageStore {
    root: Option<PathBuf>,
    listed: Vec<String>,
    loaded: Mutex<HashMap<String, Arc<Page>>>,
}

impl PageStore {
    /// The files below `root`.
    pub fn open(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let mut listed = Vec::new();
        list(&root, "", &mut listed)?;
        listed.sort();
        Ok(Self { root: Some(root), listed, loaded: Mutex::default() })
    }

    /// The relative paths of the HTML pages, sorted.
    pub fn listed(&self) -> &[String] {
        &self.listed
    }

    /// Page number `index`, counted round and round.
    pub fn nth(&self, index: u64) -> io::Result<Arc<Page>> {
        let count = self.listed.len() as u64;
        let index = index.checked_rem(count).ok_or(io::ErrorKind::NotFound)?;
        self.get(&self.listed[index as usize])
    }

    /// The file at the relative path `path`, unless that leads outside.
    pub fn get(&self, path: &str) -> io::Result<Arc<Page>> {
        let mut loaded = self.loaded.lock().expect("no holder of this lock panics");
        if let Some(page) = loaded.get(path) {
            return Ok(Arc::clone(page));
        }
        let page = Arc::new(self.load(path)?);
        loaded.insert(path.to_owned(), Arc::clone(&page));
        Ok(page)
    }

    fn load(&self, path: &str) -> io::Result<Page> {
        let root = self.root.as_ref().ok_or(io::ErrorKind::NotFound)?;
        // One spelling per file, so that what is kept in memory is bounded by what is on disk.
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let file = root.join(path).canonicalize()?;
        if !file.starts_with(root) || !file.is_file() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let mut sidecar = OsString::from(root.join(path));
        sidecar.push(".headers");
        let headers = match fs::read(sidecar) {
            Ok(lines) => parse_headers(&lines)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Page::new(content_type(path), headers, fs::read(file)?))
    }
}

/// Adds the HTML files below `directory` to `found`, each with `prefix` before its name.
fn list(directory: &Path, prefix: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{path}/"), found)?;
        } else if matches!(extension(&name).as_str(), "html" | "htm" | "xhtml") {
            found.push(path);
        }
    }
    Ok(())
}

fn extension(path: &str) -> String {
    let (_, extension) = path.rsplit_once('.').unwrap_or_default();
    extension.to_ascii_lowercase()
}

/// HTML and text come without a charset, because finding it out is the client's task under test.
fn content_type(path: &str) -> &'static str {
    match extension(path).as_str() {
        "html" | "htm" => "text/html",
        "xhtml" => "application/xhtml+xml",
        "xml" => "application/xml",
        "rss" => "application/rss+xml",
        "atom" => "application/atom+xml",
        "txt" => "text/plain",
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "json" => "application/json",
        "jsonld" => "application/ld+json",
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "svg" => "image/svg+xml",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// The lines of a `.headers` file. How the body is framed stays the server's business: a recorded
/// `content-length` would no longer be true of a body that is compressed anew.
fn parse_headers(lines: &[u8]) -> io::Result<Vec<(HeaderName, HeaderValue)>> {
    const FRAMING: [HeaderName; 5] = [CONNECTION, CONTENT_LENGTH, TE, TRANSFER_ENCODING, UPGRADE];
    let mut headers = Vec::new();
    for line in lines.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let bad = || {
            let text = String::from_utf8_lossy(line);
            io::Error::new(io::ErrorKind::InvalidData, format!("bad header: {text}"))
        };
        let colon = line.iter().position(|byte| *byte == b':').ok_or_else(bad)?;
        let name = HeaderName::from_bytes(line[..colon].trim_ascii()).map_err(|_| bad())?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).map_err(|_| bad())?;
        if !FRAMING.contains(&name) {
            headers.push((name, value));
        }
    }
    Ok(headers)
}
