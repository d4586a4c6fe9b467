//! Files in a folder, one for each URL. A file appears whole, under its name, or not at all, so that several processes may read, write and
//! sweep at the same time.

use super::entry::Entry;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

/// Files that a process was killed over while it wrote them are swept away after so long.
const ABANDONED: Duration = Duration::from_hours(1);

#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    max_bytes: u64,
    /// What the pages were fetched under: those of others are not found.
    trust: String,
    /// Bytes written since the folder was last swept.
    written: AtomicU64,
}

impl Store {
    pub(super) fn open(folder: &Path, max_bytes: u64, trust: String) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        // Says at once when nothing can be written.
        let probe = folder.join(temporary_name());
        File::create(&probe)?;
        fs::remove_file(&probe)?;
        // Swept with the first page that is kept.
        Ok(Self { folder: folder.to_owned(), max_bytes, trust, written: AtomicU64::new(max_bytes) })
    }

    /// How many bytes the file of this URL has.
    pub(super) fn length(&self, url: &str) -> Option<u64> {
        Some(fs::metadata(self.path(url)).ok()?.len())
    }

    pub(super) fn read(&self, url: &str, cap: impl Fn(bool) -> usize) -> Option<Entry> {
        let path = self.path(url);
        let file = File::open(&path).ok()?;
        let entry = Entry::read(file, url, cap);
        if entry.is_some() {
            // Those not used for long go first.
            if let Ok(file) = File::options().write(true).open(&path) {
                let _ = file.set_modified(SystemTime::now());
            }
        } else {
            // Damaged, or of an older form.
            let _ = fs::remove_file(&path);
        }
        entry
    }

    pub(super) fn write(&self, url: &str, entry: &Entry) -> io::Result<()> {
        if entry.body.len() as u64 > self.max_bytes / 4 {
            return Ok(());
        }
        let path = self.path(url);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let temporary = folder.join(temporary_name());
        let end = File::create_new(&temporary)
            .and_then(|created| entry.write(url, created))
            .and_then(|length| fs::rename(&temporary, &path).map(|()| length));
        if end.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        if self.written.fetch_add(*end.as_ref().unwrap_or(&0), Relaxed) >= self.max_bytes / 10 {
            self.written.store(0, Relaxed);
            self.sweep();
        }
        end.map(drop)
    }

    /// Removes the files not used for longest until a tenth is free. What cannot be looked at or removed, another process has removed.
    fn sweep(&self) {
        let now = SystemTime::now();
        let mut files = Vec::new();
        // The folder may hold files of others, which are not touched.
        let folders = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let folders = folders.filter(|folder| is_hex(&folder.file_name().to_string_lossy(), 2));
        let files_in = |folder: fs::DirEntry| fs::read_dir(folder.path());
        for file in folders.flat_map(files_in).flatten().flatten() {
            let Ok(about) = file.metadata() else { continue };
            let used = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let name = file.file_name();
            let name = name.to_string_lossy();
            let is_temporary = name.starts_with(TEMPORARY);
            if is_temporary && now.duration_since(used).is_ok_and(|age| age > ABANDONED) {
                let _ = fs::remove_file(file.path());
            } else if is_hex(&name, 62) {
                files.push((used, about.len(), file.path()));
            }
        }
        let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
        if total <= self.max_bytes {
            return;
        }
        files.sort();
        for (_, length, path) in files {
            if total <= self.max_bytes / 10 * 9 {
                return;
            }
            let _ = fs::remove_file(path);
            total -= length;
        }
    }

    fn path(&self, url: &str) -> PathBuf {
        let key = format!("{}\n{url}", self.trust);
        let digest = ring::digest::digest(&ring::digest::SHA256, key.as_bytes());
        let name: String = digest.as_ref().iter().flat_map(|byte| [hex(byte >> 4), hex(byte & 15)]).collect();
        self.folder.join(&name[..2]).join(&name[2..])
    }
}

const TEMPORARY: &str = "writing-";

/// A name that no other thread or process has.
fn temporary_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Relaxed);
    format!("{TEMPORARY}{}-{count}-{:x}", std::process::id(), fastrand::u64(..))
}

fn is_hex(name: &str, length: usize) -> bool {
    name.len() == length && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0')
}
