//! What goes on inside, told to whoever wants to know. Inside it is `tracing`; this hands it to another language.

use super::error::SiteliftError;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};

/// How much something matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum LogLevel {
    /// A defect.
    Error,
    /// A page that failed, a resource that ran short.
    Warn,
    /// A retry, a host that is to be left alone.
    Info,
    /// Every response and redirect.
    Debug,
    /// Everything.
    Trace,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct LogRecord {
    /// How much it matters.
    pub level: LogLevel,
    /// The module that tells it, such as `sitelift::fetch::visit`.
    pub target: String,
    /// What happened, with its particulars as `name=value`. URLs are without user names and passwords.
    pub message: String,
}

/// Takes what happens.
#[cfg_attr(feature = "uniffi", uniffi::export(with_foreign))]
pub trait Logger: Send + Sync {
    /// Called by a thread of its own, one record after the other. What it raises is lost.
    fn log(&self, record: LogRecord);
}

/// Hands all that happens from now on, of this level and above, to `logger`; without one to nobody, and returns when the former one was called for the
/// last time.
///
/// A logger that is too slow misses records: no page waits for it. Fails with `SiteliftError::InvalidArgument` in a Rust program
/// that has set a `tracing` subscriber of its own, which gets everything then.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn set_logger(level: LogLevel, logger: Option<Arc<dyn Logger>>) -> Result<(), SiteliftError> {
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    LEVEL.store(0, Relaxed);
    *SENDER.write().unwrap_or_else(PoisonError::into_inner) = None;
    if let Some((handle, pid)) = thread.take()
        && pid == std::process::id()
        && handle.thread().id() != thread::current().id()
    {
        let _ = handle.join();
    }
    let Some(logger) = logger else { return Ok(()) };
    install()?;
    let (send, receive) = sync_channel(WAITING);
    let handle = thread::Builder::new().name("sitelift-log".to_owned()).spawn(move || hand_over(&receive, &*logger));
    let handle = handle.map_err(|error| SiteliftError::internal(format!("no thread for the logger: {error}")))?;
    *SENDER.write().unwrap_or_else(PoisonError::into_inner) = Some(send);
    OWNER.store(std::process::id(), Relaxed);
    LEVEL.store(level as u8 + 1, Relaxed);
    *thread = Some((handle, std::process::id()));
    Ok(())
}

/// Records that wait for the logger, at most.
const WAITING: usize = 4096;

/// The level that is wanted, from 1; 0 when nobody wants anything.
static LEVEL: AtomicU8 = AtomicU8::new(0);

/// The process that wants it: the thread does not outlive a fork.
static OWNER: AtomicU32 = AtomicU32::new(0);

static MISSED: AtomicU64 = AtomicU64::new(0);
static SENDER: RwLock<Option<SyncSender<LogRecord>>> = RwLock::new(None);
static THREAD: Mutex<Option<(JoinHandle<()>, u32)>> = Mutex::new(None);

fn hand_over(records: &Receiver<LogRecord>, logger: &dyn Logger) {
    // Ends when the sender is gone and all was handed over.
    for record in records {
        let missed = MISSED.swap(0, Relaxed);
        if missed > 0 {
            let message = format!("{missed} records were missed, as the logger is too slow");
            call(logger, LogRecord { level: LogLevel::Warn, target: "sitelift".to_owned(), message });
        }
        call(logger, record);
    }
}

/// A logger of another language that fails panics here.
fn call(logger: &dyn Logger, record: LogRecord) {
    let _ = catch_unwind(AssertUnwindSafe(|| logger.log(record)));
}

fn install() -> Result<(), SiteliftError> {
    static IS_OURS: Mutex<bool> = Mutex::new(false);
    let mut is_ours = IS_OURS.lock().unwrap_or_else(PoisonError::into_inner);
    if !*is_ours {
        tracing::subscriber::set_global_default(Bridge).map_err(|_| {
            SiteliftError::argument("logger", "this program has a tracing subscriber already, which is told everything")
        })?;
        *is_ours = true;
    }
    Ok(())
}

/// The subscriber that feeds the logger.
struct Bridge;

impl Subscriber for Bridge {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_ours(metadata) { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let wanted = LEVEL.load(Relaxed);
        is_ours(metadata) && (level_of(metadata) as u8) < wanted && OWNER.load(Relaxed) == std::process::id()
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        let metadata = event.metadata();
        let record = LogRecord {
            level: level_of(metadata),
            target: metadata.target().to_owned(),
            message: format!("{}{}", text.message, text.fields),
        };
        let sender = SENDER.read().unwrap_or_else(PoisonError::into_inner);
        if sender.as_ref().is_some_and(|sender| sender.try_send(record).is_err()) {
            MISSED.fetch_add(1, Relaxed);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("sitelift")
}

fn level_of(metadata: &Metadata<'_>) -> LogLevel {
    match *metadata.level() {
        tracing::Level::ERROR => LogLevel::Error,
        tracing::Level::WARN => LogLevel::Warn,
        tracing::Level::INFO => LogLevel::Info,
        tracing::Level::DEBUG => LogLevel::Debug,
        tracing::Level::TRACE => LogLevel::Trace,
    }
}

/// An event in one line.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a text cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
